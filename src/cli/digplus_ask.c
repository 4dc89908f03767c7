/* SPDX-License-Identifier: GPL-3.0-or-later */
/* "+option" words that change what is asked, and of whom. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/hex.h"
#include "cli/digargs_inner.h"
#include "cli/digplus_inner.h"
#include "dns/dns64.h"
#include "dns/msg.h"
#include "dns/rr.h"
#include "dns/text.h"

enum { V4_BITS = 32, V6_BITS = 128, OPTIONS_MOST = 100, OPTION_OCTETS = UINT16_MAX / 2 };

int plus_number_field(const struct digplus_target *t, const struct use *u)
{
	uint32_t n;
	int err;

	if (u->on && !u->value)
		return plus_missing(t, u);
	err = plus_maybe_number(t, u, 0, &n);
	if (!err)
		*(uint32_t *)((char *)t->lookup + u->row->at) = n;
	return err;
}

int plus_padding(const struct digplus_target *t, const struct use *u)
{
	if (!u->value)
		return plus_missing(t, u);
	t->lookup->edns = true;
	return plus_number_field(t, u);
}

int plus_id(const struct digplus_target *t, const struct use *u)
{
	t->lookup->id_given = u->on;
	return plus_number_field(t, u);
}

int plus_opcode(const struct digplus_target *t, const struct use *u)
{
	static const char *const names[] = { "QUERY", "IQUERY", "STATUS", "RESERVED3", "NOTIFY",
		"UPDATE", "RESERVED6", "RESERVED7", "RESERVED8", "RESERVED9", "RESERVED10",
		"RESERVED11", "RESERVED12", "RESERVED13", "RESERVED14", "RESERVED15" };

	for (size_t i = 0; u->on && u->value && i < ARRAY_LEN(names); i++) {
		if (strcasecmp(names[i], u->value) == 0) {
			t->lookup->opcode = (uint32_t)i;
			return 0;
		}
	}
	return plus_number_field(t, u);
}

int plus_flag_off(const struct digplus_target *t, const struct use *u)
{
	*(bool *)((char *)t->lookup + u->row->at) = !u->on;
	return 0;
}

/* "0" is the prefix of length 0, as dig has it: the server shall use no address. */
static int read_subnet(const char *text, struct addr *ret, unsigned long *ret_prefix)
{
	const char *slash = strchr(text, '/');
	char host[ADDR_TEXT] = "";
	size_t n = slash ? (size_t)(slash - text) : strlen(text);
	unsigned long most;
	char *end = NULL;

	if (strcmp(text, "0") == 0) {
		*ret_prefix = 0;
		return addr_parse("0.0.0.0", ret);
	}
	if (n >= sizeof(host))
		return -ERR_PARSE;
	memcpy(host, text, n);
	if (addr_parse(host, ret) < 0)
		return -ERR_PARSE;
	most = ret->family == ADDR_V4 ? V4_BITS : V6_BITS;
	*ret_prefix = most;
	if (!slash)
		return 0;
	if (!isdigit((unsigned char)slash[1]))
		return -ERR_PARSE;
	*ret_prefix = strtoul(slash + 1, &end, 10);
	if (*end || *ret_prefix > V6_BITS)
		return -ERR_PARSE;
	*ret_prefix = *ret_prefix < most ? *ret_prefix : most;
	return 0;
}

int plus_subnet(const struct digplus_target *t, const struct use *u)
{
	unsigned long prefix = 0;
	struct addr addr;

	t->lookup->subnet = u->on;
	if (!u->on)
		return 0;
	if (!u->value)
		return plus_missing(t, u);
	if (read_subnet(u->value, &addr, &prefix) < 0)
		return plus_fail(t,
			arena_printf(t->arena,
				"+subnet: '%s' is not an address with a prefix length", u->value));
	t->lookup->subnet_addr = addr;
	t->lookup->subnet_prefix = (uint8_t)prefix;
	t->lookup->edns = true;
	return 0;
}

/* Names that dig 9.18 takes for the codes of IANA's registry of EDNS0 options. */
static const struct {
	const char *name;
	uint16_t code;
} option_names[] = {
	{ "LLQ", 1 },
	{ "UL", 2 },
	{ "NSID", 3 },
	{ "DAU", 5 },
	{ "DHU", 6 },
	{ "N3U", 7 },
	{ "ECS", 8 },
	{ "EXPIRE", 9 },
	{ "COOKIE", 10 },
	{ "KEEPALIVE", 11 },
	{ "PADDING", 12 },
	{ "PAD", 12 },
	{ "CHAIN", 13 },
	{ "KEY-TAG", 14 },
	{ "EDE", 15 },
	{ "CLIENT-TAG", 16 },
	{ "SERVER-TAG", 17 },
	{ "DEVICEID", 26946 },
};

static int option_code(const char *text, size_t n, uint16_t *ret)
{
	char *end;
	unsigned long code;

	for (size_t i = 0; i < ARRAY_LEN(option_names); i++) {
		const char *name = option_names[i].name;

		if (strlen(name) == n && strncasecmp(name, text, n) == 0) {
			*ret = option_names[i].code;
			return 0;
		}
	}
	if (!isdigit((unsigned char)*text))
		return -ERR_PARSE;
	code = strtoul(text, &end, 10);
	if (end != text + n || code > UINT16_MAX)
		return -ERR_PARSE;
	*ret = (uint16_t)code;
	return 0;
}

static int option_data(struct arena *a, const char *hex, struct digargs_option *ret)
{
	struct span data;

	if (hex_parse(a, hex, &data) < 0 || data.n > OPTION_OCTETS)
		return -ERR_PARSE;
	ret->data = data.p;
	ret->length = (uint16_t)data.n;
	return 0;
}

int plus_option(const struct digplus_target *t, const struct use *u)
{
	struct digargs_option o = { 0 };
	const char *colon = u->value ? strchr(u->value, ':') : NULL;

	if (!u->on) {
		t->lookup->options = (struct VEC_digargs_options){ 0 };
		return 0;
	}
	if (!u->value) {
		(void)plus_missing(t, u);
		t->fail->code = DIG_VALUE; /* dig's here, and only here */
		return -ERR_USAGE;
	}
	if (option_code(u->value, colon ? (size_t)(colon - u->value) : strlen(u->value), &o.code))
		return plus_fail(t,
			arena_printf(t->arena,
				"+ednsopt: '%s' is not the name or number of an option", u->value));
	if (colon && option_data(t->arena, colon + 1, &o) < 0)
		return plus_fail(
			t, arena_printf(t->arena, "+ednsopt: '%s' is not data in hexadecimal",
				   colon + 1));
	if (t->lookup->options.n == OPTIONS_MOST)
		return plus_fail(t, "+ednsopt: too many options");
	vec_push(t->arena, &t->lookup->options, o);
	t->lookup->edns = true;
	return 0;
}

int plus_nssearch(const struct digplus_target *t, const struct use *u)
{
	struct digargs_lookup *l = t->lookup;

	l->nssearch = u->on;
	if (!u->on)
		return 0;
	l->trace = false;
	l->show.identify = true;
	return plus_short(t, u);
}

/* A lookup of its own, of which nothing but the prefixes is shown. */
int plus_dns64(const struct digplus_target *t, const struct use *u)
{
	struct digargs_lookup *l;
	struct dig_show *show;

	if (!u->on)
		return 0;
	parse_add_name(t->parse, DNS64_NAME);
	l = parse_current(t->parse);
	show = &l->show;
	l->type = RR_AAAA;
	l->type_given = true;
	show->dns64prefix = show->answer = true;
	show->comments = show->question = show->authority = show->additional = false;
	show->meaning = show->stats = t->args->cmd = false;
	return 0;
}

int plus_ndots(const struct digplus_target *t, const struct use *u)
{
	if (!u->on || !u->value)
		return plus_missing(t, u);
	t->args->ndots_given = true;
	return plus_number(t, u, &t->args->ndots);
}

int plus_domain(const struct digplus_target *t, const struct use *u)
{
	if (!u->on || !u->value)
		return plus_missing(t, u);
	t->args->domain = u->value;
	t->args->search = true;
	return 0;
}

int plus_showsearch(const struct digplus_target *t, const struct use *u)
{
	t->args->showsearch = u->on;
	if (u->on)
		t->args->search = true;
	return 0;
}
