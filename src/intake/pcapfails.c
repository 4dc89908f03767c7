/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a capture to messages, and from these to failures. */
#include "intake/pcapfails.h"

#include <errno.h>
#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "dns/rr.h"
#include "intake/pcap.h"
#include "intake/segments.h"
#include "intake/unpack.h"

enum { DNS_PORT = 53, HEADER = 12 };

struct pcapfails {
	struct arena *arena, *scratch; /* scratch: for one message */
	struct arena *streams;	       /* of one capture */
	struct asked *asked;
	struct segments *segments;
	uint64_t at; /* of the packet at hand */
	uint64_t packets, unread;
};

/* The way of a packet as that of a query. False: it is not DNS. */
static bool direct(const struct pcapfails *p, const struct packet *k, struct asked_ends *ret)
{
	bool reply = k->from.port == DNS_PORT;

	/* Both ports may be 53; then only the message tells. */
	if (reply && k->to.port == DNS_PORT)
		reply = k->payload.n > 2 && k->payload.p[2] & 0x80;
	ret->client = reply ? k->to : k->from;
	ret->server = reply ? k->from : k->to;
	ret->at = p->at;
	return ret->server.port == DNS_PORT;
}

static void hear(struct pcapfails *p, struct asked_ends *e, struct span message)
{
	const struct msg *m;

	if (message.n < HEADER) {
		p->unread++;
		return;
	}
	arena_reset(p->scratch);
	m = msg_read(p->scratch, message);
	if (m->flags & FLAG_QR)
		asked_reply(p->asked, e, m);
	else
		asked_query(p->asked, e, m);
}

static void on_message(void *user, const struct packet *k)
{
	struct pcapfails *p = user;
	struct asked_ends e = { .tcp = true };

	if (direct(p, k, &e))
		hear(p, &e, k->payload);
}

static void on_lost(void *user, const struct packet *k)
{
	struct pcapfails *p = user;
	struct asked_ends e = { .tcp = true };

	if (direct(p, k, &e))
		asked_torn(p->asked, &e);
}

static void take_udp(struct pcapfails *p, const struct packet *k)
{
	struct asked_ends e = { .tcp = false };

	if (direct(p, k, &e))
		hear(p, &e, k->payload);
}

static void take_tcp(struct pcapfails *p, const struct packet *k)
{
	if (k->from.port == DNS_PORT || k->to.port == DNS_PORT)
		segments_take(p->segments, k);
}

static void take_icmp(struct pcapfails *p, const struct packet *k)
{
	const struct packet_quote *q = &k->quote;
	struct asked_ends e = { q->tcp, q->from, q->to, p->at };

	if (q->to.port == DNS_PORT && q->has_id)
		asked_error(p->asked, &e, q->id);
}

static void (*const takers[PACKET_KINDS])(struct pcapfails *p, const struct packet *k) = {
	[PACKET_UDP] = take_udp,
	[PACKET_TCP] = take_tcp,
	[PACKET_ICMP] = take_icmp,
};

static void begin(struct pcapfails *p)
{
	p->streams = arena_new();
	p->segments = segments_new(p->streams, &(struct segments_to){ on_message, on_lost, p });
}

void pcapfails_packet(struct pcapfails *p, const struct packet_raw *raw)
{
	struct packet k;
	enum packet_kind kind = packet_read(raw, &k);

	if (!p->segments)
		begin(p);
	p->packets++;
	p->at = raw->at;
	asked_advance(p->asked, raw->at);
	if (takers[kind])
		takers[kind](p, &k);
}

void pcapfails_end(struct pcapfails *p)
{
	asked_end(p->asked);
	arena_free(p->streams);
	p->streams = NULL;
	p->segments = NULL;
}

struct pcapfails *pcapfails_new(struct arena *a, struct logfails *fails, struct rng *r)
{
	struct pcapfails *p = arena_alloc(a, sizeof(*p));

	p->arena = a;
	p->scratch = arena_new();
	p->asked = asked_new(a, fails, r);
	return p;
}

void pcapfails_free(struct pcapfails *p)
{
	if (!p)
		return;
	arena_free(p->scratch);
	arena_free(p->streams);
}

struct pcapfails_tally pcapfails_tally(const struct pcapfails *p)
{
	return (struct pcapfails_tally){ p->packets, p->unread, *asked_tally(p->asked) };
}

/* Files. */

static ssize_t read_unpacked(void *user, char *to, size_t size)
{
	return (ssize_t)unpack_read(user, to, size);
}

static void feed(struct pcapfails *p, pcap_t *pcap, const char **ret_why)
{
	struct pcap_pkthdr *head;
	const u_char *bytes;
	int rc;

	while ((rc = pcap_next_ex(pcap, &head, &bytes)) == 1)
		pcapfails_packet(p, &(struct packet_raw){ pcap_datalink(pcap), pcap_time(head),
					    { bytes, head->caplen } });
	if (rc == PCAP_ERROR)
		*ret_why = arena_str(p->arena, pcap_geterr(pcap));
	pcapfails_end(p);
}

void pcapfails_stream(struct pcapfails *p, FILE *stream, const char **ret_why)
{
	struct unpack *u = unpack_new(stream);
	FILE *plain = fopencookie(u, "r", (cookie_io_functions_t){ .read = read_unpacked });
	char why[PCAP_ERRBUF_SIZE] = "";
	pcap_t *pcap;

	*ret_why = NULL;
	if (!plain)
		err_no_memory();
	pcap = pcap_fopen_offline_with_tstamp_precision(plain, PCAP_TSTAMP_PRECISION_MICRO, why);
	if (pcap) {
		feed(p, pcap, ret_why);
		pcap_close(pcap);
	} else {
		*ret_why = arena_str(p->arena, why);
		fclose(plain);
	}
	/* That the packing broke is what tells why the capture did. */
	if (unpack_why(u))
		*ret_why = arena_str(p->arena, unpack_why(u));
	unpack_free(u);
}

int pcapfails_file(struct pcapfails *p, const char *path, const char **ret_why)
{
	FILE *stream = strcmp(path, "-") == 0 ? stdin : fopen(path, "rbe");

	if (!stream)
		return -ERR_OPEN;
	pcapfails_stream(p, stream, ret_why);
	if (stream != stdin)
		fclose(stream);
	return 0;
}
