/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every form of JSON says first of a finding. */
#include "render/finding_json.h"

#include "render/words.h"

void finding_json(struct json *j, const struct finding *f)
{
	struct arena *a = j->out->arena;

	json_str(j, "id", f->id);
	json_str(j, "severity", severity_slug(f->severity));
	json_str(j, "where", where_slug(f->where));
	if (f->subject)
		json_str(j, "subject", words_name(a, f->subject));
	json_array(j, "servers");
	vec_each (const struct addr, s, f->servers)
		json_str(j, NULL, words_server(a, s));
	json_end(j);
}
