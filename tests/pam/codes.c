/* SPDX-License-Identifier: BSD-2-Clause */
/* Every reason and its PAM code, those too that no login can reach yet. */
#include <stdio.h>

#include "pam/call.h"

static const struct {
	enum jwt_class class;
	int code;
} expected[] = {
	{ JWT_CLASS_OK, PAM_SUCCESS },
	{ JWT_CLASS_MALFORMED, PAM_AUTH_ERR },
	{ JWT_CLASS_KEY, PAM_AUTH_ERR },
	{ JWT_CLASS_CLAIM, PAM_AUTH_ERR },
	{ JWT_CLASS_POLICY, PAM_AUTH_ERR },
	{ JWT_CLASS_ACCOUNT, PAM_AUTH_ERR },
	{ JWT_CLASS_PROOF, PAM_AUTH_ERR },
	{ JWT_CLASS_STATE, PAM_AUTH_ERR },
	{ JWT_CLASS_CONFIGURATION, PAM_SERVICE_ERR },
};

/* Reasons that have a code of their own. */
static const struct {
	enum jwt_reason reason;
	int code;
} special[] = {
	{ JWT_ACCOUNT_UNKNOWN, PAM_USER_UNKNOWN },
	{ JWT_STATE_UNAVAILABLE, PAM_AUTHINFO_UNAVAIL },
	{ JWT_KEYS_STALE, PAM_AUTHINFO_UNAVAIL },
	{ JWT_OUT_OF_MEMORY, PAM_BUF_ERR },
	{ JWT_INTERNAL, PAM_SYSTEM_ERR },
	{ JWT_REASON_COUNT, PAM_SYSTEM_ERR },	/* none of the table */
};

static int
expected_code(enum jwt_reason reason)
{
	size_t i;

	for (i = 0; i < sizeof(special) / sizeof(special[0]); i++) {
		if (special[i].reason == reason)
			return special[i].code;
	}
	for (i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		if (expected[i].class == reason_class(reason))
			return expected[i].code;
	}
	return -1;
}

int
main(void)
{
	int failed = 0;
	unsigned i;

	for (i = 0; i <= JWT_REASON_COUNT; i++) {
		enum jwt_reason reason = (enum jwt_reason)i;
		bool ok = call_code(reason) == expected_code(reason);

		printf("%s - codes: %s is PAM code %d\n", ok ? "ok" : "not ok",
		    i == JWT_REASON_COUNT ? "an unknown reason" :
		    reason_name(reason), expected_code(reason));
		failed += !ok;
	}
	return failed != 0;
}
