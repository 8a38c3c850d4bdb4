/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One call of an entry point: its arguments, its PAM items, the configuration
 * that it loads, and the PAM code that it returns.
 */
#include <stdlib.h>
#include <syslog.h>

#include <security/pam_ext.h>

#include "core/logline.h"
#include "core/programs.h"
#include "host/accounts.h"
#include "host/load.h"
#include "pam/call.h"
#include "pam/settings.h"

#define SHOWN_SIZE 256	/* bytes shown of an unknown argument */

int
call_code(enum jwt_reason reason)
{
	if (reason == JWT_ACCOUNT_UNKNOWN)
		return PAM_USER_UNKNOWN;
	if (reason == JWT_STATE_UNAVAILABLE || reason == JWT_KEYS_STALE)
		return PAM_AUTHINFO_UNAVAIL;
	if (reason == JWT_OUT_OF_MEMORY)
		return PAM_BUF_ERR;
	switch (reason_class(reason)) {
	case JWT_CLASS_OK:
		return PAM_SUCCESS;
	case JWT_CLASS_MALFORMED:
	case JWT_CLASS_KEY:
	case JWT_CLASS_CLAIM:
	case JWT_CLASS_POLICY:
	case JWT_CLASS_ACCOUNT:
	case JWT_CLASS_PROOF:
	case JWT_CLASS_STATE:
		return PAM_AUTH_ERR;
	case JWT_CLASS_CONFIGURATION:
		return PAM_SERVICE_ERR;
	case JWT_CLASS_INTERNAL:
		break;
	}
	return PAM_SYSTEM_ERR;
}

const char *
call_item(pam_handle_t *pamh, int type)
{
	const void *item = NULL;

	if (pam_get_item(pamh, type, &item) != PAM_SUCCESS)
		return NULL;
	return item;
}

/* A program that sets another name frees this one. */
const char *
call_service_name(pam_handle_t *pamh)
{
	const char *service = call_item(pamh, PAM_SERVICE);

	if (service == NULL)
		return "";
	return service;
}

/*
 * sshd sets PAM_TTY to "ssh" while it authenticates, and no terminal has that
 * name.  The name of the service would not do: an administrator may change it.
 */
bool
call_is_sshd(pam_handle_t *pamh)
{
	const char *tty = call_item(pamh, PAM_TTY);

	return tty != NULL && strcmp(tty, "ssh") == 0;
}

bool
call_is_for_ssh(pam_handle_t *pamh)
{
	return call_is_sshd(pamh) || bytes_starts(
	    bytes_str(call_service_name(pamh)), bytes_str("sshd"));
}

bool
call_parse_options(pam_handle_t *pamh, int argc, const char **argv,
    struct arguments *out)
{
	const char *fault;
	int i;

	*out = (struct arguments){ .config = NULL };
	for (i = 0; i < argc; i++) {
		char shown[SHOWN_SIZE];

		if (arguments_take(out, argv[i]))
			continue;
		logline_escape(bytes_str(argv[i]), shown, sizeof(shown));
		pam_syslog(pamh, LOG_ERR, "the module argument \"%s\" is not "
		    "known, or is there twice: " ARGUMENTS_ALL, shown);
		return false;
	}
	fault = arguments_fault(out, call_service_name(pamh));
	if (fault != NULL) {
		pam_syslog(pamh, LOG_ERR, "%s", fault);
		return false;
	}
	if (out->config == NULL)
		out->config = LOAD_CONFIG_DEFAULT;
	return true;
}

/* Linux-PAM declares its flags partly as int and partly as unsigned. */
bool
call_has_flag(int flags, unsigned flag)
{
	return ((unsigned)flags & flag) != 0;
}

bool
call_is_silent(const struct call *call)
{
	return call->options.silent || call_has_flag(call->flags, PAM_SILENT);
}

/* Look the service up and prepare the store, once for each loaded policy. */
static void
set_up(struct call *call, const char *name)
{
	call->service = policy_service(&call->policy, name);
	call->is_sudo = programs_is_sudo(name);
	call->is_sshd = call_is_sshd(call->pamh);
	state_open(&call->policy.state, &call->state);
}

enum jwt_reason
call_load_policy(struct call *call)
{
	const char *name = call_service_name(call->pamh);
	enum jwt_reason reason = load_for_login(call->options.config, name,
	    &call->diag, &call->policy);

	set_up(call, name);
	return reason;
}

struct verdict_input
call_verdict_input(const struct call *call)
{
	return (struct verdict_input){
		.policy = &call->policy, .source = &call->source,
		.service = call->service, .user = call->user,
		.rhost = call_item(call->pamh, PAM_RHOST),
		.proof = call->proof, .now = call->late.now,
		.accounts = &accounts_host
	};
}

enum jwt_reason
call_load_state(struct call *call)
{
	enum jwt_reason reason = JWT_OK;

	if (!settings_find(call))
		reason = load_settings(call->options.config, &call->diag,
		    &call->policy);
	set_up(call, call_service_name(call->pamh));
	return reason;
}

struct call
call_new(pam_handle_t *pamh, int flags)
{
	return (struct call){
		.pamh = pamh, .flags = flags, .state = { .dir = { .fd = -1 } }
	};
}

void
call_clear(struct call *call)
{
	parts_clear(&call->answer);
	free(call->user);
	free(call->proof);
	state_close(&call->state);
	if (!call->is_kept)
		policy_clear(&call->policy);
	diag_clear(&call->diag);
}
