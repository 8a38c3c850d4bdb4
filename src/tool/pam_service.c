/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finds the services as libpam does: by the names of files, where an earlier
 * folder hides a later one.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/policy/conf.h"
#include "host/load.h"
#include "tool/pam_service.h"

const char *const pam_service_types[] = {
	"auth", "account", "password", "session", NULL
};

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
visit_folder(const char *const *folders, size_t folder,
    bool (*visit)(void *context, const char *service), void *context)
{
	struct dirent **names = NULL;
	int count = scandir(folders[folder], &names, NULL, alphasort);
	bool ok = true;
	int i;

	for (i = 0; i < count; i++) {
		const char *name = names[i]->d_name;

		if (ok && is_service(name) &&
		    !is_shadowed(folders, folder, name))
			ok = visit(context, name);
		free(names[i]);
	}
	free(names);
	return ok;
}

bool
pam_service_each(const char *const *folders,
    bool (*visit)(void *context, const char *service), void *context)
{
	size_t i;

	for (i = 0; folders[i] != NULL; i++) {
		if (!visit_folder(folders, i, visit, context))
			return false;
	}
	return true;
}

static bool
is_ours(const struct pam_line *line, const char *config)
{
	static const char option[] = "config=";
	struct bytes rest = bytes_str(line->arguments), word;
	struct bytes named = bytes_str(LOAD_CONFIG_DEFAULT);

	if (!pam_line_is_of(line, PAM_SERVICE_MODULE))
		return false;
	while ((word = conf_word(&rest)).len > 0) {
		if (bytes_starts(word, bytes_str(option)))
			named = bytes_of(word.ptr + strlen(option),
			    word.len - strlen(option));
	}
	return bytes_eq_str(named, config);
}

size_t
pam_stack_find_ours(const struct pam_stack *stack, size_t from,
    const char *config)
{
	while (from < stack->count && !is_ours(&stack->lines[from], config))
		from++;
	return from;
}

bool
pam_service_asks(const char *const *folders, const char *service,
    const char *config)
{
	struct arena arena = { 0 };
	struct pam_stack auth = { .arena = &arena, .folders = folders };
	bool result = pam_stack_read(&auth, service, "auth") &&
	    pam_stack_find_ours(&auth, 0, config) < auth.count;

	arena_clear(&arena);
	return result;
}

bool
pam_line_refuses(const struct pam_line *line, const char *result)
{
	struct bytes action = pam_line_action(line, result);

	return bytes_eq_str(action, "bad") || bytes_eq_str(action, "die") ||
	    bytes_eq_str(action, "ok") || bytes_eq_str(action, "done");
}

struct diag_place
pam_line_place(const struct pam_line *line)
{
	return (struct diag_place){ .file = line->file, .line = line->line };
}
