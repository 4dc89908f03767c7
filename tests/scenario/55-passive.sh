#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Without sending a packet: what a capture and a dnstap stream of a resolver behind the story's filter
# say of it, and that they suspect nothing where there is no filter.
cd "$(dirname "$0")/../.." || exit
. tests/scenario/tap.bash

dnsfault=$(realpath -m "${DNSFAULT:-build/dnsfault}")

# Lookups that the cache has not: types that these names do not have. Many at a time: some take long.
look_up() {
	local name type
	for name in live.com msft.net ns{1,2,3,4}.msft.net google.com amazon.com ns{1,2}.google.com pdns{1,2}.ultradns.net; do
		for type in LOC HINFO NAPTR RP AFSDB SSHFP CERT TLSA URI SRV SMIMEA EUI48 APL KX DHCID HIP; do
			echo "$name $type"
		done
	done | xargs -P 24 -L 1 timeout 30 dig +tries=1 +time=12 >/dev/null
}

# On the client: a capture of a resolver that is at work.
inside() {
	tcpdump -ni any -U -w "$1/pcap" 'port 53' 2>"$1/tcpdump" &
	until grep -q 'listening on' "$1/tcpdump"; do sleep 0.05; done
	look_up
	# A recording knows no time beyond its last packet: no answer within 5 s is a silence by then. named
	# writes its file by blocks of 4 KiB.
	sleep 6
	seq -f 'google.com TYPE65%03g' 300 360 | xargs -P 24 -L 1 dig +tries=1 >/dev/null
	sleep 1
	kill %1
	wait
	cp /run/lab/resolver/*.tap "$1/tap" 2>/dev/null || :
}
if [[ ${1-} == --inside ]]; then
	inside "$2"
	exit
fi

[[ -x $dnsfault ]] || tap_skip_all "no $dnsfault"
type -P tcpdump >/dev/null || tap_skip_all "no tcpdump"
lab/lab clean resolver=none -- true 2>"$tap_dir/why" || tap_skip_all "no lab: $(head -1 "$tap_dir/why")"

# named writes a file, PowerDNS to a socket, which must be there before it starts.
lines_named() {
	echo 'dnstap { resolver; };\ndnstap-output file "/run/lab/resolver/named.tap";'
}

lines_pdns() {
	echo "dnstapFrameStreamServer({\"$1/sock\"}, {logQueries=true, logResponses=true})" >"$1/tap.lua"
	echo "lua-config-file=$1/tap.lua"
}

# make, ports that it draws from, what a filter before the far servers drops of them, the group of ports
# that is to be suspected, what else is to be said
readonly rows='
named  600-1500   1-52,54-1023  54-1023    resolver-small-pool,
pdns   4000-5999  1024-4999     1024-4999
'

# record DIRECTORY MAKE KEY…: a recording of each kind, and what dnsfault says of both.
record() {
	local dir=$1 make=$2 listener=
	mkdir "$dir"
	if [[ $make == pdns ]]; then
		"$dnsfault" resolver --dnstap "$dir/sock" --for 200 --json >"$dir/tap.json" 2>"$dir/tap.err" &
		listener=$!
		until [[ -S $dir/sock ]]; do sleep 0.05; done
	fi
	lab/lab clean "resolver=$make" resolver_patience=own ipv6=no \
		"resolver_lines=$("lines_$make" "$dir")" "${@:3}" -- "$BASH" "$0" --inside "$dir" \
		>"$dir/log" 2>&1
	"$dnsfault" resolver --pcap "$dir/pcap" --json >"$dir/pcap.json" 2>"$dir/pcap.err"
	if [[ $listener ]]; then
		kill "$listener"
		wait "$listener"
	else
		"$dnsfault" resolver --dnstap "$dir/tap" --json >"$dir/tap.json" 2>"$dir/tap.err"
	fi
}

# says POOL: "IDS SERVERS RANGES WHERE QUERIES": ids but the notice on letter case; networks of the servers that
# are suspected; of which ports; whether the pool seen lies where it should.
says() {
	python3 -c '
import json, sys
low, high = map(int, sys.argv[1:])
report = json.load(sys.stdin)
found = [f for f in report["findings"] if f["id"] != "resolver-no-0x20"]
suspects = [f for f in found if f["id"] == "resolver-uses-filtered-ports"]
nets = {s.rsplit(".", 1)[0] for f in suspects for s in f["servers"]}
ranges = {f["detail"]["range"] for f in suspects}
pool = report["pools"][0]
ports = [int(p) for part in pool["ports"].split(",") for p in part.split("-")]
print(",".join(sorted({f["id"] for f in found})) or "-", ",".join(sorted(nets)) or "-",
      ",".join(sorted(ranges)) or "-", "inside" if low <= min(ports) and max(ports) <= high else "outside",
      report["queries"]["sent"])' "${1%-*}" "${1#*-}"
}

while read -r make pool block _; do
	[[ $make ]] || continue
	record "$tap_dir/$make.story" "$make" "resolver_ports=$pool" "far_block=$block" &
	record "$tap_dir/$make.clean" "$make" "resolver_ports=$pool" &
done <<<"$rows"
wait
while read -r make pool _ range more; do
	[[ $make ]] || continue
	for kind in pcap tap; do
		is "$(says "$pool" <"$tap_dir/$make.story/$kind.json")" \
			"${more}resolver-uses-filtered-ports 203.0.113 $range inside 0" \
			"$make, $kind: ports $range do not reach the far servers"
		none=${more%,}
		is "$(says "$pool" <"$tap_dir/$make.clean/$kind.json")" "${none:--} - - inside 0" \
			"$make, $kind: nothing is suspected without a filter"
	done
done <<<"$rows"
tap_end
