/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys of transaction signatures, from the command line and from files. */
#include <ctype.h>
#include <string.h>

#include <libknot/errcode.h>

#include "base/err.h"
#include "dns/name.h"
#include "dns/tsig_inner.h"

enum { WORDS = 64, WORD = 1024 };

/* The key's memory moves into the arena. */
static const struct tsig_key *make(
	struct arena *a, const char *const parts[3], const char **ret_why)
{
	struct tsig_key *key = arena_alloc(a, sizeof(*key));
	knot_tsig_key_t k;
	struct name n;

	if (name_parse(parts[1], &n)) {
		*ret_why = "the key's name is not a legal name";
		return NULL;
	}
	if (knot_tsig_key_init(&k, parts[0], parts[1], parts[2]) != KNOT_EOK) {
		*ret_why = "the algorithm is not known, or the secret is not base64";
		return NULL;
	}
	key->knot.algorithm = k.algorithm;
	key->knot.name = arena_dup(a, k.name, knot_dname_size(k.name));
	key->knot.secret.size = k.secret.size;
	key->knot.secret.data = arena_dup(a, k.secret.data, k.secret.size);
	knot_tsig_key_deinit(&k);
	return key;
}

const struct tsig_key *tsig_key_text(struct arena *a, const char *text, const char **ret_why)
{
	char *copy = arena_str(a, text);
	char *first = strchr(copy, ':'), *second = first ? strchr(first + 1, ':') : NULL;

	if (!first) {
		*ret_why = "it is not [ALGORITHM:]NAME:SECRET";
		return NULL;
	}
	*first = '\0';
	if (second)
		*second = '\0';

	const char *three[] = { copy, first + 1, second ? second + 1 : NULL };
	const char *two[] = { "hmac-md5", copy, first + 1 };

	return make(a, second ? three : two, ret_why);
}

/* Comments of named.conf(5) become spaces. */
static void blank_comments(char *text)
{
	for (char *c = text; *c; c++) {
		const char *end = NULL;

		if (*c == '#' || (c[0] == '/' && c[1] == '/'))
			end = c + strcspn(c, "\n");
		else if (c[0] == '/' && c[1] == '*')
			end = strstr(c + 2, "*/") ? strstr(c + 2, "*/") + 2 : c + strlen(c);
		/* Base64 has slashes, but in quotes. */
		else if (*c == '"' && strchr(c + 1, '"'))
			c = strchr(c + 1, '"');
		if (!end)
			continue;
		memset(c, ' ', (size_t)(end - c));
		c = (char *)end - 1;
	}
}

struct words {
	const char *v[WORDS];
	size_t n;
};

static void split(char *text, struct words *w)
{
	static const char ends[] = " \t\r\n\"{};";
	char *save = NULL;

	w->n = 0;
	for (char *t = strtok_r(text, ends, &save); t && w->n < WORDS;
		t = strtok_r(NULL, ends, &save))
		w->v[w->n++] = t;
}

static const char *behind(const struct words *w, const char *key)
{
	for (size_t i = 0; i + 1 < w->n; i++)
		if (strcasecmp(w->v[i], key) == 0)
			return w->v[i + 1];
	return NULL;
}

const struct tsig_key *tsig_key_file(struct arena *a, struct span file, const char **ret_why)
{
	char *text = arena_strn(a, file.p, file.n);
	const char *parts[3];
	struct words w;

	blank_comments(text);
	split(text, &w);
	parts[0] = behind(&w, "algorithm");
	parts[1] = behind(&w, "key");
	parts[2] = behind(&w, "secret");
	if (!parts[0] || !parts[1] || !parts[2]) {
		*ret_why = "it has no statement key \"NAME\" { algorithm …; secret \"…\"; };";
		return NULL;
	}
	return make(a, parts, ret_why);
}
