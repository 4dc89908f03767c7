/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checks of what the shapes show of transport, negative answers, and who it is that answers. */

#include "base/err.h"
#include "base/stats.h"
#include "check/shapes_inner.h"
#include "dns/rr.h"

enum { BIG = 1232, TOLD = 3, PAIRS_LEAST = 5, STREAMS_LEAST = 2 };
#define BY_CHANCE 1e-3 /* that as many pairs are torn by loss */

/* Above an existing name there is nothing that does not exist (RFC 8020 2). */
static bool empty_nonterminal(const struct matrix *m, struct shape_case *c)
{
	const struct matrix_cell *below = NULL;

	if (m->unsteady)
		return false;
	vec_each (const struct matrix_cell, x, m->cells)
		if (x->row->about == ABOUT_NAME && cell_rcode(x, RCODE_NOERROR) &&
			x->seen->msg->counts[MSG_ANSWER])
			below = x;
	vec_each (const struct matrix_cell, x, m->cells)
		if (x->row->about == ABOUT_ABOVE && cell_rcode(x, RCODE_NXDOMAIN) && below)
			case_bad(c, x);
	case_good(c, below);
	if (c->nbad)
		c->what = arena_str(c->arena, name_text(c->bad[0]->name, (char[NAME_TEXT]){ 0 }));
	return c->nbad > 0;
}

static bool lacks_soa(const struct matrix_cell *c)
{
	const struct msg *m = c->seen->msg;

	return !m->counts[MSG_ANSWER] && !(m->flags & FLAG_TC) &&
	       !msg_find(m, (struct rr_wanted){ MSG_AUTHORITY, RR_SOA, NULL });
}

/* RFC 2308 2.1, 2.2 and 3: without the SOA record, or without authority, it cannot be cached. */
static bool bad_negative(const struct matrix *m, struct shape_case *c)
{
	static const char *const rows[] = { "missing", "no-data" };
	bool soa = false, aa = false;

	if (!matrix_plain(m) || !cell_good(matrix_cell(m, "dns")))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct matrix_cell *x = matrix_cell(m, rows[i]);

		if (!cell_rcode(x, RCODE_NOERROR) && !cell_rcode(x, RCODE_NXDOMAIN))
			continue;
		if (x->seen->msg->counts[MSG_ANSWER] ||
			(!lacks_soa(x) && (x->seen->msg->flags & FLAG_AA)))
			continue;
		soa |= lacks_soa(x);
		aa |= !(x->seen->msg->flags & FLAG_AA);
		case_bad(c, x);
	}
	if (soa)
		case_word(c, "no SOA record");
	if (aa)
		case_word(c, "no authority (AA)");
	return c->nbad > 0;
}

/* What is asked for is larger than a datagram that needs no fragments. */
static bool is_big(const struct matrix_cell *over_tcp)
{
	return cell_answered(over_tcp) && over_tcp->seen->size > BIG;
}

static bool large_lost(const struct matrix *m, struct shape_case *c)
{
	static const struct {
		const char *large, *small, *least, *tcp;
	} sets[] = {
		{ "at-4096", "at-1232", "at-512", "at-tcp" },
		{ "keys-4096", "keys-1232", "edns@512", "ednstcp" },
	};

	for (size_t i = 0; i < ARRAY_LEN(sets); i++) {
		const struct matrix_cell *large = matrix_cell(m, sets[i].large),
					 *small = matrix_cell(m, sets[i].small),
					 *tcp = matrix_cell(m, sets[i].tcp);

		/* A lower limit than any that fragments or tunnels make. */
		if (cell_dropped(small))
			small = matrix_cell(m, sets[i].least);
		if (!cell_dropped(large) || !cell_answered(small) ||
			!cell_answered(matrix_cell(m, "edns")))
			continue;
		/* Over TCP it can be seen that it is large; where that fails, TC is a hint. */
		if (!is_big(tcp) && !(small->seen->msg->flags & FLAG_TC))
			continue;
		case_bad(c, large);
		case_good(c, small);
		case_good(c, tcp);
	}
	return c->nbad > 0;
}

/* A datagram said that there is more over TCP. */
static const struct matrix_cell *truncated(const struct matrix *m)
{
	vec_each (const struct matrix_cell, c, m->cells)
		if (c->row->transport == TRANSPORT_UDP && cell_answered(c) &&
			(c->seen->msg->flags & FLAG_TC) && !(c->row->shape.flags & FLAG_TC))
			return c;
	return NULL;
}

static bool no_tcp(const struct matrix *m, struct shape_case *c)
{
	static const char *const rows[] = { "tcp", "ednstcp", "at-tcp", "keepalive" };
	size_t asked = 0;

	if (!matrix_plain(m))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct matrix_cell *x = matrix_cell(m, rows[i]);

		asked += x != NULL;
		if (cell_answered(x))
			return false;
		if (cell_failed(x))
			case_bad(c, x);
	}
	/* A diagnosis of what works asks one of them; then that has to be beyond doubt. */
	return c->nbad >= 2 || (asked == 1 && c->nbad == 1 && cell_dropped(c->bad[0]));
}

static bool truncation(const struct matrix *m, struct shape_case *c)
{
	const struct matrix_cell *tc = truncated(m);

	if (!tc || !no_tcp(m, c))
		return false;
	case_good(c, tc);
	c->what = c->bad[0]->words;
	return true;
}

static bool tcp_blocked(const struct matrix *m, struct shape_case *c)
{
	if (truncated(m) || !no_tcp(m, c))
		return false;
	case_good(c, matrix_cell(m, "dns"));
	c->what = c->bad[0]->words;
	return true;
}

/*
 * The first of each connection is answered, those behind it are not. A connection without any reply
 * tells nothing: on a lossy path the handshake alone may take longer than an ask waits.
 */
static bool one_query(const struct matrix *m, struct shape_case *c)
{
	const struct matrix_cell *tcp = matrix_cell(m, "tcp");

	if (!cell_answered(tcp) || m->streams.whole || m->streams.part < STREAMS_LEAST)
		return false;
	vec_each (const struct matrix_cell, x, m->cells)
		if (x->row->way == WAY_STREAM && x->broken + x->silences)
			case_bad(c, x);
	case_good(c, tcp);
	c->sure = 0.99;
	return true;
}

/* They came in the place of replies, and not besides. */
static bool instead(const struct matrix *m)
{
	return m->silent * 2 >= m->strays.n[WHY_STRAY_SOURCE];
}

static bool other_address(const struct matrix *m, struct shape_case *c)
{
	const struct matrix_strays *s = &m->strays;
	char text[ADDR_TEXT];

	if (s->n[WHY_STRAY_SOURCE] < TOLD || !instead(m))
		return false;
	case_evidence(c, s->index[WHY_STRAY_SOURCE]);
	c->what = arena_str(c->arena, addr_text_port(&s->sender, text));
	c->sure = 0.999;
	return true;
}

/* Datagrams that are no reply to what was asked: the same again, too late, or made up. */
static bool reply_mismatch(const struct matrix *m, struct shape_case *c)
{
	const struct matrix_strays *s = &m->strays;
	uint32_t other = s->n[WHY_STRAY_QUESTION] - s->mangled;

	if (s->n[WHY_STRAY_ID] >= TOLD) {
		case_word(c, "with an id that was not asked with");
		case_evidence(c, s->index[WHY_STRAY_ID]);
	}
	if (s->n[WHY_STRAY_SOURCE] >= TOLD && !instead(m)) {
		case_word(c, "from another address or port");
		case_evidence(c, s->index[WHY_STRAY_SOURCE]);
	}
	if (s->n[WHY_STRAY_AGAIN] >= TOLD) {
		case_word(c, "more than once");
		case_evidence(c, s->index[WHY_STRAY_AGAIN]);
	}
	if (other >= TOLD) {
		case_word(c, "to another question");
		case_evidence(c, s->index[WHY_STRAY_QUESTION]);
	}
	if (s->late >= TOLD) {
		case_word(c, "too late");
		case_evidence(c, s->late_index);
	}
	c->sure = 0.99;
	return c->what != NULL;
}

/* Other nodes, other data. Names alone may differ: that is what several nodes are for. */
static bool anycast(const struct matrix *m, struct shape_case *c)
{
	vec_each (const struct matrix_node, x, m->nodes) {
		const struct matrix_node *first = &m->nodes.v[0];

		if (x == first || (x->rcode == first->rcode && x->serial == first->serial))
			continue;
		/* One whose zone was changed meanwhile is the same, with two serials. */
		if (span_equal(x->id, first->id))
			continue;
		case_evidence(c, first->index);
		case_evidence(c, x->index);
		c->sure = 0.999;
		c->what = x->rcode == first->rcode ? "another serial" : "another RCODE";
		return true;
	}
	return false;
}

/* Two at once from one port: one is lost; from two ports none is. */
static bool conntrack(const struct matrix *m, struct shape_case *c)
{
	const struct matrix_pairs *one = &m->one_port, *two = &m->two_ports;

	if (one->one < PAIRS_LEAST || two->asked < PAIRS_LEAST ||
		stats_fisher(one->one, one->asked - one->one, two->one, two->asked - two->one) >
			BY_CHANCE)
		return false;
	/* A server that has nothing for AAAA tears both kinds of pairs. */
	if (two->one * one->asked >= one->one * two->asked)
		return false;
	case_evidence(c, one->index);
	c->what = arena_printf(c->arena, "%u of %u pairs from one port, %u of %u from two",
		one->one, one->asked, two->one, two->asked);
	c->sure =
		1 - stats_fisher(one->one, one->asked - one->one, two->one, two->asked - two->one);
	return true;
}

/*
 * The kernel throws such datagrams away before anybody sees them. It counts those of the whole
 * host, so that this server's silence has to go with them.
 */
static bool bad_checksum(const struct matrix *m, struct shape_case *c)
{
	const struct facts_counters *before = &c->facts->before, *after = &c->facts->after;
	uint64_t n = after->csum_errors - before->csum_errors;

	if (!before->known || !after->known || after->csum_errors < before->csum_errors ||
		n < TOLD || n < m->silent / 2 || m->silent < m->udp || !m->tcp ||
		m->strays.n[WHY_STRAY_SOURCE])
		return false;
	c->what = arena_printf(c->arena, "%llu datagrams", (unsigned long long)n);
	c->sure = 0.99;
	return true;
}

SHAPE_CHECK(empty_nonterminal, "empty-nonterminal-nxdomain", SEV_ERROR, WHERE_ZONE, false)
SHAPE_CHECK(bad_negative, "bad-negative-answer", SEV_WARNING, WHERE_FAR, false)
SHAPE_CHECK(large_lost, "large-udp-loss", SEV_ERROR, WHERE_PATH, true)
SHAPE_CHECK(truncation, "truncation-without-tcp", SEV_ERROR, WHERE_FAR, true)
SHAPE_CHECK(tcp_blocked, "tcp-blocked", SEV_WARNING, WHERE_FAR, true)
SHAPE_CHECK(one_query, "tcp-one-query-only", SEV_WARNING, WHERE_FAR, false)
SHAPE_CHECK(other_address, "reply-from-other-address", SEV_ERROR, WHERE_FAR, false)
SHAPE_CHECK(reply_mismatch, "reply-mismatch", SEV_NOTICE, WHERE_UNKNOWN, false)
SHAPE_CHECK(anycast, "anycast-inconsistent", SEV_WARNING, WHERE_FAR, false)
SHAPE_CHECK(bad_checksum, "bad-udp-checksum", SEV_ERROR, WHERE_UNKNOWN, false)
SHAPE_CHECK(conntrack, "conntrack-race", SEV_WARNING, WHERE_UNKNOWN, false)

static const struct check rows[] = {
	{ "empty-nonterminal-nxdomain", check_empty_nonterminal },
	{ "bad-negative-answer", check_bad_negative },
	{ "large-udp-loss", check_large_lost },
	{ "truncation-without-tcp", check_truncation },
	{ "tcp-blocked", check_tcp_blocked },
	{ "tcp-one-query-only", check_one_query },
	{ "reply-from-other-address", check_other_address },
	{ "reply-mismatch", check_reply_mismatch },
	{ "anycast-inconsistent", check_anycast },
	{ "conntrack-race", check_conntrack },
	{ "bad-udp-checksum", check_bad_checksum },
};

const struct family family_transport = { "transport", rows, ARRAY_LEN(rows) };
