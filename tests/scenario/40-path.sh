#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Where on the path: filters of our own at each router, in both directions, over IPv4 and IPv6, and
# what `dnsfault path` says of them. Words given select rows.
cd "$(dirname "$0")/../.." || exit
. tests/scenario/tap.bash

dnsfault=${DNSFAULT:-build/dnsfault}
[[ -x $dnsfault ]] || tap_skip_all "no $dnsfault"

low='{ 1-52, 54-1023 }'
site='ip daddr 203.0.113.0/24'
site6='ip6 daddr 2001:db8:f::/64'
# name; router; rule; server; where, direction, TTL before and after the drop, who rejects; exit
rows=(
	"clean;;;203.0.113.11;none - - - -;0"
	"clean 6;;;2001:db8:f::11;none - - - -;0"
	"near;near;udp sport $low udp dport 53 drop;203.0.113.11;near query 1 2 -;1"
	"core;core;$site udp sport $low udp dport 53 drop;203.0.113.11;path query 2 3 -;1"
	"core 6;core;$site6 udp sport $low udp dport 53 drop;2001:db8:f::11;path query 2 3 -;1"
	"core rejects;core;$site udp sport $low udp dport 53 reject with icmp type admin-prohibited;203.0.113.11;path query 2 3 10.53.1.1;1"
	"core rejects 6;core;$site6 udp sport $low udp dport 53 reject with icmpv6 type admin-prohibited;2001:db8:f::11;path query 2 3 2001:db8:53::1;1"
	"far;far;udp sport $low udp dport 53 drop;203.0.113.11;far unknown 3 4 -;1"
	"far 6;far;udp sport $low udp dport 53 drop;2001:db8:f::11;far unknown 3 4 -;1"
	"far rejects;far;udp sport $low udp dport 53 reject with icmp type admin-prohibited;203.0.113.11;far query 3 4 10.53.2.2;1"
	"far, replies;far;udp dport $low udp sport 53 drop;203.0.113.11;far unknown 3 4 -;1"
	"near, replies;near;udp dport $low udp sport 53 drop;203.0.113.11;near reply - - -;1"
)

# run NUMBER ROUTER RULE SERVER
run() {
	# shellcheck disable=SC2016 # for the shell in the lab
	timeout 120 lab/lab clean -- bash -c '
		[[ -z $2 ]] || ip netns exec "$2" nft -f - <<-END || exit
			table inet ours {
			 chain forward {
			  type filter hook forward priority 0;
			  $3
			 }
			}
		END
		"$1" path "$4" --ports 1-52,54-1023 --rate 0 --save "$5.tape" --json >"$5.json"
		echo $? >"$5.exit"' - "$dnsfault" "$2" "$3" "$4" "$tap_dir/$1" 2>"$tap_dir/$1.err"
	"$dnsfault" judge --json "$tap_dir/$1.tape" >"$tap_dir/$1.again"
}

say() {
	python3 -c '
import json, sys
report = json.load(sys.stdin)
detail = report["findings"][0]["detail"] if report["findings"] else {}
keys = ["direction", "hop_before", "hop_after", "rejected_by"]
print(report["verdict"]["where"], *(detail.get(key, "-") for key in keys))
hops = len(report["paths"][0]["hops"])
if hops != 4:
    print(f"{hops} hops")' <"$1" 2>&1
}

mapfile -t rows < <(printf '%s\n' "${rows[@]}" | grep -F -e "${1-}")
for i in "${!rows[@]}"; do
	IFS=';' read -r name router rule server _ <<<"${rows[i]}"
	slots 4
	run "$i" "$router" "${rule:+$rule;}" "$server" &
done
wait

for i in "${!rows[@]}"; do
	IFS=';' read -r name router rule server expected code <<<"${rows[i]}"
	is "$(say "$tap_dir/$i.json"); $(<"$tap_dir/$i.exit")" "$expected; $code" "$name: $server"
	is "$(say "$tap_dir/$i.again")" "$expected" "$name: the same from saved facts"
done

# Both filters at once, the near one inside of the far one: each at its own place.
say_all() {
	python3 -c '
import json, sys
for f in sorted(json.load(sys.stdin)["findings"], key=lambda f: f["where"]):
    d = f["detail"]
    print(f["where"], d["blocked"], d["hop_before"], d["hop_after"], end="; ")' 2>&1
}
if [[ -z ${1-} ]]; then
	got=$(timeout 120 lab/lab clean near_block=137-139 far_block=1-52,54-1023 -- "$dnsfault" \
		ports 203.0.113.11 --rate 0 --json 2>/dev/null | say_all)
	is "$got" "far 1-52,54-136,140-1023 3 4; near 137-139 1 2; " "near inside of far"
fi
tap_end
