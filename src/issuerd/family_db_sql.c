/* SPDX-License-Identifier: BSD-2-Clause */
/* Statements and transactions of the database of families. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>

#include "host/clock.h"
#include "issuerd/family_db_sql.h"

#define PAUSE_MIN_USEC	200	/* between two looks at a lock */
#define PAUSE_SPAN_USEC	800	/* by chance: two processes do not keep step */

/* ---- messages ----------------------------------------------------------- */

bool
family_db_fail(struct family_db *db, const char *format, ...)
{
	char text[256];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	snprintf(db->fault, sizeof(db->fault), "%s: %s", db->path, text);
	return false;
}

static const char *
explain(int code)
{
	switch (code & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return "other processes kept it locked for too long";
	case SQLITE_FULL:
		return "the disk is full";
	case SQLITE_READONLY:
		return "it is read-only";
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
	case SQLITE_FORMAT:
		return "it is damaged: move it away, and pam-jwt issuer init "
		    "makes a new one";
	case SQLITE_CANTOPEN:
		return "it, or its journal, cannot be opened";
	case SQLITE_NOMEM:
		return "memory ran out";
	default:
		return NULL;
	}
}

bool
family_db_fail_sql(struct family_db *db, int code)
{
	const char *text = explain(code);

	if (text != NULL)
		return family_db_fail(db, "%s", text);
	return family_db_fail(db, "SQLite: %s (%d)", sqlite3_errstr(code), code);
}

/* ---- waiting ------------------------------------------------------------ */

void
family_db_begin_call(struct family_db *db)
{
	db->fault[0] = '\0';
	db->deadline = clock_msec() + FAMILY_DB_WAIT_MSEC;
}

/* False when the time of the call is over. */
static bool
pause_a_little(struct family_db *db)
{
	struct timespec pause;

	if (clock_msec() >= db->deadline)
		return false;
	clock_gettime(CLOCK_MONOTONIC, &pause);
	pause.tv_sec = 0;
	pause.tv_nsec = (PAUSE_MIN_USEC + pause.tv_nsec % PAUSE_SPAN_USEC) *
	    1000;
	nanosleep(&pause, NULL);
	return true;
}

int
family_db_busy(void *db, int count)
{
	(void)count;
	return pause_a_little(db);
}

/*
 * Lock or unlock the file at which writers wait.  The lock belongs to the open
 * file: it is gone when the process is.  F_OFD_SETLKW has no time limit, and a
 * process that was stopped may hold the lock.
 */
static bool
set_queue(struct family_db *db, short type)
{
	struct flock lock = { .l_type = type, .l_whence = SEEK_SET };

	while (fcntl(db->queue, F_OFD_SETLK, &lock) != 0) {
		if (errno == EINTR)
			continue;
		if (errno != EAGAIN && errno != EACCES)
			return family_db_fail(db, "its lock file cannot be "
			    "locked: error %d", errno);
		if (!pause_a_little(db))
			return family_db_fail_sql(db, SQLITE_BUSY);
	}
	return true;
}

/* ---- statements --------------------------------------------------------- */

bool
family_db_exec(struct family_db *db, const char *sql)
{
	int code = sqlite3_exec(db->sqlite, sql, NULL, NULL, NULL);

	if (code != SQLITE_OK)
		return family_db_fail_sql(db, code);
	return true;
}

sqlite3_stmt *
family_db_prepare(struct family_db *db, const char *sql)
{
	sqlite3_stmt *statement = NULL;
	int code = sqlite3_prepare_v2(db->sqlite, sql, -1, &statement, NULL);

	if (code != SQLITE_OK)
		(void)family_db_fail_sql(db, code);
	return statement;
}

bool
family_db_change(struct family_db *db, sqlite3_stmt *statement, int *changed)
{
	int code = sqlite3_step(statement);

	*changed = 0;
	if (code != SQLITE_DONE)
		return family_db_fail_sql(db, code);
	*changed = sqlite3_changes(db->sqlite);
	return true;
}

/* ---- transactions ------------------------------------------------------- */

bool
family_db_is_same(struct family_db *db)
{
	struct stat st;

	if (lstat(db->path, &st) != 0)
		return family_db_fail(db, "it has gone while it was open");
	if (st.st_dev != db->dev || st.st_ino != db->ino)
		return family_db_fail(db, "it was replaced while it was open");
	return true;
}

bool
family_db_begin(struct family_db *db)
{
	if (!set_queue(db, F_WRLCK))
		return false;
	if (family_db_is_same(db) && family_db_exec(db, "BEGIN IMMEDIATE"))
		return true;
	(void)set_queue(db, F_UNLCK);
	return false;
}

void
family_db_rollback(struct family_db *db)
{
	/* A failure of SQLite may have ended the transaction already. */
	(void)sqlite3_exec(db->sqlite, "ROLLBACK", NULL, NULL, NULL);
	(void)set_queue(db, F_UNLCK);
}

bool
family_db_commit(struct family_db *db)
{
	if (!family_db_exec(db, "COMMIT")) {
		family_db_rollback(db);
		return false;
	}
	(void)set_queue(db, F_UNLCK);
	return family_db_is_same(db);
}
