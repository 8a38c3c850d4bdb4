/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finds services whose account stack can end before our line is asked.  A
 * cut-off then has no effect there, and nobody notices: no error shows it.
 */
#include <stdio.h>

#include "tool/check_stack.h"
#include "tool/pam_finding.h"
#include "tool/pam_service.h"

#define MODULE		PAM_SERVICE_MODULE

const char *const check_stack_folders[] = {
	"/etc/pam.d", "/usr/lib/pam.d", NULL
};

struct look {
	const char *const *folders;
	const char *config;
	struct arena arena;
	struct pam_findings findings;
	void (*tell)(const void *context, const char *service,
	    const struct pam_line *line);	/* or NULL */
	const void *context;
};

/* ---- one service ---- */

/* The first line that may keep ours from being asked; ours if no line may. */
static size_t
find_obstacle(const struct pam_stack *stack, size_t ours, struct bytes *why)
{
	size_t i = 0;

	while (i < ours && !pam_stack_may_skip(stack, i, ours, why))
		i++;
	return i;
}

/*
 * How our line refuses.  A user who calls su can leave the module no memory or
 * no descriptors, so these two failures must count as well.
 */
static const char *const refusals[] = {
	"perm_denied", "auth_err", "authinfo_unavail", "buf_err", "system_err"
};

#define REFUSALS_LEN (sizeof(refusals) / sizeof(refusals[0]))

static bool
always_refuses(const struct pam_line *line)
{
	size_t i;

	for (i = 0; i < REFUSALS_LEN; i++) {
		if (!pam_line_refuses(line, refusals[i]))
			return false;
	}
	return true;
}

/* Whether each refusal of our line ends the stack, or the substack. */
static bool
always_ends(const struct pam_line *line)
{
	size_t i;

	for (i = 0; i < REFUSALS_LEN; i++) {
		if (!bytes_eq_str(pam_line_action(line, refusals[i]), "die"))
			return false;
	}
	return true;
}

/* Against a later line that makes libpam forget our refusal. */
static bool
look_for_reset(struct look *look, const char *service,
    const struct pam_stack *stack, size_t ours)
{
	const struct pam_line *line = &stack->lines[ours];
	char text[1024];
	struct bytes why;
	size_t later = pam_stack_find_reset(stack, ours, always_ends(line),
	    &why);

	if (later == stack->count)
		return true;
	snprintf(text, sizeof(text), "%s makes libpam forget (%.*s) that "
	    MODULE " refused in %s:%u: a user who is cut off gets in; write "
	    "bad in place of reset", stack->lines[later].module, (int)why.len,
	    (const char *)why.ptr, line->file, line->line);
	return pam_finding_add(&look->findings,
	    pam_line_place(&stack->lines[later]), service, text);
}

static bool
look_at_control(struct look *look, const char *service,
    const struct pam_line *line)
{
	if (!always_refuses(line))
		return pam_finding_add(&look->findings, pam_line_place(line),
		    service, "the account line of " MODULE " is not heeded "
		    "when it refuses: a user who is cut off gets in; write "
		    "required");
	if (bytes_eq_str(pam_line_action(line, "success"), "done"))
		return pam_finding_add(&look->findings, pam_line_place(line),
		    service, "the account line of " MODULE " ends the stack "
		    "for a token: an account that is locked or expired gets "
		    "in; write required");
	return true;
}

static bool
note_obstacle(struct look *look, const char *service,
    const struct pam_line *obstacle, const struct pam_line *ours,
    struct bytes why)
{
	char text[1024];

	snprintf(text, sizeof(text), "%s may end the account stack or jump "
	    "(%.*s) before " MODULE " is asked in %s:%u: a user who is cut "
	    "off gets in; put the account line of " MODULE " in front of it",
	    obstacle->module, (int)why.len, (const char *)why.ptr, ours->file,
	    ours->line);
	return pam_finding_add(&look->findings, pam_line_place(obstacle),
	    service, text);
}

/* One line of ours that is always asked is enough. */
static bool
look_at_account(struct look *look, const char *service,
    const struct pam_stack *stack, size_t first)
{
	size_t ours, obstacle;
	struct bytes why;

	for (ours = first; ours < stack->count;
	    ours = pam_stack_find_ours(stack, ours + 1,
	    look->config)) {
		if (find_obstacle(stack, ours, &why) != ours)
			continue;
		if (look->tell != NULL)
			look->tell(look->context, service, &stack->lines[ours]);
		return look_for_reset(look, service, stack, ours) &&
		    look_at_control(look, service, &stack->lines[ours]);
	}
	obstacle = find_obstacle(stack, first, &why);
	return note_obstacle(look, service, &stack->lines[obstacle],
	    &stack->lines[first], why);
}

static bool
look_at_service(void *context, const char *service)
{
	struct look *look = context;
	struct pam_stack auth = {
		.arena = &look->arena, .folders = look->folders
	};
	struct pam_stack account = auth;
	struct diag_place place;
	size_t ours;

	if (!pam_stack_read(&auth, service, "auth") ||
	    !pam_stack_read(&account, service, "account"))
		return false;
	ours = pam_stack_find_ours(&auth, 0, look->config);
	if (ours == auth.count)
		return true;
	place = pam_line_place(&auth.lines[ours]);
	if (account.fault != NULL)
		return pam_finding_add(&look->findings, place, service, account.fault);
	ours = pam_stack_find_ours(&account, 0, look->config);
	if (ours == account.count)
		return pam_finding_add(&look->findings, place, service, MODULE " has this "
		    "auth line, and no account line: a user who is cut off "
		    "gets in by another method; add \"account required " MODULE
		    "\" as the first account line");
	return look_at_account(look, service, &account, ours);
}

void
check_stack_note(const char *const *folders, const char *config,
    struct diag *diag)
{
	struct look look = {
		.folders = folders, .config = config,
		.findings.arena = &look.arena
	};

	pam_findings_each(&look.findings, folders, look_at_service, &look,
	    diag);
}

void
check_stack_each(const char *const *folders, const char *config,
    void (*tell)(const void *context, const char *service,
    const struct pam_line *line), const void *context)
{
	struct look look = {
		.folders = folders, .config = config, .tell = tell,
		.context = context, .findings.arena = &look.arena
	};

	(void)!pam_service_each(folders, look_at_service, &look);
	arena_clear(&look.arena);
}
