/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The syntaxes by themselves: what a Lua file calls, YAML's bounds, an export's encodings. */
#include <stdlib.h>

#include "base/err.h"
#include "intake/config_lua.h"
#include "intake/config_part.h"
#include "intake/config_reg.h"
#include "intake/config_yaml.h"
#include "tap.h"

static struct span text_span(const char *text)
{
	return (struct span){ (const uint8_t *)text, strlen(text) };
}

static void put_value(struct buf *b, const struct config_lua_value *v)
{
	if (v->key)
		buf_printf(b, "%s=", v->key);
	if (v->type == CONFIG_LUA_TABLE) {
		buf_char(b, '{');
		for (size_t i = 0; i < v->items.n; i++) {
			buf_str(b, i ? "," : "");
			put_value(b, &v->items.v[i]);
		}
		buf_char(b, '}');
	} else if (v->type == CONFIG_LUA_CALL) {
		buf_printf(b, "<%s>", v->call->name);
	} else {
		buf_str(b, v->type == CONFIG_LUA_COMPUTED ? "?" : v->text);
	}
}

/* "name@line(arguments)" of all calls; '~' before those that may not run. */
static const char *lua_text(struct arena *a, const char *text)
{
	struct buf b = { .arena = a };
	struct config_lua lua;

	config_lua_read(a, "x", text_span(text), &lua);
	for (size_t i = 0; i < lua.calls.n; i++) {
		const struct config_lua_call *c = lua.calls.v[i];

		buf_printf(
			&b, "%s%s%s@%u(", i ? " " : "", c->maybe ? "~" : "", c->name, c->at.line);
		for (size_t k = 0; k < c->args.n; k++) {
			buf_str(&b, k ? "," : "");
			put_value(&b, &c->args.v[k]);
		}
		buf_char(&b, ')');
	}
	if (lua.broken || lua.cut)
		buf_str(&b, lua.cut ? " cut" : " broken");
	return buf_text(&b);
}

static void check_lua(struct arena *a)
{
	static const struct {
		const char *text, *calls;
	} rows[] = {
		{ "", "" },
		{ "f()", "f@1()" },
		{ "f(1, 'two', \"th\\114\\x65e\", true)", "f@1(1,two,three,true)" },
		{ "f'x' g{1;2} h[[\ny]] i[=[]]]=]", "f@1(x) g@1({1,2}) h@1(y) i@2(]])" },
		{ "\xef\xbb\xbf-- f()\n--[[ g()\n]] h() --[==[ ]] ]==] i()", "h@3() i@3()" },
		{ "#!/usr/bin/lua\nf()", "f@2()" },
		{ "a.b.c(x) a:b(1)", "a.b.c@1(?) a:b@1(1)" },
		{ "f({a=1, [\"b\"]=2, [3]=4, [k]=5, c={}})", "f@1({a=1,b=2,4,5,c={}})" },
		{ "f('a' .. b, 1 + 2, -3, #x, (4))", "f@1(?,?,?,?,?)" },
		{ "f(g(1), g(2).x, g{3}:h(4))", "f@1(<g>,?,?) g@1(1) g@1(2) g@1({3}) h@1(4)" },
		{ "if x then f() end g()", "~f@1() g@1()" },
		{ "for i=1,2 do while y do f() end g() end h()", "~f@1() ~g@1() h@1()" },
		{ "repeat f() until g() h()", "~f@1() g@1() h@1()" },
		{ "function f(a, b) g() end h()", "~g@1() h@1()" },
		{ "f(function(x) if x then g(1, 2) end return 3 end, 4)", "f@1(?,4) ~g@1(1,2)" },
		{ "local function x() end\nreturn f(1)", "f@2(1)" },
		{ "f(1", "f@1(1)" },
		{ "f('x\ng()", "f@1(?) g@2() broken" },
		{ "f(,)]}", "f@1(?)" },
		{ "x = 3..4 f(1e-3)", "f@1(1e-3)" },
	};
	struct buf deep = { .arena = a };

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		is_str(lua_text(a, rows[i].text), rows[i].calls, arena_printf(a, "Lua %zu", i));
	for (size_t i = 0; i < CONFIG_LUA_DEPTH; i++)
		buf_str(&deep, "f({");
	ok(strstr(lua_text(a, buf_text(&deep)), " cut") != NULL, "too deep");
}

static int yaml_error(struct arena *a, const char *text, uint32_t *ret_line)
{
	struct pool_line at = { .file = "x" };
	const struct config_yaml *root;
	int err = config_yaml_read(a, &at, text_span(text), &root);

	*ret_line = at.line;
	return err;
}

static void check_yaml(struct arena *a)
{
	struct pool_line at = { .file = "x" };
	const struct config_yaml *root = NULL, *n;
	struct buf deep = { .arena = a };
	uint32_t line;

	is_int(config_yaml_read(a, &at,
		       text_span("# one\na: 1\nb: # list\n- &x 'y#z' # c\n- *x\n"
				 "a: 2\n? [k]\n: v\n"),
		       &root),
		0, "a map");
	is_str(config_yaml_text(config_yaml_get(root, "a"), "none"), "2", "the last of a name");
	n = config_yaml_get(root, "b");
	is_int(n->at.line, 3, "the line of a key");
	is_str(n->at.text, "b:", "its text");
	is_int((int64_t)n->items.n, 2, "a list");
	is_str(n->items.v[0]->at.text, "- &x 'y#z'", "no comment in a text");
	is_int(n->items.v[1]->type, CONFIG_YAML_ALIAS, "an alias is not followed");
	ok(!config_yaml_get(n, "a") && !config_yaml_get(NULL, "a"), "no map has no members");
	is_int(config_yaml_read(a, &at, text_span("# nothing\n"), &root), 0, "no document");
	ok(root == NULL, "has no root");
	is_int(yaml_error(a, "a: 1\n\tb: 2\n", &line), -ERR_PARSE, "a tab");
	is_int(line, 2, "its line");
	is_int(yaml_error(a, "a: [1,\n", &line), -ERR_PARSE, "no end");
	for (size_t i = 0; i <= CONFIG_YAML_DEPTH; i++)
		buf_str(&deep, "[\n");
	is_int(yaml_error(a, buf_text(&deep), &line), -ERR_LIMIT, "too deep");
}

static void check_reg(struct arena *a)
{
	static const uint8_t wide[] =
		"\xff\xfeR\0E\0G\0E\0D\0I\0T\0\x34\0\n\0[\0K\0]\0\n\0@\0=\0-\0";
	struct span bytes = { wide, sizeof(wide) - 1 };
	struct config_reg_value v;
	struct config_reg reg;

	is_int(config_reg_begin(&reg, a, "x", bytes), 0, "UTF-16LE");
	ok(config_reg_next(&reg, &v) && v.type == CONFIG_REG_GONE && v.at.line == 3,
		"a value that goes");
	is_str(v.key, "K", "its key");
	ok(!config_reg_next(&reg, &v), "no more");
	is_int(config_reg_begin(&reg, a, "x", text_span("[K]\n")), -ERR_PARSE, "no title");
	is_int(config_reg_begin(&reg, a, "x", (struct span){ NULL, 0 }), -ERR_PARSE, "nothing");
	config_reg_begin(&reg, a, "x",
		text_span("REGEDIT4\n[-K]\n\"a\"=dword:1\n[K]\n\"a\\\"b\"=hex:\\\n 01,\\\n 02\n"));
	ok(config_reg_next(&reg, &v) && v.type == CONFIG_REG_OTHER && v.at.line == 5,
		"a value of another type, in three lines");
	is_str(v.name, "a\"b", "its name");
}

static void check_addr(void)
{
	static const struct {
		const char *text;
		char mark;
		const char *want; /* NULL: no address */
	} rows[] = {
		{ "192.0.2.1", ':', "192.0.2.1#53" },
		{ "192.0.2.1:5300", ':', "192.0.2.1#5300" },
		{ "192.0.2.1@5300", '@', "192.0.2.1#5300" },
		{ "2001:db8::1", ':', "2001:db8::1#53" },
		{ "[2001:db8::1]", ':', "2001:db8::1#53" },
		{ "[2001:db8::1]:5300", ':', "2001:db8::1#5300" },
		{ "2001:db8::1#5300", '#', "2001:db8::1#5300" },
		{ "192.0.2.1:", ':', NULL },
		{ "192.0.2.1:65536", ':', NULL },
		{ "192.0.2.1@53", ':', NULL },
		{ "[2001:db8::1", ':', NULL },
		{ "[2001:db8::1]x", ':', NULL },
		{ "fe80::1%lo", ':', NULL },
		{ "", ':', NULL },
		{ "resolver.example", ':', NULL },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char text[ADDR_TEXT];
		struct addr got;
		int err = config_part_addr(rows[i].text, rows[i].mark, 53, &got);

		is_str(err ? NULL : addr_text_port(&got, text), rows[i].want, rows[i].text);
	}
}

int main(void)
{
	struct arena *a = arena_new();

	check_lua(a);
	check_yaml(a);
	check_reg(a);
	check_addr();
	arena_free(a);
	return tap_done();
}
