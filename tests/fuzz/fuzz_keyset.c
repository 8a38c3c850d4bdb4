/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Published sets, beside old ones.  The first line of an input is the old set;
 * the rest is what a provider sent.  A set that is taken is one that a login
 * takes, has keys and none that is private, and stays the same for as long as
 * the provider says that nothing has changed.
 */
#include "core/policy/fetched.h"
#include "sync/keyset.h"
#include "tests/fuzz/fuzz.h"

#define NOW INT64_C(1700000000)
#define KEEP_SEC 600

static const struct policy policy = { .file = "fuzz.conf" };

/* By the length of the input: with and without algorithms and keep_old. */
static struct issuer
issuer_of(size_t size)
{
	struct issuer issuer = {
		.name = "fuzz", .iss = "https://id.test", .leeway_sec = 60,
		.sync = { .wanted = true, .keys_max_age_sec = 7 * 86400 }
	};

	if (size % 2 == 1)
		issuer.sync.keep_old_sec = KEEP_SEC;
	if (size % 3 == 1) {
		issuer.algorithms_given = true;
		issuer.algorithms = ALG_BIT(ALG_RS256) | ALG_BIT(ALG_ES256);
	}
	return issuer;
}

static void
check_words(const char *text, size_t size)
{
	size_t i;

	FUZZ_CHECK(strlen(text) < size);
	for (i = 0; text[i] != '\0'; i++)
		FUZZ_CHECK(text[i] >= ' ' && text[i] <= '~');
}

static void
check_result(const struct keyset *set, enum jwt_reason reason)
{
	FUZZ_CHECK(reason == JWT_OK || reason == JWT_KEY_FILE_INVALID);
	FUZZ_CHECK((reason == JWT_OK) == (set->fault[0] == '\0'));
	FUZZ_CHECK((reason == JWT_OK) == (set->text.len > 0));
	FUZZ_CHECK(!set->has_private || reason != JWT_OK);
	check_words(set->fault, sizeof(set->fault));
	check_words(set->notes, sizeof(set->notes));
}

/* As the login reads it, in a buffer that is exactly as long. */
static void
check_login(const struct issuer *of, const struct keyset *set)
{
	struct secret copy = fuzz_copy(secret_bytes(&set->text));
	struct issuer issuer = *of;
	struct diag diag = { 0 };
	size_t i;

	FUZZ_CHECK(set->keys > 0 && set->keys <= JWK_SET_MAX);
	FUZZ_CHECK(fetched_add(&policy, &issuer, "set", &copy, NOW, &diag) ==
	    JWT_OK);
	FUZZ_CHECK(issuer.fetched == JWT_OK && issuer.synced == NOW);
	FUZZ_CHECK(issuer.set.count == set->keys && diag.count == 0);
	for (i = 0; i < issuer.set.count; i++)
		FUZZ_CHECK(issuer.set.keys[i].algs != 0);
	jwk_set_clear(&issuer.set);
	diag_clear(&diag);
	free(copy.ptr);
}

static void
check_names(const struct keyset_names *names)
{
	size_t i;

	FUZZ_CHECK(names->count <= JWK_SET_MAX);
	for (i = 0; i < names->count; i++)
		FUZZ_CHECK(names->name[i].len > 0 &&
		    names->name[i].len <= JWK_KID_MAX);
}

/* After a 304 it is what it was, to the byte. */
static void
check_renewed(const struct keyset_input *input, const struct keyset *set)
{
	struct keyset_input again = *input;
	struct keyset renewed;

	again.old = secret_bytes(&set->text);
	FUZZ_CHECK(keyset_renew(&again, &renewed) == JWT_OK);
	FUZZ_CHECK(!renewed.changed && renewed.keys == set->keys);
	FUZZ_CHECK(bytes_eq(secret_bytes(&renewed.text),
	    secret_bytes(&set->text)));
	keyset_clear(&renewed);
}

static void
make(const struct keyset_input *input, struct bytes body)
{
	struct document_answer answer = { .body = body };
	struct keyset set;
	enum jwt_reason reason = keyset_make(input, &answer, &set);

	check_result(&set, reason);
	if (reason == JWT_OK) {
		check_login(input->issuer, &set);
		check_names(&set.added);
		check_names(&set.removed);
		check_renewed(input, &set);
	}
	keyset_clear(&set);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes rest = bytes_of(data, size);
	struct secret old = fuzz_copy(fuzz_until(&rest, '\n'));
	struct secret body = fuzz_copy(rest);
	const struct issuer issuer = issuer_of(size);
	const struct keyset_input input = {
		.policy = &policy, .issuer = &issuer, .now = NOW,
		.source = "https://id.test/k", .old = secret_bytes(&old)
	};
	struct keyset_look look;
	struct keyset set;

	make(&input, secret_bytes(&body));
	check_result(&set, keyset_renew(&input, &set));
	keyset_clear(&set);
	FUZZ_CHECK(keyset_look(&input, &look) == JWT_OK);
	FUZZ_CHECK(look.keys <= JWK_SET_MAX);
	free(old.ptr);
	free(body.ptr);
	return 0;
}
