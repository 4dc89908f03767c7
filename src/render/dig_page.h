/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the layouts of a lookup share: dig's page, YAML and JSON. */
#ifndef RENDER_DIG_PAGE_H
#define RENDER_DIG_PAGE_H

#include "render/dig.h"

/* The flags of the header by their names, in dig's order, each behind a blank. */
void dig_flags(uint16_t flags, struct buf *out);

/* This record belongs to the page of that section: the OPT is shown elsewhere. */
bool dig_shown(const struct rr *rr, enum msg_section section);

/* The query of o as it went out. */
const struct msg *dig_sent(struct arena *a, const struct observation *o);

/* The COOKIE option of a query; p NULL: none. */
struct span dig_sent_cookie(const struct ask *ask);

/* "UDP", "TCP". */
const char *dig_transport(const struct ask *ask);

/* The data of a record with its names whole; as it came when it does not have its type's form. */
struct span dig_whole_data(struct arena *a, const struct msg *m, const struct rr *rr);

/* The value of an EDNS option as it stands behind its name, with a blank before it; may be "". */
void dig_option(const struct edns_opt *opt, struct span cookie, struct buf *out);

/* The message in YAML, and an end without a reply. reply false: the query of o. */
void dig_yaml(const struct dig_view *v, const struct observation *o, bool reply, struct buf *out);
void dig_yaml_error(
	const struct dig_view *v, const struct observation *o, const char *text, struct buf *out);

/* The whole end of a lookup as one line of JSON (RFC 8427). */
void dig_json(const struct dig_view *v, const struct observation *o, struct buf *out);

#endif
