/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of verbs. */
#include "cli/verb.h"

#include <string.h>

#include "base/err.h"
#include "cli/beacon.h"
#include "cli/digargs.h"
#include "cli/explain.h"
#include "cli/help.h"
#include "cli/judge.h"
#include "cli/settings.h"

static const char diagnose_text[] =
	"Asks the resolver of /etc/resolv.conf, or RESOLVER, as a program would, walks from the "
	"root "
	"to the name asking every server on the way, and tries from which source ports the last "
	"zone's servers can be reached. It then says whether something is wrong, where, how sure "
	"that "
	"is, which dig commands show it, and what to do. TYPE is A when none is given.\n"
	"\n"
	"A first word that is no verb is taken as NAME, so `diagnose` may be left out.\n"
	"\n"
	"Source ports below 1024 need root or the capability CAP_NET_BIND_SERVICE; without it the "
	"others are tested, and the report says so.";

static const char ports_text[] =
	"Finds the source ports from which SERVER cannot be asked: seeds and random ports first, "
	"then "
	"every edge between silent and open ports, with as many tries as the loss of the path "
	"demands. Servers of other operators are asked from the blocked ports as well, which tells "
	"a "
	"filter near you from one far away. SERVER is a name or an address, ADDR#PORT for a port "
	"other than 53.\n"
	"\n"
	"What is asked is the zone's own data, slowly at first; see --rate and --budget.";

static const char shapes_text[] =
	"Asks SERVER in every shape of a table (plain DNS, EDNS with versions, options, flags and "
	"sizes, header flags, types, letter case, TCP), each changed in one thing from the plain "
	"question, and tells which are dropped, refused or answered wrongly. What is silent is "
	"asked again until loss cannot explain it, and servers of other operators are asked the "
	"same. Results are told in the words of ISC's genreport, whose rows have its names.\n"
	"\n"
	"NAME is a name in a zone that SERVER serves: its size, its types and the names above it "
	"are looked at. A run takes some hundred queries, at the rate of --rate.";

static const char path_text[] =
	"Sends the same query from a source port that SERVER does not answer and from one that it "
	"does, with a TTL of 1, 2, 3 and so on, and tells behind which router the first is lost. "
	"The ports are found as `ports` finds them. With --ports, which is quicker, eight ports of "
	"SET at most are tried, and eight others. When no port is blocked only an open one is "
	"traced, one of SET if it is given. As root, or with CAP_NET_RAW, it also shows source "
	"ports that are rewritten on the way.\n"
	"\n"
	"A hop has a line for each port: Loss% and Snt (asks sent), then Last, Avg, Best, Wrst and "
	"StDev in milliseconds. Routers are asked no more than once a second after a burst of "
	"five, "
	"so a trace takes some seconds.";

static const char lookup_text[] =
	"One lookup with dig's grammar, layout and exit codes, and one more line that says in "
	"plain "
	"words what the reply means. Exit codes: 0 a reply, 1 usage, 8 file, 9 no reply, 10 bad "
	"value. "
	"Unlike dig, the worst of several lookups counts, and a reply that cannot be read is 9. "
	"`dnsfault lookup -h` lists dig's options as well.";

static const char resolver_text[] =
	"Which source ports the resolver draws for its queries: by its configuration, by its "
	"packets, and as they arrive elsewhere. On the resolver's own host it finds the program "
	"that "
	"listens on ADDR (the first of /etc/resolv.conf when none is given), reads its "
	"configuration, and makes it send a few dozen queries for types that names which exist do "
	"not have, while it watches what leaves (that takes root, or CAP_NET_RAW). With --beacon "
	"it "
	"asks through any resolver, wherever it is, for names of a zone that `dnsfault beacon` "
	"answers, which shows what arrives behind all address translation.\n"
	"\n"
	"--config, --pcap, --dnstap and -i look at what is there, and send nothing. KIND is one of "
	"bind, unbound, pdns-recursor, dnsmasq, knot-resolver, systemd-resolved, dnsdist, coredns "
	"and "
	"windows (an exported registry file).";

static const char tree_text[] =
	"Walks from the root to NAME over every server of every zone on the way, asks all of "
	"NAME's "
	"servers what Zonemaster's public test cases ask (version 2025.2), and validates DNSSEC "
	"from "
	"the trust anchor down, for each server by itself. Each finding says whether it makes "
	"lookups "
	"fail, makes some of them fail, or harms nothing. Waiting is in parallel: a dead server "
	"costs "
	"one time-out.\n"
	"\n"
	"With --ns and --ds NAME is tested as if it were delegated so, before it is. --test runs "
	"single "
	"test cases; --all lists those that found nothing wrong.\n"
	"\n"
	"Whether servers stand in different networks (connectivity03 and 04) needs AS data: give "
	"--asn-file or --asn-zone.";

static const char mail_text[] =
	"Makes every look-up that mail for DOMAIN takes, at the servers of the zones from the root "
	"on, and says what each result does to delivery: MX records, addresses, TLSA records where "
	"all is signed, MTA-STS and TLS reports, as a sender asks for them; SPF with its limits, "
	"DKIM and DMARC, as a receiver does. Mail that is deferred or bounced is named with the "
	"status code that logs have.\n"
	"\n"
	"Which addresses send, what name they give and which DKIM selectors they sign with cannot "
	"be known from DNS: give --client, --helo and --selector. The servers of the zones are "
	"asked, not the resolver of this host, and no mail server is connected to.";

static const char judge_text[] =
	"Reads the facts that --save wrote, or that a page of --html holds, draws the same "
	"findings "
	"from them, and prints the same report, without sending a packet. FILE may be - for "
	"standard input. With several files each is judged by itself, and the worst result is the "
	"exit code.";

static const char scan_text[] =
	"Looks up every name of a list, thousands at once, and writes one line of JSON for each as "
	"it is done: what the reply means, or why there is none. FILE (- or none: standard input) "
	"has a line `NAME` or `NAME TYPE` for each look-up; empty lines and what follows # do not "
	"count. SERVER is a resolver, or a server of the names' zone; without one those of "
	"/etc/resolv.conf are asked. With several servers each has its part of the names, and a "
	"try that fails goes to the next one.\n"
	"\n"
	"Names are asked in random order within some thousand lines, so that the servers of one "
	"operator are not asked in a run. A truncated reply is asked for again over TCP. With --db "
	"results also go into a database of SQLite: a run that was stopped, even by kill -9, goes "
	"on with --resume, and `scan --diff A B` tells what became of names from one database to "
	"the next.\n"
	"\n"
	"The exit code is 1 when a look-up failed (SERVFAIL, REFUSED, no reply); NXDOMAIN is an "
	"answer. A summary goes to standard error. With --probe each name is checked as by `tree`, "
	"`mail` or "
	"`diagnose`; findings are then in the line.";

static const char agent_text[] =
	"Works for others: takes jobs of `scan --queue` from the same NATS servers, does them as "
	"a `scan` of its own, gives the results back; and asks what `diagnose --vantage` wants "
	"to know from here. It listens on no port. What a job can ask for is a probe, names, "
	"servers and numbers, within the limits given here. SIGTERM gives the job back that is "
	"being done and ends it.\n"
	"\n"
	"A result is written to the spool directory before it is sent, and removed when the queue "
	"has it: what a crash left there is sent at the next start. One agent does one job at a "
	"time: start several, each with a spool of its own, to use more processors.";

static const char explain_text[] =
	"Prints what a finding's id means: what happens, how it is told from its neighbours, what "
	"to "
	"do about it, and where to read more. Without ID it lists all ids.";

static const char help_words[] = "Prints the verbs, or how VERB is used. The completion of shells "
				 "and the man pages of verbs "
				 "are printed from the same tables.";

const struct verb verb_table[] = {
	{ "diagnose", diagnose_main, "[diagnose] NAME [TYPE] [@RESOLVER] [options]",
		"why does this lookup fail, and where", &settings_diagnosing, diagnose_text },
	{ "lookup", lookup_main, "lookup [@SERVER] NAME [TYPE] [CLASS] [+OPTION ...] [-OPTION ...]",
		"one lookup, dig's grammar and exit codes", &digargs_long_options, lookup_text },
	{ "ports", ports_main, "ports SERVER... [options]", "which source ports reach SERVER",
		&settings_ports, ports_text },
	{ "shapes", shapes_main, "shapes SERVER... [-q NAME] [options]",
		"which query shapes SERVER answers", &settings_shapes, shapes_text },
	{ "tree", tree_main, "tree NAME [options]", "is the delegation tree consistent",
		&settings_tree, tree_text },
	{ "mail", mail_main, "mail DOMAIN [options]",
		"what mail for DOMAIN looks up, and what fails of it", &settings_mail, mail_text },
	{ "path", path_main, "path SERVER... [options]", "at which hop do packets vanish",
		&settings_sweeping, path_text },
	{ "resolver", resolver_main, "resolver [ADDR] [options]",
		"which source ports does my resolver use", &settings_resolver, resolver_text },
	{ "beacon", beacon_main, "beacon ZONE --listen ADDR[#PORT]... [options]",
		"the server that tells what arrives of a resolver's queries", &beacon_options,
		beacon_text },
	{ "scan", scan_main, "scan [FILE|-] [@SERVER...] [options]",
		"look up a list of names, a line of JSON each", &settings_scan, scan_text },
	{ "agent", agent_main, "agent --queue URL --site NAME [options]",
		"does the work of scan --queue and diagnose --vantage here", &settings_agent,
		agent_text },
	{ "judge", judge_main, "judge FILE... [options]", "findings again, from saved facts",
		&judge_options, judge_text },
	{ "explain", explain_main, "explain [ID...]",
		"what a finding means and what to do about it", &explain_options, explain_text },
	{ "help", help_main, "help [VERB]", "how a verb is used", &help_options, help_words },
};
const size_t verb_count = ARRAY_LEN(verb_table);

const struct verb *verb_find(const char *name)
{
	for (size_t i = 0; i < verb_count; i++) {
		if (strcmp(verb_table[i].name, name) == 0)
			return &verb_table[i];
	}
	return NULL;
}
