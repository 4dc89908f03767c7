#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What "dnsfault mail" finds in the domains of lab/mail.tsv, and what it says of delivery, compared with
# tests/scenario/mail.tsv. Words given select rows.
cd "$(dirname "$0")/../.." || exit
. tests/scenario/tap.bash

dnsfault=${DNSFAULT:-build/dnsfault}
readonly table=tests/scenario/mail.tsv

# On the client: "FILE DOMAIN OPTIONS" a line; some side by side, since dead servers are waited for.
if [[ ${1-} == --ask ]]; then
	while read -r file domain options; do
		slots 6
		# shellcheck disable=SC2086 # words
		{ "$2" mail "$domain" $options --seed 1 --rate 0 --json --save "$file.tape" >"$file" 2>"$file.err" </dev/null
			echo $? >"$file.exit"; } &
	done
	wait
	[[ -d $3 ]] || exit
	# The other ways to the same report.
	"$2" diagnose --mail good.com --rate 0 --json >"$3/diagnose" 2>&1
	"$2" --mail good.com --rate 0 --json >"$3/short" 2>&1
	"$2" mail spf-eleven.com --rate 0 >"$3/text" 2>&1
	exit
fi

[[ -x $dnsfault ]] || tap_skip_all "no $dnsfault"

# number ROW: its host.
number() {
	grep -v '^#' lab/mail.tsv | cut -f1 | grep -nx -e "$1" | awk -F: '{ print $1 + 10 }'
}

mapfile -t rows < <(grep -v '^#' $table | grep -F -e "${1-}")
for i in "${!rows[@]}"; do
	IFS=$'\t' read -r row domain options lookups _ <<<"${rows[i]}"
	[[ $options != - ]] || options=
	[[ $options == *--helo* ]] || options+=" --helo mail.$row.com"
	[[ $options == *--client* ]] || options+=" --client 198.51.100.$(number "$row")"
	for loss in "" lossy-; do
		echo "$tap_dir/$loss$i $domain $options --selector s1" >>"$tap_dir/${loss}ask"
		echo "$tap_dir/$loss$i $lookups" >>"$tap_dir/${loss}reports"
	done
done
# shellcheck disable=SC2154 # of tap.bash
timeout 180 lab/lab mail core_loss=10 -- "$0" --ask "$dnsfault" "$tap_dir/lossy" <"$tap_dir/lossy-ask" \
	>"$tap_dir/lossy-err" 2>&1 &
timeout 180 lab/lab mail -- "$0" --ask "$dnsfault" "$tap_dir" <"$tap_dir/ask" >"$tap_dir/err" 2>&1
wait
tests/scenario/mail-verdict <"$tap_dir/reports" >"$tap_dir/lines"
tests/scenario/mail-verdict <"$tap_dir/lossy-reports" >"$tap_dir/lossy-lines"

declare -A codes=([ok]=0 [fault]=1 [undecided]=3)
for i in "${!rows[@]}"; do
	IFS=$'\t' read -r row domain options lookups state expected <<<"${rows[i]}"
	is "$(sed -n $((i + 1))p "$tap_dir/lines")" "$state"$'\t'"$expected" "dnsfault mail $domain"
	is "$(sed -n $((i + 1))p "$tap_dir/lossy-lines")" "$state"$'\t'"$expected" "... with one query in ten lost"
	is "$(cat "$tap_dir/$i.exit" 2>/dev/null)" "${codes[$state]}" "its exit code"
	"$dnsfault" judge --json "$tap_dir/$i.tape" >"$tap_dir/again" 2>&1
	is "$(cmp "$tap_dir/$i" "$tap_dir/again" 2>&1)" "" "judge says the same"
	[[ -s $tap_dir/$i ]] || diag "$(tail -n 3 "$tap_dir/$i.err" "$tap_dir/err" 2>/dev/null)"
done
[[ ! ${1-} ]] || { tap_end && exit; }

# Each finding of the family has a row in which it fires; the good twins have none.
while read -r id; do
	grep -v '^#' $table | cut -f6 | grep -q "\(^\|; \)$id: " && got=yes || got=no
	is $got yes "$id: has a row"
done < <(grep -oh '{ "[a-z0-9-]*", [a-z_]* }' src/check/mail.c | cut -d'"' -f2)
is "$(grep -cP '^(good|s-good|s-good3)\t[^\t]*\t-\t[^\t]*\tok\t-\t' $table)" 3 "nothing is found in the good twins"

for way in diagnose short; do
	is "$(python3 -c 'import json, sys; r = json.load(open(sys.argv[1]))
print(r["command"], r["verdict"]["state"], len(r["mail"]["lookups"]) > 5, [u["what"] for u in r["untested"]][:1])' \
		"$tap_dir/$way" 2>&1)" "mail ok True ['PTR and forward match of the addresses that send']" "$way: --mail is the same"
done
is "$(($(grep -v 'dig ' "$tap_dir/text" | LC_ALL=C.UTF-8 wc -L) <= 80))" 1 "the text fits 80 columns"
is "$(grep -c 'SPF permerror' "$tap_dir/text")" 1 "the table says what comes of it"
tap_end
