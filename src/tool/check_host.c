/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Warnings about the host around the configuration: settings of other programs
 * that would weaken a rule without any error, and stores that a login will
 * need.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "host/accounts.h"
#include "host/file.h"
#include "host/heartbeat.h"
#include "host/hostname.h"
#include "host/logind.h"
#include "host/state/state.h"
#include "tool/check_around.h"
#include "tool/check_host.h"
#include "tool/check_proof.h"
#include "tool/check_sessions.h"
#include "tool/check_sshd_ask.h"
#include "tool/check_stack.h"
#include "tool/check_units.h"

#define SUDOERS		"/etc/sudoers"
#define SUDOERS_FOLDER	"/etc/sudoers.d"

/*
 * Whether some test of a condition has that operator.  The parser limits the
 * depth of the recursion: see RULE_DEPTH_MAX.
 */
static bool
has_op(const struct rule_cond *cond, enum rule_op op)
{
	const struct rule_cond *child;

	if (cond == NULL)
		return false;
	if (cond->kind == RULE_TEST)
		return cond->test.op == op;
	for (child = cond->child; child != NULL; child = child->next) {
		if (has_op(child, op))
			return true;
	}
	return false;
}

/* Whether the service wants a new token, or a new authentication, each time. */
static bool
wants_each_time(const struct service *service)
{
	size_t i;

	for (i = 0; i < service->rules.count; i++) {
		if (has_op(service->rules.rule[i].cond, RULE_WITHIN))
			return true;
	}
	return service->single_use;
}

/* How long sudo's ticket lasts, by the settings that were read so far. */
enum ticket { TICKET_DEFAULT, TICKET_NONE, TICKET_UNKNOWN };

/*
 * Read a line "Defaults ... timestamp_timeout=NUMBER"; the last one counts.
 * Ignore Defaults of one host, user or command, such as "Defaults:bob": they do
 * not hold for everybody.
 */
static void
read_line(const char *line, enum ticket *ticket)
{
	const char *at;
	size_t zeros;

	line += strspn(line, " \t");
	if (strncmp(line, "Defaults", strlen("Defaults")) != 0)
		return;
	line += strlen("Defaults");
	at = strstr(line, "timestamp_timeout");
	if (strspn(line, " \t") == 0 || at == NULL)
		return;
	at += strlen("timestamp_timeout");
	at += strspn(at, " \t=");
	zeros = strspn(at, "0.");
	*ticket = TICKET_DEFAULT;
	if (zeros > 0 && strchr(", \t\n", at[zeros]) != NULL)
		*ticket = TICKET_NONE;
}

/* Read every line of a file; false if it cannot be opened. */
static bool
read_file(const char *path, enum ticket *ticket)
{
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t size = 0;

	if (file == NULL)
		return false;
	while (getline(&line, &size, file) >= 0) {
		line[strcspn(line, "#")] = '\0';
		read_line(line, ticket);
	}
	free(line);
	fclose(file);
	return true;
}

/* sudo skips names with a dot and names that end in ~: sudoers(5). */
static int
is_read_by_sudo(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return strchr(entry->d_name, '.') == NULL && len > 0 &&
	    entry->d_name[len - 1] != '~';
}

/* Read the files in the order of their names, as sudo does. */
static bool
read_folder(const char *folder, enum ticket *ticket)
{
	struct dirent **names = NULL;
	int count = scandir(folder, &names, is_read_by_sudo, alphasort);
	bool ok = true;
	char path[512];
	int i;

	for (i = 0; i < count; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder,
		    names[i]->d_name);
		ok = read_file(path, ticket) && ok;
		free(names[i]);
	}
	free(names);
	return ok;
}

static enum ticket
read_sudoers(void)
{
	enum ticket ticket = TICKET_DEFAULT;

	if (read_file(SUDOERS, &ticket) && read_folder(SUDOERS_FOLDER, &ticket))
		return ticket;
	return TICKET_UNKNOWN;
}

/*
 * Against a ticket of sudo that lets commands run for 15 minutes without the
 * new token that single_use or "within" demands.
 */
static void
note_ticket(const struct policy *policy, struct diag *diag)
{
	const struct service *service = policy_service(policy, "sudo");
	struct diag_place place = { .file = policy->file };
	enum ticket ticket;

	if (!wants_each_time(service))
		service = policy_service(policy, "sudo-i");
	if (!wants_each_time(service) || access(SUDOERS, F_OK) != 0)
		return;
	place.line = service->line;
	ticket = read_sudoers();
	if (ticket == TICKET_UNKNOWN)
		diag_add(diag, place, JWT_OK, "sudo needs \"Defaults "
		    "timestamp_timeout=0\" for single_use and within: "
		    "otherwise one token lasts for 15 minutes of commands; %s "
		    "cannot be read to see whether it has it", SUDOERS);
	else if (ticket == TICKET_DEFAULT)
		diag_add(diag, place, JWT_OK, "no \"Defaults timestamp_timeout"
		    "=0\" in %s: one token lasts for 15 minutes of commands, "
		    "whatever single_use and within say", SUDOERS);
}

/* Whether nothing was made there yet; anything else that fails is a fault. */
static bool
is_missing(const char *directory)
{
	char path[FILE_PATH_MAX];
	struct stat st;

	return snprintf(path, sizeof(path), "%s/store", directory) <
	    (int)sizeof(path) && lstat(path, &st) != 0 && errno == ENOENT;
}

static enum jwt_reason
try_directory(const char *directory, struct state_dir *dir)
{
	enum jwt_reason reason = state_dir_open(directory, dir);

	if (reason != JWT_OK)
		return reason;
	return state_dir_check(dir);
}

/*
 * A directory that was not made yet is only a warning: the configuration may be
 * for another host.
 */
static void
note_directory(const char *directory, struct diag_place place,
    struct diag *diag)
{
	struct state_dir dir;
	enum jwt_reason reason = try_directory(directory, &dir);

	if (reason != JWT_OK)
		diag_add(diag, place, is_missing(directory) ? JWT_OK : reason,
		    "%s: %s; until that is mended, a login that needs the "
		    "state is refused", directory, dir.fault);
	state_dir_close(&dir);
}

/* Check a file that a login reads to reach Redis; path may be NULL. */
static void
note_file(const char *key, const char *path, bool is_secret,
    struct diag_place place, struct diag *diag)
{
	struct file file;

	if (path == NULL)
		return;
	if (file_read(path, &file) != FILE_OK)
		diag_add(diag, place, JWT_STATE_UNAVAILABLE, "%s %s: %s", key,
		    path, file.fault);
	else if (is_secret && file.readable)
		diag_add(diag, place, JWT_STATE_UNAVAILABLE, "%s %s: others "
		    "may read it: chmod 600", key, path);
	file_clear(&file);
}

/* Something that Redis must be able to do for this host. */
struct need {
	enum state_redis_need need;
	bool is_wanted;		/* false: redis_user may lack the right */
	const char *what;
};

/* Warn if the server cannot do it, or if redis_user may not but should. */
static void
note_need(struct state *state, const struct need *need,
    struct diag_place place, struct diag *diag)
{
	struct state_redis *redis = &state->redis;

	if (state_redis_try(redis, (int64_t)time(NULL), need->need) !=
	    JWT_STATE_UNAVAILABLE)
		return;
	if (need->is_wanted || !redis->is_denied)
		diag_add(diag, place, JWT_OK, "redis: %s is not possible: %s",
		    need->what, redis->fault);
}

/* Try now what a login, or an administrator in a hurry, will need later. */
static void
note_needs(const struct policy *policy, struct state *state,
    struct diag_place place, struct diag *diag)
{
	struct need use = { STATE_REDIS_USE, false, "single_use" };
	struct need pull = { STATE_REDIS_PULL, policy->state.redis_pulled,
	    "state pull" };
	struct need revoke = { STATE_REDIS_REVOKE, false, "revoke" };
	struct need cut_off = { STATE_REDIS_CUT_OFF, false,
	    "revoke --subject" };
	size_t i;

	for (i = 0; i < policy->service_count; i++) {
		use.is_wanted |= policy->services[i].single_use;
		revoke.is_wanted |= policy->services[i].revoke_on_logout;
	}
	if (use.is_wanted)
		note_need(state, &use, place, diag);
	if (pull.is_wanted)
		note_need(state, &pull, place, diag);
	note_need(state, &revoke, place, diag);
	note_need(state, &cut_off, place, diag);
}

/*
 * Ask as a login does, about no account.  A server that is down is a warning.
 */
static void
note_redis(const struct policy *policy, struct diag_place place,
    struct diag *diag)
{
	const struct state_settings *settings = &policy->state;
	struct state state;

	if (settings->redis == REDIS_TCP)
		diag_add(diag, place, JWT_OK, "redis:// is neither encrypted "
		    "nor signed: an attacker on the network, or one who takes "
		    "the port on this host while the server is down, decides "
		    "who is revoked; use rediss:// or unix:");
	note_file("redis_password_file", settings->redis_password_file, true,
	    place, diag);
	note_file("redis_ca_file", settings->redis_ca_file, false, place,
	    diag);
	note_file("redis_cert_file", settings->redis_cert_file, false, place,
	    diag);
	note_file("redis_key_file", settings->redis_key_file, true, place,
	    diag);
	if (diag->reason != JWT_OK)
		return;
	state_open(settings, &state);
	if (state_check_account(state_store(&state), "", (int64_t)time(NULL))
	    == JWT_STATE_UNAVAILABLE)
		diag_add(diag, place, JWT_OK, "%s; until that is mended, a "
		    "login that needs the state is refused", state.fault);
	else
		note_needs(policy, &state, place, diag);
	state_close(&state);
}

static void
note_state(const struct policy *policy, struct diag *diag)
{
	const struct state_settings *settings = &policy->state;
	struct diag_place place = {
		.file = policy->file, .line = settings->line
	};

	if (!settings->wanted)
		return;
	if (!state_is_live(settings))
		note_directory(settings->directory, place, diag);
	if (settings->redis != REDIS_NONE)
		note_redis(policy, place, diag);
}

/* The line of an audience that has the name of the host; 0 without one. */
static unsigned
line_of_name(const struct policy *policy)
{
	size_t i;

	for (i = 0; i < policy->issuer_count; i++) {
		if (policy->issuers[i].named_line != 0)
			return policy->issuers[i].named_line;
	}
	return 0;
}

/* Against a DHCP server that names the host, and so chooses its audience. */
static void
note_hostname(const struct policy *policy, struct diag *diag)
{
	struct diag_place place = {
		.file = policy->file, .line = line_of_name(policy)
	};
	struct utsname kernel;
	struct file file;

	if (place.line == 0 || uname(&kernel) != 0)
		return;
	if (file_read("/etc/hostname", &file) != FILE_OK ||
	    !hostname_is_static(bytes_str(kernel.nodename),
	    secret_bytes(&file.text)))
		diag_add(diag, place, JWT_OK, "this host is called %s now, and "
		    "/etc/hostname does not say so: a DHCP server may have "
		    "named it; write the name into /etc/hostname, or take it "
		    "out of the audience", kernel.nodename);
	file_clear(&file);
}

static void
note_login_defs(struct diag *diag)
{
	struct diag_place place = { .file = "/etc/login.defs" };
	unsigned long least;

	if (accounts_uid_min(&least) != JWT_OK)
		diag_add(diag, place, JWT_CONFIG_INVALID, "UID_MIN is "
		    "not a number, or others may write the file: nobody knows "
		    "which accounts are the system's");
}

/* The settings of sshd and the state, which only root can look at. */
static void
note_for_root(const struct policy *policy, bool is_here, struct diag *diag)
{
	char *settings = check_sshd_ask(CHECK_SSHD);

	check_proof_note(check_stack_folders, settings, policy, diag);
	if (is_here)
		check_around_note_root(policy, settings, diag);
	free(settings);
	note_state(policy, diag);
}

/* NULL: it was looked at. */
static const char *
why_not_looked_at(bool is_root, bool is_here)
{
	if (!is_here)
		return "the host was not looked at, "
		    "because no line of /etc/pam.d names it";
	if (!is_root)
		return "sshd and the state were not looked at, because only "
		    "root can: run this as root";
	return NULL;
}

const char *
check_host_note(const struct policy *policy, struct diag *diag)
{
	bool is_root = geteuid() == 0;
	bool is_here = check_around_is_here(check_stack_folders, policy->file);
	/* Another caller than root may look at the file of another host. */
	const struct check_enforcers works = {
		.logind = !is_root || logind_is_there(),
		.watch = !is_root || heartbeat_is_fresh()
	};

	note_login_defs(diag);
	note_hostname(policy, diag);
	note_ticket(policy, diag);
	check_stack_note(check_stack_folders, policy->file, diag);
	check_sessions_note(check_stack_folders, policy, &works, diag);
	if (is_here)
		check_around_note(policy, diag);
	if (is_root)
		note_for_root(policy, is_here, diag);
	else
		check_proof_note(check_stack_folders, NULL, policy, diag);
	check_units_note(check_units_folders, policy, diag);
	return why_not_looked_at(is_root, is_here);
}
