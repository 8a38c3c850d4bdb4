/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One login in this process, for programs that do something to the process
 * meanwhile.
 *
 * Included by exactly one file of a program.  The token is kept masked, so
 * that a copy that somebody left in memory is not one of ours; what the
 * module logs is counted, not printed.
 */
#ifndef TEST_LOGIN_H
#define TEST_LOGIN_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <syslog.h>

#include <security/pam_appl.h>
#include <security/pam_ext.h>
#include <security/pam_modules.h>

#include "tests/pam/fakehost.h"

#define LOGIN_MASK	0x5a
#define LOGIN_TOKEN_MAX	20000
#define LOGIN_NOW	1700000000	/* NOW of tests/pam/lib/stage.sh */

/* What the user types, each byte with LOGIN_MASK. */
struct masked {
	uint8_t text[LOGIN_TOKEN_MAX];
	size_t len;
};

/* What the module logged, in this thread. */
static _Thread_local struct {
	unsigned decisions;	/* lines that say accepted or refused */
	char reason[32];	/* of the last of them */
} login_log;

/* Where in the text the reason stands, if it is the line of a decision. */
static void
login_note(const char *text)
{
	const char *reason = strstr(text, " reason=");

	if (reason == NULL || (strncmp(text, "accepted;", 9) != 0 &&
	    strncmp(text, "authentication failure;", 23) != 0))
		return;
	login_log.decisions++;
	snprintf(login_log.reason, sizeof(login_log.reason), "%.*s",
	    (int)strcspn(reason + 8, " "), reason + 8);
}

/* Stands in front of libpam's for the module and for libpam itself. */
SHOWN void
pam_syslog(const pam_handle_t *pamh, int priority, const char *format, ...)
{
	char text[2048];
	va_list args;

	(void)pamh;
	(void)priority;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	login_note(text);
	explicit_bzero(text, sizeof(text));
}

static int
login_converse(int count, const struct pam_message **messages,
    struct pam_response **out, void *data)
{
	const struct masked *token = data;
	size_t i;

	*out = calloc((size_t)count, sizeof(**out));
	if (*out == NULL)
		return PAM_BUF_ERR;
	if (messages[0]->msg_style != PAM_PROMPT_ECHO_OFF)
		return PAM_SUCCESS;
	(*out)->resp = malloc(token->len + 1);
	if ((*out)->resp == NULL) {
		free(*out);
		*out = NULL;
		return PAM_BUF_ERR;
	}
	for (i = 0; i < token->len; i++)
		(*out)->resp[i] = (char)(token->text[i] ^ LOGIN_MASK);
	(*out)->resp[token->len] = '\0';
	return PAM_SUCCESS;
}

/* A token from a file, by read(2): a stream would keep a copy. */
static void
login_read(const char *path, struct masked *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : read(fd, out->text, sizeof(out->text));
	size_t i;

	if (got < 0) {
		perror(path);
		exit(2);
	}
	close(fd);
	out->len = (size_t)got;
	for (i = 0; i < out->len; i++)
		out->text[i] ^= LOGIN_MASK;
}

/* A handle for a user; the service is sshd, its stack in folder/pam.d. */
static pam_handle_t *
login_start(const char *folder, const char *user, struct masked *token)
{
	struct pam_conv conv = { .conv = login_converse, .appdata_ptr = token };
	pam_handle_t *handle = NULL;
	char path[512];

	snprintf(path, sizeof(path), "%s/pam.d", folder);
	if (pam_start_confdir("sshd", user, &conv, path, &handle) !=
	    PAM_SUCCESS)
		return NULL;
	(void)pam_set_item(handle, PAM_RHOST, "192.0.2.7");
	(void)pam_set_item(handle, PAM_TTY, "ssh");
	return handle;
}

#endif
