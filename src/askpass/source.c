/* SPDX-License-Identifier: BSD-2-Clause */
/* A file that the user names, his file in a known place, or a command. */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "askpass/command.h"
#include "askpass/complain.h"
#include "askpass/source.h"
#include "askpass/userfile.h"

/* A pipe can be read only once; who writes it may write another token. */
static bool
is_regular(const char *path)
{
	struct stat st;

	return stat(path, &st) != 0 || S_ISREG(st.st_mode);
}

/* What is there but cannot be looked at counts: reading it says why. */
static bool
exists(const char *path)
{
	struct stat st;

	return path != NULL && (lstat(path, &st) == 0 ||
	    (errno != ENOENT && errno != ENOTDIR));
}

static bool
complain_none(const struct places *places)
{
	return complain("no token: PAM_JWT_TOKEN_FILE is not set, there is "
	    "no file %s, and no command in %s", places->token == NULL ?
	    "$XDG_RUNTIME_DIR/pam-jwt/token" : places->token,
	    places->config == NULL ? "~/.config/pam-jwt/askpass.conf" :
	    places->config);
}

bool
source_find(const struct config *config, const struct places *places,
    struct source *out)
{
	const char *named = getenv("PAM_JWT_TOKEN_FILE");

	*out = (struct source){ .path = NULL };
	if (named != NULL && named[0] != '\0') {
		out->path = named;
		out->is_named = true;
		out->changes = !is_regular(named);
		return true;
	}
	if (exists(places->token)) {
		out->path = places->token;
		return true;
	}
	out->changes = true;
	return config->command != NULL || complain_none(places);
}

bool
source_read(const struct source *source, const struct config *config,
    struct secret *out)
{
	enum userfile_result result;
	struct userfile file;

	if (source->path == NULL)
		return command_run(config->command, out);
	result = userfile_read(source->path, source->is_named ? USERFILE_ANY :
	    USERFILE_PRIVATE, &file);
	*out = file.text;
	if (result == USERFILE_MISSING)
		complain("%s: there is no such file", source->path);
	return result == USERFILE_OK;
}
