#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# scan --probe tree, mail and diagnose: what is found for a name of many is what is found for it alone, though
# names share what servers on the way have said.
cd "$(dirname "$0")/../.." || exit
. tests/scenario/tap.bash
[[ ${1-} == --inside ]] || tap_lab zoo

# ids KIND: "NAME STATE VERDICT ID…" of each line or document on standard input, sorted.
ids() {
	python3 -c 'import json, sys
for line in sys.stdin:
    d = json.loads(line)
    many = "scan" in d
    name = d["name"] if many else d["question"]["name"]
    state = d["state"] if many else d["verdict"]["state"]
    found = sorted(f["id"] + "@" + f["where"] + ":" + "+".join(sorted(f["servers"])) for f in d["findings"])
    print(name.lower(), state, *found)' | sort
}

# differ: the names on standard input of which tree finds something else together than alone; leaves one.ids and many.ids.
differ() {
	cat >"$tap_dir/names"
	"$DNSFAULT" scan "$tap_dir/names" --probe tree --rate 0 2>/dev/null | ids >"$tap_dir/many.ids"
	while read -r name; do
		"$DNSFAULT" tree "$name" --rate 0 --json | tr -d '\n' && echo
	done <"$tap_dir/names" | ids >"$tap_dir/one.ids"
	diff "$tap_dir/one.ids" "$tap_dir/many.ids" | awk '/^[<>]/ { print $2 }' | sort -u
}

awk '!/^#/ { print $1 ".com" }' lab/zoo.tsv >"$tap_dir/zoo"
printf '%s\n' live.com com nosuch.live.com >>"$tap_dir/zoo"
names=$(wc -l <"$tap_dir/zoo")

"$DNSFAULT" scan "$tap_dir/zoo" --probe tree --rate 0 >"$tap_dir/many" 2>"$tap_dir/err"
is "$(wc -l <"$tap_dir/many")" "$names" "each name has a line"
differ <"$tap_dir/zoo" >"$tap_dir/again"
# On a busy machine a server may be late: what differs is looked at once more, both ways.
[[ ! -s $tap_dir/again ]] || diag "again: $(xargs <"$tap_dir/again")"
is "$(differ <"$tap_dir/again"; diff "$tap_dir/one.ids" "$tap_dir/many.ids")" "" "what tree finds for $names names together is what it finds for each alone"

printf '%s\n' live.com msft.net com nosuch.live.com >"$tap_dir/few"
"$DNSFAULT" scan "$tap_dir/few" --probe mail --rate 0 2>/dev/null | ids >"$tap_dir/many.ids"
while read -r name; do "$DNSFAULT" mail "$name" --rate 0 --json | tr -d '\n' && echo; done <"$tap_dir/few" | ids >"$tap_dir/one.ids"
is "$(diff "$tap_dir/one.ids" "$tap_dir/many.ids")" "" "and so with mail"
"$DNSFAULT" scan "$tap_dir/few" --probe diagnose -t MX --rate 0 2>/dev/null | ids >"$tap_dir/many.ids"
while read -r name; do "$DNSFAULT" "$name" MX --rate 0 --json | tr -d '\n' && echo; done <"$tap_dir/few" | ids >"$tap_dir/one.ids"
is "$(diff "$tap_dir/one.ids" "$tap_dir/many.ids")" "" "and with diagnose"

if type -P nats-server >/dev/null && ! "$DNSFAULT" agent --queue nats://127.0.0.1:1 --site 'a b' 2>&1 | grep -q 'built without'; then
	. tests/scenario/queue.bash
	broker
	agent one --rate 0
	"$DNSFAULT" scan "$tap_dir/few" --probe diagnose -t MX --rate 0 --queue nats://127.0.0.1:4222 2>"$tap_dir/err" | ids >"$tap_dir/many.ids"
	is "$(diff "$tap_dir/one.ids" "$tap_dir/many.ids")" "" "and by an agent"
	kill "${agents[one]}" "$broker"
	wait "${agents[one]}" "$broker" 2>/dev/null
else
	tap_skip "and by an agent" "no nats-server, or built without libnats"
fi

is "$("$DNSFAULT" scan "$tap_dir/few" --probe mail --csv 2>/dev/null | grep ^nosuch | cut -d, -f1-6)" \
	"nosuch.live.com.,MX,fault,mail-domain-missing,zone,1" "in columns"
if python3 -c 'import jsonschema' 2>/dev/null; then
	is "$(tests/lint/schema.py --lines scan.schema.json "$tap_dir/many" | grep -v '^ok')" "" "all lines are by the schema"
else
	tap_skip "all lines are by the schema" "there is no python3-jsonschema"
fi

"$DNSFAULT" scan "$tap_dir/zoo" --probe tree --rate 0 --db "$tap_dir/db" >/dev/null 2>&1
is "$("$DNSFAULT" scan "$tap_dir/zoo" --probe tree --rate 0 --db "$tap_dir/db" --resume 2>/dev/null | wc -l)" 0 \
	"--resume knows what is done"
"$DNSFAULT" scan "$tap_dir/zoo" --probe tree --rate 0 >"$tap_dir/part" 2>"$tap_dir/err" &
pid=$!
sleep 0.3
kill -TERM $pid
wait $pid
is "$?:$(ids <"$tap_dir/part" | wc -l | awk '{ print ($1 < '"$names"') ? "some" : "all" }')" "3:some" \
	"stopped, it is undecided, and what was printed is whole"
tap_end
