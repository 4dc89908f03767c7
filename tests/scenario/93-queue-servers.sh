#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Lists of servers by the queue: agents sweep them and ask them in all shapes, and the lines are those that this host
# would print.
cd "$(dirname "$0")/../.." || exit
. tests/scenario/tap.bash
. tests/scenario/queue.bash
queue_need
[[ ${1-} == --inside ]] || tap_lab story-far

broker
agent a --rate 0
agent b --rate 0

# ids: "NAME STATE VERDICT WHERE ID@SERVERS… SERVER=PORTS" of each line on standard input, sorted.
ids() {
	jq -r '[.name, .state, .verdict, .where, (.findings[]? | .id + "@" + (.servers | sort | join("+"))),
		(.sweeps[]? | .server + "=" + .blocked)] | map(. // "-") | join(" ")' | sort
}

# both PROBE WORD…: the same list by this host and by the queue.
both() {
	local probe=$1
	shift
	"$DNSFAULT" scan "$tap_dir/servers" --probe "$probe" --rate 0 "$@" >"$tap_dir/here" 2>/dev/null
	local code=$?
	queue_scan "$tap_dir/servers" --probe "$probe" --rate 0 --db "$tap_dir/db-$probe" "$@" >"$tap_dir/there"
	is "$?:$(ids <"$tap_dir/there")" "$code:$(ids <"$tap_dir/here")" "$probe by agents is $probe from here"
}

printf '%s\n' 203.0.113.11 a.gtld-servers.net 198.51.100.4 203.0.113.11 203.0.113.250 "not a server" >"$tap_dir/servers"
both ports -q live.com --ports 1020-1027
is "$(jq -r 'select(.name == "203.0.113.11") | .sweeps[0].blocked' "$tap_dir/there" | sort -u)" 1020-1023 "ports of the list's own set, from each"
is "$(jq -r 'select(.sweeps == null) | .name + " " + .verdict' "$tap_dir/there" | xargs)" "not a server not-a-name" "what is no server has its line"
is "$(in_db "$tap_dir/db-ports" | cut -d' ' -f2,5)" "4 0" "each server once in the database, and no job is left"
queue_scan "$tap_dir/servers" --probe ports --rate 0 --db "$tap_dir/db-ports" --resume -q live.com --ports 1020-1027 >"$tap_dir/there"
is "$(grep -c '"sweeps"' "$tap_dir/there")" 0 "--resume sweeps none again"
both shapes -q live.com

# refuses WORD…: exit code and lines on standard error.
refuses() {
	queue_scan "$tap_dir/servers" "$@" >/dev/null
	echo "$?:$(wc -l <"$tap_dir/err")"
}
is "$(refuses --probe ports --full --yes)" 2:1 "--full is no matter of a job"
is "$(refuses --probe ports -t A,MX)" 2:1 "nor are two types for a server"
is "$(refuses --probe ports --ports "$(seq -s, 1 2 999)")" 2:1 "nor more ranges than it has room for"
is "$(refuses --survey ports)" 2:1 "nor is a survey"
kill -TERM "${agents[@]}"
wait "${agents[@]}"
tap_end
