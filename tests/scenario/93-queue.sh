#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A scan by agents over NATS: the same lines as without, whoever is killed on the way.
cd "$(dirname "$0")/../.." || exit
. tests/scenario/tap.bash
. tests/scenario/queue.bash
[[ ${1-} == --inside ]] || queue_inside "$0"

queue_zone
# So small that each result travels in several pieces.
echo 'max_payload: 32768' >"$tap_dir/nats.conf"
small=(-c "$tap_dir/nats.conf")
broker "${small[@]}"
# At a pace at which somebody can be killed in between; the queue of a settings file is not the children's.
printf '%s\n' 'pps = 1000' 'queue = nats://127.0.0.1:4222' >"$tap_dir/slow"
agent a --settings "$tap_dir/slow"
agent b --settings "$tap_dir/slow"

# The same as without.
{
	head -2100 "$tap_dir/list"
	printf '%s\n' nosuch.bulk.example 'n1.bulk.example MX' 'no..name' '\035x.bulk.example' N3.Bulk.Example n3.bulk.example
} >"$tap_dir/mixed"
queue_scan "$tap_dir/mixed" $server >"$tap_dir/by-queue"
is "$?" 3 "a scan by two agents ends as the list wants it"
"$DNSFAULT" scan "$tap_dir/mixed" $server >"$tap_dir/alone" 2>"$tap_dir/alone.err"
is "$(steady <"$tap_dir/by-queue" | md5sum)" "$(steady <"$tap_dir/alone" | md5sum)" "the lines are those of a scan without queue"
is "$(sed -n 's/.*: \([0-9]* ok,.*\)/\1/p' "$tap_dir/err")" "$(sed -n 's/.*: \([0-9]* ok,.*\)/\1/p' "$tap_dir/alone.err")" "and so is the sum"
queue_scan "$tap_dir/mixed" $server --csv | cut -d, -f1-10,12 | sort >"$tap_dir/by-queue"
"$DNSFAULT" scan "$tap_dir/mixed" $server --csv 2>/dev/null | cut -d, -f1-10,12 | sort >"$tap_dir/alone"
is "$(diff "$tap_dir/alone" "$tap_dir/by-queue" | head -3)" "" "and in columns"
is "$(find "$tap_dir"/spool-* -type f ! -name lock | wc -l)" 0 "nothing is left in the spools"
for i in 1 2; do queue_scan "$tap_dir/list" $server --shard $i/2; done | wc -l >"$tap_dir/n"
is "$(<"$tap_dir/n")" $names "two parts are all names"
is "$(queue_scan - $server </dev/null; echo $?)" 0 "an empty list is no fault"
cat >"$tap_dir/mail.log" <<'END'
Nov 28 09:17:01 mx postfix/smtp[123]: 4F2A81C0: to=<x@n1.bulk.example>, relay=none, delay=1, delays=0/0/1/0, dsn=4.4.3, status=deferred (Host or domain name not found. Name service error for name=n1.bulk.example type=A: Host not found, try again)
END
is "$(queue_scan --from-maillog "$tap_dir/mail.log" $server | steady)" \
	"$("$DNSFAULT" scan --from-maillog "$tap_dir/mail.log" $server 2>/dev/null | steady)" "what logs said is in the line"

# A worker killed in mid-job: its lease ends, or another one has it.
kill -STOP "${agents[b]}"
db=$tap_dir/worker.db
queue_scan "$tap_dir/list" $server --db "$db" >"$tap_dir/out" &
scan=$!
until_true has_lines "$tap_dir/out" 400
kill -KILL "${agents[a]}"
wait "${agents[a]}" 2>/dev/null
is "$(find "$tap_dir/spool-a" -name "*.part" | wc -l)" 1 "a worker is killed in mid-job"
kill -CONT "${agents[b]}"
sleep 0.2
agent a --settings "$tap_dir/slow"
# The broker, too, meanwhile.
until_true has_rows "$db" 1400
kill -KILL $broker
wait $broker 2>/dev/null
sleep 0.5
broker "${small[@]}"
wait $scan
is "$?" 0 "worker and broker killed -9: the scan ends well"
is "$(in_db "$db")" "$names $names answer answer 0" "every name is in the database once"
is "$(sort "$tap_dir/out" | uniq | wc -l):$(wc -l <"$tap_dir/out")" "$names:$names" "and was printed once"

# A broker that comes back with nothing: the coordinator has the jobs.
db=$tap_dir/lost.db
queue_scan "$tap_dir/list" $server --db "$db" >/dev/null &
scan=$!
until_true has_rows "$db" 400
kill -KILL $broker
wait $broker 2>/dev/null
rm -rf "$tap_dir/js"
broker "${small[@]}"
wait $scan
is "$?:$(in_db "$db")" "0:$names $names answer answer 0" "a broker that lost all is given the jobs again"

# A coordinator killed at some moments.
db=$tap_dir/coordinator.db
resume=
killed=0
for _ in 1 2 3 4; do
	"$DNSFAULT" scan --queue nats://127.0.0.1:4222 "$tap_dir/list" $server --db "$db" $resume >/dev/null 2>&1 &
	scan=$!
	sleep "0.$((3 + RANDOM % 4))"
	kill -KILL $scan 2>/dev/null && killed=$((killed + 1))
	wait $scan 2>/dev/null
	[[ ! -s $db ]] || resume=--resume
done
queue_scan "$tap_dir/list" $server --db "$db" --resume >/dev/null
is "$?:$(in_db "$db")" "0:$names $names answer answer 0" "a coordinator killed $killed times goes on: every name once"
is "$(queue_scan "$tap_dir/list" $server --db "$db" --resume | wc -l)" 0 "then nothing is left to do"

# Stopped by its user, it goes on without a queue.
db=$tap_dir/stopped.db
"$DNSFAULT" scan --queue nats://127.0.0.1:4222 "$tap_dir/list" $server --db "$db" >"$tap_dir/out" 2>"$tap_dir/err" &
scan=$!
until_true has_rows "$db" 400
kill -TERM $scan
wait $scan
is "$?:$(grep -c 'stopped: ' "$tap_dir/err")" "3:1" "stopped by its user, it is undecided and says so"
is "$(wc -l <"$tap_dir/out")" "$(rows "$db")" "what was printed is in the database"
"$DNSFAULT" scan "$tap_dir/list" $server --db "$db" --resume >/dev/null 2>&1
is "$(in_db "$db" | cut -d' ' -f1,2)" "$names $names" "and goes on, also without a queue"

# An agent that is told to end gives its job back; what a crash left is sent.
queue_scan "$tap_dir/list" $server >"$tap_dir/out" &
scan=$!
sleep 1
kill -TERM "${agents[b]}"
wait "${agents[b]}"
is "$?:$(find "$tap_dir/spool-b" -type f ! -name lock | wc -l)" "0:0" "SIGTERM ends an agent, and nothing is left"
began=$SECONDS
wait $scan
is "$?:$(sort -u "$tap_dir/out" | wc -l):$((SECONDS - began < 20))" "0:$names:1" "what it gave back is done at once"
kill -TERM "${agents[a]}"
wait "${agents[a]}"
echo '{}' >"$tap_dir/spool-a/0011223344556677.5.8899aabbccddeeff.done"
: >"$tap_dir/spool-a/x.1.y.part"
agent a --settings "$tap_dir/slow"
until_true test ! -e "$tap_dir/spool-a/0011223344556677.5.8899aabbccddeeff.done"
is "$(ls "$tap_dir/spool-a")" lock "what lies whole in the spool is sent, halves go"

# Limits: an agent's own hold.
kill -TERM "${agents[a]}"
wait "${agents[a]}"
agent a --rate 20
began=$(date +%s%N)
head -40 "$tap_dir/list" | queue_scan - $server --rate 1000 >/dev/null
is "$((($(date +%s%N) - began) / 1000000 > 1500))" 1 "the agent's rate holds, whatever the job wants"

# What is given wrong: code | arguments | a part of the one line.
while IFS='|' read -r code args part; do
	# shellcheck disable=SC2086 # a list of words
	timeout 20 "$DNSFAULT" $args </dev/null >"$tap_dir/out" 2>"$tap_dir/err"
	is "$?:$(wc -l <"$tap_dir/err"):$(grep -cF -- "$part" "$tap_dir/err"):$(wc -c <"$tap_dir/out")" "$code:1:1:0" "$args"
done <<END
2|agent --site a|--queue
2|agent --queue nats://127.0.0.1:4222|--site
2|agent --queue nats://127.0.0.1:4222 --site all|--site
2|agent --queue nats://127.0.0.1:4222 --site a.b|--site
2|agent --queue nats://127.0.0.1:4222 --site c word|options only
2|agent --queue nats://127.0.0.1:4222 --site a --spool $tap_dir/spool-a|another agent has it
2|agent --queue nats://127.0.0.1:4222 --site c --spool /tmp|give --spool another
4|scan --queue nats://127.0.0.1:4299 -|--queue
2|scan --queue nats://127.0.0.1:4222 --pps 5 -|--pps
2|scan --queue nats://127.0.0.1:4222 -b 127.0.0.1 -|-b
END
tap_end
