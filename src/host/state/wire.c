/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A socket that does not block, with one deadline for all that is done with it.
 *
 * A login waits for this.  A server that accepts a connection and then says
 * nothing must not hold the login longer than redis_timeout.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/policy/conf.h"
#include "host/clock.h"
#include "host/file.h"
#include "host/state/wire.h"

union address {
	struct sockaddr any;
	struct sockaddr_un path;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

enum jwt_reason
wire_fail(struct wire *wire, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(wire->fault, sizeof(wire->fault), format, args);
	va_end(args);
	return JWT_STATE_UNAVAILABLE;
}

static enum jwt_reason
fail_errno(struct wire *wire, const char *what)
{
	return wire_fail(wire, "%s: %s", what, file_errno_text(errno));
}

void
wire_set_deadline(struct wire *wire, unsigned seconds)
{
	wire->deadline_msec = clock_msec() + (int64_t)seconds * 1000;
}

int64_t
wire_left(const struct wire *wire)
{
	int64_t now = clock_msec();

	if (now < 0 || now >= wire->deadline_msec)
		return 0;
	return wire->deadline_msec - now;
}

/* Wait until the socket can be written or read; fail at the deadline. */
static enum jwt_reason
wait_for(struct wire *wire, short events)
{
	struct pollfd one = { .fd = wire->fd, .events = events };
	int64_t left;
	int ready;

	do {
		left = wire_left(wire);
		if (left == 0)
			return wire_fail(wire, "no answer in time "
			    "(redis_timeout)");
		ready = poll(&one, 1, (int)left);
	} while (ready == 0 || (ready < 0 && errno == EINTR));
	if (ready <= 0)
		return fail_errno(wire, "poll");
	return JWT_OK;
}

static bool
parse_address(const char *text, unsigned port, union address *out,
    socklen_t *len)
{
	*out = (union address){ .any = { .sa_family = AF_UNSPEC } };
	if (inet_pton(AF_INET, text, &out->v4.sin_addr) == 1) {
		out->v4.sin_family = AF_INET;
		out->v4.sin_port = htons((uint16_t)port);
		*len = sizeof(out->v4);
		return true;
	}
	if (inet_pton(AF_INET6, text, &out->v6.sin6_addr) == 1) {
		out->v6.sin6_family = AF_INET6;
		out->v6.sin6_port = htons((uint16_t)port);
		*len = sizeof(out->v6);
		return true;
	}
	return false;
}

/* Whether a line of /etc/hosts has the name, and an address in front of it. */
static bool
line_has(struct bytes line, struct bytes name, struct bytes *address)
{
	struct bytes word;

	*address = conf_word(&line);
	while ((word = conf_word(&line)).len > 0 && word.ptr[0] != '#') {
		if (bytes_eq(word, name))
			return address->len > 0 && address->ptr[0] != '#';
	}
	return false;
}

/*
 * Find the address of a name in /etc/hosts; the first line wins.  No resolver
 * is asked: it could hang beyond our deadline, and its answer is not ours to
 * trust.
 */
static bool
find_in_hosts(const char *host, char out[INET6_ADDRSTRLEN])
{
	struct bytes rest, address = { .len = 0 };
	bool found = false;
	struct file file;

	if (file_read("/etc/hosts", &file) != FILE_OK)
		goto out;
	rest = secret_bytes(&file.text);
	while (rest.len > 0 && !found)
		found = line_has(bytes_cut(&rest, '\n'), bytes_str(host),
			    &address) &&
		    address.len < INET6_ADDRSTRLEN;
	if (found) {
		memcpy(out, address.ptr, address.len);
		out[address.len] = '\0';
	}
out:
	file_clear(&file);
	return found;
}

static bool
find_address(const char *host, unsigned port, union address *out,
    socklen_t *len)
{
	char text[INET6_ADDRSTRLEN];

	return parse_address(host, port, out, len) ||
	    (find_in_hosts(host, text) && parse_address(text, port, out, len));
}

/*
 * Refuse a socket that another user may have put there: a server of his could
 * answer "never used" and "not revoked" to every question.
 */
static enum jwt_reason
check_socket(const char *path, struct wire *wire)
{
	struct file file;
	enum file_result result = file_check_socket(path, &file);

	if (result == FILE_OK)
		return JWT_OK;
	if (result == FILE_NO_MEMORY)
		return JWT_OUT_OF_MEMORY;
	return wire_fail(wire, "%s", file.fault);
}

static bool
make_address(const struct state_settings *settings, union address *out,
    socklen_t *len)
{
	if (settings->redis != REDIS_UNIX)
		return find_address(settings->redis_host,
		    settings->redis_port, out, len);
	*out = (union address){ .path = { .sun_family = AF_UNIX } };
	if (strlen(settings->redis_host) >= sizeof(out->path.sun_path))
		return false;
	memcpy(out->path.sun_path, settings->redis_host,
	    strlen(settings->redis_host));
	*len = sizeof(out->path);
	return true;
}

/*
 * Make a socket that does not disturb the host program: its descriptor is above
 * 2, and no program that the host starts inherits it.
 */
static enum jwt_reason
make_socket(struct wire *wire, sa_family_t family)
{
	int one = 1;

	wire->fd = file_above_stdio(socket(family,
	    SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
	if (wire->fd < 0)
		return fail_errno(wire, "socket");
	/* Send each write at once; otherwise it may wait for an earlier ACK. */
	if (family != AF_UNIX && setsockopt(wire->fd, IPPROTO_TCP, TCP_NODELAY,
	    &one, sizeof(one)) != 0)
		return fail_errno(wire, "setsockopt");
	return JWT_OK;
}

static enum jwt_reason
finish_connecting(struct wire *wire)
{
	socklen_t len = sizeof(int);
	int error = 0;
	enum jwt_reason reason = wait_for(wire, POLLOUT);

	if (reason != JWT_OK)
		return reason;
	if (getsockopt(wire->fd, SOL_SOCKET, SO_ERROR, &error, &len) != 0)
		return fail_errno(wire, "getsockopt");
	errno = error;
	if (error != 0)
		return fail_errno(wire, "cannot connect");
	return JWT_OK;
}

static enum jwt_reason
connect_to(struct wire *wire, const union address *address, socklen_t len)
{
	enum jwt_reason reason = make_socket(wire, address->any.sa_family);

	if (reason != JWT_OK)
		return reason;
	if (connect(wire->fd, &address->any, len) == 0)
		return JWT_OK;
	/* EAGAIN is an error here: the queue of a unix socket is full. */
	if (errno != EINPROGRESS && errno != EINTR)
		return fail_errno(wire, "cannot connect");
	return finish_connecting(wire);
}

enum jwt_reason
wire_open(const struct state_settings *settings, struct wire *out)
{
	union address address;
	socklen_t len = 0;
	enum jwt_reason reason;

	*out = (struct wire){ .fd = -1 };
	wire_set_deadline(out, settings->redis_timeout_sec);
	if (!make_address(settings, &address, &len))
		return wire_fail(out, "the host is no address, and /etc/hosts "
		    "does not have it");
	if (settings->redis == REDIS_UNIX) {
		reason = check_socket(settings->redis_host, out);
		if (reason != JWT_OK)
			return reason;
	}
	return connect_to(out, &address, len);
}

void
wire_close(struct wire *wire)
{
	if (wire->fd >= 0)
		close(wire->fd);
	wire->fd = -1;
}

enum jwt_reason
wire_send(struct wire *wire, struct bytes text)
{
	while (text.len > 0) {
		ssize_t sent = send(wire->fd, text.ptr, text.len,
		    MSG_NOSIGNAL);
		enum jwt_reason reason = JWT_OK;

		if (sent > 0)
			text = bytes_of(text.ptr + sent,
			    text.len - (size_t)sent);
		else if (sent < 0 && errno == EAGAIN)
			reason = wait_for(wire, POLLOUT);
		else if (sent == 0 || errno != EINTR)
			reason = fail_errno(wire, "cannot send");
		if (reason != JWT_OK)
			return reason;
	}
	return JWT_OK;
}

enum jwt_reason
wire_receive(struct wire *wire, uint8_t *out, size_t size, size_t *got)
{
	enum jwt_reason reason;
	ssize_t len;

	*got = 0;
	do {
		reason = wait_for(wire, POLLIN);
		if (reason != JWT_OK)
			return reason;
		len = recv(wire->fd, out, size, 0);
	} while (len < 0 && (errno == EINTR || errno == EAGAIN));
	if (len < 0)
		return fail_errno(wire, "cannot receive");
	*got = (size_t)len;
	return JWT_OK;
}
