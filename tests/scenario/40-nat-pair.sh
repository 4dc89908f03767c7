#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Two resolvers that send from port 53 behind one translator: what really arrives beyond it, seen by
# capture. The second resolver's port becomes another below 512, and meets the filter.
cd "$(dirname "$0")/../.." || exit
. tests/scenario/tap.bash

# name; scenario; live.com MX, google.com A; the ports that the client sends the far servers from, those
# that arrive, and those of its mate; whether the filter dropped any
rows=(
	'two of them;nat-pair;SERVFAIL NOERROR 53 low 53 dropped'
	'without the filter;nat-pair far_block=;NOERROR NOERROR 53 low 53 -'
	'without the first;nat-pair mate=;NOERROR NOERROR 53 53 - -'
	'with ports of their own choice;nat-pair resolver_ports=;NOERROR NOERROR high high high -'
)

status() {
	dig "$@" +tries=1 +time=15 | awk '/status:/ { sub(",", "", $6); s = $6 } END { print s ? s : "silent" }'
}

# capture NAMESPACE INTERFACE FILE: returns when it captures.
capture() {
	nsenter --net=/run/netns/"$1" tcpdump -lnni "$2" 'udp dst port 53 and dst net 203.0.113.0/24' \
		>"$3" 2>"$3.err" &
	captures+=($!)
	touch "$3.err"
	until grep -q 'listening on' "$3.err"; do sleep 0.05; done
}

# classes: of the ports in lines of "PORT", one word each, joined by commas.
classes() {
	awk '{ c = $1 == 53 ? "53" : $1 < 512 ? "low" : $1 < 1024 ? "middle" : "high"; print c }' | sort -u | paste -sd,
}

# queries FILE: "SERVER ID PORT" of each query.
queries() {
	awk '$2 == "IP" { n = split($3, from, "."); print $5, $6 + 0, from[n] }' "$1" | sort
}

# On the client. What arrives is told apart by server and id of what was sent: both hosts have one
# outside address.
look() {
	local captures=() dir live google
	dir=$(mktemp -d)
	capture client eth0 "$dir/sent"
	capture core near "$dir/arrived"
	live=$(status live.com MX)
	google=$(status google.com A)
	sleep 6 # its mate asks every 5 s
	kill "${captures[@]}"
	wait "${captures[@]}" 2>/dev/null
	queries "$dir/sent" | awk '{ print $1, $2 }' >"$dir/ours"
	queries "$dir/arrived" | grep -F -f "$dir/ours" >"$dir/ours.arrived"
	queries "$dir/arrived" | grep -v -F -f "$dir/ours" >"$dir/mates"
	for file in "$dir/ours.arrived" "$dir/mates"; do
		awk '{ print $3 }' "$file" | classes >"$file.classes"
	done
	echo "$live $google $(queries "$dir/sent" | awk '{ print $3 }' | classes)" \
		"$(<"$dir/ours.arrived.classes") $(grep . "$dir/mates.classes" || echo -)" \
		"$(ip netns exec far nft list ruleset | grep -q 'packets [1-9].*"blocked"' && echo dropped || echo -)"
	rm -r "$dir"
}

if [[ ${1-} == --look ]]; then
	look
	exit
fi
type -P tcpdump >/dev/null || tap_skip_all "no tcpdump"

for i in "${!rows[@]}"; do
	IFS=';' read -r _ scenario _ <<<"${rows[i]}"
	slots 4
	# shellcheck disable=SC2086 # a scenario and changes to it
	timeout 120 lab/lab $scenario -- "$0" --look >"$tap_dir/$i" 2>&1 &
done
wait
for i in "${!rows[@]}"; do
	IFS=';' read -r name _ expected <<<"${rows[i]}"
	is "$(<"$tap_dir/$i")" "$expected" "$name"
done
tap_end
