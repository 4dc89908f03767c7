#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The lab comes up, says what its command says, and leaves nothing behind, however it ends.
cd "$(dirname "$0")/../.." || exit
. tests/scenario/tap.bash

# In the lab: says who it is, then waits to be ended.
# shellcheck disable=SC2016
readonly linger='readlink /proc/self/ns/pid /proc/self/ns/mnt >"$1.part"; mv "$1.part" "$1"; sleep 60'

# raise NAME [COMMAND…]: a lab in the background that lingers; sets pid.
raise() {
	"${@:2}" lab/lab clean -- bash -c "$linger" linger "$tap_dir/$1" 2>"$tap_dir/$1.err" &
	pid=$!
}

# up NAME: waits for it; says "up" or what went wrong.
up() {
	local _
	for _ in {1..300}; do
		[[ ! -s $tap_dir/$1 ]] || { echo up && return; }
		sleep 0.1
	done
	cat "$tap_dir/$1.err"
}

# Says how many processes still live in that lab's namespaces. The kernel takes its time to end them:
# two seconds on a busy machine, and no bound is known; a lab that leaks keeps them for ever.
left() {
	local _ n=
	for _ in {1..300}; do
		n=$(readlink /proc/[0-9]*/ns/pid /proc/[0-9]*/ns/mnt | grep -cFxf "$tap_dir/$1")
		[[ $n != 0 ]] || break
		sleep 0.1
	done
	echo "$n"
}

# Files that a lab would have made, were they not all in its own memory.
traces() {
	ls -d /run/lab /run/netns/client /run/netns/near 2>/dev/null
	grep ' - tmpfs lab ' /proc/self/mountinfo
}

started=$EPOCHREALTIME
out=$(lab/lab clean -- sh -c 'echo heard; exit 7' 2>&1)
is "$?:$out" 7:heard "exit code and output are the command's own"
ended=$EPOCHREALTIME
diag "up and down in $(((${ended/./} - ${started/./}) / 1000)) ms"

is "$(echo 'echo heard' | lab/lab clean -- sh)" heard "the command reads the lab's input"

raise one && one=$pid
raise two && two=$pid
is "$(up one)+$(up two)" up+up "two labs at once"
kill -KILL "$one"
wait "$one" 2>/dev/null
is "$(left one)" 0 "kill -9 of the outer process leaves no process"
is "$(readlink /proc/[0-9]*/ns/pid | grep -cFxf "$tap_dir/two" | grep -vx 0 >/dev/null && echo lives)" \
	lives "the other lab lives on"
kill "$two"
wait "$two" 2>/dev/null
is "$?:$(left two)" 143:0 "SIGTERM ends the lab and leaves no process"
is "$(traces)" "" "no file and no mount is left"

if [[ $(id -u) != 0 ]]; then
	tap_skip "in a user namespace" "all the tests above were"
elif ! setpriv --reuid 65534 --regid 65534 --clear-groups test -r lab/lab; then
	tap_skip "in a user namespace" "another user cannot read this directory"
elif ! setpriv --reuid 65534 --regid 65534 --clear-groups unshare --user --net true 2>/dev/null; then
	tap_skip "in a user namespace" "the kernel gives users none"
else
	is "$(setpriv --reuid 65534 --regid 65534 --clear-groups \
		lab/lab clean -- dig -b 0.0.0.0#1000 @203.0.113.11 live.com MX +short 2>&1)" \
		"10 mail.live.com." "in a user namespace, without root"
fi

# what is wrong | arguments
while IFS='|' read -r name args; do
	# shellcheck disable=SC2086 # a list of words
	lab/lab $args >/dev/null 2>&1
	is $? 2 "usage: $name"
done <<'END'
no scenario|
no such scenario|nothing -- true
no such key|clean far_colour=red -- true
no such port set|clean far_block=low -- true
no such resolver|clean resolver=bind4 -- true
a word that is no assignment|clean true
END
tap_end
