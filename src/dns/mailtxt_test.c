// SPDX-License-Identifier: GPL-3.0-or-later
// Records that speak of mail: what can be used, and what each rule refuses.
#include "dns/mailtxt.h"

#include <string.h>

#include "base/err.h"
#include "tap.h"

/* A key of 1024 bits whose other half nobody kept. */
#define K1024                                                                                      \
	"MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDlNyXcN3mH08ot8fBTBSqnw2b+iJA5YbiWh8hH7ADc"         \
	"WGBR2lapQ4NlGLqNeZ3clJYi9WTnz+5RgYOhC6mmMxi52DMrBcUuhOhjwKJOrnVk8JqAHhg0aQIilmFe"         \
	"yaCqtcf8Vb1+JKYDBV9/d73zZZTAxmJ+/Upzfiij+jqoLOSoDQIDAQAB"

static const struct {
	enum mailtxt_kind kind;
	const char *text;
	bool good, is, revoked, harmless;
} rows[] = {
	{ MAILTXT_DKIM, "v=DKIM1; k=rsa; p=" K1024, true, true, false, false },
	{ MAILTXT_DKIM, "p=" K1024 ";", true, true, false, false },
	{ MAILTXT_DKIM, "v=DKIM1; p=", true, true, true, false },
	{ MAILTXT_DKIM, "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=", true,
		true, false, false },
	{ MAILTXT_DKIM, "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHUR==", false,
		true, false, false },
	{ MAILTXT_DKIM, "k=rsa; v=DKIM1; p=" K1024, false, true, false, false },
	{ MAILTXT_DKIM, "v=DKIM2; p=" K1024, false, true, false, false },
	{ MAILTXT_DKIM, "v=DKIM1; k=rsa", false, true, false, false },
	{ MAILTXT_DKIM, "v=DKIM1; p=MIGfMA0G", false, true, false, false },
	{ MAILTXT_DKIM, "v=DKIM1; p=" K1024 "!", false, true, false, false },
	{ MAILTXT_DKIM, "v=DKIM1; p=" K1024 "; p=" K1024, false, true, false, false },
	{ MAILTXT_DKIM, "v=DKIM1; k=dsa; p=" K1024, false, true, false, false },
	{ MAILTXT_DKIM, "v=DKIM1; s=other; p=" K1024, false, true, false, false },
	{ MAILTXT_DKIM, "v=DKIM1; h=sha1; p=" K1024, false, true, false, false },
	{ MAILTXT_DKIM, "v=DKIM1; h=sha1:sha256; s=*; t=y; n=a note; p=" K1024, true, true, false,
		false },
	{ MAILTXT_DKIM, "", false, true, false, false },
	{ MAILTXT_DMARC, "v=DMARC1; p=none", true, true, false, false },
	{ MAILTXT_DMARC, " v = DMARC1 ; p = Reject ; rua=mailto:a@x.com,mailto:b@x.com!10m;", true,
		true, false, false },
	{ MAILTXT_DMARC, "v=DMARC1; rua=mailto:a@x.com", true, true, false, false },
	{ MAILTXT_DMARC, "v=dmarc1; p=none", false, false, false, false },
	{ MAILTXT_DMARC, "v=DMARC1", false, true, false, false },
	{ MAILTXT_DMARC, "v=DMARC1; p=block", false, true, false, false },
	{ MAILTXT_DMARC, "v=DMARC1; p=none; sp=block; pct=7", false, true, false, false },
	{ MAILTXT_DMARC, "v=DMARC1; p=none; pct=101", false, true, false, true },
	{ MAILTXT_DMARC, "v=DMARC1; p=none; rua=a@x.com", false, true, false, true },
	{ MAILTXT_DMARC, "v=DMARC1; p=none; fo=1:d:s; ri=86400; adkim=r; aspf=s; np=none; t=y",
		true, true, false, false },
	{ MAILTXT_DMARC, "v=DMARC1 p=none", false, false, false, false },
	{ MAILTXT_DMARC, "v=DMARC1; p none", false, true, false, false },
	{ MAILTXT_DMARC, "p=none; v=DMARC1", false, false, false, false },
	{ MAILTXT_STS, "v=STSv1; id=20260101T000000;", true, true, false, false },
	{ MAILTXT_STS, "v=STSv1;", false, true, false, false },
	{ MAILTXT_STS, "v=STSv1; id=", false, true, false, false },
	{ MAILTXT_STS, "v=STSv1; id=2026-01-01", false, true, false, false },
	{ MAILTXT_STS, "v=STSv1; id=123456789012345678901234567890123", false, true, false, false },
	{ MAILTXT_STS, "v=STSv2; id=1", false, false, false, false },
	{ MAILTXT_TLSRPT, "v=TLSRPTv1; rua=mailto:a@x.com, https://x.com/tls", true, true, false,
		false },
	{ MAILTXT_TLSRPT, "v=TLSRPTv1; rua=ftp://x.com", false, true, false, false },
	{ MAILTXT_TLSRPT, "v=TLSRPTv1; rua=", false, true, false, false },
	{ MAILTXT_TLSRPT, "v=TLSRPTv1", false, true, false, false },
	{ MAILTXT_TLSRPT, "v=TLSRPTv1; rua=mailto:a@x.com;; x=1", false, true, false, false },
};

int main(void)
{
	struct mailtxt m;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct span text = { (const uint8_t *)rows[i].text, strlen(rows[i].text) };
		const char *why = mailtxt_check(rows[i].kind, text, &m);

		ok(mailtxt_is(rows[i].kind, text) == rows[i].is, "is one or not: %s", rows[i].text);
		ok(!why == rows[i].good, "%s: %s", rows[i].good ? "good" : "bad", rows[i].text);
		ok(m.revoked == rows[i].revoked && m.harmless == rows[i].harmless, "its kind: %s",
			why ? why : "-");
	}
	mailtxt_check(
		MAILTXT_DMARC, (struct span){ (const uint8_t *)"v=DMARC1;psd=Y;p=none", 21 }, &m);
	is_int(m.psd, 'y', "psd in any case");
	is_int((int64_t)m.policy.n, 4, "the policy's word");
	return tap_done();
}
