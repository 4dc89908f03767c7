/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What happens in a lookup before its reply, in dig's words. */
#include "render/dig_page.h"

#include <string.h>

#include "base/err.h"
#include "dns/rr.h"
#include "dns/text.h"

struct happening {
	const struct dig_view *v;
	const struct observation *o;
	struct buf *out;
};

/* RFC 792, RFC 4443: how the kernel and dig call ICMP errors. */
static const struct {
	enum addr_family family;
	uint8_t type, code;
	const char *text;
} icmp_texts[] = {
	{ ADDR_V4, 3, 0, "network unreachable" },
	{ ADDR_V4, 3, 1, "host unreachable" },
	{ ADDR_V4, 3, 3, "connection refused" },
	{ ADDR_V4, 3, 9, "network unreachable" },
	{ ADDR_V4, 3, 10, "host unreachable" },
	{ ADDR_V4, 3, 13, "host unreachable" },
	{ ADDR_V6, 1, 0, "network unreachable" },
	{ ADDR_V6, 1, 1, "permission denied" },
	{ ADDR_V6, 1, 3, "host unreachable" },
	{ ADDR_V6, 1, 4, "connection refused" },
};

static void communications(const struct happening *h, const char *what)
{
	char text[ADDR_TEXT];

	buf_printf(h->out, ";; communications error to %s: %s\n",
		addr_text_port(&h->o->ask.server, text), what);
}

static void on_timeout(const struct happening *h)
{
	communications(h, "timed out");
}

static void on_reset(const struct happening *h)
{
	communications(h, "connection reset");
}

static void on_icmp(const struct happening *h)
{
	const struct icmp *icmp = &h->o->icmp;
	const char *what = "host unreachable";
	char text[ADDR_TEXT];

	for (size_t i = 0; i < ARRAY_LEN(icmp_texts); i++)
		if (icmp_texts[i].family == h->o->ask.server.family &&
			icmp_texts[i].type == icmp->type && icmp_texts[i].code == icmp->code)
			what = icmp_texts[i].text;
	communications(h, what);
	if (icmp->offender.family != ADDR_NONE &&
		!addr_same_host(&icmp->offender, &h->o->ask.server))
		buf_printf(h->out, ";; (ICMP type %u code %u from %s)\n", icmp->type, icmp->code,
			addr_text(&icmp->offender, text));
}

/* "127.0.0.1#53(server) for name": whom a connection or socket was meant for. */
static void target(const struct happening *h)
{
	char text[ADDR_TEXT], host[ADDR_TEXT];
	const struct ask *ask = &h->o->ask;

	buf_printf(h->out, "%s(%s) for ", addr_text_port(&ask->server, text),
		h->v->server ? h->v->server : addr_text(&ask->server, host));
	dig_name(ask->question.name, h->out);
}

static void on_refused(const struct happening *h)
{
	buf_str(h->out, ";; Connection to ");
	target(h);
	buf_str(h->out, " failed: connection refused.\n;; no servers could be reached\n");
}

static void on_channel(const struct happening *h)
{
	buf_str(h->out, ";; Connection to ");
	target(h);
	buf_printf(h->out, " failed: %s.\n;; (%s%s)\n;; no servers could be reached\n",
		h->o->certificate		       ? "TLS peer certificate verification failed"
		: h->o->ask.transport == TRANSPORT_TLS ? "TLS error"
						       : "failure",
		h->o->certificate ? "the certificate: " : "", h->o->said ? h->o->said : "unknown");
}

/* Why a query could not leave, in dig's words, and what to do about it. */
static const struct {
	enum why why;
	bool port; /* the remedy speaks of the source port */
	const char *dig, *remedy;
} refusals[] = {
	{ WHY_PORT_IN_USE, true, "address in use",
		"is held by another process here (ss -anp shows which): take another port or "
		"another address" },
	{ WHY_PORT_WAITS, true, "address not available",
		"has a connection to this server that is not over yet (TIME_WAIT, a minute): wait, "
		"or take another port" },
	{ WHY_PRIVILEGE, true, "permission denied",
		"needs a privilege: be root, give the program CAP_NET_BIND_SERVICE, or lower "
		"net.ipv4.ip_unprivileged_port_start" },
	{ WHY_NO_ADDRESS, false, "address not available",
		"the source is no address of this machine (ip address lists them)" },
	{ WHY_NO_ROUTE, false, "network unreachable", "this machine has no route to the server" },
	{ WHY_FAMILY, false, "address family not supported",
		"source and server must both be IPv4 or both IPv6" },
	{ WHY_BUDGET, false, "budget used up", "this server has been asked as often as allowed" },
	{ WHY_STOPPED, false, "interrupted", "the lookup was stopped" },
	{ WHY_FIREWALL, false, "operation not permitted",
		"a firewall on this machine forbids it (nft list ruleset shows its rules)" },
	{ WHY_LOCAL, false, "failure", "the system refused to send" },
};

static void on_not_sent(const struct happening *h)
{
	const struct observation *o = h->o;
	char text[ADDR_TEXT];

	buf_str(h->out,
		o->ask.transport != TRANSPORT_UDP ? ";; Connection to " : ";; UDP setup with ");
	target(h);
	for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
		if (refusals[i].why != o->why)
			continue;
		buf_printf(h->out, " failed: %s: ", refusals[i].dig);
		if (refusals[i].port)
			buf_printf(h->out, "source port %u ", o->ask.source.port);
		buf_str(h->out, refusals[i].remedy);
	}
	if (o->ask.source.family != ADDR_NONE)
		buf_printf(h->out, " (-b %s)", addr_text_port(&o->ask.source, text));
	buf_char(h->out, '\n');
}

/* The end of a later ask of the same lookup; NULL: there was none. */
static const struct observation *next(const struct happening *h)
{
	const struct facts *f = h->v->facts;

	for (size_t i = h->v->first; i < f->n; i++) {
		const struct observation *o = f->v[i];

		if (o->ask.owner == h->o->ask.owner && o->ask.tag > h->o->ask.tag &&
			o->outcome != OUTCOME_STRAY && o->outcome != OUTCOME_LATE)
			return o;
	}
	return NULL;
}

/* RFC 7873 5.3: whoever answers without our own octets has not seen the query. */
static void check_cookie(const struct happening *h)
{
	const struct edns_opt *theirs = msg_option(h->o->msg, EDNS_COOKIE);
	const struct shape *shape = &h->o->ask.shape;

	for (size_t i = 0; theirs && i < shape->noptions; i++) {
		const struct shape_option *ours = &shape->options[i];

		if (ours->code == EDNS_COOKIE &&
			(theirs->length < 8 || memcmp(ours->data, theirs->data, 8) != 0))
			buf_str(h->out, ";; Warning: Client COOKIE mismatch\n");
	}
}

static void on_answer(const struct happening *h)
{
	const struct msg *m = h->o->msg;
	const struct observation *then = next(h);
	bool to_tcp = then && then->ask.transport == TRANSPORT_TCP &&
		      h->o->ask.transport == TRANSPORT_UDP;

	if (!m || !h->v->show->comments)
		return;
	check_cookie(h);
	if (m->flags & FLAG_TC && to_tcp)
		buf_str(h->out, ";; Truncated, retrying in TCP mode.\n");
	else if (m->rcode == RCODE_BADCOOKIE && then)
		buf_printf(h->out, ";; BADCOOKIE, retrying%s.\n", to_tcp ? " in TCP mode" : "");
	else if (m->rcode == RCODE_BADVERS && then)
		buf_printf(h->out, ";; BADVERS, retrying with EDNS version %u.\n", m->edns.version);
}

static void on_malformed(const struct happening *h)
{
	buf_str(h->out, ";; Warning: Message parser reports malformed message packet.\n");
	on_answer(h);
}

static void on_late(const struct happening *h)
{
	const struct observation *o = h->o;

	buf_printf(h->out, ";; Warning: late reply, %llu msec after its query\n",
		o->done > o->sent ? (unsigned long long)(o->done - o->sent) / 1000 : 0);
}

static void stray_id(const struct happening *h)
{
	buf_printf(h->out, ";; Warning: ID mismatch: expected ID %u", h->o->id);
	if (h->o->msg && h->o->msg->has_header)
		buf_printf(h->out, ", got %u", h->o->msg->id);
	buf_char(h->out, '\n');
}

static void stray_question(const struct happening *h)
{
	const struct msg *m = h->o->msg;
	char type[TEXT_MNEMONIC], class[TEXT_MNEMONIC];

	/* What only differs in letter case ends the lookup and is shown as its reply. */
	if (m && m->nquestions && !next(h) &&
		name_equal(m->questions[0].name, h->o->ask.question.name))
		return;
	buf_str(h->out, ";; Question section mismatch: got ");
	if (!m || !m->nquestions) {
		buf_str(h->out, "no question\n");
		return;
	}
	dig_name(m->questions[0].name, h->out);
	buf_printf(h->out, "/%s/%s\n", text_type(m->questions[0].type, type),
		text_class(m->questions[0].class, class));
}

static void stray_source(const struct happening *h)
{
	char from[ADDR_TEXT], expected[ADDR_TEXT];

	buf_printf(h->out, ";; Warning: reply from unexpected source: %s, expected %s\n",
		addr_text_port(&h->o->sender, from), addr_text_port(&h->o->ask.server, expected));
}

static void stray_query(const struct happening *h)
{
	buf_str(h->out, ";; Warning: query response not set\n");
}

static void stray_noise(const struct happening *h)
{
	buf_str(h->out, ";; Warning: short (< header size) message received\n");
}

static void (*const strays[WHYS])(const struct happening *h) = {
	[WHY_STRAY_ID] = stray_id,
	[WHY_STRAY_QUESTION] = stray_question,
	[WHY_STRAY_SOURCE] = stray_source,
	[WHY_STRAY_QUERY] = stray_query,
	[WHY_STRAY_NOISE] = stray_noise,
};

static void on_stray(const struct happening *h)
{
	if (h->o->why < WHYS && strays[h->o->why])
		strays[h->o->why](h);
}

static void (*const happenings[OUTCOMES])(const struct happening *h) = {
	[OUTCOME_ANSWERED] = on_answer,
	[OUTCOME_MALFORMED] = on_malformed,
	[OUTCOME_TIMEOUT] = on_timeout,
	[OUTCOME_ICMP] = on_icmp,
	[OUTCOME_REFUSED] = on_refused,
	[OUTCOME_RESET] = on_reset,
	[OUTCOME_CHANNEL] = on_channel,
	[OUTCOME_NOT_SENT] = on_not_sent,
	[OUTCOME_LATE] = on_late,
	[OUTCOME_STRAY] = on_stray,
};

/* In YAML a failed connection is an error of its own, as in dig, and nothing else is said. */
static void yaml_event(const struct dig_view *v, const struct observation *o, struct buf *out)
{
	struct dig_show bare = *v->show;
	struct dig_view plain = *v;

	if (o->outcome != OUTCOME_REFUSED && o->outcome != OUTCOME_NOT_SENT)
		return;
	bare.meaning = false;
	plain.show = &bare;
	if (next(&(struct happening){ v, o, out }))
		dig_yaml_error(&plain, o, "no servers could be reached", out);
}

void dig_event(const struct dig_view *v, const struct observation *o, struct buf *out)
{
	if (v->show->json)
		return;
	if (v->show->yaml) {
		yaml_event(v, o, out);
		return;
	}
	if (o->outcome < OUTCOMES && happenings[o->outcome])
		happenings[o->outcome](&(struct happening){ v, o, out });
}
