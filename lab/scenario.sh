# SPDX-License-Identifier: GPL-3.0-or-later
# Reads what a scenario says: the keys below, and the changes to zones.
# shellcheck shell=bash disable=SC2154 # names of the other parts, keys of a scenario

# key   default   meaning
readonly keys='
near_block      -        UDP source ports that the near router drops, as in 1-52,54-1023
near_loss       0        per cent of all UDP queries that it drops besides, at random
far_block       -        the same at the far router
far_loss        0
off             -        what is dark: root, tld, google, ultra, site (all far servers), ns1 … ns4
down            -        far servers whose machine is up and whose server is not (ICMP says so)
resolver        unbound  unbound, named or none, at 127.0.0.1 on the client
resolver_ports  -        one range of source ports for it, as in 610-690; -: its own choice
far_make        knot,nsd,knot,pdns  makes of the far servers: knot, named, nsd, pdns
far_rrl         -        replies a second to which each far server limits a client (BIND, NSD, Knot)
far_cookies     no       yes: far servers that know DNS cookies hand them out, and exempt by them
liar            -        far servers that lie before they tell the truth (ns1 … ns4)
liar_only       0        per cent of their answers that are nothing but lies
'
edits=()   # "SERVER ZONE SED"
without=() # "SERVER ZONE"

scenario_keys() {
	local key value meaning
	while read -r key value meaning; do
		[[ -z $key ]] || printf '  %-15s %-9s %s\n' "$key" "$value" "$meaning"
	done <<<"$keys"
}

# edit SERVER ZONE SED: those servers (a pattern) serve the zone changed so.
edit() {
	edits+=("$*")
}

# unserved SERVER ZONE: those servers do not know the zone.
unserved() {
	without+=("$1 $2")
}

# The zone as that server is to serve it.
scenario_zone() {
	local server=$1 zone=$2 file=$here/zones/$2.zone script='' e s z sed
	[[ $zone != . ]] || file=$here/zones/root.zone
	for e in "${edits[@]}"; do
		read -r s z sed <<<"$e"
		# shellcheck disable=SC2053 # a pattern
		[[ $server == $s && $zone == "$z" ]] && script+=$sed$'\n'
	done
	sed -e "$script" "$file"
}

scenario_serves() {
	local w s z
	for w in "${without[@]}"; do
		read -r s z <<<"$w"
		# shellcheck disable=SC2053
		[[ $1 == $s && $2 == "$z" ]] && return 1
	done
	return 0
}

scenario_set() {
	local key value _
	while read -r key value _; do
		[[ $key != "${1%%=*}" ]] || { printf -v "$key" %s "${1#*=}" && return; }
	done <<<"$keys"
	die 2 "no such key: ${1%%=*}"
}

scenario_check() {
	local key
	for key in near_block near_loss far_block far_loss far_rrl resolver_ports liar_only; do
		[[ ${!key} != - ]] || printf -v "$key" %s ''
		[[ ${!key} =~ ^[0-9,\ -]*$ ]] || die 2 "$key: not numbers: ${!key}"
	done
	for key in off down liar far_make; do
		[[ ${!key} != - ]] || printf -v "$key" %s ''
		printf -v "$key" %s " ${!key//,/ } "
	done
	[[ $far_make =~ ^(\ (knot|named|nsd|pdns)){4}\ $ ]] || die 2 "far_make: four of knot, named, nsd, pdns"
	[[ $far_cookies =~ ^(yes|no)$ ]] || die 2 "far_cookies: yes or no"
	[[ $resolver =~ ^(unbound|named|none)$ ]] || die 2 "resolver: unbound, named or none"
}

# scenario_read SCENARIO [KEY=VALUE…] [-- COMMAND…]
scenario_read() {
	local key value _
	scenario=$1
	[[ $scenario =~ ^[a-z0-9-]+$ && -f $here/scenarios/$scenario ]] ||
		die 2 "no such scenario: $scenario (lab/lab --list)"
	while read -r key value _; do
		[[ -z $key ]] || printf -v "$key" %s "$value"
	done <<<"$keys"
	# shellcheck disable=SC1090
	. "$here/scenarios/$scenario"
	shift
	while [[ $# -gt 0 && $1 != -- ]]; do
		[[ $1 == *=* ]] || die 2 "not KEY=VALUE: $1 (the command comes after --)"
		scenario_set "$1"
		shift
	done
	scenario_check
	command=("${@:2}")
	[[ ${#command[@]} -gt 0 ]] || command=("${SHELL:-/bin/bash}")
}
