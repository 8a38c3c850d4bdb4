/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A log daemon for tests: what arrives on a unix datagram socket is appended to a file, one line for each
 * datagram. Everything that was sent before is kept; nothing is filtered, reordered or added.
 *
 * It must not repair what it receives: a newline inside a datagram stays, so that a test which counts lines
 * notices a log line that a token has split in two.
 *
 *     logsink SOCKET FILE        ends by signal
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum {
	SOCKET_MODE = 0666, /* as /dev/log: the programs under test run as different users */
	LINE_SIZE = 65536   /* far above what syslog(3) sends; longer datagrams are cut */
};

/* Returns a socket bound to path, or -1 with a message printed. */
static int
open_socket(const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd;

	if (strlen(path) >= sizeof(addr.sun_path)) {
		fprintf(stderr, "logsink: %s: name too long for a socket\n", path);
		return -1;
	}
	memcpy(addr.sun_path, path, strlen(path) + 1);
	fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	if (fd < 0 || bind(fd, (const struct sockaddr *)&addr, sizeof(addr)) != 0 || chmod(path, SOCKET_MODE) != 0) {
		perror(path);
		return -1;
	}
	return fd;
}

/* Writes all of it, or returns -1: a half-written line would make a test lie. */
static int
write_all(int fd, const char *line, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, line, len);

		if (n <= 0)
			return -1;
		line += n;
		len -= (size_t)n;
	}
	return 0;
}

int
main(int argc, char **argv)
{
	static char line[LINE_SIZE];
	int in, out;

	if (argc != 3) {
		fputs("usage: logsink SOCKET FILE\n", stderr);
		return 2;
	}
	out = open(argv[2], O_WRONLY | O_CREAT | O_APPEND, 0644);
	if (out < 0) {
		perror(argv[2]);
		return 2;
	}
	in = open_socket(argv[1]);
	if (in < 0)
		return 2;
	for (;;) {
		ssize_t n = recv(in, line, sizeof(line) - 1, 0);
		size_t len;

		if (n < 0)
			break;
		len = (size_t)n;
		while (len > 0 && (line[len - 1] == '\n' || line[len - 1] == '\0'))
			len--; /* some senders end a datagram with one of these */
		line[len++] = '\n';
		if (write_all(out, line, len) != 0)
			break;
	}
	perror("logsink");
	return 1;
}
