/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The forms that the rdata of known types must have, and rdata with its names decompressed. */
#include "dns/form.h"

#include <assert.h>
#include <string.h>

#include "base/err.h"
#include "dns/rr.h"
#include "dns/unpack.h"

/*
 * A form is a string of fields:
 * 1 2 4 6 8  so many octets
 * n          a name, which may be compressed (RFC 1035; RFC 3597 4 for the old others)
 * N          a name, which must not be
 * s t        a length octet and so many octets; t: at least one
 * S          one or more s to the end
 * * +        what is left; +: at least one octet
 * b          bitmap of types (RFC 4034 4.1.2)
 * v          service parameters (RFC 9460 2.2)
 * a          address prefixes (RFC 3123 4)
 */
static const struct form {
	uint16_t type;
	bool in_only; /* other classes have another form */
	const char *fields;
} forms[] = {
	{ RR_A, true, "4" },
	{ RR_NS, false, "n" },
	{ 3, false, "n" }, /* MD */
	{ 4, false, "n" }, /* MF */
	{ RR_CNAME, false, "n" },
	{ RR_SOA, false, "nn44444" },
	{ 7, false, "n" }, /* MB */
	{ 8, false, "n" }, /* MG */
	{ 9, false, "n" }, /* MR */
	{ RR_PTR, false, "n" },
	{ 13, false, "ss" }, /* HINFO */
	{ 14, false, "nn" }, /* MINFO */
	{ RR_MX, false, "2n" },
	{ RR_TXT, false, "S" },
	{ 17, false, "nn" },	    /* RP, RFC 1183 */
	{ 18, false, "2n" },	    /* AFSDB, RFC 1183 */
	{ 21, false, "2n" },	    /* RT, RFC 1183 */
	{ 24, false, "2114442n+" }, /* SIG, RFC 2535 */
	{ 25, false, "211*" },	    /* KEY, RFC 2535 */
	{ 26, true, "2nn" },	    /* PX, RFC 2163 */
	{ RR_AAAA, true, "88" },
	{ 29, false, "88" }, /* LOC, RFC 1876 */
	{ 30, false, "n*" }, /* NXT, RFC 2535 */
	{ RR_SRV, true, "222n" },
	{ 35, true, "22sssn" }, /* NAPTR, RFC 3403 */
	{ 36, true, "2N" },	/* KX, RFC 2230 */
	{ 37, false, "221+" },	/* CERT, RFC 4398 */
	{ RR_DNAME, false, "N" },
	{ 42, true, "a" }, /* APL */
	{ RR_DS, false, "211+" },
	{ 44, false, "11+" }, /* SSHFP, RFC 4255 */
	{ RR_RRSIG, false, "2114442N+" },
	{ RR_NSEC, false, "Nb" },
	{ RR_DNSKEY, false, "211+" },
	{ 49, true, "+" }, /* DHCID, RFC 4701 */
	{ RR_NSEC3, false, "112stb" },
	{ 51, false, "112s" }, /* NSEC3PARAM, RFC 5155 */
	{ RR_TLSA, false, "111+" },
	{ 53, false, "111+" }, /* SMIMEA, RFC 8162 */
	{ 59, false, "211+" }, /* CDS, RFC 7344 */
	{ 60, false, "211+" }, /* CDNSKEY */
	{ 61, false, "+" },    /* OPENPGPKEY, RFC 7929 */
	{ 62, false, "42b" },  /* CSYNC, RFC 7477 */
	{ 63, false, "411+" }, /* ZONEMD, RFC 8976 */
	{ RR_SVCB, true, "2Nv" },
	{ RR_HTTPS, true, "2Nv" },
	{ 99, false, "S" },    /* SPF, RFC 7208 */
	{ 104, false, "28" },  /* NID, RFC 6742 */
	{ 105, false, "24" },  /* L32 */
	{ 106, false, "28" },  /* L64 */
	{ 107, false, "2N" },  /* LP */
	{ 108, false, "6" },   /* EUI48, RFC 7043 */
	{ 109, false, "8" },   /* EUI64 */
	{ 256, false, "22+" }, /* URI, RFC 7553 */
	{ RR_CAA, false, "1t*" },
};

/* Walks over one rdata; every octet below at is in order. */
struct walk {
	const struct msg *m;
	uint32_t at, end;
	struct buf *out; /* or NULL */
	struct msg_defect bad;
};

static int fail(struct walk *w, enum msg_rule rule, uint32_t offset)
{
	w->bad.rule = (uint8_t)rule;
	w->bad.offset = offset;
	return -ERR_PARSE;
}

static int take(struct walk *w, uint32_t size)
{
	if (size > w->end - w->at)
		return fail(w, MSG_RDATA_FORM, w->at);
	if (w->out)
		buf_put(w->out, w->m->wire.p + w->at, size);
	w->at += size;
	return 0;
}

static uint32_t left(const struct walk *w)
{
	return w->end - w->at;
}

static uint32_t peek16(const struct walk *w, uint32_t skip)
{
	const uint8_t *p = w->m->wire.p + w->at + skip;

	return (uint32_t)p[0] << 8U | p[1];
}

static int take_number(struct walk *w, char digit)
{
	return take(w, (uint32_t)(digit - '0'));
}

static int take_name(struct walk *w, char kind)
{
	struct unpack u = {
		.wire = w->m->wire, .at = w->at, .limit = w->end, .plain = kind == 'N'
	};
	struct name n;

	if (unpack_name(&u, &n))
		/* A name cut by the rdata's end is not cut by the message's. */
		return fail(w, u.rule == MSG_NAME_CUT ? MSG_RDATA_FORM : u.rule, u.bad);
	if (w->out)
		buf_put(w->out, n.wire, n.len);
	w->at = u.next;
	return 0;
}

static int take_string(struct walk *w, char kind)
{
	if (!left(w) || (kind == 't' && w->m->wire.p[w->at] == 0))
		return fail(w, MSG_RDATA_FORM, w->at);
	return take(w, w->m->wire.p[w->at] + 1U);
}

static int take_strings(struct walk *w, char kind)
{
	int err;

	do
		err = take_string(w, kind);
	while (!err && left(w));
	return err;
}

static int take_rest(struct walk *w, char kind)
{
	if (kind == '+' && !left(w))
		return fail(w, MSG_RDATA_FORM, w->at);
	return take(w, left(w));
}

static int take_bitmap(struct walk *w, char kind)
{
	int window = -1, err = 0;

	(void)kind;
	while (!err && left(w)) {
		const uint8_t *p = w->m->wire.p + w->at;

		/* RFC 4034 4.1.2: windows ascend, each has 1 to 32 octets. */
		if (left(w) < 2 || p[0] <= window || p[1] < 1 || p[1] > 32)
			return fail(w, MSG_RDATA_FORM, w->at);
		window = p[0];
		err = take(w, 2U + p[1]);
	}
	return err;
}

static int take_params(struct walk *w, char kind)
{
	int64_t last = -1;
	int err = 0;

	(void)kind;
	while (!err && left(w)) {
		/* RFC 9460 2.2: keys ascend strictly. */
		if (left(w) < 4 || (int64_t)peek16(w, 0) <= last)
			return fail(w, MSG_RDATA_FORM, w->at);
		last = peek16(w, 0);
		err = take(w, 4 + peek16(w, 2));
	}
	return err;
}

static int take_prefixes(struct walk *w, char kind)
{
	int err = 0;

	(void)kind;
	while (!err && left(w)) {
		if (left(w) < 4)
			return fail(w, MSG_RDATA_FORM, w->at);
		err = take(w, 4 + (w->m->wire.p[w->at + 3] & 127U));
	}
	return err;
}

static const struct field {
	const char *codes;
	int (*take)(struct walk *w, char code);
} fields[] = {
	{ "12468", take_number },
	{ "nN", take_name },
	{ "st", take_string },
	{ "S", take_strings },
	{ "*+", take_rest },
	{ "b", take_bitmap },
	{ "v", take_params },
	{ "a", take_prefixes },
};

static int take_field(struct walk *w, char code)
{
	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		if (strchr(fields[i].codes, code))
			return fields[i].take(w, code);
	assert(false);
	return 0;
}

static const char *form_of(const struct rr *rr)
{
	size_t lo = 0, hi = ARRAY_LEN(forms);

	/* RFC 2136 2.4 and 2.5: in these classes rdata may be empty; the meta types have no form.
	 */
	if (rr->class == CLASS_ANY || rr->class == CLASS_NONE)
		return "*";
	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (forms[mid].type == rr->type)
			return forms[mid].in_only && rr->class != CLASS_IN ? "*"
									   : forms[mid].fields;
		if (forms[mid].type < rr->type)
			lo = mid + 1;
		else
			hi = mid;
	}
	return "*";
}

int form_check(
	const struct msg *m, const struct rr *rr, struct buf *expanded, struct msg_defect *ret_bad)
{
	struct walk w = {
		.m = m,
		.at = rr->rdata_offset,
		.end = rr->rdata_offset + rr->rdlength,
		.out = expanded,
		.bad = { .section = rr->section },
	};
	int err = 0;

	for (const char *f = form_of(rr); !err && *f; f++)
		err = take_field(&w, *f);
	if (!err && left(&w))
		err = fail(&w, MSG_RDATA_FORM, w.at);
	if (err && ret_bad)
		*ret_bad = w.bad;
	return err;
}
