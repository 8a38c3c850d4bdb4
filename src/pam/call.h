/* SPDX-License-Identifier: BSD-2-Clause */
/* One call of an entry point: its arguments, and everything that it owns. */
#ifndef JWT_PAM_CALL_H
#define JWT_PAM_CALL_H

#include <security/pam_modules.h>

#include "core/arguments.h"
#include "core/parts.h"
#include "core/verdict.h"
#include "host/load.h"
#include "host/state/state.h"

struct call {
	pam_handle_t *pamh;
	int flags;
	struct arguments options;
	struct policy policy;
	bool is_kept;		/* policy is borrowed from pam/settings.h */
	struct diag diag;
	/* These four are set where the policy is loaded. */
	const struct service *service;	/* of policy; never NULL then */
	bool is_sudo;
	bool is_sshd;
	struct state state;
	char *user;		/* our copy; NULL: the token says who */
	struct parts answer;	/* what the user gave */
	struct proof *proof;	/* the keys that the user has proved; owned */
	struct load_late late;	/* what is loaded when the token has come */
	struct policy_source source;	/* loads into late */
	bool no_answer;		/* the program gave none to a prompt */
	bool prompted;		/* we asked; false: it was in PAM_AUTHTOK */
};

struct call call_new(pam_handle_t *pamh, int flags);
void call_clear(struct call *call);

/* False, with a line in the log, for an argument that is not valid. */
bool call_parse_options(pam_handle_t *pamh, int argc, const char **argv,
    struct arguments *out);

/*
 * Load the configuration with what the rules of the service need, and find the
 * settings of the service.  Keys come later, when a token has said whose.
 * Called at most once for each call.
 */
JWT_MUST_USE enum jwt_reason call_load_policy(struct call *call);

/*
 * The configuration alone, for the phases after authenticate: the one that
 * accepted the token, if it was kept (pam/settings.h).
 */
JWT_MUST_USE enum jwt_reason call_load_state(struct call *call);

/* The input of the verdict, without the token and the state. */
struct verdict_input call_verdict_input(const struct call *call);

/* PAM_SERVICE, or "" when it is not set; owned by libpam, and soon freed. */
const char *call_service_name(pam_handle_t *pamh);

/* A string item, owned by libpam; NULL when it is not set. */
const char *call_item(pam_handle_t *pamh, int type);

/* Whether the program is sshd, which replaces the answers of some users. */
bool call_is_sshd(pam_handle_t *pamh);

/*
 * Whether another process may open the session, as in sshd for keyboard-
 * interactive; and whether SSH_AUTH_INFO_0 is sshd's word.  An sshd that was
 * built to leave PAM_TTY alone is known by the name of its service.
 */
bool call_is_for_ssh(pam_handle_t *pamh);

/* Whether one of PAM's flags is set. */
bool call_has_flag(int flags, unsigned flag);
/* Whether the argument silent, or PAM_SILENT, forbids messages. */
bool call_is_silent(const struct call *call);

/* The one place where a reason becomes a PAM code. */
int call_code(enum jwt_reason reason);

#endif
