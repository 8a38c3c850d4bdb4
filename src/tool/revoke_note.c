/* SPDX-License-Identifier: BSD-2-Clause */
/* Notes one fact in the store, or takes it back, and says so in one line. */
#include <stdio.h>
#include <unistd.h>

#include "cli/complain.h"
#include "cli/report.h"
#include "cli/times.h"
#include "tool/revoke_note.h"
#include "tool/tool.h"

int64_t
revoke_longest(int64_t from)
{
	return state_keep_until(from + (int64_t)DURATION_MAX_SEC);
}

static const char *
subject_of(enum state_kind kind)
{
	switch (kind) {
	case STATE_TOKEN:
		return "token";
	case STATE_DIGEST:
		return "token without jti";
	case STATE_SESSION:
		return "session";
	case STATE_ACCOUNT:
		return "account";
	case STATE_SUBJECT:
		return "subject";
	case STATE_ISSUER:
	case STATE_USED:
		break;
	}
	return "all tokens";
}

/* What was done, as the first word of the report. */
static const char *
effect_of(const struct state_fact *fact)
{
	if (fact->until == STATE_NOTHING)
		return "was not noted";
	if (fact->until == 0)
		return "taken back";
	if (fact->id.kind == STATE_ACCOUNT)
		return "cut off";
	return "revoked";
}

/* Print what a fact is about, such as "token "j1" of https://…". */
static void
print_object(const struct revoked *what)
{
	fputs(subject_of(what->kind), stdout);
	if (what->value.len > 0 && what->kind != STATE_DIGEST) {
		putchar(' ');
		report_quoted(what->value, stdout);
	}
	if (what->sub.len > 0) {
		fputs(" of subject ", stdout);
		report_quoted(what->sub, stdout);
	}
	if (what->iss != NULL)
		printf(" of %s", what->iss);
}

/*
 * Print the fact as it is noted now, such as
 * "revoked: token "j1" of https://… until 2026-11-24 10:00:00 UTC".  stays says
 * that a fact from before goes further, and was kept.
 */
static void
report(const struct revoke *revoke, const struct revoked *what,
    const struct state_fact *fact, bool stays)
{
	if (revoke->label != NULL)
		printf("%s: ", revoke->label);
	printf("%s: ", effect_of(fact));
	print_object(what);
	if (fact->until > 0 && fact->cutoff > 0) {
		printf(", issued up to ");
		times_print_date(fact->cutoff, stdout);
	} else if (fact->until == STATE_FOREVER) {
		printf(", until undone");
	} else if (fact->until > 0) {
		printf(", until ");
		times_print_date(fact->until, stdout);
	}
	puts(stays ? ", as was noted before (--undo takes that back)" : "");
}

/*
 * A cut-off of an account in the default directory counts wherever the
 * configuration keeps its state (see check_default() in src/pam/recheck.c).  So
 * --undo must take it back there as well; only root can.
 */
static bool
undo_in_default(const struct revoke *revoke, struct state_fact *fact)
{
	struct state_fact other = { .id = fact->id };
	struct state state;
	bool ok;

	if (fact->id.kind != STATE_ACCOUNT || !revoke->undo ||
	    geteuid() != 0 ||
	    state_is_default(&revoke->setup->policy.state))
		return true;
	state_open(&state_default, &state);
	ok = state.store.put(state.store.ctx, &other) == JWT_OK ||
	    state.dir.missing;
	if (!ok)
		complain("%s", state.fault);
	if (other.until == 0 && !state.dir.missing)
		fact->until = 0;
	state_close(&state);
	return ok;
}

/*
 * Say why the store gave no answer.  In a fleet the Redis user of a host may
 * only ask, which is not obvious from Redis's error.
 */
static int
fail_store(const struct setup *setup)
{
	int code = setup_fail_state(setup);

	if (setup->state.redis.is_denied)
		complain("only administrators revoke in this Redis: --config "
		    "with their redis_user; to log out, a host needs a user "
		    "that may write jwt:d:* (pam_jwt_recipes(7), A FLEET)");
	return code;
}

static enum jwt_reason
name_fact(const struct revoked *what, struct state_id *out)
{
	struct bytes iss = bytes_of(NULL, 0);

	if (what->iss != NULL)
		iss = bytes_str(what->iss);
	if (what->sub.len > 0)
		return state_user_session_id(iss, what->sub, what->value, out);
	return state_id(what->kind, iss, what->value, out);
}

int
revoke_note(struct revoke *revoke, struct revoked *what, int64_t until)
{
	const struct state_store *store = &revoke->setup->state.store;
	struct state_fact fact = { .until = until, .cutoff = what->cutoff };
	struct state_fact wanted;

	if (revoke->undo)
		fact = (struct state_fact){ .until = 0 };
	wanted = fact;
	if (name_fact(what, &fact.id) != JWT_OK ||
	    store->put(store->ctx, &fact) != JWT_OK)
		return fail_store(revoke->setup);
	if (!undo_in_default(revoke, &fact))
		return EXIT_TROUBLE;
	report(revoke, what, &fact, fact.until > wanted.until ||
	    fact.cutoff > wanted.cutoff);
	what->cutoff = fact.cutoff;
	if (!revoke->undo && !revoked_add(&revoke->done, what))
		return setup_fail("memory ran out");
	return EXIT_YES;
}
