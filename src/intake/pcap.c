/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files of packets, read by libpcap. */
#include "intake/pcap.h"

#include <errno.h>
#include <inttypes.h>
#include <pcap/pcap.h>
#include <string.h>

#include "base/err.h"

_Static_assert(DLT_NULL == (int)PACKET_LINK_NULL && DLT_EN10MB == (int)PACKET_LINK_ETHERNET &&
		       DLT_RAW == (int)PACKET_LINK_RAW && DLT_LOOP == (int)PACKET_LINK_LOOP &&
		       DLT_LINUX_SLL == (int)PACKET_LINK_SLL && DLT_IPV4 == (int)PACKET_LINK_IPV4 &&
		       DLT_IPV6 == (int)PACKET_LINK_IPV6 && DLT_LINUX_SLL2 == (int)PACKET_LINK_SLL2,
	"link types are those of libpcap");

uint64_t pcap_time(const struct pcap_pkthdr *head)
{
	int64_t at;

	if (__builtin_mul_overflow((int64_t)head->ts.tv_sec, INT64_C(1000000), &at) ||
		__builtin_add_overflow(at, (int64_t)head->ts.tv_usec, &at) || at < 0)
		return 0;
	return (uint64_t)at;
}

/* Feeds all packets; why it ended early, NULL: it did not. */
static const char *feed(struct pairing *p, pcap_t *pcap, struct arena *a, uint64_t most)
{
	struct pcap_pkthdr *head;
	const u_char *bytes;
	uint64_t n = 0;
	int rc;

	while ((rc = pcap_next_ex(pcap, &head, &bytes)) == 1) {
		if (most && n++ == most)
			return arena_printf(a, "only %" PRIu64 " packets were read", most);
		pairing_packet(p, &(struct packet_raw){ pcap_datalink(pcap), pcap_time(head),
					  { bytes, head->caplen } });
	}
	return rc == PCAP_ERROR ? arena_str(a, pcap_geterr(pcap)) : NULL;
}

int pcap_sightings_stream(struct facts *f, FILE *stream, const struct pairing_filter *filter,
	struct pairing_report *ret)
{
	struct pairing_filter own = *filter;
	char why[PCAP_ERRBUF_SIZE] = "";
	struct pairing *p;
	pcap_t *pcap;

	*ret = (struct pairing_report){ 0 };
	pcap = pcap_fopen_offline_with_tstamp_precision(stream, PCAP_TSTAMP_PRECISION_MICRO, why);
	if (!pcap) {
		if (stream != stdin)
			fclose(stream);
		ret->why = arena_str(f->arena, why);
		return -ERR_PARSE;
	}
	own.source = SIGHT_CAPTURE;
	p = pairing_new(f->arena, &own);
	pairing_report(p)->why = feed(p, pcap, f->arena, own.packets_most);
	pairing_end(p, 0, f);
	*ret = *pairing_report(p);
	pairing_free(p);
	pcap_close(pcap);
	return 0;
}

int pcap_sightings(struct facts *f, const char *path, const struct pairing_filter *filter,
	struct pairing_report *ret)
{
	FILE *stream = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");

	if (stream)
		return pcap_sightings_stream(f, stream, filter, ret);
	*ret = (struct pairing_report){ .why = arena_str(f->arena, strerror(errno)) };
	return -ERR_OPEN;
}
