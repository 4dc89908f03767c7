#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The verb tree as a command: usage, exit codes, options, saved facts, interruption.
cd "$(dirname "$0")/../.." || exit
. tests/scenario/tap.bash

dnsfault=${DNSFAULT:-build/dnsfault}

# py FILE EXPRESSION: of a report r, whose findings are f; "no JSON" when it is none.
py() {
	python3 -c 'import json, sys
try:
    r = json.load(open(sys.argv[1], encoding="utf-8"))
    f = r["findings"]
    print(eval(sys.argv[2]))
except ValueError:
    print("no JSON")' "$1" "$2"
}

# On the client of a sound lab, DIR for what comes: "NAME ARGUMENTS…" a line on stdin.
if [[ ${1-} == --sound ]]; then
	while read -r name args; do
		# shellcheck disable=SC2086 # words
		"$2" tree ${args//@HINTS/$LAB_HINTS} --seed 1 --rate 0 >"$3/$name" 2>"$3/$name.err"
		echo $? >"$3/$name.exit"
	done < <(sed "s|@ANCHOR|$LAB_ANCHOR|;s|@DIR|$3|
		s|@DS|$(dig @198.18.1.30 live.com DS +short | awk '{ d = $4 $5; print $1 "," $2 "," $3 "," d }')|")
	for how in --json ''; do
		# shellcheck disable=SC2086 # none or one
		"$2" judge $how "$3/tape" >"$3/judged$how" 2>&1
		echo $? >"$3/judged$how.exit"
	done
	exit
fi

# On the client of a lab with a dead server: interrupted while it is waited for.
if [[ ${1-} == --interrupt ]]; then
	"$2" tree live.com --rate 0 --json >"$3/cut" 2>"$3/cut.err" &
	pid=$!
	sleep 1
	kill -INT $pid
	wait $pid
	echo $? >"$3/cut.exit"
	exit
fi

[[ -x $dnsfault ]] || tap_skip_all "no $dnsfault"
if ! "$dnsfault" help tree >/dev/null 2>&1; then tap_skip_all "no verb tree"; fi

# wrong PATTERN ARGUMENT…: exit code 2, nothing on stdout, one line on stderr that has it.
wrong() {
	local pattern=$1 code
	shift
	timeout 10 "$dnsfault" tree "$@" >"$tap_dir/out" 2>"$tap_dir/err" </dev/null
	code=$?
	grep -q -e "$pattern" "$tap_dir/err" || diag "$(head -n 3 "$tap_dir/err")"
	is "$code $(wc -c <"$tap_dir/out") $(wc -l <"$tap_dir/err") $(grep -c -e "$pattern" "$tap_dir/err")" "2 0 1 1" \
		"tree ${*//$tap_dir\//}: one line, with \"$pattern\", and exit code 2"
}

long=$(printf 'a%.0s' {1..64})
digest=$(printf 'AB%.0s' {1..32})
wrong "give a zone's name"
wrong 'one NAME at a time' live.com msft.net
wrong "no domain name" live..com
wrong "no domain name" .live.com
wrong "no domain name" "$long.com"
wrong "no domain name" "$(printf 'aaaaaaaaa.%.0s' {1..26})com"
wrong 'a character that no domain name' 'li ve.com'
wrong 'a character that no domain name' 'hostmaster@live.com'
wrong 'beyond ASCII' 'bücher.example'
wrong 'no such test case' live.com --test basic99
wrong 'no such test case' live.com --test basic01,nothing
wrong 'give test cases' live.com --test ''
wrong 'give test cases' live.com --test ,
wrong 'is no address' live.com --ns ns1.live.com/192.0.2.256
wrong 'is no address' live.com --ns ns1.live.com/
wrong 'is no address' live.com --ns ns1.live.com/192.0.2.1#70000
wrong 'no domain name' live.com --ns /192.0.2.1
wrong 'a character that no domain name' live.com --ns 'ns 1.live.com'
wrong 'goes with --ns' live.com --ds "1,13,2,$digest"
for ds in 1,13,2 "1,13,$digest" "70000,13,2,$digest" "1,256,2,$digest" "1,13,2,${digest}A" 1,13,2,ABCD \
	"-1,13,2,$digest" "1,13,2,x$digest"; do
	wrong 'give key tag, algorithm, digest type and digest' live.com --ns ns1.live.com/192.0.2.1 --ds "$ds"
done
wrong 'give one' live.com -t MX --test basic01
wrong 'NOTYPE' live.com -t NOTYPE
echo 'no records' >"$tap_dir/bad"
: >"$tap_dir/empty"
for option in --trust-anchor --root-hints --asn-file; do
	wrong 'No such file' live.com $option "$tap_dir/none"
	wrong 'line 1' live.com $option "$tap_dir/bad"
	wrong "directory" live.com $option "$tap_dir"
done
wrong 'empty: no DS or DNSKEY' live.com --trust-anchor "$tap_dir/empty"
wrong 'root-hints' live.com --root-hints "$tap_dir/empty"
wrong 'no option' live.com --nothing

# Nowhere to send: undecided, at once.
if unshare -rn true 2>/dev/null; then
	timeout 20 unshare -rn "$dnsfault" tree live.com --json >"$tap_dir/none" 2>"$tap_dir/none.err"
	is "$? $(py "$tap_dir/none" 'r["verdict"]["state"], r["verdict"]["where"], len(f)')" \
		"3 ('undecided', 'unknown', 0)" "without a network it is undecided"
else
	tap_skip "without a network it is undecided" "no namespaces"
fi

mkdir "$tap_dir/sound" "$tap_dir/cut"
lab/lab signed off=ns1 -- "$0" --interrupt "$dnsfault" "$tap_dir/cut" >"$tap_dir/cut.lab" 2>&1 &
lab/lab signed -- "$0" --sound "$dnsfault" "$tap_dir/sound" >"$tap_dir/sound.lab" 2>&1 <<-END
	plain live.com --json --save @DIR/tape
	text live.com
	nozone no-such-name.com
	all live.com --json --all
	alltext live.com --all
	two live.com --json --test zone02,NAMESERVER15
	good live.com --json --test basic01,basic02,dnssec07
	lookup mail.live.com -t A --json
	nothing no.live.com -t MX --json
	v4 live.com -4 --json
	v6 live.com -6 --json
	upper LIVE.com. --json
	hints live.com --json --settings /dev/null --root-hints @HINTS --trust-anchor @ANCHOR
	unanchored live.com --json --settings /dev/null --root-hints @HINTS
	given live.com --json --ns ns1.msft.net --ns ns3.msft.net/203.0.113.13 --ds @DS
	givenwrong live.com --json --ns ns1.msft.net --ns ns3.msft.net/203.0.113.13 --ds 1,13,2,$digest
	givennone live.com --json --ns ns1.msft.net --ns ns3.msft.net/203.0.113.13
END
wait
cd "$tap_dir/sound" || exit
[[ -s plain ]] || diag "$(tail -n 3 ../sound.lab plain.err 2>/dev/null)"

ids='sorted({x["id"] for x in f})'
same='{k: v for k, v in r.items() if k not in ("queries", "elapsed")}'
is "$(py plain 'r["command"], r["verdict"]["state"]') $(<plain.exit)" "('tree', 'fault') 1" "--json is JSON"
is "$(py judged--json "$same")" "$(py plain "$same")" "judge says the same of saved facts"
is "$(<judged--json.exit) $(<judged.exit)" "1 1" "judge has the same exit code"
foot='^live.com. SOA: [0-9]* queries'
is "$(sed "/$foot/,\$d" judged)" "$(sed "/$foot/,\$d" text)" "judge says the same as text"
is "$(grep -c $'\e' text) $(awk 'length > 80 && !/^    dig /' text | wc -l)" "0 0" "text has no colours in a pipe, and fits 80 columns"
titles=$(awk '/^ /{ t = t $0; next } { print t; t = $0 } END { print t }' text | grep -E '^[a-z]+\[')
is "$(sort <<<"$titles" | uniq -d)" "" "text says nothing twice"
is "$(grep -c '^  . address' nozone) $(grep -c '^  . basic' nozone)" "0 1" "test cases that were not run have not found nothing"
is "$(py plain 'any(x["severity"] == "info" for x in f)')" False "without --all nothing of INFO"
is "$(py all 'any(x["severity"] == "info" for x in f), all(x["severity"] != "debug" for x in f)')" "(True, True)" "--all lists INFO, too"
is "$(py all "r['verdict']['state'], $ids == $(py plain "$ids") + ['passed'] or $ids")" \
	"$(py plain "r['verdict']['state'], sorted($ids + ['passed']) == $ids + ['passed'] or sorted($ids + ['passed'])")" \
	"and adds nothing else"
is "$(grep -c '^info\[passed\]' alltext | sed 's/^[1-9].*/yes/')" yes "in text as well"
is "$(py two 'sorted({x.get("test") for x in f})')" "['nameserver15', 'zone02']" "--test runs only these, in any case of letters"
is "$(py good 'r["verdict"]["state"], f') $(<good.exit)" "('ok', []) 0" "--test with nothing to find is ok"
is "$(py lookup 'r["verdict"]["state"], r["dnssec"]["security"], r["question"]["type"], f') $(<lookup.exit)" \
	"('ok', 'secure', 'A', []) 0" "-t validates a look-up, and runs no test case"
is "$(py nothing 'r["verdict"]["state"], r["dnssec"]["security"]') $(<nothing.exit)" "('ok', 'secure') 0" \
	"-t takes a proof of absence"
is "$(py v4 '[s for s in r["queries"]["by_server"] if ":" in s]')" "[]" "-4 asks nobody over IPv6"
is "$(py v6 '[s for s in r["queries"]["by_server"] if "." in s]')" "[]" "-6 asks nobody over IPv4"
is "$(py v4 '"family-disabled" in '"$ids"', any(x["id"] == "unreachable" for x in f)')" "(True, False)" \
	"what -4 leaves out is said, and is no silence"
is "$(py upper "$ids")" "$(py plain "$ids")" "letters of the name do not matter"
is "$(py hints "$ids")" "$(py plain "$ids")" "--root-hints with --trust-anchor is as the settings have it"
is "$(py hints 'r["dnssec"]["security"]')" secure "and validates"
is "$(py unanchored 'r["dnssec"].get("why"), [x["id"] for x in f if "dnssec" in x["id"]]')" "('no-trust-anchor', [])" \
	"--root-hints alone validates nothing"
is "$(py given 'any("dnssec" in i for i in '"$ids"'), r["dnssec"]["security"]')" "(False, 'secure')" \
	"--ns and --ds test a delegation to be"
is "$(py givenwrong '"dnssec-ds-mismatch" in '"$ids")" True "--ds with another digest is a mismatch"
is "$(py givennone '[x["id"] for x in f if x["id"] in ("dnssec-ds-mismatch", "dnssec-missing-key")]')" "[]" \
	"without --ds there is no mismatch"
is "$(cat ./*.err | wc -c)" 0 "nothing on stderr"

cd ../cut || exit
is "$(<cut.exit) $(py cut 'r["verdict"]["state"], len(f) > 0')" "3 ('undecided', True)" \
	"interrupted it is undecided, and says what it has found"
tap_end
