/* SPDX-License-Identifier: BSD-2-Clause */
/* A login as a PAM program makes it: see login_run.h. */
#include <security/pam_appl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/bench/cpu.h"
#include "tests/bench/login_run.h"

const char *const phase_names[PHASES] = {
	"start", "authenticate", "acct_mgmt", "setcred", "open_session",
	"close_session", "end"
};

/* Gives the same answer to each prompt, and none to a message. */
static int
converse(int count, const struct pam_message **messages,
    struct pam_response **out, void *data)
{
	const struct login *login = data;
	int i;

	*out = calloc((size_t)count, sizeof(**out));
	if (*out == NULL)
		return PAM_BUF_ERR;
	for (i = 0; i < count; i++) {
		if (messages[i]->msg_style == PAM_PROMPT_ECHO_OFF ||
		    messages[i]->msg_style == PAM_PROMPT_ECHO_ON)
			(*out)[i].resp = strdup(login->answer);
	}
	return PAM_SUCCESS;
}

static int
establish(pam_handle_t *handle, int flags)
{
	return pam_setcred(handle, flags | (int)PAM_ESTABLISH_CRED);
}

static const struct {
	enum phase phase;
	int (*run)(pam_handle_t *, int);
} calls[] = {
	{ PHASE_AUTH, pam_authenticate }, { PHASE_ACCOUNT, pam_acct_mgmt },
	{ PHASE_CRED, establish }, { PHASE_OPEN, pam_open_session },
	{ PHASE_CLOSE, pam_close_session }
};

/* Runs the calls until one fails, and keeps the time of each. */
static void
run_calls(pam_handle_t *handle, bool account_only, struct login_times *times)
{
	size_t i;

	for (i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		int64_t start = cpu_ns();

		if (account_only && calls[i].phase != PHASE_ACCOUNT)
			continue;
		times->code = calls[i].run(handle, 0);
		times->ns[calls[i].phase] = cpu_ns() - start;
		if (times->code != PAM_SUCCESS)
			return;
	}
}

int
login_run(const struct login *login, struct login_times *times)
{
	struct pam_conv conv = { converse, NULL };
	pam_handle_t *handle = NULL;
	struct login copy = *login;
	int64_t start = cpu_ns();

	memset(times, 0, sizeof(*times));
	conv.appdata_ptr = &copy;
	times->code = pam_start_confdir(login->service, login->user, &conv,
	    login->confdir, &handle);
	if (times->code != PAM_SUCCESS)
		return -1;
	pam_set_item(handle, PAM_RHOST, "127.0.0.1");
	pam_set_item(handle, PAM_TTY, "ssh");
	times->ns[PHASE_START] = cpu_ns() - start;
	run_calls(handle, login->account_only, times);
	start = cpu_ns();
	pam_end(handle, times->code);
	times->ns[PHASE_END] = cpu_ns() - start;
	return times->code == login->want ? 0 : -1;
}
