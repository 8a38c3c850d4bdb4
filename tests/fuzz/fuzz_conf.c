/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Configurations.  One that is accepted is complete and within its limits;
 * one that is refused says where.
 */
#include "core/policy/conf.h"
#include "core/policy/policy.h"
#include "tests/fuzz/fuzz.h"

static const struct policy_host host = {
	.hostname = "bastion1", .fqdn = "bastion1.example.com"
};

static void
check_issuer(const struct policy *policy, struct issuer *issuer)
{
	struct diag diag = { 0 };

	FUZZ_CHECK(issuer->name != NULL && issuer->iss != NULL);
	FUZZ_CHECK(issuer->keys.count > 0 || issuer->sync.wanted);
	FUZZ_CHECK(issuer->audience.count > 0);
	FUZZ_CHECK(issuer->leeway_sec <= LEEWAY_MAX_SEC);
	FUZZ_CHECK(issuer->max_age_sec <= DURATION_MAX_SEC);
	FUZZ_CHECK(issuer->max_lifetime_sec > 0 &&
	    issuer->max_lifetime_sec <= DURATION_MAX_SEC);
	/* Without a key nothing can be bound. */
	FUZZ_CHECK(policy_bind_keys(policy, issuer, &diag) ==
	    JWT_CONFIG_INVALID);
	diag_clear(&diag);
}

static void
check_service(const struct policy *policy, const struct service *service)
{
	size_t i;

	FUZZ_CHECK(service->prompt != NULL && service->names.count > 0);
	for (i = 0; i < service->names.count; i++)
		FUZZ_CHECK(policy_service(policy, service->names.item[i]) ==
		    service);
	for (i = 0; i < service->rules.count; i++) {
		const struct rule *rule = &service->rules.rule[i];

		FUZZ_CHECK(rule->text != NULL && rule->line > 0);
		FUZZ_CHECK(rule->permit || rule->cond != NULL);
		FUZZ_CHECK(!rule->permit || rule->account != RULE_AS_MAP ||
		    rule->map_path[0] == '/');
	}
}

static void
check_policy(struct policy *policy)
{
	size_t i;

	FUZZ_CHECK(policy->issuer_count > 0);
	for (i = 0; i < policy->issuer_count; i++)
		check_issuer(policy, &policy->issuers[i]);
	for (i = 0; i < policy->service_count; i++)
		check_service(policy, &policy->services[i]);
	FUZZ_CHECK(policy_service(policy, "no such service") != NULL);
}

/* A column counts in its source line, so that a caret can be put there. */
static void
check_diag(const struct diag *diag)
{
	size_t i;

	for (i = 0; i < diag->count; i++) {
		const struct diag_entry *entry = &diag->entries[i];

		FUZZ_CHECK(entry->text != NULL && entry->text[0] != '\0');
		FUZZ_CHECK(entry->column == 0 || (entry->source != NULL &&
		    entry->column <= strlen(entry->source) + 1));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct secret text = fuzz_copy(bytes_of(data, size));
	struct diag diag = { 0 };
	struct policy policy;
	enum jwt_reason reason;

	reason = policy_parse(secret_bytes(&text), "fuzz.conf", &host, &diag,
	    &policy);
	free(text.ptr);		/* nothing may point into it */
	if (reason == JWT_OK) {
		FUZZ_CHECK(diag_first_error(&diag) == NULL);
		check_policy(&policy);
	} else {
		FUZZ_CHECK(reason == JWT_CONFIG_INVALID);
		FUZZ_CHECK(diag_first_error(&diag) != NULL);
	}
	check_diag(&diag);
	policy_clear(&policy);
	diag_clear(&diag);
	return 0;
}
