/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checks of how servers take query shapes: EDNS, flags, types. Each judge looks at one server. */

#include "base/err.h"
#include "base/stats.h"
#include "check/shapes_inner.h"
#include "dns/rr.h"
#include "infer/reply.h"

/* Adds the cells of these rows for which the test holds; whether there is one. */
static bool collect(const struct matrix *m, struct shape_case *c, const char *const *rows,
	bool (*test)(const struct matrix_cell *c))
{
	for (; *rows; rows++) {
		const struct matrix_cell *cell = matrix_cell(m, *rows);

		if (cell && test(cell))
			case_bad(c, cell);
	}
	return c->nbad > 0;
}

static bool edns_drop(const struct matrix *m, struct shape_case *c)
{
	static const char *const rows[] = { "edns", NULL };

	if (!matrix_plain(m) || !cell_dropped(matrix_cell(m, "do")) ||
		!collect(m, c, rows, cell_dropped))
		return false;
	case_good(c, matrix_cell(m, "dns"));
	return true;
}

static bool edns_refused(const struct matrix *m, struct shape_case *c)
{
	const struct matrix_cell *edns = matrix_cell(m, "edns");

	if (!matrix_plain(m) || !cell_error(edns))
		return false;
	case_bad(c, edns);
	case_good(c, matrix_cell(m, "dns"));
	return true;
}

static bool edns_formerr(const struct matrix *m, struct shape_case *c)
{
	return cell_rcode(matrix_cell(m, "edns"), RCODE_FORMERR) && edns_refused(m, c);
}

static bool edns_error(const struct matrix *m, struct shape_case *c)
{
	return !cell_rcode(matrix_cell(m, "edns"), RCODE_FORMERR) && edns_refused(m, c);
}

/* It does not know EDNS, and says so by leaving it out. */
static bool edns_missing_opt(const struct matrix *m, struct shape_case *c)
{
	const struct matrix_cell *edns = matrix_cell(m, "edns");

	if (!matrix_edns(m) || !cell_says(edns, "noopt"))
		return false;
	case_bad(c, edns);
	return true;
}

static bool knows_edns(const struct matrix *m)
{
	return matrix_edns(m) && !cell_says(matrix_cell(m, "edns"), "noopt");
}

static bool is_bad_version(const struct matrix_cell *c)
{
	return cell_dropped(c) || (cell_answered(c) && !cell_rcode(c, RCODE_BADVERS)) ||
	       cell_says(c, "soa") || cell_says(c, "version-not-zero") || cell_says(c, "noopt");
}

static bool edns_version(const struct matrix *m, struct shape_case *c)
{
	static const char *const rows[] = { "edns1", NULL };

	if (!knows_edns(m) || !collect(m, c, rows, is_bad_version))
		return false;
	case_good(c, matrix_cell(m, "edns"));
	return true;
}

static bool is_bad_flag(const struct matrix_cell *c)
{
	return cell_dropped(c) || cell_error(c) || cell_says(c, "mbz") || cell_says(c, "noopt");
}

static bool edns_flags(const struct matrix *m, struct shape_case *c)
{
	static const char *const rows[] = { "ednsflags", "do", NULL };

	if (!knows_edns(m) || !collect(m, c, rows, is_bad_flag))
		return false;
	case_good(c, matrix_cell(m, "edns"));
	return true;
}

static const char *const options[] = { "ednsopt", "ednsnsid", "ednscookie", "ednsexpire",
	"ednssubnet", "padding", NULL };

static bool edns_option_drop(const struct matrix *m, struct shape_case *c)
{
	if (!knows_edns(m) || !collect(m, c, options, cell_dropped))
		return false;
	case_good(c, matrix_cell(m, "edns"));
	return true;
}

/* Not understood. Another error is another answer, where a cookie makes it: cookie-changes-answer.
 */
static bool is_bad_option(const struct matrix_cell *c)
{
	return (cell_error(c) &&
		       (c->row->shape.options[0].code != EDNS_COOKIE ||
			       cell_rcode(c, RCODE_FORMERR) || cell_rcode(c, RCODE_NOTIMP))) ||
	       cell_says(c, "echoed") || (cell_says(c, "noopt") && cell_rcode(c, RCODE_NOERROR));
}

static bool edns_option(const struct matrix *m, struct shape_case *c)
{
	if (!knows_edns(m) || !collect(m, c, options, is_bad_option))
		return false;
	case_good(c, matrix_cell(m, "edns"));
	return true;
}

/* Other data, or another RCODE, for the same question. */
static bool differ(struct arena *a, const struct matrix_cell *x, const struct matrix_cell *y)
{
	struct span one, other;

	if (x->seen->msg->rcode != y->seen->msg->rcode)
		return true;
	/* What is truncated, also by a limit on replies, is no other answer. */
	if ((x->seen->msg->flags | y->seen->msg->flags) & FLAG_TC)
		return false;
	one = reply_answer(a, x->seen->msg, &x->seen->ask.question);
	other = reply_answer(a, y->seen->msg, &y->seen->ask.question);
	return !span_equal(one, other);
}

static bool cookie_changes(const struct matrix *m, struct shape_case *c)
{
	const struct matrix_cell *with = matrix_cell(m, "ednscookie"),
				 *without = matrix_cell(m, "edns");

	if (m->unsteady || !cell_answered(with) || !cell_answered(without) || with->other ||
		without->other || (with->seen->msg->flags & FLAG_TC) || is_bad_option(with) ||
		cell_rcode(with, RCODE_BADCOOKIE) || !differ(c->arena, with, without))
		return false;
	case_bad(c, with);
	case_good(c, without);
	return true;
}

static bool cookie_loop(const struct matrix *m, struct shape_case *c)
{
	const struct matrix_cell *back = matrix_cell(m, "cookie-back");

	if (!cell_rcode(back, RCODE_BADCOOKIE) || back->other || back->replies < 2)
		return false;
	case_bad(c, back);
	case_good(c, matrix_cell(m, "edns"));
	return true;
}

static bool is_bad_header(const struct matrix_cell *c)
{
	return cell_dropped(c) || cell_error(c) || cell_says(c, "z");
}

/*
 * No resolver sends TC or an unknown opcode: what becomes of these (PowerDNS is silent to both, RFC
 * 8906 8.1.3.1 and 8.1.4 want replies) shows in the matrix alone.
 */
static bool flags_mishandled(const struct matrix *m, struct shape_case *c)
{
	static const char *const rows[] = { "ad", "cd", "rd", "zflag", "aa", "ra", NULL };

	if (!matrix_plain(m) || !collect(m, c, rows, is_bad_header))
		return false;
	case_good(c, matrix_cell(m, "dns"));
	return true;
}

/* A row that asks for a type of the given name. */
static bool is_type(const struct matrix_cell *c)
{
	return c->row->group == SHAPE_TYPE ||
	       (c->row->about == ABOUT_NAME && !c->row->shape.edns && c->row->way == WAY_ONCE &&
		       c->row->type && c->row->type != RR_ANY);
}

/* Types that have a finding of their own. */
static bool is_special(const struct matrix_cell *c)
{
	return c->type == RR_AAAA || c->type == RR_TXT;
}

/* The name exists: it has a type. */
static const struct matrix_cell *existing(const struct matrix *m)
{
	vec_each (const struct matrix_cell, c, m->cells)
		if (is_type(c) && cell_rcode(c, RCODE_NOERROR) && !m->unsteady)
			return c;
	return NULL;
}

static bool types(
	const struct matrix *m, struct shape_case *c, bool (*test)(const struct matrix_cell *c))
{
	const struct matrix_cell *one = existing(m);

	if (!one)
		return false;
	vec_each (const struct matrix_cell, cell, m->cells) {
		if (!is_type(cell) || is_special(cell) || !test(cell))
			continue;
		case_bad(c, cell);
		case_word(c, cell_type(c->arena, cell));
	}
	case_good(c, one);
	return c->nbad > 0;
}

static bool qtype_drop(const struct matrix *m, struct shape_case *c)
{
	return types(m, c, cell_dropped);
}

static bool qtype_error(const struct matrix *m, struct shape_case *c)
{
	return types(m, c, cell_error);
}

static bool type_broken(const struct matrix *m, struct shape_case *c, const char *slug)
{
	const struct matrix_cell *cell = matrix_cell(m, slug), *one = existing(m);

	if (!one || !(cell_dropped(cell) || cell_error(cell)))
		return false;
	case_bad(c, cell);
	case_good(c, one);
	c->what = cell->words;
	return true;
}

static bool aaaa_broken(const struct matrix *m, struct shape_case *c)
{
	return type_broken(m, c, "AAAA");
}

static bool txt_broken(const struct matrix *m, struct shape_case *c)
{
	return type_broken(m, c, "TXT");
}

static bool case_mangled(const struct matrix *m, struct shape_case *c)
{
	if (m->strays.mangled < 2)
		return false;
	case_bad(c, matrix_cell(m, "mixed-case"));
	case_evidence(c, m->strays.mangled_index);
	c->sure = 0.999;
	c->what = "the letters of the name come back in another case";
	return true;
}

static bool case_changes(const struct matrix *m, struct shape_case *c)
{
	const struct matrix_cell *mixed = matrix_cell(m, "mixed-case"),
				 *lower = matrix_cell(m, "same-case");

	if (m->unsteady || m->strays.mangled || !cell_answered(lower) || lower->other)
		return false;
	if (!cell_dropped(mixed) &&
		(!cell_answered(mixed) || mixed->other || !differ(c->arena, mixed, lower)))
		return false;
	case_bad(c, mixed);
	case_good(c, lower);
	return true;
}

SHAPE_CHECK(edns_drop, "edns-drop", SEV_ERROR, WHERE_FAR, true)
SHAPE_CHECK(edns_formerr, "edns-formerr", SEV_WARNING, WHERE_FAR, false)
SHAPE_CHECK(edns_error, "edns-error", SEV_WARNING, WHERE_FAR, false)
SHAPE_CHECK(edns_missing_opt, "edns-missing-opt", SEV_NOTICE, WHERE_FAR, false)
SHAPE_CHECK(edns_version, "edns-version-mishandled", SEV_WARNING, WHERE_FAR, false)
SHAPE_CHECK(edns_flags, "edns-flags-mishandled", SEV_WARNING, WHERE_FAR, false)
SHAPE_CHECK(edns_option_drop, "edns-option-drop", SEV_ERROR, WHERE_FAR, true)
SHAPE_CHECK(edns_option, "edns-option-mishandled", SEV_WARNING, WHERE_FAR, false)
SHAPE_CHECK(cookie_changes, "cookie-changes-answer", SEV_ERROR, WHERE_FAR, false)
SHAPE_CHECK(cookie_loop, "cookie-loop", SEV_ERROR, WHERE_FAR, false)
SHAPE_CHECK(flags_mishandled, "flags-mishandled", SEV_WARNING, WHERE_FAR, false)
SHAPE_CHECK(qtype_drop, "qtype-drop", SEV_ERROR, WHERE_FAR, true)
SHAPE_CHECK(qtype_error, "qtype-error", SEV_ERROR, WHERE_FAR, false)
SHAPE_CHECK(aaaa_broken, "aaaa-broken", SEV_ERROR, WHERE_FAR, false)
SHAPE_CHECK(txt_broken, "txt-broken", SEV_ERROR, WHERE_FAR, false)
SHAPE_CHECK(case_mangled, "case-mangled", SEV_WARNING, WHERE_FAR, false)
SHAPE_CHECK(case_changes, "case-changes-answer", SEV_ERROR, WHERE_ZONE, false)

/* How sure it is that a silence so long is no loss. */
static double isolate_sure(const struct isolate_result *r, const struct isolate_cause *c)
{
	double doubt = 1;

	for (uint32_t i = 0; i < c->failures && c->how.kind == ISOLATE_SILENT; i++)
		doubt *= stats_rate_upper(r->lost, r->sent, 0.99);
	return c->how.kind == ISOLATE_SILENT ? 1 - doubt : 1;
}

/* One for each set that fails by itself. */
static void check_query_isolated(const struct check_input *in, struct findings *f)
{
	const struct isolate_result *r = in->inferences->isolated;

	for (size_t i = 0; r && i < r->ncauses; i++) {
		const struct isolate_cause *c = &r->causes[i];
		struct finding *x = findings_add(f, "query-isolated", SEV_ERROR, WHERE_UNKNOWN);

		finding_server(f, x, &c->with.server);
		finding_text(f, x, "what", factor_set_words(f->arena, &r->pair, c->set));
		finding_text(f, x, "got", isolate_gets(f->arena, &c->got));
		finding_int(f, x, "failures", c->failures);
		x->confidence = isolate_sure(r, c);
		finding_evidence(f, x, c->with_index);
		finding_evidence(f, x, c->without_index);
	}
}

static const struct check rows[] = {
	{ "query-isolated", check_query_isolated },
	{ "edns-drop", check_edns_drop },
	{ "edns-formerr", check_edns_formerr },
	{ "edns-error", check_edns_error },
	{ "edns-missing-opt", check_edns_missing_opt },
	{ "edns-version-mishandled", check_edns_version },
	{ "edns-flags-mishandled", check_edns_flags },
	{ "edns-option-drop", check_edns_option_drop },
	{ "edns-option-mishandled", check_edns_option },
	{ "cookie-changes-answer", check_cookie_changes },
	{ "cookie-loop", check_cookie_loop },
	{ "flags-mishandled", check_flags_mishandled },
	{ "qtype-drop", check_qtype_drop },
	{ "qtype-error", check_qtype_error },
	{ "aaaa-broken", check_aaaa_broken },
	{ "txt-broken", check_txt_broken },
	{ "case-mangled", check_case_mangled },
	{ "case-changes-answer", check_case_changes },
};

const struct family family_shapes = { "shapes", rows, ARRAY_LEN(rows) };
