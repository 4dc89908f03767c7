#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# lookup --vantage: the same question from agents, compared by what was said; and tapes of lookup.
# The far side drops what comes from the client's address, so that its resolver fails, too.
cd "$(dirname "$0")/../.." || exit
. tests/scenario/tap.bash
. tests/scenario/queue.bash
queue_need
[[ ${1-} == --inside ]] || tap_lab client-blocked mate=named

urls=nats://192.0.2.10:4222
broker -a 0.0.0.0
in_mate() { exec ip netns exec mate "$DNSFAULT" "$@"; }
agent_by in_mate away
agent home

# look WORD…: the exit code, then lines of sites and the verdict, each paragraph on a line, without times.
look() {
	timeout 60 "$DNSFAULT" lookup -r --queue $urls "$@" >"$tap_dir/out" 2>"$tap_dir/err"
	echo "$?"
	sed -n '/^;; SITE/,$p' "$tap_dir/out" | sed -e ':a;N;$!ba;s/\n;;   / /g' | sed -E 's/, (under )?[0-9.]+ m?s(;|$)/\2/'
}

# Each asks its own resolver.
look live.com MX --vantage away --save "$tap_dir/own" >"$tap_dir/said"
is "$(sed -n '1,3p' "$tap_dir/said")" "0
;; SITE here: 127.0.0.1: SERVFAIL, 0 answers
;; SITE away: 127.0.0.1: NOERROR, 1 answer" "a resolver says SERVFAIL, and another one answers"
is "$(grep -c '^;; VERDICT: works from away, fails from here: each asks resolvers of its own' "$tap_dir/said")" 1 "told as resolvers, not as one server"
is "$(awk 'length > 79' "$tap_dir/out" | grep -c '^;;   \|SITE\|VERDICT')" 0 "in 80 columns"
is "$(sed -n 's/.*status: \([A-Z]*\).*/\1/p' "$tap_dir/out")" SERVFAIL "the page is this host's"
is "$("$DNSFAULT" judge "$tap_dir/own" >"$tap_dir/judged"; echo "$?:$(grep -c '^undecided: a look-up of live.com. MX fails at 127.0.0.1: SERVFAIL' "$tap_dir/judged")")" 3:1 \
	"judge of its own tape: it failed, and why is not shown"
is "$("$DNSFAULT" judge "$tap_dir/own.away" >"$tap_dir/judged"; echo "$?:$(grep -c '^ok: a look-up of live.com. MX works: NOERROR' "$tap_dir/judged")")" 0:1 "and of the other"
is "$("$DNSFAULT" judge --json "$tap_dir/own" "$tap_dir/own.away" | python3 -c 'import json, sys
r = json.load(sys.stdin)
print(r["verdict"]["state"], len(r["findings"]), len(r["vantages"]), "works from" in r["verdict"]["summary"])')" "undecided 0 2 True" "judge of both"

# One server, which drops this host's packets.
one=(@203.0.113.12 live.com MX +norecurse +time=1)
is "$(look "${one[@]}" --vantage away | sed -n '1,3p')" "9
;; SITE here: 203.0.113.12: no reply to 3 queries
;; SITE away: 203.0.113.12: NOERROR, 1 answer" "fails from here, works from away: the code is this host's"
is "$(grep -c '^;; VERDICT: works from away, fails from here: the server is alive' "$tap_dir/out")" 1 "the server is alive"
is "$(look "${one[@]}" --tcp --vantage away; cat "$tap_dir/err")" "1
dnsfault lookup: there is no option '--tcp'; --help lists those there are" "other long options are none"
is "$(look "${one[@]}" +tcp +tries=1 --vantage away | sed -n 3p)" ";; SITE away: 203.0.113.12: NOERROR, 1 answer" "over TCP"
is "$(look "${one[@]}" --vantage home,away,nowhere | sed -n '2,5p')" ";; SITE here: 203.0.113.12: no reply to 3 queries
;; SITE home: 203.0.113.12: no reply to 3 queries
;; SITE away: 203.0.113.12: NOERROR, 1 answer
;; SITE nowhere: not tested: no agent of this site is there" "one that is not there is told"
is "$(look "${one[@]}" --vantage home | sed -n '4p' | cut -d: -f 1-3)" ";; VERDICT: fails from here and home: no reply anywhere" "and fails alike from the same address"
is "$(look "${one[@]}" --vantage nowhere | sed -n 4p)" ";; VERDICT: one vantage point alone: there is nothing to compare" "alone there is nothing to compare"
is "$(look "${one[@]}" +short --vantage away | sed -n 3p)" ";; SITE away: 203.0.113.12: NOERROR, 1 answer" "+short has the lines, too"
look "${one[@]}" --json --vantage away,nowhere >/dev/null
is "$(python3 -c 'import json, sys
r = json.load(open(sys.argv[1]))["dnsfault"]
print([(v["name"], v["state"]) for v in r["vantages"]], r["compared"]["verdict"], r["compared"]["confidence"])' "$tap_dir/out")" \
	"[('here', 'silent'), ('away', 'works'), ('nowhere', 'untested')] split 0.973" "in JSON"

# Both are answered: the root server drops nobody. The same data, and no difference.
is "$(look @198.51.100.4 . SOA +norecurse --vantage away | sed -n '1,4p')" "0
;; SITE here: 198.51.100.4: NOERROR, 1 answer
;; SITE away: 198.51.100.4: NOERROR, 1 answer; the same data as here
;; VERDICT: works from here and away, with the same data: no difference" "both answer the same"

# Servers of different data at what each calls 127.0.0.1.
zone() {
	mkdir -p "$tap_dir/$1"
	printf '%s\n' '$ORIGIN own.test.' '$TTL 60' '@ SOA ns h 1 3600 600 86400 300' '@ NS ns' "ns A $2" "www A $2" >"$tap_dir/$1/zone"
	cat >"$tap_dir/$1.conf" <<-END
		server:
		  ip-address: 127.0.0.1@5399
		  username: ""
		  zonesdir: "$tap_dir/$1"
		  database: ""
		  pidfile: ""
		  xfrdfile: "$tap_dir/$1/xfrd"
		  zonelistfile: "$tap_dir/$1/zones"
		zone:
		  name: own.test
		  zonefile: zone
	END
}
zone here 192.0.2.1
zone away 192.0.2.2
nsd -d -c "$tap_dir/here.conf" >/dev/null 2>&1 &
servers=($!)
ip netns exec mate nsd -d -c "$tap_dir/away.conf" >/dev/null 2>&1 &
servers+=($!)
until_true "$DNSFAULT" lookup -r @127.0.0.1#5399 www.own.test +tries=1 +time=1 >/dev/null
until_true ip netns exec mate "$DNSFAULT" lookup -r @127.0.0.1#5399 www.own.test +tries=1 +time=1 >/dev/null
is "$(look @127.0.0.1#5399 www.own.test --vantage away | sed -n '2,3p')" ";; SITE here: 127.0.0.1#5399: NOERROR, 1 answer
;; SITE away: 127.0.0.1#5399: NOERROR, 1 answer; not the same data as here" "different data"
is "$(grep -c '^;; VERDICT: works from here and away: their resolvers have different data' "$tap_dir/out")" 1 "of servers of their own"
kill "${servers[@]}"

# What a question cannot carry is refused, not dropped.
for words in '+trace' '+nssearch' '+noedns' '+nsid' '+subnet=192.0.2.0/24' '+tls' '+https' '+bufsize=4096' '+ednsopt=3' '+ignore' '+yaml' \
	'-c CH' '-t AXFR' '-t ANY' '-y k:c2VjcmV0' '-p 5353' 'other.test' '-f /dev/null' '+search' '+opcode=4' '+time=100' '+qid=7' '+nocookie'; do
	# shellcheck disable=SC2086 # words
	is "$("$DNSFAULT" lookup -r live.com $words --vantage away --queue $urls 2>&1 >/dev/null | grep -c -- '^dnsfault lookup: --vantage'):$(
		"$DNSFAULT" lookup -r live.com $words --vantage away --queue $urls >/dev/null 2>&1; echo $?)" 1:1 "$words is refused"
done
is "$("$DNSFAULT" lookup -r live.com --vantage away 2>&1; echo $?)" "dnsfault lookup: --vantage: which queue? Give --queue nats://HOST
1" "without a queue there are none"
is "$("$DNSFAULT" lookup -r a.test b.test --save "$tap_dir/x" 2>&1; echo $?)" "dnsfault lookup: --save is for one look-up: give one NAME and no -f
1" "a tape is of one look-up"
"$DNSFAULT" lookup -r live.com +tries=1 +time=1 --save /nowhere/x >/dev/null 2>&1
is "$?" 8 "a tape that cannot be written is dig's 8"
kill "${agents[@]}" "$broker"
wait
tap_end
