#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Each scenario does what it says: paths.tsv is compared with what comes back from many ports. Words given
# select rows.
cd "$(dirname "$0")/../.." || exit
. tests/scenario/tap.bash

readonly far='203.0.113.11/live.com 203.0.113.12/live.com 203.0.113.13/live.com 203.0.113.14/live.com
	2001:db8:f::11/live.com 2001:db8:f::14/live.com'
readonly controls='198.51.100.4/com 198.18.3.20/amazon.com 2001:db8:d::21/ultradns.net'

# On the client: prints "SILENT-AT-FAR SILENT-AT-CONTROLS LIVE GOOGLE", several values joined by /.
look() {
	local far_set=$1 control_set=$2 rounds=$3
	# shellcheck disable=SC2086 # lists of words
	{
		values tests/scenario/sample --around "$far_set" --rounds "$rounds" $far
		values tests/scenario/sample --around "$control_set" --also "$far_set" --rounds "$rounds" $controls
		values status live.com MX
		values status google.com A
	} | paste -sd ' '
}

values() {
	"$@" | sort -u | paste -sd /
}

status() {
	dig "$@" +tries=1 +time=15 | awk '/status:/ { sub(",", "", $6); s = $6 } END { print s ? s : "silent" }'
}

if [[ ${1-} == --look ]]; then
	look "${@:2}"
	exit
fi

# ports_of COLUMN: those that may be silent, whatever the address family.
ports_of() {
	grep -o '[0-9][0-9,-]*$' <<<"$1"
}

# row SCENARIO SILENT OTHER: the scenario may have KEY=VALUEs behind it.
row() {
	local scenario=$1 rounds=3
	[[ $scenario != loss* ]] || rounds=12
	# shellcheck disable=SC2086
	lab/lab $scenario -- "$0" --look "$(ports_of "$2")" "$(ports_of "$3")" "$rounds" >"$tap_dir/$scenario" 2>&1
}

rows=$(grep -v '^#' tests/scenario/paths.tsv | grep -F -e "${1-}")
while IFS=$'\t' read -r scenario silent other _; do
	slots 4
	row "$scenario" "$silent" "$other" &
done <<<"$rows"
wait

while IFS=$'\t' read -r scenario expected; do
	got=$(<"$tap_dir/$scenario")
	read -r f c l g <<<"$expected"
	[[ $l != '*' ]] || got=$(awk '{ $3 = "*" } 1' <<<"$got")
	[[ $g != '*' ]] || got=$(awk '{ $4 = "*" } 1' <<<"$got")
	is "$got" "$f $c $l $g" "$scenario"
done <<<"$rows"

got=$(lab/lab story-far -- dig -b 0.0.0.0#53 @203.0.113.12 live.com MX +short)
is "$got" '10 mail.live.com.' "dig -b, port 53, beside a resolver that listens there"
tap_end
