/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Presentation form of records and mnemonics, by libknot. */
#ifndef DNS_TEXT_H
#define DNS_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "dns/msg.h"

/* Mnemonics; unknown ones as TYPE65280, CLASS7, RESERVED3 (opcode), RCODE24. In buf; returned. */
enum { TEXT_MNEMONIC = 32 };
const char *text_type(uint16_t type, char *buf);
const char *text_class(uint16_t class, char *buf);
const char *text_opcode(uint8_t opcode, char *buf);
const char *text_rcode(uint16_t rcode, char *buf);

/* "MX", "mx", "TYPE65": -ERR_PARSE when it is no type (class). */
int text_parse_type(const char *text, uint16_t *ret);
int text_parse_class(const char *text, uint16_t *ret);

/*
 * The rdata in presentation form (RFC 3597 form for types or bytes that cannot be printed
 * otherwise). Names in it are decompressed and keep their case.
 */
void text_rdata(struct buf *b, const struct msg *m, const struct rr *rr);

/* The name of an extended error (RFC 8914 and IANA), or NULL for an unknown code. */
const char *text_ede(uint16_t code);

/* The name of an EDNS option as dig writes it ("NSID", "COOKIE", "OPT=65001"), in buf. */
const char *text_option(uint16_t code, char *buf);

/*
 * Text from the wire with control and invisible characters, bidi overrides, bad UTF-8 and the
 * backslash itself escaped as \DDD.
 */
void text_safe(struct buf *b, struct span text);

#endif
