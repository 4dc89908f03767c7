/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For bench/render: a report of 200 servers and 2,000 findings in every form for text, and its
 * time. */
#include <stdio.h>
#include <time.h>

#include "base/err.h"
#include "render/report.h"
#include "render/story.h"

enum { SERVERS = 200, FINDINGS = 2000, EVIDENCE = 8, ROUNDS = 5 };

static void to_text(const struct report *r, struct buf *b)
{
	report_text(r, &(struct text_style){ .width = 80 }, b);
}

static void to_them(const struct report *r, struct buf *b)
{
	report_noc(r, LETTER_THERE, b);
}

static void to_ours(const struct report *r, struct buf *b)
{
	report_noc(r, LETTER_OURS, b);
}

static const struct {
	const char *name;
	void (*put)(const struct report *r, struct buf *b);
} forms[] = {
	{ "text", to_text },
	{ "JSON", report_json },
	{ "NOC", to_them },
	{ "NOC=own", to_ours },
};

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* Servers that each have their own sweep; findings of each about one, with evidence of its own. */
static struct story crowd(struct arena *a)
{
	static const char *const ids[] = { "unreachable", "stale-glue", "lame-delegation",
		"edns-drop", "serial-mismatch" };
	struct story s = story_filter(a);

	for (int i = 0; i < SERVERS; i++) {
		struct sweep_result w = s.inferences->sweeps.v[0];

		w.server = story_addr(arena_printf(a, "198.18.%d.%d#53", i / 100, i % 100 + 1));
		portset_add(&w.ports.blocked, (uint16_t)(2000 + i));
		vec_push(a, &s.inferences->sweeps, w);
	}
	for (int i = 0; i < FINDINGS; i++) {
		struct finding *x = findings_add(&s.findings, ids[i % (int)ARRAY_LEN(ids)],
			i % 3 ? SEV_WARNING : SEV_ERROR, WHERE_ZONE);

		x->subject = story_name(a, arena_printf(a, "zone%d.example.", i));
		finding_server(&s.findings, x,
			&s.inferences->sweeps.v[(size_t)i % s.inferences->sweeps.n].server);
		for (int k = 0; k < EVIDENCE; k++)
			finding_evidence(&s.findings, x, (size_t)(i * EVIDENCE + k) % s.facts->n);
	}
	return s;
}

static size_t lines(const struct buf *b)
{
	size_t n = 0;

	for (size_t i = 0; i < b->n; i++)
		n += b->p[i] == '\n';
	return n;
}

int main(void)
{
	struct arena *a = arena_new();
	struct story s = crowd(a);
	struct check_input in = story_input(&s);
	const struct report *r = NULL;
	double begun = now();

	for (int i = 0; i < ROUNDS; i++)
		r = report_make(a, &in, &s.findings, check_verdict(&in, &s.findings));
	printf("%-8s %8.1f ms, %d findings, %zu servers\n", "made", (now() - begun) / ROUNDS,
		(int)r->findings.n, s.inferences->sweeps.n);
	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		struct buf b = { .arena = a };

		begun = now();
		for (int k = 0; k < ROUNDS; k++) {
			b = (struct buf){ .arena = a };
			forms[i].put(r, &b);
		}
		printf("%-8s %8.1f ms, %zu lines, %zu octets\n", forms[i].name,
			(now() - begun) / ROUNDS, lines(&b), b.n);
	}
	arena_free(a);
	return 0;
}
