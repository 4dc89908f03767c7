/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The "+option" words of dig's command line: one row each. */
#include "cli/digplus.h"

#include <string.h>

#include "base/err.h"
#include "cli/digplus_inner.h"
#include "cli/idn.h"

#define L(field) offsetof(struct digargs_lookup, field)
#define S(field) offsetof(struct digargs_lookup, show.field)
#define T(field) offsetof(struct digargs_lookup, secure.field)
#define G(field) offsetof(struct digargs, field)

/* The shortest abbreviations are those that dig 9.18 takes, unless another row here needs them. */
static const struct plus rows[] = {
	{ "aaflag", 2, plus_flag, L(aa), 0, NULL, "set AA in the query" },
	{ "aaonly", 3, plus_flag, L(aa), 0, NULL, "the same" },
	{ "additional", 3, plus_flag, S(additional), 0, NULL, "show the additional section" },
	{ "adflag", 2, plus_flag, L(ad), 0, NULL, "set AD in the query (on)" },
	{ "all", 2, plus_all, 0, 0, NULL, "show or hide everything" },
	{ "answer", 2, plus_flag, S(answer), 0, NULL, "show the answer section" },
	{ "authority", 2, plus_flag, S(authority), 0, NULL, "show the authority section" },
	{ "badcookie", 2, plus_flag_off, L(keep_badcookie), 0, NULL, "retry after BADCOOKIE (on)" },
	{ "besteffort", 2, plus_nothing, 0, 0, NULL, "show broken replies (always on)" },
	{ "bufsize", 2, plus_bufsize, 0, 65535, "N", "EDNS size of replies to take (1232)" },
	{ "cdflag", 2, plus_flag, L(cd), 0, NULL, "set CD: no DNSSEC validation" },
	{ "class", 2, plus_flag, S(class), 0, NULL, "show the class of records" },
	{ "cmd", 2, plus_global, G(cmd), 0, NULL, "show the command line first (all lookups)" },
	{ "coflag", 2, plus_edns_flag, L(co), 0, NULL, "set CO: compact denial is understood" },
	{ "comments", 3, plus_comments, 0, 0, NULL, "show header, section names and meaning" },
	{ "cookie", 3, plus_cookie, 0, 0, "HEX", "send a COOKIE option (on)" },
	{ "crypto", 2, plus_flag, S(crypto), 0, NULL, "show keys, digests and signatures (on)" },
	{ "defname", 2, plus_global, G(search), 0, NULL, "the same as +search" },
	{ "dns64prefix", 4, plus_dns64, 0, 0, NULL, "the prefixes of DNS64, RFC 7050 (a lookup)" },
	{ "dnssec", 4, plus_edns_flag, L(dnssec), 0, NULL, "set DO: ask for DNSSEC records" },
	{ "do", 2, plus_edns_flag, L(dnssec), 0, NULL, "the same" },
	{ "domain", 3, plus_domain, 0, 0, "NAME", "search in this domain alone (all lookups)" },
	{ "dscp", 2, plus_nothing, 0, 0, NULL, "means nothing any more" },
	{ "edns", 4, plus_edns, 0, 255, "N", "use EDNS, and its version (0)" },
	{ "ednsflags", 5, plus_edns_bits, 0, 65535, "N", "set these EDNS flag bits" },
	{ "ednsnegotiation", 5, plus_flag, L(negotiate), 0, NULL, "retry after BADVERS (on)" },
	{ "ednsopt", 5, plus_option, 0, 0, "CODE[:HEX]", "send this EDNS option, too" },
	{ "expandaaaa", 4, plus_flag, S(expandaaaa), 0, NULL,
		"IPv6 addresses with all their digits" },
	{ "expire", 4, plus_edns_flag, L(expire), 0, NULL, "ask when a secondary's zone expires" },
	{ "fail", 2, plus_flag_off, L(next_on_servfail), 0, NULL, "a SERVFAIL is final (on)" },
	{ "header-only", 2, plus_flag, L(header_only), 0, NULL, "send no question" },
	{ "http-plain", 10, plus_http, 0, 0, "PATH", "ask over HTTP/2 without TLS" },
	{ "http-plain-get", 14, plus_http_get, 0, 0, "PATH", "the same, with GET" },
	{ "http-plain-post", 15, plus_http, 0, 0, "PATH", "the same, with POST" },
	{ "https", 5, plus_https, 0, 0, "PATH", "ask over HTTPS (/dns-query)" },
	{ "https-get", 9, plus_https_get, 0, 0, "PATH", "the same, with GET" },
	{ "https-post", 10, plus_https, 0, 0, "PATH", "the same, with POST" },
	{ "identify", 3, plus_flag, S(identify), 0, NULL, "say which server answered" },
	{ "idnin", 4, plus_flag, L(idnin), 0, NULL, "names in the letters of the locale" },
	{ "idnout", 4, plus_flag, L(idnout), 0, NULL, "show them so (both: on for terminals)" },
	{ "ignore", 1, plus_flag, L(ignore_tc), 0, NULL, "keep truncated replies, no TCP" },
	{ "json", 1, plus_layout, G(json), 0, NULL, "replies in JSON, RFC 8427 (all lookups)" },
	{ "keepalive", 5, plus_edns_flag, L(keepalive), 0, NULL, "send the option Keepalive" },
	{ "keepopen", 5, plus_global, G(keepopen), 0, NULL, "keep TCP connections (all lookups)" },
	{ "mapped", 2, plus_nothing, 0, 0, NULL, "IPv4 mapped into IPv6 (never done)" },
	{ "meaning", 2, plus_flag, S(meaning), 0, NULL, "say in words what the reply means (on)" },
	{ "multiline", 2, plus_flag, S(multiline), 0, NULL, "records over several lines" },
	{ "ndots", 2, plus_ndots, 0, 65535, "N", "dots of a name not searched for first" },
	{ "nsid", 3, plus_edns_flag, L(nsid), 0, NULL, "ask for the server's identity" },
	{ "nssearch", 2, plus_nssearch, 0, 0, NULL, "the SOA of each name server of the zone" },
	{ "onesoa", 2, plus_flag, S(onesoa), 0, NULL, "show the SOA of a transfer once" },
	{ "opcode", 2, plus_opcode, L(opcode), 15, "N", "another opcode, by name or number" },
	{ "padding", 1, plus_padding, L(padding), 512, "N",
		"pad the query to a multiple of N octets" },
	{ "proxy", 2, plus_proxy, 0, 0, "SRC-DST", "a PROXY header (SRC, DST: ADDR[#PORT])" },
	{ "proxy-plain", 6, plus_proxy_plain, 0, 0, "SRC-DST", "the same, outside of TLS" },
	{ "qid", 2, plus_id, L(id), 65535, "N", "the query's id" },
	{ "qr", 2, plus_flag, S(query), 0, NULL, "show the query, too" },
	{ "question", 2, plus_flag, S(question), 0, NULL, "show the question section" },
	{ "raflag", 2, plus_flag, L(ra), 0, NULL, "set RA in the query" },
	{ "rdflag", 2, plus_flag, L(rd), 0, NULL, "ask for recursion (on)" },
	{ "recurse", 3, plus_flag, L(rd), 0, NULL, "the same" },
	{ "retry", 3, plus_retry, 0, 65534, "N", "tries a server after the first (2)" },
	{ "rrcomments", 2, plus_rrcomments, 0, 0, NULL, "comments behind keys and numbers" },
	{ "search", 2, plus_global, G(search), 0, NULL,
		"use resolv.conf's search list (all lookups)" },
	{ "short", 4, plus_short, 0, 0, NULL, "show the data of answers only (all lookups)" },
	{ "showallmessages", 5, plus_showall, 0, 0, NULL,
		"show replies that led to another query" },
	{ "showbadcookie", 5, plus_flag, S(badcookie), 0, NULL, "of these, BADCOOKIE only" },
	{ "showbadvers", 8, plus_flag, S(badvers), 0, NULL, "of these, BADVERS only" },
	{ "showsearch", 5, plus_showsearch, 0, 0, NULL, "search, and show each step" },
	{ "showtruncated", 5, plus_flag, S(truncated), 0, NULL, "of these, truncated ones only" },
	{ "sigchase", 2, plus_nothing, 0, 0, NULL, "means nothing any more" },
	{ "split", 2, plus_split, 0, 1023, "N", "long data in pieces of N letters (all lookups)" },
	{ "stats", 2, plus_flag, S(stats), 0, NULL, "show times, server and size" },
	{ "subnet", 2, plus_subnet, 0, 0, "ADDR[/N]", "send EDNS Client Subnet" },
	{ "tcflag", 3, plus_flag, L(tc), 0, NULL, "set TC in the query" },
	{ "tcp", 3, plus_tcp, 0, 0, NULL, "ask over TCP" },
	{ "time", 2, plus_timeout, 0, 65535, "S", "seconds a try (5, all lookups)" },
	{ "timeout", 5, plus_timeout, 0, 65535, "S", "the same" },
	{ "tls", 3, plus_tls, 0, 0, NULL, "ask over TLS" },
	{ "tls-ca", 5, plus_tls_ca, 0, 0, "FILE", "check the certificate (system's authorities)" },
	{ "tls-certfile", 6, plus_tls_text, T(cert), 0, "FILE", "our own certificate" },
	{ "tls-hostname", 5, plus_tls_text, T(hostname), 0, "NAME", "check it for this name" },
	{ "tls-keyfile", 5, plus_tls_text, T(key), 0, "FILE", "its key" },
	{ "topdown", 2, plus_nothing, 0, 0, NULL, "means nothing any more" },
	{ "trace", 3, plus_trace, 0, 0, NULL, "follow the delegations down from the root" },
	{ "tries", 3, plus_tries, 0, 65535, "N", "tries a server (3)" },
	{ "trusted-key", 3, plus_nothing, 0, 0, NULL, "means nothing any more" },
	{ "ttlid", 3, plus_flag, S(ttl), 0, NULL, "show the TTL of records" },
	{ "ttlunits", 4, plus_ttlunits, 0, 0, NULL, "show TTLs as 1h30m" },
	{ "unexpected", 3, plus_nothing, 0, 0, NULL, "means nothing any more" },
	{ "unknownformat", 3, plus_flag, S(unknownformat), 0, NULL,
		"data, types and classes as RFC 3597" },
	{ "vc", 1, plus_tcp, 0, 0, NULL, "the same as +tcp" },
	{ "yaml", 1, plus_layout, G(yaml), 0, NULL, "replies in YAML (all lookups)" },
	{ "zflag", 1, plus_flag, L(z), 0, NULL, "set the reserved Z bit in the query" },
};

/* The row that word (len octets) abbreviates; NULL: none. A whole name outranks a prefix. */
static const struct plus *find(const char *word, size_t len)
{
	const struct plus *found = NULL;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (strncasecmp(rows[i].name, word, len) != 0 || len < rows[i].least)
			continue;
		if (!rows[i].name[len])
			return &rows[i];
		if (!found)
			found = &rows[i];
	}
	return found;
}

int digplus_apply(const struct digplus_target *t, const char *word)
{
	const char *equals = strchr(word, '=');
	size_t len = equals ? (size_t)(equals - word) : strlen(word);
	struct use u = { .on = true, .value = equals ? equals + 1 : NULL };
	const char *name = word;

	if (len >= 2 && strncasecmp(word, "no", 2) == 0) {
		u.on = false;
		name += 2;
		len -= 2;
	}
	u.row = len ? find(name, len) : NULL;
	if (!u.row)
		return plus_fail(
			t, arena_printf(t->arena,
				   "unknown option '+%s' (dnsfault lookup -h lists them)", word));
	return u.row->act(t, &u);
}

void digplus_defaults(struct digargs *args, struct digargs_lookup *lookup)
{
	bool idn = idn_wanted();

	args->cmd = true;
	args->split = DIG_SPLIT;
	*lookup = (struct digargs_lookup){
		.type = 1, .class = 1,
		.rd = true, .ad = true,
		.edns = true, .cookie = true, .negotiate = true,
		.bufsize = DIGPLUS_BUFSIZE, .tries = DIGPLUS_TRIES,
		.idnin = idn, .idnout = idn,
		.show = {
			.comments = true, .question = true, .answer = true, .authority = true,
			.additional = true, .stats = true, .ttl = true, .class = true,
			.meaning = true, .crypto = true,
		},
	};
}

void digplus_help(struct buf *out)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct plus *r = &rows[i];
		bool no = r->act != plus_tries && r->act != plus_retry && r->act != plus_timeout &&
			  r->act != plus_bufsize && r->act != plus_ndots && r->act != plus_domain &&
			  r->act != plus_padding;
		size_t begin = out->n;

		buf_printf(out, "  +%s%s%s%s", no ? "[no]" : "", r->name, r->arg ? "=" : "",
			r->arg ? r->arg : "");
		buf_printf(out, "%*s%s\n", (int)(28 - (out->n - begin)), "", r->help);
	}
}

const char *digplus_name(size_t i, size_t *ret_least)
{
	if (i >= ARRAY_LEN(rows))
		return NULL;
	*ret_least = rows[i].least;
	return rows[i].name;
}
