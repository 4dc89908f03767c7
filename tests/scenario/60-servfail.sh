#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Does what infer/servfail says of lookups behind a filter of source ports happen? A few cases of
# bench/servfail, short, with an interval of 99.9%.
cd "$(dirname "$0")/../.." || exit
. tests/scenario/tap.bash

[[ -x build/tests/servfail_table ]] || tap_skip_all "no build/tests/servfail_table"

# make, share, addresses; the least and the most that may fail; ms that answered lookups are later by
# at least, and at most
cases='
pdns     0.5 2  0.01 0.7   100  1500
unbound  0.5 2  0    0.08   30   250
named    0.5 1  0    0.5   100  2500
kresd    1   1  0    0      40   700
dnsmasq  1   1  1    1       0     1
'
pattern=$(awk 'NF { printf "%s%s %s %s", n++ ? "|" : "", $1, $2, $3 }' <<<"$cases")
Z=3.29 WARM=5 SECONDS_EACH=25 JOBS=5 bench/servfail "^($pattern) [0-9]+$" >"$tap_dir/table" 2>&1

# of MAKE SHARE ADDRESSES: failed, the verdict, ms later.
of() {
	awk -F' *[|] *' -v make="$1" -v share="$2" -v n="$3" '$2 == make && $3 == share && $4 == n {
		split($7, fail, " "); split($12, later, " "); print fail[1], $9, later[1] }' "$tap_dir/table"
}

# within LOW X HIGH
within() {
	awk -v low="$1" -v x="$2" -v high="$3" 'BEGIN {
		print (x != "" && x >= low && x <= high) ? "yes" : x }'
}

while read -r make share n low high early late; do
	[[ $make ]] || continue
	read -r fail verdict later < <(of "$make" "$share" "$n")
	is "$verdict" inside "$make, $share of its ports, $n: predicted within what is measured"
	is "$(within "$low" "$fail" "$high")" yes "$make, $share, $n: share that fails"
	is "$(within "$early" "$later" "$late")" yes "$make, $share, $n: ms later"
done <<<"$cases"
diag "$(<"$tap_dir/table")"
tap_end
