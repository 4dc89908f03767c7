/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the user asked for, from argv, a settings file and the environment. */
#include "cli/settings.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/err.h"
#include "cli/file.h"

#define AT(member) .at = offsetof(struct settings, member)

enum { DEFAULT_RATE = 50, DEFAULT_TIMEOUT = 2000 };
enum { RATE_MOST = 1000000, BUDGET_MOST = 100000000, TIMEOUT_MOST = 60000 };

static const char *const whens[] = { "auto", "always", "never", NULL };

static const struct opt rows[] = {
	{ OPT_FLAG, .brief = '4', AT(v4_only), .help = "use IPv4 only" },
	{ OPT_FLAG, .brief = '6', AT(v6_only), .help = "use IPv6 only" },
	{ OPT_ADDR, .brief = 'b', .arg = "ADDR", AT(source), .help = "send from this address" },
	{ OPT_NAME, .brief = 'q', .arg = "NAME", AT(qname), .help = "ask servers for this name" },
	{ OPT_TYPE, .brief = 't', .arg = "TYPE", AT(qtype), .help = "ask servers for this type" },
	{ OPT_FLAG, .name = "full", AT(full), .help = "ask from every port 1-65535" },
	{ OPT_PORTS, .name = "ports", .arg = "SET", AT(ports),
		.help = "judge these ports only, as in 1-1023,5353" },
	{ OPT_FLAG, .name = "tcp", AT(tcp), .help = "sweep over TCP instead of UDP" },
	{ OPT_FLAG, .name = "no-locate", AT(no_locate),
		.help = "where ports are blocked, ask no control servers and trace no path" },
	{ OPT_TEXTS, .name = "control", .arg = "SERVER[/NAME[/TYPE]]", AT(controls),
		.help = "a server of another operator to compare with; repeat" },
	{ OPT_UINT, .name = "rate", .arg = "N", AT(rate), .max = RATE_MOST,
		.help = "most queries a second to one server (default 50; 0: no limit, only for "
			"special-purpose addresses unless --yes)" },
	{ OPT_UINT, .name = "budget", .arg = "N", AT(budget), .min = 1, .max = BUDGET_MOST,
		.help = "most queries to one server (default 2000)" },
	{ OPT_UINT, .name = "timeout", .arg = "MS", AT(timeout), .min = 10, .max = TIMEOUT_MOST,
		.help = "longest wait for one reply (default 2000)" },
	{ OPT_TEXT, .name = "root-hints", .arg = "FILE", AT(root_hints),
		.help = "root servers to start from, a hints file" },
	{ OPT_FLAG, .name = "json", AT(json), .help = "print one JSON document" },
	{ OPT_TEXT, .name = "save", .arg = "FILE", AT(save),
		.help = "save all facts as JSON lines, for judge" },
	{ OPT_TEXT, .name = "settings", .arg = "FILE", AT(file),
		.help = "read defaults of options from here" },
	{ OPT_CHOICE, .name = "color", .arg = "WHEN", AT(color), .choices = whens,
		.help = "auto, always or never" },
	{ OPT_CHOICE, .name = "progress", .arg = "WHEN", AT(progress), .choices = whens,
		.help = "auto, always or never" },
	{ OPT_U64, .name = "seed", .arg = "N", AT(seed),
		.help = "seed of all random choices (default: from the kernel)" },
	{ OPT_FLAG, .name = "yes", AT(yes), .help = "go on where a large load needs consent" },
	{ OPT_FLAG, .brief = 'h', .name = "help", AT(help), .help = "show this help" },
};

const struct opt_table settings_sweeping = { rows, ARRAY_LEN(rows) };

struct settings settings_defaults(void)
{
	return (struct settings){
		.rate = DEFAULT_RATE,
		.timeout = DEFAULT_TIMEOUT,
	};
}

static int read_lines(struct arena *a, struct span text, struct settings *s, struct opt_result *ret)
{
	char *copy = arena_alloc(a, text.n + 1), *save = NULL;
	unsigned int n = 0;

	memcpy(copy, text.p, text.n);
	for (char *line = strtok_r(copy, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		int err;

		n++;
		line += strspn(line, " \t");
		if (*line == '\0' || *line == '#')
			continue;
		err = opt_setting((struct opt_into){ a, s }, settings_sweeping, line, ret);
		if (err < 0)
			return err;
	}
	return 0;
}

/* The file named, or the first of the usual ones that exists. */
static const char *find_file(struct arena *a, const char *given)
{
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	const char *path = NULL;

	if (given)
		return given;
	if (config && *config)
		path = arena_printf(a, "%s/dnsfault/settings", config);
	else if (home && *home)
		path = arena_printf(a, "%s/.config/dnsfault/settings", home);
	if (path && access(path, R_OK) == 0)
		return path;
	path = "/etc/dnsfault/settings";
	return access(path, R_OK) == 0 ? path : NULL;
}

static int read_file(struct arena *a, const char *given, struct settings *s, struct opt_result *ret)
{
	const char *path = find_file(a, given);
	struct span text;
	int err;

	if (!path)
		return 0;
	err = file_read(a, path, &text);
	if (err < 0) {
		ret->why = arena_printf(a, "settings file %s: %s", path, strerror(errno));
		return err;
	}
	err = read_lines(a, text, s, ret);
	if (err < 0)
		ret->why = arena_printf(a, "settings file %s: %s", path, ret->why);
	return err;
}

int settings_read(struct arena *a, struct opt_args args, struct settings *ret_settings,
	struct opt_result *ret)
{
	struct settings first = settings_defaults(), s = settings_defaults();
	int err = opt_parse((struct opt_into){ a, &first }, settings_sweeping, args, ret);

	/* argv is parsed first for --settings and its errors, then again over the file's values. */
	if (err < 0)
		return err;
	if (!first.help) {
		err = read_file(a, first.file, &s, ret);
		if (err < 0)
			return err;
	}
	*ret = (struct opt_result){ 0 };
	err = opt_parse((struct opt_into){ a, &s }, settings_sweeping, args, ret);
	if (err == 0)
		*ret_settings = s;
	return err;
}

static bool terminal(int fd)
{
	const char *term = getenv("TERM");

	return isatty(fd) && term && strcmp(term, "dumb") != 0;
}

bool settings_colour(const struct settings *s, int fd)
{
	const char *no = getenv("NO_COLOR");

	if (s->color != WHEN_AUTO)
		return s->color == WHEN_ALWAYS;
	return !(no && *no) && terminal(fd);
}

bool settings_progress(const struct settings *s)
{
	if (s->progress != WHEN_AUTO)
		return s->progress == WHEN_ALWAYS;
	return terminal(STDERR_FILENO);
}

unsigned int settings_width(void)
{
	struct winsize w;

	if (isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_col >= 40)
		return w.ws_col < 160 ? w.ws_col : 160;
	return 80;
}
