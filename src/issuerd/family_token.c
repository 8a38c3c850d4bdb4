/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads, writes and derives refresh tokens.  Everything is an HMAC with the
 * secret of the issuer over a label, the id, the generation and the value: the
 * label keeps one kind of derived bytes from being taken for another.
 */
#include <string.h>

#include "core/base/b64url.h"
#include "issuerd/family_token.h"

#define LABEL_LEN	8	/* bytes, with zeros at the end */
#define HEAD_LEN	(LABEL_LEN + FAMILY_ID_LEN + 4)
#define AUDIENCE_MAX	1024	/* bytes; grants allow less */

static const char LABEL_NEXT[LABEL_LEN] = "next";
static const char LABEL_TAG[LABEL_LEN] = "tag";
static const char LABEL_HASH[LABEL_LEN] = "hash";
static const char LABEL_JTI[LABEL_LEN] = "jti";

static void
put_number(uint32_t number, uint8_t *out)
{
	out[0] = (uint8_t)(number >> 24);
	out[1] = (uint8_t)(number >> 16);
	out[2] = (uint8_t)(number >> 8);
	out[3] = (uint8_t)number;
}

static uint32_t
get_number(const uint8_t *from)
{
	return (uint32_t)from[0] << 24 | (uint32_t)from[1] << 16 |
	    (uint32_t)from[2] << 8 | from[3];
}

static void
put_head(const char *label, const uint8_t *id, uint32_t generation,
    uint8_t out[HEAD_LEN])
{
	memcpy(out, label, LABEL_LEN);
	memcpy(out + LABEL_LEN, id, FAMILY_ID_LEN);
	put_number(generation, out + LABEL_LEN + FAMILY_ID_LEN);
}

/* HMAC over label, id, generation and the value of a token. */
static enum jwt_reason
derive(struct bytes secret, const char *label, const struct family_token *token,
    uint32_t generation, uint8_t out[HASH_LEN])
{
	uint8_t text[HEAD_LEN + FAMILY_VALUE_LEN];
	enum jwt_reason reason;

	put_head(label, token->id, generation, text);
	memcpy(text + HEAD_LEN, token->value, FAMILY_VALUE_LEN);
	reason = hash_keyed(secret, bytes_of(text, sizeof(text)), out);
	explicit_bzero(text, sizeof(text));
	return reason;
}

/* Split the bytes of a token, and compare its tag with the one that it needs. */
static enum jwt_reason
read_raw(struct bytes secret, const uint8_t raw[FAMILY_RAW_LEN],
    struct family_token *out)
{
	const uint8_t *value = raw + FAMILY_ID_LEN + 4;
	uint8_t tag[HASH_LEN];
	enum jwt_reason reason;
	bool is_ours;

	memcpy(out->id, raw, FAMILY_ID_LEN);
	out->generation = get_number(raw + FAMILY_ID_LEN);
	memcpy(out->value, value, FAMILY_VALUE_LEN);
	reason = derive(secret, LABEL_TAG, out, out->generation, tag);
	if (reason != JWT_OK)
		return reason;
	is_ours = hash_is_same(tag, value + FAMILY_VALUE_LEN, FAMILY_TAG_LEN);
	explicit_bzero(tag, sizeof(tag));
	if (!is_ours)
		return JWT_TOKEN_FORM;
	return JWT_OK;
}

enum jwt_reason
family_token_read(struct bytes secret, struct bytes text,
    struct family_token *out)
{
	const size_t prefix = strlen(FAMILY_PREFIX);
	uint8_t raw[FAMILY_RAW_LEN];
	enum jwt_reason reason;

	*out = (struct family_token){ .generation = 0 };
	if (text.len != FAMILY_TOKEN_LEN ||
	    !bytes_starts(text, bytes_str(FAMILY_PREFIX)))
		return JWT_TOKEN_FORM;
	text.ptr += prefix;
	text.len -= prefix;
	if (b64url_decode(text, raw) != JWT_OK)
		return JWT_TOKEN_FORM;
	reason = read_raw(secret, raw, out);
	explicit_bzero(raw, sizeof(raw));
	if (reason != JWT_OK)
		explicit_bzero(out, sizeof(*out));
	return reason;
}

enum jwt_reason
family_token_write(struct bytes secret, const struct family_token *token,
    char out[FAMILY_TOKEN_LEN + 1])
{
	const size_t prefix = strlen(FAMILY_PREFIX);
	uint8_t raw[FAMILY_RAW_LEN], tag[HASH_LEN];
	enum jwt_reason reason = derive(secret, LABEL_TAG, token,
	    token->generation, tag);

	if (reason != JWT_OK)
		return reason;
	memcpy(raw, token->id, FAMILY_ID_LEN);
	put_number(token->generation, raw + FAMILY_ID_LEN);
	memcpy(raw + FAMILY_ID_LEN + 4, token->value, FAMILY_VALUE_LEN);
	memcpy(raw + FAMILY_RAW_LEN - FAMILY_TAG_LEN, tag, FAMILY_TAG_LEN);
	memcpy(out, FAMILY_PREFIX, prefix);
	b64url_encode(bytes_of(raw, sizeof(raw)), out + prefix);
	out[FAMILY_TOKEN_LEN] = '\0';
	explicit_bzero(raw, sizeof(raw));
	explicit_bzero(tag, sizeof(tag));
	return JWT_OK;
}

enum jwt_reason
family_token_next(struct bytes secret, const struct family_token *token,
    struct family_token *out)
{
	if (token->generation == UINT32_MAX)
		return JWT_INTERNAL;
	memcpy(out->id, token->id, FAMILY_ID_LEN);
	out->generation = token->generation + 1;
	return derive(secret, LABEL_NEXT, token, out->generation, out->value);
}

enum jwt_reason
family_token_hash(struct bytes secret, const struct family_token *token,
    uint8_t out[HASH_LEN])
{
	return derive(secret, LABEL_HASH, token, token->generation, out);
}

void
family_sid_write(const uint8_t id[FAMILY_ID_LEN], char out[FAMILY_SID_LEN + 1])
{
	b64url_encode(bytes_of(id, FAMILY_ID_LEN), out);
	out[FAMILY_SID_LEN] = '\0';
}

bool
family_sid_read(const char *sid, uint8_t id[FAMILY_ID_LEN])
{
	return strlen(sid) == FAMILY_SID_LEN &&
	    b64url_decode(bytes_str(sid), id) == JWT_OK;
}

enum jwt_reason
family_jti(struct bytes secret, const uint8_t id[FAMILY_ID_LEN],
    uint32_t generation, struct bytes audience, char out[FAMILY_JTI_LEN + 1])
{
	uint8_t text[HEAD_LEN + AUDIENCE_MAX], hash[HASH_LEN];
	enum jwt_reason reason;

	if (audience.len > AUDIENCE_MAX)
		return JWT_INTERNAL;
	put_head(LABEL_JTI, id, generation, text);
	if (audience.len > 0)
		memcpy(text + HEAD_LEN, audience.ptr, audience.len);
	reason = hash_keyed(secret, bytes_of(text, HEAD_LEN + audience.len),
	    hash);
	if (reason != JWT_OK)
		return reason;
	b64url_encode(bytes_of(hash, FAMILY_ID_LEN), out);
	out[FAMILY_JTI_LEN] = '\0';
	return JWT_OK;
}
