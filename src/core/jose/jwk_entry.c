/* SPDX-License-Identifier: BSD-2-Clause */
/* One JWK (RFC 7517 section 4): what it says it is for, and its numbers. */
#include "core/base/b64url.h"
#include "core/base/number.h"
#include "core/jose/jwk_entry.h"

static const struct json_node *
member(const struct json_node *object, const char *name)
{
	return json_get(object, bytes_str(name));
}

struct bytes
jwk_entry_bytes(const struct json_node *object, const char *name)
{
	const struct json_node *node = member(object, name);
	struct bytes text = json_text(node);
	union {
		const uint8_t *from;
		uint8_t *to;
	} place = { .from = text.ptr };	/* the file's text, which is ours */

	if (!json_is(node, JSON_STRING) ||
	    b64url_decode(text, place.to) != JWT_OK)
		return bytes_of(NULL, 0);
	return bytes_of(text.ptr, b64url_decoded_len(text.len));
}

bool
jwk_entry_kind(const struct json_node *jwk, enum key_kind *out)
{
	const struct json_node *kty = member(jwk, "kty");
	unsigned kind;

	if (!json_is(kty, JSON_STRING))
		return false;
	for (kind = 0; kind < KEY_KINDS; kind++) {
		const struct keymat_name *name =
		    keymat_name((enum key_kind)kind);
		const struct json_node *value;

		if (!bytes_eq_str(json_text(kty), name->kty))
			continue;
		*out = (enum key_kind)kind;
		if (name->member == NULL)
			return true;
		value = member(jwk, name->member);
		if (json_is(value, JSON_STRING) &&
		    bytes_eq_str(json_text(value), name->value))
			return true;
	}
	return false;
}

void
jwk_entry_numbers(const struct json_node *jwk, struct keymat *mat)
{
	switch (mat->kind) {
	case KEY_P256:
	case KEY_P384:
	case KEY_P521:
		mat->x = jwk_entry_bytes(jwk, "x");
		mat->y = jwk_entry_bytes(jwk, "y");
		break;
	case KEY_ED25519:
	case KEY_ED448:
		mat->x = jwk_entry_bytes(jwk, "x");
		break;
	case KEY_RSA:
		mat->x = jwk_entry_bytes(jwk, "n");
		mat->y = jwk_entry_bytes(jwk, "e");
		break;
	case KEY_OCT:
		mat->x = jwk_entry_bytes(jwk, "k");
		break;
	case KEY_ML_DSA_44:
	case KEY_ML_DSA_65:
	case KEY_ML_DSA_87:
		mat->x = jwk_entry_bytes(jwk, "pub");
		break;
	}
}

bool
jwk_entry_is_oct(const struct json_node *jwk)
{
	const struct json_node *kty = member(jwk, "kty");

	return json_is(kty, JSON_STRING) &&
	    bytes_eq_str(json_text(kty), "oct");
}

/*
 * The members that only a private key has by RFC 7518 section 6, RFC 8037 and
 * RFC 9964.  The k of a symmetric key is secret as well, and stands in a key of
 * kty "oct" only.
 */
bool
jwk_is_private(const struct json_node *jwk)
{
	static const char *const names[] = {
		"d", "p", "q", "dp", "dq", "qi", "oth", "priv"
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (member(jwk, names[i]) != NULL)
			return true;
	}
	return !jwk_entry_is_oct(jwk) && member(jwk, "k") != NULL;
}

/* The "use" of RFC 7517 section 4.2; SPIFFE trust bundles have "jwt-svid". */
static bool
is_for_signatures(const struct json_node *jwk)
{
	const struct json_node *use = member(jwk, "use");

	return use == NULL || (json_is(use, JSON_STRING) &&
	    (bytes_eq_str(json_text(use), "sig") ||
	    bytes_eq_str(json_text(use), "jwt-svid")));
}

/* RFC 7517 section 4.3: key_ops is absent, or a list that has "verify" once. */
static bool
may_verify(const struct json_node *jwk)
{
	const struct json_node *ops = member(jwk, "key_ops");
	const struct json_node *op;
	unsigned found = 0;

	if (ops == NULL)
		return true;
	if (!json_is(ops, JSON_ARRAY))
		return false;
	for (op = json_first(ops); op; op = json_next(ops, op)) {
		if (!json_is(op, JSON_STRING))
			return false;
		if (bytes_eq_str(json_text(op), "verify"))
			found++;
	}
	return found == 1;
}

/* Take kid and alg.  Returns NULL, or why the key is not used. */
static const char *
take_names(const struct json_node *jwk, struct jwk *key)
{
	const struct json_node *kid = member(jwk, "kid");
	const struct json_node *alg = member(jwk, "alg");

	if (kid != NULL && (!json_is(kid, JSON_STRING) ||
	    json_text(kid).len > JWK_KID_MAX))
		return "kid is not a string of at most 256 bytes";
	key->has_kid = kid != NULL;
	key->kid = json_text(kid);
	key->algs = alg_by_kind(key->kind);
	if (alg == NULL)
		return NULL;
	if (!json_is(alg, JSON_STRING))
		return "alg is not a string";
	key->algs &= alg_by_name(json_text(alg));
	if (key->algs == 0)
		return "alg does not fit the kind of key";
	return NULL;
}

bool
jwk_entry_epoch(const struct json_node *node, int64_t *out)
{
	*out = 0;
	return json_is(node, JSON_NUMBER) &&
	    number_digits(json_text(node), NUMBER_DATE_MAX, out);
}

void
jwk_entry_times(const struct json_node *jwk, struct jwk *key)
{
	const struct json_node *dropped = member(jwk, "dropped");

	key->is_dropped = dropped != NULL;
	(void)jwk_entry_epoch(dropped, &key->dropped);
}

const char *
jwk_entry_purpose(const struct json_node *jwk, struct jwk *key)
{
	if (!jwk_entry_kind(jwk, &key->kind))
		return "kty or crv is missing or not supported";
	if (!is_for_signatures(jwk))
		return "use is not sig";
	if (!may_verify(jwk))
		return "key_ops does not allow verify";
	return take_names(jwk, key);
}

/* The algorithms whose hash is no longer than the secret (RFC 7518, 3.2). */
static alg_set
long_enough(alg_set algs, size_t len)
{
	alg_set rest = algs;
	enum alg_id id;

	while (rest != 0) {
		id = (enum alg_id)__builtin_ctz(rest);
		rest &= rest - 1;
		if (alg_row(id)->key_min > len)
			algs &= ~ALG_BIT(id);
	}
	return algs;
}

const char *
jwk_entry_fault(struct jwk *key, const struct keymat *mat)
{
	const char *fault = keymat_fault(mat);

	if (fault != NULL || mat->kind != KEY_OCT)
		return fault;
	key->algs = long_enough(key->algs, mat->x.len);
	if (key->algs == 0)
		return "a secret shorter than the hash of its alg (RFC 7518 "
		    "section 3.2)";
	return NULL;
}
