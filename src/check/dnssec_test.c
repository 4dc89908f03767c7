// SPDX-License-Identifier: GPL-3.0-or-later
// The family dnssec over chains made by hand: what is told of whom, and how bad it is.
#include "base/err.h"
#include "check/check.h"
#include "dns/rr.h"
#include "tap.h"

extern const struct family family_dnssec;

static struct arena *a;

static const struct name *named(const char *text)
{
	struct name n = { 0 };

	if (name_parse(text, &n))
		ok(false, "%s is a name", text);
	return name_keep(a, &n);
}

/* One server's word; the evidence is the last octet of its address. */
static struct chain_server server(
	const char *addr, enum security security, enum chain_break why, uint16_t type)
{
	struct chain_server s = { .security = security, .why = why, .type = type };
	struct entry *e = arena_alloc(a, sizeof(*e));

	if (addr_parse(addr, &s.server.addr))
		ok(false, "%s is an address", addr);
	s.server.ns = named("ns.child.xa.");
	e->index = s.server.addr.ip[3];
	s.entry = e;
	return s;
}

static struct chain *new_chain(void)
{
	static const char *const apexes[] = { ".", "xa.", "child.xa." };
	struct chain *c = arena_alloc(a, sizeof(*c));

	for (size_t i = 0; i < ARRAY_LEN(apexes); i++)
		vec_push(a, &c->zones, (struct chain_zone){ .apex = named(apexes[i]) });
	return c;
}

static void put_details(struct buf *b, const struct finding *x)
{
	for (size_t i = 0; i < x->details.n; i++) {
		const struct detail *d = &x->details.v[i];

		buf_printf(b, " %s=", d->key);
		for (size_t k = 0; k < d->ntexts; k++)
			buf_printf(b, "%s%s", k ? "," : "", d->texts[k]);
		if (d->kind == DETAIL_TEXT)
			buf_str(b, d->text);
		if (d->kind == DETAIL_INT)
			buf_printf(b, "%lld", (long long)d->integer);
	}
	for (size_t i = 0; i < x->evidence.n; i++)
		buf_printf(b, "%s%zu", i ? "," : " #", x->evidence.v[i]);
}

static const char *found(const struct chain *c)
{
	const struct chain *one[] = { c };
	struct inferences inferences = { .chains = { .v = one, .n = 1 } };
	struct check_input in = { NULL, &inferences };
	struct findings f = { .arena = a };
	struct buf b = { .arena = a };

	for (size_t i = 0; i < family_dnssec.n; i++) {
		size_t before = f.list.n;

		family_dnssec.checks[i].run(&in, &f);
		for (size_t k = before; k < f.list.n; k++)
			if (strcmp(f.list.v[k].id, family_dnssec.checks[i].id) != 0)
				ok(false, "%s is no id of its own", f.list.v[k].id);
	}
	vec_each (const struct finding, x, f.list) {
		buf_printf(&b, "%s%s %s %s ", b.n ? "\n" : "", x->id, severity_slug(x->severity),
			effect_slug(x->effect));
		name_put(x->subject, &b);
		put_details(&b, x);
	}
	return buf_text(&b);
}

static void test_nothing(void)
{
	struct chain *c = new_chain();

	is_str(found(NULL), "", "no chain");
	vec_push(a, &c->zones.v[2].servers,
		server("9.0.0.1", SECURITY_SECURE, BREAK_NONE, RR_DNSKEY));
	vec_push(a, &c->zones.v[2].servers,
		server("9.0.0.2", SECURITY_INDETERMINATE, BREAK_SILENT, RR_DNSKEY));
	vec_push(a, &c->answers, server("9.0.0.1", SECURITY_SECURE, BREAK_NONE, RR_A));
	is_str(found(c), "", "a secure chain, one server silent");
}

static void test_all(void)
{
	struct chain *c = new_chain();
	struct chain_server s = server("9.0.0.1", SECURITY_BOGUS, BREAK_EXPIRED, RR_DNSKEY);

	s.tag = 4711;
	s.algorithm = 13;
	s.since = 1767225600;
	vec_push(a, &c->zones.v[2].servers, s);
	vec_push(a, &c->zones.v[2].servers,
		server("9.0.0.2", SECURITY_INDETERMINATE, BREAK_SILENT, RR_DNSKEY));
	is_str(found(c),
		"dnssec-expired critical explains child.xa. nameservers=ns.child.xa./9.0.0.1 "
		"types=DNSKEY keytag=4711 algo_num=13 algo_mnemo=ECDSAP256SHA256 "
		"time=2026-01-01T00:00:00Z #1",
		"keys of all who answer");
	c = new_chain();
	vec_push(a, &c->answers, server("9.0.0.1", SECURITY_BOGUS, BREAK_WRONG_SIGNATURE, RR_A));
	is_str(found(c),
		"dnssec-wrong-signature error explains child.xa. nameservers=ns.child.xa./9.0.0.1 "
		"types=A #1",
		"the answer only");
}

static void test_some(void)
{
	struct chain *c = new_chain();

	vec_push(a, &c->zones.v[2].servers,
		server("9.0.0.1", SECURITY_SECURE, BREAK_NONE, RR_DNSKEY));
	vec_push(a, &c->zones.v[2].servers,
		server("9.0.0.2", SECURITY_BOGUS, BREAK_EXPIRED, RR_DNSKEY));
	vec_push(a, &c->answers, server("9.0.0.1", SECURITY_SECURE, BREAK_NONE, RR_A));
	vec_push(a, &c->answers, server("9.0.0.2", SECURITY_BOGUS, BREAK_EXPIRED, RR_A));
	vec_push(a, &c->answers, server("9.0.0.3", SECURITY_BOGUS, BREAK_SIGNER, RR_A));
	is_str(found(c),
		"dnssec-expired warning intermittent child.xa. nameservers=ns.child.xa./9.0.0.2 "
		"types=DNSKEY,A #2\n"
		"dnssec-signer warning intermittent child.xa. nameservers=ns.child.xa./9.0.0.3 "
		"types=A #3",
		"one stale server is one finding");
}

static void test_parents(void)
{
	struct chain *c = new_chain();

	vec_push(a, &c->zones.v[2].parents,
		server("9.0.0.1", SECURITY_BOGUS, BREAK_MISSING_SIGNATURE, RR_DS));
	vec_push(a, &c->zones.v[2].parents,
		server("9.0.0.2", SECURITY_BOGUS, BREAK_DS_MISMATCH, RR_DS));
	vec_push(a, &c->zones.v[2].parents, server("9.0.0.3", SECURITY_SECURE, BREAK_NONE, RR_DS));
	is_str(found(c),
		"dnssec-ds-mismatch warning intermittent child.xa. "
		"nameservers=ns.child.xa./9.0.0.2 types=DS #2\n"
		"dnssec-missing-signature warning intermittent xa. "
		"nameservers=ns.child.xa./9.0.0.1 types=DS #1",
		"the parent signs DS, the zone owns the key");
}

static void test_unsigned(void)
{
	struct chain *c = new_chain(), *next = new_chain();
	struct chain_server s = server("9.0.0.1", SECURITY_INSECURE, BREAK_ITERATIONS, RR_NSEC3);

	s.iterations = 500;
	vec_push(a, &c->answers, s);
	s = server("9.0.0.2", SECURITY_INSECURE, BREAK_ALGORITHM, RR_DS);
	s.tag = 1;
	s.algorithm = 99;
	vec_push(a, &c->zones.v[2].parents, s);
	vec_push(a, &next->zones.v[2].parents, s);
	c->next = next;
	is_str(found(c),
		"dnssec-iterations notice cosmetic child.xa. nameservers=ns.child.xa./9.0.0.1 "
		"types=NSEC3 int=500 #1\n"
		"dnssec-algorithm-unsupported notice cosmetic child.xa. "
		"nameservers=ns.child.xa./9.0.0.2 types=DS keytag=1 algo_num=99 #2",
		"what is only unsigned; a zone on two ways is told once");
}

int main(void)
{
	a = arena_new();
	ok(family_dnssec.n == 10, "ten ids");
	test_nothing();
	test_all();
	test_some();
	test_parents();
	test_unsigned();
	arena_free(a);
	return tap_done();
}
