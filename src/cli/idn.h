/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Names in the letters of the user's locale, and as they stand in the DNS (IDNA2008, RFC 5891, with
 * the mapping of UTS 46): what +idnin and +idnout do.
 */
#ifndef CLI_IDN_H
#define CLI_IDN_H

#include <stdbool.h>

#include "base/arena.h"

/* As dig has it: people read the output, and IDN_DISABLE is not in the environment. */
bool idn_wanted(void);

/*
 * text, in the locale's encoding, as it is asked for; its letter case stays when nothing else would
 * change. NULL: it is no legal name, *ret_why says why. Result: the arena's or text itself.
 */
const char *idn_to_ascii(struct arena *a, const char *text, const char **ret_why);

/*
 * text in place, of NAME_TEXT octets, as the locale writes it. What is no legal IDNA name, what is
 * not the only name that looks so, and what the locale has no letters for, stays as it is: it came
 * from a server and goes to a terminal.
 */
void idn_to_locale(char *text);

#endif
