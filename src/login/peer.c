/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Looks the other end up in the kernel's table of TCP sockets, proc(5).
 *
 * The address that a browser is sent to stands in its arguments, where each
 * user of the machine can read it.  Another user could log in with it at the
 * provider and send an own code to our port, and the person would be logged in
 * as somebody else (RFC 9700 section 4.7.1).
 */
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "core/base/number.h"
#include "login/peer.h"

#define ADDRESS_SIZE 38		/* IPv6 and port in hexadecimal, and NUL */
#define NUMBER_SIZE 21
#define TRIES	5
#define PAUSE_NSEC 5000000

/* One line: the socket that owns the local end. */
struct entry {
	char local[ADDRESS_SIZE], remote[ADDRESS_SIZE];
	int64_t uid, inode;	/* inode 0: its program has closed it */
};

enum found { FOUND_NOTHING, FOUND_OURS, FOUND_OTHER };

static bool
read_entry(const char *line, struct entry *out)
{
	char uid[NUMBER_SIZE], inode[NUMBER_SIZE];

	*out = (struct entry){ .inode = 0 };
	return sscanf(line, "%*s %37s %37s %*s %*s %*s %*s %20s %*s %20s",
	    out->local, out->remote, uid, inode) == 4 &&
	    number_digits(bytes_str(uid), INT64_MAX, &out->uid) &&
	    number_digits(bytes_str(inode), INT64_MAX, &out->inode);
}

/* Whether a written address is this one of IPv4, or the same inside IPv6. */
static bool
is_address(const char *text, const struct sockaddr_in *address)
{
	char wanted[ADDRESS_SIZE];
	size_t len = strlen(text), wanted_len;

	snprintf(wanted, sizeof(wanted), "%08X:%04X", address->sin_addr.s_addr,
	    ntohs(address->sin_port));
	wanted_len = strlen(wanted);
	return len >= wanted_len &&
	    strcmp(text + len - wanted_len, wanted) == 0;
}

static bool
is_other_end(const struct entry *entry, const struct sockaddr_in *peer,
    const struct sockaddr_in *own)
{
	return is_address(entry->local, peer) && is_address(entry->remote, own);
}

static bool
is_trusted(const struct entry *entry)
{
	return entry->inode != 0 &&
	    (entry->uid == (int64_t)getuid() || entry->uid == 0);
}

/* False if the table cannot be read. */
static bool
search(const char *path, const struct sockaddr_in *peer,
    const struct sockaddr_in *own, enum found *out)
{
	FILE *file = fopen(path, "re");
	struct entry entry;
	char *line = NULL;
	size_t size = 0;

	if (file == NULL)
		return false;
	while (*out == FOUND_NOTHING && getline(&line, &size, file) > 0) {
		if (!read_entry(line, &entry) ||
		    !is_other_end(&entry, peer, own))
			continue;
		*out = is_trusted(&entry) ? FOUND_OURS : FOUND_OTHER;
	}
	free(line);
	fclose(file);
	return true;
}

/*
 * A socket that is in neither table was closed by its program.  But the kernel
 * may leave a line out while others come and go, so that is asked again.
 */
bool
peer_may_be_ours(int fd)
{
	static const struct timespec pause = { .tv_nsec = PAUSE_NSEC };
	struct sockaddr_in own = { 0 }, peer = { 0 };
	socklen_t own_size = sizeof(own), peer_size = sizeof(peer);
	enum found found = FOUND_NOTHING;
	unsigned tries;

	if (getsockname(fd, (struct sockaddr *)&own, &own_size) != 0 ||
	    getpeername(fd, (struct sockaddr *)&peer, &peer_size) != 0)
		return false;
	for (tries = 0; tries < TRIES; tries++) {
		if (!search("/proc/self/net/tcp", &peer, &own, &found))
			return true;
		if (found == FOUND_NOTHING)
			(void)search("/proc/self/net/tcp6", &peer, &own, &found);
		if (found != FOUND_NOTHING)
			break;
		(void)nanosleep(&pause, NULL);
	}
	return found == FOUND_OURS;
}
