/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sightings from a file that tcpdump, Wireshark or any other user of libpcap wrote.
 *
 *	struct pairing_report r;
 *	if (pcap_sightings(facts, "resolver.pcap", &(struct pairing_filter){ 0 }, &r) < 0)
 *		say(r.why);
 *	else if (r.why)
 *		say("read %u packets, then: %s", ..., r.why);
 */
#ifndef INTAKE_PCAP_H
#define INTAKE_PCAP_H

#include <stdio.h>

#include "intake/pairing.h"

struct pcap_pkthdr;

/*
 * Reads a file of the pcap or pcapng format ("-": standard input) and appends its sightings to the
 * facts. 0; -ERR_OPEN; -ERR_PARSE when it is no such file. A file that ends or breaks later counts
 * as far as it could be read: 0 with ret->why set, as when filter->packets_most is reached. ret is
 * filled in any case; its texts belong to the facts' arena. filter->source is of no account.
 *
 * libpcap refuses a pcapng file whose interfaces differ in link type, at the first of them that
 * does; its text says so.
 */
int pcap_sightings(struct facts *f, const char *path, const struct pairing_filter *filter,
	struct pairing_report *ret);

/* The same of a stream, which is closed. */
int pcap_sightings_stream(struct facts *f, FILE *stream, const struct pairing_filter *filter,
	struct pairing_report *ret);

/* µs since 1970 of a packet, which a file may say anything about; 0: no time. */
uint64_t pcap_time(const struct pcap_pkthdr *head);

#endif
