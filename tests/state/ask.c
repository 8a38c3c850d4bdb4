/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Asks the store of a configuration whether an account is cut off, in a
 * program that has failed in libcrypto before and has not looked why: that is
 * not to be taken for a failure of ours, nor ours to be left in its queue.
 *
 *	ask CONFIG ACCOUNT
 */
#include <stdio.h>
#include <time.h>

#include <openssl/err.h>

#include "host/load.h"
#include "host/state/state.h"

int
main(int argc, char **argv)
{
	struct diag diag = { 0 };
	struct policy policy;
	struct state state;
	enum jwt_reason reason;
	unsigned long error;

	if (argc != 3)
		return 2;
	ERR_raise(ERR_LIB_USER, 7);
	reason = load_settings(argv[1], &diag, &policy);
	state_open(&policy.state, &state);
	if (reason == JWT_OK)
		reason = state_check_account(state_store(&state), argv[2],
		    (int64_t)time(NULL));
	printf("%s %s\n", reason_name(reason), state.fault);
	/* libssl may have emptied it; other errors than the one are ours. */
	while ((error = ERR_get_error()) != 0) {
		if (ERR_GET_REASON(error) == 7)
			continue;
		puts("an error of ours is in the queue");
		reason = JWT_INTERNAL;
	}
	state_close(&state);
	policy_clear(&policy);
	diag_clear(&diag);
	return reason != JWT_OK;
}
