/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Addresses of tests, as one writes them. */
#ifndef TESTS_ADDRESSES_H
#define TESTS_ADDRESSES_H

#include <stdlib.h>

#include "base/addr.h"

/* "192.0.2.1#53" or "192.0.2.1", whose port is 0; anything else is a mistake in the test. */
static inline struct addr address(const char *text)
{
	struct addr a = { 0 };

	if (addr_parse_port(text, &a) < 0)
		abort();
	return a;
}

#endif
