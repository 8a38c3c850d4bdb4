/* SPDX-License-Identifier: BSD-2-Clause */
/* The test's accounts for LD_PRELOAD: so `pam-jwt verify` meets them too. */
#include "tests/pam/fakehost.h"

__attribute__((constructor)) static void
start(void)
{
	fake_now = 0;
	fake_login_defs = getenv("FAKE_LOGIN_DEFS");
}
