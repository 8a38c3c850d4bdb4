/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a fetcher that an attacker holds can still ask of the kernel.  Without
 * libseccomp there is no filter, without Landlock there are no limits for
 * files, and then nothing to test of it.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/netlink.h>

#include <cmocka.h>

#include "net/confine.h"

static int
make_socket(int family, int type)
{
	return socket(family, type | SOCK_CLOEXEC, 0);
}

static int
try_ipv4(void)
{
	return make_socket(AF_INET, SOCK_STREAM);
}

static int
try_ipv6(void)
{
	int fd = make_socket(AF_INET6, SOCK_STREAM);

	/* A host without IPv6. */
	return fd < 0 && errno == EAFNOSUPPORT ? 0 : fd;
}

static int
try_unix(void)
{
	return make_socket(AF_UNIX, SOCK_STREAM);
}

static int
try_pair(void)
{
	int ends[2];

	return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends);
}

/* One of these can be connected to any socket in the file system. */
static int
try_datagrams(void)
{
	int ends[2];

	return socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, ends);
}

static int
try_netlink(void)
{
	return make_socket(AF_NETLINK, SOCK_RAW);
}

static int
try_other_netlink(void)
{
	return socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC,
	    NETLINK_KOBJECT_UEVENT);
}

static int
try_reading(void)
{
	return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static int
try_unblocking(void)
{
	int on = 1;

	return ioctl(make_socket(AF_INET, SOCK_STREAM), FIONBIO, &on);
}

static int
try_counting(void)
{
	int count;

	return ioctl(make_socket(AF_INET, SOCK_DGRAM), FIONREAD, &count);
}

static int
try_packets(void)
{
	return make_socket(AF_PACKET, SOCK_DGRAM);
}

static int
try_crypto(void)
{
	return make_socket(AF_ALG, SOCK_SEQPACKET);
}

static int
try_vsock(void)
{
	return make_socket(AF_VSOCK, SOCK_STREAM);
}

static int
try_typing(void)
{
	return ioctl(STDIN_FILENO, TIOCSTI, "x");
}

static int
try_console(void)
{
	char paste = 3;

	return ioctl(STDIN_FILENO, TIOCLINUX, &paste);
}

static int
try_writing(void)
{
	return open("/dev/null", O_WRONLY | O_CLOEXEC);
}

static int
try_making(void)
{
	return open("/tmp", O_RDWR | O_TMPFILE | O_CLOEXEC, 0600);
}

static int
try_program(void)
{
	return execl("/bin/true", "true", (char *)NULL);
}

static int
try_child(void)
{
	return (int)syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL);
}

static int
try_signal(void)
{
	return kill(getppid(), 0);
}

static int
try_session(void)
{
	return setsid();
}

static int
try_removing(void)
{
	return unlink("/no-such-file");
}

static int
try_mode(void)
{
	return chmod("/no-such-file", 0777);
}

static int
try_memory_of_others(void)
{
	return (int)syscall(SYS_process_vm_readv, getppid(), NULL, 0, NULL, 0,
	    0);
}

/* Whether the kernel, seen through the filter, has the call. */
static bool
is_allowed(int (*try)(void))
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		if (!confine_to_network())
			_exit(2);
		_exit(try() < 0 && errno == ENOSYS);
	}
	assert_true(child > 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_in_range(WEXITSTATUS(status), 0, 1);
	return WEXITSTATUS(status) == 0;
}

/* ---- files ----------------------------------------------------------------- */

/* 0 if a file could be opened, or its errno, once files are taken away. */
static int
open_confined(const char *path)
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		if (!confine_files())
			_exit(255);
		if (open(path, O_RDONLY | O_CLOEXEC) >= 0)
			_exit(0);
		_exit(errno);
	}
	assert_true(child > 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* A chroot may have no /proc. */
static bool
is_there(const char *path)
{
	return access(path, R_OK) == 0;
}

/* The system's files are read; a person's, and memory of others, are not. */
static void
test_files(void **state)
{
	static const char *const readable[] = { "/etc/passwd", "/etc", "/usr",
		"/proc/self/status", "/dev/urandom" };
	static const char *const closed[] = { "/", "/tmp", "/proc/1/status",
		"/run" };
	char own[] = "/tmp/pam_jwt.XXXXXX";
	int fd = mkstemp(own);
	size_t i;

	(void)state;
	assert_true(fd >= 0);
	(void)close(fd);
	if (open_confined(own) == 0) {
		(void)unlink(own);
		skip();		/* a kernel without Landlock */
	}
	assert_int_equal(open_confined(own), EACCES);
	(void)unlink(own);
	for (i = 0; i < sizeof(readable) / sizeof(readable[0]); i++) {
		if (is_there(readable[i]) && open_confined(readable[i]) != 0)
			fail_msg("%s", readable[i]);
	}
	for (i = 0; i < sizeof(closed) / sizeof(closed[0]); i++) {
		if (is_there(closed[i]) && open_confined(closed[i]) != EACCES)
			fail_msg("%s", closed[i]);
	}
}

/* ---- system calls ---------------------------------------------------------- */

/* The filter leaves prctl() out. */
static int
try_filter(void)
{
	return prctl(PR_GET_SECCOMP, 0, 0, 0, 0);
}

static void
test_calls(void **state)
{
	static const struct {
		const char *name;
		int (*try)(void);
		bool allowed;
	} rows[] = {
		{ "IPv4", try_ipv4, true },
		{ "IPv6", try_ipv6, true },
		{ "a local socket", try_unix, false },
		{ "a pair", try_pair, true },
		{ "a pair of datagrams", try_datagrams, false },
		{ "the list of addresses", try_netlink, true },
		{ "netlink for other things", try_other_netlink, false },
		{ "reading", try_reading, true },
		{ "FIONBIO", try_unblocking, true },
		{ "FIONREAD", try_counting, true },
		{ "AF_PACKET", try_packets, false },
		{ "AF_ALG", try_crypto, false },
		{ "AF_VSOCK", try_vsock, false },
		{ "TIOCSTI", try_typing, false },
		{ "TIOCLINUX", try_console, false },
		{ "writing", try_writing, false },
		{ "a file without a name", try_making, false },
		{ "execve", try_program, false },
		{ "fork", try_child, false },
		{ "kill", try_signal, false },
		{ "setsid", try_session, false },
		{ "unlink", try_removing, false },
		{ "chmod", try_mode, false },
		{ "process_vm_readv", try_memory_of_others, false },
	};
	size_t i;

	(void)state;
	/* tests/sync/net.sh sees that there is a filter. */
	if (is_allowed(try_filter))
		skip();
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (is_allowed(rows[i].try) != rows[i].allowed)
			fail_msg("%s", rows[i].name);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_calls)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
