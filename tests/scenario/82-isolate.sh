#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What makes a query fail: in the lab, of servers and filters that drop one thing, or two together, or two each for
# itself, the factors and no others; of their good twins that the query does not fail. The saved facts tell the same,
# and so does a saved query.
cd "$(dirname "$0")/../.." || exit
. tests/scenario/tap.bash

dnsfault=${DNSFAULT:-build/dnsfault}

# NAME, server, name to ask for below it, TYPE, profile or what to save first, factors (- at a twin, which is ns2), with
# | between causes. A name with 46 is asked at its addresses of both families.
readonly rows='
good		-			@	SOA	bind-9.18	-
relay		all:good		@	SOA	bind-9.18	-
iso-do		do:drop			@	SOA	unbound-1.17	do
iso-cookie	cookie:drop		@	MX	bind-9.18	option-10
iso-type	TLSA:drop		@	TLSA	pdns-rec-4.8	qtype
iso-error	TLSA:eservfail		@	TLSA	bind-9.18	qtype
iso-pair	do&cookie:drop		@	MX	bind-9.18	do,option-10
iso-edns	edns:formerr		@	SOA	dig-9.18	edns
iso-both	TLSA:drop+cookie:drop	@	TLSA	bind-9.18	qtype|option-10
iso-mixed	TLSA:eservfail+do:drop	@	TLSA	unbound-1.17	do|qtype
iso-ports	nft:sport=1024-32767,61000-65535	@	SOA	unbound-1.17	port
iso-kernel	nft:sport=1024-32767,61000-65535	@	SOA	bind-9.18	-
iso-tcp		nft:lowtcp		@	SOA	tcp-600		port,transport
iso-aaaa-46	nft:qtype6=28		@	AAAA	bind-9.18	qtype,server
iso-six-46	nft:six			@	AAAA	kresd-5.6	server
iso-good-46	nft:qtype6=65000	@	AAAA	kresd-5.6	-
iso-apart-46	nft:six+nft:qtype=28	@	AAAA	bind-9.18	qtype|server
'
# The same in a lab with signed zones.
readonly signed_rows='
good		-			@	SOA	bind-9.18	-
relay		all:good		@	SOA	bind-9.18	-
iso-answer-size-and-do	nft:over=530	nx.@	SOA	unbound-1.17	do,edns-size
iso-large	nft:over=950		mid.@	TXT	unbound-1.17	qtype,do,edns-size
'

# servers NAME HOST NET: the addresses that are asked.
servers() {
	echo "198.18.$3.$2"
	[[ $1 != *-46 ]] || echo "2001:db8:1$3::$2"
}

# isolate DIR HOST NET NAME QNAME TYPE HOW
isolate() {
	local out=$1/$4.$3 how=$7 list
	mapfile -t list < <(servers "$4" "$2" "$3")
	if [[ $how == tcp-* ]]; then
		"$dnsfault" ports "${list[0]}" -q "${5/@/$4.com}" --tcp --ports "${how#tcp-}" --no-locate --rate 0 \
			--save "$out.saved" >"$out.ports" </dev/null 2>&1
		how=$out.saved
	fi
	"$dnsfault" shapes "${list[@]}" -q "${5/@/$4.com}" -t "$6" --isolate "$how" --rate 0 --json --save "$out.tape" >"$out" \
		</dev/null 2>"$1/err.$4.$3"
}

# On the client: a result for each row, and the twin's.
run_rows() {
	local name server below type how n=10 net
	while read -r name server below type how _; do
		[[ -n $name ]] || continue
		n=$((n + 1))
		for net in 5 6; do
			[[ $how != tcp-* || $net == 5 ]] || continue # nothing fails there that could be saved
			isolate "$1" "$n" "$net" "$name" "$below" "$type" "$how" &
		done
	done <<<"$2"
	wait
}

# captured DIR: a query over TCP that fails, in a capture with one that does not.
captured() {
	local dump
	tcpdump -i any -U -w "$1/tcp.pcap" tcp port 53 >/dev/null 2>"$1/err.tcpdump" &
	dump=$!
	for _ in {1..50}; do
		! grep -q '^tcpdump: listening' "$1/err.tcpdump" || break
		sleep 0.1
	done
	dig +tcp +tries=1 +time=2 +nocookie @198.18.5.14 iso-cookie.com SOA >/dev/null
	dig +tcp +tries=1 +time=2 @198.18.5.14 iso-cookie.com SOA >/dev/null
	sleep 0.5
	kill $dump
	wait $dump
}

# saved DIR: the failing query of a tape and of a capture.
saved() {
	captured "$1"
	"$dnsfault" shapes 198.18.5.14 -q iso-cookie.com --isolate "$1/iso-cookie.5.tape" --rate 0 --json >"$1/again" \
		</dev/null 2>"$1/err.again"
	"$dnsfault" shapes 198.18.5.14 -q iso-cookie.com --isolate - --rate 0 --json >"$1/again.tcp" <"$1/tcp.pcap" \
		2>"$1/err.tcp"
}

case ${1-} in
--run)
	run_rows "$2" "$rows"
	saved "$2"
	exit
	;;
--run-signed)
	run_rows "$2" "$signed_rows"
	exit
	;;
esac
"$dnsfault" help shapes 2>/dev/null | grep -q -e --isolate || tap_skip_all "no $dnsfault that isolates"

# factors FILE: verdict, and the factors of each cause.
factors() {
	python3 -c 'import json, sys
x = json.load(sys.stdin)["isolation"]
print(x["verdict"], "|".join(",".join(c["factors"]) for c in x["causes"]) or "-")' <"$1" 2>&1 | tail -n 1
}

# more FILE: whether there is more.
more() {
	python3 -c 'import json, sys
print(json.load(sys.stdin)["isolation"].get("more", "none"))' <"$1" 2>&1 | tail -n 1
}

# table ROWS HOW: rows for the lab; HOW says how zones are signed.
table() {
	local name server
	while read -r name server _; do
		[[ -z $name ]] || printf '%s\t%s\t-\tquery-isolated\tall:good\t-\t%s\n' "$name" "$server" "$2"
	done <<<"$1"
}

# judge_rows ROWS: what came of them.
judge_rows() {
	local name how want said
	while read -r name _ _ _ how want; do
		[[ -n $name ]] || continue
		[[ $want == - ]] && said='sound -' || said="found $want"
		is "$(factors "$out/$name.5")" "$said" "$name: $want"
		is "$(more "$out/$name.5")" none "$name: and no more"
		[[ $how == tcp-* ]] || is "$(factors "$out/$name.6")" 'sound -' "$name: its twin answers"
		"$dnsfault" judge --json "$out/$name.5.tape" >"$tap_dir/judged"
		is "$(factors "$tap_dir/judged")" "$said" "$name: judged by its facts"
	done <<<"$1"
}

out=$tap_dir/out
mkdir "$out"
table "$rows" - >"$tap_dir/table.tsv"
lab/lab shapes shapes_table="$tap_dir/table.tsv" -- env DNSFAULT="$dnsfault" "$0" --run "$out" 2>"$tap_dir/err"
[[ ! -s $tap_dir/err ]] || diag "$(head -n 5 "$tap_dir/err")"
judge_rows "$rows"
is "$(factors "$out/again")" 'found option-10' 'the failing query of a tape'
is "$(factors "$out/again.tcp")" 'found option-10' 'the failing query of a capture, over TCP'
is "$(grep -c '"transport"' "$out/again.tcp")" 1 'which is a difference, too'
table "$signed_rows" nsec=nsec >"$tap_dir/table.tsv"
lab/lab shapes shapes_table="$tap_dir/table.tsv" signed=yes resolver=none far_make=named,nsd,knot,named -- \
	env DNSFAULT="$dnsfault" "$0" --run-signed "$out" 2>"$tap_dir/err"
[[ ! -s $tap_dir/err ]] || diag "$(head -n 5 "$tap_dir/err")"
judge_rows "$signed_rows"
tap_end
