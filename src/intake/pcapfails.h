/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Look-ups that failed, from captures of packets: pcap and pcapng, plain or packed by gzip or zstd,
 * of a client, a resolver or whatever is between. Memory is bounded however long a capture is. What
 * is a failure, and what is not known at a capture's end, is in intake/asked.h.
 *
 *	struct pcapfails *p = pcapfails_new(arena, fails, &rng);
 *	if (pcapfails_file(p, "dns.pcap.gz", &why) < 0)
 *		say(strerror(errno));
 *	else if (why)
 *		say("read in part: %s", why);
 *	pcapfails_free(p);
 */
#ifndef INTAKE_PCAPFAILS_H
#define INTAKE_PCAPFAILS_H

#include <stdio.h>

#include "intake/asked.h"
#include "intake/packet.h"

struct pcapfails;

/* Adds to the fails, which are borrowed. The caller frees it. */
struct pcapfails *pcapfails_new(struct arena *a, struct logfails *fails, struct rng *r);
/* Takes NULL. */
void pcapfails_free(struct pcapfails *p);

/*
 * A whole stream, which stays open. *ret_why (in the arena): it is no capture, or could not be read
 * to its end; NULL: it could. What was read before that counts.
 */
void pcapfails_stream(struct pcapfails *p, FILE *stream, const char **ret_why);
/* A file; "-": standard input. 0, or -ERR_OPEN. */
int pcapfails_file(struct pcapfails *p, const char *path, const char **ret_why);

/* One packet; and the end of a capture of such. */
void pcapfails_packet(struct pcapfails *p, const struct packet_raw *raw);
void pcapfails_end(struct pcapfails *p);

struct pcapfails_tally {
	uint64_t packets;
	uint64_t unread; /* to or from port 53, of which no message could be read */
	struct asked_tally asked;
};

struct pcapfails_tally pcapfails_tally(const struct pcapfails *p);

#endif
