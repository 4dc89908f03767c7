/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The set of ports that an Unbound of some version begins with, before its options. */
#ifndef INTAKE_UNBOUND_PORTS_H
#define INTAKE_UNBOUND_PORTS_H

#include "base/portset.h"

/*
 * 1024-65535 without 49152-49407 and without what IANA had assigned when the version was made
 * (init_outgoing_availports() of util/config_file.c, the same since 1.4.22). NULL when that is
 * known of the version; else the release that was taken instead: the newest known one for what is
 * newer and for NULL, the oldest for what is older. Static.
 */
const char *unbound_ports_default(const char *version, struct portset *ret);

#endif
