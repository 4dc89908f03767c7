/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Prints what infer/servfail predicts for one case, a line of shares of all lookups:
 *
 *	servfail_table unbound/1.17.1 n=2 blocked=0.125
 *	fail 3.8e-06 servfail 0 timeout 3.8e-06 error 0 delay 7.1 tries 1.14 down 0 exact 0
 *
 * Words: n (addresses), clear (so many of them are not behind the filter), blocked, loss (shares),
 * rtt (µs), tcp (share that is blocked), patience, silent, gap (ms), tries (of the client), cold
 *(1), life (ports), seed, lookups. delay is in ms.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/addr.h"
#include "base/err.h"
#include "infer/servfail.h"

enum {
	CLEAR,
	BLOCKED,
	LOSS,
	RTT,
	TCP,
	N,
	PATIENCE,
	SILENT,
	GAP,
	TRIES,
	COLD,
	LIFE,
	SEED,
	LOOKUPS,
	WORDS
};

static const char *const words[WORDS] = {
	[CLEAR] = "clear",
	[BLOCKED] = "blocked",
	[LOSS] = "loss",
	[RTT] = "rtt",
	[TCP] = "tcp",
	[N] = "n",
	[PATIENCE] = "patience",
	[SILENT] = "silent",
	[GAP] = "gap",
	[TRIES] = "tries",
	[COLD] = "cold",
	[LIFE] = "life",
	[SEED] = "seed",
	[LOOKUPS] = "lookups",
};

static int read_word(const char *arg, double *values)
{
	const char *is = strchr(arg, '=');
	char *end;

	if (!is)
		return -ERR_USAGE;
	for (size_t i = 0; i < WORDS; i++) {
		if (strncmp(arg, words[i], (size_t)(is - arg)) != 0 || words[i][is - arg])
			continue;
		values[i] = strtod(is + 1, &end);
		return *end || end == is + 1 ? -ERR_USAGE : 0;
	}
	return -ERR_USAGE;
}

static uint64_t us_of(double ms)
{
	return (uint64_t)(ms * 1000);
}

static struct servfail_case case_of(const double *v)
{
	struct servfail_case c = {
		.n = (uint32_t)v[N],
		.life = (uint32_t)v[LIFE],
		.patience = us_of(v[PATIENCE]),
		.client_tries = (uint32_t)v[TRIES],
		.silent_after = us_of(v[SILENT]),
		.gap = us_of(v[GAP]),
		.cold = v[COLD] > 0,
		.seed = (uint64_t)v[SEED],
		.lookups = (uint32_t)v[LOOKUPS],
	};

	for (uint32_t i = 0; i < c.n && i < SERVFAIL_SERVERS; i++)
		c.servers[i] = (struct servfail_server){
			.family = ADDR_V4,
			.blocked = i < (uint32_t)v[CLEAR] ? 0 : v[BLOCKED],
			.loss = v[LOSS],
			.rtt = (uint32_t)v[RTT],
			.tcp_blocked = v[TCP],
		};
	return c;
}

int main(int argc, char **argv)
{
	double values[WORDS] = { [RTT] = 20000, [N] = 1, [SEED] = 1 };
	struct servfail_case c;
	struct servfail_result r;
	char *version;
	int err = argc < 2 ? -ERR_USAGE : 0;

	for (int i = 2; !err && i < argc; i++)
		err = read_word(argv[i], values);
	if (!err) {
		c = case_of(values);
		c.software = strtok_r(argv[1], "/", &version);
		c.version = *version ? version : NULL;
		err = servfail_predict(&c, &r);
	}
	if (err) {
		fprintf(stderr, "servfail_table: %s\n", err_text(err));
		return 2;
	}
	printf("fail %.6g servfail %.6g timeout %.6g error %.3g delay %.6g tries %.6g down %.6g "
	       "exact %d\n",
		r.fail, r.servfail, r.timeout, r.error, r.delay / 1000, r.tries, r.down, r.exact);
	return 0;
}
