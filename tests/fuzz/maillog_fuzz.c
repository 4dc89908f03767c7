/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any octets as a log of mail programs, of resolvers, and as a packed file of it: the same is found
 * whole and cut in two, the bound holds, and what comes out is a host name.
 */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "dns/hostname.h"
#include "fuzz/fuzz.h"
#include "intake/logname.h"
#include "intake/maillog.h"
#include "intake/resolverlog.h"
#include "intake/unpack.h"

enum { DOMAINS_MOST = 4 };

static const struct logstamp_clock clock_now = { .now = 1795867200ULL * 1000000 };

typedef struct logread *make(
	struct arena *a, struct logfails *fails, const struct logstamp_clock *clock);

static struct logfails *fails_new(struct arena *a)
{
	struct rng rng = rng_seed(1);

	return logfails_new(a, DOMAINS_MOST, &rng);
}

static void sane(struct logfails *f, const struct logread_tally *t)
{
	uint64_t count = 0;

	assert(f->domains <= DOMAINS_MOST);
	assert(t->telling <= t->lines && t->overlong <= t->lines);
	for (size_t i = 0; i < f->domains; i++) {
		struct logfail_domain *d = logfails_sorted(f, f->arena)[i];

		assert(name_labels(d->name) >= 2);
		assert(!(hostname_breaks(d->name) & ~(unsigned int)HOSTNAME_DOUBLE_DASH));
		count += d->count;
	}
	assert(count + f->left_out == f->count);
}

static void same(struct logfails *x, struct logfails *y)
{
	struct logfail_domain **v = logfails_sorted(x, x->arena),
			      **w = logfails_sorted(y, x->arena);

	assert(x->domains == y->domains && x->count == y->count);
	for (size_t i = 0; i < x->domains; i++)
		assert(name_same_case(v[i]->name, w[i]->name) && v[i]->count == w[i]->count &&
			v[i]->n == w[i]->n);
}

static void read_log(make *how, struct span all)
{
	struct arena *a = arena_new();
	struct logfails *whole = fails_new(a), *parts = fails_new(a);
	struct logread *r = how(a, whole, &clock_now);
	size_t cut = all.n ? all.p[0] % (all.n + 1) : 0;

	logread_feed(r, all);
	logread_end(r);
	sane(whole, logread_tally(r));
	logread_free(r);
	r = how(a, parts, &clock_now);
	logread_feed(r, (struct span){ all.p, cut });
	logread_feed(r, (struct span){ all.p + cut, all.n - cut });
	logread_end(r);
	same(whole, parts);
	logread_free(r);
	arena_free(a);
}

/* No more than 16 MiB of what it unpacks to. */
static void unpack(struct span all)
{
	FILE *stream = all.n ? fmemopen((void *)all.p, all.n, "rb") : NULL;
	struct unpack *u;
	char block[4096];
	size_t n, sum = 0;

	if (!stream)
		return;
	u = unpack_new(stream);
	while (sum < 16 << 20 && (n = unpack_read(u, block, sizeof(block))) > 0)
		sum += n;
	assert(sum >= 16 << 20 || unpack_read(u, block, sizeof(block)) == 0);
	unpack_free(u);
	fclose(stream);
}

/* What is left has no local part of letters. */
static void strip(struct span all)
{
	uint8_t to[4096];
	size_t n;

	if (all.n > sizeof(to))
		all.n = sizeof(to);
	n = logname_strip(all, to);
	assert(n <= all.n);
	for (size_t i = 1; i < n; i++)
		assert(to[i] != '@' || !logname_char(to[i - 1]));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span all = { data, size };

	read_log(maillog_new, all);
	read_log(resolverlog_new, all);
	unpack(all);
	strip(all);
	return 0;
}
