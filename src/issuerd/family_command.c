/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pam-jwt issuer list, revoke, restore, purge, stats: what an administrator
 * does with the families of refresh tokens, that is, with people's logins.
 */
#include <stdio.h>
#include <stdlib.h>
#include <syslog.h>
#include <time.h>

#include "cli/command.h"
#include "cli/complain.h"
#include "cli/dump.h"
#include "cli/options.h"
#include "issuerd/family_show.h"
#include "issuerd/fleet.h"
#include "issuerd/issuer_secret.h"
#include "issuerd/issuerd.h"
#include "issuerd/start.h"

struct family_options {
	const char *config;
	const char *person;
	const char *family;
	bool all;
	bool json;
};

/* One run of a command. */
struct family_run {
	const char *command;	/* for messages */
	struct family_options options;
	struct issuer_conf conf;
	struct family_db db;
	int64_t now;
	size_t told;		/* families that family_revoke() called us for */
	size_t untold;		/* of these the hosts could not be told */
};

/* ---- opening ------------------------------------------------------------ */

static bool
open_database(struct family_run *run)
{
	uint8_t secret[ISSUER_SECRET_LEN];
	const char *fault = issuer_secret_read(&run->conf, secret);
	bool is_open = false;

	if (fault != NULL)
		complain("%s: keys/" ISSUER_SECRET_NAME ": %s",
		    run->conf.directory, fault);
	else
		is_open = family_db_open(&run->conf,
		    bytes_of(secret, sizeof(secret)), &run->db) ||
		    complain("%s", run->db.fault);
	explicit_bzero(secret, sizeof(secret));
	return is_open;
}

/* Read the options, the configuration and the secret; then do the work. */
static int
run_command(int argc, char **argv, struct family_run *run,
    const struct option_spec *specs, int (*work)(struct family_run *))
{
	int code = EXIT_TROUBLE;

	run->db.folder = -1;
	run->db.queue = -1;
	run->now = (int64_t)time(NULL);
	if (options_parse(run->command, argc, argv, specs) && dump_forbid() &&
	    issuer_start(run->options.config, &run->conf) &&
	    open_database(run))
		code = work(run);
	family_db_close(&run->db);
	issuer_conf_clear(&run->conf);
	return code;
}

static int
fail(const struct family_run *run)
{
	complain("%s", run->db.fault);
	return EXIT_TROUBLE;
}

/* ---- list, stats -------------------------------------------------------- */

static int
list(struct family_run *run)
{
	struct family_show show = { .conf = &run->conf, .now = run->now,
		.person = run->options.person, .all = run->options.all,
		.json = run->options.json };

	if (!family_list(&run->db, family_show_one, &show))
		return fail(run);
	family_show_end(&show);
	return EXIT_YES;
}

int
issuerd_list(int argc, char **argv)
{
	struct family_run run = {
		.command = "pam-jwt issuer list"
	};
	const struct option_spec specs[] = {
		{ .name = "config", .value = &run.options.config },
		{ .name = "person", .value = &run.options.person },
		{ .name = "all", .flag = &run.options.all },
		{ .name = "json", .flag = &run.options.json },
		{ .name = NULL }
	};

	return run_command(argc, argv, &run, specs, list);
}

static int
stats(struct family_run *run)
{
	struct family_stats stats = { .conf = &run->conf, .now = run->now };
	bool is_done = family_list(&run->db, family_stats_add, &stats);

	free(stats.last);
	if (!is_done)
		return fail(run);
	family_stats_print(&stats, run->options.json);
	return EXIT_YES;
}

int
issuerd_stats(int argc, char **argv)
{
	struct family_run run = {
		.command = "pam-jwt issuer stats"
	};
	const struct option_spec specs[] = {
		{ .name = "config", .value = &run.options.config },
		{ .name = "json", .flag = &run.options.json },
		{ .name = NULL }
	};

	return run_command(argc, argv, &run, specs, stats);
}

/* ---- revoke, restore ---------------------------------------------------- */

/* Tell the hosts; a family that they could not be told of is named. */
static bool
tell(const struct family *family, void *context)
{
	struct family_run *run = context;
	char fault[STATE_FAULT_MAX];

	run->told++;
	syslog(LOG_NOTICE, "ended the login of %s: sid %s, %s", family->person,
	    family->sid, family_end_name(family->end));
	if (fleet_revoke(&run->conf, family->sid, run->now, fault) !=
	    FLEET_FAILED)
		return true;
	run->untold++;
	complain("%s: the hosts were not told, and its access tokens end "
	    "within %us: %s", family->sid, run->conf.access_ttl_sec, fault);
	return true;
}

static int
finish(const struct family_run *run, size_t ended)
{
	printf("ended %zu of %zu\n", ended, run->told);
	if (run->untold > 0)
		return EXIT_TROUBLE;
	return EXIT_YES;
}

/* A name with a typing error must not look like access that was taken away. */
static int
revoke(struct family_run *run)
{
	const struct family_choice choice = { .person = run->options.person,
		.sid = run->options.family, .end = FAMILY_END_REVOKED };
	size_t ended;
	bool is_done;
	int code = EXIT_TROUBLE;

	if ((choice.person == NULL) == (choice.sid == NULL)) {
		command_fail(run->command, "either --person or --family says "
		    "whose logins end");
		return EXIT_TROUBLE;
	}
	is_done = family_revoke(&run->db, &choice, run->now, tell, run, &ended);
	if (run->told > 0)
		code = finish(run, ended);
	if (!is_done)
		return fail(run);
	if (run->told > 0)
		return code;
	complain("there is no such login: pam-jwt issuer list --all shows "
	    "them");
	return EXIT_NO;
}

int
issuerd_revoke(int argc, char **argv)
{
	struct family_run run = {
		.command = "pam-jwt issuer revoke"
	};
	const struct option_spec specs[] = {
		{ .name = "config", .value = &run.options.config },
		{ .name = "person", .value = &run.options.person },
		{ .name = "family", .value = &run.options.family },
		{ .name = NULL }
	};

	openlog("pam-jwt-issuer", LOG_PID, LOG_AUTHPRIV);
	return run_command(argc, argv, &run, specs, revoke);
}

static int
restore(struct family_run *run)
{
	size_t ended, dropped;

	if (!family_restore(&run->db, run->now, tell, run, &ended, &dropped))
		return fail(run);
	if (dropped > 0)
		printf("dropped %zu that were damaged\n", dropped);
	return finish(run, ended);
}

int
issuerd_restore(int argc, char **argv)
{
	struct family_run run = {
		.command = "pam-jwt issuer restore"
	};
	const struct option_spec specs[] = {
		{ .name = "config", .value = &run.options.config },
		{ .name = NULL }
	};

	openlog("pam-jwt-issuer", LOG_PID, LOG_AUTHPRIV);
	return run_command(argc, argv, &run, specs, restore);
}

/* ---- purge -------------------------------------------------------------- */

static int
purge(struct family_run *run)
{
	size_t dropped;

	if (!family_purge(&run->db, run->now, &dropped))
		return fail(run);
	printf("dropped %zu\n", dropped);
	return EXIT_YES;
}

int
issuerd_purge(int argc, char **argv)
{
	struct family_run run = {
		.command = "pam-jwt issuer purge"
	};
	const struct option_spec specs[] = {
		{ .name = "config", .value = &run.options.config },
		{ .name = NULL }
	};

	return run_command(argc, argv, &run, specs, purge);
}
