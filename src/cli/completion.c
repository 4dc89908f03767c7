/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scripts for shells, written from the tables. */
#include "cli/completion.h"

#include <string.h>

#include "base/err.h"
#include "cli/prose.h"
#include "fault/fault.h"

const char *const completion_shells[] = { "bash", "zsh", "fish", NULL };

/* Of lookup those that dig has not: its own are left to those who know them by heart. */
static struct opt_table options_of(const struct verb *v)
{
	static const struct opt none[1];

	return v->options ? *v->options : (struct opt_table){ none, 0 };
}

static void put_choices(struct buf *b, const struct opt *o)
{
	for (size_t i = 0; o->choices && o->choices[i]; i++)
		buf_printf(b, "%s%s", i ? " " : "", o->choices[i]);
}

static bool is_file(const struct opt *o)
{
	return o->arg && strstr(o->arg, "FILE");
}

/* bash ----------------------------------------------------------------------------------------- */

static void bash_words(struct buf *b, struct opt_table t)
{
	for (const struct opt *o = t.rows; o < t.rows + t.n; o++) {
		if (o->brief)
			buf_printf(b, " -%c", o->brief);
		if (o->name)
			buf_printf(b, " --%s", o->name);
		if (o->type == OPT_MAYBE && o->arg)
			buf_printf(b, " --%s=%s", o->name, o->arg);
	}
}

/* What follows the option: one of its choices, a file, or nothing that could be known. */
static void bash_value(struct buf *b, const char *verb, const struct opt *o)
{
	if (o->type == OPT_FLAG || o->type == OPT_MAYBE)
		return;
	buf_printf(b, "\t%s:", verb);
	if (o->brief && o->name)
		buf_printf(b, "-%c|%s:", o->brief, verb);
	buf_printf(b, o->name ? "--%s)" : "-%s)",
		o->name ? o->name : (const char[]){ o->brief, '\0' });
	if (o->choices) {
		buf_str(b, " words='");
		put_choices(b, o);
		buf_char(b, '\'');
	} else {
		buf_str(b, is_file(o) ? " files=yes" : " :");
	}
	buf_str(b, " ;;\n");
}

static void bash_verb(struct buf *b, const struct verb *v)
{
	buf_printf(b, "\t%s) words='", v->name);
	if (strcmp(v->name, "explain") == 0) {
		for (size_t i = 0; i < fault_count; i++)
			buf_printf(b, "%s ", fault_table[i]->id);
	} else if (strcmp(v->name, "help") == 0) {
		for (size_t i = 0; i < verb_count; i++)
			buf_printf(b, "%s ", verb_table[i].name);
	}
	bash_words(b, options_of(v));
	buf_printf(b, "'%s ;;\n", strcmp(v->name, "judge") == 0 ? " files=yes" : "");
}

static void put_bash(struct buf *b)
{
	buf_str(b, "# bash completion for dnsfault, written by: dnsfault help --completion bash\n"
		   "_dnsfault()\n{\n"
		   "\tlocal word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}\n"
		   "\tlocal verb=diagnose words='' files='' asked=no\n"
		   "\tCOMPREPLY=()\n"
		   "\tcase ${COMP_WORDS[1]} in\n\t");
	for (size_t i = 0; i < verb_count; i++)
		buf_printf(b, "%s%s", i ? "|" : "", verb_table[i].name);
	buf_str(b, ") verb=${COMP_WORDS[1]} ;;\n\tesac\n"
		   "\tif ((COMP_CWORD == 1)); then\n\t\twords='--help --version");
	for (size_t i = 0; i < verb_count; i++)
		buf_printf(b, " %s", verb_table[i].name);
	buf_str(b, "'\n\t\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\")\n"
		   "\t\treturn\n\tfi\n"
		   "\tasked=yes\n\tcase $verb:$before in\n");
	for (size_t i = 0; i < verb_count; i++) {
		struct opt_table t = options_of(&verb_table[i]);

		for (const struct opt *o = t.rows; o < t.rows + t.n; o++)
			bash_value(b, verb_table[i].name, o);
	}
	buf_str(b, "\t*) asked=no ;;\n\tesac\n"
		   "\tif [[ $asked == no ]]; then\n\tcase $verb in\n");
	for (size_t i = 0; i < verb_count; i++)
		bash_verb(b, &verb_table[i]);
	buf_str(b, "\tesac\n\tfi\n"
		   "\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\"\n"
		   "\t\t[[ -z $files ]] || compgen -f -- \"$word\")\n"
		   "}\ncomplete -F _dnsfault dnsfault\n");
}

/* zsh ------------------------------------------------------------------------------------------ */

/* Inside of '...': brackets and colons of help have a meaning for _arguments. */
static void zsh_text(struct buf *b, const char *text)
{
	for (; *text; text++) {
		if (*text == '\'')
			buf_str(b, "'\\''");
		else if (strchr("[]:\\", *text))
			buf_printf(b, "\\%c", *text);
		else
			buf_char(b, *text);
	}
}

static void zsh_value(struct buf *b, const struct opt *o)
{
	if (!o->arg)
		return;
	buf_char(b, ':');
	if (o->type == OPT_MAYBE)
		buf_char(b, ':');
	zsh_text(b, o->arg);
	buf_char(b, ':');
	if (o->choices) {
		buf_char(b, '(');
		put_choices(b, o);
		buf_char(b, ')');
	} else if (is_file(o)) {
		buf_str(b, "_files");
	}
}

static void zsh_option(struct buf *b, const struct opt *o, bool brief)
{
	buf_str(b, o->type == OPT_TEXTS ? "\t\t'*" : "\t\t'");
	if (brief)
		buf_printf(b, "-%c%s", o->brief, o->arg ? "+" : "");
	else
		buf_printf(b, "--%s%s", o->name, o->type == OPT_MAYBE ? "=-" : o->arg ? "=" : "");
	buf_char(b, '[');
	zsh_text(b, o->help);
	buf_char(b, ']');
	zsh_value(b, o);
	buf_str(b, "' \\\n");
}

static void put_zsh(struct buf *b)
{
	buf_str(b, "#compdef dnsfault\n"
		   "# zsh completion for dnsfault, written by: dnsfault help --completion zsh\n"
		   "local verb=diagnose\nlocal -a verbs\nverbs=(\n");
	for (size_t i = 0; i < verb_count; i++) {
		buf_printf(b, "\t'%s:", verb_table[i].name);
		zsh_text(b, verb_table[i].help);
		buf_str(b, "'\n");
	}
	buf_str(b, ")\nif ((CURRENT == 2)); then\n\t_describe verb verbs\n\treturn\nfi\n"
		   "((${+verbs[(r)$words[2]:*]})) && verb=$words[2]\n"
		   "shift words\n((CURRENT--))\ncase $verb in\n");
	for (size_t i = 0; i < verb_count; i++) {
		struct opt_table t = options_of(&verb_table[i]);

		buf_printf(b, "%s)\n\t_arguments -s \\\n", verb_table[i].name);
		for (const struct opt *o = t.rows; o < t.rows + t.n; o++) {
			if (o->brief)
				zsh_option(b, o, true);
			if (o->name)
				zsh_option(b, o, false);
		}
		buf_printf(b, "\t\t'*:word:%s'\n\t;;\n",
			strcmp(verb_table[i].name, "judge") == 0 ? "_files" : "");
	}
	buf_str(b, "esac\n");
}

/* fish ----------------------------------------------------------------------------------------- */

static void fish_text(struct buf *b, const char *text)
{
	buf_char(b, '\'');
	for (; *text; text++) {
		if (*text == '\'' || *text == '\\')
			buf_char(b, '\\');
		buf_char(b, *text);
	}
	buf_char(b, '\'');
}

static void fish_option(struct buf *b, const char *verb, const struct opt *o)
{
	buf_printf(b, "complete -c dnsfault -n '__dnsfault_verb %s'", verb);
	if (o->brief)
		buf_printf(b, " -s %c", o->brief);
	if (o->name)
		buf_printf(b, " -l %s", o->name);
	if (o->arg && o->type != OPT_MAYBE)
		buf_str(b, is_file(o) ? " -r -F" : " -x");
	if (o->choices && o->type != OPT_MAYBE) {
		buf_str(b, " -a '");
		put_choices(b, o);
		buf_char(b, '\'');
	}
	buf_str(b, " -d ");
	fish_text(b, o->help);
	buf_char(b, '\n');
}

static void put_fish(struct buf *b)
{
	buf_str(b, "# fish completion for dnsfault, written by: dnsfault help --completion fish\n"
		   "function __dnsfault_verb\n\tset -l verb (commandline -opc)[2]\n"
		   "\tcontains -- \"$verb\"");
	for (size_t i = 0; i < verb_count; i++)
		buf_printf(b, " %s", verb_table[i].name);
	buf_str(b, "; or set verb diagnose\n\ttest \"$verb\" = $argv[1]\nend\n"
		   "complete -c dnsfault -f\n");
	for (size_t i = 0; i < verb_count; i++) {
		struct opt_table t = options_of(&verb_table[i]);

		buf_printf(b, "complete -c dnsfault -n __fish_use_subcommand -a %s -d ",
			verb_table[i].name);
		fish_text(b, verb_table[i].help);
		buf_char(b, '\n');
		for (const struct opt *o = t.rows; o < t.rows + t.n; o++)
			fish_option(b, verb_table[i].name, o);
	}
	buf_str(b, "complete -c dnsfault -n '__dnsfault_verb judge' -F\n");
}

int completion_script(const char *shell, struct buf *out)
{
	static void (*const scripts[])(struct buf * b) = { put_bash, put_zsh, put_fish };

	for (size_t i = 0; completion_shells[i]; i++) {
		if (strcmp(completion_shells[i], shell) == 0)
			return scripts[i](out), 0;
	}
	return -ERR_NONE;
}

/* man ------------------------------------------------------------------------------------------ */

static void man_option(struct buf *b, const struct opt *o)
{
	buf_char(b, '\n');
	if (o->brief)
		buf_printf(b, "*-%c*%s", o->brief, o->name ? ", " : "");
	if (o->name)
		buf_printf(b, "*--%s*", o->name);
	if (o->arg) {
		buf_str(b, o->type == OPT_MAYBE ? "[=" : " ");
		prose_scdoc(b, o->arg);
		buf_str(b, o->type == OPT_MAYBE ? "]" : "");
	}
	buf_str(b, "\n\t");
	prose_scdoc(b, o->help);
	buf_str(b, ".\n");
}

void completion_man(const struct verb *v, struct buf *out)
{
	struct opt_table t = options_of(v);

	buf_printf(out, "dnsfault-%s(1)\n\n# NAME\n\ndnsfault-%s - ", v->name, v->name);
	prose_scdoc(out, v->help);
	buf_str(out, "\n\n# SYNOPSIS\n\n*dnsfault* ");
	prose_scdoc(out, v->usage);
	buf_str(out, "\n");
	if (v->text) {
		buf_str(out, "\n# DESCRIPTION\n\n");
		prose_scdoc(out, v->text);
		buf_char(out, '\n');
	}
	if (t.n)
		buf_str(out, "\n# OPTIONS\n");
	for (const struct opt *o = t.rows; o < t.rows + t.n; o++)
		man_option(out, o);
	buf_str(out, "\n# EXIT STATUS\n\n0 no fault, 1 fault found, 2 usage, 3 could not decide, 4 "
		     "failed here.\n\n# SEE ALSO\n\n*dnsfault*(1), *dnsfault-faults*(7)\n");
}
