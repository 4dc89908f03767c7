#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A beacon proves what two resolvers with port 53 behind one address lead to: the second one's queries
# arrive from another port; and that nothing is rewritten when it is alone. Facts judged again say the same.
cd "$(dirname "$0")/../.." || exit
. tests/scenario/tap.bash

readonly server=198.18.3.53 # of beacon.net, in lab/zones/net.zone

# On the client: a beacon far away, and what the resolver here shows it.
if [[ ${1-} == --inside ]]; then
	nsenter --net=/run/netns/ultra -- ip address add $server/24 dev eth0 2>/dev/null
	nsenter --net=/run/netns/ultra -- "$DNSFAULT" beacon beacon.net --listen $server 2>"$2.log" &
	until grep -q "at $server" "$2.log"; do sleep 0.05; done
	# Where there is another resolver, the translator knows it as the one that talks to the beacon from 53.
	[[ ! -e /run/netns/mate ]] || nsenter --net=/run/netns/mate -- \
		dig @127.0.0.1 +tries=3 +time=5 TXT first.beacon.net >/dev/null
	"$DNSFAULT" resolver --beacon beacon.net --json --save "$2.facts" >"$2.json"
	kill %1
	wait
	exit
fi

DNSFAULT=$(realpath -m "${DNSFAULT:-build/dnsfault}")
export DNSFAULT
[[ -x $DNSFAULT ]] || tap_skip_all "dnsfault is not built"
lab/lab clean resolver=none -- true 2>"$tap_dir/why" || tap_skip_all "no lab: $(head -1 "$tap_dir/why")"

# "IDS HOW PORTS": of the finding on translation by what it was told, and whether all ports that left as
# 53 arrived below 512.
says() {
	python3 -c '
import json, sys
found = json.load(sys.stdin)["findings"]
nat = [f["detail"] for f in found if f["id"] == "nat-rewrites-ports"]
pairs = [p.split(">") for d in nat for p in d["pairs"]]
low = all(sent == "53" and int(seen) < 512 for sent, seen in pairs)
print(",".join(sorted({f["id"] for f in found})), ",".join(d["source"] for d in nat) or "-",
      ("low" if low else "other") if pairs else "-")'
}

for row in pair: alone:mate=; do
	lab/lab nat-pair ${row#*:} -- "$BASH" "$0" --inside "$tap_dir/${row%:*}" 2>"$tap_dir/${row%:*}.err" &
done
wait
is "$(says <"$tap_dir/pair.json")" 'nat-rewrites-ports,resolver-fixed-port,resolver-no-0x20 beacon low' \
	'behind another resolver, 53 arrives as a low port'
is "$(says <"$tap_dir/alone.json")" 'resolver-fixed-port,resolver-no-0x20 - -' 'alone, 53 arrives as 53'
is "$("$DNSFAULT" judge "$tap_dir/pair.facts" --json | says)" "$(says <"$tap_dir/pair.json")" \
	'judged again from its facts'
tap_end
