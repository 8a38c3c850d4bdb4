/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pam-jwt sync: the keys of identity providers, fetched ahead of the logins.
 *
 * This process is root's and never talks to the network; the one that does is
 * started by sync/fetcher.c, and has no right at all.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/complain.h"
#include "cli/options.h"
#include "cli/report.h"
#include "host/load.h"
#include "host/wanted.h"
#include "tool/input.h"
#include "tool/json_out.h"
#include "tool/sync_turn.h"
#include "tool/tool.h"

#define LOCK_WAIT_SEC 60	/* by hand, for another one at a slow provider */

struct sync_options {
	const char *config;
	struct option_list names;	/* of issuers; empty: all */
	bool due;
	bool dry_run;
	bool json;
};

struct run {
	const struct sync_options *options;
	struct policy policy;
	struct install install;
	char program[FETCHER_PATH_MAX];
	struct fetcher_options fetcher;	/* program NULL: not looked for yet */
	struct sync_setting setting;
	struct sync_turn turn;
	struct json_object *reports;	/* NULL: lines of text */
	bool has_failed;	/* some issuer was kept, refused or failed */
};

/* ---- what is needed ------------------------------------------------------- */

/* Once for all issuers.  A dry run of another user has no other user to be. */
static bool
find_fetcher(struct run *run)
{
	const char *fault;

	if (run->fetcher.program != NULL)
		return true;
	fault = fetcher_choose(run->program, &run->fetcher);
	return fault == NULL || complain("%s", fault);
}

static bool
load(struct run *run)
{
	const char *config = run->options->config;
	char path[INPUT_PATH_SIZE];
	struct diag diag = { 0 };
	enum jwt_reason reason;

	if (config == NULL)
		config = LOAD_CONFIG_DEFAULT;
	if (!input_absolute(config, path, sizeof(path)))
		return false;
	reason = load_settings(path, &diag, &run->policy);
	if (reason != JWT_OK)
		report_diag(&diag, stderr);
	diag_clear(&diag);
	return reason == JWT_OK;
}

/* ---- which issuers -------------------------------------------------------- */

/* Whether keys are fetched for an issuer of that name; NULL: for any. */
static bool
has_issuer(const struct policy *policy, const char *name)
{
	size_t i;

	for (i = 0; i < policy->issuer_count; i++) {
		const struct issuer *issuer = &policy->issuers[i];

		if (issuer->sync.wanted && (name == NULL ||
		    strcmp(name, issuer->name) == 0))
			return true;
	}
	return false;
}

static bool
check_names(const struct run *run)
{
	const struct option_list *names = &run->options->names;
	size_t i;

	for (i = 0; i < names->count; i++) {
		if (!has_issuer(&run->policy, names->item[i]))
			return complain("%s: no [issuer] of that name has "
			    "keys = sync", names->item[i]);
	}
	return true;
}

static bool
is_meant(const struct run *run, const struct issuer *issuer)
{
	const struct option_list *names = &run->options->names;
	size_t i;

	if (!issuer->sync.wanted)
		return false;
	for (i = 0; i < names->count; i++) {
		if (strcmp(names->item[i], issuer->name) == 0)
			return true;
	}
	return names->count == 0;
}

/* ---- asking --------------------------------------------------------------- */

static void
show(struct run *run, const struct sync_turn *turn)
{
	const struct sync_report *report = &turn->report;

	if (report->keyset == NULL)
		run->has_failed = true;
	if (run->reports != NULL) {
		json_out_element(run->reports, sync_report_json(report));
	} else {
		sync_report_print(report, stdout);
		putchar('\n');
		(void)fflush(stdout);
	}
	if (report->keyset == NULL && turn->attempt.url != NULL &&
	    !run->options->due)
		complain("%s: the address was %s", report->name,
		    turn->attempt.url);
}

/* False when nothing can be asked at all. */
static bool
ask(struct run *run, const struct issuer *issuer)
{
	struct sync_turn *turn = &run->turn;
	bool ok = sync_turn_begin(&run->setting, issuer, turn);

	if (ok && (!run->options->due || sync_turn_is_due(turn))) {
		ok = find_fetcher(run);
		if (ok) {
			sync_turn_take(turn);
			show(run, turn);
		}
	}
	sync_turn_end(turn);
	return ok;
}

static int
ask_all(struct run *run)
{
	size_t i;

	run->setting = (struct sync_setting){
		.policy = &run->policy, .fetcher = &run->fetcher,
		.install = &run->install, .is_dry = run->options->dry_run,
		.is_timed = run->options->due
	};
	for (i = 0; i < run->policy.issuer_count; i++) {
		if (is_meant(run, &run->policy.issuers[i]) &&
		    !ask(run, &run->policy.issuers[i]))
			return EXIT_TROUBLE;
	}
	return run->has_failed ? EXIT_NO : EXIT_YES;
}

/* The timer's is there again in a minute; a person is told. */
static int
leave_busy(const struct run *run)
{
	if (run->options->due)
		return EXIT_YES;
	complain("another pam-jwt sync is at work, and was for a minute: try "
	    "again");
	return EXIT_NO;
}

static int
ask_locked(struct run *run)
{
	const char *folder = run->policy.state.sync_directory;
	unsigned wait_sec = run->options->due ? 0 : LOCK_WAIT_SEC;
	enum jwt_reason reason;
	struct file file;

	if (run->options->dry_run)
		return ask_all(run);
	reason = install_open(folder, wait_sec, &run->install);
	if (reason == JWT_STATE_UNAVAILABLE && run->install.busy)
		return leave_busy(run);
	if (reason == JWT_STATE_UNAVAILABLE)
		complain("%s: %s", folder, run->install.fault);
	else if (reason != JWT_OK)
		complain("%s", reason_text(reason));
	if (reason != JWT_OK)
		return EXIT_TROUBLE;
	if (file_make_folder(WANTED_FOLDER, 0700, &file) != FILE_OK &&
	    !run->options->due)
		complain("%s: %s: a login that misses a key cannot ask for it",
		    WANTED_FOLDER, file.fault);
	return ask_all(run);
}

/* ---- the command ---------------------------------------------------------- */

static int
print_reports(struct run *run, int code)
{
	struct json_object *all = json_out_object();

	json_out_member(all, "issuers", run->reports);
	json_out_print(all, false, stdout);
	return code;
}

/*
 * On a host that fetches nothing, the timer has nothing to do, and is no unit
 * that fails each minute.
 */
static int
leave_unused(const struct run *run)
{
	if (run->options->due && run->options->names.count == 0)
		return EXIT_YES;
	complain("%s has no [issuer] with keys = sync", run->policy.file);
	return EXIT_TROUBLE;
}

static int
sync_keys(struct run *run)
{
	int code;

	if (!load(run))
		return EXIT_TROUBLE;
	if (!has_issuer(&run->policy, NULL))
		return leave_unused(run);
	if (!check_names(run))
		return EXIT_TROUBLE;
	if (!run->options->dry_run && geteuid() != 0) {
		complain("root alone may replace keys; --dry-run shows what "
		    "would be done");
		return EXIT_TROUBLE;
	}
	if (!run->options->due && !find_fetcher(run))
		return EXIT_TROUBLE;
	if (!run->options->json)
		return ask_locked(run);
	run->reports = json_out_array();
	code = ask_locked(run);
	return print_reports(run, code);
}

/* On the heap: a turn is large. */
static int
run_with(const struct sync_options *options)
{
	struct run *run = calloc(1, sizeof(*run));
	int code;

	if (run == NULL) {
		complain("%s", reason_text(JWT_OUT_OF_MEMORY));
		return EXIT_TROUBLE;
	}
	run->options = options;
	run->install = (struct install){ .folder = -1, .lock = -1 };
	code = sync_keys(run);
	install_close(&run->install);
	policy_clear(&run->policy);
	free(run);
	return code;
}

int
tool_sync(int argc, char **argv)
{
	struct sync_options options = { 0 };
	const struct option_spec specs[] = {
		{ .name = "", .list = &options.names },
		{ .name = "config", .value = &options.config },
		{ .name = "due", .flag = &options.due },
		{ .name = "dry-run", .flag = &options.dry_run },
		{ .name = "json", .flag = &options.json },
		{ .name = NULL }
	};
	int code = EXIT_TROUBLE;

	/*
	 * A reader that has gone ends no run before the last issuer, and a
	 * limit on the size of files is an error that the line can name.
	 */
	(void)signal(SIGPIPE, SIG_IGN);
	(void)signal(SIGXFSZ, SIG_IGN);
	if (options_parse("pam-jwt sync", argc, argv, specs))
		code = run_with(&options);
	options_list_clear(&options.names);
	return code;
}
