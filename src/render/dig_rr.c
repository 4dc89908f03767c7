/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Records and questions in dig's columns; long keys, digests and signatures in its pieces. */
#include "render/dig.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "dns/name.h"
#include "dns/rr.h"
#include "dns/text.h"

enum { TAB = 8, PIECE = 56, PIECE_MULTILINE = 44 }; /* as dig's defaults are */

#define NEWLINE "\n\t\t\t\t"

/* Rdata whose last field is one long hexadecimal or base64 text, perhaps cut by blanks. */
enum tail { TAIL_PLAIN, TAIL_KEY, TAIL_OLD_KEY, TAIL_SIGNATURE };

struct form {
	uint16_t type;
	uint8_t lead; /* fields before the text */
	bool hex;
	enum tail tail;
};

static const struct form forms[] = {
	{ 24, 8, false, TAIL_SIGNATURE },			     /* SIG */
	{ 25, 3, false, TAIL_OLD_KEY },				     /* KEY */
	{ 37, 3, false, TAIL_PLAIN },				     /* CERT */
	{ RR_DS, 3, true, TAIL_PLAIN }, { 44, 2, true, TAIL_PLAIN }, /* SSHFP */
	{ RR_RRSIG, 8, false, TAIL_SIGNATURE }, { RR_DNSKEY, 3, false, TAIL_KEY },
	{ 49, 0, false, TAIL_PLAIN },				       /* DHCID */
	{ RR_TLSA, 3, true, TAIL_PLAIN }, { 53, 3, true, TAIL_PLAIN }, /* SMIMEA */
	{ 59, 3, true, TAIL_PLAIN },				       /* CDS */
	{ 60, 3, false, TAIL_KEY },				       /* CDNSKEY */
	{ 61, 0, false, TAIL_PLAIN },				       /* OPENPGPKEY */
	{ 63, 3, true, TAIL_PLAIN },				       /* ZONEMD */
	{ 32769, 3, true, TAIL_PLAIN },				       /* DLV */
};

/* RFC 3597 section 5: "\# length hexadecimal". */
static const struct form unknown_form = { 0, 2, true, TAIL_PLAIN };

/* IANA "DNS Security Algorithm Numbers". */
static const char *const algorithms[] = {
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
};

/* A stop in column to, or one blank further when the text is already there. */
static void stop(struct buf *out, size_t *column, size_t to)
{
	size_t tabs;

	if (to < *column + 1)
		to = *column + 1;
	tabs = to / TAB - *column / TAB;
	if (tabs)
		*column = to / TAB * TAB;
	while (tabs--)
		buf_char(out, '\t');
	for (; *column < to; ++*column)
		buf_char(out, ' ');
}

static void word(struct buf *out, size_t *column, const char *text)
{
	buf_str(out, text);
	*column += strlen(text);
}

struct columns {
	size_t ttl, class, type, rdata;
};

static struct columns columns(const struct dig_show *show)
{
	if (show->multiline || (!show->ttl && !show->class))
		return (struct columns){ 24, 24, 24, 32 };
	if (!show->ttl || !show->class)
		return (struct columns){ 24, 24, 32, 40 };
	return (struct columns){ 24, 32, 40, 48 };
}

static const struct form *form_of(uint16_t type, const char *text)
{
	if (strncmp(text, "\\# ", 3) == 0)
		return &unknown_form;
	for (size_t i = 0; i < ARRAY_LEN(forms); i++)
		if (forms[i].type == type)
			return &forms[i];
	return NULL;
}

/* Where field n (from 0) of text begins; the end when there are fewer. */
static const char *field(const char *text, unsigned int n)
{
	while (n--) {
		text += strcspn(text, " ");
		text += strspn(text, " ");
	}
	return text;
}

static char upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

/* The text's letters without blanks, in pieces of size with between between them. */
static void pieces(struct buf *out, const char *text, const struct form *form, const char *between)
{
	size_t size = between[0] == '\n' ? PIECE_MULTILINE : PIECE;
	size_t n = 0;

	for (; *text; text++) {
		if (*text == ' ')
			continue;
		if (n && n % size == 0)
			buf_str(out, between);
		buf_char(out, form->hex ? upper(*text) : *text);
		n++;
	}
}

/* RFC 4034 appendix B: the key's tag. */
static uint16_t key_tag(const struct rr *rr)
{
	uint32_t sum = 0;

	for (uint16_t i = 0; i < rr->rdlength; i++)
		sum += i & 1 ? rr->rdata[i] : (uint32_t)rr->rdata[i] << 8;
	return (uint16_t)(sum + (sum >> 16));
}

static void key_comment(struct buf *out, const struct rr *rr, const struct form *form)
{
	uint8_t algorithm = rr->rdata[3];
	const char *name = algorithm < ARRAY_LEN(algorithms) ? algorithms[algorithm] : NULL;

	if (form->tail == TAIL_KEY)
		buf_printf(out, NEWLINE ") ; %s", rr->rdata[1] & 1 ? "KSK" : "ZSK");
	else
		buf_str(out, NEWLINE ")");
	if (name)
		buf_printf(out, "; alg = %s ; key id = %u", name, key_tag(rr));
	else
		buf_printf(out, "; alg = %u ; key id = %u", algorithm, key_tag(rr));
}

static void tail_multiline(
	struct buf *out, const struct rr *rr, const struct form *form, const char *text)
{
	const char *rest = field(text, form->lead);

	if (form->tail == TAIL_SIGNATURE) {
		const char *dates = field(text, 4);

		buf_put(out, text, (size_t)(dates - text));
		buf_str(out, "(" NEWLINE);
		buf_put(out, dates, (size_t)(rest - dates) - (rest > dates));
		buf_str(out, NEWLINE);
	} else {
		buf_put(out, text, (size_t)(rest - text));
		buf_str(out, form->lead < 3 && form->type != 44 ? "( " : "(" NEWLINE);
	}
	pieces(out, rest, form, NEWLINE);
	if ((form->tail == TAIL_KEY || form->tail == TAIL_OLD_KEY) && rr->rdlength > 4)
		key_comment(out, rr, form);
	else
		buf_str(out, " )");
}

static void soa_multiline(struct buf *out, const char *text)
{
	static const char *const names[] = { "serial", "refresh", "retry", "expire", "minimum" };
	const char *p = field(text, 2);

	buf_put(out, text, (size_t)(p - text));
	buf_char(out, '(');
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		size_t n = strcspn(p, " ");

		buf_printf(out, NEWLINE "%-10.*s ; %s", (int)n, p, names[i]);
		if (i) {
			uint32_t seconds = 0;

			for (size_t j = 0; j < n; j++)
				seconds = seconds * 10 + (uint32_t)(p[j] - '0');
			buf_str(out, " (");
			dig_duration(seconds, out);
			buf_char(out, ')');
		}
		p = field(p, 1);
	}
	buf_str(out, NEWLINE ")");
}

/* The next owner's hash and each window of the type bitmap (RFC 4034 4.1.2) on lines of their own.
 */
static void nsec3_multiline(struct buf *out, const char *text)
{
	const char *p = field(text, 4);
	int window = -1;

	buf_put(out, text, (size_t)(p - text));
	buf_printf(out, "(" NEWLINE "%.*s", (int)strcspn(p, " "), p);
	for (p = field(p, 1); *p; p = field(p, 1)) {
		char mnemonic[TEXT_MNEMONIC];
		uint16_t type = 0;

		snprintf(mnemonic, sizeof(mnemonic), "%.*s", (int)strcspn(p, " "), p);
		(void)text_parse_type(mnemonic, &type);
		buf_printf(out, "%s%s", type >> 8 == window ? " " : NEWLINE, mnemonic);
		window = type >> 8;
	}
	buf_str(out, " )");
}

static const struct {
	uint16_t type;
	unsigned int fields; /* at least so many */
	void (*write)(struct buf *out, const char *text);
} layouts[] = {
	{ RR_SOA, 7, soa_multiline },
	{ RR_NSEC3, 5, nsec3_multiline },
};

/* Letters of field n in the case that dig writes. */
static void fold(char *text, unsigned int n, int (*convert)(int c))
{
	char *p = text + (field(text, n) - text);

	for (; *p && *p != ' '; p++)
		*p = (char)convert((unsigned char)*p);
}

static void spell_hash(struct buf *b)
{
	fold(b->p, 4, toupper);
}

static void spell_lower(struct buf *b)
{
	fold(b->p, 0, tolower);
}

/* dig quotes the list of protocols. */
static void spell_service(struct buf *b)
{
	static const char key[] = " alpn=";
	const char *text = arena_str(b->arena, b->p);
	const char *value = strstr(text, key);
	size_t n;

	if (!value || value[sizeof(key) - 1] == '"')
		return;
	value += sizeof(key) - 1;
	n = strcspn(value, " ");
	b->n = (size_t)(value - text);
	buf_char(b, '"');
	buf_put(b, value, n);
	buf_char(b, '"');
	buf_str(b, value + n);
}

/* Where dig's spelling differs from libknot's. */
static const struct {
	uint16_t type;
	void (*spell)(struct buf *b);
} spellings[] = {
	{ RR_NSEC3, spell_hash }, { RR_SVCB, spell_service }, { RR_HTTPS, spell_service },
	{ 108, spell_lower }, /* EUI48 */
	{ 109, spell_lower }, /* EUI64 */
};

static const char *rdata_text(struct buf *b, const struct msg *m, const struct rr *rr)
{
	text_rdata(b, m, rr);
	for (size_t i = 0; b->n && i < ARRAY_LEN(spellings); i++)
		if (spellings[i].type == rr->type && strncmp(b->p, "\\# ", 3) != 0)
			spellings[i].spell(b);
	while (b->n > 1 && b->p[b->n - 1] == ' ' && b->p[b->n - 2] != '\\')
		b->p[--b->n] = '\0';
	return buf_text(b);
}

static void rdata_multiline(struct buf *out, const struct rr *rr, const char *text)
{
	const struct form *form = form_of(rr->type, text);

	for (size_t i = 0; i < ARRAY_LEN(layouts); i++)
		if (layouts[i].type == rr->type && *field(text, layouts[i].fields - 1)) {
			layouts[i].write(out, text);
			return;
		}
	if (form && *field(text, form->lead))
		tail_multiline(out, rr, form, text);
	else
		buf_str(out, text);
}

void dig_rdata(
	const struct dig_show *show, const struct msg *m, const struct rr *rr, struct buf *out)
{
	struct buf b = { .arena = out->arena };
	const char *text;
	const struct form *form;

	text = rdata_text(&b, m, rr);
	form = form_of(rr->type, text);
	if (show->multiline && !show->brief) {
		rdata_multiline(out, rr, text);
	} else if (form) {
		const char *rest = field(text, form->lead);

		buf_put(out, text, (size_t)(rest - text));
		pieces(out, rest, form, " ");
	} else {
		buf_str(out, text);
	}
	/* dig leaves room for other data, also where there are none. */
	if (rr->type == RR_TSIG && strlen(text) > 2 && strcmp(text + strlen(text) - 2, " 0") == 0)
		buf_char(out, ' ');
}

void dig_rr(const struct dig_show *show, const struct msg *m, const struct rr *rr, struct buf *out)
{
	struct columns at = columns(show);
	char text[NAME_TEXT];
	size_t column = 0;

	/* A damaged message may have a record whose owner could not be read. */
	word(out, &column, rr->owner->len ? name_text(rr->owner, text) : "?");
	if (show->ttl) {
		stop(out, &column, at.ttl);
		snprintf(text, sizeof(text), "%u", rr->ttl);
		word(out, &column, text);
	}
	if (show->class) {
		stop(out, &column, at.class);
		word(out, &column, text_class(rr->class, text));
	}
	stop(out, &column, at.type);
	word(out, &column, text_type(rr->type, text));
	stop(out, &column, at.rdata);
	dig_rdata(show, m, rr, out);
	buf_char(out, '\n');
}

void dig_question(const struct dig_show *show, const struct question *q, struct buf *out)
{
	struct columns at = columns(show);
	char text[NAME_TEXT];
	size_t column = 0;

	buf_char(out, ';');
	word(out, &column, name_text(q->name, text));
	stop(out, &column, at.class);
	word(out, &column, text_class(q->class, text));
	stop(out, &column, at.type);
	word(out, &column, text_type(q->type, text));
	buf_char(out, '\n');
}

void dig_duration(uint32_t seconds, struct buf *out)
{
	static const struct {
		uint32_t seconds;
		const char *name;
	} units[] = {
		{ 604800, "week" },
		{ 86400, "day" },
		{ 3600, "hour" },
		{ 60, "minute" },
		{ 1, "second" },
	};
	const char *before = "";

	if (!seconds)
		buf_str(out, "0 seconds");
	for (size_t i = 0; i < ARRAY_LEN(units); i++) {
		uint32_t n = seconds / units[i].seconds;

		seconds %= units[i].seconds;
		if (!n)
			continue;
		buf_printf(out, "%s%u %s%s", before, n, units[i].name, n == 1 ? "" : "s");
		before = " ";
	}
}
