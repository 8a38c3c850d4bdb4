/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads the records of all sessions. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/complain.h"
#include "host/pidfd.h"
#include "host/process.h"
#include "tool/sessions.h"

static bool
make_room(struct sessions *sessions)
{
	size_t room = sessions->room == 0 ? 64 : sessions->room * 2;
	struct session *more;

	if (sessions->count < sessions->room)
		return true;
	more = reallocarray(sessions->item, room, sizeof(*more));
	if (more == NULL)
		return complain("memory ran out");
	sessions->item = more;
	sessions->room = room;
	return true;
}

/* One bad record must not hide the others, so it is named and left out. */
static bool
read_one(struct sessions *sessions, const char *name)
{
	struct session *session;
	enum jwt_reason reason;

	if (!make_room(sessions))
		return false;
	session = &sessions->item[sessions->count];
	*session = (struct session){ .place = SESSIONS_HERE };
	memcpy(session->name, name, strlen(name) + 1);
	if (fstatat(sessions->folder, name, &session->file,
	    AT_SYMLINK_NOFOLLOW) != 0)
		return true;	/* the session was closed meanwhile */
	reason = records_get(sessions->folder, name, &session->record);
	if (reason == JWT_OK) {
		session->place = sessions_place(&session->record,
		    sessions->boot.id, sessions->pid_namespace);
		sessions->count++;
		return true;
	}
	record_clear(&session->record);
	if (reason == JWT_OUT_OF_MEMORY)
		return complain("memory ran out");
	if (reason == JWT_INTERNAL && errno == ENOENT)
		return true;	/* the session was closed meanwhile */
	sessions->damaged++;
	complain("%s/%s is damaged, or cannot be read", RECORDS_SESSIONS, name);
	return true;
}

/* A name that is not of our form is neither opened nor shown. */
static bool
read_name(void *ctx, const char *name)
{
	if (strlen(name) >= RECORDS_NAME_SIZE || !records_is_session(name))
		return true;
	return read_one(ctx, name);
}

static bool
walk(DIR *dir, const char *path, bool (*act)(void *, const char *), void *ctx)
{
	const struct dirent *entry;

	for (;;) {
		errno = 0;
		entry = readdir(dir);
		if (entry == NULL)
			break;
		if (!act(ctx, entry->d_name))
			return false;
	}
	return errno == 0 || complain_errno(path);
}

bool
sessions_walk(int folder, const char *path,
    bool (*act)(void *ctx, const char *name), void *ctx)
{
	int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = NULL;
	bool ok;

	if (fd >= 0)
		dir = fdopendir(fd);
	if (dir == NULL) {
		complain_errno(path);
		if (fd >= 0)
			close(fd);
		return false;
	}
	ok = walk(dir, path, act, ctx);
	closedir(dir);
	return ok;
}

static int
compare(const void *a, const void *b)
{
	const struct session *x = a, *y = b;

	if (x->record.since != y->record.since)
		return x->record.since < y->record.since ? -1 : 1;
	return strcmp(x->name, y->name);
}

bool
sessions_read(struct sessions *out)
{
	struct file file = { 0 };
	enum file_result result;
	bool missing;

	*out = (struct sessions)SESSIONS_CLOSED;
	boot_read(&out->boot);
	out->pid_namespace = process_namespace();
	if (out->boot.id[0] == '\0' || out->pid_namespace == 0)
		return complain("/proc does not say which boot and which PID "
		    "namespace this is");
	result = file_open_folder(RECORDS_SESSIONS, &out->folder, &file);
	missing = file.missing;
	if (result != FILE_OK && !missing)
		complain("%s: %s", RECORDS_SESSIONS, file.fault);
	file_clear(&file);
	if (result != FILE_OK)
		return missing;
	if (!sessions_walk(out->folder, RECORDS_SESSIONS, read_name, out))
		return false;
	if (out->count > 0)
		qsort(out->item, out->count, sizeof(*out->item), compare);
	return true;
}

void
sessions_clear(struct sessions *sessions)
{
	size_t i;

	for (i = 0; i < sessions->count; i++)
		record_clear(&sessions->item[i].record);
	free(sessions->item);
	free(sessions->users);
	if (sessions->folder >= 0)
		close(sessions->folder);
	*sessions = (struct sessions)SESSIONS_CLOSED;
}

bool
sessions_lives(const struct session *session)
{
	const struct record *record = &session->record;
	size_t i;

	if (session->place != SESSIONS_HERE)
		return session->place == SESSIONS_ELSEWHERE;
	if (pidfd_lives((pid_t)record->leader.pid, record->leader.start))
		return true;
	for (i = 0; i < record->seen_count; i++) {
		if (pidfd_lives((pid_t)record->seen[i].pid,
		    record->seen[i].start))
			return true;
	}
	return false;
}
