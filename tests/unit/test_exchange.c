/* SPDX-License-Identifier: BSD-2-Clause */
/* The frames between pam-jwt sync and pam-jwt-net: what a hostile one can be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/base/number.h"
#include "sync/exchange.h"

#define TEXT(literal) bytes_of(literal, sizeof(literal) - 1)

static const char plain[] = "pam-jwt-answer 1\n1\nerror 0\n\nstatus 3\n200\n"
    "etag 4\n\"v1\"\nlast-modified 0\n\ncontent-type 16\napplication/json\n"
    "effective-url 19\nhttps://idp.example\nretry-after 0\n\n"
    "max-age 2\n60\ndpop-nonce 3\nn-1\ndate 10\n1795953600\nbody 11\n{\"keys\":[]}\n";

static struct exchange_answer
answer_of_plain(void)
{
	return (struct exchange_answer){
		.result = EXCHANGE_ANSWERED, .status = 200,
		.etag = bytes_str("\"v1\""),
		.content_type = bytes_str("application/json"),
		.effective_url = bytes_str("https://idp.example"),
		.retry_after = -1, .max_age = 60,
		.nonce = bytes_str("n-1"), .date = 1795953600,
		.body = bytes_str("{\"keys\":[]}")
	};
}

static enum jwt_reason
read_text(const char *text)
{
	struct exchange_answer answer;

	return exchange_read_answer(bytes_str(text), &answer);
}

/* plain with one text of it replaced. */
static enum jwt_reason
read_changed(const char *from, const char *to)
{
	const char *at = strstr(plain, from);
	char text[1024];

	assert_non_null(at);
	(void)snprintf(text, sizeof(text), "%.*s%s%s", (int)(at - plain), plain,
	    to, at + strlen(from));
	return read_text(text);
}

static void
test_answer(void **state)
{
	struct exchange_answer answer = answer_of_plain(), got;
	struct secret frame;

	(void)state;
	assert_int_equal(exchange_put_answer(&answer, &frame), JWT_OK);
	assert_int_equal(frame.len, strlen(plain));
	assert_memory_equal(frame.ptr, plain, frame.len);
	assert_int_equal(exchange_read_answer(secret_bytes(&frame), &got),
	    JWT_OK);
	assert_int_equal(got.result, EXCHANGE_ANSWERED);
	assert_int_equal(got.status, 200);
	assert_true(bytes_eq(got.etag, answer.etag));
	assert_int_equal(got.last_modified.len, 0);
	assert_true(bytes_eq(got.content_type, answer.content_type));
	assert_true(bytes_eq(got.effective_url, answer.effective_url));
	assert_int_equal(got.retry_after, -1);
	assert_int_equal(got.max_age, 60);
	assert_true(bytes_eq(got.nonce, answer.nonce));
	assert_int_equal(got.date, 1795953600);
	assert_true(bytes_eq(got.body, answer.body));
	assert_int_equal(got.error.len, 0);
	secret_clear(&frame);
}

static void
test_failure(void **state)
{
	struct exchange_answer answer = EXCHANGE_NO_ANSWER, got;
	struct secret frame;

	(void)state;
	assert_int_equal(exchange_put_answer(&answer, &frame), JWT_INTERNAL);
	assert_null(frame.ptr);
	answer.error = bytes_str("timed out");
	assert_int_equal(exchange_put_answer(&answer, &frame), JWT_OK);
	assert_int_equal(exchange_read_answer(secret_bytes(&frame), &got),
	    JWT_OK);
	assert_int_equal(got.result, EXCHANGE_FAILED);
	assert_true(bytes_eq_str(got.error, "timed out"));
	assert_int_equal(got.status, 0);
	assert_int_equal(got.retry_after, -1);
	assert_int_equal(got.date, -1);
	secret_clear(&frame);
	answer.date = 1;
	assert_int_equal(exchange_put_answer(&answer, &frame), JWT_INTERNAL);
	answer.date = -1;
	answer.nonce = bytes_str("n");
	assert_int_equal(exchange_put_answer(&answer, &frame), JWT_INTERNAL);
	answer.nonce.len = 0;
	/* A failure says nothing that could be taken for an answer. */
	answer.body = bytes_str("{}");
	assert_int_equal(exchange_put_answer(&answer, &frame), JWT_INTERNAL);
}

static void
test_request(void **state)
{
	struct exchange_request request = {
		.url = bytes_str("https://idp.example/jwks"),
		.etag = bytes_str("\"v1\""),
		.last_modified = bytes_str("Sun, 06 Nov 1994 08:49:37 GMT"),
		.proxy = bytes_str("http://proxy:3128"),
		.ca = TEXT("a\0b\n"), .client_cert = bytes_str("c"),
		.client_key = bytes_str("k"), .loopback_http = true,
		.authorization = bytes_str("Basic YTpi")
	}, got;
	struct secret frame;
	size_t cut;

	(void)state;
	assert_int_equal(exchange_put_request(&request, &frame), JWT_OK);
	assert_int_equal(exchange_read_request(secret_bytes(&frame), &got),
	    JWT_OK);
	assert_true(bytes_eq(got.url, request.url));
	assert_true(bytes_eq(got.etag, request.etag));
	assert_true(bytes_eq(got.last_modified, request.last_modified));
	assert_true(bytes_eq(got.proxy, request.proxy));
	assert_true(bytes_eq(got.ca, request.ca));
	assert_true(bytes_eq(got.client_cert, request.client_cert));
	assert_true(bytes_eq(got.client_key, request.client_key));
	assert_true(got.loopback_http);
	assert_int_equal(got.timeout_sec, 0);
	assert_int_equal(got.form.len, 0);
	assert_true(bytes_eq(got.authorization, request.authorization));
	for (cut = 0; cut < frame.len; cut++) {
		assert_int_equal(exchange_read_request(
		    bytes_of(frame.ptr, cut), &got), JWT_INTERNAL);
		assert_int_equal(got.url.len, 0);
		assert_false(got.loopback_http);
		assert_int_equal(got.authorization.len, 0);
	}
	secret_clear(&frame);
}

static void
test_post(void **state)
{
	struct exchange_request request = {
		.url = bytes_str("https://idp.example/token"),
		.timeout_sec = 15, .form = bytes_str("a=b&c=%20+d"),
		.proof = bytes_str("eyJ.eyJ.c2ln")
	}, got;
	struct secret frame;
	char *at;

	(void)state;
	assert_int_equal(exchange_put_request(&request, &frame), JWT_OK);
	assert_int_equal(exchange_read_request(secret_bytes(&frame), &got),
	    JWT_OK);
	assert_true(bytes_eq(got.form, request.form));
	assert_true(bytes_eq(got.proof, request.proof));
	assert_int_equal(got.timeout_sec, 15);
	assert_int_equal(got.authorization.len, 0);
	at = memmem(frame.ptr, frame.len, "timeout 2\n15\n", 13);
	assert_non_null(at);
	at[11] = '6';
	assert_int_equal(exchange_read_request(secret_bytes(&frame), &got),
	    JWT_INTERNAL);
	assert_int_equal(got.form.len, 0);
	secret_clear(&frame);
	request.timeout_sec = 16;
	assert_int_equal(exchange_put_request(&request, &frame), JWT_INTERNAL);
}

/* A POST changes something; a validator asks whether something changed. */
static void
test_bad_posts(void **state)
{
	static const char *const forms[] = { "a=b c", "a=b\n", "a=\xc3\xa4",
	    "a=\x7f" };
	const struct exchange_request plain_post = {
		.url = bytes_str("https://a/"), .form = bytes_str("a=b")
	};
	struct exchange_request request;
	struct secret frame;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		request = plain_post;
		request.form = bytes_str(forms[i]);
		assert_int_equal(exchange_put_request(&request, &frame),
		    JWT_INTERNAL);
	}
	request = plain_post;
	request.etag = bytes_str("\"v1\"");
	assert_int_equal(exchange_put_request(&request, &frame), JWT_INTERNAL);
	request = plain_post;
	request.last_modified = bytes_str("Sun, 06 Nov 1994 08:49:37 GMT");
	assert_int_equal(exchange_put_request(&request, &frame), JWT_INTERNAL);
	request = plain_post;
	request.authorization = bytes_str("Basic YTpi\r\nX: y");
	assert_int_equal(exchange_put_request(&request, &frame), JWT_INTERNAL);
	request = plain_post;
	request.authorization = TEXT("Basic YTpi\0");
	assert_int_equal(exchange_put_request(&request, &frame), JWT_INTERNAL);
	request = plain_post;
	request.proof = bytes_str("a.b.c\r\nX: y");
	assert_int_equal(exchange_put_request(&request, &frame), JWT_INTERNAL);
	request.proof = bytes_str("a.b.c d");
	assert_int_equal(exchange_put_request(&request, &frame), JWT_INTERNAL);
	/* A proof is for one POST, and a GET may be redirected. */
	request.proof = bytes_str("a.b.c");
	request.form.len = 0;
	assert_int_equal(exchange_put_request(&request, &frame), JWT_INTERNAL);
}

/* Writes a request with one value of that length, and reads it again. */
static enum jwt_reason
try_request(struct bytes *value, size_t len, struct exchange_request *request)
{
	char *bytes = malloc(len);
	struct exchange_request got;
	struct secret frame;
	enum jwt_reason reason;

	assert_non_null(bytes);
	memset(bytes, 'x', len);
	*value = bytes_of(bytes, len);
	reason = exchange_put_request(request, &frame);
	if (reason == JWT_OK) {
		assert_true(frame.len <= EXCHANGE_REQUEST_MAX);
		assert_int_equal(exchange_read_request(secret_bytes(&frame),
		    &got), JWT_OK);
	}
	secret_clear(&frame);
	free(bytes);
	*value = bytes_of(NULL, 0);
	return reason;
}

static void
test_request_lengths(void **state)
{
	struct exchange_request request = { .url = bytes_str("https://a/") };

	(void)state;
	assert_int_equal(try_request(&request.form, EXCHANGE_FORM_MAX,
	    &request), JWT_OK);
	assert_int_equal(try_request(&request.form, EXCHANGE_FORM_MAX + 1,
	    &request), JWT_INTERNAL);
	assert_int_equal(try_request(&request.authorization,
	    EXCHANGE_AUTHORIZATION_MAX, &request), JWT_OK);
	assert_int_equal(try_request(&request.authorization,
	    EXCHANGE_AUTHORIZATION_MAX + 1, &request), JWT_INTERNAL);
	request.form = bytes_str("a=b");
	assert_int_equal(try_request(&request.proof, EXCHANGE_PROOF_MAX,
	    &request), JWT_OK);
	assert_int_equal(try_request(&request.proof, EXCHANGE_PROOF_MAX + 1,
	    &request), JWT_INTERNAL);
}

/* The largest request there can be, and so what the fetcher has to read. */
static void
test_largest_request(void **state)
{
	char *filling = malloc(EXCHANGE_PEM_MAX);
	struct exchange_request request = {
		.url = bytes_of(filling, EXCHANGE_URL_MAX),
		.proxy = bytes_of(filling, EXCHANGE_URL_MAX),
		.ca = bytes_of(filling, EXCHANGE_PEM_MAX),
		.client_cert = bytes_of(filling, EXCHANGE_PEM_MAX),
		.client_key = bytes_of(filling, EXCHANGE_PEM_MAX),
		.loopback_http = true, .timeout_sec = EXCHANGE_TIMEOUT_MAX,
		.form = bytes_of(filling, EXCHANGE_FORM_MAX),
		.authorization = bytes_of(filling, EXCHANGE_AUTHORIZATION_MAX),
		.proof = bytes_of(filling, EXCHANGE_PROOF_MAX)
	};
	struct secret frame;

	(void)state;
	assert_non_null(filling);
	memset(filling, 'x', EXCHANGE_PEM_MAX);
	assert_int_equal(exchange_put_request(&request, &frame), JWT_OK);
	assert_true(frame.len <= EXCHANGE_REQUEST_MAX);
	secret_clear(&frame);
	free(filling);
}

static void
test_bad_requests(void **state)
{
	struct exchange_request request = { .url = bytes_str("https://a/") };
	static const char *const urls[] = { "", "https://a /", "https://a/\n",
	    "https://a/\r\nHost: b", "https://a/\x7f", "https://a/\xc3\xa4" };
	struct secret frame;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		request.url = bytes_str(urls[i]);
		assert_int_equal(exchange_put_request(&request, &frame),
		    JWT_INTERNAL);
	}
	request.url = bytes_str("https://a/");
	request.etag = bytes_str("\"a\"\r\nX: y");
	assert_int_equal(exchange_put_request(&request, &frame), JWT_INTERNAL);
	request.etag = TEXT("\"a\0\"");
	assert_int_equal(exchange_put_request(&request, &frame), JWT_INTERNAL);
	request.etag = bytes_str("\"a b\"");
	assert_int_equal(exchange_put_request(&request, &frame), JWT_OK);
	secret_clear(&frame);
	/* A certificate is of no use without its key. */
	request.client_cert = bytes_str("c");
	assert_int_equal(exchange_put_request(&request, &frame), JWT_INTERNAL);
	request.client_cert.len = 0;
	request.client_key = bytes_str("k");
	assert_int_equal(exchange_put_request(&request, &frame), JWT_INTERNAL);
}

/* Each prefix, a byte too many, and each byte changed in each of its bits. */
static void
test_cut_and_flipped(void **state)
{
	struct exchange_answer got;
	char text[sizeof(plain)];
	size_t i, bit, body = strlen(plain) - strlen("{\"keys\":[]}\n");

	(void)state;
	for (i = 0; i < strlen(plain); i++) {
		assert_int_equal(exchange_read_answer(bytes_of(plain, i), &got),
		    JWT_INTERNAL);
		assert_int_equal(got.result, EXCHANGE_FAILED);
		assert_int_equal(got.body.len, 0);
	}
	/* The terminator of the literal is the byte too many. */
	assert_int_equal(exchange_read_answer(
	    bytes_of(plain, sizeof(plain)), &got), JWT_INTERNAL);
	for (i = 0; i < strlen(plain) * 8; i++) {
		bit = i % 8;
		memcpy(text, plain, sizeof(plain));
		text[i / 8] = (char)((uint8_t)text[i / 8] ^ (1U << bit));
		if (exchange_read_answer(bytes_of(text, strlen(plain)), &got)
		    != JWT_OK)
			continue;
		/* Then it is a value that was changed, to another of its kind. */
		assert_true(i / 8 >= body || got.body.len == 11);
		assert_true(got.status >= 100 && got.status <= 599);
		assert_int_equal(got.result, EXCHANGE_ANSWERED);
	}
}

static void
test_bad_answers(void **state)
{
	static const char *const rows[][2] = {
		{ "pam-jwt-answer 1\n1", "pam-jwt-answer 1\n2" },
		{ "pam-jwt-answer 1\n1", "pam-jwt-answer 0\n" },
		{ "pam-jwt-answer", "pam-jwt-request" },
		/* A field is missing, twice there, in another place. */
		{ "etag 4\n\"v1\"\n", "" },
		{ "error 0\n\n", "error 0\n\nerror 0\n\n" },
		{ "retry-after 0\n\nmax-age 2\n60\n",
		    "max-age 2\n60\nretry-after 0\n\n" },
		/* Lengths: another form, too long, too short, negative. */
		{ "body 11", "body 011" }, { "body 11", "body +11" },
		{ "body 11", "body -1" }, { "body 11", "body 0x0b" },
		{ "body 11", "body  11" }, { "body 11", "body 11 " },
		{ "body 11", "body" }, { "body 11", "body " },
		{ "body 11", "body 10" }, { "body 11", "body 12" },
		{ "body 11", "body 13" },
		{ "body 11", "body 524288" }, { "body 11", "body 524289" },
		{ "body 11", "body 18446744073709551616" },
		{ "body 11", "body 18446744073709551627" },
		{ "error 0", "error 00" },
		/* Neither an answer nor a failure, or both. */
		{ "error 0\n\n", "error 3\nbad\n" },
		{ "status 3\n200", "status 0\n" },
		{ "status 3\n200", "status 1\n0" },
		{ "status 3\n200", "status 2\n99" },
		{ "status 3\n200", "status 3\n600" },
		{ "status 3\n200", "status 3\n020" },
		{ "status 3\n200", "status 3\n2 0" },
		{ "status 3\n200", "status 4\n0200" },
		{ "effective-url 19\nhttps://idp.example",
		    "effective-url 0\n" },
		/* What could end a line of the log or of a header. */
		{ "\"v1\"", "\"v\n\"" }, { "\"v1\"", "\"v\r\"" },
		{ "\"v1\"", "\"v\x1b\"" }, { "\"v1\"", "\"v\x7f\"" },
		{ "\"v1\"", "\"v\xe9\"" }, { "\"v1\"", "\"v\t\"" },
		{ "application/json", "application\njson" },
		{ "https://idp.example", "https://idp example" },
		{ "n-1", "n\n1" }, { "n-1", "n\r1" }, { "n-1", "n\xe9-" },
		{ "date 10\n1795953600", "date 2\n-2" },
		{ "date 10\n1795953600", "date 2\n01" },
		{ "date 10\n1795953600", "date 16\n9007199254740992" },
		{ "max-age 2\n60", "max-age 2\n-1" },
		{ "max-age 2\n60", "max-age 2\n06" },
		{ "max-age 2\n60", "max-age 3\n6.0" },
		{ "max-age 2\n60", "max-age 10\n2147483648" },
		{ "retry-after 0\n", "retry-after 10\n2147483648" },
	};
	size_t i;

	(void)state;
	assert_int_equal(read_text(plain), JWT_OK);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (read_changed(rows[i][0], rows[i][1]) != JWT_INTERNAL)
			fail_msg("taken: %s", rows[i][1]);
	}
	assert_int_equal(read_changed("max-age 2\n60", "max-age 1\n0"), JWT_OK);
	assert_int_equal(read_changed("max-age 2\n60",
	    "max-age 10\n2147483647"), JWT_OK);
	assert_int_equal(read_changed("retry-after 0\n",
	    "retry-after 10\n2147483647"), JWT_OK);
	assert_int_equal(read_changed("date 10\n1795953600",
	    "date 16\n9007199254740991"), JWT_OK);
	assert_int_equal(read_changed("date 10\n1795953600", "date 0\n"),
	    JWT_OK);
	assert_int_equal(read_changed("status 3\n200", "status 3\n100"), JWT_OK);
	assert_int_equal(read_changed("status 3\n200", "status 3\n599"), JWT_OK);
	assert_int_equal(read_text(""), JWT_INTERNAL);
	assert_int_equal(read_text("\n"), JWT_INTERNAL);
}

/* Writes an answer with one value of that length, and reads it again. */
static enum jwt_reason
try_length(struct exchange_answer *answer, struct bytes *value, size_t len)
{
	char *bytes = malloc(len);
	struct exchange_answer got;
	struct secret frame;
	enum jwt_reason reason;

	assert_non_null(bytes);
	memset(bytes, 'x', len);
	*value = bytes_of(bytes, len);
	reason = exchange_put_answer(answer, &frame);
	if (reason == JWT_OK) {
		assert_true(frame.len <= EXCHANGE_ANSWER_MAX);
		assert_int_equal(exchange_read_answer(secret_bytes(&frame),
		    &got), JWT_OK);
	}
	secret_clear(&frame);
	free(bytes);
	return reason;
}

static void
test_lengths(void **state)
{
	struct exchange_answer answer = answer_of_plain(), failed;
	const struct {
		struct bytes *value;
		size_t max;
	} rows[] = {
		{ &answer.etag, EXCHANGE_HEADER_MAX },
		{ &answer.last_modified, EXCHANGE_HEADER_MAX },
		{ &answer.content_type, EXCHANGE_HEADER_MAX },
		{ &answer.effective_url, EXCHANGE_URL_MAX },
		{ &answer.nonce, EXCHANGE_HEADER_MAX },
		{ &answer.body, EXCHANGE_BODY_MAX }
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		answer = answer_of_plain();
		assert_int_equal(try_length(&answer, rows[i].value,
		    rows[i].max), JWT_OK);
		assert_int_equal(try_length(&answer, rows[i].value,
		    rows[i].max + 1), JWT_INTERNAL);
	}
	failed = EXCHANGE_NO_ANSWER;
	assert_int_equal(try_length(&failed, &failed.error,
	    EXCHANGE_HEADER_MAX), JWT_OK);
	assert_int_equal(try_length(&failed, &failed.error,
	    EXCHANGE_HEADER_MAX + 1), JWT_INTERNAL);
	answer = answer_of_plain();
	answer.max_age = EXCHANGE_SECONDS_MAX + 1;
	assert_int_equal(try_length(&answer, &answer.body, 1), JWT_INTERNAL);
}

/* The largest answer there can be, and so what the parent has to read. */
static void
test_largest(void **state)
{
	static char filling[EXCHANGE_BODY_MAX];
	struct bytes line = bytes_of(filling, EXCHANGE_HEADER_MAX);
	struct exchange_answer answer = {
		.result = EXCHANGE_ANSWERED, .status = 599, .etag = line,
		.last_modified = line, .content_type = line,
		.effective_url = bytes_of(filling, EXCHANGE_URL_MAX),
		.retry_after = EXCHANGE_SECONDS_MAX,
		.max_age = EXCHANGE_SECONDS_MAX,
		.nonce = line, .date = NUMBER_DATE_MAX,
		.body = bytes_of(filling, EXCHANGE_BODY_MAX)
	};
	struct secret frame;

	(void)state;
	memset(filling, 'x', sizeof(filling));
	assert_int_equal(exchange_put_answer(&answer, &frame), JWT_OK);
	assert_true(frame.len <= EXCHANGE_ANSWER_MAX);
	assert_int_equal(exchange_read_answer(secret_bytes(&frame), &answer),
	    JWT_OK);
	secret_clear(&frame);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answer),
		cmocka_unit_test(test_failure),
		cmocka_unit_test(test_request),
		cmocka_unit_test(test_bad_requests),
		cmocka_unit_test(test_post),
		cmocka_unit_test(test_bad_posts),
		cmocka_unit_test(test_request_lengths),
		cmocka_unit_test(test_largest_request),
		cmocka_unit_test(test_cut_and_flipped),
		cmocka_unit_test(test_bad_answers),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_largest)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
