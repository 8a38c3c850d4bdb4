/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Chooses the questions about a token, and judges the answers.  Whatever cannot
 * be told for certain, because the store failed, was purged or is younger than
 * the token, refuses the login.
 */
#include "core/policy/policy.h"
#include "core/state.h"

/* The hashes that the names of several facts about one token begin with. */
struct names {
	struct hash_run *run;
	uint8_t iss[HASH_LEN];	/* its hash */
	uint8_t none[HASH_LEN];	/* that of an empty text */
};

static void
names_end(struct names *names)
{
	hash_run_free(names->run);
}

/* The caller ends *out, unless memory ran out. */
static enum jwt_reason
names_start(struct bytes iss, struct names *out)
{
	out->run = hash_run_new();
	if (out->run == NULL)
		return JWT_OUT_OF_MEMORY;
	if (hash_run_sha256(out->run, iss, out->iss) == JWT_OK &&
	    hash_run_sha256(out->run, bytes_str(""), out->none) == JWT_OK)
		return JWT_OK;
	names_end(out);
	return JWT_OUT_OF_MEMORY;
}

/* The name of a fact; iss is a hash.  No value is the empty one. */
static enum jwt_reason
name_fact(struct names *names, enum state_kind kind,
    const uint8_t iss[HASH_LEN], struct bytes value, struct state_id *out)
{
	/* Hashes have one length, so two pairs never make the same text. */
	uint8_t text[1 + 2 * HASH_LEN];

	out->kind = kind;
	text[0] = (uint8_t)kind;
	memcpy(text + 1, iss, HASH_LEN);
	memcpy(text + 1 + HASH_LEN, names->none, HASH_LEN);
	if (value.len > 0 && hash_run_sha256(names->run, value,
	    text + 1 + HASH_LEN) != JWT_OK)
		return JWT_OUT_OF_MEMORY;
	return hash_run_sha256(names->run, bytes_of(text, sizeof(text)),
	    out->hash);
}

/* The token itself: by its jti, or by its digest. */
static enum jwt_reason
name_token(struct names *names, const struct state_token *token,
    struct state_id *out)
{
	if (token->jti.len > 0)
		return name_fact(names, STATE_TOKEN, names->iss, token->jti,
		    out);
	return name_fact(names, STATE_DIGEST, names->iss, token->digest, out);
}

static enum jwt_reason
name_user_session(struct names *names, struct bytes sub, struct bytes sid,
    struct state_id *out)
{
	uint8_t value[1 + 2 * HASH_LEN];

	value[0] = '\n';
	if (hash_run_sha256(names->run, sub, value + 1) != JWT_OK ||
	    hash_run_sha256(names->run, sid, value + 1 + HASH_LEN) != JWT_OK)
		return JWT_OUT_OF_MEMORY;
	return name_fact(names, STATE_SESSION, names->iss,
	    bytes_of(value, sizeof(value)), out);
}

enum jwt_reason
state_id(enum state_kind kind, struct bytes iss, struct bytes value,
    struct state_id *out)
{
	struct names names;
	enum jwt_reason reason;

	if (names_start(iss, &names) != JWT_OK)
		return JWT_OUT_OF_MEMORY;
	reason = name_fact(&names, kind, names.iss, value, out);
	names_end(&names);
	return reason;
}

enum jwt_reason
state_user_session_id(struct bytes iss, struct bytes sub, struct bytes sid,
    struct state_id *out)
{
	struct names names;
	enum jwt_reason reason;

	if (names_start(iss, &names) != JWT_OK)
		return JWT_OUT_OF_MEMORY;
	reason = name_user_session(&names, sub, sid, out);
	names_end(&names);
	return reason;
}

int64_t
state_keep_until(int64_t exp)
{
	/* The largest leeway, as the configured one may be raised later. */
	const int64_t more = LEEWAY_MAX_SEC + STATE_CLOCK_AHEAD_SEC + 1;

	return exp < STATE_FOREVER - more ? exp + more : STATE_FOREVER;
}

enum jwt_reason
state_token_id(const struct state_token *token, struct state_id *out)
{
	struct names names;
	enum jwt_reason reason;

	if (names_start(token->iss, &names) != JWT_OK)
		return JWT_OUT_OF_MEMORY;
	reason = name_token(&names, token, out);
	names_end(&names);
	return reason;
}

bool
state_is_alive(enum state_kind kind, int64_t until, int64_t now)
{
	/* A used token stays used, whatever the clock says. */
	return kind == STATE_USED || until > now;
}

bool
state_is_cutoff(enum state_kind kind)
{
	return kind == STATE_SUBJECT || kind == STATE_ISSUER;
}

enum jwt_reason
state_judge(enum state_kind kind, const struct state_finding *finding,
    int64_t iat)
{
	if (!finding->found)
		return JWT_OK;
	if (state_is_cutoff(kind)) {
		/* Without iat (-1), the token may be from before the time. */
		if (iat <= finding->cutoff)
			return JWT_SUPERSEDED;
		return JWT_OK;
	}
	if (kind == STATE_USED)
		return JWT_REPLAYED;
	return JWT_REVOKED;
}

/* Another question, which is zeroed. */
static struct state_ask *
next_ask(struct state_question *question)
{
	struct state_ask *ask = &question->ask[question->count++];

	*ask = (struct state_ask){ 0 };
	return ask;
}

/* A session is revoked for whoever has it, or for one user. */
static enum jwt_reason
add_session(struct state_question *question, struct names *names,
    const struct state_token *token)
{
	enum jwt_reason reason;

	if (token->sid.len == 0)
		return JWT_OK;
	reason = name_fact(names, STATE_SESSION, names->iss, token->sid,
	    &next_ask(question)->id);
	if (reason != JWT_OK)
		return reason;
	return name_user_session(names, token->sub, token->sid,
	    &next_ask(question)->id);
}

/* The question of use comes last: see struct state_store. */
static enum jwt_reason
add_use(struct state_question *question, struct names *names,
    const struct state_token *token, enum state_use use)
{
	struct state_ask *ask;

	if (use == STATE_USE_ANY)
		return JWT_OK;
	ask = next_ask(question);
	ask->consume = use == STATE_USE_CONSUME;
	return name_fact(names, STATE_USED, names->iss, token->jti, &ask->id);
}

static enum jwt_reason
add_all(struct state_question *question, struct names *names,
    const struct state_token *token, enum state_use use)
{
	static const struct bytes none = { .len = 0 };

	if (name_token(names, token, &next_ask(question)->id) != JWT_OK ||
	    add_session(question, names, token) != JWT_OK ||
	    name_fact(names, STATE_ACCOUNT, names->none, token->account,
	    &next_ask(question)->id) != JWT_OK ||
	    name_fact(names, STATE_SUBJECT, names->iss, token->sub,
	    &next_ask(question)->id) != JWT_OK ||
	    name_fact(names, STATE_ISSUER, names->iss, none,
	    &next_ask(question)->id) != JWT_OK)
		return JWT_OUT_OF_MEMORY;
	return add_use(question, names, token, use);
}

/* All questions about a token. */
static enum jwt_reason
ask_all(struct state_question *question, const struct state_token *token,
    enum state_use use)
{
	struct names names;
	enum jwt_reason reason;

	if (names_start(token->iss, &names) != JWT_OK)
		return JWT_OUT_OF_MEMORY;
	reason = add_all(question, &names, token, use);
	names_end(&names);
	return reason;
}

/* The first answer that refuses; refusal may be NULL. */
static enum jwt_reason
judge_answers(const struct state_question *question,
    const struct state_answer *answer, struct state_refusal *refusal)
{
	size_t i;

	for (i = 0; i < question->count; i++) {
		enum jwt_reason reason = state_judge(question->ask[i].id.kind,
		    &answer->fact[i], question->iat);

		if (reason == JWT_OK)
			continue;
		if (refusal != NULL)
			*refusal = (struct state_refusal){
				.kind = question->ask[i].id.kind,
				.cutoff = answer->fact[i].cutoff
			};
		return reason;
	}
	return JWT_OK;
}

/*
 * Refuse a token whose facts the store may have forgotten, or for a one-time
 * token may never have known.  A fact that was forgotten looks exactly like one
 * that was never noted.
 */
static enum jwt_reason
judge_memory(const struct state_question *question,
    const struct state_answer *answer, enum state_use use)
{
	int64_t iat = question->iat;

	if (question->until <= answer->purged)
		return JWT_EXPIRED;
	if (use == STATE_USE_ANY || answer->made_at == 0)
		return JWT_OK;
	if (answer->is_volatile && iat > question->now)
		return JWT_ISSUED_IN_FUTURE;
	if (iat < answer->made_at)
		return JWT_REPLAYED;
	return JWT_OK;
}

enum jwt_reason
state_check(const struct state_store *store, const struct state_token *token,
    enum state_use use, int64_t now, struct state_refusal *out)
{
	struct state_question question = {
		.iat = token->iat, .now = now,
		.until = state_keep_until(token->exp)
	};
	struct state_answer answer = { .made_at = 0 };
	enum jwt_reason reason, refusal;

	if (use != STATE_USE_ANY && token->jti.len == 0)
		return JWT_CLAIM_INVALID;
	reason = ask_all(&question, token, use);
	if (reason != JWT_OK)
		return reason;
	reason = store->ask(store->ctx, &question, &answer);
	/* A fact that was found counts, even if the store failed after it. */
	refusal = judge_answers(&question, &answer, out);
	if (refusal != JWT_OK)
		return refusal;
	if (reason != JWT_OK)
		return reason;
	return judge_memory(&question, &answer, use);
}

enum jwt_reason
state_check_account(const struct state_store *store, const char *account,
    int64_t now)
{
	struct state_question question = { .iat = -1, .now = now };
	struct state_answer answer = { .made_at = 0 };
	enum jwt_reason reason, refusal;

	reason = state_id(STATE_ACCOUNT, bytes_of(NULL, 0), bytes_str(account),
	    &next_ask(&question)->id);
	if (reason != JWT_OK)
		return reason;
	reason = store->ask(store->ctx, &question, &answer);
	refusal = judge_answers(&question, &answer, NULL);
	if (refusal != JWT_OK)
		return refusal;
	return reason;
}
