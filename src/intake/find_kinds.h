/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How each kind of resolver is told its configuration, and how it tells its version. */
#ifndef INTAKE_FIND_KINDS_H
#define INTAKE_FIND_KINDS_H

#include <stdbool.h>
#include <stddef.h>

enum { FIND_WORDS = 4 };

struct find_kind {
	const char *kind;	       /* slug of a row of config_kinds */
	const char *files[FIND_WORDS]; /* well-known ones, in turn; a relative one is in its cwd */
	/* Options with a file behind "=" or in the next word; "--" of GNU's are matched by "-",
	 * too. */
	const char *options[FIND_WORDS];
	const char *folder; /* an option that names the folder of files[0] instead */
	bool chrooted;	    /* it reads the file when it has changed its root already */
	const char *ask;    /* argument that makes it print its version */
	const char *before; /* what stands before the number then */
	const char *build;  /* what of a build is kept, where it is printed; NULL: nothing */
};

extern const struct find_kind find_kinds[];
extern const size_t find_nkinds;

/* NULL: no such kind. */
const struct find_kind *find_kinds_row(const char *slug);

#endif
