/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An example configuration against tokens of its provider's shape.
 *
 * Besides the cases of its own, each example stands the same ordeal: what no
 * token may get away with anywhere, on both sides of each limit.
 */
#ifndef TEST_PRESETS_H
#define TEST_PRESETS_H

#include "tests/unit/test_presets_run.h"

static void
preset_try_keys(struct preset_run *run)
{
	static const struct preset_case rows[] = {
		{ .name = "as it comes" },
		{ "and nobody asked for", .nobody = true },
		{ "signed by a stranger", .stranger = true,
		    .reason = JWT_SIGNATURE_INVALID },
		{ "alg none", .header = "{'alg':'none'}",
		    .reason = JWT_ALG_UNSUPPORTED },
		{ "HS256 with the public key", .header = "{'alg':'HS256'}",
		    .reason = JWT_ALG_NOT_ALLOWED },
		{ "HS512", .header = "{'alg':'HS512'}",
		    .reason = JWT_ALG_NOT_ALLOWED },
		{ "a key of its own", .header = "{'jwk':{'kty':'oct'}}",
		    .reason = JWT_HEADER_INVALID },
		{ "crit", .header = "{'crit':['exp']}",
		    .reason = JWT_CRIT_UNSUPPORTED },
	};

	preset_rows(run, rows, sizeof(rows) / sizeof(rows[0]));
}

/* A token of each allowed algorithm, and of one that the set only has. */
static void
preset_try_algorithms(struct preset_run *run)
{
	bool has_kid = json_object_object_get(run->header, "kid") != NULL;
	struct preset_case row = { .name = "another algorithm" };
	char alg[32], kid[32], header[128];
	size_t i;

	for (i = 0; preset_word(run->preset->algs, i, alg); i++) {
		preset_kid(alg, kid);
		snprintf(header, sizeof(header), i == 0 || !has_kid ?
		    "{'alg':'%s'}" : "{'alg':'%s','kid':'%s'}", alg, kid);
		row.header = header;
		preset_row(run, &row);
	}
	row.name = "an algorithm that is not allowed";
	row.header = "{'alg':'ES512','kid':'kid of ES512'}";
	row.reason = JWT_ALG_NOT_ALLOWED;
	preset_row(run, &row);
	if (!has_kid)
		return;
	row.name = "a kid that nobody has";
	row.header = "{'kid':'nobody'}";
	row.reason = JWT_KEY_UNKNOWN;
	preset_row(run, &row);
}

static bool
preset_takes_type(const struct preset *preset, const char *type)
{
	char word[32];
	size_t i;

	if (strcmp(type, "application/at+jwt") == 0)
		type = "at+jwt";
	for (i = 0; preset_word(preset->types, i, word); i++) {
		if (strcmp(word, type) == 0)
			return true;
	}
	return false;
}

static void
preset_try_types(struct preset_run *run)
{
	static const char *const types[] = {
		"none", "JWT", "at+jwt", "application/at+jwt", "JOSE",
		"logout+jwt", "secevent+jwt", "dpop+jwt", "statuslist+jwt",
		"token-introspection+jwt", "refresh+jwt", "rt+jwt", "kb+jwt",
		"application/logout+jwt", "LOGOUT+JWT", "id+jwt"
	};
	size_t i;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		struct preset_case row = { .name = types[i] };
		char header[64];

		snprintf(header, sizeof(header), i == 0 ? "{'typ':null}" :
		    "{'typ':'%s'}", types[i]);
		row.header = header;
		if (!preset_takes_type(run->preset, types[i]))
			row.reason = JWT_TYPE_NOT_ACCEPTED;
		preset_row(run, &row);
	}
}

/* Tokens for other purposes that say so in their claims only. */
static void
preset_try_purposes(struct preset_run *run)
{
	static const struct preset_case rows[] = {
		{ "a logout token", .patch = "{'events':{'http://schemas."
		    "openid.net/event/backchannel-logout':{}}}",
		    .reason = JWT_TYPE_NOT_ACCEPTED },
		{ "a DPoP proof", .patch = "{'htm':'POST','htu':'https://h/'}",
		    .reason = JWT_TYPE_NOT_ACCEPTED },
		{ "a status list", .patch =
		    "{'status_list':{'bits':1,'lst':'eNrbuRgAAhcBXQ'}}",
		    .reason = JWT_TYPE_NOT_ACCEPTED },
		{ "an introspection answer", .patch =
		    "{'token_introspection':{'active':true}}",
		    .reason = JWT_TYPE_NOT_ACCEPTED },
		{ "token_use refresh", .patch = "{'token_use':'refresh'}",
		    .reason = JWT_TYPE_NOT_ACCEPTED },
		{ "bound to a key", .patch = "{'cnf':{'jkt':'x'}}",
		    .reason = JWT_PROOF_MISSING },
		{ "bound to a status list", .patch =
		    "{'status':{'status_list':{'idx':1,'uri':'https://h/'}}}",
		    .reason = JWT_STATUS_STALE },
		{ "somebody acts for the subject",
		    .patch = "{'act':{'sub':'mallory'}}",
		    .reason = JWT_NOT_PERMITTED },
		{ "no sub", .patch = "{'sub':null}",
		    .reason = JWT_SUBJECT_MISSING },
		{ "an empty sub", .patch = "{'sub':''}",
		    .reason = JWT_SUBJECT_MISSING },
		{ "sub is a number", .patch = "{'sub':5}",
		    .reason = JWT_CLAIM_INVALID },
	};

	preset_rows(run, rows, sizeof(rows) / sizeof(rows[0]));
}

static void
preset_try_issuer(struct preset_run *run)
{
	const struct preset_case row = {
		.name = "another iss", .reason = JWT_ISSUER_UNKNOWN
	};
	const char *iss = preset_member(run->payload, "iss");
	size_t len = strlen(iss);

	preset_rowf(run, row, "{'iss':null}");
	preset_rowf(run, row, "{'iss':['%s']}", iss);
	preset_rowf(run, row, "{'iss':'%s/'}", iss);
	preset_rowf(run, row, "{'iss':'%s.evil.example'}", iss);
	preset_rowf(run, row, "{'iss':' %s'}", iss);
	preset_rowf(run, row, "{'iss':'%.*s'}", (int)len - 1, iss);
}

/* One of the audiences that the example accepts, from the good token. */
static const char *
preset_audience(const struct preset_run *run)
{
	return run->issuer->audience.item[0];
}

static void
preset_try_audience(struct preset_run *run)
{
	struct preset_case row = { .name = "aud" };
	const char *aud = preset_audience(run);

	preset_rowf(run, row, "{'aud':'%s'}", aud);
	preset_rowf(run, row, "{'aud':['%s']}", aud);
	row.name = "another party in aud";
	row.reason = run->preset->second_aud;
	preset_rowf(run, row, "{'aud':['%s','%s']}", aud, PRESET_OTHER);
	preset_rowf(run, row, "{'aud':['%s','%s']}", PRESET_OTHER, aud);
	row.name = "another aud";
	row.reason = JWT_AUDIENCE_MISMATCH;
	preset_rowf(run, row, "{'aud':null}");
	preset_rowf(run, row, "{'aud':'%s'}", PRESET_OTHER);
	preset_rowf(run, row, "{'aud':['%s']}", PRESET_OTHER);
	preset_rowf(run, row, "{'aud':'%s-evil'}", aud);
	preset_rowf(run, row, "{'aud':'%s '}", aud);
	preset_rowf(run, row, "{'aud':'%.*s'}", (int)strlen(aud) - 1, aud);
	row.name = "aud of another type";
	row.reason = JWT_CLAIM_INVALID;
	preset_rowf(run, row, "{'aud':[]}");
	preset_rowf(run, row, "{'aud':{'%s':true}}", aud);
	preset_rowf(run, row, "{'aud':['%s',5]}", aud);
}

/* Both sides of exp, nbf and iat. */
static void
preset_try_clock(struct preset_run *run)
{
	const struct {
		const char *name;
		int64_t iat, exp, nbf;
		enum jwt_reason reason;
	} rows[] = {
		{ "exp, the last second", PRESET_IAT,
		    PRESET_NOW - PRESET_LEEWAY + 1, 0, JWT_OK },
		{ "exp", PRESET_IAT, PRESET_NOW - PRESET_LEEWAY, 0,
		    JWT_EXPIRED },
		{ "nbf, the first second", PRESET_IAT, PRESET_NOW + 120,
		    PRESET_NOW + PRESET_LEEWAY, JWT_OK },
		{ "nbf", PRESET_IAT, PRESET_NOW + 120,
		    PRESET_NOW + PRESET_LEEWAY + 1, JWT_NOT_YET_VALID },
		{ "iat, a clock that is fast", PRESET_NOW + PRESET_LEEWAY,
		    PRESET_NOW + 120, 0, JWT_OK },
		{ "iat", PRESET_NOW + PRESET_LEEWAY + 1, PRESET_NOW + 120, 0,
		    JWT_ISSUED_IN_FUTURE },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct preset_case row = {
			.name = rows[i].name, .reason = rows[i].reason
		};

		preset_rowf(run, row, "{'iat':%lld,'exp':%lld,'nbf':%lld}",
		    (long long)rows[i].iat, (long long)rows[i].exp,
		    (long long)rows[i].nbf);
	}
}

/* Both sides of max_lifetime and max_age; exp that is none. */
static void
preset_try_lifetime(struct preset_run *run)
{
	long long now = PRESET_NOW, life = run->preset->lifetime_sec;
	long long age = run->preset->age_sec;
	struct preset_case row = { .name = "the longest life" };

	preset_rowf(run, row, "{'iat':%lld,'exp':%lld}", now, now + life);
	row.name = "a longer life";
	row.reason = JWT_LIFETIME_TOO_LONG;
	preset_rowf(run, row, "{'iat':%lld,'exp':%lld}", now, now + life + 1);
	row.name = "a longer life and no iat";
	preset_rowf(run, row, "{'iat':null,'exp':%lld}", now + life + 1);
	row.name = "no iat";
	row.reason = age == 0 ? JWT_OK : JWT_CLAIM_INVALID;
	preset_rowf(run, row, "{'iat':null,'exp':%lld}", now + 60);
	row.name = "no exp";
	row.reason = JWT_EXPIRY_MISSING;
	preset_rowf(run, row, "{'exp':null}");
	row.name = "exp is a string";
	row.reason = JWT_CLAIM_INVALID;
	preset_rowf(run, row, "{'exp':'%lld'}", now + 60);
	if (age == 0)
		return;
	row.name = "old";
	row.reason = JWT_OK;
	preset_rowf(run, row, "{'iat':%lld,'exp':%lld}", now - age, now + 60);
	row.name = "too old";
	row.reason = JWT_TOO_OLD;
	preset_rowf(run, row, "{'iat':%lld,'exp':%lld}", now - age - 1,
	    now + 60);
}

/* Put name in place of each %s. */
static void
preset_fill(const char *format, const char *name, char out[PRESET_PATCH_MAX])
{
	size_t len = 0;

	while (*format != '\0' && len + strlen(name) + 1 < PRESET_PATCH_MAX) {
		if (strncmp(format, "%s", 2) != 0) {
			out[len++] = *format++;
			continue;
		}
		len += (size_t)sprintf(out + len, "%s", name);
		format += 2;
	}
	out[len] = '\0';
}

/* Names that a claim may not lead to. */
static void
preset_try_account(struct preset_run *run)
{
	static const struct {
		const char *claim, *user;
		enum jwt_reason reason, lower;	/* of a preset with lower */
	} rows[] = {
		{ "bob", "bob", JWT_OK, JWT_OK },
		{ "bob", "alice", JWT_ACCOUNT_MISMATCH, JWT_ACCOUNT_MISMATCH },
		{ "alice", "root", JWT_ACCOUNT_MISMATCH, JWT_ACCOUNT_MISMATCH },
		{ "root", "root", JWT_ACCOUNT_PROTECTED, JWT_ACCOUNT_PROTECTED },
		{ "Root", "root", JWT_ACCOUNT_INVALID, JWT_ACCOUNT_PROTECTED },
		{ "daemon", "daemon", JWT_ACCOUNT_PROTECTED,
		    JWT_ACCOUNT_PROTECTED },
		{ "zoe", "zoe", JWT_ACCOUNT_UNKNOWN, JWT_ACCOUNT_UNKNOWN },
		{ "Alice", "alice", JWT_ACCOUNT_INVALID, JWT_OK },
		{ " alice", "alice", JWT_ACCOUNT_INVALID, JWT_ACCOUNT_INVALID },
		{ "-alice", "alice", JWT_ACCOUNT_INVALID, JWT_ACCOUNT_INVALID },
		{ "alice bob", "alice", JWT_ACCOUNT_INVALID,
		    JWT_ACCOUNT_INVALID },
		{ "alice/../root", "root", JWT_ACCOUNT_INVALID,
		    JWT_ACCOUNT_INVALID },
		{ "x@y:z", "alice", JWT_ACCOUNT_INVALID, JWT_ACCOUNT_INVALID },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct preset_case row = {
			.name = rows[i].claim, .user = rows[i].user,
			.reason = rows[i].reason
		};
		char patch[PRESET_PATCH_MAX];

		if (run->preset->lower)
			row.reason = rows[i].lower;
		preset_fill(run->preset->account, rows[i].claim, patch);
		row.patch = patch;
		preset_row(run, &row);
	}
}

/* Who and where else the good token does not log in. */
static void
preset_try_others(struct preset_run *run)
{
	static const struct preset_case rows[] = {
		{ "root", .user = "root", .reason = JWT_ACCOUNT_MISMATCH },
		{ "somebody else", .user = "bob",
		    .reason = JWT_ACCOUNT_MISMATCH },
		{ "sudo", .service = "sudo", .reason = JWT_DENIED,
		    .rule = "iss exists" },
		{ "a program that nobody thought of", .service = "other",
		    .reason = JWT_DENIED, .rule = "iss exists" },
		{ "a subject that is the account", .service = "cron",
		    .patch = "{'sub':'alice'}", .user = "alice",
		    .reason = JWT_DENIED, .rule = "iss exists" },
	};

	preset_rows(run, rows, sizeof(rows) / sizeof(rows[0]));
}

static void
preset_try(const struct preset *preset, const struct preset_case *rows,
    size_t n)
{
	struct preset_run run = { .preset = preset };
	char alg[32];

	preset_load(&run);
	preset_word(preset->algs, 0, alg);
	run.header = preset_json(preset->header);
	json_object_object_add(run.header, "alg", json_object_new_string(alg));
	run.payload = preset_json(preset->payload);
	preset_try_keys(&run);
	preset_try_algorithms(&run);
	preset_try_types(&run);
	preset_try_purposes(&run);
	preset_try_issuer(&run);
	preset_try_audience(&run);
	preset_try_clock(&run);
	preset_try_lifetime(&run);
	preset_try_others(&run);
	if (preset->account != NULL)
		preset_try_account(&run);
	preset_rows(&run, rows, n);
	printf("%s: %u tokens, %zu of them its own\n", preset->name, run.rows,
	    n);
	json_object_put(run.header);
	json_object_put(run.payload);
	policy_clear(&run.policy);
	assert_int_equal(run.faults, 0);
}

/* test_ID() from ID and ID_cases. */
#define PRESET_TEST(id) \
	static void \
	test_##id(void **state) \
	{ \
		(void)state; \
		preset_try(&id, id##_cases, \
		    sizeof(id##_cases) / sizeof(id##_cases[0])); \
	}

static int
preset_setup(void **state)
{
	(void)state;
	return signer_open();
}

static int
preset_teardown(void **state)
{
	(void)state;
	signer_close();
	return 0;
}

#endif
