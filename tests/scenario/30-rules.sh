#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Port rules with and without loss, over IPv4 and IPv6, two seeds each; lab/acceptance runs twenty.
cd "$(dirname "$0")/../.." || exit
. tests/scenario/tap.bash

[[ -x ${DNSFAULT:-build/dnsfault} ]] || tap_skip_all "no ${DNSFAULT:-build/dnsfault}"
out=$(lab/acceptance --quick --jobs 4)
is $? 0 "every blocked set is exact"
diag "${out//$'\n'/$'\n# '}"
tap_end
