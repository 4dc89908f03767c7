#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# One report of several vantage points: an address that the far side drops, a neighbour of it, and one of
# another network. Nobody is dropped, one is, all are.
cd "$(dirname "$0")/../.." || exit 2
. tests/scenario/tap.bash
tap_program
export DNSFAULT tap_dir

# in_lab DIR SCENARIO
in_lab() {
	mkdir -p "$tap_dir/$1"
	# shellcheck disable=SC2086 # a scenario and changes to it
	timeout 300 lab/lab $2 mate=named -- bash -s "$tap_dir/$1" 2>"$tap_dir/$1.err" <<'END' || sed 's/^/# /' "$tap_dir/$1.err"
ports=(ports 203.0.113.12 -q live.com --ports 1020-1027 --control 198.18.2.10/google.com --rate 0 -4)
shapes=(shapes 203.0.113.12 -q live.com --row dns,edns,do --rate 0 -4)
why=(diagnose live.com MX --ports 4000-4001 --rate 0 -4)
for v in ports shapes; do
	declare -n what=$v
	"$DNSFAULT" "${what[@]}" -b 192.0.2.10 --save "$1/$v-here" >/dev/null &
	"$DNSFAULT" "${what[@]}" -b 192.0.2.12 --save "$1/$v-neighbour" >/dev/null
	ip netns exec mate "$DNSFAULT" "${what[@]}" --save "$1/$v-away" >/dev/null
	wait
done
"$DNSFAULT" "${why[@]}" -b 192.0.2.10 --save "$1/why-here" >/dev/null &
ip netns exec mate "$DNSFAULT" "${why[@]}" --save "$1/why-away" >/dev/null
wait
exit 0
END
}

# said DIR FILE…: exit code, state, where, ids; of the first finding how many queries others saw answered
said() {
	local dir=$tap_dir/$1 code
	shift
	(cd "$dir" && "$DNSFAULT" judge --json "$@" >"$dir/out" 2>"$dir/err")
	code=$?
	python3 -c '
import json, sys
r = json.load(open(sys.argv[1]))
f = r["findings"]
seen = [("all" if v["answered"] and not v["silent"] else "none" if v["silent"] and not v["answered"] else "some")
        + (" alike" if v["alike"] else "") for v in f[0].get("vantages", [])] if f else []
print(sys.argv[2], r["verdict"]["state"], r["verdict"]["where"],
      ",".join(sorted({x["id"] for x in f})) or "-", "/".join(seen) or "-", len(r["vantages"]))
' "$dir/out" $code 2>&1 | tail -1
}

in_lab one client-blocked &
in_lab none clean &
in_lab all 'client-blocked far_client=192.0.2.0/24,192.168.7.0/24,10.53.0.0/16' &
wait
for v in ports why; do
	away='1 fault path unreachable all 2'
	is "$(said one $v-here $v-away)" "$away" "$v: another network is answered"
	is "$(said one $v-away $v-here)" "$away" "$v: in whichever order"
	is "$(said none $v-here $v-away)" '0 ok none - - 2' "$v: nobody is blocked"
	is "$(said all $v-here $v-away)" '1 fault far unreachable none alike 2' "$v: everybody is"
done
(cd "$tap_dir/one" && "$DNSFAULT" judge why-away why-here --html page.html >/dev/null)
is "$(grep -o '<section [^>]*id="vantages".*' "$tap_dir/one/page.html" | grep -o '<tr>.*</tr>' | grep -c 'why-here.*why-away\|why-away.*why-here')" 1 \
	'their page has a row for each'
is "$("$DNSFAULT" judge --json "$tap_dir/one/page.html" | jq -r '.verdict.where + " " + (has("vantages") | tostring)')" 'far false' \
	'it holds the facts of one, from where it looks like the far side'
is "$(said one ports-here ports-neighbour)" '1 fault far client-blocked all 2' 'a neighbour is answered'
is "$(said one ports-here ports-away ports-neighbour)" '1 fault far client-blocked all/all 3' \
	'and tells more than another network'
is "$(said none ports-here ports-away ports-neighbour)" '0 ok none - - 3' 'nobody of three is blocked'
is "$(said all ports-here ports-neighbour)" '1 fault far unreachable none alike 2' 'both neighbours are'
is "$(said none shapes-here shapes-neighbour)" '0 ok none - - 2' 'shapes of both'
is "$(said one shapes-here shapes-neighbour | cut -d ' ' -f 3)" unknown \
	'ten silences on a way of which nothing is known are too few'

# A filter of ports that another address does not meet, days later; and one that it does meet.
fixtures=$PWD/tests/fixtures
filter=$fixtures/source-port-filter/bad.jsonl
is "$(said one "$filter" "$fixtures/vantages/neighbour.jsonl")" '1 fault path source-port-filter all 2' \
	'a filter that others do not meet is on the path'
sed 's/192\.0\.2\.10/198.51.100.7/' "$filter" >"$tap_dir/one/else"
is "$(said one "$filter" else)" '1 fault far source-port-filter none alike 2' \
	'one that others meet is at the servers'

# Every form names them: file, address, time.
cd "$tap_dir/one" || exit 2
for form in '' --noc --noc=own --json; do
	# shellcheck disable=SC2086 # perhaps none
	"$DNSFAULT" judge $form ports-here ports-away >"$tap_dir/form"
	is "$(grep -c '192\.168\.7\.10' "$tap_dir/form" | sed 's/^[1-9].*/some/') $(
		grep -c "$(date -u +%Y-%m-%d)" "$tap_dir/form" | sed 's/^[1-9].*/some/')" 'some some' \
		"form '$form' has address and time of the other"
done
"$DNSFAULT" judge ports-here ports-away >"$tap_dir/form"
is "$(grep -c 'ports-away' "$tap_dir/form" | sed 's/^[1-9].*/some/')" some 'and text its file'
is "$("$DNSFAULT" judge ports-here none.jsonl 2>&1)" \
	'dnsfault judge: none.jsonl: No such file or directory' 'one that cannot be read is named'
tap_end
