/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any octets as what an HTTP/2 server sends: no crash, each call is told its end at most once, with
 * a message or with a reason. The first octet: how many calls, and by GET; the second: how many
 * octets come at once.
 */
#include <assert.h>
#include <string.h>

#include "fuzz/fuzz.h"
#include "net/http.h"

enum { CALLS = 3, GET = 4 };

struct seen {
	int32_t calls[CALLS];
	bool over[CALLS];
	size_t n;
};

static void reply(void *user, int32_t call, struct span message, const char *why)
{
	struct seen *s = user;
	size_t i = 0;

	while (i < s->n && s->calls[i] != call)
		i++;
	assert(i < s->n && !s->over[i]);
	s->over[i] = true;
	assert(!message.p == (why != NULL) && message.n <= HTTP_BODY);
	/* Somebody will read all of it. */
	for (size_t k = 0; k < message.n; k++)
		assert(message.p[k] <= 0xff);
	for (const char *c = why; c && *c; c++)
		assert(*c >= ' ' && *c <= '~');
}

static void drain(struct http *h)
{
	while (http_out(h).n)
		continue;
}

static void feed(struct http *h, const uint8_t *data, size_t size, size_t step)
{
	while (size) {
		size_t n = size < step ? size : step;
		http_take(h, (struct span){ data, n });
		drain(h);
		if (http_why(h))
			break;
		data += n;
		size -= n;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a;
	struct http *h;
	struct seen seen = { .n = 0 };
	struct http_conf conf = {
		.authority = "127.0.0.1:443", .path = "/dns-query", .reply = reply, .user = &seen
	};

	if (size < 2)
		return 0;
	a = arena_new();
	conf.get = data[0] & GET;
	h = http_new(a, &conf);
	for (size_t i = 0; i < (size_t)(data[0] & CALLS); i++) {
		int32_t call = http_ask(h, (struct span){ (const uint8_t *)"0123456789ab", 12 });

		assert(call > 0);
		seen.calls[seen.n++] = call;
	}
	drain(h);
	feed(h, data + 2, size - 2, data[1] ? (size_t)data[1] : 4096);
	if (http_open(h))
		assert(http_ask(h, (struct span){ data, 1 }) > 0);
	http_free(h);
	arena_free(a);
	return 0;
}
