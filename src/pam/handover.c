/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The grant in PAM data, and in a file for the parent of sshd's authenticating
 * child.
 *
 * The grant decides which token is revoked at logout, how long the session
 * lasts, and whose session it is, so nobody but root may choose it.  A file is
 * believed because only root can write its folder.  It is taken only by the
 * process that it is named after, in the boot and for the user that it was left
 * for, once, and not for long: a later process must not find it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include <security/pam_ext.h>

#include "host/boot.h"
#include "host/process.h"
#include "host/records.h"
#include "pam/handover.h"

#define DATA_NAME	"pam_jwt_grant"
#define LOST_NAME	"pam_jwt_grant_lost"

/* ---- PAM data ---- */

/* PAM data is const, but the grant that it points to is not. */
struct data {
	struct grant *grant;	/* owned */
};

static void
drop(pam_handle_t *pamh, void *data, int error_status)
{
	struct data *own = data;

	(void)pamh;
	(void)error_status;
	if (own != NULL)
		grant_free(own->grant);
	free(own);
}

/* Keep a grant, which belongs to libpam from then on; false frees it. */
static bool
keep(pam_handle_t *pamh, struct grant *grant)
{
	struct data *data = malloc(sizeof(*data));

	if (data == NULL) {
		grant_free(grant);
		return false;
	}
	data->grant = grant;
	if (pam_set_data(pamh, DATA_NAME, data, drop) == PAM_SUCCESS)
		return true;
	drop(pamh, data, 0);
	return false;
}

struct grant *
handover_grant(pam_handle_t *pamh)
{
	const void *found = NULL;
	const struct data *data;

	if (pam_get_data(pamh, DATA_NAME, &found) != PAM_SUCCESS ||
	    found == NULL)
		return NULL;
	data = found;
	return data->grant;
}

/* Whether a grant was left for this process that cannot be used. */
static bool
is_lost(pam_handle_t *pamh)
{
	const void *found = NULL;

	return pam_get_data(pamh, LOST_NAME, &found) == PAM_SUCCESS &&
	    found != NULL;
}

/* ---- leaving a file ---- */

/* Whether another process may open the session. */
static bool
is_split(pam_handle_t *pamh)
{
	return geteuid() == 0 && call_is_for_ssh(pamh);
}

/* Write the file into an open folder; false with errno. */
static bool
write_file(int folder, struct grant *grant)
{
	/* The account is PAM_USER: authenticate refuses any other. */
	struct record record = { .grant = grant, .user = grant->account };
	char name[RECORDS_NAME_SIZE];

	errno = ENOENT;
	if (!records_stamp(getppid(), &record))
		return false;
	records_grant_name(&record.leader, name);
	return records_put(folder, name, &record) == JWT_OK;
}

static bool
leave_file(pam_handle_t *pamh, struct grant *grant)
{
	struct file file;
	int folder;
	bool ok;

	if (records_open(RECORDS_GRANTS, &folder, &file) != FILE_OK) {
		pam_syslog(pamh, LOG_ERR, RECORDS_GRANTS ": %s", file.fault);
		return false;
	}
	ok = write_file(folder, grant);
	if (!ok)
		pam_syslog(pamh, LOG_ERR, RECORDS_GRANTS ": the grant for the "
		    "session cannot be written: %s", file_errno_text(errno));
	close(folder);
	return ok;
}

/* Remove the file for the parent, if there is one. */
static void
forget_file(void)
{
	struct process parent;
	struct file file;
	char name[RECORDS_NAME_SIZE];
	int folder;

	if (file_open_folder(RECORDS_GRANTS, &folder, &file) != FILE_OK)
		return;
	if (process_read(getppid(), &parent)) {
		records_grant_name(&(struct record_process){
		    parent.pid, parent.start }, name);
		(void)unlinkat(folder, name, 0);
	}
	close(folder);
}

/*
 * For sshd's method password the file is of no use, as one process runs all
 * phases.  So a file that cannot be written refuses only a login whose session
 * would lose a limit or a revocation.
 */
enum jwt_reason
handover_leave(const struct call *call, const struct verdict *verdict)
{
	struct grant *grant = grant_new(verdict);

	if (grant == NULL || !keep(call->pamh, grant))
		return JWT_OUT_OF_MEMORY;
	if (!is_split(call->pamh) || leave_file(call->pamh, grant))
		return JWT_OK;
	forget_file();
	if (grant_binds(grant, call->service))
		return JWT_INTERNAL;
	return JWT_OK;
}

void
handover_clear(pam_handle_t *pamh)
{
	(void)pam_set_data(pamh, DATA_NAME, NULL, NULL);
	if (is_lost(pamh))
		(void)pam_set_data(pamh, LOST_NAME, NULL, NULL);
}

void
handover_forget(pam_handle_t *pamh)
{
	handover_clear(pamh);
	if (is_split(pamh))
		forget_file();
}

/* ---- taking a file ---- */

/* Why a grant is not one for this process; NULL if it is. */
static const char *
fault_of(pam_handle_t *pamh, const struct process *own,
    const struct record *record)
{
	const char *user = call_item(pamh, PAM_USER);
	struct boot boot;

	boot_read(&boot);
	if (boot.id[0] == '\0' || strcmp(record->boot_id, boot.id) != 0)
		return "it is of another boot";
	if (record->pid_namespace != process_namespace())
		return "it is of another container";
	if (record->leader.pid != own->pid ||
	    record->leader.start != own->start)
		return "it is for another process";
	if (record->since > boot.now ||
	    boot.now - record->since > RECORDS_GRANT_SEC)
		return "it is too old";
	if (user == NULL || strcmp(record->user, user) != 0)
		return "it is for another user";
	return NULL;
}

/* Read a grant, and remove it, so that nobody takes it a second time. */
static const char *
read_file(int folder, const char *name, struct record *record)
{
	enum jwt_reason reason = records_get(folder, name, record);

	if (reason == JWT_INTERNAL && errno == ENOENT)
		return NULL;
	if (unlinkat(folder, name, 0) != 0)
		return "it cannot be removed";
	if (reason != JWT_OK)
		return "it cannot be read";
	return NULL;
}

static bool
take_from(pam_handle_t *pamh, int folder)
{
	struct record record = { .end = RECORD_NO_END };
	char name[RECORDS_NAME_SIZE];
	struct process own;
	const char *fault;
	bool ok = true;

	if (!process_read(getpid(), &own))
		return true;
	records_grant_name(&(struct record_process){ own.pid, own.start },
	    name);
	fault = read_file(folder, name, &record);
	if (fault == NULL && record.grant != NULL)
		fault = fault_of(pamh, &own, &record);
	if (fault != NULL) {
		pam_syslog(pamh, LOG_ERR, "the session does not know its "
		    "token: the grant " RECORDS_GRANTS "/%s: %s", name, fault);
		ok = false;
	} else if (record.grant != NULL) {
		ok = keep(pamh, record.grant);
		record.grant = NULL;
	}
	record_clear(&record);
	return ok;
}

/*
 * In a folder that cannot be used no child has left anything, and a login
 * without a token must not fail because of it.  Only where memory or
 * descriptors run out nobody knows.
 */
static bool
take_file(pam_handle_t *pamh)
{
	enum file_result result;
	struct file file;
	int folder;
	bool ok;

	result = file_open_folder(RECORDS_GRANTS, &folder, &file);
	if (result != FILE_OK && file.missing)
		return true;
	if (result != FILE_OK) {
		pam_syslog(pamh, LOG_ERR, RECORDS_GRANTS ": %s", file.fault);
		return result != FILE_NO_MEMORY &&
		    result != FILE_NO_DESCRIPTOR;
	}
	ok = take_from(pamh, folder);
	close(folder);
	return ok;
}

/*
 * A stack with "auth sufficient" ignores that setcred fails, and the file is
 * gone by then.  So the loss is remembered: otherwise open_session would let
 * the session begin as one that owes nothing to a token.  The data is only a
 * mark, so its pointer is never used.
 */
bool
handover_take(pam_handle_t *pamh, struct grant **out)
{
	bool ok = true;

	if (handover_grant(pamh) == NULL && geteuid() == 0)
		ok = !is_lost(pamh) && take_file(pamh);
	if (!ok)
		(void)pam_set_data(pamh, LOST_NAME, pamh, NULL);
	*out = handover_grant(pamh);
	return ok;
}
