/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * dnsdist: a configuration in Lua, or in YAML (since 2.0). A backend has sockets=N sockets (1 when
 * it says nothing), each with a port of the kernel's that it keeps until the backend is connected
 * anew; queries go round them, or to any (setRandomizedOutgoingSockets(), since 1.8):
 * DownstreamState::reconnect() of dnsdist-backend.cc, 1.7.3 to 2.1.1. It never asks twice by UDP. A
 * pool's life is that of one backend: two that share a pool have as many sockets each.
 */
#include <string.h>
#include <strings.h>

#include "base/err.h"
#include "intake/config_kinds.h"
#include "intake/config_lua.h"
#include "intake/config_part.h"
#include "intake/config_yaml.h"

enum {
	DNS_PORT = 53,
	BACKENDS = 4096,     /* that are looked at */
	SOCKETS_MOST = 65535 /* that could have a port of their own */
};

struct backend {
	struct addr addr; /* ADDR_NONE: not known */
	uint32_t sockets;
	uint16_t source; /* "source" with a port; 0: the kernel's choice */
	struct pool_line at;
};

/* What the two syntaxes say of a backend; NULL: nothing. */
struct words {
	const char *address, *sockets, *source;
	bool computed; /* one of them, or all */
	bool over_tls;
	const struct pool_line *at;
};

struct dnsdist {
	struct config_reader *r;
	bool differ; /* not all backends have as many sockets, or a source port */
	struct VEC(struct backend) backends;
};

static void read_lua(struct dnsdist *d, const char *path, struct span bytes);

/* "8"; no number, or 0, is 1: dnsdist says so and goes on. */
static uint32_t sockets_of(struct dnsdist *d, const struct words *w)
{
	uint16_t n;

	if (!w->sockets)
		return 1;
	if (!config_part_port(w->sockets, &n) && n > 0)
		return n;
	config_remark(d->r, "bad-value", w->at, w->sockets);
	return 1;
}

/* "address", "interface", "address@interface"; ComboAddress() takes "address:port", too. */
static uint16_t source_port(const struct words *w)
{
	struct addr source;

	if (!w->source || config_part_addr(w->source, ':', 0, &source))
		return 0;
	return source.port;
}

static void add_backend(struct dnsdist *d, const struct words *w)
{
	struct backend b = { .at = *w->at };

	if (w->over_tls)
		config_remark(d->r, "tcp-only", w->at, NULL);
	if (w->computed)
		config_remark(d->r, "computed", w->at, NULL);
	b.sockets = sockets_of(d, w);
	b.source = source_port(w);
	if (!w->computed && (!w->address || config_part_addr(w->address, ':', DNS_PORT, &b.addr))) {
		config_remark(d->r, "bad-value", w->at, w->address);
		return;
	}
	if (w->computed && w->address)
		config_part_addr(w->address, ':', DNS_PORT, &b.addr);
	if (b.addr.family)
		config_part_forward(d->r, &b.addr);
	d->differ = d->differ || (d->backends.n && (d->backends.v[0].sockets != b.sockets ||
							   d->backends.v[0].source != b.source));
	if (d->backends.n < BACKENDS)
		vec_push(d->r->arena, &d->backends, b);
}

static const char *field(const struct config_lua_value *table, const char *key, bool *computed)
{
	const struct config_lua_value *v = config_lua_field(table, key);
	const char *text = config_lua_text(v, NULL);

	*computed = *computed || (v && !text);
	return text;
}

/* newServer("address"), newServer{address="address", sockets=N, ...}. */
static void take_server(struct dnsdist *d, const struct config_lua_call *call)
{
	const struct config_lua_value *v = config_lua_arg(call, 0);
	struct words w = { .computed = call->maybe, .at = &call->at };

	if (v && v->type == CONFIG_LUA_TABLE) {
		w.address = field(v, "address", &w.computed);
		w.sockets = field(v, "sockets", &w.computed);
		w.source = field(v, "source", &w.computed);
		w.over_tls = config_lua_field(v, "tls") || config_lua_field(v, "dohPath");
	} else {
		w.address = config_lua_text(v, NULL);
		w.computed = w.computed || !w.address;
	}
	add_backend(d, &w);
}

static void read_file(struct dnsdist *d, const char *path, const struct pool_line *wanted_by)
{
	struct span bytes;

	if (!config_open(d->r, path, wanted_by, &bytes))
		read_lua(d, path, bytes);
}

/* includeDirectory("dir"): its *.conf, sorted. */
static void take_dir(struct dnsdist *d, const struct config_lua_call *call)
{
	const char *dir = config_lua_text(config_lua_arg(call, 0), NULL);

	if (!dir) {
		config_remark(d->r, "computed", &call->at, NULL);
		d->r->audit->unread = true;
		return;
	}
	for (const char **f = config_part_files(d->r, dir, "*.conf"); *f; f++)
		read_file(d, *f, &call->at);
}

static void take_file(struct dnsdist *d, const struct config_lua_call *call)
{
	const char *path = config_lua_text(config_lua_arg(call, 0), NULL);

	if (path) {
		read_file(d, path, &call->at);
		return;
	}
	config_remark(d->r, "computed", &call->at, NULL);
	d->r->audit->unread = true;
}

static void read_lua(struct dnsdist *d, const char *path, struct span bytes)
{
	static const struct {
		const char *name;
		void (*take)(struct dnsdist *d, const struct config_lua_call *call);
	} calls[] = {
		{ "dofile", take_file },
		{ "includeDirectory", take_dir },
		{ "newServer", take_server },
	};
	struct config_lua lua;

	d->r->depth++;
	config_lua_read(d->r->arena, path, bytes, &lua);
	if (lua.cut || lua.broken) {
		config_remark(d->r, "syntax", &(struct pool_line){ .file = path }, NULL);
		d->r->audit->unread = true;
	}
	for (size_t i = 0; i < lua.calls.n; i++)
		for (size_t k = 0; k < ARRAY_LEN(calls); k++)
			if (strcmp(lua.calls.v[i]->name, calls[k].name) == 0)
				calls[k].take(d, lua.calls.v[i]);
	d->r->depth--;
}

static void take_yaml_backend(struct dnsdist *d, const struct config_yaml *n)
{
	const char *protocol = config_yaml_text(config_yaml_get(n, "protocol"), "do53");
	struct words w = {
		.address = config_yaml_text(config_yaml_get(n, "address"), NULL),
		.sockets = config_yaml_text(config_yaml_get(n, "sockets"), NULL),
		.source = config_yaml_text(config_yaml_get(n, "source"), NULL),
		.computed = n->type == CONFIG_YAML_ALIAS,
		.over_tls = strcasecmp(protocol, "do53") != 0,
		.at = &n->at,
	};

	add_backend(d, &w);
}

static void read_yaml(struct dnsdist *d, const char *path, struct span bytes)
{
	struct pool_line at = { .file = path };
	const struct config_yaml *root, *list;

	if (config_yaml_read(d->r->arena, &at, bytes, &root)) {
		config_remark(d->r, "syntax", &at, NULL);
		d->r->audit->unread = true;
		return;
	}
	list = config_yaml_get(root, "backends");
	for (size_t i = 0; list && list->type == CONFIG_YAML_LIST && i < list->items.n; i++)
		take_yaml_backend(d, list->items.v[i]);
}

static struct pool *add_pool(struct dnsdist *d, const struct backend *b)
{
	struct pool *p = config_pool(d->r);

	p->per_try = PER_TRY_REUSED;
	if (b && b->source) {
		p->fixed = true;
		p->ports = config_range(d->r, b->source, b->source);
		return p;
	}
	p->kernel = true;
	p->life = b ? b->sockets : 1;
	p->ports = config_kernel_ports(d->r);
	return p;
}

/* One pool for all backends when it is the same, else one a backend, and one for all others. */
static void add_pools(struct dnsdist *d)
{
	bool unknown = d->backends.n == 0;

	if (d->backends.n && !d->differ) {
		struct pool *p = add_pool(d, &d->backends.v[0]);

		vec_each (struct backend, b, d->backends)
			config_line(d->r, p, &b->at);
		return;
	}
	vec_each (struct backend, b, d->backends) {
		struct pool *p;

		unknown = unknown || !b->addr.family;
		if (!b->addr.family)
			continue;
		p = add_pool(d, b);
		p->family = b->addr.family;
		p->only = addr_with_port(b->addr, 0);
		p->only_bits = b->addr.family == ADDR_V4 ? 32 : 128;
		config_line(d->r, p, &b->at);
	}
	if (unknown)
		add_pool(d, NULL);
}

int config_dnsdist_read(struct config_reader *r, struct audit *ret)
{
	struct dnsdist d = { .r = r };
	const char *path = r->file->path, *dot = path ? strrchr(path, '.') : NULL;
	struct span bytes;

	(void)ret; /* is r->audit */
	if (config_open(r, path, NULL, &bytes))
		return -ERR_OPEN;
	if (dot && (strcmp(dot, ".yml") == 0 || strcmp(dot, ".yaml") == 0))
		read_yaml(&d, path, bytes);
	else if (path)
		read_lua(&d, path, bytes);
	add_pools(&d);
	return 0;
}
