/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests.conf.  Each test of a file that is taken says what it expects, and has
 * claims that a token can have; a file that is refused says where.
 */
#include "core/base/json.h"
#include "core/policy/account.h"
#include "tests/fuzz/fuzz.h"
#include "tool/tests_conf.h"

static void
check_claims(const char *claims)
{
	struct secret copy = fuzz_copy(bytes_str(claims));
	struct json_doc doc = { 0 };

	FUZZ_CHECK(claims[0] == '{' && claims[strlen(claims) - 1] == '}');
	FUZZ_CHECK(json_parse(copy.ptr, copy.len, &json_token_limits, &doc) ==
	    JWT_OK);
	json_clear(&doc);
	free(copy.ptr);
}

static void
check_case(const struct tests_case *test)
{
	struct sshkey key;

	FUZZ_CHECK(test->name[0] != '\0' && test->line > 0);
	FUZZ_CHECK(test->service != NULL && test->service[0] != '\0');
	FUZZ_CHECK(test->expect_line > 0);
	FUZZ_CHECK((test->account == NULL) == (test->reason != JWT_OK));
	FUZZ_CHECK(test->account == NULL ||
	    account_name_is_exact(bytes_str(test->account)));
	FUZZ_CHECK(test->now >= 0);
	FUZZ_CHECK(test->key == NULL || sshkey_read_line(
	    bytes_str(test->key), &key) == SSHKEY_OK);
	if (test->claims != NULL)
		check_claims(test->claims);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct secret text = fuzz_copy(bytes_of(data, size));
	struct diag diag = { .reason = JWT_OK };
	struct tests_conf conf;
	enum jwt_reason reason;
	size_t i, k;

	reason = tests_conf_parse(secret_bytes(&text), "tests.conf", &diag,
	    &conf);
	free(text.ptr);		/* nothing may point into it */
	FUZZ_CHECK((reason == JWT_OK) == (diag.count == 0));
	FUZZ_CHECK(reason != JWT_OK || conf.count > 0);
	for (i = 0; i < conf.count && reason == JWT_OK; i++) {
		check_case(&conf.cases[i]);
		for (k = 0; k < i; k++)
			FUZZ_CHECK(strcmp(conf.cases[i].name,
			    conf.cases[k].name) != 0);
	}
	for (i = 0; i < diag.count; i++)
		FUZZ_CHECK(diag.entries[i].text[0] != '\0');
	diag_clear(&diag);
	tests_conf_clear(&conf);
	return 0;
}
