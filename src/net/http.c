/* SPDX-License-Identifier: GPL-3.0-or-later */
/* DNS over HTTP/2: one request a query (RFC 8484 4). */
#include "net/http.h"

#include <nghttp2/nghttp2.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"

static const char type[] = "application/dns-message";

/* One request and its reply; freed when its stream ends. */
struct call {
	struct call *next;
	int32_t id;
	struct span query; /* what of it is still to be sent; arena */
	unsigned int status;
	bool typed, large;
	uint8_t *body; /* heap */
	size_t n;
};

struct http {
	struct arena *arena;
	struct http_conf conf;
	nghttp2_session *session;
	struct call *calls;
	bool greeted, leaving; /* the server's SETTINGS came; its GOAWAY */
	bool broken;	       /* octets came that are no HTTP/2 */
};

static struct call *find(const struct http *h, int32_t id)
{
	struct call *c = h->calls;

	while (c && c->id != id)
		c = c->next;
	return c;
}

static void drop(struct http *h, struct call *c)
{
	struct call **at = &h->calls;

	while (*at != c)
		at = &(*at)->next;
	*at = c->next;
	free(c->body);
	free(c);
}

static bool same(const uint8_t *octets, size_t n, const char *text)
{
	return n == strlen(text) && memcmp(octets, text, n) == 0;
}

static unsigned int status_of(const uint8_t *v, size_t n)
{
	unsigned int status = 0;

	for (size_t i = 0; i < n && i < 3; i++)
		status = status * 10 + (unsigned int)(v[i] >= '0' && v[i] <= '9' ? v[i] - '0' : 0);
	return status;
}

/* What the library calls it with. NOLINTNEXTLINE(readability-function-size) */
static int on_header(nghttp2_session *session, const nghttp2_frame *frame, const uint8_t *name,
	size_t nname, const uint8_t *value, size_t nvalue, uint8_t flags, void *user)
{
	struct call *c = find(user, frame->hd.stream_id);

	(void)session;
	(void)flags;
	if (!c)
		return 0;
	if (same(name, nname, ":status"))
		c->status = status_of(value, nvalue);
	else if (same(name, nname, "content-type"))
		c->typed = nvalue >= strlen(type) && memcmp(value, type, strlen(type)) == 0;
	return 0;
}

/* What the library calls it with. NOLINTNEXTLINE(readability-function-size) */
static int on_data(nghttp2_session *session, uint8_t flags, int32_t id, const uint8_t *data,
	size_t n, void *user)
{
	struct call *c = find(user, id);

	(void)flags;
	if (!c || c->large)
		return 0;
	if (n > HTTP_BODY - c->n) {
		c->large = true;
		/* What more there is of it need not come. */
		nghttp2_submit_rst_stream(session, NGHTTP2_FLAG_NONE, id, NGHTTP2_CANCEL);
		return 0;
	}
	if (!c->body)
		c->body = malloc(HTTP_BODY);
	if (!c->body)
		err_no_memory();
	memcpy(c->body + c->n, data, n);
	c->n += n;
	return 0;
}

/* NULL: it is a message. */
static const char *wrong(const struct http *h, const struct call *c, uint32_t error)
{
	if (c->large)
		return "the HTTP reply is larger than any DNS message";
	if (error)
		return arena_printf(h->arena, "the server ended the HTTP/2 stream: %s",
			nghttp2_http2_strerror(error));
	if (c->status != 200)
		return arena_printf(h->arena, "the server answers with HTTP status %u for %s",
			c->status, h->conf.path);
	if (!c->typed)
		return "the HTTP reply is no application/dns-message";
	return c->n ? NULL : "the HTTP reply is empty";
}

/* RFC 9113 3.4: what comes first is SETTINGS. */
static int on_frame(nghttp2_session *session, const nghttp2_frame *frame, void *user)
{
	struct http *h = user;

	(void)session;
	h->greeted = h->greeted || frame->hd.type == NGHTTP2_SETTINGS;
	h->leaving = h->leaving || frame->hd.type == NGHTTP2_GOAWAY;
	return 0;
}

static int on_close(nghttp2_session *session, int32_t id, uint32_t error, void *user)
{
	struct http *h = user;
	struct call *c = find(h, id);
	const char *why;

	(void)session;
	if (!c)
		return 0;
	why = wrong(h, c, error);
	h->conf.reply(
		h->conf.user, id, why ? (struct span){ 0 } : (struct span){ c->body, c->n }, why);
	drop(h, c);
	return 0;
}

/* What the library calls it with. NOLINTNEXTLINE(readability-function-size) */
static ssize_t give_query(nghttp2_session *session, int32_t id, uint8_t *into, size_t n,
	uint32_t *flags, nghttp2_data_source *source, void *user)
{
	struct call *c = source->ptr;

	(void)session;
	(void)id;
	(void)user;
	n = n < c->query.n ? n : c->query.n;
	memcpy(into, c->query.p, n);
	c->query.p += n;
	c->query.n -= n;
	if (!c->query.n)
		*flags |= NGHTTP2_DATA_FLAG_EOF;
	return (ssize_t)n;
}

struct http *http_new(struct arena *a, const struct http_conf *conf)
{
	struct http *h = arena_alloc(a, sizeof(*h));
	nghttp2_session_callbacks *callbacks;
	static const nghttp2_settings_entry settings[] = {
		{ NGHTTP2_SETTINGS_ENABLE_PUSH, 0 },
		{ NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, 16384 },
	};

	*h = (struct http){ .arena = a, .conf = *conf };
	if (nghttp2_session_callbacks_new(&callbacks))
		err_no_memory();
	nghttp2_session_callbacks_set_on_header_callback(callbacks, on_header);
	nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, on_data);
	nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, on_frame);
	nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_close);
	if (nghttp2_session_client_new(&h->session, callbacks, h))
		err_no_memory();
	nghttp2_session_callbacks_del(callbacks);
	if (nghttp2_submit_settings(h->session, NGHTTP2_FLAG_NONE, settings, ARRAY_LEN(settings)))
		err_no_memory();
	return h;
}

void http_free(struct http *h)
{
	if (!h)
		return;
	nghttp2_session_del(h->session);
	while (h->calls)
		drop(h, h->calls);
}

/* RFC 4648 5 without padding, as RFC 8484 6 wants it. */
static const char *get_path(const struct http *h, struct span q)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	struct buf b = { .arena = h->arena };

	buf_printf(&b, "%s?dns=", h->conf.path);
	for (size_t i = 0; i < q.n; i += 3) {
		uint32_t bits = (uint32_t)q.p[i] << 16;

		bits |= i + 1 < q.n ? (uint32_t)q.p[i + 1] << 8 : 0;
		bits |= i + 2 < q.n ? q.p[i + 2] : 0;
		for (size_t k = 0; k < 4 && k <= q.n - i; k++)
			buf_char(&b, digits[bits >> (18 - 6 * k) & 63]);
	}
	return buf_text(&b);
}

static nghttp2_nv header(const char *name, const char *value)
{
	return (nghttp2_nv){ (uint8_t *)name, (uint8_t *)value, strlen(name), strlen(value),
		NGHTTP2_NV_FLAG_NONE };
}

int32_t http_ask(struct http *h, struct span query)
{
	struct call *c = calloc(1, sizeof(*c));
	const char *length = arena_printf(h->arena, "%zu", query.n);
	nghttp2_data_provider body = { { .ptr = c }, give_query };
	nghttp2_nv headers[] = {
		header(":method", h->conf.get ? "GET" : "POST"),
		header(":scheme", h->conf.plain ? "http" : "https"),
		header(":authority", h->conf.authority),
		header(":path", h->conf.get ? get_path(h, query) : h->conf.path),
		header("accept", type),
		header("content-type", type),
		header("content-length", length),
	};
	size_t n = ARRAY_LEN(headers) - (h->conf.get ? 2 : 0);

	if (!c)
		err_no_memory();
	c->query = (struct span){ arena_dup(h->arena, query.p, query.n), query.n };
	c->id = -1;
	if (http_open(h))
		c->id = nghttp2_submit_request(
			h->session, NULL, headers, n, h->conf.get ? NULL : &body, NULL);
	if (c->id < 0) {
		free(c);
		return -1;
	}
	c->next = h->calls;
	h->calls = c;
	return c->id;
}

void http_take(struct http *h, struct span octets)
{
	if (nghttp2_session_mem_recv(h->session, octets.p, octets.n) != (ssize_t)octets.n)
		h->broken = true;
}

/* Where a rule is broken the library says GOAWAY, and reads no more. */
const char *http_why(const struct http *h)
{
	if (!h->broken && nghttp2_session_want_read(h->session))
		return NULL;
	if (h->leaving && !h->broken)
		return "the server ended the HTTP/2 connection";
	return h->greeted ? "the server breaks the rules of HTTP/2"
			  : "the server speaks no HTTP/2 on this port";
}

bool http_open(const struct http *h)
{
	return nghttp2_session_check_request_allowed(h->session);
}

struct span http_out(struct http *h)
{
	const uint8_t *p = NULL;
	ssize_t n = nghttp2_session_mem_send(h->session, &p);

	return n > 0 ? (struct span){ p, (size_t)n } : (struct span){ 0 };
}
