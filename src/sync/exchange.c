/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writes and reads the frames between pam-jwt and pam-jwt-net.  One table for
 * each kind of frame serves both, so that they agree on names and limits.
 */
#include <stdio.h>
#include <string.h>

#include "core/base/number.h"
#include "sync/exchange.h"

#define NUMBER_SIZE	24	/* of any int64_t, with its terminator */
#define VERSION		"1"

/* The bytes that the value of a field may have. */
enum letters {
	LETTERS_VISIBLE,	/* visible ASCII, as in a URL */
	LETTERS_LINE,		/* visible ASCII and spaces, as in a header */
	LETTERS_ANY
};

struct field {
	const char *name;
	enum letters letters;
	size_t max;
};

enum { REQUEST_VERSION, REQUEST_URL, REQUEST_ETAG, REQUEST_MODIFIED,
	REQUEST_PROXY, REQUEST_LOOPBACK, REQUEST_CA, REQUEST_CERT, REQUEST_KEY,
	REQUEST_TIMEOUT, REQUEST_FORM, REQUEST_AUTHORIZATION, REQUEST_PROOF,
	REQUEST_FIELDS };

static const struct field request_fields[REQUEST_FIELDS] = {
	[REQUEST_VERSION] = { "pam-jwt-request", LETTERS_LINE, 8 },
	[REQUEST_URL] = { "url", LETTERS_VISIBLE, EXCHANGE_URL_MAX },
	[REQUEST_ETAG] = { "etag", LETTERS_LINE, EXCHANGE_HEADER_MAX },
	[REQUEST_MODIFIED] = { "last-modified", LETTERS_LINE,
	    EXCHANGE_HEADER_MAX },
	[REQUEST_PROXY] = { "proxy", LETTERS_VISIBLE, EXCHANGE_URL_MAX },
	[REQUEST_LOOPBACK] = { "loopback-http", LETTERS_LINE, 1 },
	[REQUEST_CA] = { "ca", LETTERS_ANY, EXCHANGE_PEM_MAX },
	[REQUEST_CERT] = { "client-cert", LETTERS_ANY, EXCHANGE_PEM_MAX },
	[REQUEST_KEY] = { "client-key", LETTERS_ANY, EXCHANGE_PEM_MAX },
	[REQUEST_TIMEOUT] = { "timeout", LETTERS_LINE, 2 },
	[REQUEST_FORM] = { "form", LETTERS_VISIBLE, EXCHANGE_FORM_MAX },
	[REQUEST_AUTHORIZATION] = { "authorization", LETTERS_LINE,
	    EXCHANGE_AUTHORIZATION_MAX },
	[REQUEST_PROOF] = { "dpop", LETTERS_VISIBLE, EXCHANGE_PROOF_MAX }
};

enum { ANSWER_VERSION, ANSWER_ERROR, ANSWER_STATUS, ANSWER_ETAG,
	ANSWER_MODIFIED, ANSWER_TYPE, ANSWER_URL, ANSWER_RETRY, ANSWER_AGE,
	ANSWER_NONCE, ANSWER_DATE, ANSWER_BODY, ANSWER_FIELDS };

static const struct field answer_fields[ANSWER_FIELDS] = {
	[ANSWER_VERSION] = { "pam-jwt-answer", LETTERS_LINE, 8 },
	[ANSWER_ERROR] = { "error", LETTERS_LINE, EXCHANGE_HEADER_MAX },
	[ANSWER_STATUS] = { "status", LETTERS_LINE, 3 },
	[ANSWER_ETAG] = { "etag", LETTERS_LINE, EXCHANGE_HEADER_MAX },
	[ANSWER_MODIFIED] = { "last-modified", LETTERS_LINE,
	    EXCHANGE_HEADER_MAX },
	[ANSWER_TYPE] = { "content-type", LETTERS_LINE, EXCHANGE_HEADER_MAX },
	[ANSWER_URL] = { "effective-url", LETTERS_VISIBLE, EXCHANGE_URL_MAX },
	[ANSWER_RETRY] = { "retry-after", LETTERS_LINE, 10 },
	[ANSWER_AGE] = { "max-age", LETTERS_LINE, 10 },
	[ANSWER_NONCE] = { "dpop-nonce", LETTERS_LINE, EXCHANGE_HEADER_MAX },
	[ANSWER_DATE] = { "date", LETTERS_LINE, 16 },
	[ANSWER_BODY] = { "body", LETTERS_ANY, EXCHANGE_BODY_MAX }
};

/*
 * Against line ends and control characters: a value ends up in a header, in a
 * message or in the log, and could forge a second line there.
 */
static bool
value_is_valid(const struct field *field, struct bytes value)
{
	uint8_t first = field->letters == LETTERS_VISIBLE ? '!' : ' ';
	size_t i;

	if (value.len > field->max)
		return false;
	for (i = 0; field->letters != LETTERS_ANY && i < value.len; i++) {
		if (value.ptr[i] < first || value.ptr[i] > '~')
			return false;
	}
	return true;
}

/* ---- writing ------------------------------------------------------------- */

/* Write the bytes of a field before its value; returns their number. */
static size_t
put_head(const struct field *field, struct bytes value, char *head,
    size_t size)
{
	return (size_t)snprintf(head, size, "%s %zu\n", field->name, value.len);
}

static enum jwt_reason
frame_put(const struct field *fields, const struct bytes *values, size_t count,
    struct secret *out)
{
	char head[64];
	enum jwt_reason reason;
	size_t i, size = 0;
	uint8_t *pos;

	*out = (struct secret){ 0 };
	for (i = 0; i < count; i++) {
		if (!value_is_valid(&fields[i], values[i]))
			return JWT_INTERNAL;
		size += put_head(&fields[i], values[i], head, sizeof(head)) +
		    values[i].len + 1;
	}
	reason = secret_alloc(size, out);
	for (i = 0, pos = out->ptr; reason == JWT_OK && i < count; i++) {
		size_t len = put_head(&fields[i], values[i], head, sizeof(head));

		memcpy(pos, head, len);
		if (values[i].len > 0)
			memcpy(pos + len, values[i].ptr, values[i].len);
		pos += len + values[i].len;
		*pos++ = '\n';
	}
	return reason;
}

/* A number in decimal; a negative one, which means "none", gives "". */
static struct bytes
number_text(int64_t number, char text[NUMBER_SIZE])
{
	text[0] = '\0';
	if (number >= 0)
		(void)snprintf(text, NUMBER_SIZE, "%jd", (intmax_t)number);
	return bytes_str(text);
}

/* ---- reading ------------------------------------------------------------- */

/* A number has exactly one form, so leading zeros are refused. */
static bool
read_number(struct bytes text, int64_t max, int64_t *out)
{
	return number_digits(text, max, out) &&
	    (text.len == 1 || text.ptr[0] != '0');
}

/* An empty text means "none", which is -1. */
static bool
read_optional(struct bytes text, int64_t max, int64_t *out)
{
	*out = -1;
	return text.len == 0 || read_number(text, max, out);
}

static bool
read_field(const struct field *field, struct bytes *rest, struct bytes *out)
{
	int64_t len;

	if (!bytes_eq_str(bytes_cut(rest, ' '), field->name) ||
	    !read_number(bytes_cut(rest, '\n'), (int64_t)field->max, &len))
		return false;
	*out = bytes_of(rest->ptr, (size_t)len);
	/* A newline must follow the value and end the field. */
	if (rest->len <= out->len || rest->ptr[out->len] != '\n')
		return false;
	rest->ptr += out->len + 1;
	rest->len -= out->len + 1;
	return value_is_valid(field, *out);
}

static bool
frame_read(const struct field *fields, struct bytes frame,
    struct bytes *values, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (!read_field(&fields[i], &frame, &values[i]))
			return false;
	}
	return frame.len == 0 && bytes_eq_str(values[0], VERSION);
}

/* ---- requests ------------------------------------------------------------ */

static bool
request_is_valid(const struct exchange_request *request)
{
	bool has_validator = request->etag.len + request->last_modified.len > 0;

	return request->url.len > 0 &&
	    (request->client_cert.len > 0) == (request->client_key.len > 0) &&
	    request->timeout_sec <= EXCHANGE_TIMEOUT_MAX &&
	    !(request->form.len > 0 && has_validator) &&
	    !(request->form.len == 0 && request->proof.len > 0);
}

enum jwt_reason
exchange_put_request(const struct exchange_request *request,
    struct secret *out)
{
	char timeout[NUMBER_SIZE];
	const struct bytes values[REQUEST_FIELDS] = {
		[REQUEST_VERSION] = bytes_str(VERSION),
		[REQUEST_URL] = request->url,
		[REQUEST_ETAG] = request->etag,
		[REQUEST_MODIFIED] = request->last_modified,
		[REQUEST_PROXY] = request->proxy,
		[REQUEST_LOOPBACK] =
		    bytes_str(request->loopback_http ? "1" : "0"),
		[REQUEST_CA] = request->ca,
		[REQUEST_CERT] = request->client_cert,
		[REQUEST_KEY] = request->client_key,
		[REQUEST_TIMEOUT] = number_text(request->timeout_sec, timeout),
		[REQUEST_FORM] = request->form,
		[REQUEST_AUTHORIZATION] = request->authorization,
		[REQUEST_PROOF] = request->proof
	};

	*out = (struct secret){ 0 };
	if (!request_is_valid(request))
		return JWT_INTERNAL;
	return frame_put(request_fields, values, REQUEST_FIELDS, out);
}

enum jwt_reason
exchange_read_request(struct bytes frame, struct exchange_request *out)
{
	struct bytes values[REQUEST_FIELDS];
	struct exchange_request request;
	int64_t loopback, timeout;

	*out = (struct exchange_request){ .loopback_http = false };
	if (!frame_read(request_fields, frame, values, REQUEST_FIELDS) ||
	    !read_number(values[REQUEST_LOOPBACK], 1, &loopback) ||
	    !read_number(values[REQUEST_TIMEOUT], EXCHANGE_TIMEOUT_MAX,
	    &timeout))
		return JWT_INTERNAL;
	request = (struct exchange_request){
		.url = values[REQUEST_URL],
		.etag = values[REQUEST_ETAG],
		.last_modified = values[REQUEST_MODIFIED],
		.proxy = values[REQUEST_PROXY],
		.ca = values[REQUEST_CA],
		.client_cert = values[REQUEST_CERT],
		.client_key = values[REQUEST_KEY],
		.loopback_http = loopback == 1,
		.timeout_sec = (unsigned)timeout,
		.form = values[REQUEST_FORM],
		.authorization = values[REQUEST_AUTHORIZATION],
		.proof = values[REQUEST_PROOF]
	};
	if (!request_is_valid(&request))
		return JWT_INTERNAL;
	*out = request;
	return JWT_OK;
}

/* ---- answers ------------------------------------------------------------- */

static bool
failure_is_empty(const struct exchange_answer *answer)
{
	return answer->status == 0 && answer->etag.len == 0 &&
	    answer->last_modified.len == 0 && answer->content_type.len == 0 &&
	    answer->effective_url.len == 0 && answer->retry_after == -1 &&
	    answer->max_age == -1 && answer->nonce.len == 0 &&
	    answer->date == -1 && answer->body.len == 0;
}

/* An answer has either an error in words or a status, never both. */
static bool
answer_is_valid(const struct exchange_answer *answer)
{
	if (answer->result == EXCHANGE_FAILED)
		return answer->error.len > 0 && failure_is_empty(answer);
	return answer->error.len == 0 && answer->status >= 100 &&
	    answer->status <= 599 && answer->effective_url.len > 0 &&
	    answer->retry_after <= EXCHANGE_SECONDS_MAX &&
	    answer->max_age <= EXCHANGE_SECONDS_MAX &&
	    answer->date <= NUMBER_DATE_MAX;
}

enum jwt_reason
exchange_put_answer(const struct exchange_answer *answer, struct secret *out)
{
	char status[NUMBER_SIZE], retry[NUMBER_SIZE], age[NUMBER_SIZE];
	char date[NUMBER_SIZE];
	const struct bytes values[ANSWER_FIELDS] = {
		[ANSWER_VERSION] = bytes_str(VERSION),
		[ANSWER_ERROR] = answer->error,
		[ANSWER_STATUS] = number_text(answer->status, status),
		[ANSWER_ETAG] = answer->etag,
		[ANSWER_MODIFIED] = answer->last_modified,
		[ANSWER_TYPE] = answer->content_type,
		[ANSWER_URL] = answer->effective_url,
		[ANSWER_RETRY] = number_text(answer->retry_after, retry),
		[ANSWER_AGE] = number_text(answer->max_age, age),
		[ANSWER_NONCE] = answer->nonce,
		[ANSWER_DATE] = number_text(answer->date, date),
		[ANSWER_BODY] = answer->body
	};

	*out = (struct secret){ 0 };
	if (!answer_is_valid(answer))
		return JWT_INTERNAL;
	return frame_put(answer_fields, values, ANSWER_FIELDS, out);
}

enum jwt_reason
exchange_read_answer(struct bytes frame, struct exchange_answer *out)
{
	struct bytes values[ANSWER_FIELDS];
	struct exchange_answer answer = EXCHANGE_NO_ANSWER;
	int64_t status;

	*out = EXCHANGE_NO_ANSWER;
	if (!frame_read(answer_fields, frame, values, ANSWER_FIELDS) ||
	    !read_number(values[ANSWER_STATUS], 599, &status) ||
	    !read_optional(values[ANSWER_RETRY], EXCHANGE_SECONDS_MAX,
	    &answer.retry_after) ||
	    !read_optional(values[ANSWER_AGE], EXCHANGE_SECONDS_MAX,
	    &answer.max_age) ||
	    !read_optional(values[ANSWER_DATE], NUMBER_DATE_MAX, &answer.date))
		return JWT_INTERNAL;
	if (values[ANSWER_ERROR].len == 0)
		answer.result = EXCHANGE_ANSWERED;
	answer.error = values[ANSWER_ERROR];
	answer.status = (unsigned)status;
	answer.etag = values[ANSWER_ETAG];
	answer.last_modified = values[ANSWER_MODIFIED];
	answer.content_type = values[ANSWER_TYPE];
	answer.effective_url = values[ANSWER_URL];
	answer.nonce = values[ANSWER_NONCE];
	answer.body = values[ANSWER_BODY];
	if (!answer_is_valid(&answer))
		return JWT_INTERNAL;
	*out = answer;
	return JWT_OK;
}
