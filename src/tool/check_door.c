/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finds services where a password opens the door that the rules guard.  The
 * rules of a section are about tokens; "auth sufficient pam_jwt.so" in front of
 * a password asks nothing of the person who types one.
 */
#include <stdio.h>
#include <string.h>

#include "tool/check_door.h"
#include "tool/check_proof.h"
#include "tool/check_sshd_ask.h"
#include "tool/check_sshd_match.h"
#include "tool/check_sshd_place.h"
#include "tool/pam_finding.h"
#include "tool/pam_service.h"

#define MODULE PAM_SERVICE_MODULE

struct look {
	const char *const *folders;
	const struct policy *policy;
	struct arena arena;
	struct pam_findings findings;
};

/* ---- what a section demands ---- */

/* How the provider has seen who it is: OpenID Connect Core, section 2. */
static bool
is_of_strength(const struct claim_path *path)
{
	return path->count == 1 && (bytes_eq_str(path->steps[0], "amr") ||
	    bytes_eq_str(path->steps[0], "acr"));
}

/* The demand that a test makes on the way in; NULL if it makes none. */
static const char *
demand_of_test(const struct rule_test *test)
{
	if (test->subject == RULE_RHOST)
		return "rhost";
	if (test->subject == RULE_TIME)
		return "time";
	if (test->subject == RULE_SSHKEY || test->subject == RULE_SSHCA)
		return "an ssh key";
	if (test->subject != RULE_CLAIM)
		return NULL;
	if (test->op == RULE_WITHIN || test->op == RULE_OLDER)
		return "within";
	if (is_of_strength(&test->path))
		return "amr or acr";
	return NULL;
}

/* The parser limits the depth of the recursion: see RULE_DEPTH_MAX. */
static const char *
demand_of_cond(const struct rule_cond *cond)
{
	const struct rule_cond *child;
	const char *demand = NULL;

	if (cond == NULL)
		return NULL;
	if (cond->kind == RULE_TEST)
		return demand_of_test(&cond->test);
	for (child = cond->child; child != NULL && demand == NULL;
	    child = child->next)
		demand = demand_of_cond(child);
	return demand;
}

static const char *
demand_of(const struct service *service)
{
	const char *demand = NULL;
	size_t i;

	if (service->require_proof)
		return "require_proof";
	if (service->proof != SERVICE_PROOF_NONE)
		return "proof";
	for (i = 0; i < service->rules.count && demand == NULL; i++)
		demand = demand_of_cond(service->rules.rule[i].cond);
	return demand;
}

/* ---- what a stack lets in ---- */

static const char *const passwords[] = {
	"pam_unix.so", "pam_sss.so", "pam_ldap.so", "pam_krb5.so",
	"pam_winbind.so", "pam_systemd_home.so", "pam_pwdfile.so",
	"pam_userdb.so", "pam_radius_auth.so", "pam_tacplus.so",
	"pam_himmelblau.so", NULL
};

static bool
is_password(const struct pam_line *line)
{
	size_t i;

	for (i = 0; passwords[i] != NULL; i++) {
		if (pam_line_is_of(line, passwords[i]))
			return true;
	}
	return false;
}

/* Whether a line of ours is asked and heeded whatever a password did. */
static bool
is_closed_by(const struct pam_stack *auth, size_t ours)
{
	struct bytes why;
	size_t i;

	for (i = 0; i < ours; i++) {
		if (is_password(&auth->lines[i]) &&
		    pam_stack_may_skip(auth, i, ours, &why))
			return false;
	}
	return pam_line_refuses(&auth->lines[ours], "auth_err");
}

/* The line that lets a password in; the count of lines if none does. */
static size_t
find_door(const struct pam_stack *auth, const char *config)
{
	size_t i = 0, ours;

	for (ours = pam_stack_find_ours(auth, 0, config); ours < auth->count;
	    ours = pam_stack_find_ours(auth, ours + 1, config)) {
		if (is_closed_by(auth, ours))
			return auth->count;
	}
	while (i < auth->count && !is_password(&auth->lines[i]))
		i++;
	return i;
}

/* ---- one service ---- */

static bool
note_door(struct look *look, const char *name, const struct service *service,
    const struct pam_line *ours, const struct pam_line *door)
{
	char text[900];

	snprintf(text, sizeof(text), "a password lets in without the rules of "
	    "the section in line %u (%s), by %s in %.300s:%u; for tokens alone "
	    "write \"auth required " MODULE "\", and remove the lines that "
	    "ask for passwords", service->line, demand_of(service), door->module,
	    door->file, door->line);
	return pam_finding_add(&look->findings, pam_line_place(ours), name,
	    text);
}

static bool
look_at_service(void *context, const char *name)
{
	struct look *look = context;
	const struct service *service = policy_service(look->policy, name);
	const char *config = look->policy->file;
	struct pam_stack auth = {
		.arena = &look->arena, .folders = look->folders
	};
	size_t ours, door;

	if (demand_of(service) == NULL)
		return true;
	if (!pam_stack_read(&auth, name, "auth"))
		return false;
	ours = pam_stack_find_ours(&auth, 0, config);
	if (ours == auth.count)
		return true;
	door = find_door(&auth, config);
	if (door == auth.count)
		return true;
	return note_door(look, name, service, &auth.lines[ours],
	    &auth.lines[door]);
}

void
check_door_note(const char *const *folders, const struct policy *policy,
    struct diag *diag)
{
	struct look look = {
		.folders = folders, .policy = policy,
		.findings.arena = &look.arena
	};

	pam_findings_each(&look.findings, folders, look_at_service, &look,
	    diag);
}

/* ---- ssh keys ---- */

/* Whether a list of AuthenticationMethods asks for a key and nothing else. */
static bool
is_key_alone(struct bytes list)
{
	while (list.len > 0) {
		if (!bytes_eq_str(bytes_cut(&list, ','), "publickey"))
			return false;
	}
	return true;
}

/* Whether sshd lets somebody in by a key, without asking PAM. */
static bool
takes_key_alone(const char *settings)
{
	struct bytes lists = check_sshd_value(settings,
	    "authenticationmethods");

	if (!check_sshd_is(settings, "pubkeyauthentication", "yes"))
		return false;
	if (lists.len == 0 || bytes_eq_str(lists, "any"))
		return true;
	while (lists.len > 0) {
		if (is_key_alone(bytes_cut(&lists, ' ')))
			return true;
	}
	return false;
}

/* With proof = ssh-key and no key before the token, check_proof.c says it. */
static bool
is_told_of_proof(const struct service *service, const char *settings)
{
	return service->proof == SERVICE_PROOF_SSH_KEY &&
	    !check_proof_has_key(settings);
}

struct keys {
	const struct service *service;
	struct diag *diag;
};

static void
note_keys(const struct keys *keys, struct diag_place place, const char *where)
{
	diag_add(keys->diag, place, JWT_OK, "%san ssh key alone lets in "
	    "without the rules of the section in line %u (%s); write "
	    "PubkeyAuthentication no, or AuthenticationMethods "
	    "publickey,keyboard-interactive:pam for a key and a token", where,
	    keys->service->line, demand_of(keys->service));
}

/* A block with AuthenticationMethods of its own says on purpose what it does. */
static void
look_at_block(void *context, const struct check_sshd_block *block)
{
	struct diag_place place = check_sshd_match_place(block,
	    "PubkeyAuthentication");

	if (check_sshd_value(block->settings, "authenticationmethods").len ==
	    0 && takes_key_alone(block->whole))
		note_keys(context, place, "in this Match block ");
}

void
check_door_note_keys(const char *const *folders, const struct policy *policy,
    const char *settings, const char *config, struct diag *diag)
{
	struct keys keys = {
		.service = policy_service(policy, "sshd"), .diag = diag
	};
	struct arena arena = { 0 };

	if (demand_of(keys.service) == NULL ||
	    is_told_of_proof(keys.service, settings) ||
	    !pam_service_asks(folders, "sshd", policy->file))
		return;
	if (takes_key_alone(settings))
		note_keys(&keys, check_sshd_place(config,
		    "PubkeyAuthentication", &arena), "");
	else if (!check_sshd_match_each(config, settings, look_at_block,
	    &keys))
		diag_add(diag, (struct diag_place){ .file = config },
		    JWT_OUT_OF_MEMORY, "memory ran out");
	arena_clear(&arena);
}
