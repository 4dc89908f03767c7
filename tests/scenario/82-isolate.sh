#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What makes a query fail: in the lab, of servers that drop one thing, or two together, the factors and no others; of
# their good twins that the query does not fail. The saved facts tell the same, and so does a saved query.
cd "$(dirname "$0")/../.." || exit
. tests/scenario/tap.bash

dnsfault=${DNSFAULT:-build/dnsfault}

# NAME, server, TYPE asked for, profile, factors (- at a twin, which is ns2).
readonly rows='
good		-		SOA	bind-9.18	-
relay		all:good	SOA	bind-9.18	-
iso-do		do:drop		SOA	unbound-1.17	do
iso-cookie	cookie:drop	MX	bind-9.18	option-10
iso-type	TLSA:drop	TLSA	pdns-rec-4.8	qtype
iso-error	TLSA:eservfail	TLSA	bind-9.18	qtype
iso-pair	do&cookie:drop	MX	bind-9.18	do,option-10
iso-edns	edns:formerr	SOA	dig-9.18	edns
'

# On the client: a result for each row, and the twin's.
run_rows() {
	local name server type profile n=10 net
	while read -r name server type profile _; do
		[[ -n $name ]] || continue
		n=$((n + 1))
		for net in 5 6; do
			"$dnsfault" shapes "198.18.$net.$n" -q "$name.com" -t "$type" --isolate "$profile" --rate 0 --json \
				--save "$1/$name.$net.tape" >"$1/$name.$net" </dev/null 2>"$1/err.$name.$net" &
		done
	done <<<"$rows"
	wait
	"$dnsfault" shapes 198.18.5.14 -q iso-cookie.com --isolate "$1/iso-cookie.5.tape" --rate 0 --json >"$1/again" \
		</dev/null 2>"$1/err.again"
}

if [[ ${1-} == --run ]]; then
	run_rows "$2"
	exit
fi
"$dnsfault" help shapes 2>/dev/null | grep -q -e --isolate || tap_skip_all "no $dnsfault that isolates"

# factors FILE: verdict and factors.
factors() {
	python3 -c 'import json, sys
x = json.load(sys.stdin)["isolation"]
print(x["verdict"], ",".join(x["factors"]) or "-")' <"$1" 2>&1 | tail -n 1
}

out=$tap_dir/out
mkdir "$out"
while read -r name server _; do
	[[ -z $name ]] || printf '%s\t%s\t-\tquery-isolated\tall:good\t-\n' "$name" "$server"
done <<<"$rows" >"$tap_dir/table.tsv"
lab/lab shapes shapes_table="$tap_dir/table.tsv" -- env DNSFAULT="$dnsfault" "$0" --run "$out" 2>"$tap_dir/err"
[[ ! -s $tap_dir/err ]] || diag "$(head -n 5 "$tap_dir/err")"
while read -r name _ _ _ want; do
	[[ -n $name ]] || continue
	[[ $want == - ]] && said='sound -' || said="found $want"
	is "$(factors "$out/$name.5")" "$said" "$name: $want"
	is "$(factors "$out/$name.6")" 'sound -' "$name: its twin answers"
	"$dnsfault" judge --json "$out/$name.5.tape" >"$tap_dir/judged"
	is "$(factors "$tap_dir/judged")" "$said" "$name: judged by its facts"
done <<<"$rows"
is "$(factors "$out/again")" 'found option-10' 'the failing query of a tape'
tap_end
