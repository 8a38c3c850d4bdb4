/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finds services with proof on a host where nothing could be proved.  Every
 * token that is bound is then refused, and an administrator would look for the
 * fault in the token.
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/bytes.h"
#include "tool/check_proof.h"
#include "tool/pam_service.h"

#define METHODS		"authenticationmethods "
#define SETTINGS_SIZE	65536	/* bytes; sshd -T prints some 5,000 */

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
	struct bytes text = bytes_str(settings);

	while (text.len > 0) {
		struct bytes line = bytes_cut(&text, '\n');

		if (!bytes_starts(line, bytes_str(METHODS)))
			continue;
		line.ptr += strlen(METHODS);
		line.len -= strlen(METHODS);
		return has_list(line);
	}
	return false;
}

/* Read all that a descriptor gives; false if it is more than there is room. */
static bool
read_all(int fd, char *out, size_t size)
{
	size_t len = 0;
	ssize_t got = 1;

	while (got > 0 && len < size) {
		got = read(fd, out + len, size - len);
		if (got > 0)
			len += (size_t)got;
	}
	if (got != 0 || len == size)
		return false;
	out[len] = '\0';
	return true;
}

/* Start "sshd -T" with its output in the pipe; false if it did not start. */
static bool
start(const char *sshd, const int ends[2], pid_t *out)
{
	char program[] = "sshd", option[] = "-T";
	char *argv[] = { program, option, NULL }, *envp[] = { NULL };
	posix_spawn_file_actions_t actions;
	bool ok;

	if (posix_spawn_file_actions_init(&actions) != 0)
		return false;
	ok = posix_spawn_file_actions_adddup2(&actions, ends[1], 1) == 0 &&
	    posix_spawn_file_actions_addclose(&actions, ends[0]) == 0 &&
	    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null",
	    O_WRONLY, 0) == 0 &&
	    posix_spawn(out, sshd, &actions, NULL, argv, envp) == 0;
	posix_spawn_file_actions_destroy(&actions);
	return ok;
}

/* False if sshd does not say: it is not there, or its configuration is bad. */
static bool
ask_sshd(const char *sshd, char *out)
{
	int ends[2], status = -1;
	bool ok = false, started;
	pid_t pid;

	if (access(sshd, X_OK) != 0 || pipe(ends) != 0)
		return false;
	started = start(sshd, ends, &pid);
	close(ends[1]);
	if (started)
		ok = read_all(ends[0], out, SETTINGS_SIZE);
	close(ends[0]);
	if (!started || waitpid(pid, &status, 0) != pid)
		return false;
	return ok && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* True also where sshd does not say: then there is nothing to warn of. */
static bool
sshd_proves(const char *sshd)
{
	char *settings = malloc(SETTINGS_SIZE);
	bool proves = true;

	if (settings != NULL && ask_sshd(sshd, settings))
		proves = check_proof_has_key(settings);
	free(settings);
	return proves;
}

static void
note_methods(const char *sshd, const struct policy *policy, struct diag *diag)
{
	const struct service *service = find(policy, SERVICE_PROOF_SSH_KEY);

	if (service == NULL || sshd == NULL || sshd_proves(sshd))
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
check_proof_note(const char *const *folders, const char *sshd,
    const struct policy *policy, struct diag *diag)
{
	note_methods(sshd, policy, diag);
	note_records(folders, policy, diag);
}
