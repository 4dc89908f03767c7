/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Other resolvers, by address or by the word for some that serve everybody. */
#include "cli/opinions.h"

#include <string.h>

#include "base/err.h"

enum { DNS_PORT = 53, DOT_PORT = 853, HTTPS_PORT = 443, OPINIONS_MOST = 16 };

/*
 * Resolvers that their operators offer to everybody: Cloudflare, Google, Quad9, OpenDNS. Asked only
 * when the user says so: they learn what is looked up.
 */
static const char *const everybodys[] = {
	"1.1.1.1",
	"8.8.8.8",
	"9.9.9.9",
	"208.67.222.222",
	"2606:4700:4700::1111",
	"2001:4860:4860::8888",
	"2620:fe::fe",
};

static const struct {
	const char *prefix;
	enum transport transport;
	uint16_t port;
} schemes[] = {
	{ "udp://", TRANSPORT_UDP, DNS_PORT },
	{ "tcp://", TRANSPORT_TCP, DNS_PORT },
	{ "tls://", TRANSPORT_TLS, DOT_PORT },
	{ "https://", TRANSPORT_HTTPS, HTTPS_PORT },
};

struct VEC_others VEC(struct consult_other);

static void add_once(struct run *r, struct VEC_others *list, struct consult_other x)
{
	vec_each (const struct consult_other, have, *list)
		if (addr_equal(&have->addr, &x.addr) && have->transport == x.transport)
			return;
	vec_push(r->arena, list, x);
}

static int read_public(struct run *r, struct VEC_others *list)
{
	for (size_t i = 0; i < ARRAY_LEN(everybodys); i++) {
		struct consult_other x = { .transport = TRANSPORT_UDP };

		if (addr_parse(everybodys[i], &x.addr) < 0 ||
			settings_family_off(&r->settings, &x.addr))
			continue;
		x.addr.port = DNS_PORT;
		add_once(r, list, x);
	}
	return 0;
}

/* The path behind "https://ADDR[#PORT]", cut off the text. */
static const struct ask_secure *take_path(struct run *r, char *at)
{
	struct ask_secure *s = arena_alloc(r->arena, sizeof(*s));
	char *slash = strchr(at, '/');

	*s = (struct ask_secure){ .path = slash ? arena_str(r->arena, slash) : NULL };
	if (slash)
		*slash = '\0';
	return s;
}

/* "ADDR[#PORT]", perhaps with how it is asked before it. */
static int read_one(struct run *r, const char *text, struct VEC_others *list)
{
	struct consult_other x = { .transport = TRANSPORT_UDP };
	char *at = arena_str(r->arena, text);
	uint16_t port = DNS_PORT;

	if (strcmp(text, "public") == 0)
		return read_public(r, list);
	for (size_t i = 0; i < ARRAY_LEN(schemes); i++) {
		if (strncmp(text, schemes[i].prefix, strlen(schemes[i].prefix)) != 0)
			continue;
		x.transport = schemes[i].transport;
		port = schemes[i].port;
		at += strlen(schemes[i].prefix);
		if (x.transport == TRANSPORT_HTTPS)
			x.secure = take_path(r, at);
		break;
	}
	if (addr_parse_port(at, &x.addr) < 0)
		return run_complain(r,
			"--second-opinion: '%s' is no resolver; give an address, ADDR#PORT, "
			"tcp://ADDR, tls://ADDR, https://ADDR/PATH, or public",
			text);
	if (settings_family_off(&r->settings, &x.addr))
		return run_complain(r, "--second-opinion: %s is not of the family asked for", text);
	if (!x.addr.port)
		x.addr.port = port;
	add_once(r, list, x);
	return 0;
}

static int read_list(struct run *r, const char *text, struct VEC_others *list)
{
	char *copy = arena_str(r->arena, text), *save = NULL;
	int err = 0;

	if (!text[strspn(text, ", ")])
		return run_complain(r, "--second-opinion: give a resolver's address, or public");
	for (char *one = strtok_r(copy, ", ", &save); one && err == 0;
		one = strtok_r(NULL, ", ", &save))
		err = read_one(r, one, list);
	if (err == 0 && list->n > OPINIONS_MOST)
		return run_complain(
			r, "--second-opinion: %d resolvers at most", (int)OPINIONS_MOST);
	return err;
}

int opinions_read(struct run *r)
{
	struct VEC_others list = { 0 };
	int err = 0;

	for (size_t i = 0; i < r->settings.opinions.n && err == 0; i++)
		err = read_list(r, r->settings.opinions.v[i], &list);
	r->plan.others = list.v;
	r->plan.nothers = list.n;
	return err;
}
