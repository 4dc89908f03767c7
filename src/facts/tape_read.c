/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads JSON lines back into facts; the bytes are hostile until each field is judged. */
#include <string.h>

#include "base/err.h"
#include "base/json.h"
#include "base/portset.h"
#include "dns/rr.h"
#include "dns/text.h"
#include "facts/tape.h"
#include "facts/tape_field.h"
#include "facts/tape_value.h"

enum {
	LINE_MAX_BYTES = 256 * 1024,
	LINES_MAX = 4 * 1024 * 1024,
};

struct reader {
	struct arena *arena, *scratch; /* what stays; what a line needs */
	struct facts *facts;
	struct tape_names names;
	struct tape_error error;
};

typedef int get_fn(
	struct reader *r, const struct tape_field *f, const struct json_value *v, void *base);

static int get_fields(struct reader *r, const struct tape_fields *fields,
	const struct json_value *line, void *base);

static void *at(const struct tape_field *f, void *base)
{
	return (char *)base + f->offset;
}

static int wrong(struct reader *r, const struct tape_field *f, const char *what)
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
	struct reader *r, const struct tape_field *f, const struct json_value *v, void *base)
{
	if (v->type != JSON_NUMBER || !v->is_int || v->integer < 0 ||
		!tape_uint_set(f, base, (uint64_t)v->integer))
		return wrong(r, f, "is not a number in its range");
	return 0;
}

static int get_int(
	struct reader *r, const struct tape_field *f, const struct json_value *v, void *base)
{
	if (v->type != JSON_NUMBER || !v->is_int)
		return wrong(r, f, "is not an integer");
	*(int64_t *)at(f, base) = v->integer;
	return 0;
}

static int get_bool(
	struct reader *r, const struct tape_field *f, const struct json_value *v, void *base)
{
	if (v->type != JSON_BOOL)
		return wrong(r, f, "is neither true nor false");
	*(bool *)at(f, base) = v->boolean;
	return 0;
}

static int get_text(
	struct reader *r, const struct tape_field *f, const struct json_value *v, void *base)
{
	const char *text = text_of(v);

	if (!text)
		return wrong(r, f, "is not text");
	*(const char **)at(f, base) = arena_str(r->arena, text);
	return 0;
}

static int get_slug(
	struct reader *r, const struct tape_field *f, const struct json_value *v, void *base)
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
	struct reader *r, const struct tape_field *f, const struct json_value *v, void *base)
{
	if (addr_read(v, at(f, base)) < 0)
		return wrong(r, f, "is not an address");
	return 0;
}

static int get_name(
	struct reader *r, const struct tape_field *f, const struct json_value *v, void *base)
{
	const char *text = text_of(v);
	struct name n;

	if (!text || name_parse(text, &n) < 0)
		return wrong(r, f, "is not a name");
	*(const struct name **)at(f, base) = tape_name_keep(&r->names, r->arena, &n);
	return 0;
}

static int get_type(
	struct reader *r, const struct tape_field *f, const struct json_value *v, void *base)
{
	const char *text = text_of(v);

	if (!text || text_parse_type(text, at(f, base)) < 0)
		return wrong(r, f, "is not a type");
	return 0;
}

static int get_class(
	struct reader *r, const struct tape_field *f, const struct json_value *v, void *base)
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
	struct reader *r, const struct tape_field *f, const struct json_value *v, void *base)
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

	return text ? tape_hex_parse(a, text, ret) : -ERR_PARSE;
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
	struct reader *r, const struct tape_field *f, const struct json_value *v, void *base)
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
	struct reader *r, const struct tape_field *f, const struct json_value *v, void *base)
{
	struct span wire;

	if (hex_read(r->scratch, v, &wire) < 0 || wire.n != FACTS_HEADER)
		return wrong(r, f, "is not the hexadecimal of 12 octets");
	*(const struct msg **)at(f, base) = facts_header(r->arena, wire);
	return 0;
}

static int get_reply(
	struct reader *r, const struct tape_field *f, const struct json_value *v, void *base)
{
	struct span wire;

	if (hex_read(r->scratch, v, &wire) < 0)
		return wrong(r, f, "is not the hexadecimal of a message");
	*(const struct msg **)at(f, base) = msg_read(r->arena, wire);
	return 0;
}

static int get_question(
	struct reader *r, const struct tape_field *f, const struct json_value *v, void *base)
{
	struct question *q = at(f, base);

	if (v->type != JSON_OBJECT)
		return wrong(r, f, "is not an object");
	q->class = CLASS_IN;
	return get_fields(r, &tape_question_fields, v, q);
}

static int get_targets(
	struct reader *r, const struct tape_field *f, const struct json_value *v, void *base)
{
	struct facts *facts = base;
	struct addr *targets;

	if (v->type != JSON_ARRAY)
		return wrong(r, f, "is not an array of addresses");
	targets = arena_alloc(r->arena, v->n * sizeof(*targets));
	for (size_t i = 0; i < v->n; i++)
		if (addr_read(&v->items[i], &targets[i]) < 0)
			return wrong(r, f, "is not an array of addresses");
	facts->targets.v = targets;
	facts->targets.n = facts->targets.cap = v->n;
	return 0;
}

static int get_ports(
	struct reader *r, const struct tape_field *f, const struct json_value *v, void *base)
{
	struct portset *ports = arena_alloc(r->arena, sizeof(*ports));
	const char *text = text_of(v);

	if (!text || portset_parse(text, ports, NULL) < 0)
		return wrong(r, f, "is not a set of ports");
	*(const struct portset **)at(f, base) = ports;
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
	[TAPE_TARGETS] = get_targets,
	[TAPE_PORTS] = get_ports,
};

static int get_fields(struct reader *r, const struct tape_fields *fields,
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

static int read_head(struct reader *r, const struct json_value *line)
{
	if (json_get_int(line, "tape", 0) != TAPE_VERSION) {
		r->error.text = "not the head of a tape of version 1";
		return -ERR_PARSE;
	}
	r->facts = facts_new(r->arena);
	return get_fields(r, &tape_head_fields, line, r->facts);
}

static int read_observation(struct reader *r, const struct json_value *line)
{
	struct observation o = { .ask.question.class = CLASS_IN };
	int err;

	if (json_get(line, "tape")) {
		r->error.text = "a second head";
		return -ERR_PARSE;
	}
	err = get_fields(r, &tape_observation_fields, line, &o);
	if (err < 0)
		return err;
	facts_add(r->facts, &o);
	return 0;
}

static bool blank(struct span line)
{
	for (size_t i = 0; i < line.n; i++)
		if (!strchr(" \t\r", line.p[i]) || !line.p[i])
			return false;
	return true;
}

static int read_line(struct reader *r, struct span line)
{
	const struct json_value *v;
	size_t offset = 0;

	if (line.n > LINE_MAX_BYTES) {
		r->error.text = "longer than 256 KiB";
		return -ERR_PARSE;
	}
	if (blank(line))
		return 0;
	if (json_read(r->scratch, line, &v, &offset) < 0) {
		r->error.column = offset + 1;
		r->error.text = "not JSON (RFC 8259)";
		return -ERR_PARSE;
	}
	if (v->type != JSON_OBJECT) {
		r->error.text = "not an object";
		return -ERR_PARSE;
	}
	return r->facts ? read_observation(r, v) : read_head(r, v);
}

static int read_lines(struct reader *r, struct span text)
{
	while (text.n) {
		const uint8_t *end = memchr(text.p, '\n', text.n);
		size_t n = end ? (size_t)(end - text.p) : text.n, skip = end ? n + 1 : n;
		int err;

		if (++r->error.line > LINES_MAX) {
			r->error.text = "more than 4,194,304 lines";
			return -ERR_PARSE;
		}
		err = read_line(r, (struct span){ text.p, n });
		if (err < 0)
			return err;
		arena_reset(r->scratch);
		text = (struct span){ text.p + skip, text.n - skip };
	}
	if (r->facts)
		return 0;
	r->error.text = "a tape without a head";
	r->error.line += r->error.line == 0;
	return -ERR_PARSE;
}

int tape_read(struct arena *a, struct span text, struct facts **ret, struct tape_error *ret_error)
{
	struct reader r = { .arena = a, .scratch = arena_new() };
	int err = read_lines(&r, text);

	arena_free(r.scratch);
	if (err < 0)
		*ret_error = r.error;
	else
		*ret = r.facts;
	return err;
}
