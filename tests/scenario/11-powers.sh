#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What the lab's routers and servers do when it is no fixed set of UDP source ports.
cd "$(dirname "$0")/../.." || exit
. tests/scenario/tap.bash

# silent SERVER: of 256 source ports, sorted, one a line, that stay silent.
silent() {
	tests/scenario/sample --from 20000-20255 "$1/live.com" | tr , '\n' |
		awk -F- '/[0-9]/ { for (p = $1; p <= $NF; p++) print p }'
}

# share A B: the lines of A; those that B has, too.
share() {
	echo "$(wc -l <"$1") $(comm -12 <(sort "$1") <(sort "$2") | wc -l)"
}

# between LO HI WORD: "yes", or the word.
between() {
	[[ $3 -ge $1 && $3 -le $2 ]] && echo yes || echo "$3"
}

# tcp PORT SERVER NAME: does a query over TCP from it come back?
tcp() {
	dig +tcp -b "0.0.0.0#$1" "@$2" "$3" SOA +tries=1 +time=1 | grep -c 'status: NOERROR'
}

# hash N: silent ports of ns1, the same again, of ns2, over IPv6, of those that both have, over TCP.
look_hash() {
	local a=$tap_dir/a
	silent 203.0.113.11 >"$a" && silent 203.0.113.11 >"$a.2"
	silent 203.0.113.12 >"$a.ns2" && silent 2001:db8:f::11 >"$a.6"
	cmp -s "$a" "$a.2" && echo same || echo changed
	share "$a" "$a.ns2"
	share "$a.6" "$a"
	share "$a.ns2" "$a.6"
}

# Replies to 40 queries in 4 s from low ports, then from high ones; burst prints the silent ones.
look_police() {
	silent_of --from 600,700,800
	silent_of --from 6000,7000,8000
}

silent_of() {
	tests/scenario/burst --rate 10 --for 4 "$@" 203.0.113.11 live.com/SOA |
		sed 's/.*silent \([0-9]*\) .*/\1/'
}

# 300 ports at once, then one of them 4 s later.
look_flows() {
	tests/scenario/burst --rate 1000 --for 0.3 --from "$(seq -s, 20000 20299)" 203.0.113.11 live.com/SOA |
		sed 's/.*silent \([0-9]*\) .*/\1/'
	sleep 4
	dig -b 0.0.0.0#20299 @203.0.113.11 live.com MX +short +tries=1 +time=1 | grep -c '^10 mail'
}

look_tcp() {
	tcp 1000 203.0.113.11 live.com
	tcp 53 203.0.113.11 live.com
	tcp 1000 198.18.3.20 amazon.com
}

look_rrl() {
	tests/scenario/burst --for 3 203.0.113.11 live.com/MX
	tests/scenario/burst --for 3 --cookie valid 203.0.113.12 live.com/MX
}

look_reject() {
	dig -b 0.0.0.0#1000 @203.0.113.11 live.com MX +tries=1 +time=1 | grep -Eo 'host unreachable|timed out'
	dig -b ::#1000 @2001:db8:f::11 live.com MX +tries=1 +time=1 | grep -Eo 'permission denied|timed out'
}

# The port that the far firewall quotes in its error about a query from port 1000, and what the socket
# that asked hears of it.
look_quote() {
	python3 -c '
import socket
raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
raw.settimeout(1)
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.IPPROTO_IP, 11, 1)  # IP_RECVERR
s.settimeout(1)
s.bind(("", 1000))
s.connect(("203.0.113.11", 53))
s.send(bytes(12))
packet = raw.recv(2000)
print(int.from_bytes(packet[48:50], "big"))
try:
    s.recv(512)
except OSError as error:
    print(type(error).__name__, error.errno)
'
}

if [[ ${1-} == --look ]]; then
	"look_$2"
	exit
fi

# look WHAT SCENARIO [KEY=VALUE]…
look() {
	lab/lab "${@:2}" resolver=none -- "$0" --look "$1" >"$tap_dir/$2" 2>&1
}

while read -r -a words; do
	slots 3
	look "${words[@]}" &
done <<'END'
hash hash8
hash hash2
hash hash8-core
police policer
flows flows
flows flows-roomy
tcp tcp-block
reject reject
rrl rrl-named-5
rrl rrl-nsd-5
rrl rrl-knot-5
quote nat-swap near_swap=1000:41000 far_reject=41000
quote nat-low far_reject=32768-60999
END
wait

# Of 256 ports 32 are expected at n = 8 and 128 at n = 2; the bounds are 4 standard deviations. Ports
# in common are independent: 4 and 64.
# scenario   one set   in common
while read -r scenario lo hi clo chi; do
	{ read -r same && read -r n common && read -r n6 common6 && read -r n2 common2; } <"$tap_dir/$scenario"
	is "$same" same "$scenario: a flow has one fate"
	for n in $n $n6 $n2; do is "$(between "$lo" "$hi" "$n")" yes "$scenario: silent ports"; done
	for n in $common $common6 $common2; do
		is "$(between "$clo" "$chi" "$n")" yes "$scenario: another set for another pair of addresses"
	done
done <<'END'
hash8 11 53 0 12
hash2 96 160 36 92
hash8-core 11 53 0 12
END

{ read -r low && read -r high; } <"$tap_dir/policer"
is "$(between 20 37 "$low") $high" "yes 0" "policer: one query a second from low ports"
{ read -r lost && read -r later; } <"$tap_dir/flows"
is "$(between 150 200 "$lost") $later" "yes 1" "flows: 100 pass at once, and any port later"
is "$(paste -sd' ' "$tap_dir/flows-roomy")" "0 1" "flows-roomy: all pass"
is "$(paste -sd' ' "$tap_dir/tcp-block")" "0 1 1" "tcp-block: only low ports, only the far servers"
is "$(paste -sd, "$tap_dir/reject")" "host unreachable,permission denied" "reject: ICMP says so"
for s in rrl-named-5 rrl-nsd-5 rrl-knot-5; do
	{ read -r _ full _ tc _ && read -r _ exempt _; } <"$tap_dir/$s"
	diag "$full and $tc TC=1 of 300"
	is "$(between 1 100 "$full") $(between 50 220 "$tc") $exempt" "yes yes 300" \
		"$s: above the limit TC=1 and silence; a cookie exempts"
done
is "$(paste -sd' ' "$tap_dir/nat-swap")" "41000 TimeoutError None" \
	"nat-swap: ICMP quotes the other port, and only who listens to all ICMP hears it"
is "$(paste -sd' ' "$tap_dir/nat-low")" "1000 OSError 113" "nat-low: the router mends the quote"
tap_end
