#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The configurations that Debian's packages ship give the defaults of the program that is installed.
cd "$(dirname "$0")/../.." || exit
. tests/scenario/tap.bash

dnsfault=${DNSFAULT:-build/dnsfault}
[[ -x $dnsfault ]] || tap_skip_all "no $dnsfault"
read -r lo hi </proc/sys/net/ipv4/ip_local_port_range
kernel=$((hi - lo + 1))

# kind, file, size of the pool in Debian 12 (- where a later one may have another), life or -
rows="
bind              /etc/bind/named.conf              $kernel  -
unbound           /etc/unbound/unbound.conf         59448    -
pdns-recursor     /etc/powerdns/recursor.conf       64511    -
dnsmasq           /etc/dnsmasq.conf                 $kernel  -
knot-resolver     /etc/knot-resolver/kresd.conf     $kernel  -
dnsdist           /etc/dnsdist/dnsdist.conf         1        once
systemd-resolved  /etc/systemd/resolved.conf        $kernel  -
"

# "SIZE LIFE" of each pool, once.
pools() {
	python3 -c '
import json, sys
for pool in json.load(sys.stdin)["pools"]:
    print(pool["size"], "once" if pool.get("drawn_once") else "-")' | sort -u
}

while read -r kind file size life; do
	[[ $kind ]] || continue
	if [[ ! -r $file ]]; then
		tap_skip "$kind" "no $file"
		continue
	fi
	"$dnsfault" resolver --config "$kind:$file" --json >"$tap_dir/report" 2>"$tap_dir/why"
	is "$(pools <"$tap_dir/report")" "$size $life" "$kind: what $file says"
done <<<"$rows"
tap_end
