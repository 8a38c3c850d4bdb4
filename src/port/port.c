/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls of Linux and glibc that the client makes, in POSIX.1-2008. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <unistd.h>

/* Here the names mean the system's. */
#undef socket
#undef socketpair

#define NAME_LENGTH 6	/* of the X in a template */
#define TRIES_MAX 100

extern char **environ;

/* ---- memory and strings ------------------------------------------------ */

/* A compiler must not take away writes through a volatile pointer. */
void
port_explicit_bzero(void *ptr, size_t len)
{
	volatile unsigned char *byte = ptr;

	while (len-- > 0)
		*byte++ = 0;
}

void *
port_reallocarray(void *ptr, size_t count, size_t size)
{
	if (size != 0 && count > SIZE_MAX / size) {
		errno = ENOMEM;
		return NULL;
	}
	return realloc(ptr, count * size);
}

void *
port_memmem(const void *hay, size_t hay_len, const void *needle,
    size_t needle_len)
{
	const unsigned char *at = hay;

	while (hay_len >= needle_len) {
		if (memcmp(at, needle, needle_len) == 0)
			return (void *)(uintptr_t)at;
		if (hay_len == 0)
			break;
		at++;
		hay_len--;
	}
	return NULL;
}

char *
port_strcasestr(const char *hay, const char *needle)
{
	size_t len = strlen(needle);

	do {
		if (strncasecmp(hay, needle, len) == 0)
			return (char *)(uintptr_t)hay;
	} while (*hay++ != '\0');
	return NULL;
}

/* ---- descriptors -------------------------------------------------------- */

/* Set what the flags ask for.  With one thread nobody forks in between. */
static int
set_flags(int fd, int flags)
{
	int status = fcntl(fd, F_GETFL);

	if ((flags & O_CLOEXEC) != 0 && fcntl(fd, F_SETFD, FD_CLOEXEC) != 0)
		return -1;
	if ((flags & O_NONBLOCK) == 0)
		return 0;
	if (status < 0)
		return -1;
	return fcntl(fd, F_SETFL, status | O_NONBLOCK);
}

int
port_pipe2(int fds[2], int flags)
{
	if (pipe(fds) != 0)
		return -1;
	if (set_flags(fds[0], flags) == 0 && set_flags(fds[1], flags) == 0)
		return 0;
	close(fds[0]);
	close(fds[1]);
	return -1;
}

/* fcntl()'s flags for those of a socket's type. */
static int
flags_of(int type)
{
	int flags = 0;

	if ((type & SOCK_CLOEXEC) != 0)
		flags |= O_CLOEXEC;
	if ((type & SOCK_NONBLOCK) != 0)
		flags |= O_NONBLOCK;
	return flags;
}

int
port_socket(int domain, int type, int protocol)
{
	int fd = socket(domain, type & ~(SOCK_CLOEXEC | SOCK_NONBLOCK),
	    protocol);

	if (fd < 0 || set_flags(fd, flags_of(type)) == 0)
		return fd;
	close(fd);
	return -1;
}

int
port_socketpair(int domain, int type, int protocol, int fds[2])
{
	if (socketpair(domain, type & ~(SOCK_CLOEXEC | SOCK_NONBLOCK),
	    protocol, fds) != 0)
		return -1;
	if (set_flags(fds[0], flags_of(type)) == 0 &&
	    set_flags(fds[1], flags_of(type)) == 0)
		return 0;
	close(fds[0]);
	close(fds[1]);
	return -1;
}

int
port_accept4(int socket_fd, struct sockaddr *address, socklen_t *len, int flags)
{
	int fd = accept(socket_fd, address, len);

	if (fd < 0 || set_flags(fd, flags_of(flags)) == 0)
		return fd;
	close(fd);
	return -1;
}

ssize_t
port_getrandom(void *out, size_t len, unsigned flags)
{
	int fd = flags == 0 ? open("/dev/urandom", O_RDONLY | O_CLOEXEC) : -1;
	ssize_t got;

	if (fd < 0)
		return -1;
	do {
		got = read(fd, out, len);
	} while (got < 0 && errno == EINTR);
	close(fd);
	if (got < 0 || (size_t)got < len)
		return -1;
	return got;
}

/* Write a random name over the X; -1 without random bytes. */
static int
fill_name(char *name)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz012345";
	unsigned char random[NAME_LENGTH];
	size_t i;

	if (getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random))
		return -1;
	for (i = 0; i < NAME_LENGTH; i++)
		name[i] = letters[random[i] % (sizeof(letters) - 1)];
	return 0;
}

int
port_mkostemp(char *template, int flags)
{
	size_t len = strlen(template);
	int i, fd;

	if (len < NAME_LENGTH) {
		errno = EINVAL;
		return -1;
	}
	for (i = 0; i < TRIES_MAX; i++) {
		if (fill_name(template + len - NAME_LENGTH) != 0)
			return -1;
		fd = open(template, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW |
		    flags, 0600);
		if (fd >= 0 || errno != EEXIST)
			return fd;
	}
	return -1;
}

/* ---- the process -------------------------------------------------------- */

int
port_clearenv(void)
{
	static char *none[] = { NULL };

	environ = none;
	return 0;
}

int
port_set_dumpable(int option, int value)
{
	const struct rlimit none = { .rlim_cur = 0, .rlim_max = 0 };

	if (option != PR_SET_DUMPABLE || value != 0) {
		errno = EINVAL;
		return -1;
	}
	return setrlimit(RLIMIT_CORE, &none);
}
