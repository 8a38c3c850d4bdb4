/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Account maps.  The first line is "issuer<tab>subject<tab>user", the rest
 * is the file.  Who is let in unasked is let in when asked for, nobody is
 * let in as another than was asked for, and a file that is refused says
 * where.  A login reads its own line alone, and gets the answer of the whole
 * file if that has no fault.
 */
#include "core/policy/source.h"
#include "tests/fuzz/fuzz.h"

static enum jwt_reason
ask(const struct account_map *map, const char *issuer, struct bytes sub,
    const char *user, char out[ACCOUNT_NAME_MAX + 1])
{
	struct rule rule = {
		.permit = true, .account = RULE_AS_MAP, .map = map
	};
	struct account_query query = {
		.issuer = issuer, .sub = sub, .user = user
	};

	return account_of_rule(&rule, &query, out);
}

/* The line of a subject, found in the text. */
static enum jwt_reason
find(struct bytes text, const char *issuer, struct bytes sub,
    const struct account_map *map)
{
	struct account_query query = { .issuer = issuer, .sub = sub };
	struct arena arena = { 0 };
	struct diag diag = { 0 };
	struct bytes late, early;
	enum jwt_reason reason = account_map_find(text, "map", &query, &arena,
	    &diag, &late);

	if (map != NULL) {
		FUZZ_CHECK(account_map_look_up(map, &query, &early) == reason);
		FUZZ_CHECK(reason != JWT_OK || bytes_eq(late, early));
	}
	FUZZ_CHECK((reason == JWT_CONFIG_INVALID) == (diag.count > 0));
	arena_clear(&arena);
	diag_clear(&diag);
	return reason;
}

/* A map with a fault may be without one for that subject. */
static void
check_late(const struct account_map *map, struct bytes text, struct bytes line)
{
	char *issuer = fuzz_string(fuzz_until(&line, '\t'));
	enum jwt_reason reason = find(text, issuer, fuzz_until(&line, '\t'),
	    map);

	FUZZ_CHECK(reason == JWT_OK || reason == JWT_NOT_PERMITTED ||
	    (map == NULL && reason == JWT_CONFIG_INVALID));
	free(issuer);
}

static void
check_map(const struct account_map *map, struct bytes line)
{
	char account[ACCOUNT_NAME_MAX + 1], again[ACCOUNT_NAME_MAX + 1];
	char *issuer = fuzz_string(fuzz_until(&line, '\t'));
	struct bytes sub = fuzz_until(&line, '\t');
	char *user = fuzz_string(line);
	enum jwt_reason reason;

	reason = ask(map, issuer, sub, NULL, account);
	if (reason == JWT_OK) {
		FUZZ_CHECK(account_name_is_exact(bytes_str(account)));
		FUZZ_CHECK(ask(map, issuer, sub, account, again) == JWT_OK);
		FUZZ_CHECK(strcmp(account, again) == 0);
		FUZZ_CHECK(ask(map, issuer, sub, "-nobody", again) ==
		    JWT_ACCOUNT_MISMATCH);
	} else {
		FUZZ_CHECK(reason == JWT_NOT_PERMITTED && account[0] == '\0');
	}
	reason = ask(map, issuer, sub, user, account);
	FUZZ_CHECK(reason != JWT_OK || strcmp(account, user) == 0);
	free(issuer);
	free(user);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes rest = bytes_of(data, size);
	struct bytes line = fuzz_until(&rest, '\n');
	struct secret text = fuzz_copy(rest);
	const struct account_map *map;
	struct arena arena = { 0 };
	struct diag diag = { 0 };
	enum jwt_reason reason;

	reason = account_map_parse(secret_bytes(&text), "map", &arena, &diag,
	    &map);
	check_late(map, secret_bytes(&text), line);
	free(text.ptr);		/* nothing may point into it */
	FUZZ_CHECK((reason == JWT_OK) == (map != NULL));
	if (map != NULL) {
		FUZZ_CHECK(diag.count == 0);
		check_map(map, line);
	} else {
		FUZZ_CHECK(reason == JWT_CONFIG_INVALID);
		FUZZ_CHECK(diag_first_error(&diag) != NULL &&
		    diag_first_error(&diag)->line > 0);
	}
	arena_clear(&arena);
	diag_clear(&diag);
	return 0;
}
