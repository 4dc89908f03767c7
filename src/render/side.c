/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The resolver's own side in words: what it draws from, what was seen, what that costs. */
#include <math.h>

#include "base/err.h"
#include "render/words.h"

enum {
	RANGES_MOST = 8,
	LINES_MOST = 4,
	POOLS_MOST = 16,
	SEEN_MOST = 6,
	REMARKS_MOST = 8,
	SAMPLES_TELL = 16
};

/* So few lookups are answered that their delay is of no interest. */
#define MOST_FAIL 0.999

static void put(struct making *m, unsigned int depth, enum report_mark mark, const char *text)
{
	vec_push(m->a, &m->r->side, (struct report_line){ depth, mark, text });
}

static const char *per_try_text(uint8_t per_try)
{
	static const char *const texts[] = {
		[PER_TRY_UNKNOWN] = "",
		[PER_TRY_FRESH] = ", a fresh one for each try",
		[PER_TRY_REUSED] = ", the same one for all tries",
	};

	return per_try < ARRAY_LEN(texts) ? texts[per_try] : "";
}

static const char *family_text(const struct pool *p)
{
	return p->family == ADDR_V4 ? " over IPv4" : p->family == ADDR_V6 ? " over IPv6" : "";
}

static const char *towards(struct making *m, const struct pool *p)
{
	char text[ADDR_TEXT];

	if (p->only.family == ADDR_NONE)
		return family_text(p);
	return arena_printf(m->a, " towards %s/%u", addr_text(&p->only, text), p->only_bits);
}

static const char *pool_text(struct making *m, const struct pool *p)
{
	uint32_t n = portset_count(p->ports);
	const char *set = words_ports(m->a, p->ports, RANGES_MOST);

	if (!n)
		return arena_printf(m->a, "no port at all%s", towards(m, p));
	if (p->fixed || n == 1)
		return arena_printf(m->a, "one port, %s%s", set, towards(m, p));
	if (p->life && p->life < n)
		return arena_printf(m->a, "%u port%s that it draws at its start from %s%s", p->life,
			p->life == 1 ? "" : "s", set, towards(m, p));
	return arena_printf(
		m->a, "%u ports: %s%s%s", n, set, towards(m, p), per_try_text(p->per_try));
}

static const char *line_text(struct making *m, const struct pool_line *l)
{
	const char *file = words_safe(m->a, l->file);

	if (!l->text || !*l->text)
		return l->line ? arena_printf(m->a, "%s, line %u", file, l->line) : file;
	if (!l->line)
		return arena_printf(m->a, "%s: %s", file, words_safe(m->a, l->text));
	return arena_printf(m->a, "%s, line %u: %s", file, l->line, words_safe(m->a, l->text));
}

static void put_pool(struct making *m, const struct pool *p)
{
	size_t n = 0;

	put(m, 1, MARK_NONE, pool_text(m, p));
	vec_each (const struct pool_line, l, p->lines)
		if (n++ < LINES_MOST)
			put(m, 2, MARK_NONE, line_text(m, l));
	if (n > LINES_MOST)
		put(m, 2, MARK_NONE, arena_printf(m->a, "and %zu more lines", n - LINES_MOST));
	if (!n && p->kernel)
		put(m, 2, MARK_NONE, "the kernel chooses (net.ipv4.ip_local_port_range)");
	else if (!n)
		put(m, 2, MARK_NONE, "its defaults: no setting changes them");
}

static void put_remarks(struct making *m, const struct audit *a)
{
	size_t n = 0;

	vec_each (const struct pool_remark, r, a->remarks) {
		const char *text = r->text ? r->text : r->slug;

		if (n++ == REMARKS_MOST)
			break;
		if (r->detail)
			text = arena_printf(m->a, "%s (%s)", text, words_safe(m->a, r->detail));
		if (r->at.file)
			text = arena_printf(m->a, "%s: %s", line_text(m, &r->at), text);
		put(m, 1, MARK_DOUBT, text);
	}
}

static void put_audit(struct making *m, const struct audit *a)
{
	const char *file = a->file ? words_safe(m->a, a->file) : NULL;
	const char *what = a->forwarder ? "forwards, and draws from" : "draws from";
	size_t n = 0;

	put(m, 0, a->unread ? MARK_DOUBT : MARK_NONE,
		file ? arena_printf(m->a, "%s, by %s, %s:", words_software(m->a, a), file, what)
		     : arena_printf(m->a,
			       "%s, without a configuration, %s:", words_software(m->a, a), what));
	vec_each (const struct pool, p, a->pools)
		if (n++ < POOLS_MOST)
			put_pool(m, p);
	if (n > POOLS_MOST)
		put(m, 1, MARK_NONE,
			arena_printf(m->a, "and %zu more pools (--json has all)", n - POOLS_MOST));
	put_remarks(m, a);
}

static const char *fixed_text(struct arena *a, const struct pool_estimate *e)
{
	return arena_printf(a, "always from %s", words_some_ports(a, &e->seen));
}

static const char *small_text(struct arena *a, const struct pool_estimate *e)
{
	return arena_printf(
		a, "from few ports: about %.0f (%.0f to %.0f)", e->size, e->size_low, e->size_high);
}

static const char *uniform_text(struct arena *a, const struct pool_estimate *e)
{
	return arena_printf(a, "at random from %u-%u: about %.0f ports (%.0f to %.0f)", e->range.lo,
		e->range.hi, e->size, e->size_low, e->size_high);
}

static const char *sequential_text(struct arena *a, const struct pool_estimate *e)
{
	(void)a;
	(void)e;
	return "one port after the other";
}

static const char *uneven_text(struct arena *a, const struct pool_estimate *e)
{
	(void)a;
	(void)e;
	return "unevenly";
}

static const char *untold_text(struct arena *a, const struct pool_estimate *e)
{
	(void)a;
	(void)e;
	return "too few to tell how they are drawn";
}

static const char *shape_text(struct arena *a, const struct pool_estimate *e)
{
	static const char *(*const texts[POOL_SHAPES])(
		struct arena * a, const struct pool_estimate *e) = {
		[POOL_UNTOLD] = untold_text,
		[POOL_FIXED] = fixed_text,
		[POOL_SMALL] = small_text,
		[POOL_SEQUENTIAL] = sequential_text,
		[POOL_UNIFORM] = uniform_text,
		[POOL_UNEVEN] = uneven_text,
	};

	return texts[e->shape](a, e);
}

static const char *fit_text(const struct pool_seen *s)
{
	static const char *const texts[] = {
		[POOL_FIT_UNTOLD] = "; too few to compare with the configuration",
		[POOL_FITS] = "; as configured",
		[POOL_FIT_OUTSIDE] = "; not as configured: ports outside",
		[POOL_FIT_NARROW] = "; not as configured: a part of the ports only",
		[POOL_FIT_SPREAD] = "; not as configured: too many ports",
	};

	return s->said && (size_t)s->fits.fit < ARRAY_LEN(texts) ? texts[s->fits.fit] : "";
}

static enum report_mark fit_mark(const struct pool_seen *s)
{
	if (!s->said || s->fits.fit == POOL_FIT_UNTOLD)
		return MARK_NONE;
	return s->fits.fit == POOL_FITS ? MARK_GOOD : MARK_BAD;
}

static const char *where_seen(uint8_t source)
{
	static const char *const texts[] = {
		[SIGHT_CAPTURE] = "seen leaving",
		[SIGHT_DNSTAP] = "told by dnstap",
		[SIGHT_SOCKET] = "seen among open sockets",
		[SIGHT_BEACON] = "arrived at the beacon",
	};

	return source < ARRAY_LEN(texts) ? texts[source] : "seen";
}

/* By groups of ports, when something was not answered: where silences crowd. */
static void put_buckets(struct making *m, const struct pool_estimate *e)
{
	uint32_t silent = 0;

	vec_each (const struct pool_bucket, b, e->buckets)
		silent += b->silent;
	vec_each (const struct pool_bucket, b, e->buckets)
		if (silent && b->silent + b->answered)
			put(m, 1, MARK_NONE,
				arena_printf(m->a,
					"ports %u-%u: %u of %u queries without an answer (%s to "
					"%s)",
					b->range.lo, b->range.hi, b->silent,
					b->silent + b->answered, words_share(m->a, b->low),
					words_share(m->a, b->high)));
}

static void put_seen(struct making *m, const struct pool_seen *s)
{
	const struct pool_estimate *e = s->estimate;
	char from[ADDR_TEXT];

	put(m, 0, fit_mark(s),
		arena_printf(m->a, "%u queries %s%s%s, %u different port%s: %s%s", e->samples,
			where_seen(e->source), e->from.family ? " from " : "",
			e->from.family ? addr_text(&e->from, from) : "", e->distinct,
			e->distinct == 1 ? "" : "s", shape_text(m->a, e), fit_text(s)));
	if (e->retries)
		put(m, 1, MARK_NONE,
			arena_printf(m->a, "%u of them asked again, %u from the same port",
				e->retries, e->retries_same));
	if (e->source != SIGHT_SOCKET && e->samples >= SAMPLES_TELL)
		put(m, 1, e->ids_following * 2 > e->samples ? MARK_BAD : MARK_NONE,
			arena_printf(m->a, "message ids: %u different, %u close behind the last",
				e->ids_distinct, e->ids_following));
	put_buckets(m, e);
}

static bool alike(const struct exposure *a, const struct exposure *b)
{
	return a->pool && b->pool && a->by_toll == b->by_toll && a->refuted == b->refuted &&
	       a->untested == b->untested && a->unasked == b->unasked &&
	       fabs(a->fraction - b->fraction) < 1e-12 && portset_equal(&a->hit, &b->hit);
}

static void add_toll(struct pool_toll *to, const struct pool_toll *t)
{
	to->asked += t->asked;
	to->answered += t->answered;
}

/* Who asks for the resolver that was asked: itself, or those that it forwards to. */
static void put_chain(struct making *m, const struct pools *p)
{
	const struct facts *f = m->r->facts;
	struct VEC(struct addr) others = { 0 };

	if (!f->targets.n)
		return;
	vec_each (const struct pool_seen, s, p->seen)
		if (s->estimate->source == SIGHT_BEACON &&
			!addr_same_host(&s->estimate->from, &f->targets.v[0]))
			vec_push(m->a, &others, s->estimate->from);
	if (others.n && !addr_is_loopback(&f->targets.v[0]))
		put(m, 0, MARK_NONE,
			arena_printf(m->a,
				"%s was asked, and %s asked the beacon: it forwards there, sends "
				"from there, or is translated to that",
				words_server(m->a, &f->targets.v[0]),
				words_servers(m->a, others.v, others.n)));
}

static const char *toll_text(
	struct making *m, const struct pool_toll *hit, const struct pool_toll *rest)
{
	struct buf b = { .arena = m->a };

	if (hit->asked)
		buf_printf(&b, "; of its own queries from such ports %u of %u were answered",
			hit->answered, hit->asked);
	if (rest->asked)
		buf_printf(&b, "; %s %u of %u were answered",
			hit->asked ? "from others" : "of its own queries", rest->answered,
			rest->asked);
	return buf_text(&b);
}

static const char *fraction_text(struct making *m, const struct exposure *x)
{
	if (x->by_toll && x->unasked)
		return arena_printf(m->a,
			"none of its queries arrives; %u of its %u ports were not tested",
			x->unasked, portset_count(x->pool));
	if (x->by_toll)
		return "none of its queries arrives, though its ports are not those that are found "
		       "dropped";
	if (x->untested)
		return "whether its queries are dropped is not known: none of its ports could be "
		       "tested";
	if (x->refuted)
		return "its queries are answered from ports, too, that this host gets no answer "
		       "from";
	if (x->unasked)
		return arena_printf(m->a,
			"%s%s of its queries are dropped: %u of its %u ports were not tested",
			x->fraction > 0 ? "at least " : "it is not known how many",
			x->fraction > 0 ? words_share(m->a, x->fraction) : "", x->unasked,
			portset_count(x->pool));
	return arena_printf(m->a, "%s of its queries are dropped",
		x->fraction > 0 ? words_share(m->a, x->fraction) : "none");
}

/* Servers with the same filter before them in one line, at the first of them. */
static void put_exposure(struct making *m, const struct pools *p, const struct exposure *x)
{
	struct VEC(struct addr) servers = { 0 };
	struct pool_toll hit = { 0 }, rest = { 0 };

	vec_each (const struct exposure, y, p->exposures) {
		if (!alike(x, y))
			continue;
		if (y < x)
			return;
		vec_push(m->a, &servers, y->server);
		add_toll(&hit, &y->from_hit);
		add_toll(&rest, &y->from_rest);
	}
	if (servers.n)
		put(m, 0,
			x->fraction > 0		    ? MARK_BAD
			: x->untested || x->unasked ? MARK_DOUBT
						    : MARK_GOOD,
			arena_printf(m->a, "towards %s: %s%s",
				words_servers(m->a, servers.v, servers.n), fraction_text(m, x),
				toll_text(m, &hit, &rest)));
}

static const char *delay_text(struct making *m, const struct servfail_result *r)
{
	if (r->fail > MOST_FAIL || r->delay < 1)
		return "";
	return arena_printf(m->a, "; others take %s longer on the average",
		words_duration(m->a, (uint64_t)r->delay));
}

static const char *failures_text(struct arena *a, double n)
{
	if (n < 0.01)
		return n > 0 ? "less than 0.01 failures" : "no failure";
	return arena_printf(a, n < 10 ? "%.2g failures" : "%.0f failures", n);
}

/* What becomes of lookups in the zone; per_day at the rate that the user gave. */
static void put_lookups(struct making *m, const struct pools *p)
{
	const struct servfail_result *r = &p->lookups;
	uint32_t qps = m->r->facts->qps;

	if (!p->predicted)
		return;
	put(m, 0, r->fail > 0 ? MARK_BAD : MARK_GOOD,
		arena_printf(m->a,
			"expected: %s of lookups that these servers have to answer fail (SERVFAIL "
			"%s, no reply within 5 s %s)%s%s",
			words_share(m->a, r->fail), words_share(m->a, r->servfail),
			words_share(m->a, r->timeout), delay_text(m, r),
			r->assumed ? "; a part of how this software retries is not known" : ""));
	if (qps)
		put(m, 1, MARK_NONE,
			arena_printf(m->a, "at %u lookup%s a second: %s a day", qps,
				qps == 1 ? "" : "s",
				failures_text(m->a, servfail_per_day(r, qps))));
}

void report_side(struct making *m)
{
	const struct pools *p = &m->r->inferences->pools;
	size_t n = 0;

	vec_each (struct audit *, a, m->r->facts->audits)
		put_audit(m, *a);
	vec_each (const struct pool_seen, s, p->seen)
		if (n++ < SEEN_MOST)
			put_seen(m, s);
	if (n > SEEN_MOST)
		put(m, 0, MARK_NONE,
			arena_printf(m->a, "and %zu more senders (--json has all)", n - SEEN_MOST));
	put_chain(m, p);
	vec_each (const struct exposure, x, p->exposures)
		put_exposure(m, p, x);
	put_lookups(m, p);
}
