/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From quotes in ICMP errors to asks. */
#include "net/quote.h"

#include "net/match.h"

enum {
	ID_OCTETS = 2,	    /* RFC 1035 4.1.1 */
	PATIENCE = 2000000, /* µs after which no ICMP error is expected any more */
};

/* May an error that names no id be about it? Also when it was given up: the error may be late. */
static bool waits(const struct flight *f, uint64_t now)
{
	if (!f->over)
		return true;
	return f->obs.outcome == OUTCOME_TIMEOUT && f->obs.sent + PATIENCE > now;
}

static struct quote_match by_destination(
	struct flight *flights, const struct icmp_error *e, uint64_t now)
{
	struct quote_match m = { NULL, NULL };
	size_t rivals = 0;

	for (struct flight *f = flights; f; f = f->next) {
		if (f->unsent || !addr_equal(&f->obs.ask.server, &e->about) || !waits(f, now))
			continue;
		rivals++;
		if (!f->over)
			m.doubt = f;
	}
	if (m.doubt && rivals == 1)
		m = (struct quote_match){ m.doubt, NULL };
	return m;
}

struct quote_match quote_match(struct flight *flights, const struct icmp_error *e, uint64_t now)
{
	if (e->nquote < ID_OCTETS)
		return by_destination(flights, e, now);
	for (struct flight *f = flights; f; f = f->next) {
		if (f->over || f->unsent || !addr_equal(&f->obs.ask.server, &e->about))
			continue;
		if (match_id((struct span){ e->quote, e->nquote }) == f->obs.id)
			return (struct quote_match){ f, NULL };
	}
	return (struct quote_match){ NULL, NULL };
}
