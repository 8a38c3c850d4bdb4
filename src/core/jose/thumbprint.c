/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The thumbprint of a key: SHA-256 of a JWK that has its required members and
 * nothing else, in the order of their names.  The text is built in a buffer
 * that is wiped, as it may hold a secret.
 */
#include "core/base/b64url.h"
#include "core/jose/thumbprint.h"

#define TEXT_MAX ((size_t)4096)	/* bytes: ML-DSA-87 has 3,503 */

static void
put_number(struct json_write *json, const char *name, struct bytes value)
{
	json_write_name(json, bytes_str(name));
	json_write_b64url(json, value);
}

/*
 * The required members by RFC 7638 section 3.2, RFC 8037 section 2 and
 * RFC 9964 section 6.  The kty has the same place in all of them: after
 * "alg", "crv", "e" and "k", before "n", "pub", "x" and "y".
 */
void
thumbprint_members(struct json_write *json, const struct keymat *mat)
{
	const struct keymat_name *name = keymat_name(mat->kind);
	bool has_curve = name->member != NULL &&
	    bytes_eq_str(bytes_str(name->member), "crv");

	if (name->member != NULL)
		json_write_member(json, name->member, name->value);
	else if (mat->kind == KEY_RSA)
		put_number(json, "e", mat->y);
	else
		put_number(json, "k", mat->x);
	json_write_member(json, "kty", name->kty);
	if (has_curve)
		put_number(json, "x", mat->x);
	else if (mat->kind == KEY_RSA)
		put_number(json, "n", mat->x);
	else if (mat->kind != KEY_OCT)
		put_number(json, "pub", mat->x);
	if (has_curve && mat->y.len > 0)
		put_number(json, "y", mat->y);
}

enum jwt_reason
thumbprint_make(const struct keymat *mat, struct thumbprint *out)
{
	struct secret text;
	struct json_write json;
	enum jwt_reason reason;

	*out = (struct thumbprint){ .text = "" };
	json_write_start(&json, TEXT_MAX);
	json_write_object(&json);
	thumbprint_members(&json, mat);
	json_write_close(&json);
	reason = json_write_finish(&json, &text);
	if (reason != JWT_OK)
		return reason;
	reason = hash_sha256(secret_bytes(&text), out->digest);
	secret_clear(&text);
	if (reason != JWT_OK)
		return reason;
	b64url_encode(bytes_of(out->digest, HASH_LEN), out->text);
	return JWT_OK;
}
