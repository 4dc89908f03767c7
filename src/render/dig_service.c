/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Service bindings (RFC 9460): SVCB and HTTPS. */
#include <string.h>

#include "base/err.h"
#include "render/dig_data.h"

static void put_key(struct dig_data *d, uint32_t key);

static bool put_list(struct dig_data *d)
{
	const char *before = "";

	for (; dig_data_left(d); before = ",") {
		uint32_t key;

		if (!dig_data_number(d, 2, &key))
			return false;
		buf_str(d->out, before);
		put_key(d, key);
	}
	return true;
}

/*
 * One protocol. RFC 9460 A.1: a comma and a backslash are escaped as parts of the list first, and
 * the backslashes of this once more as parts of the string.
 */
static bool put_protocol(struct dig_data *d)
{
	uint32_t n;

	if (!dig_data_number(d, 1, &n) || !n || dig_data_left(d) < n)
		return false;
	for (; n; n--) {
		uint8_t c = *d->p++;

		if (c <= ' ' || c >= 0x7f) {
			buf_printf(d->out, "\\%03u", c);
			continue;
		}
		buf_str(d->out, c == '"' ? "\\" : c == ',' ? "\\\\" : c == '\\' ? "\\\\\\" : "");
		buf_char(d->out, (char)c);
	}
	return true;
}

static bool put_protocols(struct dig_data *d)
{
	bool good = true;
	const char *before = "";

	buf_char(d->out, '"');
	for (; good && dig_data_left(d); before = ",") {
		buf_str(d->out, before);
		good = put_protocol(d);
	}
	buf_char(d->out, '"');
	return good;
}

static bool put_port(struct dig_data *d)
{
	return dig_data_fields(d, "2");
}

static bool put_addresses(struct dig_data *d, const char *form)
{
	const char *before = "";

	for (; dig_data_left(d); before = ",") {
		buf_str(d->out, before);
		if (!dig_data_fields(d, form))
			return false;
	}
	return true;
}

static bool put_v4_hints(struct dig_data *d)
{
	return put_addresses(d, "A");
}

static bool put_v6_hints(struct dig_data *d)
{
	return put_addresses(d, "a");
}

static bool put_hello(struct dig_data *d)
{
	return dig_data_base64(d, dig_data_left(d));
}

static bool put_text(struct dig_data *d)
{
	return dig_data_fields(d, "r");
}

/* RFC 9460 14.3.2, those that dig calls by name; put NULL: never a value. */
static const struct {
	const char *name;
	bool (*put)(struct dig_data *d);
} keys[] = {
	{ "mandatory", put_list },
	{ "alpn", put_protocols },
	{ "no-default-alpn", NULL },
	{ "port", put_port },
	{ "ipv4hint", put_v4_hints },
	{ "ech", put_hello },
	{ "ipv6hint", put_v6_hints },
};

static void put_key(struct dig_data *d, uint32_t key)
{
	if (key < ARRAY_LEN(keys))
		buf_str(d->out, keys[key].name);
	else
		buf_printf(d->out, "key%u", key);
}

static bool put_parameter(struct dig_data *d)
{
	uint32_t key, n;
	const uint8_t *end = d->end;
	bool good;

	if (!dig_data_number(d, 2, &key) || !dig_data_number(d, 2, &n) || dig_data_left(d) < n)
		return false;
	put_key(d, key);
	if (!n)
		return key > 6 || key == 2 || key == 5;
	if (key < ARRAY_LEN(keys) && !keys[key].put)
		return false;
	buf_char(d->out, '=');
	d->end = d->p + n;
	good = key < ARRAY_LEN(keys) ? keys[key].put(d) : put_text(d);
	good = good && !dig_data_left(d);
	d->end = end;
	return good;
}

bool dig_data_service(struct dig_data *d)
{
	if (!dig_data_fields(d, "2 n"))
		return false;
	while (dig_data_left(d)) {
		buf_char(d->out, ' ');
		if (!put_parameter(d))
			return false;
	}
	return true;
}
