#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Validation in signed labs: unbound, delv, unbound-host and dnsfault agree on each row of dnssec.tsv, or
# the row says why not. Words given select rows.
cd "$(dirname "$0")/../.." || exit
. tests/scenario/tap.bash
shopt -s extglob

dnsfault=${DNSFAULT:-build/dnsfault}
readonly table=tests/scenario/dnssec.tsv

# On the client, with NAME TYPE on stdin: what dnsfault says of each, "SECURITY IDS".
if [[ ${1-} == --ask ]]; then
	while read -r name type; do
		"$2" tree "$name" -t "$type" --rate 0 --json | tests/scenario/dnssec-verdict
	done
	exit
fi

# ask BREAK: its questions in one lab.
ask() {
	local key=break=$1
	[[ $1 != - ]] || key=signed=yes
	awk -F'\t' -v b="$1" '!/^#/ && $1 == b { print $2 }' <<<"$rows" >"$tap_dir/$1.ask"
	# shellcheck disable=SC2016 # for the lab's shell
	timeout 300 lab/lab signed "$key" -- bash -c 'tests/scenario/dnssec-ask <"$1.ask" >"$1.others"
		[[ ! $2 ]] || tests/scenario/70-dnssec.sh --ask "$2" <"$1.ask" >"$1.ours"' \
		- "$tap_dir/$1" "$have" >"$tap_dir/$1.err" 2>&1
}

# ids_fit GOT EXPECTED: says "yes", or what is missing or too much.
ids_fit() {
	local id want left=" ${1//,/ } " said=''
	for id in ${2//,/ }; do
		[[ $id != - ]] || continue
		want="* ${id#\?} *"
		# shellcheck disable=SC2254 # a pattern
		case $left in
		$want) left=${left/ ${id#\?} / } ;;
		*) [[ $id == \?* ]] || said+=" no $id" ;;
		esac
	done
	[[ -z ${left//[ -]/} ]] || said+=" and$left"
	echo "${said:-yes}"
}

# The verb may not be there.
have=$dnsfault
"$dnsfault" help tree >/dev/null 2>&1 || have=

rows=$(grep -v '^#' $table | grep -F -e "${1-}")
while read -r break; do
	slots 4
	ask "$break" &
done < <(cut -f1 <<<"$rows" | awk '!seen[$0]++')
wait

declare -A line=()
while IFS=$'\t' read -r break question resolver delv host ours ids why; do
	n=$((line[$break] += 1))
	read -r _ _ got_resolver ede got_delv got_host < <(sed -n ${n}p "$tap_dir/$break.others" 2>/dev/null)
	got="$got_resolver $got_delv $got_host"
	want="$resolver $delv $host"
	# shellcheck disable=SC2053 # patterns
	[[ $got != $want ]] || got="$resolver $delv $host"
	is "$got" "$resolver $delv $host" "$break: $question: unbound, delv, unbound-host (EDE $ede)"
	[[ -n $got_resolver ]] || diag "$(tail -n 5 "$tap_dir/$break.err")"
	agree="$resolver $delv $ours"
	[[ $agree != "$ours $ours $ours" || $ours == [@*]* ]] || agree=yes
	[[ $why == - ]] || agree=yes
	is "$agree" yes "$break: $question: all agree, or there is a reason"
	[[ $have ]] || continue
	read -r got_ours got_ids < <(sed -n ${n}p "$tap_dir/$break.ours" 2>/dev/null)
	# shellcheck disable=SC2053
	[[ $got_ours != $ours ]] || got_ours=$ours
	is "$got_ours" "$ours" "$break: $question: dnsfault"
	is "$(ids_fit "$got_ids" "$ids")" yes "$break: $question: findings"
done <<<"$rows"
[[ $have ]] || diag "no verb tree: only unbound and delv were asked"
tap_end
