/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The filter of system calls.  If an attacker takes over the TLS or HTTP code,
 * the filter keeps this process from running programs and writing files.
 *
 * The list names the calls that are allowed.  Every other call fails as in a
 * kernel that does not have it, so that a newer libc falls back on an older
 * call.  Of some calls only what a client of HTTPS needs is allowed: others
 * reach terminals, other programs, and parts of the kernel that are little
 * tested.
 *
 * There are no local sockets (AF_UNIX).  For pam-jwt login this process runs
 * as the person, and would reach their session bus, which runs programs, and
 * their ssh-agent.  The resolver of glibc then does without nscd and
 * systemd-resolved's own protocol, and asks the servers in resolv.conf; names
 * that only mDNS or sssd know are not found.  On 32-bit x86, where libc makes
 * sockets by socketcall(), a filter cannot see of which kind they are.
 */
#include "cli/complain.h"
#include "net/confine.h"

#ifdef HAVE_SECCOMP
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <linux/netlink.h>
#include <seccomp.h>

static const int allowed[] = {
	/* memory, time, threads */
	SCMP_SYS(brk), SCMP_SYS(mmap), SCMP_SYS(mmap2), SCMP_SYS(mprotect),
	SCMP_SYS(mremap), SCMP_SYS(munmap), SCMP_SYS(madvise),
	SCMP_SYS(clock_gettime), SCMP_SYS(clock_gettime64),
	SCMP_SYS(clock_getres), SCMP_SYS(clock_nanosleep), SCMP_SYS(nanosleep),
	SCMP_SYS(gettimeofday), SCMP_SYS(time), SCMP_SYS(futex),
	SCMP_SYS(futex_time64), SCMP_SYS(set_robust_list), SCMP_SYS(rseq),
	SCMP_SYS(sched_yield), SCMP_SYS(sched_getaffinity),
	SCMP_SYS(membarrier), SCMP_SYS(exit), SCMP_SYS(exit_group),
	/* itself */
	SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(getuid), SCMP_SYS(geteuid),
	SCMP_SYS(getgid), SCMP_SYS(getegid), SCMP_SYS(getrandom),
	SCMP_SYS(uname), SCMP_SYS(sysinfo), SCMP_SYS(rt_sigaction),
	SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn),
	SCMP_SYS(sigaltstack), SCMP_SYS(restart_syscall),
	/* descriptors */
	SCMP_SYS(read), SCMP_SYS(readv), SCMP_SYS(pread64), SCMP_SYS(write),
	SCMP_SYS(writev), SCMP_SYS(close), SCMP_SYS(fstat), SCMP_SYS(fstat64),
	SCMP_SYS(newfstatat), SCMP_SYS(fstatat64), SCMP_SYS(stat),
	SCMP_SYS(statx), SCMP_SYS(lseek), SCMP_SYS(_llseek), SCMP_SYS(access),
	SCMP_SYS(faccessat), SCMP_SYS(faccessat2), SCMP_SYS(readlink),
	SCMP_SYS(readlinkat), SCMP_SYS(fcntl), SCMP_SYS(fcntl64),
	SCMP_SYS(pipe2), SCMP_SYS(eventfd2),
	/* waiting, and sockets */
	SCMP_SYS(poll), SCMP_SYS(ppoll), SCMP_SYS(ppoll_time64),
	SCMP_SYS(select), SCMP_SYS(_newselect), SCMP_SYS(pselect6),
	SCMP_SYS(pselect6_time64), SCMP_SYS(epoll_create1),
	SCMP_SYS(epoll_ctl), SCMP_SYS(epoll_wait), SCMP_SYS(epoll_pwait),
	SCMP_SYS(connect), SCMP_SYS(bind),
	SCMP_SYS(getsockname), SCMP_SYS(getpeername),
	SCMP_SYS(getsockopt), SCMP_SYS(setsockopt), SCMP_SYS(shutdown),
	SCMP_SYS(send), SCMP_SYS(sendto), SCMP_SYS(sendmsg),
	SCMP_SYS(sendmmsg), SCMP_SYS(recv), SCMP_SYS(recvfrom),
	SCMP_SYS(recvmsg), SCMP_SYS(recvmmsg), SCMP_SYS(recvmmsg_time64),
	SCMP_SYS(socketcall)
};

static const int families[] = { AF_INET, AF_INET6 };

#define TYPE_MASK 0xf	/* of a socket; its flags are above that */

/* libc and the libraries of TLS ask sockets these; TIOCSTI types for others. */
static const unsigned long requests[] = { FIONBIO, FIONREAD };

/* Each of these returns 0, or the error of libseccomp. */

static int
add_calls(scmp_filter_ctx filter)
{
	size_t i;
	int error = 0;

	for (i = 0; error == 0 && i < sizeof(allowed) / sizeof(allowed[0]); i++)
		error = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0);
	return error;
}

static int
add_families(scmp_filter_ctx filter)
{
	size_t i;
	int error = 0;

	for (i = 0; error == 0 && i < sizeof(families) / sizeof(families[0]);
	    i++)
		error = seccomp_rule_add(filter, SCMP_ACT_ALLOW,
		    SCMP_SYS(socket), 1, SCMP_A0(SCMP_CMP_EQ,
		    (scmp_datum_t)families[i], 0));
	return error;
}

/*
 * The resolver asks which addresses this host has (NETLINK_ROUTE), and libcurl
 * wakes its own threads by a pair of sockets.  One of a pair of datagrams could
 * be connected to the socket of another program.
 */
static int
add_other_sockets(scmp_filter_ctx filter)
{
	int error = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(socket),
	    2, SCMP_A0(SCMP_CMP_EQ, AF_NETLINK, 0),
	    SCMP_A2(SCMP_CMP_EQ, NETLINK_ROUTE, 0));

	if (error != 0)
		return error;
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(socketpair),
	    2, SCMP_A0(SCMP_CMP_EQ, AF_UNIX, 0),
	    SCMP_A1(SCMP_CMP_MASKED_EQ, TYPE_MASK, SOCK_STREAM));
}

static int
add_requests(scmp_filter_ctx filter)
{
	size_t i;
	int error = 0;

	for (i = 0; error == 0 && i < sizeof(requests) / sizeof(requests[0]);
	    i++)
		error = seccomp_rule_add(filter, SCMP_ACT_ALLOW,
		    SCMP_SYS(ioctl), 1,
		    SCMP_A1(SCMP_CMP_EQ, requests[i], 0));
	return error;
}

/* A file can only be read, and clone() can only make a thread. */
static int
add_bounded(scmp_filter_ctx filter)
{
	const int written = O_ACCMODE | O_CREAT | O_TRUNC;
	int error;

	error = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(openat), 1,
	    SCMP_A2(SCMP_CMP_MASKED_EQ, (scmp_datum_t)written, O_RDONLY));
	if (error != 0)
		return error;
	error = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(open), 1,
	    SCMP_A1(SCMP_CMP_MASKED_EQ, (scmp_datum_t)written, O_RDONLY));
	if (error != 0)
		return error;
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
	    SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD));
}

static int
add_rules(scmp_filter_ctx filter)
{
	int error = add_calls(filter);

	if (error == 0)
		error = add_families(filter);
	if (error == 0)
		error = add_other_sockets(filter);
	if (error == 0)
		error = add_requests(filter);
	if (error == 0)
		error = add_bounded(filter);
	return error;
}

static bool
confine_calls(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(ENOSYS));
	int error;

	if (filter == NULL)
		return complain("the filter of system calls cannot be made");
	error = add_rules(filter);
	if (error == 0)
		error = seccomp_load(filter);
	seccomp_release(filter);
	return error == 0 || complain("the filter of system calls cannot be "
	    "set (error %d)", -error);
}
#else

static bool
confine_calls(void)
{
	return true;
}
#endif

/* The filter comes second: it leaves out the calls of the first. */
bool
confine_to_network(void)
{
	return confine_files() && confine_calls();
}
