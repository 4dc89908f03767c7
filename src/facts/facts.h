/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The model of what is known: an ask is one packet to send, an observation is one ask and what
 * came of it. A failure of the network is an observation, never an error. Facts are all
 * observations of a run, in the order in which they were made, with what was to be found out.
 *
 *	struct facts *f = facts_new(arena);
 *	facts_add(f, &observation);
 *	for (size_t i = 0; i < f->n; i++)
 *		use(f->v[i]);
 */
#ifndef FACTS_FACTS_H
#define FACTS_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/arena.h"
#include "base/span.h"
#include "base/vec.h"
#include "dns/msg.h"
#include "dns/query.h"
#include "facts/pool.h"
#include "facts/sighting.h"
#include "facts/tree_plan.h"

/* All but UDP go over a TCP connection. */
enum transport {
	TRANSPORT_UDP,
	TRANSPORT_TCP,
	TRANSPORT_TLS,	 /* RFC 7858 */
	TRANSPORT_HTTPS, /* RFC 8484, over HTTP/2 */
	TRANSPORT_HTTP,	 /* the same without TLS, for a server behind a proxy of its own */
	TRANSPORTS
};

/* A header of the PROXY protocol in front of a query, or of all on a connection. */
enum ask_proxy {
	PROXY_NONE,
	PROXY_LOCAL, /* one that speaks for itself */
	PROXY_ADDRESSES
};

/*
 * How a channel is made that is more than TCP, and what stands in front of all. Texts are borrowed,
 * as those of an ask are.
 */
struct ask_secure {
	bool verify;		/* the server's certificate has to be good (RFC 8310 5, strict) */
	bool get;		/* HTTP: GET instead of POST */
	const char *hostname;	/* that the certificate is for, and SNI; NULL: any */
	const char *ca;		/* file of trusted authorities; NULL: the system's */
	const char *cert, *key; /* our own; NULL: none */
	const char *path;	/* HTTP; NULL: "/dns-query" */
	uint8_t proxy;		/* enum ask_proxy */
	bool proxy_plain;	/* outside of TLS instead of within */
	struct addr proxy_from, proxy_to; /* of one family, with port */
};

/* Whether routers may fragment the query (IP_MTU_DISCOVER in ip(7), ipv6(7)); UDP only. */
enum ask_df {
	DF_KERNEL, /* as the kernel does it by itself */
	DF_SET,	   /* IPv4: Don't Fragment; this host does not fragment it either */
	DF_UNSET,  /* this host, and with IPv4 any router, may fragment it */
	DFS
};

/* Why a packet is sent: later stages read facts by role. */
enum role {
	ROLE_LOOKUP,	   /* a single lookup for the user */
	ROLE_RESOLVER,	   /* the user's own question to the user's own resolver */
	ROLE_WALK,	   /* to a server of a zone, on the way from the root */
	ROLE_SWEEP,	   /* a port under test, to the server under test */
	ROLE_STEADY,	   /* a port that has answered, to the same server: measures loss */
	ROLE_AGAIN,	   /* a port of a sweep after a long pause, slowly: clock or port? */
	ROLE_TWIN,	   /* a port of a sweep to another destination: flow or port? */
	ROLE_PLACE,	   /* a port under test, to a control server of another operator */
	ROLE_PLACE_STEADY, /* an open port to a control server: is the control alive */
	ROLE_COOKIE, /* an open port, to the server under test: the handshake for a DNS cookie */
	ROLE_PATH,   /* a blocked port, with a TTL, to the server that does not answer it */
	ROLE_PATH_STEADY, /* an open port, with a TTL, to the same server */
	ROLE_HOP_NAME,	  /* to the user's resolver: the name of a router met on the way */
	ROLE_HOST,	  /* to the user's resolver: an address of a server under test */
	ROLE_SAMPLE,	  /* to the resolver: a name that it has to ask for, to see its packets */
	ROLE_VERSION,	  /* to the resolver: which version it is (version.bind) */
	ROLE_BEACON,	  /* to the resolver: a name of the beacon, which says what arrived there */
	ROLE_TREE,	  /* to a server of a zone, for a check of the delegation tree */
	ROLE_SHAPE,	  /* a query in one shape of the table, to the server under test */
	ROLE_SHAPE_CONTROL, /* any of these, to a server of another operator */
	ROLE_SHAPE_STEADY,  /* the baseline between them: measures loss */
	/*
	 * The baseline, after a pause in which nothing else was asked: is the server, or another
	 * operator's that is asked beside it, still silent.
	 */
	ROLE_SHAPE_KNOCK,
	ROLE_REPEAT,	/* to the user's resolver: the same question at the end of the run */
	ROLE_UNCHECKED, /* to the user's resolver: the same question, with CD (RFC 4035 3.2.2) */
	ROLE_FRESH,	/* to the user's resolver: a name of the zone that nobody asked before */
	ROLE_ELSEWHERE, /* to the user's resolver: the SOA of the root, with AD (RFC 6840 5.7) */
	ROLE_OPINION,	/* the user's own question to somebody else's resolver */
	ROLE_NOBODY,	/* to an address at which there is no DNS server */
	ROLE_SOURCE,	/* from another address of this host, to a server that was silent */
	ROLE_ISOLATE,	/* a failing query with some of what makes it unlike a working one */
	ROLE_ISOLATE_STEADY, /* the working one, between them: is the server there, what is lost */
	ROLES
};

enum outcome {
	OUTCOME_ANSWERED,  /* a reply that matches; it may be truncated (TC) */
	OUTCOME_MALFORMED, /* source, port and id match, but it cannot be read to its end */
	OUTCOME_TIMEOUT,
	OUTCOME_ICMP,	   /* an ICMP error about our own packet */
	OUTCOME_CONNECTED, /* TCP: the connection was made, and nothing more was to be done */
	OUTCOME_REFUSED,   /* TCP: reset on connect */
	OUTCOME_RESET,	   /* TCP: closed or reset before the reply */
	OUTCOME_CHANNEL,   /* TLS, HTTP: the connection stood, but not what is on it; said: why */
	OUTCOME_NOT_SENT,  /* never left; why says why */
	OUTCOME_LATE,	   /* a matching reply after its time-out was reported: extra observation */
	OUTCOME_STRAY,	   /* a datagram that does not match; why says what: extra observation */
	OUTCOMES
};

enum why {
	WHY_NONE,
	WHY_PORT_IN_USE,    /* another process holds the source port */
	WHY_PORT_WAITS,	    /* TCP: a connection from it to this server is open or in TIME_WAIT */
	WHY_PRIVILEGE,	    /* the port needs CAP_NET_BIND_SERVICE */
	WHY_NO_ADDRESS,	    /* the source address is not ours */
	WHY_NO_ROUTE,	    /* the kernel knows no way to the destination */
	WHY_FAMILY,	    /* source and destination differ in family, or the family is off */
	WHY_BUDGET,	    /* the query budget for this server is used up */
	WHY_STOPPED,	    /* the user stopped the run */
	WHY_FIREWALL,	    /* a rule of this host forbids the packet (EPERM from nftables) */
	WHY_LOCAL,	    /* any other local refusal */
	WHY_STRAY_ID,	    /* the id is of no ask in flight on this socket */
	WHY_STRAY_QUESTION, /* id matches, name (with case), type or class do not */
	WHY_STRAY_SOURCE,   /* from another address or port than was asked */
	WHY_STRAY_QUERY,    /* QR is 0: not a response */
	WHY_STRAY_NOISE,    /* shorter than a header */
	WHY_STRAY_ICMP,	    /* an ICMP error that quotes too little to say about which ask */
	WHY_STRAY_AGAIN,    /* the same reply once more, from where it should come */
	WHY_STRAY_QUOTE,    /* an ICMP error that quotes the ask's packet with another sender */
	WHYS
};

/* The work of what was asked for somebody else: a packet that this run of a probe did not send. */
enum { WORK_BORROWED = 63 };

struct probe;

/* One packet to send. Names and options are borrowed: they live as long as the run's arena. */
struct observation;

struct ask {
	struct probe *owner; /* who gets the observation; not on the tape */
	uint64_t tag;	     /* the owner's own mark; not on the tape */
	void *carrier;	     /* the driver's; not on the tape */
	struct addr server;  /* with port */
	struct addr source;  /* ADDR_NONE: kernel's choice; port 0: ephemeral */
	uint8_t transport;   /* enum transport */
	uint8_t role;	     /* enum role */
	uint8_t ttl;	     /* 0: the kernel's default */
	bool brief;	     /* keep only the reply's header (sweeps: 65,535 replies) */
	/*
	 * TCP: make the connection, send no query, and reset it. A SYN, and a second one when there
	 * was no answer within 1 s. The question says what would be asked.
	 */
	bool connect_only;
	bool transfer : 1; /* a zone transfer, of which all messages are taken (dns/xfr.h) */
	bool id_given : 1; /* id is the message's; else a random one */
	/*
	 * The piece of work that it is part of, among those under way (probe/stock.h); 0: none. Not
	 * on the tape.
	 */
	uint8_t work : 6;
	/*
	 * TCP: the first segment carries so many octets of length field and message, the rest
	 * follows 30 ms later in a segment of its own. 0: all at once.
	 */
	uint16_t split;
	/*
	 * TCP: asks of one owner with the same number to the same server from the same source share
	 * a connection while it is open, without waiting for replies (RFC 7766 6.2.1). Those that
	 * are unanswered when it closes are OUTCOME_RESET. 0: a connection of its own.
	 */
	uint8_t stream;
	uint8_t df; /* enum ask_df */
	uint16_t id;
	uint32_t timeout;		 /* µs */
	const struct ask_secure *secure; /* NULL: defaults, no check; not on the tape */
	struct question question;
	struct shape shape;
	const char *row; /* slug of the row of the table of shapes that it is of; NULL: of none */
	const struct name *zone; /* the zone that the server is asked for; NULL: unknown */
};

struct icmp {
	uint8_t type, code; /* of the family of the server's address */
	struct addr offender;
};

/*
 * A zone transfer: what came of it so far. Of its messages only the first is kept, as that of the
 * observation: a zone may be larger than memory.
 */
struct transfer {
	uint64_t octets;	  /* of all messages */
	size_t messages, records; /* records: of those that belong to it */
	uint8_t state;		  /* enum xfr_state */
};

struct observation {
	struct ask ask;
	uint8_t outcome; /* enum outcome */
	uint8_t why;	 /* enum why */
	uint16_t id;	 /* the query's id on the wire */
	struct icmp icmp;
	/*
	 * Of a stray with WHY_STRAY_QUOTE: address and port that the packet has as its sender in
	 * the quote, which are not those of from: rewritten on the way, or made up.
	 */
	struct addr quoted;
	struct addr from;      /* the local address and port really used; ADDR_NONE when not sent */
	struct addr sender;    /* of a stray: where it came from */
	uint64_t sent, done;   /* µs, monotonic; sent 0 when it never left */
	uint32_t size;	       /* octets of the reply as it came, 0 when none */
	uint8_t signature;     /* enum tsig_state of the reply */
	bool certificate;      /* said is about the server's certificate */
	const struct msg *msg; /* the reply; NULL when none */
	const struct transfer *transfer; /* NULL: it is none, or nothing came; not on the tape */
	const struct span *query;	 /* octets of a signed query as it left; else NULL */
	/* With OUTCOME_CHANNEL: one line, printable. */
	const char *said;
};

/* What of the resolver's own side could not be looked at. */
enum gap_kind {
	GAP_NONE,
	GAP_CONFIG,    /* its configuration */
	GAP_PACKETS,   /* the packets that it sends */
	GAP_RESOLVER,  /* anything: it runs elsewhere */
	GAP_CAPTURE,   /* a part of a capture or stream that was given */
	GAP_QUESTIONS, /* what a check of the tree would have asked, too */
	GAPS
};

struct facts_gap {
	uint8_t gap;	 /* enum gap_kind */
	const char *why; /* a part of a sentence; may hold text of the system's */
};

/* Of this host's kernel, since it was started: others use it, too. */
struct facts_counters {
	bool known;
	uint64_t csum_errors; /* datagrams thrown away for their UDP checksum */
};

struct facts {
	struct arena *arena;
	const struct observation **v;
	size_t n, cap;
	/* What was to be found out. */
	const char *command;		       /* verb */
	struct question question;	       /* name NULL: none */
	int64_t started;		       /* seconds since 1970, UTC */
	uint64_t elapsed;		       /* µs */
	struct VEC(struct addr) targets;       /* servers under test (ports) */
	const struct portset *ports;	       /* asked for; NULL: all */
	uint32_t qps;			       /* lookups a second of the user's; 0: not given */
	bool full;			       /* every port was to be asked */
	struct VEC(struct audit *) audits;     /* configurations that were read */
	struct VEC(struct sighting) sightings; /* of queries of resolvers, by time */
	struct VEC(struct facts_gap) gaps;
	struct tree_plan *tree; /* NULL: no check of the delegation tree */
	bool quotes; /* ICMP errors were read that quote another sender (net/rawicmp.h) */
	struct facts_counters before, after; /* the run */
	const char *note;		     /* why the run ended early; NULL: it did not */
	const char *name; /* of the vantage point, when there are several: its tape's; not on the
			     tape */
	/* What other vantage points brought, in the order in which they were given; not on the
	 * tape. */
	struct VEC(const struct facts *) elsewhere;
};

/* Empty facts that live in the arena. */
struct facts *facts_new(struct arena *a);

/* Room for so many, more than which are welcome: a list that grows leaves what it outgrew behind.
 */
void facts_expect(struct facts *f, size_t n);

/* Adds a copy; returns it. Its pointers must live as long as the facts. */
const struct observation *facts_add(struct facts *f, const struct observation *o);

/*
 * Observation i, counted through those of elsewhere behind its own; NULL: there are not so many.
 * And the facts in which it lies: f itself, or one of elsewhere.
 */
const struct observation *facts_at(const struct facts *f, size_t i);
const struct facts *facts_home(const struct facts *f, size_t i);

/*
 * What is kept of the reply to a brief ask: a message of its first 12 octets (RFC 1035 4.1.1) with
 * header fields, but no records and no defects. wire holds at least FACTS_HEADER octets.
 */
enum { FACTS_HEADER = 12 };
const struct msg *facts_header(struct arena *a, struct span wire);

/* Slugs for tapes and JSON ("timeout", "port-in-use", "sweep"); and back, -ERR_NONE. */
const char *outcome_slug(enum outcome o);
const char *why_slug(enum why w);
/* "udp", "tcp", "tls", "https", "http". */
const char *transport_slug(enum transport t);
/* "UDP" and so on; "unknown" for anything else. */
const char *transport_name(enum transport t);
const char *role_slug(enum role r);
int outcome_parse(const char *slug, enum outcome *ret);
int why_parse(const char *slug, enum why *ret);
int role_parse(const char *slug, enum role *ret);
const char *gap_slug(enum gap_kind g);
int gap_parse(const char *slug, enum gap_kind *ret);
/* "the resolver's configuration". */
const char *gap_text(enum gap_kind g);
/* One plain sentence part: "held by another process". */
const char *why_text(enum why w);
/* It speaks of the source port; others speak of the server, its address family or the run. */
bool why_is_port(enum why w);

/*
 * A reply of any kind came to this ask: answered, malformed, TCP connected or refused, ICMP from
 * the server. A reset on connect (RFC 9293 3.5.2) comes from the server as far as can be told from
 * here: a firewall that rejects in its name looks the same.
 */
bool observation_replied(const struct observation *o);

/*
 * A reply with BADCOOKIE (RFC 7873 8). Of a brief one the lower bits are left (RFC 6891 6.1.3):
 * those of YXRRSET, which only updates get.
 */
bool observation_badcookie(const struct observation *o);

/* The packet may have been sent and nothing came back. */
bool observation_silent(const struct observation *o);

/* A message came back, whether it can be read to its end or not. */
bool observation_spoke(const struct observation *o);

/* The reply is whole and readable: outcome answered and a message. */
bool observation_answered(const struct observation *o);

/* It was asked of a resolver, or of nobody: it says nothing of the servers beyond. */
bool observation_to_resolver(const struct observation *o);

/* RTT in µs; 0 when there is no reply. */
uint64_t observation_rtt(const struct observation *o);

#endif
