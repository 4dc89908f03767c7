#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The progress line: on a terminal one that is drawn over and wiped, in a log lines of its own, else none.
cd "$(dirname "$0")/../.." || exit 2
. tests/scenario/tap.bash
tap_program
export DNSFAULT tap_dir

# At 20 a second the ports asked for take some seconds.
timeout 120 lab/lab clean -- bash -s 2>"$tap_dir/lab.err" <<'END' || tap_skip_all "no lab: $(head -1 "$tap_dir/lab.err")"
run="$DNSFAULT ports 203.0.113.12 -q live.com -4 --rate 20 --ports 4000-4079 --no-locate --seed 1"
# The program on a terminal of so many columns, whose output it is; what it writes goes to a file.
cat >"$tap_dir/pty" <<'PY'
import fcntl, os, pty, struct, sys, termios
columns, out = int(sys.argv[1]), open(sys.argv[2], "wb")
pid, fd = pty.fork()
if pid == 0:
    fcntl.ioctl(2, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    null = os.open("/dev/null", os.O_WRONLY)
    os.dup2(null, 1)
    os.execvp(sys.argv[3], sys.argv[3:])
while True:
    try:
        data = os.read(fd, 65536)
    except OSError:
        break
    if not data:
        break
    out.write(data)
os.waitpid(pid, 0)
PY
export TERM=xterm
python3 "$tap_dir/pty" 80 "$tap_dir/auto" $run &
python3 "$tap_dir/pty" 40 "$tap_dir/narrow" $run --seed 2 &
python3 "$tap_dir/pty" 80 "$tap_dir/never" $run --progress never &
TERM=dumb python3 "$tap_dir/pty" 80 "$tap_dir/dumb" $run &
TERM=dumb python3 "$tap_dir/pty" 80 "$tap_dir/lines" $run --progress always &
$run >/dev/null 2>"$tap_dir/pipe" &
$run --progress=always >/dev/null 2>"$tap_dir/log" &
wait
END

# drawn FILE: what a terminal shows of it, one state a line
drawn() {
	tr '\r' '\n' <"$tap_dir/$1" | sed 's/\x1b\[K//' | grep -v '^$'
}
line='^[a-z ]*: asked [0-9]* of [0-9]*+, found [0-9]*, [0-9]*/s.* left, [0-9]* s$'
some() {
	grep -cE "$1" | sed 's/^[1-9].*/some/'
}
is "$(drawn auto | some "${line//\*+/*[+]}")" some 'phase, asked, found, rate, time left, time gone'
is "$(tail -c 4 "$tap_dir/auto" | od -An -c | tr -d ' \n')" '\r033[K' 'the line is wiped at the end'
is "$(tr -d '\n' <"$tap_dir/auto" | some $'\r\x1b\\[K')" some 'and drawn over before'
is "$(drawn narrow | grep ': asked' | some '.{40}')" 0 'it never wraps'
for file in never dumb pipe; do
	is "$(some asked <"$tap_dir/$file")" 0 "$file: no line"
done
for file in log lines; do
	is "$(tr -d '\r' <"$tap_dir/$file" | some "${line//\*+/*[+]}")" some "$file: lines"
	is "$(some $'\x1b' <"$tap_dir/$file")" 0 "$file: and no escapes"
	lines=$(grep -c asked "$tap_dir/$file")
	is "$((lines >= 2 && lines < 60))" 1 "$file: about one a second ($lines)"
done
tap_end
