/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finds services whose account stack can end before our line is asked.  A
 * cut-off then has no effect there, and nobody notices: no error shows it.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/policy/conf.h"
#include "host/load.h"
#include "tool/check_stack.h"
#include "tool/pam_stack.h"

#define MODULE		"pam_jwt.so"
#define SERVICES_NAMED	6	/* in one warning; others are counted */

const char *const check_stack_folders[] = {
	"/etc/pam.d", "/usr/lib/pam.d", NULL
};

/* One warning for all services that include the same file. */
struct finding {
	struct diag_place place;
	const char *text;
	const char *services;	/* separated by commas */
	size_t count;
};

struct look {
	const char *const *folders;
	const char *config;
	struct arena arena;
	struct finding *findings;
	size_t count;
	bool prints;
};

/* ---- findings ---- */

static const char *
list_with(struct look *look, const char *services, const char *service)
{
	char text[1024];

	snprintf(text, sizeof(text), "%s, %s", services, service);
	return arena_copy(&look->arena, bytes_str(text));
}

static struct finding *
find_same(const struct look *look, struct diag_place place, const char *text)
{
	size_t i;

	for (i = 0; i < look->count; i++) {
		struct finding *old = &look->findings[i];

		if (old->place.line == place.line &&
		    strcmp(old->place.file, place.file) == 0 &&
		    strcmp(old->text, text) == 0)
			return old;
	}
	return NULL;
}

/* The same warning for another service only adds the name of the service. */
static bool
add_finding(struct look *look, struct diag_place place, const char *service,
    const char *text)
{
	struct finding *same = find_same(look, place, text), *more;
	struct finding new = {
		.place = place, .count = 1,
		.text = arena_copy(&look->arena, bytes_str(text)),
		.services = arena_copy(&look->arena, bytes_str(service))
	};

	if (new.text == NULL || new.services == NULL)
		return false;
	if (same != NULL) {
		if (same->count++ < SERVICES_NAMED)
			same->services = list_with(look, same->services,
			    service);
		return same->services != NULL;
	}
	more = arena_grow(&look->arena, look->findings, look->count,
	    sizeof(*more));
	if (more == NULL)
		return false;
	look->findings = more;
	look->findings[look->count++] = new;
	return true;
}

static void
report_findings(const struct look *look, struct diag *diag)
{
	size_t i;

	for (i = 0; i < look->count; i++) {
		const struct finding *finding = &look->findings[i];
		size_t more = finding->count <= SERVICES_NAMED ? 0 :
		    finding->count - SERVICES_NAMED;

		if (more == 0)
			diag_add(diag, finding->place, JWT_OK, "%s: %s",
			    finding->services, finding->text);
		else
			diag_add(diag, finding->place, JWT_OK,
			    "%s and %zu more: %s", finding->services, more,
			    finding->text);
	}
}

/* ---- one service ---- */

/* Whether a line calls this module with the configuration that is checked. */
static bool
is_ours(const struct look *look, const struct pam_line *line)
{
	static const char option[] = "config=";
	struct bytes rest = bytes_str(line->arguments), word;
	struct bytes config = bytes_str(LOAD_CONFIG_DEFAULT);

	if (!pam_line_is_of(line, MODULE))
		return false;
	while ((word = conf_word(&rest)).len > 0) {
		if (bytes_starts(word, bytes_str(option)))
			config = bytes_of(word.ptr + strlen(option),
			    word.len - strlen(option));
	}
	return bytes_eq_str(config, look->config);
}

/* The first of our lines at or after from; the count of lines if none is. */
static size_t
find_ours(const struct look *look, const struct pam_stack *stack, size_t from)
{
	while (from < stack->count && !is_ours(look, &stack->lines[from]))
		from++;
	return from;
}

static struct diag_place
place_of(const struct pam_line *line)
{
	return (struct diag_place){ .file = line->file, .line = line->line };
}

/* The first line that may keep ours from being asked; ours if no line may. */
static size_t
find_obstacle(const struct pam_stack *stack, size_t ours, struct bytes *why)
{
	size_t i = 0;

	while (i < ours && !pam_stack_may_skip(stack, i, ours, why))
		i++;
	return i;
}

/* Whether the login is refused when our line returns this refusal. */
static bool
refuses(const struct pam_line *line, const char *result)
{
	struct bytes action = pam_line_action(line, result);

	return bytes_eq_str(action, "bad") || bytes_eq_str(action, "die") ||
	    bytes_eq_str(action, "ok") || bytes_eq_str(action, "done");
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
		if (!refuses(line, refusals[i]))
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
	return add_finding(look, place_of(&stack->lines[later]), service, text);
}

static bool
look_at_control(struct look *look, const char *service,
    const struct pam_line *line)
{
	if (!always_refuses(line))
		return add_finding(look, place_of(line), service, "the "
		    "account line of " MODULE " is not heeded when it "
		    "refuses: a user who is cut off gets in; write required");
	if (bytes_eq_str(pam_line_action(line, "success"), "done"))
		return add_finding(look, place_of(line), service, "the "
		    "account line of " MODULE " ends the stack for a token: "
		    "an account that is locked or expired gets in; write "
		    "required");
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
	return add_finding(look, place_of(obstacle), service, text);
}

/* One line of ours that is always asked is enough. */
static bool
look_at_account(struct look *look, const char *service,
    const struct pam_stack *stack, size_t first)
{
	size_t ours, obstacle;
	struct bytes why;

	for (ours = first; ours < stack->count;
	    ours = find_ours(look, stack, ours + 1)) {
		if (find_obstacle(stack, ours, &why) != ours)
			continue;
		if (look->prints)
			printf("pam service %s: account line %s:%u\n", service,
			    stack->lines[ours].file, stack->lines[ours].line);
		return look_for_reset(look, service, stack, ours) &&
		    look_at_control(look, service, &stack->lines[ours]);
	}
	obstacle = find_obstacle(stack, first, &why);
	return note_obstacle(look, service, &stack->lines[obstacle],
	    &stack->lines[first], why);
}

static bool
look_at_service(struct look *look, const char *service)
{
	struct pam_stack auth = {
		.arena = &look->arena, .folders = look->folders
	};
	struct pam_stack account = auth;
	struct diag_place place;
	size_t ours;

	if (!pam_stack_read(&auth, service, "auth") ||
	    !pam_stack_read(&account, service, "account"))
		return false;
	ours = find_ours(look, &auth, 0);
	if (ours == auth.count)
		return true;
	place = place_of(&auth.lines[ours]);
	if (account.fault != NULL)
		return add_finding(look, place, service, account.fault);
	ours = find_ours(look, &account, 0);
	if (ours == account.count)
		return add_finding(look, place, service, MODULE " has this "
		    "auth line, and no account line: a user who is cut off "
		    "gets in by another method; add \"account required " MODULE
		    "\" as the first account line");
	return look_at_account(look, service, &account, ours);
}

/* ---- all services ---- */

/* Skip copies that tools leave behind, and files that services include. */
static bool
is_service(const char *name)
{
	static const char *const endings[] = {
		"~", ".pam-old", ".pam-new", ".bak", ".orig", ".old", ".save",
		".rpmsave", ".rpmnew", ".rpmorig", ".ucf-old", ".ucf-dist",
		".dpkg-old", ".dpkg-dist", ".dpkg-new", ".dpkg-tmp",
	};
	size_t i;

	for (i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		if (bytes_ends(bytes_str(name), bytes_str(endings[i])))
			return false;
	}
	return name[0] != '.' &&
	    !bytes_starts(bytes_str(name), bytes_str("common-"));
}

/* libpam takes the file of an earlier folder if both have the name. */
static bool
is_shadowed(const char *const *folders, size_t folder, const char *name)
{
	char path[512];
	size_t i;

	for (i = 0; i < folder; i++) {
		snprintf(path, sizeof(path), "%s/%s", folders[i], name);
		if (access(path, F_OK) == 0)
			return true;
	}
	return false;
}

static bool
look_at_folder(struct look *look, size_t folder)
{
	struct dirent **names = NULL;
	int count = scandir(look->folders[folder], &names, NULL, alphasort);
	bool ok = true;
	int i;

	for (i = 0; i < count; i++) {
		const char *name = names[i]->d_name;

		if (ok && is_service(name) &&
		    !is_shadowed(look->folders, folder, name))
			ok = look_at_service(look, name);
		free(names[i]);
	}
	free(names);
	return ok;
}

static bool
look_at_all(struct look *look)
{
	size_t i;

	for (i = 0; look->folders[i] != NULL; i++) {
		if (!look_at_folder(look, i))
			return false;
	}
	return true;
}

void
check_stack_note(const char *const *folders, const char *config,
    struct diag *diag)
{
	struct look look = { .folders = folders, .config = config };
	struct diag_place place = { .file = folders[0] };

	if (look_at_all(&look))
		report_findings(&look, diag);
	else
		diag_add(diag, place, JWT_OUT_OF_MEMORY, "memory ran out");
	arena_clear(&look.arena);
}

void
check_stack_print(const char *const *folders, const char *config)
{
	struct look look = {
		.folders = folders, .config = config, .prints = true
	};

	(void)!look_at_all(&look);
	arena_clear(&look.arena);
}
