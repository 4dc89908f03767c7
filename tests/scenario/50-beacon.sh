#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The beacon, delegated in the lab: what it says through resolvers of four makes is what a capture
# beside it shows; it bears load, limits replies, and gives a stranger no more than he sent.
cd "$(dirname "$0")/../.." || exit
. tests/scenario/tap.bash

[[ ${1-} == --inside ]] || tap_lab clean resolver=none

readonly server=198.18.3.53 # of beacon.net, in lab/zones/net.zone
readonly lookups=4
declare -A job=()
trap 'kill "${job[@]}" 2>/dev/null; wait; rm -rf "$tap_dir"' EXIT
chmod 755 "$tap_dir"

at_server() {
	exec nsenter --net=/run/netns/ultra -- "$@"
}

# until COMMAND…: succeeds, within 15 s
until_true() {
	local _
	for _ in {1..150}; do
		"$@" >/dev/null 2>&1 && return
		sleep 0.1
	done
	diag "in vain: $*"
	return 1
}

# beacon NAME PORT RATE
beacon() {
	at_server "$DNSFAULT" beacon beacon.net --listen "$server#$2" --rate "$3" --user "$user" \
		2>"$tap_dir/$1.err" &
	job[$1]=$!
	until_true grep -q "at $server#$2" "$tap_dir/$1.err"
}

# resolver_unbound NAME ADDRESS OPTIONS
resolver_unbound() {
	cat >"$tap_dir/$1.conf" <<-END
		server:
		  interface: $2
		  outgoing-interface: $2
		  access-control: 192.0.2.0/24 allow
		  username: ""
		  chroot: ""
		  directory: "$tap_dir"
		  pidfile: ""
		  use-syslog: no
		  num-threads: 1
		  module-config: "iterator"
		  root-hints: "$LAB_HINTS"
		  $(printf '%b' "$3")
		remote-control:
		  control-enable: no
	END
	exec unbound -d -c "$tap_dir/$1.conf"
}

resolver_named() {
	cat >"$tap_dir/$1.conf" <<-END
		options { directory "$tap_dir"; pid-file none; session-keyfile none; lock-file none;
		  listen-on { $2; }; listen-on-v6 { }; query-source address $2; allow-query { any; };
		  allow-recursion { any; }; dnssec-validation no; empty-zones-enable no; };
		controls { };
		zone "." { type hint; file "$LAB_HINTS"; };
	END
	exec named -g -n 1 -c "$tap_dir/$1.conf"
}

resolver_pdns() {
	mkdir "$tap_dir/$1"
	exec pdns_recursor --config-dir="$tap_dir/$1" --socket-dir="$tap_dir/$1" --local-address="$2" \
		--query-local-address="$2" --hint-file="$LAB_HINTS" --dnssec=off --threads=1 \
		--allow-from=192.0.2.0/24 --dont-query= --daemon=no --security-poll-suffix=
}

resolver_kresd() {
	mkdir "$tap_dir/$1"
	cat >"$tap_dir/$1.conf" <<-END
		net.listen('$2', 53, { kind = 'dns' })
		net.outgoing_v4('$2')
		net.ipv6 = false
		modules.unload('ta_update')
		modules.unload('ta_signal_query')
		trust_anchors.remove('.')
		modules.load('hints')
		hints.root_file('$LAB_HINTS')
		cache.size = 10*MB
	END
	cd "$tap_dir/$1" && exec kresd -n -c "$tap_dir/$1.conf" "$tap_dir/$1"
}

# name; address; make; options; what beacon-check says of 4 lookups. BIND has a cookie of the beacon
# after its first query: from then on nothing goes by TCP.
readonly rows=(
	"unbound;192.0.2.20;unbound;;lookups 4 samples 36 udp 32 wrong 0 low 0 cased 0"
	"unbound-0x20;192.0.2.24;unbound;use-caps-for-id: yes;lookups 4 samples 36 udp 32 wrong 0 low 0 cased CASED"
	"unbound-low;192.0.2.25;unbound;outgoing-port-avoid: 0-65535\n  outgoing-port-permit: 600-700;lookups 4 samples 36 udp 32 wrong 0 low 32 cased 0"
	"named;192.0.2.21;named;;lookups 4 samples 36 udp 35 wrong 0 low 0 cased 0"
	"pdns;192.0.2.22;pdns;;lookups 4 samples 36 udp 32 wrong 0 low 0 cased 0"
	"kresd;192.0.2.23;kresd;;lookups 4 samples 36 udp 32 wrong 0 low 0 cased CASED"
)

seed() {
	tr -dc 0-9a-v </dev/urandom | head -c 6
}

# ask ADDRESS: lookups of eight steps
ask() {
	local i
	for ((i = 0; i < lookups; i++)); do
		dig "@$1" TXT "18$(seed).beacon.net" +tries=1 +time=10 +noall +answer
	done
}

user=nobody
setpriv --reuid 65534 --regid 65534 --clear-groups true 2>/dev/null || user=root
nsenter --net=/run/netns/ultra ip address add $server/24 dev eth0
beacon all 53 0
beacon limited 5353 20
at_server tcpdump -n -l -i eth0 "dst host $server and dst port 53" >"$tap_dir/capture" 2>/dev/null &
job[tcpdump]=$!
for row in "${rows[@]}"; do
	IFS=';' read -r name address make options _ <<<"$row"
	(resolver_"$make" "$name" "$address" "$options") >"$tap_dir/$name.log" 2>&1 &
	job[$name]=$!
done

for row in "${rows[@]}"; do
	IFS=';' read -r name address _ _ expected <<<"$row"
	until_true dig "@$address" live.com MX +tries=1 +time=2 || diag "$(tail -n 5 "$tap_dir/$name.log")"
	ask "$address" >"$tap_dir/$name.replies"
done
sleep 0.5 # of the capture's own buffers
for row in "${rows[@]}"; do
	IFS=';' read -r name address _ _ expected <<<"$row"
	got=$(tests/scenario/beacon-check "$address" "$tap_dir/capture" "$tap_dir/$name.replies")
	# By chance a name or two have letters of one case only: all digits, or all lower.
	[[ $expected != *CASED ]] || got=$(sed -E 's/cased (2[89]|3[0-6])$/cased CASED/' <<<"$got")
	is "$got" "$expected" "$name: samples are what arrived"
done

is "$(dig @192.0.2.20 a.b.c.beacon.net A +noall +comments | grep -c 'NOERROR.*')" 1 "names below names exist"
is "$(dig @192.0.2.20 beacon.net SOA +short | cut -d' ' -f1)" ns.beacon.net. "the apex has a SOA"
is "$(dig @192.0.2.22 Any.beacon.net TXT +short | grep -c 'transport=udp.*name=')" 1 "a text for people"

# Load: what comes from one address without any proof is truncated; resolvers are served beside it.
for _ in {1..200}; do echo "18$(seed).beacon.net TXT"; done >"$tap_dir/names"
dnsperf -s $server -d "$tap_dir/names" -l 4 -c 4 -q 200 >"$tap_dir/load" 2>&1 &
job[dnsperf]=$!
sleep 1
ask 192.0.2.22 >"$tap_dir/under-load"
wait "${job[dnsperf]}"
unset 'job[dnsperf]'
is "$(grep -c 'TXT.*sample=1' "$tap_dir/under-load")" $lookups "chains are whole under load"
rate=$(sed -nE 's/.*Queries per second: +([0-9]+).*/\1/p' "$tap_dir/load")
is "$(grep -c 'NOERROR .*(100' "$tap_dir/load")" 1 "load: all replies are right"
is "$((rate > 1000))" 1 "load: $rate queries a second"
diag "$(grep -E 'Queries (sent|completed|lost|per)|Average packet' "$tap_dir/load")"

# The other one allows 20 replies a second to a network.
dnsperf -s $server -p 5353 -d "$tap_dir/names" -l 3 -c 2 -q 50 -Q 500 -t 1 >"$tap_dir/limited" 2>&1
lost=$(sed -nE 's/.*Queries lost: +([0-9]+).*/\1/p' "$tap_dir/limited")
is "$((lost > 50))" 1 "a limit: $lost queries get no reply"
is "$(dig @$server -p 5353 18abcdef.beacon.net TXT +tcp +short | grep -c '^17abcdef')" 1 "TCP is served beside it"

# Sizes: dig counts what it gets; what it sends without EDNS and cookie is 12 + name + 4.
for name in 18abcdef.beacon.net beacon.net ns.beacon.net x.beacon.net; do
	for type in TXT A NS SOA ANY; do
		got=$(dig @$server $name $type +noedns +nocookie +ignore +notcp | sed -nE 's/.*rcvd: ([0-9]+)/\1/p')
		echo "$((got <= 12 + ${#name} + 2 + 4))"
	done
done >"$tap_dir/sizes"
is "$(sort "$tap_dir/sizes" | uniq -c | xargs)" "20 1" "no reply is larger than its query"

uid=$(awk '/^Uid:/ { print $2 }' "/proc/${job[all]}/status")
if [[ $user == nobody ]]; then
	is "$uid" 65534 "it is nobody once its sockets are bound"
else
	tap_skip "it is nobody once its sockets are bound" "no other user here"
fi
for name in all limited; do
	kill -TERM "${job[$name]}"
	wait "${job[$name]}"
	is $? 0 "SIGTERM ends it: $name"
	unset "job[$name]"
done
is "$(grep -c 'queries: .* aliases' "$tap_dir/all.err")" 1 "it says what it did"
diag "$(tail -n 1 "$tap_dir/all.err")" "$(tail -n 1 "$tap_dir/limited.err")"
is "$(tail -n 1 "$tap_dir/limited.err" | grep -cE ' [1-9][0-9]+ over the rate')" 1 "and what it left out"
tap_end
