#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The story with each make of resolver, as `lookup` meets it: SERVFAIL or no reply through the resolver,
# and an answer where the filter is not. What diagnose says of them is in verdicts.tsv.
cd "$(dirname "$0")/../.." || exit
. tests/scenario/tap.bash

dnsfault=${DNSFAULT:-build/dnsfault}
[[ -x $dnsfault ]] || tap_skip_all "no $dnsfault"
lab/lab clean resolver=none -- true 2>"$tap_dir/why" || tap_skip_all "no lab: $(head -1 "$tap_dir/why")"

# scenario; what comes with the filter: a status, or silent; keys that take it away
readonly rows='
story-unbound      silent    far_block=
story-named        SERVFAIL  far_block=
story-pdns         SERVFAIL  far_block=
story-kresd        SERVFAIL  far_block= far_tcp_block=
story-dnsmasq      silent    far_block=
story-dnsmasq-isp  silent    edge_block=
'

# status FILE KEY…: of the lookup, with the exit code of no reply told from the others.
status() {
	local code
	lab/lab "${@:2}" -- "$dnsfault" lookup live.com MX +tries=1 +time=14 >"$1" 2>"$1.err"
	code=$?
	awk -v code=$code '/status:/ { sub(",", "", $6); s = $6 }
		END { print s && code == 0 ? s : code == 9 && !s ? "silent" : "exit " code " " s }' "$1" >"$1.status"
}

while read -r scenario _ keys; do
	[[ $scenario ]] || continue
	slots 4
	status "$tap_dir/$scenario" "$scenario" &
	# shellcheck disable=SC2086 # a list of words
	status "$tap_dir/$scenario.clean" "$scenario" $keys &
done <<<"$rows"
wait
while read -r scenario expected _; do
	[[ $scenario ]] || continue
	is "$(<"$tap_dir/$scenario.status")" "$expected" "$scenario: through the filter"
	is "$(<"$tap_dir/$scenario.clean.status")" NOERROR "$scenario: without it"
	is "$(grep -c '^;; MEANING: ' "$tap_dir/$scenario.clean")" 1 "$scenario: and it is said what that means"
done <<<"$rows"
tap_end
