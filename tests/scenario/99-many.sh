#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# scan --probe diagnose of MANY names (60), one in ten with a fault: its verdicts are those of single diagnoses, each
# planted fault is found and nothing else. LABS (3) labs side by side make the single ones.
cd "$(dirname "$0")/../.." || exit
. tests/scenario/tap.bash
many=${MANY:-60} labs=${LABS:-3}

# verdicts: "NAME STATE WHERE ID@SERVERS…" of each line or document, sorted. The resolver's own packets are looked at by
# the verb alone; which servers are met on the way to the addresses of an operator's is a matter of chance, and whether
# a misbehaving one is late depends on how many ask it.
verdicts() {
	python3 -c 'import json, sys
for line in sys.stdin:
    d = json.loads(line)
    name = d["name"] if "scan" in d else d["question"]["name"]
    verdict = d if "scan" in d else d["verdict"]
    found = sorted(f["id"] + "@" + "+".join(sorted(f["servers"])) for f in d["findings"]
                   if not f["id"].startswith(("resolver-", "pool-", "reply-mismatch")) and f.get("subject", name) == name)
    print(name.lower(), verdict["state"], verdict["where"], *found)' | sort
}

# Within a lab: the part of the list that is this lab's, or all of it.
case ${1-} in
--single)
	# The resolver's packets are another matter: a few will do.
	settings=$(mktemp)
	trap 'rm -f "$settings"' EXIT
	printf '%s\n' "root-hints = $LAB_HINTS" "samples = 8" >"$settings"
	awk -v part="$3" -v parts="$4" 'NR % parts == part % parts' "$2" | while read -r name; do
		"$DNSFAULT" "$name" --rate 0 --settings "$settings" --json | tr -d '\n' && echo
	done
	exit
	;;
--scan)
	cp /run/lab/zoo/many "$2.truth"
	[[ -s $2 ]] || cut -d ' ' -f 1 /run/lab/zoo/many >"$2"
	exec "$DNSFAULT" scan "$2" --probe diagnose --rate 0
	;;
esac
tap_program
lab/lab clean -- true 2>"$tap_dir/why" || tap_skip_all "no lab: $(head -1 "$tap_dir/why")"

# look LIST: verdicts of its names together and alone, in LIST.many and LIST.one. An empty list is one of all names.
look() {
	local i
	lab/lab many many="$many" -- "$BASH" "$0" --scan "$1" >"$1.scan" 2>"$tap_dir/err"
	diag "$(head -1 "$tap_dir/err")"
	for ((i = 1; i <= labs; i++)); do
		lab/lab many many="$many" -- "$BASH" "$0" --single "$1" $i "$labs" >"$1.single.$i" &
	done
	wait
	verdicts <"$1.scan" >"$1.many"
	cat "$1".single.* | verdicts >"$1.one"
}

: >"$tap_dir/all"
look "$tap_dir/all"
is "$(wc -l <"$tap_dir/all.many"):$(cut -d ' ' -f 1 "$tap_dir/all.many" | sort -u | wc -l)" "$many:$many" "each name has a line"
# On a busy machine a server may be late: what differs is looked at once more, both ways.
diff "$tap_dir/all.one" "$tap_dir/all.many" | awk '/^[<>]/ { print $2 }' | sort -u >"$tap_dir/again"
if [[ -s $tap_dir/again ]]; then
	diag "again: $(xargs <"$tap_dir/again")"
	look "$tap_dir/again"
else
	touch "$tap_dir/again.one" "$tap_dir/again.many"
fi
is "$([[ $(wc -l <"$tap_dir/again") -le $((many / 10)) ]] && diff "$tap_dir/again.one" "$tap_dir/again.many" && echo same)" same \
	"what is found for each of $many names together is what is found for it alone"

# Good operators' names are well; of the others, what was planted is what is found.
is "$(sed 's/\. / /' "$tap_dir/all.many" | join - <(sort "$tap_dir/all.truth") | awk '
	BEGIN {
		split("story:source-port-filter half:source-port-filter lame:lame-delegation failing:lame-delegation " \
			"dead:unreachable dead-both:unreachable edns:unreachable absent:lame-delegation no-tcp:tcp-blocked", rows, " ")
		for (i in rows) { split(rows[i], word, ":"); planted[word[1]] = word[2] }
	}
	{ found = $4; sub(/@.*/, "", found) }
	NF == 4 && planted[$4] { print; next }
	# The resolver draws none of the ports of the story.
	$NF == "story" ? found != planted[$NF] : planted[$NF] ? found != planted[$NF] || $2 != "fault" : $2 != "ok" { print }')" "" \
	"planted faults are found, and nothing else"
tap_end
