/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pam-jwt revoke: notes a fact in the store, by which logins refuse a token, a
 * session, a subject or an account from now on; --undo takes it back.  The
 * options are here.
 *
 *	revoke_value.c	what an option names
 *	revoke_token.c	what a token or a logout token names
 *	revoke_event.c	what a security event token says
 *	revoke_note.c	notes a fact, and says so
 *	revoked.c	what was noted, for what comes after it
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/complain.h"
#include "cli/options.h"
#include "tool/input.h"
#include "tool/revoke_token.h"
#include "tool/sessions_revoked.h"
#include "tool/tool.h"

#define COMMAND "pam-jwt revoke"

struct revoke_options {
	const char *config;
	const char *iss;
	const char *jti;
	const char *token;
	const char *sid;
	const char *of;	/* whose session sid is; NULL: each one's */
	const char *subject;
	const char *account;
	const char *logout_token;
	const char *event;
	const char *until;
	const char *before;
	bool all;
	bool undo;
	bool credential_change;
	bool end_sessions;
};

static int
note_file(struct revoke *revoke, const char *path,
    int (*run)(struct revoke *, struct bytes))
{
	struct secret text = { 0 };
	int code = EXIT_TROUBLE;

	if (input_read_token(path, &text))
		code = run(revoke, secret_bytes(&text));
	secret_clear(&text);
	return code;
}

static int
run(struct revoke *revoke, const struct revoke_options *options)
{
	if (options->jti != NULL)
		return revoke_note_value(revoke, STATE_TOKEN, options->jti);
	if (options->sid != NULL)
		return revoke_note_value(revoke, STATE_SESSION, options->sid);
	if (options->subject != NULL)
		return revoke_note_value(revoke, STATE_SUBJECT,
		    options->subject);
	if (options->account != NULL)
		return revoke_note_value(revoke, STATE_ACCOUNT, options->account);
	if (options->token != NULL)
		return note_file(revoke, options->token, revoke_note_token);
	if (options->logout_token != NULL)
		return note_file(revoke, options->logout_token,
		    revoke_note_logout);
	if (options->event != NULL)
		return note_file(revoke, options->event, revoke_note_event);
	return revoke_note_all(revoke);
}

/* Exactly one thing can be revoked at a time; name two that are there. */
static bool
names_one(const struct revoke_options *o)
{
	const struct {
		const char *name;
		bool is_given;
	} ways[] = {
		{ "--jti", o->jti != NULL }, { "--token", o->token != NULL },
		{ "--sid", o->sid != NULL },
		{ "--subject", o->subject != NULL }, { "--all", o->all },
		{ "--account", o->account != NULL },
		{ "--logout-token", o->logout_token != NULL },
		{ "--event", o->event != NULL }
	};
	const char *first = NULL;
	size_t i;

	for (i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		if (ways[i].is_given && first != NULL)
			return command_fail(COMMAND, "%s and %s: one at a time",
			    first, ways[i].name);
		if (ways[i].is_given)
			first = ways[i].name;
	}
	return first != NULL || command_fail(COMMAND, "it needs one of --jti, "
	    "--token, --sid, --subject, --all, --account, --logout-token and "
	    "--event");
}

static bool
options_agree(const struct revoke_options *o)
{
	bool has_issuer = o->jti != NULL || o->sid != NULL ||
	    o->subject != NULL || o->all;

	if (!names_one(o))
		return false;
	if ((o->jti != NULL || o->all) && o->iss == NULL)
		return command_fail(COMMAND, "--iss is needed: identifiers are "
		    "those of one issuer");
	if (o->iss != NULL && !has_issuer)
		return command_fail(COMMAND, "--iss does not go with this: a "
		    "token has its own");
	if (o->before != NULL && o->subject == NULL && !o->all)
		return command_fail(COMMAND, "--before goes with --subject and "
		    "--all");
	if (o->until != NULL && o->jti == NULL && o->sid == NULL &&
	    o->account == NULL)
		return command_fail(COMMAND, "--until goes with --jti, --sid and "
		    "--account");
	if (o->undo && (o->logout_token != NULL || o->event != NULL))
		return command_fail(COMMAND, "a logout token or an event is not "
		    "undone: --sid (with --of) or --subject is");
	if (o->of != NULL && (o->sid == NULL || o->of[0] == '\0'))
		return command_fail(COMMAND, "--of goes with --sid: the subject "
		    "whose session it is");
	if (o->end_sessions && o->undo)
		return command_fail(COMMAND, "--end-sessions does not go with "
		    "--undo: a session that has ended does not come back");
	if (o->end_sessions && geteuid() != 0)
		return complain("revoke: only root may end sessions");
	if (o->credential_change && o->event == NULL)
		return command_fail(COMMAND, "--credential-change goes with "
		    "--event");
	return true;
}

static bool
has_issuer(const struct revoke *revoke)
{
	const struct policy *policy = &revoke->setup->policy;
	size_t i;

	for (i = 0; i < policy->issuer_count; i++) {
		if (revoke_means(revoke, &policy->issuers[i]))
			return true;
	}
	fprintf(stderr, "pam-jwt: no [issuer] has this iss or name: %s\n",
	    revoke->iss);
	return false;
}

static bool
read_times(const struct revoke_options *options, struct revoke *revoke)
{
	if (!options_time(NULL, &revoke->now) ||
	    !options_time(options->before, &revoke->before))
		return false;
	if (revoke->before > revoke->now + (int64_t)DURATION_MAX_SEC)
		return command_fail(COMMAND, "--before is more than a year "
		    "ahead: seconds, not milliseconds?");
	if (options->until == NULL)
		return true;
	if (!options_time(options->until, &revoke->until))
		return false;
	return revoke->until > revoke->now ||
	    command_fail(COMMAND, "--until is over already");
}

/* People look here for what is revoked.  A later word may be a value. */
static bool
is_no_list(int argc, char **argv)
{
	return argc == 0 || strcmp(argv[0], "--list") != 0 ||
	    command_fail(COMMAND, "--list is not an option: pam-jwt state list "
	    "shows what is revoked, and pam-jwt state show --account NAME "
	    "whether an account is cut off");
}

int
tool_revoke(int argc, char **argv)
{
	struct revoke_options o = { .all = false };
	const struct option_spec specs[] = {
		{ .name = "config", .value = &o.config },
		{ .name = "iss", .value = &o.iss },
		{ .name = "jti", .value = &o.jti },
		{ .name = "token", .value = &o.token },
		{ .name = "sid", .value = &o.sid },
		{ .name = "of", .value = &o.of },
		{ .name = "subject", .value = &o.subject },
		{ .name = "account", .value = &o.account },
		{ .name = "logout-token", .value = &o.logout_token },
		{ .name = "event", .value = &o.event },
		{ .name = "until", .value = &o.until },
		{ .name = "before", .value = &o.before },
		{ .name = "all", .flag = &o.all },
		{ .name = "undo", .flag = &o.undo },
		{ .name = "credential-change", .flag = &o.credential_change },
		{ .name = "end-sessions", .flag = &o.end_sessions },
		{ .name = NULL }
	};
	struct setup setup = SETUP_CLOSED;
	struct revoke revoke = { .setup = &setup };
	bool needs_keys;
	int code = EXIT_TROUBLE;

	if (!is_no_list(argc, argv) ||
	    !options_parse(COMMAND, argc, argv, specs) || !options_agree(&o) ||
	    !read_times(&o, &revoke))
		return EXIT_TROUBLE;
	revoke.iss = o.iss;
	revoke.undo = o.undo;
	revoke.credential_change = o.credential_change;
	if (o.of != NULL)
		revoke.user = bytes_str(o.of);
	needs_keys = o.token != NULL || o.logout_token != NULL ||
	    o.event != NULL;
	if (setup_open(o.config, needs_keys, &setup) &&
	    setup_has_state(&setup) && has_issuer(&revoke))
		code = run(&revoke, &o);
	if (o.end_sessions && revoke.done.count > 0 &&
	    !sessions_end_revoked(&revoke.done))
		code = EXIT_TROUBLE;
	revoked_clear(&revoke.done);
	setup_close(&setup);
	return code;
}
