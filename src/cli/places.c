/* SPDX-License-Identifier: BSD-2-Clause */
/* Makes the paths of the user's files from environment variables. */
#include <stdlib.h>

#include "cli/places.h"

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

bool
places_find(struct arena *arena, struct places *out)
{
	const char *runtime = folder_of("XDG_RUNTIME_DIR");
	const char *config = folder_of("XDG_CONFIG_HOME");
	const char *below = "/pam-jwt/askpass.conf";

	if (config == NULL) {
		config = folder_of("HOME");
		below = "/.config/pam-jwt/askpass.conf";
	}
	return join(arena, config, below, &out->config) &&
	    join(arena, runtime, "/pam-jwt", &out->folder) &&
	    join(arena, out->folder, "/token", &out->token) &&
	    join(arena, out->folder, "/parts", &out->parts) &&
	    join(arena, out->folder, "/rest", &out->rest) &&
	    join(arena, out->folder, "/draft.XXXXXX", &out->draft);
}
