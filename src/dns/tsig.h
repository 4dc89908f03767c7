/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Transaction signatures (RFC 8945), by libknot 3.2: a query is signed, its replies are verified.
 *
 *	tsig_sign(&t, key, &query, 0);
 *	state = tsig_verify(&t, scratch, reply);   // each message of the reply, in order
 */
#ifndef DNS_TSIG_H
#define DNS_TSIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/span.h"

struct tsig_key;

enum {
	TSIG_DIGEST = 64,	/* octets at most: HMAC-SHA512 */
	TSIG_UNSIGNED = 99,	/* messages in a row that need no signature, RFC 8945 5.3.1 */
	TSIG_PENDING = 1 << 24, /* octets of these at most */
};

enum tsig_state {
	TSIG_NONE,    /* no key */
	TSIG_GOOD,    /* or the first message was, and this one needs none (RFC 8945 5.3.1) */
	TSIG_ERROR,   /* the server says what is wrong with the query's signature */
	TSIG_MISSING, /* not signed, though the query was */
	TSIG_BAD,     /* another key, another text, or another time */
};

/* What the verification of a reply needs to know of the query, and of the messages before. */
struct tsig {
	const struct tsig_key *key;
	uint8_t digest[TSIG_DIGEST]; /* of the query, then of the last signed message */
	size_t digest_n;
	uint64_t time; /* s since 1970, of the last signed message */
	struct buf
		pending; /* messages since the last signed one; its arena is set before all else */
	size_t unsigned_n;
};

/*
 * "[ALGORITHM:]NAME:SECRET", the secret in base64, as dig -y has it (hmac-md5 by default, as in dig
 * 9.18); or a file as tsig-keygen writes it (dig -k). NULL with *ret_why, one part of a sentence.
 * The key lives in the arena.
 */
const struct tsig_key *tsig_key_text(struct arena *a, const char *text, const char **ret_why);
const struct tsig_key *tsig_key_file(struct arena *a, struct span file, const char **ret_why);

/* Signs the message in b, which begins at octet at, and remembers what the reply has to fit. */
void tsig_sign(struct tsig *t, const struct tsig_key *key, struct buf *b, size_t at);

/* Whether the next message of the reply is signed as it has to be. scratch: for the moment only. */
enum tsig_state tsig_verify(struct tsig *t, struct arena *scratch, struct span message);

#endif
