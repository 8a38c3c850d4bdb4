/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads both sides of a proof of possession, and compares them. */
#include <stdio.h>

#include "core/base/b64url.h"
#include "core/base/json_write.h"
#include "core/base/secret.h"
#include "core/jose/jwk_entry.h"
#include "core/proof.h"

#define JWK_TEXT_MAX ((size_t)8192)	/* bytes; RSA of 8,192 bits has 1,400 */

/* ---- what was proved ---- */

/* One line: "publickey ssh-ed25519 AAAA…". */
static enum sshkey_result
read_line(struct bytes line, struct sshkey *out)
{
	struct bytes method = bytes_cut(&line, ' ');
	struct bytes type = bytes_cut(&line, ' ');

	/* "hostbased" names the key of a machine, not of a user. */
	if (!bytes_eq_str(method, "publickey"))
		return SSHKEY_OTHER;
	return sshkey_read(type, line, out);
}

static enum sshkey_result
add_line(struct bytes line, struct proof *out)
{
	struct sshkey key;
	enum sshkey_result result = read_line(line, &key);

	if (result == SSHKEY_OTHER)
		return SSHKEY_OK;
	if (result == SSHKEY_OK && out->count == PROOF_KEYS_MAX)
		return SSHKEY_MALFORMED;
	if (result == SSHKEY_OK)
		out->key[out->count++] = key;
	return result;
}

enum jwt_reason
proof_read(struct bytes ssh_auth_info, struct proof *out)
{
	enum sshkey_result result = SSHKEY_OK;

	*out = (struct proof){ .count = 0 };
	while (ssh_auth_info.len > 0 && result == SSHKEY_OK)
		result = add_line(bytes_cut(&ssh_auth_info, '\n'), out);
	if (result == SSHKEY_OK)
		return JWT_OK;
	*out = (struct proof){ .count = 0 };
	if (result == SSHKEY_NO_MEMORY)
		return JWT_OUT_OF_MEMORY;
	return JWT_OK;
}

/* ---- what the token is bound to ---- */

static enum jwt_reason
read_jkt(const struct json_node *node, struct proof_binding *out)
{
	struct bytes text = json_text(node);
	uint8_t digest[HASH_LEN + 1];

	if (!json_is(node, JSON_STRING) || text.len != THUMBPRINT_SIZE - 1 ||
	    b64url_decode(text, digest) != JWT_OK)
		return JWT_CLAIM_INVALID;
	memcpy(out->jkt, text.ptr, text.len);
	return JWT_OK;
}

static enum jwt_reason
read_kid(const struct json_node *node, struct proof_binding *out)
{
	struct bytes text = json_text(node);

	if (!json_is(node, JSON_STRING) || !sshkey_is_fingerprint(text))
		return JWT_CLAIM_INVALID;
	memcpy(out->fingerprint, text.ptr, text.len);
	return JWT_OK;
}

/* Write the members that a thumbprint is made of as a JWK of its own. */
static enum jwt_reason
copy_jwk(const struct json_node *jwk, struct secret *out)
{
	static const char *const names[] = {
		"kty", "crv", "alg", "x", "y", "n", "e", "pub"
	};
	struct json_write json;
	size_t i;

	json_write_start(&json, JWK_TEXT_MAX);
	json_write_object(&json);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct json_node *node = json_get(jwk,
		    bytes_str(names[i]));

		if (!json_is(node, JSON_STRING))
			continue;
		json_write_name(&json, bytes_str(names[i]));
		json_write_string(&json, json_text(node));
	}
	json_write_close(&json);
	return json_write_finish(&json, out);
}

static enum jwt_reason
make_jkt(const struct json_node *jwk, struct proof_binding *out)
{
	struct keymat mat = { .x = { .len = 0 } };
	struct thumbprint print;
	enum jwt_reason reason;

	if (!jwk_entry_kind(jwk, &mat.kind) || mat.kind == KEY_OCT)
		return JWT_CLAIM_INVALID;
	jwk_entry_numbers(jwk, &mat);
	if (keymat_fault(&mat) != NULL)
		return JWT_CLAIM_INVALID;
	reason = thumbprint_make(&mat, &print);
	if (reason == JWT_OK)
		memcpy(out->jkt, print.text, sizeof(out->jkt));
	return reason;
}

/* The numbers are decoded in place, and the token must stay as it is. */
static enum jwt_reason
read_jwk(const struct json_node *node, struct proof_binding *out)
{
	struct json_doc doc = { .nodes = NULL };
	struct secret text = { 0 };
	enum jwt_reason reason;

	if (!json_is(node, JSON_OBJECT) || jwk_is_private(node))
		return JWT_CLAIM_INVALID;
	reason = copy_jwk(node, &text);
	if (reason == JWT_OK)
		reason = json_parse(text.ptr, text.len, &json_token_limits,
		    &doc);
	if (reason == JWT_OK)
		reason = make_jkt(json_root(&doc), out);
	else if (reason != JWT_OUT_OF_MEMORY)
		reason = JWT_CLAIM_INVALID;
	json_clear(&doc);
	secret_clear(&text);
	return reason;
}

enum jwt_reason
proof_read_cnf(const struct json_node *cnf, struct proof_binding *out)
{
	const struct json_node *name, *value;

	*out = (struct proof_binding){ .is_bound = cnf != NULL };
	if (cnf == NULL)
		return JWT_OK;
	if (!json_is(cnf, JSON_OBJECT))
		return JWT_CLAIM_INVALID;
	name = json_first(cnf);
	if (name == NULL || json_next(cnf, name) != NULL)
		return JWT_CLAIM_INVALID;
	value = json_value(name);
	if (bytes_eq_str(json_text(name), "jkt"))
		return read_jkt(value, out);
	if (bytes_eq_str(json_text(name), "jwk"))
		return read_jwk(value, out);
	if (bytes_eq_str(json_text(name), "kid"))
		return read_kid(value, out);
	return JWT_CLAIM_INVALID;
}

void
proof_describe(const struct proof_binding *binding, char out[PROOF_TEXT_SIZE])
{
	if (binding->jkt[0] != '\0')
		snprintf(out, PROOF_TEXT_SIZE, "the key of the thumbprint %s",
		    binding->jkt);
	else
		snprintf(out, PROOF_TEXT_SIZE, "the key %s",
		    binding->fingerprint);
}

/* ---- both ---- */

static bool
is_same(const char *a, const char *b)
{
	return bytes_eq_str(bytes_str(a), b);
}

static bool
is_bound_to(const struct proof_binding *binding, const struct sshkey *key)
{
	if (binding->jkt[0] != '\0')
		return is_same(binding->jkt, key->jkt);
	return binding->fingerprint[0] != '\0' &&
	    is_same(binding->fingerprint, key->fingerprint);
}

enum jwt_reason
proof_check(const struct proof *proof, const struct proof_binding *binding)
{
	size_t i;

	if (proof->count == 0)
		return JWT_PROOF_MISSING;
	for (i = 0; i < proof->count; i++) {
		if (is_bound_to(binding, &proof->key[i]))
			return JWT_OK;
	}
	return JWT_PROOF_MISMATCH;
}

/* Join one line with what the lines before it say of the same key. */
static void
join(struct proof_view *view, const struct sshkey *key)
{
	if (view->ca != NULL && !is_same(view->ca, key->ca))
		view->ca = NULL;
}

struct proof_view
proof_view(const struct proof *proof, const struct proof_binding *binding)
{
	struct proof_view view = { .type = NULL };
	const struct sshkey *chosen = NULL;
	size_t i;

	for (i = 0; i < proof->count; i++) {
		const struct sshkey *key = &proof->key[i];

		if (binding->is_bound && !is_bound_to(binding, key))
			continue;
		if (chosen == NULL) {
			chosen = key;
			view = (struct proof_view){ key->type, key->ca };
		} else if (!is_same(chosen->fingerprint, key->fingerprint)) {
			return (struct proof_view){ .type = NULL };
		} else {
			join(&view, key);
		}
	}
	return view;
}
