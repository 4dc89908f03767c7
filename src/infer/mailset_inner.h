/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts of a list of mail's look-ups. */
#ifndef INFER_MAILSET_INNER_H
#define INFER_MAILSET_INNER_H

#include "base/buf.h"
#include "infer/mailset.h"

/* One list in the making. */
struct mailing {
	struct tree *t;
	struct mailset *set;
	const struct name *domain;
};

/* A look-up: its row in the list, filled but for what it does; SIZE_MAX: there are too many. */
struct mail_want {
	enum mail_purpose purpose;
	const struct name *name;
	uint16_t type;
};
size_t mailset_look(struct mailing *m, struct mail_want w);
/* Valid until the next look-up. */
struct mail_row *mailset_row(struct mailing *m, size_t i);
/* The same; MAIL_UNTOLD for SIZE_MAX. */
enum mail_state mailset_state(struct mailing *m, size_t i);

struct mail_fate {
	enum mail_problem problem;
	enum mail_consequence consequence;
};
void mailset_mark(struct mailing *m, size_t i, struct mail_fate fate);

/* label in front of the name, kept for the pass; NULL: that is too long. */
const struct name *mailset_under(struct mailing *m, const char *label, const struct name *n);

/* The strings of each TXT record of the answer, joined (RFC 7208 3.3). */
struct mail_texts VEC(struct span);
struct mail_texts mailset_texts(struct mailing *m, size_t i);
/* The records of the answer's type at the end of its aliases. */
struct mail_rrs VEC(const struct rr *);
struct mail_rrs mailset_rrs(struct mailing *m, size_t i);
/* The addresses in the answer. */
struct reply_addrs mailset_addrs(struct mailing *m, size_t i);

const char *mailset_text(struct mailing *m, struct span s);

/* The three parts. */
void mailset_out(struct mailing *m);
void mailset_in(struct mailing *m);
void mailset_spf(struct mailing *m);

#endif
