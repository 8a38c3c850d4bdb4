/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Joins answers to a token, and decides whether another answer is wanted.
 *
 * All this happens before the token is verified, and each further prompt can be
 * seen by whoever is trying to log in: it must tell nothing of the accounts and
 * keys of this host.
 */
#include "core/jose/jwe.h"
#include "core/jose/shape.h"
#include "core/parts.h"
#include "core/programs.h"

/* The text changes, so drop the token that was parsed from it. */
static void
forget(struct parts *parts)
{
	jws_free(parts->jws);
	jwe_free(parts->jwe);
	parts->jws = NULL;
	parts->jwe = NULL;
	parts->is_parsed = false;
}

/*
 * The result of jws_parse() or jwe_parse() for all of the text, which is parsed
 * once after each change.  After memory ran out this does not try again: a
 * second try might succeed, and a token that was taken for whole would be
 * refused for another reason.
 */
static enum jwt_reason
parse(struct parts *parts)
{
	struct bytes token = shape_trim(secret_bytes(&parts->text));

	if (!parts->is_parsed) {
		parts->is_parsed = true;
		if (jwe_has_form(token))
			return jwe_parse(token, &parts->jwe);
		return jws_parse(token, &parts->jws);
	}
	if (parts->jwe != NULL)
		return jwe_parsed(parts->jwe);
	if (parts->jws != NULL)
		return jws_parsed(parts->jws);
	return JWT_OUT_OF_MEMORY;
}

/*
 * How long the signature of a token with two dots is.  The header of a JWE has
 * none: there it is short, as two parts are still to come.
 */
static enum jws_signature
signature_length(struct parts *parts)
{
	/* A half signature is malformed, but the header was parsed before it. */
	if (parse(parts) == JWT_OUT_OF_MEMORY || parts->jws == NULL)
		return JWS_SIGNATURE_WHOLE;
	return jws_signature_length(parts->jws);
}

/* Whether the text has the form of a JWE, and ends before its tag does. */
static bool
is_begun_jwe(struct parts *parts)
{
	return parse(parts) != JWT_OUT_OF_MEMORY && parts->jwe != NULL &&
	    jwe_is_begun(parts->jwe);
}

/*
 * Whether the token ends before its signature or its tag does, so it cannot be
 * whole.
 */
static bool
is_begun(struct parts *parts)
{
	struct bytes token = shape_trim(secret_bytes(&parts->text));
	size_t dots = shape_count_dots(token);

	if (token.len > TOKEN_MAX || !shape_is_start(token))
		return false;
	if (jwe_has_form(token))
		return is_begun_jwe(parts);
	return dots < 2 || (dots == 2 &&
	    signature_length(parts) == JWS_SIGNATURE_SHORT);
}

/*
 * Whether another answer is wanted, by the form of the text.  A signature that
 * is as long as those of common RSA keys is likely whole, unless the answer
 * ends where programs cut answers.
 */
static bool
is_wanted_by_form(struct parts *parts, size_t answer_len)
{
	struct bytes token = shape_trim(secret_bytes(&parts->text));
	enum jws_signature length;

	if (is_begun(parts))
		return true;
	if (token.len > TOKEN_MAX || !shape_is_start(token) ||
	    shape_count_dots(token) != 2)
		return false;
	length = signature_length(parts);
	if (length == JWS_SIGNATURE_COMMON)
		return answer_len == PARTS_LEN || programs_cut_at(answer_len);
	return length == JWS_SIGNATURE_ODD;
}

/*
 * The same by the length of the answer alone: an answer that sshd has replaced
 * has the length of the real one, and nothing else of it.
 */
static bool
is_wanted_by_length(const struct parts *parts, size_t answer_len)
{
	return (answer_len == PARTS_LEN || answer_len == SSH_ANSWER_MAX) &&
	    parts->answers_len <= TOKEN_MAX;
}

static bool
is_wanted(struct parts *parts, enum parts_rule rule, size_t answer_len)
{
	if (rule == PARTS_BY_LENGTH)
		return is_wanted_by_length(parts, answer_len);
	return is_wanted_by_form(parts, answer_len);
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

/* Keep only kept, which lies in the text, and wipe the rest. */
static void
keep_only(struct parts *parts, struct bytes kept)
{
	struct secret *text = &parts->text;

	if (kept.len == text->len)
		return;
	forget(parts);
	memmove(text->ptr, kept.ptr, kept.len);
	explicit_bzero(text->ptr + kept.len, text->len - kept.len);
	text->len = kept.len;
}

/*
 * Drop spaces around the first part: the next one follows directly, and comes
 * without its own.  Only the first: first_len must stay inside the text, also
 * where a stranger's first answer is all spaces and the second is a start.
 */
static void
drop_spaces(struct parts *parts)
{
	struct bytes token = shape_trim(secret_bytes(&parts->text));

	if (parts->count == 1 && shape_is_start(token))
		keep_only(parts, token);
}

/* Whether an answer is the first one again: some programs have only one. */
static bool
repeats_first(const struct parts *parts, struct bytes answer)
{
	return bytes_eq(shape_trim(answer), shape_trim(
	    bytes_of(parts->text.ptr, parts->first_len)));
}

/*
 * Whether an answer is empty, or the first one again, so that there is no more.
 * Only the first counts: two later parts may well be equal, if a claim repeats
 * itself.  By length this must not count, as sshd gives the same replaced
 * answer each time, and a stranger would see that the prompts end earlier.
 */
static bool
is_no_more(const struct parts *parts, enum parts_rule rule,
    struct bytes answer)
{
	return rule == PARTS_BY_FORM && parts->count > 0 &&
	    (shape_trim(answer).len == 0 || repeats_first(parts, answer));
}

/* No more is wanted: set the state for the verdict. */
static void
finish(struct parts *parts)
{
	if (parts->count > 1 && parts->is_repeated) {
		parts->has_one_answer = true;
		keep_only(parts, bytes_of(parts->text.ptr, parts->first_len));
	}
	parts->state = PARTS_COMPLETE;
	if (is_begun(parts))
		parts->state = PARTS_CUT;
}

/* Append an answer.  The first may be a password, so it stays as it came. */
static enum jwt_reason
join(struct parts *parts, struct bytes answer)
{
	bool is_first = parts->count == 0;
	bool repeats = is_first || repeats_first(parts, answer);
	struct bytes more = answer;
	enum jwt_reason reason;

	if (!is_first)
		more = shape_trim(answer);
	reason = append(parts, more);
	if (reason != JWT_OK)
		return reason;
	parts->is_repeated = repeats && (is_first || parts->is_repeated);
	parts->answers_len += answer.len;
	parts->count++;
	return JWT_OK;
}

enum jwt_reason
parts_add(struct parts *parts, enum parts_rule rule, struct bytes answer)
{
	size_t before = parts->text.len;
	enum jwt_reason reason;
	bool is_last;

	if (is_no_more(parts, rule, answer)) {
		parts->has_one_answer = parts->count == 1 &&
		    repeats_first(parts, answer);
		finish(parts);
		return JWT_OK;
	}
	reason = join(parts, answer);
	if (reason != JWT_OK)
		return reason;
	parts->state = PARTS_WANTED;
	is_last = !is_wanted(parts, rule, answer.len) ||
	    parts->count == PARTS_MAX;
	if (!is_last)
		drop_spaces(parts);
	parts->last_len = parts->text.len - before;
	if (parts->count == 1)
		parts->first_len = parts->last_len;
	parts->next_byte = 1 + parts->text.len;
	if (rule == PARTS_BY_LENGTH)
		parts->next_byte = 1 + parts->answers_len;
	if (is_last)
		finish(parts);
	return JWT_OK;
}

void
parts_take_token(struct parts *parts, struct jws **jws, struct jwe **jwe)
{
	(void)parse(parts);	/* the verdict asks for the result again */
	*jws = parts->jws;
	*jwe = parts->jwe;
	parts->jws = NULL;
	parts->jwe = NULL;
}

void
parts_clear(struct parts *parts)
{
	forget(parts);
	secret_clear(&parts->text);
	*parts = (struct parts){ .state = PARTS_COMPLETE };
}
