/* SPDX-License-Identifier: GPL-3.0-or-later */
/* beacon ZONE --listen ADDR: answers what it saw of each query, until it is told to stop. */
#include "cli/beacon.h"

#include <errno.h>
#include <grp.h>
#include <inttypes.h>
#include <pwd.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "base/err.h"
#include "base/vec.h"
#include "beacon/beacon.h"
#include "cli/verb.h"
#include "facts/pool.h"
#include "net/serve.h"

enum { DNS_PORT = 53, DEFAULT_RATE = 100, RATE_MOST = 1000000, PASSWD_TEXT = 16384 };

_Static_assert((int)SERVE_REPLY >= (int)BEACON_REPLY, "a reply fits");

const char beacon_text[] =
	"A small authoritative server for ZONE, which the zone above delegates to it. It answers "
	"what it saw of each query: address, source port, transport, message id, flags, EDNS and "
	"letter case; `dnsfault resolver --beacon ZONE` asks it through any resolver. It listens "
	"on UDP and TCP, answers until SIGINT or SIGTERM, and then prints how much.\n"
	"\n"
	"Nothing is kept of a query. Over UDP no reply is larger than its query unless the sender "
	"has proven its address, and replies to a network are limited, so that it is of no use "
	"against others. As root it binds its sockets and then becomes USER.";

struct beacon_settings {
	struct opt_texts listen, public;
	const struct name *ns;
	uint32_t rate;
	const char *user;
	bool help;
};

static const struct opt rows[] = {
	{ OPT_TEXTS, .name = "listen", .arg = "ADDR[#PORT]",
		.at = offsetof(struct beacon_settings, listen),
		.help = "answer at this address of this host; repeat for more" },
	{ OPT_TEXTS, .name = "public", .arg = "ADDR",
		.at = offsetof(struct beacon_settings, public),
		.help = "the address that the world reaches it at, for glue; those of --listen "
			"when none is given" },
	{ OPT_NAME, .name = "ns", .arg = "NAME", .at = offsetof(struct beacon_settings, ns),
		.help = "the name of this server in the zone's NS record (ns.ZONE)" },
	{ OPT_UINT, .name = "rate", .arg = "N", .at = offsetof(struct beacon_settings, rate),
		.max = RATE_MOST,
		.help = "most replies a second over UDP to an IPv4 /24 or IPv6 /56 (100); 0: no "
			"limit" },
	{ OPT_TEXT, .name = "user", .arg = "USER", .at = offsetof(struct beacon_settings, user),
		.help = "whom to become when started as root (nobody)" },
	{ OPT_FLAG, .brief = 'h', .name = "help", .at = offsetof(struct beacon_settings, help),
		.help = "show this help" },
};
const struct opt_table beacon_options = { rows, ARRAY_LEN(rows) };

static volatile sig_atomic_t stopped;

static void on_signal(int number)
{
	(void)number;
	stopped = 1;
}

__attribute__((format(printf, 1, 2))) static int complain(const char *form, ...)
{
	va_list args;

	fputs("dnsfault beacon: ", stderr);
	va_start(args, form);
	vfprintf(stderr, form, args);
	va_end(args);
	fputc('\n', stderr);
	return CLI_USAGE;
}

static bool is_wildcard(const struct addr *a)
{
	static const uint8_t any[16];

	return memcmp(a->ip, any, sizeof(any)) == 0;
}

/* 0 or CLI_USAGE. */
static int read_addrs(
	struct arena *a, const struct opt_texts *texts, const char *option, struct addrs *ret)
{
	for (size_t i = 0; i < texts->n; i++) {
		struct addr addr;

		if (addr_parse_port(texts->v[i], &addr) < 0)
			return complain(
				"--%s: not an address, as in 192.0.2.1 or 192.0.2.1#5353", option);
		if (is_wildcard(&addr))
			return complain("--%s: give each address of its own: replies have to "
					"leave from the one that was asked",
				option);
		if (!addr.port)
			addr.port = DNS_PORT;
		vec_push(a, ret, addr);
	}
	return 0;
}

static int read_zone(const struct opt_texts *words, struct name *ret)
{
	if (words->n != 1)
		return complain("give one ZONE that is delegated to this server");
	if (name_parse(words->v[0], ret) < 0)
		return complain("ZONE is no domain name");
	if (ret->len > BEACON_ZONE_MOST)
		return complain("ZONE is too long: %u octets at most", BEACON_ZONE_MOST);
	return 0;
}

static int fill_secrets(struct beacon_setup *s)
{
	uint8_t random[2 * SIPHASH_KEY];

	if (getrandom(random, sizeof(random), 0) != sizeof(random))
		return complain("no random numbers: %s", strerror(errno)), CLI_LOCAL;
	memcpy(s->cookie_secret, random, SIPHASH_KEY);
	memcpy(s->secret, random + SIPHASH_KEY, SIPHASH_KEY);
	return 0;
}

/* From words to what the server of the zone and the server of messages need. */
static int prepare(struct arena *a, const struct beacon_settings *s, struct beacon_setup *zone,
	struct addrs *listen)
{
	struct addrs glue = { 0 };
	int code = read_addrs(a, &s->listen, "listen", listen);

	if (!code)
		code = read_addrs(a, &s->public, "public", &glue);
	if (code)
		return code;
	if (!listen->n || listen->n > SERVE_ADDRS_MOST)
		return complain(
			"--listen: give one to %u addresses of this host", SERVE_ADDRS_MOST);
	if (!glue.n)
		glue = *listen;
	if (glue.n > BEACON_GLUE_MOST)
		return complain("--public: give at most %u addresses", BEACON_GLUE_MOST);
	zone->glue = glue.v;
	zone->nglue = glue.n;
	zone->rate = s->rate;
	if (s->ns)
		zone->ns = *s->ns;
	else if (name_prepend(&zone->zone, "ns", &zone->ns) < 0)
		return complain("ZONE is too long");
	return fill_secrets(zone);
}

/* All sockets are bound: nothing more needs a privilege. */
static int become(const char *user)
{
	struct passwd found, *p = NULL;
	char text[PASSWD_TEXT];

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return complain("cannot renounce privileges: %s", strerror(errno)), CLI_LOCAL;
	if (geteuid() != 0)
		return 0;
	if (getpwnam_r(user, &found, text, sizeof(text), &p) != 0 || !p)
		return complain("--user: there is no such user");
	if (p->pw_uid == 0)
		return 0; /* as the user wishes */
	if (setgroups(0, NULL) < 0 || setresgid(p->pw_gid, p->pw_gid, p->pw_gid) < 0 ||
		setresuid(p->pw_uid, p->pw_uid, p->pw_uid) < 0)
		return complain("cannot become %s: %s", user, strerror(errno)), CLI_LOCAL;
	return 0;
}

static size_t reply(void *user, const struct serve_query *q, uint8_t *out)
{
	struct beacon_query query = { q->wire, q->from, q->transport, q->now };

	return beacon_reply(user, &query, out);
}

static uint64_t now_utc(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (uint64_t)t.tv_sec * 1000000U + (uint64_t)t.tv_nsec / 1000U;
}

static void catch_signals(void)
{
	struct sigaction action = { .sa_handler = on_signal };

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

static void say_start(const struct name *zone, const struct addrs *listen)
{
	char name[NAME_TEXT], text[ADDR_TEXT];

	fprintf(stderr, "dnsfault beacon: %s at", name_text(zone, name));
	vec_each (struct addr, a, *listen)
		fprintf(stderr, " %s", addr_text_port(a, text));
	fputc('\n', stderr);
}

static void say_end(const struct beacon *b, const struct serve *s)
{
	struct beacon_counts n = beacon_counts(b);
	struct serve_counts c = serve_counts(s);

	fprintf(stderr,
		"dnsfault beacon: queries: %" PRIu64 " udp, %" PRIu64 " tcp; replies: %" PRIu64
		" aliases, %" PRIu64 " texts, %" PRIu64 " others, %" PRIu64 " truncated, %" PRIu64
		" errors; none: %" PRIu64 " no query, %" PRIu64 " over the rate, %" PRIu64
		" too large, %" PRIu64 " not sent; connections: %" PRIu64 ", %" PRIu64
		" turned away\n",
		n.udp, n.tcp, n.aliases, n.texts, n.others, n.truncated, n.refused, n.ignored,
		n.limited, c.oversized, c.unsent, c.connections, c.turned_away);
}

static int serve(struct beacon *b, const struct beacon_settings *s, const struct name *zone,
	const struct addrs *listen)
{
	struct serve_setup setup = {
		.listen = listen->v,
		.nlisten = listen->n,
		.epoch = now_utc(),
		.reply = reply,
		.user = b,
		.stop = &stopped,
	};
	struct arena *a = arena_new();
	struct serve *server = NULL;
	size_t failed = 0;
	char text[ADDR_TEXT];
	int code = CLI_LOCAL;

	if (serve_new(a, &setup, &server, &failed) < 0) {
		complain("%s: %s", addr_text_port(&listen->v[failed], text), strerror(errno));
		goto out;
	}
	code = become(s->user);
	if (code)
		goto out;
	catch_signals();
	say_start(zone, listen);
	serve_run(server);
	say_end(b, server);
out:
	serve_free(server);
	arena_free(a);
	return code;
}

static int run(struct arena *a, const struct beacon_settings *s, const struct opt_texts *words)
{
	struct beacon_setup setup = { 0 };
	struct addrs listen = { 0 };
	struct beacon *b;
	int code = read_zone(words, &setup.zone);

	if (!code)
		code = prepare(a, s, &setup, &listen);
	if (code)
		return code;
	b = beacon_new(a, &setup);
	code = serve(b, s, &setup.zone, &listen);
	beacon_free(b);
	return code;
}

int beacon_main(int argc, char **argv)
{
	struct arena *a = arena_new();
	struct beacon_settings s = { .rate = DEFAULT_RATE, .user = "nobody" };
	struct opt_result r;
	int code = CLI_USAGE;

	if (opt_parse((struct opt_into){ a, &s }, beacon_options, (struct opt_args){ argc, argv },
		    &r) < 0)
		complain("%s", r.why);
	else if (s.help)
		code = (help_verb("beacon"), CLI_OK);
	else
		code = run(a, &s, &r.words);
	arena_free(a);
	return code;
}
