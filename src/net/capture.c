/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Live capture by libpcap. */
#include "net/capture.h"

#include <pcap/pcap.h>

#include "base/err.h"

/* Octets: some thousand packets while we are busy; or some hundred thousand. */
enum { BUFFER = 4 * 1024 * 1024, BUFFER_WHOLE = 32 * 1024 * 1024 };

/*
 * Types of ICMP errors: RFC 792 and RFC 4443, as intake/packet.h takes them. "port 53" finds
 * neither fragments nor what stands behind IPv6 extension headers; replies may be fragments.
 */
static const char filter_dns[] =
	"port 53 or (icmp and (icmp[0] = 3 or icmp[0] = 11 or icmp[0] = 12)) or "
	"(icmp6 and (ip6[40] = 1 or ip6[40] = 3 or ip6[40] = 4)) or ip6 proto 44";

struct capture {
	pcap_t *pcap;
	int link;
	void (*take)(void *user, const struct capture_packet *p);
	void *user;
};

static const struct {
	int status, err;
} refusals[] = {
	{ PCAP_ERROR_PERM_DENIED, -ERR_PRIVILEGE },
	{ PCAP_ERROR_PROMISC_PERM_DENIED, -ERR_PRIVILEGE },
	{ PCAP_ERROR_NO_SUCH_DEVICE, -ERR_NONE },
};

/* The error of a status of libpcap, whose text is *ret_why. */
static int refused(struct arena *a, pcap_t *pcap, int status, const char **ret_why)
{
	const char *more = pcap_geterr(pcap);

	*ret_why = more[0] ? arena_printf(a, "%s (%s)", pcap_statustostr(status), more)
			   : arena_str(a, pcap_statustostr(status));
	for (size_t i = 0; i < ARRAY_LEN(refusals); i++)
		if (refusals[i].status == status)
			return refusals[i].err;
	return -ERR_OPEN;
}

static int set_filter(pcap_t *pcap, const char *filter)
{
	struct bpf_program program;
	int status = pcap_compile(pcap, &program, filter, 1, PCAP_NETMASK_UNKNOWN);

	if (status < 0)
		return status;
	status = pcap_setfilter(pcap, &program);
	pcap_freecode(&program);
	return status;
}

/* 0, or a negative status of libpcap; warnings, such as that "any" cannot be promiscuous, are 0. */
static int set_up(pcap_t *pcap, const struct capture_conf *conf)
{
	char why[PCAP_ERRBUF_SIZE];
	int status;

	pcap_set_snaplen(pcap, conf->whole ? CAPTURE_WHOLE : CAPTURE_SNAP);
	pcap_set_buffer_size(pcap, conf->whole ? BUFFER_WHOLE : BUFFER);
	/*
	 * Each packet at once takes a ring of frames, each as long as the longest packet; blocks
	 * are handed over when they are full or have waited, and hold many.
	 */
	if (conf->whole)
		pcap_set_timeout(pcap, CAPTURE_BLOCK);
	else
		pcap_set_immediate_mode(pcap, 1);
	status = pcap_activate(pcap);
	if (status < 0)
		return status;
	status = set_filter(pcap, conf->filter ? conf->filter : filter_dns);
	return status < 0 ? status : pcap_setnonblock(pcap, 1, why);
}

int capture_open(struct arena *a, const struct capture_conf *conf, struct capture **ret,
	const char **ret_why)
{
	char why[PCAP_ERRBUF_SIZE] = "";
	pcap_t *pcap = pcap_create(conf->device, why);
	struct capture *c;
	int status;

	if (!pcap) {
		*ret_why = arena_str(a, why);
		return -ERR_OPEN;
	}
	status = set_up(pcap, conf);
	if (status < 0) {
		int rc = refused(a, pcap, status, ret_why);

		pcap_close(pcap);
		return rc;
	}
	c = arena_alloc(a, sizeof(*c));
	c->pcap = pcap;
	c->link = pcap_datalink(pcap);
	*ret = c;
	return 0;
}

void capture_close(struct capture *c)
{
	if (c)
		pcap_close(c->pcap);
}

int capture_filter(struct capture *c, const char *filter)
{
	return set_filter(c->pcap, filter) < 0 ? -ERR_PARSE : 0;
}

int capture_link(const struct capture *c)
{
	return c->link;
}

int capture_fd(const struct capture *c)
{
	return pcap_get_selectable_fd(c->pcap);
}

static void hand_over(u_char *user, const struct pcap_pkthdr *head, const u_char *bytes)
{
	struct capture *c = (struct capture *)(void *)user;

	c->take(c->user, &(struct capture_packet){ c->link,
				 (uint64_t)head->ts.tv_sec * 1000000 + (uint64_t)head->ts.tv_usec,
				 head->len, { bytes, head->caplen } });
}

int capture_drain(
	struct capture *c, void (*take)(void *user, const struct capture_packet *p), void *user)
{
	int n;

	c->take = take;
	c->user = user;
	n = pcap_dispatch(c->pcap, CAPTURE_DRAIN_MOST, hand_over, (u_char *)c);
	return n < 0 ? -ERR_SYSTEM : n;
}

uint64_t capture_dropped(const struct capture *c)
{
	struct pcap_stat st;

	return pcap_stats(c->pcap, &st) < 0 ? 0 : (uint64_t)st.ps_drop + st.ps_ifdrop;
}
