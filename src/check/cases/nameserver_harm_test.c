// SPDX-License-Identifier: GPL-3.0-or-later
// Test cases of the module "nameserver": what resolvers suffer, besides what the specification
// says.
#include "base/err.h"
#include "check/cases.h"
#include "treeworld.h"

#define NS1   "ns1.child.xa/9.31.0.1"
#define SPELT .at = "ns1.child.xa", .name = "www.child.xa.", .manners = TREEWORLD_IN(MANNER_CASE)

static bool is_mixed(const struct ask *ask)
{
	struct name lower = name_lower(ask->question.name);

	return !name_same_case(&lower, ask->question.name);
}

static void refuse_mixed(struct treeworld_reply *r, const struct ask *ask)
{
	if (is_mixed(ask))
		r->flags = (uint16_t)(r->flags | RCODE_REFUSED);
}

static void drop_mixed(struct treeworld_reply *r, const struct ask *ask)
{
	r->silent = is_mixed(ask);
}

#define DIFFER(tag)                                                                                \
	"CASE_QUERY_" tag "[" NS1 "] CASE_QUERY_" tag "[ns1.child.xa/2a09:31::1] "                 \
	"CASE_QUERIES_RESULTS_DIFFER[" NS1 " ns1.child.xa/2a09:31::1]"
static const struct treeworld_row rows[] = {
	{ .cases = "nameserver09",
		.what = "another code to all but lower case",
		.show = TREEWORLD_SERVERS,
		.expect = DIFFER("DIFFERENT_RC"),
		.changes = { { SPELT, .edit = refuse_mixed } } },
	{ .cases = "nameserver09",
		.what = "no reply to all but lower case",
		.show = TREEWORLD_SERVERS,
		.expect = DIFFER("NO_ANSWER"),
		.changes = { { SPELT, .edit = drop_mixed } } },
};

/* An error that comes without EDNS as well is no fault of EDNS. */
static const struct {
	enum effect effect;
	struct treeworld_row row;
} errors[] = {
	{ EFFECT_COSMETIC, { .cases = "nameserver02",
				   .changes = { { .at = "ns1.child.xa",
					   .type = RR_SOA,
					   .rcode = RCODE_REFUSED } } } },
	{ EFFECT_INTERMITTENT, { .cases = "nameserver02",
				       .changes = { { .at = "ns1.child.xa",
					       .type = RR_SOA,
					       .edns = true,
					       .rcode = RCODE_REFUSED } } } },
};

int main(void)
{
	treeworld_test(rows, ARRAY_LEN(rows));
	for (size_t i = 0; i < ARRAY_LEN(errors); i++) {
		struct arena *a = arena_new();
		struct treeworld_run run = treeworld_run(a, &errors[i].row);
		const struct findings *f = &run.findings;

		is_int((long long)f->list.n, 1, "one finding");
		is_str(f->list.n ? f->list.v[0].tag : "", "NS_ERROR", "of EDNS");
		is_int(f->list.n ? (int)f->list.v[0].effect : -1, errors[i].effect, "its effect");
		arena_free(a);
	}
	return tap_done();
}
