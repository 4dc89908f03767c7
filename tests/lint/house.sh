#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The rules of the house that a search can keep: one test a rule, offenders listed below it.
cd "$(dirname "$0")/../.." || exit 2

count=0
failed=0
here=$(printf '%s' "$0" | sed 's:.*/::')

# All our text files but those that tests or servers read.
files() {
	find . \( -name .git -o -name 'build*' -type d -o -name corpus -o -name fixtures -o -name golden \
		-o -name .cache -o -name zones \) -prune -o -type f -print | sed 's:^\./::' | sort
}

code() {
	files | grep -E '\.(c|h|def|sh|py)$|^meson_options\.txt$|^dev$|^\.ci/run$|^lab/[a-z]+$|^bench/'
}

# Program code below cli/: no tests.
lower() {
	find src -name '*.[ch]' ! -path 'src/cli/*' ! -name '*_test.c' | sort
}

# rule NAME OFFENDERS: there should be none
rule() {
	count=$((count + 1))
	if [ -z "$2" ]; then
		echo "ok $count - $1"
		return
	fi
	failed=1
	echo "not ok $count - $1"
	echo "$2" | sed 's/^/#   /'
}

# search PATTERN: file:line:text of the files on stdin
search() {
	xargs grep -nE -e "$1" /dev/null
}

no_licence() {
	xargs grep -L 'SPDX-License-Identifier: GPL-3.0-or-later'
}

# The comment on the line behind the licence.
no_purpose() {
	xargs awk 'FNR == 1 { n = 0 } !/^#!/ && ++n == 2 && !/^(\/[*\/]|#|""")/ { print FILENAME }'
}

too_long() {
	xargs wc -l | awk '$2 != "total" && $1 > 500 { print $2 ": " $1 " lines" }'
}

no_last_newline() {
	while read -r file; do
		[ -z "$(tail -c 1 "$file")" ] || echo "$file"
	done
}

not_executable() {
	xargs awk 'FNR == 1 && /^#!/ { print FILENAME }' | while read -r file; do
		[ -x "$file" ] || echo "$file"
	done
}

# Lines of code, not of comments.
calls() {
	lower | search "(^|[^a-z_>.])($1) *\\(" | grep -vE '^[^:]*:[0-9]+:[ 	]*(/\*|\*|//)'
}

rule 'every source begins with its licence' "$(code | no_licence)"
rule 'every source says what it is for' "$(code | no_purpose)"
rule 'no file has more than 500 lines' "$(code | too_long)"
rule 'every file ends its last line' "$(files | no_last_newline)"
rule 'scripts are executable' "$(code | not_executable)"
rule 'what is not done is not there' "$(code | grep -v "$here" | search '\b(TODO|FIXME|XXX|HACK)\b')"
rule 'no space at the end of lines' "$(code | search '[ 	]+$')"
rule 'only cli/ prints' "$(calls 'v?f?printf|f?puts|f?putc|putchar|perror|syslog')"
rule 'only cli/ reads the environment' "$(calls '(secure_)?getenv')"
rule 'only net/ and cli/ have a clock and sockets' \
	"$(calls 'clock_gettime|gettimeofday|time|u?sleep|nanosleep|socket|poll|epoll_wait' |
		grep -v '^src/net/')"
rule 'randomness is a struct rng' "$(calls 's?rand|s?random|drand48')"
rule 'no function that cannot be used well' "$(calls 'gets|strtok|ato[il]|alloca')"
rule 'no typedef hides a struct' "$(find src -name '*.h' | search '^typedef struct')"
echo "1..$count"
exit $failed
