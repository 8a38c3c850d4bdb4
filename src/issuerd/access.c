/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes the claims of an access token. */
#include <stdio.h>
#include <stdlib.h>

#include "core/base/json_write.h"
#include "core/jose/jws.h"
#include "issuerd/access.h"

#define CNF_SIZE	64	/* bytes of a cnf with a thumbprint */
#define TIME_SIZE	24
#define COMPUTED_MAX	6	/* claims besides those that mint.c writes */

/* The claims of one token while they are collected. */
struct claims {
	struct mint_claim *item;	/* owned; room for all */
	size_t count;
	struct secret groups;
	char cnf[CNF_SIZE];
	char auth_time[TIME_SIZE];
};

static void
add(struct claims *claims, const char *name, struct bytes value, bool is_json)
{
	claims->item[claims->count++] = (struct mint_claim){
		.name = bytes_str(name), .value = value, .is_json = is_json
	};
}

static enum jwt_reason
add_groups(struct claims *claims, const struct access *access)
{
	struct json_write json;
	enum jwt_reason reason;
	size_t i;

	if (!access->grant->has_groups || access->groups == NULL)
		return JWT_OK;
	json_write_start(&json, TOKEN_MAX);
	json_write_array(&json);
	for (i = 0; i < access->groups->count; i++)
		json_write_string(&json, bytes_str(access->groups->item[i]));
	json_write_close(&json);
	reason = json_write_finish(&json, &claims->groups);
	if (reason == JWT_JSON_LIMIT)
		return JWT_TOKEN_TOO_LONG;
	if (reason == JWT_OK)
		add(claims, "groups", secret_bytes(&claims->groups), true);
	return reason;
}

/* When and how the person logged in. */
static void
add_login(struct claims *claims, const struct access *access)
{
	const char *amr = "[\"pop\"]";

	snprintf(claims->auth_time, sizeof(claims->auth_time), "%lld",
	    (long long)access->auth_time);
	add(claims, "auth_time", bytes_str(claims->auth_time), true);
	if (access->compact)
		return;
	if (strncmp(access->key->type, "sk-", 3) == 0)
		amr = "[\"pop\",\"hwk\"]";
	add(claims, "client_id", bytes_str(ACCESS_CLIENT_ID), false);
	add(claims, "amr", bytes_str(amr), true);
}

static void
add_binding(struct claims *claims, const struct access *access)
{
	if (access->bearer)
		return;
	snprintf(claims->cnf, sizeof(claims->cnf), "{\"jkt\":\"%s\"}",
	    access->key->jkt);
	add(claims, "cnf", bytes_str(claims->cnf), true);
}

static enum jwt_reason
collect(struct claims *claims, const struct access *access)
{
	const struct issuer_grant *grant = access->grant;
	size_t i;

	claims->item = calloc(grant->fixed_count + COMPUTED_MAX,
	    sizeof(*claims->item));
	if (claims->item == NULL)
		return JWT_OUT_OF_MEMORY;
	add(claims, "sid", bytes_str(access->sid), false);
	add_login(claims, access);
	add_binding(claims, access);
	for (i = 0; i < grant->fixed_count; i++)
		add(claims, grant->fixed[i].name,
		    bytes_str(grant->fixed[i].value), false);
	return add_groups(claims, access);
}

/*
 * Hosts refuse a token whose sub is its client: it would be a program's (RFC
 * 9068 section 5).
 */
static bool
is_allowed(const struct access *access)
{
	return strcmp(access->sub, ACCESS_CLIENT_ID) != 0 &&
	    (!access->bearer || access->grant->bearer);
}

static enum jwt_reason
mint(const struct access *access, const struct claims *claims,
    const struct mint_signer *signer, struct secret *out)
{
	const struct mint mint = {
		.typ = "at+jwt", .iss = access->iss, .sub = access->sub,
		.aud = &access->aud, .aud_count = 1, .jti = access->jti,
		.iat = access->iat, .exp = access->exp,
		.claims = claims->item, .claim_count = claims->count
	};
	struct mint_signer named = *signer;
	enum jwt_reason reason;

	/* Without a kid a host tries each key of the algorithm. */
	if (access->compact)
		named.kid = "";
	reason = mint_token(&mint, &named, out);
	if (reason != JWT_OK)
		return reason;
	if (!access->compact || out->len <= ACCESS_COMPACT_MAX)
		return JWT_OK;
	secret_clear(out);
	return JWT_TOKEN_TOO_LONG;
}

enum jwt_reason
access_make(const struct access *access, const struct mint_signer *signer,
    struct secret *out)
{
	struct claims claims = { .count = 0 };
	enum jwt_reason reason;

	*out = (struct secret){ .len = 0 };
	if (!is_allowed(access))
		return JWT_CLAIM_INVALID;
	reason = collect(&claims, access);
	if (reason != JWT_OK)
		goto out;
	reason = mint(access, &claims, signer, out);
out:
	secret_clear(&claims.groups);
	free(claims.item);
	return reason;
}
