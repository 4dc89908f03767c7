#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Full sweeps and their manners: memory and descriptors, TCP, stopping, budgets. Nothing is timed.
cd "$(dirname "$0")/../.." || exit 2
. tests/scenario/tap.bash

dnsfault=${DNSFAULT:-build/dnsfault}
[[ -x $dnsfault ]] || tap_skip_all "no $dnsfault"
readonly nsd=203.0.113.12 rule=1-52,54-1023
export dnsfault nsd tap_dir

# in_lab SCENARIO: the script on standard input, on the client
in_lab() {
	timeout 300 lab/lab "$1" -- bash -s 2>"$tap_dir/lab.err" || sed 's/^/# /' "$tap_dir/lab.err"
}

# field FILE PYTHON: of the report r and its first sweep s
field() {
	python3 -c 'import json, sys
r = json.load(open(sys.argv[1])); s = r["sweeps"][0]
print(eval(sys.argv[2]))' "$tap_dir/$1" "$2" 2>&1 | tail -1
}

in_lab story-far <<'END'
few() (ulimit -n 1024 && "$@")
run=("$dnsfault" ports "$nsd" -q live.com --rate 0 --no-locate --json)
# The peak of resident memory, in kB, before the process is gone (VmHWM, proc(5)).
python3 - "${run[@]}" --full >"$tap_dir/peak" <<'PY'
import os, resource, subprocess, sys
out = open(os.environ["tap_dir"] + "/full.json", "w")
subprocess.run(sys.argv[1:], stdout=out)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
PY
few "${run[@]}" --full --progress always >"$tap_dir/few.json" 2>"$tap_dir/few.err"
# With this seed no blocked port is among the first twenty, and so none is asked twice by then.
"${run[@]}" --seed 1 --budget 30000 --full >"$tap_dir/budget.json"
echo $? >"$tap_dir/budget.exit"
"${run[@]}" --budget 300 >"$tap_dir/small.json"
echo $? >"$tap_dir/small.exit"
"${run[@]:0:5}" --rate 2000 --ports 1-1100 --no-locate --json --progress always \
	>"$tap_dir/int.json" 2>"$tap_dir/int.err" & pid=$!
sleep 2
kill -INT $pid
wait $pid
echo $? >"$tap_dir/int.exit"
"$dnsfault" ports "$nsd" -q live.com --rate 100 --full --save "$tap_dir/term.tape" \
	>"$tap_dir/term.out" 2>&1 & pid=$!
sleep 2
kill -TERM $pid
wait $pid
echo $? >"$tap_dir/term.exit"
END
is "$(field full.json 's["blocked"]')" $rule 'a full sweep is exact'
is "$(field full.json 's["undiscovered"]["fraction"]')" 0 'and leaves nothing undiscovered'
is "$(($(<"$tap_dir/peak") < 65536))" 1 "in less than 64 MiB ($(<"$tap_dir/peak") kB)"
is "$(field few.json 's["blocked"]')" $rule 'and so with 1,024 descriptors'
is "$(<"$tap_dir/budget.exit")" 3 'a budget that ends a full sweep leaves it undecided'
is "$(field budget.json '0.4 < s["undiscovered"]["fraction"] < 0.7')" True 'with its looser bound'
# A port that another process holds costs nothing.
is "$(field budget.json '29990 <= s["sent"] <= 30000')" True 'is kept'
is "$(field budget.json '"budget" in str(r["untested"])')" True 'and named'
# What is known by then may be a filter, or too little: chance decides.
[[ $(<"$tap_dir/small.exit") =~ ^[13]$ ]]
is $? 0 'a budget that ends a sampled sweep leaves what is known'
is "$(field small.json '0 < s["undiscovered"]["fraction"] < 0.1')" True 'with its bound'
is "$(<"$tap_dir/int.exit")" 3 'SIGINT ends a sweep with exit code 3'
is "$(field int.json 'r["verdict"]["state"]')" undecided 'undecided'
is "$(field int.json 's["sent"] > 10')" True 'with what is known so far'
is "$(grep -c '1144 queries or more .* at most 2000 a second' "$tap_dir/int.err")" 1 \
	'what it would have cost was said before'
is "$(grep -c 'asked [0-9].*found [0-9].*/s, loss [0-9.]*%.* left' "$tap_dir/few.err" |
	sed 's/^[1-9].*/some/')" some 'progress tells asked, found, rate, loss and time left'
is "$(<"$tap_dir/term.exit")" 3 'SIGTERM does the same'
is "$(grep -c '^undecided: .*ended early' "$tap_dir/term.out")" 1 'and says so'
is "$(head -1 "$tap_dir/term.tape" | grep -c '"note":"stopped"')" 1 'the saved facts as well'

in_lab clean <<'END'
ip netns exec far nft -f - <<-NFT
	table inet tcp_rule { chain f { type filter hook forward priority 0
	tcp sport 1-1023 tcp dport 53 drop; }; }
NFT
run=("$dnsfault" ports "$nsd" -q live.com --rate 0 --json)
"${run[@]}" --tcp >"$tap_dir/tcp.json"
"${run[@]}" --tcp --full --no-locate >"$tap_dir/tcpfull.json"
"${run[@]}" >"$tap_dir/udp.json"
ss -tan state time-wait | tail -n +2 | wc -l >"$tap_dir/waiting"
END
in_lab clean <<'END'
nft -f - <<-NFT
	table inet own { chain f { type filter hook output priority 0
	udp sport 5000-5999 udp dport 53 drop; }; }
NFT
"$dnsfault" ports "$nsd" -q live.com --rate 0 --json --ports 4990-5010 >"$tap_dir/own.json"
END
is "$(field own.json '[(u["ports"], u["why"]) for u in s["untested"]]')" \
	"[('5000-5010', 'a firewall on this machine forbids it')]" \
	'what a firewall of this machine forbids is said to be that'
for file in tcp tcpfull; do
	is "$(field $file.json 's["transport"] + " " + s["blocked"]')" 'tcp 1-1023' \
		"a rule for TCP alone is found exactly ($file)"
	is "$(field $file.json 'all("+tcp" in d and "-b" in d for d in r["findings"][0]["reproduce"])')" \
		True 'and reproduced over TCP'
done
is "$(field tcp.json 'r["findings"][0]["where"]')" far 'at its place'
is "$(field udp.json 's["pattern"]')" none 'UDP is not affected'
is "$(<"$tap_dir/waiting")" 0 'no connection is left in TIME_WAIT'
tap_end
