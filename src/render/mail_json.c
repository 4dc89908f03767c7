/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The look-ups that mail takes, in the JSON document. */
#include "render/mail_json.h"

static void put_row(struct json *j, const struct report_mail *x)
{
	json_object(j, NULL);
	json_str(j, "name", x->name);
	json_str(j, "type", x->type);
	json_str(j, "purpose", x->purpose);
	json_str(j, "result", x->result);
	if (x->secure)
		json_str(j, "secure", x->secure);
	if (*x->consequence)
		json_str(j, "consequence", x->consequence);
	if (x->note)
		json_str(j, "note", x->note);
	json_end(j);
}

void mail_json(struct json *j, const struct report *r)
{
	if (!r->mail.n)
		return;
	json_object(j, "mail");
	json_array(j, "lookups");
	vec_each (const struct report_mail, x, r->mail)
		put_row(j, x);
	json_end(j);
	json_end(j);
}
