/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When a fixed port that fails is likely to be rewritten into the dropped class. */
#include "infer/nat_collide.h"

#include "base/err.h"
#include "side.h"
#include "tap.h"

struct row {
	const char *name;
	const char *pool, *blocked, *untested;
	uint32_t silent, answered, elsewhere; /* queries seen from port 53 */
	bool collides;
	double confidence;
};

/* The story: 1-52,54-1023 is dropped, and the resolver sends from port 53. */
#define STORY "1-52,54-1023"

static const struct row rows[] = {
	{ "the story", "53", STORY, "", 12, 0, 3, true, 510.0 / 511 },
	{ "the port itself was not tested", "53", STORY, "53", 12, 0, 3, true, 510.0 / 511 * 0.8 },
	{ "another class is dropped", "53", "54000-60000", "", 12, 0, 3, false, 0 },
	{ "less than half of the class is", "53", "1-52,54-250", "", 12, 0, 3, false, 0 },
	{ "the port is dropped itself", "53", "1-1023", "", 12, 0, 3, false, 0 },
	{ "more than one port", "53,5353", STORY, "", 12, 0, 3, false, 0 },
	{ "two silences", "53", STORY, "", 2, 0, 3, false, 0 },
	{ "one answer", "53", STORY, "", 12, 1, 3, false, 0 },
	{ "nobody answers that port", "53", STORY, "", 12, 0, 0, false, 0 },
	{ "no pool", NULL, STORY, "", 0, 0, 0, false, 0 },
};

static struct nat_collisions collide(struct arena *a, const struct row *row)
{
	struct facts *f = facts_new(a);
	struct ports_result r = { .pattern = PATTERN_RANGES, .loss_upper = 0.05 };
	struct pools_sweep s = { .server = side_addr(SIDE_SERVER), .ports = &r };
	struct pools p;

	r.blocked = *side_ports(f, row->blocked);
	r.untested = *side_ports(f, row->untested);
	if (row->pool) {
		side_audit(f, "bind");
		side_pool(f, row->pool);
	}
	side_sights(f,
		&(struct side_sights){
			.ports = "53", .n = row->silent, .to = SIDE_SERVER, .end = SIGHT_SILENT });
	side_sights(f, &(struct side_sights){ .ports = "53",
			       .n = row->answered,
			       .to = SIDE_SERVER,
			       .end = SIGHT_ANSWERED });
	side_sights(f,
		&(struct side_sights){ .ports = "53", .n = row->elsewhere, .end = SIGHT_ANSWERED });
	/* Answers to the beacon, over TCP or from other ports say nothing of that port. */
	side_sights(f, &(struct side_sights){ .ports = "54", .n = 1, .end = SIGHT_ANSWERED });
	side_sights(f,
		&(struct side_sights){
			.ports = "53", .n = 2, .transport = TRANSPORT_TCP, .end = SIGHT_ANSWERED });
	p = pools_infer(a, f, &s, 1);
	return nat_collide(a, f, &p, &(struct pools_sweeps){ &s, 1 });
}

static void one(struct arena *a, const struct row *row)
{
	struct nat_collisions list = collide(a, row);
	const struct nat_collision *c = list.v;

	if (!ok(list.n == row->collides, "%s: %zu", row->name, list.n) || !list.n)
		return;
	is_int(c->port, 53, row->name);
	is_int(c->silent, row->silent, row->name);
	is_int(c->elsewhere, row->elsewhere, row->name);
	is_int(c->class.hi, 511, row->name);
	is_near(c->confidence, row->confidence, 1e-9, row->name);
}

int main(void)
{
	struct arena *a = arena_new();

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		one(a, &rows[i]);
	arena_free(a);
	return tap_done();
}
