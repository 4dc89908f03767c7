// SPDX-License-Identifier: GPL-3.0-or-later
// Trust anchors from master files.
#include "dns/anchor.h"

#include <ctype.h>
#include <libdnssec/error.h>
#include <libdnssec/key.h>
#include <libzscanner/scanner.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "dns/rr.h"

enum { TTL = 3600 };

const char anchor_iana[] =
	". IN DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D\n"
	". IN DS 38696 8 2 683D2D0ACB8C9B712A1948B27F741219298D0A450D612C483AF444A4C0FB2B16\n";

struct reading {
	struct arena *arena;
	struct ds_list *list;
};

/* The rdata of a DS: tag, algorithm, digest type, digest (RFC 4034 5.1). */
static int add(struct reading *r, const uint8_t *rdata, size_t n)
{
	struct ds ds;

	if (n <= 4)
		return -ERR_PARSE;
	ds = (struct ds){
		.tag = (uint16_t)(rdata[0] << 8 | rdata[1]),
		.algorithm = rdata[2],
		.digest_type = rdata[3],
		.digest = { arena_dup(r->arena, rdata + 4, n - 4), n - 4 },
	};
	vec_push(r->arena, r->list, ds);
	return 0;
}

static int add_key(struct reading *r, const uint8_t *rdata, size_t n)
{
	const dnssec_binary_t binary = { .data = (uint8_t *)rdata, .size = n };
	dnssec_binary_t digest = { 0 };
	dnssec_key_t *key = NULL;
	int err = dnssec_key_new(&key);

	if (err == DNSSEC_EOK)
		err = dnssec_key_set_dname(key, (const uint8_t *)"");
	if (err == DNSSEC_EOK)
		err = dnssec_key_set_rdata(key, &binary);
	if (err == DNSSEC_EOK)
		err = dnssec_key_create_ds(key, DNSSEC_KEY_DIGEST_SHA256, &digest);
	err = err == DNSSEC_EOK ? add(r, digest.data, digest.size) : -ERR_PARSE;
	dnssec_binary_free(&digest);
	dnssec_key_free(key);
	return err;
}

static int take(struct reading *r, const zs_scanner_t *s)
{
	if (s->r_owner_length != 1)
		return -ERR_PARSE;
	if (s->r_type == RR_DS)
		return add(r, s->r_data, s->r_data_length);
	return s->r_type == RR_DNSKEY ? add_key(r, s->r_data, s->r_data_length) : -ERR_PARSE;
}

/* Reads what the scanner holds; the line at which it goes wrong is the scanner's. */
static int read_all(struct reading *r, zs_scanner_t *s)
{
	while (zs_parse_record(s) == 0) {
		if (s->state == ZS_STATE_DATA && take(r, s) < 0)
			return -ERR_PARSE;
		if (s->state == ZS_STATE_ERROR || s->state == ZS_STATE_INCLUDE)
			return -ERR_PARSE;
		if (s->state == ZS_STATE_EOF || s->state == ZS_STATE_STOP)
			break;
	}
	return 0;
}

int anchor_read(struct arena *a, struct span text, struct ds_list *ret, size_t *ret_line)
{
	struct reading r = { a, ret };
	zs_scanner_t *s = malloc(sizeof(*s));
	struct buf whole = { .arena = a };
	int err = -ERR_PARSE;

	if (!s)
		return -ERR_SYSTEM;
	*ret_line = 0;
	/* The scanner ends a record at its line's end. */
	buf_put(&whole, text.p, text.n);
	buf_char(&whole, '\n');
	if (zs_init(s, ".", CLASS_IN, TTL) != 0)
		goto out;
	if (zs_set_input_string(s, whole.p, whole.n) == 0)
		err = read_all(&r, s);
	*ret_line = (size_t)s->line_counter;
	zs_deinit(s);
out:
	free(s);
	return err;
}

int anchor_hex(struct arena *a, const char *text, struct span *ret)
{
	struct buf b = { .arena = a };
	char two[3] = "";

	while (*text) {
		if (isspace((unsigned char)*text)) {
			text++;
			continue;
		}
		if (!isxdigit((unsigned char)text[0]) || !isxdigit((unsigned char)text[1]))
			return -ERR_PARSE;
		memcpy(two, text, 2);
		buf_u8(&b, (uint8_t)strtoul(two, NULL, 16));
		text += 2;
	}
	*ret = buf_span(&b);
	return b.n ? 0 : -ERR_PARSE;
}
