/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What diagnose and ports share: settings to plan, plan over the network to facts, to a report. */
#ifndef CLI_RUN_H
#define CLI_RUN_H

#include <stdarg.h>

#include "base/arena.h"
#include "base/rng.h"
#include "cli/evidence.h"
#include "cli/settings.h"
#include "facts/asn.h"
#include "facts/facts.h"
#include "probe/diagnose.h"

struct remote;

struct run {
	struct arena *arena;
	struct settings settings;
	struct opt_texts words;
	const char *verb;
	struct rng rng;
	struct facts *facts;
	struct diagnose_plan plan;
	/* Asks to one server that may leave at once, and no slow start; 0: neither. */
	uint32_t burst;
	struct evidence *evidence; /* --pcap; NULL: none */
	bool began;		   /* --jsonl: the head line was printed */
	struct remote *remote;	   /* cli/remote.h: who is asked besides; NULL: nobody */
};

/*
 * Reads settings and words of a verb. 0; 1 when help was asked for and printed; -ERR_x when a
 * line on stderr has said what is wrong. Ended with run_done() in any case.
 */
int run_begin(struct run *r, const char *verb, struct opt_args args);
void run_done(struct run *r);

/* The file of --pcap is complete, or a line has said why not, and -ERR_WRITE. */
int run_close_evidence(struct run *r);

/* One line on stderr: "dnsfault ports: …". Both return -ERR_USAGE. */
__attribute__((format(printf, 2, 0))) int run_complain_as(
	const char *verb, const char *form, va_list args);
__attribute__((format(printf, 2, 3))) int run_complain(const struct run *r, const char *form, ...);

/* Fills the plan from the settings: hints, controls, source, rates. 0 or -ERR_USAGE, said. */
int run_plan(struct run *r);

/* Root servers by --root-hints, else IANA's, into plan.walk. 0 or -ERR_USAGE, said. */
int run_hints(struct run *r);

/* Plans to ask the resolvers of /etc/resolv.conf. */
void run_resolvers(struct run *r);

/* Reads a port server or control: all addresses of a name, or one address with its port (53). */
struct run_addrs VEC(struct addr);
int run_resolve(struct run *r, const char *server, struct run_addrs *ret);

/* The table of --asn-file; none was given: it is empty. 0 or -ERR_USAGE, said. */
int run_asn(struct run *r, struct asn_rows *ret);

/* Runs the plan, prints the report, saves the facts: the exit code. */
int run_report(struct run *r);

#endif
