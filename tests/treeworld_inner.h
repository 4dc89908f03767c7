/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of tests/treeworld share. */
#ifndef TESTS_TREEWORLD_INNER_H
#define TESTS_TREEWORLD_INNER_H

#include "net/sim.h"
#include "net/sim_zone.h"
#include "treeworld.h"

/* The healthy world. */
struct treeworld_host {
	const char *name;
	unsigned int number; /* of its addresses */
	const char *zones;   /* apexes, separated by blanks */
};
struct treeworld_zone {
	const char *apex, *text;
};
extern const struct treeworld_host treeworld_hosts[];
extern const size_t treeworld_nhosts;
extern const struct treeworld_zone treeworld_zones[];
extern const size_t treeworld_nzones;

/* A zone at a server. */
struct treeworld_held {
	const char *apex, *text;
	const struct signer_plan *plan; /* NULL: not signed */
};

/* One address of one host. */
struct treeworld_server {
	const char *host;
	struct addr addr;
	bool transfers;
	struct addr speaks;
	struct VEC(struct treeworld_held) held;
	struct VEC(const struct treeworld_change *) habits;
	const struct sim_records **zones; /* NULL-ended */
	struct arena *arena;
};

struct treeworld_servers VEC(struct treeworld_server);
struct treeworld_servers treeworld_build(struct arena *a, const struct treeworld_row *row);

/* The plan of a zone that is signed in a row; NULL: it is not. */
const struct signer_plan *treeworld_plan(const struct treeworld_row *row, const char *apex);

/* What the server says after its habits; user is a struct treeworld_server. */
sim_answer treeworld_answer;

#endif
