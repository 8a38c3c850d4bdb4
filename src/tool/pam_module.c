/* SPDX-License-Identifier: BSD-2-Clause */
/* Looks for a module in the folders of Debian, Fedora, Arch, Alpine, SUSE. */
#include <glob.h>
#include <stdio.h>
#include <unistd.h>

#include "tool/pam_module.h"

const char *const pam_module_folders[] = {
	"/lib/*/security", "/usr/lib/*/security", "/lib64/security",
	"/usr/lib64/security", "/lib/security", "/usr/lib/security",
	"/usr/local/lib/security", NULL
};

static bool
find_in(const char *folder, const char *name, char path[FILE_PATH_MAX])
{
	int len = snprintf(path, FILE_PATH_MAX, "%s/%s", folder, name);

	return len < FILE_PATH_MAX && access(path, F_OK) == 0;
}

static bool
find_by_pattern(const char *pattern, const char *name,
    char path[FILE_PATH_MAX])
{
	bool is_found = false;
	glob_t found;
	size_t i;

	if (glob(pattern, 0, NULL, &found) != 0)
		return false;
	for (i = 0; i < found.gl_pathc && !is_found; i++)
		is_found = find_in(found.gl_pathv[i], name, path);
	globfree(&found);
	return is_found;
}

bool
pam_module_find(const char *const *folders, const char *name,
    char path[FILE_PATH_MAX])
{
	size_t i;

	if (name[0] == '/')
		return find_in("", name + 1, path);
	for (i = 0; folders[i] != NULL; i++) {
		if (find_by_pattern(folders[i], name, path))
			return true;
	}
	return false;
}
