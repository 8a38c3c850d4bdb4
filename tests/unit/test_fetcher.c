/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the parent makes of a fetcher: a good one, one that an attacker holds,
 * and what each of them has left of our rights.
 */
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "host/clock.h"
#include "sync/fetcher.h"

/* Writes $body as the body of an answer. */
#define ANSWER "printf 'pam-jwt-answer 1\\n1\\nerror 0\\n\\nstatus 3\\n200\\n" \
	"etag 0\\n\\nlast-modified 0\\n\\ncontent-type 0\\n\\n" \
	"effective-url 10\\nhttps://a/\\nretry-after 0\\n\\nmax-age 0\\n\\n" \
	"dpop-nonce 0\\n\\ndate 0\\n\\nbody %d\\n%s\\n' ${#body} \"$body\"\n"

struct world {
	char folder[32], program[64];
	struct secret buffer;
	struct exchange_answer answer;
};

static int
set_up(void **state)
{
	struct world *world = calloc(1, sizeof(*world));

	(void)snprintf(world->folder, sizeof(world->folder),
	    "/tmp/fetcher.XXXXXX");
	assert_non_null(mkdtemp(world->folder));
	assert_int_equal(chmod(world->folder, 0755), 0);
	(void)snprintf(world->program, sizeof(world->program), "%s/program",
	    world->folder);
	*state = world;
	return 0;
}

static int
tear_down(void **state)
{
	struct world *world = *state;

	(void)unlink(world->program);
	(void)rmdir(world->folder);
	secret_clear(&world->buffer);
	free(world);
	return 0;
}

/* Runs a script in place of the fetcher, with some options. */
static enum jwt_reason
run_with(struct world *world, const char *script,
    struct fetcher_options options)
{
	const struct exchange_request request = { .url = bytes_str("https://a/") };
	int fd = open(world->program, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
	    0755);

	assert_true(fd >= 0);
	assert_int_equal(fchmod(fd, 0755), 0);
	assert_true(dprintf(fd, "#!/bin/sh\n%s", script) > 0);
	assert_int_equal(close(fd), 0);
	secret_clear(&world->buffer);
	options.program = world->program;
	options.user = geteuid() == 0 ? "nobody" : NULL;
	return fetcher_run(&options, &request, &world->buffer, &world->answer);
}

static enum jwt_reason
run(struct world *world, const char *script)
{
	return run_with(world, script,
	    (struct fetcher_options){ .timeout_sec = 2 });
}

static void
test_good(void **state)
{
	struct world *world = *state;

	assert_int_equal(run(world, "body=$(cat)\n" ANSWER), JWT_OK);
	assert_int_equal(world->answer.result, EXCHANGE_ANSWERED);
	assert_true(bytes_starts(world->answer.body,
	    bytes_str("pam-jwt-request 1\n1\nurl 10\nhttps://a/\n")));
	/* It reads nothing, and answers. */
	assert_int_equal(run(world, "exec <&-\nbody=x\n" ANSWER), JWT_OK);
}

static void
test_taken_over(void **state)
{
	static const struct {
		const char *script, *error;
	} rows[] = {
		{ "exit 0", "the fetcher wrote no valid answer" },
		{ "exit 1", "the fetcher ended without an answer" },
		{ "kill -9 $$", "the fetcher ended without an answer" },
		{ "echo x; exit 0", "the fetcher wrote no valid answer" },
		{ "body=x\n" ANSWER "echo",
		    "the fetcher wrote no valid answer" },
		{ "exec cat /dev/urandom",
		    "the fetcher wrote more than any answer has" },
		{ "exec sleep 60", "the fetcher took too long and was ended" },
		{ "while :; do printf x; sleep 0.1; done",
		    "the fetcher took too long and was ended" },
		/* A grandchild holds the socket. */
		{ "sleep 60 & exit 0",
		    "the fetcher took too long and was ended" },
	};
	struct world *world = *state;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_not_equal(run(world, rows[i].script), JWT_OK);
		assert_int_equal(world->answer.result, EXCHANGE_FAILED);
		assert_int_equal(world->answer.body.len, 0);
		if (!bytes_eq_str(world->answer.error, rows[i].error))
			fail_msg("%s: %.*s", rows[i].script,
			    (int)world->answer.error.len,
			    (const char *)world->answer.error.ptr);
	}
}

/* What it left running is ended with it. */
static void
test_group(void **state)
{
	struct world *world = *state;
	int i;

	assert_int_equal(run(world, "sleep 60 </dev/null >/dev/null &\n"
	    "body=$!\n" ANSWER), JWT_OK);
	for (i = 0; i < 100; i++) {
		char path[64];

		(void)snprintf(path, sizeof(path), "/proc/%.*s/root",
		    (int)world->answer.body.len,
		    (const char *)world->answer.body.ptr);
		if (access(path, F_OK) != 0)
			return;
		(void)usleep(10000);
	}
	fail_msg("the grandchild lives");
}

static bool
says(const struct world *world, const char *text)
{
	return memmem(world->answer.body.ptr, world->answer.body.len, text,
	    strlen(text)) != NULL;
}

static void
test_rights(void **state)
{
	struct world *world = *state;
	int leak = fcntl(STDIN_FILENO, F_DUPFD, 20);	/* without O_CLOEXEC */
	const gid_t group = 12345;
	char ids[64];

	assert_true(leak >= 0);
	if (geteuid() == 0)
		assert_int_equal(setgroups(1, &group), 0);
	assert_int_equal(setenv("LEAKED", "1", 1), 0);
	(void)signal(SIGPIPE, SIG_IGN);
	/* The shell closes its end of the pipe of $( ), 4, when it likes. */
	assert_int_equal(run(world, "body=$(cat /proc/self/status; "
	    "n=0; while [ -e /proc/$$/fd/4 ] && [ $n -lt 50 ]; do "
	    "n=$((n + 1)); sleep 0.02; done; "
	    "echo \"fds $(ls /proc/$$/fd | tr '\\n' ' ')\"; "
	    "echo \"env $(tr '\\0' ' ' </proc/$$/environ).\"; "
	    "set -- $(cat /proc/$$/stat); "
	    "echo \"own session $(($6 == $$)), terminal $7.\"; "
	    "pwd; cat /proc/self/limits)\n" ANSWER), JWT_OK);
	(void)signal(SIGPIPE, SIG_DFL);
	(void)close(leak);
	assert_true(says(world, "\nNoNewPrivs:\t1\n"));
	assert_true(says(world, "\nCapInh:\t0000000000000000\n"));
	assert_true(says(world, "\nCapPrm:\t0000000000000000\n"));
	assert_true(says(world, "\nCapEff:\t0000000000000000\n"));
	assert_true(says(world, "\nCapAmb:\t0000000000000000\n"));
	/* libc keeps 32 and 33 for itself, and lets nobody set them. */
	assert_true(says(world, "\nSigIgn:\t0000000000000000\n") ||
	    says(world, "\nSigIgn:\t0000000180000000\n"));
	assert_true(says(world, "\nSigBlk:\t0000000000000000\n"));
	/* dash has the script as 10, and the pipe of $( ) as 3. */
	assert_true(says(world, "\nfds 0 1 10 2 3 \n"));
	assert_true(says(world, "\nenv .\n"));
	/* It could type a command into the terminal of its session. */
	assert_true(says(world, "\nown session 1, terminal 0.\n"));
	assert_true(says(world, "\n/\n"));
	assert_true(says(world, "Max core file size        0"));
	assert_true(says(world, "Max file size             0"));
	if (geteuid() != 0)
		return;
	(void)snprintf(ids, sizeof(ids), "\nUid:\t%u\t%u\t%u\t%u\n",
	    getpwnam("nobody")->pw_uid, getpwnam("nobody")->pw_uid,
	    getpwnam("nobody")->pw_uid, getpwnam("nobody")->pw_uid);
	assert_true(says(world, ids));
	assert_true(says(world, "\nGroups:\t \n"));
	assert_true(says(world, "\nCapBnd:\t0000000000000000\n"));
}

/* A message of the fetcher must not become a part of its answer. */
static void
test_closed_stdio(void **state)
{
	struct world *world = *state;
	enum jwt_reason reason;
	int fd, saved;

	for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		saved = fcntl(fd, F_DUPFD_CLOEXEC, 3);
		assert_true(saved >= 0);
		(void)close(fd);
		reason = run(world, "body=$(readlink /proc/$$/fd/2)\n" ANSWER);
		assert_int_equal(dup2(saved, fd), fd);
		(void)close(saved);
		assert_int_equal(reason, JWT_OK);
		assert_true(bytes_eq_str(world->answer.body, "/dev/null"));
	}
}

/* The time that the server gets is in the request, in whole seconds. */
static int
server_gets(struct world *world, struct fetcher_options options)
{
	static const char name[] = "\ntimeout ";
	const char *at;
	int len, seconds = -1;

	assert_int_equal(run_with(world, "body=$(cat)\n" ANSWER, options),
	    JWT_OK);
	at = memmem(world->answer.body.ptr, world->answer.body.len, name,
	    sizeof(name) - 1);
	assert_non_null(at);
	assert_int_equal(sscanf(at, "\ntimeout %d\n%d\n", &len, &seconds), 2);
	return seconds;
}

static void
test_deadline(void **state)
{
	struct world *world = *state;
	struct fetcher_options options = { .timeout_sec = 10 };
	int64_t start = clock_msec();

	assert_int_equal(server_gets(world, options), 0);
	options.deadline_msec = clock_msec() + 100000;
	assert_int_equal(server_gets(world, options), 9);
	options.timeout_sec = 60;
	assert_int_equal(server_gets(world, options), 15);
	options.deadline_msec = clock_msec() + 9100;
	assert_in_range(server_gets(world, options), 4, 8);
	/* Less than a second, and no time at all: nothing is started. */
	options.deadline_msec = clock_msec() + 1100;
	assert_int_equal(run_with(world, "exit 0", options), JWT_INTERNAL);
	assert_true(bytes_eq_str(world->answer.error,
	    "no time is left to ask"));
	options.deadline_msec = start - 1;
	assert_int_equal(run_with(world, "exit 0", options), JWT_INTERNAL);
	assert_true(bytes_eq_str(world->answer.error,
	    "no time is left to ask"));
	start = clock_msec();
	options.deadline_msec = start + 3000;
	assert_int_equal(run_with(world, "exec sleep 60", options),
	    JWT_INTERNAL);
	assert_true(bytes_eq_str(world->answer.error,
	    "the fetcher took too long and was ended"));
	assert_true(clock_msec() - start >= 2900);
	assert_true(clock_msec() - start < 15000);
}

/* Root's rights go to nobody. */
static void
test_no_root(void **state)
{
	static const char *const users[] = { NULL, "root", "no-such-user" };
	const struct exchange_request request = { .url = bytes_str("https://a/") };
	struct world *world = *state;
	size_t i;

	assert_false(fetcher_has_user("root"));
	assert_false(fetcher_has_user("no-such-user"));
	assert_true(fetcher_has_user("nobody"));
	for (i = geteuid() == 0 ? 0 : 1; i < 3; i++) {
		const struct fetcher_options options = {
			.program = "/bin/true", .user = users[i]
		};

		secret_clear(&world->buffer);
		assert_int_equal(fetcher_run(&options, &request,
		    &world->buffer, &world->answer), JWT_INTERNAL);
		assert_true(bytes_eq_str(world->answer.error,
		    "the user of the fetcher is missing, or is root"));
	}
}

static void
test_not_there(void **state)
{
	const struct exchange_request request = { .url = bytes_str("https://a/") };
	struct world *world = *state;
	const struct fetcher_options options = { .program = world->program,
		.user = geteuid() == 0 ? "nobody" : NULL };

	assert_int_equal(fetcher_run(&options, &request, &world->buffer,
	    &world->answer), JWT_INTERNAL);
	assert_true(bytes_eq_str(world->answer.error,
	    "the program of the fetcher could not be started"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_good, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_taken_over, set_up,
		    tear_down),
		cmocka_unit_test_setup_teardown(test_group, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_rights, set_up,
		    tear_down),
		cmocka_unit_test_setup_teardown(test_closed_stdio, set_up,
		    tear_down),
		cmocka_unit_test_setup_teardown(test_deadline, set_up,
		    tear_down),
		cmocka_unit_test_setup_teardown(test_no_root, set_up,
		    tear_down),
		cmocka_unit_test_setup_teardown(test_not_there, set_up,
		    tear_down)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
