# SPDX-License-Identifier: GPL-3.0-or-later
# Test results in TAP, for scripts that source this.
tap_count=0

# is GOT EXPECTED NAME
is() {
	tap_count=$((tap_count + 1))
	if [[ $1 == "$2" ]]; then
		echo "ok $tap_count - $3"
	else
		echo "not ok $tap_count - $3"
		diag "got      $1" "expected $2"
	fi
}

# On stderr, which prove passes on: the log of a run that failed shows why.
diag() {
	printf '# %s\n' "$@" >&2
}

tap_skip() {
	tap_count=$((tap_count + 1))
	echo "ok $tap_count - $1 # skip $2"
}

tap_skip_all() {
	echo "1..0 # skip $1"
	exit 0
}

tap_end() {
	echo "1..$tap_count"
}

# tap_program: makes DNSFAULT the absolute path of the program, for the environment.
tap_program() {
	DNSFAULT=$(realpath -m "${DNSFAULT:-build/dnsfault}")
	[[ -x $DNSFAULT ]] || tap_skip_all "dnsfault is not built"
	export DNSFAULT
}

# tap_lab RULE…: the script once more, on the client of a lab with these rules, and no return:
# [[ ${1-} == --inside ]] || tap_lab clean
tap_lab() {
	tap_program
	lab/lab clean -- true 2>"$tap_dir/why" || tap_skip_all "no lab: $(head -1 "$tap_dir/why")"
	lab/lab "$@" -- "$BASH" "$0" --inside
	exit
}

# A file of its own for each job that runs beside others; gone at the end.
tap_dir=$(mktemp -d)
trap 'rm -rf "$tap_dir"' EXIT

# slots N: waits until fewer than N jobs run.
slots() {
	while [[ $(jobs -rp | wc -l) -ge $1 ]]; do wait -n; done
}
