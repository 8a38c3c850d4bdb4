/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Keys of OpenSSH and proofs of possession: what is read, what is refused, and
 * which token goes with which key.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/b64url.h"
#include "core/proof.h"
#include "test_proof.h"

#define SAMPLES (sizeof(samples) / sizeof(samples[0]))
#define BLOB_MAX 1200	/* bytes; so the buffers of text are static */

struct blob {
	uint8_t byte[BLOB_MAX];
	size_t len;
};

/* ---- base64 as OpenSSH writes it ---- */

static struct blob
decode(const char *text)
{
	struct blob blob = { .len = 0 };
	static char url[BLOB_MAX * 2];
	size_t len = strcspn(text, "="), i;

	assert_true(len < sizeof(url));
	for (i = 0; i < len; i++) {
		url[i] = text[i];
		if (url[i] == '+')
			url[i] = '-';
		if (url[i] == '/')
			url[i] = '_';
	}
	blob.len = b64url_decoded_len(len);
	assert_true(blob.len <= sizeof(blob.byte));
	assert_int_equal(b64url_decode(bytes_of(url, len), blob.byte), JWT_OK);
	return blob;
}

static enum sshkey_result
read_blob(const char *type, const struct blob *blob)
{
	static const char signs[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmno"
	    "pqrstuvwxyz0123456789+/";
	static char text[BLOB_MAX * 2];
	struct sshkey key;
	size_t i, k, used = 0;

	for (i = 0; i < blob->len; i += 3) {
		size_t left = blob->len - i < 3 ? blob->len - i : 3;
		uint32_t bits = 0;

		for (k = 0; k < 3; k++)
			bits = bits << 8 | (k < left ? blob->byte[i + k] : 0);
		for (k = 0; k < 4; k++)
			text[used++] = k <= left ?
			    signs[bits >> (18 - 6 * k) & 63] : '=';
	}
	return sshkey_read(bytes_str(type), bytes_of(text, used), &key);
}

static enum sshkey_result
read_sample(const struct sample *sample, struct sshkey *out)
{
	return sshkey_read(bytes_str(sample->type), bytes_str(sample->blob),
	    out);
}

/* ---- keys ---- */

static void
test_samples(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < SAMPLES; i++) {
		struct sshkey key;

		assert_int_equal(read_sample(&samples[i], &key), SSHKEY_OK);
		assert_string_equal(key.type, samples[i].inside);
		assert_string_equal(key.jkt, samples[i].jkt);
		assert_string_equal(key.fingerprint, samples[i].fingerprint);
		assert_string_equal(key.ca, samples[i].ca);
	}
}

static void
test_public_key_file(void **state)
{
	struct sshkey key;
	static char line[BLOB_MAX * 2];

	(void)state;
	snprintf(line, sizeof(line), "%s %s alice@example com",
	    samples[0].type, samples[0].blob);
	assert_int_equal(sshkey_read_line(bytes_str(line), &key), SSHKEY_OK);
	assert_string_equal(key.jkt, samples[0].jkt);
	assert_int_equal(sshkey_read_line(bytes_str("ssh-ed25519"), &key),
	    SSHKEY_MALFORMED);
	assert_int_equal(sshkey_read_line(bytes_str(""), &key), SSHKEY_OTHER);
}

/* No beginning of a blob is a key, and nothing may come after one. */
static void
test_cut_and_longer(void **state)
{
	size_t i, len;

	(void)state;
	for (i = 0; i < SAMPLES; i++) {
		struct blob whole = decode(samples[i].blob), blob = whole;

		assert_int_equal(read_blob(samples[i].type, &whole),
		    SSHKEY_OK);
		for (len = 0; len < whole.len; len++) {
			blob.len = len;
			assert_int_equal(read_blob(samples[i].type, &blob),
			    SSHKEY_MALFORMED);
		}
		whole.byte[whole.len++] = 0;
		assert_int_equal(read_blob(samples[i].type, &whole),
		    SSHKEY_MALFORMED);
	}
}

/* OpenSSH reads the application as a C string, and prints what is before it. */
static void
test_application(void **state)
{
	size_t i, seen = 0;

	(void)state;
	for (i = 0; i < SAMPLES; i++) {
		struct blob blob = decode(samples[i].blob);
		uint8_t *last = &blob.byte[blob.len - 1];

		if (strncmp(samples[i].type, "sk-", 3) != 0 ||
		    samples[i].ca[0] != '\0')
			continue;
		assert_int_equal(*last, ':');
		*last = 'x';
		assert_int_equal(read_blob(samples[i].type, &blob), SSHKEY_OK);
		*last = '\0';
		assert_int_equal(read_blob(samples[i].type, &blob),
		    SSHKEY_MALFORMED);
		last[-1] = '\0';
		*last = 'x';
		assert_int_equal(read_blob(samples[i].type, &blob),
		    SSHKEY_MALFORMED);
		seen++;
	}
	assert_true(seen >= 2);
}

/* A changed byte never gives the same key under another fingerprint. */
static void
test_changed_bytes(void **state)
{
	size_t i, at;

	(void)state;
	for (i = 0; i < SAMPLES; i++) {
		struct blob blob = decode(samples[i].blob);
		const size_t type_end = 4 + strlen(samples[i].type);

		/* The lengths and the letters of the type. */
		for (at = 0; at < type_end; at++) {
			blob.byte[at] ^= 1;
			assert_int_equal(read_blob(samples[i].type, &blob),
			    SSHKEY_MALFORMED);
			blob.byte[at] ^= 1;
		}
	}
}

static void
test_types(void **state)
{
	static const char *const others[] = {
		"", "ssh-dss", "ssh-ed448", "ssh-ed25519 ", "SSH-ED25519",
		"ssh-ed25519-cert-v00@openssh.com", "ssh-ed25519@openssh.com",
		"sk-ssh-ed25519", "sk-ssh-ed25519-cert-v01",
		"sk-ssh-ed25519@openssh.com-cert-v01@openssh.com",
		"ecdsa-sha2-nistp224", "rsa-sha2-256",
		"webauthn-sk-ecdsa-sha2-nistp256@openssh.com"
	};
	struct sshkey key;
	size_t i, k;

	(void)state;
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_int_equal(sshkey_read(bytes_str(others[i]),
		    bytes_str(samples[0].blob), &key), SSHKEY_OTHER);
	/* The type in the text must be the one inside. */
	for (i = 0; i < SAMPLES; i++) {
		for (k = 0; k < SAMPLES; k++) {
			enum sshkey_result result = sshkey_read(
			    bytes_str(samples[i].type),
			    bytes_str(samples[k].blob), &key);

			assert_int_equal(result, i == k ? SSHKEY_OK :
			    SSHKEY_MALFORMED);
		}
	}
}

static void
test_base64(void **state)
{
	static const char *const ends[] = { "=", "==", "A", "AA", "AAA", "\n",
	    " ", "AAAA", "-", "\0" };
	struct sshkey key;
	static char text[BLOB_MAX * 2];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		snprintf(text, sizeof(text), "%s%s", samples[0].blob, ends[i]);
		if (ends[i][0] == '\0')
			continue;
		assert_int_equal(sshkey_read(bytes_str("ssh-ed25519"),
		    bytes_str(text), &key), SSHKEY_MALFORMED);
	}
	/* base64url, which OpenSSH never writes. */
	snprintf(text, sizeof(text), "%s", samples[0].blob);
	text[40] = '-';
	assert_int_equal(sshkey_read(bytes_str("ssh-ed25519"),
	    bytes_str(text), &key), SSHKEY_MALFORMED);
}

/* A FIDO key of the P-256 sample: the blob has spare bits at its end. */
static void
test_spare_bits(void **state)
{
	struct sshkey key;
	static char text[BLOB_MAX * 2];
	size_t i, len;

	(void)state;
	for (i = 0; i < SAMPLES; i++) {
		len = strcspn(samples[i].blob, "=");
		snprintf(text, sizeof(text), "%s", samples[i].blob);
		if (text[len] == '\0')
			continue;
		text[len - 1]++;
		assert_int_equal(sshkey_read(bytes_str(samples[i].type),
		    bytes_str(text), &key), SSHKEY_MALFORMED);
	}
}

static void
put(struct blob *blob, const void *bytes, size_t len)
{
	const uint8_t size[4] = { 0, 0, (uint8_t)(len >> 8), (uint8_t)len };

	assert_true(blob->len + len + 4 <= sizeof(blob->byte));
	memcpy(blob->byte + blob->len, size, 4);
	memcpy(blob->byte + blob->len + 4, bytes, len);
	blob->len += 4 + len;
}

/* A key of RSA with these numbers, as they are. */
static enum sshkey_result
read_rsa(const void *e, size_t e_len, const uint8_t *n, size_t n_len)
{
	struct blob blob = { .len = 0 };

	put(&blob, "ssh-rsa", 7);
	put(&blob, e, e_len);
	put(&blob, n, n_len);
	return read_blob("ssh-rsa", &blob);
}

static void
test_rsa(void **state)
{
	static const uint8_t e[] = { 1, 0, 1 };
	uint8_t n[1 + 1024 + 1];
	struct sshkey key;

	(void)state;
	memset(n, 0xb5, sizeof(n));
	n[0] = 0;
	assert_int_equal(read_rsa(e, 3, n, 1 + 256), SSHKEY_OK);
	assert_int_equal(read_rsa(e, 3, n, 1 + 1024), SSHKEY_OK);
	assert_int_equal(read_rsa(e, 3, n, 1 + 1025), SSHKEY_OTHER);
	assert_int_equal(read_rsa(e, 3, n, 1 + 255), SSHKEY_OTHER);
	assert_int_equal(sshkey_read(bytes_str("ssh-rsa"),
	    bytes_str(RSA_1024_BLOB), &key), SSHKEY_OTHER);
	/* e = 1, and an even e. */
	assert_int_equal(read_rsa("\1", 1, n, 1 + 256), SSHKEY_OTHER);
	assert_int_equal(read_rsa("\4", 1, n, 1 + 256), SSHKEY_OTHER);
	/* Negative, zero, and longer than needed. */
	assert_int_equal(read_rsa(e, 3, n + 1, 256), SSHKEY_MALFORMED);
	assert_int_equal(read_rsa("\x83", 1, n, 1 + 256), SSHKEY_MALFORMED);
	assert_int_equal(read_rsa("", 0, n, 1 + 256), SSHKEY_MALFORMED);
	assert_int_equal(read_rsa("\0", 1, n, 1 + 256), SSHKEY_MALFORMED);
	assert_int_equal(read_rsa("\0\1\0\1", 4, n, 1 + 256),
	    SSHKEY_MALFORMED);
	n[1] = 0x35;
	assert_int_equal(read_rsa(e, 3, n, 1 + 256), SSHKEY_MALFORMED);
}

static enum sshkey_result
read_ed25519(const uint8_t *x, size_t len)
{
	struct blob blob = { .len = 0 };

	put(&blob, "ssh-ed25519", 11);
	put(&blob, x, len);
	return read_blob("ssh-ed25519", &blob);
}

static void
test_ed25519(void **state)
{
	struct blob blob = decode(samples[0].blob);
	uint8_t x[33] = { 1 };

	(void)state;
	assert_int_equal(read_ed25519(x, 32), SSHKEY_MALFORMED); /* order 1 */
	memcpy(x, blob.byte + blob.len - 32, 32);
	assert_int_equal(read_ed25519(x, 32), SSHKEY_OK);
	assert_int_equal(read_ed25519(x, 31), SSHKEY_MALFORMED);
	assert_int_equal(read_ed25519(x, 33), SSHKEY_MALFORMED);
}

static enum sshkey_result
read_point(const char *curve, const uint8_t *point, size_t len)
{
	struct blob blob = { .len = 0 };

	put(&blob, "ecdsa-sha2-nistp256", 19);
	put(&blob, curve, strlen(curve));
	put(&blob, point, len);
	return read_blob("ecdsa-sha2-nistp256", &blob);
}

static void
test_point(void **state)
{
	struct blob blob = decode(samples[2].blob);
	uint8_t point[66];

	(void)state;
	memcpy(point, blob.byte + blob.len - 65, 65);
	assert_int_equal(read_point("nistp256", point, 65), SSHKEY_OK);
	assert_int_equal(read_point("nistp384", point, 65), SSHKEY_MALFORMED);
	assert_int_equal(read_point("", point, 65), SSHKEY_MALFORMED);
	assert_int_equal(read_point("nistp256", point, 64), SSHKEY_MALFORMED);
	point[65] = 0;
	assert_int_equal(read_point("nistp256", point, 66), SSHKEY_MALFORMED);
	/* Compressed, hybrid, and the point at infinity. */
	for (point[0] = 0; point[0] < 8; point[0]++) {
		if (point[0] != 4)
			assert_int_equal(read_point("nistp256", point, 65),
			    SSHKEY_MALFORMED);
	}
	point[0] = 2;
	assert_int_equal(read_point("nistp256", point, 33), SSHKEY_MALFORMED);
	point[0] = 0;
	assert_int_equal(read_point("nistp256", point, 1), SSHKEY_MALFORMED);
}

static void
test_fingerprints(void **state)
{
	static const struct {
		const char *text;
		bool is_one;
	} cases[] = {
		{ CA_ED25519, true },
		{ "SHA256:wcAFR8LPsKPb+/hMaX5legtUyD/M5Lq/xg9nV6z7hKM", true },
		{ "SHA256:wcAFR8LPsKPb+/hMaX5legtUyD/M5Lq/xg9nV6z7hKM=",
		    false },
		{ "SHA256:wcAFR8LPsKPb+/hMaX5legtUyD/M5Lq/xg9nV6z7hKN",
		    false },
		{ "SHA256:wcAFR8LPsKPb-_hMaX5legtUyD_M5Lq_xg9nV6z7hKM",
		    false },
		{ "sha256:wcAFR8LPsKPb+/hMaX5legtUyD/M5Lq/xg9nV6z7hKM",
		    false },
		{ "SHA256:wcAFR8LPsKPb+/hMaX5legtUyD/M5Lq/xg9nV6z7hK", false },
		{ "MD5:16:27:ac:a5:76:28:2d:36:63:1b:56:4d:eb:df:a6:48",
		    false },
		{ "", false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(sshkey_is_fingerprint(
		    bytes_str(cases[i].text)), cases[i].is_one);
}

/* ---- SSH_AUTH_INFO_0 ---- */

static size_t
count_keys(const char *text)
{
	struct proof proof;

	assert_int_equal(proof_read(bytes_str(text), &proof), JWT_OK);
	return proof.count;
}

/* Text with lines of the samples whose numbers are given, up to -1. */
static void
write_info(char *out, size_t size, const int *which)
{
	size_t used = 0;

	for (out[0] = '\0'; *which >= 0; which++)
		used += (size_t)snprintf(out + used, size - used,
		    "publickey %s %s\n", samples[*which].type,
		    samples[*which].blob);
	assert_true(used < size);
}

static void
test_auth_info(void **state)
{
	static char one[4096], text[16384];
	static const int first[] = { 0, -1 };

	(void)state;
	write_info(one, sizeof(one), first);
	assert_int_equal(count_keys(""), 0);
	assert_int_equal(count_keys("\n\n"), 0);
	assert_int_equal(count_keys("keyboard-interactive/pam\n"), 0);
	assert_int_equal(count_keys(one), 1);
	snprintf(text, sizeof(text), "password\n%s%s", one, one);
	assert_int_equal(count_keys(text), 2);
	/* Not the key of a user. */
	snprintf(text, sizeof(text), "hostbased %s", one + strlen("publickey "));
	assert_int_equal(count_keys(text), 0);
	snprintf(text, sizeof(text), " %s", one);
	assert_int_equal(count_keys(text), 0);
	/* A kind that is not known is no proof, and the others count. */
	snprintf(text, sizeof(text), "publickey ssh-dss AAAA\n%s"
	    "publickey ssh-rsa %s\n", one, RSA_1024_BLOB);
	assert_int_equal(count_keys(text), 1);
	/* A line that is malformed takes all of them away. */
	snprintf(text, sizeof(text), "%spublickey ssh-ed25519 AAAA\n", one);
	assert_int_equal(count_keys(text), 0);
	snprintf(text, sizeof(text), "publickey ssh-rsa\n%s", one);
	assert_int_equal(count_keys(text), 0);
	one[strlen(one) - 1] = ' ';
	assert_int_equal(count_keys(one), 0);
}

static void
test_many_keys(void **state)
{
	static const int eight[] = { 0, 1, 2, 3, 4, 5, 6, 7, -1 };
	static const int nine[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, -1 };
	static char text[16384];

	(void)state;
	write_info(text, sizeof(text), eight);
	assert_int_equal(count_keys(text), 8);
	write_info(text, sizeof(text), nine);
	assert_int_equal(count_keys(text), 0);
}

/* ---- cnf ---- */

static enum jwt_reason
read_cnf(const char *text, struct proof_binding *out)
{
	struct json_doc doc = { .nodes = NULL };
	static char copy[12288];
	enum jwt_reason reason;

	snprintf(copy, sizeof(copy), "%s", text);
	assert_int_equal(json_parse_value((uint8_t *)copy, strlen(copy),
	    &json_token_limits, &doc), JWT_OK);
	reason = proof_read_cnf(json_root(&doc), out);
	json_clear(&doc);
	return reason;
}

/* RFC 8037 appendix A.2 and A.3. */
#define RFC_X "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
#define RFC_JKT "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"

static void
test_cnf(void **state)
{
	static const struct {
		const char *text;
		enum jwt_reason reason;
	} cases[] = {
		{ "{\"jkt\":\"" RFC_JKT "\"}", JWT_OK },
		{ "{\"jwk\":{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\""
		    RFC_X "\"}}", JWT_OK },
		{ "{\"jwk\":{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\""
		    RFC_X "\",\"kid\":\"k\",\"use\":\"enc\"}}", JWT_OK },
		{ "{\"kid\":\"" CA_ED25519 "\"}", JWT_OK },
		{ "null", JWT_CLAIM_INVALID }, { "{}", JWT_CLAIM_INVALID },
		{ "[]", JWT_CLAIM_INVALID }, { "\"x\"", JWT_CLAIM_INVALID },
		{ "{\"jkt\":null}", JWT_CLAIM_INVALID },
		{ "{\"jkt\":\"x\"}", JWT_CLAIM_INVALID },
		{ "{\"jkt\":\"AAAA\"}", JWT_CLAIM_INVALID },
		{ "{\"jkt\":\"" RFC_JKT "=\"}", JWT_CLAIM_INVALID },
		/* Spare bits in the last character. */
		{ "{\"jkt\":\"kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4l\"}",
		    JWT_CLAIM_INVALID },
		{ "{\"jkt\":\"" RFC_JKT "\",\"kid\":\"" CA_ED25519 "\"}",
		    JWT_CLAIM_INVALID },
		{ "{\"JKT\":\"" RFC_JKT "\"}", JWT_CLAIM_INVALID },
		{ "{\"x5t#S256\":\"" RFC_JKT "\"}", JWT_CLAIM_INVALID },
		{ "{\"kid\":\"k1\"}", JWT_CLAIM_INVALID },
		{ "{\"kid\":\"" RFC_JKT "\"}", JWT_CLAIM_INVALID },
		{ "{\"jwk\":{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\""
		    RFC_X "\",\"d\":\"" RFC_X "\"}}", JWT_CLAIM_INVALID },
		{ "{\"jwk\":{\"kty\":\"oct\",\"k\":\"" RFC_X RFC_X "\"}}",
		    JWT_CLAIM_INVALID },
		{ "{\"jwk\":{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\""
		    RFC_X "\"}}", JWT_CLAIM_INVALID },
		/* As long as the number of Ed448. */
		{ "{\"jwk\":{\"kty\":\"OKP\",\"crv\":\"X448\",\"x\":\"" RFC_X
		    "01234567890123456789012345678AAAA\"}}", JWT_CLAIM_INVALID },
		{ "{\"jwk\":{\"kty\":\"OKP\",\"crv\":\"Ed25519\"}}",
		    JWT_CLAIM_INVALID },
		{ "{\"jwk\":\"" RFC_X "\"}", JWT_CLAIM_INVALID },
		/* A number of as many digits as the text of a key has letters. */
		{ "{\"jwk\":{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":"
		    "1000000000000000000000000000000000000000000}}",
		    JWT_CLAIM_INVALID },
	};
	struct proof_binding binding;
	char words[PROOF_TEXT_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(read_cnf(cases[i].text, &binding),
		    cases[i].reason);
	assert_int_equal(read_cnf(cases[1].text, &binding), JWT_OK);
	assert_string_equal(binding.jkt, RFC_JKT);
	proof_describe(&binding, words);
	assert_string_equal(words, "the key of the thumbprint " RFC_JKT);
	assert_int_equal(read_cnf(cases[3].text, &binding), JWT_OK);
	proof_describe(&binding, words);
	assert_string_equal(words, "the key " CA_ED25519);
	assert_int_equal(proof_read_cnf(NULL, &binding), JWT_OK);
	assert_false(binding.is_bound);
}

/* An array is no cnf, whatever claim stands after it. */
static void
test_cnf_array(void **state)
{
	char text[] = "{\"cnf\":[\"jkt\"],\"" RFC_JKT "\":0}";
	struct proof_binding binding;
	struct json_doc doc;

	(void)state;
	assert_int_equal(json_parse((uint8_t *)text, strlen(text),
	    &json_token_limits, &doc), JWT_OK);
	assert_int_equal(proof_read_cnf(json_get(json_root(&doc),
	    bytes_str("cnf")), &binding), JWT_CLAIM_INVALID);
	json_clear(&doc);
}

/* A key that is longer than any that counts is refused, not out of memory. */
static void
test_cnf_long(void **state)
{
	static char text[10240];
	struct proof_binding binding;

	(void)state;
	snprintf(text, sizeof(text), "{\"jwk\":{\"kty\":\"RSA\",\"e\":\"AQAB\","
	    "\"n\":\"%09000d\"}}", 0);
	assert_int_equal(read_cnf(text, &binding), JWT_CLAIM_INVALID);
}

/* ---- each token with each key ---- */

static void
make_binding(const struct sample *sample, bool by_jkt,
    struct proof_binding *out)
{
	static char text[256];

	snprintf(text, sizeof(text), "{\"%s\":\"%s\"}", by_jkt ? "jkt" : "kid",
	    by_jkt ? sample->jkt : sample->fingerprint);
	assert_int_equal(read_cnf(text, out), JWT_OK);
}

static void
test_pairs(void **state)
{
	static const struct proof none = { .count = 0 };
	struct proof_binding binding;
	size_t i, k;
	int by;

	(void)state;
	for (i = 0; i < SAMPLES; i++) {
		for (k = 0; k < 2 * SAMPLES; k++) {
			const struct sample *key = &samples[k / 2];
			int which[] = { (int)i, -1 };
			struct proof proof;
			static char info[8192];
			bool same;

			by = (int)(k % 2);
			write_info(info, sizeof(info), which);
			assert_int_equal(proof_read(bytes_str(info), &proof),
			    JWT_OK);
			make_binding(key, by != 0, &binding);
			same = strcmp(by ? key->jkt : key->fingerprint, by ?
			    samples[i].jkt : samples[i].fingerprint) == 0;
			assert_int_equal(proof_check(&proof, &binding),
			    same ? JWT_OK : JWT_PROOF_MISMATCH);
			assert_int_equal(proof_check(&none, &binding),
			    JWT_PROOF_MISSING);
		}
	}
}

/* ---- what rules see ---- */

static struct proof_view
view_of(const int *which, const struct sample *bound)
{
	struct proof_binding binding = { .is_bound = false };
	static struct proof proof;	/* the view borrows from it */
	static char info[16384];

	write_info(info, sizeof(info), which);
	assert_int_equal(proof_read(bytes_str(info), &proof), JWT_OK);
	if (bound != NULL)
		make_binding(bound, true, &binding);
	return proof_view(&proof, &binding);
}

static void
test_view(void **state)
{
	static const int none[] = { -1 }, plain[] = { 0, -1 };
	static const int cert[] = { 1, -1 }, both[] = { 0, 1, -1 };
	static const int two[] = { 0, 2, -1 }, twice[] = { 1, 1, -1 };
	struct proof_view view = view_of(none, NULL);

	(void)state;
	assert_null(view.type);
	assert_null(view.ca);
	view = view_of(plain, NULL);
	assert_string_equal(view.type, "ssh-ed25519");
	assert_string_equal(view.ca, "");
	view = view_of(cert, NULL);
	assert_string_equal(view.type, "ssh-ed25519");
	assert_string_equal(view.ca, CA_ED25519);
	/* One key on two lines: its CA is unknown if they do not agree. */
	view = view_of(both, NULL);
	assert_string_equal(view.type, "ssh-ed25519");
	assert_null(view.ca);
	view = view_of(twice, NULL);
	assert_string_equal(view.ca, CA_ED25519);
	/* Two keys: the one that the token is bound to, or unknown. */
	view = view_of(two, NULL);
	assert_null(view.type);
	view = view_of(two, &samples[2]);
	assert_string_equal(view.type, "ecdsa-sha2-nistp256");
	view = view_of(plain, &samples[2]);
	assert_null(view.type);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_samples),
		cmocka_unit_test(test_public_key_file),
		cmocka_unit_test(test_cut_and_longer),
		cmocka_unit_test(test_application),
		cmocka_unit_test(test_changed_bytes),
		cmocka_unit_test(test_types),
		cmocka_unit_test(test_base64),
		cmocka_unit_test(test_spare_bits),
		cmocka_unit_test(test_rsa),
		cmocka_unit_test(test_ed25519),
		cmocka_unit_test(test_point),
		cmocka_unit_test(test_fingerprints),
		cmocka_unit_test(test_auth_info),
		cmocka_unit_test(test_many_keys),
		cmocka_unit_test(test_cnf),
		cmocka_unit_test(test_cnf_array),
		cmocka_unit_test(test_cnf_long),
		cmocka_unit_test(test_pairs),
		cmocka_unit_test(test_view),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
