#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What lookup says that dig does not: what replies mean, and why there is none.
cd "$(dirname "$0")/../.." || exit
. tests/scenario/tap.bash
. tests/scenario/lookup/makes.bash

[[ ${1-} == --inside ]] || tap_lab clean

# says EXIT PATTERN NAME ARGUMENTS…: what only dnsfault says, on either channel.
says() {
	local out code
	out=$(timeout 30 "$DNSFAULT" lookup "${@:4}" 2>&1)
	code=$?
	[[ $out =~ $2 ]] && is $code "$1" "$3" && return
	is "$code $out" "$1 … $2" "$3"
}

trap 'serve_end; rm -rf "$tap_dir"' EXIT
serve_named $port_named '' '^$'
up $port_named SOA

# Where each query of a trace goes is drawn at random; the referrals are the same. The root's servers
# come from the resolver's cache, where their TTL counts down between one trace and the other.
trace() {
	"$@" +trace live.com MX | grep -v -e '<<>>' -e ';; Received' -e MEANING |
		sed -E 's/^(\.\s+)[0-9]+/\1TTL/' | sort -u
}
is "$(trace "$DNSFAULT" lookup)" "$(trace dig)" "+trace: the same referrals"
is "$("$DNSFAULT" lookup +trace live.com MX | grep -c ';; Received .* bytes from .*#53(.*) in ')" 4 \
	"+trace: each step names its server"

# RFC 8427 as kdig has it; dates, ids and what only dnsfault says are left out, and so is the OPT, which kdig
# shows in a form of its own.
messages() {
	python3 -c 'import json, sys
for line in sys.stdin.read().replace("}\n{", "}\0{").split("\0"):
    m = json.loads(line)
    for key in ("dateString", "dateSeconds", "ID", "dnsfault"):
        m.pop(key, None)
    print(json.dumps(m, sort_keys=True))'
}
if command -v kdig >/dev/null; then
	for words in "kinds.test MX" "kinds.test SOA" "srv.kinds.test SRV" "unknown.kinds.test TYPE65280" \
		"no.kinds.test A" "www.elsewhere.example A" "a.sub.kinds.test A"; do
		# shellcheck disable=SC2086 # a list of words
		is "$("$DNSFAULT" lookup @127.0.0.1 -p $port_named +json +noedns +noad $words | messages)" \
			"$(kdig @127.0.0.1 -p $port_named +json $words | messages)" "+json as kdig: $words"
	done
else
	tap_skip "+json as kdig" "no kdig"
fi
is "$("$DNSFAULT" lookup @127.0.0.1 -p $port_named +json +nsid www.kinds.test no.kinds.test +qr | python3 -c '
import json, sys
a, b = (json.loads(line) for line in sys.stdin)
own = a["dnsfault"]
print(a["RCODE"], a["answerRRs"][0]["TYPEname"], own["outcome"], own["transport"], own["source"],
      own["edns"]["options"][0]["name"], own["meaning"][:7], b["queryMessage"]["QR"],
      b["responseMessage"]["RCODE"], "QNAME" in b)')" \
	"0 A answered UDP 127.0.0.1 NSID answer: 0 3 False" "+json: what only dnsfault says"
is "$("$DNSFAULT" lookup @127.0.0.1 -p 5399 --json www.kinds.test | python3 -c '
import json, sys
m = json.load(sys.stdin)
print(m["QNAME"], m["QTYPEname"], m["dnsfault"]["outcome"], "ID" in m)')" \
	"www.kinds.test. A icmp False" "--json without a reply"

# One socket holds a port that lookups are to use.
python3 -c 'import socket, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("127.0.0.1", 4444))
time.sleep(600)' &
servers+=($!)
until ss -anu | grep -q :4444; do sleep 0.1; done

readonly k="@127.0.0.1#5301" silent="@127.0.0.1#4444 +time=1 +tries=1"
# exit code | what is printed | name | arguments
while IFS='|' read -r code pattern name args; do
	# shellcheck disable=SC2086 # a list of words
	says "$code" "$pattern" "$name" $args
done <<END
0|MEANING: answer: www.kinds.test has 2 A records|an answer|$k www.kinds.test
0|MEANING: answer by an alias: .* leads to www.kinds.test|an alias|$k alias2.kinds.test
0|MEANING: alias: .* leads to www.elsewhere.example|an alias to elsewhere|$k outside.kinds.test
0|leads to nowhere.kinds.test, which does not exist|an alias to nothing|$k dangling.kinds.test
0|MEANING: no such name.*NXDOMAIN type 2.*may be kept 3600 s|NXDOMAIN|$k no.kinds.test
0|MEANING: no data.*NODATA type 2.*may be kept 3600 s|NODATA|$k www.kinds.test MX
0|MEANING: no data|an empty non-terminal|$k below.kinds.test
0|MEANING: referral.*ns.sub.kinds.test|a referral|$k a.sub.kinds.test
0|MEANING: refused by|REFUSED|$k www.elsewhere.example
0|MEANING: truncated|truncated|$k big.kinds.test TXT +ignore
0|over TCP, because the UDP reply was truncated|truncated, then TCP|$k big.kinds.test TXT
0|SOURCE: 127.0.0.1#3334|the port that was used|$k -b 127.0.0.1#3334 www.kinds.test
0|SOURCE: 127.0.0.1#[1-9]|the port that the kernel chose|$k www.kinds.test
0|192.0.2.80|the second server|$silent $k www.kinds.test +short
0|192.0.2.80|a port of the server's own|@localhost#5301 -4 www.kinds.test +short
9|timed out.*no servers could be reached.*MEANING: no reply|no reply|$silent www.kinds.test
9|communications error to 127.0.0.1#4444: timed out|no reply, +short|$silent www.kinds.test +short
9|MEANING: no server there|nobody listens|@127.0.0.1#5399 www.kinds.test
9|is held by another process|a busy source port|$k -b 127.0.0.1#4444 www.kinds.test
9|no address of this machine|another's address|$k -b 203.0.113.200 www.kinds.test
9|both be IPv4 or both IPv6|the other family|$k -b ::1 www.kinds.test
9|No acceptable nameservers|no server of the family|$k -6 www.kinds.test
1|^dnsfault lookup: .*[+]foo.*$|an unknown option|$k +foo www.kinds.test
10|[+]split: .abc. is not a number|a bad value|$k +split=abc www.kinds.test
10|[+]split: .2000. is not a number|a value too large|$k +split=2000 www.kinds.test
10|not a legal name|an illegal name|$k a..b
END

# silent first, then an answer, and the other way round.
"$DNSFAULT" lookup +time=1 +tries=1 silent.test @127.0.0.1#4444 live.com >/dev/null
is $? 9 "the worst of several counts: silence, answer"
"$DNSFAULT" lookup +time=1 +tries=1 live.com silent.test @127.0.0.1#4444 >/dev/null
is $? 9 "the worst of several counts: answer, silence"

nobody=(setpriv --reuid 65534 --regid 65534 --clear-groups)
if "${nobody[@]}" true 2>/dev/null; then
	is "$("${nobody[@]}" "$DNSFAULT" lookup $k -b 127.0.0.1#100 a.test | grep -c 'source port 100 needs a privilege')" \
		1 "a low port without privilege"
else
	tap_skip "a low port without privilege" "no other user here"
fi
tap_end
