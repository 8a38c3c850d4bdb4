/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The files of grants and of sessions in /run/pam_jwt, which are root's alone.
 *
 * /run is emptied by a boot, and nothing in these folders can be learned,
 * changed or left by a user.  So a grant in them needs no secret: a name there
 * is worth as much as root's word.
 */
#ifndef JWT_RECORDS_H
#define JWT_RECORDS_H

#include <sys/types.h>

#include "core/record.h"
#include "host/file.h"

#define RECORDS_GRANTS	"/run/pam_jwt/grants"	/* PID.START */
#define RECORDS_SESSIONS "/run/pam_jwt/sessions"	/* PID.START.RANDOM */
#define RECORDS_GRANT_SEC 900	/* a grant that nobody took is worthless then */
#define RECORDS_NAME_SIZE 64	/* bytes of a name with its terminator */

/*
 * Open one of the two folders.  Root makes a folder that is missing.  Unless
 * the result is FILE_OK, *fd is -1 and out->fault says why.
 */
JWT_MUST_USE enum file_result records_open(const char *path, int *fd,
    struct file *out);

/*
 * Fill in the boot, its time, the PID namespace and the leader, which is the
 * process of this number; false if /proc does not say.
 */
JWT_MUST_USE bool records_stamp(pid_t leader, struct record *out);

/* Whether a record is of this boot and of this PID namespace. */
bool records_is_here(const struct record *record);

/* The name of the grant for a process, and of a new session of a process. */
void records_grant_name(const struct record_process *process,
    char out[RECORDS_NAME_SIZE]);
JWT_MUST_USE bool records_new_name(const struct record_process *process,
    char out[RECORDS_NAME_SIZE]);

/* Whether a name has the form of a session's or grant's; others are not read. */
bool records_is_session(const char *name);
bool records_is_grant(const char *name);

/*
 * Write a record whole, over an older one of that name.  It is written as
 * NAME.RANDOM.new first, so that two processes may write one name at the same
 * time: sshd's method password leaves grants that are all named after the
 * listener.  Nothing is synced, as nothing here outlives the boot.
 *
 * Returns JWT_OK, JWT_OUT_OF_MEMORY, JWT_JSON_LIMIT, or JWT_INTERNAL with
 * errno if the file could not be written.  EFBIG: the caller's RLIMIT_FSIZE
 * forbids it; a write would end the process.
 */
JWT_MUST_USE enum jwt_reason records_put(int folder, const char *name,
    const struct record *record);

/*
 * Put a record in the place of the one that was read from this file.  If the
 * file is gone, or another one by now, it stays so: a session that was closed
 * does not come back, and the mark of one that was refused is not lost.
 * Returns JWT_OK, also then, or as records_put().
 */
JWT_MUST_USE enum jwt_reason records_update(int folder, const char *name,
    const struct stat *file, const struct record *record);

/* Of the name under which records_update() writes. */
#define RECORDS_SEEN_SUFFIX ".seen"

/*
 * Whether a name is one under which records_put() or records_update() writes: a
 * file whose writer is at work, or was killed.
 */
bool records_is_draft(const char *name);

/*
 * Read a record.  JWT_OK; JWT_OUT_OF_MEMORY; JWT_CLAIM_INVALID if it is none;
 * JWT_INTERNAL with errno if it could not be read (ENOENT: it is not there).
 * The caller must clear *out whatever the result.
 */
JWT_MUST_USE enum jwt_reason records_get(int folder, const char *name,
    struct record *out);

#endif
