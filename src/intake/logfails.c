/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Domains whose look-ups failed. */
#include "intake/logfails.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/siphash.h"

static const char *const whats[LOGFAIL_WHATS] = {
	[LOGFAIL_ROUTE] = "route",
	[LOGFAIL_MX] = "mx",
	[LOGFAIL_MX_HOSTS] = "mx-hosts",
	[LOGFAIL_ADDRESS] = "address",
	[LOGFAIL_HELO] = "helo",
	[LOGFAIL_PTR] = "ptr",
	[LOGFAIL_TLSA] = "tlsa",
	[LOGFAIL_SPF] = "spf",
	[LOGFAIL_DKIM] = "dkim",
	[LOGFAIL_DMARC] = "dmarc",
	[LOGFAIL_TXT] = "txt",
	[LOGFAIL_NULL_MX] = "null-mx",
	[LOGFAIL_MX_LOOP] = "mx-loop",
	[LOGFAIL_UNROUTED] = "unrouted",
	[LOGFAIL_QUERY] = "query",
	[LOGFAIL_SERVER] = "server",
};

static const char *const hows[LOGFAIL_HOWS] = {
	[LOGFAIL_TEMPORARY] = "temporary",
	[LOGFAIL_PERMANENT] = "permanent",
	[LOGFAIL_UNKNOWN] = "unknown",
};

const char *logfail_what_text(enum logfail_what what)
{
	assert(what < LOGFAIL_WHATS);
	return whats[what];
}

const char *logfail_how_text(enum logfail_how how)
{
	assert(how < LOGFAIL_HOWS);
	return hows[how];
}

struct logfails *logfails_new(struct arena *a, size_t most, struct rng *r)
{
	struct logfails *f = arena_alloc(a, sizeof(*f));
	uint64_t key[2] = { rng_u64(r), rng_u64(r) };

	f->arena = a;
	f->table.arena = a;
	f->most = most;
	memcpy(f->key, key, sizeof(f->key));
	return f;
}

static uint64_t hash_of(const struct logfails *f, const struct name *n)
{
	return siphash(f->key, (struct span){ n->wire, n->len });
}

struct logfail_domain *logfails_find(const struct logfails *f, const struct name *n)
{
	struct table_node *at = table_first(&f->table, hash_of(f, n));

	while (at && !name_same_case(((struct logfail_domain *)at)->name, n))
		at = table_next(at);
	return (struct logfail_domain *)at;
}

/* NULL: it is not held, and there is no room. */
static struct logfail_domain *domain(struct logfails *f, const struct name *n)
{
	struct logfail_domain *d = logfails_find(f, n);

	if (d || f->domains == f->most)
		return d;
	d = arena_alloc(f->arena, sizeof(*d));
	d->name = name_keep(f->arena, n);
	table_add(&f->table, &d->node, hash_of(f, n));
	f->domains++;
	return d;
}

static bool is_same(const struct logfail_row *r, const struct logfail *f)
{
	return r->type == f->type && r->what == f->what && r->how == f->how &&
	       r->theirs == f->theirs && r->reply.came == f->reply.came &&
	       r->reply.rcode == f->reply.rcode && addr_equal(&r->by, &f->by);
}

static struct logfail_row *row(struct logfails *f, const struct logfail *fail)
{
	struct logfail_domain *d = domain(f, &fail->domain);
	struct logfail_row *r = d ? d->rows : NULL;

	while (r && !is_same(r, fail))
		r = r->next;
	if (!d || (!r && d->n == LOGFAIL_ROWS_MOST))
		return NULL;
	if (!r) {
		r = arena_alloc(f->arena, sizeof(*r));
		*r = (struct logfail_row){ .next = d->rows,
			.type = fail->type,
			.what = fail->what,
			.how = fail->how,
			.theirs = fail->theirs,
			.reply = fail->reply,
			.by = fail->by };
		d->rows = r;
		d->n++;
	}
	d->count++;
	return r;
}

void logfails_add(struct logfails *f, const struct logfail *fail, uint64_t when)
{
	struct logfail_row *r = row(f, fail);

	f->count++;
	if (!r) {
		f->left_out++;
		return;
	}
	r->count++;
	if (!when)
		return;
	if (!r->first || when < r->first)
		r->first = when;
	if (when > r->last)
		r->last = when;
}

static int by_count(uint64_t a, uint64_t b)
{
	return a > b ? -1 : a < b;
}

static int compare_domains(const void *a, const void *b)
{
	const struct logfail_domain *x = *(struct logfail_domain *const *)a;
	const struct logfail_domain *y = *(struct logfail_domain *const *)b;
	int order = by_count(x->count, y->count);

	return order ? order : name_compare(x->name, y->name);
}

static unsigned int rank(const struct logfail_row *r)
{
	return ((unsigned int)r->what << 24) | ((unsigned int)r->how << 20) |
	       ((unsigned int)r->theirs << 16) | r->type;
}

static unsigned int rank_reply(const struct logfail_row *r)
{
	return ((unsigned int)r->reply.came << 16) | r->reply.rcode;
}

static int compare_rows(const void *a, const void *b)
{
	const struct logfail_row *x = *(struct logfail_row *const *)a;
	const struct logfail_row *y = *(struct logfail_row *const *)b;
	int order = by_count(x->count, y->count);

	if (!order)
		order = (rank(x) > rank(y)) - (rank(x) < rank(y));
	if (!order)
		order = (rank_reply(x) > rank_reply(y)) - (rank_reply(x) < rank_reply(y));
	return order ? order : addr_compare(&x->by, &y->by);
}

static void sort_rows(struct logfail_domain *d)
{
	struct logfail_row *v[LOGFAIL_ROWS_MOST] = { NULL }, *r = d->rows;
	unsigned int n = 0;

	for (; r; r = r->next)
		v[n++] = r;
	qsort(v, n, sizeof(*v), compare_rows);
	for (d->rows = NULL; n--;) {
		v[n]->next = d->rows;
		d->rows = v[n];
	}
}

struct logfail_domain **logfails_sorted(struct logfails *f, struct arena *a)
{
	struct logfail_domain **v = arena_alloc(a, f->domains * sizeof(*v));
	size_t n = 0;

	for (size_t i = 0; i < f->table.size; i++)
		for (struct table_node *at = f->table.buckets[i]; at; at = at->next)
			v[n++] = (struct logfail_domain *)at;
	assert(n == f->domains);
	if (n)
		qsort(v, n, sizeof(*v), compare_domains);
	for (size_t i = 0; i < n; i++)
		sort_rows(v[i]);
	return v;
}
