/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Hints about proofs of possession.  What a verified token is bound to, and
 * what sshd proved, are both public, so both are shown.
 */
#include "core/hint_each.h"

static void
put_binding(struct hint *hint)
{
	char text[PROOF_TEXT_SIZE];

	proof_describe(&hint->verdict->binding, text);
	hint_text(hint, text);
}

void
hint_no_proof(struct hint *hint)
{
	const struct verdict *verdict = hint->verdict;

	if (!verdict->is_bound) {
		hint_text(hint, "require_proof is set, and the token has no "
		    "cnf");
	} else if (verdict->service->proof == SERVICE_PROOF_NONE) {
		hint_text(hint, "the token is bound to a key (cnf), and the "
		    "section of this service has no proof");
	} else {
		put_binding(hint);
		hint_text(hint, " must be proved; no key was");
	}
}

/* The log has room for the fingerprints, which sshd logs as well. */
static void
put_key(struct hint *hint, const struct sshkey *key, bool is_next)
{
	hint_put(hint, "%s %s", is_next ? "," : "", key->fingerprint);
	if (hint->form == HINT_TERMINAL)
		hint_put(hint, " (%s, thumbprint %s)", key->type, key->jkt);
}

void
hint_other_key(struct hint *hint)
{
	const struct proof *proof = hint->verdict->proof;
	size_t i;

	hint_text(hint, "the token is bound to ");
	put_binding(hint);
	hint_text(hint, "; proved was");
	for (i = 0; i < proof->count; i++)
		put_key(hint, &proof->key[i], i > 0);
}
