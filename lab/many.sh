# SPDX-License-Identifier: GPL-3.0-or-later
# Many names: with many=N, zones m0001.com and so on, on the servers of the operators of many.tsv.
# shellcheck shell=bash disable=SC2154,SC2034 # names of the other parts, keys of a scenario

# many_rows: "ZONE OPERATOR" of each, a line. Operators take turns by their shares, so that a part of the list has
# about the same shares as the whole.
many_rows() {
	zoo_rows | awk -F '\t' -v n="$many" '
		{ name[NR] = $1; share[NR] = $9 }
		END {
			for (i = 1; i <= n; i++) {
				best = 1
				for (k = 1; k <= NR; k++) {
					owed[k] += share[k]
					if (owed[k] > owed[best])
						best = k
				}
				owed[best] -= 1000
				printf "m%04d.com %s\n", i, name[best]
			}
		}'
}

# The list, and the delegations to standard output.
many_write() {
	[[ $many != 0 ]] || return 0
	many_rows >$state/zoo/many
	awk '{ sub(/\.com$/, "", $1); print $1 " NS ns1." $2; print $1 " NS ns2." $2 }' $state/zoo/many
}

# many_zones: the zones to zones, and their files to the directory. Who is absent knows none of his.
many_zones() {
	local zone operator
	while read -r zone operator; do
		[[ $operator == absent ]] || zones+=("$zone")
	done <$state/zoo/many
	awk -v dir="$dir" '{
		file = dir "/" $1 ".zone"
		printf "$ORIGIN %s.\n$TTL 3600\n@ SOA ns1.%s.com. hostmaster.%s.com. 2026010101 14400 3600 1209600 3600\n", $1, $2, $2 >file
		printf "@ NS ns1.%s.com.\n@ NS ns2.%s.com.\n@ A 203.0.113.90\n@ MX 10 mail\nmail A 203.0.113.91\n", $2, $2 >file
		close(file)
	}' $state/zoo/many
}
