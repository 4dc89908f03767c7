#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# --vantage: the question travels to agents, tapes come back, and are judged as by judge. The far
# side drops what comes from the client's address; another network is answered.
cd "$(dirname "$0")/../.." || exit
. tests/scenario/tap.bash
. tests/scenario/queue.bash
queue_need
[[ ${1-} == --inside ]] || tap_lab client-blocked mate=named resolver=none

urls=nats://192.0.2.10:4222
what=(203.0.113.12 -q live.com --ports 1020-1027 --rate 0 -4 --timeout 300)
broker -a 0.0.0.0
in_mate() { exec ip netns exec mate "$DNSFAULT" "$@"; }
agent_by in_mate away --rate 0
agent home --rate 0

# ask WORD…: code, state, where, ids of findings, names of vantage points, what was not tested of sites.
ask() {
	timeout 60 "$DNSFAULT" ports "${what[@]}" -b 192.0.2.10 --queue $urls --json "$@" >"$tap_dir/out" 2>"$tap_dir/err"
	local code=$?
	python3 -c '
import json, sys
r = json.load(open(sys.argv[1]))
print(sys.argv[2], r["verdict"]["state"], r["verdict"]["where"], ",".join(sorted({f["id"] for f in r["findings"]})),
      ",".join(sorted(v["name"] for v in r.get("vantages", []))) or "-",
      ";".join(u["what"] + ": " + u["why"] for u in r.get("untested", []) if u["what"].startswith("site")) or "-")
' "$tap_dir/out" $code 2>&1 | tail -1
}

is "$(ask --vantage away --save "$tap_dir/tape")" "1 fault path unreachable away,here -" "fails from here, works from away: it is the path"
"$DNSFAULT" judge --json "$tap_dir/tape" "$tap_dir/tape.away" >"$tap_dir/judged" 2>&1
is "$(python3 -c 'import json, sys
print(*[json.dumps([r["verdict"]["where"], [(f["id"], f["where"], len(f.get("evidence", []))) for f in r["findings"]]])
        for r in map(lambda p: json.load(open(p)), sys.argv[1:])], sep="\n")' "$tap_dir/out" "$tap_dir/judged" | uniq | wc -l)" 1 \
	"judge says the same of both tapes"
is "$(ask --vantage all)" "1 fault path unreachable away,here,home -" "all who are there"
is "$(ask --vantage away,nowhere)" \
	"1 fault path unreachable away,here site nowhere: no agent of this site is there" "a site that is not there is told, not guessed"
kill -STOP "${agents[away]}"
is "$(ask --vantage home,away)" "1 fault far unreachable here,home site away: no agent of this site is there" "nor one that does not answer"
kill -CONT "${agents[away]}"
(in_mate diagnose live.com MX --ports 4000-4001 --rate 0 -4 --queue $urls --vantage away --json) >"$tap_dir/out" 2>"$tap_dir/err"
is "$?:$(python3 -c 'import json, sys
r = json.load(open(sys.argv[1]))
print(r["verdict"]["state"], sorted(v["name"] for v in r["vantages"]))' "$tap_dir/out")" "0:ok ['away', 'here']" "diagnose from where nothing is dropped, twice"
is "$("$DNSFAULT" diagnose live.com --vantage away 2>&1; echo $?)" \
	"dnsfault diagnose: --vantage: which queue? Give --queue nats://HOST
2" "without a queue there are none"
is "$("$DNSFAULT" ports 203.0.113.12 --queue $urls --vantage away --ports "$(seq -s, 1 2 999)" 2>&1; echo $?)" \
	"dnsfault ports: --ports: more ranges than a question has room for: leave out --vantage
2" "more ports than can travel"
is "$("$DNSFAULT" diagnose live.com --queue $urls --vantage 'a b' 2>&1 | grep -c 'no name of a site')" 1 "a name that is none"
kill "${agents[@]}" "$broker"
wait
tap_end
