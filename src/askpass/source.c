/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finds the source of the token: the file that the user names, the file in its
 * known place, or the command of the configuration, in this order.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "askpass/command.h"
#include "askpass/source.h"
#include "cli/complain.h"
#include "cli/exit.h"
#include "cli/userfile.h"

/* A pipe can be read only once, and may give another token the next time. */
static bool
is_regular(const char *path)
{
	struct stat st;

	return stat(path, &st) != 0 || S_ISREG(st.st_mode);
}

/* A file that cannot be looked at counts: reading it will say why. */
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
	const char *token = places->token, *config = places->config;

	if (token == NULL)
		token = "$XDG_RUNTIME_DIR/pam-jwt/token";
	if (config == NULL)
		config = "~/.config/pam-jwt/askpass.conf";
	return complain("no token: PAM_JWT_TOKEN_FILE is not set, there is "
	    "no file %s, and no command in %s", token, config);
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

/* The handler of SIGALRM: it may call only async-signal-safe functions. */
static void
give_up(int number)
{
	static const char text[] = "pam-jwt-askpass: nobody wrote a token into "
	    "the pipe that PAM_JWT_TOKEN_FILE names\n";

	ssize_t put = write(STDERR_FILENO, text, sizeof(text) - 1);

	(void)put;
	(void)number;
	_exit(EXIT_TROUBLE);
}

/* Against a pipe that nobody writes into or closes: we would wait for ever. */
static enum userfile_result
read_named(const char *path, unsigned timeout_sec, struct userfile *out)
{
	enum userfile_result result;

	(void)signal(SIGALRM, give_up);
	(void)alarm(timeout_sec);
	result = userfile_read(path, USERFILE_ANY, out);
	(void)alarm(0);
	return result;
}

bool
source_read(const struct source *source, const struct config *config,
    struct secret *out)
{
	enum userfile_result result;
	struct userfile file;

	if (source->path == NULL)
		return command_run(config->command, config->timeout_sec, out);
	if (source->is_named)
		result = read_named(source->path, config->timeout_sec, &file);
	else
		result = userfile_read(source->path, USERFILE_PRIVATE, &file);
	*out = file.text;
	if (result == USERFILE_MISSING)
		complain("%s: there is no such file", source->path);
	return result == USERFILE_OK;
}
