/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From a published set and the old one to the one that is installed.  What is
 * made of the published keys is in keyset_published.c, what becomes of the old
 * ones in keyset_old.c, and the text in keyset_text.c.
 */
#include <stdarg.h>
#include <stdio.h>

#include "core/policy/fetched.h"
#include "sync/keyset_maker.h"
#include "sync/keyset_text.h"

#define NOTE_SIZE 512	/* bytes of one note */

/* ---- what is said ------------------------------------------------------- */

/* A kid may be in it, of whatever characters: terminals and logs get none. */
static void
put_printable(const char *text, char *out, size_t size)
{
	size_t i;

	for (i = 0; text[i] != '\0' && i + 1 < size; i++) {
		out[i] = text[i];
		if (text[i] < ' ' || text[i] > '~')
			out[i] = '?';
	}
	out[i] = '\0';
}

enum jwt_reason
keyset_refuse(struct keyset *out, const char *fault)
{
	put_printable(fault, out->fault, sizeof(out->fault));
	return JWT_KEY_FILE_INVALID;
}

void
keyset_note(struct keyset *out, const char *format, ...)
{
	size_t len = strlen(out->notes), size = sizeof(out->notes);
	const char *mark = len == 0 ? "" : "; ";
	char text[NOTE_SIZE];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	put_printable(mark, out->notes + len, size - len);
	len = strlen(out->notes);
	put_printable(text, out->notes + len, size - len);
}

const char *
keyset_plural(size_t count)
{
	return count == 1 ? "" : "s";
}

/* ---- reading ------------------------------------------------------------ */

/* All that is wrong with a set as a whole; its keys are looked at later. */
static enum jwt_reason
check_entries(struct keyset *out, const struct json_node *root)
{
	const struct json_node *keys = json_get(root, bytes_str("keys"));
	const struct json_node *item;
	char fault[DOCUMENT_FAULT_SIZE];
	unsigned entry = 0;

	if (!json_is(keys, JSON_ARRAY))
		return keyset_refuse(out, "it has no array keys, so it is not "
		    "a JWK Set");
	for (item = json_first(keys); item; item = json_next(keys, item)) {
		if (entry++ == JWK_SET_MAX)
			return keyset_refuse(out, "more than 256 keys");
		if (!jwk_is_private(item))
			continue;
		out->has_private = true;
		snprintf(fault, sizeof(fault), "key %u of the set is a PRIVATE "
		    "key: everybody has it, so that the provider must make "
		    "another", entry);
		return keyset_refuse(out, fault);
	}
	return JWT_OK;
}

/* The gate, before anything else reads the answer. */
static enum jwt_reason
check_answer(const struct document_answer *answer, struct keyset *out)
{
	struct document document;
	enum jwt_reason reason = document_read(answer, &document, out->fault);

	if (reason != JWT_OK)
		goto out;
	reason = check_entries(out, json_root(&document.json));
out:
	document_clear(&document);
	return reason;
}

/* A set without a key that is sound, and one that is malformed, has no keys. */
static enum jwt_reason
read_keys(const struct maker *in, struct bytes from, struct jwk_set *set)
{
	const struct jwk_file file = {
		.name = in->input->issuer->name, .readable = true,
		.published = true
	};
	struct diag diag = { 0 };
	struct secret text;
	enum jwt_reason reason = secret_copy(from, &text);

	if (reason != JWT_OK)
		return reason;
	reason = jwk_set_add(set, &file, &text, &diag);
	secret_clear(&text);
	diag_clear(&diag);
	if (reason_class(reason) != JWT_CLASS_CONFIGURATION)
		return reason;
	while (set->count > 0)
		jwk_set_remove(set, set->count - 1);
	return JWT_OK;
}

/* Each key of an installed set names its alg; of what does not, none is. */
static void
take_named(struct jwk_set *set)
{
	size_t i = 0;

	while (i < set->count) {
		if (alg_single(set->keys[i].algs, &set->keys[i].alg))
			i++;
		else
			jwk_set_remove(set, i);
	}
}

static enum jwt_reason
read_old(struct maker *in)
{
	enum jwt_reason reason = read_keys(in, in->input->old, &in->old);

	take_named(&in->old);
	return reason;
}

/* ---- what comes out ----------------------------------------------------- */

/* The names of the keys that one set has and the other has not. */
static enum jwt_reason
name_others(struct maker *in, const struct jwk_set *set,
    const struct jwk_set *other, struct keyset_names *names)
{
	struct arena *arena = &in->out->arena;
	enum jwt_reason reason;
	size_t i;

	for (i = 0; i < set->count; i++) {
		struct bytes *more;

		if (keyset_find(other, &set->keys[i]) != NULL)
			continue;
		more = arena_grow(arena, names->name, names->count,
		    sizeof(*more));
		if (more == NULL)
			return JWT_OUT_OF_MEMORY;
		names->name = more;
		reason = keyset_name(arena, &set->keys[i],
		    &more[names->count]);
		if (reason != JWT_OK)
			return reason;
		names->count++;
	}
	return JWT_OK;
}

/* Whether a key was dropped since, or is published again. */
static bool
is_dropped_otherwise(const struct maker *in)
{
	size_t i;

	for (i = 0; i < in->set.count; i++) {
		const struct jwk *key = &in->set.keys[i];
		const struct jwk *old = keyset_find(&in->old, key);

		if (old != NULL && old->is_dropped != key->is_dropped)
			return true;
	}
	return false;
}

static enum jwt_reason
compare(struct maker *in)
{
	struct keyset *out = in->out;
	enum jwt_reason reason = name_others(in, &in->set, &in->old,
	    &out->added);

	if (reason != JWT_OK)
		return reason;
	reason = name_others(in, &in->old, &in->set, &out->removed);
	if (reason != JWT_OK)
		return reason;
	out->keys = in->set.count;
	out->changed = out->added.count > 0 || out->removed.count > 0 ||
	    is_dropped_otherwise(in);
	return JWT_OK;
}

/* Read the text as a login does, which must take each key without a warning. */
static enum jwt_reason
read_back(struct maker *in)
{
	struct keyset *out = in->out;
	struct issuer issuer = *in->input->issuer;
	const char *fault = "no login would use the set";
	struct diag diag = { 0 };
	struct secret text;
	enum jwt_reason reason = secret_copy(secret_bytes(&out->text), &text);

	issuer.set = (struct jwk_set){ 0 };
	if (reason != JWT_OK)
		return reason;
	reason = fetched_add(in->input->policy, &issuer, issuer.name, &text,
	    in->input->now, &diag);
	if (reason != JWT_OK)
		goto out;
	if (diag.count > 0)
		fault = diag.entries[0].text;
	if (issuer.fetched != JWT_OK)
		reason = keyset_refuse(out, fault);
	else if (issuer.set.count != out->keys)
		reason = keyset_refuse(out, "a login would not use all keys");
out:
	jwk_set_clear(&issuer.set);
	secret_clear(&text);
	diag_clear(&diag);
	return reason;
}

static enum jwt_reason
write_text(struct maker *in)
{
	const struct keyset_input *input = in->input;
	enum jwt_reason reason = keyset_text(&in->set, input->source,
	    input->issuer->iss, input->now, &in->out->text);

	if (reason == JWT_JSON_LIMIT)
		return keyset_refuse(in->out, "the set would be 1 MiB or more");
	if (reason != JWT_OK)
		return reason;
	reason = read_back(in);
	if (reason != JWT_OK)
		secret_clear(&in->out->text);
	return reason;
}

/* From the published keys in in->set to the result. */
static enum jwt_reason
make(struct maker *in)
{
	enum jwt_reason reason = keyset_normalise(in);

	if (reason != JWT_OK)
		return reason;
	reason = read_old(in);
	if (reason != JWT_OK)
		return reason;
	reason = keyset_keep_old(in);
	if (reason != JWT_OK)
		return reason;
	reason = compare(in);
	if (reason != JWT_OK)
		return reason;
	return write_text(in);
}

static void
clear(struct maker *in)
{
	jwk_set_clear(&in->set);
	jwk_set_clear(&in->old);
}

/* From an answer. */
static enum jwt_reason
make_new(const struct keyset_input *input,
    const struct document_answer *answer, struct keyset *out)
{
	struct maker in = { .input = input, .out = out };
	enum jwt_reason reason;

	*out = (struct keyset){ .changed = false };
	reason = check_answer(answer, out);
	if (reason != JWT_OK)
		return reason;
	reason = read_keys(&in, answer->body, &in.set);
	if (reason != JWT_OK)
		goto out;
	reason = make(&in);
out:
	clear(&in);
	return reason;
}

static void
remove_dropped(struct jwk_set *set)
{
	size_t i = 0;

	while (i < set->count) {
		if (set->keys[i].is_dropped)
			jwk_set_remove(set, i);
		else
			i++;
	}
}

/* From the old set. */
static enum jwt_reason
make_again(const struct keyset_input *input, struct keyset *out)
{
	struct maker in = { .input = input, .out = out };
	enum jwt_reason reason;

	*out = (struct keyset){ .changed = false };
	reason = read_keys(&in, input->old, &in.set);
	if (reason != JWT_OK)
		goto out;
	remove_dropped(&in.set);
	if (in.set.count == 0)
		reason = keyset_refuse(out, "the provider says that it is "
		    "unchanged, but the old set cannot be read");
	else
		reason = make(&in);
out:
	clear(&in);
	return reason;
}

static enum jwt_reason
make_once(const struct keyset_input *input,
    const struct document_answer *answer, struct keyset *out)
{
	if (answer == NULL)
		return make_again(input, out);
	return make_new(input, answer, out);
}

static bool
are_same(const struct keyset *a, const struct keyset *b)
{
	return bytes_eq(secret_bytes(&a->text), secret_bytes(&b->text)) &&
	    a->changed == b->changed && a->added.count == b->added.count &&
	    a->removed.count == b->removed.count &&
	    bytes_eq_str(bytes_str(a->notes), b->notes);
}

/*
 * Where memory runs out, libcrypto says that a point is not on its curve, or
 * that two keys are not the same: a set without these keys would be installed.
 * But it does not say so twice in the same place, or other memory is not to be
 * had either.
 */
static enum jwt_reason
make_twice(const struct keyset_input *input,
    const struct document_answer *answer, struct keyset *out)
{
	enum jwt_reason reason = make_once(input, answer, out), second;
	struct keyset again;

	if (reason_class(reason) == JWT_CLASS_INTERNAL)
		return reason;
	second = make_once(input, answer, &again);
	if (second != reason || !are_same(out, &again)) {
		keyset_clear(out);
		reason = JWT_OUT_OF_MEMORY;
	}
	keyset_clear(&again);
	return reason;
}

enum jwt_reason
keyset_make(const struct keyset_input *input,
    const struct document_answer *answer, struct keyset *out)
{
	return make_twice(input, answer, out);
}

enum jwt_reason
keyset_renew(const struct keyset_input *input, struct keyset *out)
{
	return make_twice(input, NULL, out);
}

enum jwt_reason
keyset_look(const struct keyset_input *input, struct keyset_look *out)
{
	const struct issuer *issuer = input->issuer;
	struct keyset said = { .changed = false };
	struct maker in = { .input = input, .out = &said };
	enum jwt_reason reason = read_old(&in);

	*out = (struct keyset_look){ .usable = in.old.count > 0 &&
	    !fetched_is_of_other(issuer, &in.old) };
	jwk_set_expire(&in.old, input->now, issuer->leeway_sec,
	    issuer->sync.keep_old_sec);
	out->synced = in.old.has_synced ? in.old.synced : 0;
	out->keys = in.old.count;
	clear(&in);
	keyset_clear(&said);
	return reason;
}

void
keyset_clear(struct keyset *keyset)
{
	arena_clear(&keyset->arena);
	secret_clear(&keyset->text);
	*keyset = (struct keyset){ .changed = false };
}
