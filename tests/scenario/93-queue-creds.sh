#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The queue with credentials as NATS has them: tokens that an operator signed, keys that never leave the host, and an
# account that is limited to the subjects of doc/queue.md.
cd "$(dirname "$0")/../.." || exit
. tests/scenario/tap.bash
. tests/scenario/queue.bash
names=200
[[ ${1-} == --inside ]] || queue_inside "$0"
python3 -c 'import cryptography' 2>/dev/null || tap_skip_all "no python3-cryptography"
queue_zone

# An operator, its accounts, and a file of credentials for each user.
python3 - "$tap_dir" <<'END'
import base64, binascii, hashlib, json, sys, time
from cryptography.hazmat.primitives import serialization as s
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

OPERATOR, ACCOUNT, USER, SEED = 14 << 3, 0, 20 << 3, 18 << 3
where = sys.argv[1]

def b32(octets):
    return base64.b32encode(octets + binascii.crc_hqx(octets, 0).to_bytes(2, "little")).decode().rstrip("=")

class Key:
    def __init__(self, kind):
        self.key = Ed25519PrivateKey.generate()
        public = self.key.public_key().public_bytes(s.Encoding.Raw, s.PublicFormat.Raw)
        private = self.key.private_bytes(s.Encoding.Raw, s.PrivateFormat.Raw, s.NoEncryption())
        self.id = b32(bytes([kind]) + public)
        self.seed = b32(bytes([SEED | kind >> 5, (kind & 31) << 3]) + private)

def b64(octets):
    return base64.urlsafe_b64encode(octets).decode().rstrip("=")

def token(by, about, nats, **more):
    claims = {"iat": int(time.time()), "iss": by.id, "sub": about.id, "name": "test", "nats": {"version": 2, **nats}, **more}
    claims["jti"] = b32(hashlib.sha256(json.dumps(claims).encode()).digest())
    text = b64(b'{"typ":"JWT","alg":"ed25519-nkey"}') + "." + b64(json.dumps(claims).encode())
    return text + "." + b64(by.key.sign(text.encode()))

def account(by, about, *storage):
    most = dict.fromkeys(("subs", "data", "payload", "imports", "exports", "conn", "leaf", *storage), -1)
    return token(by, about, {"type": "account", "limits": {**most, "wildcards": True}})

def user(file, by, subjects=None, **more):
    key = Key(USER)
    may = {"allow": subjects} if subjects else {}
    jwt = token(by, key, {"type": "user", "subs": -1, "data": -1, "payload": -1, "pub": may, "sub": may}, **more)
    with open(f"{where}/{file}.creds", "w") as f:
        f.write(f"-----BEGIN NATS USER JWT-----\n{jwt}\n------END NATS USER JWT------\n\n"
                f"-----BEGIN USER NKEY SEED-----\n{key.seed}\n------END USER NKEY SEED------\n")

operator, system, ours, foreign = Key(OPERATOR), Key(ACCOUNT), Key(ACCOUNT), Key(ACCOUNT)
with open(f"{where}/nats.conf", "w") as f:
    f.write(f"""operator: {token(operator, operator, {"type": "operator"})}
system_account: {system.id}
resolver: MEMORY
resolver_preload: {{
  {system.id}: {account(operator, system)}
  {ours.id}: {account(operator, ours, "mem_storage", "disk_storage", "streams", "consumer")}
}}
""")
documented = ["dnsfault.>", "$JS.API.>", "$JS.ACK.>", "_INBOX.>"]
user("limited", ours, documented)
user("elsewhere", ours, ["_INBOX.>", "other.>"])
user("foreign", foreign)
user("late", ours, exp=int(time.time()) - 60)
END

# tries USER WORD…: exit code, lines on standard error, lines printed.
tries() {
	local who=$1
	shift
	timeout 30 "$DNSFAULT" scan "$tap_dir/list" $server --queue nats://127.0.0.1:4222 \
		--queue-creds "$tap_dir/$who.creds" "$@" >"$tap_dir/out" 2>"$tap_dir/err"
	local code=$?
	echo "$code:$(wc -l <"$tap_dir/err"):$(wc -l <"$tap_dir/out")"
}

broker -c "$tap_dir/nats.conf"
agent a --queue-creds "$tap_dir/limited.creds"
is "$(tries limited | cut -d: -f1,3)" "0:$names" "a scan with credentials that allow the documented subjects and no others"
is "$(sort -u "$tap_dir/out" | wc -l)" $names "a line for each name"
is "$(timeout 60 "$DNSFAULT" ports 127.0.0.1#$port -q n1.bulk.example --ports 2000-2001 --rate 0 --json \
	--queue nats://127.0.0.1:4222 --queue-creds "$tap_dir/limited.creds" --vantage a 2>"$tap_dir/err" |
	jq -c '[.vantages[].name] | sort')" '["a","here"]' "nor does a vantage point need more"
is "$(tries foreign)" 4:1:0 "an account of another operator"
is "$(grep -c 'does not let in' "$tap_dir/err")" 1 "… and what is wrong"
is "$(tries late)" 4:1:0 "credentials that are out of date"
is "$(tries elsewhere)" 4:1:0 "credentials that do not allow the subjects"
is "$(grep -c 'credentials do not allow it' "$tap_dir/err")" 1 "… and what is wrong"
is "$(timeout 30 "$DNSFAULT" scan "$tap_dir/list" $server --queue nats://127.0.0.1:4222 2>&1 | wc -l)" 1 "no credentials"
sed 's/^SU./SUX/' "$tap_dir/limited.creds" >"$tap_dir/broken.creds"
is "$(tries broken)" 4:1:0 "a key with an error"
is "$(grep -c 'broken.creds, of --queue-creds: no token and key' "$tap_dir/err")" 1 "… and what is wrong"
! grep -qE '^SU|eyJ' "$tap_dir/err" "$tap_dir/out" "$tap_dir/agent-a.err"
is $? 0 "neither key nor token is shown"
kill -TERM "${agents[a]}"
wait "${agents[a]}"
tap_end
