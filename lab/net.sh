# SPDX-License-Identifier: GPL-3.0-or-later
# The topology: networks, routers, links, routes.
#
#	client -- near -- core -- far -- site
#	  (mate) --+       |
#	         root, tld, google, ultra, edge -- isp
#
# edge and isp are there when a scenario wants a provider's resolver, mate for a second one at home; zoo1 and
# zoo2, at core, for the zones of zoo.tsv.
# shellcheck shell=bash disable=SC2154 # names of the other parts, keys of a scenario

# network, its router, IPv4 /24, IPv6 /64, hosts (the last part of both addresses); the router is 1
readonly nets='
client  near  192.0.2     2001:db8:1  10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29
mate    near  192.168.7   2001:db8:2  10
root    core  198.51.100  2001:db8:a  4 5 6
tld     core  198.18.1    2001:db8:b  30 31
google  core  198.18.2    2001:db8:c  10 11
ultra   core  198.18.3    2001:db8:d  20 21
site    far   203.0.113   2001:db8:f  11 12 13 14
isp     edge  198.18.4    2001:db8:e  53
zoo1    core  198.18.5    2001:db8:15  -
zoo2    core  198.18.6    2001:db8:16  -
'
# router, its uplink, IPv4 /24, IPv6 /64, the networks behind it
readonly uplinks='
near    core  10.53.1     2001:db8:53  client mate
far     core  10.53.2     2001:db8:54  site
edge    core  10.53.3     2001:db8:55  isp
'

declare -A v4 v6 router_of # network -> prefixes, router
declare -A batch # namespace -> commands for ip
declare -A darkness=() # router -> commands for ip
links=

in_net() {
	local ns=$1
	shift
	nsenter --net=/run/netns/"$ns" -- "$@"
}

say() {
	batch[$1]+=$2$'\n'
}

# interface NAMESPACE NAME ADDRESS/LEN…: up at once, without the wait for duplicate addresses; the
# kernel must not make a link-local address of its own, for which it would wait.
interface() {
	local a
	say "$1" "link set dev $2 addrgenmode none"
	for a in "${@:3}"; do
		case $a in
		*:*) say "$1" "address add $a dev $2 nodad" ;;
		*) say "$1" "address add $a dev $2" ;;
		esac
	done
	say "$1" "link set dev $2 up"
}

# What not every scenario wants.
net_wanted() {
	case $1 in
	isp | edge) [[ $isp ]] ;;
	mate) [[ $mate ]] ;;
	zoo?) [[ $zoo != no ]] ;;
	esac
}

# Whether a network has IPv6.
net_has_v6() {
	[[ $ipv6 == yes || $1 != @(client|mate) ]]
}

net_plan() {
	local name router p4 p6 hosts h behind b addresses
	while read -r name router p4 p6 hosts; do
		[[ $name ]] && net_wanted "$name" || continue
		[[ $name != zoo? ]] || hosts="${zoo_hosts//,/ } 200"
		v4[$name]=$p4 v6[$name]=$p6 router_of[$name]=$router addresses=(fe80::2/64)
		for h in $hosts; do
			addresses+=("$p4.$h/24")
			! net_has_v6 "$name" || addresses+=("$p6::$h/64")
		done
		links+="link add $name netns $router type veth peer name eth0 netns $name"$'\n'
		interface "$router" "$name" fe80::1/64 "$p4.1/24" "$p6::1/64"
		say "$name" "link set dev lo up"
		interface "$name" eth0 "${addresses[@]}"
		say "$name" "route add 0.0.0.0/0 via $p4.1"
		! net_has_v6 "$name" || say "$name" "route add ::/0 via $p6::1"
	done <<<"$nets"
	while read -r router name p4 p6 behind; do
		[[ $router ]] && net_wanted "$router" || continue
		links+="link add $name netns $router type veth peer name $router netns $name"$'\n'
		interface "$router" "$name" fe80::2/64 "$p4.2/24" "$p6::2/64"
		interface "$name" "$router" fe80::1/64 "$p4.1/24" "$p6::1/64"
		say "$router" "route add 0.0.0.0/0 via $p4.1"
		say "$router" "route add ::/0 via $p6::1"
		for b in $behind; do
			net_wanted "$b" || continue
			say "$name" "route add ${v4[$b]}.0/24 via $p4.2"
			say "$name" "route add ${v6[$b]}::/64 via $p6::2"
		done
	done <<<"$uplinks"
}

# dark NETWORK HOST: from net_close on, packets for it vanish at its router without a word.
dark() {
	darkness[${router_of[$1]}]+="route add blackhole ${v4[$1]}.$2/32"$'\n'
	darkness[${router_of[$1]}]+="route add blackhole ${v6[$1]}::$2/128"$'\n'
}

net_raise() {
	local ns
	local -A job=()
	net_plan
	for ns in "${!batch[@]}"; do
		ip netns add "$ns" || return
	done
	ip -batch - <<<"$links" || return
	for ns in "${!batch[@]}"; do
		in_net "$ns" ip -batch - <<<"${batch[$ns]}" &
		job[$ns]=$!
	done
	for ns in near core far edge; do
		net_wanted $ns || continue
		in_net "$ns" bash -c 'echo 1 >/proc/sys/net/ipv4/ip_forward &&
			echo 1 >/proc/sys/net/ipv6/conf/all/forwarding' || return
	done
	for ns in "${!job[@]}"; do
		wait "${job[$ns]}" || return
	done
}

# Once the servers were seen to answer: firewalls, darkness.
net_close() {
	local ns
	for ns in "${!darkness[@]}"; do
		in_net "$ns" ip -batch - <<<"${darkness[$ns]}" || return
	done
	delayer_start && firewalls_raise
}
