#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What dnsfault says of each scenario, compared with verdicts.tsv. Words given select rows.
cd "$(dirname "$0")/../.." || exit
. tests/scenario/tap.bash

dnsfault=${DNSFAULT:-build/dnsfault}
[[ -x $dnsfault ]] || tap_skip_all "no $dnsfault"

# run NUMBER SCENARIO ARGUMENTS: the lab's addresses are private, so there is no limit on the rate.
run() {
	# shellcheck disable=SC2086 # lists of words
	timeout 300 lab/lab $2 -- "$dnsfault" $3 --rate 0 --json >"$tap_dir/$1.json" 2>"$tap_dir/$1.err"
	echo $? >"$tap_dir/$1.exit"
}

mapfile -t rows < <(grep -v '^#' tests/scenario/verdicts.tsv | grep -F -e "${1-}")
for i in "${!rows[@]}"; do
	IFS=$'\t' read -r scenario args _ <<<"${rows[i]}"
	slots 5
	run "$i" "$scenario" "$args" &
done
wait

for i in "${!rows[@]}"; do
	IFS=$'\t' read -r scenario args expected <<<"${rows[i]}"
	got=$(tests/scenario/verdict <"$tap_dir/$i.json" 2>&1 | tail -1)$'\t'$(<"$tap_dir/$i.exit")
	# A column may be a pattern, where chance has a say: @(-|rate-limited:notice).
	# shellcheck disable=SC2053
	[[ $got != $expected ]] || expected=$got
	is "$got" "$expected" "$scenario: dnsfault $args"
	[[ $got == "$expected" ]] || sed 's/^/#   /' "$tap_dir/$i.err" | tail -5
done
tap_end
