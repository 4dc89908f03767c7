/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads the fields of one line of a tape into a struct, by the rows of tape_field.h. */
#ifndef FACTS_TAPE_GET_H
#define FACTS_TAPE_GET_H

#include "base/json.h"
#include "facts/tape.h"
#include "facts/tape_field.h"
#include "facts/tape_value.h"

/* State of a reading. */
struct tape_reader {
	struct arena *arena, *scratch; /* what stays; what a line needs */
	struct facts *facts;
	struct tape_names names;
	struct tape_error error;
};

/*
 * Sets the fields of *base that the object line has; others keep what they were. -ERR_PARSE with
 * r->error.text set when a value is wrong or a needed one is missing.
 */
int tape_get_fields(struct tape_reader *r, const struct tape_fields *fields,
	const struct json_value *line, void *base);

#endif
