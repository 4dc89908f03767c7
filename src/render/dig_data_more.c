/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Data of types that choose the form of a field by another one, or pack several into one. */
#include <arpa/inet.h>
#include <string.h>

#include "base/err.h"
#include "dns/name.h"
#include "dns/text.h"
#include "render/dig_data.h"

/* RFC 1876 2: a size as a digit and a power of ten, in centimetres. */
static bool put_size(struct dig_data *d, uint32_t size)
{
	uint32_t base = size >> 4, power = size & 15;

	if (base > 9 || power > 9)
		return false;
	if (power > 1) {
		buf_printf(d->out, " %u", base);
		/* No digit is behind zero but zeros. */
		for (; power > 2 && base; power--)
			buf_char(d->out, '0');
		buf_char(d->out, 'm');
	} else {
		buf_printf(d->out, " 0.%02um", power ? base * 10 : base);
	}
	return true;
}

/* Thousandths of an arc second from the equator or the prime meridian, which are 2^31. */
static bool put_angle(struct dig_data *d, uint32_t angle, uint32_t most)
{
	static const uint32_t middle = 0x80000000U;
	uint32_t n = angle >= middle ? angle - middle : middle - angle;
	char side = most == 90 ? (angle >= middle ? 'N' : 'S') : (angle >= middle ? 'E' : 'W');

	if (n > most * 3600000)
		return false;
	buf_printf(d->out, "%u %u %u.%03u %c ", n / 3600000, n / 60000 % 60, n / 1000 % 60,
		n % 1000, side);
	return true;
}

/* RFC 1876. */
bool dig_data_loc(struct dig_data *d)
{
	static const uint32_t ground = 10000000; /* cm */
	uint32_t version, size[3], latitude, longitude, altitude, height;

	if (!dig_data_number(d, 1, &version) || version)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(size); i++)
		if (!dig_data_number(d, 1, &size[i]))
			return false;
	if (!dig_data_number(d, 4, &latitude) || !dig_data_number(d, 4, &longitude) ||
		!dig_data_number(d, 4, &altitude) || !put_angle(d, latitude, 90) ||
		!put_angle(d, longitude, 180))
		return false;
	height = altitude < ground ? ground - altitude : altitude - ground;
	buf_printf(d->out, "%s%u.%02um", altitude < ground ? "-" : "", height / 100, height % 100);
	return put_size(d, size[0]) && put_size(d, size[1]) && put_size(d, size[2]);
}

/* RFC 2535 5.2: one bitmap of the first 128 types. */
bool dig_data_nxt(struct dig_data *d)
{
	char text[TEXT_MNEMONIC];

	if (!dig_data_fields(d, "n"))
		return false;
	for (uint32_t bit = 0; bit < dig_data_left(d) * 8; bit++) {
		const char *name = text_type((uint16_t)bit, text);

		if (d->p[bit / 8] & 0x80 >> bit % 8)
			buf_printf(d->out, " %s", strncmp(name, "TYPE", 4) == 0 ? name + 4 : name);
	}
	d->p = d->end;
	return true;
}

/* RFC 1035 3.4.2: address, protocol, ports. */
bool dig_data_wks(struct dig_data *d)
{
	if (!dig_data_fields(d, "A 1") || dig_data_left(d) > 8192)
		return false;
	for (uint32_t bit = 0; bit < dig_data_left(d) * 8; bit++)
		if (d->p[bit / 8] & 0x80 >> bit % 8)
			buf_printf(d->out, " %u", bit);
	d->p = d->end;
	return true;
}

/* RFC 3123 4: prefixes of addresses whose final zero octets are left out. */
bool dig_data_apl(struct dig_data *d)
{
	const char *before = "";

	for (; dig_data_left(d); before = " ") {
		uint32_t family, prefix, octets, size;
		uint8_t ip[16] = { 0 };
		char text[INET6_ADDRSTRLEN];

		if (!dig_data_number(d, 2, &family) || !dig_data_number(d, 1, &prefix) ||
			!dig_data_number(d, 1, &octets))
			return false;
		size = family == 1 ? 4 : 16;
		if (family < 1 || family > 2 || prefix > size * 8 || (octets & 127) > size ||
			dig_data_left(d) < (octets & 127))
			return false;
		memcpy(ip, d->p, octets & 127);
		d->p += octets & 127;
		buf_printf(d->out, "%s%s%u:%s/%u", before, octets & 128 ? "!" : "", family,
			inet_ntop(family == 1 ? AF_INET : AF_INET6, ip, text, sizeof(text)),
			prefix);
	}
	return true;
}

/* RFC 2874 3.1: the end of an address, and the name that has its beginning. */
bool dig_data_a6(struct dig_data *d)
{
	uint32_t prefix;
	uint8_t ip[16] = { 0 };
	char text[INET6_ADDRSTRLEN];
	size_t skip;

	if (!dig_data_number(d, 1, &prefix) || prefix > 128)
		return false;
	buf_printf(d->out, "%u", prefix);
	skip = prefix / 8;
	if (dig_data_left(d) < 16 - skip)
		return false;
	memcpy(ip + skip, d->p, 16 - skip);
	d->p += 16 - skip;
	if (prefix < 128) {
		ip[skip] &= (uint8_t)(0xff >> prefix % 8);
		buf_printf(d->out, " %s", inet_ntop(AF_INET6, ip, text, sizeof(text)));
	} else {
		/* dig's blank for the address that is left out. */
		buf_char(d->out, ' ');
	}
	return !prefix || dig_data_fields(d, " n");
}

/* ATM Forum, "ATM Name System 2.0": an NSAP address in hexadecimal, or an E.164 number. */
bool dig_data_atma(struct dig_data *d)
{
	uint32_t format;

	if (!dig_data_number(d, 1, &format) || format > 1 || !dig_data_left(d))
		return false;
	if (format == 1)
		buf_char(d->out, '+');
	for (; dig_data_left(d); d->p++) {
		if (format == 1 && (*d->p < '0' || *d->p > '9'))
			return false;
		buf_printf(d->out, format == 1 ? "%c" : "%02x", *d->p);
	}
	return true;
}

/* RFC 1035 3.4.1 leaves it to Chaosnet: a name, and an address in octal. */
bool dig_data_chaos(struct dig_data *d)
{
	uint32_t address;

	if (!dig_data_fields(d, "n ") || !dig_data_number(d, 2, &address))
		return false;
	buf_printf(d->out, "%o", address);
	return true;
}

/* RFC 8005 5. */
bool dig_data_hip(struct dig_data *d)
{
	uint32_t hit, algorithm, key;

	if (!dig_data_number(d, 1, &hit) || !dig_data_number(d, 1, &algorithm) ||
		!dig_data_number(d, 2, &key) || !hit || !key)
		return false;
	dig_data_fields(d, "[");
	buf_printf(d->out, "%u ", algorithm);
	if (!dig_data_hex(d, hit))
		return false;
	dig_data_fields(d, "|");
	if (!dig_data_base64(d, key))
		return false;
	while (dig_data_left(d))
		if (!dig_data_fields(d, "|n"))
			return false;
	return dig_data_fields(d, ")");
}

/* RFC 4025 2.3, RFC 8777 4.2.3: nothing, an address or a name. */
static bool put_gateway(struct dig_data *d, uint32_t kind)
{
	static const char *const forms[] = { ".", "A", "a", "n" };

	return kind < ARRAY_LEN(forms) && dig_data_fields(d, forms[kind]);
}

bool dig_data_ipseckey(struct dig_data *d)
{
	uint32_t precedence, kind, algorithm;

	if (!dig_data_number(d, 1, &precedence) || !dig_data_number(d, 1, &kind) ||
		!dig_data_number(d, 1, &algorithm))
		return false;
	dig_data_fields(d, "[");
	buf_printf(d->out, "%u %u %u ", precedence, kind, algorithm);
	return put_gateway(d, kind) && dig_data_fields(d, dig_data_left(d) ? "|b)" : ")");
}

bool dig_data_amtrelay(struct dig_data *d)
{
	uint32_t precedence, kind;

	if (!dig_data_number(d, 1, &precedence) || !dig_data_number(d, 1, &kind))
		return false;
	buf_printf(d->out, "%u %u %u ", precedence, kind >> 7, kind & 127);
	return put_gateway(d, kind & 127);
}

/* draft-durand-doa-over-dns-02 section 3. */
bool dig_data_doa(struct dig_data *d)
{
	if (!dig_data_fields(d, "4 4 1 s "))
		return false;
	if (!dig_data_left(d))
		buf_char(d->out, '-');
	return dig_data_base64(d, dig_data_left(d));
}

/* RFC 8945 4.2: 16 is another error there than in EDNS. */
bool dig_data_tsig(struct dig_data *d)
{
	enum { BADSIG = 16 };
	uint32_t high, low, size, id, error, other;
	char text[TEXT_MNEMONIC];

	if (!dig_data_fields(d, "n ") || !dig_data_number(d, 2, &high) ||
		!dig_data_number(d, 4, &low))
		return false;
	buf_printf(d->out, "%llu ", (unsigned long long)high << 32 | low);
	if (!dig_data_fields(d, "2 ") || !dig_data_number(d, 2, &size))
		return false;
	buf_printf(d->out, "%u ", size);
	if (!dig_data_base64(d, size))
		return false;
	if (!dig_data_number(d, 2, &id) || !dig_data_number(d, 2, &error) ||
		!dig_data_number(d, 2, &other) || dig_data_left(d) != other)
		return false;
	buf_printf(d->out, "%s%u %s %u ", size ? " " : "", id,
		error == BADSIG ? "BADSIG" : text_rcode((uint16_t)error, text), other);
	return dig_data_base64(d, other);
}
