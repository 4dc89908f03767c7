/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One lookup over the network, and its page in dig's layout. */
#include "cli/lookup_run.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/err.h"
#include "base/hex.h"
#include "cli/file.h"
#include "cli/idn.h"
#include "dns/rr.h"
#include "dns/query.h"
#include "dns/xfr.h"
#include "net/drive.h"
#include "net/stream.h"
#include "probe/lookup.h"

enum {
	SECOND = 1000000,
	TIMEOUT_UDP = 5, /* s, dig's */
	TIMEOUT_TCP = 10,
	TICK = 20000, /* µs between looks whether the lookup is over */
	SUBNET_HEAD = 4,
	OWN_OPTIONS = 6, /* those that add_options() has words for */
};

static void add_option(struct shape *s, uint16_t code, struct span data)
{
	struct shape_option *options = (struct shape_option *)s->options;

	options[s->noptions++] = (struct shape_option){ code, (uint16_t)data.n, data.p };
}

/* RFC 7871 6: family, prefix lengths of source and scope, and as many octets as hold the former. */
static struct span subnet(struct arena *a, const struct digargs_lookup *l)
{
	size_t n = (l->subnet_prefix + 7U) / 8U;
	const uint8_t *octets = addr_octets(&l->subnet_addr).p;
	uint8_t *data = arena_alloc(a, SUBNET_HEAD + n);

	data[0] = 0;
	data[1] = l->subnet_addr.family == ADDR_V4 ? 1 : 2;
	data[2] = l->subnet_prefix;
	data[3] = 0;
	memcpy(data + SUBNET_HEAD, octets, n);
	if (l->subnet_prefix % 8)
		data[SUBNET_HEAD + n - 1] &= (uint8_t)(0xff00U >> l->subnet_prefix % 8);
	return (struct span){ data, SUBNET_HEAD + n };
}

static struct span cookie(struct lookup_run *r, const struct digargs_lookup *l)
{
	struct span own = { r->cookie, sizeof(r->cookie) };

	/* That it is hexadecimal was seen to before. */
	if (l->cookie_value)
		(void)hex_parse(r->arena, l->cookie_value, &own);
	return own;
}

/* RFC 7830 4.1 and RFC 8467: the option makes the message a multiple of so many octets. */
static void add_padding(struct lookup_run *r, const struct digargs_lookup *l, struct shape *s,
	const struct question *q)
{
	struct buf b = { .arena = r->arena };
	size_t left;

	add_option(s, EDNS_PADDING, (struct span){ 0 });
	query_build(&b, s, q, 0);
	left = b.n % l->padding;
	if (left)
		((struct shape_option *)s->options)[s->noptions - 1] =
			(struct shape_option){ EDNS_PADDING, (uint16_t)(l->padding - left),
				arena_alloc(r->arena, l->padding - left) };
}

/* The options in the order in which dig sends them. */
static void add_options(struct lookup_run *r, const struct digargs_lookup *l, struct shape *s,
	const struct question *q)
{
	s->options =
		arena_alloc(r->arena, (OWN_OPTIONS + l->options.n) * sizeof(struct shape_option));
	if (l->nsid)
		add_option(s, EDNS_NSID, (struct span){ 0 });
	if (l->subnet)
		add_option(s, EDNS_CLIENT_SUBNET, subnet(r->arena, l));
	if (l->cookie)
		add_option(s, EDNS_COOKIE, cookie(r, l));
	if (l->expire)
		add_option(s, EDNS_EXPIRE, (struct span){ 0 });
	if (l->keepalive)
		add_option(s, EDNS_KEEPALIVE, (struct span){ 0 });
	vec_each (const struct digargs_option, o, l->options)
		add_option(s, o->code, (struct span){ o->data, o->length });
	if (l->padding)
		add_padding(r, l, s, q);
}

struct shape lookup_shape(
	struct lookup_run *r, const struct digargs_lookup *l, const struct question *q)
{
	struct shape s = { .header_only = l->header_only,
		.opcode = (uint8_t)l->opcode,
		.ixfr = q->type == RR_IXFR,
		.serial = l->serial,
		.key = r->args->key };
	const struct {
		bool on;
		uint16_t bit;
	} flags[] = {
		{ l->rd, FLAG_RD },
		{ l->aa, FLAG_AA },
		{ l->ad, FLAG_AD },
		{ l->cd, FLAG_CD },
		{ l->ra, FLAG_RA },
		{ l->tc, FLAG_TC },
		{ l->z, FLAG_Z },
	};

	for (size_t i = 0; i < ARRAY_LEN(flags); i++)
		if (flags[i].on)
			s.flags |= flags[i].bit;
	if (!l->edns)
		return s;
	s.edns = true;
	s.edns_version = (uint8_t)l->version;
	s.edns_size = (uint16_t)l->bufsize;
	s.edns_flags = (uint16_t)(l->edns_flags & ~(uint32_t)EDNS_DO);
	s.edns_flags |= (uint16_t)((l->dnssec ? EDNS_DO : 0) | (l->co ? EDNS_CO : 0));
	add_options(r, l, &s, q);
	return s;
}

struct watch {
	const struct lookup *lookup;
	volatile sig_atomic_t over;
};

/* A late reply may end a lookup whose last query is still in flight. */
static void watch(void *user, const struct probe *p, uint64_t now)
{
	struct watch *w = user;

	(void)p;
	(void)now;
	w->over = lookup_last(w->lookup) != NULL;
}

/* The fact that the probe's own copy is of. */
static const struct observation *find_last(
	const struct lookup_run *r, const struct lookup *l, const struct lookup_result *result)
{
	const struct observation *last = lookup_last(l);

	for (size_t i = result->first; last && i < r->facts->n; i++) {
		const struct observation *o = r->facts->v[i];

		if (o->ask.owner == last->ask.owner && o->ask.tag == last->ask.tag &&
			o->outcome == last->outcome && o->done == last->done && o->msg == last->msg)
			return o;
	}
	return last;
}

enum transport lookup_transport(const struct digargs_lookup *l)
{
	/* A walk from the root meets servers that do nothing else. */
	if (l->over && !l->trace)
		return (enum transport)l->over;
	return l->tcp ? TRANSPORT_TCP : TRANSPORT_UDP;
}

uint16_t lookup_port(const struct digargs *args, const struct digargs_lookup *l)
{
	static const uint16_t ports[TRANSPORTS] = {
		[TRANSPORT_UDP] = 53,
		[TRANSPORT_TCP] = 53,
		[TRANSPORT_TLS] = 853,
		[TRANSPORT_HTTPS] = 443,
		[TRANSPORT_HTTP] = 80,
	};

	return args->port ? args->port : ports[lookup_transport(l)];
}

/* As dig does, a certificate that is checked is for what the user called the server. */
static const struct ask_secure *secure_of(struct lookup_run *r, const struct lookup_target *t)
{
	struct ask_secure *s = arena_dup(r->arena, &t->settings->secure, sizeof(*s));

	if (!s->hostname && t->servers->n)
		s->hostname = t->servers->v[0].text;
	return s;
}

static const char *now_text(struct arena *a)
{
	char text[64] = "";
	time_t now = time(NULL);
	struct tm tm;

	if (localtime_r(&now, &tm))
		strftime(text, sizeof(text), "%a %b %d %H:%M:%S %Z %Y", &tm);
	return arena_str(a, text);
}

/* What makes a moment of the monotonic clock one since 1970, µs. */
static int64_t epoch(void)
{
	struct timespec wall, mono;

	clock_gettime(CLOCK_REALTIME, &wall);
	clock_gettime(CLOCK_MONOTONIC, &mono);
	return (wall.tv_sec - mono.tv_sec) * SECOND + (wall.tv_nsec - mono.tv_nsec) / 1000;
}

static const char *server_text(const struct lookup_target *t, const struct observation *o)
{
	for (size_t i = 0; o && i < t->servers->n; i++)
		if (addr_equal(&t->servers->v[i].addr, &o->ask.server))
			return t->servers->v[i].text;
	return NULL;
}

static void banner(struct lookup_run *r)
{
	if (r->banner)
		buf_str(&r->out, r->banner);
	r->banner = NULL;
}

/* A reply that was read whole, or whose letter case alone is off: dig's 0. */
static bool is_reply(const struct observation *o)
{
	return o->msg && o->outcome != OUTCOME_MALFORMED;
}

/* No server has an address that may be asked. */
static void nobody(const struct dig_view *v, struct buf *out)
{
	if (v->show->json)
		dig_json_nobody(v, out);
	else if (v->show->yaml)
		buf_str(out, "- type: DIG_ERROR\n  message: |\n    No acceptable nameservers\n");
	else
		buf_str(out, ";; No acceptable nameservers\n");
}

/* A reply that another query followed. */
static void show_more(struct lookup_run *r, const struct dig_view *v, const struct observation *o)
{
	struct dig_show plain = *v->show;
	struct dig_view bare = *v;

	plain.meaning = false;
	bare.show = &plain;
	banner(r);
	dig_reply(&bare, o, &r->out);
}

static void show_query(struct lookup_run *r, const struct dig_view *v, const struct observation *o)
{
	bool extra = o->outcome == OUTCOME_STRAY || o->outcome == OUTCOME_LATE;

	if (!v->show->query || v->show->brief || extra || o->outcome == OUTCOME_NOT_SENT)
		return;
	banner(r);
	dig_query(v, o, &r->out);
}

/* All lines that stand before the reply o itself, from the fact of that index on. */
static void show_before(struct lookup_run *r, const struct dig_view *v,
	const struct lookup_result *result, const struct observation *o)
{
	for (size_t i = result->first; i < r->facts->n && r->facts->v[i] != o; i++) {
		const struct observation *earlier = r->facts->v[i];

		if (earlier->ask.owner != result->owner)
			continue;
		show_query(r, v, earlier);
		if (!v->show->brief && dig_wanted(v->show, earlier))
			show_more(r, v, earlier);
		dig_event(v, earlier, &r->out);
	}
	show_query(r, v, o);
	dig_event(v, o, &r->out);
	dig_signature(o, &r->out);
}

static struct dig_view view_of(struct lookup_run *r, const struct dig_show *show)
{
	return (struct dig_view){ .show = show,
		.when = now_text(r->arena),
		.epoch = epoch(),
		.facts = r->facts,
		.others = r->others };
}

static struct dig_show show_of(const struct lookup_target *t)
{
	struct dig_show show = t->settings->show;

	show.localize = t->settings->idnout ? idn_to_locale : NULL;
	return show;
}

/* A zone transfer that is printed as it comes: no more of it is in memory than one message. */
struct parts {
	struct lookup_parts ask;
	struct lookup_run *run;
	const struct lookup_target *target;
	struct lookup_result result;
	struct arena *page; /* of one message; NULL: none came */
	struct dig_show show;
	struct dig_view view;
	struct dig_records records;
	volatile sig_atomic_t *stop; /* NULL: the lookup is over, and a straggler is nobody's */
};

static void print_part(struct parts *p)
{
	struct lookup_run *r = p->run;

	if (!p->result.failed && file_print(buf_span(&r->out))) {
		p->result.failed = DIG_FILE;
		*p->stop = true;
	}
	arena_reset(p->page);
	r->out = (struct buf){ .arena = p->page };
}

/* The first: what stands before it is known by now. */
static void begin_parts(struct parts *p, const struct observation *o)
{
	p->page = arena_new();
	p->show = show_of(p->target);
	p->view = view_of(p->run, &p->show);
	p->view.server = server_text(p->target, o);
	p->view.first = p->result.first;
	p->records = (struct dig_records){ &p->view, &p->run->out, 0 };
	show_before(p->run, &p->view, &p->result, o);
	banner(p->run);
	print_part(p);
}

static void take_part(void *user, const struct observation *o, const struct msg *m)
{
	struct parts *p = user;

	if (!p->stop)
		return;
	if (!p->page)
		begin_parts(p, o);
	dig_part(&p->records, o, m);
	print_part(p);
}

/* It lives as long as the sockets: what is in flight when a lookup ends has its address. */
static struct parts *begin_transfer(
	struct lookup_run *r, const struct lookup_target *t, struct watch *w)
{
	struct parts *p = arena_alloc(r->arena, sizeof(*p));

	*p = (struct parts){ .run = r, .target = t, .stop = &w->over };
	p->ask = (struct lookup_parts){ take_part, p };
	return p;
}

static void end_parts(struct parts *p, struct lookup_result *result)
{
	p->stop = NULL;
	if (!p->page)
		return;
	p->run->out = (struct buf){ .arena = p->run->arena };
	result->shown = true;
	result->failed = p->result.failed;
	arena_free(p->page);
}

struct lookup_result lookup_ask(struct lookup_run *r, const struct lookup_target *t)
{
	const struct digargs_lookup *l = t->settings;
	struct watch w = { 0 };
	struct parts *parts = begin_transfer(r, t, &w);
	struct lookup_result result = { .first = r->facts->n };
	struct addr *servers = arena_alloc(r->arena, t->servers->n * sizeof(*servers));
	uint32_t seconds = lookup_transport(l) == TRANSPORT_UDP ? TIMEOUT_UDP : TIMEOUT_TCP;
	struct lookup_plan plan = {
		.question = t->question,
		.shape = t->shape,
		.servers = servers,
		.nservers = t->servers->n,
		.source = r->args->source,
		.transport = lookup_transport(l),
		.secure = secure_of(r, t),
		.role = ROLE_LOOKUP,
		.ignore_tc = l->ignore_tc,
		.keep_version = !l->negotiate,
		.keep_badcookie = l->keep_badcookie,
		.next_on_servfail = l->next_on_servfail,
		.transfer = t->question.type == RR_AXFR || t->question.type == RR_IXFR,
		.parts = &parts->ask,
		.id_given = l->id_given,
		.id = (uint16_t)l->id,
		.stream = r->args->keepopen ? STREAM_ANYBODY : 0,
		.zone = t->zone,
		.tries = l->tries,
		.timeout = (r->args->timeout ? r->args->timeout : seconds) * SECOND,
	};
	struct drive drive = { .wire = r->wire,
		.pace = r->pace,
		.facts = r->facts,
		.stop = &w.over,
		.tick = watch,
		.user = &w,
		.tick_every = TICK };
	struct lookup *lookup;

	for (size_t i = 0; i < t->servers->n; i++)
		servers[i] = t->servers->v[i].addr;
	lookup = lookup_new(r->arena, &plan);
	w.lookup = lookup;
	result.owner = lookup_probe(lookup);
	parts->result = result;
	(void)drive_run(&drive, lookup_probe(lookup));
	result.last = find_last(r, lookup, &result);
	end_parts(parts, &result);
	return result;
}

int lookup_show(struct lookup_run *r, const struct lookup_target *t,
	const struct lookup_result *result, bool meaning)
{
	struct dig_show show = show_of(t);
	const struct observation *last = result->last;
	struct dig_view v = view_of(r, &show);

	v.server = server_text(t, last);
	v.first = result->first;
	show.meaning = show.meaning && meaning;
	if (!last) {
		nobody(&v, &r->out);
		return DIG_NO_REPLY;
	}
	if (result->failed)
		return result->failed;
	if (!result->shown)
		show_before(r, &v, result, last);
	else if (last->outcome != OUTCOME_ANSWERED)
		dig_event(&v, last, &r->out);
	/* A failure to connect has said all, as in dig. */
	if (last->outcome != OUTCOME_REFUSED && last->outcome != OUTCOME_CHANNEL &&
		last->outcome != OUTCOME_NOT_SENT)
		banner(r);
	if (!last->msg && !last->transfer) {
		dig_no_reply(&v, last, &r->out);
		return DIG_NO_REPLY;
	}
	if (last->ask.transfer) {
		dig_transfer(&v, last, result->shown, &r->out);
		return last->transfer && last->transfer->state == XFR_DONE ? DIG_OK : DIG_NO_REPLY;
	}
	dig_reply(&v, last, &r->out);
	return is_reply(last) ? DIG_OK : DIG_NO_REPLY;
}
