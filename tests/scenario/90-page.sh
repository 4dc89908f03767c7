#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Pages as Chromium draws and prints them, without a network: of saved runs and of the story in the lab.
# Nothing lies outside the page or on other text, contrasts suffice, nothing is asked for elsewhere.
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=tests/scenario/tap.bash
. tests/scenario/tap.bash

dnsfault=${DNSFAULT:-build/dnsfault}
[[ -x $dnsfault ]] || tap_skip_all "there is no $dnsfault"
for tool in chromium pdftotext python3; do
	command -v $tool >/dev/null || tap_skip_all "there is no $tool"
done
unshare -n true 2>/dev/null || tap_skip_all 'no right to a network namespace'

# measure FILE… [--open]: what is wrong, a line each page and way of looking.
measure() {
	unshare -n tests/page/measure "$@" 2>&1
}

# A ruler that finds everything well would be of no use.
faults=$(measure tests/page/bad.html | sed 's/^[^:]*: //')
for fault in addresses:request '1280 pixels:outside' '1280 pixels:overlap' '1280 pixels:contrast' \
	'390 pixels:outside' '390 pixels, dark:overlap' paper:overlap; do
	is "$(grep -c "^${fault%%:*}: .*${fault#*:}" <<<"$faults")" 1 "the ruler tells: $fault"
done

# page NAME FILE LINES: of those, the page's own are well in all five ways.
page() {
	local own
	own=$(grep -F "$2: " <<<"$3")
	is "$(grep -v ': ok' <<<"$own")$(wc -l <<<"$own")" 5 "$1"
}

# Drawn together, by one Chromium a colour.
declare -A pages=()
for tape in pages/story pages/exposed pages/tree hostile/escapes hostile/bidi hostile/names \
	source-port-filter/bad source-port-policer/bad flow-hash-loss/bad nat-rewrites-ports/bad \
	lame-delegation/bad dnssec-expired/bad mx-lookup-fails/bad edns-drop/bad source-port-filter/good; do
	file=$tap_dir/${tape//\//-}.html
	"$dnsfault" judge "tests/fixtures/$tape.jsonl" --html "$file" >"$tap_dir/text" 2>&1
	pages[$tape]=$file
done
lines=$(measure --open "${pages[@]}")
for tape in "${!pages[@]}"; do page "$tape" "${pages[$tape]}" "$lines"; done

# The page says what the run said, and goes to standard output when told to.
"$dnsfault" judge tests/fixtures/pages/story.jsonl --html "$tap_dir/a.html" >"$tap_dir/a.txt"
is $? 1 'the exit code is that of the findings'
"$dnsfault" judge "$tap_dir/a.html" >"$tap_dir/b.txt"
is "$(cmp "$tap_dir/a.txt" "$tap_dir/b.txt" 2>&1)" '' 'a page is judged like the facts in it'
"$dnsfault" judge "$tap_dir/a.html" --html - >"$tap_dir/b.html"
is "$(cmp "$tap_dir/a.html" "$tap_dir/b.html" 2>&1)" '' 'and makes the same page again'
"$dnsfault" judge tests/fixtures/pages/story.jsonl --html - --json >/dev/null 2>&1
is $? 2 'a page and a document have not room on one output'
"$dnsfault" judge tests/fixtures/pages/story.jsonl --html /nowhere/x >/dev/null 2>&1
is $? 4 'a file that cannot be written is told'
sed 's/id="dnsfault-facts"/id="other"/' "$tap_dir/a.html" >"$tap_dir/none.html"
"$dnsfault" judge "$tap_dir/none.html" >/dev/null 2>&1
is $? 2 'a page without facts is no tape'

# What a run sees is on its page.
timeout 300 lab/lab story-far -- "$dnsfault" live.com MX --rate 0 --seed 1 --html "$tap_dir/story.html" \
	>"$tap_dir/story.txt" 2>/dev/null
is $? 1 'the story ends with a fault'
for part in verdict findings time ports path tree shapes resolver replies; do
	is "$(grep -c "<section [^>]*id=\"$part\"" "$tap_dir/story.html")" 1 "its page has the part $part"
done
page 'the story' "$tap_dir/story.html" "$(measure "$tap_dir/story.html")"
page 'the story, unfolded' "$tap_dir/story.html" "$(measure --open "$tap_dir/story.html")"
tap_end
