/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is commonly forgotten around a configuration.  Each kind of look has a
 * file of its own.
 */
#include <string.h>

#include "host/load.h"
#include "tool/check_around.h"
#include "tool/check_clock.h"
#include "tool/check_door.h"
#include "tool/check_folders.h"
#include "tool/check_lines.h"
#include "tool/check_services.h"
#include "tool/check_sshd.h"
#include "tool/check_sshd_place.h"
#include "tool/check_stack.h"
#include "tool/check_version.h"
#include "tool/pam_module.h"
#include "tool/pam_service.h"

struct search {
	const char *const *folders;
	const char *config;
	bool is_found;
};

static bool
search_service(void *context, const char *service)
{
	struct search *search = context;
	size_t i;

	for (i = 0; pam_service_types[i] != NULL && !search->is_found; i++) {
		struct arena arena = { 0 };
		struct pam_stack stack = {
			.arena = &arena, .folders = search->folders
		};

		search->is_found = pam_stack_read(&stack, service,
		    pam_service_types[i]) && pam_stack_find_ours(&stack, 0,
		    search->config) < stack.count;
		arena_clear(&arena);
	}
	return !search->is_found;
}

bool
check_around_is_here(const char *const *folders, const char *config)
{
	struct search search = { .folders = folders, .config = config };

	if (strcmp(config, LOAD_CONFIG_DEFAULT) == 0)
		return true;
	(void)!pam_service_each(folders, search_service, &search);
	return search.is_found;
}

void
check_around_note(const struct policy *policy, struct diag *diag)
{
	check_lines_note(check_stack_folders, pam_module_folders, diag);
	check_services_note(check_stack_folders, policy, diag);
	check_door_note(check_stack_folders, policy, diag);
	check_version_note(check_stack_folders, pam_module_folders, diag);
	check_clock_note(check_clock_ask(), policy->file, diag);
}

void
check_around_note_root(const struct policy *policy, const char *settings,
    struct diag *diag)
{
	if (settings != NULL) {
		check_sshd_note(check_stack_folders, policy->file, settings,
		    CHECK_SSHD_CONFIG, diag);
		check_door_note_keys(check_stack_folders, policy, settings,
		    CHECK_SSHD_CONFIG, diag);
	}
	check_folders_note(CHECK_FOLDERS_TOP, diag);
}
