/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Files of records and of grants.  One that is taken names a process, and is
 * read back as it was written.
 */
#include "core/record.h"
#include "tests/fuzz/fuzz.h"

static struct record record, again;

static enum jwt_reason
parse(struct bytes from, struct record *out)
{
	struct secret copy = fuzz_copy(from);
	enum jwt_reason reason = record_parse(&copy, out);

	free(copy.ptr);
	return reason;
}

static void
check_process(const struct record_process *process)
{
	FUZZ_CHECK(process->pid >= 1 && process->pid <= INT32_MAX);
	FUZZ_CHECK(process->start >= 0);
}

static void
check_grant(const struct grant *grant)
{
	FUZZ_CHECK(grant->account != NULL && grant->iss != NULL);
	FUZZ_CHECK(grant->sub != NULL && grant->jti != NULL);
	FUZZ_CHECK(grant->sid != NULL);
	FUZZ_CHECK(grant->exp >= -1 && grant->session_expiry >= -1);
}

static void
check_same_keys(const struct proof *a, const struct proof *b)
{
	size_t i;

	FUZZ_CHECK(a->count == b->count && a->count <= PROOF_KEYS_MAX);
	for (i = 0; i < a->count; i++) {
		FUZZ_CHECK(a->key[i].type == b->key[i].type);
		FUZZ_CHECK(strcmp(a->key[i].jkt, b->key[i].jkt) == 0);
		FUZZ_CHECK(strcmp(a->key[i].fingerprint,
		    b->key[i].fingerprint) == 0);
		FUZZ_CHECK(strcmp(a->key[i].ca, b->key[i].ca) == 0);
	}
}

static void
check_same_grant(const struct grant *a, const struct grant *b)
{
	FUZZ_CHECK(strcmp(a->account, b->account) == 0);
	FUZZ_CHECK(strcmp(a->iss, b->iss) == 0);
	FUZZ_CHECK(strcmp(a->sub, b->sub) == 0);
	FUZZ_CHECK(strcmp(a->jti, b->jti) == 0);
	FUZZ_CHECK(strcmp(a->sid, b->sid) == 0);
	FUZZ_CHECK(a->has_digest == b->has_digest);
	FUZZ_CHECK(memcmp(a->digest, b->digest, HASH_LEN) == 0);
	FUZZ_CHECK(a->iat == b->iat && a->exp == b->exp);
	FUZZ_CHECK(a->session_expiry == b->session_expiry);
	FUZZ_CHECK(a->leeway_sec == b->leeway_sec);
	FUZZ_CHECK(a->state_required == b->state_required);
	FUZZ_CHECK(a->is_free == b->is_free);
	check_same_keys(&a->proof, &b->proof);
}

static void
check_same(void)
{
	size_t i;

	check_same_grant(record.grant, again.grant);
	FUZZ_CHECK(strcmp(record.boot_id, again.boot_id) == 0);
	FUZZ_CHECK(record.pid_namespace == again.pid_namespace);
	FUZZ_CHECK(record.leader.pid == again.leader.pid);
	FUZZ_CHECK(record.leader.start == again.leader.start);
	FUZZ_CHECK(record.since == again.since && record.end == again.end);
	FUZZ_CHECK(record.opened_at == again.opened_at);
	FUZZ_CHECK(record.refused == again.refused);
	FUZZ_CHECK(strcmp(record.user, again.user) == 0);
	FUZZ_CHECK(strcmp(record.service, again.service) == 0);
	FUZZ_CHECK(strcmp(record.tty, again.tty) == 0);
	FUZZ_CHECK(strcmp(record.rhost, again.rhost) == 0);
	FUZZ_CHECK(record.seen_count == again.seen_count);
	for (i = 0; i < record.seen_count; i++) {
		FUZZ_CHECK(record.seen[i].pid == again.seen[i].pid);
		FUZZ_CHECK(record.seen[i].start == again.seen[i].start);
	}
}

/* A text that grows when its strings are escaped may become too long. */
static void
check_taken(void)
{
	struct secret text = { 0 };
	enum jwt_reason reason;
	size_t i;

	check_grant(record.grant);
	check_process(&record.leader);
	FUZZ_CHECK(record.seen_count <= RECORD_SEEN_MAX);
	for (i = 0; i < record.seen_count; i++)
		check_process(&record.seen[i]);
	reason = record_text(&record, &text);
	FUZZ_CHECK(reason == JWT_OK || reason == JWT_JSON_LIMIT);
	if (reason == JWT_OK) {
		FUZZ_CHECK(parse(secret_bytes(&text), &again) == JWT_OK);
		check_same();
		record_clear(&again);
	}
	secret_clear(&text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum jwt_reason reason = parse(bytes_of(data, size), &record);

	if (reason == JWT_OK)
		check_taken();
	else
		FUZZ_CHECK(reason == JWT_CLAIM_INVALID);
	record_clear(&record);
	return 0;
}
