/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is valid UTF-8 (RFC 3629). */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stddef.h>

#include "base/span.h"

/* Bytes of the valid character that text begins with: 1 .. 4; 0 when it begins with none. */
size_t utf8_char(struct span text);

#endif
