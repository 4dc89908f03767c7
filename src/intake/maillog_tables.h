/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The patterns of mail programs, a table each. */
#ifndef INTAKE_MAILLOG_TABLES_H
#define INTAKE_MAILLOG_TABLES_H

#include "intake/logpattern.h"

extern const struct logpattern_table maillog_checks;
extern const struct logpattern_table maillog_exchange;
extern const struct logpattern_table maillog_exim;
extern const struct logpattern_table maillog_pmta;
extern const struct logpattern_table maillog_postfix;
extern const struct logpattern_table maillog_sendmail;

#endif
