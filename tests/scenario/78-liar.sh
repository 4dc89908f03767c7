#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The servers of the zoo of query shapes misbehave as liar.tsv says, and their good twins do not: asked without
# dnsfault, so that a disagreement about them is its own. Words given select rows.
cd "$(dirname "$0")/../.." || exit
. tests/scenario/tap.bash

declare -A host=()
n=11
while IFS=$'\t' read -r row _; do
	host[$row]=$((n++))
done < <(grep -v '^#' lab/shapes.tsv)

# Wrong checksums are counted for the whole client, and one guard blocks all of it, so those rows come one after the
# other, when all else is over.
readonly alone='^(badsum|ids-near)$'
mapfile -t rows < <(grep -v '^#' tests/scenario/liar.tsv | grep -F -e "${1-}" | awk -F '\t' -v alone="$alone" '$1 !~ alone')
mapfile -t last < <(grep -v '^#' tests/scenario/liar.tsv | grep -F -e "${1-}" | awk -F '\t' -v alone="$alone" '$1 ~ alone')

# questions ROW…: the lines of shape-ask.
questions() {
	local zone server probe address
	while IFS=$'\t' read -r zone server probe _; do
		case $server in
		ns?) address=198.18.$((4 + ${server#ns})).${host[$zone]} ;;
		ns?-6) address=2001:db8:1$((4 + ${server:2:1}))::${host[$zone]} ;;
		*) continue ;;
		esac
		echo "$address $zone.com $probe"
	done < <(printf '%s\n' "$@")
}

questions "${rows[@]}" >"$tap_dir/all"
questions "${last[@]}" >"$tap_dir/last"
# shellcheck disable=SC2016 # for the shell on the client
lab/lab shapes -- sh -c 'tests/scenario/shape-ask <"$0/all"; SHAPE_ASK_JOBS=1 tests/scenario/shape-ask <"$0/last"
	cat /run/lab/zoo?/liar.log >&2' "$tap_dir" >"$tap_dir/answers" 2>"$tap_dir/err"
n=0
while IFS=$'\t' read -r zone server probe expected; do
	n=$((n + 1))
	is "$(sed -n ${n}p "$tap_dir/answers")" "$expected" "$zone: $server: $probe"
done < <(printf '%s\n' "${rows[@]}" "${last[@]}" | grep .)
[[ ! -s $tap_dir/err ]] || diag "$(head -n 20 "$tap_dir/err")"

# Each row of the zoo is asked for, both servers of it.
is "$(grep -v '^#' lab/shapes.tsv | cut -f 1 | while read -r zone; do
	for server in ns1 ns2; do grep -q "^$zone	$server	" tests/scenario/liar.tsv || echo "$zone $server"; done
done)" '' "all rows of the zoo are asked for"
tap_end
