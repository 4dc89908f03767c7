/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How reports put values into words, and the pieces that report_make() is built of. */
#ifndef RENDER_WORDS_H
#define RENDER_WORDS_H

#include <stdint.h>

#include "render/report.h"

/* "192.0.2.1", with "#port" when there is one and it is not 53. */
const char *words_server(struct arena *a, const struct addr *server);
/* "192.0.2.1, 192.0.2.2 and 3 more". */
const char *words_servers(struct arena *a, const struct addr *v, size_t n);
/* "1.6%", "0.024%", "under 0.0001%". */
const char *words_share(struct arena *a, double share);
/* "23 ms", "10.0 s". */
const char *words_duration(struct arena *a, uint64_t us);
/* "1-52,54-1023", cut after most ranges: "1-52,54-1023,... (12 ranges)". */
const char *words_ports(struct arena *a, const struct portset *s, uint32_t most);
/* "port 53", "ports 1-52,54-1023". */
const char *words_some_ports(struct arena *a, const struct portset *s);
/* "live.com. MX". */
const char *words_question(struct arena *a, const struct question *q);
const char *words_name(struct arena *a, const struct name *n);
/* "unbound 1.17.1". */
const char *words_software(struct arena *a, const struct audit *audit);
/* Text of others, made harmless. */
const char *words_safe(struct arena *a, const char *text);
/* "an answer", "NXDOMAIN: the name does not exist". */
const char *words_meaning(enum msg_meaning m);

/* A finding's summary by its catalogue entry's template; its title or id when there is none. */
const char *words_summary(struct arena *a, const struct finding *x);

/* What report_make() collects, one file each. */
struct making {
	struct arena *a;
	struct report *r;
	const struct findings *findings;
};
void report_prove(struct making *m, struct report_finding *x); /* evidence, dig, not_cause */
void report_describe(struct making *m);			       /* tested, lookup, tree */
void report_side(struct making *m);			       /* the resolver's own */
void report_shapes(struct making *m);			       /* of servers, by query shape */
void report_untested(struct making *m);
void report_vantages(struct making *m);
/* "b.jsonl (192.0.2.12)". */
const char *words_vantage(struct arena *a, const struct facts *f);
/* Adds what other vantage points know of the finding to what was seen. */
void report_vantage_seen(struct making *m, struct report_finding *x);
void report_mail(struct making *m); /* of mail: its look-ups, and what was not asked */
const char *report_mail_summary(struct making *m);
bool report_is_mail(const struct report *r);
/* looked.c: of a single look-up. */
const char *report_looked_summary(struct making *m);
void report_looked_untested(struct making *m);
bool report_is_looked(const struct report *r);
void report_tree(struct making *m);  /* of a check of the tree: tested, tree, cases */
void report_found(struct making *m); /* of servers in the tree: which findings name them */
const char *report_tree_summary(struct making *m);
/* Its command was to check the tree: others validate a look-up besides. */
bool report_is_tree(const struct report *r);
bool report_is_shapes(const struct report *r); /* to ask servers in shapes */
/* The verdict's finding, of which no lookup takes notice. */
const char *report_tree_harmless(struct making *m);

#endif
