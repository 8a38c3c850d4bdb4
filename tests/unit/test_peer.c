/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who is at the other end of a connection: a program of ours, one of another
 * user, and one that has gone already.
 */
#include <netinet/in.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "login/peer.h"

#define NOBODY 65534

static int
listen_here(struct sockaddr_in *address)
{
	socklen_t size = sizeof(*address);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	*address = (struct sockaddr_in){ .sin_family = AF_INET };
	address->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(fd, (struct sockaddr *)address, size), 0);
	assert_int_equal(listen(fd, 1), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)address, &size), 0);
	return fd;
}

/* A socket of IPv6 that reaches an address of IPv4, as browsers have. */
static int
connect_mapped(const struct sockaddr_in *address)
{
	struct sockaddr_in6 mapped = {
		.sin6_family = AF_INET6, .sin6_port = address->sin_port
	};
	int fd = socket(AF_INET6, SOCK_STREAM, 0);

	mapped.sin6_addr.s6_addr[10] = 0xff;
	mapped.sin6_addr.s6_addr[11] = 0xff;
	memcpy(&mapped.sin6_addr.s6_addr[12], &address->sin_addr, 4);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&mapped,
	    sizeof(mapped)) == 0)
		return fd;
	return -1;
}

static int
connect_plain(const struct sockaddr_in *address)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd >= 0 && connect(fd, (const struct sockaddr *)address,
	    sizeof(*address)) == 0)
		return fd;
	return -1;
}

/* What is said of a child's connection, which it keeps or closes. */
static bool
is_ours(uid_t uid, bool is_mapped, bool keeps)
{
	struct sockaddr_in address;
	int listener = listen_here(&address), ready[2], fd;
	bool answer;
	char byte;
	pid_t pid;

	assert_int_equal(pipe(ready), 0);
	pid = fork();
	if (pid == 0) {
		if (uid != getuid() && setuid(uid) != 0)
			_exit(1);
		fd = is_mapped ? connect_mapped(&address) :
		    connect_plain(&address);
		if (fd < 0)
			_exit(1);
		if (!keeps)
			close(fd);
		if (write(ready[1], "", 1) == 1)
			pause();
		_exit(0);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	fd = accept(listener, NULL, NULL);
	answer = peer_may_be_ours(fd);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	close(fd);
	close(listener);
	close(ready[0]);
	close(ready[1]);
	return answer;
}

static void
test_own(void **state)
{
	(void)state;
	assert_true(is_ours(getuid(), false, true));
	assert_true(is_ours(getuid(), true, true));
}

/* A program that has gone cannot be asked whose it was. */
static void
test_gone(void **state)
{
	(void)state;
	assert_false(is_ours(getuid(), false, false));
}

static void
test_other(void **state)
{
	(void)state;
	if (getuid() != 0)
		skip();
	assert_false(is_ours(NOBODY, false, true));
	assert_false(is_ours(NOBODY, true, true));
	assert_false(is_ours(NOBODY, false, false));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_own),
		cmocka_unit_test(test_gone),
		cmocka_unit_test(test_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
