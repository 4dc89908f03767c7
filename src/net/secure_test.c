/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TLS against a server in this process, over a pair of sockets; certificates are made here. */
#include "net/secure.h"

#include <errno.h>
#include <fcntl.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/err.h"
#include "tap.h"

enum { DAY = 86400, STEPS = 200 };

/* A certificate and its key, in files, too. */
struct card {
	gnutls_x509_crt_t crt;
	gnutls_x509_privkey_t key;
	char file[128], keyfile[128];
};

struct card_conf {
	const char *file, *name;   /* name: that it is for; NULL: for none */
	int from, until;	   /* days from now */
	const struct card *issuer; /* NULL: itself */
	bool ca;
};

static char folder[] = "/tmp/secure-test-XXXXXX";

static void write_file(const char *path, const gnutls_datum_t *d)
{
	FILE *f = fopen(path, "w");

	if (!f || fwrite(d->data, 1, d->size, f) != d->size || fclose(f))
		exit(1);
}

static void save(struct card *c, const char *file)
{
	gnutls_datum_t d;

	snprintf(c->file, sizeof(c->file), "%s/%s.pem", folder, file);
	snprintf(c->keyfile, sizeof(c->keyfile), "%s/%s.key", folder, file);
	if (gnutls_x509_crt_export2(c->crt, GNUTLS_X509_FMT_PEM, &d) < 0)
		exit(1);
	write_file(c->file, &d);
	gnutls_free(d.data);
	if (gnutls_x509_privkey_export2(c->key, GNUTLS_X509_FMT_PEM, &d) < 0)
		exit(1);
	write_file(c->keyfile, &d);
	gnutls_free(d.data);
}

static struct card make(const struct card_conf *conf)
{
	struct card c = { 0 };
	const struct card *by = conf->issuer ? conf->issuer : &c;
	time_t now = time(NULL);

	gnutls_x509_crt_init(&c.crt);
	gnutls_x509_privkey_init(&c.key);
	gnutls_x509_privkey_generate(
		c.key, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0);
	gnutls_x509_crt_set_version(c.crt, 3);
	gnutls_x509_crt_set_serial(c.crt, "\1", 1);
	gnutls_x509_crt_set_dn(c.crt, conf->ca ? "CN=Test CA" : "CN=leaf", NULL);
	gnutls_x509_crt_set_activation_time(c.crt, now + (time_t)conf->from * DAY);
	gnutls_x509_crt_set_expiration_time(c.crt, now + (time_t)conf->until * DAY);
	gnutls_x509_crt_set_key(c.crt, c.key);
	gnutls_x509_crt_set_basic_constraints(c.crt, conf->ca, -1);
	if (conf->name)
		gnutls_x509_crt_set_subject_alt_name(c.crt, GNUTLS_SAN_DNSNAME, conf->name,
			(unsigned int)strlen(conf->name), GNUTLS_FSAN_SET);
	if (gnutls_x509_crt_sign2(c.crt, by->crt, by->key, GNUTLS_DIG_SHA256, 0) < 0)
		exit(1);
	save(&c, conf->file);
	return c;
}

static void unmake(struct card *c)
{
	unlink(c->file);
	unlink(c->keyfile);
	gnutls_x509_crt_deinit(c->crt);
	gnutls_x509_privkey_deinit(c->key);
}

/* Both ends of a connection. */
struct pair {
	struct arena *arena;
	int fds[2];
	struct secure *client;
	gnutls_session_t server;
	gnutls_certificate_credentials_t credentials;
	bool served; /* the server's handshake is over */
};

static void open_pair(struct pair *p, const struct ask *ask)
{
	*p = (struct pair){ .arena = arena_new() };
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, p->fds))
		exit(1);
	p->client = secure_new(p->arena, ask);
	secure_attach(p->client, p->fds[0]);
}

/* The other end is a TLS server. alpn NULL: it knows no such thing. trust: whom clients come from.
 */
static void serve(struct pair *p, const struct card *c, const char *alpn, const char *trust)
{
	gnutls_datum_t name = { (unsigned char *)alpn, alpn ? (unsigned int)strlen(alpn) : 0 };

	gnutls_certificate_allocate_credentials(&p->credentials);
	gnutls_certificate_set_x509_key(p->credentials, (gnutls_x509_crt_t *)&c->crt, 1, c->key);
	gnutls_init(&p->server, GNUTLS_SERVER | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL);
	gnutls_set_default_priority(p->server);
	gnutls_credentials_set(p->server, GNUTLS_CRD_CERTIFICATE, p->credentials);
	if (alpn)
		gnutls_alpn_set_protocols(p->server, &name, 1, 0);
	if (trust) {
		gnutls_certificate_set_x509_trust_file(p->credentials, trust, GNUTLS_X509_FMT_PEM);
		gnutls_certificate_server_set_request(p->server, GNUTLS_CERT_REQUIRE);
	}
	gnutls_transport_set_int(p->server, p->fds[1]);
}

static void close_pair(struct pair *p)
{
	secure_free(p->client);
	if (p->server)
		gnutls_deinit(p->server);
	if (p->credentials)
		gnutls_certificate_free_credentials(p->credentials);
	close(p->fds[0]);
	if (p->fds[1] >= 0)
		close(p->fds[1]);
	arena_free(p->arena);
}

/* In turn, until the client's is over: 0 or its error. */
static int shake(struct pair *p)
{
	int error = EAGAIN;

	for (int i = 0; i < STEPS && (error == EAGAIN || !p->served); i++) {
		if (error == EAGAIN)
			error = secure_handshake(p->client);
		if (error == EPROTO || !p->server)
			break;
		if (!p->served)
			p->served = gnutls_handshake(p->server) == 0;
	}
	return error;
}

static struct card ca, good, expired, early, wrong, self;

/* Certificates, and what is said of them. */
static const struct {
	const char *id;
	struct card *card;
	struct ask_secure wants;
	const char *why; /* its begin; NULL: it is good */
} rows[] = {
	{ "not checked", &self, { 0 }, NULL },
	{ "good", &good, { .verify = true, .hostname = "dot.test" }, NULL },
	{ "good, for any name", &good, { .verify = true }, NULL },
	{ "expired", &expired, { .verify = true, .hostname = "dot.test" }, "expired since 20" },
	{ "not yet valid", &early, { .verify = true, .hostname = "dot.test" },
		"not valid before 20" },
	{ "for another name", &wrong, { .verify = true, .hostname = "dot.test" },
		"it is for elsewhere.test, not for dot.test" },
	{ "for no such name", &good, { .verify = true, .hostname = "x.test" },
		"it is for dot.test, not for x.test" },
	{ "not for an address", &good, { .verify = true, .hostname = "192.0.2.1" },
		"it is for dot.test, not for 192.0.2.1" },
	{ "self-signed", &self, { .verify = true, .hostname = "dot.test" }, "it is self-signed" },
};

static void test_certificates(void)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct ask_secure wants = rows[i].wants;
		struct ask ask = { .transport = TRANSPORT_TLS, .secure = &wants };
		struct pair p;
		int error;
		const char *why;

		wants.ca = ca.file;
		open_pair(&p, &ask);
		serve(&p, rows[i].card, "dot", NULL);
		error = shake(&p);
		why = secure_why(p.client);
		ok(error == (rows[i].why ? EPROTO : 0) &&
				secure_is_certificate(p.client) == (rows[i].why != NULL),
			"%s", rows[i].id);
		if (!ok(!rows[i].why ||
				    (why && strncmp(why, rows[i].why, strlen(rows[i].why)) == 0),
			    "what is said of it"))
			printf("# %s\n", why ? why : "nothing");
		close_pair(&p);
	}
}

/* Files that cannot be used: told before a single octet is sent. */
static void test_files(void)
{
	static const struct {
		const char *id;
		struct ask_secure wants;
		const char *why;
	} files[] = {
		{ "no file of authorities", { .verify = true, .ca = "/none" },
			"no certificates of authorities can be read from /none" },
		{ "an empty one", { .verify = true, .ca = "/dev/null" },
			"no certificates of authorities can be read from /dev/null" },
		{ "no certificate of ours", { .cert = "/none" },
			"/none and its key cannot be used" },
	};

	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		struct ask ask = { .transport = TRANSPORT_TLS, .secure = &files[i].wants };
		struct pair p;
		char octet;

		open_pair(&p, &ask);
		ok(secure_handshake(p.client) == EPROTO, "%s", files[i].id);
		is_str(secure_why(p.client), files[i].why, "what is said");
		ok(!secure_is_certificate(p.client) && recv(p.fds[1], &octet, 1, 0) < 0,
			"nothing was sent");
		close_pair(&p);
	}
}

/* Servers that are none. */
static void test_no_server(void)
{
	static const struct {
		const char *id, *octets, *why;
		bool hang_up;
	} others[] = {
		{ "closes", "", "the server closed the connection in the TLS handshake", true },
		{ "another protocol", "220 mail.test ESMTP ready to go\r\n",
			"the server speaks no TLS on this port", false },
		{ "an alert", "\x15\x03\x03\x00\x02\x02\x28",
			"the server ended the TLS handshake: alert Handshake failed", false },
	};

	for (size_t i = 0; i < ARRAY_LEN(others); i++) {
		struct ask ask = { .transport = TRANSPORT_TLS };
		struct pair p;

		open_pair(&p, &ask);
		ok(secure_handshake(p.client) == EAGAIN, "%s: waits at first", others[i].id);
		if (*others[i].octets && send(p.fds[1], others[i].octets,
						 i == 2 ? 7 : strlen(others[i].octets), 0) < 0)
			exit(1);
		if (others[i].hang_up)
			shutdown(p.fds[1], SHUT_WR);
		ok(shake(&p) == EPROTO, "then fails");
		is_str(secure_why(p.client), others[i].why, "what is said");
		close_pair(&p);
	}
}

static void test_alpn(void)
{
	struct ask ask = { .transport = TRANSPORT_HTTPS };
	struct pair p;

	open_pair(&p, &ask);
	serve(&p, &good, "h2", NULL);
	ok(shake(&p) == 0, "HTTPS, and HTTP/2 agreed on");
	close_pair(&p);
	open_pair(&p, &ask);
	serve(&p, &good, NULL, NULL);
	ok(shake(&p) == EPROTO, "a server that does not tell");
	is_str(secure_why(p.client), "the server speaks TLS on this port, but no HTTP/2",
		"is told");
	close_pair(&p);
}

/* A server that wants to know who we are. */
static void test_own_certificate(void)
{
	struct ask_secure wants = { .cert = good.file, .key = good.keyfile };
	struct ask ask = { .transport = TRANSPORT_TLS, .secure = &wants };
	unsigned int n = 0, status = 1;
	struct pair p;
	char octet;

	open_pair(&p, &ask);
	serve(&p, &good, "dot", ca.file);
	ok(shake(&p) == 0 && p.served, "ours is taken");
	ok(gnutls_certificate_get_peers(p.server, &n) && n == 1 &&
			gnutls_certificate_verify_peers2(p.server, &status) >= 0 && status == 0,
		"and is the one that we gave");
	close_pair(&p);
	wants = (struct ask_secure){ 0 };
	open_pair(&p, &ask);
	serve(&p, &good, "dot", ca.file);
	(void)shake(&p);
	/* TLS 1.3: the client is through before the server looks at what it did not send. */
	for (int i = 0;
		i < STEPS && !p.served && gnutls_error_is_fatal(gnutls_handshake(p.server)) == 0;
		i++)
		continue;
	gnutls_alert_send(p.server, GNUTLS_AL_FATAL, GNUTLS_A_CERTIFICATE_REQUIRED);
	ok(secure_recv(p.client, p.fds[0], &octet, 1) < 0 && errno == EPROTO &&
			secure_why(p.client),
		"without one the server goes, and it is said");
	close_pair(&p);
}

static void test_data(void)
{
	struct ask ask = { .transport = TRANSPORT_TLS };
	struct pair p;
	char text[16] = "";

	open_pair(&p, &ask);
	serve(&p, &good, "dot", NULL);
	ok(shake(&p) == 0, "a connection");
	for (int i = 0; i < 3; i++) {
		ok(secure_send(p.client, p.fds[0], (struct span){ (const uint8_t *)"query", 5 }) ==
					5 &&
				gnutls_record_recv(p.server, text, sizeof(text)) == 5 &&
				memcmp(text, "query", 5) == 0,
			"query %d arrives", i);
		ok(secure_recv(p.client, p.fds[0], text, sizeof(text)) < 0 && errno == EAGAIN,
			"no reply yet");
		gnutls_record_send(p.server, "answer", 6);
		ok(secure_recv(p.client, p.fds[0], text, 2) == 2 && secure_pending(p.client),
			"a part of the reply, more is there");
		ok(secure_recv(p.client, p.fds[0], text + 2, 14) == 4 &&
				memcmp(text, "answer", 6) == 0 && !secure_pending(p.client),
			"the rest");
	}
	if (send(p.fds[1], "\x17\x03\x03\x00\x05garble", 10, 0) < 0)
		exit(1);
	ok(secure_recv(p.client, p.fds[0], text, 1) < 0 && errno == EPROTO && secure_why(p.client),
		"what is no TLS any more is said");
	close_pair(&p);
	open_pair(&p, &ask);
	serve(&p, &good, "dot", NULL);
	ok(shake(&p) == 0, "another");
	gnutls_bye(p.server, GNUTLS_SHUT_WR);
	ok(secure_recv(p.client, p.fds[0], text, 1) == 0, "a close is the end");
	close_pair(&p);
}

static void test_alike(void)
{
	struct ask_secure a = { .hostname = "x" }, b = a;

	ok(secure_alike(NULL, NULL) && !secure_alike(&a, NULL) && secure_alike(&a, &b), "alike");
	b.hostname = "y";
	ok(!secure_alike(&a, &b), "another name");
	b = a;
	b.verify = true;
	ok(!secure_alike(&a, &b), "one that is checked");
	b = a;
	b.proxy = PROXY_LOCAL;
	ok(!secure_alike(&a, &b), "another header in front");
}

int main(void)
{
	if (!mkdtemp(folder))
		return 1;
	ca = make(&(struct card_conf){ "ca", NULL, -1, 9, NULL, true });
	good = make(&(struct card_conf){ "good", "dot.test", -1, 9, &ca, false });
	expired = make(&(struct card_conf){ "expired", "dot.test", -9, -1, &ca, false });
	early = make(&(struct card_conf){ "early", "dot.test", 1, 9, &ca, false });
	wrong = make(&(struct card_conf){ "wrong", "elsewhere.test", -1, 9, &ca, false });
	self = make(&(struct card_conf){ "self", "dot.test", -1, 9, NULL, false });
	test_certificates();
	test_files();
	test_no_server();
	test_alpn();
	test_own_certificate();
	test_data();
	test_alike();
	unmake(&ca);
	unmake(&good);
	unmake(&expired);
	unmake(&early);
	unmake(&wrong);
	unmake(&self);
	rmdir(folder);
	return tap_done();
}
