/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pam-jwt revoke: notes a fact in the store, by which logins refuse a token, a
 * session, a subject or an account from now on; --undo takes it back.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/complain.h"
#include "cli/report.h"
#include "cli/times.h"
#include "core/claims.h"
#include "core/programs.h"
#include "host/accounts.h"
#include "tool/input.h"
#include "tool/options.h"
#include "tool/revoke.h"
#include "tool/tool.h"

struct revoke_options {
	const char *config;
	const char *iss;
	const char *jti;
	const char *token;
	const char *sid;
	const char *subject;
	const char *account;
	const char *logout_token;
	const char *until;
	const char *before;
	bool all;
	bool undo;
};

struct revoke {
	const struct revoke_options *options;
	struct setup *setup;
	int64_t now;
	int64_t until;	/* of the option; 0: the default of the kind */
	int64_t before;
};

/* Until when a token that was issued at this time, or before, can be valid. */
static int64_t
longest(int64_t from)
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
	if (fact->cutoff > 0)
		return "cut off";
	return "revoked";
}

/*
 * Print the fact as it is noted now, such as
 * "revoked: token "j1" of https://… until 2026-11-24 10:00:00 UTC".  stays says
 * that a fact from before goes further, and was kept.
 */
static void
report(enum state_kind kind, const char *iss, struct bytes value,
    const struct state_fact *fact, bool stays)
{
	printf("%s: %s", effect_of(fact), subject_of(kind));
	if (value.len > 0) {
		putchar(' ');
		report_quoted(value, stdout);
	}
	if (iss != NULL)
		printf(" of %s", iss);
	if (fact->until > 0 && fact->cutoff > 0) {
		printf(", issued up to ");
		times_print_date(fact->cutoff, stdout);
	} else if (fact->until == STATE_FOREVER) {
		printf(", for good");
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

	if (fact->id.kind != STATE_ACCOUNT || !revoke->options->undo ||
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
		    "that may write jwt:d:* (README, \"A fleet\")");
	return code;
}

/* Note one fact, or take it back, and report it; iss is NULL for an account. */
static int
note(struct revoke *revoke, enum state_kind kind, const char *iss,
    struct bytes value, struct state_fact *fact)
{
	const struct state_store *store = &revoke->setup->state.store;
	struct bytes shown = kind == STATE_DIGEST ? bytes_of(NULL, 0) : value;
	struct bytes issuer = bytes_of(NULL, 0);
	struct state_fact wanted;

	if (iss != NULL)
		issuer = bytes_str(iss);
	if (revoke->options->undo)
		*fact = (struct state_fact){ .until = 0 };
	wanted = *fact;
	if (state_id(kind, issuer, value, &fact->id) != JWT_OK ||
	    store->put(store->ctx, fact) != JWT_OK)
		return fail_store(revoke->setup);
	if (!undo_in_default(revoke, fact))
		return EXIT_TROUBLE;
	report(kind, iss, shown, fact, fact->until > wanted.until ||
	    fact->cutoff > wanted.cutoff);
	return EXIT_YES;
}

/* --iss gives an iss or the name of a section; without it all are meant. */
static bool
is_meant(const struct revoke *revoke, const struct issuer *issuer)
{
	const char *iss = revoke->options->iss;

	return iss == NULL || strcmp(iss, issuer->iss) == 0 ||
	    strcmp(iss, issuer->name) == 0;
}

static void
make_fact(const struct revoke *revoke, enum state_kind kind,
    struct state_fact *fact)
{
	/* A token that has no iat may still come, however old it is. */
	*fact = (struct state_fact){
		.until = revoke->until > 0 ? revoke->until : STATE_FOREVER
	};
	if (state_is_cutoff(kind))
		fact->cutoff = revoke->before;
}

/* The account may be on another host of the fleet, or a typing error. */
static void
warn_of_nobody(struct bytes account)
{
	char name[ACCOUNTS_NAME_SIZE];
	struct account_facts facts;

	if (account.len < sizeof(name)) {
		snprintf(name, sizeof(name), "%.*s", (int)account.len,
		    (const char *)account.ptr);
		if (accounts_host.look_up(NULL, name, &facts) == JWT_OK &&
		    facts.exists)
			return;
	}
	fputs("pam-jwt: this host has no account ", stderr);
	report_quoted(account, stderr);
	fputs("\n", stderr);
}

/* Note the fact for each issuer that is meant; there is at least one. */
static int
note_each(struct revoke *revoke, enum state_kind kind, struct bytes value)
{
	const struct policy *policy = &revoke->setup->policy;
	struct state_fact fact;
	int code = EXIT_YES;
	size_t i;

	make_fact(revoke, kind, &fact);
	if (kind == STATE_ACCOUNT) {
		warn_of_nobody(value);
		return note(revoke, kind, NULL, value, &fact);
	}
	for (i = 0; i < policy->issuer_count && code == EXIT_YES; i++) {
		if (is_meant(revoke, &policy->issuers[i])) {
			make_fact(revoke, kind, &fact);
			code = note(revoke, kind, policy->issuers[i].iss, value,
			    &fact);
		}
	}
	return code;
}

/* Take one value from each line of standard input; skip empty lines. */
static int
note_lines(struct revoke *revoke, enum state_kind kind)
{
	unsigned long number = 0, values = 0;
	char *line = NULL;
	size_t size = 0;
	ssize_t len;
	int code = EXIT_YES;

	while (code == EXIT_YES && (len = getline(&line, &size, stdin)) >= 0) {
		struct bytes value = bytes_of(line, strcspn(line, "\r\n"));

		number++;
		if (memchr(line, '\0', (size_t)len) != NULL) {
			code = setup_fail("standard input has a zero byte");
		} else if (value.len > 0) {
			values++;
			code = note_each(revoke, kind, value);
		}
	}
	if (code != EXIT_YES)
		fprintf(stderr, "pam-jwt: stopped at line %lu of standard "
		    "input\n", number);
	else if (ferror(stdin))
		code = setup_fail("standard input cannot be read");
	else if (values == 0)
		code = setup_fail("revoke: standard input is empty");
	free(line);
	return code;
}

static int
note_value(struct revoke *revoke, enum state_kind kind, const char *value)
{
	if (strcmp(value, "-") == 0)
		return note_lines(revoke, kind);
	return note_each(revoke, kind, bytes_str(value));
}

static const struct issuer *
issuer_of(const struct policy *policy, struct bytes iss)
{
	size_t i;

	for (i = 0; i < policy->issuer_count; i++) {
		if (bytes_eq_str(iss, policy->issuers[i].iss))
			return &policy->issuers[i];
	}
	return NULL;
}

static int
refuse(enum jwt_reason reason)
{
	printf("refused: %s - %s\n", reason_name(reason), reason_text(reason));
	if (reason_class(reason) == JWT_CLASS_INTERNAL)
		return EXIT_TROUBLE;
	return EXIT_NO;
}

/*
 * Get the claims of a token that an issuer of the configuration has signed.  An
 * unverified text must not revoke anything, or anybody could revoke the tokens
 * of others by writing their identifiers.
 */
static enum jwt_reason
open_token(const struct policy *policy, struct bytes text, struct jws **jws,
    const struct issuer **issuer, const struct claims **claims)
{
	enum jwt_reason reason = jws_parse(text, jws);

	if (reason != JWT_OUT_OF_MEMORY)
		reason = programs_reason(*jws);
	if (reason != JWT_OK)
		return reason;
	*issuer = issuer_of(policy, jws_unverified_iss(*jws));
	if (*issuer == NULL)
		return JWT_ISSUER_UNKNOWN;
	return jws_verify(*jws, &(*issuer)->set, (*issuer)->algorithms,
	    claims);
}

/* A token without a jti is noted by the digest of its signing input. */
static int
note_token(struct revoke *revoke, const struct issuer *issuer,
    const struct jws *jws, const struct claims *claims)
{
	struct state_fact fact = { .until = longest(revoke->now) };
	struct claims_identity id;
	uint8_t digest[HASH_LEN];

	claims_identify(claims, &id);
	if (id.exp >= 0)
		fact.until = state_keep_until(id.exp);
	if (id.jti.len > 0)
		return note(revoke, STATE_TOKEN, issuer->iss, id.jti, &fact);
	if (hash_sha256(jws_signing_input(jws), digest) != JWT_OK)
		return setup_fail("memory ran out");
	return note(revoke, STATE_DIGEST, issuer->iss, bytes_of(digest,
	    sizeof(digest)), &fact);
}

static int
note_text(struct revoke *revoke, struct bytes text)
{
	const struct issuer *issuer = NULL;
	const struct claims *claims = NULL;
	struct jws *jws = NULL;
	enum jwt_reason reason;
	int code;

	reason = open_token(&revoke->setup->policy, bytes_trim(text), &jws,
	    &issuer, &claims);
	if (reason != JWT_OK)
		code = refuse(reason);
	else
		code = note_token(revoke, issuer, jws, claims);
	jws_free(jws);
	return code;
}

int
revoke_token(struct setup *setup, struct bytes text)
{
	static const struct revoke_options plain = { .all = false };
	struct revoke revoke = { .options = &plain, .setup = setup };

	if (!options_time(NULL, &revoke.now))
		return EXIT_TROUBLE;
	return note_text(&revoke, text);
}

/* A logout token names a session, or ends all tokens of its subject. */
static int
note_logout(struct revoke *revoke, const struct issuer *issuer,
    const struct claims_identity *id)
{
	struct state_fact fact = { .until = longest(id->iat) };

	if (id->sid.len > 0)
		return note(revoke, STATE_SESSION, issuer->iss, id->sid,
		    &fact);
	fact.cutoff = id->iat;
	fact.until = STATE_FOREVER;
	return note(revoke, STATE_SUBJECT, issuer->iss, id->sub, &fact);
}

static enum jwt_reason
open_logout_token(const struct revoke *revoke, struct bytes text,
    struct jws **jws, const struct issuer **issuer, struct claims_identity *id)
{
	const struct claims *claims = NULL;
	enum jwt_reason reason;

	reason = open_token(&revoke->setup->policy, text, jws, issuer,
	    &claims);
	if (reason != JWT_OK)
		return reason;
	return claims_check_logout(claims, *issuer, revoke->now, id);
}

static int
note_logout_text(struct revoke *revoke, struct bytes text)
{
	const struct issuer *issuer = NULL;
	struct claims_identity id;
	struct jws *jws = NULL;
	enum jwt_reason reason;
	int code;

	reason = open_logout_token(revoke, bytes_trim(text), &jws, &issuer,
	    &id);
	if (reason != JWT_OK)
		code = refuse(reason);
	else
		code = note_logout(revoke, issuer, &id);
	jws_free(jws);
	return code;
}

/* Read a token from a file; "-" is standard input. */
static bool
read_token(const char *path, struct secret *out)
{
	if (strcmp(path, "-") == 0)
		return input_read_token(out);
	return input_read_token_file(path, out);
}

static int
note_file(struct revoke *revoke, const char *path,
    int (*run)(struct revoke *, struct bytes))
{
	struct secret text = { 0 };
	int code = EXIT_TROUBLE;

	if (read_token(path, &text))
		code = run(revoke, secret_bytes(&text));
	secret_clear(&text);
	return code;
}

static int
run(struct revoke *revoke)
{
	const struct revoke_options *options = revoke->options;

	if (options->jti != NULL)
		return note_value(revoke, STATE_TOKEN, options->jti);
	if (options->sid != NULL)
		return note_value(revoke, STATE_SESSION, options->sid);
	if (options->subject != NULL)
		return note_value(revoke, STATE_SUBJECT, options->subject);
	if (options->account != NULL)
		return note_value(revoke, STATE_ACCOUNT, options->account);
	if (options->token != NULL)
		return note_file(revoke, options->token, note_text);
	if (options->logout_token != NULL)
		return note_file(revoke, options->logout_token,
		    note_logout_text);
	return note_each(revoke, STATE_ISSUER, bytes_of(NULL, 0));
}

/* Exactly one thing can be revoked at a time, with the options that fit it. */
static bool
options_agree(const struct revoke_options *o)
{
	int count = (o->jti != NULL) + (o->token != NULL) + (o->sid != NULL) +
	    (o->subject != NULL) + (o->account != NULL) +
	    (o->logout_token != NULL) + o->all;
	bool has_issuer = o->jti != NULL || o->sid != NULL ||
	    o->subject != NULL || o->all;

	if (count != 1)
		return complain("revoke: one of --jti, --token, --sid, "
		    "--subject, --all, --account, --logout-token; see pam-jwt "
		    "revoke --help");
	if ((o->jti != NULL || o->all) && o->iss == NULL)
		return complain("revoke: --iss is needed: identifiers are "
		    "those of one issuer");
	if (o->iss != NULL && !has_issuer)
		return complain("revoke: --iss does not go with this: a "
		    "token has its own");
	if (o->before != NULL && o->subject == NULL && !o->all)
		return complain("revoke: --before goes with --subject and "
		    "--all");
	if (o->until != NULL && o->jti == NULL && o->sid == NULL &&
	    o->account == NULL)
		return complain("revoke: --until goes with --jti, --sid and "
		    "--account");
	if (o->undo && o->logout_token != NULL)
		return complain("revoke: a logout token is not undone: "
		    "--sid or --subject is");
	return true;
}

static bool
has_issuer(const struct revoke *revoke)
{
	const struct policy *policy = &revoke->setup->policy;
	size_t i;

	for (i = 0; i < policy->issuer_count; i++) {
		if (is_meant(revoke, &policy->issuers[i]))
			return true;
	}
	fprintf(stderr, "pam-jwt: no [issuer] has this iss or name: %s\n",
	    revoke->options->iss);
	return false;
}

static bool
read_times(struct revoke *revoke)
{
	const struct revoke_options *options = revoke->options;

	if (!options_time(NULL, &revoke->now) ||
	    !options_time(options->before, &revoke->before))
		return false;
	if (revoke->before > revoke->now + (int64_t)DURATION_MAX_SEC)
		return complain("revoke: --before is more than a year "
		    "ahead: seconds, not milliseconds?");
	if (options->until == NULL)
		return true;
	if (!options_time(options->until, &revoke->until))
		return false;
	return revoke->until > revoke->now ||
	    complain("revoke: --until is over already");
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
		{ .name = "subject", .value = &o.subject },
		{ .name = "account", .value = &o.account },
		{ .name = "logout-token", .value = &o.logout_token },
		{ .name = "until", .value = &o.until },
		{ .name = "before", .value = &o.before },
		{ .name = "all", .flag = &o.all },
		{ .name = "undo", .flag = &o.undo },
		{ .name = NULL }
	};
	struct setup setup = SETUP_CLOSED;
	struct revoke revoke = { .options = &o, .setup = &setup };
	bool needs_keys;
	int code = EXIT_TROUBLE;

	if (!options_parse(argc, argv, specs) || !options_agree(&o) ||
	    !read_times(&revoke))
		return EXIT_TROUBLE;
	needs_keys = o.token != NULL || o.logout_token != NULL;
	if (setup_open(o.config, needs_keys, &setup) &&
	    setup_has_state(&setup) && has_issuer(&revoke))
		code = run(&revoke);
	setup_close(&setup);
	return code;
}
