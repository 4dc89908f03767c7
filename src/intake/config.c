/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kinds of resolvers, and the way from one's main file to what it says of source ports. */
#include "intake/config.h"

#include <string.h>

#include "base/err.h"
#include "intake/config_kinds.h"

/* clang-format off */
const struct config_kind config_kinds[] = {
	{ "bind", "BIND", "/etc/bind/named.conf", "named", " named bind9 ", false,
		config_bind_read },
	{ "coredns", "CoreDNS", "/etc/coredns/Corefile", "coredns", "", true, config_coredns_read },
	{ "dnsdist", "dnsdist", "/etc/dnsdist/dnsdist.conf", "dnsdist", "", true,
		config_dnsdist_read },
	{ "dnsmasq", "dnsmasq", "/etc/dnsmasq.conf", "dnsmasq", "", true, config_dnsmasq_read },
	{ "knot-resolver", "Knot Resolver", "/etc/knot-resolver/kresd.conf", "kresd",
		" kresd knot ", false, config_knot_read },
	{ "pdns-recursor", "PowerDNS Recursor", "/etc/powerdns/recursor.conf", "pdns_recursor",
		" pdns_recursor pdns powerdns recursor ", false, config_pdns_read },
	{ "systemd-resolved", "systemd-resolved", "/etc/systemd/resolved.conf", "systemd-resolved",
		" resolved ", true, config_resolved_read },
	{ "unbound", "Unbound", "/etc/unbound/unbound.conf", "unbound", "", false,
		config_unbound_read },
	{ "windows", "Windows DNS Server", NULL, NULL, " windows-dns microsoft ", false,
		config_windows_read },
};
/* clang-format on */
const size_t config_nkinds = ARRAY_LEN(config_kinds);

static bool is_called(const struct config_kind *k, const char *word)
{
	size_t n = strlen(word);

	if (strcmp(k->slug, word) == 0)
		return true;
	for (const char *at = strstr(k->aliases, word); n && at; at = strstr(at + 1, word))
		if (at > k->aliases && at[-1] == ' ' && at[n] == ' ')
			return true;
	return false;
}

const struct config_kind *config_kind_find(const char *slug)
{
	for (size_t i = 0; i < config_nkinds; i++)
		if (is_called(&config_kinds[i], slug))
			return &config_kinds[i];
	return NULL;
}

static bool has_remark(const struct audit *a, const char *slug)
{
	vec_each (const struct pool_remark, r, a->remarks)
		if (strcmp(r->slug, slug) == 0)
			return true;
	return false;
}

int config_read(struct arena *a, const struct config_host *h, const struct config_file *f,
	const struct audit **ret)
{
	const struct config_kind *kind = config_kind_find(f->kind);
	struct audit *audit = arena_alloc(a, sizeof(*audit));
	struct config_reader r = { .arena = a, .host = h, .file = f, .audit = audit };
	int err;

	if (!kind)
		return -ERR_NONE;
	audit->software = kind->slug;
	audit->version = f->version ? arena_str(a, f->version) : NULL;
	audit->forwarder = kind->forwarder;
	audit->file = f->path ? arena_str(a, f->path) : NULL;
	if (!h->kernel_read)
		config_remark(&r, "kernel-range-unread", NULL, NULL);
	err = kind->read(&r, audit);
	if (err)
		return err;
	if (audit->pools.n == 0) {
		config_pool(&r)->ports = arena_alloc(a, sizeof(struct portset));
		config_remark(&r, "empty-pool", NULL, NULL);
	}
	audit->forwarder |= audit->forwards.n && !has_remark(audit, "forward-first");
	*ret = audit;
	return 0;
}
