/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests. */
#include "tap.h"
#include "dns/text.h"
int main(void)
{
	ok(true, "builds");
	return tap_done();
}
