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

/* Mark what a session has by its record and by its login. */
static bool
mark(const struct target *target, struct process_table *table)
{
	const struct record *record = &target->session->record;
	struct process_known *known;
	size_t i;

	known = calloc(record->seen_count + 1, sizeof(*known));
	if (known == NULL)
		return complain("memory ran out");
	known[0].pid = (pid_t)record->leader.pid;
	known[0].start = record->leader.start;
	for (i = 0; i < record->seen_count; i++) {
		known[i + 1].pid = (pid_t)record->seen[i].pid;
		known[i + 1].start = record->seen[i].start;
	}
	process_table_mark(table, &(struct process_session){
		.known = known, .count = record->seen_count + 1,
		.audit = target->audit, .login = target->login,
		.user = PROCESS_NO_USER, .self = getpid() });
	free(known);
	return true;
}

static size_t
count_seen(const struct process_table *table)
{
	size_t i, count = 0;

	for (i = 0; i < table->count && count < RECORD_SEEN_MAX; i++)
		count += table->item[i].is_member;
	return count;
}

/* All marked processes except the leader. */
static size_t
take_seen(const struct process_table *table,
    const struct record_process *leader, struct record_process *out)
{
	size_t i, count = 0;

	for (i = 0; i < table->count && count < RECORD_SEEN_MAX; i++) {
		const struct process_entry *entry = &table->item[i];

		if (!entry->is_member ||
		    entry->process.pid == (pid_t)leader->pid)
			continue;
		out[count++] = (struct record_process){
			.pid = entry->process.pid,
			.start = entry->process.start
		};
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
	if (is_same(record, seen, count)) {
		free(seen);
		return false;
	}
	free(record->seen);
	record->seen = seen;
	record->seen_count = count;
	return true;
}

/* No process is held for it: a user may have very many, in many sessions. */
static void
note_target(const struct sessions *sessions, const struct target *target,
    struct process_table *table)
{
	struct session *session = target->session;
	struct record_process *seen;
	size_t count;

	if (!mark(target, table))
		return;
	seen = calloc(count_seen(table) + 1, sizeof(*seen));
	if (seen == NULL) {
		complain("memory ran out");
		return;
	}
	count = take_seen(table, &session->record.leader, seen);
	if (change(&session->record, seen, count) &&
	    records_update(sessions->folder, session->name, &session->file,
	    &session->record) != JWT_OK)
		complain_errno(session->name);
}

static void
note_targets(const struct sessions *sessions, struct targets *targets)
{
	struct process_table table;
	size_t i;

	targets_find(targets);
	if (targets_read_table(targets, &table)) {
		for (i = 0; i < targets->count; i++)
			note_target(sessions, &targets->item[i], &table);
	}
	process_table_clear(&table);
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
	if (targets.count > 0)
		note_targets(sessions, &targets);
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

/*
 * Whether the process that a grant was left for may still open a session.  It
 * will not get in with an old grant, but without any it would, as one that owes
 * nothing to a token: a second factor can take as long as sshd allows.
 */
static bool
may_come(const struct sweep *sweep, const struct record *grant)
{
	return grant->pid_namespace == sweep->sessions->pid_namespace &&
	    pidfd_lives((pid_t)grant->leader.pid, grant->leader.start);
}

/*
 * A grant that is damaged is no longer of use than another one.  One of another
 * boot may be that of a container with a boot id of its own, which shares /run:
 * without its grant a session there would have no limit.
 */
static bool
is_stale(const struct sweep *sweep, const char *name)
{
	const struct boot *boot = &sweep->sessions->boot;
	struct record grant;
	enum jwt_reason reason = records_get(sweep->folder, name, &grant);
	bool stale;

	if (reason == JWT_OK && strcmp(grant.boot_id, boot->id) == 0)
		stale = boot->now - grant.since > RECORDS_GRANT_SEC &&
		    !may_come(sweep, &grant);
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

	if (file_open_folder(RECORDS_GRANTS, &sweep->folder, &file) ==
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
