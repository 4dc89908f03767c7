/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Queries at both ends are paired by id and question, and by nothing else. */
#include "infer/nat_arrive.h"

#include <stdlib.h>

#include "base/err.h"
#include "dns/rr.h"
#include "tap.h"

static struct addr at(const char *text)
{
	struct addr a = { 0 };

	addr_parse_port(text, &a);
	return a;
}

/* name: after its message id, as in "7 host.example". */
static void see(struct facts *f, enum sighting_source source, const char *from, const char *query)
{
	struct name n;
	char *name;
	unsigned long id = strtoul(query, &name, 10);

	name_parse(name + 1, &n);
	vec_push(f->arena, &f->sightings,
		(struct sighting){ .source = (uint8_t)source,
			.from = at(from),
			.id = (uint16_t)id,
			.question = { name_keep(f->arena, &n), RR_TXT, CLASS_IN } });
}

int main(void)
{
	struct arena *a = arena_new();
	struct facts *f = facts_new(a);
	struct nat_arrival r;

	see(f, SIGHT_CAPTURE, "10.0.0.2#53", "1 a.example");
	see(f, SIGHT_BEACON, "192.0.2.1#137", "1 a.example");
	see(f, SIGHT_CAPTURE, "10.0.0.2#4000", "2 B.example");
	see(f, SIGHT_BEACON, "192.0.2.1#4000", "2 b.example");
	/* Another id, another name: not the same query; letter case does not count. */
	see(f, SIGHT_CAPTURE, "10.0.0.2#5000", "3 c.example");
	see(f, SIGHT_BEACON, "192.0.2.1#5001", "4 c.example");
	see(f, SIGHT_CAPTURE, "10.0.0.2#6000", "5 dd.example");
	see(f, SIGHT_BEACON, "192.0.2.1#6001", "5 d.example");
	/* Twice at one end: which one is it? */
	see(f, SIGHT_CAPTURE, "10.0.0.2#7000", "6 e.example");
	see(f, SIGHT_CAPTURE, "10.0.0.2#7001", "6 e.example");
	see(f, SIGHT_BEACON, "192.0.2.1#7002", "6 e.example");
	r = nat_arrive(a, f);
	is_int(r.matched, 2, "two queries are matched");
	is_int(r.rewritten, 1, "the port of one was rewritten");
	is_int(r.moved, 1, "the other kept its port and got another address");
	is_int(r.pairs.n, 1, "one pair");
	is_int(r.pairs.v[0].sent.port, 53, "as it was sent");
	is_int(r.pairs.v[0].seen.port, 137, "as it arrived");
	is_int(nat_arrive(a, facts_new(a)).matched, 0, "nothing seen, nothing matched");
	is_int(nat_class(53).hi, 511, "53 stays below 512");
	is_int(nat_class(512).lo, 512, "512 does not");
	is_int(nat_class(1023).hi, 1023, "1023 stays privileged");
	is_int(nat_class(1024).hi, 65535, "1024 does not");
	arena_free(a);
	return tap_done();
}
