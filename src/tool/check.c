/* SPDX-License-Identifier: BSD-2-Clause */
/* pam-jwt check: the configuration as the module would load it. */
#include <stdio.h>

#include "host/load.h"
#include "tool/input.h"
#include "tool/options.h"
#include "tool/report.h"
#include "tool/tool.h"

static void
print_key(const struct jwk *key)
{
	printf("    %s, ", alg_kind_name(key->kind));
	if (key->algs == 0)
		printf("not used");
	else
		printf("%s", alg_row(key->alg)->name);
	if (key->has_kid) {
		printf(", kid ");
		report_bytes(key->kid, stdout);
	}
	printf("\n");
}

static void
print_policy(const struct policy *policy)
{
	size_t i, k;

	for (i = 0; i < policy->issuer_count; i++) {
		const struct issuer *issuer = &policy->issuers[i];

		printf("issuer %s: %s\n", issuer->name, issuer->iss);
		for (k = 0; k < issuer->set.count; k++)
			print_key(&issuer->set.keys[k]);
		for (k = 0; k < issuer->audience.count; k++)
			printf("    audience %s\n", issuer->audience.item[k]);
	}
	for (i = 0; i < policy->service_count; i++) {
		const struct service *service = &policy->services[i];

		printf("service");
		for (k = 0; k < service->names.count; k++)
			printf(" %s", service->names.item[k]);
		printf(":\n");
		for (k = 0; k < service->rules.count; k++)
			printf("    line %u: %s %s\n",
			    service->rules.rule[k].line,
			    service->rules.rule[k].permit ? "permit" : "deny",
			    service->rules.rule[k].text);
	}
}

int
tool_check(int argc, char **argv)
{
	const char *config = NULL;
	const struct option_spec specs[] = {
		{ .name = "config", .value = &config },
		{ .name = NULL }
	};
	char path[1100];
	struct diag diag = { 0 };
	struct policy policy;
	enum jwt_reason reason;

	if (!options_parse(argc, argv, specs) ||
	    !input_absolute(config == NULL ? LOAD_CONFIG_DEFAULT : config,
	    path, sizeof(path)))
		return EXIT_TROUBLE;
	reason = load_policy(path, NULL, &diag, &policy);
	report_diag(&diag, reason == JWT_OK ? stdout : stderr);
	if (reason == JWT_OK) {
		print_policy(&policy);
		printf("OK\n");
	} else {
		fprintf(stderr, "refused: %s - %s: nobody logs in\n",
		    reason_name(reason), reason_text(reason));
	}
	policy_clear(&policy);
	diag_clear(&diag);
	return reason == JWT_OK ? EXIT_YES : EXIT_TROUBLE;
}
