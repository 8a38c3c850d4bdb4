/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The boot and the time since then.  Tokens are counted by this clock: the wall
 * clock of a laptop may be minutes off, or be set while a token is good.
 */
#include <fcntl.h>
#include <unistd.h>

#include "host/clock.h"
#include "host/file.h"
#include "login/session.h"

#define BOOT_ID "/proc/sys/kernel/random/boot_id"

void
boot_read(struct boot *out)
{
	int fd = file_open_at(AT_FDCWD, BOOT_ID, O_RDONLY);
	ssize_t got;

	*out = (struct boot){ .now = clock_boot_sec() };
	if (fd < 0)
		return;
	got = read(fd, out->id, SESSION_BOOT_ID_LEN);
	close(fd);
	if (got != SESSION_BOOT_ID_LEN)
		out->id[0] = '\0';
}

int64_t
session_token_left(const struct session *session,
    const struct session_token *token, const struct boot *boot)
{
	int64_t life = token->life;

	if (token->token.len == 0 || boot->id[0] == '\0' ||
	    strcmp(session->boot_id, boot->id) != 0 ||
	    token->taken > boot->now)
		return 0;
	if (life < 0)
		life = SESSION_LIFE_UNTOLD_SEC;
	return life - (boot->now - token->taken);
}
