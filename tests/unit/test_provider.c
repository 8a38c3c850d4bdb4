/* SPDX-License-Identifier: BSD-2-Clause */
/* Answers of providers: what is taken, and what each refusal means. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/base/b64url.h"
#include "core/base/url.h"
#include "core/jose/jws.h"
#include "login/provider_read.h"
#include "world.h"

#define ISS "https://id.test"
#define TOKEN "\"token_endpoint\":\"https://id.test/t\""
#define GOOD "{\"access_token\":\"at\",\"token_type\":\"Bearer\"}"
#define DEVICE "\"device_code\":\"dc\",\"user_code\":\"AB-CD\"," \
	"\"verification_uri\":\"https://id.test/d\""

static char words[PROVIDER_WORDS_SIZE];

static struct document_answer
document_of(const char *body)
{
	return (struct document_answer){
		.content_type = bytes_str("application/json"),
		.body = bytes_str(body)
	};
}

static struct provider_answer
answer_of(unsigned status, const char *body)
{
	return (struct provider_answer){
		.status = status, .document = document_of(body)
	};
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

/* ---- metadata ------------------------------------------------------------ */

static bool
metadata(const char *iss, const char *members, struct arena *arena,
    struct provider_metadata *out)
{
	char *body = world_text("{\"issuer\":\"%s\",%s}", iss, members);
	struct document_answer answer = document_of(body);
	bool ok = provider_read_metadata(iss, &answer, arena, out, words);

	assert_int_equal(ok, words[0] == '\0');
	free(body);
	return ok;
}

static void
test_metadata(void **state)
{
	struct arena arena = { 0 };
	struct provider_metadata found;

	(void)state;
	assert_true(metadata(ISS, TOKEN, &arena, &found));
	assert_string_equal(found.token_endpoint, "https://id.test/t");
	assert_null(found.authorization_endpoint);
	assert_null(found.device_endpoint);
	assert_null(found.revocation_endpoint);
	assert_false(found.sends_iss || found.lacks_s256 ||
	    found.secret_in_form);
	assert_true(metadata(ISS, TOKEN ","
	    "\"authorization_endpoint\":\"https://a.test//x?y=1\","
	    "\"device_authorization_endpoint\":\"https://d.test/\","
	    "\"revocation_endpoint\":\"https://r.test\","
	    "\"authorization_response_iss_parameter_supported\":true,"
	    "\"code_challenge_methods_supported\":[\"plain\"],"
	    "\"token_endpoint_auth_methods_supported\":"
	    "[\"none\",\"client_secret_post\"]", &arena, &found));
	assert_string_equal(found.authorization_endpoint,
	    "https://a.test//x?y=1");
	assert_string_equal(found.device_endpoint, "https://d.test/");
	assert_string_equal(found.revocation_endpoint, "https://r.test");
	assert_true(found.sends_iss && found.lacks_s256 &&
	    found.secret_in_form);
	arena_clear(&arena);
}

#define ALGS "\"dpop_signing_alg_values_supported\":"

static void
test_proof_algs(void **state)
{
	char long_list[2048] = "", *members;
	struct arena arena = { 0 };
	struct provider_metadata found;
	size_t i;

	(void)state;
	assert_true(metadata(ISS, TOKEN, &arena, &found));
	assert_null(found.proof_algs);
	assert_true(metadata(ISS, TOKEN "," ALGS "\"ES256\"", &arena, &found));
	assert_null(found.proof_algs);
	assert_true(metadata(ISS, TOKEN "," ALGS "[]", &arena, &found));
	assert_string_equal(found.proof_algs, "");
	assert_true(metadata(ISS, TOKEN "," ALGS "[\"ES256\",1,\"\","
	    "\"a b\",\"\\u001b[2J\",null,\"EdDSA\"]", &arena, &found));
	assert_string_equal(found.proof_algs, "ES256 EdDSA");
	for (i = 0; i < 200; i++)
		strcat(long_list, i == 0 ? "\"alg--x\"" : ",\"alg--x\"");
	strcat(long_list, ",\"ES256\"]");
	members = world_text(TOKEN "," ALGS "[%s", long_list);
	assert_true(metadata(ISS, members, &arena, &found));
	free(members);
	assert_int_equal(strlen(found.proof_algs), 510);
	arena_clear(&arena);
}

/* PKCE is missed only where methods are listed, and S256 is none of them. */
static void
test_methods(void **state)
{
	static const struct {
		const char *members;
		bool lacks_s256, secret_in_form;
	} rows[] = {
		{ "\"code_challenge_methods_supported\":null", false, false },
		{ "\"code_challenge_methods_supported\":\"plain\"", false,
		  false },
		{ "\"code_challenge_methods_supported\":[]", true, false },
		{ "\"code_challenge_methods_supported\":[\"s256\",256]", true,
		  false },
		{ "\"code_challenge_methods_supported\":[\"plain\",\"S256\"]",
		  false, false },
		{ "\"token_endpoint_auth_methods_supported\":[\"none\"]",
		  false, false },
		{ "\"token_endpoint_auth_methods_supported\":"
		  "[\"client_secret_post\",\"client_secret_basic\"]", false,
		  false },
		{ "\"authorization_response_iss_parameter_supported\":\"true\"",
		  false, false },
	};
	struct arena arena = { 0 };
	struct provider_metadata found;
	size_t i;
	char *members;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		members = world_text(TOKEN ",%s", rows[i].members);
		assert_true(metadata(ISS, members, &arena, &found));
		assert_int_equal(found.lacks_s256, rows[i].lacks_s256);
		assert_int_equal(found.secret_in_form,
		    rows[i].secret_in_form);
		assert_false(found.sends_iss);
		free(members);
	}
	arena_clear(&arena);
}

static void
refuses_metadata(const char *iss, const char *body, const char *text)
{
	struct document_answer answer = document_of(body);
	struct arena arena = { 0 };
	struct provider_metadata found;

	assert_false(provider_read_metadata(iss, &answer, &arena, &found,
	    words));
	says(text);
	arena_clear(&arena);
}

static void
test_bad_metadata(void **state)
{
	static const char *const rows[][2] = {
		{ "", "it is empty" },
		{ "<html>", "a page" },
		{ "[]", "not a JSON object" },
		{ "{" TOKEN "}", "of the issuer \"\"" },
		{ "{\"issuer\":\"" ISS "/\"," TOKEN "}",
		  "of the issuer \"" ISS "/\", and not" },
		{ "{\"issuer\":\"\\u001b[2J\\u009b\\u202e\"," TOKEN "}",
		  "\\x1b[2J\\xc2\\x9b\\xe2\\x80\\xae" },
		{ "{\"issuer\":\"" ISS "\"}", "no token_endpoint" },
		{ "{\"issuer\":\"" ISS "\",\"token_endpoint\":7}",
		  "no token_endpoint" },
		{ "{\"issuer\":\"" ISS "\",\"token_endpoint\":"
		  "\"http://id.test/\"}", "not https" },
		{ "{\"issuer\":\"" ISS "\",\"token_endpoint\":"
		  "\"http://127.0.0.1/\"}", "not https" },
		{ "{\"issuer\":\"" ISS "\"," TOKEN ",\"revocation_endpoint\":"
		  "\"file:///\\u0007\"}", "\"file:///\\x07\"" },
		{ "{\"issuer\":\"" ISS "\"," TOKEN ","
		  "\"device_authorization_endpoint\":\"x\"}", "not https" },
		{ "{\"issuer\":\"" ISS "\"," TOKEN ","
		  "\"authorization_endpoint\":\"https://u@id.test/\"}",
		  "not https" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		refuses_metadata(ISS, rows[i][0], rows[i][1]);
}

/* Loopback may name loopback; nothing else may. */
static void
test_loopback(void **state)
{
	struct arena arena = { 0 };
	struct provider_metadata found;

	(void)state;
	assert_true(metadata("http://127.0.0.1:8",
	    "\"token_endpoint\":\"http://[::1]/t\"", &arena, &found));
	assert_false(metadata("http://127.0.0.1:8",
	    "\"token_endpoint\":\"http://id.test/t\"", &arena, &found));
	assert_false(metadata("https://127.0.0.1",
	    "\"token_endpoint\":\"http://127.0.0.1/t\"", &arena, &found));
	arena_clear(&arena);
}

/* ---- tokens -------------------------------------------------------------- */

static enum provider_result
read_tokens(unsigned status, const char *body, enum provider_asked asked,
    struct provider_tokens *out)
{
	struct provider_answer answer = answer_of(status, body);
	enum provider_result result = provider_read_tokens(&answer, asked,
	    "Bearer", out, words);

	assert_int_equal(result == PROVIDER_OK, words[0] == '\0');
	assert_int_equal(result == PROVIDER_OK, out->access_token.len > 0);
	says("");
	return result;
}

static void
test_tokens(void **state)
{
	struct provider_tokens tokens;

	(void)state;
	assert_int_equal(read_tokens(200, GOOD, PROVIDER_ASKED_CODE, &tokens),
	    PROVIDER_OK);
	assert_true(bytes_eq_str(tokens.access_token, "at"));
	assert_int_equal(tokens.id_token.len, 0);
	assert_int_equal(tokens.refresh_token.len, 0);
	assert_int_equal(tokens.expires_in, -1);
	assert_int_equal(tokens.session_in, -1);
	provider_tokens_clear(&tokens);
	assert_int_equal(read_tokens(200, "{\"access_token\":\"at\","
	    "\"token_type\":\"BEARER\",\"id_token\":\"it\",\"refresh_token\":"
	    "\"rt\",\"expires_in\":\"20\",\"refresh_expires_in\":600,"
	    "\"scope\":\"a b\"}", PROVIDER_ASKED_REFRESH, &tokens),
	    PROVIDER_OK);
	assert_true(bytes_eq_str(tokens.id_token, "it"));
	assert_true(bytes_eq_str(tokens.refresh_token, "rt"));
	assert_true(bytes_eq_str(tokens.scope, "a b"));
	assert_int_equal(tokens.expires_in, 20);
	assert_int_equal(tokens.session_in, 600);
	provider_tokens_clear(&tokens);
}

static void
test_seconds(void **state)
{
	static const struct {
		const char *text;
		int64_t seconds;
	} rows[] = {
		{ "0", 0 }, { "3600", 3600 }, { "\"3600\"", 3600 },
		{ "315360000", 315360000 }, { "315360001", -1 },
		{ "-5", -1 }, { "1.5", -1 }, { "1e3", -1 }, { "null", -1 },
		{ "true", -1 }, { "[1]", -1 }, { "\"\"", -1 },
		{ "99999999999999999999999", -1 }
	};
	struct provider_tokens tokens;
	size_t i;
	char *body;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		body = world_text("{\"access_token\":\"at\",\"token_type\":"
		    "\"bearer\",\"expires_in\":%s,\"refresh_expires_in\":0,"
		    "\"refresh_token_expires_in\":%s}", rows[i].text,
		    rows[i].text);
		assert_int_equal(read_tokens(200, body, PROVIDER_ASKED_CODE,
		    &tokens), PROVIDER_OK);
		assert_int_equal(tokens.expires_in, rows[i].seconds);
		assert_int_equal(tokens.session_in, -1);
		provider_tokens_clear(&tokens);
		free(body);
	}
}

/* What is no token of RFC 6749 ends neither in a header nor in a terminal. */
static void
test_bad_tokens(void **state)
{
	static const struct {
		const char *body;
		enum provider_result result;
		const char *text;
	} rows[] = {
		{ "{\"token_type\":\"bearer\"}", PROVIDER_SETTING,
		  "no access token" },
		{ "{\"access_token\":\"\",\"token_type\":\"bearer\"}",
		  PROVIDER_SETTING, "no access token" },
		{ "{\"access_token\":7,\"token_type\":\"bearer\"}",
		  PROVIDER_SETTING, "no access token" },
		{ "{\"access_token\":\"a b\",\"token_type\":\"bearer\"}",
		  PROVIDER_SETTING, "characters that no token has" },
		{ "{\"access_token\":\"a\\n\",\"token_type\":\"bearer\"}",
		  PROVIDER_SETTING, "characters that no token has" },
		{ "{\"access_token\":\"a\",\"token_type\":\"bearer\","
		  "\"refresh_token\":\"\\u0000\"}", PROVIDER_SETTING,
		  "characters that no token has" },
		{ "{\"access_token\":\"a\",\"token_type\":\"bearer\","
		  "\"id_token\":\"\\u00e4\"}", PROVIDER_SETTING,
		  "characters that no token has" },
		{ "{\"access_token\":\"a\"}", PROVIDER_SETTING,
		  "not a bearer token" },
		{ "{\"access_token\":\"a\",\"token_type\":\"DPoP\"}",
		  PROVIDER_SETTING, "token_type is DPoP" },
		{ "{\"access_token\":\"a\",\"token_type\":\"bearer\\u001b\"}",
		  PROVIDER_SETTING, "bearer\\x1b" },
		{ "{\"access_token\":\"a\",\"token_type\":"
		  "\"application/bearer\"}", PROVIDER_SETTING,
		  "not a bearer token" },
		{ "{}", PROVIDER_SETTING, "not a bearer token" },
		{ "[]", PROVIDER_SETTING, "not a JSON object" },
		{ "", PROVIDER_SETTING, "it is empty" },
		{ "<!doctype html>", PROVIDER_SETTING, "a page" },
		{ GOOD "x", PROVIDER_SETTING, "not a JSON object" },
	};
	struct provider_tokens tokens;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(read_tokens(200, rows[i].body,
		    PROVIDER_ASKED_POLL, &tokens), rows[i].result);
		says(rows[i].text);
		provider_tokens_clear(&tokens);
	}
}

static void
test_token_length(void **state)
{
	struct provider_tokens tokens;
	char *body = world_text("{\"access_token\":\"%0*d\",\"token_type\":"
	    "\"bearer\"}", TOKEN_MAX, 0);

	(void)state;
	assert_int_equal(read_tokens(200, body, PROVIDER_ASKED_CODE, &tokens),
	    PROVIDER_OK);
	provider_tokens_clear(&tokens);
	free(body);
	body = world_text("{\"access_token\":\"%0*d\",\"token_type\":"
	    "\"bearer\"}", TOKEN_MAX + 1, 0);
	assert_int_equal(read_tokens(200, body, PROVIDER_ASKED_CODE, &tokens),
	    PROVIDER_SETTING);
	provider_tokens_clear(&tokens);
	free(body);
}

/* ---- refusals ------------------------------------------------------------ */

static const struct {
	unsigned status;
	const char *body;
	enum provider_result poll, refresh;
} refusals[] = {
	/* RFC 6749 5.2, RFC 8628 3.5, RFC 8707 2 */
	{ 400, "{\"error\":\"authorization_pending\"}", PROVIDER_PENDING,
	  PROVIDER_PENDING },
	{ 428, "{\"error\":\"authorization_pending\"}", PROVIDER_PENDING,
	  PROVIDER_PENDING },
	{ 200, "{\"error\":\"authorization_pending\"}", PROVIDER_PENDING,
	  PROVIDER_PENDING },
	{ 400, "{\"error\":\"slow_down\"}", PROVIDER_SLOW_DOWN,
	  PROVIDER_SLOW_DOWN },
	{ 429, "{\"error\":\"slow_down\"}", PROVIDER_SLOW_DOWN,
	  PROVIDER_SLOW_DOWN },
	{ 400, "{\"error\":\"access_denied\"}", PROVIDER_DENIED,
	  PROVIDER_DENIED },
	{ 400, "{\"error\":\"expired_token\"}", PROVIDER_DENIED,
	  PROVIDER_DENIED },
	{ 400, "{\"error\":\"invalid_grant\"}", PROVIDER_OVER, PROVIDER_OVER },
	{ 200, "{\"error\":\"invalid_grant\",\"access_token\":\"a\","
	  "\"token_type\":\"bearer\"}", PROVIDER_OVER, PROVIDER_OVER },
	{ 400, "{\"error\":\"invalid_target\"}", PROVIDER_TARGET,
	  PROVIDER_TARGET },
	{ 401, "{\"error\":\"invalid_client\"}", PROVIDER_SETTING,
	  PROVIDER_SETTING },
	{ 400, "{\"error\":\"invalid_scope\"}", PROVIDER_SETTING,
	  PROVIDER_SETTING },
	{ 400, "{\"error\":\"unauthorized_client\"}", PROVIDER_SETTING,
	  PROVIDER_SETTING },
	{ 400, "{\"error\":\"use_dpop_nonce\"}", PROVIDER_SETTING,
	  PROVIDER_SETTING },
	{ 503, "{\"error\":\"temporarily_unavailable\"}", PROVIDER_LATER,
	  PROVIDER_LATER },
	/* A dead refresh token at LemonLDAP::NG, and at glewlwyd. */
	{ 400, "{\"error\":\"invalid_request\"}", PROVIDER_SETTING,
	  PROVIDER_REFUSED },
	{ 400, "", PROVIDER_SETTING, PROVIDER_REFUSED },
	{ 400, "<html>", PROVIDER_SETTING, PROVIDER_REFUSED },
	{ 400, "{\"error\":7}", PROVIDER_SETTING, PROVIDER_REFUSED },
	/* Names of others, and those that nobody has heard of. */
	{ 400, "{\"error\":\"interaction_required\"}", PROVIDER_SETTING,
	  PROVIDER_REFUSED },
	{ 400, "{\"error\":\"Invalid_Grant\"}", PROVIDER_SETTING,
	  PROVIDER_REFUSED },
	{ 400, "{\"error\":\"invalid_grant \"}", PROVIDER_SETTING,
	  PROVIDER_REFUSED },
	{ 401, "{\"error\":\"token_revoked\"}", PROVIDER_SETTING,
	  PROVIDER_SETTING },
	/* A wrong secret at glewlwyd; a firewall. */
	{ 403, "", PROVIDER_SETTING, PROVIDER_SETTING },
	{ 401, "<html>", PROVIDER_SETTING, PROVIDER_SETTING },
	{ 403, "{\"error\":\"Forbidden\"}", PROVIDER_SETTING,
	  PROVIDER_SETTING },
	/* Nothing of these says that a session is over. */
	{ 301, "", PROVIDER_LATER, PROVIDER_LATER },
	{ 307, "", PROVIDER_LATER, PROVIDER_LATER },
	{ 204, "", PROVIDER_LATER, PROVIDER_LATER },
	{ 404, "<html>", PROVIDER_LATER, PROVIDER_LATER },
	{ 404, "{\"error\":\"no such route\"}", PROVIDER_LATER,
	  PROVIDER_LATER },
	{ 408, "", PROVIDER_LATER, PROVIDER_LATER },
	{ 429, "{\"error\":\"rate limit\"}", PROVIDER_LATER, PROVIDER_LATER },
	{ 500, "", PROVIDER_LATER, PROVIDER_LATER },
	{ 500, "{\"error\":\"x\"}", PROVIDER_LATER, PROVIDER_LATER },
	{ 502, "<html>", PROVIDER_LATER, PROVIDER_LATER },
	{ 500, GOOD, PROVIDER_LATER, PROVIDER_LATER },
	/* A 200 of the provider itself will not be better the next time. */
	{ 200, "{\"token_type\":\"bearer\"}", PROVIDER_SETTING,
	  PROVIDER_LATER },
	{ 200, "{\"access_token\":\"a b\",\"token_type\":\"bearer\"}",
	  PROVIDER_SETTING, PROVIDER_LATER },
	{ 200, "{\"access_token\":\"a\"", PROVIDER_SETTING,
	  PROVIDER_LATER },
	{ 200, "", PROVIDER_SETTING, PROVIDER_LATER },
	{ 201, GOOD, PROVIDER_LATER, PROVIDER_LATER },
};

static void
test_refusals(void **state)
{
	struct provider_tokens tokens;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		assert_int_equal(read_tokens(refusals[i].status,
		    refusals[i].body, PROVIDER_ASKED_POLL, &tokens),
		    refusals[i].poll);
		provider_tokens_clear(&tokens);
		assert_int_equal(read_tokens(refusals[i].status,
		    refusals[i].body, PROVIDER_ASKED_REFRESH, &tokens),
		    refusals[i].refresh);
		provider_tokens_clear(&tokens);
	}
}

/* A page is a machine's in between: the login by device goes on. */
static void
test_page(void **state)
{
	struct provider_answer answer = answer_of(200, "<html>");
	struct provider_tokens tokens;

	(void)state;
	answer.document.content_type = bytes_str("text/html; charset=utf-8");
	assert_int_equal(provider_read_tokens(&answer, PROVIDER_ASKED_POLL, "Bearer",
	    &tokens, words), PROVIDER_LATER);
	says("it is HTML");
	provider_tokens_clear(&tokens);
	answer.document.content_type = bytes_str("Application/JSON; x=y");
	assert_int_equal(provider_read_tokens(&answer, PROVIDER_ASKED_POLL, "Bearer",
	    &tokens, words), PROVIDER_SETTING);
	provider_tokens_clear(&tokens);
}

/* Words of a server are shown, but cannot do anything to a terminal. */
static void
test_words(void **state)
{
	struct provider_tokens tokens;

	(void)state;
	(void)read_tokens(400, "{\"error\":\"access_denied\","
	    "\"error_description\":\"ask the admin\"}", PROVIDER_ASKED_POLL,
	    &tokens);
	says("the login was denied (access_denied: ask the admin)");
	provider_tokens_clear(&tokens);
	(void)read_tokens(400, "{\"error\":\"a\\u001b]0;x\\u0007\","
	    "\"error_description\":\"\\u009b2J\\u202e\\r\\n\\u007f\"}",
	    PROVIDER_ASKED_POLL, &tokens);
	says("a\\x1b]0;x\\x07: \\xc2\\x9b2J\\xe2\\x80\\xae\\x0d\\x0a\\x7f");
	provider_tokens_clear(&tokens);
	(void)read_tokens(404, "secret", PROVIDER_ASKED_POLL, &tokens);
	says("HTTP 404");
	assert_null(strstr(words, "secret"));
	provider_tokens_clear(&tokens);
	(void)read_tokens(302, "", PROVIDER_ASKED_POLL, &tokens);
	says("redirect");
	provider_tokens_clear(&tokens);
}

static void
test_silence(void **state)
{
	struct provider_answer answer = { .error = bytes_str("no route") };
	struct provider_tokens tokens;

	(void)state;
	assert_int_equal(provider_read_tokens(&answer, PROVIDER_ASKED_REFRESH, "Bearer",
	    &tokens, words), PROVIDER_LATER);
	says("no route");
	provider_tokens_clear(&tokens);
	assert_int_equal(provider_read_revoked(&answer, words),
	    PROVIDER_LATER);
}

static void
test_revoked(void **state)
{
	struct provider_answer good = answer_of(200, "");
	struct provider_answer page = answer_of(200, "<html>");
	struct provider_answer bad = answer_of(400,
	    "{\"error\":\"unsupported_token_type\"}");

	(void)state;
	assert_int_equal(provider_read_revoked(&good, words), PROVIDER_OK);
	assert_int_equal(provider_read_revoked(&page, words), PROVIDER_OK);
	assert_int_equal(provider_read_revoked(&bad, words),
	    PROVIDER_SETTING);
	says("unsupported_token_type");
}

/* ---- lives --------------------------------------------------------------- */

static char *
token_of(const char *payload)
{
	char coded[512] = { 0 };

	b64url_encode(bytes_str(payload), coded);
	return world_text("e30.%s.x", coded);
}

static void
test_life(void **state)
{
	static const struct {
		const char *payload;
		int64_t expires_in, life;
	} rows[] = {
		{ "{\"iat\":100,\"exp\":120}", -1, 20 },
		{ "{\"iat\":100,\"exp\":120}", 600, 20 },
		{ "{\"iat\":100,\"exp\":120}", 20, 20 },
		{ "{\"iat\":100,\"exp\":120}", 10, 10 },
		{ "{\"iat\":100.9,\"exp\":120.9}", 600, 20 },
		{ "{\"iat\":120,\"exp\":120}", 600, 0 },
		{ "{\"iat\":121,\"exp\":120}", 600, 0 },
		{ "{\"exp\":120}", 600, 600 },
		{ "{\"iat\":100}", 600, 600 },
		{ "{\"iat\":\"100\",\"exp\":120}", 600, 600 },
		{ "{\"iat\":0,\"exp\":9007199254740991}", 600, 600 },
		{ "no JSON", -1, -1 },
	};
	size_t i;
	char *token;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		token = token_of(rows[i].payload);
		assert_int_equal(provider_life(bytes_str(token),
		    rows[i].expires_in), rows[i].life);
		free(token);
	}
	assert_int_equal(provider_life(bytes_str("opaque"), 7), 7);
	/* Nobody but its host can read how long an encrypted token lasts. */
	assert_int_equal(provider_life(bytes_str("eyJlbmMiOiJBMTI4R0NNIn0.AA"
	    ".AA.AA.AA"), 7), 7);
	assert_int_equal(provider_life(bytes_str(""), -1), -1);
}

/* ---- device codes -------------------------------------------------------- */

static enum provider_result
read_device(const char *body, struct provider_device *out)
{
	struct provider_answer answer = answer_of(200, body);
	enum provider_result result = provider_read_device(&answer, false,
	    out, words);

	assert_int_equal(result == PROVIDER_OK, words[0] == '\0');
	says("");
	return result;
}

static void
test_device(void **state)
{
	struct provider_device device;

	(void)state;
	assert_int_equal(read_device("{" DEVICE "}", &device), PROVIDER_OK);
	assert_true(bytes_eq_str(device.device_code, "dc"));
	assert_true(bytes_eq_str(device.user_code, "AB-CD"));
	assert_true(bytes_eq_str(device.uri, "https://id.test/d"));
	assert_int_equal(device.uri_complete.len, 0);
	assert_int_equal(device.interval, 5);
	assert_int_equal(device.expires_in, 600);
	provider_device_clear(&device);
	assert_int_equal(read_device("{" DEVICE ",\"interval\":1,"
	    "\"expires_in\":60,\"verification_uri_complete\":"
	    "\"https://id.test/#/d?c=AB-CD\"}", &device), PROVIDER_OK);
	assert_true(bytes_eq_str(device.uri_complete,
	    "https://id.test/#/d?c=AB-CD"));
	assert_int_equal(device.interval, 1);
	assert_int_equal(device.expires_in, 60);
	provider_device_clear(&device);
	assert_int_equal(read_device("{" DEVICE ",\"interval\":0}", &device),
	    PROVIDER_OK);
	assert_int_equal(device.interval, 5);
	provider_device_clear(&device);
	assert_int_equal(read_device("{" DEVICE ",\"interval\":61,"
	    "\"expires_in\":3601}", &device), PROVIDER_OK);
	assert_int_equal(device.interval, 60);
	assert_int_equal(device.expires_in, 3600);
	provider_device_clear(&device);
}

static void
test_bad_device(void **state)
{
	static const char *const rows[][2] = {
		{ "\"user_code\":\"A\",\"verification_uri\":\"https://h/\"",
		  "no device code" },
		{ "\"device_code\":\"d\\u001b\",\"user_code\":\"A\","
		  "\"verification_uri\":\"https://h/\"", "no device code" },
		{ "\"device_code\":\"d\",\"verification_uri\":\"https://h/\"",
		  "no code" },
		{ "\"device_code\":\"d\",\"user_code\":\"A\\u001b[2J\","
		  "\"verification_uri\":\"https://h/\"", "no code" },
		{ "\"device_code\":\"d\",\"user_code\":\"A\\u202eB\","
		  "\"verification_uri\":\"https://h/\"", "no code" },
		{ "\"device_code\":\"d\",\"user_code\":\"A\"",
		  "not an https address: " },
		{ "\"device_code\":\"d\",\"user_code\":\"A\","
		  "\"verification_uri\":\"http://h/\"",
		  "not an https address: http://h/" },
		{ "\"device_code\":\"d\",\"user_code\":\"A\","
		  "\"verification_uri\":\"http://127.0.0.1/\"",
		  "not an https address: " },
		{ "\"device_code\":\"d\",\"user_code\":\"A\","
		  "\"verification_uri\":\"https://h/\\u001b[2J\"",
		  "https://h/\\x1b[2J" },
		{ "\"device_code\":\"d\",\"user_code\":\"A\","
		  "\"verification_uri\":\"https://h/#\\u001b[2J\"",
		  "https://h/#\\x1b[2J" },
		{ "\"device_code\":\"d\",\"user_code\":\"A\","
		  "\"verification_uri\":\"https://good.test@evil.test/\"",
		  "not an https address: " },
		{ DEVICE ",\"verification_uri_complete\":\"javascript:x\"",
		  "not an https address: javascript:x" },
	};
	struct provider_device device;
	size_t i;
	char *body;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		body = world_text("{%s}", rows[i][0]);
		assert_int_not_equal(read_device(body, &device), PROVIDER_OK);
		says(rows[i][1]);
		provider_device_clear(&device);
		free(body);
	}
}

/* A code is as long as one may be, or one byte longer. */
static void
test_device_limits(void **state)
{
	struct provider_device device;
	char *body = world_text("{\"device_code\":\"d\",\"verification_url\":"
	    "\"https://h/\",\"user_code\":\"%064d\"}", 0);

	(void)state;
	assert_int_equal(read_device(body, &device), PROVIDER_OK);
	provider_device_clear(&device);
	free(body);
	body = world_text("{\"device_code\":\"d\",\"verification_url\":"
	    "\"https://h/\",\"user_code\":\"%065d\"}", 0);
	assert_int_equal(read_device(body, &device), PROVIDER_LATER);
	provider_device_clear(&device);
	free(body);
	body = world_text("{\"device_code\":\"d\",\"user_code\":\"A\","
	    "\"verification_uri\":\"https://h/#%0*d\"}", URL_MAX - 11, 0);
	assert_int_equal(read_device(body, &device), PROVIDER_OK);
	provider_device_clear(&device);
	free(body);
	body = world_text("{\"device_code\":\"d\",\"user_code\":\"A\","
	    "\"verification_uri\":\"https://h/#%0*d\"}", URL_MAX - 10, 0);
	assert_int_equal(read_device(body, &device), PROVIDER_SETTING);
	provider_device_clear(&device);
	free(body);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_metadata),
		cmocka_unit_test(test_methods),
		cmocka_unit_test(test_proof_algs),
		cmocka_unit_test(test_bad_metadata),
		cmocka_unit_test(test_loopback),
		cmocka_unit_test(test_tokens),
		cmocka_unit_test(test_seconds),
		cmocka_unit_test(test_bad_tokens),
		cmocka_unit_test(test_token_length),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_page),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_silence),
		cmocka_unit_test(test_revoked),
		cmocka_unit_test(test_life),
		cmocka_unit_test(test_device),
		cmocka_unit_test(test_bad_device),
		cmocka_unit_test(test_device_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
