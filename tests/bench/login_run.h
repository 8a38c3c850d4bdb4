/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One whole login through libpam, from pam_start_confdir() to pam_end(), and
 * the CPU time of each of its phases.
 */
#ifndef TESTS_BENCH_LOGIN_RUN_H
#define TESTS_BENCH_LOGIN_RUN_H

#include <stdbool.h>
#include <stdint.h>

enum phase {
	PHASE_START, PHASE_AUTH, PHASE_ACCOUNT, PHASE_CRED, PHASE_OPEN,
	PHASE_CLOSE, PHASE_END, PHASES
};

extern const char *const phase_names[PHASES];

/* Who logs in, where, and with what. */
struct login {
	char name[64];
	char confdir[256];	/* the folder of the stacks */
	char service[64];
	char user[64];
	char *answer;		/* to each prompt, without a line feed */
	int want;		/* of pam_authenticate() */
	bool account_only;	/* as sudo with a ticket: only pam_acct_mgmt() */
};

struct login_times {
	int64_t ns[PHASES];	/* CPU time of the process */
	int code;		/* of the first call that failed */
};

/*
 * A refusal by pam_authenticate() ends the login there, as it does in sshd.
 * Returns 0 when pam_authenticate() gave login->want and no other call failed.
 */
int login_run(const struct login *login, struct login_times *times);

#endif
