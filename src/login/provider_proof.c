/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The proofs that go with requests of the token endpoint (RFC 9449), and what
 * the provider says about the next one.
 *
 * The agent is opened for each proof and closed after it: a login waits for
 * minutes, and the agent may be another one then.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "cli/decoded.h"
#include "core/proof.h"
#include "host/clock.h"
#include "login/provider_post.h"
#include "login/value.h"

#define AGENT_MSEC	60000	/* a person is there, and may have to agree */

/*
 * How far our clock may be off, so that the provider's is believed.  A proof
 * with the date of another year would still be good then; and TLS fails for us
 * anyway where the clock is off by more.
 */
#define CLOCK_OFF_MAX	86400	/* s */
#define CLOCK_OFF_MIN	2	/* s; less is the time that an answer takes */

/* ---- the key ------------------------------------------------------------- */

static int64_t
agent_end(const struct provider_proof *proof)
{
	if (proof->end_msec != 0)
		return proof->end_msec;
	return clock_msec() + AGENT_MSEC;
}

static bool
open_key(struct provider *provider, struct dpop *dpop)
{
	struct provider_proof *proof = &provider->proof;

	if (!dpop_open(proof->which, provider->metadata.proof_algs,
	    agent_end(proof), dpop)) {
		memcpy(proof->words, dpop->words, sizeof(proof->words));
		return false;
	}
	memcpy(proof->key, dpop->key->key.fingerprint, sizeof(proof->key));
	memcpy(proof->jkt, dpop->key->key.jkt, sizeof(proof->jkt));
	proof->alg = dpop->alg;
	/* From now on it is this one, whatever comes into the agent. */
	proof->which = proof->key;
	return true;
}

bool
provider_choose_key(struct provider *provider)
{
	struct provider_proof *proof = &provider->proof;
	struct dpop dpop;
	bool ok;

	proof->which = provider->section->dpop;
	if (proof->which == NULL)
		return true;
	ok = open_key(provider, &dpop);
	dpop_close(&dpop);
	if (!ok)
		(void)snprintf(provider->words, sizeof(provider->words), "%s",
		    proof->words);
	return ok;
}

/* ---- proofs -------------------------------------------------------------- */

bool
provider_proof_make(struct provider *provider, const char *url,
    struct secret *out)
{
	struct provider_proof *proof = &provider->proof;
	struct dpop dpop;
	bool ok;

	*out = (struct secret){ 0 };
	if (proof->which == NULL)
		return true;
	ok = open_key(provider, &dpop);
	if (ok && !dpop_proof(&dpop, bytes_str(url), bytes_str(proof->nonce),
	    (int64_t)time(NULL) + proof->clock_off, out)) {
		memcpy(proof->words, dpop.words, sizeof(proof->words));
		ok = false;
	}
	dpop_close(&dpop);
	return ok;
}

/* RFC 9449 section 8.1. */
static bool
is_nonce(struct bytes nonce)
{
	return nonce.len > 0 && nonce.len <= DPOP_NONCE_MAX &&
	    value_is_visible(nonce, '!') && !bytes_has(nonce, '"') &&
	    !bytes_has(nonce, '\\');
}

void
provider_proof_learn(struct provider_proof *proof,
    const struct provider_answer *answer)
{
	int64_t off = answer->date - (int64_t)time(NULL);

	if (is_nonce(answer->nonce)) {
		memcpy(proof->nonce, answer->nonce.ptr, answer->nonce.len);
		proof->nonce[answer->nonce.len] = '\0';
	}
	if (answer->date > 0 && off >= -CLOCK_OFF_MAX && off <= CLOCK_OFF_MAX)
		proof->clock_off = off;
}

bool
provider_proof_is_better(const struct provider_proof *proof,
    const struct provider_proof *sent, const struct provider_answer *answer)
{
	bool has_nonce = strcmp(proof->nonce, sent->nonce) != 0;
	bool has_time = llabs(proof->clock_off - sent->clock_off) >
	    CLOCK_OFF_MIN;

	if (proof->which == NULL)
		return false;
	if (provider_has_error(answer, "use_dpop_nonce"))
		return has_nonce;
	return has_time && provider_has_error(answer, "invalid_dpop_proof");
}

/* ---- tokens -------------------------------------------------------------- */

static bool
is_jwt(const struct decoded *decoded)
{
	return decoded_root(&decoded->header) != NULL &&
	    decoded_root(&decoded->payload) != NULL;
}

/* Why a host would not take the token for one of that key; NULL: it would. */
static const char *
find_fault(const struct provider_proof *proof, const struct json_node *cnf)
{
	struct proof_binding binding;

	if (cnf == NULL)
		return "is missing";
	if (proof_read_cnf(cnf, &binding) != JWT_OK)
		return "is of a form that no host accepts";
	if (strcmp(binding.jkt, proof->jkt) != 0)
		return "names another key, or not by jkt";
	return NULL;
}

bool
provider_is_bound(struct provider *provider, struct bytes access_token)
{
	const struct provider_proof *proof = &provider->proof;
	const char *fault = NULL;
	struct decoded decoded;

	if (proof->which == NULL)
		return true;
	decoded_open(access_token, &decoded);
	if (is_jwt(&decoded))
		fault = find_fault(proof, decoded_member(&decoded.payload,
		    "cnf"));
	if (fault != NULL)
		(void)snprintf(provider->words, sizeof(provider->words),
		    "its token is not bound to the ssh key %s: its cnf %s",
		    proof->key, fault);
	decoded_clear(&decoded);
	return fault == NULL;
}
