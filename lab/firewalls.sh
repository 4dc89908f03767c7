# SPDX-License-Identifier: GPL-3.0-or-later
# What the routers do to packets: the rules of a scenario, written for nft.
# shellcheck shell=bash disable=SC2154 # names of the other parts, keys of a scenario

# router, its queries (on their way to the servers), their replies
readonly places='
near  iifname "client"  oifname "client"
core  oifname "far"     iifname "far"
far   oifname "site"    iifname "site"
edge  oifname "isp"     iifname "isp"
'
# rule         value            what the router does; a key for each place, as in far_block
readonly rules='
block          PORTS            drops UDP queries from these source ports
block6         PORTS            the same, but over IPv6 only
tcp_block      PORTS            drops TCP from these source ports
reject         PORTS            rejects UDP queries from them: ICMP, administratively prohibited
reply_block    PORTS            drops UDP replies to these ports
police         PORTS@N[/BURST]  lets pass only N UDP queries a second from all of them (burst 1)
hash           N                drops one flow of N, by a hash of addresses and ports; TCP too
flows          N@SECONDS        has room for N UDP flows; each lives that long (a conntrack table)
loss           PERCENT          drops that share of all UDP queries besides, at random
nat            low|plain        masquerades UDP queries (plain: TCP too); low: source ports below 1024 become 32768-60999
client         ADDRESSES        drops what comes from these addresses
without        v4|v6            drops all packets of that address family
intercept      yes|v4|v6        sends what goes to any port 53, UDP and TCP, to the resolver isp, which answers for all
swap           A:B,…            swaps source ports A and B, without state, and back in replies
'
readonly hash_key=0x0ddba11

# One function a rule: rule_NAME VALUE writes its part of the chain forward; $queries and $replies match
# the packets of the place.
rule_block() {
	echo "$queries udp dport 53 udp sport { $1 } counter drop comment \"blocked\""
}

rule_block6() {
	echo "$queries meta nfproto ipv6 udp dport 53 udp sport { $1 } counter drop comment \"blocked6\""
}

rule_tcp_block() {
	echo "$queries tcp dport 53 tcp sport { $1 } counter drop comment \"blocked tcp\""
}

rule_reject() {
	echo "$queries udp dport 53 udp sport { $1 } counter reject with icmpx admin-prohibited"
}

rule_reply_block() {
	echo "$replies udp sport 53 udp dport { $1 } counter drop comment \"blocked reply\""
}

rule_police() {
	local rate=${1#*@}
	local burst=${rate#*/}
	[[ $rate == */* ]] || burst=1
	echo "$queries udp dport 53 udp sport { ${1%@*} } limit rate over ${rate%/*}/second burst $burst packets counter drop comment \"policed\""
}

rule_hash() {
	local family
	for family in 4:ip 6:ip6; do
		echo "$queries meta nfproto ipv${family%:*} meta l4proto { tcp, udp } th dport 53" \
			"jhash ${family#*:} saddr . ${family#*:} daddr . th sport . th dport" \
			"mod $1 seed $hash_key 0 counter drop comment \"hashed\""
	done
}

rule_flows() {
	echo "$queries meta l4proto udp ct state new ct count over ${1%@*} counter drop comment \"table full\""
}

rule_loss() {
	[[ $1 == 0 ]] ||
		echo "$queries udp dport 53 numgen random mod 1000 < $(($1 * 10)) counter drop comment \"loss\""
}

# A chain of its own.
rule_nat() {
	:
}

rule_client() {
	local a
	for a in ${1//,/ }; do
		[[ $a == *:* ]] && a="ip6 saddr $a" || a="ip saddr $a"
		echo "$queries $a counter drop comment \"client\""
	done
}

rule_without() {
	echo "$queries meta nfproto ip$1 counter drop comment \"no family\""
}

# A chain of its own.
rule_intercept() {
	:
}

rule_swap() {
	local pair there=''
	for pair in ${1//,/ }; do
		there+="${pair%:*} : ${pair#*:}, ${pair#*:} : ${pair%:*}, "
	done
	echo "$queries udp dport 53 udp sport set udp sport map { ${there%, } }"
	echo "$replies udp sport 53 udp dport set udp dport map { ${there%, } }"
}

# chain_nat PLACE: what leaves by another interface than it came. A plain one keeps the source port as
# long as that address has no other flow with it to the same server.
chain_nat() {
	local key=$1_nat uplink
	[[ ${!key} ]] || return 0
	uplink=${queries/iifname \"client\"/oifname \"core\"}
	echo ' chain nat {'
	echo '  type nat hook postrouting priority srcnat;'
	[[ ${!key} != low ]] ||
		echo "  $uplink udp dport 53 udp sport 1-1023 counter masquerade to :32768-60999"
	echo "  $uplink udp dport 53 counter masquerade"
	# One address for both, as a router has it: what goes over TCP belongs to what went over UDP.
	[[ ${!key} != plain ]] || echo "  $uplink tcp dport 53 counter masquerade"
	echo ' }'
}

# chain_intercept PLACE: the sender takes the replies for those of whom he asked.
chain_intercept() {
	local key=$1_intercept to='meta l4proto { tcp, udp } th dport 53 counter dnat'
	[[ ${!key} ]] || return 0
	echo ' chain intercept {'
	echo '  type nat hook prerouting priority dstnat;'
	[[ ${!key} == v6 ]] || echo "  ${queries/oifname*/} meta nfproto ipv4 $to ip to ${v4[isp]}.$isp_host"
	[[ ${!key} == v4 ]] || echo "  ${queries/oifname*/} meta nfproto ipv6 $to ip6 to ${v6[isp]}::$isp_host"
	echo ' }'
}

# firewall PLACE: its table, with queries and replies set.
firewall() {
	local rule key
	echo 'table inet lab {'
	echo ' chain forward {'
	echo '  type filter hook forward priority 0;'
	while read -r rule _; do
		key=$1_$rule
		[[ -z $rule || -z ${!key} ]] || "rule_$rule" "${!key}" | sed 's/^/  /'
	done <<<"$rules"
	echo "  $queries udp dport 53 counter comment \"passed\""
	echo "  $queries tcp dport 53 tcp flags & (syn | ack) == syn counter comment \"opened\""
	echo ' }'
	chain_nat "$1"
	chain_intercept "$1"
	echo '}'
}

# How long a flow lives is no rule but a setting of the router. A plain translator keeps it for the five
# minutes that RFC 4787 section 4.3 recommends.
flow_time() {
	local flows=$1_flows nat=$1_nat seconds=
	[[ ${!nat} != plain ]] || seconds=300
	[[ ! ${!flows} ]] || seconds=${!flows#*@}
	[[ ! $seconds ]] || flows_live "$1" "$seconds"
}

# flows_live PLACE SECONDS
flows_live() {
	in_net "$1" bash -c 'cd /proc/sys/net/netfilter &&
		echo "$0" | tee nf_conntrack_udp_timeout >nf_conntrack_udp_timeout_stream' "$2"
}

# Servers without TCP: what comes for them vanishes where they are.
tcp_close() {
	local server net hosts rest h
	[[ ${no_tcp// /} ]] || return 0
	while read -r server net hosts rest; do
		[[ $server && $no_tcp == *" $server "* ]] || continue
		for h in ${hosts//,/ }; do
			printf ' %s' "ip daddr ${v4[$net]}.$h tcp dport 53 drop;" "ip6 daddr ${v6[$net]}::$h tcp dport 53 drop;"
		done >>"$state/$net.drops"
	done <<<"$servers"
	for net in "$state"/*.drops; do
		h=${net##*/}
		printf "table inet lab {\n chain input {\n  type filter hook input priority 0;\n %s\n }\n}\n" "$(<"$net")" >"$net.nft"
		in_net "${h%.drops}" nft -f "$net.nft" </dev/null || return
	done
}

firewalls_raise() {
	local place q1 q2 r1 r2 queries replies
	while read -r place q1 q2 r1 r2; do
		[[ $place ]] && net_wanted "$place" || continue
		queries="$q1 $q2" replies="$r1 $r2"
		firewall "$place" >"$state/$place.nft"
		in_net "$place" nft -f "$state/$place.nft" </dev/null && flow_time "$place" </dev/null || return
	done <<<"$places"
	tcp_close && shapes_raise
}
