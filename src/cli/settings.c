/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the user asked for, from argv, a settings file and the environment. */
#include "cli/settings.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/err.h"
#include "base/pick.h"
#include "cli/file.h"
#include "cli/scan_jobs.h"

#define AT(member) .at = offsetof(struct settings, member)

enum { DEFAULT_RATE = 50, DEFAULT_SAMPLE = 400, DEFAULT_TIMEOUT = 2000 };
enum { TIMEOUT_MOST = 60000 };
enum { QPS_MOST = 1000000, SECONDS_MOST = 86400, SAMPLES_MOST = 10000 };
enum { DEFAULT_SECONDS = 60, DEFAULT_SAMPLES = 64 };
enum { DEFAULT_CONCURRENCY = 1000, CONCURRENCY_MOST = 100000, DEFAULT_TRIES = 3, TRIES_MOST = 20 };
enum { REPLICAS_MOST = 5 };

static const char *const whens[] = { "auto", "always", "never", NULL };
const char *const settings_letters[] = { "there", "own", NULL };

/* clang-format off */
#define ROWS_FAMILY                                                                                \
	{ OPT_FLAG, .brief = '4', AT(v4_only), .help = "use IPv4 only" },                          \
	{ OPT_FLAG, .brief = '6', AT(v6_only), .help = "use IPv6 only" },                          \
	{ OPT_ADDR, .brief = 'b', .arg = "ADDR", AT(source), .help = "send from this address" }
#define ROW_CONFIG                                                                                 \
	{ OPT_TEXTS, .name = "config", .arg = "KIND:FILE", AT(configs),                            \
		.help = "the resolver's configuration, as in unbound:/etc/unbound/unbound.conf; "  \
			"KIND-VERSION:FILE for another version than is found" }
#define ROW_QPS                                                                                    \
	{ OPT_UINT, .name = "qps", .arg = "N", AT(qps), .min = 1, .max = QPS_MOST,                 \
		.help = "lookups a second of names there, to say how many fail a day" }
#define ROWS_RUN                                                                                   \
	{ OPT_UINT, .name = "rate", .arg = "N", AT(rate), .max = RATE_MOST,                        \
		.help = "most queries a second to one server (default 50; 0: no limit, only for "  \
			"special-purpose addresses unless --yes)" },                               \
	{ OPT_UINT, .name = "budget", .arg = "N", AT(budget), .min = 1, .max = BUDGET_MOST,        \
		.help = "most queries to one server (default 2000)" },                             \
	{ OPT_UINT, .name = "timeout", .arg = "MS", AT(timeout), .min = 10, .max = TIMEOUT_MOST,   \
		.help = "longest wait for one reply (default 2000)" }
#define ROWS_OUTPUT                                                                                \
	{ OPT_FLAG, .name = "json", AT(json), .help = "print one JSON document" },                 \
	{ OPT_FLAG, .name = "jsonl", AT(jsonl),                                                    \
		.help = "print each packet's outcome as a line of JSON as it happens, then "       \
			"findings and the document" },                                             \
	{ OPT_MAYBE, .name = "noc", .arg = "own", AT(noc), .choices = settings_letters,            \
		.help = "print plain text to send to the other side, or to your own colleagues" }, \
	{ OPT_TEXT, .name = "html", .arg = "FILE", AT(html),                                       \
		.help = "write the report as a page, too (- for standard output, instead)" },      \
	{ OPT_TEXT, .name = "save", .arg = "FILE", AT(save),                                       \
		.help = "save all facts as JSON lines, for judge" },                               \
	{ OPT_TEXT, .name = "settings", .arg = "FILE", AT(file),                                   \
		.help = "read defaults of options from here" },                                    \
	{ OPT_CHOICE, .name = "color", .arg = "WHEN", AT(color), .choices = whens,                 \
		.help = "auto, always or never" },                                                 \
	{ OPT_CHOICE, .name = "progress", .arg = "WHEN", AT(progress), .choices = whens,           \
		.help = "auto, always or never" },                                                 \
	{ OPT_U64, .name = "seed", .arg = "N", AT(seed),                                           \
		.help = "seed of all random choices (default: from the kernel)" },                 \
	{ OPT_FLAG, .name = "yes", AT(yes), .help = "go on where a large load needs consent" },    \
	{ OPT_FLAG, .brief = 'h', .name = "help", AT(help), .help = "show this help" }
#define ROWS_RESOLVER                                                                              \
	{ OPT_TEXT, .name = "pcap", .arg = "FILE", AT(pcap),                                       \
		.help = "look at the resolver's queries in this capture (- for standard input)" }, \
	{ OPT_TEXT, .name = "dnstap", .arg = "FILE", AT(dnstap),                                   \
		.help = "the same in a dnstap file, or from a socket made there" },                \
	{ OPT_TEXT, .brief = 'i', .arg = "IFACE", AT(interface),                                   \
		.help = "the same on this interface, or \"any\"" },                                \
	{ OPT_UINT, .name = "for", .arg = "S", AT(seconds), .min = 1, .max = SECONDS_MOST,         \
		.help = "how long to look at an interface or socket (default 60)" },               \
	{ OPT_NAME, .name = "beacon", .arg = "ZONE", AT(beacon),                                   \
		.help = "ask for names of this zone, which a beacon answers" },                    \
	{ OPT_UINT, .name = "samples", .arg = "N", AT(samples), .min = 8, .max = SAMPLES_MOST,     \
		.help = "queries of the resolver to look at (default 64)" }

#define ROW_NAME                                                                                   \
	{ OPT_NAME, .brief = 'q', .arg = "NAME", AT(qname), .help = "ask servers for this name" }
#define ROW_ASKED                                                                                  \
	ROW_NAME,                                                                                  \
	{ OPT_TYPE, .brief = 't', .arg = "TYPE", AT(qtype), .help = "ask servers for this type" }

#define ROWS_SWEEP                                                                                 \
	{ OPT_FLAG, .name = "full", AT(full), .help = "ask from every port 1-65535" },             \
	{ OPT_PORTS, .name = "ports", .arg = "SET", AT(ports),                                     \
		.help = "judge these ports only, as in 1-1023,5353" },                             \
	{ OPT_FLAG, .name = "tcp", AT(tcp), .help = "sweep over TCP instead of UDP" },             \
	{ OPT_FLAG, .name = "no-locate", AT(no_locate),                                            \
		.help = "where ports are blocked, ask no control servers and trace no path" },     \
	{ OPT_TEXTS, .name = "control", .arg = "SERVER[/NAME[/TYPE]]", AT(controls),               \
		.help = "a server of another operator to compare with; repeat" }
#define ROW_EVIDENCE                                                                               \
	{ OPT_TEXT, .name = "pcap", .arg = "FILE", AT(evidence),                                   \
		.help = "keep the very packets of this run in this capture file" }
#define ROW_HINTS                                                                                  \
	{ OPT_TEXT, .name = "root-hints", .arg = "FILE", AT(root_hints),                           \
		.help = "root servers to start from, a hints file" }

#define ROW_ANCHOR                                                                                 \
	{ OPT_TEXT, .name = "trust-anchor", .arg = "FILE", AT(trust_anchor),                       \
		.help = "DS or DNSKEY records of the root to trust, instead of IANA's" }
#define ROW_ASN                                                                                    \
	{ OPT_TEXT, .name = "asn-file", .arg = "FILE", AT(asn_file),                               \
		.help = "networks and their AS numbers, a line each: 192.0.2.0/24 64496" }
#define ROWS_TREE                                                                                  \
	{ OPT_TYPE, .brief = 't', .arg = "TYPE", AT(qtype),                                        \
		.help = "validate this look-up of NAME, and run no test cases" },                  \
	{ OPT_TEXTS, .name = "test", .arg = "CASE,...", AT(tests),                                 \
		.help = "run these test cases only, as in basic02,dnssec07" },                     \
	{ OPT_FLAG, .name = "all", AT(all), .help = "list what is well, too" },                    \
	{ OPT_TEXTS, .name = "ns", .arg = "NAME[/ADDR]", AT(ns),                                   \
		.help = "test NAME as if it were delegated to this server; repeat" },              \
	{ OPT_TEXTS, .name = "ds", .arg = "TAG,ALGORITHM,TYPE,DIGEST", AT(ds),                     \
		.help = "... and with this DS record; repeat" },                                   \
	ROW_ASN,                                                                                   \
	{ OPT_NAME, .name = "asn-zone", .arg = "ZONE", AT(asn_zone),                               \
		.help = "look AS numbers up below this zone, as asn.cymru.com" }

#define ROWS_MAIL                                                                                  \
	{ OPT_TEXTS, .name = "client", .arg = "ADDR", AT(clients),                                 \
		.help = "of mail: an address that sends the domain's mail; repeat" },                       \
	{ OPT_NAME, .name = "helo", .arg = "NAME", AT(helo),                                       \
		.help = "of mail: the name that the sender gives in HELO" },                                \
	{ OPT_TEXTS, .name = "selector", .arg = "S", AT(selectors),                                \
		.help = "of mail: a selector of the domain's DKIM signatures; repeat" }
#define ROW_MAIL                                                                                   \
	{ OPT_FLAG, .name = "mail", AT(mail),                                                      \
		.help = "make the look-ups of mail for NAME instead, as the verb mail" }

#define ROW_PLAN                                                                                   \
	{ OPT_FLAG, .name = "plan", AT(plan),                                                      \
		.help = "print when servers are asked in which query shapes, and end" }

#define ROW_OPINION                                                                                \
	{ OPT_TEXTS, .name = "second-opinion", .arg = "SERVER,...", AT(opinions),                  \
		.help = "ask these resolvers as well: ADDR, tcp://ADDR, tls://ADDR, or \"public\" for some that " \
			"serve everybody; repeat" }

#define ROWS_QUEUE                                                                                 \
	{ OPT_TEXT, .name = "queue", .arg = "URL,...", AT(queue),                                  \
		.help = "servers of NATS, nats://HOST or tls://HOST, by which agents are reached" }, \
	{ OPT_TEXT, .name = "queue-creds", .arg = "FILE", AT(queue_creds),                         \
		.help = "credentials for them (JWT and key, as nsc makes them)" },                 \
	{ OPT_TEXT, .name = "queue-ca", .arg = "FILE", AT(queue_ca),                               \
		.help = "certificates that theirs has to come from (default: the system's)" }
#define ROW_REPLICAS                                                                               \
	{ OPT_UINT, .name = "queue-replicas", .arg = "N", AT(replicas), .min = 1,                  \
		.max = REPLICAS_MOST,                                                              \
		.help = "copies of each job and result that a cluster keeps (default 1)" }
#define ROW_VANTAGE                                                                                \
	{ OPT_TEXT, .name = "vantage", .arg = "SITE,...|all", AT(vantage),                         \
		.help = "ask the agents of --queue at these sites, too, and judge all together" }
#define ROWS_AGENT                                                                                 \
	{ OPT_TEXT, .name = "site", .arg = "NAME", AT(site),                                         \
		.help = "the name of this vantage point: letters, digits, - and _" },              \
	{ OPT_TEXT, .name = "spool", .arg = "DIR", AT(spool),                                      \
		.help = "where results are kept until the queue has them (default: a directory in /var/tmp)" }

static const struct opt diagnosing[] = { ROWS_FAMILY, ROW_ASKED, ROWS_SWEEP, ROWS_RUN, ROW_HINTS, ROW_ANCHOR,
	ROW_CONFIG, ROW_QPS, ROW_OPINION, ROWS_QUEUE, ROW_VANTAGE, ROW_PLAN, ROW_MAIL, ROWS_MAIL,
	ROW_EVIDENCE, ROWS_OUTPUT };

static const struct opt sweeping[] = { ROWS_FAMILY, ROW_ASKED, ROWS_SWEEP, ROWS_RUN, ROW_HINTS, ROW_ANCHOR,
	ROW_CONFIG, ROW_QPS, ROW_EVIDENCE, ROWS_OUTPUT };

static const struct opt ports[] = { ROWS_FAMILY, ROW_ASKED, ROWS_SWEEP, ROWS_RUN, ROW_HINTS, ROW_ANCHOR,
	ROW_CONFIG, ROW_QPS, ROWS_QUEUE, ROW_VANTAGE, ROW_EVIDENCE, ROWS_OUTPUT };

static const struct opt mail[] = { ROWS_FAMILY, ROWS_MAIL, ROW_HINTS, ROW_ANCHOR, ROWS_RUN,
	ROW_EVIDENCE, ROWS_OUTPUT };

static const struct opt resolver[] = {
	ROWS_FAMILY,
	{ OPT_NAME, .brief = 'q', .arg = "NAME", AT(qname),
		.help = "ask the resolver about this name, too" },
	ROW_CONFIG, ROWS_RESOLVER, ROWS_RUN, ROWS_OUTPUT
};

static const struct opt shapes[] = {
	ROWS_FAMILY,
	{ OPT_NAME, .brief = 'q', .arg = "NAME", AT(qname),
		.help = "ask for this name, in a zone that SERVER serves" },
	{ OPT_TYPE, .brief = 't', .arg = "TYPE", AT(qtype),
		.help = "the type whose size is looked at (TXT), or that fails (SOA)" },
	{ OPT_FLAG, .name = "all", AT(all), .help = "ask for all types of records, too" },
	{ OPT_TEXTS, .name = "row", .arg = "ROW,...", AT(rows),
		.help = "ask in these shapes only, as in edns1,TLSA" },
	{ OPT_TEXT, .name = "isolate", .arg = "PROFILE|FILE", AT(isolate),
		.help = "find what makes the query of a program (bind-9.18) or file fail" },
	{ OPT_TEXT, .name = "working", .arg = "PROFILE", AT(working),
		.help = "with --isolate: compare with this program's SOA query" },
	{ OPT_FLAG, .name = "no-locate", AT(no_locate),
		.help = "where shapes are dropped, ask no control servers" },
	{ OPT_TEXTS, .name = "control", .arg = "SERVER[/NAME[/TYPE]]", AT(controls),
		.help = "a server of another operator to compare with; repeat" },
	ROW_HINTS, ROWS_RUN, ROW_EVIDENCE, ROWS_OUTPUT
};

static const struct opt tree[] = { ROWS_FAMILY, ROWS_TREE, ROW_HINTS, ROW_ANCHOR, ROWS_RUN,
	ROW_EVIDENCE, ROWS_OUTPUT };

#define ROWS_SCAN                                                                                  \
	{ OPT_CHOICE, .name = "probe", .arg = "PROBE", AT(probe), .choices = scan_probes,           \
		.help = "what to do for each name: lookup (default), tree, mail or diagnose; "       \
			"or for each server: ports or shapes: as these verbs do" },                                                  \
	{ OPT_TEXTS, .brief = 't', .name = "type", .arg = "TYPE,...", AT(types),                   \
		.help = "ask for these types where a line names none (default A); repeat" },       \
	{ OPT_TEXTS, .name = "from-maillog", .arg = "FILE", AT(mail_logs),                         \
		.help = "ask for what failed by this log of a mail program; repeat" },             \
	{ OPT_TEXTS, .name = "from-resolver-log", .arg = "FILE", AT(resolver_logs),                \
		.help = "... and of a resolver; repeat" },                                         \
	{ OPT_TEXTS, .name = "from-pcap", .arg = "FILE", AT(captures),                             \
		.help = "... and by this capture of packets; repeat" },                            \
	{ OPT_U64, .name = "pps", .arg = "N", AT(pps),                                             \
		.help = "most queries a second in all (default: no limit)" },                      \
	{ OPT_UINT, .name = "concurrency", .arg = "N", AT(concurrency), .min = 1,                  \
		.max = CONCURRENCY_MOST, .help = "look-ups at once, at most (default 1000)" },     \
	{ OPT_UINT, .name = "tries", .arg = "N", AT(tries), .min = 1, .max = TRIES_MOST,           \
		.help = "queries for a name that gets no reply, at most (default 3)" },            \
	{ OPT_TEXT, .name = "shard", .arg = "I/N", AT(shard),                                      \
		.help = "only the I-th of N parts of the names, as 1/4: the same on all machines" }, \
	{ OPT_FLAG, .name = "csv", AT(csv), .help = "print comma-separated columns" },             \
	{ OPT_TEXT, .name = "db", .arg = "FILE", AT(db),                                           \
		.help = "put the results into this SQLite database as well" },                     \
	{ OPT_FLAG, .name = "resume", AT(resume),                                                  \
		.help = "leave out what the database of --db has" },                               \
	{ OPT_FLAG, .name = "diff", AT(diff),                                                      \
		.help = "compare two databases, A and B, and ask nothing" },                       \
	{ OPT_CHOICE, .name = "survey", .arg = "ports", AT(survey), .choices = scan_surveys,       \
		.help = "how many servers of the list filter source ports, by a random sample" },  \
	{ OPT_UINT, .name = "sample", .arg = "N", AT(sample), .min = 1, .max = PICK_MOST,          \
		.help = "servers of it (default 400)" },                                           \
	{ OPT_TEXT, .name = "opt-out", .arg = "FILE", AT(opt_out),                                 \
		.help = "servers not to ask: addresses, networks and domains, one a line" }

static const struct opt scan[] = {
	ROWS_FAMILY, ROWS_SCAN, ROWS_QUEUE, ROW_REPLICAS, ROW_EVIDENCE, ROW_ASN, ROW_NAME, ROWS_SWEEP, ROW_HINTS, ROW_ANCHOR,
	ROW_CONFIG,
	{ OPT_U64, .name = "rate", .arg = "N", AT(scan_rate),
		.help = "most queries a second to one server (default: 50, and no limit for "
			"special-purpose addresses)" },
	{ OPT_UINT, .name = "budget", .arg = "N", AT(budget), .min = 1, .max = BUDGET_MOST,
		.help = "most queries to one server (default: 10000, and no limit for "
			"special-purpose addresses)" },
	{ OPT_UINT, .name = "timeout", .arg = "MS", AT(timeout), .min = 10, .max = TIMEOUT_MOST,
		.help = "longest wait for one reply (default 2000)" },
	{ OPT_TEXT, .name = "settings", .arg = "FILE", AT(file),
		.help = "read defaults of options from here" },
	{ OPT_CHOICE, .name = "progress", .arg = "WHEN", AT(progress), .choices = whens,
		.help = "auto, always or never" },
	{ OPT_U64, .name = "seed", .arg = "N", AT(seed),
		.help = "seed of all random choices (default: from the kernel)" },
	{ OPT_FLAG, .name = "yes", AT(yes), .help = "go on where a large load needs consent" },
	{ OPT_FLAG, .brief = 'h', .name = "help", AT(help), .help = "show this help" }
};

static const struct opt agent[] = {
	{ OPT_FLAG, .brief = '4', AT(v4_only), .help = "use IPv4 only" },
	{ OPT_FLAG, .brief = '6', AT(v6_only), .help = "use IPv6 only" },
	ROWS_QUEUE, ROWS_AGENT,
	{ OPT_U64, .name = "rate", .arg = "N", AT(scan_rate),
		.help = "most queries a second to one server, whatever a job asks for (default: 50, "
			"and no limit for special-purpose addresses)" },
	{ OPT_UINT, .name = "budget", .arg = "N", AT(budget), .min = 1, .max = BUDGET_MOST,
		.help = "most queries to one server for one job, whatever it asks for" },
	{ OPT_TEXT, .name = "settings", .arg = "FILE", AT(file),
		.help = "read defaults of options from here, and let the work do so" },
	{ OPT_FLAG, .brief = 'h', .name = "help", AT(help), .help = "show this help" }
};

/* A settings file may have options of all verbs. */
static const struct opt everything[] = { ROWS_FAMILY, ROW_ASKED, ROWS_SWEEP, ROWS_RUN, ROW_HINTS, ROW_ANCHOR,
	ROW_CONFIG, ROWS_RESOLVER, ROWS_TREE, ROW_QPS, ROW_OPINION, ROW_MAIL, ROWS_MAIL, ROWS_SCAN,
	ROWS_QUEUE, ROW_REPLICAS, ROW_VANTAGE, ROWS_AGENT, ROWS_OUTPUT };
/* clang-format on */

const struct opt_table settings_diagnosing = { diagnosing, ARRAY_LEN(diagnosing) };
const struct opt_table settings_sweeping = { sweeping, ARRAY_LEN(sweeping) };
const struct opt_table settings_ports = { ports, ARRAY_LEN(ports) };
const struct opt_table settings_resolver = { resolver, ARRAY_LEN(resolver) };
const struct opt_table settings_shapes = { shapes, ARRAY_LEN(shapes) };
const struct opt_table settings_tree = { tree, ARRAY_LEN(tree) };
const struct opt_table settings_mail = { mail, ARRAY_LEN(mail) };
const struct opt_table settings_scan = { scan, ARRAY_LEN(scan) };
const struct opt_table settings_agent = { agent, ARRAY_LEN(agent) };

static const struct opt_table settings_everything = { everything, ARRAY_LEN(everything) };

bool settings_family_off(const struct settings *s, const struct addr *a)
{
	return (s->v4_only && a->family == ADDR_V6) || (s->v6_only && a->family == ADDR_V4);
}

const char *settings_ports_text(struct arena *a, const struct settings *s)
{
	struct buf text = { .arena = a };

	if (!s->ports)
		return NULL;
	portset_text(s->ports, &text);
	return buf_text(&text);
}

struct settings settings_defaults(void)
{
	return (struct settings){
		.rate = DEFAULT_RATE,
		.sample = DEFAULT_SAMPLE,
		.timeout = DEFAULT_TIMEOUT,
		.seconds = DEFAULT_SECONDS,
		.samples = DEFAULT_SAMPLES,
		.concurrency = DEFAULT_CONCURRENCY,
		.tries = DEFAULT_TRIES,
	};
}

static int read_lines(struct arena *a, struct span text, struct settings *s, struct opt_result *ret)
{
	char *copy = arena_strn(a, text.p, text.n), *save = NULL;
	unsigned int n = 0;

	for (char *line = strtok_r(copy, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		int err;

		n++;
		line += strspn(line, " \t");
		if (*line == '\0' || *line == '#')
			continue;
		err = opt_setting((struct opt_into){ a, s }, settings_everything, line, ret);
		if (err < 0)
			return err;
	}
	return 0;
}

/* The file named, or the first of the usual ones that exists. */
static const char *find_file(struct arena *a, const char *given)
{
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	const char *path = NULL;

	if (given)
		return given;
	if (config && *config)
		path = arena_printf(a, "%s/dnsfault/settings", config);
	else if (home && *home)
		path = arena_printf(a, "%s/.config/dnsfault/settings", home);
	if (path && access(path, R_OK) == 0)
		return path;
	path = "/etc/dnsfault/settings";
	return access(path, R_OK) == 0 ? path : NULL;
}

static int read_file(struct arena *a, const char *given, struct settings *s, struct opt_result *ret)
{
	const char *path = find_file(a, given);
	struct span text;
	int err;

	if (!path)
		return 0;
	err = file_read(a, path, &text);
	if (err < 0) {
		ret->why = arena_printf(a, "settings file %s: %s", path, strerror(errno));
		return err;
	}
	err = read_lines(a, text, s, ret);
	if (err < 0)
		ret->why = arena_printf(a, "settings file %s: %s", path, ret->why);
	return err;
}

int settings_read(
	struct opt_into into, struct opt_table t, struct opt_args args, struct opt_result *ret)
{
	struct settings first = settings_defaults(), s = settings_defaults(),
			*given = into.settings;
	struct arena *a = into.arena;
	int err = opt_parse((struct opt_into){ a, &first }, t, args, ret);

	/* argv is parsed first for --settings and its errors, then again over the file's values. */
	if (err < 0)
		return err;
	if (!first.help) {
		err = read_file(a, first.file, &s, ret);
		if (err < 0)
			return err;
	}
	*ret = (struct opt_result){ 0 };
	err = opt_parse((struct opt_into){ a, &s }, t, args, ret);
	if (err == 0)
		*given = s;
	return err;
}

static bool terminal(int fd)
{
	const char *term = getenv("TERM");

	return isatty(fd) && term && strcmp(term, "dumb") != 0;
}

bool settings_colour(const struct settings *s, int fd)
{
	const char *no = getenv("NO_COLOR");

	if (s->color != WHEN_AUTO)
		return s->color == WHEN_ALWAYS;
	return !(no && *no) && terminal(fd);
}

bool settings_progress(const struct settings *s)
{
	if (s->progress != WHEN_AUTO)
		return s->progress == WHEN_ALWAYS;
	return terminal(STDERR_FILENO);
}

unsigned int settings_width(void)
{
	struct winsize w;

	if (isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_col >= 40)
		return w.ws_col < 160 ? w.ws_col : 160;
	return 80;
}
