#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What "dnsfault tree" finds in the zones of the zoo and in signed labs, compared with trees.tsv; and whether
# each of its findings has a row. Words given select rows.
cd "$(dirname "$0")/../.." || exit
. tests/scenario/tap.bash

dnsfault=${DNSFAULT:-build/dnsfault}
readonly table=tests/scenario/trees.tsv

# What the lab cannot avoid, by lab, name and findings: its addresses are for documentation and benchmarks, its
# servers tell their version, most zones are not signed, and live.com is as it was before there was this verb.
# Rows with --test are compared whole.
readonly unavoidable='
zoo *     ns-address-unusable
zoo !(version-hidden.com) version-revealed
zoo !(s-*) dnssec-unsigned
!(zoo) *  ns-address-unusable,version-revealed,reverse-missing,soa-timers-out-of-range
'

# On the client: "FILE ARGUMENTS" a line; some side by side, since dead servers are waited for.
if [[ ${1-} == --ask ]]; then
	while read -r file args; do
		slots 6
		# shellcheck disable=SC2086 # words
		{ "$2" tree $args --seed 1 --rate 0 --json >"$file" 2>"$file.err" </dev/null; echo $? >"$file.exit"; } &
	done
	wait
	exit
fi

[[ -x $dnsfault ]] || tap_skip_all "no $dnsfault"
shopt -s extglob

# ignored SCENARIO ARGUMENTS: findings that are left out, with commas.
ignored() {
	local lab name ids found=
	[[ $2 != *--test* ]] || { echo - && return; }
	while read -r lab name ids; do
		# shellcheck disable=SC2053 # patterns
		[[ $lab && $1 == $lab && ${2%% *} == $name ]] && found+=,$ids
	done <<<"$unavoidable"
	echo "${found:1}"
}

# run SCENARIO: its rows in one lab.
run() {
	local lab="signed $1"
	[[ $1 != @(zoo|signed) ]] || lab=$1
	# shellcheck disable=SC2086 # words
	timeout 300 lab/lab $lab -- "$0" --ask "$dnsfault" <"$tap_dir/$1.ask" >"$tap_dir/$1.err" 2>&1
}

mapfile -t rows < <(grep -v '^#\|^none' $table | grep -F -e "${1-}")
for i in "${!rows[@]}"; do
	IFS=$'\t' read -r scenario args _ <<<"${rows[i]}"
	echo "$tap_dir/$i $args" >>"$tap_dir/$scenario.ask"
	echo "$tap_dir/$i $(ignored "$scenario" "$args")"
done >"$tap_dir/reports"
while read -r scenario; do
	slots 4
	run "$scenario" &
done < <(printf '%s\n' "${rows[@]}" | cut -f1 | awk '!seen[$0]++')
wait
tests/scenario/tree-verdict <"$tap_dir/reports" >"$tap_dir/lines"

for i in "${!rows[@]}"; do
	IFS=$'\t' read -r scenario args state where code ids _ <<<"${rows[i]}"
	got=$(sed -n $((i + 1))p "$tap_dir/lines")$'\t'$(cat "$tap_dir/$i.exit" 2>/dev/null)
	is "$got" "$state"$'\t'"$where"$'\t'"$ids"$'\t'"$code" "$scenario: dnsfault tree $args"
	[[ -s $tap_dir/$i ]] || diag "$(tail -n 3 "$tap_dir/$i.err" "$tap_dir/$scenario.err" 2>/dev/null)"
done
[[ ! ${1-} ]] || { tap_end && exit; }

# Each finding has a row in which it fires and a good twin in which it does not, or a reason.
declare -A fires=() reason=() tests=()
twins=0
while IFS=$'\t' read -r scenario args _ _ _ ids _; do
	if [[ $scenario == none ]]; then
		reason[$args]=x
		continue
	fi
	for id in ${ids//[,!~]/ }; do fires[$id]=x; done
	[[ $args != *--test\ * ]] || tests[${args#*--test }]+=" $ids"
	[[ $args != @(good.com|s-good.com|live.com) || $ids != - || $scenario != @(zoo|signed) ]] || twins=$((twins + 1))
done < <(grep -v '^#' $table)
is $twins 3 "nothing is found in the good twins"
while read -r id; do
	case "${fires[$id]:+fires} ${reason[$id]:+reason}" in
	"fires " | " reason") got=yes ;;
	"fires reason") [[ $unavoidable == *$id* ]] && got=yes || got="fires, for all the reason" ;;
	*) got="no row" ;;
	esac
	is "$got" yes "$id: has a row, or a reason"
done < <({
	cat src/check/cases/*.def | tr '\n' ' ' | grep -o 'TAG([^"]*"[a-z0-9-]*"'
	grep -oh '{ "[a-z0-9-]*", [a-z_]* }' src/check/tree.c src/check/dnssec.c
} | cut -d'"' -f2 | grep -vx 'passed\|noted' | sort -u)
while read -r id; do
	with=no without=no
	for key in "${!tests[@]}"; do
		[[ ${tests[$key]} != *" $id"* ]] || with=yes
		[[ ${tests[$key]} != *" $id"* || ${tests[$key]} != *" -"* ]] || without=yes
	done
	[[ ${reason[$id]-} ]] && without=reason with=yes
	is "$with ${without/reason/yes}" "yes yes" "$id: the lab cannot avoid it; rows with --test show both"
done < <(grep -o '[a-z-]*$' <<<"${unavoidable//,/$'\n'}" | sort -u)
tap_end
