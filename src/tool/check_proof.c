/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finds services with proof on a host where nothing could be proved.  Every
 * token that is bound is then refused, and an administrator would look for the
 * fault in the token.
 */
#include <string.h>

#include "tool/check_proof.h"
#include "tool/check_sshd_ask.h"
#include "tool/pam_service.h"

/* The first service with this proof; NULL if there is none. */
static const struct service *
find(const struct policy *policy, enum service_proof proof)
{
	size_t i;

	for (i = 0; i < policy->service_count; i++) {
		if (policy->services[i].proof == proof)
			return &policy->services[i];
	}
	return NULL;
}

static void
note(const struct policy *policy, const struct service *service,
    struct diag *diag, const char *text)
{
	struct diag_place place = {
		.file = policy->file, .line = service->proof_line
	};

	diag_add(diag, place, JWT_OK, "%s", text);
}

/* ---- what sshd checks ---- */

/* Whether a list such as "publickey,keyboard-interactive:pam" has the order. */
static bool
proves_first(struct bytes list)
{
	bool has_key = false;

	while (list.len > 0) {
		struct bytes method = bytes_cut(&list, ',');

		if (bytes_eq_str(method, "publickey"))
			has_key = true;
		else if (bytes_starts(method,
		    bytes_str("keyboard-interactive")))
			return has_key;
	}
	return false;
}

static bool
has_list(struct bytes lists)
{
	while (lists.len > 0) {
		if (proves_first(bytes_cut(&lists, ' ')))
			return true;
	}
	return false;
}

bool
check_proof_has_key(const char *settings)
{
	return has_list(check_sshd_value(settings, "authenticationmethods"));
}

static void
note_methods(const char *settings, const struct policy *policy,
    struct diag *diag)
{
	const struct service *service = find(policy, SERVICE_PROOF_SSH_KEY);

	if (service == NULL || settings == NULL ||
	    check_proof_has_key(settings))
		return;
	note(policy, service, diag, "proof = ssh-key, and sshd checks no key "
	    "before it asks for the token, unless a Match block says so: write "
	    "AuthenticationMethods publickey,keyboard-interactive:pam into "
	    "sshd_config");
}

/* ---- which sessions have a record ---- */

struct look {
	const char *const *folders;
	const char *config;
	bool is_missing;	/* sshd is there, and its stack is without us */
};

static bool
look_at_service(void *context, const char *name)
{
	struct look *look = context;
	struct arena arena = { 0 };
	struct pam_stack session = {
		.arena = &arena, .folders = look->folders
	};
	bool ok;

	if (strcmp(name, "sshd") != 0)
		return true;
	ok = pam_stack_read(&session, name, "session");
	look->is_missing = ok && session.fault == NULL &&
	    pam_stack_find_ours(&session, 0, look->config) == session.count;
	arena_clear(&arena);
	return ok;
}

static void
note_records(const char *const *folders, const struct policy *policy,
    struct diag *diag)
{
	const struct service *service = find(policy, SERVICE_PROOF_SESSION);
	struct diag_place place = { .file = folders[0] };
	struct look look = { .folders = folders, .config = policy->file };

	if (service == NULL)
		return;
	if (!pam_service_each(folders, look_at_service, &look))
		diag_add(diag, place, JWT_OUT_OF_MEMORY, "memory ran out");
	if (look.is_missing)
		note(policy, service, diag, "proof = session, and the session "
		    "stack of sshd has no line of " PAM_SERVICE_MODULE ", so "
		    "no session is known by its key: add \"session required "
		    PAM_SERVICE_MODULE "\" in front of the line of "
		    "pam_systemd");
}

void
check_proof_note(const char *const *folders, const char *settings,
    const struct policy *policy, struct diag *diag)
{
	note_methods(settings, policy, diag);
	note_records(folders, policy, diag);
}
