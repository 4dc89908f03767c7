/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SipHash-2-4 (Aumasson and Bernstein, 2012): a keyed hash that nobody without the key can predict
 * or collide, for tables that strangers fill and for short-lived proofs (RFC 9018 4.4).
 */
#ifndef BASE_SIPHASH_H
#define BASE_SIPHASH_H

#include <stdint.h>

#include "base/span.h"

enum { SIPHASH_KEY = 16 }; /* octets */

/* The 64 bits as the paper numbers them; RFC 9018 writes them in little-endian order. */
uint64_t siphash(const uint8_t key[SIPHASH_KEY], struct span data);

#endif
