/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The packets of a run, out of those of all programs, into a file. */
#include "cli/evidence.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "intake/packet.h"
#include "net/capture.h"

enum {
	SECOND = 1000000,
	PARTS = 64,		  /* packets in fragments whose rest is awaited */
	PORTS_MOST = 64,	  /* of servers, that the kernel looks for; beyond, it takes all */
	LAST = 3 * CAPTURE_BLOCK, /* ms in which the kernel hands over what it has */
	MAGIC = (int)0xa1b2c3d4,  /* pcap-savefile(5): µs, in this machine's order */
};

/* A packet of ours of which the first fragment was written. */
struct part {
	struct addr from, to; /* without ports */
	struct packet_part part;
};

struct evidence {
	struct arena *arena;
	const char *path;
	FILE *file;
	int error; /* errno of the first write that failed */
	struct capture *capture;
	struct ours *ours;
	struct part parts[PARTS]; /* a ring */
	size_t next_part;
	uint16_t ports[PORTS_MOST];
	size_t nports;
	uint64_t written;
	bool begun;  /* the file has its head */
	bool broken; /* the capture ended by itself */
	bool gap;    /* the filter changed while packets were under way */
};

/* The file: pcap-savefile(5). */

struct file_head {
	uint32_t magic;
	uint16_t major, minor;
	uint32_t unused[2];
	uint32_t snap, link;
};

struct packet_head {
	uint32_t seconds, micros, kept, length;
};

static void put(struct evidence *e, const void *bytes, size_t n)
{
	if (!e->error && fwrite(bytes, 1, n, e->file) != n)
		e->error = errno ? errno : EIO;
}

static void write_head(struct evidence *e)
{
	struct file_head h = { .magic = (uint32_t)MAGIC, .major = 2, .minor = 4 };

	h.snap = CAPTURE_WHOLE;
	h.link = (uint32_t)capture_link(e->capture);
	put(e, &h, sizeof(h));
}

static void write_packet(struct evidence *e, const struct capture_packet *p)
{
	uint32_t n = (uint32_t)p->bytes.n;
	struct packet_head h = { (uint32_t)(p->at / SECOND), (uint32_t)(p->at % SECOND), n,
		p->length };

	put(e, &h, sizeof(h));
	put(e, p->bytes.p, n);
	e->written += !e->error;
}

/* Whose it is. */

static bool same_part(const struct part *x, const struct packet *p)
{
	return x->part.is && x->part.number == p->part.number &&
	       x->part.protocol == p->part.protocol && addr_same_host(&x->from, &p->from) &&
	       addr_same_host(&x->to, &p->to);
}

static bool is_later_part(const struct evidence *e, const struct packet *p)
{
	for (size_t i = 0; i < PARTS; i++)
		if (same_part(&e->parts[i], p))
			return true;
	return false;
}

static bool wanted(
	const struct evidence *e, enum packet_kind kind, const struct packet *p, uint64_t at)
{
	struct ours_ends out = { kind == PACKET_TCP, p->from, p->to };
	struct ours_ends in = { kind == PACKET_TCP, p->to, p->from };
	struct ours_ends quoted = { p->quote.tcp, p->quote.from, p->quote.to };

	if (kind == PACKET_UDP || kind == PACKET_TCP)
		return ours_has(e->ours, &out, at) || ours_has(e->ours, &in, at);
	if (kind == PACKET_ICMP || kind == PACKET_TOO_BIG)
		return ours_has(e->ours, &quoted, at);
	return kind == PACKET_LATER && is_later_part(e, p);
}

static void take(void *user, const struct capture_packet *c)
{
	struct evidence *e = user;
	struct packet p;
	enum packet_kind kind;

	p = (struct packet){ 0 };
	kind = packet_read(&(struct packet_raw){ c->link, c->at, c->bytes }, &p);
	if (!wanted(e, kind, &p, c->at))
		return;
	if (p.part.is && kind != PACKET_LATER)
		e->parts[e->next_part++ % PARTS] =
			(struct part){ addr_with_port(p.from, 0), addr_with_port(p.to, 0), p.part };
	write_packet(e, c);
}

/* What the kernel hands over: servers' ports, ICMP errors that quote packets, and fragments. */

static const char always[] =
	"(icmp and (icmp[0] = 3 or icmp[0] = 11 or icmp[0] = 12)) or (icmp6 and ip6[40] <= 4) or "
	"(ip[6:2] & 0x1fff != 0) or ip6 proto 44";

static const char *filter_of(const struct evidence *e)
{
	struct buf b = { .arena = e->arena };

	buf_str(&b, always);
	if (e->nports > PORTS_MOST)
		buf_str(&b, " or udp or tcp");
	for (size_t i = 0; i < e->nports && e->nports <= PORTS_MOST; i++)
		buf_printf(&b, " or port %u", e->ports[i]);
	return buf_text(&b);
}

static void add_port(void *user, uint16_t port)
{
	struct evidence *e = user;

	if (e->nports > PORTS_MOST)
		return;
	if (e->nports < PORTS_MOST)
		e->ports[e->nports] = port;
	e->nports++;
	/* libpcap drops what waits under the old filter. */
	evidence_drain(e);
	e->gap |= e->written > 0;
	if (capture_filter(e->capture, filter_of(e)) < 0)
		e->broken = true;
}

int evidence_open(struct arena *a, const char *path, struct evidence **ret, const char **ret_why)
{
	struct evidence *e = arena_alloc(a, sizeof(*e));
	struct capture_conf conf = { .device = "any", .filter = always, .whole = true };
	int err;

	*e = (struct evidence){ .arena = a, .path = path, .ours = ours_new(a) };
	err = capture_open(a, &conf, &e->capture, ret_why);
	if (err == -ERR_PRIVILEGE)
		*ret_why = "capturing packets takes root or CAP_NET_RAW; nothing was sent";
	if (err < 0)
		return err;
	/* What is there already goes when the run begins: until then it may end by a wrong word. */
	e->file = fopen(path, "abe");
	if (!e->file) {
		*ret_why = arena_str(a, strerror(errno));
		capture_close(e->capture);
		return -ERR_OPEN;
	}
	ours_on_port(e->ours, add_port, e);
	*ret = e;
	return 0;
}

/* A pipe has nothing that could be in the way. */
static void begin(struct evidence *e)
{
	e->begun = true;
	if (ftruncate(fileno(e->file), 0) < 0 && errno != EINVAL)
		e->error = errno;
	write_head(e);
}

struct ours *evidence_ours(struct evidence *e)
{
	if (!e)
		return NULL;
	if (e->file && !e->begun)
		begin(e);
	return e->ours;
}

void evidence_drain(struct evidence *e)
{
	uint64_t began = ours_now();
	int n;

	if (!e || !e->file)
		return;
	do
		n = capture_drain(e->capture, take, e);
	while (n == CAPTURE_DRAIN_MOST);
	e->broken |= n < 0;
	/* What passed until now is here when its block is, at the latest. */
	ours_forget(e->ours, began - UINT64_C(2) * SECOND);
	if (!e->error && fflush(e->file))
		e->error = errno;
}

/* What is to be known of it, "1200 packets; …". */
static const char *summary(const struct evidence *e)
{
	uint64_t dropped = capture_dropped(e->capture);
	struct buf b = { .arena = e->arena };

	if (e->error) {
		buf_printf(&b, "--pcap %s: %s", e->path, strerror(e->error));
		return buf_text(&b);
	}
	buf_printf(&b, "--pcap %s: %llu packet%s", e->path, (unsigned long long)e->written,
		e->written == 1 ? "" : "s");
	if (dropped)
		buf_printf(&b,
			"; the kernel had no room for %llu of this host's, among which there may "
			"be some of this run's",
			(unsigned long long)dropped);
	if (e->gap)
		buf_str(&b, "; one or two may be missing that passed while another port of servers "
			    "was looked for");
	if (e->broken)
		buf_str(&b, "; the capture broke off: later ones are missing");
	return buf_text(&b);
}

int evidence_close(struct evidence *e, const char **ret_said)
{
	if (!e || !e->file)
		return 0;
	evidence_drain(e);
	(void)poll(NULL, 0, LAST);
	evidence_drain(e);
	*ret_said = summary(e);
	capture_close(e->capture);
	if (fclose(e->file) && !e->error) {
		e->error = errno;
		*ret_said = arena_printf(e->arena, "--pcap %s: %s", e->path, strerror(errno));
	}
	e->file = NULL;
	return e->error ? -ERR_WRITE : 0;
}
