/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SipHash-2-4 against the vectors of its authors. */
#include "base/siphash.h"

#include "tap.h"

/* Key 00 01 … 0f, input 00 01 … of that length: the reference implementation's list. */
static const struct {
	size_t n;
	uint64_t hash;
} rows[] = {
	{ 0, 0x726fdb47dd0e0e31U },
	{ 1, 0x74f839c593dc67fdU },
	{ 7, 0xab0200f58b01d137U },
	{ 8, 0x93f5f5799a932462U },
	{ 15, 0xa129ca6149be45e5U }, /* also in appendix A of the paper */
	{ 63, 0x958a324ceb064572U },
};

int main(void)
{
	uint8_t key[SIPHASH_KEY], data[64];

	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)i;
	memcpy(key, data, sizeof(key));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		ok(siphash(key, (struct span){ data, rows[i].n }) == rows[i].hash, "%zu octets",
			rows[i].n);
	key[0] ^= 1;
	ok(siphash(key, (struct span){ data, 15 }) != 0xa129ca6149be45e5U, "the key counts");
	return tap_done();
}
