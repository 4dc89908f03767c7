/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the test cases of the module "dnssec" share: which replies count, sets of DS and DNSKEY
 * records with the replies they came in, judging a signature, and findings grouped by key tag.
 *
 *	struct heard asked = dnssec_ask(c, &c->del->all, RR_DNSKEY);
 *	struct dnssec_groups wrong = { 0 };
 *
 *	vec_each (const struct entry *, e, asked) {
 *		struct dnssec_keys keys = dnssec_keys(c, *e);
 *
 *		vec_each (const struct dnskey, k, keys)
 *			if (... k ...)
 *				dnssec_group(c, &wrong, (struct dnssec_id){ k->tag, 0 }, *e);
 *	}
 *	dnssec_emit_groups(c, TAG_..., &wrong, DNSSEC_TAG);
 */
#ifndef CHECK_CASES_DNSSEC_INNER_H
#define CHECK_CASES_DNSSEC_INNER_H

#include "check/cases.h"
#include "dns/dnssec.h"
#include "dns/rr.h"

void dnssec01(struct cases *c);
void dnssec02(struct cases *c);
void dnssec03(struct cases *c);
void dnssec04(struct cases *c);
void dnssec05(struct cases *c);
void dnssec06(struct cases *c);
void dnssec07(struct cases *c);
void dnssec08(struct cases *c);
void dnssec09(struct cases *c);
void dnssec10(struct cases *c);
void dnssec11(struct cases *c);
void dnssec12(struct cases *c);
void dnssec13(struct cases *c);
void dnssec14(struct cases *c);
void dnssec15(struct cases *c);
void dnssec16(struct cases *c);
void dnssec17(struct cases *c);
void dnssec18(struct cases *c);

/*
 * The question with DO about the zone's name to each address of the list, which has each once: an
 * entry for each, in the list's order.
 */
struct heard dnssec_ask(struct cases *c, const struct servers *list, uint16_t type);

/* NOERROR with AA, and an OPT record with DO: what is demanded of a reply of DNSSEC. NULL: no. */
bool dnssec_whole(const struct msg *m);

/* Records of that type in the answer that own the zone's name, and what signs them. m not NULL. */
struct rrset dnssec_set(struct cases *c, const struct msg *m, uint16_t type);

/*
 * DS records of the zone, each rdata once: those of an undelegated test where there are any (given;
 * no parent is asked then), else those of the parent's servers whose replies are whole.
 */
struct dnssec_ds {
	bool given;
	struct heard asked; /* replies of the parent's servers, of each address */
	struct ds_list v;
};
struct dnssec_ds dnssec_ds(struct cases *c);

/* The DS records in one reply, as they came; empty without message. */
struct ds_list dnssec_ds_of(struct cases *c, const struct entry *e);

/* The DNSKEY records of the zone's name in one reply; empty without message. */
struct dnssec_keys VEC(struct dnskey);
struct dnssec_keys dnssec_keys(struct cases *c, const struct entry *e);

/* The first key of that tag; NULL: none. */
const struct dnskey *dnssec_key_find(const struct dnssec_keys *keys, uint16_t tag);

/*
 * What a signature of the set is worth, at the time of the facts, in the order in which the test
 * cases ask: SIG_NOT_YET or SIG_EXPIRED (whatever else is wrong with it), SIG_UNKNOWN algorithm,
 * SIG_OTHER_KEY (no key has its tag), SIG_WRONG (no key of that tag made it), SIG_VALID;
 * SIG_MALFORMED when the record cannot be read (ret is all 0 then).
 */
struct dnssec_sig {
	enum sig_result result;
	struct rrsig sig;
};
struct dnssec_sig dnssec_judge(struct cases *c, const struct rrset *set, const struct rr *rrsig,
	const struct dnssec_keys *keys);

/* Replies by key tag and a number: an algorithm, a digest type; 0 where only the tag counts. */
struct dnssec_id {
	uint16_t tag;
	unsigned int number;
};
struct dnssec_group {
	struct dnssec_id id;
	struct heard heard; /* each once */
};
struct dnssec_groups VEC(struct dnssec_group);

/* e NULL: the group is there, but of no server (DS records of an undelegated test). */
void dnssec_group(
	struct cases *c, struct dnssec_groups *g, struct dnssec_id id, const struct entry *e);
/* NULL: there is no such group. */
const struct dnssec_group *dnssec_group_find(const struct dnssec_groups *g, struct dnssec_id id);

/* What of a group's id is told, as details of a finding. */
enum {
	DNSSEC_TAG = 1,	      /* "keytag" */
	DNSSEC_ALGORITHM = 2, /* the number: "algo_num", "algo_mnemo", "algo_descr" */
	DNSSEC_DIGEST = 4,    /* the number: "ds_algo_num", "ds_algo_descr" */
	DNSSEC_NUMBER = 8,    /* the number: "int" */
	DNSSEC_RCODE = 16,    /* the number: "rcode" */
};
/* One finding for each group. */
void dnssec_emit_groups(
	struct cases *c, enum tag tag, const struct dnssec_groups *g, unsigned int told);

/*
 * Findings from that index on harm nobody where all of their servers are among those whose other
 * signatures or records are sound: a resolver needs one that is.
 */
void dnssec_soften(struct cases *c, size_t from, const struct heard *sound);

/* Rows of the tables of dnssec05 and dnssec01: IANA's registries, and how Zonemaster rates them. */
struct dnssec_number {
	uint8_t first, last;
	enum tag rated;
	const char *mnemo; /* "RSASHA256"; NULL for digests */
	const char *descr; /* "RSA/SHA-256" */
};
const struct dnssec_number *dnssec_algorithm_row(uint8_t number);
const struct dnssec_number *dnssec_digest_row(uint8_t number);

#endif

/* Keys of one tag that are tried: a zone made for it would cost us hours (CVE-2023-50387). */
enum { DNSSEC_SAME_TAG = 4 };
