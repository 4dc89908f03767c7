/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads JSON lines back into facts. */
#include <string.h>

#include "base/err.h"
#include "dns/rr.h"
#include "facts/embed.h"
#include "facts/tape_get.h"

enum {
	LINE_MAX_BYTES = 256 * 1024,
	LINES_MAX = 4 * 1024 * 1024,
	/* A pool has 8 KiB, and its line a few bytes. Configurations have 64 (intake). */
	AUDITS_MAX = 64,
	POOLS_MAX = 256,  /* of an audit */
	PARTS_MAX = 1024, /* of a plan for the tree, of each kind */
};

static int read_head(struct tape_reader *r, const struct json_value *line)
{
	if (json_get_int(line, "tape", 0) != TAPE_VERSION) {
		r->error.text = "not the head of a tape of version 1";
		return -ERR_PARSE;
	}
	r->facts = facts_new(r->arena);
	return tape_get_fields(r, &tape_head_fields, line, r->facts);
}

static int read_observation(struct tape_reader *r, const struct json_value *line)
{
	struct observation o = { .ask.question.class = CLASS_IN };
	int err = tape_get_fields(r, &tape_observation_fields, line, &o);

	if (err < 0)
		return err;
	facts_add(r->facts, &o);
	return 0;
}

static int read_second_head(struct tape_reader *r, const struct json_value *line)
{
	(void)line;
	r->error.text = "a second head";
	return -ERR_PARSE;
}

static int read_sighting(struct tape_reader *r, const struct json_value *line)
{
	struct sighting s = { .question.class = CLASS_IN };
	int err = tape_get_fields(r, &tape_sighting_fields, line, &s);

	if (err < 0)
		return err;
	vec_push(r->arena, &r->facts->sightings, s);
	return 0;
}

static int too_many(struct tape_reader *r, const char *what)
{
	r->error.text = what;
	return -ERR_PARSE;
}

static int read_audit(struct tape_reader *r, const struct json_value *line)
{
	struct audit *a = arena_alloc(r->arena, sizeof(*a));
	int err;

	if (r->facts->audits.n == AUDITS_MAX)
		return too_many(r, "more than 64 audits");
	err = tape_get_fields(r, &tape_audit_fields, line, a);
	if (err < 0)
		return err;
	vec_push(r->arena, &r->facts->audits, a);
	return 0;
}

/* The audit that the line is a part of: the last one; NULL: that is missing, as is said. */
static struct audit *audit_before(struct tape_reader *r)
{
	if (r->facts->audits.n)
		return r->facts->audits.v[r->facts->audits.n - 1];
	r->error.text = "a part of an audit, and no audit before it";
	return NULL;
}

static int read_pool(struct tape_reader *r, const struct json_value *line)
{
	struct audit *a = audit_before(r);
	struct pool p = { 0 };
	int err;

	if (a && a->pools.n == POOLS_MAX)
		return too_many(r, "more than 256 pools of an audit");
	err = a ? tape_get_fields(r, &tape_pool_fields, line, &p) : -ERR_PARSE;
	if (err < 0)
		return err;
	if (p.only_bits > addr_octets(&p.only).n * 8)
		return too_many(r, "\"bits\" is more than the address has");
	p.software = a->software;
	p.version = a->version;
	vec_push(r->arena, &a->pools, p);
	return 0;
}

static int read_remark(struct tape_reader *r, const struct json_value *line)
{
	struct audit *a = audit_before(r);
	struct pool_remark m = { 0 };
	int err = a ? tape_get_fields(r, &tape_remark_fields, line, &m) : -ERR_PARSE;

	if (err < 0)
		return err;
	vec_push(r->arena, &a->remarks, m);
	return 0;
}

static int read_gap(struct tape_reader *r, const struct json_value *line)
{
	struct facts_gap g = { 0 };
	int err = tape_get_fields(r, &tape_gap_fields, line, &g);

	if (err < 0)
		return err;
	vec_push(r->arena, &r->facts->gaps, g);
	return 0;
}

static int read_tree(struct tape_reader *r, const struct json_value *line)
{
	struct tree_plan *t;
	int err;

	if (r->facts->tree)
		return too_many(r, "a second plan of the tree");
	t = arena_alloc(r->arena, sizeof(*t));
	r->facts->tree = t;
	err = tape_get_fields(r, &tape_tree_fields, line, t);
	if (err == 0 && t->asn_file)
		t->asn = arena_alloc(r->arena, sizeof(*t->asn));
	return err;
}

/* The plan that the line is a part of, which has n such parts; NULL: it cannot be, as is said. */
static struct tree_plan *tree_before(struct tape_reader *r)
{
	if (!r->facts->tree)
		r->error.text = "a part of a plan of the tree, and no plan before it";
	return r->facts->tree;
}

/* One more of them. */
static bool room(struct tape_reader *r, size_t n)
{
	if (n < PARTS_MAX)
		return true;
	r->error.text = "more than 1,024 of them";
	return false;
}

static int read_ns(struct tape_reader *r, const struct json_value *line, bool root)
{
	struct tree_plan *t = tree_before(r);
	struct tree_ns ns = { 0 };
	int err = -ERR_PARSE;

	if (t && room(r, root ? t->roots.n : t->ns.n))
		err = tape_get_fields(r, root ? &tape_root_fields : &tape_cut_fields, line, &ns);
	if (err < 0)
		return err;
	if (root)
		vec_push(r->arena, &t->roots, ns);
	else
		vec_push(r->arena, &t->ns, ns);
	return 0;
}

static int read_root(struct tape_reader *r, const struct json_value *line)
{
	return read_ns(r, line, true);
}

static int read_cut(struct tape_reader *r, const struct json_value *line)
{
	return read_ns(r, line, false);
}

static int read_either_ds(struct tape_reader *r, const struct json_value *line, bool anchor)
{
	struct tree_plan *t = tree_before(r);
	struct ds ds = { 0 };
	int err = -ERR_PARSE;

	if (t && room(r, anchor ? t->anchors.n : t->ds.n))
		err = tape_get_fields(r, anchor ? &tape_anchor_fields : &tape_ds_fields, line, &ds);
	if (err < 0)
		return err;
	if (anchor)
		vec_push(r->arena, &t->anchors, ds);
	else
		vec_push(r->arena, &t->ds, ds);
	return 0;
}

static int read_ds(struct tape_reader *r, const struct json_value *line)
{
	return read_either_ds(r, line, false);
}

static int read_anchor(struct tape_reader *r, const struct json_value *line)
{
	return read_either_ds(r, line, true);
}

static int read_case(struct tape_reader *r, const struct json_value *line)
{
	struct tree_plan *t = tree_before(r);
	const char *id = json_get_str(line, "case", NULL);

	if (!t || !room(r, t->cases.n))
		return -ERR_PARSE;
	if (!id)
		return too_many(r, "\"case\" is not text");
	vec_push(r->arena, &t->cases, arena_str(r->arena, id));
	return 0;
}

static int read_selector(struct tape_reader *r, const struct json_value *line)
{
	struct tree_plan *t = tree_before(r);
	const char *text = json_get_str(line, "selector", NULL);

	if (!t || !room(r, t->selectors.n))
		return -ERR_PARSE;
	if (!text)
		return too_many(r, "\"selector\" is not text");
	vec_push(r->arena, &t->selectors, arena_str(r->arena, text));
	return 0;
}

static int read_client(struct tape_reader *r, const struct json_value *line)
{
	struct tree_plan *t = tree_before(r);
	const char *text = json_get_str(line, "client", NULL);
	struct addr addr;

	if (!t || !room(r, t->clients.n))
		return -ERR_PARSE;
	if (!text || addr_parse(text, &addr) < 0)
		return too_many(r, "\"client\" is no address");
	vec_push(r->arena, &t->clients, addr);
	return 0;
}

static int read_asn(struct tape_reader *r, const struct json_value *line)
{
	const char *text = json_get_str(line, "asn", NULL);
	struct tree_plan *t = tree_before(r);
	struct asn_rows table;

	if (!t || !room(r, t->asn ? t->asn->n : 0))
		return -ERR_PARSE;
	if (!t->asn)
		return too_many(r, "AS data, and a plan that has no file of them");
	table = *t->asn;
	if (!text ||
		asn_add(r->arena, &table, (struct span){ (const uint8_t *)text, strlen(text) }) < 0)
		return too_many(r, "\"asn\" is no network with its numbers");
	t->asn = arena_dup(r->arena, &table, sizeof(table));
	return 0;
}

/* What a line is, by the key that it must have; an observation when it has none of these. */
static const struct {
	const char *key;
	int (*read)(struct tape_reader *r, const struct json_value *line);
} lines[] = {
	{ "tape", read_second_head },
	{ "sight", read_sighting },
	{ "audit", read_audit },
	{ "pool", read_pool },
	{ "remark", read_remark },
	{ "gap", read_gap },
	{ "tree", read_tree },
	{ "root", read_root },
	{ "delegated", read_cut },
	{ "ds", read_ds },
	{ "anchor", read_anchor },
	{ "case", read_case },
	{ "asn", read_asn },
	{ "selector", read_selector },
	{ "client", read_client },
};

static int read_item(struct tape_reader *r, const struct json_value *line)
{
	for (size_t i = 0; i < ARRAY_LEN(lines); i++)
		if (json_get(line, lines[i].key))
			return lines[i].read(r, line);
	return read_observation(r, line);
}

static bool blank(struct span line)
{
	for (size_t i = 0; i < line.n; i++)
		if (!strchr(" \t\r", line.p[i]) || !line.p[i])
			return false;
	return true;
}

static int read_line(struct tape_reader *r, struct span line)
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
	return r->facts ? read_item(r, v) : read_head(r, v);
}

static int read_lines(struct tape_reader *r, struct span text)
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
	struct tape_reader r = { .arena = a, .scratch = arena_new() };
	int err;

	if (embed_is_page(text) && !embed_find(text, &text, &r.error.line)) {
		r.error = (struct tape_error){ 1, 0, "an HTML page that holds no facts of a run" };
		err = -ERR_PARSE;
	} else {
		err = read_lines(&r, text);
	}

	arena_free(r.scratch);
	if (err < 0)
		*ret_error = r.error;
	else
		*ret = r.facts;
	return err;
}
