/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of the meaning line share. */
#ifndef RENDER_DIG_MEANING_H
#define RENDER_DIG_MEANING_H

#include "render/dig.h"

struct saying {
	const struct dig_view *v;
	const struct observation *o;
	const struct msg *m;
	const struct question *q;
	struct name end; /* of the alias chain */
	bool alias;
	struct buf *out;
};

/* The type that was asked for; the server that was asked; the command that goes on. */
void meaning_put_type(const struct saying *s);
void meaning_put_server(const struct saying *s);
void meaning_put_go_on(const struct saying *s);

/* Replies that say that something is wrong. */
void meaning_servfail(const struct saying *s);
void meaning_server_refused(const struct saying *s);
void meaning_truncated(const struct saying *s);
void meaning_other_rcode(const struct saying *s);
void meaning_unreadable(const struct saying *s);

/* No reply. */
void meaning_timeout(const struct saying *s);
void meaning_icmp(const struct saying *s);
void meaning_refused(const struct saying *s);
void meaning_reset(const struct saying *s);
void meaning_channel(const struct saying *s);
void meaning_not_sent(const struct saying *s);

#endif
