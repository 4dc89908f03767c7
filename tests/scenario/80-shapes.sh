#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What dnsfault says of query shapes: of each faulty server of lab/shapes.tsv its id and no other, of the good twin
# and of servers as they come nothing; without loss and where one query in ten is lost. Of thirty servers with two
# faults, both. Prints the confusion matrix. Words given select rows by parts of their names; pair: the pairs.
# Verdicts are right with a probability, servers may be late on a busy machine, and there are two hundred rows: those
# that come out wrong are looked at once more, told of, and may not be many.
cd "$(dirname "$0")/../.." || exit
. tests/scenario/tap.bash

readonly losses='0 10'
readonly pairs=30 pairs_least=28 pairs_seed=${SHAPES_SEED:-6}
readonly plain='named:11 nsd:12 knot:13 pdns:14' # far servers, as they come
readonly at_once=${SHAPES_JOBS:-12}
readonly again_most=3 # rows, of one loss
dnsfault=${DNSFAULT:-build/dnsfault}

# job NAME ADDRESS ARGUMENT…: one run on the client.
job() {
	# shellcheck disable=SC2086 # words
	timeout 600 "$dnsfault" shapes "${@:2}" --json >"$out/$1.json" 2>"$out/$1.err" </dev/null
}

# On the client: runs the jobs of a file, "NAME ADDRESS ARGUMENT…" a line. What is counted for the whole machine, wrong
# checksums, needs it for itself; what blocks all of it for a while does so, and comes last.
readonly alone='^(badsum|ids-near) '
run_jobs() {
	local line
	out=$2
	while read -ra line; do
		slots "$at_once"
		job "${line[@]}" &
	done < <(grep -vE "$alone" "$1")
	wait
	while read -ra line; do
		job "${line[@]}"
	done < <(grep '^badsum ' "$1"; grep '^ids-near ' "$1")
}

if [[ ${1-} == --run ]]; then
	run_jobs "$2" "$3"
	exit
fi
"$dnsfault" help shapes >/dev/null 2>&1 || tap_skip_all "no $dnsfault that knows shapes"

wanted() {
	local word
	[[ $# -gt 1 ]] || return 0
	for word in "${@:2}"; do [[ $1 != *"$word"* ]] || return 0; done
	return 1
}

# The rows that are served, and those that are asked: good and relay are there always.
: >"$tap_dir/asked"
while IFS= read -r row; do
	name=${row%%$'\t'*}
	wanted "$name" "$@" && echo "$name" >>"$tap_dir/asked" || [[ $name == @(good|relay) ]] || continue
	echo "$row"
done < <(grep -v '^#' lab/shapes.tsv) >"$tap_dir/rows.tsv"
cp "$tap_dir/rows.tsv" "$tap_dir/table.tsv"
if wanted pair "$@"; then
	tests/scenario/shape-verdict pairs lab/shapes.tsv $pairs $pairs_seed >"$tap_dir/pairs.tsv"
	cat "$tap_dir/pairs.tsv" >>"$tap_dir/table.tsv"
fi

# jobs_of LOSS [WORD…]: the lines of run_jobs. Pairs are for a network that loses nothing.
jobs_of() {
	local name arguments n=10 how loss=$1
	shift
	while IFS=$'\t' read -r name _ arguments _; do
		n=$((n + 1))
		[[ $name != pair-* || $loss == 0 ]] || continue
		[[ $name == pair-* ]] || grep -qxF -e "$name" "$tap_dir/asked" || continue
		[[ $arguments != - ]] || arguments=
		[[ $arguments == *-q* ]] && how=${arguments//@/$name.com} || how="-q $name.com $arguments"
		[[ $arguments == *--rate* ]] || how+=' --rate 0'
		echo "$name 198.18.5.$n $how"
		[[ $name == pair-* ]] || echo "$name~ 198.18.6.$n $how"
	done <"$tap_dir/table.tsv"
	for name in $plain; do
		! wanted "${name%:*}" "$@" || echo "plain-${name%:*} 203.0.113.${name#*:} -q live.com --rate 0"
	done
}

# got NAME LOSS: its ids.
got() {
	awk -F '\t' -v name="$1" '$1 == name { print $2 }' "$tap_dir/found.$2"
}

# got_both NAME LOSS: its ids and those of its good twin.
got_both() {
	echo "$(got "$1" "$2") | $(got "$1~" "$2")"
}

# look LOSS JOBS: has them run in a lab, and reads what there is by now.
look() {
	mkdir -p "$tap_dir/out.$1"
	lab/lab shapes shapes_table="$tap_dir/table.tsv" near_loss="$1" -- \
		env DNSFAULT="$dnsfault" "$0" --run "$2" "$tap_dir/out.$1" 2>"$tap_dir/err.$1"
	[[ ! -s $tap_dir/err.$1 ]] || diag "$(head -n 5 "$tap_dir/err.$1")"
	tests/scenario/shape-verdict found "$tap_dir/out.$1" >"$tap_dir/found.$1"
}

# wrong LOSS: rows that did not come out as the table has them, each with what was found instead.
wrong() {
	local name id said
	while IFS=$'\t' read -r name _ _ id _; do
		said=$(got_both "$name" "$1")
		! grep -qxF -e "$name" "$tap_dir/asked" || [[ $said == "$id | -" ]] || echo "$name $said"
	done <"$tap_dir/rows.tsv"
	while read -r name _; do
		said=$(got "$name" "$1")
		[[ $name != plain-* || $said == - ]] || echo "$name $said"
	done <"$tap_dir/jobs"
}

for loss in $losses; do
	jobs_of "$loss" "$@" >"$tap_dir/jobs"
	look "$loss" "$tap_dir/jobs"
	mapfile -t first < <(wrong "$loss")
	is "$((${#first[@]} <= again_most))" 1 "$loss % lost: ${#first[@]} rows need a second look"
	[[ ${#first[@]} -gt 0 ]] || continue
	diag "looked at again, $loss % lost:" "${first[@]}"
	printf '%s\n' "${first[@]}" |
		awk 'NR == FNR { again[$1]; again[$1 "~"]; next } $1 in again' - "$tap_dir/jobs" >"$tap_dir/again"
	SHAPES_JOBS=2 look "$loss" "$tap_dir/again"
done

while IFS=$'\t' read -r name _ _ id _; do
	grep -qxF -e "$name" "$tap_dir/asked" || continue
	for loss in $losses; do
		is "$(got_both "$name" "$loss")" "$id | -" "$name: $loss % lost"
	done
done <"$tap_dir/rows.tsv"
for name in $plain; do
	wanted "${name%:*}" "$@" || continue
	for loss in $losses; do
		is "$(got "plain-${name%:*}" "$loss")" - "${name%:*} as it comes: $loss % lost"
	done
done
if [[ -s $tap_dir/pairs.tsv ]]; then
	both=0
	while IFS=$'\t' read -r name server _ id _; do
		said=$(got "$name" 0)
		if [[ ,$said, == *",${id%,*},"* && ,$said, == *",${id#*,},"* ]]; then
			both=$((both + 1))
		else
			diag "$name ($server) is $id, but: $said"
		fi
	done <"$tap_dir/pairs.tsv"
	is "$((both >= pairs_least))" 1 "both faults are named in $both of $pairs pairs"
fi
# On standard error, which prove passes on.
mapfile -t matrix < <(tests/scenario/shape-verdict matrix "$tap_dir/rows.tsv" "$tap_dir"/found.0 "$tap_dir"/found.10)
diag "A cell: ids that belong there + others / at the good twin; for each loss of: $losses %" "${matrix[@]}"
tap_end
