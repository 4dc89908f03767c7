/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From damaged tapes to reports: nothing crashes, JSON stays JSON, no control reaches a terminal.
 */
#include <stdlib.h>

#include "base/json.h"
#include "check/check.h"
#include "dns/rr.h"
#include "facts/tape.h"
#include "prop.h"
#include "render/report.h"
#include "render/story.h"

/* The story's tape, with replies that say something else now and then. */
static struct span tape(struct arena *a, struct rng *r)
{
	struct story s = story_filter(a);
	struct buf b = { .arena = a };

	s.facts->question.name = rng_below(r, 4) ? s.facts->question.name : NULL;
	s.facts->note = rng_below(r, 4) ? NULL : "budget\033[2J spent";
	tape_head(s.facts, &b);
	for (size_t i = 0; i < s.facts->n; i++) {
		struct observation o = *s.facts->v[i];

		o.ask.role = rng_below(r, 3) ? o.ask.role : (uint8_t)rng_below(r, ROLES);
		o.outcome = rng_below(r, 3) ? o.outcome : (uint8_t)rng_below(r, OUTCOMES);
		o.why = rng_below(r, 5) ? o.why : (uint8_t)rng_below(r, WHYS);
		o.ask.source.port =
			rng_below(r, 3) ? o.ask.source.port : (uint16_t)rng_below(r, 65536);
		o.ask.question.type =
			rng_below(r, 3) ? o.ask.question.type : (uint16_t)rng_below(r, 300);
		o.ask.zone = rng_below(r, 2) ? s.facts->question.name : &name_root;
		tape_line(&o, &b);
	}
	/* Bytes that are off: mostly refused, sometimes a tape with other values. */
	for (uint32_t i = rng_below(r, 3); i > 0; i--)
		b.p[rng_below(r, (uint32_t)b.n)] = (char)rng_below(r, 256);
	return buf_span(&b);
}

static bool clean(const char *text)
{
	for (; *text; text++) {
		if ((*text >= 0 && *text < ' ' && *text != '\n') || *text == 127)
			return false;
	}
	return true;
}

static bool report_of(struct arena *a, const struct facts *f)
{
	struct check_input in = { f, infer_all(a, f) };
	struct findings found = { .arena = a };
	struct buf text = { .arena = a }, json = { .arena = a };
	struct text_style style = { .width = 80 };
	const struct json_value *v;
	const struct report *r;

	check_run(&in, &found);
	r = report_make(a, &in, &found, check_verdict(&in, &found));
	report_text(r, &style, &text);
	report_json(r, &json);
	return clean(buf_text(&text)) && json_read(a, buf_span(&json), &v, NULL) == 0 &&
	       json_get(v, "verdict");
}

static unsigned int read;

static bool mangled(struct rng *r)
{
	struct arena *a = arena_new();
	struct tape_error e;
	struct facts *f;
	bool good = true;

	if (tape_read(a, tape(a, r), &f, &e) == 0) {
		read++;
		good = report_of(a, f);
	}
	arena_free(a);
	return good;
}

int main(void)
{
	prop("a damaged tape is refused or reported on", mangled, 300);
	ok(read > 30 || getenv("PROP_SEED") || getenv("PROP_CASES"), "%u tapes were taken", read);
	return tap_done();
}
