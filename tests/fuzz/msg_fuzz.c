/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fuzz target: any octets are read, judged and printed without a crash, and read again the same.
 * Build it with clang -fsanitize=fuzzer,address,undefined; with -DREPLAY it is a program that runs
 * the files of the folder that its argument names.
 */
#include <dirent.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "dns/msg.h"
#include "dns/rr.h"
#include "dns/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "broken: %s\n", what);
	abort();
}

static void ask_meaning(const struct msg *m)
{
	struct question q = { .name = &name_root, .type = RR_MX, .class = CLASS_IN };
	struct name end;

	if (m->nquestions)
		q = m->questions[0];
	must(msg_meaning(m, &q, NULL) <= MEANS_UNREADABLE, "a meaning");
	msg_meaning(m, &q, &name_root);
	end = name_parent(q.name);
	msg_meaning(m, &q, &end);
	end = msg_chain_end(m, &q);
	must(end.len > 0 || m->ndefects, "the chain's end is a name");
}

static void print_rr(struct buf *b, const struct msg *m, const struct rr *rr)
{
	char text[NAME_TEXT];
	struct name again;
	struct soa soa;
	size_t from;

	must(rr->rdata_offset + rr->rdlength <= m->end, "rdata lies before the end");
	if (rr->owner->len) {
		must(name_parse(name_text(rr->owner, text), &again) == 0, "owner's text is a name");
		must(name_same_case(&again, rr->owner), "and the same");
	}
	from = b->n = 0;
	text_rdata(b, m, rr);
	must(b->n > from, "rdata has a text");
	for (; from < b->n; from++)
		must(b->p[from] >= ' ' && b->p[from] <= '~', "of printable characters");
	msg_rdata_soa(m, rr, &soa);
}

static void check_again(struct arena *a, const struct msg *m)
{
	const struct msg *again = msg_read(a, m->wire);

	must(again->end == m->end && again->nrrs == m->nrrs && again->rcode == m->rcode &&
			again->ndefects == m->ndefects && again->edns.nopts == m->edns.nopts,
		"read again the same");
	must(m->ndefects || m->end == m->wire.n, "all is understood, or there is a defect");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	struct buf b = { .arena = a };
	const struct msg *m = msg_read(a, (struct span){ data, size });

	ask_meaning(m);
	for (size_t i = 0; i < m->nrrs; i++)
		print_rr(&b, m, &m->rrs[i]);
	for (size_t i = 0; i < m->edns.nopts; i++) {
		const struct edns_opt *o = &m->edns.opts[i];

		text_safe(&b, (struct span){ o->data, o->length });
		must(msg_option(m, o->code) != NULL, "an option is found");
	}
	msg_defects_text(m, &b);
	check_again(a, m);
	arena_free(a);
	return 0;
}

#ifdef REPLAY
static void replay(const char *path)
{
	static uint8_t data[1 << 17];
	FILE *f = fopen(path, "rb");

	must(f != NULL, path);
	LLVMFuzzerTestOneInput(data, fread(data, 1, sizeof(data), f));
	fclose(f);
}

int main(int argc, char **argv)
{
	DIR *dir = argc == 2 ? opendir(argv[1]) : NULL;
	struct dirent *entry;
	int n = 0;

	must(dir != NULL, "one folder as argument");
	while ((entry = readdir(dir))) {
		char path[PATH_MAX];

		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", argv[1], entry->d_name);
		replay(path);
		printf("ok %d - %s\n", ++n, entry->d_name);
	}
	closedir(dir);
	printf("1..%d\n", n);
	return n ? 0 : 1;
}
#endif
