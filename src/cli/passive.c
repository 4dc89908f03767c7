/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recordings of a resolver's queries: files, an interface, a socket that a resolver writes to. */
#include "cli/passive.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/err.h"
#include "cli/pump.h"
#include "cli/side.h"
#include "intake/dnstap.h"
#include "intake/pcap.h"
#include "net/capture.h"
#include "net/framestream.h"
#include "net/loop.h"
#include "net/rawicmp.h"

enum { TICK = 200 }; /* ms between looks at the clock */

static uint64_t utc_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (uint64_t)t.tv_sec * 1000000U + (uint64_t)t.tv_nsec / 1000U;
}

static uint64_t elapsed_since(uint64_t began)
{
	uint64_t now = utc_now();

	return now > began ? now - began : 0;
}

/* What was left out is said; what was found says itself. */
static void report(struct run *r, const struct pairing_report *p, const char *file)
{
	const struct pairing_tally *t = &p->tally;

	if (p->why)
		side_gap(r, GAP_CAPTURE,
			arena_printf(r->arena, "%s was read as far as it goes: %s", file, p->why));
	if (t->evicted || t->over)
		side_gap(r, GAP_CAPTURE,
			arena_printf(r->arena,
				"%s has more queries than are kept: %llu without what came of "
				"them, %llu lost",
				file, (unsigned long long)t->evicted, (unsigned long long)t->over));
	if (t->unread)
		side_gap(r, GAP_CAPTURE,
			arena_printf(r->arena, "%s: %llu frames do not follow their grammar", file,
				(unsigned long long)t->unread));
	if (!r->facts->sightings.n)
		side_gap(r, GAP_CAPTURE,
			arena_printf(r->arena, "%s has no query of a resolver to port 53", file));
}

static int read_pcap(struct run *r, const struct pairing_filter *filter)
{
	struct pairing_report p = { 0 };

	if (pcap_sightings(r->facts, r->settings.pcap, filter, &p) < 0)
		return run_complain(
			r, "--pcap %s: %s", r->settings.pcap, p.why ? p.why : "it cannot be read");
	report(r, &p, r->settings.pcap);
	return 0;
}

static int read_dnstap(struct run *r, const struct pairing_filter *filter)
{
	struct pairing_report p = { 0 };

	if (dnstap_sightings(r->facts, r->settings.dnstap, filter, &p) < 0)
		return run_complain(r, "--dnstap %s: %s", r->settings.dnstap,
			p.why ? p.why : "it cannot be read");
	report(r, &p, r->settings.dnstap);
	return 0;
}

/* The user's time, unless he stops it before. */
static bool goes_on(const struct run *r, uint64_t began)
{
	return !*pump_stop() && elapsed_since(began) < r->settings.seconds * 1000000ULL;
}

static void take_packet(void *user, const struct capture_packet *p)
{
	pairing_packet(
		user, &(struct packet_raw){ .link = p->link, .at = p->at, .bytes = p->bytes });
}

static int open_interface(struct run *r, struct capture **ret)
{
	const char *why = "";
	int err = capture_open(
		r->arena, &(struct capture_conf){ .device = r->settings.interface }, ret, &why);

	if (err == -ERR_PRIVILEGE)
		return run_complain(
			r, "-i %s: capturing takes root or CAP_NET_RAW", r->settings.interface);
	if (err < 0)
		return run_complain(r, "-i %s: %s", r->settings.interface, why);
	(void)rawicmp_drop_privilege();
	return 0;
}

static int look_at_interface(struct run *r, const struct pairing_filter *filter)
{
	struct capture *c = NULL;
	struct pairing *p;
	uint64_t began = utc_now();
	int err = open_interface(r, &c);

	if (err < 0)
		return err;
	p = pairing_new(r->arena, filter);
	while (goes_on(r, began)) {
		struct pollfd poll_for = { .fd = capture_fd(c), .events = POLLIN };

		(void)poll(&poll_for, 1, TICK);
		if (capture_drain(c, take_packet, p) < 0)
			break;
	}
	pairing_end(p, utc_now(), r->facts);
	report(r, pairing_report(p), r->settings.interface);
	if (capture_dropped(c))
		side_gap(r, GAP_CAPTURE, "the kernel had no room for some of the packets");
	pairing_free(p);
	capture_close(c);
	r->facts->elapsed = elapsed_since(began);
	return 0;
}

static void take_frame(void *user, struct span frame)
{
	dnstap_frame(user, frame);
}

/* Makes the socket that the resolver is configured to write to. */
static int look_at_socket(struct run *r, struct pairing_filter filter)
{
	struct loop *loop = NULL;
	struct framestream *stream = NULL;
	struct dnstap d = { .arena = r->arena };
	struct framestream_conf conf = { .path = r->settings.dnstap,
		.type = DNSTAP_CONTENT,
		.mode = 0666,
		.take = take_frame,
		.user = &d };
	uint64_t began = utc_now();
	int err = loop_new(&loop);

	if (err == 0)
		err = framestream_listen(r->arena, loop, &conf, &stream);
	if (err < 0)
		return run_complain(r, "--dnstap %s: %s", r->settings.dnstap,
			errno ? strerror(errno) : "no socket can be made there");
	filter.source = SIGHT_DNSTAP;
	d.pairing = pairing_new(r->arena, &filter);
	while (goes_on(r, began))
		(void)loop_wait(loop, loop_now() + TICK * 1000ULL);
	pairing_end(d.pairing, utc_now(), r->facts);
	report(r, pairing_report(d.pairing), r->settings.dnstap);
	pairing_free(d.pairing);
	framestream_close(stream);
	loop_free(loop);
	r->facts->elapsed = elapsed_since(began);
	return 0;
}

/* A file is read; where there is none, or an old socket, a socket is made. */
static bool is_file(const char *path)
{
	struct stat s;

	return strcmp(path, "-") == 0 || (stat(path, &s) == 0 && !S_ISSOCK(s.st_mode));
}

int passive_look(struct run *r, const struct addr *resolvers, size_t n)
{
	struct pairing_filter filter = { .resolvers = resolvers, .nresolvers = n };
	const struct settings *s = &r->settings;
	int err = 0;

	if (s->pcap)
		err = read_pcap(r, &filter);
	if (err == 0 && s->dnstap && is_file(s->dnstap))
		err = read_dnstap(r, &filter);
	else if (err == 0 && s->dnstap)
		err = look_at_socket(r, filter);
	if (err == 0 && s->interface)
		err = look_at_interface(r, &filter);
	return err;
}
