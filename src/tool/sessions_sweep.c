/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Keeps the folders of records in order: notes the processes of each session,
 * and removes what a killed program left.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "cli/complain.h"
#include "core/base/number.h"
#include "host/pidfd.h"
#include "tool/sessions_kill.h"

#define DRAFT_SEC 60	/* a file that is being written is not older */

/* ---- what a session has now ---- */

/* The living processes of a target, but for its leader. */
static size_t
take_seen(const struct target *target, struct record_process *out)
{
	const struct record_process *leader = &target->session->record.leader;
	size_t i, count = 0;

	for (i = 0; i < target->count && count < RECORD_SEEN_MAX; i++) {
		const struct process_known *known = &target->known[i];

		if (known->fd < 0 || pidfd_is_over(known->fd) ||
		    (known->pid == (pid_t)leader->pid &&
		    known->start == leader->start))
			continue;
		out[count].pid = known->pid;
		out[count++].start = known->start;
	}
	return count;
}

static bool
is_same(const struct record *record, const struct record_process *seen,
    size_t count)
{
	size_t i;

	if (record->seen_count != count)
		return false;
	for (i = 0; i < count; i++) {
		if (record->seen[i].pid != seen[i].pid ||
		    record->seen[i].start != seen[i].start)
			return false;
	}
	return true;
}

/* Take over what was found; false if the record had it already. */
static bool
change(struct record *record, struct record_process *seen, size_t count)
{
	struct record_process *old = record->seen;

	if (is_same(record, seen, count)) {
		free(seen);
		return false;
	}
	record->seen = seen;
	record->seen_count = count;
	free(old);
	return true;
}

static void
note_target(const struct sessions *sessions, const struct target *target)
{
	struct session *session = target->session;
	struct record_process *seen;
	size_t count;

	seen = calloc(target->count + 1, sizeof(*seen));
	if (seen == NULL) {
		complain("memory ran out");
		return;
	}
	count = take_seen(target, seen);
	if (change(&session->record, seen, count) &&
	    records_update(sessions->folder, session->name, &session->file,
	    &session->record) != JWT_OK)
		complain_errno(session->name);
}

void
sessions_note_seen(struct sessions *sessions)
{
	struct targets targets = { .count = 0 };
	size_t i;

	targets.item = calloc(sessions->count + 1, sizeof(*targets.item));
	if (targets.item == NULL) {
		complain("memory ran out");
		return;
	}
	for (i = 0; i < sessions->count; i++) {
		struct session *session = &sessions->item[i];

		if (session->place == SESSIONS_HERE && session->why == NULL)
			targets.item[targets.count++] = (struct target){
				.session = session, .user = PROCESS_NO_USER
			};
	}
	if (targets.count > 0) {
		targets_find(&targets);
		(void)targets_look(&targets);
	}
	for (i = 0; i < targets.count; i++)
		note_target(sessions, &targets.item[i]);
	targets_clear(&targets);
}

/* ---- what nobody needs ---- */

struct sweep {
	int folder;
	const struct sessions *sessions;
};

/* Whether the file was written longer ago. */
static bool
is_older(int folder, const char *name, int64_t seconds)
{
	struct stat st;

	return fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    (int64_t)time(NULL) - (int64_t)st.st_mtim.tv_sec > seconds;
}

/* The process that a record is named after has ended. */
static bool
is_orphan(const char *name)
{
	struct bytes rest = bytes_str(name);
	struct bytes pid_text = bytes_cut(&rest, '.');
	struct bytes start_text = bytes_cut(&rest, '.');
	int64_t pid, start;

	return number_digits(pid_text, INT32_MAX, &pid) && pid > 0 &&
	    number_digits(start_text, INT64_MAX, &start) &&
	    !pidfd_lives((pid_t)pid, start);
}

static bool
was_read(const struct sessions *sessions, const char *name)
{
	size_t i;

	for (i = 0; i < sessions->count; i++) {
		if (strcmp(sessions->item[i].name, name) == 0)
			return true;
	}
	return false;
}

/*
 * A record that could not be read still has its name.  A young one is left
 * alone: it may be of another PID namespace, and written since.
 */
static bool
sweep_name(void *ctx, const char *name)
{
	const struct sweep *sweep = ctx;
	bool remove = false;

	if (records_is_draft(name))
		remove = is_older(sweep->folder, name, DRAFT_SEC);
	else if (records_is_session(name) &&
	    !was_read(sweep->sessions, name))
		remove = is_orphan(name) &&
		    is_older(sweep->folder, name, DRAFT_SEC);
	if (remove)
		(void)unlinkat(sweep->folder, name, 0);
	return true;
}

/* A grant that is damaged is no longer of use than another one. */
static bool
is_stale(const struct sweep *sweep, const char *name)
{
	const struct boot *boot = &sweep->sessions->boot;
	struct record grant;
	enum jwt_reason reason = records_get(sweep->folder, name, &grant);
	bool stale;

	if (reason == JWT_OK)
		stale = strcmp(grant.boot_id, boot->id) != 0 ||
		    boot->now - grant.since > RECORDS_GRANT_SEC;
	else
		stale = is_older(sweep->folder, name, RECORDS_GRANT_SEC);
	record_clear(&grant);
	return stale;
}

static bool
sweep_grant(void *ctx, const char *name)
{
	const struct sweep *sweep = ctx;
	bool remove = false;

	if (records_is_draft(name))
		remove = is_older(sweep->folder, name, DRAFT_SEC);
	else if (records_is_grant(name))
		remove = is_stale(sweep, name);
	if (remove)
		(void)unlinkat(sweep->folder, name, 0);
	return true;
}

static void
sweep_grants(struct sweep *sweep)
{
	struct file file = { 0 };

	if (records_look(RECORDS_GRANTS, &sweep->folder, &file) ==
	    FILE_OK) {
		(void)sessions_walk(sweep->folder, RECORDS_GRANTS,
		    sweep_grant, sweep);
		close(sweep->folder);
	} else if (!file.missing) {
		complain("%s: %s", RECORDS_GRANTS, file.fault);
	}
	file_clear(&file);
}

void
sessions_sweep(const struct sessions *sessions)
{
	struct sweep sweep = {
		.folder = sessions->folder, .sessions = sessions
	};
	size_t i;

	for (i = 0; i < sessions->count; i++) {
		const struct session *session = &sessions->item[i];

		if (session->why == NULL && !sessions_lives(session))
			(void)unlinkat(sessions->folder, session->name, 0);
	}
	if (sessions->folder >= 0)
		(void)sessions_walk(sessions->folder, RECORDS_SESSIONS,
		    sweep_name, &sweep);
	sweep_grants(&sweep);
}
