#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# scan against real servers: every name has one line, whatever happens to it or to the program.
cd "$(dirname "$0")/../.." || exit
. tests/scenario/tap.bash
[[ ${1-} == --inside ]] || tap_lab clean

readonly names=20000 port=5301 server=@127.0.0.1#5301

# An nsd of our own on the loopback: many names, and one whose reply has no room in UDP.
serve() {
	mkdir "$tap_dir/nsd"
	{
		echo '$ORIGIN bulk.example.'
		echo '$TTL 3600'
		echo '@ SOA ns h 1 3600 600 86400 300'
		echo '@ NS ns'
		echo 'ns A 192.0.2.1'
		seq "$names" | sed 's/.*/n& A 192.0.2.7/'
		printf 'big TXT'
		for _ in {1..20}; do printf ' "%0200d"' 7; done
		echo
	} >"$tap_dir/nsd/zone"
	cat >"$tap_dir/nsd.conf" <<-END
		server:
		  ip-address: 127.0.0.1@$port
		  username: ""
		  zonesdir: "$tap_dir/nsd"
		  database: ""
		  pidfile: ""
		  xfrdfile: "$tap_dir/nsd/xfrd"
		  zonelistfile: "$tap_dir/nsd/zones"
		  rrl-ratelimit: 0
		  tcp-count: 600
		  server-count: 1
		zone:
		  name: bulk.example
		  zonefile: zone
	END
	nsd -d -c "$tap_dir/nsd.conf" >/dev/null 2>&1 &
	nsd=$!
	for _ in {1..100}; do
		[[ -z $(dig +short +tries=1 +time=1 -p $port @127.0.0.1 n1.bulk.example) ]] || return
		sleep 0.1
	done
	diag "nsd does not answer"
}

scan() { "$DNSFAULT" scan "$@" 2>"$tap_dir/err"; }

# field KEY: its value in each line, sorted; "-" where there is none.
field() {
	python3 -c 'import json, sys
print("\n".join(sorted(str(json.loads(l).get(sys.argv[1], "-")) for l in sys.stdin)))' "$1"
}

serve
seq "$names" | sed 's/.*/n&.bulk.example/' >"$tap_dir/list"

# The lab's own resolver.
printf '%s\n' 'live.com MX' 'live.com HINFO' nosuch.live.com 'no..name' >"$tap_dir/few"
out=$(scan "$tap_dir/few")
is "$?" 3 "a line that is no name leaves the run undecided"
is "$(field verdict <<<"$out" | tr '\n' ' ')" "answer nodata not-a-name nxdomain " "each line has its verdict"
is "$(scan - <"$tap_dir/few" | field verdict)" "$(field verdict <<<"$out")" "the same from standard input"
is "$(grep -c . "$tap_dir/err")" 3 "the summary is three lines on standard error"
is "$(scan --csv "$tap_dir/few" | cut -d, -f1,2,4 | sort | tr '\n' ' ')" \
	"live.com.,HINFO,nodata live.com.,MX,answer name,type,verdict no..name,,not-a-name nosuch.live.com.,A,nxdomain " \
	"and in columns"
is "$(grep -v '\.\.' "$tap_dir/few" | scan -t A,AAAA - | wc -l)" 4 "types are for lines that name none"

# Truncation, and what no server answers.
is "$(echo big.bulk.example TXT | scan - $server | python3 -c 'import json, sys
r = json.load(sys.stdin)
print(r["verdict"], r["transport"], r["truncated"], len(r["answers"]), r["tries"])')" \
	"answer tcp True 1 2" "a truncated reply is asked for over TCP"
is "$(echo live.com | scan - @127.0.0.1#5399 --tries 2 >/dev/null; echo $?)" 1 "no server there is a fault"
is "$(echo live.com | scan - @127.0.0.1#5399 --tries 2 | field verdict)" icmp-error "a closed port is told"
is "$(echo live.com | scan - @203.0.113.99 --tries 2 --timeout 200 | field verdict)" timeout "silence is told"

is "$(ulimit -n 1024
	yes 'big.bulk.example TXT' | head -2000 | scan - $server --concurrency 2000 |
		python3 -c 'import collections, json, sys
print(dict(collections.Counter(json.loads(l)["verdict"] + " " + json.loads(l)["transport"] for l in sys.stdin)))')" \
	"{'answer tcp': 2000}" "2,000 at once, with 1,024 descriptors"

# By the schema: answers, denials, lines that are none, no reply.
{
	echo "$out"
	echo big.bulk.example TXT | scan - $server
	echo live.com | scan - @127.0.0.1#5399 --tries 2
	echo live.com | scan - @203.0.113.99 --tries 1 --timeout 200
	echo live.com | scan - @203.0.113.99 -b 192.0.2.99 --tries 1
} >"$tap_dir/lines"
if python3 -c 'import jsonschema' 2>/dev/null; then
	is "$(tests/lint/schema.py --lines scan.schema.json "$tap_dir/lines" | grep -v '^ok')" "" "all lines are by the schema"
	sed 's/"verdict":"[a-z]*"/"verdict":"perhaps"/' "$tap_dir/lines" >"$tap_dir/bad"
	is "$(tests/lint/schema.py --lines scan.schema.json "$tap_dir/bad" | grep -c '^not ok')" 1 "others are told"
else
	tap_skip "all lines are by the schema" "there is no python3-jsonschema"
fi

# Many names.
scan "$tap_dir/list" $server --concurrency 2000 >"$tap_dir/all"
is "$?" 0 "many names"
is "$(field verdict <"$tap_dir/all" | uniq -c | xargs)" "$names answer" "all have an answer"
is "$(field name <"$tap_dir/all" | uniq | wc -l)" $names "of its own each"
for i in 1 2 3; do scan "$tap_dir/list" $server --shard $i/3; done >"$tap_dir/parts"
is "$(field name <"$tap_dir/parts" | md5sum)" "$(field name <"$tap_dir/all" | md5sum)" "three parts are all names"
is "$(seq 3000 | sed 's/.*/n&.bulk.example/' | scan - $server --pps 1000 >/dev/null
	awk '/lines in/ { print ($4 > 2.7 && $4 < 3.6) ? "kept" : $0 }' "$tap_dir/err")" kept "--pps is kept"

# A server that is slower than we wait, and sends a reply that fits nothing beside each.
python3 -c 'import socket, threading, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("127.0.0.1", 5302))
def reply(q, a):
    time.sleep(0.3)
    for id in (q[:2], bytes((q[0] ^ 255, q[1]))):
        s.sendto(id + bytes((q[2] | 128, q[3] & 240)) + q[4:], a)
while True: threading.Thread(target=reply, args=s.recvfrom(512)).start()' &
slow=$!
for _ in {1..50}; do
	out=$(scan - @127.0.0.1#5302 --timeout 200 --tries 3 <<<slow.bulk.example)
	[[ $out == *icmp-error* ]] || break
	sleep 0.1
done
is "$(python3 -c 'import json, sys
r = json.load(sys.stdin)
print(r["verdict"], r["tries"], 290000 < r["late"] < 600000)' <<<"$out")" "timeout 3 True" "a late reply is no answer, but said"
is "$(grep -Eco ': [12] replies after their time-out, [12] packets that fit no query' "$tap_dir/err")" 1 "with what fits nothing"
kill $slow
wait $slow 2>/dev/null

# One limit for all servers holds for jobs, too.
begun=$(date +%s%N)
out=$(scan - --probe tree --pps 40 <<<live.com)
took=$((($(date +%s%N) - begun) / 1000000))
tries=$(field tries <<<"$out")
diag "$tries queries in $took ms"
is "$((tries > 20 && took > (tries - 5) * 25 && took < tries * 25 + 4000))" 1 "--pps is kept by jobs"

# Killed at any moment, it goes on.
database="$tap_dir/db"
killed=0
for _ in {1..20}; do
	"$DNSFAULT" scan "$tap_dir/list" $server --db "$database" ${resume-} --pps 8000 >"$tap_dir/part" 2>/dev/null &
	pid=$!
	sleep "0.$((RANDOM % 3))$((RANDOM % 10))"
	kill -KILL $pid 2>/dev/null && killed=$((killed + 1))
	wait $pid 2>/dev/null
	[[ ! -s $database ]] || resume=--resume
done
scan "$tap_dir/list" $server --db "$database" --resume >/dev/null
is "$?" 0 "killed $killed times, the last run ends well"
is "$(python3 -c 'import sqlite3, sys
d = sqlite3.connect(sys.argv[1])
print(d.execute("SELECT count(*), count(DISTINCT name), min(verdict), max(verdict) FROM result").fetchone())' \
	"$database")" "($names, $names, 'answer', 'answer')" "every name is in the database once"
is "$(scan "$tap_dir/list" $server --db "$database" --resume | wc -l)" 0 "then nothing is left to do"
is "$(grep -c "$names were in the database already" "$tap_dir/err")" 1 "and the summary says so"

# What failed by a log.
cat >"$tap_dir/mail.log" <<'END'
Nov 28 09:17:01 mx postfix/smtp[123]: 4F2A81C0: to=<Private.Person@live.com>, relay=none, delay=1, delays=0/0/1/0, dsn=4.4.3, status=deferred (Host or domain name not found. Name service error for name=live.com type=MX: Host not found, try again)
Nov 28 10:18:01 mx postfix/smtp[124]: 4F2A81C1: to=<other.person@live.com>, relay=none, delay=1, delays=0/0/1/0, dsn=4.4.3, status=deferred (Host or domain name not found. Name service error for name=live.com type=MX: Host not found, try again)
Nov 28 09:17:02 mx postfix/smtp[125]: 4F2A81C2: to=<x@nosuch.live.com>, relay=none, delay=1, delays=0/0/1/0, dsn=5.4.4, status=bounced (Host or domain name not found. Name service error for name=nosuch.live.com type=AAAA: Host not found)
END
gzip -k "$tap_dir/mail.log"
for log in "$tap_dir/mail.log" "$tap_dir/mail.log.gz"; do
	scan --from-maillog "$log" >"$tap_dir/out"
	is "$?:$(python3 -c 'import json, sys
for r in sorted((json.loads(l) for l in sys.stdin), key=lambda r: r["name"]):
    print(r["name"], r["type"], r["verdict"], [(x["what"], x["how"], x["count"], x["first"][4:16], x["last"][4:16]) for x in r["log"]])' \
		<"$tap_dir/out")" \
		"0:live.com. MX answer [('mx', 'temporary', 2, '-11-28T09:17', '-11-28T10:18')]
nosuch.live.com. AAAA nxdomain [('address', 'permanent', 1, '-11-28T09:17', '-11-28T09:17')]" "what failed by ${log##*.}"
	is "$(grep -ciE 'person|4F2A|x@' "$tap_dir/out" "$tap_dir/err" | cut -d: -f2 | xargs)" "0 0" "and no address, no id"
done
is "$(scan --csv --from-maillog - <"$tap_dir/mail.log" | grep ^live | cut -d, -f4,15)" "answer,2" "in columns, from standard input"
head -c 200 "$tap_dir/mail.log.gz" >"$tap_dir/cut.gz"
scan --from-maillog "$tap_dir/cut.gz" >/dev/null
is "$(grep -c 'read in part: ' "$tap_dir/err")" 1 "a file that is cut is told"

# Two databases.
cp "$database" "$tap_dir/was"
echo n5.bulk.example | scan - @127.0.0.1#5399 --tries 1 --db "$database" >/dev/null
is "$(scan --diff "$tap_dir/was" "$database"; echo $?)" \
	'{"name":"n5.bulk.example.","type":"A","was":"answer","is":"icmp-error"}
1' "what became of a name"

# Stopped by its user.
"$DNSFAULT" scan "$tap_dir/list" $server --pps 2000 >"$tap_dir/part" 2>"$tap_dir/err" &
pid=$!
sleep 0.7
kill -TERM $pid
wait $pid
is "$?" 3 "stopped, it is undecided"
is "$(field verdict <"$tap_dir/part" | uniq)" answer "what was printed is whole lines of what is done"
is "$(grep -c 'stopped: ' "$tap_dir/err")" 1 "and it says that it was stopped"

# What is given wrong: code | arguments | a part of the one line.
while IFS='|' read -r code args part; do
	# shellcheck disable=SC2086 # a list of words
	scan $args </dev/null >"$tap_dir/out"
	is "$?:$(wc -l <"$tap_dir/err"):$(grep -cF -- "$part" "$tap_dir/err"):$(wc -c <"$tap_dir/out")" "$code:1:1:0" \
		"scan $args"
done <<END
2|$tap_dir/nowhere|No such file or directory
2|a b|one FILE at a time
2|- --resume|give --db FILE
2|- --shard 5/4|as in 1/4
2|- -t XYZZY|no record type
2|- --db $tap_dir/few|not a database
2|- @no..where|
2|--diff $tap_dir/was|scan --diff A B
2|--diff $tap_dir/was $tap_dir/nowhere|cannot be read
2|- --concurrency 0|concurrency
2|--from-maillog $tap_dir/nowhere|No such file
2|a --from-maillog $tap_dir/few|exclude each other
2|--probe walk|lookup, tree
END
is "$(scan - $server </dev/null; echo $?)" 0 "an empty list is no fault"
scan "$tap_dir/few" >/dev/full
is "$?" 4 "a full disk is told"
is "$(scan "$tap_dir"; echo $?)" 4 "a directory is no list"

kill $nsd
wait $nsd 2>/dev/null
tap_end
