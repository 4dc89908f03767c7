/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the reading of keys and their use share. */
#ifndef DNS_TSIG_INNER_H
#define DNS_TSIG_INNER_H

#include <libknot/tsig.h>

#include "dns/tsig.h"

struct tsig_key {
	knot_tsig_key_t knot; /* its memory is the arena's */
};

#endif
