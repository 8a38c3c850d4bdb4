/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * All calls of the client that are beyond POSIX.1-2008, for systems that lack
 * them.  The compiler includes this file in front of each source (see PORT
 * in the Makefile), and port.c has the functions, under names of their own.
 * With glibc nothing of src/port is built.
 */
#ifndef JWT_PORT_H
#define JWT_PORT_H

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <sys/socket.h>
#include <time.h>

/* Memory and strings; the manuals of Linux describe them. */
#define explicit_bzero port_explicit_bzero
#define reallocarray port_reallocarray
#define memmem port_memmem
#define strcasestr port_strcasestr
void port_explicit_bzero(void *ptr, size_t len);
void *port_reallocarray(void *ptr, size_t count, size_t size);
void *port_memmem(const void *hay, size_t hay_len, const void *needle,
    size_t needle_len);
char *port_strcasestr(const char *hay, const char *needle);

/* An error in words; nothing here sets a locale. */
#define strerrordesc_np(error) ((const char *)strerror(error))

/* Descriptors.  A folder that is opened to name files in it can be read. */
#ifndef O_PATH
#define O_PATH (O_RDONLY | O_NONBLOCK)
#endif
#define pipe2 port_pipe2
#define mkostemp port_mkostemp
int port_pipe2(int fds[2], int flags);
int port_mkostemp(char *template, int flags);

/* Sockets: the flags of their type that came with POSIX.1-2024. */
#ifndef SOCK_CLOEXEC
#define SOCK_CLOEXEC 0x10000000
#define SOCK_NONBLOCK 0x20000000
#endif
#ifndef MSG_NOSIGNAL	/* the programs that send ignore SIGPIPE */
#define MSG_NOSIGNAL 0
#endif
#define socket port_socket
#define socketpair port_socketpair
#define accept4 port_accept4
int port_socket(int domain, int type, int protocol);
int port_socketpair(int domain, int type, int protocol, int fds[2]);
int port_accept4(int fd, struct sockaddr *address, socklen_t *len, int flags);

/* The process. */
#define program_invocation_short_name port_program
#define clearenv port_clearenv
extern const char port_program[];

/* glibc has a name for the type of the first argument of setrlimit(). */
#ifndef __GLIBC__
typedef int __rlimit_resource_t;
#endif

/* One more than the greatest number of a signal. */
#ifndef NSIG
#define NSIG 65
#endif
int port_clearenv(void);

/* How long the system sleeps is not counted everywhere. */
#ifndef CLOCK_BOOTTIME
#define CLOCK_BOOTTIME CLOCK_MONOTONIC
#endif

#endif
