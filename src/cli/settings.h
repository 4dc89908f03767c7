/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the user asked for: one struct, filled from argv, a settings file and the environment. */
#ifndef CLI_SETTINGS_H
#define CLI_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/arena.h"
#include "base/portset.h"
#include "cli/opt.h"
#include "dns/name.h"

/* What may be given: --rate, queries a second; --budget, queries. */
enum { RATE_MOST = 1000000, BUDGET_MOST = 100000000 };

enum settings_when { WHEN_AUTO, WHEN_ALWAYS, WHEN_NEVER };

struct settings {
	bool v4_only, v6_only;
	struct addr source;
	const struct name *qname;
	uint16_t qtype;		   /* 0: none given */
	const char *root_hints;	   /* file; NULL: built-in */
	struct opt_texts controls; /* SERVER[/NAME[/TYPE]] */
	uint32_t rate, timeout;	   /* a second; ms */
	uint32_t budget;	   /* queries; 0: none given */
	bool json, jsonl, full, tcp, no_locate, yes, help;
	const char *save;
	const char *html;    /* "-": standard output */
	const char *file;    /* --settings */
	int color, progress; /* enum settings_when */
	int noc;	     /* 0: none; else 1 + enum letter_to */
	struct opt_u64 seed;
	struct portset *ports;		       /* NULL: all */
	struct opt_texts opinions;	       /* SERVER,… */
	struct opt_texts configs;	       /* KIND[-VERSION]:FILE */
	const char *pcap, *dnstap, *interface; /* NULL: none */
	const char *evidence;		       /* --pcap of verbs that send; NULL: none */
	const struct name *beacon;	       /* zone; NULL: none */
	uint32_t seconds, samples;
	uint32_t qps;		  /* 0: none given */
	const char *trust_anchor; /* file; NULL: built-in */
	struct opt_texts tests;	  /* CASE,… */
	struct opt_texts rows;	  /* ROW,… */
	const char *isolate;	  /* profile or file of a failing query; NULL: none */
	const char *working;	  /* profile of one that works; NULL: plain DNS */
	struct opt_texts ns, ds;  /* NAME[/ADDR]; TAG,ALGORITHM,TYPE,DIGEST */
	bool all, plan;
	bool mail;
	struct opt_texts clients, selectors; /* ADDR; S */
	const struct name *helo;	     /* NULL: none */
	const char *asn_file;		     /* NULL: none */
	const struct name *asn_zone;	     /* NULL: none */
	/* Of scan. */
	struct opt_texts types;
	struct opt_u64 pps, scan_rate; /* a second: in all; to one server */
	uint32_t concurrency, tries;
	int probe;				   /* index in scan_probes */
	const char *shard;			   /* "I/N"; NULL: all */
	const char *db;				   /* file; NULL: none */
	struct opt_texts mail_logs, resolver_logs; /* files */
	struct opt_texts captures;		   /* of --from-pcap */
	bool csv, resume, diff;
	int survey;	     /* index in scan_surveys; 0: none */
	uint32_t sample;     /* servers of it */
	const char *opt_out; /* file; NULL: none */
	/* Of the queue; NULL or "": none. */
	const char *queue;		    /* URL,… */
	const char *queue_creds, *queue_ca; /* files */
	uint32_t replicas;
	const char *vantage;	  /* SITE,… or "all" */
	const char *site, *spool; /* of agent */
};

/* Forms of --noc, ended by NULL. */
extern const char *const settings_letters[];

/* Under -4 and -6: an address of the other family. */
bool settings_family_off(const struct settings *s, const struct addr *a);

/* --ports as text, in the arena; NULL: not given. */
const char *settings_ports_text(struct arena *a, const struct settings *s);

/* The defaults of the contract. */
struct settings settings_defaults(void);

/* Rows of the options of diagnose; of ports; of path; of others by name. */
extern const struct opt_table settings_diagnosing, settings_ports, settings_sweeping,
	settings_resolver, settings_shapes, settings_tree, settings_mail, settings_scan,
	settings_agent;

/*
 * Defaults, then the settings file, then argv, into the struct settings of into. 0, or -ERR_USAGE
 * (-ERR_OPEN for a file) with ret->why. Words go to ret->words.
 */
int settings_read(
	struct opt_into into, struct opt_table t, struct opt_args args, struct opt_result *ret);

/* Colour on this stream under these settings: not a terminal, NO_COLOR and TERM=dumb say no. */
bool settings_colour(const struct settings *s, int fd);
bool settings_progress(const struct settings *s);

/* The columns of standard output when it is a terminal, else 80. */
unsigned int settings_width(void);

#endif
