/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a trace shows, in words. */
#include "render/path_words.h"

#include "base/err.h"
#include "render/prove.h"

const char *path_hop_words(
	struct arena *a, const struct path_result *p, unsigned int ttl, bool blocked)
{
	const struct path_router *r = path_router_of(&p->hop[ttl], blocked);
	char text[ADDR_TEXT];

	if (!ttl)
		return "this host";
	if (!r)
		return arena_printf(a, "hop %u", ttl);
	if (p->hop[ttl].destination)
		return arena_printf(a, "the server (hop %u)", ttl);
	addr_text(&r->addr, text);
	if (r->name)
		return arena_printf(a, "hop %u (%s, %s)", ttl, words_name(a, r->name), text);
	return arena_printf(a, "hop %u (%s)", ttl, text);
}

/* How likely loss alone made it look so. */
static const char *doubt(struct arena *a, const struct path_result *p)
{
	if (p->hop[p->before].blocked.rejected)
		return "; an ICMP error says that it is forbidden";
	return arena_printf(a, " (by loss alone: %s)", words_share(a, p->hidden));
}

static const char *midway_line(struct arena *a, const struct path_result *p)
{
	const struct path_hop *h = &p->hop[p->before];

	return arena_printf(a,
		"path: port %u passes %s, not %s, which answered port %u %u of %u times and port "
		"%u %u of %u%s",
		p->blocked_port, path_hop_words(a, p, p->after, true),
		path_hop_words(a, p, p->before, false), p->open_port, h->open.received,
		h->open.sent, p->blocked_port, h->blocked.received, h->blocked.sent, doubt(a, p));
}

static const char *last_line(struct arena *a, const struct path_result *p)
{
	const struct path_hop *h = &p->hop[p->before];

	return arena_printf(a,
		"path: port %u passes %s; no reply of %s comes: port %u got %u of %u, port %u "
		"%u of %u%s",
		p->blocked_port, path_hop_words(a, p, p->after, true),
		path_hop_words(a, p, p->before, false), p->open_port, h->open.received,
		h->open.sent, p->blocked_port, h->blocked.received, h->blocked.sent, doubt(a, p));
}

static const char *direction_line(struct arena *a, const struct path_result *p)
{
	if (p->direction == DIRECTION_QUERY && !p->beyond)
		return "direction: the query is dropped: it is what the ICMP errors quote";
	if (p->direction == DIRECTION_QUERY)
		return arena_printf(a,
			"direction: the query is dropped; %u router%s behind the drop answer%s "
			"port %u alone",
			p->beyond, p->beyond == 1 ? "" : "s", p->beyond == 1 ? "s" : "",
			p->open_port);
	if (p->direction == DIRECTION_REPLY)
		return "direction: the reply is dropped, near: the query goes past every router "
		       "that "
		       "is heard, and no server's reply comes back";
	return "direction: whether the query or the reply is dropped cannot be told from here: "
	       "every router that is heard passes the query on";
}

static const char *untold_line(struct arena *a, const struct path_result *p)
{
	if (p->broken == PATH_NO_BREAK)
		return arena_printf(a, "path: a query from port %u came through", p->blocked_port);
	if (p->why == PATH_WHY_SILENT)
		return arena_printf(a,
			"path: not told: behind %s nothing answers the open port either",
			path_hop_words(a, p, p->after, true));
	if (p->why == PATH_WHY_FEW)
		return arena_printf(a, "path: not told: at %s loss alone may have hidden port %u",
			path_hop_words(a, p, p->before, false), p->blocked_port);
	return NULL;
}

void path_say(struct arena *a, const struct path_result *p, struct VEC_texts *lines)
{
	const char *untold = untold_line(a, p);

	if (path_is_broken(p)) {
		vec_push(a, lines, p->broken == PATH_MIDWAY ? midway_line(a, p) : last_line(a, p));
		vec_push(a, lines, direction_line(a, p));
	} else if (untold) {
		vec_push(a, lines, untold);
	}
	if (p->vague)
		vec_push(a, lines,
			arena_printf(a,
				"path: %u ICMP error%s quoted too little to say of which query",
				p->vague, p->vague == 1 ? "" : "s"));
}

/* Of several, one in the address family of the server that is named first. */
const struct path_result *path_of_finding(const struct inferences *in, const struct finding *x)
{
	const struct portset *blocked = prove_blocked(x);
	const struct path_result *best = NULL;

	vec_each (const struct path_result, p, in->paths) {
		if (!blocked || !p->blocked_port || !portset_has(blocked, p->blocked_port) ||
			!finding_names(x, &p->server))
			continue;
		if (!best || (best->server.family != x->servers.v[0].family &&
				     p->server.family == x->servers.v[0].family))
			best = p;
	}
	return best;
}

static void say_reject(struct making *m, struct report_finding *x, const struct path_reject *r)
{
	char text[ADDR_TEXT];

	vec_push(m->a, &x->seen,
		arena_printf(m->a,
			"rejected by %s, which says so: %u ICMP error%s of type %u code %u "
			"(administratively prohibited) to these ports, none to others",
			addr_text(&r->by, text), r->count, r->count == 1 ? "" : "s", r->icmp.type,
			r->icmp.code));
}

void path_prove(struct making *m, struct report_finding *x)
{
	const struct inferences *in = m->r->inferences;
	const struct path_result *p = path_of_finding(in, x->finding);

	if (p)
		path_say(m->a, p, &x->seen);
	vec_each (const struct sweep_result, s, in->sweeps)
		if (s->reject.by.family && finding_names(x->finding, &s->server)) {
			say_reject(m, x, &s->reject);
			break;
		}
	/* The hops tell of the way there only. */
	if (path_is_broken(p) && p->direction == DIRECTION_REPLY)
		x->where = arena_printf(m->a, "%s, on the way back", x->where);
	else if (path_is_broken(p))
		x->where = arena_printf(m->a, "%s; between %s and %s", x->where,
			path_hop_words(m->a, p, p->after, true),
			path_hop_words(m->a, p, p->before, false));
}
