/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writes a key as JWK.  The text may be a private key, so it is only ever in a
 * struct secret, which is wiped.
 */
#include "core/base/json_write.h"
#include "issuer/keyfile.h"

#define TEXT_MAX ((size_t)20480)	/* bytes: RSA 8192 has 7 K, a kid 2 K */

static void
put_number(struct json_write *json, const char *name,
    const struct secret *value)
{
	json_write_name(json, bytes_str(name));
	json_write_b64url(json, secret_bytes(value));
}

bool
keyfile_write(const struct keypair *pair, bool with_private,
    struct secret *out)
{
	const struct keypair_number *numbers =
	    keypair_numbers(keypair_kind(pair));
	const struct keymat_name *name = keymat_name(keypair_kind(pair));
	struct json_write json;
	size_t i;

	*out = (struct secret){ 0 };
	if (keypair_kind(pair) == KEY_OCT && !with_private)
		return false;
	json_write_start(&json, TEXT_MAX);
	json_write_object(&json);
	json_write_member(&json, "kty", name->kty);
	/* Of an AKP key the name is its alg, which every key gets below. */
	if (name->member != NULL && strcmp(name->member, "crv") == 0)
		json_write_member(&json, "crv", name->value);
	for (i = 0; numbers[i].name != NULL; i++) {
		if (with_private || !numbers[i].is_private)
			put_number(&json, numbers[i].name, &pair->values[i]);
	}
	json_write_member(&json, "alg", pair->alg_name);
	json_write_member(&json, "use", "sig");
	if (pair->kid[0] != '\0')
		json_write_member(&json, "kid", pair->kid);
	json_write_close(&json);
	return json_write_finish(&json, out) == JWT_OK;
}
