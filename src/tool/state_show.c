/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pam-jwt state show: is this account, subject, token or session refused?  The
 * store has hashes alone, so nobody can read that from state list.
 */
#include <stdio.h>
#include <time.h>

#include "cli/command.h"
#include "cli/complain.h"
#include "cli/options.h"
#include "cli/report.h"
#include "cli/times.h"
#include "host/accounts.h"
#include "tool/json_out.h"
#include "tool/setup.h"
#include "tool/tool.h"

#define COMMAND "pam-jwt state show"

struct show {
	const char *config;
	const char *account;
	const char *subject;
	const char *iss;
	const char *jti;
	const char *sid;
	bool json;
	struct setup setup;
	struct json_object *list;	/* NULL: text */
	bool is_refused;	/* something of what was asked is */
};

/* The fact that is asked for, and the words for it. */
struct wanted {
	enum state_kind kind;
	const char *name;
	const char *value;	/* NULL: all tokens of the issuer */
	const char *iss;	/* NULL: an account */
};

static void
print_what(const struct wanted *wanted)
{
	fputs(wanted->name, stdout);
	if (wanted->value != NULL) {
		fputs(" ", stdout);
		report_quoted(bytes_str(wanted->value), stdout);
	}
	if (wanted->iss != NULL)
		printf(" of %s", wanted->iss);
}

/* A sentence, such as: account "alice" is cut off, until undone. */
static void
print_finding(const struct wanted *wanted, const struct state_finding *finding)
{
	bool is_cutoff = state_is_cutoff(wanted->kind);
	const char *refused = "revoked";

	if (wanted->kind == STATE_ACCOUNT)
		refused = "cut off";
	print_what(wanted);
	if (!finding->found) {
		printf(" is not %s\n", refused);
		return;
	}
	if (is_cutoff) {
		fputs(": tokens issued up to ", stdout);
		times_print_date(finding->cutoff, stdout);
		puts(" are refused");
		return;
	}
	printf(" is %s, until ", refused);
	if (finding->until == STATE_FOREVER)
		fputs("undone", stdout);
	else
		times_print_date(finding->until, stdout);
	fputs("\n", stdout);
}

static void
add_json(struct show *show, const struct wanted *wanted,
    const struct state_finding *finding)
{
	struct json_object *one = json_out_object();

	json_out_string(one, "kind", wanted->name);
	json_out_string(one, "value", wanted->value);
	json_out_string(one, "iss", wanted->iss);
	json_out_boolean(one, "refused", finding->found);
	if (finding->found && state_is_cutoff(wanted->kind))
		json_out_number(one, "cutoff", (long long)finding->cutoff);
	else if (finding->found && finding->until != STATE_FOREVER)
		json_out_number(one, "until", (long long)finding->until);
	else if (finding->found)
		json_out_string(one, "until", NULL);
	json_out_element(show->list, one);
}

/* Ask a store one question; false if it gives no answer. */
static bool
ask(const struct state_store *store, const struct wanted *wanted,
    struct state_finding *out)
{
	struct state_question question = {
		.count = 1, .iat = -1, .now = (int64_t)time(NULL)
	};
	struct state_answer answer = { .made_at = 0 };
	struct bytes iss = { .len = 0 }, value = { .len = 0 };

	if (wanted->iss != NULL)
		iss = bytes_str(wanted->iss);
	if (wanted->value != NULL)
		value = bytes_str(wanted->value);
	if (state_id(wanted->kind, iss, value, &question.ask[0].id) != JWT_OK ||
	    store->ask(store->ctx, &question, &answer) != JWT_OK)
		return false;
	*out = answer.fact[0];
	return true;
}

/*
 * A cut-off of an account in the default directory counts wherever the
 * configuration keeps its state: see check_default() in src/pam/recheck.c.
 */
static bool
ask_default(const struct show *show, const struct wanted *wanted,
    struct state_finding *finding)
{
	struct state state;
	bool ok;

	if (finding->found || wanted->kind != STATE_ACCOUNT ||
	    state_is_default(&show->setup.policy.state))
		return true;
	state_open(&state_default, &state);
	ok = ask(&state.store, wanted, finding) || state.dir.missing;
	if (!ok)
		complain("%s", state.fault);
	state_close(&state);
	return ok;
}

static bool
show_one(struct show *show, const struct wanted *wanted)
{
	struct state_finding finding = { .found = false };

	if (!ask(&show->setup.state.store, wanted, &finding)) {
		setup_fail_state(&show->setup);
		return false;
	}
	if (!ask_default(show, wanted, &finding))
		return false;
	/* A fact about a whole issuer is told only if there is one. */
	if (wanted->kind == STATE_ISSUER && !finding.found)
		return true;
	show->is_refused |= finding.found;
	if (show->list != NULL)
		add_json(show, wanted, &finding);
	else
		print_finding(wanted, &finding);
	return true;
}

/* Ask about one issuer; of a subject also what holds for all its tokens. */
static bool
show_of_issuer(struct show *show, struct wanted wanted, const char *iss)
{
	struct wanted all = {
		.kind = STATE_ISSUER, .name = "all tokens", .iss = iss
	};

	wanted.iss = iss;
	return show_one(show, &wanted) && (wanted.kind != STATE_SUBJECT ||
	    show_one(show, &all));
}

/*
 * Ask also for the name as the name service writes it, as the module does:
 * where that ignores case, a cut-off of alice refuses Alice, too.
 */
static bool
show_account(struct show *show)
{
	struct wanted wanted = {
		.kind = STATE_ACCOUNT, .name = "account", .value = show->account
	};
	char own[ACCOUNTS_NAME_SIZE];
	enum jwt_reason reason;

	if (!show_one(show, &wanted))
		return false;
	reason = accounts_own_name(show->account, own);
	if (reason != JWT_OK)
		return complain("the account cannot be looked up: %s",
		    reason_text(reason));
	if (own[0] == '\0' || strcmp(own, show->account) == 0)
		return true;
	wanted.value = own;
	return show_one(show, &wanted);
}

static bool
show_all(struct show *show)
{
	const struct policy *policy = &show->setup.policy;
	struct wanted wanted;
	bool is_known = false;
	size_t i;

	if (show->account != NULL)
		return show_account(show);
	if (show->subject != NULL)
		wanted = (struct wanted){ STATE_SUBJECT, "subject",
		    show->subject, NULL };
	else if (show->jti != NULL)
		wanted = (struct wanted){ STATE_TOKEN, "token", show->jti, NULL };
	else
		wanted = (struct wanted){ STATE_SESSION, "session", show->sid,
		    NULL };
	for (i = 0; i < policy->issuer_count; i++) {
		const struct issuer *issuer = &policy->issuers[i];

		if (show->iss != NULL && strcmp(show->iss, issuer->iss) != 0 &&
		    strcmp(show->iss, issuer->name) != 0)
			continue;
		is_known = true;
		if (!show_of_issuer(show, wanted, issuer->iss))
			return false;
	}
	return is_known || complain("no [issuer] has this iss or name: %s",
	    show->iss);
}

static bool
options_agree(const struct show *show)
{
	int count = (show->account != NULL) + (show->subject != NULL) +
	    (show->jti != NULL) + (show->sid != NULL);

	if (count != 1)
		return command_fail(COMMAND, "it needs one of --account, "
		    "--subject, --jti and --sid, and no second one");
	if (show->jti != NULL && show->iss == NULL)
		return command_fail(COMMAND, "--jti needs --iss: an identifier "
		    "is that of one issuer");
	if (show->account != NULL && show->iss != NULL)
		return command_fail(COMMAND, "--iss does not go with "
		    "--account: the account is one of this host");
	return true;
}

static int
run(struct show *show)
{
	int code = EXIT_TROUBLE;

	if (!setup_open(show->config, false, &show->setup) ||
	    !setup_has_state(&show->setup))
		goto out;
	if (show->json)
		show->list = json_out_array();
	if (show_all(show))
		code = show->is_refused ? EXIT_NO : EXIT_YES;
	if (show->json)
		json_out_print(show->list, false, stdout);
out:
	setup_close(&show->setup);
	return code;
}

int
tool_state_show(int argc, char **argv)
{
	struct show show = { .setup = SETUP_CLOSED };
	const struct option_spec specs[] = {
		{ .name = "config", .value = &show.config },
		{ .name = "account", .value = &show.account },
		{ .name = "subject", .value = &show.subject },
		{ .name = "iss", .value = &show.iss },
		{ .name = "jti", .value = &show.jti },
		{ .name = "sid", .value = &show.sid },
		{ .name = "json", .flag = &show.json },
		{ .name = NULL }
	};

	if (!options_parse(COMMAND, argc, argv, specs) ||
	    !options_agree(&show))
		return EXIT_TROUBLE;
	return run(&show);
}
