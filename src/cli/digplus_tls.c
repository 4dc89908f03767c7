/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The "+option" words of TLS and HTTPS. */
#include <string.h>

#include "base/err.h"
#include "cli/digplus_inner.h"

enum { PORT = 53 };

int plus_tls(const struct digplus_target *t, const struct use *u)
{
	t->lookup->over = u->on ? TRANSPORT_TLS : TRANSPORT_UDP;
	return 0;
}

int plus_tls_ca(const struct digplus_target *t, const struct use *u)
{
	t->lookup->secure.verify = u->on;
	t->lookup->secure.ca = u->on ? u->value : NULL;
	return 0;
}

/* A name, or a file. Whoever names the server wants to know that it is the one (RFC 8310 5). */
int plus_tls_text(const struct digplus_target *t, const struct use *u)
{
	struct ask_secure *s = &t->lookup->secure;
	const char **at = (const char **)((char *)t->lookup + u->row->at);

	if (u->on && (!u->value || !*u->value))
		return plus_missing(t, u);
	*at = u->on ? u->value : NULL;
	if (at == &s->hostname && u->on)
		s->verify = true;
	return 0;
}

/* As in dig 9.20 and kdig: the address that the query is said to be for has the port 53. */
static int read_proxy(struct arena *a, const char *text, struct ask_secure *s)
{
	const char *minus = strchr(text, '-');

	if (!minus ||
		addr_parse_port(arena_strn(a, text, (size_t)(minus - text)), &s->proxy_from) ||
		addr_parse_port(minus + 1, &s->proxy_to) ||
		s->proxy_from.family != s->proxy_to.family)
		return -ERR_PARSE;
	if (!strchr(minus, '#'))
		s->proxy_to.port = PORT;
	s->proxy = PROXY_ADDRESSES;
	return 0;
}

int plus_proxy(const struct digplus_target *t, const struct use *u)
{
	struct ask_secure *s = &t->lookup->secure;

	s->proxy = u->on ? PROXY_LOCAL : PROXY_NONE;
	s->proxy_plain = false;
	s->proxy_from = s->proxy_to = (struct addr){ 0 };
	if (!u->on || !u->value || !*u->value || read_proxy(t->arena, u->value, s) == 0)
		return 0;
	return plus_fail(
		t, arena_printf(t->arena, "+%s: '%s' is not ADDR[#PORT]-ADDR[#PORT], of one family",
			   u->row->name, u->value));
}

int plus_proxy_plain(const struct digplus_target *t, const struct use *u)
{
	int err = plus_proxy(t, u);

	t->lookup->secure.proxy_plain = u->on;
	return err;
}

static int over_http(const struct digplus_target *t, const struct use *u, enum transport over)
{
	struct ask_secure *s = &t->lookup->secure;

	t->lookup->over = (uint8_t)(u->on ? over : TRANSPORT_UDP);
	s->get = false;
	s->path = u->on ? u->value : NULL;
	if (s->path && s->path[0] != '/')
		s->path = arena_printf(t->arena, "/%s", s->path);
	return 0;
}

int plus_https(const struct digplus_target *t, const struct use *u)
{
	return over_http(t, u, TRANSPORT_HTTPS);
}

int plus_http(const struct digplus_target *t, const struct use *u)
{
	return over_http(t, u, TRANSPORT_HTTP);
}

int plus_https_get(const struct digplus_target *t, const struct use *u)
{
	int err = plus_https(t, u);

	t->lookup->secure.get = u->on;
	return err;
}

int plus_http_get(const struct digplus_target *t, const struct use *u)
{
	int err = plus_http(t, u);

	t->lookup->secure.get = u->on;
	return err;
}
