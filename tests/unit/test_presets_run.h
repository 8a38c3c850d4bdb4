/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One example configuration, and one token against it.
 *
 * The file is parsed as it is shipped; its issuer gets fresh keys in a key
 * set of that provider's form; every token goes through verdict_reach().
 *
 * JSON is written with ' for ", which json-c reads.  A patch is a merge patch
 * (RFC 7396): null takes a member away; the string 'NULL' stands for null.
 */
#ifndef TEST_PRESETS_RUN_H
#define TEST_PRESETS_RUN_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/logline.h"
#include "core/policy/conf.h"
#include "core/verdict.h"
#include "tests/lib/jsonc.h"
#include "tests/lib/world.h"
#include "tests/unit/test_presets_sign.h"

#define PRESET_NOW	INT64_C(1800000000)
#define PRESET_IAT	(PRESET_NOW - 100)
#define PRESET_LEEWAY	60	/* seconds, in every example */
#define PRESET_OTHER	"https://other.example"	/* an audience */
#define PRESET_RHOST	"192.0.2.7"
#define PRESET_PATCH_MAX 1024	/* bytes of a patch made with a format */

/* An example, and the good token of its provider. */
struct preset {
	const char *name;	/* conf/examples/NAME.conf, [issuer NAME] */
	const char *config;	/* NULL; or a text instead of the file */
	const char *algs;	/* allowed; the first is that of the tokens */
	const char *jwk;	/* patch over the public JWK of the first */
	const char *other;	/* patch for an entry that is not for us */
	const char *header;	/* without alg */
	const char *payload;
	const char *user;	/* whose it is */
	unsigned lifetime_sec;	/* max_lifetime */
	unsigned age_sec;	/* max_age; 0: none */
	const char *types;	/* accepted typ's */
	const char *account;	/* patch that claims %s; NULL: no claim does */
	enum jwt_reason second_aud;	/* of another party in aud */
	bool lower;		/* its rule has the word */
};

/* One more token. */
struct preset_case {
	const char *name;
	const char *patch;	/* over the payload; NULL: none */
	const char *header;	/* over the header; NULL: none */
	const char *user;	/* asked for; NULL: that of the preset */
	enum jwt_reason reason;
	const char *rule;	/* part of the rule that decided; NULL: any */
	const char *log;	/* part of the log line; NULL: any */
	const char *service;	/* NULL: sshd */
	const char *rhost;	/* NULL: PRESET_RHOST */
	bool nobody;		/* no user is asked for */
	bool stranger;		/* signed by somebody else's key */
};

/* What the rows run in. */
struct preset_run {
	const struct preset *preset;
	struct policy policy;
	struct issuer *issuer;		/* of the policy */
	struct json_object *header, *payload;	/* of the good token */
	unsigned rows, faults;
};

/* ---- JSON ---------------------------------------------------------------- */

static struct json_object *
preset_json(const char *text)
{
	struct json_object *out = json_tokener_parse(text);

	if (out == NULL)
		fail_msg("a test has no valid JSON: %s", text);
	return out;
}

static const char *
preset_text(struct json_object *object)
{
	return json_object_to_json_string_ext(object,
	    JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);
}

static void
preset_merge(struct json_object *into, struct json_object *patch)
{
	struct json_object_iterator at = json_object_iter_begin(patch);
	struct json_object_iterator end = json_object_iter_end(patch);

	for (; !json_object_iter_equal(&at, &end); json_object_iter_next(&at)) {
		const char *name = json_object_iter_peek_name(&at);
		struct json_object *value = json_object_iter_peek_value(&at);
		struct json_object *old = json_object_object_get(into, name);

		if (value == NULL)
			json_object_object_del(into, name);
		else if (json_object_is_type(value, json_type_object) &&
		    json_object_is_type(old, json_type_object))
			preset_merge(old, value);
		else if (strcmp(json_object_get_string(value), "NULL") == 0)
			json_object_object_add(into, name, NULL);
		else
			json_object_object_add(into, name,
			    json_object_get(value));
	}
}

/* A copy with a patch in it, which may be NULL. */
static struct json_object *
preset_patched(struct json_object *base, const char *patch)
{
	struct json_object *out = NULL, *parsed;

	assert_int_equal(json_object_deep_copy(base, &out, NULL), 0);
	if (patch == NULL)
		return out;
	parsed = preset_json(patch);
	preset_merge(out, parsed);
	json_object_put(parsed);
	return out;
}

static const char *
preset_member(struct json_object *object, const char *name)
{
	return json_object_get_string(json_object_object_get(object, name));
}

/* ---- the example and its keys -------------------------------------------- */

/* The nth word of a list, in a buffer of its own; false behind the last. */
static bool
preset_word(const char *list, size_t n, char out[32])
{
	struct bytes rest = bytes_str(list), word;

	do {
		word = conf_word(&rest);
	} while (n-- > 0 && word.len > 0);
	snprintf(out, 32, "%.*s", (int)word.len, (const char *)word.ptr);
	return word.len > 0;
}

/* Every key but the first has a kid of this form, if the first has one. */
static void
preset_kid(const char *alg, char out[32])
{
	snprintf(out, 32, "kid of %.16s", alg);
}

static struct json_object *
preset_jwk(const struct preset *preset, const char *alg, bool first)
{
	struct json_object *main = preset_json(preset->jwk);
	struct json_object *jwk = signer_public(alg);
	char kid[32];

	preset_merge(jwk, main);
	preset_kid(alg, kid);
	if (!first && json_object_object_get(main, "kid") != NULL)
		json_object_object_add(jwk, "kid",
		    json_object_new_string(kid));
	if (!first && json_object_object_get(main, "alg") != NULL)
		json_object_object_add(jwk, "alg",
		    json_object_new_string(alg));
	json_object_put(main);
	return jwk;
}

/* The provider's key set, and one more key of a kind that is not allowed. */
static struct json_object *
preset_key_set(const struct preset *preset)
{
	struct json_object *set = json_object_new_object();
	struct json_object *keys = json_object_new_array();
	char alg[32];
	size_t i;

	for (i = 0; preset_word(preset->algs, i, alg); i++)
		json_object_array_add(keys, preset_jwk(preset, alg, i == 0));
	json_object_array_add(keys, preset_jwk(preset, "ES512", false));
	if (preset->other != NULL)
		json_object_array_add(keys, preset_patched(
		    json_object_array_get_idx(keys, 0), preset->other));
	json_object_object_add(set, "keys", keys);
	return set;
}

static void
preset_print(const struct diag *diag)
{
	size_t i;

	for (i = 0; i < diag->count; i++)
		printf("# %s:%u:%u: %s\n", diag->entries[i].file,
		    diag->entries[i].line, diag->entries[i].column,
		    diag->entries[i].text);
}

static void
preset_load_keys(struct preset_run *run, struct diag *diag)
{
	struct json_object *set = preset_key_set(run->preset);
	struct issuer *issuer = run->issuer;
	struct jwk_file file = { .name = "keys" };
	struct secret text = { 0 };

	assert_int_equal(secret_copy(bytes_str(preset_text(set)), &text),
	    JWT_OK);
	assert_int_equal(jwk_set_add(&issuer->set, &file, &text, diag), JWT_OK);
	assert_int_equal(policy_bind_keys(&run->policy, issuer, diag), JWT_OK);
	secret_clear(&text);
	json_object_put(set);
}

/* The example as it is shipped; tests run at the top of the tree. */
static struct bytes
preset_read(const struct preset *preset, const char *path)
{
	static char text[65536];
	FILE *file;
	size_t len;

	if (preset->config != NULL)
		return bytes_str(preset->config);
	file = fopen(path, "r");
	if (file == NULL)
		fail_msg("%s cannot be read", path);
	len = fread(text, 1, sizeof(text), file);
	fclose(file);
	return bytes_of(text, len);
}

static void
preset_load(struct preset_run *run)
{
	static const struct policy_host host = {
		.hostname = "web1", .fqdn = "web1.example.com",
		.machine_id = "0123456789abcdef0123456789abcdef"
	};
	struct diag diag = { 0 };
	char path[128];
	size_t i;

	snprintf(path, sizeof(path), "conf/examples/%s.conf",
	    run->preset->name);
	if (policy_parse(preset_read(run->preset, path), path, &host, &diag,
	    &run->policy) != JWT_OK || diag.count != 0) {
		preset_print(&diag);
		fail_msg("%s has an error or a warning", path);
	}
	for (i = 0; i < run->policy.issuer_count; i++) {
		if (strcmp(run->policy.issuers[i].name, run->preset->name) == 0)
			run->issuer = &run->policy.issuers[i];
	}
	if (run->issuer == NULL)
		fail_msg("%s has no [issuer %s]", path, run->preset->name);
	preset_load_keys(run, &diag);
	diag_clear(&diag);
}

/* ---- one token ----------------------------------------------------------- */

static enum jwt_reason
preset_look_up(void *ctx, const char *name, struct account_facts *out)
{
	static const char *const people[] = {
		"alice", "bob", "ops", "deploy", "backup"
	};
	size_t i;

	(void)ctx;
	out->is_protected = strcmp(name, "root") == 0 ||
	    strcmp(name, "daemon") == 0;
	out->exists = out->is_protected;
	for (i = 0; i < sizeof(people) / sizeof(people[0]); i++) {
		if (strcmp(name, people[i]) == 0)
			out->exists = true;
	}
	return JWT_OK;
}

/* The token, signed as its header says. */
static char *
preset_mint(const struct preset_run *run, const struct preset_case *row)
{
	struct json_object *header = preset_patched(run->header, row->header);
	struct json_object *payload = preset_patched(run->payload, row->patch);
	char *token = signer_sign(preset_member(header, "alg"), row->stranger,
	    preset_text(header), preset_text(payload));

	json_object_put(header);
	json_object_put(payload);
	return token;
}

/* What an administrator would read of the verdict. */
static bool
preset_logs(const struct preset_case *row, const struct verdict_input *in,
    const struct verdict *verdict)
{
	struct logline_caller caller = {
		.tty = "ssh", .rhost = in->rhost, .user = in->user
	};
	struct hint_facts facts = {
		.in = in, .verdict = verdict, .service = "sshd"
	};
	char line[LOGLINE_SIZE];

	if (row->log == NULL)
		return true;
	logline_format(&caller, &facts, line);
	return strstr(line, row->log) != NULL;
}

/* What is wrong with a verdict; NULL when it is the expected one. */
static const char *
preset_fault(const struct preset_run *run, const struct preset_case *row,
    const char *user, const struct verdict *verdict)
{
	if (verdict->reason != row->reason)
		return reason_name(verdict->reason);
	if (row->rule != NULL && (verdict->rule == NULL ||
	    strstr(verdict->rule->text, row->rule) == NULL))
		return verdict->rule == NULL ? "no rule" : verdict->rule->text;
	if (row->reason != JWT_OK)
		return verdict->account[0] == '\0' ? NULL : "an account";
	if (strcmp(verdict->account, user) != 0)
		return "another account";
	if (verdict->rule == NULL || !verdict->rule->permit ||
	    verdict->issuer != run->issuer ||
	    verdict->id.sub.len == 0)
		return "an incomplete verdict";
	return NULL;
}

static void
preset_row(struct preset_run *run, const struct preset_case *row)
{
	static const struct account_host accounts = {
		.look_up = preset_look_up
	};
	const char *user = row->user == NULL ? run->preset->user : row->user;
	char *token = preset_mint(run, row);
	struct verdict_input in = {
		.policy = &run->policy, .user = row->nobody ? NULL : user,
		.service = policy_service(&run->policy,
		    row->service == NULL ? "sshd" : row->service),
		.rhost = row->rhost == NULL ? PRESET_RHOST : row->rhost,
		.now = PRESET_NOW,
		.jws = world_parse(bytes_str(token)), .accounts = &accounts
	};
	struct verdict verdict;
	const char *fault;

	if (verdict_reach(&in, &verdict) != verdict.reason)
		run->faults++;
	fault = preset_fault(run, row, user, &verdict);
	if (fault == NULL && !preset_logs(row, &in, &verdict))
		fault = "another log line";
	if (fault != NULL) {
		run->faults++;
		print_error("%s: %s: expected %s%s%s, got %s\n",
		    run->preset->name, row->name, reason_name(row->reason),
		    row->rule == NULL ? "" : " by ",
		    row->rule == NULL ? "" : row->rule, fault);
	}
	run->rows++;
	verdict_clear(&verdict);
	free(token);
}

static void
preset_rows(struct preset_run *run, const struct preset_case *rows, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		preset_row(run, &rows[i]);
}

/* A row whose patch is made with a format. */
__attribute__((format(printf, 3, 4))) static void
preset_rowf(struct preset_run *run, struct preset_case row,
    const char *format, ...)
{
	char patch[PRESET_PATCH_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(patch, sizeof(patch), format, args);
	va_end(args);
	row.patch = patch;
	preset_row(run, &row);
}

#endif
