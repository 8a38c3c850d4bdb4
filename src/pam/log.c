/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Everything that the module writes into syslog.  Text that a user, a token or
 * a file name can choose is escaped first, so that nobody can forge a line.
 */
#include <syslog.h>
#include <unistd.h>

#include <security/pam_ext.h>

#include "core/logline.h"
#include "core/programs.h"
#include "pam/log.h"

#define PATH_SHOWN_SIZE 256

static struct logline_caller
caller_of(pam_handle_t *pamh, const char *user)
{
	return (struct logline_caller){
		.uid = getuid(), .euid = geteuid(),
		.tty = call_item(pamh, PAM_TTY),
		.ruser = call_item(pamh, PAM_RUSER),
		.rhost = call_item(pamh, PAM_RHOST), .user = user
	};
}

void
log_verdict(const struct call *call, const char *user,
    const struct verdict *verdict)
{
	struct logline_caller caller = caller_of(call->pamh, user);
	struct verdict_input in = call_verdict_input(call);
	struct hint_facts facts = {
		.in = &in, .verdict = verdict,
		.service = call_service_name(call->pamh)
	};
	enum jwt_class class = reason_class(verdict->reason);
	char line[LOGLINE_SIZE];
	int level = LOG_NOTICE;

	if (class == JWT_CLASS_OK)
		level = LOG_INFO;
	if (class == JWT_CLASS_CONFIGURATION || class == JWT_CLASS_INTERNAL)
		level = LOG_ERR;
	logline_format(&caller, &facts, line);
	pam_syslog(call->pamh, level, "%s", line);
	explicit_bzero(line, sizeof(line));	/* it holds claims */
}

void
log_diag(const struct call *call)
{
	const struct diag_entry *entry = diag_first_error(&call->diag);
	char shown[LOGLINE_SIZE / 2], line[DIAG_LINE_SIZE];

	if (entry == NULL)
		return;
	logline_escape(bytes_str(entry->text), shown, sizeof(shown));
	pam_syslog(call->pamh, LOG_ERR, "%s%s: %s (pam-jwt check shows all)",
	    entry->file, diag_line(entry, line), shown);
}

/* A program that has one answer for all prompts cannot give the parts. */
static const char *
advice_for_cut(const struct call *call)
{
	if (!call->answer.has_one_answer)
		return "give it with pam-jwt-askpass, or issue a shorter one";
	if (call->is_sshd)
		return "each prompt got the same answer, as by sshd's method "
		    "password: use keyboard-interactive "
		    "(KbdInteractiveAuthentication yes), or issue a shorter "
		    "one";
	if (call->answer.first_len == PARTS_LEN)
		return "each prompt got its first part: with sudo -p or "
		    "passprompt_override, set prompt_override in askpass.conf";
	return "each prompt got the same answer: issue a shorter one";
}

void
log_cut(const struct call *call)
{
	char names[PROGRAMS_NAMES_SIZE];
	const char *where = "";

	if (call->answer.text.len == 0)
		return;
	programs_names(call->answer.last_len, names);
	if (names[0] != '\0')
		where = ", where answers are cut by ";
	pam_syslog(call->pamh, LOG_NOTICE, "the token is not complete after "
	    "%zu bytes; the last answer had %zu%s%s: %s",
	    call->answer.text.len, call->answer.last_len, where, names,
	    advice_for_cut(call));
}

void
log_state(const struct call *call)
{
	char shown[STATE_FAULT_MAX];

	if (call->state.fault[0] == '\0')
		return;
	logline_escape(bytes_str(call->state.fault), shown, sizeof(shown));
	pam_syslog(call->pamh, LOG_ERR, "the state cannot be read: %s", shown);
}

void
log_debug(const struct call *call)
{
	const char *source = "PAM_AUTHTOK";

	if (!call->options.debug)
		return;
	if (call->prompted)
		source = "an answer";
	pam_syslog(call->pamh, LOG_DEBUG, "configuration %s, %s of %zu bytes",
	    call->options.config, source, call->answer.text.len);
}

void
log_token_file(const struct call *call, const char *path, const char *why)
{
	char shown[PATH_SHOWN_SIZE];

	logline_escape(bytes_str(path), shown, sizeof(shown));
	pam_syslog(call->pamh, LOG_NOTICE, "the token file %s is not used: %s",
	    shown, why);
}

void
log_grant(pam_handle_t *pamh, int level, const char *word,
    const struct grant *grant, enum jwt_reason reason)
{
	struct logline_caller caller = caller_of(pamh,
	    call_item(pamh, PAM_USER));
	struct logline_session session = { .reason = reason };
	char line[LOGLINE_SIZE];

	if (grant != NULL) {
		session.iss = bytes_str(grant->iss);
		session.sub = bytes_str(grant->sub);
		session.jti = bytes_str(grant->jti);
	}
	logline_session(&caller, word, &session, line);
	pam_syslog(pamh, level, "%s", line);
	explicit_bzero(line, sizeof(line));
}
