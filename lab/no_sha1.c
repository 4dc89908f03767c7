/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Loaded before a program's libraries, it takes signatures with SHA-1 from OpenSSL's verification,
 * as the policies of some distributions do, and nothing else. OpenSSL's headers need not be there.
 */
#define _GNU_SOURCE
#include <dlfcn.h>

enum { NID_SHA1 = 64 };

int EVP_MD_get_type(const void *md);
int EVP_DigestVerifyInit(void *ctx, void **key_ctx, const void *md, void *engine, void *key);

int EVP_DigestVerifyInit(void *ctx, void **key_ctx, const void *md, void *engine, void *key)
{
	int (*real)(void *, void **, const void *, void *, void *);

	*(void **)&real = dlsym(RTLD_NEXT, "EVP_DigestVerifyInit");
	if (!real || (md && EVP_MD_get_type(md) == NID_SHA1))
		return 0;
	return real(ctx, key_ctx, md, engine, key);
}
