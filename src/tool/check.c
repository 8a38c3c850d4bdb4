/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pam-jwt check: loads the configuration, or one key file, with the code of the
 * module, prints every error and warning, and runs the tests of the policy.  A
 * login then meets no surprise.
 */
#include <errno.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/complain.h"
#include "cli/options.h"
#include "cli/report.h"
#include "host/load.h"
#include "tool/check_host.h"
#include "tool/check_json.h"
#include "tool/check_keys.h"
#include "tool/check_meaning.h"
#include "tool/check_print.h"
#include "tool/check_sync.h"
#include "tool/check_who.h"
#include "tool/input.h"
#include "tool/json_out.h"
#include "tool/tool.h"

#define COMMAND "pam-jwt check"

struct check_options {
	const char *config;
	const char *tests;
	const char *who;
	const char *keys;
	const char *algorithms;
	bool any_account;
	bool json;
};

/* ---- reading ---- */

/* Load everything that a login loads; every fault is noted. */
static enum jwt_reason
load(struct check *check)
{
	enum jwt_reason reason = load_policy(check->config, NULL, check->now,
	    &check->diag, &check->policy);

	check->is_loaded = reason == JWT_OK;
	if (!check->is_loaded)
		return reason;
	check->not_looked_at = check_host_note(&check->policy, &check->diag);
	check_sync_note(&check->policy, check->now, &check->diag);
	check_meaning_note(&check->policy, &check->diag);
	return check->diag.reason;
}

/* Run the tests.  They are about the rules, and not about the host's faults. */
static void
run_tests(struct check *check, const struct check_options *options)
{
	struct tests_run *run = &check->tests.run;

	run->policy = &check->policy;
	run->now = check->now;
	run->any_account = options->any_account;
	run->out = stderr;
	if (options->json)
		run->results = json_out_array();
	check_tests_run(&check->tests);
}

/* ---- printing ---- */

/* Root's programs may read what this user may not. */
static bool
is_hidden(const char *config)
{
	return geteuid() != 0 && access(config, R_OK) != 0 && errno == EACCES;
}

static void
print_refusal(const struct check *check)
{
	enum jwt_reason reason = check->reason;
	const char *effect = "nobody logs in";

	if (reason == JWT_OK)
		return;
	if (reason == JWT_STATE_UNAVAILABLE)
		effect = "a login that needs the state is refused";
	else if (is_hidden(check->config))
		effect = "you may not read it, so run this as root";
	fprintf(stderr, "refused: %s - %s: %s\n", reason_name(reason),
	    reason_text(reason), effect);
}

static void
print_tests(const struct check *check)
{
	const struct tests_run *run = &check->tests.run;

	if (!check->tests.is_there || !check->is_loaded)
		return;
	if (check->tests.ran != JWT_OK)
		fprintf(stderr, "the tests did not run: %s\n",
		    reason_text(check->tests.ran));
	else if (run->failed > 0)
		fprintf(stderr, "failed: %zu of %zu tests in %s: do not put "
		    "this configuration in force\n", run->failed,
		    run->failed + run->passed, check->tests.conf.file);
	else
		printf("tests %s:\n    %zu passed\n", check->tests.conf.file,
		    run->passed);
}

/* Print what is in force, after the faults and the tests. */
static void
print_end(const struct check *check)
{
	bool ok = check_is_ok(check);

	report_diag(&check->tests.run.warnings, ok ? stdout : stderr);
	print_refusal(check);
	if (ok)
		check_print(&check->policy, check->now);
	print_tests(check);
	if (ok)
		printf("OK\n");
}

static void
print_faults(const struct check *check)
{
	FILE *out = check->reason == JWT_OK ? stdout : stderr;

	report_diag(&check->diag, out);
	if (check->not_looked_at != NULL)
		fprintf(out, "note: %s\n", check->not_looked_at);
	report_diag(&check->tests_diag, stderr);
	fflush(stdout);	/* the tests that fail come after it, on stderr */
}

/* ---- the command ---- */

static void
check_all(struct check *check, const struct check_options *options,
    const char *tests)
{
	bool readable = check_tests_read(tests, check->config,
	    &check->tests_diag, &check->tests);

	check->reason = load(check);
	if (!options->json)
		print_faults(check);
	if (readable && check->is_loaded)
		run_tests(check, options);
	if (options->json)
		check_json_print(check);
	else
		print_end(check);
}

/* Not inlined: with tool_check() the stack frame would be too large. */
__attribute__((noinline)) static int
check_config(const struct check_options *options)
{
	const char *config = options->config, *named = NULL;
	char path[INPUT_PATH_SIZE], tests[INPUT_PATH_SIZE];
	struct check check = { .now = (int64_t)time(NULL), .config = path };
	bool ok;

	if (config == NULL)
		config = LOAD_CONFIG_DEFAULT;
	if (!input_absolute(config, path, sizeof(path)))
		return EXIT_TROUBLE;
	if (options->who != NULL)
		return check_who(path, options->who, options->json);
	if (options->tests != NULL) {
		if (!input_absolute(options->tests, tests, sizeof(tests)))
			return EXIT_TROUBLE;
		named = tests;
	}
	check_all(&check, options, named);
	ok = check_is_ok(&check);
	check_tests_clear(&check.tests);
	policy_clear(&check.policy);
	diag_clear(&check.tests_diag);
	diag_clear(&check.diag);
	if (!ok)
		return EXIT_TROUBLE;
	return EXIT_YES;
}

/* Whether an option that goes with --keys, or without it, stands there. */
static bool
go_together(const struct check_options *options)
{
	bool of_config = options->config != NULL || options->tests != NULL ||
	    options->any_account;

	if (options->keys != NULL && of_config)
		return command_fail(COMMAND, "--keys reads one key file, and "
		    "no configuration");
	if (options->who != NULL && (options->tests != NULL ||
	    options->any_account || options->keys != NULL))
		return command_fail(COMMAND, "--who asks about one account, "
		    "and runs no test");
	if (options->keys == NULL && options->algorithms != NULL)
		return command_fail(COMMAND, "--algorithms goes with --keys");
	return true;
}

int
tool_check(int argc, char **argv)
{
	struct check_options options = { .json = false };
	const struct option_spec specs[] = {
		{ .name = "config", .value = &options.config },
		{ .name = "tests", .value = &options.tests },
		{ .name = "any-account", .flag = &options.any_account },
		{ .name = "who", .value = &options.who },
		{ .name = "keys", .value = &options.keys },
		{ .name = "algorithms", .value = &options.algorithms },
		{ .name = "json", .flag = &options.json },
		{ .name = NULL }
	};

	if (!options_parse(COMMAND, argc, argv, specs) || !go_together(&options))
		return EXIT_TROUBLE;
	if (options.keys != NULL)
		return check_keys(options.keys, options.algorithms,
		    options.json);
	return check_config(&options);
}
