/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A server that no real Redis can play: says the wrong thing, or nothing, or
 * too much, on a unix socket, or on a port of 127.0.0.1.
 *
 *	badserver PATH|PORT silent|drip|flood|lines|cut|close|garbage|nested|moved
 *	badserver PATH|PORT FILE		answers with what is in the file
 *
 * One connection after another, until it is killed.
 */
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int
say(int fd, const char *text, size_t len)
{
	while (len > 0) {
		ssize_t done = send(fd, text, len, MSG_NOSIGNAL);

		if (done <= 0)
			return -1;
		text += done;
		len -= (size_t)done;
	}
	return 0;
}

static int
say_text(int fd, const char *text)
{
	return say(fd, text, strlen(text));
}

/* A byte each 0.3 s: a deadline for each read would never come. */
static void
drip(int fd)
{
	static const char text[] = "$-1\r\n$-1\r\n";
	size_t i = 0;

	while (say(fd, &text[i++ % (sizeof(text) - 1)], 1) == 0)
		usleep(300000);
}

static void
flood(int fd, const char *start, const char *text)
{
	if (say_text(fd, start) != 0)
		return;
	while (say_text(fd, text) == 0)
		;
}

static void
say_file(int fd, const char *path)
{
	FILE *file = fopen(path, "re");
	static char text[4096];
	size_t len = file == NULL ? 0 : fread(text, 1, sizeof(text), file);

	if (file != NULL)
		fclose(file);
	(void)say(fd, text, len);
}

static void
serve(int fd, const char *mode)
{
	static char asked[2048];

	if (strcmp(mode, "close") == 0)
		return;
	if (recv(fd, asked, sizeof(asked), 0) <= 0)
		return;
	if (mode[0] == '/')
		say_file(fd, mode);
	else if (strcmp(mode, "silent") == 0)
		(void)recv(fd, asked, sizeof(asked), 0);
	else if (strcmp(mode, "drip") == 0)
		drip(fd);
	else if (strcmp(mode, "flood") == 0)
		flood(fd, "$2000000000\r\n", "0123456789abcdef");
	else if (strcmp(mode, "lines") == 0)
		flood(fd, "+", "OK OK OK OK OK OK");
	else if (strcmp(mode, "nested") == 0)
		flood(fd, "", "*1\r\n");
	else if (strcmp(mode, "moved") == 0)
		(void)say_text(fd, "-MOVED 1 192.0.2.1:6379\r\n");
	else if (strcmp(mode, "cut") == 0)
		(void)say_text(fd, "$10\r\n17000");
	else
		(void)say_text(fd, "HTTP/1.1 400 Bad Request\r\n\r\n");
}

static int
listen_at(const char *place)
{
	struct sockaddr_un path = { .sun_family = AF_UNIX };
	struct sockaddr_in local = {
		.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(place)),
		.sin_addr = { .s_addr = htonl(INADDR_LOOPBACK) }
	};
	bool is_port = place[0] != '/';
	const void *address = is_port ? (const void *)&local : &path;
	int fd = socket(is_port ? AF_INET : AF_UNIX, SOCK_STREAM, 0);

	if (!is_port) {
		snprintf(path.sun_path, sizeof(path.sun_path), "%s", place);
		unlink(place);
	}
	if (fd < 0 || bind(fd, address, is_port ? sizeof(local) :
	    sizeof(path)) != 0 || listen(fd, 16) != 0) {
		perror(place);
		return -1;
	}
	return fd;
}

int
main(int argc, char **argv)
{
	int listener = argc == 3 ? listen_at(argv[1]) : -1;

	if (listener < 0)
		return 2;
	signal(SIGPIPE, SIG_IGN);
	for (;;) {
		int fd = accept(listener, NULL, NULL);

		if (fd < 0)
			return 1;
		serve(fd, argv[2]);
		close(fd);
	}
}
