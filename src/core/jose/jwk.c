/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Key files to keys.  An entry is used if it is for verifying signatures by an
 * algorithm that we know, and is sound; a private key refuses the file, so that
 * whoever copied it to hosts by mistake is told.
 */
#include <stdio.h>

#include "core/jose/jwk.h"
#include "core/jose/jwk_entry.h"
#include "core/jose/not_key.h"
#include "core/jose/spki.h"

/* One file being read into a set. */
struct loader {
	struct jwk_set *set;
	const struct jwk_file *file;
	struct diag *diag;
	size_t before;		/* keys that the set had */
	unsigned entry;		/* of a JWK Set, from 1; 0: a single key */
	char why[160];		/* why the first skipped key is not used */
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

/* Keep why an entry of a published set is skipped, for the report of sync. */
static enum jwt_reason
keep_why(struct jwk_set *set, const char *why)
{
	const char *copy = arena_copy(&set->arena, bytes_str(why));
	const char **more = arena_grow(&set->arena, set->skipped,
	    set->skipped_count, sizeof(*more));

	if (copy == NULL || more == NULL)
		return JWT_OUT_OF_MEMORY;
	set->skipped = more;
	set->skipped[set->skipped_count++] = copy;
	return JWT_OK;
}

/* Skip an entry that is not for us; the rest of the file counts. */
static enum jwt_reason
skip(struct loader *in, const char *why)
{
	struct diag_place place = { .file = in->file->name };

	if (in->why[0] == '\0')
		snprintf(in->why, sizeof(in->why), "%s", why);
	if (in->file->published)
		return keep_why(in->set, why);
	if (in->entry == 0)
		diag_add(in->diag, place, JWT_OK, "the key is not used: %s",
		    why);
	else
		diag_add(in->diag, place, JWT_OK, "key %u of the set is not "
		    "used: %s", in->entry, why);
	return JWT_OK;
}

/*
 * Skip a key that is not sound, but keep its name: a sound key of the same name
 * is a different one, and the two make the name ambiguous.
 */
static enum jwt_reason
skip_unsound(struct loader *in, const struct jwk *key, const char *why)
{
	struct jwk_set *set = in->set;
	struct jwk_name *more;
	const char *kid;

	if (!key->has_kid)
		return skip(in, why);
	kid = arena_copy(&set->arena, key->kid);
	more = arena_grow(&set->arena, set->unsound, set->unsound_count,
	    sizeof(*more));
	if (kid == NULL || more == NULL)
		return JWT_OUT_OF_MEMORY;
	set->unsound = more;
	set->unsound[set->unsound_count++] = (struct jwk_name){
		.kid = bytes_of(kid, key->kid.len), .algs = key->algs
	};
	return skip(in, why);
}

static enum jwt_reason
add_key(struct loader *in, struct jwk *key)
{
	struct jwk_set *set = in->set;
	struct jwk *more;
	char *kid;

	if (set->count == JWK_SET_MAX) {
		set->is_cut = true;
		return skip(in, "the issuer has 256 keys already");
	}
	kid = arena_copy(&set->arena, key->kid);
	more = arena_grow(&set->arena, set->keys, set->count, sizeof(*more));
	if (kid == NULL || more == NULL)
		return JWT_OUT_OF_MEMORY;
	key->kid = bytes_of(kid, key->kid.len);
	set->keys = more;
	set->keys[set->count++] = *key;
	key->key = NULL;	/* transferred */
	return JWT_OK;
}

/* Make the key and add it; one that OpenSSL refuses is skipped. */
static enum jwt_reason
build_key(struct loader *in, const struct keymat *mat, struct jwk *key)
{
	enum jwt_reason reason = sig_key_new(mat, &key->key);

	if (reason == JWT_ALG_UNSUPPORTED)
		return skip(in, "this OpenSSL does not have ML-DSA (3.5 has)");
	if (reason == JWT_OK && !in->file->lazy)
		reason = sig_key_build(key->key);
	if (reason == JWT_OK)
		reason = add_key(in, key);
	else if (reason == JWT_KEY_FILE_INVALID)
		reason = skip_unsound(in, key, "the point is not on the curve, "
		    "or OpenSSL refuses the key");
	sig_key_free(key->key);	/* NULL once it has been added */
	key->key = NULL;
	return reason;
}

/*
 * Refuse a file that gives away a secret: a private key that a host does not
 * need, or a symmetric key that others can read and sign tokens with.
 */
static enum jwt_reason
check_secrecy(const struct loader *in, const struct json_node *jwk)
{
	if (jwk_is_private(jwk))
		return fail(in, JWT_KEY_FILE_INVALID,
		    "a private key: a host needs the public key only "
		    "(pam-jwt key public)");
	if (jwk_entry_is_oct(jwk) && in->file->symmetric && in->file->readable)
		return fail(in, JWT_KEY_FILE_UNSAFE,
		    "a symmetric key that others may read: chmod 0600");
	return JWT_OK;
}

static bool
has_too_many_members(const struct json_node *jwk)
{
	const struct json_node *name;
	size_t count = 0;

	for (name = json_first(jwk); name; name = json_next(jwk, name))
		count++;
	return count > JWK_MEMBERS_MAX;
}

/* Returns NULL, or why the entry is not for us; its numbers come later. */
static const char *
read_entry(const struct loader *in, const struct json_node *jwk,
    struct jwk *key)
{
	if (!json_is(jwk, JSON_OBJECT))
		return "it is not a JSON object";
	if (has_too_many_members(jwk))
		return "it has more than 64 members";
	if (jwk_entry_is_oct(jwk) && in->file->published)
		return "a secret (kty is oct), which is never fetched";
	if (jwk_entry_is_oct(jwk) && !in->file->symmetric)
		return "a symmetric key, but algorithms does not name HS256, "
		    "HS384 or HS512";
	return jwk_entry_purpose(jwk, key);
}

/*
 * Say in numbers what is wrong with a coordinate; NULL if its length is right.
 * One key in 128 starts with a zero octet, which some providers drop.
 */
static const char *
coordinate_fault(const struct keymat *mat, char *out, size_t size)
{
	size_t len = keymat_len(mat->kind);
	size_t has = mat->x.len;
	const char *name = "x", *advice = "";

	if (has == len) {
		has = mat->y.len;
		name = "y";
	}
	if (has == len || has == 0 || mat->kind == KEY_RSA ||
	    mat->kind == KEY_OCT)
		return NULL;
	if (has < len && has + 4 > len)
		advice = ": the provider drops leading zeros (RFC 7518 section "
		    "6.2.1.2); make another key there";
	snprintf(out, size, "%s has %zu of %zu bytes%s", name, has, len,
	    advice);
	return out;
}

static enum jwt_reason
add_jwk(struct loader *in, const struct json_node *jwk)
{
	struct jwk key = { 0 };
	struct keymat mat = { 0 };
	enum jwt_reason reason = check_secrecy(in, jwk);
	char text[sizeof(in->why)];
	const char *why, *coordinate;

	if (reason != JWT_OK)
		return reason;
	why = read_entry(in, jwk, &key);
	if (why != NULL)
		return skip(in, why);
	jwk_entry_times(jwk, &key);
	mat.kind = key.kind;
	jwk_entry_numbers(jwk, &mat);
	if (in->file->published) {
		reason = keymat_pad(&in->set->arena, &mat, &key.padded);
		if (reason != JWT_OK)
			return reason;
	}
	why = jwk_entry_fault(&key, &mat);
	if (why != NULL) {
		coordinate = coordinate_fault(&mat, text, sizeof(text));
		if (coordinate != NULL)
			why = coordinate;
		return skip_unsound(in, &key, why);
	}
	if (in->file->symmetric && mat.kind != KEY_OCT)
		return fail(in, JWT_KEY_FILE_INVALID,
		    "a public key beside HMAC algorithms: use one issuer block "
		    "for symmetric and another for asymmetric keys");
	return build_key(in, &mat, &key);
}

static enum jwt_reason
add_jwk_set(struct loader *in, const struct json_node *keys)
{
	const struct json_node *item;
	enum jwt_reason reason = JWT_OK;

	if (!json_is(keys, JSON_ARRAY))
		return fail(in, JWT_KEY_FILE_INVALID, "keys is not an array");
	for (item = json_first(keys); item; item = json_next(keys, item)) {
		in->entry++;
		reason = add_jwk(in, item);
		if (reason != JWT_OK)
			break;
	}
	in->entry = 0;
	return reason;
}

/* Refuse the file as what it is, or, where that is not known, for its fault. */
static enum jwt_reason
fail_as(const struct loader *in, const char *mistake, const char *fault)
{
	if (mistake != NULL)
		return fail(in, JWT_KEY_FILE_INVALID, mistake);
	return fail(in, JWT_KEY_FILE_INVALID, fault);
}

/* Take what pam-jwt sync notes at the top.  An iss that is no text is "". */
static enum jwt_reason
take_notes(struct loader *in, const struct json_node *root)
{
	const struct json_node *iss = json_get(root, bytes_str("iss"));
	struct jwk_set *set = in->set;

	set->has_synced = jwk_entry_epoch(json_get(root,
	    bytes_str("synced")), &set->synced);
	set->iss = NULL;
	if (iss == NULL)
		return JWT_OK;
	set->iss = "";
	if (!json_is(iss, JSON_STRING) || bytes_has(json_text(iss), '\0'))
		return JWT_OK;
	set->iss = arena_copy(&set->arena, json_text(iss));
	return set->iss == NULL ? JWT_OUT_OF_MEMORY : JWT_OK;
}

static enum jwt_reason
add_json(struct loader *in, struct secret *text)
{
	struct json_doc doc;
	const struct json_node *root;
	const char *mistake;
	enum jwt_reason reason;

	reason = json_parse(text->ptr, text->len, &json_file_limits, &doc);
	if (reason == JWT_OUT_OF_MEMORY)
		goto out;
	if (reason != JWT_OK) {
		reason = fail(in, JWT_KEY_FILE_INVALID, reason_text(reason));
		goto out;
	}
	root = json_root(&doc);
	reason = take_notes(in, root);
	if (reason != JWT_OK)
		goto out;
	mistake = not_key_object(root);
	if (json_get(root, bytes_str("keys")) != NULL)
		reason = add_jwk_set(in, json_get(root, bytes_str("keys")));
	else if (mistake != NULL)
		reason = fail(in, JWT_KEY_FILE_INVALID, mistake);
	else
		reason = add_jwk(in, root);
out:
	json_clear(&doc);
	return reason;
}

/* Returns NULL, or why the key of a PEM file is refused. */
static const char *
pem_fault(const struct loader *in, const struct keymat *mat)
{
	if (in->file->symmetric)
		return "a public key beside HMAC algorithms";
	return keymat_fault(mat);
}

static enum jwt_reason
add_pem(struct loader *in, const struct secret *text)
{
	struct secret der;
	struct jwk key = { 0 };
	struct keymat mat;
	const char *fault;
	enum jwt_reason reason;

	reason = spki_parse_pem(secret_bytes(text), &der, &mat, &fault);
	if (reason == JWT_KEY_FILE_INVALID)
		fail_as(in, not_key_text(bytes_trim(secret_bytes(text))),
		    fault);
	if (reason != JWT_OK)
		goto out;
	fault = pem_fault(in, &mat);
	if (fault != NULL) {
		reason = fail(in, JWT_KEY_FILE_INVALID, fault);
		goto out;
	}
	key.kind = mat.kind;
	key.algs = alg_by_kind(mat.kind);
	reason = build_key(in, &mat, &key);
out:
	secret_clear(&der);
	return reason;
}

static enum jwt_reason
add_text(struct loader *in, struct secret *text)
{
	struct bytes trimmed = bytes_trim(secret_bytes(text));

	if (bytes_starts(trimmed, bytes_str("{")))
		return add_json(in, text);
	if (bytes_starts(trimmed, bytes_str("-----BEGIN")))
		return add_pem(in, text);
	return fail_as(in, not_key_text(trimmed),
	    "neither a JWK, a JWK Set nor a PEM public key");
}

/* Warnings said of each key why it is not used; the error has the first one. */
static enum jwt_reason
fail_without_key(const struct loader *in)
{
	char text[sizeof(in->why) + 64];

	if (in->why[0] == '\0')
		return fail(in, JWT_KEY_FILE_INVALID,
		    "no key in it can be used");
	snprintf(text, sizeof(text), "no key in it can be used: %s", in->why);
	return fail(in, JWT_KEY_FILE_INVALID, text);
}

enum jwt_reason
jwk_set_add(struct jwk_set *set, const struct jwk_file *file,
    struct secret *text, struct diag *diag)
{
	struct loader in = {
		.set = set, .file = file, .diag = diag, .before = set->count
	};
	enum jwt_reason reason = add_text(&in, text);

	if (reason == JWT_OK && set->count == in.before)
		return fail_without_key(&in);
	return reason;
}
