/* SPDX-License-Identifier: BSD-2-Clause */
/* Finds the source of a token. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "askpass/command.h"
#include "askpass/session.h"
#include "askpass/source.h"
#include "askpass/token.h"
#include "cli/complain.h"
#include "cli/login_conf.h"
#include "cli/userfile.h"
#include "core/jose/shape.h"

/* The file that the user names; NULL without one. */
static const char *
named_file(void)
{
	const char *path = getenv("PAM_JWT_TOKEN_FILE");

	if (path == NULL || path[0] == '\0')
		return NULL;
	return path;
}

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

/* ---- files --------------------------------------------------------------- */

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

static enum tool_exit
read_file(const char *path, enum userfile_kind kind, struct secret *out)
{
	struct userfile file;
	enum userfile_result result = userfile_read(path, kind, &file);

	*out = file.text;
	if (result == USERFILE_OK)
		return EXIT_YES;
	if (result == USERFILE_MISSING)
		complain("%s: there is no such file", path);
	return EXIT_TROUBLE;
}

/* Against another user whose folder leads to a file that we did not mean. */
static enum tool_exit
read_token(const struct places *places, struct secret *out)
{
	if (!userfile_is_own_folder(places->folder))
		return EXIT_TROUBLE;
	return read_file(places->token, USERFILE_PRIVATE, out);
}

/* Against a pipe that nobody writes into or closes: we would wait for ever. */
static enum tool_exit
read_named(const char *path, unsigned timeout_sec, struct secret *out)
{
	enum tool_exit code;

	(void)signal(SIGALRM, give_up);
	(void)alarm(timeout_sec);
	code = read_file(path, USERFILE_ANY, out);
	(void)alarm(0);
	return code;
}

/* ---- the command --------------------------------------------------------- */

/* The variable, or none, also where our caller had one of that name. */
static bool
set_variable(const char *name, const char *value)
{
	int result;

	if (value == NULL)
		result = unsetenv(name);
	else
		result = setenv(name, value, 1);
	return result == 0 || complain("memory ran out");
}

static enum tool_exit
run_command(const struct source_query *query, struct secret *out)
{
	struct arena *arena = query->arena;
	char *argv[] = { arena_copy(arena, bytes_str("sh")),
	    arena_copy(arena, bytes_str("-c")),
	    arena_copy(arena, bytes_str(query->config->command)), NULL };
	struct command command = {
		.name = "the command", .path = "/bin/sh", .argv = argv,
		.timeout_sec = query->config->timeout_sec,
		.advice = ": does it wait for you to log in again? See timeout "
		    "in pam-jwt-askpass(1)"
	};
	int status;

	if (argv[0] == NULL || argv[1] == NULL || argv[2] == NULL) {
		complain("memory ran out");
		return EXIT_TROUBLE;
	}
	if (!set_variable("PAM_JWT_HOST", query->asker->host) ||
	    !set_variable("PAM_JWT_USER", query->asker->user) ||
	    !command_run(&command, out, &status))
		return EXIT_TROUBLE;
	if (status == 0)
		return EXIT_YES;
	complain("the command failed, with exit status %d", status);
	return EXIT_TROUBLE;
}

/* ---- which --------------------------------------------------------------- */

/* Whether the sources of askpass.conf mean this host: without host, any. */
static bool
is_meant(const struct source_query *query)
{
	const struct config_list *hosts = &query->config->hosts;

	return hosts->count == 0 ||
	    asker_meant(query->asker, hosts->item, hosts->count) != NULL;
}

static enum tool_exit
complain_not_meant(const struct asker *asker)
{
	fputs("pam-jwt-askpass: ", stderr);
	asker_print(asker, stderr);
	fputs(" asks for a token and gets none: it is not among the hosts of "
	    "login.conf, or of askpass.conf\n", stderr);
	return EXIT_NO;
}

static enum tool_exit
complain_none(const struct places *places)
{
	const char *token = places->token, *config = places->config;

	if (token == NULL)
		token = "$XDG_RUNTIME_DIR/pam-jwt/token";
	if (config == NULL)
		config = "~/.config/pam-jwt/askpass.conf";
	complain("no token: PAM_JWT_TOKEN_FILE is not set, there is no file "
	    "%s, no command in %s, and no login.conf", token, config);
	return EXIT_TROUBLE;
}

/* Whether there is another source, if only for other hosts. */
static bool
has_other(const struct source_query *query)
{
	return named_file() != NULL || exists(query->places->token) ||
	    query->config->command != NULL;
}

/* No section means this host. */
static enum tool_exit
without_section(const struct source_query *query, bool has_sections,
    const struct secret *old)
{
	if (old->len > 0)
		return EXIT_YES;	/* token_check_time() says so */
	if (has_sections || has_other(query))
		return complain_not_meant(query->asker);
	return complain_none(query->places);
}

/*
 * The first section that means this host.
 *
 * *out  in: a token that is over, or nothing
 */
static enum tool_exit
read_session(const struct source_query *query, struct secret *out,
    enum source_kind *kind)
{
	enum tool_exit code = EXIT_TROUBLE;
	const char *host = NULL;
	struct login_conf conf;
	size_t i;

	if (!login_conf_load(query->places, &conf))
		goto out;
	for (i = 0; i < conf.count && host == NULL; i++)
		host = asker_meant(query->asker, conf.sections[i].hosts,
		    conf.sections[i].hosts_len);
	if (host == NULL) {
		code = without_section(query, conf.count > 0, out);
		goto out;
	}
	secret_clear(out);
	*kind = SOURCE_SESSION;
	code = session_get(&conf.sections[i - 1], host, query->arena, out);
out:
	login_conf_clear(&conf);
	return code;
}

/*
 * A token that is over counts as one that is not there, but not between two
 * parts.
 */
static bool
is_over(const struct source_query *query, struct bytes text)
{
	return query->is_first && token_is_over(shape_trim(text),
	    (int64_t)time(NULL));
}

enum tool_exit
source_get(const struct source_query *query, struct secret *out,
    enum source_kind *kind)
{
	const char *named = named_file(), *token = query->places->token;
	enum tool_exit code;

	*out = (struct secret){ .ptr = NULL };
	*kind = SOURCE_CHANGING;
	if (!is_meant(query))
		return read_session(query, out, kind);
	if (named != NULL) {
		if (is_regular(named))
			*kind = SOURCE_STEADY;
		return read_named(named, query->config->timeout_sec, out);
	}
	if (exists(token)) {
		code = read_token(query->places, out);
		if (code != EXIT_YES || !is_over(query, secret_bytes(out))) {
			*kind = SOURCE_STEADY;
			return code;
		}
	}
	if (query->config->command == NULL)
		return read_session(query, out, kind);
	secret_clear(out);
	return run_command(query, out);
}
