/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Frames of a fetcher that somebody took over.  What is read lies inside of
 * the frame and keeps to its limits, is written as the same bytes again, and
 * is no frame when a byte is missing or too many.
 */
#include "sync/exchange.h"
#include "tests/fuzz/fuzz.h"

static void
check_inside(struct bytes frame, struct bytes value, size_t max)
{
	FUZZ_CHECK(value.len <= max);
	FUZZ_CHECK(value.len == 0 || (value.ptr >= frame.ptr &&
	    value.ptr + value.len <= frame.ptr + frame.len));
}

/* What goes into a message, a header, or the state file. */
static void
check_printable(struct bytes frame, struct bytes value, size_t max)
{
	size_t i;

	check_inside(frame, value, max);
	for (i = 0; i < value.len; i++)
		FUZZ_CHECK(value.ptr[i] >= ' ' && value.ptr[i] <= '~');
}

static void
check_answer(struct bytes frame, const struct exchange_answer *answer)
{
	bool failed = answer->result == EXCHANGE_FAILED;

	check_printable(frame, answer->error, EXCHANGE_HEADER_MAX);
	check_printable(frame, answer->etag, EXCHANGE_HEADER_MAX);
	check_printable(frame, answer->last_modified, EXCHANGE_HEADER_MAX);
	check_printable(frame, answer->content_type, EXCHANGE_HEADER_MAX);
	check_printable(frame, answer->effective_url, EXCHANGE_URL_MAX);
	check_printable(frame, answer->nonce, EXCHANGE_HEADER_MAX);
	FUZZ_CHECK(answer->date >= -1);
	check_inside(frame, answer->body, EXCHANGE_BODY_MAX);
	FUZZ_CHECK((answer->error.len > 0) == failed);
	FUZZ_CHECK(failed ? answer->status == 0 :
	    answer->status >= 100 && answer->status <= 599);
	FUZZ_CHECK(answer->retry_after >= -1 &&
	    answer->retry_after <= EXCHANGE_SECONDS_MAX);
	FUZZ_CHECK(answer->max_age >= -1 &&
	    answer->max_age <= EXCHANGE_SECONDS_MAX);
}

static void
check_no_answer(const struct exchange_answer *answer)
{
	FUZZ_CHECK(answer->result == EXCHANGE_FAILED && answer->status == 0 &&
	    answer->body.len == 0 && answer->error.len == 0 &&
	    answer->retry_after == -1 && answer->max_age == -1 &&
	    answer->nonce.len == 0 && answer->date == -1);
}

static void
read_answer(struct bytes frame)
{
	struct exchange_answer answer, cut;
	struct secret again;

	if (exchange_read_answer(frame, &answer) != JWT_OK) {
		check_no_answer(&answer);
		return;
	}
	check_answer(frame, &answer);
	FUZZ_CHECK(exchange_put_answer(&answer, &again) == JWT_OK);
	FUZZ_CHECK(bytes_eq(secret_bytes(&again), frame));
	secret_clear(&again);
	FUZZ_CHECK(exchange_read_answer(bytes_of(frame.ptr, frame.len - 1),
	    &cut) == JWT_INTERNAL);
	check_no_answer(&cut);
}

/* The other direction, which only we write: the same holds. */
static void
read_request(struct bytes frame)
{
	struct exchange_request request;
	struct secret again;

	if (exchange_read_request(frame, &request) != JWT_OK)
		return;
	check_printable(frame, request.url, EXCHANGE_URL_MAX);
	check_printable(frame, request.proxy, EXCHANGE_URL_MAX);
	check_inside(frame, request.client_key, EXCHANGE_PEM_MAX);
	check_printable(frame, request.form, EXCHANGE_FORM_MAX);
	check_printable(frame, request.authorization,
	    EXCHANGE_AUTHORIZATION_MAX);
	check_printable(frame, request.proof, EXCHANGE_PROOF_MAX);
	FUZZ_CHECK(request.proof.len == 0 || request.form.len > 0);
	FUZZ_CHECK(request.timeout_sec <= EXCHANGE_TIMEOUT_MAX);
	FUZZ_CHECK(request.form.len == 0 || request.etag.len == 0);
	FUZZ_CHECK(request.url.len > 0);
	FUZZ_CHECK(exchange_put_request(&request, &again) == JWT_OK);
	FUZZ_CHECK(bytes_eq(secret_bytes(&again), frame));
	secret_clear(&again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct secret frame = fuzz_copy(bytes_of(data, size));

	read_answer(secret_bytes(&frame));
	read_request(secret_bytes(&frame));
	free(frame.ptr);
	return 0;
}
