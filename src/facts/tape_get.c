/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One reader a kind of field; the values are hostile until they have judged them. */
#include "facts/tape_get.h"

#include <string.h>

#include "base/err.h"
#include "base/hex.h"
#include "base/portset.h"
#include "dns/rr.h"
#include "dns/text.h"

typedef int get_fn(
	struct tape_reader *r, const struct tape_field *f, const struct json_value *v, void *base);

static void *at(const struct tape_field *f, void *base)
{
	return (char *)base + f->offset;
}

static int wrong(struct tape_reader *r, const struct tape_field *f, const char *what)
{
	r->error.text = arena_printf(r->arena, "\"%s\" %s", f->key, what);
	return -ERR_PARSE;
}

/* The text of a string that a C string can hold; NULL for anything else. */
static const char *text_of(const struct json_value *v)
{
	return v->type == JSON_STRING && strlen(v->text) == v->n ? v->text : NULL;
}

static int get_uint(
	struct tape_reader *r, const struct tape_field *f, const struct json_value *v, void *base)
{
	if (v->type != JSON_NUMBER || !v->is_int || v->integer < 0 ||
		!tape_uint_set(f, base, (uint64_t)v->integer))
		return wrong(r, f, "is not a number in its range");
	return 0;
}

static int get_int(
	struct tape_reader *r, const struct tape_field *f, const struct json_value *v, void *base)
{
	if (v->type != JSON_NUMBER || !v->is_int)
		return wrong(r, f, "is not an integer");
	*(int64_t *)at(f, base) = v->integer;
	return 0;
}

static int get_bool(
	struct tape_reader *r, const struct tape_field *f, const struct json_value *v, void *base)
{
	if (v->type != JSON_BOOL)
		return wrong(r, f, "is neither true nor false");
	*(bool *)at(f, base) = v->boolean;
	return 0;
}

static int get_text(
	struct tape_reader *r, const struct tape_field *f, const struct json_value *v, void *base)
{
	const char *text = text_of(v);

	if (!text)
		return wrong(r, f, "is not text");
	*(const char **)at(f, base) = arena_str(r->arena, text);
	return 0;
}

static int get_slug(
	struct tape_reader *r, const struct tape_field *f, const struct json_value *v, void *base)
{
	const char *text = text_of(v), *slug;

	for (uint8_t i = 0; text && (slug = tape_slug(f->kind, i)); i++) {
		if (strcmp(slug, text) == 0) {
			*(uint8_t *)at(f, base) = i;
			return 0;
		}
	}
	return wrong(r, f, "is none of the words known here");
}

static int addr_read(const struct json_value *v, struct addr *ret)
{
	const char *text = text_of(v);

	return text ? tape_addr_parse(text, ret) : -ERR_PARSE;
}

static int get_addr(
	struct tape_reader *r, const struct tape_field *f, const struct json_value *v, void *base)
{
	if (addr_read(v, at(f, base)) < 0)
		return wrong(r, f, "is not an address");
	return 0;
}

static int get_name(
	struct tape_reader *r, const struct tape_field *f, const struct json_value *v, void *base)
{
	const char *text = text_of(v);
	struct name n;

	if (!text || name_parse(text, &n) < 0)
		return wrong(r, f, "is not a name");
	*(const struct name **)at(f, base) = tape_name_keep(&r->names, r->arena, &n);
	return 0;
}

static int get_type(
	struct tape_reader *r, const struct tape_field *f, const struct json_value *v, void *base)
{
	const char *text = text_of(v);

	if (!text || text_parse_type(text, at(f, base)) < 0)
		return wrong(r, f, "is not a type");
	return 0;
}

static int get_class(
	struct tape_reader *r, const struct tape_field *f, const struct json_value *v, void *base)
{
	const char *text = text_of(v);

	if (!text || text_parse_class(text, at(f, base)) < 0)
		return wrong(r, f, "is not a class");
	return 0;
}

/* An item of an array that is a number of at most most; -1: it is not. */
static int32_t item(const struct json_value *v, size_t i, int32_t most)
{
	const struct json_value *n = &v->items[i];

	if (n->type != JSON_NUMBER || !n->is_int || n->integer < 0 || n->integer > most)
		return -1;
	return (int32_t)n->integer;
}

static int get_icmp(
	struct tape_reader *r, const struct tape_field *f, const struct json_value *v, void *base)
{
	struct icmp *icmp = at(f, base);
	int32_t type, code;

	if (v->type != JSON_ARRAY || v->n != 3)
		return wrong(r, f, "is not [type, code, address]");
	type = item(v, 0, UINT8_MAX);
	code = item(v, 1, UINT8_MAX);
	if (type < 0 || code < 0 || addr_read(&v->items[2], &icmp->offender) < 0)
		return wrong(r, f, "is not [type, code, address]");
	icmp->type = (uint8_t)type;
	icmp->code = (uint8_t)code;
	return 0;
}

static int hex_read(struct arena *a, const struct json_value *v, struct span *ret)
{
	const char *text = text_of(v);

	return text ? hex_parse(a, text, ret) : -ERR_PARSE;
}

static int option_read(struct arena *a, const struct json_value *v, struct shape_option *ret)
{
	struct span data;
	int32_t code;

	if (v->type != JSON_ARRAY || v->n != 2)
		return -ERR_PARSE;
	code = item(v, 0, UINT16_MAX);
	if (code < 0 || hex_read(a, &v->items[1], &data) < 0)
		return -ERR_PARSE;
	*ret = (struct shape_option){ (uint16_t)code, (uint16_t)data.n, data.p };
	return 0;
}

static int get_options(
	struct tape_reader *r, const struct tape_field *f, const struct json_value *v, void *base)
{
	struct shape *s = at(f, base);
	struct shape_option *options;

	if (v->type != JSON_ARRAY || v->n > UINT8_MAX)
		return wrong(r, f, "is not an array of options");
	options = arena_alloc(r->arena, v->n * sizeof(*options));
	for (size_t i = 0; i < v->n; i++)
		if (option_read(r->arena, &v->items[i], &options[i]) < 0)
			return wrong(r, f, "has an option that is not [code, hexadecimal]");
	s->options = options;
	s->noptions = (uint8_t)v->n;
	return 0;
}

static int get_header(
	struct tape_reader *r, const struct tape_field *f, const struct json_value *v, void *base)
{
	struct span wire;

	if (hex_read(r->scratch, v, &wire) < 0 || wire.n != FACTS_HEADER)
		return wrong(r, f, "is not the hexadecimal of 12 octets");
	*(const struct msg **)at(f, base) = facts_header(r->arena, wire);
	return 0;
}

static int get_reply(
	struct tape_reader *r, const struct tape_field *f, const struct json_value *v, void *base)
{
	struct span wire;

	if (hex_read(r->scratch, v, &wire) < 0)
		return wrong(r, f, "is not the hexadecimal of a message");
	*(const struct msg **)at(f, base) = msg_read(r->arena, wire);
	return 0;
}

static int get_question(
	struct tape_reader *r, const struct tape_field *f, const struct json_value *v, void *base)
{
	struct question *q = at(f, base);

	if (v->type != JSON_OBJECT)
		return wrong(r, f, "is not an object");
	q->class = CLASS_IN;
	return tape_get_fields(r, &tape_question_fields, v, q);
}

static int get_counters(
	struct tape_reader *r, const struct tape_field *f, const struct json_value *v, void *base)
{
	struct facts_counters *c = at(f, base);

	if (v->type != JSON_OBJECT)
		return wrong(r, f, "is not an object");
	c->known = true;
	return tape_get_fields(r, &tape_counters_fields, v, c);
}

static int get_addrs(
	struct tape_reader *r, const struct tape_field *f, const struct json_value *v, void *base)
{
	struct addrs *list = at(f, base);

	if (v->type != JSON_ARRAY)
		return wrong(r, f, "is not an array of addresses");
	for (size_t i = 0; i < v->n; i++) {
		struct addr a;

		if (addr_read(&v->items[i], &a) < 0)
			return wrong(r, f, "is not an array of addresses");
		vec_push(r->arena, list, a);
	}
	return 0;
}

static int line_read(struct arena *a, const struct json_value *v, struct pool_line *ret)
{
	const char *file, *text;
	int32_t line;

	if (v->type != JSON_ARRAY || v->n != 3)
		return -ERR_PARSE;
	file = text_of(&v->items[0]);
	line = item(v, 1, INT32_MAX);
	text = text_of(&v->items[2]);
	if (!file || line < 0 || !text)
		return -ERR_PARSE;
	*ret = (struct pool_line){ arena_str(a, file), (uint32_t)line, arena_str(a, text) };
	return 0;
}

static int get_line(
	struct tape_reader *r, const struct tape_field *f, const struct json_value *v, void *base)
{
	if (line_read(r->arena, v, at(f, base)) < 0)
		return wrong(r, f, "is not [file, line, text]");
	return 0;
}

static int get_lines(
	struct tape_reader *r, const struct tape_field *f, const struct json_value *v, void *base)
{
	struct pool_lines *lines = at(f, base);

	if (v->type != JSON_ARRAY)
		return wrong(r, f, "is not an array");
	for (size_t i = 0; i < v->n; i++) {
		struct pool_line l;

		if (line_read(r->arena, &v->items[i], &l) < 0)
			return wrong(r, f, "has an item that is not [file, line, text]");
		vec_push(r->arena, lines, l);
	}
	return 0;
}

static int get_ports(
	struct tape_reader *r, const struct tape_field *f, const struct json_value *v, void *base)
{
	struct portset *ports = arena_alloc(r->arena, sizeof(*ports));
	const char *text = text_of(v);

	if (!text || portset_parse(text, ports, NULL) < 0)
		return wrong(r, f, "is not a set of ports");
	*(const struct portset **)at(f, base) = ports;
	return 0;
}

static int get_hex(
	struct tape_reader *r, const struct tape_field *f, const struct json_value *v, void *base)
{
	if (hex_read(r->arena, v, at(f, base)) < 0)
		return wrong(r, f, "is not hexadecimal");
	return 0;
}

static get_fn *const gets_of[TAPE_KINDS] = {
	[TAPE_UINT] = get_uint,
	[TAPE_INT] = get_int,
	[TAPE_BOOL] = get_bool,
	[TAPE_TEXT] = get_text,
	[TAPE_OUTCOME] = get_slug,
	[TAPE_WHY] = get_slug,
	[TAPE_ROLE] = get_slug,
	[TAPE_TRANSPORT] = get_slug,
	[TAPE_ADDR] = get_addr,
	[TAPE_NAME] = get_name,
	[TAPE_TYPE] = get_type,
	[TAPE_CLASS] = get_class,
	[TAPE_ICMP] = get_icmp,
	[TAPE_OPTIONS] = get_options,
	[TAPE_REPLY] = get_reply,
	[TAPE_HEADER] = get_header,
	[TAPE_QUESTION] = get_question,
	[TAPE_COUNTERS] = get_counters,
	[TAPE_ADDRS] = get_addrs,
	[TAPE_LINES] = get_lines,
	[TAPE_LINE] = get_line,
	[TAPE_PER_TRY] = get_slug,
	[TAPE_GAP] = get_slug,
	[TAPE_SIGHT] = get_slug,
	[TAPE_END] = get_slug,
	[TAPE_DF] = get_slug,
	[TAPE_PORTS] = get_ports,
	[TAPE_HEX] = get_hex,
};

int tape_get_fields(struct tape_reader *r, const struct tape_fields *fields,
	const struct json_value *line, void *base)
{
	for (size_t i = 0; i < fields->n; i++) {
		const struct tape_field *f = &fields->v[i];
		const struct json_value *v = json_get(line, f->key);
		int err = 0;

		if (v)
			err = gets_of[f->kind](r, f, v, base);
		else if (f->needed)
			err = wrong(r, f, "is missing");
		if (err < 0)
			return err;
	}
	return 0;
}
