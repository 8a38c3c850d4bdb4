/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads the arguments of the module; an unknown one is never ignored. */
#include "core/arguments.h"
#include "core/base/bytes.h"
#include "core/programs.h"

bool
arguments_take(struct arguments *arguments, const char *argument)
{
	const struct {
		const char *name;
		bool *flag;
	} flags[] = {
		{ "debug", &arguments->debug },
		{ "use_first_pass", &arguments->use_first_pass },
		{ "try_first_pass", &arguments->try_first_pass },
		{ "token_only", &arguments->token_only },
		{ "silent", &arguments->silent },
	};
	struct bytes text = bytes_str(argument);
	size_t i;

	if (bytes_starts(text, bytes_str("config=/")) &&
	    arguments->config == NULL) {
		arguments->config = argument + strlen("config=");
		return true;
	}
	for (i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		if (bytes_eq_str(text, flags[i].name) && !*flags[i].flag) {
			*flags[i].flag = true;
			return true;
		}
	}
	return false;
}

/*
 * token_only lets the token name the account.  In a program that has chosen the
 * user before, the session would then belong to another user than the token, so
 * it is refused there.
 */
const char *
arguments_fault(const struct arguments *arguments, const char *service)
{
	if (arguments->use_first_pass && arguments->try_first_pass)
		return "use_first_pass and try_first_pass exclude each other";
	if (arguments->token_only && !programs_take_user(service))
		return "token_only is for login, greetd, lightdm, "
		    "gdm-password and sddm: other programs would log in "
		    "another user than the token's";
	return NULL;
}
