#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# lookup takes each option that dig tells of, or its man page says that it does not. Nothing is asked: -h,
# behind the option, ends the command line, and what stands before it was read.
cd "$(dirname "$0")/../.." || exit
. tests/scenario/tap.bash

tap_program
command -v dig >/dev/null || tap_skip_all "no dig"
trap 'rm -rf "$tap_dir"' EXIT
echo 'key k.test { algorithm hmac-sha256; secret "aGVsbG8="; };' >"$tap_dir/key"

# What stands for the values of options, by what dig -h calls them.
declare -rA values=(['address[#port]']=127.0.0.1 [class]=IN [filename]=/dev/null [keyfile]=$tap_dir/key
	[port]=53 [name]=x.test [type]=MX [dot-notation]=192.0.2.1 ['[hmac:]name:key']=k.test:aGVsbG8=
	['###']=1 ['##']=4 ['###[:value]']=1 [addr]=192.0.2.1 [file]=/dev/null [hostname]=x.test)

# The options in the lines of dig -h, one a line: "-b address[#port]", "+edns ###", "+noedns".
options() {
	dig -h 2>/dev/null | sed -nE '
		s/^ +(-[0-9A-Za-z])( ([^ (]+))? *\(.*/\1 \3/p
		s/^ +\+(\[no\])?([a-z0-9-]+)(\[=([^ ]+)\]|=([^ ]+))? *\(.*/\1 \2 \4\5/p' |
		while read -r first second third; do
			case $first in
			-*) echo "$first $second" ;;
			'[no]') printf '+%s\n' "$second $third" "no$second" ;;
			*) echo "+$first $second" ;;
			esac
		done | sort -u
}

# The options that the man page says are not there.
left_out=$(sed -n '/^Not there:/,/^$/p' doc/dnsfault-lookup.1.scd)

# takes OPTION [VALUE]
takes() {
	case $1 in
	+*) "$DNSFAULT" lookup -r "$1${2:+=$2}" -h ;;
	*) "$DNSFAULT" lookup -r "$1" ${2:+"$2"} -h ;;
	esac >/dev/null 2>&1
}

n=0
while read -r option kind; do
	n=$((n + 1))
	value=${kind:+${values[$kind]-}}
	if [[ $kind && ! $value ]]; then
		is "a value for '$kind'" "none is known here" "$option"
	elif takes "$option" "$value"; then
		is taken taken "$option is taken"
	else
		name=${option/#+no/+}
		[[ $left_out == *[\ ,]"$name"[,\ .]* || $left_out == *[\ ,]"$option"[,\ .]* ]] && said=yes || said=no
		is "$said" yes "$option is in the man page's list of what is not there"
	fi
done < <(options)
is "$((n > 120))" 1 "$n options of dig were read"
# What is not there would be seen.
for option in +nosuchoption +edns=abc -Z; do
	takes "$option" '' && said=taken || said=refused
	is "$said" refused "$option"
done
tap_end
