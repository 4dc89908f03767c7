// SPDX-License-Identifier: GPL-3.0-or-later
// One pass over the delegation tree: asking, lists of servers, kinds of replies.
#include "infer/tree.h"

#include "dns/rr.h"

struct tree *tree_new(struct arena *pass, struct ledger *l)
{
	struct tree *t = arena_alloc(pass, sizeof(*t));

	t->arena = pass;
	t->ledger = l;
	t->facts = ledger_facts(l);
	t->plan = t->facts->tree;
	ledger_pass(l);
	return t;
}

const struct entry *tree_ask(struct tree *t, const struct addr *server, const struct tree_q *q)
{
	struct question question = { q->name, q->type, CLASS_IN };
	struct entry e = ledger_ask(
		t->ledger, &(struct ledger_key){ server, &question, q->manner, q->zone });

	return arena_dup(t->arena, &e, sizeof(e));
}

const struct entry *tree_look_up(struct tree *t, const struct addr *server, const struct tree_q *q)
{
	struct question question = { q->name, q->type, CLASS_IN };
	struct entry e = ledger_look_up(
		t->ledger, &(struct ledger_key){ server, &question, q->manner, q->zone });

	return arena_dup(t->arena, &e, sizeof(e));
}

const struct name *tree_name(struct tree *t, const struct name *n)
{
	struct name lower = name_lower(n);

	return name_keep(t->arena, &lower);
}

static bool same_ns(const struct name *a, const struct name *b)
{
	return a == b || (a && b && name_equal(a, b));
}

bool servers_add(struct arena *a, struct servers *list, const struct server *s)
{
	vec_each (struct server, have, *list)
		if (addr_equal(&have->addr, &s->addr) && same_ns(have->ns, s->ns))
			return true;
	if (list->n >= TREE_SERVERS)
		return false;
	vec_push(a, list, *s);
	return true;
}

bool servers_have(const struct servers *list, const struct addr *addr)
{
	vec_each (struct server, s, *list)
		if (addr_equal(&s->addr, addr))
			return true;
	return false;
}

struct servers servers_by_addr(struct arena *a, const struct servers *list)
{
	struct servers ret = { 0 };

	vec_each (struct server, s, *list)
		if (!servers_have(&ret, &s->addr))
			vec_push(a, &ret, *s);
	return ret;
}

bool tree_undelegated(const struct tree *t)
{
	return t->plan->ns.n > 0;
}

bool tree_is_authority(const struct msg *m)
{
	return m && m->rcode == RCODE_NOERROR && (m->flags & FLAG_AA);
}

bool tree_is_referral(const struct msg *m, const struct name *zone)
{
	if (!m || m->rcode != RCODE_NOERROR || (m->flags & FLAG_AA))
		return false;
	for (size_t i = 0; i < m->nrrs; i++)
		if (m->rrs[i].section == MSG_ANSWER && m->rrs[i].type != RR_CNAME)
			return false;
	return msg_count(m, (struct rr_wanted){ MSG_AUTHORITY, RR_NS, zone }) > 0;
}

size_t tree_answers(const struct msg *m, const struct name *owner, uint16_t type)
{
	return m ? msg_count(m, (struct rr_wanted){ MSG_ANSWER, type, owner }) : 0;
}
