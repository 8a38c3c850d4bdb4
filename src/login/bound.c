/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A host takes a bound token only from somebody who has just proved the key to
 * its sshd.  So a person whose agent lacks it is better told at the login.
 */
#include "agent/agent.h"
#include "cli/decoded.h"
#include "core/proof.h"
#include "host/clock.h"
#include "login/bound.h"

#define AGENT_MSEC 5000	/* to list its keys, which asks nobody */

static bool
is_key(const struct sshkey *key, const struct proof_binding *binding)
{
	if (binding->jkt[0] != '\0')
		return strcmp(key->jkt, binding->jkt) == 0;
	return strcmp(key->fingerprint, binding->fingerprint) == 0;
}

static enum bound_result
find(const struct agent *agent, const struct proof_binding *binding,
    char fingerprint[SSHKEY_PRINT_SIZE])
{
	size_t i;

	for (i = 0; i < agent->count; i++) {
		const struct sshkey *key = &agent->keys[i].key;

		if (is_key(key, binding)) {
			memcpy(fingerprint, key->fingerprint,
			    SSHKEY_PRINT_SIZE);
			return BOUND_FOUND;
		}
	}
	return BOUND_LACKING;
}

/* False: the token is not bound, or in a way that no host takes. */
static bool
read_binding(struct bytes token, struct proof_binding *out)
{
	struct decoded decoded;
	const struct json_node *cnf;
	bool ok;

	decoded_open(token, &decoded);
	cnf = decoded_member(&decoded.payload, "cnf");
	ok = cnf != NULL && proof_read_cnf(cnf, out) == JWT_OK;
	decoded_clear(&decoded);
	return ok;
}

enum bound_result
bound_find(struct bytes token, char fingerprint[SSHKEY_PRINT_SIZE],
    const char **fault)
{
	enum bound_result result = BOUND_NO_AGENT;
	struct proof_binding binding;
	struct agent agent;

	fingerprint[0] = '\0';
	*fault = NULL;
	if (!read_binding(token, &binding))
		return BOUND_NOT;
	*fault = agent_open(clock_msec() + AGENT_MSEC, &agent);
	if (*fault == NULL)
		result = find(&agent, &binding, fingerprint);
	agent_close(&agent);
	return result;
}
