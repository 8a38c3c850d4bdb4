/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Files of a login session.  One that is taken can be written, and is read back
 * as it was; of one that is refused nothing stays.
 */
#include "core/jose/jws.h"
#include "login/session_text.h"
#include "tests/fuzz/fuzz.h"

static struct session session, again;

static enum jwt_reason
parse(struct bytes from, struct session *out)
{
	struct secret copy = fuzz_copy(from);
	enum jwt_reason reason = session_parse(&copy, out);

	free(copy.ptr);
	return reason;
}

static void
check_token(const struct session_token *token)
{
	FUZZ_CHECK(token->resource != NULL);
	FUZZ_CHECK(session_find(&session, token->resource) == token);
	FUZZ_CHECK(token->token.len <= TOKEN_MAX);
	FUZZ_CHECK(!bytes_has(token->token, 0));
	FUZZ_CHECK(token->taken >= 0 && token->life >= -1);
}

static void
check_same(void)
{
	size_t i;

	FUZZ_CHECK(strcmp(session.issuer, again.issuer) == 0);
	FUZZ_CHECK(strcmp(session.client, again.client) == 0);
	FUZZ_CHECK(session.use == again.use);
	FUZZ_CHECK(session.is_over == again.is_over);
	FUZZ_CHECK(session.session_until == again.session_until);
	FUZZ_CHECK(session.ends == again.ends);
	FUZZ_CHECK(strcmp(session.boot_id, again.boot_id) == 0);
	FUZZ_CHECK(bytes_eq(session.refresh_token, again.refresh_token));
	FUZZ_CHECK(session.count == again.count);
	for (i = 0; i < session.count; i++) {
		const struct session_token *a = &session.tokens[i];
		const struct session_token *b = &again.tokens[i];

		FUZZ_CHECK(strcmp(a->resource, b->resource) == 0);
		FUZZ_CHECK(bytes_eq(a->token, b->token));
		FUZZ_CHECK(a->taken == b->taken && a->life == b->life);
	}
}

static void
check_taken(void)
{
	struct secret text;
	size_t i;

	FUZZ_CHECK(session.issuer != NULL && session.client != NULL);
	FUZZ_CHECK(session.count <= SESSION_TOKENS_MAX);
	FUZZ_CHECK(strlen(session.boot_id) <= BOOT_ID_LEN);
	FUZZ_CHECK(session.session_until >= -1);
	for (i = 0; i < session.count; i++)
		check_token(&session.tokens[i]);
	FUZZ_CHECK(session_put(&session, &text) == JWT_OK);
	FUZZ_CHECK(parse(secret_bytes(&text), &again) == JWT_OK);
	check_same();
	secret_clear(&text);
	session_clear(&again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (parse(bytes_of(data, size), &session) == JWT_OK)
		check_taken();
	else
		FUZZ_CHECK(session.issuer == NULL && session.count == 0 &&
		    session.refresh_token.len == 0);
	session_clear(&session);
	return 0;
}
