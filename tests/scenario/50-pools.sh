#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Resolvers of each make draw their ports as their configuration says, and dnsfault says the same: 2,000
# queries of each configuration are captured. Words given select rows; lab/pools has more of them.
cd "$(dirname "$0")/../.." || exit
. tests/scenario/tap.bash

for program in tcpdump dnsperf; do
	type -P $program >/dev/null || tap_skip_all "no $program"
done
exec lab/pools --few --tap "$@"
