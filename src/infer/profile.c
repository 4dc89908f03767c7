/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Read from captures in lab/lab signed of packages of Debian 12: bind9 9.18.49, unbound 1.17.1,
 * pdns-recursor 4.8.8, knot-resolver 5.6.0, dig of bind9-dnsutils 9.18.49, glibc 2.36
 * (getaddrinfo). Resolvers as they ask authoritative servers, dig and glibc as they ask anybody.
 *
 * DNSSEC is as the packages have it, with the lab's anchor. Without (dnssec=off, which the lab's
 * own configuration says) pdns-recursor leaves DO out; the others do not change. BIND leaves CD
 * out of some queries for the keys, and so does kresd its capitals of the first ones.
 *
 * Source ports are those of their documentation and source code, as they come: outgoing-port-avoid
 * of Unbound and udp-source-port-avoid of pdns-recursor 4.2 and later (11211) leave some out.
 */
#include "infer/profile.h"

#include <string.h>

#include "base/err.h"
#include "dns/rr.h"

enum { SIZE = 1232, COOKIE = 8 };

/* The client's half alone, as before the server gave its own (RFC 7873 4.1). */
static const uint8_t cookie[COOKIE] = { 0x5a, 0x31, 0x9c, 0x07, 0xe2, 0x4d, 0xb8, 0x66 };
static const struct shape_option cookies[] = { { EDNS_COOKIE, COOKIE, cookie } };

#define EDNS	.edns = true, .edns_size = SIZE
#define DO	.edns_flags = EDNS_DO
#define COOKIES .options = cookies, .noptions = ARRAY_LEN(cookies)

/* Those that leave it to the kernel: Linux' net.ipv4.ip_local_port_range, as it comes. */
#define KERNEL .ports = "32768-60999"

const struct profile profile_table[] = {
	{ "bind-9.18", "CD, EDNS 1232, DO, COOKIE", { .flags = FLAG_CD, EDNS, DO, COOKIES },
		KERNEL },
	{ "unbound-1.17", "CD, EDNS 1232, DO", { .flags = FLAG_CD, EDNS, DO },
		.ports = "1024-49151,49408-65535", .unbound = "1.17.1" },
	{ "pdns-rec-4.8", "EDNS 1232, DO", { EDNS, DO }, .ports = "1024-11210,11212-65535" },
	{ "kresd-5.6", "CD, EDNS 1232, DO, letters in mixed case", { .flags = FLAG_CD, EDNS, DO },
		.mixed = true, KERNEL },
	{ "dig-9.18", "RD, AD, EDNS 1232, COOKIE", { .flags = FLAG_RD | FLAG_AD, EDNS, COOKIES },
		KERNEL },
	{ "glibc", "RD", { .flags = FLAG_RD }, KERNEL },
	{ "plain", "no flags, no EDNS", { .flags = 0 }, KERNEL },
};
const size_t profile_count = ARRAY_LEN(profile_table);

const struct profile *profile_find(const char *slug)
{
	for (size_t i = 0; i < profile_count; i++)
		if (strcmp(profile_table[i].slug, slug) == 0)
			return &profile_table[i];
	return NULL;
}

struct ask profile_ask(struct arena *a, const struct profile *p, const struct question *q)
{
	struct ask ask = { .question = *q, .shape = p->shape };

	if (p->mixed) {
		struct name mixed = name_mixed(q->name);

		ask.question.name = name_keep(a, &mixed);
	}
	return ask;
}
