/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The OPT pseudo-section (RFC 6891) with its options by name. */
#include "render/dig_page.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/err.h"
#include "dns/rr.h"
#include "dns/text.h"

struct option_view {
	const struct edns_opt *opt;
	struct span cookie; /* the one that was sent */
};

static void hex(struct buf *out, const struct edns_opt *o, const char *between)
{
	for (uint16_t i = 0; i < o->length; i++)
		buf_printf(out, "%s%02x", i ? between : "", o->data[i]);
}

static uint32_t number(const uint8_t *p, unsigned int octets)
{
	uint32_t n = 0;

	while (octets--)
		n = n << 8 | *p++;
	return n;
}

/* What every option can be shown as: hexadecimal, and the letters in it. */
static bool put_plain(const struct option_view *v, struct buf *out)
{
	if (!v->opt->length)
		return true;
	buf_char(out, ' ');
	hex(out, v->opt, " ");
	buf_str(out, " (\"");
	for (uint16_t i = 0; i < v->opt->length; i++) {
		uint8_t c = v->opt->data[i];

		buf_char(out, c >= ' ' && c <= '~' ? (char)c : '.');
	}
	buf_str(out, "\")");
	return true;
}

/* RFC 7873 5.3: a reply must begin with the client's own octets. */
static bool put_cookie(const struct option_view *v, struct buf *out)
{
	const struct edns_opt *o = v->opt;
	bool same = v->cookie.n >= 8 && o->length >= 8 && memcmp(v->cookie.p, o->data, 8) == 0;
	bool sized = o->length >= 16 && o->length <= 40;

	buf_char(out, ' ');
	hex(out, o, "");
	if (!v->cookie.p)
		return true;
	buf_str(out, !same	      ? " (bad)"
		     : sized	      ? " (good)"
		     : o->length == 8 ? " (echoed)"
				      : " (bad)");
	return true;
}

/* RFC 8914. */
static bool put_ede(const struct option_view *v, struct buf *out)
{
	uint16_t code;
	const char *name;

	if (v->opt->length < 2)
		return false;
	code = (uint16_t)number(v->opt->data, 2);
	name = text_ede(code);
	buf_printf(out, " %u", code);
	if (name)
		buf_printf(out, " (%s)", name);
	if (v->opt->length > 2) {
		buf_str(out, ": (");
		text_safe(out, (struct span){ v->opt->data + 2, v->opt->length - 2U });
		buf_char(out, ')');
	}
	return true;
}

/* RFC 7871 section 6; family 0 has no address. */
static bool put_subnet(const struct option_view *v, struct buf *out)
{
	static const struct {
		int family;
		uint8_t octets;
	} families[] = { { 0, 0 }, { AF_INET, 4 }, { AF_INET6, 16 } };
	uint8_t ip[16] = { 0 };
	char text[INET6_ADDRSTRLEN] = "0";
	const struct edns_opt *o = v->opt;
	uint32_t family = o->length >= 4 ? number(o->data, 2) : 3;
	size_t octets = o->length >= 4 ? o->length - 4U : 0;

	if (family >= ARRAY_LEN(families) || octets != (o->data[2] + 7U) / 8 ||
		o->data[2] > families[family].octets * 8 ||
		o->data[3] > families[family].octets * 8)
		return false;
	memcpy(ip, o->data + 4, octets);
	if (family)
		inet_ntop(families[family].family, ip, text, sizeof(text));
	buf_printf(out, " %s/%u/%u", text, o->data[2], o->data[3]);
	return true;
}

/* RFC 8764 3.2. */
static bool put_llq(const struct option_view *v, struct buf *out)
{
	const uint8_t *p = v->opt->data;

	if (v->opt->length != 18)
		return false;
	buf_printf(out, " Version: %u, Opcode: %u, Error: %u, Identifier: %llu, Lifetime: %u",
		number(p, 2), number(p + 2, 2), number(p + 4, 2),
		(unsigned long long)number(p + 6, 4) << 32 | number(p + 10, 4), number(p + 14, 4));
	return true;
}

/* RFC 7314. */
static bool put_expire(const struct option_view *v, struct buf *out)
{
	if (!v->opt->length)
		return true;
	if (v->opt->length != 4)
		return false;
	buf_printf(out, " %u (", number(v->opt->data, 4));
	dig_duration(number(v->opt->data, 4), out);
	buf_char(out, ')');
	return true;
}

/* RFC 7828: tenths of seconds. */
static bool put_keepalive(const struct option_view *v, struct buf *out)
{
	uint32_t tenths;

	if (!v->opt->length)
		return true;
	if (v->opt->length != 2)
		return false;
	tenths = number(v->opt->data, 2);
	buf_printf(out, " %u.%u secs", tenths / 10, tenths % 10);
	return true;
}

/* RFC 7830: zeros, of which only the number says something. */
static bool put_padding(const struct option_view *v, struct buf *out)
{
	if (v->opt->length)
		buf_printf(out, " (%u bytes)", v->opt->length);
	return true;
}

/* RFC 8145 4.1: the tags of the trust anchors that are in use. */
static bool put_tags(const struct option_view *v, struct buf *out)
{
	if (!v->opt->length || v->opt->length % 2)
		return false;
	for (uint16_t i = 0; i < v->opt->length; i = (uint16_t)(i + 2))
		buf_printf(out, "%s %u", i ? "," : "", number(v->opt->data + i, 2));
	return true;
}

/* draft-bellis-dnsop-edns-tags-01: one number. */
static bool put_tag(const struct option_view *v, struct buf *out)
{
	return v->opt->length == 2 && put_tags(v, out);
}

/* false: it does not have its code's form, and is shown as bytes. */
static const struct {
	uint16_t code;
	bool (*put)(const struct option_view *v, struct buf *out);
} options[] = {
	{ 1, put_llq },
	{ EDNS_CLIENT_SUBNET, put_subnet },
	{ EDNS_EXPIRE, put_expire },
	{ EDNS_COOKIE, put_cookie },
	{ EDNS_KEEPALIVE, put_keepalive },
	{ EDNS_PADDING, put_padding },
	{ 14, put_tags },
	{ EDNS_EDE, put_ede },
	{ 16, put_tag },
	{ 17, put_tag },
};

void dig_option(const struct edns_opt *opt, struct span cookie, struct buf *out)
{
	struct option_view v = { opt, cookie };

	for (size_t i = 0; i < ARRAY_LEN(options); i++)
		if (options[i].code == opt->code && options[i].put(&v, out))
			return;
	put_plain(&v, out);
}

void dig_edns(const struct msg *m, struct span cookie, struct buf *out)
{
	const struct edns *e = &m->edns;
	uint16_t unknown = e->flags & (uint16_t) ~(EDNS_DO | EDNS_CO);

	buf_printf(out, ";; OPT PSEUDOSECTION:\n; EDNS: version: %u, flags:%s%s; ", e->version,
		e->flags & EDNS_DO ? " do" : "", e->flags & EDNS_CO ? " co" : "");
	if (unknown)
		buf_printf(out, "MBZ: 0x%04x, ", unknown);
	buf_printf(out, "udp: %u\n", e->size);
	for (size_t i = 0; i < e->nopts; i++) {
		char name[TEXT_MNEMONIC];

		buf_printf(out, "; %s:", text_option(e->opts[i].code, name));
		dig_option(&e->opts[i], cookie, out);
		buf_char(out, '\n');
	}
}
