/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The coordinator: calls each check in its order and stops at the first
 * refusal.  The way of a token can be read in verdict_reach().
 */
#include "core/verdict.h"

/* One decision under way. */
struct decision {
	const struct verdict_input *in;
	struct verdict *out;
	const struct claims *claims;	/* NULL until the signature is good */
};

const char *
verdict_check_name(enum verdict_check check)
{
	static const char *const names[] = {
		[CHECK_FORM] = "form", [CHECK_ISSUER] = "issuer",
		[CHECK_SIGNATURE] = "signature", [CHECK_CLAIMS] = "claims",
		[CHECK_RULES] = "rules", [CHECK_BINDINGS] = "bindings",
		[CHECK_STATE] = "state"
	};

	return names[check];
}

static enum jwt_reason
check_form(struct decision *d)
{
	enum jwt_reason reason = jws_parse(d->in->token, &d->out->jws);

	if (d->out->jws != NULL)
		d->out->kid = jws_unverified_kid(d->out->jws);
	if (d->in->is_cut && reason != JWT_OUT_OF_MEMORY)
		return JWT_TOKEN_CUT;
	return reason;
}

/* The iss of a token that is not verified yet chooses whose keys count. */
static enum jwt_reason
choose_issuer(struct decision *d)
{
	d->out->issuer = policy_issuer(d->in->policy, d->out->service,
	    jws_unverified_iss(d->out->jws));
	return d->out->issuer == NULL ? JWT_ISSUER_UNKNOWN : JWT_OK;
}

static enum jwt_reason
check_signature(struct decision *d)
{
	const struct verdict_observer *observer = d->in->observer;
	const struct issuer *issuer = d->out->issuer;
	enum jwt_reason reason;

	reason = jws_verify(d->out->jws, &issuer->set, issuer->algorithms,
	    &d->claims);
	d->out->verified = reason == JWT_OK;
	if (reason == JWT_OK && observer != NULL && observer->claims != NULL)
		observer->claims(observer->ctx, issuer, d->claims);
	return reason;
}

static enum jwt_reason
check_claims(struct decision *d)
{
	return claims_check(d->claims, d->out->issuer, d->in->now,
	    &d->out->id);
}

/* What the tests of one rule came to. */
struct tally {
	const struct verdict_observer *observer;
	const struct rule_test *need;	/* the first such test about it */
	bool only_needs;		/* no other test is not true */
};

static bool
is_about_authentication(const struct rule_test *test)
{
	return test->subject == RULE_CLAIM && test->path.count == 1 &&
	    (bytes_eq_str(test->path.steps[0], "auth_time") ||
	    bytes_eq_str(test->path.steps[0], "acr") ||
	    bytes_eq_str(test->path.steps[0], "amr"));
}

static void
count_test(void *ctx, const struct rule_test *test, enum tri value,
    const char *why)
{
	struct tally *tally = ctx;

	if (value != TRI_TRUE && !is_about_authentication(test))
		tally->only_needs = false;
	if (value != TRI_TRUE && tally->need == NULL)
		tally->need = test;
	if (tally->observer != NULL && tally->observer->test != NULL)
		tally->observer->test(tally->observer->ctx, test, value, why);
}

static enum tri
evaluate(struct decision *d, const struct rule *rule, struct tally *tally)
{
	struct rule_observer observer = { .test = count_test, .ctx = tally };
	struct rule_facts facts = {
		.claims = claims_root(d->claims), .user = d->in->user,
		.rhost = d->in->rhost, .now = d->in->now,
		.leeway_sec = d->out->issuer->leeway_sec
	};

	*tally = (struct tally){
		.observer = d->in->observer, .only_needs = true
	};
	return rule_evaluate(rule, &facts, &observer);
}

static void
report_rule(const struct decision *d, const struct rule *rule, enum tri value,
    enum jwt_reason account)
{
	const struct verdict_observer *observer = d->in->observer;

	if (observer != NULL && observer->rule != NULL)
		observer->rule(observer->ctx, rule, value, account);
}

/* A deny rule fires when it holds, and when it cannot be told not to. */
static enum jwt_reason
check_denies(struct decision *d)
{
	const struct rule_list *rules = &d->out->service->rules;
	struct tally tally;
	size_t i;

	for (i = 0; i < rules->count; i++) {
		enum tri value;

		if (rules->rule[i].permit)
			continue;
		value = evaluate(d, &rules->rule[i], &tally);
		report_rule(d, &rules->rule[i], value, JWT_OK);
		if (value != TRI_FALSE) {
			d->out->rule = &rules->rule[i];
			return JWT_DENIED;
		}
	}
	return JWT_OK;
}

/* Claims may not lead to root or to a system's account; a written name may. */
static enum jwt_reason
check_account(struct decision *d, const struct rule *rule, const char *account)
{
	struct account_facts *facts = &d->out->account_facts;
	enum jwt_reason reason;

	*facts = (struct account_facts){ 0 };
	reason = d->in->accounts->look_up(d->in->accounts->ctx, account, facts);
	if (reason != JWT_OK)
		return reason;
	if (!facts->exists)
		return JWT_ACCOUNT_UNKNOWN;
	if (facts->is_protected && rule->account != RULE_AS_NAME)
		return JWT_ACCOUNT_PROTECTED;
	return JWT_OK;
}

/* Whether one permit rule lets the token in, and as whom. */
static enum jwt_reason
try_permit(struct decision *d, const struct rule *rule,
    char account[ACCOUNT_NAME_MAX + 1])
{
	struct account_query query = {
		.issuer = d->out->issuer->name, .sub = d->out->id.sub,
		.claims = claims_root(d->claims), .user = d->in->user
	};
	enum jwt_reason reason;
	struct tally tally;
	enum tri value = evaluate(d, rule, &tally);

	reason = account_of_rule(rule, &query, account);
	report_rule(d, rule, value, reason);
	if (value != TRI_TRUE) {
		/* Under or and not, a test that is not true may not be missed. */
		if (reason == JWT_OK && tally.only_needs && rule->conjunction)
			d->out->needs = tally.need;
		return JWT_NOT_PERMITTED;
	}
	/* A token that acts for somebody else: only where a rule says so. */
	if (!rule->names_act && claims_get(d->claims, "act") != NULL)
		return JWT_NOT_PERMITTED;
	if (reason == JWT_OK)
		reason = check_account(d, rule, account);
	return reason;
}

/* Which of two refusals tells the administrator more. */
static int
weight(enum jwt_reason reason)
{
	switch (reason) {
	case JWT_NOT_PERMITTED:
		return 0;
	case JWT_ACCOUNT_INVALID:
		return 1;
	case JWT_ACCOUNT_MISMATCH:
		return 2;
	case JWT_ACCOUNT_UNKNOWN:
		return 3;
	default:
		return 4;
	}
}

/* The first permit rule that holds and gives the account wins. */
static enum jwt_reason
check_permits(struct decision *d, const struct rule *rules, size_t count)
{
	enum jwt_reason best = JWT_NOT_PERMITTED;
	char account[ACCOUNT_NAME_MAX + 1];
	size_t i;

	for (i = 0; i < count; i++) {
		enum jwt_reason reason;

		if (!rules[i].permit)
			continue;
		reason = try_permit(d, &rules[i], account);
		if (reason == JWT_OK) {
			d->out->rule = &rules[i];
			memcpy(d->out->account, account, sizeof(account));
			return JWT_OK;
		}
		if (weight(reason) > weight(best)) {
			best = reason;
			d->out->rule = &rules[i];
		}
	}
	return best;
}

/* What a service without a permit line has. */
static enum jwt_reason
check_default_permit(struct decision *d)
{
	static const struct bytes sub = {
		.ptr = (const uint8_t *)"sub", .len = sizeof("sub") - 1
	};
	static const struct rule as_claim_sub = {
		.permit = true, .text = "as claim sub",
		.account = RULE_AS_CLAIM,
		.claim = { .steps = &sub, .count = 1 }
	};

	return check_permits(d, &as_claim_sub, 1);
}

static bool
has_permit(const struct rule_list *rules)
{
	size_t i;

	for (i = 0; i < rules->count; i++) {
		if (rules->rule[i].permit)
			return true;
	}
	return false;
}

static enum jwt_reason
check_rules(struct decision *d)
{
	const struct rule_list *rules = &d->out->service->rules;
	enum jwt_reason reason = check_denies(d);

	if (reason != JWT_OK)
		return reason;
	if (has_permit(rules))
		reason = check_permits(d, rules->rule, rules->count);
	else
		reason = check_default_permit(d);
	if (reason == JWT_OK)
		d->out->needs = NULL;
	return reason;
}

static enum jwt_reason
check_bindings(struct decision *d)
{
	return claims_check_bindings(d->claims);
}

/* What the state knows the token by: views of the verdict's. */
static struct state_token
state_token(const struct verdict *verdict)
{
	return (struct state_token){
		.iss = verdict->id.iss, .sub = verdict->id.sub,
		.jti = verdict->id.jti, .sid = verdict->id.sid,
		.digest = bytes_of(verdict->digest, verdict->has_digest ?
		    HASH_LEN : 0),
		.account = bytes_str(verdict->account),
		.iat = verdict->id.iat, .exp = verdict->id.exp
	};
}

static enum state_use
use_of(const struct decision *d)
{
	if (!d->out->service->single_use)
		return STATE_USE_ANY;
	return d->in->dry ? STATE_USE_LOOK : STATE_USE_CONSUME;
}

/* Behind everything else: a token that is refused is not used up. */
static enum jwt_reason
check_state(struct decision *d)
{
	const struct issuer *issuer = d->out->issuer;
	struct state_token token;
	enum state_use use = use_of(d);
	enum jwt_reason reason = JWT_STATE_UNAVAILABLE;
	bool needed = issuer->revocation_required || use != STATE_USE_ANY;

	if (d->in->state == NULL && !needed)
		return JWT_OK;
	if (hash_sha256(jws_signing_input(d->out->jws), d->out->digest) !=
	    JWT_OK)
		return JWT_OUT_OF_MEMORY;
	d->out->has_digest = true;
	token = state_token(d->out);
	if (d->in->state != NULL)
		reason = state_check(d->in->state, &token, use, d->in->now);
	return reason == JWT_STATE_UNAVAILABLE && !needed ? JWT_OK : reason;
}

static enum jwt_reason
decide(struct decision *d)
{
	static const struct {
		enum verdict_check check;
		enum jwt_reason (*run)(struct decision *);
	} steps[] = {
		{ CHECK_FORM, check_form },
		{ CHECK_ISSUER, choose_issuer },
		{ CHECK_SIGNATURE, check_signature },
		{ CHECK_CLAIMS, check_claims },
		{ CHECK_RULES, check_rules },
		{ CHECK_BINDINGS, check_bindings },
		{ CHECK_STATE, check_state },
	};
	const struct verdict_observer *observer = d->in->observer;
	size_t i;

	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		enum jwt_reason reason = steps[i].run(d);

		if (observer != NULL && observer->check != NULL)
			observer->check(observer->ctx, steps[i].check, reason);
		if (reason != JWT_OK)
			return reason;
	}
	return JWT_OK;
}

enum jwt_reason
verdict_reach(const struct verdict_input *in, struct verdict *out)
{
	struct decision d = { .in = in, .out = out };

	*out = (struct verdict){ .reason = JWT_INTERNAL };
	out->service = policy_service(in->policy, in->service);
	out->reason = decide(&d);
	if (out->reason != JWT_OK)
		explicit_bzero(out->account, sizeof(out->account));
	return out->reason;
}

void
verdict_clear(struct verdict *verdict)
{
	jws_free(verdict->jws);
	*verdict = (struct verdict){ .reason = JWT_INTERNAL };
}
