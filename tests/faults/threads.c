/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Many logins at once in one process, as in a database or a mail server: each
 * thread has its own handle, and each login its own result.
 *
 *	threads FOLDER THREADS LOGINS GOOD_TOKEN BAD_TOKEN
 *
 * Threads with an even number have the good token and alice, the others the
 * bad one.  Prints how many logins ended as they had to.
 */
#include <pthread.h>

#include "tests/faults/login.h"

#define THREADS_MAX 16

struct job {
	const char *folder;
	struct masked *token;
	bool good;
	unsigned logins;
	unsigned right;		/* out */
	pthread_t thread;
};

static bool
log_in(const struct job *job)
{
	pam_handle_t *handle = login_start(job->folder, "alice", job->token);
	const char *sub;
	bool right;
	int code;

	if (handle == NULL)
		return false;
	login_log.decisions = 0;
	code = pam_authenticate(handle, 0);
	sub = pam_getenv(handle, "JWT_SUB");
	right = login_log.decisions == 1;
	if (job->good)
		right = right && code == PAM_SUCCESS && sub != NULL &&
		    strcmp(sub, "alice") == 0 &&
		    pam_acct_mgmt(handle, 0) == PAM_SUCCESS &&
		    pam_setcred(handle, PAM_ESTABLISH_CRED) == PAM_SUCCESS &&
		    pam_open_session(handle, 0) == PAM_SUCCESS;
	else
		right = right && code == PAM_AUTH_ERR && sub == NULL;
	pam_end(handle, code);
	return right;
}

static void *
work(void *data)
{
	struct job *job = data;
	unsigned i;

	for (i = 0; i < job->logins; i++)
		job->right += log_in(job);
	return NULL;
}

int
main(int argc, char **argv)
{
	static struct masked good, bad;
	static struct job jobs[THREADS_MAX];
	unsigned threads, logins, right = 0, i;

	if (argc != 6)
		return 2;
	threads = (unsigned)strtoul(argv[2], NULL, 10);
	logins = (unsigned)strtoul(argv[3], NULL, 10);
	fake_now = LOGIN_NOW;
	login_read(argv[4], &good);
	login_read(argv[5], &bad);
	for (i = 0; i < threads && i < THREADS_MAX; i++) {
		jobs[i] = (struct job){
			.folder = argv[1], .good = i % 2 == 0,
			.token = i % 2 == 0 ? &good : &bad, .logins = logins
		};
		if (pthread_create(&jobs[i].thread, NULL, work, &jobs[i]) != 0)
			return 2;
	}
	for (i = 0; i < threads && i < THREADS_MAX; i++) {
		pthread_join(jobs[i].thread, NULL);
		right += jobs[i].right;
	}
	printf("%s - threads: %u threads, %u logins each: %u as they had to "
	    "be\n", right == threads * logins ? "ok" : "not ok", threads,
	    logins, right);
	return right != threads * logins;
}
