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
process_read(pid_t pid, struct process *out)
{
	char text[STAT_SIZE];
	const char *end;
	int64_t parent;

	if (!read_file(pid, "stat", text, sizeof(text)))
		return false;
	end = strrchr(text, ')');
	if (end == NULL || !read_field(end + 1, FIELD_PARENT, &parent) ||
	    !read_field(end + 1, FIELD_START, &out->start))
		return false;
	out->pid = pid;
	out->parent = (pid_t)parent;
	return true;
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

/* The name of the session scope in one line of a cgroup file. */
static bool
find_scope(const char *line, size_t len, char out[PROCESS_SESSION_SIZE])
{
	static const char before[] = "/session-", after[] = ".scope";
	const char *at = memmem(line, len, before, sizeof(before) - 1);
	const char *end, *stop = line + len;
	size_t size;

	if (at == NULL)
		return false;
	at += sizeof(before) - 1;
	end = memmem(at, (size_t)(stop - at), after, sizeof(after) - 1);
	if (end == NULL || (end + sizeof(after) - 1 != stop &&
	    end[sizeof(after) - 1] != '/'))
		return false;
	size = (size_t)(end - at);
	if (size == 0 || size >= PROCESS_SESSION_SIZE ||
	    memchr(at, '/', size) != NULL)
		return false;
	memcpy(out, at, size);
	out[size] = '\0';
	return true;
}

static bool
find_session(const char *text, char out[PROCESS_SESSION_SIZE])
{
	while (*text != '\0') {
		size_t len = strcspn(text, "\n");

		if (find_scope(text, len, out))
			return true;
		text += len;
		text += strspn(text, "\n");
	}
	return false;
}

bool
process_login_session(pid_t pid, char out[PROCESS_SESSION_SIZE])
{
	struct secret text = { 0 };
	bool found;

	out[0] = '\0';
	if (secret_alloc(CGROUP_SIZE + 1, &text) != JWT_OK)
		return false;
	found = read_file(pid, "cgroup", (char *)text.ptr, CGROUP_SIZE) &&
	    find_session((const char *)text.ptr, out);
	secret_clear(&text);
	return found;
}
