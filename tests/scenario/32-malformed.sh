#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# lookup shows broken and hostile replies as far as they can be read, and says which octet breaks which rule.
cd "$(dirname "$0")/../.." || exit
. tests/scenario/tap.bash

tap_program
python3 -c 'import yaml' 2>/dev/null || tap_skip_all "no python3-yaml"
lab/lab clean -- true 2>"$tap_dir/why" || tap_skip_all "no lab: $(head -1 "$tap_dir/why")"
lab/lab clean -- tests/scenario/lookup/malformed tests/scenario/lookup/malformed.tsv "$DNSFAULT" 5500
