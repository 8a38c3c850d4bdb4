/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads the configuration, key files, account maps and the time zone with
 * file.c, and has the core parse them.
 *
 * A login needs all of them to be without error.  Loading goes on after an
 * error only so that pam-jwt check can report every error at once.
 */
#include "core/policy/account.h"
#include "core/policy/fetched.h"
#include "host/file.h"
#include "host/hostname.h"
#include "host/load.h"

/* Note in diag that a file cannot be used; returns reason. */
static enum jwt_reason
fail(struct diag *diag, struct diag_place place, enum jwt_reason reason,
    const char *path, const char *fault)
{
	diag_add(diag, place, reason, "%s: %s", path, fault);
	return reason;
}

/* Choose the reason for the result of file_read(). */
static enum jwt_reason
reason_of(enum file_result result, enum jwt_reason unreadable,
    enum jwt_reason unsafe)
{
	switch (result) {
	case FILE_OK:
		return JWT_OK;
	case FILE_UNREADABLE:
		return unreadable;
	case FILE_UNSAFE:
		return unsafe;
	case FILE_NO_MEMORY:
		return JWT_OUT_OF_MEMORY;
	case FILE_NO_DESCRIPTOR:
		break;
	}
	return JWT_INTERNAL;
}

/* The first of two errors: loading goes on after one, to find the others. */
static enum jwt_reason
first_error(enum jwt_reason first, enum jwt_reason second)
{
	if (first != JWT_OK)
		return first;
	return second;
}

/*
 * Whether a configuration may need the names of this host: only %{...} is
 * replaced by one.  Most have none, and then /etc/machine-id and /etc/hosts
 * are not read in each phase of a login.
 */
static bool
names_host(struct bytes text)
{
	return memmem(text.ptr, text.len, "%{", 2) != NULL;
}

enum jwt_reason
load_settings(const char *config, struct diag *diag, struct policy *out)
{
	struct diag_place place = { .file = config };
	struct hostname hostname;
	struct policy_host host = { 0 };
	enum jwt_reason reason;
	struct file file;

	*out = (struct policy){ 0 };
	reason = reason_of(file_read(config, &file), JWT_CONFIG_INVALID,
	    JWT_CONFIG_UNSAFE);
	if (reason != JWT_OK) {
		diag_add(diag, place, reason, "%s", file.fault);
	} else {
		if (names_host(secret_bytes(&file.text)))
			hostname_find(&hostname, &host);
		reason = policy_parse(secret_bytes(&file.text), config, &host,
		    diag, out);
	}
	file_clear(&file);
	return reason;
}

static enum jwt_reason
load_key_file(const struct policy *policy, struct issuer *issuer,
    const char *path, struct diag *diag)
{
	struct diag_place place = {
		.file = policy->file, .line = issuer->line
	};
	struct jwk_file source = {
		.name = path,
		.symmetric = (issuer->algorithms & ALG_SYMMETRIC) != 0,
		.lazy = issuer->lazy
	};
	enum jwt_reason reason;
	struct file file;

	reason = reason_of(file_read(path, &file), JWT_KEY_FILE_INVALID,
	    JWT_KEY_FILE_UNSAFE);
	source.readable = file.readable;
	if (reason != JWT_OK)
		fail(diag, place, reason, path, file.fault);
	else
		reason = jwk_set_add(&issuer->set, &source, &file.text, diag);
	file_clear(&file);
	return reason;
}

enum jwt_reason
load_keys(const struct policy *policy, struct issuer *issuer,
    struct diag *diag)
{
	enum jwt_reason reason = JWT_OK;
	size_t i;

	if (issuer->keys.count == 0 && issuer->sync.wanted)
		return JWT_OK;
	if (issuer->keys.count == 0)
		return JWT_CONFIG_INVALID;	/* noted by policy_parse() */
	for (i = 0; i < issuer->keys.count; i++) {
		enum jwt_reason one = load_key_file(policy, issuer,
		    issuer->keys.item[i], diag);

		reason = first_error(reason, one);
	}
	if (reason != JWT_OK)
		return reason;
	return policy_bind_keys(policy, issuer, diag);
}

/*
 * Load the key set that sync fetched.  If it is missing, unsafe or too old, the
 * keys of key files still count; a token that needs the set is refused for it.
 */
static enum jwt_reason
load_fetched(const struct policy *policy, struct issuer *issuer, int64_t now,
    struct diag *diag)
{
	char path[FILE_PATH_MAX];
	enum jwt_reason reason;
	struct file file;
	const char *why = file.fault;

	if (!issuer->sync.wanted)
		return JWT_OK;
	if (!fetched_path(policy, issuer, FETCHED_SET, path, sizeof(path))) {
		fetched_refuse(policy, issuer, JWT_KEYS_STALE, diag,
		    policy->state.sync_directory, "the path is too long");
		return JWT_OK;
	}
	reason = reason_of(file_read(path, &file), JWT_KEYS_STALE,
	    JWT_KEY_FILE_UNSAFE);
	if (reason == JWT_OK) {
		reason = fetched_add(policy, issuer, path, &file.text, now,
		    diag);
	} else if (reason_class(reason) != JWT_CLASS_INTERNAL) {
		if (file.missing)
			why = "pam-jwt sync has fetched none yet";
		fetched_refuse(policy, issuer, reason, diag, path, why);
		reason = JWT_OK;
	}
	file_clear(&file);
	return reason;
}

/*
 * A private key that we may not read is somebody else's: the program does not
 * run as the user that the key belongs to, and the reason says so.
 */
static enum jwt_reason
load_decryption_file(const struct policy *policy, struct issuer *issuer,
    const char *path, struct diag *diag)
{
	struct diag_place place = {
		.file = policy->file, .line = issuer->line
	};
	struct jwe_key_file source = { .name = path };
	enum jwt_reason reason, unreadable = JWT_KEY_FILE_UNSAFE;
	enum file_result result;
	struct file file;

	result = file_read(path, &file);
	if (file.missing)
		unreadable = JWT_KEY_FILE_INVALID;
	reason = reason_of(result, unreadable, JWT_KEY_FILE_UNSAFE);
	source.readable = file.readable;
	if (reason != JWT_OK)
		fail(diag, place, reason, path, file.fault);
	if (result == FILE_UNREADABLE && !file.missing)
		diag_add(diag, place, reason, "the owner of a private key "
		    "alone can read it: run this as root");
	if (reason == JWT_OK)
		reason = jwe_key_set_add(&issuer->decryption, &source,
		    &file.text, diag);
	file_clear(&file);
	return reason;
}

static enum jwt_reason
load_decryption(const struct policy *policy, struct issuer *issuer,
    struct diag *diag)
{
	enum jwt_reason reason = JWT_OK;
	size_t i;

	for (i = 0; i < issuer->decryption_keys.count; i++) {
		enum jwt_reason one = load_decryption_file(policy, issuer,
		    issuer->decryption_keys.item[i], diag);

		reason = first_error(reason, one);
	}
	return reason;
}

/* Load the keys of an issuer that verify: of files and of sync. */
static enum jwt_reason
load_verifying(const struct policy *policy, struct issuer *issuer,
    int64_t now, struct diag *diag)
{
	enum jwt_reason reason = load_keys(policy, issuer, diag);
	enum jwt_reason fetched = load_fetched(policy, issuer, now, diag);

	return first_error(reason, fetched);
}

static enum jwt_reason
load_issuer(const struct policy *policy, struct issuer *issuer, int64_t now,
    struct diag *diag)
{
	enum jwt_reason reason = load_verifying(policy, issuer, now, diag);
	enum jwt_reason decryption = load_decryption(policy, issuer, diag);

	return first_error(reason, decryption);
}

/*
 * The keys of one issuer, for a verdict.  What an earlier token of the same
 * attempt has loaded goes first.
 */
static enum jwt_reason
late_keys(void *ctx, const struct issuer *wanted, bool all)
{
	struct load_late *late = ctx;
	struct policy *policy = late->policy;
	struct issuer *issuer = &policy->issuers[wanted - policy->issuers];

	jwk_set_clear(&issuer->set);
	if (!issuer->algorithms_given)
		issuer->algorithms = 0;	/* those of the keys, once more */
	issuer->lazy = !all;
	return load_verifying(policy, issuer, late->now, late->diag);
}

static enum jwt_reason
late_decryption(void *ctx, const struct service *service)
{
	struct load_late *late = ctx;
	struct policy *policy = late->policy;
	enum jwt_reason reason = JWT_OK;
	size_t i;

	for (i = 0; i < policy->issuer_count; i++) {
		struct issuer *issuer = &policy->issuers[i];
		enum jwt_reason one;

		if (!policy_takes_issuer(service, issuer))
			continue;
		jwe_key_set_clear(&issuer->decryption);
		one = load_decryption(policy, issuer, late->diag);
		reason = first_error(reason, one);
	}
	if (reason != JWT_OK)
		return reason;
	return policy_compare_decryption(policy, late->diag);
}

static enum jwt_reason
read_map(const struct policy *policy, const struct rule *rule,
    struct diag *diag, struct file *file)
{
	struct diag_place place = { .file = policy->file, .line = rule->line };
	enum jwt_reason reason = reason_of(file_read_below(rule->map_path,
	    LOAD_MAP_MAX, file), JWT_CONFIG_INVALID, JWT_CONFIG_UNSAFE);

	if (reason != JWT_OK)
		fail(diag, place, reason, rule->map_path, file->fault);
	return reason;
}

/* The accounts of one subject, for a verdict. */
static enum jwt_reason
late_accounts(void *ctx, const struct rule *rule,
    const struct account_query *query, struct bytes *out)
{
	struct load_late *late = ctx;
	struct file file;
	enum jwt_reason reason = read_map(late->policy, rule, late->diag,
	    &file);

	if (reason == JWT_OK)
		reason = account_map_find(secret_bytes(&file.text),
		    rule->map_path, query, &late->policy->arena, late->diag,
		    out);
	file_clear(&file);
	return reason;
}

struct policy_source
load_source(struct load_late *late)
{
	return (struct policy_source){
		.keys = late_keys, .decryption = late_decryption,
		.accounts = late_accounts, .ctx = late
	};
}

static enum jwt_reason
load_map(struct policy *policy, struct rule *rule, struct diag *diag)
{
	struct file file;
	enum jwt_reason reason = read_map(policy, rule, diag, &file);

	if (reason == JWT_OK)
		reason = account_map_parse(secret_bytes(&file.text),
		    rule->map_path, &policy->arena, diag, &rule->map);
	file_clear(&file);
	return reason;
}

static enum jwt_reason
load_maps(struct policy *policy, const struct service *service,
    struct diag *diag)
{
	enum jwt_reason reason = JWT_OK;
	size_t i;

	for (i = 0; i < service->rules.count; i++) {
		struct rule *rule = &service->rules.rule[i];
		enum jwt_reason one;

		if (rule->map_path == NULL)
			continue;
		one = load_map(policy, rule, diag);
		reason = first_error(reason, one);
	}
	return reason;
}

/* Keep the text of the time zone for the life of the policy, and read it. */
static enum jwt_reason
read_zone(struct policy *policy, struct bytes text, struct diag *diag)
{
	struct diag_place place = { .file = policy->file };
	const char *copy = arena_copy(&policy->arena, text);

	if (copy == NULL)
		return JWT_OUT_OF_MEMORY;
	if (!zone_read(bytes_of(copy, text.len), &policy->zone))
		diag_add(diag, place, JWT_OK, "%s is not a time zone, or counts "
		    "leap seconds: each test of the time is unknown", LOAD_ZONE);
	return JWT_OK;
}

/*
 * Load the time zone of the host; without the file it is UTC.  One that cannot
 * be trusted or understood is unknown, so that no permit holds by the time, and
 * each deny fires by it.
 */
static enum jwt_reason
load_zone(struct policy *policy, struct diag *diag)
{
	struct diag_place place = { .file = policy->file };
	enum jwt_reason reason;
	struct file file;

	reason = reason_of(file_read(LOAD_ZONE, &file), JWT_CONFIG_INVALID,
	    JWT_CONFIG_UNSAFE);
	if (reason == JWT_OK) {
		reason = read_zone(policy, secret_bytes(&file.text), diag);
	} else if (reason_class(reason) != JWT_CLASS_INTERNAL) {
		if (file.missing)
			policy->zone = zone_utc;
		else
			diag_add(diag, place, JWT_OK, "%s: %s: each test of "
			    "the time is unknown", LOAD_ZONE, file.fault);
		reason = JWT_OK;
	}
	file_clear(&file);
	return reason;
}

static bool
names_time(const struct service *service)
{
	size_t i;

	for (i = 0; i < service->rules.count; i++) {
		if (service->rules.rule[i].names_time)
			return true;
	}
	return false;
}

/* Load the time zone, if a rule of the service names the time. */
static enum jwt_reason
load_zone_for(struct policy *policy, const struct service *service,
    struct diag *diag)
{
	if (names_time(service) && !policy->zone.is_known)
		return load_zone(policy, diag);
	return JWT_OK;
}

/* Load what the rules of a service need: their maps, and the time zone. */
static enum jwt_reason
load_service(struct policy *policy, const struct service *service,
    struct diag *diag)
{
	enum jwt_reason reason = load_maps(policy, service, diag);
	enum jwt_reason zone = load_zone_for(policy, service, diag);

	return first_error(reason, zone);
}

enum jwt_reason
load_policy(const char *config, const char *service, int64_t now,
    struct diag *diag, struct policy *out)
{
	enum jwt_reason reason, one;
	const struct service *asked;
	size_t i;

	reason = load_settings(config, diag, out);
	/* After an error go on with what was understood, to find the others. */
	for (i = 0; i < out->issuer_count; i++) {
		one = load_issuer(out, &out->issuers[i], now, diag);
		reason = first_error(reason, one);
	}
	one = policy_compare_decryption(out, diag);
	reason = first_error(reason, one);
	asked = service == NULL ? NULL : policy_service(out, service);
	for (i = 0; i < out->service_count; i++) {
		if (asked != NULL && asked != &out->services[i])
			continue;
		one = load_service(out, &out->services[i], diag);
		reason = first_error(reason, one);
	}
	return reason;
}

enum jwt_reason
load_for_login(const char *config, const char *service, struct diag *diag,
    struct policy *out)
{
	enum jwt_reason reason = load_settings(config, diag, out);
	enum jwt_reason zone = load_zone_for(out, policy_service(out, service),
	    diag);

	return first_error(reason, zone);
}
