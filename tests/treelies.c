// SPDX-License-Identifier: GPL-3.0-or-later
// Lies of servers that want to cost us time, memory, or packets to others.
#include "treelies.h"

#include <stdio.h>

enum { NS_MANY = 32, KEYS_MANY = 200, SAME_TAG = 500, SIGS_MANY = 100, MANY = 1500, BOMB = 4000 };

/* Records of replies that are made up ---------------------------------------------------------- */

static void put(struct treeworld_reply *r, struct treeworld_record one)
{
	one.class = CLASS_IN;
	one.ttl = 3600;
	vec_push(r->arena, &r->records, one);
}

static struct span wire_of(struct treeworld_reply *r, const struct name *n)
{
	return (struct span){ arena_dup(r->arena, n->wire, n->len), n->len };
}

static struct name named(const char *text)
{
	struct name n = { 0 };

	(void)name_parse(text, &n);
	return n;
}

/* "label.under." */
static struct name child(struct treeworld_reply *r, const char *under, unsigned int number)
{
	return named(arena_printf(r->arena, "n%u.%s", number, under));
}

static void put_ns(
	struct treeworld_reply *r, uint8_t section, const struct name *owner, struct name target)
{
	put(r, (struct treeworld_record){ section, *owner, RR_NS, 0, 0, wire_of(r, &target) });
}

static void put_v4(struct treeworld_reply *r, uint8_t section, struct name owner, uint8_t host)
{
	const uint8_t octets[] = { 9, host, 0, 1 };
	struct span rdata = { arena_dup(r->arena, octets, sizeof(octets)), sizeof(octets) };

	put(r, (struct treeworld_record){ section, owner, RR_A, 0, 0, rdata });
}

static void begin_referral(struct treeworld_reply *r)
{
	r->flags = FLAG_QR;
	r->records.n = 0;
}

static unsigned int hash_of(const struct name *n, unsigned int more)
{
	unsigned int h = 2166136261U;

	for (unsigned int i = 0; i < n->len; i++)
		h = (h ^ n->wire[i]) * 16777619U;
	return (h ^ more) * 16777619U % 1000000007U;
}

/* Lies ----------------------------------------------------------------------------------------- */

/* NXNS: each zone below evil.xb. is served by names in as many others, which are like it. */
static void spread(struct treeworld_reply *r, const char *form)
{
	struct name zone = name_suffix(&r->name, 3);

	if (name_labels(&r->name) < 3)
		return;
	begin_referral(r);
	for (unsigned int i = 0; i < NS_MANY; i++) {
		char text[64];

		snprintf(text, sizeof(text), form, hash_of(&zone, i));
		put_ns(r, MSG_AUTHORITY, &zone, named(text));
	}
}

void treelies_spread_wide(struct treeworld_reply *r, const struct ask *ask)
{
	(void)ask;
	spread(r, "ns.z%u.evil.xb.");
}

/* The names belong to somebody else, whose servers are asked for each. */
void treelies_spread_at_victim(struct treeworld_reply *r, const struct ask *ask)
{
	(void)ask;
	spread(r, "v%u.other.xb.");
}

/* Half and half. */
void treelies_spread_both(struct treeworld_reply *r, const struct ask *ask)
{
	(void)ask;
	spread(r, "ns.z%u.evil.xb.");
	for (unsigned int i = 0; i < r->records.n; i += 2) {
		char text[64];
		struct name n;

		snprintf(text, sizeof(text), "v%u.other.xb.", hash_of(&r->name, i));
		n = named(text);
		r->records.v[i].rdata = wire_of(r, &n);
	}
}

/* Whatever is asked for is a zone of its own. */
void treelies_deeper(struct treeworld_reply *r, const struct ask *ask)
{
	(void)ask;
	begin_referral(r);
	for (unsigned int i = 0; i < 4; i++) {
		struct name ns = child(r, "child.xa.", i);

		put_ns(r, MSG_AUTHORITY, &r->name, ns);
		put_v4(r, MSG_ADDITIONAL, ns, (uint8_t)(31 + i));
	}
}

void treelies_up(struct treeworld_reply *r, const struct ask *ask)
{
	(void)ask;
	begin_referral(r);
	put_ns(r, MSG_AUTHORITY, &name_root, named("a.root.xb."));
}

/* As many records as a message holds, of every type that is read. */
static void flood(struct treeworld_reply *r, uint8_t section, uint16_t type)
{
	static const uint8_t octets[16] = { 9, 9 };

	for (unsigned int i = 0; i < MANY; i++) {
		uint8_t *p = arena_dup(r->arena, octets, sizeof(octets));
		struct name ns = child(r, "child.xa.", i);

		p[2] = (uint8_t)(i >> 8);
		p[3] = (uint8_t)i;
		put(r, (struct treeworld_record){ section, r->name, type, 0, 0,
			       type == RR_NS ? wire_of(r, &ns)
					     : (struct span){ p, type == RR_A ? 4 : 16 } });
	}
}

void treelies_flood_answer(struct treeworld_reply *r, const struct ask *ask)
{
	flood(r, MSG_ANSWER, ask->question.type);
}

void treelies_flood_ns(struct treeworld_reply *r, const struct ask *ask)
{
	(void)ask;
	flood(r, MSG_AUTHORITY, RR_NS);
}

void treelies_other_name(struct treeworld_reply *r, const struct ask *ask)
{
	(void)ask;
	r->name = named("other.xb.");
}

void treelies_other_case(struct treeworld_reply *r, const struct ask *ask)
{
	(void)ask;
	for (unsigned int i = 0; i < r->name.len; i++)
		if (r->name.wire[i] >= 'a' && r->name.wire[i] <= 'z')
			r->name.wire[i] ^= 0x20;
}

/* Each reply has other servers for the zone. */
void treelies_other_ns(struct treeworld_reply *r, const struct ask *ask)
{
	static unsigned int turn;

	r->records.n = 0;
	turn++;
	for (unsigned int i = 0; i < NS_MANY; i++) {
		struct name ns = child(r, "child.xa.", turn * NS_MANY + i);

		put_ns(r, MSG_ANSWER, &r->name, ns);
		put_v4(r, MSG_ADDITIONAL, ns, (uint8_t)(100 + (turn + i) % 150));
	}
	(void)ask;
}

/* A chain of aliases without end. */
void treelies_alias(struct treeworld_reply *r, const struct ask *ask)
{
	struct name target = child(r, "child.xa.", hash_of(&r->name, 1));

	(void)ask;
	r->records.n = 0;
	r->flags = FLAG_QR | FLAG_AA;
	put(r, (struct treeworld_record){
		       MSG_ANSWER, r->name, RR_CNAME, 0, 0, wire_of(r, &target) });
}

/* A text of 10,000 letters, for which one has to come over TCP. */
void treelies_long_text(struct treeworld_reply *r, const struct ask *ask)
{
	enum { STRINGS = 40, LETTERS = 250 };
	struct buf b = { .arena = r->arena };

	r->records.n = 0;
	if (ask->transport == TRANSPORT_UDP) {
		r->flags |= FLAG_TC;
		return;
	}
	for (unsigned int i = 0; i < STRINGS * (LETTERS + 1); i++)
		buf_u8(&b, i % (LETTERS + 1) ? 'x' : LETTERS);
	put(r, (struct treeworld_record){ MSG_ANSWER, r->name, RR_TXT, 0, 0, buf_span(&b) });
}

/* Mail servers in as many zones. */
void treelies_exchanges(struct treeworld_reply *r, const struct ask *ask)
{
	(void)ask;
	r->records.n = 0;
	for (unsigned int i = 0; i < MANY; i++) {
		struct name n = named(arena_printf(r->arena, "mx.z%u.evil.xb.", i));
		struct buf b = { .arena = r->arena };

		buf_u16(&b, (uint16_t)i);
		buf_put(&b, n.wire, n.len);
		put(r, (struct treeworld_record){ MSG_ANSWER, r->name, RR_MX, 0, 0, buf_span(&b) });
	}
}

/* RFC 4034 appendix B. */
static uint16_t tag_of(const uint8_t *p, size_t n)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += i % 2 ? p[i] : (uint32_t)p[i] << 8;
	return (uint16_t)(sum + (sum >> 16));
}

/* A P-256 key that nobody has, with that tag. */
static struct span key_with_tag(struct treeworld_reply *r, uint16_t tag, unsigned int number)
{
	enum { KEY = 68 };
	uint8_t *p = arena_alloc(r->arena, KEY);

	p[0] = 1; /* 257 */
	p[1] = 1;
	p[2] = 3;
	p[3] = 13;
	p[4] = (uint8_t)(number >> 8);
	p[5] = (uint8_t)number;
	/* The last two octets are what the sum lacks; its carry may cost one more. */
	for (unsigned int carry = 0; carry < 2; carry++) {
		uint16_t lacks = (uint16_t)(tag - tag_of(p, KEY - 2) - carry);

		p[KEY - 2] = (uint8_t)(lacks >> 8);
		p[KEY - 1] = (uint8_t)lacks;
		if (tag_of(p, KEY) == tag)
			break;
	}
	return (struct span){ p, KEY };
}

/* A signature of the set, by a key of that tag, that nobody made. */
static struct span sig_with_tag(
	struct treeworld_reply *r, uint16_t type, uint16_t tag, unsigned int number)
{
	struct buf b = { .arena = r->arena };
	struct name signer = named("child.xa.");

	buf_u16(&b, type);
	buf_u8(&b, 13);
	buf_u8(&b, (uint8_t)name_labels(&r->name));
	buf_u32(&b, 3600);
	buf_u32(&b, SIGNER_NOW + SIGNER_DAY);
	buf_u32(&b, SIGNER_NOW - SIGNER_DAY);
	buf_u16(&b, tag);
	buf_put(&b, signer.wire, signer.len);
	for (unsigned int i = 0; i < 16; i++)
		buf_u32(&b, number + 1);
	return buf_span(&b);
}

/* Puts records ahead of all that are there. */
static void put_first(struct treeworld_reply *r, const struct treeworld_reply *old)
{
	vec_each (const struct treeworld_record, one, old->records)
		vec_push(r->arena, &r->records, *one);
}

/* KeyTrap (CVE-2023-50387): many keys with the tag of those that sign, many signatures by them. */
void treelies_keytrap(struct treeworld_reply *r, const struct ask *ask)
{
	uint16_t tag = signer_key_tag(&treeworld_signed, ask->question.type == RR_DNSKEY ? 1 : 2);
	struct treeworld_reply old = *r;

	r->records.v = NULL;
	r->records.n = r->records.cap = 0;
	for (unsigned int i = 0; i < SIGS_MANY; i++)
		put(r, (struct treeworld_record){ MSG_ANSWER, r->name, RR_RRSIG, 0, 0,
			       sig_with_tag(r, ask->question.type, tag, i) });
	for (unsigned int i = 0; ask->question.type == RR_DNSKEY && i < KEYS_MANY; i++)
		put(r, (struct treeworld_record){ MSG_ANSWER, r->name, RR_DNSKEY, 0, 0,
			       key_with_tag(r, signer_key_tag(&treeworld_signed, 1 + i % 2), i) });
	put_first(r, &old);
}

/* DS records and keys of one tag, all of which could be held against each other. */
void treelies_same_tag_ds(struct treeworld_reply *r, const struct ask *ask)
{
	uint16_t tag = signer_key_tag(&treeworld_signed, 1);

	(void)ask;
	for (unsigned int i = 0; i < SAME_TAG; i++) {
		struct buf b = { .arena = r->arena };

		buf_u16(&b, tag);
		buf_u16(&b, 13 << 8 | 2);
		for (unsigned int k = 0; k < 8; k++)
			buf_u32(&b, i);
		put(r, (struct treeworld_record){ MSG_ANSWER, r->name, RR_DS, 0, 0, buf_span(&b) });
	}
}

void treelies_same_tag_keys(struct treeworld_reply *r, const struct ask *ask)
{
	(void)ask;
	for (unsigned int i = 0; i < SAME_TAG; i++)
		put(r, (struct treeworld_record){ MSG_ANSWER, r->name, RR_DNSKEY, 0, 0,
			       key_with_tag(r, signer_key_tag(&treeworld_signed, 1), i) });
}

/* As many NSEC records as a message holds. */
void treelies_denials(struct treeworld_reply *r, const struct ask *ask)
{
	(void)ask;
	for (unsigned int i = 0; i < MANY; i++) {
		struct name owner = child(r, "child.xa.", i);

		put(r, (struct treeworld_record){
			       MSG_AUTHORITY, owner, RR_NSEC, 0, 0, wire_of(r, &owner) });
	}
}

/* Thousands of records whose owners and targets are the longest name, each by a pointer. */
void treelies_bomb(struct treeworld_reply *r, const struct ask *ask)
{
	struct buf b = { .arena = r->arena };
	uint16_t type = ask->question.type;
	size_t at;

	buf_u16(&b, 0);
	buf_u16(&b, FLAG_QR | FLAG_AA);
	buf_u16(&b, 1);
	buf_u16(&b, BOMB);
	buf_u32(&b, 0);
	buf_put(&b, r->name.wire, r->name.len);
	buf_u16(&b, type);
	buf_u16(&b, CLASS_IN);
	at = b.n;
	for (unsigned int i = 0; i < BOMB; i++) {
		/* Three labels of 63 octets in the first, which end in the question's name. */
		for (unsigned int k = 0; !i && k < 3; k++) {
			buf_u8(&b, 63);
			for (unsigned int n = 0; n < 63; n++)
				buf_u8(&b, 'a');
		}
		buf_u16(&b, (uint16_t)(0xc000U | (i ? at : 12)));
		buf_u16(&b, i % 2 ? type : RR_NS);
		buf_u16(&b, CLASS_IN);
		buf_u32(&b, i);
		buf_u16(&b, 2);
		buf_u16(&b, (uint16_t)(0xc000U | at));
	}
	r->raw = buf_span(&b);
}

/* A name that points at itself. */
void treelies_knot(struct treeworld_reply *r, const struct ask *ask)
{
	struct buf b = { .arena = r->arena };

	buf_u16(&b, 0);
	buf_u16(&b, FLAG_QR | FLAG_AA);
	buf_u32(&b, 1U << 16 | 1);
	buf_u32(&b, 0);
	buf_put(&b, r->name.wire, r->name.len);
	buf_u16(&b, ask->question.type);
	buf_u16(&b, CLASS_IN);
	buf_u16(&b, (uint16_t)(0xc000U | b.n));
	r->raw = buf_span(&b);
}
