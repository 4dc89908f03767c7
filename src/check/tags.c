// SPDX-License-Identifier: GPL-3.0-or-later
// The table of tags, and the modules of test cases that emit them.
#include "base/err.h"
#include "check/cases.h"

#define TAG(name, level, where, harm, id, text)                                                    \
	[TAG_##name] = { #name, SEV_##level, WHERE_##where, HARM_##harm, id, text },
const struct tag_row tag_table[TAGS] = {
#include "check/tags.def"
};
#undef TAG

#define MODULE(name) extern const struct case_module case_##name;
#include "check/modules.def"
#undef MODULE

#define MODULE(name) &case_##name,
const struct case_module *const case_modules[] = {
#include "check/modules.def"
};
#undef MODULE

const size_t case_nmodules = ARRAY_LEN(case_modules);
