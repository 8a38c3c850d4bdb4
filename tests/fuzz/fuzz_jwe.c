/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Encrypted tokens.  The first line is how; then
 *
 *	r	the rest is a token as it came
 *	g, c	the second line is more of the header, the rest is what is
 *		inside; the target encrypts it with AES-GCM or AES-CBC, so that
 *		the code after the decryption is reached
 *
 * The keys are those of RFC 8037 appendix A.6, so Z is known.  A token as it
 * came must never be opened: no seed is a good one.
 */
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>

#include "core/base/b64url.h"
#include "core/jose/jwe.h"
#include "core/jose/shape.h"
#include "tests/fuzz/fuzz.h"

#define IV_LEN(how)	((how) == 'g' ? (size_t)12 : (size_t)16)
#define TOKEN_SIZE	(4 * TOKEN_MAX)

static const char bob[] =
    "{\"kty\":\"OKP\",\"crv\":\"X25519\",\"alg\":\"ECDH-ES\",\"kid\":\"bob\","
    "\"x\":\"3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08\","
    "\"d\":\"XasIfmJKikt54X-Lg4AO5m87sSkmGLb9HC-LJ_-I4Os\"}";
static const char epk[] = "{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":"
    "\"hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo\"}";
static const char z[] = "Sl2dW6TOLeFyjjv0gDUPJeB-IclH0Z4zdvCbPB4WF0I";

static struct jwe_key_set set;
static uint8_t gcm_key[16], cbc_key[32];

/* Concat KDF without parties (RFC 7518 section 4.6.2). */
static void
derive(const char *enc, uint8_t *out, size_t len)
{
	uint8_t secret[32], info[64] = { 0 };
	size_t used = 4 + strlen(enc) + 8;
	EVP_KDF *kdf = EVP_KDF_fetch(NULL, "SSKDF", NULL);
	EVP_KDF_CTX *ctx = EVP_KDF_CTX_new(kdf);
	char digest[] = "SHA256";
	OSSL_PARAM params[4];

	FUZZ_CHECK(b64url_decode(bytes_str(z), secret) == JWT_OK);
	info[3] = (uint8_t)strlen(enc);
	memcpy(info + 4, enc, strlen(enc));
	info[used + 2] = (uint8_t)(len * 8 >> 8);
	info[used + 3] = (uint8_t)(len * 8);
	params[0] = OSSL_PARAM_construct_utf8_string("digest", digest, 0);
	params[1] = OSSL_PARAM_construct_octet_string("key", secret, 32);
	params[2] = OSSL_PARAM_construct_octet_string("info", info, used + 4);
	params[3] = OSSL_PARAM_construct_end();
	FUZZ_CHECK(EVP_KDF_derive(ctx, out, len, params) == 1);
	EVP_KDF_CTX_free(ctx);
	EVP_KDF_free(kdf);
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	struct jwe_key_file file = { .name = "bob" };
	struct secret text = fuzz_copy(bytes_str(bob));
	struct diag diag = { 0 };

	(void)argc;
	(void)argv;
	FUZZ_CHECK(jwe_key_set_add(&set, &file, &text, &diag) == JWT_OK);
	free(text.ptr);
	diag_clear(&diag);
	derive("A128GCM", gcm_key, sizeof(gcm_key));
	derive("A128CBC-HS256", cbc_key, sizeof(cbc_key));
	return 0;
}

/* What is being put together. */
struct token {
	char text[TOKEN_SIZE];
	size_t len;
};

static void
put(struct token *out, struct bytes part, const char *end)
{
	FUZZ_CHECK(out->len + b64url_encoded_len(part.len) + 1 <
	    sizeof(out->text));
	b64url_encode(part, out->text + out->len);
	out->len += b64url_encoded_len(part.len);
	memcpy(out->text + out->len, end, strlen(end));
	out->len += strlen(end);
}

static size_t
encrypt_gcm(struct bytes aad, struct bytes plain, uint8_t *out, uint8_t *tag)
{
	static const uint8_t iv[12];
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int len = 0, none;

	FUZZ_CHECK(EVP_EncryptInit_ex2(ctx, EVP_aes_128_gcm(), gcm_key, iv,
	    NULL) == 1);
	FUZZ_CHECK(EVP_EncryptUpdate(ctx, NULL, &none, aad.ptr,
	    (int)aad.len) == 1);
	FUZZ_CHECK(plain.len == 0 || EVP_EncryptUpdate(ctx, out, &len,
	    plain.ptr, (int)plain.len) == 1);
	FUZZ_CHECK(EVP_EncryptFinal_ex(ctx, out + len, &none) == 1);
	FUZZ_CHECK(EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, 16,
	    tag) == 1);
	EVP_CIPHER_CTX_free(ctx);
	return (size_t)len;
}

static size_t
encrypt_cbc(struct bytes aad, struct bytes plain, uint8_t *out, uint8_t *tag)
{
	static const uint8_t iv[16];
	static uint8_t all[TOKEN_SIZE];
	uint8_t mac[64];
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int len = 0, rest = 0;
	size_t total, mac_len;

	FUZZ_CHECK(EVP_EncryptInit_ex2(ctx, EVP_aes_128_cbc(), cbc_key + 16,
	    iv, NULL) == 1);
	FUZZ_CHECK(EVP_EncryptUpdate(ctx, out, &len, plain.ptr,
	    (int)plain.len) == 1);
	FUZZ_CHECK(EVP_EncryptFinal_ex(ctx, out + len, &rest) == 1);
	EVP_CIPHER_CTX_free(ctx);
	len += rest;
	memcpy(all, aad.ptr, aad.len);
	memcpy(all + aad.len, iv, 16);
	memcpy(all + aad.len + 16, out, (size_t)len);
	total = aad.len + 16 + (size_t)len;
	memset(all + total, 0, 8);
	all[total + 6] = (uint8_t)(aad.len * 8 >> 8);
	all[total + 7] = (uint8_t)(aad.len * 8);
	all[total + 5] = (uint8_t)(aad.len * 8 >> 16);
	FUZZ_CHECK(EVP_Q_mac(NULL, "HMAC", NULL, "SHA256", NULL, cbc_key, 16,
	    all, total + 8, mac, sizeof(mac), &mac_len) != NULL);
	memcpy(tag, mac, 16);
	return (size_t)len;
}

/* Encrypt for Bob, with more members in the header. */
static void
seal(char how, struct bytes members, struct bytes plain, struct token *out)
{
	static char header[TOKEN_MAX];
	static uint8_t text[TOKEN_SIZE];
	static const uint8_t iv[16];
	uint8_t tag[16];
	struct bytes aad;
	size_t len;
	int used = snprintf(header, sizeof(header), "{\"alg\":\"ECDH-ES\","
	    "\"enc\":\"%s\",\"epk\":%s%.*s}", how == 'g' ? "A128GCM" :
	    "A128CBC-HS256", epk, (int)members.len,
	    members.len > 0 ? (const char *)members.ptr : "");

	out->len = 0;
	put(out, bytes_of(header, (size_t)used), ".");
	aad = bytes_of(out->text, out->len - 1);
	if (how == 'g')
		len = encrypt_gcm(aad, plain, text, tag);
	else
		len = encrypt_cbc(aad, plain, text, tag);
	put(out, bytes_of(NULL, 0), ".");
	put(out, bytes_of(iv, IV_LEN(how)), ".");
	put(out, bytes_of(text, len), ".");
	put(out, bytes_of(tag, sizeof(tag)), "");
}

static void
check_opened(struct jwe *jwe, struct bytes plain)
{
	struct jws *jws;
	enum jwt_reason reason = jwe_decrypt(jwe, &set.keys[0], &jws);

	FUZZ_CHECK((jws != NULL) == (reason == JWT_OK));
	if (jws != NULL)
		FUZZ_CHECK(bytes_eq(jwe_inner(jwe), plain));
	else
		FUZZ_CHECK(reason == JWT_DECRYPT_FAILED ||
		    reason == JWT_ENCRYPTION_UNSUPPORTED);
	jws_free(jws);
}

static void
check_raw(struct jwe *jwe)
{
	struct jws *jws;

	FUZZ_CHECK(jwe_decrypt(jwe, &set.keys[0], &jws) ==
	    JWT_DECRYPT_FAILED);
	FUZZ_CHECK(jws == NULL && jwe_inner(jwe).len == 0);
}

static void
try_token(struct bytes token, bool is_sealed, struct bytes plain)
{
	struct jwe *jwe;
	enum jwt_reason reason = jwe_parse(token, &jwe);

	FUZZ_CHECK(jwe != NULL && jwe_len(jwe) == token.len);
	FUZZ_CHECK(jwe_unverified_kid(jwe).len <= JWK_KID_MAX ||
	    reason != JWT_OK);
	FUZZ_CHECK(!jwe_is_begun(jwe) || shape_is_start(token) ||
	    reason != JWT_OK || is_sealed);
	if (reason != JWT_OK)
		FUZZ_CHECK(reason_class(reason) == JWT_CLASS_MALFORMED);
	else if (jwe_key_fits(jwe, &set.keys[0]) && is_sealed)
		check_opened(jwe, plain);
	else if (jwe_key_fits(jwe, &set.keys[0]))
		check_raw(jwe);
	jwe_free(jwe);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct token token;
	struct bytes rest = bytes_of(data, size);
	struct bytes how = fuzz_until(&rest, '\n'), members;

	if (how.len != 1 || size > TOKEN_MAX - 512)
		return 0;
	if (how.ptr[0] == 'r') {
		try_token(rest, false, bytes_of(NULL, 0));
		return 0;
	}
	if (how.ptr[0] != 'g' && how.ptr[0] != 'c')
		return 0;
	members = fuzz_until(&rest, '\n');
	if (bytes_has(members, '\0'))
		return 0;
	seal((char)how.ptr[0], members, rest, &token);
	try_token(bytes_of(token.text, token.len), true, rest);
	return 0;
}
