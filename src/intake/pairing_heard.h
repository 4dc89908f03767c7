/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What pairing.c and pairing_packet.c share. */
#ifndef INTAKE_PAIRING_HEARD_H
#define INTAKE_PAIRING_HEARD_H

#include "intake/pairing.h"
#include "intake/waiting.h"

enum {
	PAIRING_NAMES = 4096, /* kept to be shared, by hash */
	PAIRING_STEPS = 512,  /* along a chain: only captures that were made up have longer ones */
};

struct pairing {
	struct arena *arena, *scratch; /* scratch: for one message */
	struct pairing_filter filter;
	struct pairing_report report;
	struct waiting ws;
	const struct name *names[PAIRING_NAMES];
};

/* A message and its way; from and server are those of the query, also of a reply. */
struct heard {
	struct addr from, server;
	uint64_t at;
	uint8_t transport;
	bool cut; /* msg is not whole */
	const struct msg *msg;
};

/* Reads the message, and takes it as query or reply by its QR bit. */
void pairing_hear(struct pairing *p, struct heard *h, struct span message);

/* The address is one of the filter's, or the filter has none. */
bool pairing_is_ours(const struct pairing *p, const struct addr *from);

/* Same transport, addresses and ports. */
bool pairing_same_ends(const struct sighting *s, const struct heard *h);

/* A sighting without id and question. NULL: the bound is reached. */
struct wait *pairing_add(struct pairing *p, const struct heard *h);

/* The latest TCP connection between these ends that is to get its query; NULL: none. */
struct wait *pairing_find_open(const struct pairing *p, const struct heard *h);

#endif
