/* SPDX-License-Identifier: BSD-2-Clause */
/* Holds signals back, and reads them from a descriptor. */
#include <errno.h>
#include <stdint.h>
#include <sys/signalfd.h>
#include <sys/types.h>
#include <unistd.h>

#include "askpass/signals.h"
#include "cli/complain.h"

bool
signals_hold(int more, struct signals *out)
{
	sigset_t set;

	*out = SIGNALS_NONE;
	sigemptyset(&set);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGQUIT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, more);
	if (sigprocmask(SIG_BLOCK, &set, &out->before) != 0)
		return complain_errno("signals");
	out->fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (out->fd >= 0)
		return true;
	complain_errno("signals");
	(void)sigprocmask(SIG_SETMASK, &out->before, NULL);
	return false;
}

int
signals_next(const struct signals *signals)
{
	struct signalfd_siginfo info;

	if (read(signals->fd, &info, sizeof(info)) != (ssize_t)sizeof(info))
		return 0;
	return (int)info.ssi_signo;
}

void
signals_release(struct signals *signals)
{
	if (signals->fd < 0)
		return;
	close(signals->fd);
	(void)sigprocmask(SIG_SETMASK, &signals->before, NULL);
	*signals = SIGNALS_NONE;
}
