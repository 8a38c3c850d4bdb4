/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The way of a token: the steps in their order.  The first refusal ends it.
 *
 *	decryption	if it is a JWE, a key of this host opens it
 *			(decryption.c)
 *	form		the bytes are a JWS (jws.c)
 *	issuer		its iss, not verified yet, names a configured issuer
 *	signature	a key of that issuer made the signature (jws.c, sig.c)
 *	claims		audience, times, type (claims.c); cnf (proof.c)
 *	rules		deny, then permit; the local account (permit.c)
 *	bindings	if it is bound to a key, the user has proved it (proof.c)
 *	state		not revoked, not used before (state.c)
 *
 * The functions below are these steps; decide() runs them.  A step relies on
 * those before it: only the signature makes the claims that the others read.
 */
#include "core/decryption.h"
#include "core/permit.h"
#include "core/programs.h"
#include "core/verdict.h"

/* One decision under way. */
struct decision {
	const struct verdict_input *in;
	struct verdict *out;
	const struct jwe_key *key;	/* it was decrypted with; or NULL */
};

/*
 * Open a token of five parts.  What is inside is a stranger's until its
 * signature is verified: anybody can encrypt for a key that is published.
 */
static enum jwt_reason
check_decryption(struct decision *d)
{
	const struct policy_source *source = d->in->source;
	enum jwt_reason reason = JWT_OK;
	struct jwe *jwe = d->out->jwe;

	d->out->kid = jwe_unverified_kid(jwe);
	if (jwe_parsed(jwe) == JWT_OUT_OF_MEMORY)
		return JWT_OUT_OF_MEMORY;
	if (d->in->is_cut || programs_has_cut(jwe_is_begun(jwe), jwe_len(jwe)))
		return JWT_TOKEN_CUT;
	if (source != NULL)
		reason = source->decryption(source->ctx, d->out->service);
	if (reason != JWT_OK)
		return reason;
	return decryption_open(d->in->policy, d->out->service, jwe, &d->key,
	    &d->out->jws);
}

static enum jwt_reason
check_form(struct decision *d)
{
	const struct jws *jws = d->out->jws;

	if (jws == NULL)
		return JWT_OUT_OF_MEMORY;
	d->out->kid = jws_unverified_kid(jws);
	if (d->out->jwe != NULL)
		return jws_parsed(jws);	/* no program cuts what is inside */
	if (d->in->is_cut && jws_parsed(jws) != JWT_OUT_OF_MEMORY)
		return JWT_TOKEN_CUT;
	return programs_reason(jws);
}

/*
 * The iss of a token that is not verified yet chooses the issuer whose keys
 * count.  A forger may write any iss, but then needs a key of that issuer.
 */
static enum jwt_reason
choose_issuer(struct decision *d)
{
	const struct issuer *issuer = policy_issuer(d->in->policy,
	    d->out->service, jws_unverified_iss(d->out->jws));
	enum jwt_reason reason;

	if (issuer == NULL)
		return JWT_ISSUER_UNKNOWN;
	reason = decryption_check(issuer, d->key);
	if (reason != JWT_ISSUER_UNKNOWN)
		d->out->issuer = issuer;
	return reason;
}

/* Whether a key of the issuer has the kid that the token names. */
static bool
has_kid(const struct jwk_set *set, struct bytes kid)
{
	size_t i;

	for (i = 0; i < set->count; i++) {
		if (set->keys[i].has_kid && bytes_eq(set->keys[i].kid, kid))
			return true;
	}
	return false;
}

/*
 * Whether a key of the fetched set, which may not be used now, might have made
 * the signature.  Then that is the reason of the refusal: the administrator
 * must mend sync, and not the token.
 */
static bool
needs_fetched(const struct decision *d, enum jwt_reason reason)
{
	const struct issuer *issuer = d->out->issuer;

	if (issuer->fetched == JWT_OK)
		return false;
	if (reason == JWT_ALG_NOT_ALLOWED)
		return !issuer->algorithms_given;
	if (reason == JWT_SIGNATURE_INVALID)
		return !has_kid(&issuer->set, d->out->kid);
	return reason == JWT_KEY_UNKNOWN;
}

/* Verify with the keys of the issuer, after they were loaded. */
static enum jwt_reason
load_and_verify(struct decision *d, bool all)
{
	const struct policy_source *source = d->in->source;
	const struct issuer *issuer = d->out->issuer;
	enum jwt_reason reason = JWT_OK;

	if (source != NULL)
		reason = source->keys(source->ctx, issuer, all);
	if (reason != JWT_OK)
		return reason;
	return jws_verify(d->out->jws, &issuer->set, issuer->algorithms,
	    &d->out->claims);
}

/*
 * Whether it may matter which keys are sound: one that was chosen is not, too
 * many could be chosen, or the one of the token's name is for another algorithm.
 * If that one is not sound, keys without a name count; and keys for which there
 * was no room, one of which may have the name of another.
 */
static bool
needs_all_keys(const struct issuer *issuer, enum jwt_reason reason)
{
	return reason == JWT_KEY_FILE_INVALID || reason == JWT_KEY_AMBIGUOUS ||
	    reason == JWT_ALG_KEY_MISMATCH || issuer->set.is_cut;
}

/* Each key is made when it verifies, as one alone is needed. */
static enum jwt_reason
verify(struct decision *d)
{
	enum jwt_reason reason = load_and_verify(d, false);

	if (d->in->source == NULL || !d->out->issuer->lazy)
		return reason;
	if (needs_all_keys(d->out->issuer, reason))
		return load_and_verify(d, true);
	return reason;
}

static enum jwt_reason
check_signature(struct decision *d)
{
	const struct verdict_observer *observer = d->in->observer;
	const struct issuer *issuer = d->out->issuer;
	enum jwt_reason reason = verify(d);

	if (needs_fetched(d, reason))
		return issuer->fetched;
	if (reason != JWT_OK)
		return reason;
	d->out->is_bound = claims_get(d->out->claims, "cnf") != NULL;
	if (observer != NULL && observer->claims != NULL)
		observer->claims(observer->ctx, issuer, d->out->claims);
	return JWT_OK;
}

/*
 * The cnf is read before the rules, which may look at the key that it names.  A
 * service without proof refuses any cnf, so there its form does not matter.
 */
static enum jwt_reason
check_claims(struct decision *d)
{
	struct verdict *out = d->out;
	enum jwt_reason reason = claims_check(out->claims, out->issuer,
	    d->in->now, &out->id);

	if (reason != JWT_OK || out->service->proof == SERVICE_PROOF_NONE)
		return reason;
	return proof_read_cnf(claims_get(out->claims, "cnf"), &out->binding);
}

/* The part of the observer that rules are reported to. */
static struct permit_observer
rule_observer(const struct verdict_observer *observer)
{
	if (observer == NULL)
		return (struct permit_observer){ .rule = NULL };
	return (struct permit_observer){
		.rule = observer->rule, .test = observer->test,
		.ctx = observer->ctx
	};
}

/* What the rules of the service look at, for a token that is verified. */
static enum jwt_reason
apply_rules(const struct verdict_input *in, const struct verdict *verdict,
    const struct permit_observer *observer, struct permit *out)
{
	struct proof_view key = proof_view(verdict->proof, &verdict->binding);
	struct permit_input input = {
		.rules = &verdict->service->rules, .claims = verdict->claims,
		.sub = verdict->id.sub, .issuer = verdict->issuer->name,
		.leeway_sec = verdict->issuer->leeway_sec,
		.local = zone_time(&in->policy->zone, in->now),
		.user = in->user, .rhost = in->rhost, .now = in->now,
		.key_type = key.type, .key_ca = key.ca,
		.takes_clients = verdict->service->clients,
		.accounts = in->accounts, .source = in->source,
		.observer = observer
	};

	return permit_check(&input, out);
}

static enum jwt_reason
check_rules(struct decision *d)
{
	struct permit_observer observer = rule_observer(d->in->observer);
	struct permit permit;
	enum jwt_reason reason = apply_rules(d->in, d->out, &observer, &permit);

	d->out->rule = permit.rule;
	d->out->account_facts = permit.account_facts;
	d->out->missing_test = permit.missing_test;
	memcpy(d->out->account, permit.account, sizeof(permit.account));
	return reason;
}

void
verdict_observe_rules(const struct verdict_input *in,
    const struct verdict *verdict, const struct permit_observer *observer)
{
	struct permit permit;

	if (verdict->claims != NULL)
		(void)!apply_rules(in, verdict, observer, &permit);
}

/*
 * Refuse a token that is bound to a key that the user did not prove: a thief
 * has the token, but not the key (RFC 7800 section 3).
 */
static enum jwt_reason
check_key(const struct decision *d)
{
	const struct service *service = d->out->service;

	if (service->proof == SERVICE_PROOF_NONE) {
		if (d->out->is_bound)
			return JWT_PROOF_MISSING;
		return JWT_OK;
	}
	if (d->out->binding.is_bound)
		return proof_check(d->out->proof, &d->out->binding);
	if (service->require_proof)
		return JWT_PROOF_MISSING;
	return JWT_OK;
}

static enum jwt_reason
check_bindings(struct decision *d)
{
	enum jwt_reason reason = check_key(d);

	if (reason != JWT_OK)
		return reason;
	return claims_check_status(d->out->claims);
}

/* The names by which the state knows the token; borrowed from the verdict. */
static struct state_token
state_token(const struct verdict *verdict)
{
	size_t digest_len = verdict->has_digest ? HASH_LEN : 0;

	return (struct state_token){ .iss = verdict->id.iss,
		.sub = verdict->id.sub,
		.jti = verdict->id.jti,
		.sid = verdict->id.sid,
		.digest = bytes_of(verdict->digest, digest_len),
		.account = bytes_str(verdict->account),
		.iat = verdict->id.iat,
		.exp = verdict->id.exp };
}

static enum state_use
use_of(const struct decision *d)
{
	if (!d->out->service->single_use)
		return STATE_USE_ANY;
	if (d->in->dry)
		return STATE_USE_LOOK;
	return STATE_USE_CONSUME;
}

/*
 * Ask the state.  This comes last, so that a token that is refused is not used
 * up.  If the store does not answer, the token is refused, unless the issuer
 * does without revocation and the service takes a token more than once.
 */
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
		reason = state_check(d->in->state, &token, use, d->in->now,
		    &d->out->refusal);
	if (reason == JWT_STATE_UNAVAILABLE && !needed)
		return JWT_OK;
	return reason;
}

/* In the order of enum verdict_check, which is the order of the way. */
static const struct {
	const char *name;
	enum jwt_reason (*run)(struct decision *);
} steps[] = {
	[CHECK_DECRYPTION] = { "decryption", check_decryption },
	[CHECK_FORM] = { "form", check_form },
	[CHECK_ISSUER] = { "issuer", choose_issuer },
	[CHECK_SIGNATURE] = { "signature", check_signature },
	[CHECK_CLAIMS] = { "claims", check_claims },
	[CHECK_RULES] = { "rules", check_rules },
	[CHECK_BINDINGS] = { "bindings", check_bindings },
	[CHECK_STATE] = { "state", check_state },
};

static enum jwt_reason
decide(struct decision *d)
{
	const struct verdict_observer *observer = d->in->observer;
	size_t i = CHECK_FORM;

	if (d->out->jwe != NULL)
		i = CHECK_DECRYPTION;
	for (; i < sizeof(steps) / sizeof(steps[0]); i++) {
		enum jwt_reason reason = steps[i].run(d);

		if (observer != NULL && observer->check != NULL)
			observer->check(observer->ctx, (enum verdict_check)i,
			    reason);
		if (reason != JWT_OK)
			return reason;
	}
	return JWT_OK;
}

void
verdict_parse(struct bytes token, struct verdict_input *in)
{
	in->jws = NULL;
	in->jwe = NULL;
	if (jwe_has_form(token))
		(void)!jwe_parse(token, &in->jwe);
	else
		(void)!jws_parse(token, &in->jws);
}

enum jwt_reason
verdict_reach(const struct verdict_input *in, struct verdict *out)
{
	static const struct proof no_proof = { .count = 0 };
	struct decision d = { .in = in, .out = out };

	*out = (struct verdict){
		.reason = JWT_INTERNAL, .service = in->service,
		.jws = in->jws, .jwe = in->jwe,
		.proof = in->proof == NULL ? &no_proof : in->proof
	};
	out->reason = decide(&d);
	if (out->reason != JWT_OK)
		explicit_bzero(out->account, sizeof(out->account));
	return out->reason;
}

void
verdict_clear(struct verdict *verdict)
{
	jws_free(verdict->jws);
	jwe_free(verdict->jwe);
	*verdict = (struct verdict){ .reason = JWT_INTERNAL };
}

const char *
verdict_check_name(enum verdict_check check)
{
	return steps[check].name;
}
