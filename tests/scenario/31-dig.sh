#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# lookup prints dig's page: beside dig itself, over a table of command lines and servers of four makes.
cd "$(dirname "$0")/../.." || exit
. tests/scenario/tap.bash
. tests/scenario/lookup/makes.bash

python3 -c 'import yaml' 2>/dev/null || tap_skip_all "no python3-yaml"
[[ ${1-} == --inside ]] || tap_lab clean

export LC_ALL=C.UTF-8 # names in letters, for +idnin
trap 'serve_end; rm -rf "$tap_dir"' EXIT
serve_all
serve_dns64
at="@127.0.0.1 -p"
tests/scenario/lookup/compare tests/scenario/lookup/same.txt "$DNSFAULT" NONE= RESOLVER= \
	"AUTH=@203.0.113.11|@203.0.113.12|@203.0.113.13|@203.0.113.14" ONE="$at $port_named" \
	KINDS="$at $port_named|$at $port_nsd|$at $port_knot|$at $port_pdns" \
	SIGNED="$at $port_signed" SIGNED3="$at $port_signed3" DNS64="$at $port_dns64"
