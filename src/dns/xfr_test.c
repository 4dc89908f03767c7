/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Transfers, cut into messages anywhere. */
#include "dns/xfr.h"

#include <stdlib.h>

#include "base/err.h"
#include "base/rng.h"
#include "dns/rr.h"
#include "prop.h"
#include "tap.h"

enum { MOST = 16 };

/* Records by a number each: of a SOA its serial, 0: another type; -1: behind the last. */
static const struct row {
	const char *what;
	uint16_t type;
	uint32_t have;
	int records[MOST];
	enum xfr_state want;
} rows[] = {
	{ "a whole zone", RR_AXFR, 0, { 5, 0, 0, 0, 5, -1 }, XFR_DONE },
	{ "an empty zone", RR_AXFR, 0, { 5, 5, -1 }, XFR_DONE },
	{ "a zone without its end", RR_AXFR, 0, { 5, 0, 0, -1 }, XFR_MORE },
	{ "something else first", RR_AXFR, 0, { 0, 5, 0, 5, -1 }, XFR_BAD },
	{ "something behind the end", RR_AXFR, 0, { 5, 0, 5, 0, -1 }, XFR_BAD },
	{ "nothing new", RR_IXFR, 5, { 5, -1 }, XFR_DONE },
	{ "an older one", RR_IXFR, 5, { 4, -1 }, XFR_DONE },
	{ "news to come", RR_IXFR, 4, { 5, -1 }, XFR_MORE },
	{ "across the end of the numbers", RR_IXFR, 0xfffffff0U, { 5, -1 }, XFR_MORE },
	{ "instead of changes a whole zone", RR_IXFR, 4, { 5, 0, 0, 5, -1 }, XFR_DONE },
	{ "one change", RR_IXFR, 4, { 5, 4, 0, 5, 0, 5, -1 }, XFR_DONE },
	{ "one change that only adds", RR_IXFR, 4, { 5, 4, 5, 0, 5, -1 }, XFR_DONE },
	{ "two changes", RR_IXFR, 3, { 5, 3, 0, 4, 0, 4, 0, 0, 5, 0, 5, -1 }, XFR_DONE },
	{ "a change without its end", RR_IXFR, 4, { 5, 4, 0, 5, 0, -1 }, XFR_MORE },
};

static void put_record(struct buf *b, int record)
{
	buf_u8(b, 0);
	buf_u16(b, record ? RR_SOA : RR_A);
	buf_u16(b, CLASS_IN);
	buf_u32(b, 60);
	buf_u16(b, record ? 22 : 4);
	if (record) {
		buf_u16(b, 0); /* two names */
		buf_u32(b, (uint32_t)record);
		for (int i = 0; i < 4; i++)
			buf_u32(b, 1);
	} else {
		buf_u32(b, 0xc0000201U);
	}
}

static const struct msg *message(struct arena *a, const int *records, size_t n, uint16_t rcode)
{
	struct buf b = { .arena = a };

	buf_u16(&b, 7);
	buf_u16(&b, (uint16_t)(FLAG_QR | rcode));
	buf_u16(&b, 0);
	buf_u16(&b, (uint16_t)n);
	buf_u32(&b, 0);
	for (size_t i = 0; i < n; i++)
		put_record(&b, records[i]);
	return msg_read(a, buf_span(&b));
}

/* In messages of size records each: the state behind the last that was wanted. */
static enum xfr_state take(struct arena *a, const struct row *row, size_t size)
{
	struct xfr x = xfr_begin(row->type, row->have);
	enum xfr_state state = XFR_MORE;
	size_t n = 0;

	while (row->records[n] >= 0)
		n++;
	for (size_t at = 0; at < n && state == XFR_MORE; at += size)
		state = xfr_take(
			&x, message(a, &row->records[at], size < n - at ? size : n - at, 0));
	return state;
}

static void test_row(const struct row *row)
{
	struct arena *a = arena_new();

	is_int(take(a, row, MOST), row->want, row->what);
	/* What is behind the end is not read any more, when it is in a message of its own. */
	for (size_t size = 1; size < 4; size++) {
		enum xfr_state got = take(a, row, size);

		ok(got == row->want || (row->want == XFR_BAD && got == XFR_DONE),
			"%s, %zu a message", row->what, size);
	}
	arena_free(a);
}

static void test_errors(void)
{
	static const int soa[] = { 5, 5 };
	struct arena *a = arena_new();
	struct xfr x = xfr_begin(RR_AXFR, 0);

	is_int(xfr_take(&x, message(a, soa, 2, RCODE_REFUSED)), XFR_BAD, "refused");
	x = xfr_begin(RR_AXFR, 0);
	is_int(xfr_take(&x, message(a, soa, 0, 0)), XFR_BAD, "an empty message");
	arena_free(a);
}

int main(void)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		test_row(&rows[i]);
	test_errors();
	return tap_done();
}
