#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Zone transfers and signed queries (TSIG) of lookup, beside dig, on a named of our own.
cd "$(dirname "$0")/../.." || exit
. tests/scenario/tap.bash

if [[ ${1-} != --inside ]]; then
	tap_program
	command -v named >/dev/null || tap_skip_all "no named"
	unshare -n true 2>/dev/null || tap_skip_all "no network namespaces here"
	unshare -n "$BASH" "$0" --inside
	exit
fi
ip link set lo up

readonly secret=aGVsbG8gd29ybGQhIQ== other=aGVsbG8gd29ybGQhIg==
readonly key="hmac-sha256:k1:$secret" s="@127.0.0.1 -p 5311"

zone() {
	printf '$TTL 60\n@ SOA ns root 5 1 1 1 1\n NS ns\nns A 192.0.2.1\n%s\n' "$2" >"$tap_dir/$1.zone"
}

zone small "www A 192.0.2.2"
zone large "$(printf 'h%d A 192.0.2.9\n' {1..200000})"
# A change that is larger than the zone is not told as one.
zone changed "$(printf 'h%d A 192.0.2.9\n' {1..50}; echo 'old A 192.0.2.3')"
cat >"$tap_dir/named.conf" <<END
options {
	directory "$tap_dir"; listen-on port 5311 { 127.0.0.1; }; listen-on-v6 { none; }; pid-file none;
	recursion no; session-keyfile none; notify no;
};
controls { };
key "k1." { algorithm hmac-sha256; secret "$secret"; };
key "k5." { algorithm hmac-md5; secret "$secret"; };
zone "small.test" { type primary; file "small.zone"; allow-transfer { key k1.; key k5.; }; };
zone "large.test" { type primary; file "large.zone"; allow-transfer { any; }; };
zone "changed.test" {
	type primary; file "changed.zone"; allow-transfer { any; }; allow-update { key k1.; };
};
END
printf 'key "k1" { // one\n\talgorithm "hmac-sha256"; /* two */ secret "%s";\n};\n' "$secret" >"$tap_dir/k1.key"
printf 'key k1 { algorithm hmac-sha512; secret "%s"; };\n' "$secret" >"$tap_dir/k512.key"
named -g -c "$tap_dir/named.conf" >"$tap_dir/log" 2>&1 &
server=$!
trap 'kill $server 2>/dev/null; wait; rm -rf "$tap_dir"' EXIT
for _ in {1..100}; do
	[[ $(dig $s large.test soa +short +tries=1 +time=1) == ns.* ]] && break
	sleep 0.1
done
nsupdate -y "$key" <<END || diag "no update: IXFR has nothing to tell"
server 127.0.0.1 5311
zone changed.test
update delete old.changed.test A
update add new.changed.test 60 A 192.0.2.4
send
END
[[ $("$DNSFAULT" lookup $s changed.test soa +short) == *" 6 "* ]] || diag "$(tail -3 "$tap_dir/log")"

masked() {
	sed -E -e '/<<>>|WHEN|SOURCE|MEANING/d' -e 's/(Query time:).*/\1/' -e 's/id: [0-9]+/id/' \
		-e 's/(TSIG\thmac-[a-z0-9.-]+ )[0-9]+ 300 ([0-9]+)( [^ ]+=)? [0-9]+/\1\2/' \
		-e 's/(COOKIE: )[0-9a-f]+/\1/'
}

# dig's exit code, ours, arguments: the same page.
while read -r want_dig want_ours args; do
	# shellcheck disable=SC2086 # a list of words
	dig $args >"$tap_dir/dig" 2>/dev/null
	got_dig=$?
	# shellcheck disable=SC2086
	timeout 60 "$DNSFAULT" lookup $args >"$tap_dir/ours" 2>/dev/null
	got_ours=$?
	is "$got_dig $got_ours" "$want_dig $want_ours" "$args: exit codes"
	is "$(diff <(masked <"$tap_dir/dig") <(masked <"$tap_dir/ours") | head -12)" "" "$args: the page"
done <<END
0 9 $s small.test axfr
0 0 $s -y $key small.test axfr
0 0 $s -y $key small.test axfr +qr
0 0 $s -y $key small.test axfr +short
0 0 $s -y $key small.test axfr +onesoa +nostats
0 0 $s -y $key small.test soa
0 0 $s -y $key small.test soa +qr
0 0 $s -y $key small.test soa +tcp
0 0 $s -y $key nope.small.test a +noall +answer +stats
0 0 $s -y k5:$secret small.test soa
0 0 $s -y hmac-sha256:k1:$other small.test soa
0 0 $s -y hmac-sha256:k2:$secret small.test soa
0 0 $s -k $tap_dir/k1.key small.test axfr
0 0 $s -k $tap_dir/k512.key small.test soa
0 0 $s -y $key small.test ixfr=4
0 0 $s -y $key small.test ixfr=5
0 0 $s -y $key small.test ixfr=5 +notcp
0 0 $s large.test axfr
0 0 $s -y $key large.test axfr
0 0 $s -y $key large.test axfr +noall +answer
0 0 $s changed.test ixfr=5
0 0 $s -y $key changed.test ixfr=5
0 9 $s nowhere.test axfr
0 9 $s small.test axfr large.test soa
END
is "$("$DNSFAULT" lookup $s changed.test ixfr=5 | grep -c 'changed.test.*SOA')" 4 \
	"an IXFR with one change has four SOA records"
is "$("$DNSFAULT" lookup $s small.test axfr | grep -c 'MEANING: the zone was not transferred: REFUSED')" 1 \
	"why a transfer failed is said"
is "$("$DNSFAULT" lookup $s -y hmac-foo:k1:$secret small.test soa 2>&1)" \
	"dnsfault lookup: -y: the algorithm is not known, or the secret is not base64" "a bad key is an error"
# Records are shown as they come. A server that sends a part and then nothing; one that closes.
python3 -c '
import socket, threading, time
NAME = b"\4part\4test\0"
def record(kind, data, name=NAME): return name + kind.to_bytes(2, "big") + b"\0\1\0\0\0\x3c" + len(data).to_bytes(2, "big") + data
def serve(s, wait, parts):
    while True:
        c, _ = s.accept()
        query = c.recv(512)[2:]
        soa = record(6, b"\0\0" + b"\0\0\0\1" * 5)
        for i in range(parts):
            body = (soa if i == 0 else b"") + record(1, bytes([192, 0, 2, i]))
            m = query[:2] + b"\x84\0\0\1\0" + bytes([2 if i == 0 else 1]) + b"\0\0\0\0" + NAME + b"\0\xfc\0\1" + body
            c.sendall(len(m).to_bytes(2, "big") + m)
        time.sleep(wait)
        c.close()
for port, wait, parts in ((5312, 4, 2), (5313, 0, 3)):
    s = socket.create_server(("127.0.0.1", port))
    threading.Thread(target=serve, args=(s, wait, parts), daemon=True).start()
time.sleep(120)' &
parts=$!
trap 'kill $server $parts 2>/dev/null; wait; rm -rf "$tap_dir"' EXIT
for _ in {1..100}; do
	ss -Htln sport = :5313 | grep -q . && break
	sleep 0.1
done
"$DNSFAULT" lookup @127.0.0.1 -p 5312 part.test axfr +time=2 >"$tap_dir/slow" 2>&1 &
slow=$!
# It waits two seconds for more, so that what is there while it runs was there before the end.
while kill -0 $slow 2>/dev/null; do
	before=$(grep -c 'IN.A.192' "$tap_dir/slow")
	[[ $before != 2 ]] || break
	sleep 0.05
done
is "$before" 2 "records are there before the end"
wait $slow
is "$? $(grep -c 'IN.A.192' "$tap_dir/slow") $(grep -c 'Transfer failed' "$tap_dir/slow")" "9 2 1" \
	"silence after a part: failed, and not begun again"
"$DNSFAULT" lookup @127.0.0.1 -p 5313 part.test axfr >"$tap_dir/cut" 2>&1
is "$? $(grep -c 'IN.A.192' "$tap_dir/cut") $(grep -c 'it ended before the last SOA' "$tap_dir/cut")" "9 3 1" \
	"a close after a part"
"$DNSFAULT" lookup @127.0.0.1 -p 5313 part.test axfr >/dev/full 2>/dev/null
is $? 4 "what cannot be written"
# A zone of 200,000 records takes no more memory than the small one.
peak() {
	python3 -c 'import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)' "$DNSFAULT" lookup $s "$@"
}
small=$(peak -y $key small.test axfr) large=$(peak large.test axfr)
is "$((large < small + 4096))" 1 "memory: $small KiB for the small zone, $large KiB for the large one"
tap_end
