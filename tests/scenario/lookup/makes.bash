# SPDX-License-Identifier: GPL-3.0-or-later
# Servers of four makes on 127.0.0.1 with the zone of many kinds, for scripts that source this after
# tap.bash. named reads the zone as it stands; the others get what named has, in the generic form of
# RFC 3597 for the types that they do not know by name.
readonly port_named=5301 port_signed=5302 port_signed3=5303 port_nsd=5311 port_knot=5321 port_pdns=5331 port_dns64=5304
readonly kinds=tests/scenario/lookup/kinds.zone
servers=()
# What this pdns reads in words.
readonly pdns_types=' A AAAA AFSDB APL CAA CERT CDNSKEY CDS CNAME CSYNC DHCID DLV DNAME DNSKEY DS EUI48 EUI64 HINFO
HTTPS IPSECKEY KEY KX L32 L64 LOC LP MINFO MR MX NAPTR NID NS OPENPGPKEY PTR RKEY RP SMIMEA SOA SPF SRV SSHFP SVCB
TLSA TXT URI ZONEMD '

# serve_named PORT OPTIONS PATTERN: a named with the zone, without the lines that match.
serve_named() {
	grep -v "$3" $kinds >"$tap_dir/$1.zone"
	printf 'big TXT "record %d of a set that no datagram holds"\n' {1..90} >>"$tap_dir/$1.zone"
	cat >"$tap_dir/$1.conf" <<-END
		options {
			directory "$tap_dir"; listen-on port $1 { 127.0.0.1; }; listen-on-v6 { none; };
			pid-file "$1.pid"; recursion no; dnssec-validation no; server-id "lab"; notify no;
			minimal-responses no; rrset-order { order none; }; session-keyfile none;
		};
		controls { };
		dnssec-policy three { keys { csk lifetime unlimited algorithm 13; }; nsec3param; };
		zone "kinds.test" {
			type primary; file "$1.zone"; key-directory "$tap_dir"; check-names ignore; $2
		};
	END
	launch "$1" named -g -c "$tap_dir/$1.conf"
}

# launch PORT COMMAND…: in the background, ended by serve_end.
launch() {
	"${@:2}" >"$tap_dir/$1.log" 2>&1 </dev/null &
	servers+=($!)
}

# A named that puts prefixes of three lengths in front of IPv4 addresses, one of them with a suffix.
serve_dns64() {
	printf '%s\n' '$TTL 60' '@ SOA ns hostmaster 1 2 3 4 5' '@ NS ns' 'ns A 192.0.2.1' '@ A 192.0.0.170' \
		'@ A 192.0.0.171' >"$tap_dir/ipv4only.zone"
	cat >"$tap_dir/dns64.conf" <<-END
		options {
			directory "$tap_dir"; listen-on port $port_dns64 { 127.0.0.1; }; listen-on-v6 { none; };
			pid-file "dns64.pid"; recursion no; notify no; session-keyfile none;
			dns64 64:ff9b::/96 { clients { any; }; };
			dns64 2001:db8:64::/48 { clients { any; }; };
			dns64 2001:db8::/32 { clients { any; }; suffix ::1:2; };
		};
		controls { };
		zone "ipv4only.arpa" { type primary; file "ipv4only.zone"; };
	END
	launch $port_dns64 named -g -c "$tap_dir/dns64.conf"
	up $port_dns64 AAAA ipv4only.arpa
}

serve_end() {
	kill "${servers[@]}" 2>/dev/null
	wait
}

# up PORT TYPE [NAME]: waits until it answers with that type.
up() {
	local _
	for _ in {1..150}; do
		[[ $(dig @127.0.0.1 -p "$1" "${3-kinds.test}" "$2" +tries=1 +time=1) != *"ANSWER SECTION"* ]] ||
			return 0
		sleep 0.1
	done
	diag "the server on port $1 did not come up" "$(tail -3 "$tap_dir/$1.log")"
}

# What named has, once in words and once in numbers.
transfer() {
	local how=(axfr kinds.test +noall +answer +onesoa +nocmd)
	dig @127.0.0.1 -p $port_named "${how[@]}" >"$tap_dir/words"
	dig @127.0.0.1 -p $port_named "${how[@]}" +unknownformat | sed -E 's/([ \t])CLASS1([ \t])/\1IN\2/' >"$tap_dir/numbers"
	mkdir -p "$tap_dir"/{nsd,knot,pdns}
	cp "$tap_dir/numbers" "$tap_dir/nsd/kinds.test.zone"
	cp "$tap_dir/numbers" "$tap_dir/knot/kinds.test.zone"
	awk -v known="$pdns_types" -v numbers="$tap_dir/numbers" '{
		getline other <numbers
		print index(known, " " $4 " ") ? $0 : other
	}' "$tap_dir/words" >"$tap_dir/pdns/kinds.test.zone"
}

serve_nsd() {
	cat >"$tap_dir/nsd/nsd.conf" <<-END
		server:
		  server-count: 1
		  username: ""
		  chroot: ""
		  zonesdir: "$tap_dir/nsd"
		  zonelistfile: "$tap_dir/nsd/zones.list"
		  database: ""
		  pidfile: ""
		  xfrdfile: ""
		  xfrdir: "$tap_dir/nsd"
		  ip-address: 127.0.0.1@$port_nsd
		  nsid: "ascii_lab"
		  identity: "lab"
		  rrl-ratelimit: 0
		remote-control:
		  control-enable: no
		zone:
		  name: kinds.test
		  zonefile: kinds.test.zone
	END
	launch $port_nsd nsd -d -c "$tap_dir/nsd/nsd.conf"
}

serve_knot() {
	cat >"$tap_dir/knot/knot.conf" <<-END
		server:
		  rundir: "$tap_dir/knot"
		  udp-workers: 1
		  tcp-workers: 1
		  background-workers: 1
		  nsid: "lab"
		  identity: "lab"
		  listen: 127.0.0.1@$port_knot
		database:
		  storage: "$tap_dir/knot"
		template:
		  - id: default
		    storage: "$tap_dir/knot"
		    zonefile-sync: -1
		    journal-content: none
		    global-module: mod-cookies
		zone:
		  - domain: kinds.test
		    file: kinds.test.zone
	END
	launch $port_knot knotd -c "$tap_dir/knot/knot.conf"
}

serve_pdns() {
	echo "zone \"kinds.test\" { type master; file \"$tap_dir/pdns/kinds.test.zone\"; };" >"$tap_dir/pdns/zones.conf"
	cat >"$tap_dir/pdns/pdns.conf" <<-END
		launch=bind
		bind-config=$tap_dir/pdns/zones.conf
		local-address=127.0.0.1
		local-port=$port_pdns
		socket-dir=$tap_dir/pdns
		guardian=no
		daemon=no
		receiver-threads=1
		distributor-threads=1
		security-poll-suffix=
		server-id=lab
	END
	launch $port_pdns pdns_server --config-dir="$tap_dir/pdns"
}

# The four makes, and named with the zone signed: with NSEC, with NSEC3.
serve_all() {
	serve_named $port_named '' '^$'
	serve_named $port_signed 'dnssec-policy default; inline-signing yes;' '^ds '
	serve_named $port_signed3 'dnssec-policy three; inline-signing yes;' '^ds '
	up $port_named SOA
	transfer
	serve_nsd
	serve_knot
	serve_pdns
	up $port_nsd SOA
	up $port_knot SOA
	up $port_pdns SOA
	up $port_signed DNSKEY
	up $port_signed3 NSEC3PARAM
}
