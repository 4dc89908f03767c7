/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The data of every type that dig knows, in its words; others, and what is damaged, as RFC 3597. */
#include "render/dig_data.h"

#include <string.h>

#include "base/err.h"
#include "dns/form.h"
#include "dns/rr.h"
#include "dns/text.h"
#include "render/dig_page.h"

enum { ZONE_KEY_SEP = 0x0001, ZONE_KEY_REVOKE = 0x0080, KEY_NONE = 0xc000, PRIVATE_DNS = 253 };

/* RFC 3597 5. */
static void generic(struct dig_data *d)
{
	buf_printf(d->out, "\\# %zu", dig_data_left(d));
	if (!dig_data_left(d))
		return;
	buf_str(d->out, d->multiline ? " ( " : " ");
	dig_data_fields(d, "h)");
}

/* RFC 4034 appendix B: the key's tag, as dig has it for algorithm 1, too. */
static uint16_t key_tag(const uint8_t *p, size_t n)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += i & 1 ? p[i] : (uint32_t)p[i] << 8;
	return (uint16_t)(sum + (sum >> 16));
}

/* dig's own default: comments with +multiline, unless +norrcomments. */
static bool comments(const struct dig_data *d)
{
	return d->show->rrcomments > 0 || (d->multiline && d->show->rrcomments == 0);
}

static void put_key_algorithm(struct dig_data *d, uint8_t algorithm, struct span key)
{
	const char *name = dig_data_algorithm(algorithm);
	struct name private;

	/* RFC 4034 A.1.1: the key begins with the name of its algorithm. */
	if (algorithm == PRIVATE_DNS && name_from_wire(key, &private) == 0)
		dig_name(&private, d->out);
	else if (name)
		buf_str(d->out, name);
	else
		buf_printf(d->out, "%u", algorithm);
}

/* DNSKEY, CDNSKEY, KEY and RKEY: RFC 4034 2.2, RFC 2535 3.1. */
static bool put_key(struct dig_data *d)
{
	const uint8_t *begin = d->p, *key;
	size_t n = dig_data_left(d);
	uint16_t flags;
	bool zone = d->rr->type == RR_DNSKEY || d->rr->type == RR_CDNSKEY;

	if (n < 4)
		return false;
	flags = (uint16_t)(begin[0] << 8 | begin[1]);
	dig_data_fields(d, "2 1 1");
	key = d->p;
	if (d->rr->type == 25 && (flags & KEY_NONE) == KEY_NONE)
		return !dig_data_left(d);
	dig_data_fields(d, "(");
	if (d->show->crypto) {
		dig_data_fields(d, "b");
	} else {
		buf_printf(d->out, "[key id = %u]", key_tag(begin, n));
		d->p = d->end;
	}
	if (comments(d))
		buf_str(d->out, d->linebreak);
	else if (d->multiline)
		buf_char(d->out, ' ');
	if (d->multiline)
		buf_char(d->out, ')');
	if (!comments(d))
		return true;
	if (zone)
		buf_printf(d->out, " ; %s%s",
			flags & ZONE_KEY_SEP && flags & ZONE_KEY_REVOKE ? "revoked " : "",
			flags & ZONE_KEY_SEP ? "KSK" : "ZSK");
	buf_str(d->out, "; alg = ");
	put_key_algorithm(d, begin[3], (struct span){ key, n - 4 });
	buf_printf(d->out, " ; key id = %u", key_tag(begin, n));
	return true;
}

/* RFC 1035 3.3.13. */
static bool put_soa(struct dig_data *d)
{
	static const char *const names[] = { "serial", "refresh", "retry", "expire", "minimum" };
	bool said = d->multiline && comments(d);

	if (!dig_data_fields(d, "n n("))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		uint32_t n;

		if (!dig_data_number(d, 4, &n))
			return false;
		buf_printf(d->out, said ? "%-10u" : "%u", n);
		if (said)
			buf_printf(d->out, " ; %s", names[i]);
		if (said && i) {
			buf_str(d->out, " (");
			dig_duration(n, d->out);
			buf_char(d->out, ')');
		}
		if (said || i + 1 < ARRAY_LEN(names))
			buf_str(d->out, d->linebreak);
	}
	if (d->multiline)
		buf_char(d->out, ')');
	return true;
}

/* RFC 4648 7: the alphabet that keeps the order. */
static void put_base32(struct dig_data *d, size_t n)
{
	for (size_t bit = 0; bit < n * 8; bit += 5) {
		unsigned int five = 0;

		for (size_t i = bit; i < bit + 5; i++)
			five = five << 1 | (i < n * 8 && d->p[i / 8] & 0x80 >> i % 8);
		buf_char(d->out, "0123456789ABCDEFGHIJKLMNOPQRSTUV"[five]);
	}
	d->p += n;
}

/* RFC 5155 3.3. */
static bool put_nsec3(struct dig_data *d)
{
	uint32_t n;

	if (!dig_data_fields(d, "1 1 2 z(") || !dig_data_number(d, 1, &n) || dig_data_left(d) < n)
		return false;
	put_base32(d, n);
	return dig_data_fields(d, d->multiline ? "m)" : "? m");
}

/* RFC 4701 3.1; over several lines with kind of identifier, digest type and digest length. */
static bool put_dhcid(struct dig_data *d)
{
	const uint8_t *begin = d->p;
	size_t n = dig_data_left(d);

	dig_data_fields(d, "[b)");
	if (d->multiline && n > 2)
		buf_printf(d->out, " ; %u %u %zu", begin[0] << 8 | begin[1], begin[2], n - 3);
	return true;
}

/* Types in the order of their numbers. */
static const struct kind {
	uint16_t type;
	const char *fields; /* NULL: put does it */
	bool (*put)(struct dig_data *d);
	bool in_only; /* other classes have another form */
} kinds[] = {
	{ RR_A, "A", NULL, true }, { RR_NS, "n", NULL, false }, { 3, "n", NULL, false }, /* MD */
	{ 4, "n", NULL, false },							 /* MF */
	{ RR_CNAME, "n", NULL, false }, { RR_SOA, NULL, put_soa, false },
	{ 7, "n", NULL, false },				  /* MB */
	{ 8, "n", NULL, false },				  /* MG */
	{ 9, "n", NULL, false },				  /* MR */
	{ 11, NULL, dig_data_wks, true },			  /* WKS */
	{ RR_PTR, "n", NULL, false }, { 13, "s s", NULL, false }, /* HINFO */
	{ 14, "n n", NULL, false },				  /* MINFO */
	{ RR_MX, "2 n", NULL, false }, { RR_TXT, "S", NULL, false },
	{ 17, "n n", NULL, false },					      /* RP */
	{ 18, "2 n", NULL, false },					      /* AFSDB */
	{ 19, "s", NULL, false },					      /* X25 */
	{ 20, "s? s", NULL, false },					      /* ISDN */
	{ 21, "2 n", NULL, false },					      /* RT */
	{ 22, "0xq", NULL, true },					      /* NSAP */
	{ 23, "n", NULL, true },					      /* NSAP-PTR */
	{ 24, "T 1 1 4 d(d 2 n|b)", NULL, false },			      /* SIG */
	{ 25, NULL, put_key, false },					      /* KEY */
	{ 26, "2 n n", NULL, true },					      /* PX */
	{ 27, "s s s", NULL, false },					      /* GPOS */
	{ RR_AAAA, "a", NULL, true }, { 29, NULL, dig_data_loc, false },      /* LOC */
	{ 30, NULL, dig_data_nxt, false },				      /* NXT */
	{ 31, "[h)", NULL, true },					      /* EID */
	{ 32, "[h)", NULL, true },					      /* NIMLOC */
	{ RR_SRV, "2 2 2 n", NULL, true }, { 34, NULL, dig_data_atma, true }, /* ATMA */
	{ 35, "2 2 s s s n", NULL, true },				      /* NAPTR */
	{ 36, "2 n", NULL, true },					      /* KX */
	{ 37, "c 2 g(b)", NULL, false },				      /* CERT */
	{ 38, NULL, dig_data_a6, true },				      /* A6 */
	{ RR_DNAME, "n", NULL, false }, { 40, "1 1 1?(b)", NULL, false },     /* SINK */
	{ 42, NULL, dig_data_apl, true },				      /* APL */
	{ RR_DS, "2 1 1(H)", NULL, false }, { 44, "1 1?(h)", NULL, false },   /* SSHFP */
	{ 45, NULL, dig_data_ipseckey, false },				      /* IPSECKEY */
	{ RR_RRSIG, "T 1 1 4(d d 2 n|B)", NULL, false }, { RR_NSEC, "n? m", NULL, false },
	{ RR_DNSKEY, NULL, put_key, false }, { 49, NULL, put_dhcid, true }, /* DHCID */
	{ RR_NSEC3, NULL, put_nsec3, false }, { RR_NSEC3PARAM, "1 1 2 z", NULL, false },
	{ RR_TLSA, "1 1 1(h)", NULL, false }, { 53, "1 1 1(h)", NULL, false }, /* SMIMEA */
	{ 55, NULL, dig_data_hip, false },				       /* HIP */
	{ 56, "S", NULL, false },					       /* NINFO */
	{ 57, NULL, put_key, false },					       /* RKEY */
	{ 58, "n n", NULL, false },					       /* TALINK */
	{ RR_CDS, "2 1 1(H)", NULL, false }, { RR_CDNSKEY, NULL, put_key, false },
	{ 61, "[B)", NULL, false },	 /* OPENPGPKEY */
	{ 62, "4 2? m", NULL, false },	 /* CSYNC */
	{ 63, "4 1 1(H)", NULL, false }, /* ZONEMD */
	{ RR_SVCB, NULL, dig_data_service, true }, { RR_HTTPS, NULL, dig_data_service, true },
	{ 66, "T y 2 n", NULL, false },						/* DSYNC */
	{ 67, "{b)", NULL, false },						/* HHIT */
	{ 68, "{b)", NULL, false },						/* BRID */
	{ 99, "S", NULL, false },						/* SPF */
	{ 104, "2 N", NULL, false },						/* NID */
	{ 105, "2 A", NULL, false },						/* L32 */
	{ 106, "2 N", NULL, false },						/* L64 */
	{ 107, "2 n", NULL, false },						/* LP */
	{ 108, "e", NULL, false },						/* EUI48 */
	{ 109, "e", NULL, false },						/* EUI64 */
	{ RR_TSIG, NULL, dig_data_tsig, false }, { 256, "2 2 r", NULL, false }, /* URI */
	{ RR_CAA, "1 t r", NULL, false }, { 258, "S", NULL, false },		/* AVC */
	{ 259, NULL, dig_data_doa, false },					/* DOA */
	{ 260, NULL, dig_data_amtrelay, false },				/* AMTRELAY */
	{ 261, "S", NULL, false },						/* RESINFO */
	{ 262, "S", NULL, false },						/* WALLET */
	{ 32768, "2 1 1(H)", NULL, false },					/* TA */
	{ 32769, "2 1 1(H)", NULL, false },					/* DLV */
};

/* Addresses have a form of their own in each class (RFC 1035 3.4.1; Chaosnet's is octal). */
static const struct kind hesiod = { RR_A, "A", NULL, false };
static const struct kind chaos = { RR_A, NULL, dig_data_chaos, false };

static const struct kind *kind_of(const struct rr *rr)
{
	if (rr->type == RR_A && rr->class == CLASS_HS)
		return &hesiod;
	if (rr->type == RR_A && rr->class == CLASS_CH)
		return &chaos;
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (kinds[i].type == rr->type)
			return kinds[i].in_only && rr->class != CLASS_IN ? NULL : &kinds[i];
	return NULL;
}

/* In its type's own words. false: it does not have its form; nothing was written then. */
static bool spoken(const struct dig_data *d)
{
	const struct kind *kind = kind_of(d->rr);
	struct buf words = { .arena = d->out->arena };
	struct dig_data own = *d;

	if (!kind || d->show->unknownformat || (!dig_data_left(d) && kind->type != 42))
		return false;
	own.out = &words;
	if (!(kind->put ? kind->put(&own) : dig_data_fields(&own, kind->fields)) ||
		dig_data_left(&own))
		return false;
	buf_put(d->out, words.p, words.n);
	return true;
}

struct span dig_whole_data(struct arena *a, const struct msg *m, const struct rr *rr)
{
	struct buf whole = { .arena = a };

	if (form_check(m, rr, &whole, NULL) == 0 && whole.n && whole.n <= UINT16_MAX)
		return buf_span(&whole);
	return (struct span){ rr->rdata, rr->rdlength };
}

void dig_rdata(
	const struct dig_show *show, const struct msg *m, const struct rr *rr, struct buf *out)
{
	bool lines = show->multiline && !show->brief;
	struct dig_data d = { .show = show,
		.rr = rr,
		.out = out,
		.multiline = lines,
		.linebreak = lines ? "\n\t\t\t\t" : " " };
	struct span data = dig_whole_data(out->arena, m, rr);

	d.p = data.p;
	d.end = data.p + data.n;
	if (spoken(&d))
		return;
	generic(&d);
}
