/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finds services that say how sessions end and whose stacks do not let us do
 * it.  The module then refuses sessions, or nothing ends them, and the
 * administrator would learn either only from a login.
 */
#include <stdio.h>
#include <string.h>

#include "tool/check_sessions.h"
#include "tool/pam_finding.h"
#include "tool/pam_service.h"

#define MODULE	PAM_SERVICE_MODULE
#define TIMER	"systemctl enable --now pam-jwt-sessions.timer"

struct look {
	const char *const *folders;
	const struct policy *policy;
	struct arena arena;
	struct pam_findings findings;
};

/* A service of PAM by which a token logs in. */
struct subject {
	const char *name;
	const struct service *settings;
	const struct pam_line *auth;	/* our auth line */
	struct pam_stack session;
};

/* ---- what is wanted ---- */

static bool
has_limit(const struct service *service)
{
	return service->session_limit_sec != 0 || service->session_until_exp;
}


/*
 * These run inside a session, in which pam_systemd makes no second one; so
 * logind cannot end theirs alone.
 */
static const char *const inner[] = {
	"su", "su-l", "sudo", "sudo-i", "doas", NULL
};

/*
 * These include the same files as others, and no token opens a session there:
 * polkit only asks for one, and the others never do.
 */
static const char *const without[] = {
	"polkit-1", "cron", "crond", "atd", NULL
};

/*
 * These call setcred before they open the session, and there the module tells
 * logind the limit: so pam_systemd may stand before it.  shadow's login, which
 * Debian 12 has, does it in the other order.
 */
static const char *const setcred_first[] = {
	"sshd", "greetd", "lightdm", "cockpit", NULL
};

/* By these a person logs in from outside, or at the console. */
static const char *const logins[] = {
	"sshd", "login", "greetd", "lightdm", "gdm-password", "sddm",
	"cockpit", NULL
};

static bool
is_among(const char *const *names, const char *name)
{
	size_t i;

	for (i = 0; names[i] != NULL; i++) {
		if (strcmp(name, names[i]) == 0)
			return true;
	}
	return false;
}

/*
 * What needs our session line in a service; NULL: nothing.  With a [state]
 * tokens and accounts are revoked, and a login without a record goes on.
 */
static const char *
wanted(const struct look *look, const char *name,
    const struct service *service)
{
	if (has_limit(service))
		return "session_limit";
	if (service->revoke_on_logout)
		return "revoke_on_logout";
	if (look->policy->state.line != 0 && is_among(logins, name))
		return "revoke --end-sessions";
	return NULL;
}

/* ---- one service ---- */

static bool
note_inside(struct look *look, const struct subject *subject)
{
	struct diag_place place = {
		.file = look->policy->file, .line = subject->settings->line
	};

	return pam_finding_add(&look->findings, place, subject->name,
	    "session_limit refuses every session that is begun inside a "
	    "session of logind, which does not end the inner one alone; write "
	    "a section with session_limit = none for it, or "
	    "session_enforcer = watch in [state]");
}

/* Against a limit that logind would never learn. */
static bool
look_at_logind(struct look *look, const struct subject *subject, size_t ours)
{
	const struct pam_stack *session = &subject->session;
	char text[600];
	size_t i = 0;

	while (i < session->count &&
	    !pam_line_is_of(&session->lines[i], "pam_systemd.so"))
		i++;
	if (i == session->count)
		return pam_finding_add(&look->findings,
		    pam_line_place(&session->lines[ours]), subject->name,
		    "session_limit needs pam_systemd.so after this line: "
		    "without it logind knows no session that it could end");
	if (i > ours || is_among(setcred_first, subject->name))
		return true;
	snprintf(text, sizeof(text), "pam_systemd stands before " MODULE
	    " in %s:%u, so it has made the session before it learns "
	    "session_limit, and every session is refused; put the session "
	    "line of " MODULE " in front of it", session->lines[ours].file,
	    session->lines[ours].line);
	return pam_finding_add(&look->findings,
	    pam_line_place(&session->lines[i]), subject->name, text);
}

static bool
look_at_limit(struct look *look, const struct subject *subject, size_t ours)
{
	const struct pam_line *line = &subject->session.lines[ours];

	if (!pam_line_refuses(line, "perm_denied"))
		return pam_finding_add(&look->findings, pam_line_place(line),
		    subject->name, "the session line of " MODULE " is not "
		    "heeded when it refuses, so a session begins whose "
		    "session_limit nobody keeps; write required");
	if (look->policy->state.watch)
		return true;
	if (is_among(inner, subject->name))
		return note_inside(look, subject);
	return look_at_logind(look, subject, ours);
}

static bool
look_at_session(struct look *look, struct subject *subject)
{
	const char *setting = wanted(look, subject->name, subject->settings);
	char text[300];
	size_t ours;

	if (!pam_stack_read(&subject->session, subject->name, "session"))
		return false;
	if (subject->session.fault != NULL)
		return pam_finding_add(&look->findings,
		    pam_line_place(subject->auth), subject->name,
		    subject->session.fault);
	ours = pam_stack_find_ours(&subject->session, 0, look->policy->file);
	if (ours < subject->session.count && !has_limit(subject->settings))
		return true;
	if (ours < subject->session.count)
		return look_at_limit(look, subject, ours);
	snprintf(text, sizeof(text), MODULE " has this auth line, and no "
	    "session line, which %s needs: add \"session required " MODULE
	    "\" in front of the line of pam_systemd", setting);
	return pam_finding_add(&look->findings, pam_line_place(subject->auth),
	    subject->name, text);
}

static bool
look_at_service(void *context, const char *name)
{
	struct look *look = context;
	struct pam_stack auth = {
		.arena = &look->arena, .folders = look->folders
	};
	struct subject subject = {
		.name = name, .session = auth,
		.settings = policy_service(look->policy, name)
	};
	size_t ours;

	if (wanted(look, name, subject.settings) == NULL || is_among(without, name))
		return true;
	if (!pam_stack_read(&auth, name, "auth"))
		return false;
	ours = pam_stack_find_ours(&auth, 0, look->policy->file);
	if (ours == auth.count)
		return true;
	subject.auth = &auth.lines[ours];
	return look_at_session(look, &subject);
}

/* ---- who ends sessions ---- */

/* The first section with a limit; NULL if there is none. */
static const struct service *
find_limit(const struct policy *policy)
{
	size_t i;

	for (i = 0; i < policy->service_count; i++) {
		if (has_limit(&policy->services[i]))
			return &policy->services[i];
	}
	return NULL;
}

static void
note_watch(const struct policy *policy, struct diag *diag)
{
	struct diag_place place = {
		.file = policy->file, .line = policy->state.line
	};

	diag_add(diag, place, JWT_OK, "session_enforcer = watch, and \"pam-jwt "
	    "sessions end --due\" has not run for three minutes: every session "
	    "with a limit is refused; let cron run it each minute, or run "
	    TIMER);
}

static void
note_limit(const struct policy *policy, const struct check_enforcers *works,
    struct diag *diag)
{
	const struct service *limited = find_limit(policy);
	struct diag_place place = { .file = policy->file };

	if (limited == NULL)
		return;
	place.line = limited->line;
	if (!works->logind)
		diag_add(diag, place, JWT_OK, "session_limit, and systemd does "
		    "not run here: every session with a limit is refused; "
		    "write session_enforcer = watch in [state]");
	else if (!works->watch)
		diag_add(diag, place, JWT_OK, "session_limit, and \"pam-jwt "
		    "sessions end --due\" has not run for three minutes: what "
		    "logind does not end goes on; run " TIMER);
}

static void
note_enforcer(const struct policy *policy, const struct check_enforcers *works,
    struct diag *diag)
{
	if (!policy->state.watch)
		note_limit(policy, works, diag);
	else if (!works->watch)
		note_watch(policy, diag);
}

void
check_sessions_note(const char *const *folders, const struct policy *policy,
    const struct check_enforcers *works, struct diag *diag)
{
	struct look look = {
		.folders = folders, .policy = policy,
		.findings.arena = &look.arena
	};

	pam_findings_each(&look.findings, folders, look_at_service, &look,
	    diag);
	note_enforcer(policy, works, diag);
}
