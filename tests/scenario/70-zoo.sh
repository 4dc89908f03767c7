#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The zones of the zoo have the defects that they are named after (zoo.tsv), servers are late and without TCP
# where a scenario wants it, and paths look the same when they are late. Words given select rows.
cd "$(dirname "$0")/../.." || exit
. tests/scenario/tap.bash

# On the client: "ADDRESS QUESTION…" a line; prints what came, a line each.
look() {
	local address question
	while read -r address question; do
		# shellcheck disable=SC2086 # words
		dig "@$address" $question +tries=1 +time=2 +norec 2>&1 | awk '
			function flag(f) { flags = flags (flags ? "," : "") f }
			/status:/ { sub(",", "", $6); status = $6 }
			/^;; flags:/ {
				n = split(" aa tc ra", want, " ")
				for (i = 1; i <= n; i++) if ($0 ~ " " want[i] "[ ;]") flag(want[i])
				match($0, /ANSWER: [0-9]+/); answers = substr($0, RSTART + 8, RLENGTH - 8)
			}
			/^; EDNS: version/ { flag("edns"); if (/MBZ/) flag("mbz") }
			/^; OPT=100/ { flag("opt") }
			/Transfer failed/ { status = "failed" }
			/XFR size/ { status = "transferred" }
			END {
				if (!status) print "silent"
				else if (status ~ /^[a-z]/) print status
				else print status, flags ? flags : "-", answers
			}'
	done
}

# On the client: the ms that dig waits for each server, then the routers on the way, as ICMP tells them.
late() {
	local server
	for server in 203.0.113.11 2001:db8:f::12 198.18.1.30; do
		dig "@$server" com SOA +tries=1 | awk '/Query time/ { print ($4 >= 20) ? "late" : $4 }'
	done | paste -sd ' '
	tests/scenario/hops 203.0.113.12
}

case ${1-} in
--look) look && exit ;;
--late) late && exit ;;
esac

rows=$(grep -v '^#' tests/scenario/zoo.tsv | grep -F -e "${1-}")
declare -A host=()
n=11
while IFS=$'\t' read -r row _; do
	host[$row]=$((n++))
done < <(grep -v '^#' lab/zoo.tsv)
while IFS=$'\t' read -r zone server question _; do
	case $server in
	ns1) address=198.18.5.${host[$zone]} ;;
	ns2) address=198.18.6.${host[$zone]} ;;
	com) address=198.18.1.30 ;;
	esac
	echo "$address ${question/@/$zone.com}"
done <<<"$rows" >"$tap_dir/questions"
lab/lab zoo -- "$0" --look <"$tap_dir/questions" >"$tap_dir/answers" 2>"$tap_dir/err"
n=0
while IFS=$'\t' read -r zone server question expected; do
	n=$((n + 1))
	is "$(sed -n ${n}p "$tap_dir/answers")" "$expected" "$zone: $server: $question"
done <<<"$rows"
[[ -s $tap_dir/answers ]] || diag "$(<"$tap_dir/err")"

plain=$(lab/lab clean -- tests/scenario/hops 203.0.113.12)
is "$(wc -w <<<"$plain")" 3 "three routers are on the way"
is "$(lab/lab clean delay=30 -- "$0" --late | paste -sd '|')" "late late late|$plain" \
	"with delay=30 answers are late, and come by the same routers"
is "$(lab/lab clean no_tcp=ns2 -- sh -c 'for s in 11 12; do
		dig @203.0.113.$s live.com MX +tcp +short +tries=1 +time=1 >/dev/null && echo $s; done
		dig @203.0.113.12 live.com MX +short')" $'11\n10 mail.live.com.' "with no_tcp=ns2 it answers over UDP only"
tap_end
