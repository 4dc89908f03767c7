# SPDX-License-Identifier: GPL-3.0-or-later
# Reads what a scenario says: the keys below, and the changes to zones.
# shellcheck shell=bash disable=SC2154 # names of the other parts, keys of a scenario

# key   default   meaning
readonly keys='
off             -        what is dark: root, tld, google, ultra, site (all far servers), ns1 … ns4
no_tcp          -        servers over TCP of which nothing is heard: root, tld, ns1 … ns4
down            -        far servers whose machine is up and whose server is not (ICMP says so)
resolver        unbound  unbound, named, pdns, kresd, dnsmasq or none, at 127.0.0.1 on the client
resolver_ports  -        its source ports, as in 610-690,700, said in its own way; -: its own choice
resolver_fixed  -        its one source port
resolver_lines  -        lines for its configuration besides; \n ends one
resolver_lacks  -        sha1: its cryptography verifies no signature with SHA-1 (unbound; needs cc)
resolver_patience short  short: unbound and pdns give up within seconds; own: as each make comes
kernel_ports    -        the range of the client kernel, as in 40000-40999
kernel_reserved -        ports that the client kernel gives to nobody who does not name them
isp             -        unbound, named, pdns or kresd at the provider; dnsmasq asks it (then: unbound)
mate            -        unbound, named or pdns on a second host behind near, with the same ports, kept busy
ipv6            yes      no: the client and its mate have none
far_make        -        makes of the far servers: knot, named, nsd, pdns; -: knot,nsd,knot,pdns (signed: named, no pdns)
recursor        -        servers of named that look names up for anybody besides: google, ns1 … ns4
rrl             0        the far servers limit answers to so many a second (pdns cannot)
cookies         -        yes, no: the far servers know DNS cookies; -: as they come (pdns: never)
liar            -        far servers that lie before they tell the truth (ns1 … ns4)
liar_how        lies     lies, or path: no lie, but late, doubled, disordered, from other ports
liar_only       0        per cent of their answers that are nothing but lies (path: that are lost)
delay           -        ms by which servers are late; 10-80: each by a time of its own in that range
far_delay       -        the same of the far servers alone
forger          0        forged ICMP errors a second that the core router sends the client
signed          no       yes: the zones of breaks.tsv are signed, and the resolver validates
zoo             no       zones below com with a defect each, after zoo.tsv: yes, or a pattern of their names
shapes          no       zones below com with a misbehaving server each, after shapes.tsv: yes, or a pattern
shapes_table    -        a file with rows like those of shapes.tsv, instead of it
mail            no       the zones below com are those of mail.tsv instead, for dnsfault mail; implies zoo=yes
many            0        so many zones below com on the servers of many.tsv, a tenth of them with a fault; implies zoo=yes
break           -        what is wrong with signatures: names of breaks.tsv; implies signed=yes
'
edits=()   # "SERVER ZONE SED"
without=() # "SERVER ZONE"
declare -A defaults # key -> value

scenario_keys() {
	local key value meaning
	while read -r key value meaning; do
		[[ -z $key ]] || printf '  %-17s %-8s %s\n' "$key" "$value" "$meaning"
	done <<<"$keys"
	printf '\nand near_RULE, core_RULE, far_RULE, edge_RULE, what that router does; RULEs with their values:\n\n'
	while read -r key value meaning; do
		[[ -z $key ]] || printf '  %-15s %-16s %s\n' "$key" "$value" "$meaning"
	done <<<"$rules"
}

# Each key with its default, a line each.
scenario_defaults() {
	local name value place
	while read -r name value _; do
		[[ -z $name ]] || echo "$name $value"
	done <<<"$keys"
	for place in near core far edge; do
		while read -r name _; do
			[[ -z $name ]] || echo "${place}_$name -"
		done <<<"$rules"
	done
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
	local more=()
	[[ $zone != . ]] || file=$here/zones/root.zone
	[[ $signed != yes || ! -f $here/zones/$zone.more ]] || more=("$here/zones/$zone.more")
	for e in "${edits[@]}"; do
		s=${e%% *} sed=${e#* }
		z=${sed%% *} sed=${sed#* }
		# shellcheck disable=SC2053 # a pattern
		[[ $server == $s && $zone == "$z" ]] && script+=$sed$'\n'
	done
	[[ -f $file ]] || file=$state/zoo/$zone.zone
	sed -e "$script" "$file" "${more[@]}"
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
	[[ ${defaults[${1%%=*}]-} ]] || die 2 "no such key: ${1%%=*}"
	printf -v "${1%%=*}" %s "${1#*=}"
}

# What a value has to look like, besides - for none: by key, without the place.
ports='[0-9, -]*'
declare -rA forms=(
	[block]=$ports [block6]=$ports [tcp_block]=$ports [reject]=$ports [reply_block]=$ports
	[police]='[0-9,-]+@[0-9]+(/[0-9]+)?' [hash]='[1-9][0-9]*' [flows]='[0-9]+@[0-9]+' [loss]='[0-9]+'
	[nat]='low|plain' [intercept]='yes|v4|v6' [without]='v4|v6' [client]='[0-9a-f:.,/]+' [swap]='[0-9]+:[0-9]+(,[0-9]+:[0-9]+)*' [resolver_ports]=$ports [liar_only]='[0-9]+'
	[rrl]='[0-9]+' [forger]='[0-9]+' [cookies]='yes|no' [liar_how]='lies|path'
	[resolver]='unbound|named|pdns|kresd|dnsmasq|none' [isp]='unbound|named|pdns|kresd' [ipv6]='yes|no' [mate]='unbound|named|pdns'
	[resolver_fixed]='[0-9]+' [resolver_patience]='short|own' [resolver_lacks]='sha1' [kernel_ports]='[0-9]+(-[0-9]+)?'
	[kernel_reserved]=$ports [signed]='yes|no' [mail]='yes|no' [many]='[0-9]{1,4}' [delay]='[0-9]+(-[0-9]+)?' [zoo]='[]a-z0-9|@()*?[-]+' [shapes]='[]a-z0-9|@()*?[-]+' [break]='[a-z0-9,-]+'
)

scenario_check() {
	local key shape
	for key in "${!defaults[@]}"; do
		[[ ${!key} != - ]] || printf -v "$key" %s ''
		shape=${forms[${key/#@(near|core|far|edge)_/}]-.*}
		[[ -z ${!key} || ${!key} =~ ^($shape)$ ]] || die 2 "$key: must look like $shape: ${!key}"
	done
	[[ -z $break ]] || signed=yes
	[[ $far_make ]] || case $signed in
	yes) far_make=knot,nsd,knot,named ;;
	*) far_make=knot,nsd,knot,pdns ;;
	esac
	for key in off down no_tcp liar recursor far_make; do
		printf -v "$key" %s " ${!key//,/ } "
	done
	[[ $far_make =~ ^(\ (knot|named|nsd|pdns)){4}\ $ ]] || die 2 "far_make: four of knot, named, nsd, pdns"
	resolver_check
	zoo_read
	signing_check
}

# scenario_read SCENARIO [KEY=VALUE…] [-- COMMAND…]
scenario_read() {
	local key value
	scenario=$1
	[[ $scenario =~ ^[a-z0-9-]+$ && -f $here/scenarios/$scenario ]] ||
		die 2 "no such scenario: $scenario (lab/lab --list)"
	while read -r key value; do
		printf -v "$key" %s "$value"
		defaults[$key]=$value
	done < <(scenario_defaults)
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
