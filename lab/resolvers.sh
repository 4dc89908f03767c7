# SPDX-License-Identifier: GPL-3.0-or-later
# The resolvers: the client's of any make, that of a provider behind it, and that of a neighbour.
# shellcheck shell=bash disable=SC2154,SC2034 # names of the other parts, keys of a scenario

# make     program        package        file           how it is started; % is its directory
readonly resolvers='
unbound    unbound        unbound        unbound.conf   unbound -d -c %/unbound.conf
named      named          bind9          named.conf     named -g -n 1 -c %/named.conf
pdns       pdns_recursor  pdns-recursor  recursor.conf  pdns_recursor --config-dir=%
kresd      kresd          knot-resolver  kresd.conf     kresd -n -c %/kresd.conf %
dnsmasq    dnsmasq        dnsmasq-base   dnsmasq.conf   dnsmasq -k -C %/dnsmasq.conf
'
# One function a make writes the configuration: of the resolver in $dir that listens at 127.0.0.1, or
# at $listen as well, draws source ports from the set $pool or uses $fixed alone, and has the lines
# $more besides. They say nothing about what they do not have to.
resolver_unbound() {
	local address range
	cat <<-END
		server:
		  username: ""
		  chroot: ""
		  directory: "$dir"
		  pidfile: ""
		  use-syslog: no
		  num-threads: 1
		  msg-cache-size: 1m
		  rrset-cache-size: 1m
		  root-hints: "$state/root.hints"
		  access-control: 0.0.0.0/0 allow
		  access-control: ::/0 allow
		END
	for address in 127.0.0.1 $listen ${listen6-}; do echo "  interface: $address"; done
	if [[ $signed == yes ]]; then
		printf '  %s\n' 'module-config: "validator iterator"' "trust-anchor-file: \"$state/root.anchor\"" \
			'ede: yes' 'val-log-level: 2'
	else
		echo '  module-config: "iterator"'
	fi
	[[ $resolver_patience != short ]] || cat <<-END
		  # A resolver that gives up within seconds instead of a minute.
		  unknown-server-time-limit: 100
		  infra-cache-max-rtt: 200
		  outbound-msg-retry: 1
		  target-fetch-policy: "0 0 0 0 0"
		END
	# Versions that have it would rather say nothing than SERVFAIL after that time.
	! unbound-checkconf -o discard-timeout /dev/null >/dev/null 2>&1 ||
		echo '  discard-timeout: 30000'
	net_has_v6 client || echo '  do-ip6: no'
	[[ -z $pool ]] || echo '  outgoing-port-avoid: 0-65535'
	for range in ${pool//,/ }; do echo "  outgoing-port-permit: $range"; done
	printf '%b' "${more:+  $more\n}"
	echo $'remote-control:\n  control-enable: no'
}

resolver_named() {
	local range address='' ranges='' own='' validate=no
	for range in ${pool//,/ }; do ranges+="range ${range%-*} ${range#*-}; "; done
	[[ -z $pool ]] || own="use-v4-udp-ports { $ranges}; use-v6-udp-ports { $ranges};"
	[[ -z $fixed ]] || own+=" query-source port $fixed; query-source-v6 port $fixed;"
	address=${listen:+$listen; }
	[[ $signed != yes ]] || validate=yes
	cat <<-END
		options { directory "$dir"; pid-file none; session-keyfile none; lock-file none;
		  listen-on { 127.0.0.1; $address}; listen-on-v6 { ${listen6:+$listen6; }}; recursion yes; dnssec-validation $validate;
		  allow-query { any; }; allow-recursion { any; };
		  max-cache-size 16M; empty-zones-enable no; qname-minimization off; $own
		  $(printf '%b' "$more")
		};
		controls { };
		zone "." { type hint; file "$state/root.hints"; };
		END
	[[ $signed != yes ]] || cat $state/bind.keys
}

# Its one list of exceptions makes any set of a range.
resolver_pdns() {
	local -a in=()
	local range p lo='' hi='' holes=''
	cat <<-END
		local-address=127.0.0.1${listen:+, $listen}${listen6:+, $listen6}
		allow-from=0.0.0.0/0, ::/0
		hint-file=$state/root.hints
		socket-dir=$dir
		daemon=no
		write-pid=no
		threads=1
		security-poll-suffix=
		dnssec=off
		# The lab's addresses are among those that it would not ask.
		dont-query=
		END
	[[ $resolver_patience != short ]] || echo network-timeout=300
	for range in ${pool//,/ }; do
		for ((p = ${range%-*}; p <= ${range#*-}; p++)); do in[p]=1; done
	done
	for p in "${!in[@]}"; do
		for ((hi = ${hi:-p}; hi < p; hi++)); do holes+=",$hi"; done
		: "${lo:=$p}"
		hi=$((p + 1))
	done
	[[ -z $pool ]] || cat <<-END
		udp-source-port-min=$lo
		udp-source-port-max=$((hi - 1))
		udp-source-port-avoid=${holes#,}
		END
	printf '%b' "${more:+$more\n}"
}

resolver_kresd() {
	cat <<-END
		net.listen('127.0.0.1', 53, { kind = 'dns' })
		${listen:+net.listen('$listen', 53, { kind = 'dns' \})}
		${listen6:+net.listen('$listen6', 53, { kind = 'dns' \})}
		cache.size = 10 * MB
		modules.load('hints')
		hints.root_file('$state/root.hints')
		trust_anchors.remove('.')
		modules.unload('ta_update')
		modules.unload('ta_signal_query')
		modules.unload('detect_time_skew')
		modules.unload('priming')
		END
	net_has_v6 client || echo 'net.ipv6 = false'
	printf '%b' "${more:+$more\n}"
}

resolver_dnsmasq() {
	cat <<-END
		user=root
		pid-file=$dir/pid
		no-resolv
		no-hosts
		bind-interfaces
		listen-address=127.0.0.1
		server=${v4[isp]}.$isp_host
		END
	[[ -z $fixed ]] || echo "query-port=$fixed"
	[[ -z $pool ]] || printf 'min-port=%s\nmax-port=%s\n' "${pool%-*}" "${pool#*-}"
	printf '%b' "${more:+$more\n}"
}

readonly isp_host=53

# resolver_row MAKE: sets program, package, file and how, which are the caller's.
resolver_row() {
	local make
	while read -r make program package file how; do
		[[ -z $make || $make != "$1" ]] || return 0
	done <<<"$resolvers"
	return 1
}

# resolver_start NETWORK MAKE: it and its configuration, in $dir.
resolver_start() {
	local program package file how
	resolver_row "$2"
	mkdir -p "$dir"
	"resolver_$2" >"$dir/$file"
	# Nothing in its file tells named that there is no IPv6.
	[[ $2 != named ]] || net_has_v6 client || how+=' -4'
	# shellcheck disable=SC2086 # a command with its words
	(cd "$dir" && exec setsid nsenter --net=/run/netns/"$1" ${how//%/$dir}) >>"$dir/log" 2>&1 </dev/null &
}

# resolver_await NETWORK NAME: whatever it answers to a question that it can answer alone.
resolver_await() {
	local i
	for ((i = 0; i < 100; i++)); do
		in_net "$1" dig version.bind @127.0.0.1 CH TXT +tries=1 +time=1 2>/dev/null |
			grep -q status: && return
		sleep 0.1
	done
	show_log "$2" && return 1
}

# Makes that have no set of ports, or one of another kind, say so before anything runs.
resolver_check() {
	local simple='^[0-9]+(-[0-9]+)?$'
	case $resolver in
	kresd)
		[[ -z $resolver_fixed ]] || die 2 "resolver_fixed: kresd has no such setting"
		[[ -z $resolver_ports || -z $kernel_ports ]] || die 2 "kresd: kernel_ports is its resolver_ports"
		kernel_ports=$kernel_ports$resolver_ports resolver_ports=
		;;
	dnsmasq) [[ $resolver_ports =~ ^($simple)?$ ]] || die 2 "resolver_ports: dnsmasq has one range" ;;
	named) [[ $resolver_fixed != 53 ]] ||
		die 2 "resolver_fixed: named takes no query-source port 53 since 9.16; resolver_ports=53 does the same" ;;
	*) [[ -z $resolver_fixed ]] || resolver_ports=$resolver_fixed resolver_fixed= ;;
	esac
	[[ -z $resolver_lacks || $resolver == unbound ]] || die 2 "resolver_lacks: only unbound"
	[[ -z $kernel_ports || $kernel_ports == *-* ]] || kernel_ports+=-$kernel_ports
	[[ $resolver != dnsmasq && -z $near_intercept || $isp ]] || isp=unbound
}

# What the kernel does on the client: a range below 1024 has to be no privilege there first.
kernel_tell() {
	[[ -z $kernel_ports$kernel_reserved ]] || in_net client bash -c 'cd /proc/sys/net/ipv4 || exit
		[[ -z $0 || ${0%-*} -ge 1024 ]] || echo 0 >ip_unprivileged_port_start || exit
		[[ -z $0 ]] || echo "${0/-/ }" >ip_local_port_range || exit
		[[ -z $1 ]] || echo "$1" >ip_local_reserved_ports' "$kernel_ports" "$kernel_reserved"
}

# All that a scenario wants, at once.
resolvers_start() {
	local -x LD_PRELOAD=
	local dir=$state/resolver listen='' listen6='' pool=$resolver_ports fixed=$resolver_fixed more=$resolver_lines
	kernel_tell || return
	[[ -z $resolver_lacks ]] || cc -shared -fPIC -o "$state/no_sha1.so" "$here/no_sha1.c" || return
	LD_PRELOAD=${resolver_lacks:+$state/no_sha1.so}
	[[ $resolver == none ]] || resolver_start client "$resolver"
	LD_PRELOAD=
	[[ -z $mate ]] || dir=$state/mate resolver_start mate "$mate"
	pool='' fixed='' more=''
	[[ -z $isp ]] || dir=$state/isp listen=${v4[isp]}.$isp_host listen6=${v6[isp]}::$isp_host resolver_start isp "$isp"
}

resolvers_await() {
	[[ $resolver == none ]] || resolver_await client resolver || return
	[[ -z $isp ]] || resolver_await isp isp || return
	[[ -z $mate ]] || resolver_await mate mate
}

# mate_ask FIRST LAST: names that do not exist, so that its resolver has to ask the far servers.
mate_ask() {
	seq -f 'n%.0f.live.com' "$1" "$2" >$state/mate/names
	in_net mate dig @127.0.0.1 +tries=1 +time=5 -f $state/mate/names >/dev/null 2>&1
}

# Whether near knows a flow of the mate to each far server that is up.
mate_known() {
	local server net hosts rest flows
	flows=$(in_net near cat /proc/net/nf_conntrack 2>/dev/null) || return 0
	while read -r server net hosts rest; do
		[[ $net != site || $off$down == *" $server "* || $off == *' site '* ||
			$flows == *" src=${v4[mate]}.10 dst=${v4[site]}.$hosts "* ]] || return
	done <<<"$servers"
}

# The translator knows the mate's flows before the client has any; it is kept from forgetting them.
mate_feed() {
	local i
	[[ $mate ]] || return 0
	for ((i = 0; i < 400; i += 20)); do
		mate_ask $i $((i + 19))
		! mate_known || break
	done
	for ((i = 1000; ; i += 5)); do
		sleep 5
		mate_ask $i $((i + 4))
	done </dev/null >/dev/null 2>&1 &
}
