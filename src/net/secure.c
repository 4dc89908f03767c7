/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TLS over a socket that never blocks, and what is wrong with a certificate. */
#include "net/secure.h"

#include <arpa/inet.h>
#include <errno.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>

#include "base/buf.h"
#include "base/err.h"

enum { NAMES = 8, TEXT = 256 };

struct secure {
	struct arena *arena;
	gnutls_session_t session; /* NULL: it could not be made; why says why */
	gnutls_certificate_credentials_t credentials;
	const struct ask_secure *wants;
	bool https, certificate;
	const char *why;
};

/* What a peer chose is printed: anything that is not printable ASCII becomes a question mark. */
static void put_text(struct buf *b, const char *text, size_t n)
{
	for (size_t i = 0; i < n && i < TEXT; i++)
		buf_char(b, text[i] >= ' ' && text[i] <= '~' ? text[i] : '?');
}

static int broken(struct secure *s, const char *why)
{
	s->why = why;
	return EPROTO;
}

static bool is_address(const char *text)
{
	uint8_t octets[16];

	return inet_pton(AF_INET, text, octets) == 1 || inet_pton(AF_INET6, text, octets) == 1;
}

/* Trust anchors and our own certificate; NULL, or what cannot be used. */
static const char *load(struct secure *s)
{
	const struct ask_secure *w = s->wants;
	int n = 0;

	if (gnutls_certificate_allocate_credentials(&s->credentials) < 0)
		err_no_memory();
	if (!w)
		return NULL;
	if (w->verify)
		n = w->ca ? gnutls_certificate_set_x509_trust_file(
				    s->credentials, w->ca, GNUTLS_X509_FMT_PEM)
			  : gnutls_certificate_set_x509_system_trust(s->credentials);
	if (w->verify && n <= 0)
		return arena_printf(s->arena, "no certificates of authorities can be read from %s",
			w->ca ? w->ca : "this system's store");
	if (w->cert && gnutls_certificate_set_x509_key_file(s->credentials, w->cert,
			       w->key ? w->key : w->cert, GNUTLS_X509_FMT_PEM) < 0)
		return arena_printf(s->arena, "%s and its key cannot be used", w->cert);
	return NULL;
}

struct secure *secure_new(struct arena *a, const struct ask *ask)
{
	struct secure *s = arena_alloc(a, sizeof(*s));
	bool https = ask->transport == TRANSPORT_HTTPS;
	gnutls_datum_t alpn = { (unsigned char *)(https ? "h2" : "dot"), https ? 2 : 3 };
	const char *name = ask->secure ? ask->secure->hostname : NULL;

	*s = (struct secure){ .arena = a, .wants = ask->secure, .https = https };
	s->why = load(s);
	if (s->why)
		return s;
	if (gnutls_init(&s->session, GNUTLS_CLIENT | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL) < 0)
		err_no_memory();
	gnutls_set_default_priority(s->session);
	gnutls_credentials_set(s->session, GNUTLS_CRD_CERTIFICATE, s->credentials);
	gnutls_alpn_set_protocols(s->session, &alpn, 1, 0);
	/* RFC 6066 3: an address is no name. */
	if (name && !is_address(name))
		gnutls_server_name_set(s->session, GNUTLS_NAME_DNS, name, strlen(name));
	gnutls_handshake_set_timeout(s->session, 0); /* the ask has one */
	return s;
}

void secure_attach(struct secure *s, int fd)
{
	if (s && s->session)
		gnutls_transport_set_int(s->session, fd);
}

static bool same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

bool secure_alike(const struct ask_secure *a, const struct ask_secure *b)
{
	if (!a || !b)
		return a == b;
	return a->verify == b->verify && a->get == b->get && same(a->hostname, b->hostname) &&
	       same(a->ca, b->ca) && same(a->cert, b->cert) && same(a->key, b->key) &&
	       same(a->path, b->path) && a->proxy == b->proxy && a->proxy_plain == b->proxy_plain &&
	       addr_equal(&a->proxy_from, &b->proxy_from) && addr_equal(&a->proxy_to, &b->proxy_to);
}

void secure_free(struct secure *s)
{
	if (!s)
		return;
	if (s->session)
		gnutls_deinit(s->session);
	gnutls_certificate_free_credentials(s->credentials);
}

const char *secure_why(const struct secure *s)
{
	return s->why;
}

bool secure_is_certificate(const struct secure *s)
{
	return s->certificate;
}

uint32_t secure_events(const struct secure *s)
{
	return s->session && gnutls_record_get_direction(s->session) ? EPOLLIN | EPOLLOUT : EPOLLIN;
}

static void put_time(struct buf *b, const char *before, time_t t)
{
	char text[64] = "an unknown time";
	struct tm tm;

	if (t != (time_t)-1 && gmtime_r(&t, &tm))
		strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S UTC", &tm);
	buf_printf(b, "%s%s%s", b->n ? "; " : "", before, text);
}

/* The names that the certificate is for. */
static void put_names(struct buf *b, gnutls_x509_crt_t leaf)
{
	unsigned int shown = 0;

	for (unsigned int i = 0; i < NAMES; i++) {
		char name[TEXT];
		char text[INET6_ADDRSTRLEN];
		size_t n = sizeof(name);
		int type = gnutls_x509_crt_get_subject_alt_name(leaf, i, name, &n, NULL);

		if (type == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
			break;
		if (type == GNUTLS_SAN_IPADDRESS && (n == 4 || n == 16)) {
			inet_ntop(n == 4 ? AF_INET : AF_INET6, name, text, sizeof(text));
			buf_printf(b, "%s%s", shown++ ? ", " : "", text);
		} else if (type == GNUTLS_SAN_DNSNAME) {
			buf_str(b, shown++ ? ", " : "");
			put_text(b, name, n);
		}
	}
	if (!shown)
		buf_str(b, "no name or address");
}

static void put_issuer(struct buf *b, gnutls_x509_crt_t leaf)
{
	char issuer[TEXT];
	size_t n = sizeof(issuer);

	if (b->n)
		buf_str(b, "; ");
	if (gnutls_x509_crt_check_issuer(leaf, leaf)) {
		buf_str(b, "it is self-signed");
		return;
	}
	buf_str(b, "its issuer is not known here: ");
	if (gnutls_x509_crt_get_issuer_dn(leaf, issuer, &n) < 0)
		buf_str(b, "it cannot be read");
	else
		put_text(b, issuer, n);
}

/* All that is wrong with it, for somebody who expects that name; empty: nothing. */
static void judge(struct secure *s, gnutls_x509_crt_t leaf, unsigned int status, struct buf *b)
{
	const char *name = s->wants->hostname;

	if (status & GNUTLS_CERT_EXPIRED)
		put_time(b, "expired since ", gnutls_x509_crt_get_expiration_time(leaf));
	if (status & GNUTLS_CERT_NOT_ACTIVATED)
		put_time(b, "not valid before ", gnutls_x509_crt_get_activation_time(leaf));
	if (status & GNUTLS_CERT_SIGNER_NOT_FOUND)
		put_issuer(b, leaf);
	if (name && !gnutls_x509_crt_check_hostname(leaf, name)) {
		buf_str(b, b->n ? "; it is for " : "it is for ");
		put_names(b, leaf);
		buf_printf(b, ", not for %s", name);
	}
	if (status && !b->n)
		buf_str(b, "its signature or its use is not valid");
}

/* The peer's certificate as the ask wants it checked; NULL: it is good, or may be any. */
static const char *check(struct secure *s)
{
	unsigned int n = 0, status = 0;
	const gnutls_datum_t *chain = gnutls_certificate_get_peers(s->session, &n);
	struct buf b = { .arena = s->arena };
	gnutls_x509_crt_t leaf;

	if (!s->wants || !s->wants->verify)
		return NULL;
	if (!chain || !n || gnutls_certificate_verify_peers2(s->session, &status) < 0)
		return "there is none that could be checked";
	if (gnutls_x509_crt_init(&leaf) < 0)
		err_no_memory();
	if (gnutls_x509_crt_import(leaf, chain, GNUTLS_X509_FMT_DER) < 0)
		buf_str(&b, "it cannot be read");
	else
		judge(s, leaf, status, &b);
	gnutls_x509_crt_deinit(leaf);
	return b.n ? buf_text(&b) : NULL;
}

/* RFC 9113 3.2: over TLS, HTTP/2 is what both have agreed on. */
static bool no_http2(const struct secure *s)
{
	gnutls_datum_t got;

	return s->https && (gnutls_alpn_get_selected_protocol(s->session, &got) < 0 ||
				   got.size != 2 || memcmp(got.data, "h2", 2) != 0);
}

/* What an error of GnuTLS most likely says about the other side. */
static const struct {
	int error;
	const char *text;
} errors[] = {
	{ GNUTLS_E_PREMATURE_TERMINATION, "the server closed the connection in the TLS handshake" },
	{ GNUTLS_E_PULL_ERROR, "the server reset the connection in the TLS handshake" },
	{ GNUTLS_E_PUSH_ERROR, "the server reset the connection in the TLS handshake" },
	{ GNUTLS_E_UNEXPECTED_PACKET_LENGTH, "the server speaks no TLS on this port" },
	{ GNUTLS_E_UNEXPECTED_PACKET, "the server speaks no TLS on this port" },
	{ GNUTLS_E_UNSUPPORTED_VERSION_PACKET,
		"the server speaks no TLS on this port, or a version that is not taken" },
};

static int handshake_failed(struct secure *s, int error)
{
	const char *alert;

	for (size_t i = 0; i < ARRAY_LEN(errors); i++)
		if (errors[i].error == error)
			return broken(s, errors[i].text);
	if (error != GNUTLS_E_FATAL_ALERT_RECEIVED)
		return broken(s, arena_printf(s->arena, "the TLS handshake failed: %s",
					 gnutls_strerror(error)));
	alert = gnutls_alert_get_name(gnutls_alert_get(s->session));
	return broken(s, arena_printf(s->arena, "the server ended the TLS handshake: alert %s",
				 alert ? alert : "of an unknown kind"));
}

int secure_handshake(struct secure *s)
{
	int error;

	if (!s->session)
		return EPROTO;
	/* One alert after the other could be sent for ever: one step, then the loop decides. */
	error = gnutls_handshake(s->session);
	if (error < 0)
		return gnutls_error_is_fatal(error) ? handshake_failed(s, error) : EAGAIN;
	s->why = check(s);
	s->certificate = s->why != NULL;
	if (s->certificate)
		return EPROTO;
	return no_http2(s) ? broken(s, "the server speaks TLS on this port, but no HTTP/2") : 0;
}

static ssize_t fate(struct secure *s, ssize_t n)
{
	if (n >= 0)
		return n;
	if (n == GNUTLS_E_PREMATURE_TERMINATION)
		return 0;
	if (n == GNUTLS_E_PULL_ERROR || n == GNUTLS_E_PUSH_ERROR) {
		errno = ECONNRESET;
		return -1;
	}
	if (n == GNUTLS_E_REHANDSHAKE || gnutls_error_is_fatal((int)n)) {
		s->why = arena_printf(
			s->arena, "TLS failed after the handshake: %s", gnutls_strerror((int)n));
		errno = EPROTO;
	} else {
		errno = EAGAIN;
	}
	return -1;
}

ssize_t secure_recv(struct secure *s, int fd, void *into, size_t n)
{
	return s ? fate(s, gnutls_record_recv(s->session, into, n)) : recv(fd, into, n, 0);
}

ssize_t secure_send(struct secure *s, int fd, struct span octets)
{
	return s ? fate(s, gnutls_record_send(s->session, octets.p, octets.n))
		 : send(fd, octets.p, octets.n, MSG_NOSIGNAL);
}

bool secure_pending(const struct secure *s)
{
	return s && s->session && gnutls_record_check_pending(s->session) > 0;
}
