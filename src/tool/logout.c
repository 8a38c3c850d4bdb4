/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pam-jwt logout: ends the sessions of pam-jwt login, revokes the caller's own
 * token, and removes its file.
 *
 * Only root may write the state.  Another user sends the token to a socket,
 * where systemd (pam-jwt-logout.socket) runs `pam-jwt revoke --token -` as
 * root.  That needs no other proof: having a token is enough to end it, as
 * in RFC 7009.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/dump.h"
#include "cli/options.h"
#include "tool/input.h"
#include "tool/logout_session.h"
#include "tool/revoke.h"
#include "tool/tool.h"

#define COMMAND "pam-jwt logout"

#define LOGOUT_SOCKET		"/run/pam_jwt/logout.sock"
#define LOGOUT_TIMEOUT_SEC	10

/* Unless a file is named, use the one of pam-jwt-askpass and token_file. */
static bool
find_file(const char *named, char out[INPUT_PATH_SIZE])
{
	const char *folder = getenv("XDG_RUNTIME_DIR");

	if (named != NULL)
		return input_absolute(named, out, INPUT_PATH_SIZE);
	if (folder == NULL || folder[0] != '/' || snprintf(out,
	    INPUT_PATH_SIZE, "%s/pam-jwt/token", folder) >= INPUT_PATH_SIZE) {
		setup_fail("logout: --token-file is needed: there is no "
		    "XDG_RUNTIME_DIR");
		return false;
	}
	return true;
}

static int
open_socket(void)
{
	struct sockaddr_un address = {
		.sun_family = AF_UNIX, .sun_path = LOGOUT_SOCKET
	};
	struct timeval timeout = { .tv_sec = LOGOUT_TIMEOUT_SEC };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout,
	    sizeof(timeout)) == 0 && setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO,
	    &timeout, sizeof(timeout)) == 0 &&
	    connect(fd, (const struct sockaddr *)&address,
	    sizeof(address)) == 0)
		return fd;
	close(fd);
	return -1;
}

static bool
send_all(int fd, struct bytes text)
{
	while (text.len > 0) {
		ssize_t sent = send(fd, text.ptr, text.len, MSG_NOSIGNAL);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent <= 0)
			return false;
		text = bytes_of(text.ptr + sent, text.len - (size_t)sent);
	}
	return shutdown(fd, SHUT_WR) == 0;
}

/*
 * Print the output of `pam-jwt revoke`; its first word gives the exit status.
 */
static int
read_answer(int fd)
{
	char answer[512];
	size_t len = 0;
	ssize_t got;

	while (len < sizeof(answer) - 1 && (got = recv(fd, answer + len,
	    sizeof(answer) - 1 - len, 0)) > 0)
		len += (size_t)got;
	answer[len] = '\0';
	fputs(answer, stdout);
	if (strncmp(answer, "revoked:", strlen("revoked:")) == 0)
		return EXIT_YES;
	if (strncmp(answer, "refused:", strlen("refused:")) == 0)
		return EXIT_NO;
	return setup_fail("logout: no answer came from " LOGOUT_SOCKET);
}

static int
revoke_by_socket(struct bytes text)
{
	int fd = open_socket();
	int code;

	if (fd < 0) {
		fprintf(stderr, "pam-jwt: %s: %s; ask an administrator for "
		    "systemctl enable --now pam-jwt-logout.socket\n",
		    LOGOUT_SOCKET, strerror(errno));
		return EXIT_TROUBLE;
	}
	if (!send_all(fd, text))
		code = setup_fail("logout: the token could not be sent");
	else
		code = read_answer(fd);
	close(fd);
	return code;
}

static int
revoke_here(const char *config, struct bytes text)
{
	struct setup setup = SETUP_CLOSED;
	int code = EXIT_TROUBLE;

	if (setup_open(config, true, &setup) && setup_has_state(&setup))
		code = revoke_token(&setup, text);
	setup_close(&setup);
	return code;
}

/* A token that could not be revoked is still valid, so its file stays. */
static int
logout(const char *config, const struct input_held *file, struct bytes text)
{
	int code;

	if (geteuid() == 0 || config != NULL)
		code = revoke_here(config, text);
	else
		code = revoke_by_socket(text);
	if (code != EXIT_YES)
		return code;
	if (!input_remove(file))
		return EXIT_TROUBLE;
	printf("removed: %s\n", file->path);
	return code;
}

struct logout_options {
	struct option_list names;	/* of a session; at most one */
	const char *config, *file;
};

/* The token that the askpass, and token_file of a host, take. */
static int
log_out_token(const struct logout_options *options)
{
	struct input_held held;
	struct secret text;
	char path[INPUT_PATH_SIZE];
	int code = EXIT_TROUBLE;

	if (!find_file(options->file, path))
		return EXIT_TROUBLE;
	if (input_hold(path, &held, &text))
		code = logout(options->config, &held,
		    bytes_trim(secret_bytes(&text)));
	input_let_go(&held);
	secret_clear(&text);
	return code;
}

/* Whether there is a token to end where none was named. */
static bool
has_token(void)
{
	const char *folder = getenv("XDG_RUNTIME_DIR");
	char path[INPUT_PATH_SIZE];
	struct stat st;

	if (folder == NULL || folder[0] != '/')
		return false;
	return find_file(NULL, path) && lstat(path, &st) == 0;
}

/*
 * A person may have sessions without a token or a token without sessions.
 * With neither, and without login.conf, the missing token is the error that it
 * always was.
 */
static int
log_out_all(const struct logout_options *options)
{
	struct logout_sessions sessions;
	int code = EXIT_YES;

	logout_sessions(NULL, &sessions);
	if (has_token() || (sessions.code == EXIT_YES && !sessions.has_conf &&
	    sessions.ended == 0))
		code = log_out_token(options);
	else if (sessions.code == EXIT_YES && sessions.ended == 0)
		puts("not logged in");
	return code > sessions.code ? code : sessions.code;
}

/* Options of the token mean the token alone. */
static int
log_out(const struct logout_options *options)
{
	bool is_token = options->file != NULL || options->config != NULL;
	struct logout_sessions sessions;

	if (options->names.count > 1 || (options->names.count == 1 &&
	    is_token)) {
		command_fail(COMMAND, "one NAME, or --token-file and "
		    "--config");
		return EXIT_TROUBLE;
	}
	if (is_token)
		return log_out_token(options);
	if (options->names.count == 0)
		return log_out_all(options);
	logout_sessions(options->names.item[0], &sessions);
	return sessions.code;
}

int
tool_logout(int argc, char **argv)
{
	struct logout_options options = { .config = NULL };
	const struct option_spec specs[] = {
		{ .name = "", .list = &options.names },
		{ .name = "config", .value = &options.config },
		{ .name = "token-file", .value = &options.file },
		{ .name = NULL }
	};
	int code = EXIT_TROUBLE;

	if (options_parse(COMMAND, argc, argv, specs) && dump_forbid())
		code = log_out(&options);
	options_list_clear(&options.names);
	return code;
}
