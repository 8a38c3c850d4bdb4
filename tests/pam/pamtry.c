/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A PAM program for tests: plays a script of calls against a private folder
 * of stacks, and prints a transcript of all that the module does.
 *
 *	pamtry FOLDER SERVICE STEP...
 *
 * A step is a call (authenticate acct_mgmt setcred open_session
 * close_session chauthtok; flags behind a colon, as setcred:establish,silent)
 * or a setting, in the order in which it is to happen:
 *
 *	user= rhost= tty= ruser=   PAM items
 *	env=NAME=VALUE             the PAM environment
 *	systemd=no                 the host runs without it; default: with it
 *	conv=none                  a program without a conversation
 *	now=EPOCH                  what time() says from here on
 *	login_defs=FILE            read in place of /etc/login.defs
 *	var_lib=FOLDER             in place of /var/lib/pam_jwt
 *	cgroup=FILE                in place of /proc/PID/cgroup, as in a session
 *	answers=FILE               what the user types; see answer_with()
 *	save=FILE                  where the last answer is written to
 *	limit_as=KIB               RLIMIT_AS: so much more than is mapped now
 *	limit_nofile=N limit_fsize=N
 *	output=FD                  where the transcript goes; default 1
 *	process=child              a child does the rest, and pamtry waits for it
 *
 * FAKE_RUN names a folder that takes the place of /run.  Needs no root and no
 * real account: what the module asks its host for is answered by fakehost.h, and what it logs is a line of the transcript.
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <syslog.h>

#include <security/pam_appl.h>
#include <security/pam_ext.h>

#include "tests/pam/fakehost.h"

#define FILE_MAX	(4 * 1024 * 1024)
#define LINE_MAX_LEN	32768
#define ENV_MAX		32
#define CODE_NONE	-1

/* What is known by name, of flags and of return codes. */
struct name {
	const char *name;
	int value;
};

static const struct name codes[] = {
	{ "PAM_SUCCESS", PAM_SUCCESS }, { "PAM_OPEN_ERR", PAM_OPEN_ERR },
	{ "PAM_SYMBOL_ERR", PAM_SYMBOL_ERR },
	{ "PAM_SERVICE_ERR", PAM_SERVICE_ERR },
	{ "PAM_SYSTEM_ERR", PAM_SYSTEM_ERR }, { "PAM_BUF_ERR", PAM_BUF_ERR },
	{ "PAM_PERM_DENIED", PAM_PERM_DENIED },
	{ "PAM_AUTH_ERR", PAM_AUTH_ERR },
	{ "PAM_CRED_INSUFFICIENT", PAM_CRED_INSUFFICIENT },
	{ "PAM_AUTHINFO_UNAVAIL", PAM_AUTHINFO_UNAVAIL },
	{ "PAM_USER_UNKNOWN", PAM_USER_UNKNOWN },
	{ "PAM_MAXTRIES", PAM_MAXTRIES },
	{ "PAM_NEW_AUTHTOK_REQD", PAM_NEW_AUTHTOK_REQD },
	{ "PAM_ACCT_EXPIRED", PAM_ACCT_EXPIRED },
	{ "PAM_SESSION_ERR", PAM_SESSION_ERR },
	{ "PAM_CRED_UNAVAIL", PAM_CRED_UNAVAIL },
	{ "PAM_CRED_EXPIRED", PAM_CRED_EXPIRED },
	{ "PAM_CRED_ERR", PAM_CRED_ERR },
	{ "PAM_NO_MODULE_DATA", PAM_NO_MODULE_DATA },
	{ "PAM_CONV_ERR", PAM_CONV_ERR },
	{ "PAM_AUTHTOK_ERR", PAM_AUTHTOK_ERR }, { "PAM_IGNORE", PAM_IGNORE },
	{ "PAM_ABORT", PAM_ABORT }, { "PAM_BAD_ITEM", PAM_BAD_ITEM },
	{ "PAM_CONV_AGAIN", PAM_CONV_AGAIN },
	{ "PAM_INCOMPLETE", PAM_INCOMPLETE },
	{ "PAM_MODULE_UNKNOWN", PAM_MODULE_UNKNOWN },
	{ NULL, CODE_NONE }
};

static const struct name flag_names[] = {
	{ "silent", (int)PAM_SILENT },
	{ "disallow_null", PAM_DISALLOW_NULL_AUTHTOK },
	{ "establish", PAM_ESTABLISH_CRED }, { "delete", PAM_DELETE_CRED },
	{ "reinitialize", PAM_REINITIALIZE_CRED },
	{ "refresh", PAM_REFRESH_CRED },
	{ "expired", PAM_CHANGE_EXPIRED_AUTHTOK }, { NULL, CODE_NONE }
};

static const struct call {
	const char *name;
	int (*run)(pam_handle_t *, int);
} calls[] = {
	{ "authenticate", pam_authenticate }, { "acct_mgmt", pam_acct_mgmt },
	{ "setcred", pam_setcred }, { "open_session", pam_open_session },
	{ "close_session", pam_close_session },
	{ "chauthtok", pam_chauthtok }, { NULL, NULL }
};

static const struct name items[] = {
	{ "user", PAM_USER }, { "rhost", PAM_RHOST }, { "tty", PAM_TTY },
	{ "ruser", PAM_RUSER }, { NULL, CODE_NONE }
};

static int output = STDOUT_FILENO;
static pam_handle_t *handle;
static char *answers;		/* the rest of the file; NULL: none */
static const char *save;
static char *env_seen[ENV_MAX];	/* the PAM environment after the last call */
static char user_seen[256] = "none";

static const char *
name_of(const struct name *table, int value)
{
	for (; table->name != NULL; table++) {
		if (table->value == value)
			return table->name;
	}
	return "?";
}

static int
value_of(const struct name *table, const char *name)
{
	for (; table->name != NULL; table++) {
		if (strcmp(table->name, name) == 0)
			return table->value;
	}
	return CODE_NONE;
}

/* Allocates nothing, so that it works under any limit that a test sets. */
static void
put(const char *text, size_t len)
{
	while (len > 0) {
		ssize_t done = write(output, text, len);

		if (done <= 0)
			_exit(3);
		text += done;
		len -= (size_t)done;
	}
}

/*
 * One line of the transcript, everything but printable ASCII as <NN>: not in
 * the way that the module escapes, so that one sees who did it.
 */
static void
put_text(const char *kind, const char *text, const char *end)
{
	static char line[4 * LINE_MAX_LEN];
	size_t len = (size_t)snprintf(line, sizeof(line), "%s", kind);

	for (; *text != '\0' && len < sizeof(line) - 8; text++) {
		unsigned char c = (unsigned char)*text;

		if (c >= ' ' && c < 0x7f)
			line[len++] = (char)c;
		else
			len += (size_t)snprintf(line + len, 8, "<%02x>", c);
	}
	len += (size_t)snprintf(line + len, 8, "%s\n", end);
	put(line, len);
}

static void
put_line(const char *kind, const char *text)
{
	put_text(kind, text, "");
}

/* In quotes: a blank at the end is part of a prompt. */
static void
put_quoted(const char *kind, const char *text)
{
	put_text(kind, text, "\"");
}

__attribute__((noreturn)) static void
die(const char *what, const char *why)
{
	fprintf(stderr, "pamtry: %s: %s\n", what, why);
	exit(2);
}

/* Stands in front of libpam's for the module and for libpam itself. */
SHOWN void
pam_syslog(const pam_handle_t *pamh, int priority, const char *format, ...)
{
	static const char *const levels[] = {
		"emerg", "alert", "crit", "err", "warning", "notice", "info",
		"debug"
	};
	static char text[LINE_MAX_LEN];
	char kind[32];
	va_list args;

	(void)pamh;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	snprintf(kind, sizeof(kind), "log %s ", levels[LOG_PRI(priority)]);
	put_line(kind, text);
}

/* A file whole, with a terminator; for free(). */
static char *
read_file(const char *path)
{
	FILE *file = fopen(path, "r");
	char *text = malloc(FILE_MAX);
	size_t len;

	if (file == NULL || text == NULL)
		die(path, strerror(errno));
	len = fread(text, 1, FILE_MAX - 1, file);
	text[len] = '\0';
	fclose(file);
	return text;
}

/* The next line of the answers, cut off; NULL at their end. */
static char *
next_answer(void)
{
	static char *at;
	char *line, *end;

	if (at == NULL)
		at = answers;
	if (at == NULL || *at == '\0')
		return NULL;
	line = at;
	end = strchr(line, '\n');
	at = end == NULL ? line + strlen(line) : end + 1;
	if (end != NULL)
		*end = '\0';
	return line;
}

/* \r \n \t \\ and \xNN, in place. */
static void
unescape(char *text)
{
	char *out = text;
	char hex[3] = "";

	for (; *text != '\0'; text++) {
		if (*text != '\\') {
			*out++ = *text;
			continue;
		}
		if (*++text == '\0')
			break;
		if (*text == 'x' && text[1] != '\0' && text[2] != '\0') {
			memcpy(hex, text + 1, 2);
			*out++ = (char)strtoul(hex, NULL, 16);
			text += 2;
		} else {
			*out++ = *text == 'r' ? '\r' : *text == 'n' ? '\n' :
			    *text == 't' ? '\t' : *text;
		}
	}
	*out = '\0';
}

/* "COUNT C": C so many times; for free(). */
static char *
repeat(const char *argument)
{
	char *rest;
	size_t count = strtoul(argument, &rest, 10);
	char *text = malloc(count + 1);

	if (text == NULL || *rest != ' ')
		die(argument, "not COUNT CHARACTER");
	memset(text, rest[1], count);
	text[count] = '\0';
	return text;
}

static void
save_answer(const char *text)
{
	FILE *file = save == NULL ? NULL : fopen(save, "w");

	if (file == NULL)
		return;
	fputs(text, file);
	fclose(file);
}

/* What a line of answers comes to. */
struct answer {
	int code;
	char *text;		/* for free(); NULL: a reply without text */
	bool reply;		/* false: not even a reply */
};

/*
 * A line of answers:
 *
 *	@file PATH	what is in the file
 *	@repeat N C	the character, N times
 *	@empty		the empty string
 *	@null		success, without an answer
 *	@noreply	success, without a reply
 *	@error CODE	the conversation fails, without a reply
 *	@junk CODE	it fails, and leaves an answer all the same
 *	@user NAME	the program changes PAM_USER, then the next line
 *	TEXT		as it is, with \r \n \t \\ \xNN undone
 */
static struct answer
answer_with(char *line)
{
	char *argument = strchr(line, ' ');
	struct answer answer = { .code = PAM_SUCCESS, .reply = true };

	if (line[0] != '@') {
		unescape(line);
		answer.text = strdup(line);
		return answer;
	}
	if (argument != NULL)
		*argument++ = '\0';
	if (strcmp(line, "@null") == 0)
		return answer;
	if (strcmp(line, "@noreply") == 0)
		answer.reply = false;
	else if (strcmp(line, "@empty") == 0)
		answer.text = strdup("");
	else if (argument == NULL)
		die(line, "needs an argument, or is not known");
	else if (strcmp(line, "@file") == 0)
		answer.text = read_file(argument);
	else if (strcmp(line, "@repeat") == 0)
		answer.text = repeat(argument);
	else if (strcmp(line, "@error") == 0)
		answer = (struct answer){ .code = value_of(codes, argument) };
	else if (strcmp(line, "@junk") == 0)
		answer = (struct answer){
			value_of(codes, argument), strdup("junk"), true
		};
	else
		die(line, "not an answer");
	return answer;
}

static struct answer
find_answer(void)
{
	char *line = next_answer();

	while (line != NULL && strncmp(line, "@user ", 6) == 0) {
		pam_set_item(handle, PAM_USER, line + 6);
		line = next_answer();
	}
	if (line == NULL)
		return (struct answer){ .code = PAM_CONV_ERR };
	return answer_with(line);
}

static int
converse(int count, const struct pam_message **messages,
    struct pam_response **out, void *data)
{
	const struct pam_message *message = messages[0];
	struct answer answer = { .code = PAM_SUCCESS, .reply = true };

	(void)data;
	*out = NULL;
	if (count != 1)
		put_line("", "several messages in one call");
	if (message->msg_style == PAM_ERROR_MSG) {
		put_quoted("error \"", message->msg);
	} else if (message->msg_style == PAM_TEXT_INFO) {
		put_quoted("info \"", message->msg);
	} else {
		put_quoted(message->msg_style == PAM_PROMPT_ECHO_OFF ?
		    "prompt \"" : "prompt-echo \"", message->msg);
		answer = find_answer();
		if (answer.text != NULL)
			save_answer(answer.text);
	}
	if (!answer.reply)
		return answer.code;
	*out = calloc((size_t)count, sizeof(**out));
	if (*out == NULL) {
		free(answer.text);
		return PAM_BUF_ERR;
	}
	(*out)->resp = answer.text;
	return answer.code;
}

static bool
is_in(char *const *list, const char *entry)
{
	size_t i;

	for (i = 0; list[i] != NULL; i++) {
		if (strcmp(list[i], entry) == 0)
			return true;
	}
	return false;
}

/* Take over what is there now; of a list that pam_getenvlist() made. */
static void
keep_env(char **now)
{
	size_t i;

	for (i = 0; i < ENV_MAX && env_seen[i] != NULL; i++)
		free(env_seen[i]);
	for (i = 0; now[i] != NULL; i++) {
		if (i >= ENV_MAX - 1)
			die("PAM environment", "too large");
		env_seen[i] = now[i];
	}
	env_seen[i] = NULL;
	free(now);
}

static void
report_env(void)
{
	char **now = pam_getenvlist(handle);
	size_t i;

	if (now == NULL)
		return;
	for (i = 0; env_seen[i] != NULL; i++) {
		if (!is_in(now, env_seen[i]))
			put_line("env-gone ", env_seen[i]);
	}
	for (i = 0; now[i] != NULL; i++) {
		if (!is_in(env_seen, now[i]))
			put_line("env ", now[i]);
	}
	keep_env(now);
}

/* PAM_USER where it is another than after the last call. */
static void
report_user(void)
{
	const void *item = NULL;
	char now[256] = "none";

	if (pam_get_item(handle, PAM_USER, &item) == PAM_SUCCESS &&
	    item != NULL)
		snprintf(now, sizeof(now), "\"%s\"", (const char *)item);
	if (strcmp(now, user_seen) != 0)
		put_line("user ", now);
	memcpy(user_seen, now, sizeof(now));
}

/* "setcred:establish,silent" */
static int
run_call(const char *step, int *code)
{
	char text[128], *flag, *rest;
	const struct call *call = calls;
	int flags = 0;

	snprintf(text, sizeof(text), "%s", step);
	rest = strchr(text, ':');
	if (rest != NULL)
		*rest++ = '\0';
	while (call->name != NULL && strcmp(call->name, text) != 0)
		call++;
	if (call->name == NULL)
		return -1;
	while ((flag = strsep(&rest, ",")) != NULL) {
		int value = value_of(flag_names, flag);

		if (value == CODE_NONE)
			die(step, "a flag that is not known");
		flags |= value;
	}
	*code = call->run(handle, flags);
	snprintf(text, sizeof(text), "%s ", step);
	put_line(text, name_of(codes, *code));
	report_user();
	report_env();
	return 0;
}

/* What is mapped now, in bytes. */
static rlim_t
mapped(void)
{
	unsigned long pages = 0;
	FILE *file = fopen("/proc/self/statm", "r");

	if (file == NULL || fscanf(file, "%lu", &pages) != 1)
		die("/proc/self/statm", "cannot be read");
	fclose(file);
	return (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE);
}

static void
set_limit(__rlimit_resource_t resource, rlim_t value)
{
	struct rlimit limit;

	if (getrlimit(resource, &limit) != 0)
		die("getrlimit", strerror(errno));
	limit.rlim_cur = value < limit.rlim_max ? value : limit.rlim_max;
	if (setrlimit(resource, &limit) != 0)
		die("setrlimit", strerror(errno));
}

static bool
set_item(const char *name, const char *value)
{
	int item = value_of(items, name);

	if (item == CODE_NONE)
		return false;
	if (pam_set_item(handle, item, value) != PAM_SUCCESS)
		die(name, "pam_set_item");
	report_user();
	return true;
}

/* Goes on in a child, and exits when it has. */
static void
fork_rest(void)
{
	int status;
	pid_t child = fork();

	if (child < 0)
		die("fork", strerror(errno));
	if (child == 0)
		return;
	if (waitpid(child, &status, 0) != child)
		die("waitpid", strerror(errno));
	_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
}

/* "NAME=VALUE", with the escapes of an answer in it. */
static int
run_setting(char *step)
{
	char name[32], *value = strchr(step, '=');
	unsigned long number;

	if (value == NULL || (size_t)(value - step) >= sizeof(name))
		return -1;
	snprintf(name, sizeof(name), "%.*s", (int)(value - step), step);
	unescape(++value);
	number = strtoul(value, NULL, 10);
	if (set_item(name, value))
		return 0;
	if (strcmp(name, "now") == 0)
		fake_now = (time_t)number;
	else if (strcmp(name, "login_defs") == 0)
		fake_login_defs = value;
	else if (strcmp(name, "var_lib") == 0)
		fake_var_lib = value;
	else if (strcmp(name, "cgroup") == 0)
		fake_cgroup = value;
	else if (strcmp(step, "systemd=no") == 0)
		fake_no_systemd = 1;
	else if (strcmp(step, "process=child") == 0)
		fork_rest();
	else if (strcmp(step, "conv=none") == 0)
		pam_set_item(handle, PAM_CONV, &(struct pam_conv){ NULL, NULL });
	else if (strcmp(name, "env") == 0 &&
	    pam_putenv(handle, value) == PAM_SUCCESS)
		report_env();
	else if (strcmp(name, "exec") == 0 && system(value) != 0)
		die(value, "failed");
	else if (strcmp(name, "exec") == 0)
		return 0;
	else if (strcmp(name, "answers") == 0)
		answers = read_file(value);
	else if (strcmp(name, "save") == 0)
		save = value;
	else if (strcmp(name, "limit_as") == 0)
		set_limit(RLIMIT_AS, mapped() + 1024 * (rlim_t)number);
	else if (strcmp(name, "limit_nofile") == 0)
		set_limit(RLIMIT_NOFILE, number);
	else if (strcmp(name, "limit_fsize") == 0)
		set_limit(RLIMIT_FSIZE, number);
	else if (strcmp(name, "output") == 0)
		output = (int)number;
	else
		return -1;
	return 0;
}

int
main(int argc, char **argv)
{
	const struct pam_conv conv = { .conv = converse };
	int i, code = PAM_SUCCESS, end;

	if (argc < 4)
		die("usage", "pamtry FOLDER SERVICE STEP...");
	/* Where libpam itself has something to log, it is to be seen too. */
	for (i = 3; i < argc && strncmp(argv[i], "output=", 7) == 0; i++)
		run_setting(argv[i]);
	end = pam_start_confdir(argv[2], NULL, &conv, argv[1], &handle);
	if (end != PAM_SUCCESS)
		die("pam_start_confdir", name_of(codes, end));
	for (; i < argc; i++) {
		if (run_setting(argv[i]) != 0 && run_call(argv[i], &code) != 0)
			die(argv[i], "not a step");
	}
	end = pam_end(handle, code);
	if (end != PAM_SUCCESS)
		put_line("pam_end ", name_of(codes, end));
	for (i = 0; env_seen[i] != NULL; i++)
		free(env_seen[i]);
	free(answers);
	return 0;
}
