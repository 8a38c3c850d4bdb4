/* SPDX-License-Identifier: BSD-2-Clause */
/* Answers joined to a token, and whether it is complete. */
#include "core/jose/jws.h"
#include "core/jose/shape.h"
#include "core/parts.h"

/* The text changes: what was parsed of it is no longer true. */
static void
forget(struct parts *parts)
{
	jws_free(parts->jws);
	parts->jws = NULL;
	parts->is_parsed = false;
}

/*
 * The result of jws_parse() for all of the text, which is parsed once each time
 * that it has changed.  Memory that ran out is not asked for again: half a
 * token that passed for a whole one would be refused for another reason.
 */
static enum jwt_reason
parse(struct parts *parts)
{
	struct bytes token = bytes_trim(secret_bytes(&parts->text));

	if (!parts->is_parsed) {
		parts->is_parsed = true;
		return jws_parse(token, &parts->jws);
	}
	if (parts->jws == NULL)
		return JWT_OUT_OF_MEMORY;
	return jws_parsed(parts->jws);
}

/* Whether the signature of header.payload.signature is only begun. */
static bool
signature_is_begun(struct parts *parts, const struct policy *policy,
    const struct service *service)
{
	const struct jwk_set *set = NULL;
	const struct issuer *issuer;

	/* A half signature is malformed; there is a header all the same. */
	if (parse(parts) == JWT_OUT_OF_MEMORY)
		return false;
	issuer = policy_issuer(policy, service,
	    jws_unverified_iss(parts->jws));
	if (issuer != NULL)
		set = &issuer->set;
	return jws_signature_is_short(parts->jws, set);
}

static bool
is_begun(struct parts *parts, const struct policy *policy,
    const struct service *service)
{
	struct bytes token = bytes_trim(secret_bytes(&parts->text));
	size_t dots = shape_count_dots(token);

	if (token.len > TOKEN_MAX || !shape_is_start(token))
		return false;
	return dots < 2 || (dots == 2 &&
	    signature_is_begun(parts, policy, service));
}

/* text = text + more. */
static enum jwt_reason
append(struct parts *parts, struct bytes more)
{
	struct secret *text = &parts->text;
	struct secret joined = { 0 };
	enum jwt_reason reason = secret_alloc(text->len + more.len, &joined);

	if (reason != JWT_OK)
		return reason;
	if (text->len > 0)
		memcpy(joined.ptr, text->ptr, text->len);
	if (more.len > 0)
		memcpy(joined.ptr + text->len, more.ptr, more.len);
	forget(parts);
	secret_clear(text);
	*text = joined;
	return JWT_OK;
}

/* The next part of a token comes right after the last character. */
static void
drop_blanks(struct parts *parts)
{
	struct secret *text = &parts->text;
	struct bytes token = bytes_trim(secret_bytes(text));

	if (token.len == text->len)
		return;
	forget(parts);
	memmove(text->ptr, token.ptr, token.len);
	explicit_bzero(text->ptr + token.len, text->len - token.len);
	text->len = token.len;
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
    const struct service *service, struct bytes answer)
{
	struct bytes trimmed = bytes_trim(answer);
	size_t before = parts->text.len;
	enum jwt_reason reason;

	if (parts->count > 0 && is_no_more(parts, trimmed)) {
		parts->state = PARTS_CUT;
		return JWT_OK;
	}
	/* A first answer that is no token, but a password, stays as it came. */
	reason = append(parts, parts->count == 0 ? answer : trimmed);
	if (reason != JWT_OK)
		return reason;
	parts->count++;
	parts->state = PARTS_COMPLETE;
	if (is_begun(parts, policy, service)) {
		parts->state = PARTS_WANTED;
		if (parts->count == PARTS_MAX)
			parts->state = PARTS_CUT;
		drop_blanks(parts);
	}
	parts->last_len = parts->text.len - before;
	if (parts->count == 1)
		parts->first_len = parts->last_len;
	return JWT_OK;
}

struct jws *
parts_take_jws(struct parts *parts)
{
	struct jws *jws;

	(void)parse(parts);	/* jws_parsed() says the result again */
	jws = parts->jws;
	parts->jws = NULL;
	return jws;
}

void
parts_clear(struct parts *parts)
{
	forget(parts);
	secret_clear(&parts->text);
	*parts = (struct parts){ .state = PARTS_COMPLETE };
}
