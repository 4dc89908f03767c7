/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The decision table. */
#include "probe/symptoms.h"

#include <string.h>

#include "base/err.h"
#include "base/portset.h"
#include "base/stats.h"
#include "base/vec.h"
#include "dns/rr.h"
#include "infer/shapes.h"
#include "probe/stock.h"

enum { SMALL = 512 }; /* octets */

#define MOODY_ERROR 1e-4 /* that silences are no more frequent than from ports in use */

static bool always(const struct facts *f, const struct question *q)
{
	(void)f;
	(void)q;
	return true;
}

/* Of the replies of the user's resolver the last one counts; silence is one. */
static bool resolver_fails(const struct facts *f, const struct question *q)
{
	bool asked = false, fine = false;

	(void)q;
	for (size_t i = 0; i < f->n; i++) {
		const struct observation *o = f->v[i];

		if (o->ask.role != ROLE_RESOLVER || !o->sent)
			continue;
		asked = true;
		fine |= observation_answered(o) &&
			(o->msg->rcode == RCODE_NOERROR || o->msg->rcode == RCODE_NXDOMAIN);
	}
	return asked && !fine;
}

/* A reply of the walk to the very question. */
static const struct msg *walked(const struct facts *f, const struct question *q, size_t i)
{
	const struct observation *o = f->v[i];

	if (o->ask.role != ROLE_WALK || !observation_answered(o) || !o->ask.question.name ||
		o->ask.question.type != q->type || !name_equal(o->ask.question.name, q->name))
		return NULL;
	return o->msg;
}

static bool truncated(const struct facts *f, const struct question *q)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct msg *m = walked(f, q, i);

		if (m && (m->flags & FLAG_TC))
			return true;
	}
	return false;
}

static bool negative(const struct facts *f, const struct question *q)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct msg *m = walked(f, q, i);

		if (m && (m->flags & FLAG_AA) && !m->counts[MSG_ANSWER])
			return true;
	}
	return false;
}

/* Somebody says that there is no such name, or fails, and somebody does not. */
static bool disagree(const struct facts *f, const struct question *q)
{
	const struct msg *first = NULL;

	for (size_t i = 0; i < f->n; i++) {
		const struct msg *m = walked(f, q, i);

		/* Servers on the way refer, and say nothing of the name. */
		if (!m || (!(m->flags & FLAG_AA) && m->rcode == RCODE_NOERROR))
			continue;
		if (first && first->rcode != m->rcode)
			return true;
		first = m;
	}
	return false;
}

/* Of a sweep of one server over UDP. */
struct sweep_seen {
	struct addr server;
	struct portset answered;
	unsigned int asked, silent; /* of ports that were answered at some time */
	unsigned int steady, lost;
};

struct sweeps_seen VEC(struct sweep_seen);

static struct sweep_seen *seen_of(struct arena *a, struct sweeps_seen *all, const struct ask *ask)
{
	vec_each (struct sweep_seen, s, *all)
		if (addr_equal(&s->server, &ask->server))
			return s;
	vec_push(a, all, (struct sweep_seen){ .server = ask->server });
	return &all->v[all->n - 1];
}

static bool of_sweep(const struct observation *o)
{
	return (o->ask.role == ROLE_SWEEP || o->ask.role == ROLE_STEADY) && o->sent &&
	       o->ask.transport == TRANSPORT_UDP && o->outcome != OUTCOME_LATE &&
	       o->outcome != OUTCOME_STRAY;
}

static void count_sweep(struct sweep_seen *s, const struct observation *o)
{
	bool silent = observation_silent(o);

	if (o->ask.role == ROLE_STEADY) {
		s->steady++;
		s->lost += silent;
	} else if (portset_has(&s->answered, o->from.port)) {
		s->asked++;
		s->silent += silent;
	}
}

/*
 * No set of ports, no hash and no loss: a translation that runs out of ports would do that. A
 * policer may, too; the row tells them apart.
 */
static bool moody_ports(const struct facts *f, const struct question *q)
{
	struct arena *a = arena_new();
	struct sweeps_seen all = { 0 };
	bool found = false;

	(void)q;
	for (size_t i = 0; i < f->n; i++)
		if (of_sweep(f->v[i]) && observation_spoke(f->v[i]))
			portset_add(&seen_of(a, &all, &f->v[i]->ask)->answered, f->v[i]->from.port);
	for (size_t i = 0; i < f->n; i++)
		if (of_sweep(f->v[i]))
			count_sweep(seen_of(a, &all, &f->v[i]->ask), f->v[i]);
	vec_each (const struct sweep_seen, s, all)
		found |= s->silent * s->steady > s->lost * s->asked &&
			 stats_fisher(s->silent, s->asked - s->silent, s->lost,
				 s->steady - s->lost) < MOODY_ERROR;
	arena_free(a);
	return found;
}

static const char *const cheap[] = { "do", "ednscookie", "mixed-case", "same-case", "at-1232",
	"at-4096", "tcp", NULL };
static const char *const by_size[] = { "at-512", "at-tcp", "ednstcp", "keepalive", "tcp-many",
	NULL };
static const char *const by_absence[] = { "no-data", "missing", "above", "A", "AAAA", "MX", NULL };
static const char *const by_port[] = { "new-ports", NULL };
static const char *const by_node[] = { "nodes", "hostname.bind", "id.server", NULL };

const struct symptom symptom_table[] = {
	{ "always", always, cheap },
	{ "the resolver fails, or says nothing", resolver_fails, NULL },
	{ "a reply is truncated", truncated, by_size },
	{ "the name has no such data, or does not exist", negative, by_absence },
	{ "servers of the zone disagree", disagree, by_node },
	{ "ports are lost that are answered at another time, ports in use are not", moody_ports,
		by_port },
};
const size_t symptom_count = ARRAY_LEN(symptom_table);

struct rows VEC(const char *);

static void add(struct arena *a, struct rows *list, const char *slug)
{
	vec_each (const char *, have, *list)
		if (strcmp(*have, slug) == 0)
			return;
	vec_push(a, list, slug);
}

/* The question's own type as plain DNS, and another to compare with. */
static void add_type(struct arena *a, struct rows *list, uint16_t type)
{
	for (size_t i = 0; i < shape_count; i++) {
		const struct shape_row *row = &shape_table[i];

		if (row->type == type && row->about == ABOUT_NAME && !row->shape.edns &&
			row->way == WAY_ONCE)
			add(a, list, row->slug);
	}
	add(a, list, type == RR_A ? "TXT" : "A");
}

const char *const *symptoms_rows(
	struct arena *a, const struct facts *f, const struct question *q, size_t *ret_n)
{
	struct rows list = { 0 };

	*ret_n = 0;
	for (size_t i = 0; i < symptom_count; i++) {
		const struct symptom *s = &symptom_table[i];

		if (!s->holds(f, q))
			continue;
		if (!s->rows)
			return NULL;
		for (const char *const *row = s->rows; *row; row++)
			add(a, &list, *row);
	}
	add_type(a, &list, q->type);
	*ret_n = list.n;
	return list.v;
}

/* Of the table only the resolver's failure, which is no matter of the server's. */
static bool is_odd(const struct facts *f, const struct question *q)
{
	for (size_t i = 0; i < symptom_count; i++)
		if (symptom_table[i].holds != always && symptom_table[i].holds != resolver_fails &&
			symptom_table[i].holds(f, q))
			return true;
	return false;
}

/* The sizes in the table begin at 512 octets: a smaller answer meets none of them. */
static bool is_plain(const struct facts *f, const struct symptoms_at *at)
{
	bool answered = false;

	for (size_t i = 0; i < f->n; i++) {
		const struct observation *o = f->v[i];
		const struct msg *m = walked(f, &at->question, i);

		if (!m || !addr_equal(&o->ask.server, &at->server))
			continue;
		if (m->rcode != RCODE_NOERROR || !(m->flags & FLAG_AA) || !m->counts[MSG_ANSWER] ||
			o->size >= SMALL)
			return false;
		answered = true;
	}
	return answered && !is_odd(f, &at->question);
}

static bool has_keys(const struct facts *f, const struct name *zone)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct observation *o = f->v[i];

		if (o->ask.question.type == RR_DNSKEY && observation_answered(o) &&
			o->msg->counts[MSG_ANSWER] && o->ask.question.name &&
			name_equal(o->ask.question.name, zone))
			return true;
	}
	return false;
}

uint64_t symptoms_lend(const struct facts *f, const struct symptoms_at *at)
{
	uint64_t of = (uint64_t)at->question.type << 1 | has_keys(f, at->zone);
	struct name lower = name_lower(at->question.name);

	return is_plain(f, at) ? of : stock_mix_octets(of, lower.wire, lower.len);
}
