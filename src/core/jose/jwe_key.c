/* SPDX-License-Identifier: BSD-2-Clause */
/* Files of private JWKs to keys that decrypt. */
#include "core/jose/jwe_key.h"
#include "core/jose/jwk_entry.h"

/* One file being read into a set. */
struct loader {
	struct jwe_key_set *set;
	const struct jwe_key_file *file;
	struct diag *diag;
	unsigned entry;		/* of a JWK Set, from 1; 0: a single key */
};

static enum jwt_reason
fail(const struct loader *in, enum jwt_reason reason, const char *what)
{
	struct diag_place place = { .file = in->file->name };

	if (in->entry == 0)
		diag_add(in->diag, place, reason, "%s", what);
	else
		diag_add(in->diag, place, reason, "key %u of the set: %s",
		    in->entry, what);
	return reason;
}

static const struct json_node *
member(const struct json_node *object, const char *name)
{
	return json_get(object, bytes_str(name));
}

/*
 * RFC 7517 section 4.3: key_ops is absent, or has one of the operations that
 * find a content encryption key.
 */
static bool
may_decrypt(const struct json_node *jwk)
{
	static const char *const names[] = {
		"deriveKey", "deriveBits", "unwrapKey", "decrypt"
	};
	const struct json_node *ops = member(jwk, "key_ops");
	const struct json_node *op;
	size_t i;

	if (ops == NULL)
		return true;
	if (!json_is(ops, JSON_ARRAY))
		return false;
	for (op = json_first(ops); op; op = json_next(ops, op)) {
		for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
			if (json_is(op, JSON_STRING) &&
			    bytes_eq_str(json_text(op), names[i]))
				return true;
		}
	}
	return false;
}

/* Returns NULL, or why the key is not for decrypting. */
static const char *
purpose_fault(const struct json_node *jwk)
{
	const struct json_node *use = member(jwk, "use");

	if (use != NULL && (!json_is(use, JSON_STRING) ||
	    !bytes_eq_str(json_text(use), "enc")))
		return "use is not enc";
	if (!may_decrypt(jwk))
		return "key_ops does not allow to decrypt";
	return NULL;
}

/* Take kid and alg.  Returns NULL, or what is wrong with them. */
static const char *
take_names(const struct json_node *jwk, struct jwe_key *key)
{
	const struct json_node *kid = member(jwk, "kid");
	const struct json_node *alg = member(jwk, "alg");

	if (kid != NULL && (!json_is(kid, JSON_STRING) ||
	    json_text(kid).len > JWK_KID_MAX))
		return "kid is not a string of at most 256 bytes";
	key->has_kid = kid != NULL;
	key->kid = json_text(kid);
	if (!json_is(alg, JSON_STRING))
		return "it has no alg, and a key is used with one only";
	key->alg = jwe_alg_by_name(json_text(alg));
	if (key->alg == NULL)
		return "its alg is not supported: ECDH-ES, ECDH-ES+A128KW, "
		    "ECDH-ES+A256KW, RSA-OAEP-256 or RSA-OAEP";
	return NULL;
}

static const char *
take_kind(const struct json_node *jwk, const struct jwe_alg *alg,
    enum jwe_kind *out)
{
	if (!jwe_kind_by_names(json_text(member(jwk, "kty")),
	    json_text(member(jwk, "crv")), out))
		return "its kty or crv is missing or not supported";
	if (!jwe_kind_fits(*out, alg))
		return "its alg does not fit the kind of key";
	return NULL;
}

static void
take_numbers(const struct json_node *jwk, struct crypt_numbers *out)
{
	bool is_rsa = out->kind == JWE_RSA;

	out->x = jwk_entry_bytes(jwk, is_rsa ? "n" : "x");
	if (is_rsa)
		out->y = jwk_entry_bytes(jwk, "e");
	else if (jwe_kind_row(out->kind)->has_y)
		out->y = jwk_entry_bytes(jwk, "y");
	out->d = jwk_entry_bytes(jwk, "d");
	out->p = jwk_entry_bytes(jwk, "p");
	out->q = jwk_entry_bytes(jwk, "q");
	out->dp = jwk_entry_bytes(jwk, "dp");
	out->dq = jwk_entry_bytes(jwk, "dq");
	out->qi = jwk_entry_bytes(jwk, "qi");
}

/* Returns NULL, or why the members of the key say that it is not for us. */
static const char *
read_entry(const struct json_node *jwk, struct jwe_key *key,
    struct crypt_numbers *numbers)
{
	const char *fault;

	if (!json_is(jwk, JSON_OBJECT))
		return "it is not a JSON object";
	fault = purpose_fault(jwk);
	if (fault != NULL)
		return fault;
	fault = take_names(jwk, key);
	if (fault != NULL)
		return fault;
	fault = take_kind(jwk, key->alg, &numbers->kind);
	if (fault != NULL)
		return fault;
	if (member(jwk, "oth") != NULL)
		return "an RSA key of more than two primes";
	take_numbers(jwk, numbers);
	return NULL;
}

/* Make room for one more key, and copy its kid out of the file's text. */
static enum jwt_reason
make_room(struct jwe_key_set *set, struct jwe_key *key)
{
	struct jwe_key *more = arena_grow(&set->arena, set->keys, set->count,
	    sizeof(*more));
	const char *kid = arena_copy(&set->arena, key->kid);

	if (more == NULL || kid == NULL)
		return JWT_OUT_OF_MEMORY;
	set->keys = more;
	key->kid = bytes_of(kid, key->kid.len);
	return JWT_OK;
}

static enum jwt_reason
add_key(struct loader *in, const struct json_node *jwk)
{
	struct jwe_key key = { .key = NULL };
	struct crypt_numbers numbers = { 0 };
	const char *fault = read_entry(jwk, &key, &numbers);
	enum jwt_reason reason;

	if (fault != NULL)
		return fail(in, JWT_KEY_FILE_INVALID, fault);
	if (in->set->count == JWE_KEYS_MAX)
		return fail(in, JWT_KEY_FILE_INVALID,
		    "the issuer has 16 keys already");
	reason = make_room(in->set, &key);
	if (reason != JWT_OK)
		return reason;
	reason = crypt_key_new(&numbers, &key.key, &fault);
	if (reason == JWT_KEY_FILE_INVALID)
		return fail(in, reason, fault);
	if (reason != JWT_OK)
		return reason;
	in->set->keys[in->set->count++] = key;
	return JWT_OK;
}

static enum jwt_reason
add_all(struct loader *in, const struct json_node *root)
{
	const struct json_node *keys = member(root, "keys");
	const struct json_node *item;

	if (keys == NULL)
		return add_key(in, root);
	if (!json_is(keys, JSON_ARRAY) || json_first(keys) == NULL)
		return fail(in, JWT_KEY_FILE_INVALID,
		    "keys is not an array of keys");
	for (item = json_first(keys); item; item = json_next(keys, item)) {
		enum jwt_reason reason;

		in->entry++;
		reason = add_key(in, item);
		if (reason != JWT_OK)
			return reason;
	}
	return JWT_OK;
}

enum jwt_reason
jwe_key_set_add(struct jwe_key_set *set, const struct jwe_key_file *file,
    struct secret *text, struct diag *diag)
{
	struct loader in = { .set = set, .file = file, .diag = diag };
	struct json_doc doc;
	enum jwt_reason reason;

	if (file->readable)
		return fail(&in, JWT_KEY_FILE_UNSAFE,
		    "a private key that others may read: chmod 0600");
	reason = json_parse(text->ptr, text->len, &json_file_limits, &doc);
	if (reason == JWT_OUT_OF_MEMORY)
		goto out;
	if (reason != JWT_OK) {
		reason = fail(&in, JWT_KEY_FILE_INVALID,
		    "neither a private JWK nor a JWK Set");
		goto out;
	}
	reason = add_all(&in, json_root(&doc));
out:
	json_clear(&doc);
	return reason;
}

/* Whether two keys decrypt the same tokens, whatever their kids. */
static bool
decrypt_same(const struct jwe_key *a, const struct jwe_key *b)
{
	return a->alg == b->alg && crypt_key_equal(a->key, b->key);
}

bool
jwe_key_equal(const struct jwe_key *a, const struct jwe_key *b)
{
	return a->has_kid == b->has_kid && bytes_eq(a->kid, b->kid) &&
	    decrypt_same(a, b);
}

bool
jwe_key_set_has(const struct jwe_key_set *set, const struct jwe_key *key)
{
	size_t i;

	for (i = 0; i < set->count; i++) {
		if (decrypt_same(&set->keys[i], key))
			return true;
	}
	return false;
}

void
jwe_key_set_clear(struct jwe_key_set *set)
{
	size_t i;

	for (i = 0; i < set->count; i++)
		crypt_key_free(set->keys[i].key);
	arena_clear(&set->arena);
	*set = (struct jwe_key_set){ 0 };
}
