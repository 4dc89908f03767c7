#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Words that bash completes, in bash; man pages of verbs, made by scdoc; what is installed.
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=tests/scenario/tap.bash
. tests/scenario/tap.bash

dnsfault=${DNSFAULT:-build/dnsfault}
[[ -x $dnsfault ]] || tap_skip_all "there is no $dnsfault"

"$dnsfault" help --completion bash >"$tap_dir/bash" || tap_skip_all 'no completion'
# shellcheck source=/dev/null
. "$tap_dir/bash"

# completes WANTED WORD…: what the last word becomes; sorted, in a line.
completes() {
	local wanted=$1
	shift
	COMP_WORDS=(dnsfault "$@") COMP_CWORD=$#
	_dnsfault
	is "$(printf '%s\n' "${COMPREPLY[@]}" | sort | paste -sd' ')" "$wanted" "dnsfault $*"
}
completes 'path ports' p
completes 'judge' ju
completes '--rate --root-hints' ports --r
completes '--rate --root-hints' example.com --r
completes '--noc --noc=own' judge --n
completes 'always auto never' tree --color ''
completes 'never' tree --color n
completes '' ports --rate ''
completes 'source-port-filter source-port-policer' explain source-port
completes 'ports' help po
completes 'tests/scenario/tap.bash' judge tests/scenario/tap.b
completes 'tests/scenario/tap.bash' ports --save tests/scenario/tap.b
completes '' ports --nothing-like-it

for shell in bash zsh fish; do
	command -v $shell >/dev/null || continue
	"$dnsfault" help --completion $shell >"$tap_dir/$shell"
	$shell -n "$tap_dir/$shell"
	is "$?" 0 "$shell reads its script"
done
"$dnsfault" help --completion tcsh >/dev/null 2>"$tap_dir/err"
is "$?" 2 'another shell is refused'

if command -v scdoc >/dev/null; then
	for verb in diagnose ports shapes tree mail path resolver beacon judge explain help; do
		"$dnsfault" help --man $verb | scdoc >"$tap_dir/$verb.1" 2>"$tap_dir/err"
		is "$?" 0 "scdoc takes dnsfault-$verb(1)"
	done
fi
tap_end
