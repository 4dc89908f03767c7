/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values in words, and summaries from the catalogue's templates. */
#include "render/words.h"

#include <math.h>
#include <string.h>

#include "base/err.h"
#include "dns/text.h"
#include "fault/fault.h"

enum { DNS_PORT = 53, SERVERS_MOST = 3, RANGES_MOST = 6, TEXTS_MOST = 6, KEY_MOST = 32 };

const char *words_server(struct arena *a, const struct addr *server)
{
	char text[ADDR_TEXT];

	if (server->port == DNS_PORT || !server->port)
		return arena_str(a, addr_text(server, text));
	return arena_str(a, addr_text_port(server, text));
}

const char *words_servers(struct arena *a, const struct addr *v, size_t n)
{
	struct buf b = { .arena = a };
	size_t shown = n > SERVERS_MOST + 1 ? SERVERS_MOST : n;

	for (size_t i = 0; i < shown; i++) {
		if (i)
			buf_str(&b, i + 1 == n ? " and " : ", ");
		buf_str(&b, words_server(a, &v[i]));
	}
	if (shown < n)
		buf_printf(&b, " and %zu more", n - shown);
	return buf_text(&b);
}

const char *words_software(struct arena *a, const struct audit *audit)
{
	const char *name = words_safe(a, audit->software);

	return audit->version ? arena_printf(a, "%s %s", name, words_safe(a, audit->version))
			      : name;
}

const char *words_share(struct arena *a, double share)
{
	double percent = share * 100;

	if (!(percent > 0))
		return "0%";
	if (percent < 1e-4)
		return "under 0.0001%";
	if (percent >= 99.95)
		return "100%";
	return arena_printf(a, percent < 1 ? "%.2g%%" : "%.1f%%", percent);
}

const char *words_duration(struct arena *a, uint64_t us)
{
	if (us < 1000)
		return "under 1 ms";
	if (us < 1000000)
		return arena_printf(a, "%u ms", (unsigned int)(us / 1000));
	return arena_printf(a, "%.1f s", (double)us / 1e6);
}

const char *words_ports(struct arena *a, const struct portset *s, uint32_t most)
{
	struct buf b = { .arena = a };
	struct portrange r = { 0, 0 };
	struct portset head = { .w = { 0 } };
	uint32_t n = portset_ranges(s), from = 0;

	if (n <= most) {
		portset_text(s, &b);
		return buf_text(&b);
	}
	for (uint32_t i = 0; i < most && portset_next_range(s, from, &r); i++) {
		portset_add_range(&head, r);
		from = (uint32_t)r.hi + 1;
	}
	portset_text(&head, &b);
	buf_printf(&b, ",... (%u ranges)", n);
	return buf_text(&b);
}

const char *words_some_ports(struct arena *a, const struct portset *s)
{
	return arena_printf(a, "%s %s", portset_count(s) == 1 ? "port" : "ports",
		words_ports(a, s, RANGES_MOST));
}

const char *words_name(struct arena *a, const struct name *n)
{
	char text[NAME_TEXT];

	return arena_str(a, name_text(n, text));
}

const char *words_question(struct arena *a, const struct question *q)
{
	char type[TEXT_MNEMONIC];

	return arena_printf(a, "%s %s", words_name(a, q->name), text_type(q->type, type));
}

const char *words_safe(struct arena *a, const char *text)
{
	struct buf b = { .arena = a };

	text_safe(&b, (struct span){ (const uint8_t *)text, strlen(text) });
	return buf_text(&b);
}

const char *words_meaning(enum msg_meaning m)
{
	static const char *const words[] = {
		[MEANS_ANSWER] = "data",
		[MEANS_ALIAS] = "an alias, and nothing behind it",
		[MEANS_NODATA] = "NODATA: the name exists, but has no such record",
		[MEANS_REFERRAL] = "a referral to another zone",
		[MEANS_UPWARD] = "a referral upwards: it does not know the zone",
		[MEANS_NXDOMAIN] = "NXDOMAIN: the name does not exist",
		[MEANS_SERVFAIL] = "SERVFAIL: it could not find out",
		[MEANS_REFUSED] = "REFUSED: it does not want to answer",
		[MEANS_TRUNCATED] = "a truncated reply (TC)",
		[MEANS_OTHER_RCODE] = "an error",
		[MEANS_UNREADABLE] = "nothing readable",
	};

	return (size_t)m < ARRAY_LEN(words) ? words[m] : "something unknown";
}

/* "ns1.example./192.0.2.1": the length of the name; 0: no server is meant. */
static size_t server_name(const char *text)
{
	const char *slash = strrchr(text, '/');
	struct addr addr;

	return slash && addr_parse(slash + 1, &addr) == 0 ? (size_t)(slash - text) : 0;
}

/* The same name, at another address. */
static bool same_server(const char *x, const char *y)
{
	size_t n = server_name(x);

	return n == server_name(y) && strncmp(x, y, n) == 0;
}

static bool told_before(const struct detail *d, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (same_server(d->texts[k], d->texts[i]))
			return true;
	return false;
}

/* Servers by name, addresses behind: "ns1.example. (192.0.2.1, 2001:db8::1), ns2.example. (…)". */
static const char *servers_by_name(struct arena *a, const struct detail *d)
{
	struct buf b = { .arena = a };
	size_t n = 0;

	for (size_t i = 0; i < d->ntexts; i++) {
		size_t len = server_name(d->texts[i]);

		if (told_before(d, i) || n++ >= TEXTS_MOST)
			continue;
		buf_printf(&b, "%s%s (%s", n > 1 ? ", " : "",
			words_safe(a, arena_printf(a, "%.*s", (int)len, d->texts[i])),
			d->texts[i] + len + 1);
		for (size_t k = i + 1; k < d->ntexts; k++)
			if (same_server(d->texts[i], d->texts[k]))
				buf_printf(&b, ", %s", d->texts[k] + len + 1);
		buf_char(&b, ')');
	}
	if (n > TEXTS_MOST)
		buf_printf(&b, " and %zu more", n - TEXTS_MOST);
	return buf_text(&b);
}

static bool are_servers(const struct detail *d)
{
	size_t n = 0;

	for (size_t i = 0; i < d->ntexts; i++)
		n += server_name(d->texts[i]) > 0;
	return n && n == d->ntexts;
}

static const char *texts(struct arena *a, const struct detail *d)
{
	struct buf b = { .arena = a };

	if (are_servers(d))
		return servers_by_name(a, d);

	for (size_t i = 0; i < d->ntexts && i < TEXTS_MOST; i++)
		buf_printf(&b, "%s%s", i ? ", " : "", words_safe(a, d->texts[i]));
	if (d->ntexts > TEXTS_MOST)
		buf_printf(&b, " and %zu more", d->ntexts - TEXTS_MOST);
	return d->ntexts ? buf_text(&b) : NULL;
}

static const char *integer(struct arena *a, const struct detail *d)
{
	return arena_printf(a, "%lld", (long long)d->integer);
}

static const char *share(struct arena *a, const struct detail *d)
{
	return words_share(a, d->number);
}

static const char *duration(struct arena *a, const struct detail *d)
{
	return words_duration(a, d->integer > 0 ? (uint64_t)d->integer : 0);
}

static const char *text(struct arena *a, const struct detail *d)
{
	return d->text && *d->text ? words_safe(a, d->text) : NULL;
}

static const char *name(struct arena *a, const struct detail *d)
{
	return d->name ? words_name(a, d->name) : NULL;
}

static const char *address(struct arena *a, const struct detail *d)
{
	return words_server(a, &d->addr);
}

static const char *ports(struct arena *a, const struct detail *d)
{
	return d->ports && !portset_empty(d->ports) ? words_some_ports(a, d->ports) : NULL;
}

/* Each NULL when the detail holds nothing. */
static const char *(*const values[])(struct arena *a, const struct detail *d) = {
	[DETAIL_INT] = integer,
	[DETAIL_SHARE] = share,
	[DETAIL_DURATION] = duration,
	[DETAIL_TEXT] = text,
	[DETAIL_NAME] = name,
	[DETAIL_ADDR] = address,
	[DETAIL_PORTS] = ports,
	[DETAIL_TEXTS] = texts,
};

/* The value of a key: a detail, else what every finding may have. NULL: missing. */
static const char *lookup(struct arena *a, const struct finding *x, const char *key)
{
	const struct detail *d = finding_find(x, key);

	if (d)
		return values[d->kind](a, d);
	if (strcmp(key, "servers") == 0 && x->servers.n)
		return words_servers(a, x->servers.v, x->servers.n);
	if (strcmp(key, "subject") == 0 && x->subject)
		return words_name(a, x->subject);
	return NULL;
}

static const char *missing(const char *key)
{
	if (strcmp(key, "servers") == 0)
		return "a server";
	return strcmp(key, "subject") == 0 ? "the zone" : "(unknown)";
}

/* Appends the template's text from t to its end; false when a key was missing. */
static bool fill(struct buf *b, const struct finding *x, struct span t)
{
	bool all = true;

	for (size_t i = 0; i < t.n; i++) {
		char key[KEY_MOST] = "";
		size_t n = 0;
		const char *v;

		if (t.p[i] != '{') {
			buf_char(b, (char)t.p[i]);
			continue;
		}
		for (i++; i < t.n && t.p[i] != '}' && n + 1 < sizeof(key); i++)
			key[n++] = (char)t.p[i];
		v = lookup(b->arena, x, key);
		all &= v != NULL;
		buf_str(b, v ? v : missing(key));
	}
	return all;
}

/* "with {key}|without", as between the brackets of a template. */
static void fill_choice(struct buf *b, const struct finding *x, struct span t)
{
	struct buf with = { .arena = b->arena };
	const uint8_t *bar = memchr(t.p, '|', t.n);
	size_t n = bar ? (size_t)(bar - t.p) : t.n;

	if (fill(&with, x, (struct span){ t.p, n }))
		buf_str(b, buf_text(&with));
	else if (bar)
		fill(b, x, (struct span){ bar + 1, t.n - n - 1 });
}

const char *words_summary(struct arena *a, const struct finding *x)
{
	const struct fault *f = fault_find(x->id);
	struct buf b = { .arena = a };
	const char *t = x->line ? x->line : f ? f->summary : x->id;

	while (*t) {
		size_t n = strcspn(t, *t == '[' ? "]" : "[");
		const uint8_t *p = (const uint8_t *)t;

		if (*t == '[')
			fill_choice(&b, x, (struct span){ p + 1, n - 1 });
		else
			fill(&b, x, (struct span){ p, n });
		t += n + (t[n] == ']');
	}
	return buf_text(&b);
}
