/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Windows' DNS server: an export of HKLM\SYSTEM\CurrentControlSet\Services\DNS\Parameters.
 *
 * Since MS08-037 it draws SocketPoolSize ports (2,500 unless told, 0 to 10,000; 0: one socket) at
 * its start, from the dynamic range without SocketPoolExcludedPortRanges, and uses these (Microsoft
 * TechNet ee649174, KB 956188). SendPort is one port for all. The dynamic range is 49152-65535
 * since Windows 6.0 (KB 929851), 1025-5000 or up to MaxUserPort before; netsh may change it, which
 * is nowhere in this key.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/err.h"
#include "intake/config_kinds.h"
#include "intake/config_part.h"
#include "intake/config_reg.h"

enum {
	DNS_PORT = 53,
	POOL_DEFAULT = 2500,
	POOL_MOST = 10000,
	DYNAMIC_LO = 49152,
	DYNAMIC_HI = 65535,
	OLD_LO = 1025,
	OLD_HI = 5000,
};

struct windows {
	struct config_reader *r;
	uint32_t size, send, user_hi; /* SocketPoolSize, SendPort, MaxUserPort */
	struct portset excluded;
	struct pool_line size_at, send_at, user_at, excluded_at; /* file NULL: not set */
};

/* The service's key, of the current control set or of a numbered one; and that of TCP/IP. */
static bool is_key(const char *key, const char *service)
{
	static const char root[] = "HKEY_LOCAL_MACHINE\\SYSTEM\\";
	size_t n = strlen(root);
	const char *end;

	if (!key || strncasecmp(key, root, n) != 0)
		return false;
	end = strchr(key + n, '\\');
	if (!end || !strcasestr(key + n, "ControlSet"))
		return false;
	return strcasecmp(end + 1, service) == 0;
}

/* "5000-6000" or "5353", each. */
static void take_excluded(struct windows *w, const struct config_reg_value *v)
{
	w->excluded = (struct portset){ 0 };
	for (size_t i = 0; i < v->texts.n; i++) {
		struct portset s;

		if (portset_parse(v->texts.v[i], &s, NULL))
			config_remark(w->r, "bad-value", &v->at, v->texts.v[i]);
		else
			portset_or(&w->excluded, &s);
	}
	w->excluded_at = v->at;
}

static void take_forwarders(struct windows *w, const struct config_reg_value *v)
{
	for (size_t i = 0; i < v->texts.n; i++) {
		char *rest = arena_str(w->r->arena, v->texts.v[i]);

		for (char *word; (word = strtok_r(NULL, " ", &rest));) {
			struct addr server;

			if (config_part_addr(word, ':', DNS_PORT, &server))
				config_remark(w->r, "bad-value", &v->at, word);
			else
				config_part_forward(w->r, &server);
		}
	}
}

static void take_number(struct windows *w, const struct config_reg_value *v)
{
	const struct {
		const char *name;
		uint32_t most, *number;
		struct pool_line *at;
	} numbers[] = {
		{ "MaxUserPort", UINT16_MAX, &w->user_hi, &w->user_at },
		{ "SendPort", UINT16_MAX, &w->send, &w->send_at },
		{ "SocketPoolSize", POOL_MOST, &w->size, &w->size_at },
	};

	for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
		if (strcasecmp(numbers[i].name, v->name) != 0)
			continue;
		if (v->type != CONFIG_REG_NUMBER || v->number > numbers[i].most) {
			config_remark(w->r, "bad-value", &v->at, NULL);
			return;
		}
		*numbers[i].number = v->number;
		*numbers[i].at = v->at;
	}
}

static void take_value(struct windows *w, const struct config_reg_value *v)
{
	bool dns = is_key(v->key, "Services\\DNS\\Parameters");
	bool tcp = is_key(v->key, "Services\\Tcpip\\Parameters");

	if (v->type == CONFIG_REG_GONE || (!dns && !tcp))
		return;
	if (dns && strcasecmp(v->name, "SocketPoolExcludedPortRanges") == 0)
		take_excluded(w, v);
	else if (dns && strcasecmp(v->name, "Forwarders") == 0)
		take_forwarders(w, v);
	else if (tcp == (strcasecmp(v->name, "MaxUserPort") == 0))
		take_number(w, v);
}

static void add_line(struct windows *w, struct pool *p, const struct pool_line *at)
{
	if (at->file)
		config_line(w->r, p, at);
}

/* Drawn anew at each start: any of the range, but no more than the pool's size of them. */
static void add_drawn(struct windows *w, struct pool *p)
{
	struct portset *ports = config_range(w->r, DYNAMIC_LO, DYNAMIC_HI);

	if (!config_since(w->r, "6.0")) {
		ports = config_range(w->r, OLD_LO, w->user_at.file ? (uint16_t)w->user_hi : OLD_HI);
		add_line(w, p, &w->user_at);
	}
	portset_minus(ports, &w->excluded);
	p->ports = ports;
	p->life = w->size_at.file ? w->size : POOL_DEFAULT;
	p->life = p->life ? p->life : 1;
	p->per_try = p->life == 1 ? PER_TRY_REUSED : PER_TRY_UNKNOWN;
	add_line(w, p, &w->size_at);
	add_line(w, p, &w->excluded_at);
}

static struct pool *add_pool(struct windows *w)
{
	struct pool *p = config_pool(w->r);

	if (!w->send) {
		add_drawn(w, p);
		return p;
	}
	p->ports = config_range(w->r, (uint16_t)w->send, (uint16_t)w->send);
	p->fixed = true;
	p->per_try = PER_TRY_REUSED;
	add_line(w, p, &w->send_at);
	return p;
}

int config_windows_read(struct config_reader *r, struct audit *ret)
{
	struct windows w = { .r = r };
	struct config_reg_value v;
	struct config_reg reg;
	struct span bytes;

	if (config_open(r, r->file->path, NULL, &bytes))
		return -ERR_OPEN;
	if (!ret->version)
		ret->assumed = "10.0";
	if (r->file->path && config_reg_begin(&reg, r->arena, r->file->path, bytes)) {
		config_remark(r, "syntax", NULL, NULL);
		ret->unread = true;
	} else if (r->file->path) {
		while (config_reg_next(&reg, &v))
			take_value(&w, &v);
	}
	config_judge(r, add_pool(&w));
	return 0;
}
