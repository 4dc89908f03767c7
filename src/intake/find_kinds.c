/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Manual pages and outputs of the versions in Debian 12; CoreDNS 1.13's coremain/run.go. Files are
 * those of Debian, Red Hat and the projects' own defaults.
 */
#include "intake/find_kinds.h"

#include <string.h>

#include "base/err.h"

const struct find_kind find_kinds[] = {
	{
		.kind = "bind",
		.files = { "/etc/bind/named.conf", "/etc/named.conf", "/usr/local/etc/named.conf" },
		.options = { "-c" },
		.chrooted = true, /* named(8), -t: before the file is read */
		.ask = "-v",
		.before = "BIND ",
	},
	{
		.kind = "coredns",
		.files = { "Corefile", "/etc/coredns/Corefile" },
		.options = { "-conf", "--conf" },
		.ask = "-version",
		.before = "CoreDNS-",
	},
	{
		.kind = "dnsdist",
		.files = { "/etc/dnsdist/dnsdist.conf", "/etc/dnsdist/dnsdist.yml" },
		.options = { "-C", "--config" },
		.ask = "-V",
		.before = "dnsdist ",
	},
	{
		.kind = "dnsmasq",
		.files = { "/etc/dnsmasq.conf" },
		.options = { "-C", "--conf-file" },
		.ask = "-v",
		.before = "version ",
	},
	{
		.kind = "knot-resolver",
		.files = { "/etc/knot-resolver/kresd.conf", "/etc/knot-resolver/config.yaml" },
		.options = { "-c", "--config" },
		.ask = "-V",
		.before = "version ",
	},
	{
		.kind = "pdns-recursor",
		.files = { "/etc/powerdns/recursor.conf", "/etc/pdns-recursor/recursor.conf",
			"/etc/powerdns/recursor.yml" },
		.folder = "--config-dir",
		.ask = "--version",
		.before = "Recursor ",
	},
	{
		.kind = "systemd-resolved",
		.files = { "/etc/systemd/resolved.conf" },
		.ask = "--version",
		.before = "systemd ",
	},
	{
		.kind = "unbound",
		.files = { "/etc/unbound/unbound.conf", "/usr/local/etc/unbound/unbound.conf" },
		.options = { "-c" },
		.ask = "-V",
		.before = "Version ",
		.build = "--disable-explicit-port-randomisation",
	},
};
const size_t find_nkinds = ARRAY_LEN(find_kinds);

const struct find_kind *find_kinds_row(const char *slug)
{
	for (size_t i = 0; slug && i < find_nkinds; i++)
		if (strcmp(find_kinds[i].kind, slug) == 0)
			return &find_kinds[i];
	return NULL;
}
