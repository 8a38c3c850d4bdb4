/* SPDX-License-Identifier: BSD-2-Clause */
/* What the CGI of the issuer takes: variables of a request, and forms. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "issuerd/cgi_form.h"

#define FORM "application/x-www-form-urlencoded"

struct request_case {
	struct cgi_variables from;
	enum cgi_fault want;
};

static const struct request_case request_cases[] = {
	{ { "POST", NULL, NULL, FORM, "1" }, CGI_OK },
	{ { "POST", "", "", FORM, "16384" }, CGI_OK },
	{ { "POST", "", "", FORM, "16385" }, CGI_SIZE },
	{ { "POST", "", "", FORM, "9223372036854775807" }, CGI_SIZE },
	{ { "POST", "", "", FORM, "9223372036854775808" }, CGI_LENGTH },
	{ { "POST", "", "", FORM, "18446744073709551617" }, CGI_LENGTH },
	{ { "POST", "", "", FORM, "0" }, CGI_LENGTH },
	{ { "POST", "", "", FORM, "01" }, CGI_LENGTH },
	{ { "POST", "", "", FORM, "" }, CGI_LENGTH },
	{ { "POST", "", "", FORM, NULL }, CGI_LENGTH },
	{ { "POST", "", "", FORM, "-1" }, CGI_LENGTH },
	{ { "POST", "", "", FORM, "+1" }, CGI_LENGTH },
	{ { "POST", "", "", FORM, " 1" }, CGI_LENGTH },
	{ { "POST", "", "", FORM, "1 " }, CGI_LENGTH },
	{ { "POST", "", "", FORM, "1,1" }, CGI_LENGTH },
	{ { "POST", "", "", FORM, "0x10" }, CGI_LENGTH },
	{ { NULL, "", "", FORM, "1" }, CGI_METHOD },
	{ { "", "", "", FORM, "1" }, CGI_METHOD },
	{ { "GET", "", "", FORM, "1" }, CGI_METHOD },
	{ { "HEAD", "", "", FORM, "1" }, CGI_METHOD },
	{ { "PUT", "", "", FORM, "1" }, CGI_METHOD },
	{ { "post", "", "", FORM, "1" }, CGI_METHOD },
	{ { "POST ", "", "", FORM, "1" }, CGI_METHOD },
	{ { "POST", "", "token=x", FORM, "1" }, CGI_QUERY },
	{ { "POST", "", "serve", FORM, "1" }, CGI_QUERY },
	{ { "POST", "/", "", FORM, "1" }, CGI_PATH },
	{ { "POST", "/token", "", FORM, "1" }, CGI_PATH },
	{ { "POST", "/revoke/", "", FORM, "1" }, CGI_PATH },
	{ { "POST", "revoke", "", FORM, "1" }, CGI_PATH },
	{ { "POST", "/REVOKE", "", FORM, "1" }, CGI_PATH },
	{ { "POST", "", "", "Application/X-WWW-Form-Urlencoded", "1" },
	  CGI_OK },
	{ { "POST", "", "", FORM ";charset=UTF-8", "1" }, CGI_OK },
	{ { "POST", "", "", FORM " ; charset=utf-8 ", "1" }, CGI_OK },
	{ { "POST", "", "", FORM ";charset=utf-16", "1" }, CGI_TYPE },
	{ { "POST", "", "", FORM ", text/plain", "1" }, CGI_TYPE },
	{ { "POST", "", "", FORM "x", "1" }, CGI_TYPE },
	{ { "POST", "", "", "application/x-www-form-urlencode", "1" },
	  CGI_TYPE },
	{ { "POST", "", "", "application/json", "1" }, CGI_TYPE },
	{ { "POST", "", "", "multipart/form-data; boundary=x", "1" },
	  CGI_TYPE },
	{ { "POST", "", "", "", "1" }, CGI_TYPE },
	{ { "POST", "", "", NULL, "1" }, CGI_TYPE },
};

static void
test_request(void **state)
{
	struct cgi_request request;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(request_cases) / sizeof(request_cases[0]); i++) {
		enum cgi_fault got = cgi_request_read(&request_cases[i].from,
		    &request);

		if (got != request_cases[i].want)
			fail_msg("request %zu: %d instead of %d", i, (int)got,
			    (int)request_cases[i].want);
		assert_true(got != CGI_OK || request.length > 0);
	}
}

static void
test_path(void **state)
{
	struct cgi_variables from = { "POST", "/revoke", "", FORM, "16384" };
	struct cgi_request request;

	(void)state;
	assert_int_equal(cgi_request_read(&from, &request), CGI_OK);
	assert_true(request.is_revocation);
	assert_int_equal(request.length, CGI_BODY_MAX);
	from.path = "";
	assert_int_equal(cgi_request_read(&from, &request), CGI_OK);
	assert_false(request.is_revocation);
}

struct form_case {
	const char *body;
	enum cgi_fault want;
	const char *token, *resource;
};

#define ONE "grant_type=refresh_token&refresh_token=tok"

static const struct form_case refresh_cases[] = {
	{ ONE, CGI_OK, "tok", "" },
	{ ONE "&resource=ssh://b", CGI_OK, "tok", "ssh://b" },
	{ ONE "&resource=ssh%3A%2f%2Fb&client_id=pam-jwt", CGI_OK, "tok",
	  "ssh://b" },
	{ "refresh%5Ftoken=t%6fk&grant_type=refresh%5ftoken", CGI_OK, "tok",
	  "" },
	{ ONE "&resource=", CGI_OK, "tok", "" },
	{ ONE "&resource", CGI_OK, "tok", "" },
	{ ONE "&scope=a+b&x=%20~", CGI_OK, "tok", "" },
	{ ONE "&client_id=&client_secret=", CGI_OK, "tok", "" },
	{ ONE "&client_id=other", CGI_CLIENT, "", "" },
	{ ONE "&client_id=pam-jwt%20", CGI_CLIENT, "", "" },
	{ ONE "&client_secret=x", CGI_SECRET, "", "" },
	{ ONE "&client_assertion=x", CGI_SECRET, "", "" },
	{ "refresh_token=tok", CGI_GRANT_MISSING, "", "" },
	{ "grant_type=&refresh_token=tok", CGI_GRANT_MISSING, "", "" },
	{ "grant_type=password&refresh_token=tok", CGI_GRANT, "", "" },
	{ "grant_type=refresh_token%00&refresh_token=tok", CGI_ENCODING, "",
	  "" },
	{ "grant_type=refresh_token ", CGI_GRANT, "", "" },
	{ "grant_type=refresh_token", CGI_TOKEN_MISSING, "", "" },
	{ "grant_type=refresh_token&refresh_token=", CGI_TOKEN_MISSING, "",
	  "" },
	{ "grant_type=refresh_token&token=tok", CGI_TOKEN_MISSING, "", "" },
	{ "", CGI_GRANT_MISSING, "", "" },
	{ ONE "&refresh_token=tok", CGI_REPEATED, "", "" },
	{ ONE "&refresh%5ftoken=tok", CGI_REPEATED, "", "" },
	{ ONE "&resource=a&resource=b", CGI_REPEATED, "", "" },
	{ ONE "&resource&resource", CGI_REPEATED, "", "" },
	{ ONE "&x=1&x=1", CGI_REPEATED, "", "" },
	{ ONE "&&x=1", CGI_PARAMETERS, "", "" },
	{ ONE "&=1", CGI_PARAMETERS, "", "" },
	{ ONE "&a&b&c&d&e&f&g&h&i&j&k&l&m&n", CGI_OK, "tok", "" },
	{ ONE "&a&b&c&d&e&f&g&h&i&j&k&l&m&n&o", CGI_PARAMETERS, "", "" },
	{ ONE "&resource=%", CGI_ENCODING, "", "" },
	{ ONE "&resource=%4", CGI_ENCODING, "", "" },
	{ ONE "&resource=%4g", CGI_ENCODING, "", "" },
	{ ONE "&resource=%0a", CGI_ENCODING, "", "" },
	{ ONE "&resource=%7f", CGI_ENCODING, "", "" },
	{ ONE "&resource=%c3%a4", CGI_ENCODING, "", "" },
	{ ONE "&resource=\xc3\xa4", CGI_ENCODING, "", "" },
	{ ONE "&resource=a\r\nb", CGI_ENCODING, "", "" },
	{ ONE "\n", CGI_ENCODING, "", "" },
	{ ONE "&%0a=b", CGI_ENCODING, "", "" },
};

static const struct form_case revocation_cases[] = {
	{ "token=tok", CGI_OK, "tok", "" },
	{ "token=tok&token_type_hint=refresh_token&client_id=pam-jwt", CGI_OK,
	  "tok", "" },
	{ "token=tok&token_type_hint=access_token", CGI_OK, "tok", "" },
	{ "token=tok&grant_type=password", CGI_OK, "tok", "" },
	{ "token=a.b.c", CGI_TOKEN_KIND, "a.b.c", "" },
	{ "token=a%2Eb", CGI_TOKEN_KIND, "a.b", "" },
	{ "token=tok&client_id=x", CGI_CLIENT, "", "" },
	{ "token=tok&token=tok", CGI_REPEATED, "", "" },
	{ "token_type_hint=refresh_token", CGI_TOKEN_MISSING, "", "" },
	{ ONE, CGI_TOKEN_MISSING, "", "" },
};

/* A copy in memory of exactly that size, so that a sanitizer sees a byte more. */
static struct secret
exact(const char *text)
{
	size_t len = strlen(text), size = len + (len == 0);
	struct secret out = { malloc(size), len, size };

	assert_non_null(out.ptr);
	memcpy(out.ptr, text, len);
	return out;
}

static void
check_form(const struct form_case *one, bool is_revocation)
{
	struct secret body = exact(one->body);
	struct cgi_form form;
	enum cgi_fault got;

	got = cgi_form_read(&body, is_revocation, &form);
	if (got != one->want)
		fail_msg("%s: %d instead of %d", one->body, (int)got,
		    (int)one->want);
	if (!bytes_eq_str(form.token, one->token) ||
	    !bytes_eq_str(form.resource, one->resource))
		fail_msg("%s: another token or resource", one->body);
	secret_clear(&body);
}

static void
test_form(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(refresh_cases) / sizeof(refresh_cases[0]); i++)
		check_form(&refresh_cases[i], false);
	for (i = 0; i < sizeof(revocation_cases) /
	    sizeof(revocation_cases[0]); i++)
		check_form(&revocation_cases[i], true);
}

/* A NUL would end the value for a reader of C strings, and hide the rest. */
static void
test_nul(void **state)
{
	static const char text[] = ONE "\0&resource=x";
	struct secret body;
	struct cgi_form form;

	(void)state;
	assert_int_equal(secret_copy(bytes_of(text, sizeof(text) - 1), &body),
	    JWT_OK);
	assert_int_equal(cgi_form_read(&body, false, &form), CGI_ENCODING);
	secret_clear(&body);
}

/* Each fault has its row: a status of HTTP, an error, and a phrase. */
static void
test_rows(void **state)
{
	enum cgi_fault fault;

	(void)state;
	for (fault = CGI_OK + 1; fault < CGI_FAULT_COUNT; fault++) {
		const struct cgi_fault_row *row = cgi_fault_row(fault);

		assert_non_null(row->error);
		assert_non_null(row->why);
		assert_true(row->status == 400 || row->status == 401 ||
		    row->status == 405);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_request),
		cmocka_unit_test(test_path),
		cmocka_unit_test(test_form),
		cmocka_unit_test(test_nul),
		cmocka_unit_test(test_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
