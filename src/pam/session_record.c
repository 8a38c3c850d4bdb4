/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writes and removes the records of this process's sessions.
 *
 * PAM data has the name of each record that was written, so that a process
 * removes its own and no other.  It is inherited by a child that closes the
 * session for its parent.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include <security/pam_ext.h>

#include "host/records.h"
#include "pam/session_record.h"

/* A program has one session in a handle; a test, or a strange one, has two. */
#define SESSIONS_MAX	8
#define DATA_FIRST	"pam_jwt_session_0"
#define DATA_SIZE	sizeof(DATA_FIRST)

/* The name of the PAM data of a session: its last character counts. */
static void
data_name(size_t index, char out[DATA_SIZE])
{
	memcpy(out, DATA_FIRST, DATA_SIZE);
	out[DATA_SIZE - 2] = (char)('0' + index);
}

/* The name of the record of a session; NULL if there is none. */
static const char *
record_name(pam_handle_t *pamh, size_t index)
{
	const void *name = NULL;
	char data[DATA_SIZE];

	data_name(index, data);
	if (pam_get_data(pamh, data, &name) != PAM_SUCCESS)
		return NULL;
	return name;
}

/* How many sessions with a record are open. */
static size_t
count_open(pam_handle_t *pamh)
{
	size_t count = 0;

	while (count < SESSIONS_MAX && record_name(pamh, count) != NULL)
		count++;
	return count;
}

static void
drop_name(pam_handle_t *pamh, void *data, int error_status)
{
	(void)pamh;
	(void)error_status;
	free(data);
}

/* Remember the name of a record; false when memory runs out. */
static bool
keep_name(pam_handle_t *pamh, size_t index, const char *name)
{
	char *copy = strdup(name);
	char data[DATA_SIZE];

	data_name(index, data);
	if (copy != NULL && pam_set_data(pamh, data, copy, drop_name) ==
	    PAM_SUCCESS)
		return true;
	free(copy);
	errno = ENOMEM;
	return false;
}

/* ---- writing ---- */

static bool
copy_item(pam_handle_t *pamh, int type, char **out)
{
	const char *value = call_item(pamh, type);

	if (value == NULL)
		return true;
	*out = strdup(value);
	return *out != NULL;
}

/* False with errno, or with 0 if /proc does not answer. */
static bool
fill(pam_handle_t *pamh, int64_t seconds, struct record *record)
{
	errno = 0;
	if (!records_stamp(getpid(), record))
		return false;
	if (seconds >= 0)
		record->end = record->since + seconds;
	return copy_item(pamh, PAM_USER, &record->user) &&
	    copy_item(pamh, PAM_SERVICE, &record->service) &&
	    copy_item(pamh, PAM_TTY, &record->tty) &&
	    copy_item(pamh, PAM_RHOST, &record->rhost);
}

/* Write a record into the open folder, and remember its name. */
static bool
put(pam_handle_t *pamh, int folder, const struct record *record)
{
	size_t index = count_open(pamh);
	char name[RECORDS_NAME_SIZE];

	errno = ENOSPC;
	if (index == SESSIONS_MAX ||
	    !records_new_name(&record->leader, name))
		return false;
	errno = ENOMEM;
	if (records_put(folder, name, record) != JWT_OK)
		return false;
	if (keep_name(pamh, index, name))
		return true;
	(void)unlinkat(folder, name, 0);
	errno = ENOMEM;
	return false;
}

/* The error of a folder that cannot be opened. */
static int
folder_error(enum file_result result)
{
	if (result == FILE_NO_MEMORY)
		return ENOMEM;
	if (result == FILE_NO_DESCRIPTOR)
		return EMFILE;
	return EACCES;
}

/* 0, or the errno of what went wrong, which was logged then. */
static int
write_record(pam_handle_t *pamh, const struct record *record)
{
	enum file_result result;
	struct file file;
	int folder, error = 0;

	result = records_open(RECORDS_SESSIONS, &folder, &file);
	if (result != FILE_OK) {
		pam_syslog(pamh, LOG_ERR, RECORDS_SESSIONS ": %s", file.fault);
		return folder_error(result);
	}
	if (!put(pamh, folder, record)) {
		error = errno;
		pam_syslog(pamh, LOG_ERR, RECORDS_SESSIONS ": the record of "
		    "the session cannot be written: %s",
		    file_errno_text(error));
	}
	close(folder);
	return error;
}

/*
 * Somebody who starts su chooses its limits, and must not by them keep a
 * session off the records: root could not find and end it.
 */
static bool
is_callers_doing(int error)
{
	return getuid() != 0 &&
	    (error == ENOMEM || error == EMFILE || error == EFBIG);
}

/*
 * A full or damaged /run is not the user's fault, so it lets in a session that
 * owes nothing to its token.
 */
bool
session_record_open(const struct call *call, struct grant *grant,
    int64_t seconds, bool refused)
{
	struct record record = { .refused = refused, .end = RECORD_NO_END };
	int error;

	if (geteuid() != 0)
		return true;
	if (fill(call->pamh, seconds, &record)) {
		record.grant = grant;
		error = write_record(call->pamh, &record);
		record.grant = NULL;
	} else {
		error = errno == 0 ? ENOENT : errno;
		pam_syslog(call->pamh, LOG_ERR, "the record of the session "
		    "cannot be made: %s", file_errno_text(error));
	}
	record_clear(&record);
	if (error == 0)
		return true;
	return !grant_binds(grant, call->service) && !is_callers_doing(error);
}

/* ---- the end ---- */

static enum jwt_reason
mark_refused(int folder, const char *name)
{
	struct record record;
	enum jwt_reason reason = records_get(folder, name, &record);

	if (reason == JWT_OK) {
		record.refused = true;
		reason = records_put(folder, name, &record);
	}
	record_clear(&record);
	return reason;
}

/* The name of the record of the session opened last; NULL if none is open. */
static const char *
last_name(pam_handle_t *pamh)
{
	size_t count = count_open(pamh);

	return count > 0 ? record_name(pamh, count - 1) : NULL;
}

void
session_record_refuse(pam_handle_t *pamh)
{
	const char *name = last_name(pamh);
	struct file file;
	int folder;

	if (name == NULL)
		return;
	if (records_open(RECORDS_SESSIONS, &folder, &file) != FILE_OK) {
		pam_syslog(pamh, LOG_ERR, RECORDS_SESSIONS ": %s", file.fault);
		return;
	}
	if (mark_refused(folder, name) != JWT_OK)
		pam_syslog(pamh, LOG_ERR, RECORDS_SESSIONS ": the record "
		    "cannot be marked as refused");
	close(folder);
}

void
session_record_close(pam_handle_t *pamh)
{
	const char *name = last_name(pamh);
	char data[DATA_SIZE];
	struct file file;
	int folder;

	if (name == NULL)
		return;
	/* One that cannot be removed is swept when its process is gone. */
	if (file_open_folder(RECORDS_SESSIONS, &folder, &file) == FILE_OK) {
		(void)unlinkat(folder, name, 0);
		close(folder);
	}
	data_name(count_open(pamh) - 1, data);
	(void)pam_set_data(pamh, data, NULL, NULL);
}
