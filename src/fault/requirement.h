/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the section of an RFC asks for, as part of a sentence: "Please see RFC 8906 4: ...". */
#ifndef FAULT_REQUIREMENT_H
#define FAULT_REQUIREMENT_H

/* ref as in a fault's refs: "RFC 8906 4". NULL when nothing is known of it. */
const char *fault_requirement(const char *ref);

#endif
