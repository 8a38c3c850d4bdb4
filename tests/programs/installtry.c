/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Installs one file as pam-jwt sync does.
 *
 *     installtry FOLDER NAME FILE [SECONDS]
 *
 * Exit 0 when it is there, 1 with the fault when it may not be, 3 when another
 * one holds the lock for longer than the seconds.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "sync/install.h"

static char text[1 << 20];

static struct bytes
slurp(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : read(fd, text, sizeof(text));

	if (got < 0) {
		perror(path);
		exit(2);
	}
	close(fd);
	return bytes_of(text, (size_t)got);
}

int
main(int argc, char **argv)
{
	struct install install;
	struct bytes content;
	enum jwt_reason reason;
	unsigned wait_sec = 0;

	if (argc < 4 || argc > 5)
		return 2;
	if (argc == 5)
		wait_sec = (unsigned)atoi(argv[4]);
	content = slurp(argv[3]);
	reason = install_open(argv[1], wait_sec, &install);
	if (reason == JWT_OK)
		reason = install_file(&install, argv[2], content);
	if (reason != JWT_OK)
		printf("%s: %s\n", reason_name(reason), install.fault);
	install_close(&install);
	if (install.busy)
		return 3;
	return reason != JWT_OK;
}
