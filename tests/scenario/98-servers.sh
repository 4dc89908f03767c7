#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# scan --probe ports, shapes and diagnose: a server is looked at once, whatever list it stands in how often, and what is
# found is what the verb finds for it alone.
cd "$(dirname "$0")/../.." || exit
. tests/scenario/tap.bash
[[ ${1-} == --inside ]] || tap_lab story-far

# ids: "NAME STATE WHERE ID@SERVERS…" of each line or document on standard input, sorted. The resolver's own side is
# looked at by the verb alone.
ids() {
	python3 -c 'import json, sys
for line in sys.stdin:
    d = json.loads(line)
    many = "scan" in d
    name = d["name"] if many else d["question"]["name"] if d["command"] == "diagnose" else d["sweeps"][0]["server"]
    verdict = d if many else d["verdict"]
    found = sorted(f["id"] + "@" + "+".join(sorted(f["servers"])) for f in d["findings"] if not f["id"].startswith("resolver-"))
    blocked = sorted(s["server"] + "=" + s["blocked"] for s in d["sweeps"])
    print(name.lower(), verdict["state"], verdict["where"], *found, *blocked)' | sort
}

# sent FILE: packets of all its lines; sent FILE NAME TYPE: of one.
sent() { jq -s --arg n "${2-}" --arg t "${3-}" 'map(select($n == "" or (.name == $n and .type == $t)) | .tries) | add' "$1"; }

printf '%s\n' 203.0.113.11 203.0.113.12 198.51.100.4 "203.0.113.11 # again" >"$tap_dir/servers"
"$DNSFAULT" scan "$tap_dir/servers" --probe ports -q live.com --rate 0 >"$tap_dir/many" 2>"$tap_dir/err"
is "$?:$(wc -l <"$tap_dir/many")" 1:4 "each line of a list of servers has its record"
for server in 203.0.113.11 203.0.113.12 198.51.100.4; do
	"$DNSFAULT" ports $server -q live.com --rate 0 --json | tr -d '\n' && echo
done | ids >"$tap_dir/one.ids"
is "$(ids <"$tap_dir/many" | sort -u)" "$(<"$tap_dir/one.ids")" "what ports finds for servers together is what it finds for each alone"
twice=$(jq -c 'select(.name == "203.0.113.11") | .tries' "$tap_dir/many" | sort -n | xargs)
is "$(awk '{ print ($1 < 20 && $2 > 400) ? "once" : $0 }' <<<"$twice")" once "a server that stands there twice is swept once ($twice)"
is "$(jq -r 'select(.name == "198.51.100.4") | .state + " " + .sweeps[0].pattern + " " + .sweeps[0].blocked' "$tap_dir/many")" "ok none " \
	"a good one is well, with its numbers"

"$DNSFAULT" scan "$tap_dir/servers" --probe shapes -q live.com --rate 0 >"$tap_dir/shapes" 2>/dev/null
is "$(jq -rs 'map(.name + " " + .state + " " + .verdict) | unique | join(", ")' "$tap_dir/shapes")" \
	"198.51.100.4 undecided undecided, 203.0.113.11 ok none, 203.0.113.12 ok none" "shapes of servers together; a root server is none of live.com"
is "$(jq -rs '[.[] | select(.name == "203.0.113.11") | .tries] | sort | .[0] == 0 and .[1] > 100' "$tap_dir/shapes")" true "each asked once"

if python3 -c 'import jsonschema' 2>/dev/null; then
	is "$(cat "$tap_dir/many" "$tap_dir/shapes" >"$tap_dir/lines"; tests/lint/schema.py --lines scan.schema.json "$tap_dir/lines" | grep -v '^ok')" "" \
		"all lines are by the schema"
else
	tap_skip "all lines are by the schema" "there is no python3-jsonschema"
fi

printf '%s\n' "live.com MX" "msft.net MX" "LIVE.com MX" >"$tap_dir/names"
"$DNSFAULT" scan "$tap_dir/names" --probe diagnose --rate 0 >"$tap_dir/many" 2>/dev/null
# One after the other: two that sweep at once hold ports from each other.
for name in live.com msft.net; do "$DNSFAULT" $name MX --rate 0 --json | tr -d '\n' && echo; done | ids >"$tap_dir/one.ids"
is "$(ids <"$tap_dir/many" | sort -u)" "$(<"$tap_dir/one.ids")" "what diagnose finds for names of one operator is what it finds for each alone"
most=$(jq -s 'map(.tries) | max' "$tap_dir/many") all=$(sent "$tap_dir/many")
is "$((all - most < most / 2))" 1 "and its servers are swept once: $most of $all packets"

# A survey of all there are: shares without any range.
printf '203.0.113.%s\n' 11 12 13 14 99 >"$tap_dir/servers"
printf '198.51.100.%s\n' 4 5 6 4 >>"$tap_dir/servers"
echo 203.0.113.14/32 >"$tap_dir/out"
"$DNSFAULT" scan "$tap_dir/servers" --survey ports --opt-out "$tap_dir/out" --rate 0 >"$tap_dir/many" 2>"$tap_dir/err"
is "$?:$(wc -l <"$tap_dir/many")" 1:8 "a survey has a record of each server, and a line of its own"
is "$(tail -1 "$tap_dir/many" | jq -c '[.servers, .undecided, .left_out, .list.servers, .operators.count]')" "[7,0,1,7,2]" \
	"who was asked, and who does not want to be"
is "$(tail -1 "$tap_dir/many" | jq -c '.rows[] | select(.pattern == "filtered" or .blocked) | [.pattern, .blocked, .servers.hits, .servers.interval[0] * 7, .servers.interval[1] * 7, .operators.hits]' | xargs)" \
	"[filtered,null,3,3,3,1] [ranges,1-52,54-1023,3,3,3,1]" "how many filter, and of how many operators"
is "$(grep -c 203.0.113.14 "$tap_dir/many")" 0 "who does not want to be asked is not"
printf '%s\n' "198.51.100.0/24 64501" "203.0.0.0/16 64502" >"$tap_dir/asn"
one=$("$DNSFAULT" scan "$tap_dir/servers" --survey ports --asn-file "$tap_dir/asn" --sample 3 --seed 5 --rate 0 2>/dev/null | jq -r .name | sort | xargs)
two=$("$DNSFAULT" scan "$tap_dir/servers" --survey ports --asn-file "$tap_dir/asn" --sample 3 --seed 5 --rate 0 2>"$tap_dir/err" | jq -r .name | sort | xargs)
is "$(wc -w <<<"$one"):$one" "4:$two" "a sample of three, the same again with the same seed"
is "$(awk 'length > 80' "$tap_dir/err"; grep -c 'operators by AS' "$tap_dir/err")" 1 "the table is no wider than a terminal"
"$DNSFAULT" scan "$tap_dir/servers" --survey ports --probe shapes 2>"$tap_dir/err"
is "$?:$(<"$tap_dir/err")" "2:dnsfault scan: --survey goes without --probe: its probe is ports" "what cannot be had together"

# A survey that is killed at some moment asks nobody twice, and says what one says that was not; a larger sample goes on
# from a smaller one.
survey=("$DNSFAULT" scan "$tap_dir/servers" --survey ports --rate 0 --concurrency 2)
steady='del(.stopped, .elapsed) | select(has("survey"))'
"${survey[@]}" --sample 6 --db "$tap_dir/whole" 2>/dev/null >"$tap_dir/many"
sqlite() { python3 -c 'import sqlite3, sys
c = sqlite3.connect(sys.argv[1])
print(*[x for (x,) in c.execute(sys.argv[2])])
c.commit()' "$@"; }
sqlite "$tap_dir/whole" "DELETE FROM result WHERE name IN (SELECT name FROM result ORDER BY name LIMIT 2)" >/dev/null
was=$(sqlite "$tap_dir/whole" "SELECT name FROM result")
"${survey[@]}" --sample 6 --db "$tap_dir/whole" --resume >"$tap_dir/rest" 2>"$tap_dir/err"
is "$(($(wc -l <"$tap_dir/rest"))):$(jq -r .name "$tap_dir/rest" | grep -cxF "${was// /$'\n'}")" "3:0" "--resume asks those that are left, and no other"
is "$(jq -cS "$steady" "$tap_dir/rest")" "$(jq -cS "$steady" "$tap_dir/many")" "and says what the whole said"
"${survey[@]}" --sample 8 --db "$tap_dir/whole" --resume >"$tap_dir/rest" 2>"$tap_dir/err"
is "$(jq -c 'select(has("survey")) | .servers' "$tap_dir/rest"):$(wc -l <"$tap_dir/rest")" 8:3 "a larger sample goes on from there"
"${survey[@]}" --db "$tap_dir/killed" >/dev/null 2>&1 &
killed=$!
for _ in {1..100}; do
	[[ $(sqlite "$tap_dir/killed" "SELECT count(*) FROM result" 2>/dev/null) -ge 2 ]] && break
	sleep 0.1
done
kill -9 $killed
wait $killed 2>/dev/null
"${survey[@]}" --db "$tap_dir/killed" --resume >"$tap_dir/rest" 2>/dev/null
is "$(jq -c 'select(has("survey")) | .servers' "$tap_dir/rest")" 8 "nor does kill -9 lose a server"
"$DNSFAULT" scan "$tap_dir/servers" --probe ports --db "$tap_dir/db-plain" --rate 0 >/dev/null 2>&1
"$DNSFAULT" scan "$tap_dir/servers" --survey ports --db "$tap_dir/db-plain" --resume 2>"$tap_dir/err"
is "$?:$(<"$tap_dir/err")" "2:dnsfault scan: --db $tap_dir/db-plain: no survey is there to go on with" "a database without a survey"

cat >"$tap_dir/bad" <<'EOF'
nosuch.invalid
192.0.2.1#x
live.com MX
EOF
"$DNSFAULT" scan "$tap_dir/bad" --probe ports --rate 0 --db "$tap_dir/db" >"$tap_dir/many" 2>/dev/null
is "$?:$(jq -r '.state + " " + .verdict' "$tap_dir/many" | sort | uniq -c | xargs)" "3:1 undecided no-address 2 undecided not-a-name" \
	"what is no server, or has no address, is a record"
is "$("$DNSFAULT" scan "$tap_dir/bad" --probe ports --rate 0 --db "$tap_dir/db" --resume 2>/dev/null | jq -r .verdict | sort -u)" not-a-name \
	"--resume leaves out servers that are done"
"$DNSFAULT" scan "$tap_dir/bad" --probe ports --full 2>"$tap_dir/err"
is "$?:$(<"$tap_dir/err")" "2:dnsfault scan: --full for a list of servers needs --yes" "every port of many servers needs consent"
tap_end
