# SPDX-License-Identifier: GPL-3.0-or-later
# The authoritative servers: real ones of different makes.
# shellcheck shell=bash disable=SC2154,SC2016,SC2086 # names of the other parts; lists of words

# server, network, hosts, make ($1 … $4: of far_make), zones
readonly servers='
root    root    4,5,6  knot   . root-servers.net
tld     tld     30,31  nsd    com net gtld-servers.net
google  google  10,11  named  google.com
ultra   ultra   20,21  knot   ultradns.net amazon.com
ns1     site    11     $1     msft.net live.com
ns2     site    12     $2     msft.net live.com
ns3     site    13     $3     msft.net live.com
ns4     site    14     $4     msft.net live.com
zoo1    zoo1    -      knot
zoo2    zoo2    -      nsd
'
readonly hidden_port=5300 # of a server that a liar stands before

# One function a make writes the configuration from addresses, port, zones; the zone files and all
# else lie in the directory that the server is started in.
config_named() {
	local z a only4='' only6='' more='' recursion=no
	[[ $limit == 0 ]] || more+="rate-limit { responses-per-second $limit; window 5; slip 2; }; "
	[[ -z $cookie ]] || more+="answer-cookie $cookie; "
	more+=$lines
	# Versions that limit the size of sets would not load zones with many keys.
	[[ $signed != yes ]] || ! named -C 2>/dev/null | grep -q max-records-per-type || more+="max-records-per-type 0;"
	for a in "${addresses[@]}"; do
		[[ $a == *:* ]] && only6+="$a; " || only4+="$a; "
	done
	if [[ $recursor == *" $server "* ]]; then
		recursion=yes more+='allow-recursion { any; }; allow-query-cache { any; }; '
		echo "zone \".\" { type hint; file \"$state/root.hints\"; };"
	fi
	cat <<-END
		options { directory "$dir"; pid-file none; session-keyfile none; lock-file none;
		  listen-on port $port { $only4}; listen-on-v6 port $port { $only6}; recursion $recursion; notify no;
		  max-cache-size 2M; empty-zones-enable no; dnssec-validation no; allow-transfer { none; };
		  $more };
		controls { };
		END
	for z in "${zones[@]}"; do echo "zone \"$z\" { type primary; file \"$z.zone\"; };"; done
}

config_nsd() {
	local z a
	cat <<-END
		server:
		  server-count: 1
		  username: ""
		  chroot: ""
		  zonesdir: "$dir"
		  zonelistfile: "$dir/zones.list"
		  database: ""
		  pidfile: ""
		  xfrdfile: ""
		  xfrdir: "$dir"
		  logfile: "$dir/log"
		  port: $port
		  rrl-ratelimit: $limit
		  rrl-slip: 2
		  rrl-size: 10007
		  reuseport: no
		END
	[[ -z $cookie ]] || echo "  answer-cookie: $cookie"
	[[ -z $lines ]] || echo "  $lines"
	for a in "${addresses[@]}"; do echo "  ip-address: $a"; done
	echo $'remote-control:\n  control-enable: no'
	for z in "${zones[@]}"; do
		printf 'zone:\n  name: "%s"\n  zonefile: "%s.zone"\n' "$z" "$z"
	done
}

config_knot() {
	local z a modules=()
	[[ $cookie != yes ]] || modules+=(mod-cookies)
	[[ $limit == 0 ]] || modules+=(mod-rrl/lab)
	cat <<-END
		server:
		  rundir: "$dir"
		  udp-workers: 1
		  tcp-workers: 1
		  background-workers: 1
		END
	[[ -z $lines ]] || echo "  $lines"
	for a in "${addresses[@]}"; do
		[[ $a == *@* ]] || a+=@$port
		echo "  listen: $a"
	done
	cat <<-END
		log:
		  - target: stderr
		    any: info
		database:
		  storage: "$dir"
		END
	[[ $limit == 0 ]] || printf '%s\n' mod-rrl: '  - id: lab' "    rate-limit: $limit" '    slip: 2'
	cat <<-END
		template:
		  - id: default
		    storage: "$dir"
		    zonefile-sync: -1
		    journal-content: none
		END
	[[ ${#modules[@]} == 0 ]] || echo "    global-module: [$(IFS=, && echo "${modules[*]}")]"
	echo zone:
	for z in "${zones[@]}"; do printf '  - domain: "%s"\n    file: "%s.zone"\n' "$z" "$z"; done
}

config_pdns() {
	local z list
	for z in "${zones[@]}"; do
		echo "zone \"$z\" { type master; file \"$dir/$z.zone\"; };"
	done >"$dir/zones.conf"
	list=$(IFS=, && echo "${addresses[*]}")
	cat <<-END
		launch=bind
		bind-config=$dir/zones.conf
		local-address=$list
		local-port=$port
		socket-dir=$dir
		guardian=no
		daemon=no
		receiver-threads=1
		distributor-threads=1
		retrieval-threads=1
		signing-threads=1
		security-poll-suffix=
		version-string=anonymous
		$lines
		END
}

# What starts it, in its directory.
declare -rA run=(
	[named]='named -g -n 1 -c named.conf'
	[nsd]='nsd -d -c nsd.conf'
	[knot]='knotd -c knot.conf'
	[pdns]='pdns_server --config-dir=.'
)

# start NETWORK MAKE: its directory, its configuration, itself. A session of its own keeps it from the
# Ctrl-C that is meant for the command.
start() {
	mkdir -p "$dir"
	"config_$2" >"$dir/$2.conf"
	(cd "$dir" && exec setsid nsenter --net=/run/netns/"$1" ${run[$2]}) >>"$dir/log" 2>&1 </dev/null &
}

# server_start SERVER NETWORK HOSTS MAKE ZONE…
server_start() {
	local server=$1 net=$2 make=$4 port=53 dir=$state/$1 limit=0 cookie='' lines='' h z
	local addresses=() zones=()
	for h in ${3//,/ }; do
		[[ -z ${zoo_real["$server $h"]-} ]] || continue
		z=${zoo_ways["$server $h"]:+@$hidden_port}
		addresses+=("${v4[$net]}.$h$z" "${v6[$net]}::$h$z")
	done
	for z in "${@:5}"; do scenario_serves "$server" "$z" && zones+=("$z"); done
	[[ $net != site ]] || limit=${rrl:-0} cookie=$cookies
	mkdir -p "$dir"
	for z in "${zones[@]}"; do
		[[ -f $dir/$z.unsigned ]] || scenario_zone "$server" "$z" >"$dir/$z.zone"
	done
	[[ $net != zoo? || $many == 0 ]] || many_zones
	if [[ $liar == *" $server "* ]]; then
		port=$hidden_port
		in_net "$net" setsid "$here/liar" --behind $port --how "$liar_how" --only "$liar_only" \
			"${addresses[@]}" >"$dir/liar.log" 2>&1 </dev/null &
	fi
	start "$net" "$make"
	zoo_start "$server" "$net"
}

# Adds to ask what the server has to answer. dig begins a new query at a name, not at an @; a liar
# tells the truth over TCP only.
server_questions() {
	local server=$1 net=$2 hosts=$3 how='SOA +short +norec +nodnssec +tries=1 +time=1' z n=0
	[[ $liar != *" $server "* ]] || how+=' +tcp'
	if [[ $net == zoo? ]]; then # one real answer, one of a liar, and one of each server of its own
		z=no-aa
		[[ $shapes == no ]] || z=relay
		ask[$server]+=" good.com @${v4[$net]}.$zoo_first $how $z.com @${v6[$net]}::${zoo_host[$z]} $how"
		n=2
		for z in "${!zoo_real[@]}"; do
			[[ $z == "$server "* ]] || continue
			ask[$server]+=" $(zoo_zone_of "${z#* }") @${v4[$net]}.${z#* } $how"
			n=$((n + 1))
		done
		want[$server]=$n
		return
	fi
	for z in "${@:5}"; do
		scenario_serves "$server" "$z" || continue
		ask[$server]+=" $z @${v4[$net]}.${hosts%%,*} $how $z @${v6[$net]}::${hosts##*,} $how"
		n=$((n + 2))
	done
	want[$server]=$n
}

# await NAMESPACE COUNT QUESTIONS [TRIES]: until so many lines of answers come.
await() {
	local i
	for ((i = 0; i < ${4:-60}; i++)); do
		[[ $(in_net "$1" dig $3 2>/dev/null | grep -vc '^;') == "$2" ]] && return
		sleep 0.1
	done
	return 1
}

# Waits for all at once; when they do not come, shows the logs of the missing ones.
servers_await() {
	local server all='' total=0
	for server in "${!ask[@]}"; do
		all+=${ask[$server]}
		total=$((total + want[$server]))
	done
	await core $total "$all" && return
	for server in "${!ask[@]}"; do
		await core "${want[$server]}" "${ask[$server]}" 1 || show_log "$server"
	done
	return 1
}

show_log() {
	echo "lab: $1 does not answer; the end of its log:" >&2
	tail -q -n 10 $state/"$1"/*log >&2
}

# each_server FUNCTION: calls it with each row of the table, down servers left out.
each_server() {
	local server net hosts make rest
	# shellcheck disable=SC2206
	local makes=(- $far_make)
	while read -r server net hosts make rest; do
		[[ $make != \$* ]] || make=${makes[${make#?}]}
		[[ $server ]] && net_wanted "$net" || continue
		[[ $net != zoo? ]] || hosts=$zoo_hosts rest=${zoo_zones[*]}
		[[ $server != tld || $zoo == no ]] || rest+=' arpa'
		[[ $down == *" $server "* ]] || "$1" "$server" "$net" "$hosts" "$make" $rest
	done <<<"$servers"
}

start_in_background() {
	server_start "$@" &
}

# server_dark SERVER NETWORK HOSTS …
server_dark() {
	local h
	[[ $off == *" $1 "* || $off == *" $2 "* ]] || return
	for h in ${3//,/ }; do dark "$2" "$h"; done
}

# server_delay SERVER NETWORK HOSTS …: a line for each of its addresses that is late, "ADDRESS MS". A spread
# goes by the golden section, so that few servers already differ much.
server_delay() {
	local span=$delay h low ms
	[[ $2 != site || -z $far_delay ]] || span=$far_delay
	[[ $span ]] || return 0
	low=${span%-*}
	for h in ${3//,/ }; do
		ms=$((low + (${span#*-} - low) * (delayed * 618 % 1000) / 1000))
		delayed=$((delayed + 1))
		printf '%s %s\n' "${v4[$2]}.$h" $ms "${v6[$2]}::$h" $ms
	done
}

# What the client sends goes through the delayer at core.
delayer_start() {
	local delayed=0 i
	[[ $delay$far_delay ]] || return 0
	each_server server_delay >$state/delays
	in_net core setsid "$here/delayer" --device late <$state/delays >$state/delayer.log 2>&1 &
	for ((i = 0; i < 50; i++)); do
		in_net core ip link show late >/dev/null 2>&1 && break
		sleep 0.1
	done
	in_net core bash -c 'echo 0 | tee /proc/sys/net/ipv4/conf/{all,late}/rp_filter >/dev/null &&
		ip link set late up && ip rule add iif near lookup 100 && ip route add default dev late table 100 &&
		ip -6 rule add iif near lookup 100 && ip -6 route add default dev late table 100'
}

# The forger sits where the client's queries pass.
forger_start() {
	[[ ${forger:-0} == 0 ]] || in_net core setsid "$here/forger" --rate "$forger" --on near \
		>"$state/forger.log" 2>&1 </dev/null &
}

servers_raise() {
	local -A ask=() want=()
	zoo_write
	zones_sign || return
	each_server start_in_background
	resolvers_start || return
	each_server server_questions
	each_server server_dark
	forger_start
	servers_await && resolvers_await
}
