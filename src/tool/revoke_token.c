/* SPDX-License-Identifier: BSD-2-Clause */
/* Revokes a token, or what a logout token names. */
#include <stdio.h>

#include "cli/options.h"
#include "core/decryption.h"
#include "core/programs.h"
#include "tool/revoke.h"
#include "tool/revoke_token.h"
#include "tool/tool.h"

static const struct issuer *
issuer_of(const struct policy *policy, struct bytes iss)
{
	size_t i;

	for (i = 0; i < policy->issuer_count; i++) {
		if (bytes_eq_str(iss, policy->issuers[i].iss))
			return &policy->issuers[i];
	}
	return NULL;
}

int
revoke_refuse(enum jwt_reason reason, const char *fault)
{
	if (fault == NULL)
		fault = reason_text(reason);
	printf("refused: %s - %s\n", reason_name(reason), fault);
	if (reason_class(reason) == JWT_CLASS_INTERNAL)
		return EXIT_TROUBLE;
	return EXIT_NO;
}

/* Decrypt with whatever key of this host it is for. */
static enum jwt_reason
parse_encrypted(const struct policy *policy, struct bytes text,
    struct revoke_token *out, const struct jwe_key **key)
{
	enum jwt_reason reason = jwe_parse(text, &out->jwe);

	if (out->jwe == NULL)
		return reason;
	reason = decryption_open(policy, NULL, out->jwe, key, &out->jws);
	if (reason != JWT_OK)
		return reason;
	return jws_parsed(out->jws);
}

static enum jwt_reason
parse(const struct policy *policy, struct bytes text,
    struct revoke_token *out, const struct jwe_key **key)
{
	enum jwt_reason reason;

	if (jwe_has_form(text))
		return parse_encrypted(policy, text, out, key);
	reason = jws_parse(text, &out->jws);
	if (reason != JWT_OUT_OF_MEMORY)
		reason = programs_reason(out->jws);
	return reason;
}

/*
 * A token that is only signed can be revoked even where logins demand that it
 * is encrypted: it may have leaked.
 */
enum jwt_reason
revoke_open_token(const struct policy *policy, struct bytes text,
    struct revoke_token *out)
{
	const struct jwe_key *key = NULL;
	enum jwt_reason reason;

	*out = (struct revoke_token){ .jws = NULL };
	reason = parse(policy, bytes_trim(text), out, &key);
	if (reason != JWT_OK)
		return reason;
	out->issuer = issuer_of(policy, jws_unverified_iss(out->jws));
	if (out->issuer == NULL)
		return JWT_ISSUER_UNKNOWN;
	if (key != NULL && decryption_check(out->issuer, key) != JWT_OK)
		return JWT_ISSUER_UNKNOWN;
	return jws_verify(out->jws, &out->issuer->set,
	    out->issuer->algorithms, &out->claims);
}

void
revoke_close_token(struct revoke_token *token)
{
	jws_free(token->jws);
	jwe_free(token->jwe);
}

/* A token without a jti is noted by the digest of its signing input. */
static int
note_token(struct revoke *revoke, const struct revoke_token *token)
{
	struct revoked what = { .kind = STATE_TOKEN,
		.iss = token->issuer->iss };
	int64_t until = revoke_longest(revoke->now);
	struct claims_identity id;
	uint8_t digest[HASH_LEN];

	claims_identify(token->claims, &id);
	if (id.exp >= 0)
		until = state_keep_until(id.exp);
	what.value = id.jti;
	if (id.jti.len > 0)
		return revoke_note(revoke, &what, until);
	if (hash_sha256(jws_signing_input(token->jws), digest) != JWT_OK)
		return setup_fail("memory ran out");
	what.kind = STATE_DIGEST;
	what.value = bytes_of(digest, sizeof(digest));
	return revoke_note(revoke, &what, until);
}

int
revoke_note_token(struct revoke *revoke, struct bytes text)
{
	struct revoke_token token;
	enum jwt_reason reason;
	int code;

	reason = revoke_open_token(&revoke->setup->policy, text, &token);
	if (reason != JWT_OK)
		code = revoke_refuse(reason, NULL);
	else
		code = note_token(revoke, &token);
	revoke_close_token(&token);
	return code;
}

int
revoke_token(struct setup *setup, struct bytes text)
{
	struct revoke revoke = { .setup = setup };
	int code;

	if (!options_time(NULL, &revoke.now))
		return EXIT_TROUBLE;
	code = revoke_note_token(&revoke, text);
	revoked_clear(&revoke.done);
	return code;
}

/* A logout token names a session, or ends all tokens of its subject. */
int
revoke_note_logout_of(struct revoke *revoke, const struct revoke_token *token,
    const struct words *audience)
{
	struct revoked what = { .kind = STATE_SESSION,
		.iss = token->issuer->iss };
	struct claims_identity id;
	enum jwt_reason reason;

	reason = claims_check_logout(token->claims, token->issuer, audience,
	    revoke->now, &id);
	if (reason != JWT_OK)
		return revoke_refuse(reason, NULL);
	what.value = id.sid;
	if (id.sid.len > 0)
		return revoke_note(revoke, &what, revoke_longest(id.iat));
	what.kind = STATE_SUBJECT;
	what.value = id.sub;
	what.cutoff = id.iat;
	return revoke_note(revoke, &what, STATE_FOREVER);
}

int
revoke_note_logout(struct revoke *revoke, struct bytes text)
{
	struct revoke_token token;
	enum jwt_reason reason;
	int code;

	reason = revoke_open_token(&revoke->setup->policy, text, &token);
	if (reason != JWT_OK)
		code = revoke_refuse(reason, NULL);
	else
		code = revoke_note_logout_of(revoke, &token,
		    &token.issuer->audience);
	revoke_close_token(&token);
	return code;
}
