/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of infer/nominate: which servers and ports, and what says nothing. Error rates are
 * simulated in tests/sim/nominate_sim_test.c. */
#include "infer/nominate.h"

#include "base/err.h"
#include "tap.h"

enum { SECOND = 1000000, PARTS = 6 };

/* Queries in a row to a server: ports lo, lo + 1, …; a part goes on where the last one ended. */
struct part {
	uint32_t n;
	uint8_t server, host;
	uint16_t lo;
	enum sighting_end end;
	bool one_port, one_question;
};

static const struct row {
	const char *name;
	struct part parts[PARTS];
	uint32_t times; /* that the parts are repeated */
	size_t nominees, dead;
	uint8_t server; /* of the first nominee; 0: all */
	uint16_t lo;	/* of its range */
	uint32_t told, silent;
} rows[] = {
	{ "nothing", { { 0 } }, 1, 0, 0, 0, 0, 0, 0 },
	{ "all is answered",
		{ { 40, 1, 0, 40000, SIGHT_ANSWERED, false, false },
			{ 40, 1, 0, 600, SIGHT_ANSWERED, false, false } },
		5, 0, 0, 0, 0, 0, 0 },
	{ "low ports are not, at one server",
		{ { 8, 1, 0, 40000, SIGHT_ANSWERED, false, false },
			{ 2, 1, 0, 600, SIGHT_SILENT, false, false },
			{ 8, 2, 0, 40000, SIGHT_ANSWERED, false, false },
			{ 2, 2, 0, 600, SIGHT_ANSWERED, false, false } },
		20, 1, 0, 1, 54, 40, 40 },
	{ "low ports are not, at one server that is alone",
		{ { 8, 1, 0, 40000, SIGHT_ANSWERED, false, false },
			{ 2, 1, 0, 600, SIGHT_SILENT, false, false } },
		20, 1, 0, 1, 54, 40, 40 },
	{ "low ports are not, anywhere",
		{ { 8, 1, 0, 40000, SIGHT_ANSWERED, false, false },
			{ 2, 1, 0, 600, SIGHT_SILENT, false, false },
			{ 8, 2, 0, 40000, SIGHT_ANSWERED, false, false },
			{ 2, 2, 0, 600, SIGHT_SILENT, false, false },
			{ 8, 3, 0, 40000, SIGHT_ANSWERED, false, false },
			{ 2, 3, 0, 600, SIGHT_SILENT, false, false } },
		20, 1, 0, 0, 54, 120, 120 },
	{ "a server answers nobody",
		{ { 8, 1, 0, 40000, SIGHT_SILENT, false, false },
			{ 2, 1, 0, 600, SIGHT_SILENT, false, false },
			{ 8, 2, 0, 40000, SIGHT_ANSWERED, false, false },
			{ 2, 2, 0, 600, SIGHT_ANSWERED, false, false } },
		20, 0, 1, 0, 0, 0, 0 },
	{ "too few",
		{ { 8, 1, 0, 40000, SIGHT_ANSWERED, false, false },
			{ 1, 1, 0, 600, SIGHT_SILENT, false, false } },
		1, 0, 0, 0, 0, 0, 0 },
	{ "one resolver is not answered, whatever its port",
		{ { 8, 1, 0, 40000, SIGHT_ANSWERED, false, false },
			{ 2, 1, 1, 600, SIGHT_SILENT, false, false } },
		20, 0, 0, 0, 0, 0, 0 },
	{ "silent while ports were low",
		{ { 400, 1, 0, 30000, SIGHT_ANSWERED, false, false },
			{ 200, 1, 0, 600, SIGHT_SILENT, false, false },
			{ 200, 1, 0, 800, SIGHT_ANSWERED, false, false } },
		1, 0, 0, 0, 0, 0, 0 },
	{ "one question is not answered, from one port",
		{ { 8, 1, 0, 40000, SIGHT_ANSWERED, false, false },
			{ 40, 1, 0, 600, SIGHT_SILENT, true, true } },
		1, 0, 0, 0, 0, 0, 0 },
	{ "errors and unknown ends do not count",
		{ { 8, 1, 0, 40000, SIGHT_ANSWERED, false, false },
			{ 2, 1, 0, 600, SIGHT_ICMP, false, false },
			{ 2, 1, 0, 600, SIGHT_UNKNOWN, false, false } },
		20, 0, 0, 0, 0, 0, 0 },
};

static void add(struct facts *f, const struct part *p, uint32_t time, uint64_t *now)
{
	for (uint32_t i = 0; i < p->n; i++) {
		uint32_t k = time * p->n + i;
		struct name n = { 4, { 2, (uint8_t)(k % 251), (uint8_t)(k / 251), 0 } };

		if (p->one_question)
			n.wire[1] = n.wire[2] = 'q';
		vec_push(f->arena, &f->sightings,
			(struct sighting){ .source = SIGHT_DNSTAP,
				.end = (uint8_t)p->end,
				.from = { ADDR_V4, (uint16_t)(p->lo + (p->one_port ? 0 : k)), 0,
					{ 198, 51, 100, p->host } },
				.server = { ADDR_V4, 53, 0, { 192, 0, 2, p->server } },
				.at = *now += SECOND / 2,
				.question = { name_keep(f->arena, &n), 1, 1 } });
	}
}

static void judge(struct arena *a, const struct row *row)
{
	struct facts *f = facts_new(a);
	struct nominations r, other;
	const struct nominee *x;
	uint64_t now = 0;

	for (uint32_t t = 0; t < row->times; t++)
		for (size_t i = 0; i < PARTS && row->parts[i].n; i++)
			add(f, &row->parts[i], t, &now);
	nominate(a, f, SIGHT_DNSTAP, &r);
	nominate(a, f, SIGHT_CAPTURE, &other);
	ok(r.nominees.n == row->nominees && r.dead.n == row->dead && !other.servers &&
			!other.nominees.n,
		"%s: %zu nominees of %u tests, %zu dead", row->name, r.nominees.n, r.tests,
		r.dead.n);
	if (!r.nominees.n || !row->nominees)
		return;
	x = &r.nominees.v[0];
	ok(x->server.ip[3] == row->server && x->range.lo == row->lo && x->here.told == row->told &&
			x->here.silent == row->silent,
		"%s: server %d, from %d, %u of %u", row->name, x->server.ip[3], x->range.lo,
		x->here.silent, x->here.told);
	ok(x->p < NOMINATE_ERROR && x->weight > row->silent * 0.9 && x->here.low > x->rest.high &&
			portset_count(&x->ports) == 40,
		"%s: p %.2g, weight %.1f", row->name, x->p, x->weight);
}

int main(void)
{
	struct arena *a = arena_new();

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		judge(a, &rows[i]);
	arena_free(a);
	return tap_done();
}
