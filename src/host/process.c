/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads the files of /proc.  A process chooses its own name, which stands in
 * the middle of its stat, so the fields are counted from the last ")".
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/number.h"
#include "core/base/secret.h"
#include "host/file.h"
#include "host/process.h"

#define PATH_SIZE	64
#define STAT_SIZE	1024	/* bytes; a line of stat has some 300 */
#define CGROUP_SIZE	16384	/* bytes; cgroup has a line for each hierarchy */

#define ALPHANUMERIC	"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ" \
			"abcdefghijklmnopqrstuvwxyz"

#define FIELD_PARENT	4
#define FIELD_START	22
#define FIELD_AFTER_NAME 3	/* proc(5) counts from 1 */

/* Read a file that is shorter than size; false for a longer one. */
static bool
read_file(pid_t pid, const char *name, char *out, size_t size)
{
	char path[PATH_SIZE];
	size_t len = 0;
	ssize_t got = 1;
	int fd;

	snprintf(path, sizeof(path), "/proc/%ld/%s", (long)pid, name);
	fd = file_open_at(AT_FDCWD, path, O_RDONLY);
	if (fd < 0)
		return false;
	while (got > 0 && len < size) {
		got = read(fd, out + len, size - len);
		if (got > 0)
			len += (size_t)got;
		else if (got < 0 && errno == EINTR)
			got = 1;
	}
	close(fd);
	if (got != 0 || len == size)
		return false;
	out[len] = '\0';
	return true;
}

/* A field that is a number; at is just after the name's ")". */
static bool
read_field(const char *at, int number, int64_t *out)
{
	int field = FIELD_AFTER_NAME - 1;

	while (*at != '\0') {
		at += strspn(at, " ");
		field++;
		if (field == number)
			return number_digits(bytes_of(at, strcspn(at, " \n")),
			    NUMBER_DATE_MAX, out);
		at += strcspn(at, " ");
	}
	return false;
}

bool
process_of_stat(const char *text, pid_t pid, struct process *out)
{
	const char *end = strrchr(text, ')');
	int64_t parent;

	if (end == NULL || !read_field(end + 1, FIELD_PARENT, &parent) ||
	    !read_field(end + 1, FIELD_START, &out->start))
		return false;
	out->pid = pid;
	out->parent = (pid_t)parent;
	return true;
}

bool
process_read(pid_t pid, struct process *out)
{
	char text[STAT_SIZE];

	return read_file(pid, "stat", text, sizeof(text)) &&
	    process_of_stat(text, pid, out);
}

int64_t
process_namespace(void)
{
	struct stat st;

	if (stat("/proc/self/ns/pid", &st) != 0)
		return 0;
	return (int64_t)st.st_ino;
}

bool
process_audit_session(pid_t pid, uint32_t *out)
{
	char text[PATH_SIZE];
	int64_t number;

	if (!read_file(pid, "sessionid", text, sizeof(text)) ||
	    !number_digits(bytes_of(text, strcspn(text, "\n")), UINT32_MAX,
	    &number) || number == PROCESS_NO_AUDIT)
		return false;
	*out = (uint32_t)number;
	return true;
}

/* ---- the session of logind ---- */

static bool
ends(struct bytes text, const char *end)
{
	size_t len = strlen(end);

	return text.len > len &&
	    memcmp(text.ptr + text.len - len, end, len) == 0;
}

/* Take the id of a session out of "session-ID.scope"; ids are alphanumeric. */
static bool
take_id(struct bytes unit, char out[PROCESS_SESSION_SIZE])
{
	static const char before[] = "session-", after[] = ".scope";
	size_t len;

	if (!bytes_starts(unit, bytes_str(before)) || !ends(unit, after))
		return false;
	len = unit.len - (sizeof(before) - 1) - (sizeof(after) - 1);
	if (len == 0 || len >= PROCESS_SESSION_SIZE)
		return false;
	memcpy(out, unit.ptr + sizeof(before) - 1, len);
	out[len] = '\0';
	return strspn(out, ALPHANUMERIC) == len;
}

/*
 * The unit is what comes after the slices.  What is deeper does not count: a
 * user's own manager makes scopes with any name below user@UID.service.
 */
static bool
find_id(struct bytes path, char out[PROCESS_SESSION_SIZE])
{
	while (path.len > 0 && path.ptr[0] == '/') {
		struct bytes part = bytes_of(path.ptr + 1, path.len - 1);
		const uint8_t *slash = memchr(part.ptr, '/', part.len);

		if (slash != NULL)
			part.len = (size_t)(slash - part.ptr);
		if (!ends(part, ".slice"))
			return take_id(part, out);
		path.ptr += 1 + part.len;
		path.len -= 1 + part.len;
	}
	return false;
}

/*
 * Cut a line NUMBER:CONTROLLERS:PATH down to its path; false for the line of a
 * controller, where systemd does not put processes by itself.
 */
static bool
take_path(struct bytes *line)
{
	static const char *const hierarchies[] = { "::", ":name=systemd:" };
	size_t skip = 0, i;

	while (skip < line->len && line->ptr[skip] != ':')
		skip++;
	line->ptr += skip;
	line->len -= skip;
	for (i = 0; i < sizeof(hierarchies) / sizeof(hierarchies[0]); i++) {
		size_t len = strlen(hierarchies[i]);

		if (!bytes_starts(*line, bytes_str(hierarchies[i])))
			continue;
		line->ptr += len;
		line->len -= len;
		return true;
	}
	return false;
}

bool
process_session_of_cgroup(const char *text, char out[PROCESS_SESSION_SIZE])
{
	while (*text != '\0') {
		size_t len = strcspn(text, "\n");
		struct bytes line = bytes_of(text, len);

		if (take_path(&line) && find_id(line, out))
			return true;
		text += len;
		text += strspn(text, "\n");
	}
	out[0] = '\0';
	return false;
}

bool
process_cgroup(pid_t pid, struct secret *text)
{
	if (secret_alloc(CGROUP_SIZE + 1, text) != JWT_OK)
		return false;
	return read_file(pid, "cgroup", (char *)text->ptr, CGROUP_SIZE);
}

bool
process_login_session(pid_t pid, char out[PROCESS_SESSION_SIZE])
{
	struct secret text = { 0 };
	bool found;

	out[0] = '\0';
	found = process_cgroup(pid, &text) &&
	    process_session_of_cgroup((const char *)text.ptr, out);
	secret_clear(&text);
	return found;
}

/*
 * The slice must be the first below user.slice: a user may make folders of any
 * name below it.
 */
static bool
find_user(const char *line, size_t len, uid_t *out)
{
	static const char before[] = ":/user.slice/user-", after[] = ".slice";
	const char *at = memmem(line, len, before, sizeof(before) - 1);
	const char *stop = line + len;
	int64_t uid;
	size_t digits;

	if (at == NULL)
		return false;
	at += sizeof(before) - 1;
	digits = strspn(at, "0123456789");
	if (!number_digits(bytes_of(at, digits), UINT32_MAX - 1, &uid) ||
	    (size_t)(stop - at) < digits + sizeof(after) - 1 ||
	    memcmp(at + digits, after, sizeof(after) - 1) != 0)
		return false;
	at += digits + sizeof(after) - 1;
	if (at != stop && *at != '/')
		return false;
	*out = (uid_t)uid;
	return true;
}

bool
process_login_user(pid_t pid, uid_t *out)
{
	struct secret text = { 0 };
	const char *line = "";
	bool found = false;

	*out = PROCESS_NO_USER;
	if (process_cgroup(pid, &text))
		line = (const char *)text.ptr;
	while (*line != '\0' && !found) {
		size_t len = strcspn(line, "\n");

		found = find_user(line, len, out);
		line += len;
		line += strspn(line, "\n");
	}
	secret_clear(&text);
	return found;
}
