#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What a check of the tree says where servers lie, are dead or lose packets: tree-hostile.tsv. Words given select rows.
cd "$(dirname "$0")/../.." || exit
. tests/scenario/tap.bash

dnsfault=${DNSFAULT:-build/dnsfault}
[[ -x $dnsfault ]] || tap_skip_all "no $dnsfault"

# Harmful ids, others, and the number of queries, of a report on standard input.
digest() {
	python3 -c '
import json, sys
d = json.load(sys.stdin)
def ids(harms):
    return ",".join(sorted({f["id"] for f in d["findings"] if (f["effect"] != "cosmetic") == harms})) or "-"
print(ids(True), ids(False), d["queries"]["sent"], sep="\t")'
}

run() {
	# shellcheck disable=SC2086 # a list of words
	timeout 300 lab/lab $2 -- "$dnsfault" tree live.com --json 2>"$tap_dir/$1.err" | digest >"$tap_dir/$1.out" 2>&1
}

mapfile -t rows < <(grep -v '^#' tests/scenario/tree-hostile.tsv | grep -F -e "${1-}")
usual=$(grep -P '^clean\t' tests/scenario/tree-hostile.tsv | cut -f 3)
for i in "${!rows[@]}"; do
	slots 3
	run "$i" "${rows[i]%%$'\t'*}" &
done
wait

for i in "${!rows[@]}"; do
	IFS=$'\t' read -r scenario harmful others most <<<"${rows[i]}"
	IFS=$'\t' read -r got_harmful got_others queries <"$tap_dir/$i.out"
	others=$(tr , '\n' <<<"${others/=/$usual}" | LC_ALL=C sort | paste -sd ,)
	is "$got_harmful / $got_others" "$harmful / $others" "$scenario: findings"
	is "$((queries <= most))" 1 "$scenario: $queries queries"
done
tap_end
