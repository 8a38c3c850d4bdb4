/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pam-jwt key, for keys that tokens are encrypted for: a host has the private
 * one in decryption_keys, and its issuer gets the public one.
 */
#include <stdio.h>

#include "cli/complain.h"
#include "issuer/encrypt_key.h"
#include "tool/key_encrypt.h"

#define CURVE_DEFAULT "P-256"	/* the one that every provider knows */

bool
key_encrypt_is_alg(const char *name)
{
	return jwe_alg_by_name(bytes_str(name)) != NULL;
}

bool
key_encrypt_is_rsa(const char *name)
{
	const struct jwe_alg *alg = jwe_alg_by_name(bytes_str(name));

	return alg != NULL && alg->is_rsa;
}

static bool
find_kind(const struct jwe_alg *alg, const char *curve, enum jwe_kind *out)
{
	unsigned i;

	*out = JWE_RSA;
	if (alg->is_rsa)
		return curve == NULL ||
		    complain("--curve: an RSA key has none");
	if (curve == NULL)
		curve = CURVE_DEFAULT;
	for (i = 0; i < JWE_KINDS; i++) {
		*out = (enum jwe_kind)i;
		if (*out != JWE_RSA &&
		    bytes_eq_str(bytes_str(curve), jwe_kind_row(*out)->crv))
			return true;
	}
	return complain("--curve %s: not one of P-256, P-384, P-521 and "
	    "X25519", curve);
}

static bool
name_key(const char *kid, struct encrypt_key *key)
{
	if (kid == NULL)
		return true;
	if (strlen(kid) > JWK_KID_MAX)
		return complain("--kid: more than 256 bytes");
	memcpy(key->kid, kid, strlen(kid) + 1);
	return true;
}

bool
key_encrypt_generate(const struct key_encrypt_options *options,
    struct secret *private, struct secret *public)
{
	const struct jwe_alg *alg = jwe_alg_by_name(bytes_str(options->alg));
	struct encrypt_key key = { .alg = NULL };
	enum jwe_kind kind;
	bool ok;

	if (!find_kind(alg, options->curve, &kind))
		return false;
	if (!encrypt_key_generate(alg, kind, options->bits, &key))
		ok = complain("%s: OpenSSL cannot make such a "
		    "key", options->alg);
	else
		ok = name_key(options->kid, &key) &&
		    ((encrypt_key_write(&key, true, private) &&
		    encrypt_key_write(&key, false, public)) ||
		    complain("key generate: memory ran out"));
	encrypt_key_clear(&key);
	return ok;
}

static bool
print_one(const struct encrypt_key *key)
{
	struct secret text = { 0 };
	bool ok;

	if (!encrypt_key_write(key, false, &text))
		ok = complain("key public: memory ran out");
	else
		ok = fwrite(text.ptr, 1, text.len, stdout) == text.len;
	secret_clear(&text);
	return ok;
}

/* Print a set as a set, one key on each line. */
bool
key_encrypt_print_public(struct secret *text)
{
	struct encrypt_keys keys;
	bool ok = encrypt_keys_read(text, &keys);
	size_t i;

	if (ok && keys.is_set)
		fputs("{\"keys\":[\n", stdout);
	for (i = 0; ok && i < keys.count; i++) {
		ok = print_one(&keys.keys[i]);
		fputs(i + 1 < keys.count ? ",\n" : "\n", stdout);
	}
	if (ok && keys.is_set)
		fputs("]}\n", stdout);
	encrypt_keys_clear(&keys);
	return ok;
}

/* Print one line for each key. */
bool
key_encrypt_print_thumbprints(struct secret *text, const char *prefix)
{
	struct encrypt_keys keys;
	bool ok = encrypt_keys_read(text, &keys);
	char thumbprint[THUMBPRINT_SIZE];
	size_t i;

	for (i = 0; ok && i < keys.count; i++) {
		if (!encrypt_key_thumbprint(&keys.keys[i], thumbprint))
			ok = complain("key thumbprint: memory ran out");
		else
			printf("%s%s\n", prefix, thumbprint);
	}
	encrypt_keys_clear(&keys);
	return ok;
}
