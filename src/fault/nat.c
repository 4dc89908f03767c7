/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The catalogue's entry for address translation that rewrites source ports. */
#include <stddef.h>

#include "fault/entries.h"

static const char explain[] =
	"Somebody on the way, most often this network's own router or its provider's address "
	"translation (NAT, CGN), gives queries another source port than the one they left with. "
	"Translators have to do that when two hosts behind one address use the same port; many do "
	"it always, from a range of their own. It is no fault in itself. But a filter far away "
	"sees the port that arrives, and a resolver's log, its configuration and this program's "
	"sweeps speak of the port that is sent. A port that is found blocked is then blocked for "
	"what it becomes, and another host, or the same one tomorrow, may meet the filter from "
	"other ports.\n"
	"\n"
	"It also undoes what resolvers do against forged replies. A port that is drawn at random "
	"(RFC 5452) and then rewritten in sequence, or to one of few, can be guessed. RFC 4787 "
	"REQ-3 asks translators to keep ports below 1024 and those from there on among their "
	"kind; a translator that makes low ports out of low ones sends queries from ports that "
	"some filters drop, and one that does not may heal what would fail without it.";

static const char seen[] =
	"A router that ends a query's way by its TTL, or rejects it, quotes its beginning as it "
	"was "
	"there. When the quote names the server and the id of one query of ours, and a source port "
	"that is not the one it left from, the port was rewritten before that router; two queries "
	"at least have to show the same pair, because one quote might be forged. Most translators "
	"translate the quote back on its way (RFC 5508 REQ-4): then it shows the port as it was "
	"sent, and nothing is said, because that proves nothing. A quote with another address and "
	"the same port shows a port that is kept. Reading such quotes takes the right to open raw "
	"sockets, and a trace of the path, as `path` makes, and `ports` where ports are blocked.";

static const char *const here[] = {
	"Let no two resolvers send from the same fixed port behind one translated address: take "
	"the port out of query-source, or give each an address of its own.",
	"Read blocked ports as ports of this side. To know which ports a filter has in its rule, "
	"repeat the sweep from a host outside of the translation.",
	"See on the router which ports it maps to, and have it keep ports or draw them at random "
	"from 1024 up (nftables: masquerade random,fully-random to :1024-65535).",
	"A resolver that has to be hard to fool needs an address of its own, without translation.",
	NULL,
};
static const char *const there[] = {
	"Nothing is wrong at the server for this. A filter by source port in front of it meets "
	"ports that the asker did not choose and cannot know.",
	NULL,
};
static const char *const refs[] = {
	"RFC 4787 REQ-3",
	"RFC 5508 REQ-4",
	"RFC 5452 9.2",
	NULL,
};

const struct fault fault_nat_rewrites_ports = {
	.id = "nat-rewrites-ports",
	.title = "The source port that arrives is not the one that was sent",
	.summary =
		"source ports of queries are rewritten on the way[: "
		"{pairs} (sent, then seen)][, by what {seen_by} quotes][: port {port}, which "
		"another "
		"host behind the same address seems to use as well, most likely arrives as one of "
		"{class_first} to {class_last}]",
	.explain = explain,
	.seen = seen,
	.advice_here = here,
	.advice_there = there,
	.refs = refs,
};
