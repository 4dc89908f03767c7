/* SPDX-License-Identifier: GPL-3.0-or-later */
/* DNS over HTTP/2 against servers that are frames written by hand. */
#include "net/http.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "tap.h"

/* RFC 9113 6 and 7. */
enum { DATA, HEADERS, RST = 3, SETTINGS, GOAWAY = 7 };
enum { END_STREAM = 1, ACK = 1, END_HEADERS = 4 };
enum { CALLS = 4, PIECE = 16384 };

#define DNS "application/dns-message"

struct end {
	int32_t call;
	char message[64]; /* "-": none */
	char why[128];
	size_t n;
};

/* A connection and what became of its calls, in order. */
struct side {
	struct arena *arena;
	struct http *h;
	struct end ends[CALLS];
	size_t nends;
};

static void reply(void *user, int32_t call, struct span message, const char *why)
{
	struct side *s = user;
	struct end *e = &s->ends[s->nends % CALLS];

	s->nends++;
	e->call = call;
	e->n = message.n;
	snprintf(e->message, sizeof(e->message), "%.*s", (int)message.n,
		message.p ? (const char *)message.p : "");
	snprintf(e->why, sizeof(e->why), "%s", why ? why : "");
}

static void begin(struct side *s, bool get)
{
	*s = (struct side){ .arena = arena_new() };
	s->h = http_new(s->arena, &(struct http_conf){ .authority = "192.0.2.1:443",
					  .path = "/dns-query",
					  .get = get,
					  .reply = reply,
					  .user = s });
}

static void end(struct side *s)
{
	http_free(s->h);
	arena_free(s->arena);
}

static int32_t ask(struct side *s, const char *query)
{
	return http_ask(s->h, (struct span){ (const uint8_t *)query, strlen(query) });
}

/* All that it wants to send. */
static struct buf drain(struct side *s)
{
	struct buf b = { .arena = s->arena };

	for (struct span o = http_out(s->h); o.n; o = http_out(s->h))
		buf_put(&b, o.p, o.n);
	return b;
}

static bool contains(const struct buf *b, const char *text)
{
	return b->n && memmem(b->p, b->n, text, strlen(text)) != NULL;
}

/* Takes it and sends what is to be sent; true: more may come. */
static bool take(struct side *s, const struct buf *b)
{
	http_take(s->h, buf_span(b));
	(void)drain(s);
	return !http_why(s->h);
}

static void put_frame(struct buf *b, unsigned int type, unsigned int flags, int32_t stream)
{
	buf_u8(b, (uint8_t)type);
	buf_u8(b, (uint8_t)flags);
	buf_u16(b, (uint16_t)(stream >> 16));
	buf_u16(b, (uint16_t)stream);
}

static void put_length(struct buf *b, size_t n)
{
	buf_u8(b, (uint8_t)(n >> 16));
	buf_u16(b, (uint16_t)n);
}

static void frame(struct buf *b, const uint8_t head[2], int32_t stream, struct span payload)
{
	put_length(b, payload.n);
	put_frame(b, head[0], head[1], stream);
	buf_put(b, payload.p, payload.n);
}

/* RFC 7541: the status as a literal with the name of row 8, the type with that of row 31. */
static void head(struct buf *b, int32_t stream, const char *status, const char *type)
{
	struct buf p = { .arena = b->arena };

	buf_u8(&p, 8);
	buf_u8(&p, (uint8_t)strlen(status));
	buf_str(&p, status);
	if (type) {
		buf_u8(&p, 15);
		buf_u8(&p, 16);
		buf_u8(&p, (uint8_t)strlen(type));
		buf_str(&p, type);
	}
	frame(b, (uint8_t[]){ HEADERS, END_HEADERS }, stream, buf_span(&p));
}

static void body(struct buf *b, int32_t stream, bool last, const char *text)
{
	frame(b, (uint8_t[]){ DATA, last ? END_STREAM : 0 }, stream,
		(struct span){ (const uint8_t *)text, strlen(text) });
}

static void number_frame(struct buf *b, unsigned int type, int32_t stream, uint32_t code)
{
	struct buf p = { .arena = b->arena };

	if (type == GOAWAY)
		buf_u32(&p, 1); /* the last stream that is dealt with */
	buf_u32(&p, code);
	frame(b, (uint8_t[]){ (uint8_t)type, 0 }, stream, buf_span(&p));
}

static struct buf server(struct side *s)
{
	struct buf b = { .arena = s->arena };

	frame(&b, (uint8_t[]){ SETTINGS, 0 }, 0, (struct span){ 0 });
	frame(&b, (uint8_t[]){ SETTINGS, ACK }, 0, (struct span){ 0 });
	return b;
}

/* One call that is answered with this. */
static const struct {
	const char *id, *status, *type, *body, *message, *why;
} rows[] = {
	{ "a message", "200", DNS, "reply", "reply", "" },
	{ "with parameters", "200", DNS "; x=y", "reply", "reply", "" },
	{ "another type", "200", "text/html", "<p>", "", "the HTTP reply is no " DNS },
	{ "no type", "200", NULL, "reply", "", "the HTTP reply is no " DNS },
	{ "404", "404", "text/html", "no", "",
		"the server answers with HTTP status 404 for /dns-query" },
	{ "404 with a message", "404", DNS, "reply", "",
		"the server answers with HTTP status 404 for /dns-query" },
	{ "415", "415", NULL, "", "", "the server answers with HTTP status 415 for /dns-query" },
	{ "500", "500", DNS, "", "", "the server answers with HTTP status 500 for /dns-query" },
	{ "302", "302", NULL, "", "", "the server answers with HTTP status 302 for /dns-query" },
	{ "nothing", "200", DNS, "", "", "the HTTP reply is empty" },
};

static void test_rows(bool get)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct side s;
		struct buf b, out;
		int32_t call;

		begin(&s, get);
		call = ask(&s, "query");
		out = drain(&s);
		b = server(&s);
		head(&b, call, rows[i].status, rows[i].type);
		body(&b, call, true, rows[i].body);
		ok(take(&s, &b) && s.nends == 1 && s.ends[0].call == call, "%s: ends the call",
			rows[i].id);
		is_str(s.ends[0].message, rows[i].message, "its message");
		is_str(s.ends[0].why, rows[i].why, "and why there is none");
		if (i == 0)
			ok(contains(&out, "query") == !get,
				"by GET it is in the path, else behind it");
		end(&s);
	}
}

static void test_several(void)
{
	struct side s;
	struct buf b;
	int32_t one, two, three;

	begin(&s, false);
	one = ask(&s, "one");
	two = ask(&s, "two");
	(void)drain(&s);
	b = server(&s);
	head(&b, two, "200", DNS);
	head(&b, one, "200", DNS);
	body(&b, one, false, "fir");
	body(&b, two, true, "second");
	body(&b, one, true, "st");
	ok(take(&s, &b), "two replies, one within the other");
	ok(s.nends == 2 && s.ends[0].call == two && s.ends[1].call == one, "each ends its call");
	is_str(s.ends[0].message, "second", "the one that was over first");
	is_str(s.ends[1].message, "first", "and the other, put together");
	three = ask(&s, "three");
	ok(three > two && http_open(s.h), "a third call, later");
	(void)drain(&s);
	b = (struct buf){ .arena = s.arena };
	head(&b, three, "200", DNS);
	body(&b, three, true, "third");
	for (size_t i = 0; i < b.n; i++)
		http_take(s.h, (struct span){ (const uint8_t *)b.p + i, 1 });
	is_str(s.ends[2].message, "third", "comes octet by octet");
	end(&s);
}

static void test_large(void)
{
	static char piece[PIECE + 1];
	struct side s;
	struct buf b, out;
	int32_t call;

	memset(piece, 'x', PIECE);
	begin(&s, false);
	call = ask(&s, "query");
	(void)drain(&s);
	b = server(&s);
	head(&b, call, "200", DNS);
	for (int i = 0; i < 3; i++)
		body(&b, call, false, piece);
	body(&b, call, false, piece + 1);
	ok(take(&s, &b) && s.nends == 0, "65,535 octets are taken");
	(void)drain(&s);
	b = (struct buf){ .arena = s.arena };
	body(&b, call, false, "x");
	http_take(s.h, buf_span(&b));
	out = drain(&s);
	ok(memmem(out.p, out.n, "\0\0\4\3", 4),
		"one more: the stream is ended, so that no more comes");
	ok(s.nends == 1, "and the call");
	is_str(s.ends[0].why, "the HTTP reply is larger than any DNS message", "with the reason");
	end(&s);
}

static void test_reset(void)
{
	struct side s;
	struct buf b;
	int32_t one, two;

	begin(&s, false);
	one = ask(&s, "one");
	two = ask(&s, "two");
	(void)drain(&s);
	b = server(&s);
	head(&b, one, "200", DNS);
	number_frame(&b, RST, one, 7);
	head(&b, two, "200", DNS);
	body(&b, two, true, "second");
	ok(take(&s, &b) && s.nends == 2, "RST_STREAM is for one stream only");
	is_str(s.ends[0].why, "the server ended the HTTP/2 stream: REFUSED_STREAM", "that one");
	is_str(s.ends[1].message, "second", "the other is answered");
	end(&s);
}

static void test_goaway(void)
{
	struct side s;
	struct buf b;
	int32_t one;

	begin(&s, false);
	one = ask(&s, "one");
	ask(&s, "two");
	(void)drain(&s);
	b = server(&s);
	number_frame(&b, GOAWAY, 0, 0);
	ok(take(&s, &b) && s.nends == 1, "GOAWAY ends what the server will not do");
	is_str(s.ends[0].why, "the server ended the HTTP/2 stream: REFUSED_STREAM",
		"the second call");
	ok(!http_open(s.h) && ask(&s, "three") == -1, "and there is no third");
	b = (struct buf){ .arena = s.arena };
	head(&b, one, "200", DNS);
	body(&b, one, true, "first");
	ok(!take(&s, &b) && s.nends == 2, "the first is still dealt with");
	is_str(http_why(s.h), "the server ended the HTTP/2 connection", "and then it is over");
	is_str(s.ends[1].message, "first", "its reply");
	end(&s);
}

/* What comes instead of the server's part, and behind it. */
static const struct {
	const char *id, *octets, *why;
	bool greeted;
} bad[] = {
	{ "HTTP/1.1", "HTTP/1.1 400 Bad Request\r\n\r\n",
		"the server speaks no HTTP/2 on this port", false },
	{ "mail", "220 mail.test ESMTP ready to go\r\n", "the server speaks no HTTP/2 on this port",
		false },
	{ "rubbish", "\1\1\1\1\1\1\1\1\1\1", "the server breaks the rules of HTTP/2", true },
};

static void test_bad(void)
{
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct side s;
		struct buf b;

		begin(&s, false);
		ask(&s, "query");
		(void)drain(&s);
		b = bad[i].greeted ? server(&s) : (struct buf){ .arena = s.arena };
		buf_str(&b, bad[i].octets);
		take(&s, &b);
		is_str(http_why(s.h), bad[i].why, bad[i].id);
		end(&s);
	}
}

int main(void)
{
	test_rows(false);
	test_rows(true);
	test_several();
	test_large();
	test_reset();
	test_goaway();
	test_bad();
	return tap_done();
}
