/* SPDX-License-Identifier: GPL-3.0-or-later */
/* HAProxy's proxy-protocol.txt, section 2.2. */
#include "net/proxy.h"

enum { VERSION = 0x20, LOCAL = 0, PROXIED = 1, INET = 0x10, INET6 = 0x20, STREAM = 1, DGRAM = 2 };

void proxy_put(struct buf *b, const struct ask *ask)
{
	static const char signature[] = "\r\n\r\n\0\r\nQUIT\n";
	const struct ask_secure *s = ask->secure;
	uint8_t family, kind = ask->transport == TRANSPORT_UDP ? DGRAM : STREAM;
	struct span from, to;

	if (!s || s->proxy == PROXY_NONE)
		return;
	buf_put(b, signature, sizeof(signature) - 1);
	if (s->proxy == PROXY_LOCAL) {
		buf_u8(b, VERSION | LOCAL);
		buf_u8(b, 0);
		buf_u16(b, 0);
		return;
	}
	family = s->proxy_from.family == ADDR_V4 ? INET : INET6;
	from = addr_octets(&s->proxy_from);
	to = addr_octets(&s->proxy_to);
	buf_u8(b, VERSION | PROXIED);
	buf_u8(b, family | kind);
	buf_u16(b, (uint16_t)(from.n + to.n + 2 * sizeof(uint16_t)));
	buf_put(b, from.p, from.n);
	buf_put(b, to.p, to.n);
	buf_u16(b, s->proxy_from.port);
	buf_u16(b, s->proxy_to.port);
}
