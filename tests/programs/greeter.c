/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A greeter for greetd(1), as a kiosk has one: types no name, answers each
 * question with the next line of a file, a token or its parts, and starts a
 * session if it is let in.
 *
 *	greeter USER TOKEN_FILE RESULT_FILE COMMAND
 *
 * Speaks greetd-ipc(7): a length of four bytes and JSON.  Appends each answer
 * of greetd to RESULT_FILE as a line.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define MESSAGE_SIZE 32768

static int
connect_to(const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(addr.sun_path, sizeof(addr.sun_path), "%s", path);
	if (fd < 0 || connect(fd, (const struct sockaddr *)&addr,
	    sizeof(addr)) != 0) {
		perror(path);
		exit(1);
	}
	return fd;
}

static void
send_message(int fd, const char *json)
{
	uint32_t len = (uint32_t)strlen(json);

	if (write(fd, &len, sizeof(len)) != sizeof(len) ||
	    write(fd, json, len) != (ssize_t)len) {
		perror("write");
		exit(1);
	}
}

static void
receive_all(int fd, void *out, size_t len)
{
	char *at = out;

	while (len > 0) {
		ssize_t got = read(fd, at, len);

		if (got <= 0)
			exit(1);
		at += got;
		len -= (size_t)got;
	}
}

static void
receive_message(int fd, char out[MESSAGE_SIZE])
{
	uint32_t len;

	receive_all(fd, &len, sizeof(len));
	if (len >= MESSAGE_SIZE)
		exit(1);
	receive_all(fd, out, len);
	out[len] = '\0';
}

static void
note(const char *path, const char *line)
{
	FILE *file = fopen(path, "a");

	if (file != NULL) {
		fprintf(file, "%s\n", line);
		fclose(file);
	}
}

/* The next line; nothing behind the last one. */
static void
read_answer(FILE *file, char out[MESSAGE_SIZE])
{
	if (file == NULL || fgets(out, MESSAGE_SIZE, file) == NULL)
		out[0] = '\0';
	out[strcspn(out, "\n")] = '\0';
}

/* Answer until greetd says success or error; whether it was success. */
static int
authenticate(int fd, FILE *answers, const char *result)
{
	static char message[MESSAGE_SIZE], answer[MESSAGE_SIZE + 128];
	static char text[MESSAGE_SIZE];

	for (;;) {
		receive_message(fd, message);
		note(result, message);
		if (strstr(message, "\"success\"") != NULL)
			return 1;
		if (strstr(message, "\"auth_message\"") == NULL)
			return 0;
		if (strstr(message, "\"secret\"") != NULL) {
			read_answer(answers, text);
			snprintf(answer, sizeof(answer), "{\"type\":"
			    "\"post_auth_message_response\",\"response\":"
			    "\"%s\"}", text);
		} else
			snprintf(answer, sizeof(answer), "{\"type\":"
			    "\"post_auth_message_response\"}");
		send_message(fd, answer);
	}
}

int
main(int argc, char **argv)
{
	static char message[MESSAGE_SIZE];
	const char *socket_path = getenv("GREETD_SOCK");
	int fd;

	if (argc != 5 || socket_path == NULL)
		return 2;
	fd = connect_to(socket_path);
	snprintf(message, sizeof(message), "{\"type\":\"create_session\","
	    "\"username\":\"%s\"}", argv[1]);
	send_message(fd, message);
	if (!authenticate(fd, fopen(argv[2], "r"), argv[3])) {
		send_message(fd, "{\"type\":\"cancel_session\"}");
		note(argv[3], "refused");
		pause();	/* greetd would start another greeter */
	}
	snprintf(message, sizeof(message), "{\"type\":\"start_session\","
	    "\"cmd\":[\"%s\"]}", argv[4]);
	send_message(fd, message);
	receive_message(fd, message);
	note(argv[3], message);
	return 0;
}
