/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A tape inside an HTML page: in a script element of a type that no browser runs. No '<' of the
 * tape is written as such (they only stand in JSON strings, as \u003c), so nothing in it can end
 * the element or begin another.
 */
#ifndef FACTS_EMBED_H
#define FACTS_EMBED_H

#include "base/buf.h"
#include "base/span.h"
#include "facts/facts.h"

/* Octets of a tape that go into a page: some 200,000 observations. No browser likes more. */
enum { EMBED_MOST = 48 * 1000 * 1000 };

/* Appends the element with the whole tape; false, and nothing, when that is larger than most. */
bool embed_write(const struct facts *f, size_t most, struct buf *b);

/*
 * The tape in a page, and the number of lines before it; false: text is no page, or it holds none.
 * Borrowed from text.
 */
bool embed_find(struct span text, struct span *ret, size_t *ret_before);

/* The text begins as an HTML page does. */
bool embed_is_page(struct span text);

#endif
