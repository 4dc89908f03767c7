/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Internationalized names, by libidn2. */
#include "cli/idn.h"

#include <idn2.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dns/name.h"

/* The user's encoding, for one conversion: all else here is to be the same in every locale. */
struct place {
	locale_t own, before;
};

static struct place enter(void)
{
	struct place p = { .own = newlocale(LC_CTYPE_MASK, "", (locale_t)0) };

	p.before = uselocale(p.own);
	return p;
}

static void leave(struct place p)
{
	uselocale(p.before);
	if (p.own)
		freelocale(p.own);
}

bool idn_wanted(void)
{
	return isatty(STDOUT_FILENO) && !getenv("IDN_DISABLE");
}

/* Today's rules; for letters that only IDNA2003 had, its own. */
static int encode(int (*with)(const char *, char **, int), const char *text, char **ret)
{
	int error = with(text, ret, IDN2_NONTRANSITIONAL);

	return error == IDN2_DISALLOWED ? with(text, ret, IDN2_TRANSITIONAL) : error;
}

const char *idn_to_ascii(struct arena *a, const char *text, const char **ret_why)
{
	struct place p = enter();
	char *ascii = NULL;
	int error = encode(idn2_to_ascii_lz, text, &ascii);
	const char *result = NULL;

	leave(p);
	if (error != IDN2_OK)
		*ret_why = idn2_strerror(error);
	else
		result = strcasecmp(ascii, text) == 0 ? text : arena_str(a, ascii);
	idn2_free(ascii);
	return result;
}

/* Whether that, and nothing else, is what the user would have to type to get text. */
static bool returns(const char *utf8, const char *text)
{
	char *ascii = NULL;
	bool same =
		encode(idn2_to_ascii_8z, utf8, &ascii) == IDN2_OK && strcasecmp(ascii, text) == 0;

	idn2_free(ascii);
	return same;
}

void idn_to_locale(char *text)
{
	struct place p;
	char *utf8 = NULL, *local = NULL;

	/* RFC 5890 2.3.2.5: most names have no such label, and cost nothing. */
	if (!strcasestr(text, "xn--"))
		return;
	p = enter();
	if (idn2_to_unicode_8z8z(text, &utf8, 0) == IDN2_OK && returns(utf8, text) &&
		idn2_to_unicode_8zlz(utf8, &local, 0) == IDN2_OK && strlen(local) < NAME_TEXT)
		memcpy(text, local, strlen(local) + 1);
	leave(p);
	idn2_free(local);
	idn2_free(utf8);
}
