#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A scan over a cluster of three servers, each job and result in three copies: the leader of the jobs is killed.
cd "$(dirname "$0")/../.." || exit
. tests/scenario/tap.bash
. tests/scenario/queue.bash
[[ ${1-} == --inside ]] || queue_inside "$0"

queue_zone
urls=nats://127.0.0.1:4221,nats://127.0.0.1:4222,nats://127.0.0.1:4223
declare -A nodes
for i in 1 2 3; do
	nats-server -a 127.0.0.1 -p 422$i -n node$i -js -sd "$tap_dir/js$i" -m 822$i --cluster_name lab \
		--cluster nats://127.0.0.1:622$i --routes nats://127.0.0.1:6221,nats://127.0.0.1:6222,nats://127.0.0.1:6223 \
		>"$tap_dir/nats$i.log" 2>&1 &
	nodes[node$i]=$!
done
for i in 1 2 3; do until_true listens 422$i; done

# monitor NODE: what it says of JetStream.
monitor() {
	python3 -c 'import sys, urllib.request
print(urllib.request.urlopen("http://127.0.0.1:822%s/jsz?streams=1&raft=1" % sys.argv[1]).read().decode())' "$1"
}
has_leader() { monitor "$1" | grep -q '"leader": "node'; }
until_true has_leader 1 || diag "the cluster has no leader"

# leader STREAM: the node that leads it, and how many copies it has.
leader() {
	for i in 1 2 3; do
		monitor $i 2>/dev/null
		echo ,
	done | python3 -c 'import json, sys
text = "[" + sys.stdin.read().strip().rstrip(",") + "]"
for node in json.loads(text):
    for account in node.get("account_details", []):
        for s in account.get("stream_detail", []):
            if s["name"] == sys.argv[1]:
                c = s.get("cluster", {})
                print(c.get("leader"), 1 + len(c.get("replicas", [])))
                sys.exit()' "$1"
}

echo 'pps = 400' >"$tap_dir/slow"
agent a --settings "$tap_dir/slow"
agent b --settings "$tap_dir/slow"
db=$tap_dir/db
queue_scan "$tap_dir/list" $server --db "$db" --queue-replicas 3 >"$tap_dir/out" &
scan=$!
until_true has_lines "$tap_dir/out" 400 || diag "nothing is done" "$(cat "$tap_dir/err" "$tap_dir/agent-a.err")"
kill -STOP "${agents[@]}" # while we look: on a busy machine the scan would be over before
read -r node copies < <(leader DNSFAULT_JOBS)
is "$copies" 3 "each job has three copies"
kill -KILL "${nodes[$node]}"
wait "${nodes[$node]}" 2>/dev/null
kill -KILL "${agents[a]}"
wait "${agents[a]}" 2>/dev/null
is "$(rows "$db" | awk '{ print ($1 < '$names') }')" 1 "the leader of the jobs and a worker are killed in mid-scan"
kill -CONT "${agents[b]}"
wait $scan
is "$?:$(in_db "$db")" "0:$names $names answer answer 0" "every name is in the database once"
is "$(sort -u "$tap_dir/out" | wc -l):$(wc -l <"$tap_dir/out")" "$names:$names" "and was printed once"
tap_end
