/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finds sections that have no effect, and services without one.  [service ssh]
 * is not an error, but sshd asks libpam for "sshd", and then other rules count
 * than those that were written for it.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/nearest.h"
#include "host/file.h"
#include "tool/check_services.h"
#include "tool/pam_finding.h"
#include "tool/pam_service.h"

#define MODULE PAM_SERVICE_MODULE

struct look {
	const char *const *folders;
	const struct policy *policy;
	struct arena arena;
	struct pam_findings findings;
	struct nearest nearest;	/* to a name without a file */
	const char *alike;	/* the beginning of that name, or begins with it */
};

/*
 * Names that are spelt right wherever they are written: one configuration may
 * serve a fleet, and this host lack the program.
 */
static const char *const known[] = {
	"*", "sshd", "sudo", "sudo-i", "su", "su-l", "login", "remote", "doas",
	"polkit-1", "greetd", "lightdm", "gdm-password", "sddm", "cockpit",
	"postgresql", "i3lock", "swaylock", "vlock", "xscreensaver", "runuser",
	"dovecot", "vsftpd", "xrdp-sesman", "cron", "systemd-user", NULL
};

static bool
is_known(const char *name)
{
	size_t i;

	for (i = 0; known[i] != NULL; i++) {
		if (strcmp(known[i], name) == 0)
			return true;
	}
	return false;
}

/* ---- sections without a service ---- */

static bool
is_there(const char *const *folders, const char *name)
{
	char path[FILE_PATH_MAX];
	size_t i;

	for (i = 0; folders[i] != NULL; i++) {
		snprintf(path, sizeof(path), "%s/%s", folders[i], name);
		if (access(path, F_OK) == 0)
			return true;
	}
	return false;
}

/* Whether one name is the beginning of the other: gdm, sshd-session. */
static bool
begins(struct bytes name, struct bytes service)
{
	if (name.len < 3 || service.len < 3)
		return false;
	return bytes_starts(service, name) || bytes_starts(name, service);
}

/* The names of services are gone after the walk, so copies are compared. */
static bool
try_name(void *context, const char *service)
{
	struct look *look = context;
	const char *copy = arena_copy(&look->arena, bytes_str(service));

	if (copy == NULL)
		return false;
	nearest_try(&look->nearest, copy);
	if (look->alike == NULL && begins(look->nearest.word, bytes_str(copy)))
		look->alike = copy;
	return true;
}

/* Against a section for a service that no program of this host has. */
static bool
look_at_missing(struct look *look, const char *name, struct diag_place place,
    struct diag *diag)
{
	const char *meant;

	look->nearest = nearest_begin(bytes_str(name));
	look->alike = NULL;
	if (!pam_service_each(look->folders, try_name, look))
		return false;
	meant = look->nearest.best;
	if (meant == NULL)
		meant = look->alike;
	if (meant != NULL)
		diag_add(diag, place, JWT_OK, "[service %s]: no program of "
		    "this host uses this section, as there is no %s/%s; did "
		    "you mean %s?", name, look->folders[0], name, meant);
	else
		diag_add(diag, place, JWT_OK, "[service %s]: no program of "
		    "this host uses this section, as there is no %s/%s; write "
		    "the name of the file in %s", name, look->folders[0], name,
		    look->folders[0]);
	return true;
}

/* Whether the auth stack of a service asks us; false also without memory. */
static bool
is_asked(struct look *look, const char *name)
{
	struct pam_stack auth = {
		.arena = &look->arena, .folders = look->folders
	};

	return is_there(look->folders, name) &&
	    pam_stack_read(&auth, name, "auth") &&
	    pam_stack_find_ours(&auth, 0, look->policy->file) < auth.count;
}

/* Against a section without any line that would use it. */
static void
note_unused(const struct look *look, const char *name, struct diag_place place,
    struct diag *diag)
{
	diag_add(diag, place, JWT_OK, "[service %s]: no token logs in by this "
	    "section, as %s/%s has no auth line of " MODULE "; add \"auth "
	    "sufficient " MODULE "\" in front of the lines that ask for a "
	    "password, or required without such lines", name,
	    look->folders[0], name);
}

/* Against "sudo -i" that takes other credentials than sudo. */
static void
note_pair(struct look *look, const struct service *service,
    struct diag_place place, struct diag *diag)
{
	static const char *const pairs[][2] = {
		{ "sudo", "sudo-i" }, { "su", "su-l" },
	};
	size_t i;

	for (i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		const char *has = pairs[i][0], *lacks = pairs[i][1];

		if (is_asked(look, lacks)) {
			has = pairs[i][1];
			lacks = pairs[i][0];
		}
		if (policy_words_have(&service->names, bytes_str(lacks)) &&
		    is_asked(look, has) && !is_asked(look, lacks) &&
		    is_there(look->folders, lacks))
			diag_add(diag, place, JWT_OK, "[service %s]: %s/%s has "
			    "no auth line of " MODULE ", and that of %s has "
			    "one; write the same lines into both", lacks,
			    look->folders[0], lacks, has);
	}
}

static bool
look_at_section(struct look *look, const struct service *service,
    struct diag *diag)
{
	struct diag_place place = {
		.file = look->policy->file, .line = service->line
	};
	const char *unused = NULL;
	bool is_used = false;
	size_t i;

	for (i = 0; i < service->names.count; i++) {
		const char *name = service->names.item[i];

		if (is_asked(look, name))
			is_used = true;
		else if (is_there(look->folders, name))
			unused = unused == NULL ? name : unused;
		else if (!is_known(name) &&
		    !look_at_missing(look, name, place, diag))
			return false;
	}
	if (unused != NULL && !is_used)
		note_unused(look, unused, place, diag);
	if (unused != NULL && is_used)
		note_pair(look, service, place, diag);
	return true;
}

/* ---- services without a section ---- */

/* Where nobody has written any section, the default is what they chose. */
static bool
look_at_service(void *context, const char *name)
{
	struct look *look = context;
	struct pam_stack auth = {
		.arena = &look->arena, .folders = look->folders
	};
	size_t ours;

	if (look->policy->service_count == 0 ||
	    policy_service(look->policy, name)->line != 0)
		return true;
	if (!pam_stack_read(&auth, name, "auth"))
		return false;
	ours = pam_stack_find_ours(&auth, 0, look->policy->file);
	if (ours == auth.count)
		return true;
	return pam_finding_add(&look->findings,
	    pam_line_place(&auth.lines[ours]), name, "no [service] has this "
	    "name, so permit = as claim sub counts there; write a section for "
	    "it, or [service *] with \"deny = if iss exists\" to keep tokens "
	    "out");
}

static bool
look_at_all(struct look *look, struct diag *diag)
{
	const struct policy *policy = look->policy;
	size_t i;

	for (i = 0; i < policy->service_count; i++) {
		if (!look_at_section(look, &policy->services[i], diag))
			return false;
	}
	return pam_service_each(look->folders, look_at_service, look);
}

void
check_services_note(const char *const *folders, const struct policy *policy,
    struct diag *diag)
{
	struct look look = {
		.folders = folders, .policy = policy,
		.findings.arena = &look.arena
	};
	bool is_whole = look_at_all(&look, diag);

	pam_findings_end(&look.findings, is_whole, folders[0], diag);
}
