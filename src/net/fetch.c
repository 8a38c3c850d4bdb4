/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pam-jwt-net fetch: reads a request of pam-jwt, asks the server, and writes
 * the answer.  It judges no answer: pam-jwt does, which does not trust this
 * process.
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/complain.h"
#include "cli/exit.h"
#include "net/confine.h"
#include "net/fetch.h"
#include "net/http.h"

/* Read all of standard input; false, with a message, if it is too long. */
static bool
read_request(struct secret *out)
{
	ssize_t got = 1;
	size_t len = 0;

	if (secret_alloc(EXCHANGE_REQUEST_MAX + 1, out) != JWT_OK)
		return complain("memory ran out");
	while (got != 0 && len < out->len) {
		got = read(STDIN_FILENO, out->ptr + len, out->len - len);
		if (got < 0 && errno != EINTR)
			return complain_errno("standard input");
		if (got > 0)
			len += (size_t)got;
	}
	out->len = len;
	return len <= EXCHANGE_REQUEST_MAX || complain("the request is too "
	    "long");
}

static bool
write_all(struct bytes text)
{
	while (text.len > 0) {
		ssize_t put = write(STDOUT_FILENO, text.ptr, text.len);

		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return complain_errno("standard output");
		text.ptr += put;
		text.len -= (size_t)put;
	}
	return true;
}

static bool
answer(const struct exchange_request *request)
{
	struct http *http = calloc(1, sizeof(*http));
	struct exchange_answer out = EXCHANGE_NO_ANSWER;
	struct secret frame;
	bool ok = false;

	if (http == NULL)
		return complain("memory ran out");
	http_ask(request, http, &out);
	if (exchange_put_answer(&out, &frame) == JWT_OK)
		ok = write_all(secret_bytes(&frame));
	secret_clear(&frame);
	http_clear(http);
	free(http);
	return ok;
}

int
fetch_run(void)
{
	struct exchange_request request;
	struct secret text;
	int code = EXIT_TROUBLE;

	if (!http_start()) {
		complain("libcurl cannot start");
		return EXIT_TROUBLE;
	}
	/* This must come before the first byte that somebody else wrote. */
	if (!confine_to_network())
		return EXIT_TROUBLE;
	if (!read_request(&text))
		goto out;
	if (exchange_read_request(secret_bytes(&text), &request) != JWT_OK) {
		complain("standard input is not a request of pam-jwt");
		goto out;
	}
	if (answer(&request))
		code = EXIT_YES;
out:
	secret_clear(&text);
	return code;
}
