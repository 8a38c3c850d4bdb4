/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Hints about proofs of possession.  What a token is bound to, and what sshd
 * proved, are both public, so both are shown.
 */
#include "tool/hint_proof.h"

static const struct json_node *
cnf_of(const struct explain *explain)
{
	return decoded_member(&explain->decoded->payload, "cnf");
}

bool
hint_proof_binding(const struct json_node *cnf, FILE *out)
{
	struct proof_binding binding;

	if (cnf == NULL || proof_read_cnf(cnf, &binding) != JWT_OK)
		return false;
	if (binding.jkt[0] != '\0')
		fprintf(out, "the key of the thumbprint %s", binding.jkt);
	else
		fprintf(out, "the key %s", binding.fingerprint);
	return true;
}

void
hint_no_proof(const struct explain *explain, FILE *out)
{
	const struct service *service = explain->verdict->service;

	if (cnf_of(explain) == NULL) {
		fputs("require_proof is set, and the token has no cnf", out);
		return;
	}
	if (hint_proof_binding(cnf_of(explain), out))
		fputs(" must be proved; ", out);
	if (service != NULL && service->proof == SERVICE_PROOF_NONE)
		fputs("the section of this service has no proof", out);
	else
		fputs("no key was: --ssh-auth-info gives one here", out);
}

void
hint_other_key(const struct explain *explain, FILE *out)
{
	const struct proof *proof = explain->verdict->proof;
	size_t i;

	fputs("the token is bound to ", out);
	(void)hint_proof_binding(cnf_of(explain), out);
	fputs("; proved was", out);
	for (i = 0; i < proof->count; i++)
		fprintf(out, "%s %s (%s, thumbprint %s)", i > 0 ? "," : "",
		    proof->key[i].fingerprint, proof->key[i].type,
		    proof->key[i].jkt);
}
