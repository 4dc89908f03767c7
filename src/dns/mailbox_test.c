/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names and the mailboxes that they stand for. */
#include "dns/mailbox.h"
#include "base/err.h"
#include "tap.h"

struct row {
	const char *name;
	const char *text; /* NULL: no mailbox */
	const char *domain;
};
static const struct row rows[] = {
	{ "hostmaster.example.com.", "hostmaster@example.com", "example.com." },
	{ "john\\.doe.example.com.", "john.doe@example.com", "example.com." },
	{ "a\\.b\\.c.example.", "a.b.c@example", "example." },
	{ "dns+se.example.com.", "dns+se@example.com", "example.com." },
	{ "o'hara.example.com.", "o'hara@example.com", "example.com." },
	{ "Hostmaster.Example.com.", "Hostmaster@Example.com", "Example.com." },
	{ "dns.exam\\.ple.com.", "dns@exam.ple.com", "exam.ple.com." },
	{ "dns._x.example.", "dns@_x.example", "_x.example." },
	{ "\\\"john\\032doe\\\".example.", "\"john doe\"@example", "example." },
	{ "\\\"a\\\\\\\"b\\\".example.", "\"a\\\"b\"@example", "example." },
	{ "\\\"\\\".example.", "\"\"@example", "example." },
	{ ".", NULL, NULL },
	{ "hostmaster.", NULL, NULL },
	{ "host@example.com.", NULL, NULL },
	{ "host\\@example.com.", NULL, NULL },
	{ "john\\032doe.example.", NULL, NULL },
	{ "\\.john.example.", NULL, NULL },
	{ "john\\..example.", NULL, NULL },
	{ "john\\.\\.doe.example.", NULL, NULL },
	{ "j\\000.example.", NULL, NULL },
	{ "j\\228.example.", NULL, NULL },
	{ "<john>.example.", NULL, NULL },
	{ "\\\".example.", NULL, NULL },
	{ "\\\"a\\\"b\\\".example.", NULL, NULL },
	{ "\\\"a\\\\\\\".example.", NULL, NULL },
	{ "\\\"a\\010\\\".example.", NULL, NULL },
	{ "john.exa\\032mple.", NULL, NULL },
	{ "john.example\\..com.", NULL, NULL },
	{ "john.\\000.", NULL, NULL },
	{ "john.example@.", NULL, NULL },
};

int main(void)
{
	struct arena *a = arena_new();

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct mailbox box = { .text = NULL };
		char text[NAME_TEXT];
		struct name n;
		int err;

		ok(name_parse(rows[i].name, &n) == 0, "%s is a name", rows[i].name);
		err = mailbox_from_name(a, &n, &box);
		is_int(err, rows[i].text ? 0 : -ERR_PARSE, rows[i].name);
		is_str(box.text, rows[i].text, "its text");
		if (err == 0)
			is_str(name_text(&box.domain, text), rows[i].domain, "its domain");
	}
	arena_free(a);
	return tap_done();
}
