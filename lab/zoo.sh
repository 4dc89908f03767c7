# SPDX-License-Identifier: GPL-3.0-or-later
# The zoo: a zone below com for each row of zoo.tsv, or of mail.tsv where a scenario wants that, with two servers of its own and one defect. The same for
# the rows of shapes.tsv, where ns1 is the defect and ns2 its good twin.
# shellcheck shell=bash disable=SC2154,SC2034 # names of the other parts, keys of a scenario

# A key of DKIM, of 1024 bits, whose other half nobody kept.
readonly zoo_key=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDlNyXcN3mH08ot8fBTBSqnw2b+iJA5YbiWh8hH7ADcWGBR2lapQ4NlGLqNeZ3clJYi9WTnz+5RgYOhC6mmMxi52DMrBcUuhOhjwKJOrnVk8JqAHhg0aQIilmFeyaCqtcf8Vb1+JKYDBV9/d73zZZTAxmJ+/Upzfiij+jqoLOSoDQIDAQAB
readonly zoo_first=11 # the host of the first row; of the others, the next ones
zoo_hosts=   # with commas
zoo_zones=() # those that are served
declare -A zoo_host=() # row -> host
declare -A zoo_ways=() # "SERVER HOST" -> ways of the liar before it
declare -A zoo_real=() # "SERVER HOST" -> make and settings of a server of its own
declare -A zoo_nft=() # "SERVER HOST" -> rules for its packets

# zoo_zone NAME HOST: nothing is wrong with it. (No programs here and below: there are many zones.)
zoo_zone() {
	printf '%s\n' "\$ORIGIN $1.com." '$TTL 86400' \
		"@ SOA ns1 hostmaster.$1.com. 2026010101 14400 3600 1209600 3600" '@ NS ns1' '@ NS ns2' \
		'@ A 203.0.113.90' 'www A 203.0.113.90' '@ MX 10 mail' '@ TXT "v=spf1 mx -all"' \
		"ns1 A 198.18.5.$2" "ns1 AAAA 2001:db8:15::$2" "ns2 A 198.18.6.$2" "ns2 AAAA 2001:db8:16::$2"
	if [[ $mail == no ]]; then
		printf '%s\n' 'mail A 203.0.113.91' 'mail AAAA 2001:db8:f::91'
	else
		zoo_mail "$1" "$2"
	fi
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
	[[ $mail == no ]] || echo "$2.100.51.198.in-addr PTR mail.$1.com."
}

# zoo_wanted NAME: with zoo=PATTERN not all are; the lab itself asks two of them.
zoo_wanted() {
	# shellcheck disable=SC2053 # a pattern
	[[ $zoo == yes || $1 == $zoo || $1 == @(good|no-aa|relay) ]]
}

# zoo_server SERVER HOST HOW: what stands before the real server of an address, replaces it, or drops its packets.
zoo_server() {
	local key="$1 $2" part
	local parts=()
	[[ $3 != - ]] || return 0
	IFS=+ read -ra parts <<<"$3"
	for part in "${parts[@]}"; do
		case $part in
		nft:*) zoo_nft[$key]+="${part#nft:} " ;;
		@(named|nsd|knot|pdns):*) zoo_real[$key]=$part ;;
		*) zoo_ways[$key]+=${zoo_ways[$key]:++}$part ;;
		esac
	done
}

# The rows, a line each.
zoo_rows() {
	local table=zoo
	[[ $mail == no ]] || table=mail
	[[ $many == 0 ]] || table=many
	if [[ $shapes == no ]]; then
		grep -v '^#' "$here/$table.tsv"
	else
		grep -v '^#' "${shapes_table:-$here/shapes.tsv}" | awk -F '\t' -v OFS='\t' '{ print $1, $2, $5, $7 == "" ? "-" : $7, "-", "-", "-" }'
	fi
}

# zoo_mail NAME HOST: what a domain has that does all well with mail; its mail server has an address of its own.
zoo_mail() {
	printf '%s\n' "mail A 198.51.100.$2" "mail AAAA 2001:db8:f::91" '_dmarc TXT "v=DMARC1; p=none"' \
		'_mta-sts TXT "v=STSv1; id=20260101"' 'mta-sts A 203.0.113.90' \
		"_smtp._tls TXT \"v=TLSRPTv1; rua=mailto:tls@$1.com\"" "s1._domainkey TXT \"v=DKIM1; p=$zoo_key\""
}

# After the scenario was read, so that its edits and signings come later and win.
zoo_read() {
	local row how1 how2 signed_how delegation zone second host=$zoo_first hosts=()
	[[ $shapes == no || $zoo == no ]] || die 2 "either zoo or shapes"
	[[ $shapes == no ]] || zoo=$shapes
	[[ $mail$many == no0 || $zoo != no ]] || zoo=yes
	[[ $zoo != no ]] || return 0
	while IFS=$'\t' read -r row how1 how2 signed_how delegation zone second _; do
		zoo_wanted "$row" || { host=$((host + 1)) && continue; }
		zoo_host[$row]=$host zoo_zones+=("$row.com") hosts+=("$host")
		zoo_server zoo1 "$host" "$how1"
		zoo_server zoo2 "$host" "$how2"
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
	local row delegation reverse host
	[[ $zoo != no ]] || return 0
	mkdir -p $state/zoo
	echo $'arpa NS a.gtld-servers.net.\narpa NS b.gtld-servers.net.' >$state/zoo/root
	sed '/SOA/!d;s/^/$ORIGIN arpa.\n$TTL 3600\n/;s/$/\n@ NS a.gtld-servers.net.\n@ NS b.gtld-servers.net./' \
		"$here/zones/com.zone" >$state/zoo/arpa.zone
	while IFS=$'\t' read -r row _ _ _ delegation _ _ reverse _; do
		host=${zoo_host[$row]-}
		[[ $host ]] || continue
		{
			zoo_zone "$row" "$host"
			[[ $shapes == no ]] || shapes_more
		} >"$state/zoo/$row.com.zone"
		if [[ $delegation == - ]]; then
			zoo_delegation "$row" "$host" >&3
		else
			zoo_delegation "$row" "$host" | sed "$delegation" >&3
		fi
		if [[ ${reverse:--} == - ]]; then
			zoo_reverse "$row" "$host" >&4
		else
			zoo_reverse "$row" "$host" | sed "$reverse" >&4
		fi
	done 3>$state/zoo/com 4>>$state/zoo/arpa.zone < <(zoo_rows)
	many_write >>$state/zoo/com
}

# zoo_liars SERVER NETWORK: "ADDRESS WAYS" for those addresses that have some.
zoo_liars() {
	local key
	for key in "${!zoo_ways[@]}"; do
		[[ $key == "$1 "* ]] || continue
		echo "${v4[$2]}.${key#* } ${zoo_ways[$key]}"
		echo "${v6[$2]}::${key#* } ${zoo_ways[$key]}"
	done
}

# zoo_zone_of HOST
zoo_zone_of() {
	local row
	for row in "${!zoo_host[@]}"; do
		[[ ${zoo_host[$row]} != "$1" ]] || echo "$row.com"
	done
}

# zoo_start_real SERVER NETWORK HOST: a server of its own with the settings of the row: a line of its
# configuration, or rrl=N, cookies=yes.
zoo_start_real() {
	local make=${zoo_real["$1 $3"]%%:*} how=${zoo_real["$1 $3"]#*:} main=$dir
	local dir=$state/$1-$3 port=53 limit=0 cookie='' lines=''
	local addresses=("${v4[$2]}.$3" "${v6[$2]}::$3") zones=("$(zoo_zone_of "$3")")
	case $how in
	rrl=*) limit=${how#*=} ;;
	cookies=*) cookie=${how#*=} ;;
	*) lines=$how ;;
	esac
	mkdir -p "$dir"
	cp "$main/${zones[0]}.zone" "$dir/"
	start "$2" "$make"
}

# zoo_start SERVER NETWORK: what stands before the real server, or beside it.
zoo_start() {
	local key
	[[ $2 == zoo? ]] || return 0
	zoo_liars "$1" "$2" >"$dir/ways"
	in_net "$2" setsid "$here/liar" --behind $hidden_port <"$dir/ways" >"$dir/liar.log" 2>&1 &
	for key in "${!zoo_real[@]}"; do
		[[ $key != "$1 "* ]] || zoo_start_real "$1" "$2" "${key#* }"
	done
}
