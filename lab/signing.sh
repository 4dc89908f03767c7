# SPDX-License-Identifier: GPL-3.0-or-later
# Signed labs: what "signer" is to do to each zone of each server, after breaks.tsv and the scenario.
# shellcheck shell=bash disable=SC2154 # names of the other parts, keys of a scenario

signings=() # "SERVERS ZONE WORDS", the later ones win

# sign SERVERS ZONE WORD…: those servers (a pattern) serve the zone signed so, in a signed lab.
sign() {
	signings+=("$*")
}

# The rows of breaks.tsv with that name, as arguments of sign, a line each.
break_rows() {
	awk -F'\t' -v name="$1" '!/^#/ && $1 == name { print $2, $3, $4 }' "$here/breaks.tsv"
}

breaks_list() {
	awk -F'\t' '!/^#/ && $1 != "signed" && !seen[$1]++ { print $1 }' "$here/breaks.tsv"
}

# After the scenario was read; what it says itself comes last.
signing_check() {
	local name row all=() own=("${signings[@]}")
	[[ -z $break ]] || signed=yes
	[[ $signed == yes ]] || return 0
	for name in signed ${break//,/ }; do
		[[ $(break_rows "$name") ]] || die 2 "no such break: $name (there are: $(breaks_list | paste -sd ' '))"
		while read -r row; do all+=("$row"); done < <(break_rows "$name")
	done
	signings=("${all[@]}" "${own[@]}")
	[[ $far_make != *pdns* ]] || die 2 "far_make: pdns does not serve signed zones here"
	[[ $resolver == @(unbound|named|none) ]] || die 2 "resolver: only unbound and named validate here"
}

# signing_words SERVER ZONE: tabs between them; nothing for a zone that nobody signs.
signing_words() {
	local row s z words found=''
	for row in "${signings[@]}"; do
		s=${row%% *} words=${row#* }
		z=${words%% *} words=${words#* }
		# shellcheck disable=SC2053 # a pattern
		[[ $1 != $s || $2 != "$z" ]] || found+=$'\t'${words// /$'\t'}
	done
	echo "$found"
}

# server_plan SERVER NETWORK HOSTS MAKE ZONE…: writes its zones to be signed, prints their plan.
server_plan() {
	local server=$1 dir=$state/$1 words z
	mkdir -p "$dir"
	for z in "${@:5}"; do
		scenario_serves "$server" "$z" || continue
		words=$(signing_words "$server" "$z")
		[[ $words ]] || continue
		scenario_zone "$server" "$z" >"$dir/$z.unsigned"
		printf '%s\t%s\t%s%s\n' "$dir/$z.zone" "$z" "$dir/$z.unsigned" "$words"
	done
}

# Signs all zones, and leaves the trust anchor in the forms that programs want.
zones_sign() {
	local tag alg type digest
	[[ $signed == yes ]] || return 0
	each_server server_plan >$state/plan
	"$here/signer" --anchor $state/root.anchor <$state/plan || return
	read -r _ _ _ _ tag alg type digest <$state/root.anchor
	echo "trust-anchors { . static-ds $tag $alg $type \"$digest\"; };" >$state/bind.keys
	echo "trust-anchor = $state/root.anchor" >>$state/config/dnsfault/settings
	# For unbound-host, which asks from the root by itself.
	dir=$state more='' pool='' listen='' resolver_unbound >$state/unbound-host.conf
	export LAB_ANCHOR=$state/root.anchor LAB_BIND_KEYS=$state/bind.keys LAB_UNBOUND=$state/unbound-host.conf
}
