/* SPDX-License-Identifier: BSD-2-Clause */
/* Discovery: where the document is, and which documents are not taken. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "sync/metadata.h"
#include "world.h"

#define ISS "https://id.test"
#define PLACE ISS "/.well-known/openid-configuration"
#define LOOPBACK "http://127.0.0.1:8080/d"
#define KEYS "\"jwks_uri\":\"https://keys.test/k\""
#define GOOD "{\"issuer\":\"" ISS "\"," KEYS "}"

static struct metadata metadata;

static enum jwt_reason
read_typed(const char *url, const char *type, const char *body)
{
	struct document_answer answer = {
		.content_type = bytes_str(type), .body = bytes_str(body)
	};
	enum jwt_reason reason = metadata_read(ISS, url, &answer, &metadata);

	assert_int_equal(reason == JWT_OK, metadata.fault[0] == '\0');
	assert_int_equal(reason == JWT_OK, metadata.jwks_uri[0] != '\0');
	return reason;
}

static void
takes(const char *body)
{
	assert_int_equal(read_typed(PLACE, "application/json", body), JWT_OK);
	assert_string_equal(metadata.jwks_uri, "https://keys.test/k");
	assert_false(metadata.loopback_http);
}

static void
refuses(const char *body, const char *fault)
{
	assert_int_equal(read_typed(PLACE, "application/json", body),
	    JWT_KEY_FILE_INVALID);
	if (strstr(metadata.fault, fault) == NULL)
		fail_msg("\"%s\" is not in \"%s\"", fault, metadata.fault);
}

static void
test_places(void **state)
{
	static const struct {
		const char *iss, *openid, *oauth;
	} rows[] = {
		{ ISS, PLACE, ISS "/.well-known/oauth-authorization-server" },
		{ ISS "/", PLACE,
		    ISS "/.well-known/oauth-authorization-server" },
		{ ISS ":8444/", ISS ":8444/.well-known/openid-configuration",
		    ISS ":8444/.well-known/oauth-authorization-server" },
		{ ISS "/api/oidc",
		    ISS "/api/oidc/.well-known/openid-configuration",
		    ISS "/.well-known/oauth-authorization-server/api/oidc" },
		/* One slash does not count, and no more than one. */
		{ ISS "/a//", ISS "/a//.well-known/openid-configuration",
		    ISS "/.well-known/oauth-authorization-server/a/" },
	};
	char out[METADATA_URL_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_true(metadata_address(rows[i].iss, METADATA_OPENID, false,
		    out));
		assert_string_equal(out, rows[i].openid);
		assert_true(metadata_address(rows[i].iss, METADATA_OAUTH, false,
		    out));
		assert_string_equal(out, rows[i].oauth);
	}
}

static void
test_no_place(void **state)
{
	static const char *const rows[] = {
		"", "id.test", "http://id.test", "http://127.0.0.1",
		"https://id.test?x", "https://id.test/a?x", "https://",
		"https://u@id.test", "https://id.test#f", "HTTPS://id.test"
	};
	char out[METADATA_URL_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_false(metadata_address(rows[i], METADATA_OPENID, false,
		    out));
		assert_string_equal(out, "");
		assert_false(metadata_address(rows[i], METADATA_OAUTH, false,
		    out));
	}
}

/* Only where it is allowed, and only to loopback. */
static void
test_loopback_place(void **state)
{
	char out[METADATA_URL_SIZE];

	(void)state;
	assert_true(metadata_address("http://127.0.0.1:80/a/", METADATA_OPENID,
	    true, out));
	assert_string_equal(out,
	    "http://127.0.0.1:80/a/.well-known/openid-configuration");
	assert_true(metadata_address("http://[::1]/a", METADATA_OAUTH, true,
	    out));
	assert_string_equal(out,
	    "http://[::1]/.well-known/oauth-authorization-server/a");
	assert_true(metadata_address(ISS, METADATA_OPENID, true, out));
	assert_false(metadata_address("http://id.test", METADATA_OPENID, true,
	    out));
	assert_false(metadata_address("http://localhost", METADATA_OPENID,
	    true, out));
	assert_false(metadata_address("http://127.0.0.1", METADATA_OPENID,
	    false, out));
}

/* The address is as long as an address may be, or one byte longer. */
static void
test_long_place(void **state)
{
	size_t room = URL_MAX - strlen("/.well-known/openid-configuration");
	static char iss[METADATA_URL_SIZE];
	char out[METADATA_URL_SIZE];

	(void)state;
	memset(iss, 'a', sizeof(iss));
	memcpy(iss, "https://h/", 10);
	iss[room] = '\0';
	assert_true(metadata_address(iss, METADATA_OPENID, false,
		    out));
	assert_int_equal(strlen(out), URL_MAX);
	assert_false(metadata_address(iss, METADATA_OAUTH, false,
		    out));
	iss[room] = 'a';
	iss[room + 1] = '\0';
	assert_false(metadata_address(iss, METADATA_OPENID, false,
		    out));
}

static void
test_good(void **state)
{
	static const char *const types[] = {
		"", "application/json", "application/jwk-set+json",
		"text/plain", "text/htmlx", "nonsense"
	};
	size_t i;

	(void)state;
	takes(GOOD);
	takes("\r\n{\"x\":[{}],\"issuer\":\"" ISS "\"," KEYS ",\"y\":null}\n");
	takes("{\"issuer\":\"https:\\/\\/id.test\"," KEYS "}");
	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		assert_int_equal(read_typed(PLACE, types[i], GOOD), JWT_OK);
}

static void
test_html(void **state)
{
	static const char *const types[] = {
		"text/html", "TEXT/html", "text/html; charset=utf-8",
		" text/html ;x"
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		assert_int_equal(read_typed(PLACE, types[i], GOOD),
		    JWT_KEY_FILE_INVALID);
		assert_string_equal(metadata.fault, "it is HTML");
	}
	refuses("<!doctype html><html>", "it is a page");
	refuses("  <html>", "it is a page");
}

static void
test_no_json(void **state)
{
	(void)state;
	refuses("", "it is empty");
	refuses(" \n", "it is empty");
	refuses("\xef\xbb\xbf" GOOD, "byte order mark");
	refuses("\x1f\x8b\x08", "not a JSON object");
	refuses("[" GOOD "]", "not a JSON object");
	refuses(GOOD "x", "not a JSON object");
	refuses("{\"issuer\":\"" ISS "\"," KEYS, "not a JSON object");
	refuses("{\"issuer\":\"" ISS "\",\"issuer\":\"" ISS "\"," KEYS "}",
	    "two members");
	refuses("{\"a\":[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]}", "too deep");
}

/* An issuer of another spelling is another issuer. */
static void
test_issuer(void **state)
{
	(void)state;
	refuses("{" KEYS "}", "no issuer");
	refuses("{\"issuer\":null," KEYS "}", "no issuer");
	refuses("{\"issuer\":[\"" ISS "\"]," KEYS "}", "no issuer");
	refuses("{\"issuer\":\"" ISS "/\"," KEYS "}",
	    "of the issuer \"" ISS "/\", and not of iss");
	refuses("{\"issuer\":\"https://ID.test\"," KEYS "}", "of the issuer");
	refuses("{\"issuer\":\"" ISS ":443\"," KEYS "}", "of the issuer");
	refuses("{\"issuer\":\"" ISS "\\u0000\"," KEYS "}", "\\x00");
	refuses("{\"issuer\":\"\"," KEYS "}", "of the issuer \"\"");
	/* It cannot write to the terminal. */
	refuses("{\"issuer\":\"\\u001b[2J\\n\"," KEYS "}", "\\x1b[2J\\x0a");
}

static void
test_jwks_uri(void **state)
{
	static const char *const rows[][2] = {
		{ "", "it has no jwks_uri" },
		{ ",\"jwks_uri\":7", "it has no jwks_uri" },
		{ ",\"jwks_uri\":\"\"", "https://" },
		{ ",\"jwks_uri\":\"/jwks\"", "https://" },
		{ ",\"jwks_uri\":\"http://id.test/k\"", "not https" },
		{ ",\"jwks_uri\":\"http://127.0.0.1/k\"", "not https" },
		{ ",\"jwks_uri\":\"file:///etc/shadow\"", "https://" },
		{ ",\"jwks_uri\":\"https://u:p@id.test/\"", "user name" },
		{ ",\"jwks_uri\":\"https://id.test/#k\"", "fragment" },
		{ ",\"jwks_uri\":\"https://id.test/\\u0000\"", "character" },
		{ ",\"jwks_uri\":\"https://id.test/ \"", "character" },
	};
	size_t i;
	char *body;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		body = world_text("{\"issuer\":\"" ISS "\"%s}", rows[i][0]);
		refuses(body, rows[i][1]);
		free(body);
	}
	/* Taken as it is: two slashes are what one provider writes. */
	assert_int_equal(read_typed(PLACE, "", "{\"issuer\":\"" ISS "\","
	    "\"jwks_uri\":\"https://id.test:1//api/k?x=1\"}"), JWT_OK);
	assert_string_equal(metadata.jwks_uri, "https://id.test:1//api/k?x=1");
}

/* Loopback names loopback; nothing else does, and it names nothing else. */
static void
test_loopback(void **state)
{
	static const struct {
		const char *from, *uri;
		bool good, plain;
	} rows[] = {
		{ LOOPBACK, "http://127.0.0.1:9/k", true, true },
		{ LOOPBACK, "http://[::1]/k", true, true },
		{ LOOPBACK, "https://id.test/k", true, false },
		{ LOOPBACK, "http://id.test/k", false, false },
		{ LOOPBACK, "http://localhost/k", false, false },
		{ PLACE, "http://127.0.0.1:9/k", false, false },
		{ "http://id.test/", "http://127.0.0.1:9/k", false, false },
		{ "https://127.0.0.1/", "http://127.0.0.1:9/k", false, false },
	};
	size_t i;
	char *body;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		body = world_text("{\"issuer\":\"" ISS "\",\"jwks_uri\":\"%s\"}",
		    rows[i].uri);
		assert_int_equal(read_typed(rows[i].from, "", body),
		    rows[i].good ? JWT_OK : JWT_KEY_FILE_INVALID);
		assert_int_equal(metadata.loopback_http, rows[i].plain);
		free(body);
	}
}

static void
test_long_uri(void **state)
{
	char *body = world_text("{\"issuer\":\"" ISS "\",\"jwks_uri\":"
	    "\"https://h/%*s\"}", URL_MAX - 10, "");
	char *end = strstr(body, "h/ ") + 2;

	(void)state;
	memset(end, 'a', URL_MAX - 10);
	assert_int_equal(read_typed(PLACE, "", body), JWT_OK);
	assert_int_equal(strlen(metadata.jwks_uri), URL_MAX);
	free(body);
	body = world_text("{\"issuer\":\"" ISS "\",\"jwks_uri\":"
	    "\"https://h/%*s\"}", URL_MAX - 9, "");
	memset(strstr(body, "h/ ") + 2, 'a', URL_MAX - 9);
	refuses(body, "longer than 2048");
	free(body);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_no_place),
		cmocka_unit_test(test_loopback_place),
		cmocka_unit_test(test_long_place),
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_html),
		cmocka_unit_test(test_no_json),
		cmocka_unit_test(test_issuer),
		cmocka_unit_test(test_jwks_uri),
		cmocka_unit_test(test_loopback),
		cmocka_unit_test(test_long_uri),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
