/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * For bench/maillog: "make KIND BYTES" writes lines of logs to standard output, "mail" and
 * "resolver" read them from standard input and tell what that cost.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "base/err.h"
#include "base/rng.h"
#include "intake/maillog.h"
#include "intake/resolverlog.h"

enum { PIECE = 16 << 20, DOMAINS = 20000, LINE = 2048 };

/* Lines, with a number in each for %u. quiet ones tell of nothing. */
static const char *const quiet[] = {
	"Nov 28 09:17:01 mx1 postfix/smtpd[123]: connect from h%u.example[192.0.2.7]\n",
	"Nov 28 09:17:01 mx1 postfix/smtpd[123]: 4F1x%u: client=h.example[192.0.2.7]\n",
	"Nov 28 09:17:01 mx1 postfix/cleanup[124]: 4F1x2: message-id=<%u.abc@d.example>\n",
	"Nov 28 09:17:01 mx1 postfix/qmgr[125]: 4F1x2: from=<u%u@d.example>, size=2345, nrcpt=1 "
	"(queue "
	"active)\n",
	"Nov 28 09:17:01 mx1 postfix/smtp[126]: 4F1x2: to=<u%u@d.example>, "
	"relay=mx.d.example[192.0.2.9]:25, delay=0.5, delays=0.1/0/0.2/0.2, dsn=2.0.0, status=sent "
	"(250 "
	"2.0.0 Ok: queued as 99)\n",
	"Nov 28 09:17:01 mx1 postfix/qmgr[125]: 4F1x%u: removed\n",
	"2026-11-28 09:17:01 1abcde-000123-AB => u%u@d.example R=dnslookup T=remote_smtp "
	"H=mx.d.example "
	"[192.0.2.9] X=TLS1.3:ECDHE_X25519:256 CV=yes C=\"250 OK id=1\"\n",
	"Nov 28 09:17:01 mx2 sendmail[9]: xAS0123: to=<u%u@d.example>, delay=00:00:01, "
	"mailer=esmtp, "
	"relay=mx.d.example. [192.0.2.9], dsn=2.0.0, stat=Sent (Message accepted)\n",
	"d,2026-11-28 09:17:01+0000,2026-11-28 "
	"09:16:00+0000,b@ours.example,u%u@d.example,,relayed,2.0.0 "
	"(success),smtp;250 OK,mx.d.example (192.0.2.9),,smtp,h (192.0.2.1),smtp,,,v1,\n",
	"{\"__REALTIME_TIMESTAMP\":\"1795857421250000\",\"SYSLOG_IDENTIFIER\":\"postfix/"
	"smtp\",\"_PID\":"
	"\"%u\",\"_HOSTNAME\":\"mx1\",\"PRIORITY\":\"6\",\"MESSAGE\":\"4F1x2: to=<u@d.example>, "
	"relay=mx.d.example[192.0.2.9]:25, dsn=2.0.0, status=sent (250 2.0.0 Ok)\"}\n",
	"28-Nov-2026 09:17:01.250 queries: info: client @0x7f63 192.0.2.7#5256 (d%u.example): "
	"query: "
	"d.example IN MX +E(0)K (192.0.2.1)\n",
	"[1795857421] unbound[9:0] info: 192.0.2.7 d%u.example. MX IN NOERROR 0.080000 0 26\n",
};

static const char *const telling[] = {
	"Nov 28 09:17:01 mx1 postfix/smtp[126]: 4F1x2: to=<u@d%u.example>, relay=none, delay=0.5, "
	"delays=0.1/0/0.2/0.2, dsn=4.4.3, status=deferred (Host or domain name not found. Name "
	"service "
	"error for name=d%u.example type=MX: Host not found, try again)\n",
	"2026-11-28 09:17:01 1abcde-000123-AB == u@d%u.example R=dnslookup defer (-1): host lookup "
	"did "
	"not complete\n",
	"Nov 28 09:17:01 mx2 sendmail[9]: xAS0123: to=<u@d%u.example>, delay=00:00:01, "
	"mailer=esmtp, "
	"dsn=4.0.0, stat=Deferred: Name server: mx.d%u.example.: host name lookup failure\n",
	"t,2026-11-28 09:17:01+0000,2026-11-28 "
	"09:16:00+0000,b@ours.example,u@d%u.example,,delayed,4.4.4 "
	"(unable to route),smtp;451 unable to route: dns lookup failure,,routing-errors,smtp,h "
	"(192.0.2.1),smtp,,,v1,\n",
	"{\"__REALTIME_TIMESTAMP\":\"1795857421250000\",\"SYSLOG_IDENTIFIER\":\"postfix/"
	"smtp\",\"_PID\":"
	"\"1\",\"MESSAGE\":\"4F1x2: to=<u@d%u.example>, dsn=4.4.3, status=deferred (Host or domain "
	"name "
	"not found. Name service error for name=d%u.example type=A: Host not found, try "
	"again)\"}\n",
	"28-Nov-2026 09:17:01.250 query-errors: debug 1: client @0x7f63 192.0.2.7#5256 "
	"(d%u.example): "
	"query failed (timed out) for d%u.example/IN/MX at query.c:7916\n",
	"[1795857421] unbound[9:0] error: SERVFAIL <d%u.example. MX IN>: all servers for this "
	"domain "
	"failed, at zone d%u.example. upstream server timeout\n",
};

/* One after the other in lines that are as long as can be. */
static const char *const hostile[] = { "SERVFAIL <", "Received-SPF: Temperror", "\"\\\"<",
	"<<<<<<<<<", "DNS query failed", "@@@@", "\"no MX host for ", " has a valid address record",
	"dkim=temperror" };

/* Each kind: of 1000 lines, how many tell; -1: octets without a meaning; -2: made to cost. */
static const struct {
	const char *name;
	int share;
} kinds[] = { { "mixed", 30 }, { "quiet", 0 }, { "telling", 1000 }, { "garbage", -1 },
	{ "hostile", -2 } };

static size_t put_line(char *to, const char *line, unsigned int number)
{
	size_t n = 0;

	for (const char *p = line; *p; p++) {
		if (p[0] == '%' && p[1] == 'u') {
			n += (size_t)snprintf(to + n, LINE - n, "%u", number);
			p++;
		} else {
			to[n++] = *p;
		}
	}
	return n;
}

/* PIECE octets at most, of whole lines. */
static size_t make_piece(char *piece, int share)
{
	struct rng rng = rng_seed(11);
	size_t n = 0;

	while (share == -2 && n + LINE <= PIECE) {
		n += put_line(piece + n, hostile[rng_below(&rng, ARRAY_LEN(hostile))], 0);
		if (n % LOGLINES_MOST < 24) /* now and then */
			piece[n++] = '\n';
	}
	if (share == -1) {
		for (; n + 8 <= PIECE; n += 8)
			memcpy(piece + n, &(uint64_t){ rng_u64(&rng) }, 8);
		return n;
	}
	while (n + LINE <= PIECE) {
		bool tells = (int)rng_below(&rng, 1000) < share;
		const char *line = tells ? telling[rng_below(&rng, ARRAY_LEN(telling))]
					 : quiet[rng_below(&rng, ARRAY_LEN(quiet))];

		n += put_line(piece + n, line, rng_below(&rng, DOMAINS));
	}
	return n;
}

static int make(const char *kind, uint64_t octets)
{
	char *piece = malloc(PIECE);
	size_t n = 0;

	for (size_t i = 0; piece && i < ARRAY_LEN(kinds); i++)
		if (strcmp(kinds[i].name, kind) == 0)
			n = make_piece(piece, kinds[i].share);
	if (!n)
		return 2;
	for (uint64_t done = 0; done < octets; done += n)
		if (fwrite(piece, 1, n, stdout) != n)
			return 4;
	free(piece);
	return 0;
}

static double seconds(const struct timeval *t)
{
	return (double)t->tv_sec + (double)t->tv_usec / 1e6;
}

static int take(const char *kind)
{
	static const struct logstamp_clock clock = { .now = 1795867200ULL * 1000000 };
	struct arena *a = arena_new();
	struct rng rng = rng_seed(1);
	struct logfails *f = logfails_new(a, 100000, &rng);
	struct logread *r =
		(strcmp(kind, "mail") == 0 ? maillog_new : resolverlog_new)(a, f, &clock);
	const struct logread_tally *t;
	const char *why = NULL;
	struct timespec from, to;
	struct rusage used;
	double wall;
	int rc;

	clock_gettime(CLOCK_MONOTONIC, &from);
	rc = logread_file(r, "-", &why);
	clock_gettime(CLOCK_MONOTONIC, &to);
	getrusage(RUSAGE_SELF, &used);
	wall = (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
	t = logread_tally(r);
	printf("cpu %.2f wall %.2f octets %" PRIu64 " lines %" PRIu64 " telling %" PRIu64
	       " domains %zu memory %.1f%s%s\n",
		seconds(&used.ru_utime) + seconds(&used.ru_stime), wall, t->octets, t->lines,
		t->telling, f->domains, (double)used.ru_maxrss / 1024, why ? " " : "",
		why ? why : "");
	logread_free(r);
	arena_free(a);
	return rc ? 4 : 0;
}

int main(int argc, char **argv)
{
	if (argc == 4 && strcmp(argv[1], "make") == 0)
		return make(argv[2], strtoull(argv[3], NULL, 10));
	if (argc == 2 && (strcmp(argv[1], "mail") == 0 || strcmp(argv[1], "resolver") == 0))
		return take(argv[1]);
	fputs("usage: maillog_speed make KIND BYTES | mail | resolver\n", stderr);
	return 2;
}
