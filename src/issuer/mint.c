/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Makes a token: header and claims as JSON, and the signature over both.  The
 * finished token is parsed once more, so that no caller can hand out one that
 * every host refuses.
 */
#include <sys/random.h>

#include "core/base/b64url.h"
#include "core/base/json_write.h"
#include "core/jose/jws.h"
#include "issuer/mint.h"

#define JTI_BYTES	16	/* two are never the same */

bool
mint_random_jti(char out[MINT_JTI_SIZE])
{
	uint8_t random[JTI_BYTES];

	if (getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random))
		return false;
	b64url_encode(bytes_of(random, sizeof(random)), out);
	out[MINT_JTI_SIZE - 1] = '\0';
	return true;
}

/* ---- header and claims ---- */

static void
put_time(struct json_write *json, const char *name, int64_t epoch)
{
	json_write_name(json, bytes_str(name));
	json_write_integer(json, epoch);
}

static void
put_audience(struct json_write *json, const struct mint *mint)
{
	size_t i;

	if (mint->aud_count == 1) {
		json_write_member(json, "aud", mint->aud[0]);
		return;
	}
	json_write_name(json, bytes_str("aud"));
	json_write_array(json);
	for (i = 0; i < mint->aud_count; i++)
		json_write_string(json, bytes_str(mint->aud[i]));
	json_write_close(json);
}

static void
put_more(struct json_write *json, const struct mint *mint)
{
	size_t i;

	for (i = 0; i < mint->claim_count; i++) {
		const struct mint_claim *claim = &mint->claims[i];

		json_write_name(json, claim->name);
		if (claim->is_json)
			json_write_raw(json, claim->value);
		else
			json_write_string(json, claim->value);
	}
}

/* A text longer than the limit would make a token longer than any may be. */
static enum jwt_reason
finish(struct json_write *json, struct secret *out)
{
	enum jwt_reason reason;

	json_write_close(json);
	reason = json_write_finish(json, out);
	if (reason == JWT_JSON_LIMIT)
		return JWT_TOKEN_TOO_LONG;
	return reason;
}

static enum jwt_reason
write_claims(const struct mint *mint, struct secret *out)
{
	struct json_write json;

	json_write_start(&json, TOKEN_MAX);
	json_write_object(&json);
	json_write_member(&json, "iss", mint->iss);
	json_write_member(&json, "sub", mint->sub);
	put_audience(&json, mint);
	put_time(&json, "iat", mint->iat);
	put_time(&json, "exp", mint->exp);
	if (mint->jti != NULL)
		json_write_member(&json, "jti", mint->jti);
	put_more(&json, mint);
	return finish(&json, out);
}

static enum jwt_reason
write_header(const struct mint *mint, const struct mint_signer *signer,
    struct secret *out)
{
	struct json_write json;

	json_write_start(&json, TOKEN_MAX);
	json_write_object(&json);
	json_write_member(&json, "alg", signer->alg_name);
	json_write_member(&json, "typ", mint->typ);
	if (signer->kid[0] != '\0')
		json_write_member(&json, "kid", signer->kid);
	return finish(&json, out);
}

/* ---- the token ---- */

/* Append bytes in base64url; a dot stands before all but the first. */
static void
append(struct secret *token, struct bytes bytes)
{
	if (token->len > 0)
		token->ptr[token->len++] = '.';
	b64url_encode(bytes, (char *)token->ptr + token->len);
	token->len += b64url_encoded_len(bytes.len);
}

/* Make the signing input (RFC 7515 section 5.1), with room for more bytes. */
static enum jwt_reason
join(struct bytes header, struct bytes claims, size_t room,
    struct secret *out)
{
	enum jwt_reason reason;

	reason = secret_alloc(b64url_encoded_len(header.len) + 1 +
	    b64url_encoded_len(claims.len) + room, out);
	if (reason != JWT_OK)
		return reason;
	out->len = 0;
	append(out, header);
	append(out, claims);
	return JWT_OK;
}

enum jwt_reason
mint_sign(const struct mint_signer *signer, struct bytes header,
    struct bytes claims, struct secret *out)
{
	struct secret input = { 0 }, signature = { 0 };
	enum jwt_reason reason;

	*out = (struct secret){ 0 };
	reason = join(header, claims, 0, &input);
	if (reason != JWT_OK)
		return reason;
	if (!signer->sign(signer->context, secret_bytes(&input),
	    &signature))
		reason = JWT_SIGNATURE_INVALID;
	else
		reason = join(header, claims,
		    1 + b64url_encoded_len(signature.len), out);
	if (reason == JWT_OK)
		append(out, secret_bytes(&signature));
	secret_clear(&signature);
	secret_clear(&input);
	return reason;
}

/* Against a claim name given twice, or a kid that is too long. */
static enum jwt_reason
check_readable(struct bytes token)
{
	struct jws *jws = NULL;
	enum jwt_reason reason = jws_parse(token, &jws);

	jws_free(jws);
	return reason;
}

static enum jwt_reason
sign_texts(const struct mint_signer *signer, struct bytes header,
    struct bytes claims, struct secret *out)
{
	enum jwt_reason reason = mint_sign(signer, header, claims, out);

	if (reason != JWT_OK)
		return reason;
	return check_readable(secret_bytes(out));
}

enum jwt_reason
mint_token(const struct mint *mint, const struct mint_signer *signer,
    struct secret *out)
{
	struct secret header = { 0 }, claims = { 0 };
	enum jwt_reason reason;

	*out = (struct secret){ 0 };
	reason = write_claims(mint, &claims);
	if (reason != JWT_OK)
		goto out;
	reason = write_header(mint, signer, &header);
	if (reason != JWT_OK)
		goto out;
	reason = sign_texts(signer, secret_bytes(&header), secret_bytes(&claims),
	    out);
	if (reason != JWT_OK)
		secret_clear(out);
out:
	secret_clear(&header);
	secret_clear(&claims);
	return reason;
}
