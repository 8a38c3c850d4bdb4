/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Runs tests.  It decides nothing: verdict_reach() of the core does, and here
 * its result is compared with what the test expects.
 */
#include <stdio.h>
#include <string.h>

#include "cli/report.h"
#include "core/verdict.h"
#include "host/accounts.h"
#include "tool/explain_hint.h"
#include "tool/json_out.h"
#include "tool/tests_deny.h"
#include "tool/tests_run.h"
#include "tool/tests_token.h"

#define OUTCOME_SIZE (ACCOUNT_NAME_MAX + 64)

/* One test under way. */
struct one {
	struct tests_run *run;
	const struct tests_case *test;
	struct tests_signer *signer;
	struct tests_deny *denies;
	struct tests_token token;
	struct proof proof;
	struct secret text;		/* the token */
	struct decoded decoded;
	struct explain explain;
	struct verdict verdict;
};

/* ---- what the verdict is given ---- */

/* A state without any fact: nothing was revoked, and nothing was used. */
static enum jwt_reason
know_nothing(void *ctx, const struct state_question *question,
    struct state_answer *answer)
{
	(void)ctx;
	(void)question;
	(void)answer;
	return JWT_OK;
}

static enum jwt_reason
keep_nothing(void *ctx, struct state_fact *fact)
{
	(void)ctx;
	(void)fact;
	return JWT_OK;
}

static const struct state_store empty_state = {
	.ask = know_nothing, .put = keep_nothing, .fault = ""
};

/* As the host knows the account, or as one of a person. */
static enum jwt_reason
look_up_any(void *ctx, const char *name, struct account_facts *out)
{
	enum jwt_reason reason;

	(void)ctx;
	reason = accounts_host.look_up(accounts_host.ctx, name, out);
	if (reason == JWT_OK && !out->exists)
		*out = (struct account_facts){ .exists = true };
	return reason;
}

static const struct account_host any_account = { .look_up = look_up_any };

/* The key of the test, as if sshd had checked a signature by it. */
static enum jwt_reason
read_proof(const char *key, struct proof *out)
{
	enum sshkey_result result;

	*out = (struct proof){ .count = 0 };
	if (key == NULL)
		return JWT_OK;
	result = sshkey_read_line(bytes_str(key), &out->key[0]);
	if (result == SSHKEY_NO_MEMORY)
		return JWT_OUT_OF_MEMORY;
	if (result != SSHKEY_OK)
		return JWT_INTERNAL;
	out->count = 1;
	return JWT_OK;
}

/* The issuer of a test, out of the signer's copy; NULL if there is none. */
static const struct issuer *
find_issuer(const struct policy *policy, const char *name)
{
	size_t i;

	if (name == NULL && policy->issuer_count == 1)
		return &policy->issuers[0];
	for (i = 0; name != NULL && i < policy->issuer_count; i++) {
		if (strcmp(policy->issuers[i].name, name) == 0)
			return &policy->issuers[i];
	}
	return NULL;
}

/* ---- the steps, noted for the explanation and for the deny rules ---- */

static void
note_check(void *ctx, enum verdict_check check, enum jwt_reason result)
{
	struct one *one = ctx;
	struct verdict_observer observer = explain_observer(&one->explain);

	observer.check(observer.ctx, check, result);
}

static void
note_rule(void *ctx, const struct rule *rule, enum tri value,
    enum jwt_reason account)
{
	struct one *one = ctx;
	struct verdict_observer observer = explain_observer(&one->explain);

	tests_deny_note(one->denies, rule, value, one->test->account != NULL);
	observer.rule(observer.ctx, rule, value, account);
}

static void
note_test(void *ctx, const struct rule_test *test, enum tri value,
    const char *why)
{
	struct one *one = ctx;
	struct verdict_observer observer = explain_observer(&one->explain);

	tests_deny_test(one->denies, test, value,
	    decoded_root(&one->decoded.payload));
	observer.test(observer.ctx, test, value, why);
}

static void
reach(struct one *one)
{
	struct verdict_observer observer = {
		.check = note_check, .rule = note_rule, .test = note_test,
		.ctx = one
	};
	struct verdict_input in = {
		.policy = &one->signer->policy, .service = one->token.service,
		.user = one->test->user, .rhost = one->test->rhost,
		.proof = &one->proof, .now = one->token.now,
		.accounts = one->run->any_account ? &any_account :
		    &accounts_host,
		.state = &empty_state, .dry = true
	};

	one->explain = (struct explain){
		.in = in, .verdict = &one->verdict, .decoded = &one->decoded,
		.service = one->test->service
	};
	in.observer = &observer;
	(void)!jws_parse(secret_bytes(&one->text), &in.jws);
	(void)!verdict_reach(&in, &one->verdict);
}

/* ---- the result ---- */

/* A verdict that refuses has no account. */
static bool
is_expected(const struct one *one)
{
	if (one->test->account == NULL)
		return one->verdict.reason == one->test->reason;
	return strcmp(one->verdict.account, one->test->account) == 0;
}

static void
describe_expected(const struct tests_case *test, char out[OUTCOME_SIZE])
{
	if (test->account != NULL)
		snprintf(out, OUTCOME_SIZE, "accept %s", test->account);
	else
		snprintf(out, OUTCOME_SIZE, "refuse %s",
		    reason_name(test->reason));
}

static void
describe_verdict(const struct verdict *verdict, char out[OUTCOME_SIZE])
{
	if (verdict->reason == JWT_OK)
		snprintf(out, OUTCOME_SIZE, "accept %s", verdict->account);
	else
		snprintf(out, OUTCOME_SIZE, "refuse %s",
		    reason_name(verdict->reason));
}

/* A hint about the test comes before one about the token. */
static void
write_hint(const struct one *one, char out[HINT_SIZE])
{
	explain_hint(&one->explain, out);
	if (one->verdict.reason == JWT_ACCOUNT_UNKNOWN &&
	    one->test->account != NULL)
		snprintf(out, HINT_SIZE, "this host has no such account; with "
		    "--any-account it is taken to be there");
}

/* Not inlined, like add_result(): the stack frame of tests_run() has a limit. */
__attribute__((noinline)) static void
print_failure(const struct one *one, FILE *out)
{
	struct diag_place place = {
		.file = one->run->conf->file, .line = one->test->expect_line
	};
	char expected[OUTCOME_SIZE], got[OUTCOME_SIZE], hint[HINT_SIZE];
	struct diag diag = { 0 };

	describe_expected(one->test, expected);
	describe_verdict(&one->verdict, got);
	write_hint(one, hint);
	diag_add(&diag, place, JWT_CONFIG_INVALID, "[test %s] expects %s, and "
	    "the verdict is %s", one->test->name, expected, got);
	report_diag(&diag, out);
	explain_print(&one->explain, out);
	if (hint[0] != '\0')
		fprintf(out, "hint: %s\n", hint);
	diag_clear(&diag);
}

__attribute__((noinline)) static void
add_result(const struct one *one, bool passed)
{
	struct json_object *entry = json_out_object();
	char expected[OUTCOME_SIZE], got[OUTCOME_SIZE], hint[HINT_SIZE];

	describe_expected(one->test, expected);
	describe_verdict(&one->verdict, got);
	json_out_string(entry, "test", one->test->name);
	json_out_number(entry, "line", one->test->line);
	json_out_boolean(entry, "passed", passed);
	json_out_string(entry, "expect", expected);
	json_out_string(entry, "verdict", got);
	if (!passed) {
		write_hint(one, hint);
		if (hint[0] != '\0')
			json_out_string(entry, "hint", hint);
		explain_json(&one->explain, entry);
	}
	json_out_element(one->run->results, entry);
}

static void
judge(const struct one *one)
{
	bool passed = is_expected(one);

	one->run->passed += passed;
	one->run->failed += !passed;
	if (one->run->results != NULL)
		add_result(one, passed);
	else if (!passed)
		print_failure(one, one->run->out);
}

/* A test about an issuer that the configuration does not have. */
static void
fail_without_issuer(struct tests_run *run, const struct tests_case *test)
{
	struct diag_place place = { .file = run->conf->file };
	struct json_object *entry;
	struct diag diag = { 0 };

	run->failed++;
	place.line = test->issuer == NULL ? test->line : test->issuer_line;
	if (test->issuer == NULL)
		diag_add(&diag, place, JWT_CONFIG_INVALID, "[test %s] must "
		    "say which issuer, because there are several", test->name);
	else
		diag_add(&diag, place, JWT_CONFIG_INVALID, "[test %s]: there "
		    "is no [issuer %s] in %s", test->name, test->issuer,
		    run->policy->file);
	if (run->results == NULL) {
		report_diag(&diag, run->out);
	} else {
		entry = json_out_object();
		json_out_string(entry, "test", test->name);
		json_out_number(entry, "line", test->line);
		json_out_boolean(entry, "passed", false);
		json_out_string(entry, "error", diag.count == 0 ? "" :
		    diag.entries[0].text);
		json_out_element(run->results, entry);
	}
	diag_clear(&diag);
}

/* Make the token of the test, reach the verdict, and compare. */
static enum jwt_reason
run_one(struct one *one)
{
	const struct tests_case *test = one->test;
	enum jwt_reason reason = read_proof(test->key, &one->proof);

	if (reason != JWT_OK)
		return reason;
	one->token = (struct tests_token){
		.test = test, .proof = &one->proof,
		.issuer = find_issuer(&one->signer->policy, test->issuer),
		.service = policy_service(&one->signer->policy, test->service),
		.now = test->has_now ? test->now : one->run->now
	};
	if (one->token.issuer == NULL) {
		fail_without_issuer(one->run, test);
		return JWT_OK;
	}
	reason = tests_token_make(&one->token, one->signer, &one->text);
	if (reason != JWT_OK)
		return reason;
	decoded_open(secret_bytes(&one->text), &one->decoded);
	reach(one);
	judge(one);
	explain_clear(&one->explain);
	verdict_clear(&one->verdict);
	decoded_clear(&one->decoded);
	secret_clear(&one->text);
	return JWT_OK;
}

static enum jwt_reason
run_all(struct tests_run *run, struct tests_signer *signer,
    struct tests_deny *denies)
{
	enum jwt_reason reason = JWT_OK;
	size_t i;

	for (i = 0; i < run->conf->count && reason == JWT_OK; i++) {
		struct one one = {
			.run = run, .test = &run->conf->cases[i],
			.signer = signer, .denies = denies
		};

		reason = run_one(&one);
	}
	return reason;
}

enum jwt_reason
tests_run(struct tests_run *run)
{
	struct tests_signer signer = { .pair = { .has_private = false } };
	struct tests_deny denies = { .count = 0 };
	enum jwt_reason reason = tests_signer_make(run->policy, &signer);

	if (reason == JWT_OK)
		reason = run_all(run, &signer, &denies);
	if (reason == JWT_OK)
		tests_deny_warn(&denies, run->policy, &run->warnings);
	tests_deny_clear(&denies);
	tests_signer_clear(&signer);
	return reason;
}

void
tests_run_clear(struct tests_run *run)
{
	diag_clear(&run->warnings);
}
