/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the files of the database share: statements, transactions, and messages
 * that name the file.  Each function that fails has set db->fault.
 */
#ifndef JWT_FAMILY_DB_SQL_H
#define JWT_FAMILY_DB_SQL_H

#include <sqlite3.h>

#include "issuerd/family_db.h"

/* Set db->fault to the path and a sentence; returns false. */
bool family_db_fail(struct family_db *db, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The same for a result of SQLite. */
bool family_db_fail_sql(struct family_db *db, int code);

/* The time of a call begins: it may wait FAMILY_DB_WAIT_MSEC in all. */
void family_db_begin_call(struct family_db *db);

/* For sqlite3_busy_handler(): 0 when the time of the call is over. */
int family_db_busy(void *db, int count);

/* Run statements without results. */
JWT_MUST_USE bool family_db_exec(struct family_db *db, const char *sql);

/* Prepare one statement, which the caller finalizes; NULL on failure. */
sqlite3_stmt *family_db_prepare(struct family_db *db, const char *sql);

/* Run a statement that changes rows; how many are in *changed. */
JWT_MUST_USE bool family_db_change(struct family_db *db,
    sqlite3_stmt *statement, int *changed);

/*
 * Whether the file at the path is still the one that is open.  If not, what is
 * written goes into a file that nobody reads any more.
 */
JWT_MUST_USE bool family_db_is_same(struct family_db *db);

/*
 * Begin a transaction that writes: one process after the other, or else SQLite's
 * own locks make all wait for each other for long.
 */
JWT_MUST_USE bool family_db_begin(struct family_db *db);

/* End it, durably; or leave everything as it was. */
JWT_MUST_USE bool family_db_commit(struct family_db *db);
void family_db_rollback(struct family_db *db);

#endif
