/* SPDX-License-Identifier: BSD-2-Clause */
/* Makes the paths of the user's files from environment variables. */
#include <stdlib.h>

#include "cli/places.h"

#define LOGIN_CONF SYSCONFDIR "/pam_jwt/login.conf"

/* The XDG specification says that a path which is not absolute is ignored. */
static const char *
folder_of(const char *variable)
{
	const char *path = getenv(variable);

	if (path == NULL || path[0] != '/')
		return NULL;
	return path;
}

/* Without a folder *out is NULL, which is not an error. */
static bool
join(struct arena *arena, const char *folder, const char *name,
    const char **out)
{
	size_t len;
	char *path;

	*out = NULL;
	if (folder == NULL)
		return true;
	len = strlen(folder);
	path = arena_alloc(arena, len + strlen(name) + 1);
	if (path == NULL)
		return false;
	memcpy(path, folder, len);
	memcpy(path + len, name, strlen(name) + 1);
	*out = path;
	return true;
}

/*
 * Join the folder that the variable names, or otherwise the default below the
 * home folder, and the name.
 */
static bool
join_xdg(struct arena *arena, const char *variable, const char *below_home,
    const char *name, const char **out)
{
	const char *folder = folder_of(variable);

	if (folder == NULL && !join(arena, folder_of("HOME"), below_home,
	    &folder))
		return false;
	return join(arena, folder, name, out);
}

bool
places_find(struct arena *arena, struct places *out)
{
	const char *runtime = folder_of("XDG_RUNTIME_DIR");

	out->login_system = LOGIN_CONF;
	return join_xdg(arena, "XDG_CONFIG_HOME", "/.config",
	    "/pam-jwt/askpass.conf", &out->config) &&
	    join_xdg(arena, "XDG_CONFIG_HOME", "/.config",
	    "/pam-jwt/login.conf", &out->login) &&
	    join_xdg(arena, "XDG_STATE_HOME", "/.local/state", "/pam-jwt",
	    &out->state) &&
	    join(arena, runtime, "/pam-jwt", &out->folder) &&
	    join(arena, out->folder, "/token", &out->token) &&
	    join(arena, out->folder, "/draft.XXXXXX", &out->draft);
}
