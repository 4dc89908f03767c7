/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Versions of programs, as "9.18.49-1~deb12u1". */
#ifndef BASE_VERSION_H
#define BASE_VERSION_H

/*
 * By their numbers, one after the other; missing ones are 0, and what does not begin with a digit
 * behind a dot ends a version: < 0, 0, > 0.
 */
int version_compare(const char *a, const char *b);

#endif
