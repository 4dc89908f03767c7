/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The data of one record on its way to text: what the rows of types share. */
#ifndef RENDER_DIG_DATA_H
#define RENDER_DIG_DATA_H

#include "render/dig.h"

/* Data with whole names, read from left to right. */
struct dig_data {
	const struct dig_show *show;
	const struct rr *rr;
	const uint8_t *p, *end; /* what is still to be written */
	struct buf *out;
	const char *linebreak; /* " ", or a newline and the column of the data */
	bool multiline;
};

/* Octets that are left. */
size_t dig_data_left(const struct dig_data *d);

/* The next octets (1 to 4) as a number; false when there are fewer. */
bool dig_data_number(struct dig_data *d, unsigned int octets, uint32_t *ret);

/*
 * Writes data in the fields that form describes, a character each; what is no code stands for
 * itself. false: the data does not have this form.
 *
 * 1 2 4      a number of so many octets
 * n          a name
 * s S        a string in quotes; all that are left
 * t          a string without quotes
 * r          all that is left as one string in quotes
 * A a        an address of IPv4, IPv6
 * T y        a type by name; a DSYNC scheme
 * d          a time
 * m          a bitmap of types
 * N          a locator (RFC 6742)
 * e q        the rest in small hexadecimal, with hyphens between the octets or without
 * z          a salt
 * h b        the rest in hexadecimal, in base64, in pieces; H B: only under +crypto
 * c g        a kind of certificate, an algorithm by name
 * ( [ { | )  opens the field that may take several lines: with a line break, or without, before a
 *            blank or behind one; a break; the end
 * ?          ends here if nothing is left
 */
bool dig_data_fields(struct dig_data *d, const char *form);

/* "RSASHA256"; NULL: unknown. */
const char *dig_data_algorithm(uint8_t number);

/* A character string without its length, between quotes or not. false: cut. */
bool dig_data_string(struct dig_data *d, bool quotes);

/* n octets of it in hexadecimal or base64 without a break. false: there are fewer. */
bool dig_data_hex(struct dig_data *d, size_t n);
bool dig_data_base64(struct dig_data *d, size_t n);

/* The types whose data no row of fields can describe. false: it does not have its type's form. */
bool dig_data_loc(struct dig_data *d);
bool dig_data_nxt(struct dig_data *d);
bool dig_data_wks(struct dig_data *d);
bool dig_data_apl(struct dig_data *d);
bool dig_data_a6(struct dig_data *d);
bool dig_data_atma(struct dig_data *d);
bool dig_data_chaos(struct dig_data *d);
bool dig_data_hip(struct dig_data *d);
bool dig_data_ipseckey(struct dig_data *d);
bool dig_data_amtrelay(struct dig_data *d);
bool dig_data_doa(struct dig_data *d);
bool dig_data_tsig(struct dig_data *d);
bool dig_data_service(struct dig_data *d);

#endif
