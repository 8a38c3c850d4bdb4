/* SPDX-License-Identifier: BSD-2-Clause */
/* Answers of an issuer over ssh: what is taken, and what each refusal means. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/base/b64url.h"
#include "core/jose/jws.h"
#include "core/logline.h"
#include "login/issued.h"
#include "login/ssh_answer.h"
#include "login/ssh_said.h"
#include "world.h"

#define ONE "ssh://one.test"
#define TWO "ssh://two.test"

static const char *const resources[] = { ONE, TWO };
static char words[PROVIDER_WORDS_SIZE];

/* A JWT of a payload; nobody has signed it. */
static char *
jwt(const char *payload)
{
	char coded[1024];

	assert_true(b64url_encoded_len(strlen(payload)) < sizeof(coded));
	memset(coded, 0, sizeof(coded));
	b64url_encode(bytes_str(payload), coded);
	return world_text("e30.%s.x", coded);
}

static char *
token_for(const char *aud, const char *sub)
{
	char *payload = world_text("{\"aud\":%s,\"sub\":\"%s\",\"iat\":100,"
	    "\"exp\":700}", aud, sub);
	char *token = jwt(payload);

	free(payload);
	return token;
}

static struct ssh_result
result_of(int status, const char *text)
{
	struct ssh_result result = { .end = SSH_ENDED, .status = status };

	assert_int_equal(secret_copy(bytes_str(text), &result.answer), JWT_OK);
	return result;
}

static void
says(const char *text)
{
	size_t i;

	if (strstr(words, text) == NULL)
		fail_msg("\"%s\" is not in \"%s\"", text, words);
	for (i = 0; words[i] != '\0'; i++)
		assert_in_range(words[i], ' ', '~');
}

/* ---- one token ----------------------------------------------------------- */

static bool
issued(const char *payload, const char *sub)
{
	const struct issued_wanted wanted = {
		.resource = ONE, .sub = bytes_str(sub)
	};
	char *token = jwt(payload);
	bool ok = issued_check(bytes_str(token), &wanted, words, sizeof(words));

	free(token);
	return ok;
}

static void
test_issued(void **state)
{
	static const struct {
		const char *payload;
		const char *why;	/* NULL: it is taken */
	} rows[] = {
#define TIMES ",\"iat\":1,\"exp\":2}"
		{ "{\"aud\":\"" ONE "\",\"sub\":\"a\"" TIMES, NULL },
		{ "{\"aud\":[\"" ONE "\"],\"sub\":\"a\"" TIMES, NULL },
		{ "{\"aud\":\"" TWO "\",\"sub\":\"a\"" TIMES, "not for what" },
		{ "{\"aud\":\"" ONE "x\",\"sub\":\"a\"" TIMES, "not for what" },
		{ "{\"aud\":[\"" ONE "\",\"x\"],\"sub\":\"a\"" TIMES,
		  "not for what was asked, " ONE },
		{ "{\"aud\":[\"x\",\"" ONE "\"],\"sub\":\"a\"" TIMES,
		  "not for what" },
		{ "{\"aud\":[],\"sub\":\"a\"" TIMES, "not for what" },
		{ "{\"aud\":1,\"sub\":\"a\"" TIMES, "not for what" },
		{ "{\"sub\":\"a\"" TIMES, "not for what" },
		{ "{\"aud\":\"" ONE "\",\"sub\":\"b\"" TIMES,
		  "another person: b" },
		{ "{\"aud\":\"" ONE "\"" TIMES, "does not say whose" },
		{ "{\"aud\":\"" ONE "\",\"sub\":1" TIMES, "not say whose" },
		{ "{\"aud\":\"" ONE "\",\"sub\":\"a\",\"iat\":2,\"exp\":2}",
		  "ends before it begins" },
		{ "{\"aud\":\"" ONE "\",\"sub\":\"a\",\"iat\":2}", "no end" },
		{ "{\"aud\":\"" ONE "\",\"sub\":\"a\",\"exp\":2}", "no end" },
		{ "[]", "not a JWT" },
		{ "x", "not a JWT" },
	};
	const struct issued_wanted wanted = { .resource = ONE };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (issued(rows[i].payload, "a") != (rows[i].why == NULL))
			fail_msg("%s", rows[i].payload);
		if (rows[i].why != NULL)
			says(rows[i].why);
	}
	assert_true(issued("{\"aud\":\"" ONE "\",\"sub\":\"b\"" TIMES, ""));
	assert_false(issued_check(bytes_str("opaque"), &wanted, words,
	    sizeof(words)));
	says("not a JWT");
	/* Only the host can read it, and nothing in it is asked here. */
	assert_true(issued_check(bytes_str("eyJlbmMiOiJBMTI4R0NNIn0.a.b.c.d"),
	    &wanted, words, sizeof(words)));
	assert_false(issued_check(bytes_str("eyJlbmMiOiJBMTI4R0NNIn0.a.b"),
	    &wanted, words, sizeof(words)));
	assert_false(issued_check(bytes_str("xyz.a.b.c.d"), &wanted, words,
	    sizeof(words)));
}

/* ---- a login ------------------------------------------------------------- */

static enum provider_result
login(const struct ssh_result *result, size_t count, struct ssh_tokens *out)
{
	const struct ssh_asked asked = {
		.resources = resources, .count = count
	};

	return ssh_answer_login(result, &asked, out, words);
}

/* What a login for one host makes of an answer. */
static enum provider_result
login_of(int status, const char *text)
{
	struct ssh_result result = result_of(status, text);
	struct ssh_tokens tokens;
	enum provider_result judged = login(&result, 1, &tokens);

	assert_true(judged == PROVIDER_OK || (tokens.count == 0 &&
	    tokens.refresh_token.len == 0));
	ssh_tokens_clear(&tokens);
	ssh_result_clear(&result);
	return judged;
}

static void
test_login_one(void **state)
{
	char *token = token_for("\"" ONE "\"", "alice");
	char *text = world_text("{\"token_type\":\"bEARER\",\"access_token\":"
	    "\"%s\",\"expires_in\":60,\"refresh_token\":\"R\","
	    "\"refresh_expires_in\":7200}\n", token);
	struct ssh_result result = result_of(0, text);
	struct ssh_tokens tokens;

	(void)state;
	assert_int_equal(login(&result, 1, &tokens), PROVIDER_OK);
	assert_int_equal(tokens.count, 1);
	assert_string_equal(tokens.item[0].resource, ONE);
	assert_true(bytes_eq_str(tokens.item[0].token, token));
	assert_int_equal(tokens.item[0].life, 60);
	assert_true(bytes_eq_str(tokens.refresh_token, "R"));
	assert_int_equal(tokens.session_in, 7200);
	ssh_tokens_clear(&tokens);
	/* One token at the top is not for two hosts. */
	assert_int_equal(login(&result, 2, &tokens), PROVIDER_SETTING);
	says("it gave no token for " ONE);
	ssh_tokens_clear(&tokens);
	ssh_result_clear(&result);
	free(text);
	free(token);
}

static void
test_login_two(void **state)
{
	char *one = token_for("\"" ONE "\"", "alice");
	char *two = token_for("\"" TWO "\"", "alice");
	char *bobs = token_for("\"" TWO "\"", "bob");
	const char *const seconds[] = { two, bobs, one };
	static const char *const whys[] = { NULL, "another person: bob",
		"not for what was asked, " TWO };
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		char *text = world_text("{\"token_type\":\"Bearer\",\"tokens\":"
		    "{\"" TWO "\":{\"access_token\":\"%s\"},\"" ONE "\":"
		    "{\"access_token\":\"%s\"}}}", seconds[i], one);
		struct ssh_result result = result_of(0, text);
		struct ssh_tokens tokens;

		assert_int_equal(login(&result, 2, &tokens), whys[i] == NULL ?
		    PROVIDER_OK : PROVIDER_SETTING);
		assert_int_equal(tokens.count, whys[i] == NULL ? 2 : 0);
		if (whys[i] != NULL)
			says(whys[i]);
		else
			assert_int_equal(tokens.item[1].life, 600);
		assert_int_equal(tokens.refresh_token.len, 0);
		assert_int_equal(tokens.session_in, -1);
		ssh_tokens_clear(&tokens);
		ssh_result_clear(&result);
		free(text);
	}
	free(one);
	free(two);
	free(bobs);
}

static void
test_login_refused(void **state)
{
	static const struct {
		int status;
		const char *text;
		enum provider_result result;
		const char *why;
	} rows[] = {
		{ 0, "", PROVIDER_SETTING, "it is empty" },
		{ 0, "{}{}", PROVIDER_SETTING, "not a JSON object" },
		{ 0, "{}", PROVIDER_SETTING, "token_type is not Bearer" },
		{ 0, "{\"token_type\":\"Bearer\",\"error\":\"invalid_grant\"}",
		  PROVIDER_SETTING, "has an error" },
		{ 0, "{\"token_type\":\"Bearer\"}", PROVIDER_SETTING,
		  "it gave no token for " ONE },
		{ 0, "{\"token_type\":\"Bearer\",\"tokens\":[]}",
		  PROVIDER_SETTING, "it gave no token for " ONE },
		{ 0, "{\"token_type\":\"Bearer\",\"refresh_token\":\"a b\"}",
		  PROVIDER_SETTING, "it gave no valid refresh token" },
		{ 1, "{\"error\":\"access_denied\"}", PROVIDER_DENIED,
		  "the login was denied" },
		{ 1, "{\"error\":\"other\",\"error_description\":\"\\u001b\"}",
		  PROVIDER_SETTING, "it refused (other: \\x1b)" },
		{ 1, "{\"error\":\"invalid_client\"}", PROVIDER_SETTING,
		  "it does not accept your key" },
		{ 1, "{\"error\":\"invalid_target\"}", PROVIDER_TARGET,
		  "none of its grants gives you such a token" },
		{ 1, "", PROVIDER_SETTING, "did not say why" },
		{ 2, "{\"error\":\"access_denied\"}", PROVIDER_LATER,
		  "it has trouble" },
		{ 3, "", PROVIDER_SETTING, "it ended with status 3: does" },
		{ 127, "", PROVIDER_SETTING, "it ended with status 127: does" },
		{ 255, "", PROVIDER_LATER, "ssh failed" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (login_of(rows[i].status, rows[i].text) != rows[i].result)
			fail_msg("%d %s", rows[i].status, rows[i].text);
		says(rows[i].why);
	}
}

/* ---- a refresh ----------------------------------------------------------- */

/* The refresh token goes into a pipe at once, with the end of its line. */
static void
test_refresh_token_length(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		char *text = world_text("{\"token_type\":\"Bearer\","
		    "\"access_token\":\"t\",\"refresh_token\":\"%0*d\"}",
		    SSH_INPUT_MAX - 1 + (int)i, 0);
		struct ssh_result result = result_of(0, text);
		struct provider_tokens tokens;

		assert_int_equal(ssh_answer_refresh(&result, &tokens, words),
		    i == 0 ? PROVIDER_OK : PROVIDER_LATER);
		assert_int_equal(tokens.refresh_token.len, i == 0 ?
		    SSH_INPUT_MAX - 1 : 0);
		provider_tokens_clear(&tokens);
		ssh_result_clear(&result);
		free(text);
	}
}

/* What a refresh makes of each end, and whether it is asked again. */
static void
test_refresh(void **state)
{
	static const struct {
		enum ssh_end end;
		int status;
		const char *said, *text;
		enum provider_result result;
		bool is_lost;
	} rows[] = {
		{ SSH_ENDED, 1, "", "{\"error\":\"invalid_grant\"}",
		  PROVIDER_OVER, false },
		{ SSH_ENDED, 2, "", "{\"error\":\"invalid_grant\"}",
		  PROVIDER_LATER, false },
		{ SSH_ENDED, 0, "", "{\"error\":\"invalid_grant\"}",
		  PROVIDER_LATER, true },
		{ SSH_ENDED, 255, "", "{\"error\":\"invalid_grant\"}",
		  PROVIDER_LATER, true },
		{ SSH_ENDED, 127, "", "{\"error\":\"invalid_grant\"}",
		  PROVIDER_LATER, false },
		{ SSH_KILLED, 0, "", "{\"error\":\"invalid_grant\"}",
		  PROVIDER_LATER, true },
		{ SSH_TOO_SLOW, 1, "", "{\"error\":\"invalid_grant\"}",
		  PROVIDER_LATER, false },
		{ SSH_TOO_LONG, 1, "", "{\"error\":\"invalid_grant\"}",
		  PROVIDER_LATER, false },
		{ SSH_NOT_STARTED, 1, "", "{\"error\":\"invalid_grant\"}",
		  PROVIDER_LATER, false },
		{ SSH_ENDED, 1, "", "{\"error\":\"invalid_target\"}",
		  PROVIDER_TARGET, false },
		{ SSH_ENDED, 1, "", "", PROVIDER_REFUSED, false },
		{ SSH_ENDED, 1, "", "{\"error\":\"x\"}", PROVIDER_REFUSED,
		  false },
		{ SSH_ENDED, 255, "a: Permission denied (publickey).\n", "",
		  PROVIDER_LATER, false },
		{ SSH_ENDED, 255, "ssh: connect to host a port 22: x\nbye\n",
		  "", PROVIDER_LATER, false },
		{ SSH_ENDED, 255, "Connection to a closed.\n", "",
		  PROVIDER_LATER, true },
		{ SSH_ENDED, 127, SSH_CANNOT_RUN ": x\n", "", PROVIDER_LATER,
		  false },
		{ SSH_ENDED, 0, "", "{\"token_type\":\"Bearer\","
		  "\"access_token\":\"t\",\"expires_in\":5}", PROVIDER_OK,
		  true },
		{ SSH_ENDED, 0, "", "{\"token_type\":\"Bearer\","
		  "\"access_token\":\"t\\u0000\"}", PROVIDER_LATER, true },
		{ SSH_ENDED, 0, "", "{\"token_type\":\"DPoP\","
		  "\"access_token\":\"t\"}", PROVIDER_LATER, true },
	};
	struct provider_tokens tokens;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ssh_result result = result_of(rows[i].status,
		    rows[i].text);

		result.end = rows[i].end;
		strcpy(result.said, rows[i].said);
		if (ssh_answer_refresh(&result, &tokens, words) !=
		    rows[i].result ||
		    ssh_answer_is_lost(&result) != rows[i].is_lost)
			fail_msg("row %zu: %s", i, words);
		assert_true((words[0] == '\0') ==
		    (rows[i].result == PROVIDER_OK));
		assert_int_equal(tokens.access_token.len,
		    rows[i].result == PROVIDER_OK ? 1 : 0);
		provider_tokens_clear(&tokens);
		ssh_result_clear(&result);
	}
}

/* What was shown already is not said again. */
static void
test_shown(void **state)
{
	struct ssh_result result = result_of(255, "");

	(void)state;
	strcpy(result.said, "first\na@b: Permission denied (publickey).\n");
	(void)ssh_answer_logout(&result, words);
	assert_int_equal(strncmp(words, "ssh failed: a@b: Permission denied "
	    "(publickey): is your key", 59), 0);
	result.was_shown = true;
	(void)ssh_answer_logout(&result, words);
	assert_int_equal(strncmp(words, "ssh failed: is your key", 23), 0);
	ssh_result_clear(&result);
}

static void
test_logout(void **state)
{
	static const struct {
		int status;
		const char *text;
		enum provider_result result;
	} rows[] = {
		{ 0, "", PROVIDER_OK },
		{ 0, "{}", PROVIDER_OK },
		{ 1, "{\"error\":\"access_denied\"}", PROVIDER_DENIED },
		{ 1, "", PROVIDER_SETTING },
		{ 2, "", PROVIDER_LATER },
		{ 255, "", PROVIDER_LATER },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ssh_result result = result_of(rows[i].status,
		    rows[i].text);

		assert_int_equal(ssh_answer_logout(&result, words),
		    rows[i].result);
		ssh_result_clear(&result);
	}
}

/* ---- what ssh says ------------------------------------------------------- */

static void
add(struct ssh_said *said, const char *text)
{
	size_t i;

	for (i = 0; text[i] != '\0'; i++)
		ssh_said_add(said, bytes_of(text + i, 1));
}

static void
test_said(void **state)
{
	char text[SSH_SAID_SIZE] = "";
	struct ssh_said said = { .text = text };
	char line[SSH_LINE_MAX + 2];
	size_t i;

	(void)state;
	add(&said, "one\r\n\n  \ntw\033o");
	assert_string_equal(text, "one\n");
	ssh_said_end(&said);
	assert_string_equal(text, "one\ntw\\x1bo\n");
	ssh_said_end(&said);
	assert_string_equal(text, "one\ntw\\x1bo\n");
	/* The first lines go; of a long one the beginning is kept. */
	memset(line, 'a', sizeof(line));
	line[SSH_LINE_MAX] = 'b';
	line[SSH_LINE_MAX + 1] = '\0';
	for (i = 0; i < 16; i++) {
		add(&said, line);
		add(&said, "\n");
	}
	assert_null(strchr(text, 'o'));
	assert_null(strchr(text, 'b'));
	assert_int_equal(strlen(text), 15 * (LOGLINE_VALUE_MAX + 4));
	/* Every byte of it has to be escaped. */
	memset(line, '\033', SSH_LINE_MAX);
	line[SSH_LINE_MAX] = '\0';
	add(&said, line);
	ssh_said_end(&said);
	assert_true(strlen(text) < SSH_SAID_SIZE);
	assert_non_null(strstr(text, "\\x1b\\x1b"));
	add(&said, "last\n");
	assert_non_null(strstr(text, "last\n"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_issued),
		cmocka_unit_test(test_login_one),
		cmocka_unit_test(test_login_two),
		cmocka_unit_test(test_login_refused),
		cmocka_unit_test(test_refresh_token_length),
		cmocka_unit_test(test_refresh),
		cmocka_unit_test(test_logout),
		cmocka_unit_test(test_shown),
		cmocka_unit_test(test_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
