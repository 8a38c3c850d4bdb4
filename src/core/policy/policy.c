/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Answers questions about a policy, and settles the one algorithm of each key:
 * a token must never choose an algorithm for a key that is meant for another.
 */
#include "core/policy/policy.h"

bool
policy_words_have(const struct words *words, struct bytes word)
{
	size_t i;

	for (i = 0; i < words->count; i++) {
		if (bytes_eq_str(word, words->item[i]))
			return true;
	}
	return false;
}

/* One of the algorithms that fit, for a message. */
static const char *
first_name(alg_set algs)
{
	unsigned i = 0;

	while (i + 1 < ALG_COUNT && (algs & ALG_BIT(i)) == 0)
		i++;
	return alg_row((enum alg_id)i)->name;
}

/*
 * Settle the one algorithm of a key.  A key whose own alg the issuer does not
 * allow keeps no algorithm: tokens that name it are refused.
 */
static enum jwt_reason
bind_key(const struct issuer *issuer, size_t index, struct diag_place place,
    struct diag *diag)
{
	struct jwk *key = &issuer->set.keys[index];
	const char *kind = alg_kind_name(key->kind);

	if (issuer->algorithms_given)
		key->algs &= issuer->algorithms;
	if (key->algs == 0 && key->kind == KEY_OCT) {
		diag_add(diag, place, JWT_OK, "[issuer %s]: key %zu (%s) is "
		    "not used: it is too short for algorithms (RFC 7518 "
		    "section 3.2), or its alg is another", issuer->name,
		    index + 1, kind);
		return JWT_OK;
	}
	if (key->algs == 0) {
		diag_add(diag, place, JWT_OK, "[issuer %s]: key %zu (%s) is "
		    "not used: algorithms does not allow what it is for",
		    issuer->name, index + 1, kind);
		return JWT_OK;
	}
	if (alg_single(key->algs, &key->alg))
		return JWT_OK;
	diag_add(diag, place, JWT_CONFIG_INVALID, "[issuer %s]: key %zu (%s) "
	    "fits several algorithms and names none: name the one that the "
	    "issuer signs with, such as algorithms = %s", issuer->name,
	    index + 1, kind, first_name(key->algs));
	return JWT_CONFIG_INVALID;
}

/* The algorithms that some key of the issuer is for. */
static alg_set
algorithms_of_keys(const struct jwk_set *set)
{
	alg_set all = 0;
	size_t i;

	for (i = 0; i < set->count; i++)
		all |= set->keys[i].algs;
	return all;
}

/* Ambiguous keys and short secrets are faults of the file, not of algorithms. */
static enum jwt_reason
why_without_key(const struct jwk_set *set)
{
	bool is_secret = set->count > 0 && set->keys[0].kind == KEY_OCT;

	if (set->ambiguous_count > 0 || is_secret)
		return JWT_KEY_FILE_INVALID;
	return JWT_CONFIG_INVALID;
}

enum jwt_reason
policy_bind_keys(const struct policy *policy, struct issuer *issuer,
    struct diag *diag)
{
	struct diag_place place = {
		.file = policy->file, .line = issuer->line
	};
	enum jwt_reason reason = JWT_OK;
	size_t i;

	for (i = 0; i < issuer->set.count; i++) {
		enum jwt_reason one = bind_key(issuer, i, place, diag);

		if (reason == JWT_OK)
			reason = one;
	}
	/* Before keys go: a token of such a key is not of another algorithm. */
	if (!issuer->algorithms_given)
		issuer->algorithms = algorithms_of_keys(&issuer->set);
	if (reason != JWT_OK)
		return reason;
	reason = jwk_set_settle(&issuer->set, place, diag);
	if (reason != JWT_OK)
		return reason;
	if (algorithms_of_keys(&issuer->set) == 0) {
		reason = why_without_key(&issuer->set);
		diag_add(diag, place, reason, "[issuer %s]: no key fits its "
		    "algorithms", issuer->name);
		return reason;
	}
	return JWT_OK;
}

const struct words *
policy_event_audience(const struct issuer *issuer)
{
	if (issuer->event_audience.count > 0)
		return &issuer->event_audience;
	return &issuer->audience;
}

static const struct service *
find_service(const struct policy *policy, struct bytes name)
{
	size_t i;

	for (i = 0; i < policy->service_count; i++) {
		if (policy_words_have(&policy->services[i].names, name))
			return &policy->services[i];
	}
	return NULL;
}

const struct service *
policy_service(const struct policy *policy, const char *name)
{
	static const struct service defaults = { .prompt = POLICY_PROMPT_DEFAULT };
	const struct service *service;

	service = find_service(policy, bytes_str(name));
	if (service == NULL)
		service = find_service(policy, bytes_str("*"));
	if (service == NULL)
		return &defaults;
	return service;
}

bool
policy_takes_issuer(const struct service *service,
    const struct issuer *issuer)
{
	return service->issuers.count == 0 ||
	    policy_words_have(&service->issuers, bytes_str(issuer->name));
}

const struct issuer *
policy_issuer(const struct policy *policy, const struct service *service,
    struct bytes iss)
{
	size_t i;

	for (i = 0; i < policy->issuer_count; i++) {
		const struct issuer *issuer = &policy->issuers[i];

		if (bytes_eq_str(iss, issuer->iss) &&
		    policy_takes_issuer(service, issuer))
			return issuer;
	}
	return NULL;
}

bool
policy_requires_state(const struct policy *policy)
{
	size_t i;

	for (i = 0; i < policy->issuer_count; i++) {
		if (policy->issuers[i].revocation_required)
			return true;
	}
	return false;
}

void
policy_clear_keys(struct policy *policy)
{
	size_t i;

	for (i = 0; i < policy->issuer_count; i++) {
		jwk_set_clear(&policy->issuers[i].set);
		jwe_key_set_clear(&policy->issuers[i].decryption);
	}
}

void
policy_clear(struct policy *policy)
{
	policy_clear_keys(policy);
	arena_clear(&policy->arena);
	*policy = (struct policy){ 0 };
}
