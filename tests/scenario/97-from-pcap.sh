#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# scan --from-pcap: what failed in a capture of a client and its resolver is asked for again.
cd "$(dirname "$0")/../.." || exit
. tests/scenario/tap.bash
[[ ${1-} == --inside ]] || tap_lab story-far

scan() { "$DNSFAULT" scan "$@" 2>"$tap_dir/err"; }

# rows: of each line, what the capture told of that look-up.
rows() {
	python3 -c 'import json, sys
for r in sorted((json.loads(l) for l in sys.stdin), key=lambda r: (r["name"], r["type"])):
    for x in sorted(r["log"], key=lambda x: (x["what"], x.get("by"))):
        print(r["name"], r["type"], x["what"], x["how"], x["reply"], x["by"], x["count"])'
}

# A client asks its resolver, whose ports the far firewall drops: what is recorded are both sides.
tcpdump -ni any -U -w "$tap_dir/pcap" 'port 53 or icmp or icmp6' 2>"$tap_dir/tcpdump" &
dump=$!
for _ in {1..50}; do
	! grep -q listening "$tap_dir/tcpdump" || break
	sleep 0.1
done
for _ in 1 2 3; do dig +tries=1 +time=8 @127.0.0.1 live.com MX >/dev/null; done
dig +tries=1 +time=8 @127.0.0.1 google.com A >/dev/null
dig +tries=1 +time=1 @203.0.113.99 nobody.example TXT >/dev/null
dig +tries=1 +time=1 @203.0.113.11 user@nobody.example TXT >/dev/null
dig +tries=1 +time=1 @203.0.113.11 not.served.example TXT >/dev/null
sleep 6
dig +tries=1 +time=1 @203.0.113.98 late.example TXT >/dev/null
sleep 1
kill $dump
wait $dump 2>/dev/null

out=$(scan --from-pcap "$tap_dir/pcap" --timeout 200 --tries 1)
rows <<<"$out" >"$tap_dir/rows"
is "$(grep -c '^live.com. MX query temporary SERVFAIL 127.0.0.1 3$' "$tap_dir/rows")" 1 "what the client was told, and by whom"
is "$(grep -Ec '^(live.com|.*msft.net)\. (MX|A|AAAA) server unknown none 203.0.113.1[1-4] ' "$tap_dir/rows" | awk '{ print ($1 > 0) }')" 1 \
	"and which servers were silent to the resolver"
is "$(grep -c '^google' "$tap_dir/rows")" 0 "what was answered is not in it"
is "$(grep '^not.served' "$tap_dir/rows")" "not.served.example. TXT query temporary REFUSED 203.0.113.11 1" "REFUSED"
is "$(grep -c 'late.example' "$tap_dir/rows")" 0 "the end of the capture is no silence"
is "$(grep -c 'left out: [0-9]* queries stood at the end' "$tap_dir/err")" 1 "but is counted"
is "$(cat "$tap_dir/err" - <<<"$out" | grep -cE '192\.0\.2\.1[0-9]|2001:db8:1::1|user@|user\\')" 0 "no client's address, no mail address"
is "$(grep -c '"server":"127.0.0.1"' <<<"$out" | awk '{ print ($1 > 0) }')" 1 "all of it was asked again"

# The same file in other forms. The times of the packets are moved apart, so that nothing is at the end.
python3 - "$tap_dir/pcap" "$tap_dir/ng" "$tap_dir/longer" <<'END'
import struct, sys
b = open(sys.argv[1], "rb").read()
link, = struct.unpack_from("<I", b, 20)
ng = struct.pack("<IIIHHqI", 0x0a0d0d0a, 28, 0x1a2b3c4d, 1, 0, -1, 28) + struct.pack("<IIHHII", 1, 20, link, 0, 262144, 20)
longer, at = b[:24], 24
while at < len(b):
    s, u, n, size = struct.unpack_from("<IIII", b, at)
    data, at = b[at + 16:at + 16 + n], at + 16 + n
    t, pad = s * 1000000 + u, -n % 4
    ng += struct.pack("<IIIIIII", 6, 32 + n + pad, 0, t >> 32, t & 0xffffffff, n, size) + data + bytes(pad) + struct.pack("<I", 32 + n + pad)
    longer += struct.pack("<IIII", s, u, n, size) + data
    last = s
longer += struct.pack("<IIII", last + 20, 0, n, size) + data
open(sys.argv[2], "wb").write(ng)
open(sys.argv[3], "wb").write(longer)
END
gzip -k "$tap_dir/pcap"
for file in ng pcap.gz; do
	is "$(scan --from-pcap "$tap_dir/$file" --timeout 200 --tries 1 | rows | md5sum)" "$(md5sum <"$tap_dir/rows")" "the same by $file"
done
is "$(scan --from-pcap - --timeout 200 --tries 1 <"$tap_dir/pcap" | rows | md5sum)" "$(md5sum <"$tap_dir/rows")" "and from standard input"
scan --from-pcap "$tap_dir/longer" --timeout 200 --tries 1 | rows >"$tap_dir/more"
is "$(grep -E '^(nobody|late)' "$tap_dir/more" | cut -d' ' -f-6)" "late.example. TXT query temporary none 203.0.113.98
nobody.example. TXT query temporary icmp-error 203.0.113.99" "in a longer capture silence is told, and errors of routers"
is "$(scan --from-pcap "$tap_dir/longer" --csv --timeout 200 --tries 1 | grep '^live.com.,MX' | cut -d, -f15 | awk '{ print ($1 >= 3) }')" \
	1 "in columns"

# Damaged, none, and with a list.
head -c -7 "$tap_dir/pcap" >"$tap_dir/cut"
scan --from-pcap "$tap_dir/cut" --timeout 200 --tries 1 >"$tap_dir/out"
is "$(rows <"$tap_dir/out" | grep -c '^live.com. MX query'):$(grep -c 'read in part' "$tap_dir/err")" 1:1 "a file that was cut"
echo 'no capture' >"$tap_dir/text"
scan --from-pcap "$tap_dir/text" >"$tap_dir/out"
is "$?:$(wc -l <"$tap_dir/out"):$(grep -c 'read in part' "$tap_dir/err")" 0:0:1 "a file that is none"
scan --from-pcap "$tap_dir/none"
is "$?" 2 "a file that is not there"
scan "$tap_dir/text" --from-pcap "$tap_dir/pcap"
is "$?" 2 "a list and a capture exclude each other"
if python3 -c 'import jsonschema' 2>/dev/null; then
	echo "$out" >"$tap_dir/out"
	is "$(tests/lint/schema.py --lines scan.schema.json "$tap_dir/out" | grep -v '^ok')" "" "all lines are by the schema"
else
	tap_skip "all lines are by the schema" "there is no python3-jsonschema"
fi
tap_end
