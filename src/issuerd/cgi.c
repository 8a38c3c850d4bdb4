/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pam-jwt issuer cgi: refreshes and revokes for a web server, by RFC 3875.
 *
 * Anybody on the network reaches it, so it believes little of what the web
 * server hands over: seven variables, read once, and the body.  Arguments come
 * from the query of a request in some servers, and HTTP_* from its headers:
 * both are left unread, and the environment is dropped.  TLS, limits of rate
 * and the log of accesses are the web server's.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <syslog.h>
#include <unistd.h>

#include "cli/complain.h"
#include "host/clock.h"
#include "issuerd/cgi_form.h"
#include "issuerd/desk_open.h"
#include "issuerd/issuerd.h"
#include "issuerd/service.h"

#define BODY_TIMEOUT_MSEC 10000	/* a web server hands the body over at once */
#define ADDRESS_MAX 45		/* characters of an IPv6 address */
#define ERROR_SIZE 64

/* ---- answers ------------------------------------------------------------ */

static const char *
phrase_of(unsigned status)
{
	switch (status) {
	case 200:
		return "OK";
	case 400:
		return "Bad Request";
	case 401:
		return "Unauthorized";
	case 405:
		return "Method Not Allowed\r\nAllow: POST";
	default:
		return "Service Unavailable\r\nRetry-After: 5";
	}
}

/* No cache may keep an answer: RFC 6749 section 5.1. */
static void
send_answer(unsigned status, struct bytes text)
{
	printf("Status: %u %s\r\n"
	    "Content-Type: application/json\r\n"
	    "Cache-Control: no-store\r\n"
	    "Pragma: no-cache\r\n"
	    "Content-Length: %zu\r\n\r\n", status, phrase_of(status),
	    text.len);
	(void)fwrite(text.ptr, 1, text.len, stdout);
}

static void
send_error(unsigned status, const char *error)
{
	char text[ERROR_SIZE];

	snprintf(text, sizeof(text), "{\"error\":\"%s\"}", error);
	send_answer(status, bytes_str(text));
}

static int
refuse(enum cgi_fault fault, const struct desk_caller *caller)
{
	const struct cgi_fault_row *row = cgi_fault_row(fault);

	syslog(LOG_NOTICE, "cgi refused a request: %s from=\"%s\"", row->why,
	    caller->from);
	send_error(row->status, row->error);
	return EXIT_NO;
}

/* The client may try again: nothing was decided. */
static int
fail(void)
{
	send_error(503, DESK_UNAVAILABLE);
	return EXIT_TROUBLE;
}

/* ---- the body ----------------------------------------------------------- */

/* Read what has come; false at the end and after an error. */
static bool
read_some(size_t length, struct secret *body)
{
	ssize_t got = read(STDIN_FILENO, body->ptr + body->len,
	    length - body->len);

	if (got < 0)
		return errno == EINTR || errno == EAGAIN;
	body->len += (size_t)got;
	return got > 0;
}

/* Read the body; a client that is slow on purpose must not hold us for long. */
static enum cgi_fault
read_body(size_t length, struct secret *body)
{
	int64_t deadline_msec = clock_msec() + BODY_TIMEOUT_MSEC;
	struct pollfd poller = { .fd = STDIN_FILENO, .events = POLLIN };

	body->len = 0;
	while (body->len < length) {
		int64_t left = deadline_msec - clock_msec();

		if (left <= 0)
			return CGI_BODY;
		if (poll(&poller, 1, (int)left) > 0 && !read_some(length, body))
			return CGI_BODY;
	}
	return CGI_OK;
}

/* ---- a request ---------------------------------------------------------- */

static int
send_result(enum desk_result result, const struct desk_answer *answer)
{
	if (result == DESK_TROUBLE || answer->text.len == 0)
		return fail();
	if (result == DESK_REFUSED) {
		send_answer(400, secret_bytes(&answer->text));
		return EXIT_NO;
	}
	send_answer(200, secret_bytes(&answer->text));
	return EXIT_YES;
}

static enum desk_result
ask(struct desk *desk, const struct desk_caller *caller, bool is_revocation,
    const struct cgi_form *form, struct desk_answer *answer)
{
	if (is_revocation)
		return desk_logout(desk, caller, form->token, answer);
	return desk_refresh(desk, caller, form->token, form->resource, answer);
}

static int
ask_desk(const struct desk_caller *caller, bool is_revocation,
    const struct cgi_form *form)
{
	struct desk_context context;
	struct desk_answer answer = { .error = NULL };
	enum desk_result result = DESK_TROUBLE;
	int code;

	if (desk_open(&context))
		result = ask(&context.desk, caller, is_revocation, form,
		    &answer);
	code = send_result(result, &answer);
	desk_answer_clear(&answer);
	desk_close(&context);
	return code;
}

/*
 * The body is read even if the request is refused: fcgiwrap, which could not
 * write it into our standard input any more, would throw our answer away.
 */
static int
serve(const struct cgi_variables *variables, const struct desk_caller *caller)
{
	struct cgi_request request;
	struct cgi_form form;
	struct secret body;
	enum cgi_fault fault = cgi_request_read(variables, &request), body_fault;
	int code;

	if (secret_alloc(request.length, &body) != JWT_OK)
		return fail();
	body_fault = read_body(request.length, &body);
	if (fault == CGI_OK)
		fault = body_fault;
	if (fault == CGI_OK)
		fault = cgi_form_read(&body, request.is_revocation, &form);
	if (fault == CGI_OK)
		code = ask_desk(caller, request.is_revocation, &form);
	else
		code = refuse(fault, caller);
	secret_clear(&body);
	return code;
}

/* ---- the process -------------------------------------------------------- */

/* The address as the web server saw it; "" if it is not one. */
static const char *
address_of(const char *value)
{
	if (value == NULL || strlen(value) > ADDRESS_MAX ||
	    value[strspn(value, "0123456789abcdefABCDEF:.")] != '\0')
		return "";
	return value;
}

/*
 * Whether sshd started us.  Its clients have nothing to do here: without a key
 * that was proved, a refresh token of anybody's would do.
 */
static bool
is_in_ssh(void)
{
	static const char *const names[] = {
		"SSH_CONNECTION", "SSH_CLIENT", "SSH_ORIGINAL_COMMAND",
		"SSH_USER_AUTH"
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (getenv(names[i]) != NULL)
			return true;
	}
	return false;
}

bool
issuerd_is_cgi(void)
{
	return getenv("GATEWAY_INTERFACE") != NULL;
}

int
issuerd_cgi(int argc, char **argv)
{
	const struct cgi_variables variables = {
		.method = getenv("REQUEST_METHOD"),
		.path = getenv("PATH_INFO"),
		.query = getenv("QUERY_STRING"),
		.type = getenv("CONTENT_TYPE"),
		.length = getenv("CONTENT_LENGTH")
	};
	const struct desk_caller caller = {
		.from = address_of(getenv("REMOTE_ADDR"))
	};

	(void)argc;
	(void)argv;
	if (!issuerd_is_cgi() || is_in_ssh()) {
		complain("cgi is for a web server, which starts it");
		return EXIT_TROUBLE;
	}
	/* The strings stay where the kernel put them. */
	if (!service_start())
		return EXIT_TROUBLE;
	return serve(&variables, &caller);
}
