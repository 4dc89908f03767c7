/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The resolver's own side: what can be read and seen of it on this host. */
#include "cli/side.h"

#include <errno.h>
#include <ifaddrs.h>
#include <string.h>

#include "base/err.h"
#include "dns/rr.h"
#include "intake/config.h"
#include "intake/find.h"
#include "probe/lookup.h"

enum { VERSION_MOST = 32 };

void side_gap(struct run *r, enum gap_kind what, const char *why)
{
	vec_push(r->arena, &r->facts->gaps, (struct facts_gap){ (uint8_t)what, why });
}

/* "unbound", "bind-9.21.2", "knot-resolver-6.0.8": the kind, and a version behind the last dash. */
static const struct config_kind *read_kind(char *text, const char **ret_version)
{
	const struct config_kind *kind = config_kind_find(text);
	char *dash = strrchr(text, '-');

	*ret_version = NULL;
	if (kind || !dash || dash[1] < '0' || dash[1] > '9')
		return kind;
	*dash = '\0';
	*ret_version = dash + 1;
	return config_kind_find(text);
}

static const char *known_kinds(struct arena *a)
{
	struct buf b = { .arena = a };

	for (size_t i = 0; i < config_nkinds; i++)
		buf_printf(&b, "%s%s", i ? ", " : "", config_kinds[i].slug);
	return buf_text(&b);
}

static void keep_audit(struct run *r, const struct audit *a)
{
	vec_push(r->arena, &r->facts->audits, arena_dup(r->arena, a, sizeof(*a)));
}

static int read_config(struct run *r, const char *given)
{
	struct config_host host = config_host_real();
	struct find_host finder = find_host_real();
	char *kind = arena_str(r->arena, given), *path = strchr(kind, ':');
	struct config_file file = { 0 };
	const struct config_kind *row;
	const struct audit *audit;

	if (!path || !path[1])
		return run_complain(r,
			"--config %s: give KIND:FILE, as in unbound:/etc/unbound/unbound.conf",
			given);
	*path++ = '\0';
	row = read_kind(kind, &file.version);
	if (!row)
		return run_complain(r, "--config %s: '%s' is no kind of resolver; known are %s",
			given, kind, known_kinds(r->arena));
	file.kind = row->slug;
	if (!file.version)
		file.version = find_installed(r->arena, &finder, row->slug);
	file.path = path;
	errno = 0;
	if (config_read(r->arena, &host, &file, &audit) < 0)
		return run_complain(
			r, "--config %s: %s", given, errno ? strerror(errno) : "it cannot be read");
	keep_audit(r, audit);
	return 0;
}

int side_configs(struct run *r)
{
	for (size_t i = 0; i < r->settings.configs.n; i++) {
		int err = read_config(r, r->settings.configs.v[i]);

		if (err < 0)
			return err;
	}
	return 0;
}

struct addrs side_addresses(struct arena *a)
{
	struct addrs all = { 0 };
	struct ifaddrs *list;

	if (getifaddrs(&list) < 0)
		return all;
	for (const struct ifaddrs *i = list; i; i = i->ifa_next) {
		struct addr own = { 0 };

		if (i->ifa_addr)
			own = addr_with_port(addr_from_sockaddr(i->ifa_addr), 0);
		if (own.family != ADDR_NONE)
			vec_push(a, &all, own);
	}
	freeifaddrs(list);
	return all;
}

static bool is_local(struct arena *a, const struct addr *resolver)
{
	struct addrs all = side_addresses(a);

	vec_each (const struct addr, own, all)
		if (addr_same_host(own, resolver))
			return true;
	return addr_is_loopback(resolver);
}

/* A resolver whose process may not be looked at: a file that is the only one is most likely its. */
static bool guess(struct run *r, const struct find_host *h, struct found_resolver *ret)
{
	struct find_list list = { 0 };

	find_files(r->arena, h, &list);
	if (list.n != 1)
		return false;
	*ret = list.v[0];
	return true;
}

/* "unbound 1.17.1" is 1.17.1: the first number of the first string. */
static const char *first_number(struct arena *a, const struct msg *m)
{
	const struct rr *rr = msg_find(m, (struct rr_wanted){ MSG_ANSWER, RR_TXT, NULL });
	size_t at = 1, n = 0;

	while (rr && at < rr->rdlength && (rr->rdata[at] < '0' || rr->rdata[at] > '9'))
		at++;
	while (rr && at + n < rr->rdlength && n < VERSION_MOST &&
		(rr->rdata[at + n] == '.' ||
			(rr->rdata[at + n] >= '0' && rr->rdata[at + n] <= '9')))
		n++;
	return n ? arena_printf(a, "%.*s", (int)n, (const char *)rr->rdata + at) : NULL;
}

/*
 * What the resolver itself says of its version: its program may be out of reach, as in a container.
 * version.bind is no standard, and many are told to keep it to themselves.
 */
static const char *told_version(struct run *r, const struct addr *resolver)
{
	struct name name;
	struct lookup_plan plan = { .shape = shape_stub,
		.servers = resolver,
		.nservers = 1,
		.source = r->settings.source,
		.role = ROLE_VERSION,
		.tries = 1,
		.timeout = r->settings.timeout * 1000 };
	const struct observation *o;
	struct lookup *l;

	if (name_parse("version.bind", &name) < 0)
		return NULL;
	plan.question = (struct question){ name_keep(r->arena, &name), RR_TXT, CLASS_CH };
	l = lookup_new(r->arena, &plan);
	if (pump_run(r, lookup_probe(l), NULL) < 0)
		return NULL;
	o = lookup_last(l);
	return o && o->msg ? first_number(r->arena, o->msg) : NULL;
}

/* The found resolver's configuration; why not, or NULL. */
static const char *read_found(
	struct run *r, const struct addr *resolver, const struct found_resolver *found)
{
	struct config_host host = config_host_real();
	struct config_file file = { found->kind, found->config, found->version };
	const struct audit *audit;

	if (!found->kind)
		return arena_printf(r->arena, "%s listens there, which is not known here",
			found->exe ? found->exe : "a program");
	host.root = found->root;
	if (!file.version)
		file.version = told_version(r, resolver);
	errno = 0;
	if (config_read(r->arena, &host, &file, &audit) < 0)
		return arena_printf(r->arena, "%s: %s", found->config ? found->config : found->kind,
			errno ? strerror(errno) : "it cannot be read");
	keep_audit(r, audit);
	return NULL;
}

/* The process that listens there and its configuration, or why not. */
static void find(struct side *s)
{
	struct run *r = s->run;
	struct find_host host = find_host_real();
	struct found_resolver found = { 0 };
	int err = find_resolver(r->arena, &host, &s->resolver, &found);
	const char *why = NULL;

	s->pid = err < 0 ? 0 : found.pid;
	if (r->facts->audits.n)
		return;
	if (err == -ERR_PRIVILEGE && guess(r, &host, &found))
		err = 0;
	if (err == -ERR_PRIVILEGE)
		why = "its process belongs to somebody else: run this as root, or give --config "
		      "KIND:FILE";
	else if (err < 0)
		why = "no program was found that listens there: give --config KIND:FILE";
	else
		why = read_found(r, &s->resolver, &found);
	if (why)
		side_gap(r, GAP_CONFIG, why);
}

void side_find(struct run *r, const struct addr *resolver)
{
	struct side s = { .run = r, .resolver = *resolver };

	if (is_local(r->arena, resolver))
		find(&s);
}

void side_begin(struct side *s, struct run *r, const struct addr *resolver)
{
	*s = (struct side){
		.run = r, .resolver = *resolver, .local = is_local(r->arena, resolver)
	};
	if (s->local) {
		find(s);
		side_watch(s);
	}
}

void side_remote(struct side *s)
{
	if (!s->local && !s->run->facts->audits.n)
		side_gap(s->run, GAP_RESOLVER,
			"it runs on another host: run this there, or delegate a zone to dnsfault "
			"beacon and ask with dnsfault resolver --beacon");
}
