// SPDX-License-Identifier: GPL-3.0-or-later
// The terms of SPF records: kinds, and names in them.
#include "dns/spf_terms.h"

#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "tap.h"

static const char *const kinds[] = { "all", "include", "a", "mx", "ptr", "exists", "redirect",
	"other" };

static const struct {
	const char *record, *expect;
} rows[] = {
	{ "v=spf1", "" },
	{ "v=spf1 -all", "all" },
	{ "v=spf1 mx a ptr ~ALL", "mx a ptr all" },
	{ "v=spf1 a/24 a:x.com//64 mx:y.com/24//64", "a a=x.com. mx=y.com." },
	{ "v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 exp=e.x.com foo=bar", "other other other "
									   "other" },
	{ "v=spf1  +include:_spf.x.com ?exists:%{i}.x.com redirect=_r.x.com",
		"include=_spf.x.com. exists=- redirect=_r.x.com." },
	{ "V=SPF1 Include:X.com", "include=X.com." },
};

int main(void)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct arena *a = arena_new();
		struct buf b = { .arena = a };
		struct spf_terms at = spf_terms(
			(struct span){ (const uint8_t *)rows[i].record, strlen(rows[i].record) });
		struct spf_term term;
		struct name name;

		while (spf_next(&at, &term)) {
			buf_printf(&b, "%s%s", b.n ? " " : "", kinds[term.kind]);
			if (!term.domain.n)
				continue;
			buf_char(&b, '=');
			if (spf_domain(a, term.domain, &name) < 0)
				buf_char(&b, '-');
			else
				name_put(&name, &b);
		}
		is_str(buf_text(&b), rows[i].expect, rows[i].record);
		arena_free(a);
	}
	return tap_done();
}
