/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fields that data of records is made of, each as dig writes it. */
#include "render/dig_data.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/err.h"
#include "dns/name.h"
#include "dns/rr.h"
#include "dns/text.h"

enum {
	PIECE = 56,	      /* letters of hexadecimal and base64 in one piece, as dig's default */
	PIECE_MULTILINE = 44, /* and over several lines */
};

size_t dig_data_left(const struct dig_data *d)
{
	return (size_t)(d->end - d->p);
}

bool dig_data_number(struct dig_data *d, unsigned int octets, uint32_t *ret)
{
	uint32_t n = 0;

	if (dig_data_left(d) < octets)
		return false;
	while (octets--)
		n = n << 8 | *d->p++;
	*ret = n;
	return true;
}

static bool put_number(struct dig_data *d, char code)
{
	uint32_t n;

	if (!dig_data_number(d, (unsigned int)(code - '0'), &n))
		return false;
	buf_printf(d->out, "%u", n);
	return true;
}

static bool put_name(struct dig_data *d, char code)
{
	char text[NAME_TEXT];
	struct name n;

	(void)code;
	if (name_from_wire((struct span){ d->p, dig_data_left(d) }, &n))
		return false;
	buf_str(d->out, dig_name_text(d->show, &n, text));
	d->p += n.len;
	return true;
}

static void put_octets(struct dig_data *d, size_t n, uint8_t first, const char *escaped)
{
	for (; n; n--) {
		uint8_t c = *d->p++;

		if (c < first || c >= 0x7f) {
			buf_printf(d->out, "\\%03u", c);
			continue;
		}
		if (strchr(escaped, c))
			buf_char(d->out, '\\');
		buf_char(d->out, (char)c);
	}
}

bool dig_data_string(struct dig_data *d, bool quotes)
{
	size_t n = dig_data_left(d) ? d->p[0] : 0;

	if (dig_data_left(d) < n + 1)
		return false;
	d->p++;
	if (quotes)
		buf_char(d->out, '"');
	put_octets(d, n, quotes ? ' ' : '!', quotes ? "\"\\" : "\"\\@;");
	if (quotes)
		buf_char(d->out, '"');
	return true;
}

static bool put_string(struct dig_data *d, char code)
{
	return dig_data_string(d, code == 's');
}

static bool put_strings(struct dig_data *d, char code)
{
	bool good;

	(void)code;
	for (good = dig_data_string(d, true); good && dig_data_left(d);
		good = dig_data_string(d, true))
		buf_char(d->out, ' ');
	return good;
}

static bool put_rest(struct dig_data *d, char code)
{
	(void)code;
	buf_char(d->out, '"');
	put_octets(d, dig_data_left(d), ' ', "\"\\");
	buf_char(d->out, '"');
	return true;
}

static bool put_v4(struct dig_data *d, char code)
{
	char text[INET_ADDRSTRLEN];

	(void)code;
	if (dig_data_left(d) < 4)
		return false;
	buf_str(d->out, inet_ntop(AF_INET, d->p, text, sizeof(text)));
	d->p += 4;
	return true;
}

static bool put_v6(struct dig_data *d, char code)
{
	char text[INET6_ADDRSTRLEN];

	(void)code;
	if (dig_data_left(d) < 16)
		return false;
	if (d->show->expandaaaa && d->rr->type == RR_AAAA) {
		for (int i = 0; i < 16; i += 2)
			buf_printf(d->out, "%s%02x%02x", i ? ":" : "", d->p[i], d->p[i + 1]);
	} else {
		buf_str(d->out, inet_ntop(AF_INET6, d->p, text, sizeof(text)));
		/* YAML would take a colon at the end for a key. */
		if (d->show->yaml && d->out->p[d->out->n - 1] == ':')
			buf_char(d->out, '0');
	}
	d->p += 16;
	return true;
}

static bool put_type(struct dig_data *d, char code)
{
	char text[TEXT_MNEMONIC];
	uint32_t n;

	(void)code;
	if (!dig_data_number(d, 2, &n))
		return false;
	buf_str(d->out, text_type((uint16_t)n, text));
	return true;
}

/* RFC 9859 2.2: 1 is the only scheme with a name. */
static bool put_scheme(struct dig_data *d, char code)
{
	uint32_t n;

	(void)code;
	if (!dig_data_number(d, 1, &n))
		return false;
	if (n == 1)
		buf_str(d->out, "NOTIFY");
	else
		buf_printf(d->out, "%u", n);
	return true;
}

/* RFC 4034 3.1.5: a serial number; from 1970 it reaches to 2106. */
static bool put_time(struct dig_data *d, char code)
{
	uint32_t n;
	time_t when;
	struct tm tm;
	char text[32];

	(void)code;
	if (!dig_data_number(d, 4, &n))
		return false;
	when = (time_t)n;
	if (!gmtime_r(&when, &tm) || !strftime(text, sizeof(text), "%Y%m%d%H%M%S", &tm))
		return false;
	buf_str(d->out, text);
	return true;
}

static void put_window(struct dig_data *d, uint8_t window, uint8_t octets)
{
	const char *before = "";
	char text[TEXT_MNEMONIC];

	for (unsigned int bit = 0; bit < octets * 8U; bit++) {
		if (!(d->p[bit / 8] & 0x80 >> bit % 8))
			continue;
		buf_printf(
			d->out, "%s%s", before, text_type((uint16_t)(window * 256U + bit), text));
		before = " ";
	}
}

/* RFC 4034 4.1.2. NSEC3 has each window on a line of its own. */
static bool put_bitmap(struct dig_data *d, char code)
{
	bool lines = d->multiline && d->rr->type == RR_NSEC3, first = true;

	(void)code;
	while (dig_data_left(d)) {
		uint8_t window = d->p[0], octets = dig_data_left(d) > 1 ? d->p[1] : 0;

		if (!octets || octets > 32 || dig_data_left(d) < octets + 2U)
			return false;
		d->p += 2;
		if (lines)
			buf_str(d->out, d->linebreak);
		else if (!first)
			buf_char(d->out, ' ');
		put_window(d, window, octets);
		d->p += octets;
		first = false;
	}
	return true;
}

static bool put_locator(struct dig_data *d, char code)
{
	(void)code;
	if (dig_data_left(d) < 8)
		return false;
	for (int i = 0; i < 8; i += 2)
		buf_printf(d->out, "%s%x", i ? ":" : "", d->p[i] << 8 | d->p[i + 1]);
	d->p += 8;
	return true;
}

static bool put_small_hex(struct dig_data *d, char code)
{
	const char *before = "";

	for (; dig_data_left(d); before = code == 'e' ? "-" : "")
		buf_printf(d->out, "%s%02x", before, *d->p++);
	return true;
}

static bool put_salt(struct dig_data *d, char code)
{
	uint32_t n;

	(void)code;
	if (!dig_data_number(d, 1, &n))
		return false;
	if (!n)
		buf_char(d->out, '-');
	return dig_data_hex(d, n);
}

/* Letters of a piece; 0: all of them. */
static size_t piece_size(const struct dig_data *d)
{
	if (d->show->split != DIG_SPLIT)
		return d->show->split;
	return d->multiline ? PIECE_MULTILINE : PIECE;
}

static void hex_pieces(struct dig_data *d, size_t size)
{
	size_t octets = size / 2;

	for (size_t n = 0; dig_data_left(d); n++) {
		if (n && octets && n % octets == 0)
			buf_str(d->out, d->linebreak);
		buf_printf(d->out, "%02X", *d->p++);
	}
}

/* RFC 4648 4: the next 1 to 3 octets as 4 letters. */
static void put_triple(struct dig_data *d, size_t n)
{
	static const char letters[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	uint32_t bits = 0;

	for (size_t i = 0; i < 3; i++)
		bits = bits << 8 | (i < n ? d->p[i] : 0);
	for (size_t i = 0; i < 4; i++)
		buf_char(d->out, i <= n ? letters[bits >> (18 - 6 * i) & 63] : '=');
	d->p += n;
}

static void base64_pieces(struct dig_data *d, size_t size)
{
	size_t quads = size / 4;

	for (size_t n = 0; dig_data_left(d); n++) {
		size_t left = dig_data_left(d);

		if (n && quads && n % quads == 0)
			buf_str(d->out, d->linebreak);
		put_triple(d, left < 3 ? left : 3);
	}
}

/* One part of the data as if it were all. */
static bool whole(struct dig_data *d, size_t n, void (*put)(struct dig_data *d, size_t size))
{
	const uint8_t *end = d->end;

	if (dig_data_left(d) < n)
		return false;
	d->end = d->p + n;
	put(d, 0);
	d->end = end;
	return true;
}

bool dig_data_hex(struct dig_data *d, size_t n)
{
	return whole(d, n, hex_pieces);
}

bool dig_data_base64(struct dig_data *d, size_t n)
{
	return whole(d, n, base64_pieces);
}

static bool put_pieces(struct dig_data *d, char code)
{
	bool secret = code == 'H' || code == 'B';

	if (secret && !d->show->crypto) {
		buf_str(d->out, "[omitted]");
		d->p = d->end;
	} else if (code == 'H' || code == 'h') {
		hex_pieces(d, piece_size(d));
	} else {
		base64_pieces(d, piece_size(d));
	}
	return true;
}

/* RFC 4398 2.1. */
static bool put_certificate(struct dig_data *d, char code)
{
	static const struct {
		uint16_t number;
		const char *name;
	} kinds[] = {
		{ 1, "PKIX" },
		{ 2, "SPKI" },
		{ 3, "PGP" },
		{ 4, "IPKIX" },
		{ 5, "ISPKI" },
		{ 6, "IPGP" },
		{ 7, "ACPKIX" },
		{ 8, "IACPKIX" },
		{ 253, "URI" },
		{ 254, "OID" },
	};
	uint32_t n;

	(void)code;
	if (!dig_data_number(d, 2, &n))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (kinds[i].number == n) {
			buf_str(d->out, kinds[i].name);
			return true;
		}
	buf_printf(d->out, "%u", n);
	return true;
}

/* IANA "DNS Security Algorithm Numbers". */
const char *dig_data_algorithm(uint8_t number)
{
	static const char *const names[256] = {
		[1] = "RSAMD5",
		[2] = "DH",
		[3] = "DSA",
		[5] = "RSASHA1",
		[6] = "NSEC3DSA",
		[7] = "NSEC3RSASHA1",
		[8] = "RSASHA256",
		[10] = "RSASHA512",
		[12] = "ECCGOST",
		[13] = "ECDSAP256SHA256",
		[14] = "ECDSAP384SHA384",
		[15] = "ED25519",
		[16] = "ED448",
		[252] = "INDIRECT",
		[253] = "PRIVATEDNS",
		[254] = "PRIVATEOID",
	};

	return names[number];
}

static bool put_algorithm(struct dig_data *d, char code)
{
	uint32_t n;
	const char *name;

	(void)code;
	if (!dig_data_number(d, 1, &n))
		return false;
	name = dig_data_algorithm((uint8_t)n);
	if (name)
		buf_str(d->out, name);
	else
		buf_printf(d->out, "%u", n);
	return true;
}

static bool put_bracket(struct dig_data *d, char code)
{
	if (d->multiline && code != '|')
		buf_str(d->out, code == '[' ? "( " : code == ')' ? " )" : " (");
	if (code == '(' || code == '|')
		buf_str(d->out, d->linebreak);
	return true;
}

static const struct {
	const char *codes;
	bool (*put)(struct dig_data *d, char code);
} fields[] = {
	{ "124", put_number },
	{ "n", put_name },
	{ "st", put_string },
	{ "S", put_strings },
	{ "r", put_rest },
	{ "A", put_v4 },
	{ "a", put_v6 },
	{ "T", put_type },
	{ "y", put_scheme },
	{ "d", put_time },
	{ "m", put_bitmap },
	{ "N", put_locator },
	{ "eq", put_small_hex },
	{ "z", put_salt },
	{ "hHbB", put_pieces },
	{ "c", put_certificate },
	{ "g", put_algorithm },
	{ "([{|)", put_bracket },
};

static bool put_field(struct dig_data *d, char code)
{
	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		if (strchr(fields[i].codes, code))
			return fields[i].put(d, code);
	buf_char(d->out, code);
	return true;
}

bool dig_data_fields(struct dig_data *d, const char *form)
{
	for (; *form; form++) {
		if (*form == '?') {
			if (!dig_data_left(d))
				return true;
			continue;
		}
		if (!put_field(d, *form))
			return false;
	}
	return true;
}
