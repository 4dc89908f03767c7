#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The queue over TLS: the server's certificate has to be of the authority and for the name, and a password has to be
# right; else nothing is done.
cd "$(dirname "$0")/../.." || exit
. tests/scenario/tap.bash
. tests/scenario/queue.bash
names=200
[[ ${1-} == --inside ]] || queue_inside "$0"
python3 -c 'import cryptography' 2>/dev/null || tap_skip_all "no python3-cryptography"
queue_zone

# An authority, and certificates by it for this address and for another name; one that nobody vouches for.
python3 - "$tap_dir" <<'END'
import datetime, ipaddress, sys
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

now, day = datetime.datetime.utcnow(), datetime.timedelta(days=1)

def make(file, names, issuer=None):
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, file)])
    by, by_key = issuer or (subject, key)
    cert = (x509.CertificateBuilder().subject_name(subject).issuer_name(by).public_key(key.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(now - day).not_valid_after(now + day)
            .add_extension(x509.BasicConstraints(not names, None), True))
    if names:
        cert = cert.add_extension(x509.SubjectAlternativeName(names), False)
    with open(f"{sys.argv[1]}/{file}.pem", "wb") as f:
        f.write(cert.sign(by_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    with open(f"{sys.argv[1]}/{file}.key", "wb") as f:
        f.write(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                  serialization.NoEncryption()))
    return subject, key

here = [x509.IPAddress(ipaddress.ip_address("127.0.0.1")), x509.DNSName("localhost")]
ca = make("ca", [])
make("good", here, ca)
make("wrong", [x509.DNSName("nats.example")], ca)
make("self", here)
END

# guarded CERTIFICATE: a broker with that certificate and a password.
guarded() {
	broker --tls --tlscert "$tap_dir/$1.pem" --tlskey "$tap_dir/$1.key" --user u --pass secret
}

unguard() {
	kill "$broker"
	wait "$broker" 2>/dev/null
}

# tries URL WORD…: exit code, lines on standard error, lines printed.
tries() {
	local url=$1
	shift
	timeout 30 "$DNSFAULT" scan "$tap_dir/list" $server --queue "$url" "$@" >"$tap_dir/out" 2>"$tap_dir/err"
	echo "$?:$(wc -l <"$tap_dir/err"):$(wc -l <"$tap_dir/out")"
}

good=tls://u:secret@127.0.0.1:4222 ca="--queue-ca $tap_dir/ca.pem"
guarded good
urls=$good agent a --queue-ca "$tap_dir/ca.pem"
# shellcheck disable=SC2086 # lists of words
{
	is "$(tries $good $ca | cut -d: -f1,3)" "0:$names" "a scan over TLS, with a password"
	is "$(tries tls://u:other@127.0.0.1:4222 $ca)" 4:1:0 "a wrong password"
	is "$(tries tls://127.0.0.1:4222 $ca)" 4:1:0 "none"
	is "$(tries $good)" 4:1:0 "an authority that this host does not know"
	is "$(tries $good --queue-ca "$tap_dir/none.pem" | cut -d: -f2,3)" 1:0 "a file of authorities that is not there"
	is "$(tries $good $ca --queue-creds "$tap_dir/none.creds" | cut -d: -f2,3)" 1:0 "credentials that are not there"
	kill -TERM "${agents[a]}"
	wait "${agents[a]}"
	for cert in wrong self; do
		unguard
		guarded $cert
		is "$(tries $good $ca)" 4:1:0 "a certificate that is $cert"
	done
	unguard
	broker
	is "$(tries $good $ca)" 4:1:0 "no TLS there"
}
! grep -q secret "$tap_dir/err" "$tap_dir/out"
is $? 0 "the password is not shown"
tap_end
