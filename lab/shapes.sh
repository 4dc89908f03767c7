# SPDX-License-Identifier: GPL-3.0-or-later
# The zoo of query shapes, shapes.tsv: what its zones have besides, and what nft does to packets of a server.
# shellcheck shell=bash disable=SC2154,SC2034 # names of the other parts, keys of a scenario

# rule     value    what happens, at the server's host if nothing else is said
readonly shapes_rules='
edns       -        queries with a record behind the question are dropped
option     CODE     queries whose first EDNS option is this one are dropped
qtype      NUMBER   queries for this type of the apex are dropped
qtype6     NUMBER   the same over IPv6
six        -        queries over IPv6 are dropped
sport      PORTS    queries over UDP from these ports (LO-HI,…) are dropped
lowtcp     -        TCP from ports below 1024 is dropped
over       OCTETS   larger answers over UDP are dropped
fragments  -        all fragments of answers but the first are dropped, at core
tcp        -        TCP is dropped
reset      -        TCP is reset
rate       N        only so many queries over UDP pass a second
race       -        of two queries from one port within 50 ms, the second is dropped
ids        N        after N packets from one address all of them to the server are dropped for 20 s
near       N        the same, and to all other servers, too, and at near
flows      N        near has room for so many flows over UDP to it; each lives 8 s
snat       LO-HI    near translates: flows over UDP to it leave from these ports; each lives 8 s
'

# Lines for its zone. An answer with "mid" is larger than 512 octets, one with "big" larger than 1,500.
shapes_more() {
	local i
	printf '%s\n' '@ AAAA 2001:db8:f::90' '@ CAA 0 issue "ca.example"' '@ HTTPS 1 . alpn=h2' '@ SVCB 1 svc' \
		'@ TLSA 3 1 1 0000000000000000000000000000000000000000000000000000000000000000' 'svc A 203.0.113.92' \
		'a.b A 203.0.113.93' 'a.b MX 10 mail'
	for i in {1..9}; do printf 'big TXT "%0200d"\n' "$i"; done
	for i in {1..4}; do printf 'mid TXT "%0200d"\n' "$i"; done
}

# One function a rule: shapes_NAME VALUE prints "PLACE CHAIN RULE" for the address at hand; $to and $from
# match its packets, $wire is the length of the apex, $net its network. A query has a header of UDP, one of
# DNS, the question, and then the OPT record: 11 octets up to its first option.
shapes_edns() {
	echo "$net input $to udp dport 53 @th,$(((8 + 10) * 8)),16 != 0 counter drop"
}

shapes_option() {
	echo "$net input $to udp dport 53 udp length > $((8 + 12 + wire + 4 + 11))" \
		"@th,$(((8 + 12 + wire + 4 + 11) * 8)),16 $1 counter drop"
}

shapes_qtype() {
	echo "$net input $to udp dport 53 @th,$(((8 + 12 + wire) * 8)),16 $1 counter drop"
}

shapes_qtype6() {
	[[ $family == ip ]] || shapes_qtype "$1"
}

shapes_six() {
	[[ $family == ip ]] || echo "$net input $to udp dport 53 counter drop"
}

shapes_sport() {
	echo "$net input $to udp dport 53 udp sport { $1 } counter drop"
}

shapes_lowtcp() {
	echo "$net input $to tcp dport 53 tcp sport < 1024 counter drop"
}

shapes_over() {
	echo "$net output $from udp sport 53 udp length > $((8 + $1)) counter drop"
}

shapes_fragments() {
	case $family in
	ip) echo "core forward $from ip frag-off & 0x1fff != 0 counter drop" ;;
	ip6) echo "core forward $from frag frag-off != 0 counter drop" ;;
	esac
}

shapes_tcp() {
	echo "$net input $to tcp dport 53 counter drop"
}

shapes_reset() {
	echo "$net input $to tcp dport 53 counter reject with tcp reset"
}

shapes_rate() {
	echo "$net input $to udp dport 53 limit rate over $1/second burst $1 packets counter drop"
}

shapes_race() {
	local key="$family saddr . $family daddr . udp sport"
	echo "$net input $to udp dport 53 $key @race_$family counter drop"
	echo "$net input $to udp dport 53 add @race_$family { $key timeout 50ms }"
}

# guard PLACE CHAIN NUMBER SET KEY WHAT: who has sent so many packets to the server is put into the set by the key, and
# what of his is dropped. What he sent is forgotten after 4 s of silence.
guard() {
	local port="meta l4proto { tcp, udp } th dport 53" flow="$family saddr . $family daddr"
	echo "$1 $2 $6 $port $5 @$4 counter drop"
	echo "$1 $2 $to $port update @seen_$family { $flow limit rate over 1/hour burst $3 packets } add @$4 { $5 } drop"
}

shapes_ids() {
	guard "$net" input "$1" "blocked_$family" "$family saddr . $family daddr" "$to"
}

shapes_near() {
	guard near forward "$1" "hated_$family" "$family saddr" ""
}

shapes_flows() {
	echo "near forward $to udp dport 53 ct state new ct count over $1 counter drop"
}

shapes_snat() {
	echo "near postrouting $to udp dport 53 counter masquerade to :$1"
}

# All rules, "PLACE CHAIN RULE" a line.
shapes_lines() {
	local key net host name wire family address to from rule
	for key in "${!zoo_nft[@]}"; do
		net=${key% *} host=${key#* }
		name=$(zoo_zone_of "$host")
		wire=$((${#name} + 2))
		for family in ip ip6; do
			[[ $family == ip ]] && address=${v4[$net]}.$host || address=${v6[$net]}::$host
			to="$family daddr $address" from="$family saddr $address"
			for rule in ${zoo_nft[$key]}; do
				"shapes_${rule%%=*}" "${rule#*=}"
			done
		done
	done
}

# shapes_ruleset PLACE: its table.
shapes_ruleset() {
	local chain family type how
	echo 'table inet shapes {'
	echo ' set race_ip { type ipv4_addr . ipv4_addr . inet_service; size 65535; flags dynamic,timeout; timeout 50ms; }'
	echo ' set race_ip6 { type ipv6_addr . ipv6_addr . inet_service; size 65535; flags dynamic,timeout; timeout 50ms; }'
	for family in ip:ipv4 ip6:ipv6; do
		type=${family#*:}_addr how='size 65535; flags dynamic,timeout; timeout'
		echo " set seen_${family%:*} { type $type . $type; $how 4s; }"
		echo " set blocked_${family%:*} { type $type . $type; $how 20s; }"
		echo " set hated_${family%:*} { type $type; $how 20s; }"
	done
	for chain in input output forward postrouting; do
		echo " chain $chain {"
		case $chain in
		postrouting) echo '  type nat hook postrouting priority srcnat;' ;;
		*) echo "  type filter hook $chain priority 0;" ;;
		esac
		grep "^$1 $chain " "$state/shapes.rules" | cut -d ' ' -f 3- | sed 's/^/  /'
		echo ' }'
	done
	echo '}'
}

shapes_raise() {
	local place
	[[ $shapes != no || $many != 0 ]] || return 0
	shapes_lines >"$state/shapes.rules"
	for place in $(cut -d ' ' -f 1 "$state/shapes.rules" | sort -u); do
		shapes_ruleset "$place" >"$state/$place.shapes.nft"
		in_net "$place" nft -f "$state/$place.shapes.nft" </dev/null || return
	done
	! grep -q '^near ' "$state/shapes.rules" || flows_live near 8
}
