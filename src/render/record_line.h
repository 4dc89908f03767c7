/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A line of record_json() that comes from elsewhere: read, held against the few keys that a reader
 * needs, and written again, with what logs say of its name, or as columns.
 */
#ifndef RENDER_RECORD_LINE_H
#define RENDER_RECORD_LINE_H

#include "base/json.h"
#include "render/record.h"

struct record_line {
	struct span text; /* as it came, without its end */
	const struct json_value *json;
	/* Question or subject, verdict, state and elapsed are the line's; log may be set. The rest is not. */
	struct record record;
};

/*
 * text: one line, without its end. -ERR_PARSE: it is no line of a look-up. All belongs to the
 * arena, but the text itself.
 */
int record_line_read(struct arena *a, struct span text, struct record_line *ret);

/* With their ends; as record_json() and record_csv() write the same record. */
void record_line_json(const struct record_line *l, struct buf *out);
void record_line_csv(const struct record_line *l, struct buf *out);

#endif
