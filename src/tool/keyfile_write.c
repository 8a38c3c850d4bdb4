/* SPDX-License-Identifier: BSD-2-Clause */
/* Keys to text, which may be secret: nothing else than its buffer has it. */
#include "core/b64url.h"
#include "core/json_write.h"
#include "tool/keyfile.h"

struct keyfile_family
keyfile_family(enum key_kind kind)
{
	switch (kind) {
	case KEY_P256:
		return (struct keyfile_family){ "EC", "P-256" };
	case KEY_P384:
		return (struct keyfile_family){ "EC", "P-384" };
	case KEY_P521:
		return (struct keyfile_family){ "EC", "P-521" };
	case KEY_ED25519:
		return (struct keyfile_family){ "OKP", "Ed25519" };
	case KEY_ED448:
		return (struct keyfile_family){ "OKP", "Ed448" };
	case KEY_RSA:
		return (struct keyfile_family){ "RSA", NULL };
	case KEY_OCT:
		return (struct keyfile_family){ "oct", NULL };
	case KEY_ML_DSA_44:
	case KEY_ML_DSA_65:
	case KEY_ML_DSA_87:
		break;
	}
	return (struct keyfile_family){ "AKP", NULL };
}

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
	struct keyfile_family family = keyfile_family(keypair_kind(pair));
	struct json_write json;
	size_t i;

	*out = (struct secret){ 0 };
	if (keypair_kind(pair) == KEY_OCT && !with_private)
		return false;
	json_write_start(&json, TEXT_MAX);
	json_write_object(&json);
	json_write_member(&json, "kty", family.kty);
	if (family.crv != NULL)
		json_write_member(&json, "crv", family.crv);
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

/*
 * The required members in the order of their names, without blanks: RFC 7638
 * section 3.2, RFC 8037 section 2, RFC 9964 section 6.
 */
static void
put_required(struct json_write *json, const struct keypair *pair)
{
	struct keyfile_family family = keyfile_family(keypair_kind(pair));
	const struct secret *values = pair->values;

	json_write_object(json);
	if (keypair_kind(pair) == KEY_RSA)
		put_number(json, "e", &values[1]);
	else if (keypair_kind(pair) == KEY_OCT)
		put_number(json, "k", &values[0]);
	else if (family.crv == NULL)
		json_write_member(json, "alg", pair->alg_name);
	else
		json_write_member(json, "crv", family.crv);
	json_write_member(json, "kty", family.kty);
	if (keypair_kind(pair) == KEY_RSA)
		put_number(json, "n", &values[0]);
	else if (family.crv != NULL)
		put_number(json, "x", &values[0]);
	else if (keypair_kind(pair) != KEY_OCT)
		put_number(json, "pub", &values[0]);
	if (keypair_keymat(pair).y.len > 0 && family.crv != NULL)
		put_number(json, "y", &values[1]);
	json_write_close(json);
}

bool
keyfile_thumbprint(const struct keypair *pair,
    char out[KEYFILE_THUMBPRINT_SIZE])
{
	uint8_t digest[KEYPAIR_DIGEST_LEN];
	struct secret input = { 0 };
	struct json_write json;
	bool ok;

	memset(out, 0, KEYFILE_THUMBPRINT_SIZE);
	json_write_start(&json, TEXT_MAX);
	put_required(&json, pair);
	ok = json_write_finish(&json, &input) == JWT_OK &&
	    keypair_digest(secret_bytes(&input), digest);
	if (ok)
		b64url_encode(bytes_of(digest, sizeof(digest)), out);
	secret_clear(&input);
	return ok;
}
