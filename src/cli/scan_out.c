/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines, rows and their sum. */
#include "cli/scan_out.h"

#include <stdio.h>
#include <string.h>

#include "dns/text.h"

enum { BUFFER = 65536 };

void scan_out_line(struct scan_out *o, struct span text)
{
	if (fwrite(text.p, 1, text.n, stdout) != text.n)
		o->unwritable = true;
}

static void store(struct scan_out *o, const struct record *rec, struct span line)
{
	char name[NAME_TEXT], type[TEXT_MNEMONIC];

	struct name lower;

	if (!o->db || (rec->cannot && strcmp(rec->cannot, RECORD_NO_NAME) == 0))
		return;
	/* Names are alike in any case; the end of the line is no part of it. */
	if (!rec->subject)
		lower = name_lower(rec->question->name);
	scan_db_add(o->db, &(struct scan_row){
				   rec->subject ? rec->subject : name_text(&lower, name),
				   rec->subject ? "" : text_type(rec->question->type, type),
				   record_state_slug(rec->state),
				   rec->verdict,
				   { line.p, line.n - 1 },
			   });
}

void scan_out_put(struct scan_out *o, struct record *rec)
{
	struct buf line = { .arena = o->scratch }, row = { .arena = o->scratch };

	record_judge(rec);
	if (!o->csv || o->db)
		record_json(rec, &line);
	if (o->csv)
		record_csv(rec, &row);
	scan_out_line(o, buf_span(o->csv ? &row : &line));
	store(o, rec, buf_span(&line));
	scan_sum_add(&o->sum, rec);
}

void scan_out_record_line(struct scan_out *o, const struct record_line *l)
{
	struct buf line = { .arena = o->scratch }, row = { .arena = o->scratch };

	record_line_json(l, &line);
	if (o->csv)
		record_line_csv(l, &row);
	scan_out_line(o, buf_span(o->csv ? &row : &line));
	store(o, &l->record, buf_span(&line));
	scan_sum_add(&o->sum, &l->record);
}

void scan_out_head(struct scan_out *o)
{
	struct buf head = { .arena = o->scratch };

	/* As much as a pipe holds. The C library takes a size to heart with a buffer only. */
	static char buffer[BUFFER];

	(void)setvbuf(stdout, buffer, _IOFBF, sizeof(buffer));
	if (!o->csv)
		return;
	record_csv_head(&head);
	scan_out_line(o, buf_span(&head));
}

void scan_out_flush(struct scan_out *o)
{
	if (fflush(stdout))
		o->unwritable = true;
}
