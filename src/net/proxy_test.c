/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Headers of the PROXY protocol, octet by octet. */
#include "net/proxy.h"

#include <stdio.h>

#include "base/err.h"
#include "tap.h"

#define SIGNATURE "0d0a0d0a000d0a515549540a"

static const struct {
	const char *id;
	enum transport transport;
	enum ask_proxy proxy;
	const char *from, *to, *want;
} rows[] = {
	{ "none", TRANSPORT_UDP, PROXY_NONE, NULL, NULL, "" },
	{ "local", TRANSPORT_UDP, PROXY_LOCAL, NULL, NULL, SIGNATURE "20000000" },
	{ "IPv4 over UDP", TRANSPORT_UDP, PROXY_ADDRESSES, "192.0.2.1#7", "198.51.100.2#53",
		SIGNATURE "2112000cc0000201c633640200070035" },
	{ "IPv4 over TCP", TRANSPORT_TCP, PROXY_ADDRESSES, "192.0.2.1", "198.51.100.2#65535",
		SIGNATURE "2111000cc0000201c63364020000ffff" },
	{ "IPv6 over TLS", TRANSPORT_TLS, PROXY_ADDRESSES, "2001:db8::1#256", "::1#1",
		SIGNATURE "2121002420010db800000000000000000000000100000000000000000000000000000001"
			  "01000001" },
};

int main(void)
{
	struct arena *a = arena_new();
	struct ask none = { 0 };
	struct buf nothing = { .arena = a };

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct ask_secure s = { .proxy = (uint8_t)rows[i].proxy };
		struct ask ask = { .transport = (uint8_t)rows[i].transport, .secure = &s };
		struct buf b = { .arena = a }, hex = { .arena = a };

		if (rows[i].from)
			(void)(addr_parse_port(rows[i].from, &s.proxy_from) ||
				addr_parse_port(rows[i].to, &s.proxy_to));
		proxy_put(&b, &ask);
		for (size_t k = 0; k < b.n; k++)
			buf_printf(&hex, "%02x", (uint8_t)b.p[k]);
		is_str(buf_text(&hex), rows[i].want, rows[i].id);
	}
	proxy_put(&nothing, &none);
	is_int((int64_t)nothing.n, 0, "an ask of nothing special");
	arena_free(a);
	return tap_done();
}
