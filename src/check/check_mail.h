/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the family mail shares with reports. */
#ifndef CHECK_CHECK_MAIL_H
#define CHECK_CHECK_MAIL_H

#include "check/finding.h"
#include "infer/mailset.h"

/* How much it matters to delivery. */
enum severity check_mail_severity(enum mail_consequence c);

#endif
