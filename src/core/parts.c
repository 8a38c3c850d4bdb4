/* SPDX-License-Identifier: BSD-2-Clause */
/* Answers joined to a token, and whether it is complete. */
#include "core/jws.h"
#include "core/parts.h"
#include "core/shape.h"

/* Whether the signature of header.payload.signature is only begun. */
static bool
signature_is_begun(const struct policy *policy, const char *service,
    struct bytes token)
{
	const struct issuer *issuer;
	struct jws *jws;
	bool begun = false;

	/* A half signature is malformed; there is a header all the same. */
	if (jws_parse(token, &jws) != JWT_OUT_OF_MEMORY) {
		issuer = policy_issuer(policy, policy_service(policy, service),
		    jws_unverified_iss(jws));
		begun = jws_signature_is_short(jws, issuer == NULL ? NULL :
		    &issuer->set);
	}
	jws_free(jws);
	return begun;
}

static bool
is_begun(const struct policy *policy, const char *service, struct bytes text)
{
	size_t dots = 0, i;

	if (text.len > TOKEN_MAX || !shape_is_start(text))
		return false;
	for (i = 0; i < text.len; i++)
		dots += text.ptr[i] == '.';
	return dots < 2 || (dots == 2 &&
	    signature_is_begun(policy, service, text));
}

/* text = text + more. */
static enum jwt_reason
append(struct secret *text, struct bytes more)
{
	struct secret joined = { 0 };
	enum jwt_reason reason = secret_alloc(text->len + more.len, &joined);

	if (reason != JWT_OK)
		return reason;
	if (text->len > 0)
		memcpy(joined.ptr, text->ptr, text->len);
	if (more.len > 0)
		memcpy(joined.ptr + text->len, more.ptr, more.len);
	secret_clear(text);
	*text = joined;
	return JWT_OK;
}

/*
 * Whether an answer says that there is no more, or is that of a program which
 * has only one: the first again, which starts with the header.  Two parts
 * further on may well be the same, where a claim repeats itself.
 */
static bool
is_no_more(const struct parts *parts, struct bytes answer)
{
	struct bytes text = secret_bytes(&parts->text);

	return answer.len == 0 ||
	    bytes_eq(answer, bytes_of(text.ptr, parts->first_len));
}

enum jwt_reason
parts_add(struct parts *parts, const struct policy *policy,
    const char *service, struct bytes answer)
{
	struct bytes trimmed = bytes_trim(answer);
	enum jwt_reason reason;

	if (parts->count > 0 && is_no_more(parts, trimmed)) {
		parts->state = PARTS_CUT;
		return JWT_OK;
	}
	/* What is no token, a password perhaps, is kept as it came. */
	if (parts->count > 0 || is_begun(policy, service, trimmed))
		answer = trimmed;
	reason = append(&parts->text, answer);
	if (reason != JWT_OK)
		return reason;
	parts->last_len = answer.len;
	if (parts->count++ == 0)
		parts->first_len = answer.len;
	parts->state = PARTS_COMPLETE;
	if (is_begun(policy, service, secret_bytes(&parts->text)))
		parts->state = parts->count < PARTS_MAX ? PARTS_WANTED :
		    PARTS_CUT;
	return JWT_OK;
}

void
parts_clear(struct parts *parts)
{
	secret_clear(&parts->text);
	*parts = (struct parts){ .state = PARTS_COMPLETE };
}
