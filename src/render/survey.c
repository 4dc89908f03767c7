/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shares, and how sure they are. */
#include "render/survey.h"

#include "base/json.h"

enum { VERSION = 1, COLUMN = 24, SHOWN = 21 };

static const double percent = 100;

static const char *row_name(struct arena *a, const struct survey_row *row)
{
	struct buf b = { .arena = a };

	if (!row->set)
		return survey_row_slug(row);
	portset_text(row->set, &b);
	return b.n <= SHOWN ? buf_text(&b) : arena_printf(a, "%.*s...", SHOWN - 3, buf_text(&b));
}

static const char *interval(struct arena *a, struct survey_interval i)
{
	return arena_printf(a, "%.1f-%.1f%%", percent * i.low, percent * i.high);
}

static void put_row(const struct survey_row *row, struct buf *out)
{
	const struct survey_share *s = &row->servers, *o = &row->operators;
	struct arena *a = out->arena;

	buf_printf(out, "  %-*s%6llu %5.1f%%  %-13s %-13s %llu of %llu\n", COLUMN - 2,
		row_name(a, row), (unsigned long long)s->hits, percent * s->share,
		interval(a, s->interval), interval(a, row->alike), (unsigned long long)o->hits,
		(unsigned long long)o->decided);
}

/* Of all that filter: what those who could not be judged may hide. */
static void put_undecided(const struct survey_page *p, struct buf *out)
{
	const struct survey *s = p->survey;

	if (!s->undecided)
		return;
	buf_printf(out, "  %llu could not be judged, and are in no share",
		(unsigned long long)s->undecided);
	vec_each (const struct survey_row, row, s->rows)
		if (row->patterns == SURVEY_FILTERED)
			buf_printf(out,
				":\n  filtered %.1f%% at least, %.1f%% at most, if none or all of "
				"them do (%s)",
				percent * row->servers.least, percent * row->servers.most,
				interval(out->arena, row->servers.worst));
	buf_char(out, '\n');
}

void survey_text(const struct survey_page *p, struct buf *out)
{
	const struct survey *s = p->survey;

	buf_printf(out,
		"survey of %llu servers, drawn at random from %s%llu; %llu operators by %s\n",
		(unsigned long long)s->servers, p->list.exact ? "" : "about ",
		(unsigned long long)p->list.likely, (unsigned long long)s->operators, p->operators);
	if (p->stopped)
		buf_str(out, "  stopped before its end: quick servers are in it rather than slow "
			     "ones\n");
	if (p->unmet)
		buf_printf(out,
			"  %llu more were drawn and have no address, or do not want to be asked\n",
			(unsigned long long)p->unmet);
	if (p->left_out)
		buf_printf(out, "  %llu lines are left out: they do not want to be asked\n",
			(unsigned long long)p->left_out);
	buf_printf(out, "  %-*s%14s  %-13s %-13s %s\n", COLUMN - 2, "ports", "servers",
		"of the list", "of such ones", "operators");
	vec_each (const struct survey_row, row, s->rows)
		put_row(row, out);
	if (s->other_sets)
		buf_printf(out, "  %llu servers have other sets, each more seldom\n",
			(unsigned long long)s->other_sets);
	put_undecided(p, out);
	buf_str(out,
		"  95% sure, each range by itself; such ones: other servers of such operators\n");
}

static void put_interval(struct json *j, const char *key, struct survey_interval i)
{
	json_array(j, key);
	json_double(j, NULL, i.low);
	json_double(j, NULL, i.high);
	json_end(j);
}

static void put_share(struct json *j, const char *key, const struct survey_share *s)
{
	json_object(j, key);
	json_uint(j, "hits", s->hits);
	json_uint(j, "decided", s->decided);
	json_uint(j, "open", s->open);
	json_double(j, "share", s->share);
	put_interval(j, "interval", s->interval);
	json_double(j, "least", s->least);
	json_double(j, "most", s->most);
	put_interval(j, "worst", s->worst);
	json_end(j);
}

static void put_json_row(struct json *j, const struct survey_row *row)
{
	struct buf set = { .arena = j->out->arena };

	json_object(j, NULL);
	json_str(j, "pattern", survey_row_slug(row));
	if (row->set) {
		portset_text(row->set, &set);
		json_str(j, "blocked", buf_text(&set));
	}
	put_share(j, "servers", &row->servers);
	put_interval(j, "alike", row->alike);
	json_double(j, "effective", row->effective);
	put_share(j, "operators", &row->operators);
	json_end(j);
}

void survey_json(const struct survey_page *p, struct buf *out)
{
	const struct survey *s = p->survey;
	struct json j = { .out = out };

	json_object(&j, NULL);
	json_uint(&j, "survey", VERSION);
	json_str(&j, "probe", "ports");
	json_uint(&j, "servers", s->servers);
	json_uint(&j, "undecided", s->undecided);
	json_uint(&j, "unmet", p->unmet);
	json_bool(&j, "stopped", p->stopped);
	json_uint(&j, "left_out", p->left_out);
	json_object(&j, "list");
	json_uint(&j, "servers", p->list.likely);
	json_uint(&j, "most", p->list.most);
	json_bool(&j, "exact", p->list.exact);
	json_end(&j);
	json_object(&j, "operators");
	json_uint(&j, "count", s->operators);
	json_str(&j, "by", p->operators);
	json_end(&j);
	json_double(&j, "confidence", SURVEY_CONFIDENCE);
	json_array(&j, "rows");
	vec_each (const struct survey_row, row, s->rows)
		put_json_row(&j, row);
	json_end(&j);
	json_uint(&j, "other_sets", s->other_sets);
	json_end(&j);
	buf_char(out, '\n');
}
