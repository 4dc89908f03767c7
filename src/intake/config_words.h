/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a remark's slug means, in a sentence: the rows that struct pool_remark names. */
#ifndef INTAKE_CONFIG_WORDS_H
#define INTAKE_CONFIG_WORDS_H

#include <stddef.h>

struct config_word {
	const char *slug; /* stable: tests and JSON have it */
	const char *text; /* a sentence without its full stop; the detail may follow in brackets */
};

extern const struct config_word config_words[];
extern const size_t config_nwords;

/* The sentence; NULL: no such slug. */
const char *config_words_text(const char *slug);

#endif
