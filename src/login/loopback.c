/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Serves some connections at once: a browser may open one early and leave it
 * silent, and a program of another user must not be able to stop a login by
 * doing the same.
 */
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cli/complain.h"
#include "host/clock.h"
#include "login/loopback.h"
#include "login/peer.h"

#define CONNECTION_MSEC	10000	/* for a request to come whole */
#define PAGE_SIZE	2048

/* ---- pages --------------------------------------------------------------- */

struct page {
	const char *status;
	const char *title;
	const char *text;
};

static const struct page page_good = { "200 OK", "Back to the terminal",
	"The answer has arrived. You can close this window; the terminal says "
	"who is logged in." };
static const struct page page_refused = { "200 OK", "Not logged in",
	"The terminal says why. You can close this window." };
static const struct page page_bad = { "400 Bad Request", "Not this login",
	"This does not answer the login that is waiting here. It goes on "
	"waiting." };
static const struct page page_missing = { "404 Not Found", "Nothing here",
	"There is nothing at this address." };

/* No script, no other source, no frame, no referrer, nothing kept. */
static void
send_page(int fd, const struct page *page)
{
	char body[PAGE_SIZE / 2], text[PAGE_SIZE];
	int len = snprintf(body, sizeof(body), "<!doctype html><html lang=\"en\">"
	    "<meta charset=\"utf-8\"><title>%s</title><h1>%s</h1><p>%s</p>"
	    "</html>\n", page->title, page->title, page->text);

	len = snprintf(text, sizeof(text), "HTTP/1.1 %s\r\n"
	    "Content-Type: text/html; charset=utf-8\r\n"
	    "Content-Length: %d\r\nConnection: close\r\n"
	    "Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\n"
	    "Content-Security-Policy: default-src 'none'; "
	    "frame-ancestors 'none'\r\nX-Content-Type-Options: nosniff\r\n"
	    "\r\n%s", page->status, len, body);
	(void)send(fd, text, (size_t)len, MSG_NOSIGNAL | MSG_DONTWAIT);
	(void)shutdown(fd, SHUT_WR);
}

static const struct page *
page_of(enum callback_kind kind)
{
	if (kind == CALLBACK_CODE)
		return &page_good;
	if (kind == CALLBACK_REFUSED)
		return &page_refused;
	if (kind == CALLBACK_ELSEWHERE)
		return &page_missing;
	return &page_bad;
}

/* ---- connections --------------------------------------------------------- */

static void
drop(struct loopback_connection *connection)
{
	if (connection->fd >= 0)
		(void)close(connection->fd);
	secret_clear(&connection->text);
	*connection = (struct loopback_connection){ .fd = -1 };
}

/* A free place; otherwise that of the connection which waits longest. */
static struct loopback_connection *
find_place(struct loopback *loopback)
{
	struct loopback_connection *oldest = &loopback->connections[0];
	size_t i;

	for (i = 0; i < LOOPBACK_CONNECTIONS; i++) {
		struct loopback_connection *this = &loopback->connections[i];

		if (this->fd < 0)
			return this;
		if (this->end_msec < oldest->end_msec)
			oldest = this;
	}
	drop(oldest);
	return oldest;
}

static void
take_connection(struct loopback *loopback)
{
	int fd = accept4(loopback->fd, NULL, NULL,
	    SOCK_CLOEXEC | SOCK_NONBLOCK);
	struct loopback_connection *place;

	if (fd < 0)
		return;
	if (!peer_may_be_ours(fd)) {
		(void)close(fd);
		return;
	}
	place = find_place(loopback);
	place->fd = fd;
	place->end_msec = clock_msec() + CONNECTION_MSEC;
	if (secret_alloc(CALLBACK_MAX, &place->text) != JWT_OK)
		drop(place);
}

/* Read what has come, and answer it if it is a whole request. */
static enum callback_kind
read_connection(struct loopback_connection *connection,
    const struct callback_wanted *wanted, struct callback *out)
{
	ssize_t got = recv(connection->fd,
	    connection->text.ptr + connection->len,
	    connection->text.len - connection->len, 0);
	enum callback_kind kind;

	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return CALLBACK_MORE;
	if (got <= 0) {
		drop(connection);
		return CALLBACK_MORE;
	}
	connection->len += (size_t)got;
	kind = callback_read(bytes_of(connection->text.ptr, connection->len),
	    wanted, out);
	if (kind == CALLBACK_MORE && connection->len < connection->text.len)
		return kind;
	send_page(connection->fd, page_of(kind));
	drop(connection);
	return kind;
}

/* Close what has waited too long; returns how long the next one may wait. */
static int
expire(struct loopback *loopback, int wait_msec)
{
	int64_t now = clock_msec();
	size_t i;

	for (i = 0; i < LOOPBACK_CONNECTIONS; i++) {
		struct loopback_connection *this = &loopback->connections[i];

		if (this->fd >= 0 && this->end_msec <= now)
			drop(this);
		else if (this->fd >= 0 && this->end_msec - now < wait_msec)
			wait_msec = (int)(this->end_msec - now);
	}
	return wait_msec;
}

enum callback_kind
loopback_serve(struct loopback *loopback,
    const struct callback_wanted *wanted, int wait_msec,
    struct callback *out)
{
	struct pollfd ready[LOOPBACK_CONNECTIONS + 1];
	enum callback_kind kind;
	size_t i;

	*out = (struct callback){ .result = PROVIDER_LATER };
	wait_msec = expire(loopback, wait_msec);
	for (i = 0; i < LOOPBACK_CONNECTIONS; i++)
		ready[i] = (struct pollfd){ .events = POLLIN,
			.fd = loopback->connections[i].fd };
	ready[i] = (struct pollfd){ .events = POLLIN, .fd = loopback->fd };
	if (poll(ready, LOOPBACK_CONNECTIONS + 1, wait_msec) <= 0)
		return CALLBACK_MORE;
	for (i = 0; i < LOOPBACK_CONNECTIONS; i++) {
		if (ready[i].revents == 0 || ready[i].fd < 0)
			continue;
		secret_clear(&out->code);
		kind = read_connection(&loopback->connections[i], wanted, out);
		if (kind == CALLBACK_CODE || kind == CALLBACK_REFUSED)
			return kind;
	}
	if (ready[LOOPBACK_CONNECTIONS].revents != 0)
		take_connection(loopback);
	return CALLBACK_MORE;
}

/* ---- listening ----------------------------------------------------------- */

/* False, with errno. */
static bool
listen_on(int fd, unsigned port, unsigned *bound)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr = { .s_addr = htonl(INADDR_LOOPBACK) }
	};
	socklen_t size = sizeof(address);
	const int on = 1;

	/*
	 * A login a minute ago does not keep a port of login.conf; a listener
	 * does.
	 */
	if (port != 0 &&
	    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0)
		return false;
	if (bind(fd, (const struct sockaddr *)&address, size) != 0 ||
	    listen(fd, LOOPBACK_CONNECTIONS) != 0 ||
	    getsockname(fd, (struct sockaddr *)&address, &size) != 0)
		return false;
	*bound = ntohs(address.sin_port);
	return true;
}

static bool
try_port(unsigned port, struct loopback *out)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int error;

	if (fd < 0)
		return false;
	if (listen_on(fd, port, &out->port)) {
		out->fd = fd;
		return true;
	}
	error = errno;
	(void)close(fd);
	errno = error;
	return false;
}

bool
loopback_open(const unsigned *ports, size_t count, struct loopback *out)
{
	size_t i;

	*out = (struct loopback){ .fd = -1 };
	for (i = 0; i < LOOPBACK_CONNECTIONS; i++)
		out->connections[i].fd = -1;
	if (count == 0)
		return try_port(0, out) || complain_errno("127.0.0.1");
	for (i = 0; i < count; i++) {
		if (try_port(ports[i], out))
			return true;
	}
	if (count == 1 || errno != EADDRINUSE)
		return complain_errno("a port of login.conf on 127.0.0.1");
	return complain("none of the %zu ports in login.conf is free; another "
	    "login may be waiting there", count);
}

void
loopback_close(struct loopback *loopback)
{
	size_t i;

	for (i = 0; i < LOOPBACK_CONNECTIONS; i++)
		drop(&loopback->connections[i]);
	if (loopback->fd >= 0)
		(void)close(loopback->fd);
	loopback->fd = -1;
}
