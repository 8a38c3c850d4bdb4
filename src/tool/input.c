/* SPDX-License-Identifier: BSD-2-Clause */
/* Bounded reading. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tool/input.h"

static bool
complain(const char *path, const char *what)
{
	fprintf(stderr, "pam-jwt: %s: %s\n", path, what);
	return false;
}

static bool
read_all(int fd, const char *name, struct secret *out)
{
	size_t len = 0;
	ssize_t got;

	if (secret_alloc(INPUT_MAX, out) != JWT_OK)
		return complain(name, "memory ran out");
	do {
		got = read(fd, out->ptr + len, INPUT_MAX - len);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return complain(name, strerror(errno));
		len += (size_t)got;
	} while (got != 0 && len < INPUT_MAX);
	out->len = len;
	return len < INPUT_MAX || complain(name, "1 MiB or more");
}

bool
input_read(struct secret *out)
{
	return read_all(STDIN_FILENO, "standard input", out);
}

bool
input_read_private(const char *path, struct secret *out)
{
	struct stat st;
	bool ok = false;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

	*out = (struct secret){ 0 };
	if (fd < 0)
		return complain(path, strerror(errno));
	if (fstat(fd, &st) != 0)
		complain(path, strerror(errno));
	else if (!S_ISREG(st.st_mode))
		complain(path, "not a regular file");
	else if ((st.st_mode & 077) != 0)
		complain(path, "others may read this private key: chmod 0600");
	else
		ok = read_all(fd, path, out);
	close(fd);
	return ok;
}

bool
input_absolute(const char *path, char *out, size_t size)
{
	char folder[1024];

	if (path[0] == '/')
		return snprintf(out, size, "%s", path) < (int)size ||
		    complain(path, "too long");
	if (getcwd(folder, sizeof(folder)) == NULL)
		return complain(path, strerror(errno));
	return snprintf(out, size, "%s/%s", folder, path) < (int)size ||
	    complain(path, "too long");
}
