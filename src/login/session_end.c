/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How long the provider said that a session lasts.  It is counted by the boot
 * clock, because the wall clock may be wrong, and be set in between.  A session
 * in the home folder outlives a boot; then the wall clock is all there is.
 */
#include <time.h>

#include "login/session_end.h"

void
session_set_end(struct session *session, const struct boot *boot,
    int64_t seconds)
{
	session->session_until = (int64_t)time(NULL) + seconds;
	session->ends = boot->now + seconds;
}

int64_t
session_left(const struct session *session, const struct boot *boot)
{
	int64_t left;

	if (session->session_until < 0)
		return -1;
	left = session->session_until - (int64_t)time(NULL);
	if (session->ends > 0 && boot->id[0] != '\0' &&
	    strcmp(session->boot_id, boot->id) == 0)
		left = session->ends - boot->now;
	if (left < 0)
		return 0;
	return left;
}
