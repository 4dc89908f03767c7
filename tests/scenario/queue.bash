# SPDX-License-Identifier: GPL-3.0-or-later
# Real servers for tests of the queue, in a namespace of their own, for scripts that source this
# behind tap.bash: nats-server, an nsd with many names, agents. All of it ends with the namespace.
names=4000
port=5301
server=@127.0.0.1#$port

queue_need() {
	tap_program
	type -P nats-server >/dev/null || tap_skip_all "no nats-server (Debian package nats-server)"
	"$DNSFAULT" agent --queue nats://127.0.0.1:1 --site 'a b' 2>&1 | grep -q site || tap_skip_all "built without libnats"
}

# queue_inside SCRIPT: the script once more in namespaces of its own, and no return.
queue_inside() {
	queue_need
	local spaces=(--net --pid --fork --kill-child --mount-proc)
	unshare "${spaces[@]}" true 2>/dev/null || spaces=(--user --map-root-user "${spaces[@]}")
	unshare "${spaces[@]}" true 2>/dev/null || tap_skip_all "no namespaces"
	unshare "${spaces[@]}" "$BASH" "$1" --inside
	exit
}

# queue_zone: an nsd with names n1 … and one name with a large answer.
queue_zone() {
	ip link set lo up
	mkdir -p "$tap_dir/nsd"
	{
		printf '%s\n' '$ORIGIN bulk.example.' '$TTL 3600' '@ SOA ns h 1 3600 600 86400 300' '@ NS ns' 'ns A 192.0.2.1'
		seq "$names" | sed 's/.*/n& A 192.0.2.7/'
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
		  rrl-ratelimit: 0
		  server-count: 1
		zone:
		  name: bulk.example
		  zonefile: zone
	END
	nsd -d -c "$tap_dir/nsd.conf" >/dev/null 2>&1 &
	seq "$names" | sed 's/.*/n&.bulk.example/' >"$tap_dir/list"
	for _ in {1..50}; do
		[[ -z $(dig +short +tries=1 +time=1 -p $port @127.0.0.1 n1.bulk.example) ]] || return
		sleep 0.1
	done
	diag "nsd does not answer"
}

# until_true COMMAND…: at most ten seconds.
until_true() {
	for _ in {1..100}; do
		"$@" 2>/dev/null && return
		sleep 0.1
	done
	return 1
}

listens() { ss -Hltn "sport = :$1" | grep -q .; }

# broker [OPTION…]: $broker is its process id.
broker() {
	nats-server -a 127.0.0.1 -p 4222 -js -sd "$tap_dir/js" "$@" >>"$tap_dir/nats.log" 2>&1 &
	broker=$!
	until_true listens 4222 || diag "nats-server does not listen" "$(tail -3 "$tap_dir/nats.log")"
}

# agent SITE [OPTION…]: its process id is ${agents[SITE]}.
declare -A agents
agent() { agent_by "$DNSFAULT" "$@"; }

# agent_by COMMAND SITE [OPTION…]: the same, by a command that stands for the program.
agent_by() {
	local by=$1 site=$2
	shift 2
	"$by" agent --queue "${urls:-nats://127.0.0.1:4222}" --site "$site" --spool "$tap_dir/spool-$site" "$@" \
		2>>"$tap_dir/agent-$site.err" &
	agents[$site]=$!
	until_true grep -q 'is there' "$tap_dir/agent-$site.err" || diag "agent $site did not come up"
}

# queue_scan WORD…: a scan by the queue; what it says on standard error is in $tap_dir/err.
queue_scan() {
	timeout 60 "$DNSFAULT" scan --queue "${urls:-nats://127.0.0.1:4222}" "$@" 2>"$tap_dir/err"
}

# steady: lines of a scan without times and ports, sorted.
steady() {
	sed -E 's/"(rtt|elapsed|source_port|tries)":[0-9]+/"\1":0/g' | sort
}

# in_db FILE: how many rows, names, verdicts.
in_db() {
	python3 -c 'import sqlite3, sys
d = sqlite3.connect(sys.argv[1])
print(*d.execute("SELECT count(*), count(DISTINCT name), min(verdict), max(verdict) FROM result").fetchone(),
      d.execute("SELECT count(*) FROM job").fetchone()[0])' "$1"
}

# rows FILE: results in it so far; 0 while there is none.
rows() {
	python3 -c 'import sqlite3, sys
try: print(sqlite3.connect("file:" + sys.argv[1] + "?mode=ro", uri=True).execute("SELECT count(*) FROM result").fetchone()[0])
except Exception: print(0)' "$1"
}
has_rows() { [[ $(rows "$1") -gt $2 ]]; }

# has_lines FILE N: what a scan has printed is counted sooner than its rows; the moment may be gone on a busy machine.
has_lines() { [[ $(wc -l <"$1") -gt $2 ]]; }
