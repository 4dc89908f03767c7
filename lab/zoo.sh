# SPDX-License-Identifier: GPL-3.0-or-later
# The zoo: a zone below com for each row of zoo.tsv, with two servers of its own and one defect.
# shellcheck shell=bash disable=SC2154,SC2034 # names of the other parts, keys of a scenario

readonly zoo_first=11 # the host of the first row; of the others, the next ones
zoo_hosts=   # with commas
zoo_zones=() # those that are served
declare -A zoo_host=() # row -> host
declare -A zoo_quirk=() # "SERVER HOST" -> quirk

# zoo_zone NAME HOST: nothing is wrong with it. (No programs here and below: there are many zones.)
zoo_zone() {
	printf '%s\n' "\$ORIGIN $1.com." '$TTL 86400' \
		"@ SOA ns1 hostmaster.$1.com. 2026010101 14400 3600 1209600 3600" '@ NS ns1' '@ NS ns2' \
		'@ A 203.0.113.90' 'www A 203.0.113.90' '@ MX 10 mail' '@ TXT "v=spf1 mx -all"' \
		'mail A 203.0.113.91' 'mail AAAA 2001:db8:f::91' \
		"ns1 A 198.18.5.$2" "ns1 AAAA 2001:db8:15::$2" "ns2 A 198.18.6.$2" "ns2 AAAA 2001:db8:16::$2"
}

# zoo_delegation NAME HOST: in com.
zoo_delegation() {
	printf '%s\n' "$1 NS ns1.$1" "$1 NS ns2.$1" "ns1.$1 A 198.18.5.$2" "ns1.$1 AAAA 2001:db8:15::$2" \
		"ns2.$1 A 198.18.6.$2" "ns2.$1 AAAA 2001:db8:16::$2"
}

# zoo_reverse NAME HOST: in arpa, for its servers.
zoo_reverse() {
	local server digits
	printf -v digits '%04d' "$2"
	digits=${digits:3:1}.${digits:2:1}.${digits:1:1}.${digits:0:1}
	for server in 1 2; do
		echo "$2.$((4 + server)).18.198.in-addr PTR ns$server.$1.com."
		echo "$digits.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.$((4 + server)).1.0.0.8.b.d.0.1.0.0.2.ip6 PTR ns$server.$1.com."
	done
}

# zoo_wanted NAME: with zoo=PATTERN not all are; the lab itself asks two of them.
zoo_wanted() {
	# shellcheck disable=SC2053 # a pattern
	[[ $zoo == yes || $1 == $zoo || $1 == @(good|no-aa) ]]
}

# The rows, a line each.
zoo_rows() {
	grep -v '^#' "$here/zoo.tsv"
}

# After the scenario was read, so that its edits and signings come later and win.
zoo_read() {
	local row quirk1 quirk2 signed_how delegation zone second host=$zoo_first hosts=()
	[[ $zoo != no ]] || return 0
	while IFS=$'\t' read -r row quirk1 quirk2 signed_how delegation zone second; do
		zoo_wanted "$row" || { host=$((host + 1)) && continue; }
		zoo_host[$row]=$host zoo_zones+=("$row.com") hosts+=("$host")
		[[ $quirk1 == - ]] || zoo_quirk["zoo1 $host"]=$quirk1
		[[ $quirk2 == - ]] || zoo_quirk["zoo2 $host"]=$quirk2
		[[ $signed_how == - ]] || sign 'zoo*' "$row.com" "${signed_how%%;*}"
		[[ $signed_how != *\;* ]] || sign zoo2 "$row.com" "${signed_how#*;}"
		[[ $zone == - ]] || edit 'zoo*' "$row.com" "$zone"
		[[ $second == - ]] || edit zoo2 "$row.com" "$second"
		host=$((host + 1))
	done < <(zoo_rows)
	zoo_hosts=$(IFS=, && echo "${hosts[*]}")
	edit tld com "\$r $state/zoo/com"
	edit root . '$r '"$state/zoo/root"
}

# The files that its zones and those above are made of.
zoo_write() {
	local row delegation host
	[[ $zoo != no ]] || return 0
	mkdir -p $state/zoo
	echo $'arpa NS a.gtld-servers.net.\narpa NS b.gtld-servers.net.' >$state/zoo/root
	sed '/SOA/!d;s/^/$ORIGIN arpa.\n$TTL 3600\n/;s/$/\n@ NS a.gtld-servers.net.\n@ NS b.gtld-servers.net./' \
		"$here/zones/com.zone" >$state/zoo/arpa.zone
	while IFS=$'\t' read -r row _ _ _ delegation _; do
		host=${zoo_host[$row]-}
		[[ $host ]] || continue
		zoo_zone "$row" "$host" >"$state/zoo/$row.com.zone"
		if [[ $delegation == - ]]; then
			zoo_delegation "$row" "$host" >&3
		else
			zoo_delegation "$row" "$host" | sed "$delegation" >&3
		fi
		zoo_reverse "$row" "$host" >&4
	done 3>$state/zoo/com 4>>$state/zoo/arpa.zone < <(zoo_rows)
}

# zoo_quirks SERVER NETWORK: "ADDRESS QUIRK" for those addresses that have one.
zoo_quirks() {
	local key
	for key in "${!zoo_quirk[@]}"; do
		[[ $key == "$1 "* ]] || continue
		echo "${v4[$2]}.${key#* } ${zoo_quirk[$key]}"
		echo "${v6[$2]}::${key#* } ${zoo_quirk[$key]}"
	done
}

# zoo_start SERVER NETWORK: what stands before the real server.
zoo_start() {
	[[ $2 == zoo? ]] || return 0
	zoo_quirks "$1" "$2" >"$dir/quirks"
	in_net "$2" setsid "$here/quirk" --behind $hidden_port <"$dir/quirks" >"$dir/quirk.log" 2>&1 &
}
