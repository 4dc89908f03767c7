/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two databases of scans compared. */
#ifndef CLI_SCAN_DIFF_H
#define CLI_SCAN_DIFF_H

#include "cli/run.h"

/* The exit code: CLI_FAULT where they differ; what is wrong was said. */
int scan_diff(struct run *r);

#endif
