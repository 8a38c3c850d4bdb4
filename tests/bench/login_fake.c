/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The host of a login whose instructions are counted: accounts, a clock and
 * a login.defs that are the same on each machine (FAKE_NOW, FAKE_LOGIN_DEFS),
 * and no log.
 */
#include <security/pam_ext.h>

#include "tests/pam/fakehost.h"

__attribute__((constructor)) static void
start(void)
{
	const char *now = getenv("FAKE_NOW");

	fake_now = now == NULL ? 0 : (time_t)strtoll(now, NULL, 10);
	fake_login_defs = getenv("FAKE_LOGIN_DEFS");
	fake_var_lib = getenv("FAKE_VAR_LIB");
}

/* Stands in front of libpam's. */
SHOWN void
pam_syslog(const pam_handle_t *pamh, int priority, const char *format, ...)
{
	(void)pamh;
	(void)priority;
	(void)format;
}
