/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Zone transfers and signatures in dig's layout. */
#include "base/err.h"
#include "dns/rr.h"
#include "dns/text.h"
#include "dns/tsig.h"
#include "dns/xfr.h"
#include "render/dig.h"

/* The last record is the first once more. */
static bool is_again(struct dig_records *r, const struct observation *o, const struct rr *rr)
{
	bool soa = rr->section == MSG_ANSWER && rr->type == RR_SOA;

	r->soas += soa;
	return soa && r->soas > 1 && r->view->show->onesoa && o->ask.question.type == RR_AXFR;
}

static void records(struct dig_records *r, const struct observation *o, const struct msg *m)
{
	const struct dig_show *show = r->view->show;

	for (size_t i = 0; i < m->nrrs; i++) {
		const struct rr *rr = &m->rrs[i];
		bool answer = rr->section == MSG_ANSWER;

		if (is_again(r, o, rr))
			continue;
		if (!answer && (rr->type != RR_TSIG || !show->additional))
			continue;
		if (show->brief && answer) {
			dig_rdata(show, m, rr, r->out);
			buf_char(r->out, '\n');
		} else if (!show->brief && show->answer) {
			dig_rr(show, m, rr, r->out);
		}
	}
}

void dig_part(struct dig_records *r, const struct observation *o, const struct msg *m)
{
	struct observation one = *o;

	if (!r->view->show->yaml && !r->view->show->json) {
		records(r, o, m);
		return;
	}
	/* In formats for programs each message is one of its own. */
	one.ask.transfer = false;
	one.outcome = OUTCOME_ANSWERED;
	one.msg = m;
	one.size = (uint32_t)m->wire.n;
	dig_reply(r->view, &one, r->out);
}

/* Why a transfer was not whole. */
static const char *reason(const struct observation *o, char text[TEXT_MNEMONIC])
{
	if (o->msg && o->msg->rcode)
		return text_rcode(o->msg->rcode, text);
	if (o->transfer && o->transfer->state == XFR_MORE)
		return "it ended before the last SOA record";
	return "what came is no zone transfer";
}

void dig_transfer(
	const struct dig_view *v, const struct observation *o, bool shown, struct buf *out)
{
	const struct transfer *t = o->transfer;
	struct dig_records whole = { v, out, 0 };
	char text[TEXT_MNEMONIC];

	if (t && !shown)
		dig_part(&whole, o, o->msg);
	if (t && (v->show->yaml || v->show->json))
		return;
	if (!t || t->state != XFR_DONE) {
		buf_str(out, "; Transfer failed.\n");
		if (v->show->meaning && !v->show->brief)
			buf_printf(out, ";; MEANING: the zone was not transferred: %s\n",
				reason(o, text));
		return;
	}
	if (!v->show->stats)
		return;
	dig_statistics(v, o, out);
	if (o->ask.transport == TRANSPORT_UDP)
		buf_printf(out, ";; MSG SIZE  rcvd: %u\n", o->size);
	else
		buf_printf(out, ";; XFR size: %zu records (messages %zu, bytes %llu)\n", t->records,
			t->messages, (unsigned long long)t->octets);
	dig_signature_warning(o, out);
	buf_char(out, '\n');
}

void dig_signature(const struct observation *o, struct buf *out)
{
	static const char *const texts[] = {
		[TSIG_ERROR] = "tsig indicates error",
		[TSIG_MISSING] = "expected a TSIG or SIG(0)",
		[TSIG_BAD] = "tsig verify failure",
	};

	if (o->signature < ARRAY_LEN(texts) && texts[o->signature])
		buf_printf(out, ";; Couldn't verify signature: %s\n", texts[o->signature]);
}

void dig_signature_warning(const struct observation *o, struct buf *out)
{
	if (o->signature >= TSIG_ERROR)
		buf_str(out, ";; WARNING -- Some TSIG could not be validated\n");
}
