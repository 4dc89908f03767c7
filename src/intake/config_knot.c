/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Knot Resolver: kresd.conf in Lua (all versions), or config.yaml (since 6.0). It has no option for
 * ports: each packet has a socket of its own, whose port the kernel chooses (daemon/worker.c
 * transmit()); net.outgoing_v4() and network/out-interface-v4 are addresses alone. So only those
 * it forwards to are looked for.
 */
#include <string.h>

#include "base/err.h"
#include "intake/config_kinds.h"
#include "intake/config_lua.h"
#include "intake/config_part.h"
#include "intake/config_yaml.h"

enum { DNS_PORT = 53, DNS_TLS_PORT = 853 };

/* before: lines of the file in front of these bytes. */
static void read_lua(struct config_reader *r, const char *path, struct span bytes, uint32_t before);

static void add_target(
	struct config_reader *r, const char *text, bool tls, const struct pool_line *at)
{
	uint16_t port = tls ? DNS_TLS_PORT : DNS_PORT;
	struct addr server;

	if (!text)
		config_remark(r, "computed", at, NULL);
	else if (config_part_addr(text, '@', port, &server))
		config_remark(r, "bad-value", at, text);
	else
		config_part_forward(r, &server);
}

/* "address", { "address", ... }; of TLS_FORWARD { { "address", hostname = ... }, ... }. */
static void add_targets(struct config_reader *r, const struct config_lua_value *v,
	const struct config_lua_call *call, bool tls)
{
	if (v && v->type == CONFIG_LUA_TABLE) {
		for (size_t i = 0; i < v->items.n; i++) {
			const struct config_lua_value *item = &v->items.v[i];

			if (item->type == CONFIG_LUA_TABLE && item->items.n)
				item = &item->items.v[0];
			add_target(r, config_lua_text(item, NULL), tls, &call->at);
		}
		return;
	}
	add_target(r, config_lua_text(v, NULL), tls, &call->at);
}

/* Whether the action holds for all names, or for a slice of them that a hash decides. */
static bool for_all(const struct config_lua_call *call)
{
	for (call = call->in; call; call = call->in)
		if (strcmp(call->name, "policy.all") == 0 ||
			strcmp(call->name, "policy.slice") == 0)
			return true;
	return false;
}

static void take_forward(struct config_reader *r, const struct config_lua_call *call)
{
	bool tls = strcmp(call->name, "policy.TLS_FORWARD") == 0;

	if (!for_all(call))
		return;
	if (call->maybe)
		config_remark(r, "computed", &call->at, NULL);
	if (tls)
		config_remark(r, "tcp-only", &call->at, NULL);
	add_targets(r, config_lua_arg(call, 0), call, tls);
}

static void take_file(struct config_reader *r, const struct config_lua_call *call)
{
	const char *path = config_lua_text(config_lua_arg(call, 0), NULL);
	struct span bytes;

	if (!path) {
		config_remark(r, "computed", &call->at, NULL);
		r->audit->unread = true;
		return;
	}
	path = config_path(r, config_dir(r, call->at.file), path);
	if (!config_open(r, path, &call->at, &bytes))
		read_lua(r, path, bytes, 0);
}

static void read_lua(struct config_reader *r, const char *path, struct span bytes, uint32_t before)
{
	static const struct {
		const char *name;
		void (*take)(struct config_reader *r, const struct config_lua_call *call);
	} calls[] = {
		{ "dofile", take_file },
		{ "policy.FORWARD", take_forward },
		{ "policy.STUB", take_forward },
		{ "policy.TLS_FORWARD", take_forward },
	};
	struct config_lua lua;

	r->depth++;
	config_lua_read(r->arena, path, bytes, &lua);
	if (lua.cut || lua.broken) {
		config_remark(r, "syntax", &(struct pool_line){ .file = path }, NULL);
		r->audit->unread = true;
	}
	for (size_t i = 0; i < lua.calls.n; i++) {
		lua.calls.v[i]->at.line += before;
		for (size_t k = 0; k < ARRAY_LEN(calls); k++)
			if (strcmp(lua.calls.v[i]->name, calls[k].name) == 0)
				calls[k].take(r, lua.calls.v[i]);
	}
	r->depth--;
}

/* A scalar, or the items of a list: how many, and the one with that index. */
static size_t count(const struct config_yaml *n)
{
	if (!n)
		return 0;
	return n->type == CONFIG_YAML_LIST ? n->items.n : 1;
}

static const struct config_yaml *item(const struct config_yaml *n, size_t index)
{
	return n->type == CONFIG_YAML_LIST ? n->items.v[index] : n;
}

/* "address@port", or a map of address (one or a list) and transport. */
static void add_yaml_server(struct config_reader *r, const struct config_yaml *server)
{
	const struct config_yaml *addresses = server;
	bool tls = false;

	if (server->type == CONFIG_YAML_MAP) {
		addresses = config_yaml_get(server, "address");
		tls = strcmp(config_yaml_text(config_yaml_get(server, "transport"), ""), "tls") ==
		      0;
	}
	if (tls)
		config_remark(r, "tcp-only", &server->at, NULL);
	for (size_t i = 0; i < count(addresses); i++)
		add_target(r, config_yaml_text(item(addresses, i), NULL), tls,
			&item(addresses, i)->at);
}

/* A rule of "forward": a subtree, or several, and servers. */
static void take_yaml_forward(struct config_reader *r, const struct config_yaml *rule)
{
	const struct config_yaml *trees = config_yaml_get(rule, "subtree");
	const struct config_yaml *servers = config_yaml_get(rule, "servers");
	bool root = false;

	for (size_t i = 0; i < count(trees); i++)
		root = root || strcmp(config_yaml_text(item(trees, i), ""), ".") == 0;
	for (size_t i = 0; root && i < count(servers); i++)
		add_yaml_server(r, item(servers, i));
}

/* "lua": a script in the file, or a file of its own. */
static void take_yaml_lua(struct config_reader *r, const struct config_yaml *lua)
{
	const struct config_yaml *script = config_yaml_get(lua, "script");
	const struct config_yaml *named = config_yaml_get(lua, "script-file");
	const char *text = config_yaml_text(script, NULL), *path = config_yaml_text(named, NULL);
	struct span bytes;

	if (text)
		read_lua(r, script->at.file, (struct span){ (const uint8_t *)text, strlen(text) },
			script->at.line);
	if (!path)
		return;
	path = config_path(r, config_dir(r, named->at.file), path);
	if (!config_open(r, path, &named->at, &bytes))
		read_lua(r, path, bytes, 0);
}

static void read_yaml(struct config_reader *r, const char *path, struct span bytes)
{
	struct pool_line at = { .file = path };
	const struct config_yaml *root, *rules;

	if (config_yaml_read(r->arena, &at, bytes, &root)) {
		config_remark(r, "syntax", &at, NULL);
		r->audit->unread = true;
		return;
	}
	rules = config_yaml_get(root, "forward");
	for (size_t i = 0; rules && rules->type == CONFIG_YAML_LIST && i < rules->items.n; i++)
		take_yaml_forward(r, rules->items.v[i]);
	take_yaml_lua(r, config_yaml_get(root, "lua"));
}

int config_knot_read(struct config_reader *r, struct audit *ret)
{
	const char *path = r->file->path, *dot = path ? strrchr(path, '.') : NULL;
	struct span bytes;
	struct pool *p;

	(void)ret; /* is r->audit */
	if (config_open(r, path, NULL, &bytes))
		return -ERR_OPEN;
	p = config_pool(r);
	p->ports = config_kernel_ports(r);
	p->kernel = true;
	p->per_try = PER_TRY_FRESH;
	config_judge(r, p);
	if (dot && (strcmp(dot, ".yaml") == 0 || strcmp(dot, ".yml") == 0))
		read_yaml(r, path, bytes);
	else if (path)
		read_lua(r, path, bytes, 0);
	return 0;
}
