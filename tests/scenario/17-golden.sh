#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Saved runs in every form for text, byte for byte as they were: see tests/golden/make.
cd "$(dirname "$0")/../.." || exit 2
. tests/scenario/tap.bash
tap_program

mkdir "$tap_dir/runs"
NO_COLOR='' COLUMNS=200 tests/golden/make "$tap_dir/runs"
is "$?" 0 'every run is judged'
is "$(ls "$tap_dir/runs")" "$(ls tests/golden/runs)" 'they are the same runs'
for file in tests/golden/runs/*; do
	name=${file##*/}
	is "$(diff "$file" "$tap_dir/runs/$name" 2>&1 | head -10)" '' "$name"
done
is "$(python3 -c '
import pathlib
for path in pathlib.Path("tests/golden/runs").glob("*.txt"):
    for line in path.read_text(encoding="utf-8").splitlines():
        if "\033" in line or len(line) > 80 and not line.startswith("    dig "):
            print(path.name, line)
')" '' \
	'text is plain, of 80 columns but for commands'
is "$(cat tests/golden/runs/*.{noc,own} | grep -cP '[^\x20-\x7e]|.{73}')" 0 'letters are ASCII of 72'
tap_end
