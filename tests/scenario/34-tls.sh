#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# lookup over TLS and HTTPS: beside dig, on unbound and dnsdist, with certificates good and bad.
cd "$(dirname "$0")/../.." || exit
. tests/scenario/tap.bash

[[ ${1-} == --inside ]] || tap_lab clean
trap 'kill "${servers[@]}" 2>/dev/null; wait; rm -rf "$tap_dir"' EXIT

# One authority that is trusted and one that is not; certificates of 127.0.0.1 but for one.
python3 - "$tap_dir" <<'END'
import datetime, ipaddress, sys
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

now, day = datetime.datetime.utcnow(), datetime.timedelta(days=1)

def make(file, name, names, issuer=None, until=30, ca=False):
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    by, by_key = issuer or (subject, key)
    cert = (x509.CertificateBuilder().subject_name(subject).issuer_name(by)
            .public_key(key.public_key()).serial_number(x509.random_serial_number())
            .not_valid_before(now - 60 * day).not_valid_after(now + until * day)
            .add_extension(x509.BasicConstraints(ca, None), True))
    if names:
        cert = cert.add_extension(x509.SubjectAlternativeName(names), False)
    with open(f"{sys.argv[1]}/{file}.pem", "wb") as f:
        f.write(cert.sign(by_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    with open(f"{sys.argv[1]}/{file}.key", "wb") as f:
        f.write(key.private_bytes(serialization.Encoding.PEM,
                                  serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    return subject, key

here = [x509.IPAddress(ipaddress.ip_address("127.0.0.1")), x509.DNSName("dot.test")]
ca = make("ca", "Lab CA", None, ca=True)
other = make("other", "Nobody's CA", None, ca=True)
make("good", "dot.test", here, ca)
make("expired", "dot.test", here, ca, until=-2)
make("wrong", "elsewhere.test", [x509.DNSName("elsewhere.test")], ca)
make("foreign", "dot.test", here, other)
make("self", "dot.test", here)
END

cat >"$tap_dir/unbound.conf" <<END
server:
	directory: "$tap_dir"
	chroot: ""
	username: ""
	pidfile: ""
	use-syslog: no
	do-daemonize: no
	interface: 127.0.0.1@5301
	interface: 127.0.0.1@8531
	tls-port: 8531
	tls-service-key: "$tap_dir/good.key"
	tls-service-pem: "$tap_dir/good.pem"
	local-zone: "test." static
	local-data: "www.test. A 192.0.2.80"
	local-data: "www.test. TXT 'some text'"
	local-data: "test. SOA ns.test. admin.test. 1 2 3 4 5"
END
unbound -d -c "$tap_dir/unbound.conf" >"$tap_dir/unbound.log" 2>&1 &
servers=($!)
{
	# Up without health checks, which ask for what a private zone has not.
	echo 'setLocal("127.0.0.1:5302") newServer{address="127.0.0.1:5301"} setSecurityPollSuffix("") getServer(0):setUp()'
	port=8532
	for cert in good expired wrong foreign self; do
		echo "addTLSLocal('127.0.0.1:$port', '$tap_dir/$cert.pem', '$tap_dir/$cert.key')"
		port=$((port + 1))
	done
	echo "addDOHLocal('127.0.0.1:8443', '$tap_dir/good.pem', '$tap_dir/good.key', {'/dns-query', '/other'})"
	echo "addDOHLocal('127.0.0.1:8080', nil, nil, '/dns-query')"
} >"$tap_dir/dnsdist.conf"
dnsdist --supervised --disable-syslog -C "$tap_dir/dnsdist.conf" >"$tap_dir/dnsdist.log" 2>&1 &
servers+=($!)
# named: zone transfers over TLS, and a port for clients with a certificate.
cat >"$tap_dir/zone" <<END
\$TTL 60
@ SOA ns hostmaster 1 2 3 4 5
@ NS ns
ns A 192.0.2.1
\$GENERATE 1-3000 host-\$ A 192.0.2.1
END
cat >"$tap_dir/named.conf" <<END
tls open { cert-file "$tap_dir/good.pem"; key-file "$tap_dir/good.key"; };
tls known { cert-file "$tap_dir/good.pem"; key-file "$tap_dir/good.key"; ca-file "$tap_dir/ca.pem"; };
options {
	directory "$tap_dir"; pid-file "named.pid"; session-keyfile none; recursion no; notify no;
	listen-on-v6 { none; };
	listen-on port 5303 { 127.0.0.1; };
	listen-on port 8551 tls open { 127.0.0.1; };
	listen-on port 8552 tls known { 127.0.0.1; };
	allow-transfer transport tls { any; };
};
controls { };
zone "xot.test" { type primary; file "zone"; };
END
named -g -c "$tap_dir/named.conf" >"$tap_dir/named.log" 2>&1 &
servers+=($!)
# One that closes what it takes, one that speaks something else.
python3 -c '
import socket, threading, time
def serve(port, say):
    s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(("127.0.0.1", port)); s.listen(5)
    while True:
        c, _ = s.accept()
        c.recv(1)
        if say: c.sendall(say); time.sleep(1)
        c.close()
threading.Thread(target=serve, args=(8541, b""), daemon=True).start()
threading.Thread(target=serve, args=(8542, b"220 mail.test ESMTP ready to go\r\n"), daemon=True).start()
s = socket.socket(); s.bind(("127.0.0.1", 8543)); s.listen(5)
time.sleep(600)' &
servers+=($!)
for _ in {1..100}; do
	[[ $(dig @127.0.0.1 -p 8443 +https www.test +short +time=1 +tries=1) == 192.0.2.80 &&
		$(dig @127.0.0.1 -p 8531 +tls www.test +short +time=1 +tries=1) == 192.0.2.80 &&
		$(dig @127.0.0.1 -p 8551 +tls ns.xot.test +short +time=1 +tries=1) == 192.0.2.1 ]] && break
	sleep 0.1
done

readonly ca=$tap_dir/ca.pem
sed 's/^/HERE -p /' >"$tap_dir/same.txt" <<END
8531 +tls www.test
8531 +tls www.test TXT +short
8531 +tls no.test
8532 +tls www.test
8532 +tls www.test TXT +noedns
8532 +tls +tls-ca=$ca www.test
8532 +tls +tls-ca=$ca +tls-hostname=dot.test www.test
8533 +tls www.test
8534 +tls +tls-ca=$ca +tls-hostname=elsewhere.test www.test
8443 +https www.test
8443 +https no.test
8443 +https=/other www.test TXT
8443 +https-get www.test
8443 +https-post www.test
8443 +https +tls-ca=$ca www.test
8080 +http-plain www.test
8080 +http-plain-get www.test TXT
8532 +tls www.test www.test TXT no.test
8551 +tls xot.test AXFR +onesoa
8551 +tls +tls-ca=$ca xot.test AXFR +short
8552 +tls +tls-ca=$ca +tls-certfile=$tap_dir/good.pem +tls-keyfile=$tap_dir/good.key ns.xot.test
8552 +tls +tls-ca=$ca +tls-certfile=$tap_dir/good.pem +tls-keyfile=$tap_dir/good.key xot.test AXFR +short
END
tap_count=$(wc -l <"$tap_dir/same.txt")
tests/scenario/lookup/compare "$tap_dir/same.txt" "$DNSFAULT" HERE=@127.0.0.1 | grep -v '^1\.\.'

# says EXIT PATTERN NAME ARGUMENTS…
says() {
	local out code
	out=$(timeout 30 "$DNSFAULT" lookup @127.0.0.1 -p "${@:4}" www.test 2>&1)
	code=$?
	[[ $out =~ $2 ]] && is $code "$1" "$3" && return
	is "$code $out" "$1 … $2" "$3"
}
readonly failed='failed: TLS peer certificate verification failed.*'
# Where a pattern has a bar, named closes without a word more often than not.
while IFS=';' read -r code pattern name args; do
	# shellcheck disable=SC2086 # a list of words
	says "$code" "$pattern" "$name" $args
done <<END
9;${failed}expired since 20;expired;8533 +tls +tls-ca=$ca
9;${failed}it is for elsewhere.test, not for 127.0.0.1;a wrong name;8534 +tls +tls-ca=$ca
9;${failed}it is for 127.0.0.1, dot.test, not for x.test;another wrong name;8532 +tls +tls-ca=$ca +tls-hostname=x.test
9;${failed}its issuer is not known here: CN=Nobody's CA;an unknown issuer;8535 +tls +tls-ca=$ca
9;${failed}it is self-signed;self-signed;8536 +tls +tls-ca=$ca
9;${failed}expired since;expired, over HTTPS's check, too;8533 +https +tls-ca=$ca
0;192.0.2.80;self-signed, unchecked;8536 +tls
9;no certificates of authorities can be read from /none;no such file;8532 +tls +tls-ca=/none
9;no certificates of authorities can be read from /dev/null;an empty file;8532 +tls +tls-ca=/dev/null
9;/none and its key cannot be used;no certificate of ours;8532 +tls +tls-certfile=/none +tls-keyfile=/none
9;(reset|Certificate is required);a server that wants a certificate;8552 +tls +time=2 +tries=1
9;(reset|alert);and another one;8552 +tls +tls-certfile=$tap_dir/foreign.pem +tls-keyfile=$tap_dir/foreign.key
1;needs a value;no file named;8532 +tls +tls-certfile
1;needs a value;no name;8532 +tls +tls-hostname
9;the connection in the TLS handshake;no TLS;5301 +tls +time=2 +tries=1
9;the server speaks no TLS on this port;another protocol;8542 +tls +time=3 +tries=1
9;the connection in the TLS handshake;closes;8541 +tls
9;timed out;never says a word;8543 +tls +time=1 +tries=1
9;no HTTP/2;TLS without HTTP/2;8532 +https +time=2 +tries=1
9;HTTP status 404 for /none;no such path;8443 +https=/none
END
# What cannot be used is told before anything is sent: a port where nobody listens would refuse.
says 9 "no certificates of authorities" "told before anything is sent" 8599 +tls +tls-ca=/dev/null
# Queries behind each other on one connection come from one port.
ports() {
	timeout 30 "$DNSFAULT" lookup -r @127.0.0.1 -p "$1" "${@:2}" 2>&1 | sed -n 's/^;; SOURCE: //p'
}
printf '%s\n' 'www.test +tls' 'www.test TXT +tls' 'no.test +tls' >"$tap_dir/batch"
while IFS='|' read -r want name args; do
	# shellcheck disable=SC2086 # a list of words
	ports $args >"$tap_dir/ports"
	is "$(sort -u "$tap_dir/ports" | wc -l) of $(wc -l <"$tap_dir/ports")" "$want" "$name"
done <<END
3 of 3|a connection for each query|8532 +tls www.test www.test TXT no.test
1 of 3|+keepopen: one for all|8532 +tls +keepopen www.test www.test TXT no.test
3 of 3|-f: one for each line|8532 -f $tap_dir/batch
1 of 3|-f with +keepopen: one for all|8532 +keepopen -f $tap_dir/batch
1 of 3|HTTPS: one for all|8443 +https +keepopen www.test www.test TXT no.test
2 of 2|another name to check, another connection|8532 +keepopen +tls-ca=$ca www.test +tls +tls-hostname=dot.test www.test +tls
END
# Others asked by diagnose.
"$DNSFAULT" www.test @127.0.0.1#5301 --second-opinion "tls://127.0.0.1#8532,https://127.0.0.1#8443/other" \
	--json --budget 5 --timeout 500 >"$tap_dir/json" 2>/dev/null
is "$(python3 -c 'import json, sys
print(*sorted((x["transport"], x["result"]) for x in json.load(sys.stdin)["opinions"]))' <"$tap_dir/json")" \
	"('https', 'answer') ('tls', 'answer')" "second opinions over TLS and HTTPS"
tap_end
