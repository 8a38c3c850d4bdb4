/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Checks a token before it is sent.  A text that no host would accept may be a
 * password that was put into the wrong file, and must not be shown to a host.
 */
#include <stdio.h>

#include "askpass/token.h"
#include "cli/complain.h"
#include "cli/decoded.h"
#include "cli/times.h"
#include "core/base/b64url.h"
#include "core/base/number.h"
#include "core/jose/jws.h"
#include "core/jose/shape.h"

static bool
malformed(enum jwt_reason reason)
{
	if (reason == JWT_OUT_OF_MEMORY)
		return complain("%s", reason_text(reason));
	return complain("the token is malformed, so it is not sent: %s",
	    reason_text(reason));
}

/* The form is header.payload.signature; none of them may be empty. */
static bool
has_three_parts(const struct decoded *decoded, struct bytes *signature)
{
	size_t start = decoded->header.raw.len + decoded->payload.raw.len + 2;

	if (decoded->header.raw.len == 0 || decoded->payload.raw.len == 0 ||
	    decoded->token.len <= start)
		return false;
	*signature = bytes_of(decoded->token.ptr + start,
	    decoded->token.len - start);
	return !bytes_has(*signature, '.');
}

static enum jwt_reason
part_reason(struct bytes part)
{
	struct secret decoded;
	enum jwt_reason reason = secret_alloc(b64url_decoded_len(part.len),
	    &decoded);

	if (reason != JWT_OK)
		return reason;
	reason = b64url_decode(part, decoded.ptr);
	secret_clear(&decoded);
	return reason;
}

/*
 * Whether it is encrypted for a host (RFC 7516 section 9).  What it says, its
 * exp too, cannot be read here.
 */
static bool
is_encrypted(const struct decoded *decoded)
{
	return shape_count_dots(decoded->token) == 4 &&
	    decoded_member(&decoded->header, "enc") != NULL;
}

/* Five parts; ECDH-ES has an encrypted key, the second part, that is empty. */
static enum jwt_reason
encrypted_reason(const struct decoded *decoded)
{
	struct bytes rest = decoded->token, part;
	enum jwt_reason reason;
	int i;

	for (i = 0; i < 5; i++) {
		part = bytes_cut(&rest, '.');
		if (part.len == 0 && i != 1)
			return JWT_TOKEN_FORM;
		reason = part_reason(part);
		if (reason != JWT_OK)
			return reason;
	}
	return JWT_OK;
}

static enum jwt_reason
form_reason(const struct decoded *decoded)
{
	struct bytes signature;

	if (is_encrypted(decoded))
		return encrypted_reason(decoded);
	if (!has_three_parts(decoded, &signature))
		return JWT_TOKEN_FORM;
	if (decoded->header.reason != JWT_OK)
		return decoded->header.reason;
	if (decoded->payload.reason != JWT_OK)
		return decoded->payload.reason;
	return part_reason(signature);
}

static bool
expired(int64_t date)
{
	fputs("pam-jwt-askpass: the token expired at ", stderr);
	times_print_date(date, stderr);
	fputs(": get a new one\n", stderr);
	return false;
}

static bool
is_in_time(const struct decoded *decoded, int64_t now)
{
	const struct json_node *exp = decoded_member(&decoded->payload, "exp");
	struct number_date date;

	if (is_encrypted(decoded) || !json_is(exp, JSON_NUMBER))
		return true;	/* the host decides about a token without exp */
	if (number_date(json_text(exp), &date) != JWT_OK)
		return malformed(JWT_CLAIM_INVALID);
	return date.ceil_sec > now || expired(date.floor_sec);
}

bool
token_check_form(struct bytes token)
{
	enum jwt_reason reason;
	struct decoded decoded;

	if (token.len == 0)
		return complain("the token is empty");
	if (token.len > TOKEN_MAX)
		return malformed(JWT_TOKEN_TOO_LONG);
	decoded_open(token, &decoded);
	reason = form_reason(&decoded);
	decoded_clear(&decoded);
	return reason == JWT_OK || malformed(reason);
}

bool
token_check_time(struct bytes token, int64_t now)
{
	struct decoded decoded;
	bool ok;

	decoded_open(token, &decoded);
	ok = is_in_time(&decoded, now);
	decoded_clear(&decoded);
	return ok;
}

bool
token_is_over(struct bytes token, int64_t now)
{
	const struct json_node *exp;
	struct number_date date;
	struct decoded decoded;
	bool is_over;

	if (token.len == 0 || token.len > TOKEN_MAX)
		return false;
	decoded_open(token, &decoded);
	exp = decoded_member(&decoded.payload, "exp");
	is_over = form_reason(&decoded) == JWT_OK && !is_encrypted(&decoded) &&
	    json_is(exp, JSON_NUMBER) &&
	    number_date(json_text(exp), &date) == JWT_OK &&
	    date.ceil_sec <= now;
	decoded_clear(&decoded);
	return is_over;
}
