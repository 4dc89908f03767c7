#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# JSON by doc/schema.json, with no key that it does not name: of all saved runs, and of runs in the lab.
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=tests/scenario/tap.bash
. tests/scenario/tap.bash

dnsfault=${DNSFAULT:-build/dnsfault}
[[ -x $dnsfault ]] || tap_skip_all "there is no $dnsfault"
python3 -c 'import jsonschema' 2>/dev/null || tap_skip_all 'there is no python3-jsonschema'

# valid WHAT FILE…: a line of the test, and of each that is not.
valid() {
	local what=$1 got
	shift
	got=$(tests/lint/schema.py "$@" | grep -v '^ok')
	is "$got" '' "$what: $# documents"
}

for tape in tests/fixtures/*/*.jsonl; do
	"$dnsfault" judge --json "$tape" >"$tap_dir/$(basename "${tape%/*}")-$(basename "$tape" .jsonl).json"
done
for other in neighbour away; do
	"$dnsfault" judge --json tests/fixtures/vantages/here.jsonl tests/fixtures/vantages/$other.jsonl \
		>"$tap_dir/vantages-$other-too.json"
done
valid 'saved runs' "$tap_dir"/*.json

# Schemas that let everything through would be of no use.
document=$tap_dir/source-port-filter-bad.json
sed 's/"state": *"[a-z]*"/"state": "perhaps"/' "$document" >"$tap_dir/state.bad"
sed 's/"schema": *1,/"schema": 1, "colour": "red",/' "$document" >"$tap_dir/key.bad"
sed '/"command":/d' "$document" >"$tap_dir/missing.bad"
for bad in state key missing; do
	is "$(tests/lint/schema.py "$tap_dir/$bad.bad" | grep -c '^not ok')" 1 "a wrong $bad is told"
done

rm -f "$tap_dir"/*.json
# run FILE SCENARIO ARGUMENT…
run() {
	local file=$tap_dir/$1.json scenario=$2
	shift 2
	# shellcheck disable=SC2086 # a list of words
	timeout 300 lab/lab $scenario -- "$dnsfault" "$@" --json --rate 0 >"$file" 2>/dev/null
}
run diagnose story-far live.com MX &
run path story-far path 203.0.113.11 --ports 1-60 -q live.com &
run tree signed tree live.com &
wait
run shapes shapes shapes 203.0.113.11 -q live.com &
run mail mail mail live.com &
run resolver story-far resolver &
wait
valid 'runs in the lab' "$tap_dir"/*.json

# Lines as they happen: what came when, and the document at the end.
timeout 300 lab/lab story-far -- "$dnsfault" ports 203.0.113.11 -q live.com --ports 1020-1026 --jsonl --rate 0 |
	python3 -c '
import json, sys, time
times, lines = [], []
for line in sys.stdin:
    times.append(time.monotonic())
    lines.append(json.loads(line))
with open(sys.argv[1], "w", encoding="utf-8") as out:
    json.dump(lines[-1]["report"], out)
found = [line["finding"] for line in lines if "finding" in line]
print("head" if "tape" in lines[0] else "no head", "packets" if lines[1]["r"] else "none",
    "same" if found == lines[-1]["report"]["findings"] else "other",
    "early" if times[-1] - times[0] > 0.5 else "late")
' "$tap_dir/lines.json" >"$tap_dir/lines"
is "$(<"$tap_dir/lines")" 'head packets same early' 'lines come while the run goes on'
valid 'the last line' "$tap_dir/lines.json"
"$dnsfault" ports 192.0.2.1 --json --jsonl >/dev/null 2>&1
is "$?" 2 'two forms at once are refused'
tap_end
