/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Feeds the files of a corpus to a fuzz target: a TAP line each. Arguments replace the corpus. */
#include <dirent.h>
#include <stdlib.h>

#include "fuzz/fuzz.h"
#include "tap.h"

/* Runs on a copy of the exact size, so that ASan sees a byte read too far. */
static void replay_bytes(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size ? size : 1);

	if (!copy)
		abort();
	if (size)
		memcpy(copy, data, size);
	LLVMFuzzerTestOneInput(copy, size);
	free(copy);
}

/* A file whole, and cut short: what arrives damaged is cut more often than not. */
static void replay_file(const char *path)
{
	static uint8_t data[1 << 20];
	FILE *f = fopen(path, "rb");
	size_t n;

	if (!f) {
		ok(false, "%s cannot be opened", path);
		return;
	}
	n = fread(data, 1, sizeof(data), f);
	fclose(f);
	/* A crash ends the run: the name must stand before it. */
	printf("# %s\n", path);
	fflush(stdout);
	replay_bytes(data, n);
	for (size_t cut = 0; cut < n && cut < 600; cut++)
		replay_bytes(data, cut);
	ok(true, "%s", strrchr(path, '/') ? strrchr(path, '/') + 1 : path);
}

static int is_file(const struct dirent *e)
{
	return e->d_name[0] != '.';
}

static void replay_folder(const char *folder)
{
	struct dirent **entries;
	int n = scandir(folder, &entries, is_file, alphasort);

	ok(n > 0, "the corpus has files");
	for (int i = 0; i < n; i++) {
		char path[4096];

		snprintf(path, sizeof(path), "%s/%s", folder, entries[i]->d_name);
		replay_file(path);
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		replay_file(argv[i]);
	if (argc == 1)
		replay_folder(FUZZ_CORPUS);
	return tap_done();
}
