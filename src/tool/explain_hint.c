/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The hint of core/hint.c, and in front of it what the log must not say: the
 * token is not verified there, or the hint is about the command itself.
 */
#include <unistd.h>

#include "tool/explain_hint.h"
#include "tool/explain_token.h"

static bool
explain_state(const struct explain *explain, FILE *out)
{
	(void)explain;
	if (geteuid() != 0)
		fputs("the state is root's: run this as root", out);
	else
		fputs("the message \"the state cannot be read\" says why", out);
	return true;
}

static const struct {
	enum jwt_reason reason;
	bool (*say)(const struct explain *explain, FILE *out);
} hints[] = {
	{ JWT_TOKEN_TOO_LONG, explain_length },
	{ JWT_TOKEN_CUT, explain_length },
	{ JWT_TOKEN_FORM, explain_form },
	{ JWT_TOKEN_BASE64, explain_part },
	{ JWT_JSON_INVALID, explain_part },
	{ JWT_JSON_DUPLICATE, explain_part },
	{ JWT_JSON_LIMIT, explain_part },
	{ JWT_HEADER_INVALID, explain_header },
	{ JWT_CRIT_UNSUPPORTED, explain_crit },
	{ JWT_ALG_UNSUPPORTED, explain_algorithm },
	{ JWT_ALG_NOT_ALLOWED, explain_algorithm },
	{ JWT_ALG_KEY_MISMATCH, explain_algorithm },
	{ JWT_SIGNATURE_INVALID, explain_signature },
	{ JWT_STATE_UNAVAILABLE, explain_state },
};

/* Whether the refusal is about the encryption, which the outer header tells. */
static bool
is_about_encryption(const struct verdict *verdict)
{
	return verdict->jwe != NULL && verdict->jws == NULL &&
	    (verdict->reason == JWT_ENCRYPTION_UNSUPPORTED ||
	    reason_class(verdict->reason) == JWT_CLASS_KEY);
}

/* The token inside was not parsed: the header at hand is the outer one. */
static bool
is_hidden(const struct verdict *verdict)
{
	return verdict->jwe != NULL && verdict->jws != NULL &&
	    jws_parsed(verdict->jws) != JWT_OK;
}

/* True if that is all there is to say. */
static bool
say_unverified(const struct explain *explain, FILE *out)
{
	const struct verdict *verdict = explain->verdict;
	size_t i;

	if (is_hidden(verdict) || verdict->reason == JWT_DECRYPT_FAILED)
		return true;
	if (is_about_encryption(verdict))
		return explain_encryption(explain, out);
	for (i = 0; i < sizeof(hints) / sizeof(hints[0]); i++) {
		if (hints[i].reason == verdict->reason)
			return hints[i].say(explain, out);
	}
	return false;
}

/* Against a search for the key in the token: this command was given none. */
static bool
lacks_auth_info(const struct explain *explain)
{
	const struct verdict *verdict = explain->verdict;

	return verdict->reason == JWT_PROOF_MISSING && verdict->is_bound &&
	    verdict->service->proof != SERVICE_PROOF_NONE;
}

void
explain_hint(const struct explain *explain, char out[HINT_SIZE])
{
	struct hint_facts facts = {
		.in = &explain->in, .verdict = explain->verdict,
		.service = explain->service
	};
	char more[HINT_SIZE];
	FILE *stream;

	memset(out, 0, HINT_SIZE);
	if (explain->in.policy == NULL)
		return;		/* there is no policy to compare with */
	stream = fmemopen(out, HINT_SIZE - 1, "w");
	if (stream == NULL)
		return;
	if (!say_unverified(explain, stream)) {
		hint_write(&facts, HINT_TERMINAL, more, sizeof(more));
		fputs(more, stream);
	}
	if (lacks_auth_info(explain))
		fputs(": --ssh-auth-info gives one here", stream);
	fclose(stream);
}
