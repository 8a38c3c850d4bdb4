/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Replies of a Redis, which may be anything: each lies inside of what came,
 * has the same value however it is cut, and what is written is read again.
 */
#include "host/state/resp.h"
#include "tests/fuzz/fuzz.h"

/* What is a reply stays one with more behind it, and is none when it is cut. */
static void
check_cuts(struct bytes text, const struct resp_reply *reply, size_t used)
{
	struct resp_reply again;
	size_t len, used_again = 0;

	for (len = 0; len < used; len += 1 + len / 8) {
		struct secret part = fuzz_copy(bytes_of(text.ptr, len));

		FUZZ_CHECK(resp_parse(secret_bytes(&part), &again,
		    &used_again) == RESP_MORE);
		free(part.ptr);
	}
	FUZZ_CHECK(resp_parse(bytes_of(text.ptr, used), &again,
	    &used_again) == RESP_DONE);
	FUZZ_CHECK(used_again == used && again.type == reply->type &&
	    again.integer == reply->integer &&
	    bytes_eq(again.text, reply->text));
}

static void
check_replies(struct bytes rest)
{
	struct resp_reply reply;
	size_t used = 0;

	while (resp_parse(rest, &reply, &used) == RESP_DONE) {
		FUZZ_CHECK(used > 0 && used <= rest.len);
		FUZZ_CHECK(reply.text.len <= used);
		FUZZ_CHECK(reply.type != RESP_INTEGER || reply.integer == 0 ||
		    (reply.integer < 0) == (rest.ptr[1] == '-'));
		check_cuts(rest, &reply, used);
		rest = bytes_of(rest.ptr + used, rest.len - used);
	}
}

/* A command is an array of bulks, and these are the words. */
static void
check_command(struct bytes word)
{
	char text[2048];
	struct resp_out out = { .text = text, .size = sizeof(text) };
	struct resp_reply reply;
	struct bytes rest;
	size_t used = 0;

	resp_command(&out, 1);
	resp_word(&out, word);
	FUZZ_CHECK(out.len <= sizeof(text));
	if (out.full)
		return;
	rest = bytes_of(text, out.len);
	FUZZ_CHECK(resp_parse(rest, &reply, &used) == RESP_DONE);
	FUZZ_CHECK(reply.type == RESP_ARRAY && reply.integer == 1);
	rest = bytes_of(rest.ptr + used, rest.len - used);
	FUZZ_CHECK(resp_parse(rest, &reply, &used) == RESP_DONE);
	FUZZ_CHECK(reply.type == RESP_BULK && bytes_eq(reply.text, word));
	FUZZ_CHECK(used == rest.len);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct secret text = fuzz_copy(bytes_of(data, size));

	check_replies(secret_bytes(&text));
	check_command(secret_bytes(&text));
	free(text.ptr);
	return 0;
}
