/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * For bench/html: the story with 200 servers and 2,000 findings as a page on standard output, and
 * on standard error how long report and page took.
 */
#include <stdio.h>
#include <time.h>

#include "base/err.h"
#include "fault/fault.h"
#include "render/report.h"
#include "render/story.h"

enum { SERVERS = 200, FINDINGS = 2000, EVIDENCE = 20, TRIES = 8 };

static struct addr server(unsigned int i)
{
	char text[64];

	snprintf(text, sizeof(text), "198.18.%u.%u#53", i / 100, 1 + i % 100);
	return story_addr(text);
}

/* Answered and silent asks of each server, so that findings have something to show. */
static void add_facts(struct story *s)
{
	const struct observation *like = s->facts->v[0];

	for (unsigned int i = 0; i < SERVERS; i++)
		for (unsigned int t = 0; t < TRIES; t++) {
			struct observation o = *like;

			o.ask.server = server(i);
			o.ask.source.port = (uint16_t)(1000 + t);
			o.from.port = o.ask.source.port;
			o.sent = 1 + (uint64_t)i * 5000 + t * 100;
			o.done = o.sent + 20000;
			if (t % 2) {
				o.outcome = OUTCOME_TIMEOUT;
				o.msg = NULL;
			}
			facts_add(s->facts, &o);
		}
}

static void add_servers(struct story *s)
{
	struct cut_zone *zone = &s->tree->zones.v[s->tree->last];
	struct cut_server like = zone->servers.v[0];

	for (unsigned int i = 0; i < SERVERS; i++) {
		struct sweep_result w = s->inferences->sweeps.v[0];

		like.addr = server(i);
		like.ns = story_name(
			s->a, arena_printf(s->a, "server-%u.of.a.large.zone.example.", i));
		vec_push(s->a, &zone->servers, like);
		w.server = like.addr;
		portset_add(&w.ports.blocked, (uint16_t)(2000 + 10 * (i % 16)));
		vec_push(s->a, &s->inferences->sweeps, w);
	}
}

static void add_findings(struct story *s, size_t first)
{
	for (unsigned int i = 0; i < FINDINGS; i++) {
		const struct fault *fault = fault_table[i % fault_count];
		struct finding *x = findings_add(&s->findings, fault->id,
			i % 3 ? SEV_WARNING : SEV_NOTICE, i % 2 ? WHERE_FAR : WHERE_ZONE);
		struct addr addr = server(i % SERVERS);

		x->subject = s->facts->question.name;
		x->confidence = 0.999;
		finding_server(&s->findings, x, &addr);
		for (unsigned int k = 0; k < EVIDENCE; k++)
			finding_evidence(
				&s->findings, x, first + (i * TRIES + k) % (SERVERS * TRIES));
	}
}

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(void)
{
	struct arena *a = arena_new();
	struct story s = story_filter(a);
	struct check_input in = story_input(&s);
	struct buf page = { .arena = a };
	size_t first = s.facts->n;
	const struct report *r;
	double begin, made, drawn;

	add_facts(&s);
	add_servers(&s);
	add_findings(&s, first);
	begin = seconds();
	r = report_make(a, &in, &s.findings, check_verdict(&in, &s.findings));
	made = seconds();
	report_html(r, &page);
	drawn = seconds();
	fwrite(page.p, 1, page.n, stdout);
	fprintf(stderr, "%zu findings, %d servers: report %.3f s, page %.3f s, %.1f MB\n",
		r->findings.n, SERVERS, made - begin, drawn - made, (double)page.n / 1e6);
	arena_free(a);
	return 0;
}
