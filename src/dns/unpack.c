/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads one name, perhaps compressed, out of a message. */
#include "dns/unpack.h"

#include <string.h>

#include "base/err.h"
#include "dns/msg.h"

enum {
	TYPE_BITS = 0xc0, /* RFC 1035 4.1.4: 00 label, 11 pointer, 01 and 10 reserved */
	HEADER = 12,
	/* No name has more labels, so more jumps than this are pointers to pointers: a bomb. */
	MAX_JUMPS = 127,
};

static int fail(struct unpack *u, enum msg_rule rule, uint32_t bad)
{
	u->rule = (uint8_t)rule;
	u->bad = bad;
	return -ERR_PARSE;
}

/* Checks that the label or pointer at octet at lies whole before limit. */
static int check_step(struct unpack *u, uint32_t at, uint32_t limit)
{
	uint32_t size;

	if (at >= limit)
		return fail(u, MSG_NAME_CUT, at);
	if ((u->wire.p[at] & TYPE_BITS) == TYPE_BITS)
		size = 2;
	else if (u->wire.p[at] & TYPE_BITS)
		return fail(u, MSG_NAME_LABEL, at);
	else
		size = u->wire.p[at] + 1U;
	return size > limit - at ? fail(u, MSG_NAME_CUT, at) : 0;
}

static bool is_pointer(const struct unpack *u, uint32_t at)
{
	return u->wire.p[at] >= TYPE_BITS;
}

/* Finds the octet behind the name without following pointers. */
static int find_next(struct unpack *u)
{
	uint32_t at = u->at;
	int err;

	u->next = 0;
	for (;;) {
		err = check_step(u, at, u->limit);
		if (err)
			return err;
		if (is_pointer(u, at) || u->wire.p[at] == 0)
			break;
		at += u->wire.p[at] + 1U;
	}
	u->next = at + (is_pointer(u, at) ? 2 : 1);
	return is_pointer(u, at) && u->plain ? fail(u, MSG_RDATA_FORM, at) : 0;
}

/* Almost all names are in order, which one pass can see. false: it has to be looked at closer. */
static bool quick(struct unpack *u, struct name *n)
{
	uint32_t at = u->at, limit = u->limit, start = at, len = 0, next = 0, jumps = 0, size;

	do {
		const uint8_t *p = u->wire.p + at;

		if (at >= limit)
			return false;
		if (*p >= TYPE_BITS) {
			uint32_t to;

			if (limit - at < 2 || (!next && u->plain) || ++jumps > MAX_JUMPS)
				return false;
			to = (p[0] & 63U) << 8U | p[1];
			if (to >= start || to < HEADER)
				return false;
			next = next ? next : at + 2;
			limit = (uint32_t)u->wire.n;
			start = at = to;
			size = 0;
			continue;
		}
		size = *p + 1U;
		if (*p > NAME_MAX_LABEL || size > limit - at || len + size > NAME_MAX_WIRE)
			return false;
		memcpy(n->wire + len, p, size);
		len += size;
		at += size;
	} while (size != 1);
	n->len = (uint8_t)len;
	u->next = next ? next : at;
	return true;
}

/* Finds what is wrong. */
static int look_closer(struct unpack *u, struct name *ret)
{
	uint32_t at = u->at, start = u->at, jumps = 0, pointer = 0;
	struct name n;
	int err = find_next(u);

	n.len = 0;
	while (!err) {
		uint32_t size, to;

		/* What a pointer leads to may lie outside of the field. */
		err = check_step(u, at, (uint32_t)u->wire.n);
		if (err)
			break;
		if (is_pointer(u, at)) {
			to = (u->wire.p[at] & 63U) << 8U | u->wire.p[at + 1];
			/* Each jump must lead before where the last one led, or there is no end. */
			if (to >= start || to < HEADER || ++jumps > MAX_JUMPS)
				return fail(u, MSG_NAME_POINTER, at);
			pointer = at;
			start = at = to;
			continue;
		}
		size = u->wire.p[at] + 1U;
		if (n.len + size > NAME_MAX_WIRE)
			return fail(u, MSG_NAME_LONG, pointer ? pointer : at);
		memcpy(n.wire + n.len, u->wire.p + at, size);
		n.len = (uint8_t)(n.len + size);
		at += size;
		if (size == 1)
			break;
	}
	if (err)
		return err;
	name_set(ret, &n);
	return 0;
}

int unpack_name(struct unpack *u, struct name *ret)
{
	struct name n;

	if (!quick(u, &n))
		return look_closer(u, ret);
	name_set(ret, &n);
	return 0;
}
