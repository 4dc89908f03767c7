#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# --pcap keeps a run's packets: all of them, with their replies, and nobody else's.
cd "$(dirname "$0")/../.." || exit
. tests/scenario/tap.bash
[[ ${1-} == --inside ]] || tap_lab story-far

readonly names=20000 port=5301 server=@127.0.0.1#5301

serve() {
	mkdir "$tap_dir/nsd"
	{
		printf '%s\n' '$ORIGIN bulk.example.' '$TTL 3600' '@ SOA ns h 1 3600 600 86400 300' '@ NS ns' 'ns A 192.0.2.1'
		seq "$names" | sed 's/.*/n& A 192.0.2.7/'
		for name in big @; do
			printf '%s TXT' "$name"
			for _ in {1..15}; do printf ' "%0200d"' 7; done
			echo
		done
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
		  ipv4-edns-size: 4096
		  rrl-ratelimit: 0
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

# Others of this host that ask the same servers, until the file "beside" is gone.
others() {
	: >"$tap_dir/beside"
	while [[ -e $tap_dir/beside ]]; do
		dig +short +tries=1 +time=1 @203.0.113.11 foreign.live.com
		dig +short +tries=1 +time=1 -p $port @127.0.0.1 foreign.bulk.example
		dig +short +tries=1 +time=1 +tcp -p $port @127.0.0.1 foreign.bulk.example
	done >/dev/null 2>&1 &
}

# read_pcap FILE: a line for each packet that is UDP, TCP or an ICMP error; our own reading of the format.
read_pcap() {
	python3 - "$1" <<-'END'
		import struct, sys
		b = open(sys.argv[1], "rb").read()
		assert struct.unpack_from("<IHH", b) == (0xa1b2c3d4, 2, 4) and struct.unpack_from("<I", b, 20) == (113,)
		at = 24
		while at < len(b):
		    n, length = struct.unpack_from("<II", b, at + 8)
		    ip, at = b[at + 32:at + 16 + n], at + 16 + n
		    assert len(ip) == n - 16 == length - 16
		    if ip[0] >> 4 == 6:
		        kind, src, dst, rest = ip[6], ip[8:24].hex(), ip[24:40].hex(), ip[40:]
		    else:
		        kind, src, dst, rest = ip[9], ".".join(map(str, ip[12:16])), ".".join(map(str, ip[16:20])), ip[20:]
		        if struct.unpack_from(">H", ip, 6)[0] & 0x1fff:
		            print("fragment", src, dst)
		            continue
		    ports = struct.unpack_from(">HH", rest)
		    if kind == 17:
		        print("reply" if rest[10] & 0x80 else "query", src, ports[0], dst, ports[1], struct.unpack_from(">H", rest, 8)[0])
		    elif kind == 6:
		        print("tcp", src, ports[0], dst, ports[1])
		    else:
		        print("icmp", src, dst)
	END
}

# Of a tape: "query" lines as read_pcap has them, and the replies of those that were answered.
read_tape() {
	python3 - "$1" <<-'END'
		import json, sys
		for line in open(sys.argv[1]):
		    r = json.loads(line)
		    if "id" in r and not r.get("tcp") and ":" not in r["to"]:
		        (to, port), (src, ours) = r["to"].split("#"), r["from"].split("#")
		        print("query", src, ours, to, port, r["id"])
		        if r["o"] == "answered":
		            print("reply", to, port, src, ours, r["id"])
	END
}

serve
others

# A sweep of a server behind a filter.
"$DNSFAULT" ports 203.0.113.11 --no-locate --pcap "$tap_dir/ports.pcap" --save "$tap_dir/tape" --json >"$tap_dir/json" \
	2>"$tap_dir/err"
is "$?" 1 "a sweep with --pcap"
read_pcap "$tap_dir/ports.pcap" | sort >"$tap_dir/packets"
read_tape "$tap_dir/tape" | sort >"$tap_dir/told"
is "$(comm -13 "$tap_dir/packets" "$tap_dir/told" | wc -l)" 0 "each query of the tape is in the file, and its reply"
is "$(comm -23 "$tap_dir/packets" "$tap_dir/told" | grep -c query)" 0 "no query beyond these is"
is "$(grep -c ^query "$tap_dir/packets")" \
	"$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["queries"]["sent"])' "$tap_dir/json")" \
	"they are as many as the report counts"
is "$(awk '$1 == "query" && $5 == 53 && $3 > 53 && $3 < 1024 && $4 == "203.0.113.11" { n++ } END { print (n > 50) }' \
	"$tap_dir/packets"):$(awk '$1 == "reply" && $5 > 53 && $5 < 1024' "$tap_dir/packets" | wc -l)" 1:0 \
	"blocked ports are queries without a reply"
is "$(grep -c foreign "$tap_dir/ports.pcap")" 0 "others' packets are not in it"
is "$(tcpdump -nr "$tap_dir/ports.pcap" 2>/dev/null | wc -l)" "$(wc -l <"$tap_dir/packets")" "tcpdump reads it whole"
is "$(grep -c "ports.pcap: $(wc -l <"$tap_dir/packets") packets$" "$tap_dir/err")" 1 "and a line says how many"
is "$("$DNSFAULT" resolver --pcap "$tap_dir/ports.pcap" --json | grep -o 'resolver-uses-filtered-ports' | head -1)" resolver-uses-filtered-ports "resolver --pcap reads it, too"

# At full speed.
seq "$names" | sed 's/.*/n&.bulk.example/' >"$tap_dir/list"
"$DNSFAULT" scan "$tap_dir/list" $server --pcap "$tap_dir/scan.pcap" >"$tap_dir/lines" 2>"$tap_dir/err"
is "$?" 0 "a scan of $names names with --pcap"
read_pcap "$tap_dir/scan.pcap" >"$tap_dir/packets"
tries=$(python3 -c 'import json, sys; print(sum(json.loads(l)["tries"] for l in sys.stdin))' <"$tap_dir/lines")
if grep -q 'no room' "$tap_dir/err"; then
	is "$(grep -c '^query' "$tap_dir/packets" | awk -v n="$tries" '{ print ($1 < n) }')" 1 "what the kernel lost is said"
	tap_skip "all queries are in it" "the kernel had no room"
else
	is "$(grep -c '^query' "$tap_dir/packets")" "$tries" "all queries are in it"
	is "$(awk '$1 == "reply" { print $5, $6 }' "$tap_dir/packets" | sort | md5sum)" \
		"$(awk '$1 == "query" { print $3, $6 }' "$tap_dir/packets" | sort | md5sum)" "and all replies"
fi
is "$(grep -c foreign "$tap_dir/scan.pcap")" 0 "others' packets are not in it"

# Truncated replies, closed ports, fragments.
yes 'big.bulk.example TXT' | head -50 | "$DNSFAULT" scan - $server --pcap "$tap_dir/tcp.pcap" >/dev/null 2>&1
read_pcap "$tap_dir/tcp.pcap" >"$tap_dir/packets"
is "$(awk '$1 == "tcp" && $5 == 5301 { print $3 }' "$tap_dir/packets" | sort -u | wc -l)" 50 "TCP connections"
is "$(grep -c foreign "$tap_dir/tcp.pcap")" 0 "of this run alone"
echo live.com | "$DNSFAULT" scan - @127.0.0.1#5399 --tries 2 --pcap "$tap_dir/icmp.pcap" >/dev/null 2>&1
is "$(read_pcap "$tap_dir/icmp.pcap" | cut -d' ' -f1 | sort | uniq -c | xargs)" "2 icmp 2 query" "ICMP errors that quote them"
ip link set lo mtu 1500
"$DNSFAULT" shapes 127.0.0.1#$port -q bulk.example -t TXT --row at-4096 --no-locate --rate 0 \
	--pcap "$tap_dir/parts.pcap" >"$tap_dir/out" 2>&1
is "$(read_pcap "$tap_dir/parts.pcap" | awk '$1 == "fragment" { n++ } END { print (n > 0) }')" 1 "fragments of replies"
ip link set lo mtu 65536

# Ended early, the file is whole.
for signal in INT TERM; do
	"$DNSFAULT" scan "$tap_dir/list" $server --pps 3000 --pcap "$tap_dir/end.pcap" >"$tap_dir/lines" 2>"$tap_dir/err" &
	pid=$!
	sleep 1
	kill -$signal $pid
	wait $pid
	is "$?:$(tcpdump -nr "$tap_dir/end.pcap" 2>&1 | grep -c truncated)" 3:0 "SIG$signal leaves a whole file"
	is "$(read_pcap "$tap_dir/end.pcap" | grep -c '^reply' | awk -v n="$(wc -l <"$tap_dir/lines")" '{ print ($1 >= n) }')" 1 \
		"with the reply of each line that was printed"
done
rm "$tap_dir/beside"

# What cannot be.
out=$(setpriv --bounding-set=-net_raw --inh-caps=-net_raw "$DNSFAULT" scan "$tap_dir/list" $server --pcap "$tap_dir/no.pcap" \
	2>"$tap_dir/err")
is "$?:$out:$(wc -l <"$tap_dir/err"):$(grep -c CAP_NET_RAW "$tap_dir/err")" 2::1:1 "without CAP_NET_RAW: one line, and no query"
is "$([[ -e $tap_dir/no.pcap ]]; echo $?)" 1 "and no file"
"$DNSFAULT" scan "$tap_dir/list" $server --pcap "$tap_dir/none/x.pcap" 2>"$tap_dir/err"
is "$?:$(wc -l <"$tap_dir/err")" 2:1 "a file that cannot be opened: one line, and no query"
"$DNSFAULT" scan "$tap_dir/list" $server --pcap - 2>/dev/null
is "$?" 2 "standard output is for results"
"$DNSFAULT" scan "$tap_dir/list" $server --pcap /dev/full >"$tap_dir/lines" 2>"$tap_dir/err"
is "$?:$(wc -l <"$tap_dir/lines"):$(grep -c 'pcap /dev/full: No space' "$tap_dir/err")" "4:$names:1" \
	"a full disk: all results, a line, and exit code 4"
"$DNSFAULT" ports 203.0.113.11 --no-locate --ports 2000-2010 --pcap /dev/full >"$tap_dir/out" 2>"$tap_dir/err"
is "$?:$(grep -c 203.0.113.11 "$tap_dir/out" | awk '{ print ($1 > 0) }')" 4:1 "of a report, too"

kill $nsd
wait $nsd 2>/dev/null
echo kept >"$tap_dir/old.pcap"
"$DNSFAULT" scan "$tap_dir/no-such-list" --pcap "$tap_dir/old.pcap" 2>/dev/null
is "$?:$(<"$tap_dir/old.pcap")" 2:kept "what is there is kept until the run begins"
tap_end
