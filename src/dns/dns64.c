/* SPDX-License-Identifier: GPL-3.0-or-later */
/* IPv4 addresses within IPv6 ones: RFC 6052 2.2. */
#include "dns/dns64.h"

#include <string.h>

#include "base/err.h"
#include "dns/name.h"
#include "dns/rr.h"

enum { U = 8, OCTETS = 16 }; /* octet 8 is zero in all of them, and no part of the address */

static const unsigned int lengths[] = { 32, 40, 48, 56, 64, 96 };

/* The last octet of the well-known address behind the prefix of that length; 0: there is none. */
static uint8_t known(const uint8_t *ip, unsigned int bits)
{
	static const uint8_t head[] = { 192, 0, 0 };
	size_t at = bits / 8;

	if (ip[U])
		return 0;
	for (size_t i = 0; i < sizeof(head); i++) {
		at += at == U;
		if (ip[at++] != head[i])
			return 0;
	}
	return ip[at + (at == U)];
}

/* The address of the record when it is one that counts, else NULL. */
static const uint8_t *address(const struct msg *m, size_t i)
{
	const struct rr *rr = &m->rrs[i];

	return rr->section == MSG_ANSWER && rr->type == RR_AAAA && rr->class == CLASS_IN &&
			       rr->rdlength == OCTETS
		       ? rr->rdata
		       : NULL;
}

/* The other well-known address stands behind the same prefix. */
static bool has_other(const struct msg *m, const uint8_t *ip, unsigned int bits)
{
	for (size_t i = 0; i < m->nrrs; i++) {
		const uint8_t *other = address(m, i);

		if (other && memcmp(other, ip, bits / 8) == 0 && known(other, bits) == 171)
			return true;
	}
	return false;
}

static bool listed(const struct dns64_prefix *list, size_t n, const struct dns64_prefix *p)
{
	while (n--)
		if (list[n].bits == p->bits && addr_equal(&list[n].addr, &p->addr))
			return true;
	return false;
}

size_t dns64_prefixes(const struct msg *m, struct dns64_prefix ret[DNS64_PREFIXES])
{
	size_t n = 0;

	for (size_t i = 0; i < m->nrrs; i++) {
		const uint8_t *ip = address(m, i);

		for (size_t l = 0; ip && l < ARRAY_LEN(lengths) && n < DNS64_PREFIXES; l++) {
			struct dns64_prefix p = { { .family = ADDR_V6 }, lengths[l] };

			memcpy(p.addr.ip, ip, p.bits / 8);
			if (known(ip, p.bits) == 170 && has_other(m, ip, p.bits) &&
				!listed(ret, n, &p))
				ret[n++] = p;
		}
	}
	return n;
}
