// SPDX-License-Identifier: GPL-3.0-or-later
// The test cases of the module "connectivity": do servers answer for the zone over UDP and TCP.
#include "base/err.h"
#include "check/cases/connectivity_inner.h"
#include "check/cases/tally.h"
#include "dns/rr.h"

/* What can be wrong with the reply to one question. */
struct faults {
	uint16_t type;
	enum tag silent, rcode, missing, wrong, not_aa;
};

/* Over one transport. */
struct channel {
	enum manner manner;
	enum tag silent; /* to both questions */
	struct faults soa, ns;
};

static const struct channel udp = {
	MANNER_PLAIN,
	TAG_CN01_NO_RESPONSE_UDP,
	{ RR_SOA, TAG_CN01_NO_RESPONSE_SOA_QUERY_UDP, TAG_CN01_UNEXPECTED_RCODE_SOA_QUERY_UDP,
		TAG_CN01_MISSING_SOA_RECORD_UDP, TAG_CN01_WRONG_SOA_RECORD_UDP,
		TAG_CN01_SOA_RECORD_NOT_AA_UDP },
	{ RR_NS, TAG_CN01_NO_RESPONSE_NS_QUERY_UDP, TAG_CN01_UNEXPECTED_RCODE_NS_QUERY_UDP,
		TAG_CN01_MISSING_NS_RECORD_UDP, TAG_CN01_WRONG_NS_RECORD_UDP,
		TAG_CN01_NS_RECORD_NOT_AA_UDP },
};

static const struct channel tcp = {
	MANNER_TCP,
	TAG_CN02_NO_RESPONSE_TCP,
	{ RR_SOA, TAG_CN02_NO_RESPONSE_SOA_QUERY_TCP, TAG_CN02_UNEXPECTED_RCODE_SOA_QUERY_TCP,
		TAG_CN02_MISSING_SOA_RECORD_TCP, TAG_CN02_WRONG_SOA_RECORD_TCP,
		TAG_CN02_SOA_RECORD_NOT_AA_TCP },
	{ RR_NS, TAG_CN02_NO_RESPONSE_NS_QUERY_TCP, TAG_CN02_UNEXPECTED_RCODE_NS_QUERY_TCP,
		TAG_CN02_MISSING_NS_RECORD_TCP, TAG_CN02_WRONG_NS_RECORD_TCP,
		TAG_CN02_NS_RECORD_NOT_AA_TCP },
};

static const char owner_found[] = "domain_found";

static void judge(struct tally *t, const struct entry *e, const struct faults *f)
{
	const struct rr *rr;
	char text[NAME_TEXT];

	if (e->state == ENTRY_SILENT)
		tally_add(t, f->silent, e);
	if (!e->msg)
		return;
	rr = msg_find(e->msg, (struct rr_wanted){ MSG_ANSWER, f->type, NULL });
	if (e->msg->rcode != RCODE_NOERROR)
		tally_rcode(t, f->rcode, e);
	else if (!rr)
		tally_add(t, f->missing, e);
	else if (!tree_answers(e->msg, t->c->zone, f->type))
		tally_add_by(t,
			(struct tally_by){ f->wrong, owner_found,
				arena_str(t->c->arena, name_text(rr->owner, text)) },
			e);
	else if (!(e->msg->flags & FLAG_AA))
		tally_add(t, f->not_aa, e);
}

static void try_channel(struct tally *t, const struct channel *via)
{
	vec_each (const struct server, s, t->c->del->all) {
		const struct entry *soa = cases_ask(
			t->c, s, &(struct cases_q){ .type = RR_SOA, .manner = via->manner });
		const struct entry *ns = cases_ask(
			t->c, s, &(struct cases_q){ .type = RR_NS, .manner = via->manner });

		if (soa->state == ENTRY_SILENT && ns->state == ENTRY_SILENT) {
			tally_add(t, via->silent, soa);
			continue;
		}
		if (soa->state == ENTRY_PENDING || ns->state == ENTRY_PENDING)
			continue;
		judge(t, soa, &via->soa);
		judge(t, ns, &via->ns);
	}
}

static struct finding *put(struct tally *t, const struct tally_row *row)
{
	struct finding *x = tally_put(t, row);

	if (row->key == owner_found)
		cases_name(t->c, x, "domain_expected", t->c->zone);
	return x;
}

/* The family is off: its servers are not asked. */
static void tell_disabled(struct cases *c, uint8_t family, enum tag tag)
{
	struct servers off = { 0 };

	vec_each (const struct server, s, c->del->all)
		if (s->addr.family == family)
			vec_push(c->arena, &off, *s);
	cases_emit_servers(c, tag, &off);
}

static void connectivity01(struct cases *c)
{
	struct tally t = { .c = c };

	if (c->plan->no_v4)
		tell_disabled(c, ADDR_V4, TAG_CN01_IPV4_DISABLED);
	if (c->plan->no_v6)
		tell_disabled(c, ADDR_V6, TAG_CN01_IPV6_DISABLED);
	try_channel(&t, &udp);
	vec_each (const struct tally_row, row, t.rows)
		put(&t, row);
}

/*
 * The server sends what cannot be had but over TCP: some reply of it was truncated that was not
 * asked for to be small.
 */
static bool needs_tcp(const struct cases *c, const struct addr *server)
{
	const struct shape *small = &manner_table[MANNER_SMALL].shape;
	const struct ledger_slot *s;

	for (size_t i = 0; (s = ledger_slot(c->tree->ledger, i)); i++)
		if (addr_equal(&s->host->addr, server) && s->transport == TRANSPORT_UDP && s->msg &&
			(s->msg->flags & FLAG_TC) &&
			(s->shape->edns_flags != small->edns_flags ||
				s->shape->edns_size != small->edns_size))
			return true;
	return false;
}

static void connectivity02(struct cases *c)
{
	struct tally t = { .c = c };

	try_channel(&t, &tcp);
	vec_each (const struct tally_row, row, t.rows) {
		struct finding *x = put(&t, row);

		/* Most lookups never need TCP. */
		vec_each (const struct addr, server, x->servers)
			if (needs_tcp(c, server))
				x->effect = EFFECT_INTERMITTENT;
	}
}

static const struct tree_case table[] = {
	{ "connectivity01", "name servers answer for the zone over UDP", connectivity01 },
	{ "connectivity02", "name servers answer for the zone over TCP", connectivity02 },
	{ "connectivity03", "name servers are in different autonomous systems", connectivity03 },
	{ "connectivity04", "name servers are in different announced prefixes", connectivity04 },
};

const struct case_module case_connectivity = { "connectivity", table, ARRAY_LEN(table) };
