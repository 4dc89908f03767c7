// SPDX-License-Identifier: GPL-3.0-or-later
// Builds the world of a row: the healthy one, with the row's changes.
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "treeworld_inner.h"

enum { PORT = 53 };

struct part {
	const char *p;
	size_t n;
};

/* The next part of a list, which may be NULL; false at its end. */
static bool next_part(const char **list, const char *separators, struct part *ret)
{
	if (!*list)
		return false;
	*list += strspn(*list, separators);
	*ret = (struct part){ *list, strcspn(*list, separators) };
	*list += ret->n;
	return ret->n > 0;
}

static bool part_is(const struct part *part, const char *text)
{
	return strlen(text) == part->n && strncmp(text, part->p, part->n) == 0;
}

static struct addr need_addr(const char *text)
{
	struct addr a = { 0 };
	int err = addr_parse(text, &a);

	assert(err == 0);
	return addr_with_port(a, PORT);
}

/* A KSK, a ZSK; DS by SHA-256. */
const struct signer_plan treeworld_signed = {
	.keys = { { .pem = SIGNER_P256_1, .algorithm = 13, .flags = 257, .signs = SIGNER_KEYSETS },
		{ .pem = SIGNER_P256_2, .algorithm = 13, .flags = 256, .signs = SIGNER_DATA } },
	.ds = { { .key = 1, .digest = 2 } },
};
const struct signer_plan treeworld_above = {
	.keys = { { .pem = SIGNER_P256_3, .algorithm = 13, .flags = 257, .signs = SIGNER_BOTH } },
	.ds = { { .key = 1, .digest = 2 } },
};
const struct signer_plan treeworld_unsigned;

const struct signer_plan *treeworld_plan(const struct treeworld_row *row, const char *apex)
{
	const struct {
		const char *apex;
		const struct signer_plan *own, *usual;
	} plans[] = {
		{ "child.xa.", row->child, &treeworld_signed },
		{ "xa.", row->xa, &treeworld_above },
		{ ".", row->root, &treeworld_above },
	};

	for (size_t i = 0; i < ARRAY_LEN(plans) && row->secure; i++)
		if (strcmp(plans[i].apex, apex) == 0)
			return plans[i].own ? plans[i].own : plans[i].usual;
	return NULL;
}

/* A world while it is built. */
struct building {
	struct arena *arena;
	const struct treeworld_row *row;
	struct treeworld_servers list;
	const char *texts[16]; /* of the healthy zones, as the row has them */
};

/* The text with the DS records of signed zones below. */
static const char *healthy_text(struct building *b, size_t i)
{
	static const struct {
		const char *apex, *below;
	} signs[] = { { "xa.", "child.xa." }, { ".", "xa." } };
	const char *apex = treeworld_zones[i].apex;
	const char *text = treeworld_zones[i].text;

	assert(i < ARRAY_LEN(b->texts));
	for (size_t k = 0; k < ARRAY_LEN(signs) && !b->texts[i]; k++)
		if (b->row->secure && strcmp(signs[k].apex, apex) == 0)
			b->texts[i] = arena_printf(b->arena, "%s%s", text,
				signer_ds(b->arena, signs[k].below,
					treeworld_plan(b->row, signs[k].below)));
	if (!b->texts[i])
		b->texts[i] = text;
	return b->texts[i];
}

/* The zone in the healthy world; empty when it has none of that apex. */
static struct treeworld_held healthy_zone(struct building *b, const struct part *apex)
{
	struct treeworld_held held = { .text = "" };

	held.apex = arena_printf(b->arena, "%.*s", (int)apex->n, apex->p);
	for (size_t i = 0; i < treeworld_nzones; i++)
		if (part_is(apex, treeworld_zones[i].apex))
			held.text = healthy_text(b, i);
	held.plan = treeworld_plan(b->row, held.apex);
	return held;
}

static void add_host(struct building *b, const struct treeworld_host *h)
{
	for (int i = 0; i < 2; i++) {
		struct treeworld_server s = { .host = h->name, .arena = b->arena };
		const char *zones = h->zones;
		char text[ADDR_TEXT];
		struct part apex;

		snprintf(text, sizeof(text), i ? "2a09:%u::1" : "9.%u.0.1", h->number);
		s.addr = need_addr(text);
		while (next_part(&zones, " ", &apex))
			vec_push(b->arena, &s.held, healthy_zone(b, &apex));
		vec_push(b->arena, &b->list, s);
	}
}

static struct treeworld_held *find_held(const struct treeworld_server *s, const char *apex)
{
	vec_each (struct treeworld_held, z, s->held)
		if (strcmp(z->apex, apex) == 0)
			return z;
	return NULL;
}

static bool server_is(const struct treeworld_server *s, const struct part *part)
{
	char text[ADDR_TEXT];

	return part_is(part, s->host) || part_is(part, addr_text(&s->addr, text));
}

/* Whether the change is about the server. */
static bool concerns(const struct treeworld_change *c, const struct treeworld_server *s)
{
	const char *at = c->at;
	struct part part;

	if (!at)
		return !c->zone || find_held(s, c->zone);
	while (next_part(&at, " ", &part))
		if (server_is(s, &part))
			return true;
	return false;
}

/* Makes sure that all hosts are there that the change names. */
static void add_new_hosts(struct building *b, const struct treeworld_change *c)
{
	const char *at = c->at;
	struct part part;

	while (next_part(&at, " ", &part)) {
		struct treeworld_server s = { .arena = b->arena };
		bool known = false;

		for (size_t i = 0; i < b->list.n; i++)
			known |= server_is(&b->list.v[i], &part);
		if (known)
			continue;
		s.host = arena_printf(b->arena, "%.*s", (int)part.n, part.p);
		s.addr = need_addr(s.host);
		vec_push(b->arena, &b->list, s);
	}
}

static bool dropped(const char *line, const char *drop)
{
	struct part part;

	while (next_part(&drop, "|", &part))
		if (part_is(&part, "*") || strncmp(line, part.p, part.n) == 0)
			return true;
	return false;
}

static const char *edit_text(struct arena *a, const char *text, const struct treeworld_change *c)
{
	struct buf b = { .arena = a };

	while (*text) {
		size_t n = strcspn(text, "\n");

		if (!dropped(text, c->drop)) {
			buf_put(&b, text, n);
			buf_char(&b, '\n');
		}
		text += n + (text[n] == '\n');
	}
	if (c->add)
		buf_printf(&b, "%s\n", c->add);
	return buf_text(&b);
}

/* The same text with the same change is the same text: it is read (and signed) once. */
struct edited {
	const char *from, *to;
};
struct edits VEC(struct edited);

static const char *edit_once(
	struct edits *done, struct arena *a, const char *text, const struct treeworld_change *c)
{
	struct edited e = { text, NULL };

	vec_each (const struct edited, one, *done)
		if (one->from == text)
			return one->to;
	e.to = edit_text(a, text, c);
	vec_push(a, done, e);
	return e.to;
}

static void change_zone_at(struct building *b, struct treeworld_server *s,
	const struct treeworld_change *c, struct edits *done)
{
	struct part apex = { c->zone, strlen(c->zone) };
	struct treeworld_held *held = find_held(s, c->zone);

	if (held && c->unload) {
		*held = s->held.v[--s->held.n];
		return;
	}
	if (!held) {
		vec_push(b->arena, &s->held, healthy_zone(b, &apex));
		held = &s->held.v[s->held.n - 1];
	}
	held->plan = c->sign ? c->sign : held->plan;
	held->text = edit_once(done, b->arena, held->text, c);
}

static void change_zone(struct building *b, const struct treeworld_change *c)
{
	struct edits done = { 0 };

	vec_each (struct treeworld_server, s, b->list)
		if (concerns(c, s))
			change_zone_at(b, s, c, &done);
}

static bool is_habit(const struct treeworld_change *c)
{
	return !c->zone && (c->silent || c->rcode || c->set || c->clear || c->empty || c->no_opt ||
				   c->no_question || c->no_authority || c->no_additional ||
				   c->echo_options || c->echo_flags || c->lower || c->answer ||
				   c->speaks || c->edit || c->transfers);
}

static void change_habits(struct building *b, const struct treeworld_change *c)
{
	vec_each (struct treeworld_server, s, b->list) {
		if (!concerns(c, s))
			continue;
		s->transfers |= c->transfers;
		if (c->speaks)
			s->speaks = need_addr(c->speaks);
		vec_push(b->arena, &s->habits, c);
	}
}

static void change_zones(struct building *b, bool late)
{
	for (size_t i = 0; i < TREEWORLD_CHANGES; i++) {
		const struct treeworld_change *c = &b->row->changes[i];

		add_new_hosts(b, c);
		if (c->zone && c->late == late)
			change_zone(b, c);
	}
}

/* What was made of a zone before: of the same text and plan, the same. */
struct made {
	struct treeworld_held from;
	const char *text;
	const struct sim_records *zone;
};
struct all_made VEC(struct made);

static struct made *find_made(
	struct arena *a, struct all_made *all, const struct treeworld_held *held)
{
	vec_each (struct made, one, *all)
		if (one->from.text == held->text && one->from.plan == held->plan &&
			strcmp(one->from.apex, held->apex) == 0)
			return one;
	vec_push(a, all, (struct made){ .from = *held });
	return &all->v[all->n - 1];
}

static void sign_zones_at(struct building *b, struct treeworld_server *s, struct all_made *all)
{
	vec_each (struct treeworld_held, held, s->held) {
		struct made *made = find_made(b->arena, all, held);

		if (!made->text)
			made->text = held->plan ? signer_sign(b->arena, held->apex, held->text,
							  held->plan)
						: held->text;
		held->text = made->text;
	}
}

static void read_zones_at(struct building *b, struct treeworld_server *s, struct all_made *all)
{
	s->zones = arena_alloc(b->arena, (s->held.n + 1) * sizeof(*s->zones));
	for (size_t i = 0; i < s->held.n; i++) {
		const struct treeworld_held *held = &s->held.v[i];
		struct made *made = find_made(b->arena, all, held);

		if (!made->zone)
			made->zone = sim_zone_read(b->arena, held->apex, held->text);
		s->zones[i] = made->zone;
	}
}

struct treeworld_servers treeworld_build(struct arena *a, const struct treeworld_row *row)
{
	struct building b = { .arena = a, .row = row };
	struct all_made is_signed = { 0 }, is_read = { 0 };

	for (size_t i = 0; i < treeworld_nhosts; i++)
		add_host(&b, &treeworld_hosts[i]);
	change_zones(&b, false);
	vec_each (struct treeworld_server, s, b.list)
		sign_zones_at(&b, s, &is_signed);
	change_zones(&b, true);
	for (size_t i = 0; i < TREEWORLD_CHANGES; i++)
		if (is_habit(&row->changes[i]))
			change_habits(&b, &row->changes[i]);
	vec_each (struct treeworld_server, s, b.list)
		read_zones_at(&b, s, &is_read);
	return b.list;
}
