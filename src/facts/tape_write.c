/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes facts as JSON lines; what has its default is left out. */
#include <assert.h>

#include "base/hex.h"
#include "base/json.h"
#include "base/portset.h"
#include "dns/rr.h"
#include "dns/text.h"
#include "facts/tape.h"
#include "facts/tape_field.h"
#include "facts/tape_value.h"

typedef void put_fn(struct json *j, const struct tape_field *f, const void *base);

static void put_fields(struct json *j, const struct tape_fields *fields, const void *base);

static const void *at(const struct tape_field *f, const void *base)
{
	return (const char *)base + f->offset;
}

static void put_uint(struct json *j, const struct tape_field *f, const void *base)
{
	uint64_t v = tape_uint(f, base);

	if (v || f->needed)
		json_uint(j, f->key, v);
}

static void put_int(struct json *j, const struct tape_field *f, const void *base)
{
	const int64_t *v = at(f, base);

	if (*v)
		json_int(j, f->key, *v);
}

static void put_bool(struct json *j, const struct tape_field *f, const void *base)
{
	const bool *v = at(f, base);

	if (*v)
		json_bool(j, f->key, true);
}

static void put_text(struct json *j, const struct tape_field *f, const void *base)
{
	const char *const *v = at(f, base);

	if (*v)
		json_str(j, f->key, *v);
}

static void put_slug(struct json *j, const struct tape_field *f, const void *base)
{
	const uint8_t *v = at(f, base);
	const char *slug = tape_slug(f->kind, *v);

	assert(slug);
	if (*v || f->needed)
		json_str(j, f->key, slug);
}

static void addr_put(struct json *j, const char *key, const struct addr *a)
{
	char text[TAPE_ADDR_TEXT];

	json_str(j, key, tape_addr_text(a, text));
}

static bool addr_is_default(const struct addr *a)
{
	return a->family == ADDR_NONE && !a->port && !a->scope;
}

static void put_addr(struct json *j, const struct tape_field *f, const void *base)
{
	const struct addr *a = at(f, base);

	if (!addr_is_default(a) || f->needed)
		addr_put(j, f->key, a);
}

static void put_name(struct json *j, const struct tape_field *f, const void *base)
{
	const struct name *const *n = at(f, base);
	char text[NAME_TEXT];

	if (*n)
		json_str(j, f->key, name_text(*n, text));
}

static void put_type(struct json *j, const struct tape_field *f, const void *base)
{
	const uint16_t *type = at(f, base);
	char text[TEXT_MNEMONIC];

	if (*type)
		json_str(j, f->key, text_type(*type, text));
}

static void put_class(struct json *j, const struct tape_field *f, const void *base)
{
	const uint16_t *class = at(f, base);
	char text[TEXT_MNEMONIC];

	if (*class != CLASS_IN)
		json_str(j, f->key, text_class(*class, text));
}

static void put_icmp(struct json *j, const struct tape_field *f, const void *base)
{
	const struct icmp *i = at(f, base);

	if (!i->type && !i->code && addr_is_default(&i->offender))
		return;
	json_array(j, f->key);
	json_uint(j, NULL, i->type);
	json_uint(j, NULL, i->code);
	addr_put(j, NULL, &i->offender);
	json_end(j);
}

static void hex_put(struct json *j, const char *key, struct span bytes)
{
	json_str(j, key, hex_text(j->out->arena, bytes));
}

static void put_options(struct json *j, const struct tape_field *f, const void *base)
{
	const struct shape *s = at(f, base);

	if (!s->noptions)
		return;
	json_array(j, f->key);
	for (size_t i = 0; i < s->noptions; i++) {
		const struct shape_option *o = &s->options[i];

		json_array(j, NULL);
		json_uint(j, NULL, o->code);
		hex_put(j, NULL, (struct span){ o->data, o->length });
		json_end(j);
	}
	json_end(j);
}

/* Of the reply to a brief ask the header alone is kept, when there is nothing wrong with it. */
static bool header_alone(const struct observation *o)
{
	return o->ask.brief && o->msg->wire.n == FACTS_HEADER && !o->msg->ndefects;
}

static void put_header(struct json *j, const struct tape_field *f, const void *base)
{
	const struct observation *o = base;

	if (o->msg && header_alone(o))
		hex_put(j, f->key, o->msg->wire);
}

static void put_reply(struct json *j, const struct tape_field *f, const void *base)
{
	const struct observation *o = base;

	if (o->msg && !header_alone(o))
		hex_put(j, f->key, o->msg->wire);
}

static void put_question(struct json *j, const struct tape_field *f, const void *base)
{
	const struct question *q = at(f, base);

	if (!q->name)
		return;
	json_object(j, f->key);
	put_fields(j, &tape_question_fields, q);
	json_end(j);
}

static void put_counters(struct json *j, const struct tape_field *f, const void *base)
{
	const struct facts_counters *c = at(f, base);

	if (!c->known)
		return;
	json_object(j, f->key);
	put_fields(j, &tape_counters_fields, c);
	json_end(j);
}

static void put_addrs(struct json *j, const struct tape_field *f, const void *base)
{
	const struct addrs *list = at(f, base);

	if (!list->n)
		return;
	json_array(j, f->key);
	vec_each (const struct addr, a, *list)
		addr_put(j, NULL, a);
	json_end(j);
}

static void line_put(struct json *j, const char *key, const struct pool_line *l)
{
	json_array(j, key);
	json_str(j, NULL, l->file);
	json_uint(j, NULL, l->line);
	json_str(j, NULL, l->text ? l->text : "");
	json_end(j);
}

static void put_line(struct json *j, const struct tape_field *f, const void *base)
{
	const struct pool_line *l = at(f, base);

	if (l->file)
		line_put(j, f->key, l);
}

static void put_lines(struct json *j, const struct tape_field *f, const void *base)
{
	const struct pool_lines *lines = at(f, base);

	if (!lines->n)
		return;
	json_array(j, f->key);
	vec_each (const struct pool_line, l, *lines)
		line_put(j, NULL, l);
	json_end(j);
}

static void put_ports(struct json *j, const struct tape_field *f, const void *base)
{
	const struct portset *const *ports = at(f, base);
	struct buf text = { .arena = j->out->arena };

	if (!*ports)
		return;
	portset_text(*ports, &text);
	json_str(j, f->key, buf_text(&text));
}

static void put_hex(struct json *j, const struct tape_field *f, const void *base)
{
	const struct span *v = at(f, base);

	hex_put(j, f->key, *v);
}

static put_fn *const puts_of[TAPE_KINDS] = {
	[TAPE_UINT] = put_uint,
	[TAPE_INT] = put_int,
	[TAPE_BOOL] = put_bool,
	[TAPE_TEXT] = put_text,
	[TAPE_OUTCOME] = put_slug,
	[TAPE_WHY] = put_slug,
	[TAPE_ROLE] = put_slug,
	[TAPE_TRANSPORT] = put_slug,
	[TAPE_ADDR] = put_addr,
	[TAPE_NAME] = put_name,
	[TAPE_TYPE] = put_type,
	[TAPE_CLASS] = put_class,
	[TAPE_ICMP] = put_icmp,
	[TAPE_OPTIONS] = put_options,
	[TAPE_REPLY] = put_reply,
	[TAPE_HEADER] = put_header,
	[TAPE_QUESTION] = put_question,
	[TAPE_COUNTERS] = put_counters,
	[TAPE_ADDRS] = put_addrs,
	[TAPE_LINES] = put_lines,
	[TAPE_LINE] = put_line,
	[TAPE_PER_TRY] = put_slug,
	[TAPE_GAP] = put_slug,
	[TAPE_SIGHT] = put_slug,
	[TAPE_END] = put_slug,
	[TAPE_DF] = put_slug,
	[TAPE_PORTS] = put_ports,
	[TAPE_HEX] = put_hex,
};

static void put_fields(struct json *j, const struct tape_fields *fields, const void *base)
{
	for (size_t i = 0; i < fields->n; i++)
		puts_of[fields->v[i].kind](j, &fields->v[i], base);
}

void tape_head(const struct facts *f, struct buf *b)
{
	struct json j = { .out = b };

	json_object(&j, NULL);
	json_int(&j, "tape", TAPE_VERSION);
	json_str(&j, "tool", "dnsfault");
	json_str(&j, "version", DNSFAULT_VERSION);
	put_fields(&j, &tape_head_fields, f);
	json_end(&j);
	buf_char(b, '\n');
}

static void whole_line(struct buf *b, const struct tape_fields *fields, const void *base)
{
	struct json j = { .out = b };

	json_object(&j, NULL);
	put_fields(&j, fields, base);
	json_end(&j);
	buf_char(b, '\n');
}

void tape_line(const struct observation *o, struct buf *b)
{
	whole_line(b, &tape_observation_fields, o);
}

void tape_audit(const struct audit *a, struct buf *b)
{
	whole_line(b, &tape_audit_fields, a);
	vec_each (const struct pool, p, a->pools)
		whole_line(b, &tape_pool_fields, p);
	vec_each (const struct pool_remark, m, a->remarks)
		whole_line(b, &tape_remark_fields, m);
}

void tape_sighting(const struct sighting *s, struct buf *b)
{
	whole_line(b, &tape_sighting_fields, s);
}

/* Every part of the plan is a line of its own: a test case that was chosen … */
static void put_part(struct buf *b, const char *key, const char *text)
{
	struct json j = { .out = b };

	json_object(&j, NULL);
	json_str(&j, key, text);
	json_end(&j);
	buf_char(b, '\n');
}

/* … and a row of AS data. */
static void put_asn(struct buf *b, const struct asn_rows *rows)
{
	for (size_t i = 0; i < rows->n; i++)
		put_part(b, "asn",
			asn_line(b->arena, &(struct asn_rows){ .v = &rows->v[i], .n = 1 }));
}

static void tape_tree(const struct tree_plan *t, struct buf *b)
{
	whole_line(b, &tape_tree_fields, t);
	vec_each (const struct tree_ns, ns, t->roots)
		whole_line(b, &tape_root_fields, ns);
	vec_each (const struct tree_ns, ns, t->ns)
		whole_line(b, &tape_cut_fields, ns);
	vec_each (const struct ds, ds, t->ds)
		whole_line(b, &tape_ds_fields, ds);
	vec_each (const struct ds, ds, t->anchors)
		whole_line(b, &tape_anchor_fields, ds);
	for (size_t i = 0; i < t->cases.n; i++)
		put_part(b, "case", t->cases.v[i]);
	for (size_t i = 0; i < t->selectors.n; i++)
		put_part(b, "selector", t->selectors.v[i]);
	vec_each (const struct addr, client, t->clients) {
		char text[ADDR_TEXT];

		put_part(b, "client", addr_text(client, text));
	}
	if (t->asn)
		put_asn(b, t->asn);
}

void tape_write(const struct facts *f, struct buf *b)
{
	tape_head(f, b);
	if (f->tree)
		tape_tree(f->tree, b);
	vec_each (struct audit *, a, f->audits)
		tape_audit(*a, b);
	vec_each (const struct facts_gap, g, f->gaps)
		whole_line(b, &tape_gap_fields, g);
	for (size_t i = 0; i < f->n; i++)
		tape_line(f->v[i], b);
	/* What the beacon saw stands in its replies. */
	vec_each (const struct sighting, s, f->sightings)
		if (s->source != SIGHT_BEACON)
			tape_sighting(s, b);
}
