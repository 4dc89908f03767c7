#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Resolvers that have just failed, and whose servers are back: who remembers, and what dnsfault says.
cd "$(dirname "$0")/../.." || exit
. tests/scenario/tap.bash

dnsfault=${DNSFAULT:-build/dnsfault}
[[ -x $dnsfault ]] || tap_skip_all "no $dnsfault"

# resolver, verdict as "verdict" prints it
readonly rows='
pdns   fault	resolver	resolver-remembers	4:-
named  fault	resolver	resolver-remembers	4:-
kresd  ok	none	-	4:-
'

while read -r resolver _; do
	[[ $resolver ]] || continue
	slots 3
	timeout 300 lab/lab clean resolver="$resolver" -- tests/scenario/remember live.com MX "$dnsfault" live.com MX --rate 0 --json \
		>"$tap_dir/$resolver.json" 2>"$tap_dir/$resolver.err" &
done <<<"$rows"
wait

while read -r resolver expected; do
	[[ $resolver ]] || continue
	is "$(tests/scenario/verdict <"$tap_dir/$resolver.json" 2>&1 | tail -1)" "$expected" "$resolver"
done <<<"$rows"
tap_end
