/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How each software asks again: the table, and the makes that follow a plain plan. */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "infer/servfail_walk.h"

/*
 * Rows of one software: oldest first. Sources, where a row has no code of its own:
 * - dnsmasq 2.90 forward.c: no retry of its own; a client's is sent on from the same port.
 * - systemd 255 resolved-dns-transaction.c: 24 attempts of 5 s, one socket while the server stays;
 *   after 3 losses plain UDP, after 3 more TCP (resolved-dns-server.c).
 * - CoreDNS plugin/forward: 2 s a read, 5 s in all; at most twice the upstreams since 1.13.2. It
 *   keeps sockets that worked for 10 s, so a busy one draws less often than this says.
 * - glibc 2.36 res_send.c: twice through all servers, 5 s each, one socket for a server. Waits of
 *   more than one server differ by a second.
 * - dnsdist 1.7: one socket for a backend's life, nothing is asked again, given up after 2 s.
 * - Windows: 2,500 ports drawn at start (KB956188); RecursionRetry 3 s and RecursionTimeout 8 s as
 *   documented, the rest was not read.
 */
static const struct servfail_row rows[] = {
	{ "unbound", "", "1.17.1-2+deb12u3", .make = &servfail_unbound, .twice = true },
	/* Debian's fix of CVE-2024-33655 brought discard-timeout to 1.17.1. */
	{ "unbound", "1.17.1-2+deb12u3", "1.17.2", .make = &servfail_unbound, .twice = true,
		.silent_after = 1900 * SERVFAIL_MS },
	{ "unbound", "1.17.2", "1.19.3", .make = &servfail_unbound, .twice = true },
	{ "unbound", "1.19.3", "1.20", .make = &servfail_unbound },
	{ "unbound", "1.20", "", .make = &servfail_unbound, .silent_after = 1900 * SERVFAIL_MS },
	{ "bind", "", "9.21.23", .make = &servfail_bind },
	{ "bind", "9.21.23", "", .make = &servfail_bind, .tcp_after = 2 },
	{ "pdns-recursor", "", "", .make = &servfail_pdns },
	{ "knot-resolver", "", "5.5", .make = &servfail_kresd, .assumed = true },
	{ "knot-resolver", "5.5", "", .make = &servfail_kresd, .tcp_after = 2 },
	{ "dnsmasq", "", "", .make = &servfail_dnsmasq, .reuse = SERVFAIL_PER_LOOKUP,
		.mute = true },
	{ "systemd-resolved", "", "", .make = &servfail_plain, .reuse = SERVFAIL_WHILE_SERVER,
		.tries = 24, .wait = 5 * SERVFAIL_S, .limit = 120 * SERVFAIL_S, .tcp_after = 6 },
	{ "coredns", "", "1.13.2", .make = &servfail_plain, .tries = 3, .wait = 2 * SERVFAIL_S,
		.limit = 5 * SERVFAIL_S },
	{ "coredns", "1.13.2", "", .make = &servfail_plain, .tries = 2, .wait = 2 * SERVFAIL_S,
		.limit = 5 * SERVFAIL_S },
	{ "glibc", "", "", .make = &servfail_plain, .reuse = SERVFAIL_PER_SERVER, .tries = 2,
		.wait = 5 * SERVFAIL_S },
	{ "dnsdist", "", "", .make = &servfail_plain, .tries = 1, .wait = 2 * SERVFAIL_S,
		.mute = true, .life = 1 },
	{ "windows", "", "", .make = &servfail_plain, .tries = 3, .wait = 3 * SERVFAIL_S,
		.limit = 8 * SERVFAIL_S, .life = 2500, .assumed = true },
};

/* Numbers of a version in their order: "1.17.1-2+deb12u3" is 1 17 1 2 12 3; what lacks is 0. */
static int compare_versions(const char *a, const char *b)
{
	for (;;) {
		unsigned long x, y;
		char *end;

		a += strcspn(a, "0123456789");
		b += strcspn(b, "0123456789");
		if (!*a && !*b)
			return 0;
		x = strtoul(a, &end, 10);
		a = end;
		y = strtoul(b, &end, 10);
		b = end;
		if (x != y)
			return x < y ? -1 : 1;
	}
}

const struct servfail_row *servfail_row_of(const char *software, const char *version)
{
	const struct servfail_row *newest = NULL;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct servfail_row *r = &rows[i];

		if (strcmp(r->software, software) != 0)
			continue;
		newest = r;
		if (version && compare_versions(version, r->from) >= 0 &&
			(!*r->before || compare_versions(version, r->before) < 0))
			return r;
	}
	return newest;
}

static void nothing(struct servfail_walk *w, const struct servfail_try *t)
{
	(void)w;
	(void)t;
}

static void plain_begin(struct servfail_walk *w)
{
	(void)w;
}

/* Server after server, so many times round. */
static bool plain_next(struct servfail_walk *w, struct servfail_try *ret)
{
	const struct servfail_row *r = w->row;
	uint32_t server = w->sent % w->c->n;

	if (w->sent == r->tries * w->c->n || (r->limit && w->now >= r->limit))
		return false;
	*ret = (struct servfail_try){
		.server = server,
		.tcp = r->tcp_after && w->tried[server].silent >= r->tcp_after,
		.wait = r->wait,
	};
	return true;
}

const struct servfail_make servfail_plain = {
	.begin = plain_begin,
	.next = plain_next,
	.silent = nothing,
	.answered = nothing,
};

/*
 * dnsmasq asks the server that answered last, and all of them when it has none, every 50 queries,
 * every 20 s and when its client asks again (config.h FORWARD_TEST, FORWARD_TIME).
 */
enum { ALL_AFTER = 50, ALL_TIME = 20 };

static void dnsmasq_begin(struct servfail_walk *w)
{
	bool all = !w->memory[w->favourite].known || w->since_all++ > ALL_AFTER ||
		   w->began - w->all_at > ALL_TIME * SERVFAIL_S;

	w->again = all;
	if (all) {
		w->since_all = 0;
		w->all_at = w->began;
	}
	w->last = all ? 0 : w->favourite;
}

/* Those of one time are sent at once: only the last waits, for the client. */
static bool dnsmasq_next(struct servfail_walk *w, struct servfail_try *ret)
{
	bool end;

	if (w->round == w->c->client_tries)
		return false;
	end = !w->again || w->last + 1 == w->c->n;
	*ret = (struct servfail_try){ .server = w->last, .late = true };
	if (end) {
		ret->wait = w->c->patience;
		w->round++;
		w->again = true;
	}
	w->last = end ? 0 : w->last + 1;
	return true;
}

static void dnsmasq_answered(struct servfail_walk *w, const struct servfail_try *t)
{
	w->memory[w->favourite].known = false;
	w->favourite = t->server;
	w->memory[t->server].known = true;
}

const struct servfail_make servfail_dnsmasq = {
	.begin = dnsmasq_begin,
	.next = dnsmasq_next,
	.silent = nothing,
	.answered = dnsmasq_answered,
	.draws = true,
};
