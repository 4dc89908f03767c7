/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a list to a sample, from its records to shares. */
#include "cli/scan_survey.h"

#include <poll.h>
#include <string.h>

#include "base/err.h"
#include "base/json.h"
#include "base/pick.h"
#include "cli/scan_db_survey.h"
#include "cli/scan_work.h"
#include "facts/asn.h"
#include "infer/survey.h"
#include "render/survey.h"

enum {
	PAUSE = 20,	/* ms between two looks at a list that comes slowly */
	NETWORK_V4 = 3, /* octets: /24, the smallest network that is routed by itself */
	NETWORK_V6 = 6, /* /48 */
	OWNER = 8,
};

struct scan_survey {
	struct scan_survey_conf conf;
	struct arena *arena;
	struct pick *pick;
	struct asn_rows asn; /* none: operators are told apart by networks */
	struct VEC(struct survey_server) servers;
	struct VEC(
		const struct portset *) sets; /* each once: servers of an operator have the same */
	uint64_t unmet, left_out;
	/* The sample as a stream of lines. */
	size_t at, line_at;
};

int scan_survey_settle(struct run *r)
{
	struct settings *set = &r->settings;

	if (set->opt_out && !set->survey && !scan_probe_table[set->probe].servers)
		return run_complain(r, "--opt-out is for lists of servers: --survey, --probe "
				       "ports or shapes");
	if (!set->survey)
		return 0;
	if (set->probe)
		return run_complain(r, "--survey goes without --probe: its probe is ports");
	set->probe = SCAN_PORTS;
	set->no_locate = true;
	return 0;
}

static void take(struct scan_survey *s, const struct names_item *item)
{
	const struct optout *o = s->conf.optout;
	char text[NAME_TEXT];
	struct span line;

	if (o && (item->server.family != ADDR_NONE ? optout_has_addr(o, &item->server)
						   : optout_has_name(o, item->question.name))) {
		s->left_out++;
		return;
	}
	line.p = (const uint8_t *)scan_work_subject(item, text);
	line.n = strlen(text);
	pick_add(s->pick, line, line);
}

static void read_all(struct scan_survey *s, struct names *names)
{
	struct names_item item;
	enum names_next got;

	while ((got = names_next(names, &item)) != NAMES_END) {
		if (got == NAMES_ONE)
			take(s, &item);
		if (got == NAMES_LATER)
			poll(NULL, 0, PAUSE);
		if (got != NAMES_BAD)
			continue;
		arena_reset(s->conf.out->scratch);
		scan_out_put(s->conf.out,
			&(struct record){
				.subject = item.line, .cannot = RECORD_NO_NAME, .why = item.why });
	}
}

/* Lines of the sample, a names_read. */
static ptrdiff_t read_sample(void *user, char *to, size_t most)
{
	struct scan_survey *s = user;
	size_t n = 0;

	while (n < most && s->at < pick_count(s->pick)) {
		const char *line = pick_text(s->pick, s->at) + s->line_at;
		size_t left = strlen(line), part = left < most - n ? left : most - n;

		memcpy(to + n, line, part);
		n += part;
		s->line_at += part;
		if (n == most)
			break;
		to[n++] = '\n';
		s->line_at = 0;
		s->at++;
	}
	return (ptrdiff_t)n;
}

/* What tells operators apart: the first AS that announces the address, or its network. */
static struct span owner_of(struct scan_survey *s, const struct addr *a)
{
	struct buf b = { .arena = s->arena };
	struct asn_rows rows;

	if (s->asn.n && asn_find(&s->asn, a, &rows)) {
		buf_u8(&b, 'A');
		buf_u32(&b, rows.v[0].asn);
		return buf_span(&b);
	}
	buf_u8(&b, a->family);
	buf_put(&b, a->ip, a->family == ADDR_V4 ? NETWORK_V4 : NETWORK_V6);
	return buf_span(&b);
}

static const struct portset *keep_set(struct scan_survey *s, const struct portset *set)
{
	vec_each (const struct portset *, have, s->sets)
		if (portset_equal(*have, set))
			return *have;
	vec_push(s->arena, &s->sets, arena_dup(s->arena, set, sizeof(*set)));
	return s->sets.v[s->sets.n - 1];
}

/* Going on. */

static enum port_pattern read_pattern(const char *slug)
{
	for (enum port_pattern p = 0; p < PATTERN_UNKNOWN; p++)
		if (strcmp(pattern_slug(p), slug) == 0)
			return p;
	return PATTERN_UNKNOWN;
}

/* False: it has no sweep. */
static bool read_sweep(
	struct scan_survey *s, const struct json_value *record, struct survey_server *ret)
{
	const struct json_value *sweeps = json_get(record, "sweeps"), *sweep;
	struct portset blocked = { 0 };
	struct addr server;

	if (!sweeps || sweeps->type != JSON_ARRAY || !sweeps->n)
		return false;
	sweep = &sweeps->items[0];
	if (addr_parse_port(json_get_str(sweep, "server", ""), &server) < 0)
		return false;
	ret->owner = owner_of(s, &server);
	ret->pattern = read_pattern(json_get_str(sweep, "pattern", ""));
	if (ret->pattern != PATTERN_RANGES)
		return true;
	if (portset_parse(json_get_str(sweep, "blocked", ""), &blocked, NULL) < 0)
		return false;
	ret->blocked = keep_set(s, &blocked);
	return true;
}

/* A record of before, by its line. */
static void add_line(struct scan_survey *s, struct span line)
{
	struct survey_server one = { .pattern = PATTERN_UNKNOWN };
	const struct json_value *record;

	if (json_read(s->conf.out->scratch, line, &record, NULL) < 0 ||
		!read_sweep(s, record, &one))
		s->unmet++;
	else
		vec_push(s->arena, &s->servers, one);
}

static void add_known(struct scan_survey *s)
{
	struct scan_out *out = s->conf.out;
	struct span line;

	for (size_t i = 0; i < pick_count(s->pick); i++) {
		struct scan_key key = { pick_text(s->pick, i), "" };

		arena_reset(out->scratch);
		if (scan_db_line(out->db, key, out->scratch, &line))
			add_line(s, line);
	}
}

/* With a database the sample can be drawn again. */
static int settle_seed(struct scan_survey *s, uint64_t *seed)
{
	const struct settings *set = &s->conf.run->settings;
	struct scan_db *db = s->conf.out->db;

	*seed = rng_u64(&s->conf.run->rng);
	if (!db)
		return 0;
	if (set->resume && !db_survey_seed(db, seed))
		return run_complain(
			s->conf.run, "--db %s: no survey is there to go on with", set->db);
	if (!set->resume && db_survey_begin(db, *seed) < 0)
		return run_complain(s->conf.run, "--db %s: %s", set->db, scan_db_error(db));
	return 0;
}

static void draw(struct scan_survey *s, struct names_setup *setup, uint64_t seed)
{
	struct rng rng = rng_seed(seed);
	struct names *names = names_new(s->arena, setup);

	s->pick = pick_new(s->arena, s->conf.run->settings.sample, &rng);
	read_all(s, names);
	names_free(names);
	if (s->conf.run->settings.resume)
		add_known(s);
}

int scan_survey_draw(
	const struct scan_survey_conf *conf, struct names_setup *setup, struct scan_survey **ret)
{
	struct run *r = conf->run;
	struct scan_survey *s = arena_alloc(r->arena, sizeof(*s));
	uint64_t seed = 0;
	int err;

	s->conf = *conf;
	s->arena = arena_new();
	err = run_asn(r, &s->asn);
	if (err == 0)
		err = settle_seed(s, &seed);
	if (err < 0) {
		arena_free(s->arena);
		return err;
	}
	draw(s, setup, seed);
	setup->read = read_sample;
	setup->user = s;
	/* The sample is of that part already. */
	setup->shard = (struct names_shard){ 0 };
	*ret = s;
	return 0;
}

void scan_survey_free(struct scan_survey *s)
{
	if (s)
		arena_free(s->arena);
}

void scan_survey_add(struct scan_survey *s, const struct record *rec)
{
	const struct inferences *in = rec->report ? rec->report->inferences : NULL;
	struct survey_server one = { .pattern = PATTERN_UNKNOWN };
	const struct sweep_result *sweep;

	if (!in || !in->sweeps.n) {
		s->unmet++;
		return;
	}
	sweep = &in->sweeps.v[0];
	one.owner = owner_of(s, &sweep->server);
	one.pattern = sweep->ports.pattern;
	if (one.pattern == PATTERN_RANGES)
		one.blocked = keep_set(s, &sweep->ports.blocked);
	vec_push(s->arena, &s->servers, one);
}

void scan_survey_end(struct scan_survey *s, bool whole, struct buf *text)
{
	struct survey survey;
	struct survey_page page = { .survey = &survey,
		.list = pick_population(s->pick),
		.left_out = s->left_out,
		.unmet = s->unmet,
		.stopped = !whole,
		.operators = s->asn.n ? "AS" : "network (/24, /48)" };
	struct buf line = { .arena = s->arena };
	struct survey_sample sample = { s->servers.v, s->servers.n, page.list.most,
		SURVEY_CONFIDENCE };

	survey_judge(s->arena, &sample, &survey);
	survey_json(&page, &line);
	if (!s->conf.out->csv)
		scan_out_line(s->conf.out, buf_span(&line));
	survey_text(&page, text);
}
