/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a survey keeps in the database of its scan: the seed of its sample, by which the same list
 * gives the same servers again, and more of them when more are wanted.
 *
 *	survey (seed)	one row
 */
#ifndef CLI_SCAN_DB_SURVEY_H
#define CLI_SCAN_DB_SURVEY_H

#include "cli/scan_db.h"

/* A survey begins. 0, or -ERR_WRITE: scan_db_error(). */
int db_survey_begin(struct scan_db *db, uint64_t seed);

/* The seed of the one that is there; false: there is none. */
bool db_survey_seed(struct scan_db *db, uint64_t *ret);

#endif
