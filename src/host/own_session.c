/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finds the session around this process among the records.
 *
 * Nothing that a user can write says which session it is: not the environment,
 * and not a control group of the user's own manager.  logind's session and the
 * audit session are set by the login, as root, and are inherited.  But a su or
 * sudo inside a session has both of them as well, so a record counts only where
 * the login has made them: its leader has them, and the parent of the leader
 * does not.
 */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/accounts.h"
#include "host/logind.h"
#include "host/own_session.h"
#include "host/process_table.h"
#include "host/records.h"

/* The sessions that this process is in. */
struct around {
	char login[PROCESS_SESSION_SIZE];	/* "": no session of logind */
	uint32_t audit;		/* PROCESS_NO_AUDIT: none */
	struct process_table table;	/* read for the audit session alone */
};

/* A session of logind comes first: without one the audit session decides. */
static bool
find_around(struct around *out)
{
	*out = (struct around){ .audit = PROCESS_NO_AUDIT };
	if (logind_is_there() && process_login_session(getpid(), out->login))
		return true;
	out->login[0] = '\0';
	if (!process_audit_session(getpid(), &out->audit))
		return false;
	return process_table_read(PROCESS_TABLE_AUDIT, &out->table);
}

static bool
is_around(const struct around *around, const struct record *record)
{
	pid_t leader = (pid_t)record->leader.pid;
	char login[PROCESS_SESSION_SIZE];
	struct process process;

	if (!process_read(leader, &process) ||
	    process.start != record->leader.start)
		return false;
	if (around->login[0] != '\0')
		return logind_own_session(leader, process.parent, login) &&
		    strcmp(login, around->login) == 0;
	/* Process 1 in the place of us, who are in the session as well. */
	return process_table_own_audit(&around->table, leader, process.start,
	    1) == around->audit;
}

/*
 * Both names must be the caller's: in a session that su has opened the token is
 * that of one account, and the session may be another's.
 */
static bool
is_ours(const struct record *record)
{
	return !record->refused && records_is_here(record) &&
	    accounts_is(record->user, getuid()) &&
	    accounts_is(record->grant->account, getuid());
}

/* True when the search is over: the session was found, or memory ran out. */
static bool
look_at(int folder, const char *name, const struct around *around,
    enum jwt_reason *reason, struct proof *out)
{
	struct record record;
	bool found = false;

	if (strlen(name) >= RECORDS_NAME_SIZE || !records_is_session(name))
		return false;
	*reason = records_get(folder, name, &record);
	if (*reason == JWT_OK && is_around(around, &record) &&
	    is_ours(&record)) {
		*out = record.grant->proof;
		found = true;
	}
	record_clear(&record);
	if (*reason == JWT_OUT_OF_MEMORY)
		return true;
	*reason = JWT_OK;	/* a damaged record does not count */
	return found;
}

static enum jwt_reason
search(int folder, const struct around *around, struct proof *out)
{
	DIR *dir = fdopendir(folder);
	const struct dirent *entry;
	enum jwt_reason reason = JWT_OK;

	if (dir == NULL) {
		close(folder);
		return JWT_OUT_OF_MEMORY;
	}
	do
		entry = readdir(dir);
	while (entry != NULL && !look_at(folder, entry->d_name, around,
	    &reason, out));
	closedir(dir);
	return reason;
}

enum jwt_reason
own_session_keys(struct proof *out)
{
	struct around around;
	struct file file;
	enum jwt_reason reason = JWT_OK;
	int folder;

	*out = (struct proof){ .count = 0 };
	if (geteuid() != 0 ||
	    file_open_folder(RECORDS_SESSIONS, &folder, &file) != FILE_OK)
		return JWT_OK;
	if (find_around(&around))
		reason = search(folder, &around, out);
	else
		close(folder);
	process_table_clear(&around.table);
	return reason;
}
