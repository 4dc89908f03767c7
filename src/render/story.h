/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run made by hand, for tests of reports: the story's firewall in front of four servers. */
#ifndef RENDER_STORY_H
#define RENDER_STORY_H

#include "check/check.h"

enum { STORY_SERVERS = 4 };

struct story {
	struct arena *a;
	struct facts *facts;
	struct inferences *inferences;
	struct findings findings;
	struct cut_tree *tree;
	struct addr servers[STORY_SERVERS];
};

/* The run without a fault: all answer, nothing is blocked. */
struct story story_well(struct arena *a);

/* The same with ports 1-52,54-1023 dropped in front of all four, and SERVFAIL after 10 s. */
struct story story_filter(struct arena *a);

struct check_input story_input(const struct story *s);

/* A name and an address from text that must be right. */
const struct name *story_name(struct arena *a, const char *text);
struct addr story_addr(const char *text);

#endif
