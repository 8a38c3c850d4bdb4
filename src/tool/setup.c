/* SPDX-License-Identifier: BSD-2-Clause */
/* Opens a configuration and its store for subcommands that use the state. */
#include <stdio.h>
#include <time.h>

#include "cli/complain.h"
#include "cli/report.h"
#include "host/load.h"
#include "tool/input.h"
#include "tool/setup.h"
#include "tool/tool.h"

bool
setup_open(const char *config, bool with_keys, struct setup *out)
{
	char path[INPUT_PATH_SIZE];
	struct diag diag = { 0 };
	enum jwt_reason reason;

	*out = (struct setup){ 0 };
	state_open(&out->policy.state, &out->state);
	if (config == NULL)
		config = LOAD_CONFIG_DEFAULT;
	if (!input_absolute(config, path, sizeof(path)))
		return false;
	if (with_keys)
		reason = load_policy(path, NULL, (int64_t)time(NULL), &diag,
		    &out->policy);
	else
		reason = load_settings(path, &diag, &out->policy);
	if (reason != JWT_OK)
		report_diag(&diag, stderr);
	diag_clear(&diag);
	return reason == JWT_OK;
}

void
setup_close(struct setup *setup)
{
	state_close(&setup->state);
	policy_clear(&setup->policy);
}

bool
setup_has_state(const struct setup *setup)
{
	if (state_store(&setup->state) != NULL)
		return true;
	fprintf(stderr, "pam-jwt: %s keeps no state, so nothing would look at "
	    "it: add a [state] section\n", setup->policy.file);
	return false;
}

int
setup_fail(const char *what)
{
	fprintf(stderr, "pam-jwt: %s\n", what);
	return EXIT_TROUBLE;
}

int
setup_fail_state(const struct setup *setup)
{
	if (setup->state.fault[0] == '\0')
		return setup_fail("memory ran out");
	return setup_fail(setup->state.fault);
}
