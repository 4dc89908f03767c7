/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rare types of names that exist, one lookup after the other. */
#include "probe/sample.h"

#include <assert.h>

#include "base/err.h"
#include "dns/rr.h"

/*
 * Assigned types (IANA "Resource Record (RR) TYPEs", read 2026-11) that have no processing of
 * their own in resolvers and that programs do not ask for at zone cuts and hosts.
 */
static const uint16_t types[] = {
	29,  /* LOC */
	35,  /* NAPTR */
	13,  /* HINFO */
	17,  /* RP */
	18,  /* AFSDB */
	44,  /* SSHFP */
	37,  /* CERT */
	52,  /* TLSA */
	61,  /* OPENPGPKEY */
	256, /* URI */
	33,  /* SRV */
	53,  /* SMIMEA */
	108, /* EUI48 */
	109, /* EUI64 */
	42,  /* APL */
	36,  /* KX */
	49,  /* DHCID */
	55,  /* HIP */
	45,  /* IPSECKEY */
	258, /* AVC */
};

_Static_assert(ARRAY_LEN(types) == SAMPLE_TYPES, "the bound of the header");

struct sample {
	struct probe probe;
	struct sample_plan plan;
	size_t sent, back;
	uint64_t next; /* µs: not before this */
};

static enum want want(struct probe *p, uint64_t now, struct ask *ret_ask, uint64_t *ret_wake)
{
	struct sample *s = (struct sample *)p;

	if (s->sent >= s->plan.lookups) {
		*ret_wake = PROBE_NO_WAKE;
		return s->back < s->sent ? WANT_WAIT : WANT_DONE;
	}
	if (now < s->next) {
		*ret_wake = s->next;
		return WANT_WAIT;
	}
	*ret_ask = (struct ask){
		.owner = p,
		.server = s->plan.resolvers[0],
		.source = s->plan.source,
		.role = ROLE_SAMPLE,
		.timeout = s->plan.timeout,
		.question = { s->plan.names[s->sent % s->plan.nnames],
			types[s->sent / s->plan.nnames], CLASS_IN },
		.shape = shape_stub,
	};
	s->sent++;
	s->next = now + s->plan.spacing;
	return WANT_ASK;
}

static void reply(struct probe *p, const struct observation *o, uint64_t now)
{
	struct sample *s = (struct sample *)p;

	(void)now;
	if (o->outcome != OUTCOME_LATE && o->outcome != OUTCOME_STRAY)
		s->back++;
}

static void progress(const struct probe *p, struct progress *ret)
{
	const struct sample *s = (const struct sample *)p;

	*ret = (struct progress){
		.phase = "resolver", .asked = s->sent, .expected = s->plan.lookups
	};
}

struct sample *sample_new(struct arena *a, const struct sample_plan *plan)
{
	static const struct probe_ops ops = { .want = want, .reply = reply, .progress = progress };
	struct sample *s = arena_alloc(a, sizeof(*s));

	*s = (struct sample){ .probe = { &ops }, .plan = *plan };
	if (!plan->nresolvers)
		s->plan.lookups = 0;
	if (s->plan.lookups > plan->nnames * SAMPLE_TYPES)
		s->plan.lookups = plan->nnames * SAMPLE_TYPES;
	return s;
}

struct probe *sample_probe(struct sample *s)
{
	return &s->probe;
}

const struct name *const *sample_tlds(struct arena *a, size_t *ret_n)
{
	static const char *const tlds[] = { "com", "net", "org", "de", "info", "nl", "fr", "uk",
		"jp", "br", "se", "ch", "eu", "pl", "au", "ca" };
	const struct name **v = arena_alloc(a, sizeof(tlds));

	for (size_t i = 0; i < ARRAY_LEN(tlds); i++) {
		struct name n;
		int err = name_parse(tlds[i], &n);

		assert(err == 0);
		v[i] = name_keep(a, &n);
	}
	*ret_n = ARRAY_LEN(tlds);
	return v;
}
