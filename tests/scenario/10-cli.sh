#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Exit codes and streams of the verbs that need no network.
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=tests/scenario/tap.bash
. tests/scenario/tap.bash

dnsfault=${DNSFAULT:-build/dnsfault}
[[ -x $dnsfault ]] || tap_skip_all "there is no $dnsfault"

# runs CODE STREAM PATTERN ARGUMENT...: exit code, and a line of out or err that matches
runs() {
	local code=$1 stream=$2 pattern=$3
	shift 3
	"$dnsfault" "$@" >"$tap_dir/out" 2>"$tap_dir/err" </dev/null
	is "$?" "$code" "dnsfault $* exits with $code"
	is "$(grep -c -e "$pattern" "$tap_dir/$stream" | sed 's/^[1-9].*/yes/')" yes \
		"dnsfault $* says $pattern"
}

good=$tap_dir/good.jsonl
answered='"o":"answered","brief":true,"id":1,"sent":5,"done":9,"len":12,"head":"000184000000000000000000"'
{
	echo '{"tape":1,"command":"ports"}'
	echo '{"r":"sweep","to":"192.0.2.1#53","src":"*#1024","q":"example.","t":"SOA",'"$answered"'}'
} >"$good"
echo '{"tape":1}nonsense' >"$tap_dir/bad.jsonl"
echo '{"tape":1,"command":"ports"}' >"$tap_dir/empty.jsonl"

runs 0 out '^dnsfault [0-9]' --version
runs 0 out '^Usage:' --help
runs 0 out '^Usage:' help
runs 0 out 'Usage: dnsfault ports' help ports
runs 0 out 'Usage: dnsfault judge' judge --help
runs 2 err 'did you mean ports' help port
runs 2 err 'dnsfault: give a name'
runs 0 out '^source-port-filter' explain
runs 0 out '^source-port-filter: ' explain source-port-filter
runs 2 err 'did you mean stale-glue' explain stale-gleu
runs 2 err 'there is no such id' explain nothing-like-it
runs 2 err 'there is no option' explain --nothing
runs 0 out '^# source-port-filter' explain --man
runs 2 err 'FILE' judge
runs 2 err 'No such file' judge "$tap_dir/none.jsonl"
runs 2 err 'line 1' judge "$tap_dir/bad.jsonl"
runs 3 out 'id="vantages"' judge --html - "$good" "$good"
runs 3 out '"vantages"' judge --json "$good" "$good"
runs 3 out '^undecided: ' judge "$tap_dir/empty.jsonl"
runs 3 out '^undecided: ' judge "$good"
runs 3 out '"state": *"undecided"' judge --json "$good"

"$dnsfault" explain >/dev/full 2>"$tap_dir/err"
is "$?" 4 'output that cannot be written exits with 4'
is "$(wc -l <"$tap_dir/err")" 1 'and says so in a line'
"$dnsfault" judge - <"$good" >"$tap_dir/out"
is "$?" 3 'facts are read from standard input'
is "$("$dnsfault" explain | cat -v | grep -c '\^\[')" 0 'no colours in a pipe'

tap_end
