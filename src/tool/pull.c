/* SPDX-License-Identifier: BSD-2-Clause */
/* pam-jwt state pull: placeholder until the Redis client comes. */
#include "tool/setup.h"
#include "tool/tool.h"

int
tool_pull(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return setup_fail("state pull is not built yet");
}
