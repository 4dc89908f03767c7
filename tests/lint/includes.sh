#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Which room may include which: every #include of src/ against one table, a test a file.
cd "$(dirname "$0")/../.." || exit 2

# room, then what its files may name: rooms, single headers, outside libraries
table='
base    base
dns     base dns <libknot <libdnssec <libzscanner <gnutls
facts   base dns facts
probe   base dns facts infer beacon probe
infer   base dns facts infer
beacon  base dns facts beacon
queue   base queue <nats
check   base dns facts infer check
fault   base dns facts infer fault
intake  base dns facts intake
net     base dns facts net probe/probe.h <gnutls <nghttp2
render  base dns facts infer check fault render
cli     base dns facts infer beacon queue probe check fault intake net render cli
'

# A header passes by its own name, or by what stands before its first slash. Outside headers are
# free (libc), but for libraries that a row of the table names: these belong to that row's room.
# shellcheck disable=SC2016 # the dollars are for awk
find src -name '*.[ch]' -o -name '*.def' | sort | xargs awk -v table="$table" '
BEGIN {
	n = split(table, rows, "\n")
	for (i = 1; i <= n; i++) {
		words = split(rows[i], word, " +")
		for (k = 2; k <= words; k++) {
			may[word[1], word[k]] = 1
			if (word[k] ~ /^</)
				owned[word[k]] = 1
		}
		if (words)
			known[word[1]] = 1
	}
}

function report() {
	if (file == "")
		return
	printf "%sok %d - %s\n%s", bad == "" ? "" : "not ", ++count, file, bad
	failed = failed || bad != ""
}

FNR == 1 {
	report()
	file = FILENAME
	split(file, part, "/")
	room = part[2]
	bad = known[room] ? "" : "#   the table does not know " room "\n"
}

/^[ \t]*#[ \t]*include[ \t]*["<]/ {
	header = $0
	sub(/^[^"<]*"?/, "", header)
	sub(/[">].*/, "", header)
	first = header
	sub(/\/.*/, "", first)
	if ((room, header) in may || (room, first) in may)
		next
	# Tests use what stands in tests/, and run their room in the simulated network.
	if (file ~ /_test\.c$/ && (header !~ /\// || header == "net/sim.h"))
		next
	if (header ~ /^</ && !(first in owned))
		next
	bad = bad "#   line " FNR " may not include " header "\n"
}

END {
	report()
	print "1.." count
	exit failed
}' || exit 1
