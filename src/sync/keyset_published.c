/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a provider publishes: which keys of it are used, and what is said of
 * the others.
 */
#include <stdio.h>

#include "sync/keyset_maker.h"

#define REASONS_SIZE 400	/* bytes of the reasons in one note */

/* One more key that is not used; why is static, or as long-lived as in. */
static enum jwt_reason
count_unused(struct maker *in, const char *why)
{
	struct reason_count *more;
	size_t i;

	in->unused++;
	for (i = 0; i < in->reason_count; i++) {
		if (bytes_eq_str(bytes_str(in->reasons[i].why), why)) {
			in->reasons[i].count++;
			return JWT_OK;
		}
	}
	more = arena_grow(&in->out->arena, in->reasons, in->reason_count,
	    sizeof(*more));
	if (more == NULL)
		return JWT_OUT_OF_MEMORY;
	in->reasons = more;
	in->reasons[in->reason_count++] = (struct reason_count){ why, 1 };
	return JWT_OK;
}

/* The entries that are no keys for us. */
static enum jwt_reason
count_skipped(struct maker *in)
{
	enum jwt_reason reason;
	size_t i;

	for (i = 0; i < in->set.skipped_count; i++) {
		reason = count_unused(in, in->set.skipped[i]);
		if (reason != JWT_OK)
			return reason;
	}
	return JWT_OK;
}

/* "2 keys not used: use is not sig, a secret": what does not fit is cut. */
static void
note_unused(struct maker *in)
{
	char text[REASONS_SIZE] = "";
	size_t len = 0, i;

	if (in->unused == 0)
		return;
	for (i = 0; i < in->reason_count && len < sizeof(text); i++) {
		char times[32] = "";

		if (in->reasons[i].count > 1)
			snprintf(times, sizeof(times), " (%zu)",
			    in->reasons[i].count);
		len += (size_t)snprintf(text + len, sizeof(text) - len,
		    "%s%s%s", i == 0 ? "" : ", ", in->reasons[i].why, times);
	}
	keyset_note(in->out, "%zu key%s not used: %s", in->unused,
	    keyset_plural(in->unused), text);
}

/* How many keys lacked zeros; a key that was left out since does not count. */
static size_t
count_padded(const struct jwk_set *set)
{
	size_t count = 0, i;

	for (i = 0; i < set->count; i++)
		count += set->keys[i].padded;
	return count;
}

static void
note_changes(struct maker *in, const struct diag *settled)
{
	size_t padded = count_padded(&in->set), i;

	note_unused(in);
	for (i = 0; i < settled->count; i++)
		keyset_note(in->out, "%s", settled->entries[i].text);
	if (padded > 0)
		keyset_note(in->out, "%zu key%s padded: a coordinate lacked "
		    "leading zeros", padded, keyset_plural(padded));
	if (in->named > 0)
		keyset_note(in->out, "%zu key%s without alg, used for %s",
		    in->named, keyset_plural(in->named), in->named_alg);
}

/*
 * The kids of all keys, those that are left out for their alg as well: what a
 * provider says of a kid now goes before what it said once.
 */
static enum jwt_reason
collect_kids(struct maker *in)
{
	const struct jwk_set *set = &in->set;
	size_t i;

	in->kids = arena_alloc(&in->out->arena, (set->count +
	    set->unsound_count) * sizeof(*in->kids));
	if (in->kids == NULL)
		return JWT_OUT_OF_MEMORY;
	for (i = 0; i < set->count; i++) {
		if (set->keys[i].has_kid)
			in->kids[in->kid_count++] = set->keys[i].kid;
	}
	for (i = 0; i < set->unsound_count; i++)
		in->kids[in->kid_count++] = set->unsound[i].kid;
	return JWT_OK;
}

/* NULL: the key has its one alg now; or why it is not used. */
static const char *
choose_alg(struct maker *in, struct jwk *key)
{
	const struct issuer *issuer = in->input->issuer;
	bool had_one = alg_single(key->algs, &key->alg);

	if (issuer->algorithms_given)
		key->algs &= issuer->algorithms;
	if (key->algs == 0)
		return "its alg is not one of algorithms";
	if (!alg_single(key->algs, &key->alg))
		return "RSA without alg: set algorithms = RS256 if that is "
		    "what signs";
	if (!had_one) {
		in->named++;
		in->named_alg = alg_row(key->alg)->name;
	}
	return NULL;
}

/* A login would refuse the whole set for a key that fits several algorithms. */
static enum jwt_reason
choose_algs(struct maker *in)
{
	enum jwt_reason reason;
	const char *why;
	size_t i = 0;

	while (i < in->set.count) {
		why = choose_alg(in, &in->set.keys[i]);
		if (why == NULL) {
			i++;
			continue;
		}
		reason = count_unused(in, why);
		if (reason != JWT_OK)
			return reason;
		jwk_set_remove(&in->set, i);
	}
	return JWT_OK;
}

/* A key that is published counts, whatever the provider writes beside it. */
static void
ignore_dropped(struct jwk_set *set)
{
	size_t i;

	for (i = 0; i < set->count; i++)
		set->keys[i].is_dropped = false;
}

static enum jwt_reason
refuse_without_key(struct maker *in)
{
	char fault[DOCUMENT_FAULT_SIZE];

	snprintf(fault, sizeof(fault), "no key can be used%s%.200s",
	    in->out->notes[0] == '\0' ? "" : ": ", in->out->notes);
	return keyset_refuse(in->out, fault);
}

enum jwt_reason
keyset_normalise(struct maker *in)
{
	struct diag_place place = { .file = in->input->issuer->name };
	struct diag diag = { 0 };
	enum jwt_reason reason = count_skipped(in);

	if (reason != JWT_OK)
		return reason;
	ignore_dropped(&in->set);
	reason = collect_kids(in);
	if (reason != JWT_OK)
		return reason;
	reason = choose_algs(in);
	if (reason != JWT_OK)
		return reason;
	reason = jwk_set_settle(&in->set, place, &diag);
	note_changes(in, &diag);
	diag_clear(&diag);
	if (reason != JWT_OK)
		return reason;
	if (in->set.count == 0)
		return refuse_without_key(in);
	return JWT_OK;
}

