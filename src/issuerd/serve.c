/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pam-jwt issuer serve: the ForceCommand of the account that people log in to.
 *
 * The one thing that it believes is the file of sshd that names the proved key.
 * The words of the client are read by serve_words.c; no argument and no other
 * variable decides anything, and the environment is dropped before a library
 * can look into it.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <syslog.h>
#include <unistd.h>

#include "cli/complain.h"
#include "core/logline.h"
#include "host/clock.h"
#include "issuerd/auth_info.h"
#include "issuerd/desk_open.h"
#include "issuerd/issuerd.h"
#include "issuerd/service.h"

#define TOKEN_LINE_MAX 512	/* bytes; a refresh token has about 100 */
#define TOKEN_WAIT_MSEC 10000	/* a program sends it at once */
#define ADDRESS_SIZE 46		/* of an IPv6 address with its terminator */

/* A request, as sshd hands it over.  The kernel has put its strings there. */
struct request {
	const char *auth_path;	/* SSH_USER_AUTH */
	const char *line;	/* SSH_ORIGINAL_COMMAND; "": none */
	char from[ADDRESS_SIZE];	/* for the log alone */
	struct sshkey key;
	struct serve_words words;
	struct secret token;	/* the line on standard input */
};

/* ---- refusals ----------------------------------------------------------- */

/* The client learns the kind, the log the reason. */
static int
refuse(const struct request *request, const char *error, const char *why)
{
	char shown[4 * LOGLINE_VALUE_MAX + 4];
	char print[SSHKEY_PRINT_SIZE] = "none";

	if (request->key.type != NULL)
		memcpy(print, request->key.fingerprint, sizeof(print));
	logline_escape(bytes_str(request->line), shown, sizeof(shown));
	syslog(LOG_NOTICE, "serve refused, %s: key=\"%s\" words=\"%s\" "
	    "from=\"%s\"", why, print, shown, request->from);
	printf("{\"error\":\"%s\"}\n", error);
	return EXIT_NO;
}

static int
fail(void)
{
	printf("{\"error\":\"%s\"}\n", DESK_UNAVAILABLE);
	return EXIT_TROUBLE;
}

/* ---- what sshd says ----------------------------------------------------- */

/* The address of the client, which is the first word of SSH_CONNECTION. */
static void
take_address(const char *connection, char out[ADDRESS_SIZE])
{
	struct bytes rest = bytes_str(connection);
	struct bytes address = bytes_cut(&rest, ' ');
	size_t i;

	out[0] = '\0';
	if (address.len >= ADDRESS_SIZE)
		return;
	for (i = 0; i < address.len; i++) {
		if (address.ptr[i] == '\0' ||
		    strchr("0123456789abcdef.:%", address.ptr[i]) == NULL)
			return;
	}
	memcpy(out, address.ptr, address.len);
	out[address.len] = '\0';
}

/*
 * Whether sshd has started us, for the account of the issuer.  As root nothing
 * would show that a file of SSH_USER_AUTH is sshd's; and a web server's
 * children have nothing to do here.
 */
static bool
take_environment(struct request *out)
{
	const char *connection = getenv("SSH_CONNECTION");

	out->auth_path = getenv("SSH_USER_AUTH");
	out->line = getenv("SSH_ORIGINAL_COMMAND");
	if (out->line == NULL)
		out->line = "";
	if (geteuid() == 0 || getuid() == 0)
		return complain("sshd runs serve as the account %s, and never "
		    "as root", ISSUER_ACCOUNT);
	if (connection == NULL || getenv("GATEWAY_INTERFACE") != NULL)
		return complain("serve is the ForceCommand of sshd for the "
		    "account %s", ISSUER_ACCOUNT);
	take_address(connection, out->from);
	return true;
}

/* ---- the refresh token -------------------------------------------------- */

/* Whether the line is whole: it has its end, or there is no more. */
static bool
read_more(struct secret *line, bool *is_whole)
{
	ssize_t got = read(STDIN_FILENO, line->ptr + line->len,
	    line->size - line->len);

	if (got < 0)
		return errno == EINTR || errno == EAGAIN;
	line->len += (size_t)got;
	*is_whole = got == 0 || bytes_has(secret_bytes(line), '\n');
	return true;
}

/*
 * Read one line.  A client that sends nothing, or never ends, would hold a
 * process here for as long as it likes.
 */
static const char *
read_token(struct secret *line)
{
	struct pollfd poller = { .fd = STDIN_FILENO, .events = POLLIN };
	int64_t deadline_msec = clock_msec() + TOKEN_WAIT_MSEC;
	bool is_whole = false;

	if (secret_alloc(TOKEN_LINE_MAX, line) != JWT_OK)
		return "memory ran out";
	line->len = 0;
	while (!is_whole) {
		int64_t left = deadline_msec - clock_msec();

		if (left <= 0)
			return "no refresh token came in time";
		if (line->len == line->size)
			return "the refresh token is too long";
		if (poll(&poller, 1, (int)left) > 0 &&
		    !read_more(line, &is_whole))
			return "the refresh token cannot be read";
	}
	return NULL;
}

/* The line without its end; *fault if something else came after it. */
static struct bytes
token_of(const struct secret *line, const char **fault)
{
	struct bytes rest = secret_bytes(line);
	struct bytes token = bytes_cut(&rest, '\n');

	if (rest.len > 0)
		*fault = "standard input had more than one line";
	return token;
}

/* ---- the desk ----------------------------------------------------------- */

static enum desk_result
ask(struct desk *desk, const struct desk_caller *caller,
    const struct request *request, struct bytes token,
    struct desk_answer *answer)
{
	const struct serve_words *words = &request->words;
	struct bytes audience = bytes_of(NULL, 0);

	if (words->audience_count > 0)
		audience = words->audience[0];
	switch (words->verb) {
	case SERVE_LOGIN:
		return desk_login(desk, caller, words, answer);
	case SERVE_REFRESH:
		return desk_refresh(desk, caller, token, audience, answer);
	case SERVE_LOGOUT:
		return desk_logout(desk, caller, token, answer);
	case SERVE_WHOAMI:
		return desk_whoami(desk, caller, answer);
	case SERVE_HELP:
		break;
	}
	return desk_help(desk, caller, answer);
}

static int
print_answer(enum desk_result result, const struct desk_answer *answer)
{
	if (answer->text.len == 0)
		return fail();
	(void)fwrite(answer->text.ptr, 1, answer->text.len, stdout);
	if (answer->text.ptr[answer->text.len - 1] != '\n')
		putchar('\n');
	switch (result) {
	case DESK_OK:
		return EXIT_YES;
	case DESK_REFUSED:
		return EXIT_NO;
	case DESK_TROUBLE:
		break;
	}
	return EXIT_TROUBLE;
}

static int
go_to_desk(const struct request *request, struct bytes token)
{
	struct desk_answer answer = { .error = NULL };
	struct desk_caller caller = { .from = request->from };
	struct desk_context context;
	enum desk_result result;
	int code = EXIT_NO;

	if (!desk_open(&context)) {
		code = fail();
		goto out;
	}
	caller.person = people_find(context.desk.people, &request->key);
	if (caller.person == NULL) {
		code = refuse(request, DESK_INVALID_CLIENT,
		    "the key belongs to nobody");
		goto out;
	}
	result = ask(&context.desk, &caller, request, token, &answer);
	code = print_answer(result, &answer);
out:
	desk_answer_clear(&answer);
	desk_close(&context);
	return code;
}

/* ---- the command -------------------------------------------------------- */

static bool
needs_token(enum serve_verb verb)
{
	return verb == SERVE_REFRESH || verb == SERVE_LOGOUT;
}

static int
serve(struct request *request)
{
	struct bytes token = bytes_of(NULL, 0);
	const char *fault;

	if (request->auth_path == NULL)
		return refuse(request, DESK_INVALID_CLIENT, "sshd does not say "
		    "which key it has accepted: /tmp may be full");
	fault = auth_info_load(request->auth_path, &request->key);
	if (fault != NULL)
		return refuse(request, DESK_INVALID_CLIENT, fault);
	fault = serve_words_read(bytes_str(request->line), &request->words);
	if (fault != NULL)
		return refuse(request, DESK_INVALID_REQUEST, fault);
	if (needs_token(request->words.verb)) {
		fault = read_token(&request->token);
		token = token_of(&request->token, &fault);
	}
	if (fault != NULL)
		return refuse(request, DESK_INVALID_REQUEST, fault);
	return go_to_desk(request, token);
}

int
issuerd_serve(int argc, char **argv)
{
	struct request request = { .line = "" };
	int code;

	(void)argv;
	if (argc > 0) {
		complain("serve takes no arguments");
		return EXIT_TROUBLE;
	}
	if (!take_environment(&request))
		return EXIT_NO;
	if (!service_start())
		return EXIT_TROUBLE;
	code = serve(&request);
	secret_clear(&request.token);
	return code;
}
