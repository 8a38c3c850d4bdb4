/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads a fetched set apart from the issuer's files and then joins the two, so
 * that a fault of the provider can never spoil a key of this host.
 */
#include <stdio.h>

#include "core/policy/fetched.h"

bool
fetched_path(const struct policy *policy, const struct issuer *issuer,
    const char *suffix, char *out, size_t size)
{
	int len = snprintf(out, size, "%s/%s%s", policy->state.sync_directory,
	    issuer->name, suffix);

	return len > 0 && (size_t)len < size;
}

static struct diag_place
place_of(const struct policy *policy, const struct issuer *issuer)
{
	return (struct diag_place){
		.file = policy->file, .line = issuer->line
	};
}

void
fetched_refuse(const struct policy *policy, struct issuer *issuer,
    enum jwt_reason reason, struct diag *diag, const char *name,
    const char *why)
{
	issuer->fetched = reason;
	diag_add(diag, place_of(policy, issuer), JWT_OK, "[issuer %s]: its "
	    "fetched keys are not used: %s: %s", issuer->name, name, why);
}

bool
fetched_is_of_other(const struct issuer *issuer, const struct jwk_set *set)
{
	return set->iss != NULL &&
	    !bytes_eq_str(bytes_str(set->iss), issuer->iss);
}

/* Returns NULL, or why the set as a whole does not count now. */
static const char *
find_fault(const struct issuer *issuer, const struct jwk_set *set,
    int64_t now)
{
	if (fetched_is_of_other(issuer, set))
		return "it was fetched for another iss: run pam-jwt sync";
	if (!set->has_synced)
		return "synced is missing or no integer: pam-jwt sync makes "
		    "this file";
	if (set->synced - now > (int64_t)issuer->leeway_sec)
		return "synced is still to come: was the clock set back?";
	if (now - set->synced > (int64_t)issuer->sync.keys_max_age_sec)
		return "the last success of pam-jwt sync is longer ago than "
		    "keys_max_age";
	return NULL;
}

/* Copy the warnings about single keys of the set. */
static void
pass_warnings(const struct diag *from, struct diag *to)
{
	size_t i;

	for (i = 0; i < from->count; i++) {
		const struct diag_entry *entry = &from->entries[i];
		struct diag_place place = {
			.file = entry->file, .line = entry->line
		};

		if (entry->reason == JWT_OK)
			diag_add(to, place, JWT_OK, "%s", entry->text);
	}
}

/*
 * A fault of the set makes it stale, and *why is its first error.  A fault of
 * the host, such as no memory, stays what it is.
 */
static enum jwt_reason
refuse_set(enum jwt_reason reason, const struct diag *diag, const char **why)
{
	const struct diag_entry *error = diag_first_error(diag);

	if (reason_class(reason) == JWT_CLASS_INTERNAL)
		return reason;
	*why = reason_text(reason);
	if (error != NULL)
		*why = error->text;
	return JWT_KEYS_STALE;
}

/* Read the keys that count now, each with its algorithm; *why says why not. */
static enum jwt_reason
read_set(const struct policy *policy, struct issuer *fetched,
    const struct jwk_file *file, struct secret *text, int64_t now,
    struct diag *diag, const char **why)
{
	enum jwt_reason reason;

	*why = NULL;
	reason = jwk_set_add(&fetched->set, file, text, diag);
	if (reason != JWT_OK)
		return refuse_set(reason, diag, why);
	*why = find_fault(fetched, &fetched->set, now);
	if (*why != NULL)
		return JWT_KEYS_STALE;
	jwk_set_expire(&fetched->set, now, fetched->leeway_sec,
	    fetched->sync.keep_old_sec);
	reason = policy_bind_keys(policy, fetched, diag);
	if (reason != JWT_OK)
		return refuse_set(reason, diag, why);
	return JWT_OK;
}

/* Move the fetched keys to those of the files. */
static enum jwt_reason
join(const struct policy *policy, struct issuer *issuer,
    struct issuer *fetched, struct diag *diag)
{
	enum jwt_reason reason = jwk_set_join(&issuer->set, &fetched->set,
	    place_of(policy, issuer), diag);

	if (reason != JWT_OK)
		return reason;
	if (!issuer->algorithms_given)
		issuer->algorithms |= fetched->algorithms;
	issuer->fetched = JWT_OK;
	return JWT_OK;
}

enum jwt_reason
fetched_add(const struct policy *policy, struct issuer *issuer,
    const char *name, struct secret *text, int64_t now, struct diag *diag)
{
	struct jwk_file file = {
		.name = name, .readable = true, .lazy = issuer->lazy
	};
	struct issuer fetched = *issuer;
	struct diag found = { 0 };
	const char *why;
	enum jwt_reason reason;

	fetched.set = (struct jwk_set){ 0 };
	reason = read_set(policy, &fetched, &file, text, now, &found, &why);
	issuer->synced = fetched.set.synced;
	if (reason == JWT_OK) {
		pass_warnings(&found, diag);
		reason = join(policy, issuer, &fetched, diag);
	} else if (reason == JWT_KEYS_STALE) {
		fetched_refuse(policy, issuer, JWT_KEYS_STALE, diag, name, why);
		reason = JWT_OK;
	}
	jwk_set_clear(&fetched.set);
	diag_clear(&found);
	return reason;
}
