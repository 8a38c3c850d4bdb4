/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads the state of logind, which only root can write, without its library and
 * without a question to it.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "host/file.h"
#include "host/logind.h"

#define BOOTED		"/run/systemd/system"
#define SESSIONS	"/run/systemd/sessions"
#define STATE_SIZE	3072	/* bytes; what logind writes has some 500 */

bool
logind_is_there(void)
{
	return access(BOOTED, F_OK) == 0;
}

/* Whether the text has this line. */
static bool
has_line(const char *text, const char *line)
{
	size_t len = strlen(line);

	while (*text != '\0') {
		size_t has = strcspn(text, "\n");

		if (has == len && memcmp(text, line, len) == 0)
			return true;
		text += has;
		text += strspn(text, "\n");
	}
	return false;
}

/*
 * This reads the file that sd_session_get_leader(3) reads.  A file that is too
 * long is not believed, because its last line may be cut.
 */
static bool
leads(const char *login, pid_t leader)
{
	char path[sizeof(SESSIONS) + PROCESS_SESSION_SIZE + 1];
	char text[STATE_SIZE], line[32];
	ssize_t len;
	int fd;

	snprintf(path, sizeof(path), SESSIONS "/%s", login);
	snprintf(line, sizeof(line), "LEADER=%ld", (long)leader);
	fd = file_open_at(AT_FDCWD, path, O_RDONLY | O_NONBLOCK);
	if (fd < 0)
		return false;
	len = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (len < 0 || len == (ssize_t)sizeof(text) - 1)
		return false;
	text[len] = '\0';
	return has_line(text, line);
}

bool
logind_own_session(pid_t leader, pid_t parent, char out[PROCESS_SESSION_SIZE])
{
	char around[PROCESS_SESSION_SIZE];

	if (!logind_is_there() || !process_login_session(leader, out))
		return false;
	process_login_session(parent, around);
	if (strcmp(out, around) != 0 && leads(out, leader))
		return true;
	out[0] = '\0';
	return false;
}
