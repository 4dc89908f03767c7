/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sentences of remarks, in the slugs' order. */
#include "intake/config_words.h"

#include <string.h>

#include "base/err.h"

/* clang-format off */
const struct config_word config_words[] = {
	{ "bad-value", "this value cannot be read, and was passed over" },
	{ "caps-for-id",
		"letters of names are asked in random case (0x20), which answers must repeat" },
	{ "computed", "this is computed when the program starts: what comes of it is not known here" },
	{ "empty-pool", "no port is left that a query could leave from" },
	{ "family-off", "queries to servers of this family are turned off" },
	{ "forward-first", "other servers are asked when the forwarders do not answer" },
	{ "forward-name", "a forwarder is given by name: its addresses are not known here" },
	{ "ignored-option",
		"this build of the program leaves ports to the kernel and ignores the option" },
	{ "include-too-deep", "files include each other deeper than is followed here" },
	{ "kernel-helps",
		"with so few ports, all may be in use: then the kernel chooses one of its own" },
	{ "kernel-range-unread",
		"the kernel's range of ports could not be read: Linux' default is taken" },
	{ "low-ports", "ports below 1024 need a privilege: without it no query leaves from them" },
	{ "many-addresses", "queries leave from several addresses" },
	{ "no-upstream", "nothing in the configuration sends queries" },
	{ "obsolete-option", "the program reads this option and does not obey it" },
	{ "old-settings", "this version reads this syntax only with --enable-old-settings" },
	{ "other-file", "this version reads the file beside it instead" },
	{ "refused-option", "the program does not start with this setting" },
	{ "removed-option",
		"this version of the program has no such option any more, and does not start with it" },
	{ "sockets-kept",
		"a socket that was answered is used for further queries until it was idle this long" },
	{ "syntax", "the file does not follow its grammar: some of it may be missing here" },
	{ "tcp-only", "these queries leave over TCP, which the pool does not speak of" },
	{ "too-many-files", "the configuration has more files than are read here" },
	{ "too-many-pools", "the configuration makes more pools than are kept here" },
	{ "unread-file", "this file could not be read: what it says is missing here" },
	{ "view-pool", "a view has a pool of its own, and which view asks is not known" },
};
/* clang-format on */
const size_t config_nwords = ARRAY_LEN(config_words);

const char *config_words_text(const char *slug)
{
	for (size_t i = 0; i < config_nwords; i++)
		if (strcmp(config_words[i].slug, slug) == 0)
			return config_words[i].text;
	return NULL;
}
