// SPDX-License-Identifier: GPL-3.0-or-later
// The numbers of SOA: zone02 to zone06. The first server that answers with authority tells them.
#include "check/cases/apex.h"
#include "check/cases/zone_inner.h"

/* Seconds; Zonemaster's, which had them of DNSCheck. */
enum {
	REFRESH_LEAST = 14400,
	RETRY_LEAST = 3600,
	EXPIRE_LEAST = 604800,
	MINIMUM_LEAST = 300,
	MINIMUM_MOST = 86400,
};

static bool read_soa(struct cases *c, struct soa *ret, const struct entry **ret_entry)
{
	return apex_soa(
		c, (struct apex_wish){ .authority = true, .answered = true }, ret, ret_entry);
}

/* A tag about one or two numbers. */
struct number {
	const char *key;
	uint32_t v;
};

static void emit(struct cases *c, enum tag tag, const struct entry *e, const struct number *two)
{
	struct finding *x = cases_emit(c, tag);

	cases_evidence(c, x, e);
	for (size_t i = 0; i < 2 && two[i].key; i++)
		cases_int(c, x, two[i].key, two[i].v);
}

void zone_refresh(struct cases *c)
{
	const struct entry *e;
	struct soa soa;

	if (!read_soa(c, &soa, &e))
		return;
	emit(c,
		soa.refresh < REFRESH_LEAST ? TAG_REFRESH_MINIMUM_VALUE_LOWER
					    : TAG_REFRESH_MINIMUM_VALUE_OK,
		e,
		(struct number[2]){
			{ "refresh", soa.refresh }, { "required_refresh", REFRESH_LEAST } });
}

void zone_retry_refresh(struct cases *c)
{
	const struct entry *e;
	struct soa soa;

	if (!read_soa(c, &soa, &e))
		return;
	emit(c,
		soa.retry >= soa.refresh ? TAG_REFRESH_LOWER_THAN_RETRY
					 : TAG_REFRESH_HIGHER_THAN_RETRY,
		e, (struct number[2]){ { "retry", soa.retry }, { "refresh", soa.refresh } });
}

void zone_retry(struct cases *c)
{
	const struct entry *e;
	struct soa soa;

	if (!read_soa(c, &soa, &e))
		return;
	emit(c,
		soa.retry < RETRY_LEAST ? TAG_RETRY_MINIMUM_VALUE_LOWER
					: TAG_RETRY_MINIMUM_VALUE_OK,
		e, (struct number[2]){ { "retry", soa.retry }, { "required_retry", RETRY_LEAST } });
}

void zone_expire(struct cases *c)
{
	const struct entry *e;
	struct soa soa;

	if (!read_soa(c, &soa, &e))
		return;
	if (soa.expire < EXPIRE_LEAST)
		emit(c, TAG_EXPIRE_MINIMUM_VALUE_LOWER, e,
			(struct number[2]){
				{ "expire", soa.expire }, { "required_expire", EXPIRE_LEAST } });
	if (soa.expire < soa.refresh)
		emit(c, TAG_EXPIRE_LOWER_THAN_REFRESH, e,
			(struct number[2]){ { "expire", soa.expire }, { "refresh", soa.refresh } });
	if (soa.expire >= EXPIRE_LEAST && soa.expire >= soa.refresh)
		emit(c, TAG_EXPIRE_MINIMUM_VALUE_OK, e,
			(struct number[2]){ { "expire", soa.expire }, { "refresh", soa.refresh } });
}

void zone_minimum(struct cases *c)
{
	const struct entry *e;
	struct soa soa;

	if (!read_soa(c, &soa, &e))
		return;
	if (soa.minimum > MINIMUM_MOST)
		emit(c, TAG_SOA_DEFAULT_TTL_MAXIMUM_VALUE_HIGHER, e,
			(struct number[2]){
				{ "minimum", soa.minimum }, { "highest_minimum", MINIMUM_MOST } });
	else if (soa.minimum < MINIMUM_LEAST)
		emit(c, TAG_SOA_DEFAULT_TTL_MAXIMUM_VALUE_LOWER, e,
			(struct number[2]){
				{ "minimum", soa.minimum }, { "lowest_minimum", MINIMUM_LEAST } });
	else
		emit(c, TAG_SOA_DEFAULT_TTL_MAXIMUM_VALUE_OK, e,
			(struct number[2]){ { "minimum", soa.minimum } });
}
