#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Translators on the way: what `dnsfault path` says of ports that are rewritten, where it can be told
# and where it cannot, over IPv4 and IPv6. Words given select rows.
cd "$(dirname "$0")/../.." || exit
. tests/scenario/tap.bash

dnsfault=${DNSFAULT:-build/dnsfault}
[[ -x $dnsfault ]] || tap_skip_all "no $dnsfault"

v4=203.0.113.11 v6=2001:db8:f::11
swap='near_swap=1000:41000,1001:41001'
raw='whether routers quote other source ports than were sent'
# name; scenario; server; ports; state, findings; their pairs, who showed them, its TTL, behind which
# TTL; what the blocked ports arrive as; exit
rows=(
	"clean;clean;$v4;1000;ok -;-;-;0"
	"clean 6;clean;$v6;1000;ok -;-;-;0"
	"swapped near;clean $swap;$v4;1000;ok nat-rewrites-ports:notice;1000>41000 10.53.1.1 2 1;-;0"
	"swapped near 6;clean $swap;$v6;1000;ok nat-rewrites-ports:notice;1000>41000 2001:db8:53::1 2 1;-;0"
	"another port;clean $swap;$v4;1002;ok -;-;-;0"
	"swapped at the core;clean core_swap=1000:41000;$v4;1000;ok nat-rewrites-ports:notice;1000>41000 10.53.2.2 3 2;-;0"
	"swapped behind all routers that speak;clean far_swap=1000:41000;$v4;1000;ok -;-;-;0"
	"swapped and filtered;clean near_swap=137:40137 far_block=137;$v4;40137;fault source-port-filter,nat-rewrites-ports:notice;40137>137 10.53.1.1 2 1;40137>137;1"
	"swapped and filtered 6;clean near_swap=137:40137 far_block=137;$v6;40137;fault source-port-filter,nat-rewrites-ports:notice;40137>137 2001:db8:53::1 2 1;40137>137;1"
	"quotes translated back;nat-low;$v4;1000;ok -;-;-;0"
	"quotes translated back 6;nat-low;$v6;1000;ok -;-;-;0"
	"forged quotes;icmp-flood-clean;$v4;1000;ok -;-;-;0"
	"forged quotes and a swap;icmp-flood-clean $swap;$v4;1001;ok nat-rewrites-ports:notice;1001>41001 10.53.1.1 2 1;-;0"
	"no right to read quotes;clean $swap;$v4;1000;ok - ($raw);-;-;0"
)

# run NUMBER NAME SCENARIO SERVER PORTS
run() {
	local less=()
	[[ $2 != 'no right'* ]] || less=(setpriv --bounding-set=-net_raw)
	# shellcheck disable=SC2086 # a scenario and changes to it
	timeout 120 lab/lab $3 -- "${less[@]}" "$dnsfault" path "$4" --ports "$5" --rate 0 \
		--save "$tap_dir/$1.tape" --json >"$tap_dir/$1.json" 2>"$tap_dir/$1.err"
	echo $? >"$tap_dir/$1.exit"
	"$dnsfault" judge --json "$tap_dir/$1.tape" >"$tap_dir/$1.again"
}

say() {
	python3 -c '
import json, sys
report = json.load(sys.stdin)
found = {f["id"]: f for f in report["findings"]}
ids = [i + ("" if f["severity"] == "error" else ":" + f["severity"]) for i, f in found.items()]
nat = found.get("nat-rewrites-ports", {}).get("detail", {})
port = found.get("source-port-filter", {}).get("detail", {})
print(report["verdict"]["state"], ",".join(ids) or "-", end="")
for u in report["untested"]:
    print(f" ({u['"'what'"']})", end="")
shown = [str(nat[k]) for k in ("seen_by", "hop", "behind_hop") if k in nat]
print(";" + (" ".join([",".join(nat["pairs"])] + shown) if nat else "-"), end="")
print(";" + ",".join(port.get("arrives", ["-"])))' <"$1" 2>&1
}

mapfile -t rows < <(printf '%s\n' "${rows[@]}" | grep -F -e "${1-}")
for i in "${!rows[@]}"; do
	IFS=';' read -r name scenario server ports _ <<<"${rows[i]}"
	slots 4
	run "$i" "$name" "$scenario" "$server" "$ports" &
done
wait

for i in "${!rows[@]}"; do
	IFS=';' read -r name scenario server ports expected <<<"${rows[i]}"
	is "$(say "$tap_dir/$i.json");$(<"$tap_dir/$i.exit")" "$expected" "$name: $server"
	is "$(say "$tap_dir/$i.again");${expected##*;}" "$expected" "$name: the same from saved facts"
done
tap_end
