/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Recordings of resolvers in the lab, captured and told by dnstap at the same time, against what
 * tcpdump and dnstap-read list of them. A firewall before the site dropped a half of the ports
 * (named, unbound: 32768-46000; pdns: 1024-33000).
 */
#include <stdio.h>

#include "base/err.h"
#include "intake/dnstap.h"
#include "intake/pcap.h"
#include "tap.h"

enum reader { PCAP, TAP };

static int (*const readers[])(struct facts *f, const char *path,
	const struct pairing_filter *filter, struct pairing_report *ret) = {
	[PCAP] = pcap_sightings,
	[TAP] = dnstap_sightings,
};

/* ports: different ones that were told. */
static const struct row {
	const char *file;
	enum reader reader;
	const char *version;
	unsigned int queries, answered, silent, unknown, ports;
	uint16_t lo, hi; /* ports that the firewall drops */
} rows[] = {
	{ "named.pcap", PCAP, NULL, 68, 48, 18, 2, 67, 32768, 46000 },
	{ "named.tap", TAP, "BIND 9.18.49-1~deb12u3-Debian", 68, 48, 15, 5, 67, 32768, 46000 },
	{ "pdns.pcap", PCAP, NULL, 38, 25, 13, 0, 38, 1024, 33000 },
	{ "pdns.tap", TAP, "pdns-recursor 4.8.8", 36, 23, 6, 7, 36, 1024, 33000 },
	{ "unbound.tap", TAP, "unbound 1.17.1", 55, 48, 7, 0, 24, 32768, 46000 },
};

static struct facts *read_file(struct arena *a, const struct row *r, struct pairing_report *ret)
{
	struct facts *f = facts_new(a);
	const char *path = arena_printf(a, "%s/%s", FIXTURES, r->file);
	int rc = readers[r->reader](f, path, &(struct pairing_filter){ 0 }, ret);

	ok(rc == 0 && !ret->why, "%s: read to its end", r->file);
	return f;
}

static unsigned int ports_of(const struct facts *f)
{
	static bool seen[65536];
	unsigned int n = 0;

	memset(seen, 0, sizeof(seen));
	vec_each (const struct sighting, s, f->sightings) {
		n += s->from.port && !seen[s->from.port];
		seen[s->from.port] = true;
	}
	return n;
}

static unsigned int ends_of(const struct facts *f, enum sighting_end end)
{
	unsigned int n = 0;

	vec_each (const struct sighting, s, f->sightings)
		n += s->end == end;
	return n;
}

static void count(const struct row *r, const struct facts *f, const struct pairing_report *p)
{
	unsigned int dropped = 0;

	vec_each (const struct sighting, s, f->sightings) {
		dropped += s->server.ip[0] == 203 && s->end == SIGHT_ANSWERED &&
			   s->from.port >= r->lo && s->from.port <= r->hi;
	}
	ok(f->sightings.n == r->queries && ends_of(f, SIGHT_ANSWERED) == r->answered &&
			ends_of(f, SIGHT_SILENT) == r->silent &&
			ends_of(f, SIGHT_UNKNOWN) == r->unknown && ports_of(f) == r->ports,
		"%s: %zu queries, %u answered, %u silent, %u unknown, %u ports", r->file,
		f->sightings.n, ends_of(f, SIGHT_ANSWERED), ends_of(f, SIGHT_SILENT),
		ends_of(f, SIGHT_UNKNOWN), ports_of(f));
	ok(dropped == 0, "%s: nothing that the firewall drops is answered", r->file);
	is_str(p->version, r->version, "the software that tells");
	if (r->reader == PCAP)
		ok(p->nresolvers >= 1, "%s: the resolver is found", r->file);
}

/* What a resolver tells of itself and what its wire shows: queries, ports, and no reply invented.
 */
static void compare(const struct facts *wire, const struct facts *told, const char *name)
{
	unsigned int found = 0, agree = 0;

	vec_each (const struct sighting, t, told->sightings) {
		vec_each (const struct sighting, w, wire->sightings) {
			if (t->id != w->id || t->from.port != w->from.port ||
				!addr_equal(&t->server, &w->server) ||
				!name_same_case(t->question.name, w->question.name))
				continue;
			found++;
			agree += (t->end == SIGHT_ANSWERED) == (w->end == SIGHT_ANSWERED);
		}
	}
	ok(found == told->sightings.n && agree == found,
		"%s: %u of %zu told queries on the wire, %u with the same end", name, found,
		told->sightings.n, agree);
}

/* Every beginning of a file is read as far as it goes. */
static void cut(struct arena *a, const struct row *r)
{
	const char *path = arena_printf(a, "%s/%s", FIXTURES, r->file);
	FILE *whole = fopen(path, "rb");
	static uint8_t bytes[65536];
	size_t n = whole ? fread(bytes, 1, sizeof(bytes), whole) : 0, last = 0;
	bool good = n > 1000;

	if (whole)
		fclose(whole);
	for (size_t i = 1; good && i < n; i += 997) {
		struct arena *own = arena_new();
		struct facts *f = facts_new(own);
		struct pairing_report p;
		FILE *s = fmemopen(bytes, i, "rb");
		int rc = r->reader == PCAP
				 ? pcap_sightings_stream(f, s, &(struct pairing_filter){ 0 }, &p)
				 : dnstap_sightings_stream(f, s, &(struct pairing_filter){ 0 }, &p);

		good = f->sightings.n >= last && (i < 100 || rc == 0) && (rc == 0 || p.why);
		last = f->sightings.n;
		arena_free(own);
	}
	ok(good, "%s: cut anywhere", r->file);
}

static void refusals(struct arena *a)
{
	struct facts *f = facts_new(a);
	struct pairing_report p;
	const char *tap = arena_printf(a, "%s/named.tap", FIXTURES);
	const char *pcap = arena_printf(a, "%s/named.pcap", FIXTURES);

	is_int(pcap_sightings(f, tap, &(struct pairing_filter){ 0 }, &p), -ERR_PARSE,
		"dnstap is no pcap");
	ok(p.why != NULL, "and it is said: %s", p.why);
	is_int(dnstap_sightings(f, pcap, &(struct pairing_filter){ 0 }, &p), -ERR_PARSE,
		"pcap is no dnstap");
	ok(p.why != NULL, "and it is said: %s", p.why);
	is_int(pcap_sightings(f, "/nonexistent", &(struct pairing_filter){ 0 }, &p), -ERR_OPEN,
		"no pcap file");
	is_int(dnstap_sightings(f, "/nonexistent", &(struct pairing_filter){ 0 }, &p), -ERR_OPEN,
		"no dnstap file");
	is_int(f->sightings.n, 0, "no sightings of these");
	is_int(pcap_sightings(f, pcap, &(struct pairing_filter){ .packets_most = 30 }, &p), 0,
		"a bound of packets");
	ok(p.why != NULL && f->sightings.n > 0 && f->sightings.n < 30, "is said: %s", p.why);
}

int main(void)
{
	struct arena *a = arena_new();
	struct facts *read[ARRAY_LEN(rows)];

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct pairing_report p;

		read[i] = read_file(a, &rows[i], &p);
		count(&rows[i], read[i], &p);
		cut(a, &rows[i]);
	}
	compare(read[0], read[1], "named");
	compare(read[2], read[3], "pdns");
	refusals(a);
	arena_free(a);
	return tap_done();
}
