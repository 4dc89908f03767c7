#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# lookup +proxy: dnsdist reads the headers and answers with what it takes for the client.
cd "$(dirname "$0")/../.." || exit
. tests/scenario/tap.bash

[[ ${1-} == --inside ]] || tap_lab clean
trap 'kill "${servers[@]}" 2>/dev/null; wait; rm -rf "$tap_dir"' EXIT
python3 - "$tap_dir" <<'END'
import datetime, sys
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

now, day = datetime.datetime.utcnow(), datetime.timedelta(days=1)
key = ec.generate_private_key(ec.SECP256R1())
name = x509.Name([x509.NameAttribute(x509.oid.NameOID.COMMON_NAME, "dot.test")])
cert = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - day).not_valid_after(now + day).sign(key, hashes.SHA256()))
with open(f"{sys.argv[1]}/cert.pem", "wb") as f:
    f.write(cert.public_bytes(serialization.Encoding.PEM))
with open(f"{sys.argv[1]}/key.pem", "wb") as f:
    f.write(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                              serialization.NoEncryption()))
END

# dnsdist_on PORT LINE…: each client that it is told of has an answer of its own.
dnsdist_on() {
	{
		echo "setLocal('127.0.0.1:$1') setACL({'0.0.0.0/0', '::/0'}) setSecurityPollSuffix('')"
		echo 'function group(net) local g = newNMG() g:addMask(net) return g end'
		echo "newServer{address='127.0.0.1:9'} getServer(0):setUp()"
		echo "addAction(NetmaskGroupRule(group('192.0.2.7/32')), SpoofAction('198.51.100.7'))"
		echo "addAction(NetmaskGroupRule(group('2001:db8::7/128')), SpoofAction('198.51.100.6'))"
		echo "addAction(NetmaskGroupRule(group('127.0.0.1/32')), SpoofAction('198.51.100.1'))"
		printf '%s\n' "${@:2}"
	} >"$tap_dir/$1.conf"
	dnsdist --supervised --disable-syslog -C "$tap_dir/$1.conf" >"$tap_dir/$1.log" 2>&1 &
	servers+=($!)
}
servers=()
dnsdist_on 5310 "setProxyProtocolACL({'127.0.0.0/8'})" "addTLSLocal('127.0.0.1:8531', '$tap_dir/cert.pem', '$tap_dir/key.pem')"
dnsdist_on 5311
# dnsdist 1.7 wants it within TLS. One that wants it outside, and answers with the address in it.
python3 -c '
import socket, ssl, sys, threading
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1] + "/cert.pem", sys.argv[1] + "/key.pem")
def whole(s, n):
    octets = b""
    while len(octets) < n:
        more = s.recv(n - len(octets))
        if not more: raise EOFError
        octets += more
    return octets
def serve(c):
    head = whole(c, 28)
    if head[:16] != b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c": return c.close()
    c = context.wrap_socket(c, server_side=True)
    query = whole(c, int.from_bytes(whole(c, 2), "big"))
    end = query.index(0, 12) + 5
    reply = query[:2] + b"\x84\0\0\1\0\1\0\0\0\0" + query[12:end] + b"\xc0\x0c\0\1\0\1\0\0\0\0\0\4" + head[16:20]
    c.sendall(len(reply).to_bytes(2, "big") + reply)
s = socket.create_server(("127.0.0.1", 8532))
while True: threading.Thread(target=serve, args=(s.accept()[0],), daemon=True).start()
' "$tap_dir" 2>"$tap_dir/python.log" &
servers+=($!)

# ask PORT ARGUMENT…
ask() {
	timeout 30 "$DNSFAULT" lookup -r @127.0.0.1 -p "$1" +time=2 +tries=1 +short www.test "${@:2}" 2>&1 | tail -1
}
for _ in {1..100}; do
	[[ $(ask 5311) == 198.51.100.1 && $(ask 5310 +proxy) == 198.51.100.1 ]] && break
	sleep 0.1
done
readonly from4=192.0.2.7#1234-192.0.2.53 from6=2001:db8::7-2001:db8::53#5353
while IFS='|' read -r want name port args; do
	# shellcheck disable=SC2086 # a list of words
	is "$(ask "$port" $args)" "$want" "$name"
done <<END
198.51.100.1|no header, and none wanted|5311|
;; no servers could be reached|no header, though one is wanted|5310|
198.51.100.1|LOCAL|5310|+proxy
198.51.100.7|an address|5310|+proxy=$from4
198.51.100.6|of IPv6|5310|+proxy=$from6
198.51.100.1|LOCAL over TCP|5310|+proxy +tcp
198.51.100.7|an address over TCP|5310|+tcp +proxy=$from4
198.51.100.6|of IPv6 over TCP|5310|+tcp +proxy=$from6
198.51.100.7|twice on one connection|5310|+tcp +keepopen +proxy=$from4 www.test +tcp +proxy=$from4
198.51.100.7|within TLS|8531|+tls +proxy=$from4
198.51.100.1|LOCAL within TLS|8531|+tls +proxy
;; no servers could be reached|none, where one is wanted within TLS|8531|+tls
;; no servers could be reached|outside, where one is wanted within|8531|+tls +proxy-plain=$from4
192.0.2.7|outside of TLS|8532|+tls +proxy-plain=$from4
;; no servers could be reached|within, where one is wanted outside|8532|+tls +proxy=$from4
END
page=$("$DNSFAULT" lookup -r @127.0.0.1 -p 5310 www.test "+proxy=$from4")
[[ $page == *";; CLIENT PROXY HEADER: source: 192.0.2.7#1234, destination: 192.0.2.53#53"* ]] && said=yes || said=no
is "$said" yes "the page says it"
page=$("$DNSFAULT" lookup -r @127.0.0.1 -p 8532 www.test +tls "+proxy-plain=$from4")
[[ $page == *";; CLIENT PROXY HEADER (plain): source: 192.0.2.7#1234"* ]] && said=yes || said=no
is "$said" yes "and where it stood"
tap_end
