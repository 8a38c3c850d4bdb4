/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Takes encrypted tokens apart, and decides by the header alone whether they
 * may be decrypted.  There is no cryptography here: see crypt.c.
 */
#include <stdlib.h>

#include "core/base/b64url.h"
#include "core/jose/crypt.h"
#include "core/jose/jwe.h"
#include "core/jose/jwk_entry.h"
#include "core/jose/media_type.h"
#include "core/jose/shape.h"

#define JWE_DOTS 4	/* RFC 7516 section 7.1: five parts */

struct jwe {
	enum jwt_reason parsed;		/* the result of jwe_parse() */
	size_t len;			/* of the token */
	size_t dots;
	bool is_begun;
	struct bytes raw_header, raw_key, raw_iv, raw_text, raw_tag;
	struct secret header, plain;
	struct json_doc header_doc;
	const struct json_node *kid;
	struct crypt_input input;	/* alg, enc, epk, apu and apv */
};

bool
jwe_has_form(struct bytes text)
{
	struct bytes rest = text, header, key;

	header = bytes_cut(&rest, '.');
	key = bytes_cut(&rest, '.');
	if (header.len + key.len + 1 >= text.len)
		return false;	/* it has less than two dots */
	if (!bytes_has(rest, '.') && key.len > 0)
		return false;	/* most tokens end here */
	return shape_count_dots(text) <= JWE_DOTS && shape_is_start(text);
}

static enum jwt_reason
split(struct bytes token, struct jwe *jwe)
{
	struct bytes rest = token;

	if (token.len > TOKEN_MAX)
		return JWT_TOKEN_TOO_LONG;
	jwe->dots = shape_count_dots(token);
	if (!shape_has_token_chars(token) || jwe->dots > JWE_DOTS)
		return JWT_TOKEN_FORM;
	jwe->raw_header = bytes_cut(&rest, '.');
	jwe->raw_key = bytes_cut(&rest, '.');
	jwe->raw_iv = bytes_cut(&rest, '.');
	jwe->raw_text = bytes_cut(&rest, '.');
	jwe->raw_tag = rest;
	if (jwe->raw_header.len == 0)
		return JWT_TOKEN_FORM;
	if (b64url_decoded_len(jwe->raw_header.len) > HEADER_MAX)
		return JWT_TOKEN_TOO_LONG;
	return JWT_OK;
}

static enum jwt_reason
decode(struct bytes part, struct secret *out)
{
	enum jwt_reason reason;

	reason = secret_alloc(b64url_decoded_len(part.len), out);
	if (reason != JWT_OK)
		return reason;
	return b64url_decode(part, out->ptr);
}

static const struct json_node *
header_member(const struct jwe *jwe, const char *name)
{
	return json_get(json_root(&jwe->header_doc), bytes_str(name));
}

static bool
has_any(const struct jwe *jwe, const char *const *names, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (header_member(jwe, names[i]) != NULL)
			return true;
	}
	return false;
}

/*
 * Keys and places of keys that the token brings itself are refused as in a JWS;
 * zip makes 16 MiB of 16 KiB; p2s and p2c let a stranger choose the work.
 */
static enum jwt_reason
check_parameters(const struct jwe *jwe)
{
	static const char *const forbidden[] = { "jwk", "jku", "x5u" };
	static const char *const unsupported[] = { "zip", "p2s", "p2c" };

	if (header_member(jwe, "crit") != NULL)
		return JWT_CRIT_UNSUPPORTED;	/* we know no extension */
	if (has_any(jwe, forbidden, sizeof(forbidden) / sizeof(forbidden[0])))
		return JWT_HEADER_INVALID;
	if (has_any(jwe, unsupported,
	    sizeof(unsupported) / sizeof(unsupported[0])))
		return JWT_ENCRYPTION_UNSUPPORTED;
	return JWT_OK;
}

static enum jwt_reason
take_algorithms(struct jwe *jwe)
{
	const struct json_node *alg = header_member(jwe, "alg");
	const struct json_node *enc = header_member(jwe, "enc");

	if (!json_is(alg, JSON_STRING) || !json_is(enc, JSON_STRING))
		return JWT_HEADER_INVALID;
	jwe->input.alg = jwe_alg_by_name(json_text(alg));
	jwe->input.enc = jwe_enc_by_name(json_text(enc));
	if (jwe->input.alg == NULL || jwe->input.enc == NULL)
		return JWT_ENCRYPTION_UNSUPPORTED;
	return JWT_OK;
}

/*
 * cty says that a token is inside (RFC 7519 section 5.2).  It may be absent,
 * as some providers leave it out; the token inside says what it is.
 */
static enum jwt_reason
check_types(struct jwe *jwe)
{
	const struct json_node *cty = header_member(jwe, "cty");
	const struct json_node *typ = header_member(jwe, "typ");

	jwe->kid = header_member(jwe, "kid");
	if (jwe->kid != NULL && (!json_is(jwe->kid, JSON_STRING) ||
	    json_text(jwe->kid).len > JWK_KID_MAX))
		return JWT_HEADER_INVALID;
	if (typ != NULL && !json_is(typ, JSON_STRING))
		return JWT_HEADER_INVALID;
	if (cty != NULL && (!json_is(cty, JSON_STRING) ||
	    !media_type_eq(json_text(cty), bytes_str("JWT"))))
		return JWT_HEADER_INVALID;
	return JWT_OK;
}

/*
 * Take apu or apv, which may be absent (RFC 7518 section 4.6.1).  *out is empty
 * before.
 */
static enum jwt_reason
take_party(const struct jwe *jwe, const char *name, struct bytes *out)
{
	const struct json_node *node = header_member(jwe, name);

	if (node == NULL)
		return JWT_OK;
	if (!json_is(node, JSON_STRING))
		return JWT_HEADER_INVALID;
	if (json_text(node).len == 0)
		return JWT_OK;
	*out = jwk_entry_bytes(json_root(&jwe->header_doc), name);
	if (out->len == 0 || out->len > CRYPT_PARTY_MAX)
		return JWT_HEADER_INVALID;
	return JWT_OK;
}

/* The public key of the sender: nothing but a point of the right lengths. */
static enum jwt_reason
take_epk(struct jwe *jwe)
{
	const struct json_node *epk = header_member(jwe, "epk");
	struct crypt_input *in = &jwe->input;
	const struct jwe_kind_row *row;

	if (!json_is(epk, JSON_OBJECT) || jwk_is_private(epk))
		return JWT_HEADER_INVALID;
	if (!jwe_kind_by_names(json_text(json_get(epk, bytes_str("kty"))),
	    json_text(json_get(epk, bytes_str("crv"))), &in->epk_kind) ||
	    in->epk_kind == JWE_RSA)
		return JWT_HEADER_INVALID;
	row = jwe_kind_row(in->epk_kind);
	in->epk_x = jwk_entry_bytes(epk, "x");
	if (in->epk_x.len != row->len)
		return JWT_HEADER_INVALID;
	if (!row->has_y)
		return JWT_OK;
	in->epk_y = jwk_entry_bytes(epk, "y");
	if (in->epk_y.len != row->len)
		return JWT_HEADER_INVALID;
	return JWT_OK;
}

static enum jwt_reason
take_agreement(struct jwe *jwe)
{
	enum jwt_reason reason;

	if (jwe->input.alg->is_rsa)
		return JWT_OK;
	reason = take_epk(jwe);
	if (reason != JWT_OK)
		return reason;
	reason = take_party(jwe, "apu", &jwe->input.apu);
	if (reason != JWT_OK)
		return reason;
	return take_party(jwe, "apv", &jwe->input.apv);
}

static enum jwt_reason
check_header(struct jwe *jwe)
{
	enum jwt_reason reason = check_parameters(jwe);

	if (reason != JWT_OK)
		return reason;
	reason = check_types(jwe);
	if (reason != JWT_OK)
		return reason;
	reason = take_algorithms(jwe);
	if (reason != JWT_OK)
		return reason;
	return take_agreement(jwe);
}

/*
 * Whether a text with the header of a JWE ends before its tag does.  An enc
 * that is not supported may have any tag.
 */
static bool
is_start(const struct jwe *jwe)
{
	const struct jwe_enc *row = jwe_enc_by_name(json_text(
	    header_member(jwe, "enc")));

	if (jwe->dots < JWE_DOTS || jwe->raw_tag.len == 0)
		return true;
	return row != NULL &&
	    jwe->raw_tag.len < b64url_encoded_len(row->tag_len);
}

static enum jwt_reason
read_header(struct jwe *jwe)
{
	enum jwt_reason reason = decode(jwe->raw_header, &jwe->header);

	if (reason != JWT_OK)
		return reason;
	return json_parse(jwe->header.ptr, jwe->header.len,
	    &json_token_limits, &jwe->header_doc);
}

static enum jwt_reason
parse_parts(struct bytes token, struct jwe *jwe)
{
	enum jwt_reason reason = split(token, jwe);

	if (reason != JWT_OK)
		return reason;
	reason = read_header(jwe);
	if (reason == JWT_OUT_OF_MEMORY)
		return reason;
	if (jwe->dots == JWE_DOTS && reason != JWT_OK)
		return reason;
	/* Two tokens in a row have five parts as well, but no enc. */
	if (header_member(jwe, "enc") == NULL)
		return JWT_TOKEN_FORM;
	jwe->is_begun = is_start(jwe);
	if (jwe->dots != JWE_DOTS)
		return JWT_TOKEN_FORM;
	return check_header(jwe);
}

enum jwt_reason
jwe_parse(struct bytes token, struct jwe **out)
{
	struct jwe *jwe;

	*out = jwe = calloc(1, sizeof(*jwe));
	if (jwe == NULL)
		return JWT_OUT_OF_MEMORY;
	jwe->len = token.len;
	jwe->parsed = parse_parts(token, jwe);
	return jwe->parsed;
}

enum jwt_reason
jwe_parsed(const struct jwe *jwe)
{
	return jwe->parsed;
}

size_t
jwe_len(const struct jwe *jwe)
{
	return jwe->len;
}

bool
jwe_is_begun(const struct jwe *jwe)
{
	return jwe->is_begun;
}

struct bytes
jwe_unverified_kid(const struct jwe *jwe)
{
	if (json_is(jwe->kid, JSON_STRING))
		return json_text(jwe->kid);
	return bytes_of(NULL, 0);
}

bool
jwe_has_kid(const struct jwe *jwe)
{
	return jwe->kid != NULL;
}

const struct jwe_alg *
jwe_alg(const struct jwe *jwe)
{
	return jwe->input.alg;
}

const struct jwe_enc *
jwe_enc(const struct jwe *jwe)
{
	return jwe->input.enc;
}

bool
jwe_key_fits(const struct jwe *jwe, const struct jwe_key *key)
{
	if (key->alg != jwe->input.alg)
		return false;
	return key->alg->is_rsa ||
	    crypt_key_kind(key->key) == jwe->input.epk_kind;
}

/* The four parts after the header, decoded. */
struct parts {
	struct secret key, iv, text, tag;
};

/* Text that is not base64url is as any other text that is not the issuer's. */
static enum jwt_reason
decode_one(struct bytes raw, struct secret *out, struct bytes *view)
{
	enum jwt_reason reason = decode(raw, out);

	*view = secret_bytes(out);
	if (reason == JWT_TOKEN_BASE64)
		return JWT_DECRYPT_FAILED;
	return reason;
}

static enum jwt_reason
decode_parts(const struct jwe *jwe, struct parts *parts,
    struct crypt_input *in)
{
	enum jwt_reason reason;

	reason = decode_one(jwe->raw_key, &parts->key, &in->encrypted_key);
	if (reason != JWT_OK)
		return reason;
	reason = decode_one(jwe->raw_iv, &parts->iv, &in->iv);
	if (reason != JWT_OK)
		return reason;
	reason = decode_one(jwe->raw_text, &parts->text, &in->ciphertext);
	if (reason != JWT_OK)
		return reason;
	return decode_one(jwe->raw_tag, &parts->tag, &in->tag);
}

static enum jwt_reason
decrypt(struct jwe *jwe, const struct crypt_key *key)
{
	struct crypt_input in = jwe->input;
	struct parts parts = { .key = { 0 } };
	enum jwt_reason reason = decode_parts(jwe, &parts, &in);

	if (reason != JWT_OK)
		goto out;
	in.aad = jwe->raw_header;
	reason = crypt_decrypt(key, &in, &jwe->plain);
out:
	secret_clear(&parts.tag);
	secret_clear(&parts.text);
	secret_clear(&parts.iv);
	secret_clear(&parts.key);
	return reason;
}

enum jwt_reason
jwe_decrypt(struct jwe *jwe, const struct jwe_key *key, struct jws **out)
{
	enum jwt_reason reason = decrypt(jwe, key->key);
	struct bytes inner = secret_bytes(&jwe->plain);

	*out = NULL;
	if (reason != JWT_OK)
		return reason;
	if (shape_count_dots(inner) == JWE_DOTS)
		return JWT_ENCRYPTION_UNSUPPORTED;	/* one level only */
	if (jws_parse(inner, out) == JWT_OUT_OF_MEMORY) {
		jws_free(*out);
		*out = NULL;
		return JWT_OUT_OF_MEMORY;
	}
	return JWT_OK;
}

struct bytes
jwe_inner(const struct jwe *jwe)
{
	return secret_bytes(&jwe->plain);
}

void
jwe_free(struct jwe *jwe)
{
	if (jwe == NULL)
		return;
	json_clear(&jwe->header_doc);
	secret_clear(&jwe->header);
	secret_clear(&jwe->plain);
	free(jwe);
}
