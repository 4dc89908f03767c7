/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Address translation in a simulated network. */
#include "net/sim_nat.h"

struct addr sim_nat_outside(const struct sim_nat *nat, struct addr from)
{
	struct addr out = from;

	if (!nat)
		return from;
	if (nat->outside.family == from.family)
		out = addr_with_port(nat->outside, from.port);
	if (nat->ports && portset_has(nat->ports, from.port)) {
		struct portset below = { 0 };

		portset_add_range(&below, (struct portrange){ 0, from.port });
		portset_and(&below, nat->ports);
		out.port = (uint16_t)(nat->first + portset_count(&below) - 1);
	}
	return out;
}

struct addr sim_nat_quoted(const struct sim_nat *nat, struct addr from, unsigned int hop)
{
	struct addr out = sim_nat_outside(nat, from);

	if (!nat || nat->translates_quotes || hop < nat->hop || addr_equal(&out, &from))
		return (struct addr){ 0 };
	return out;
}
