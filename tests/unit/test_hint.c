/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The hint at the end of a log line: that it names the fault of each reason, and
 * is not there, or another one, without the fault; what it must not hold; and
 * where it ends.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/logline.h"
#include "world.h"

#define SHOWN_SIZE 300	/* of a hint in a line */
#define HEADER "{\"alg\":\"ES256\",\"kid\":\"ES256\"}"
#define TIMES "\"iat\":1699999990,\"exp\":1700000600"
#define ISS "\"iss\":\"" WORLD_ISS "\""
#define AUD "\"aud\":\"urn:h\""
#define GOOD "{" WORLD_CLAIMS "}"
#define TRUE_4 "x = 1 and x = 1 and x = 1 and x = 1 and "
#define TRUE_16 TRUE_4 TRUE_4 TRUE_4 TRUE_4
#define WITH(more) "{" WORLD_CLAIMS "," more "}"

/* A decision: what differs from a login of alice to service s. */
struct attempt {
	const char *issuer;	/* settings of [issuer t]; NULL: none */
	const char *rules;	/* of [service s] */
	const char *header;	/* NULL: HEADER */
	const char *claims;
	const char *service;	/* PAM_SERVICE; NULL: s */
	const char *user;	/* NULL: alice */
	const struct state_store *state;
	bool is_changed;	/* the signature is not that of the token */
};

/* Another letter of base64url. */
static void
change(char *letter)
{
	*letter = *letter == 'A' ? 'B' : 'A';
}

/* Reach the verdict and write its line; returns the reason. */
static enum jwt_reason
decide(const struct attempt *attempt, char line[LOGLINE_SIZE],
    char terminal[HINT_SIZE])
{
	const char *service = attempt->service ? attempt->service : "s";
	struct logline_caller caller = { .user = "alice" };
	struct world world;
	struct verdict verdict;
	struct verdict_input in = {
		.policy = &world.policy, .now = WORLD_NOW,
		.user = attempt->user ? attempt->user : "alice",
		.accounts = world_accounts(), .state = attempt->state
	};
	struct hint_facts facts = {
		.in = &in, .verdict = &verdict, .service = service
	};
	char *token = world_sign(ALG_ES256,
	    attempt->header ? attempt->header : HEADER, attempt->claims);
	enum jwt_reason reason;

	if (world_load(&world, attempt->issuer ? attempt->issuer : "",
	    attempt->rules ? attempt->rules : "", world_jwk(ALG_ES256)) !=
	    JWT_OK)
		fail_msg("%s", diag_first_error(&world.diag)->text);
	if (attempt->is_changed)
		change(&token[strlen(token) - 10]);
	in.service = policy_service(&world.policy, service);
	in.jws = world_parse(bytes_str(token));
	reason = verdict_reach(&in, &verdict);
	logline_format(&caller, &facts, line);
	hint_write(&facts, HINT_TERMINAL, terminal, HINT_SIZE);
	verdict_clear(&verdict);
	world_clear(&world);
	free(token);
	return reason;
}

/* The value of hint= in a line; "" without one. */
static void
hint_of(const char *line, char out[SHOWN_SIZE])
{
	const char *hint = strstr(line, " hint=\"");
	size_t len;

	out[0] = '\0';
	if (hint == NULL)
		return;
	assert_true(strlen(hint) <= LOGLINE_HINT_MAX);
	hint += strlen(" hint=\"");
	len = strlen(hint);
	assert_int_equal(hint[len - 1], '"');
	snprintf(out, SHOWN_SIZE, "%.*s", (int)len - 1, hint);
	assert_null(strchr(out, '"'));
}

/* ---- each reason ---- */

static const struct {
	struct attempt attempt;
	enum jwt_reason reason;
	const char *hint;	/* the whole hint; "" for none */
} rows[] = {
	{ { .claims = GOOD }, JWT_OK, "" },
	/* issuer and key */
	{ { .claims = "{\"iss\":\"https://id.test/\"}" }, JWT_ISSUER_UNKNOWN,
	    "iss is 'https://id.test/', which differs only by a trailing "
	    "slash; [issuer t] has https://id.test" },
	{ { .claims = "{\"iss\":\"https://ID.test\"}" }, JWT_ISSUER_UNKNOWN,
	    "iss is 'https://ID.test', which differs only by upper and lower "
	    "case; [issuer t] has https://id.test" },
	{ { .claims = "{\"iss\":\"https://other.test\"}" },
	    JWT_ISSUER_UNKNOWN,
	    "iss is 'https://other.test'; configured: https://id.test" },
	{ { .claims = "{\"iss\":7}" }, JWT_ISSUER_UNKNOWN,
	    "iss is absent, or not a string; configured: https://id.test" },
	{ { .claims = GOOD, .header = "{\"alg\":\"ES256\",\"kid\":\"k9\"}" },
	    JWT_KEY_UNKNOWN, "the token's kid is 'k9', the keys of issuer t "
	    "are 'ES256': does the issuer have new keys?" },
	{ { .claims = GOOD, .is_changed = true }, JWT_SIGNATURE_INVALID,
	    "the token's kid is 'ES256'; the token was changed, or issuer t "
	    "signs with another key than the one in its key file" },
	{ { .claims = GOOD, .header = "{\"alg\":\"ES384\",\"kid\":\"ES256\"}" },
	    JWT_ALG_NOT_ALLOWED, "issuer t may use ES256, and the key of its "
	    "kid is for ES256" },
	/* claims */
	{ { .claims = GOOD, .issuer = "types = at+jwt" },
	    JWT_TYPE_NOT_ACCEPTED, "typ is absent, accepted are at+jwt" },
	{ { .claims = WITH("\"events\":{}") }, JWT_TYPE_NOT_ACCEPTED,
	    "typ is absent, accepted are JWT at+jwt none; the claim events is "
	    "an object" },
	{ { .claims = "{" ISS ",\"sub\":\"a\",\"aud\":\"urn:x\"," TIMES "}" },
	    JWT_AUDIENCE_MISMATCH,
	    "aud holds 'urn:x', this host accepts 'urn:h'" },
	{ { .claims = "{" ISS ",\"aud\":[\"a\",\"b\",\"c\",\"d\"]}" },
	    JWT_AUDIENCE_MISMATCH,
	    "aud holds 'a' 'b' 'c' ..., this host accepts 'urn:h'" },
	{ { .claims = "{" ISS ",\"aud\":7}" }, JWT_CLAIM_INVALID,
	    "aud must be a string, or an array of strings: 7" },
	{ { .claims = "{" ISS "," AUD ",\"exp\":\"7\",\"jti\":1}" },
	    JWT_CLAIM_INVALID,
	    "exp is not a time: '7'; jti is not plain text: 1" },
	{ { .claims = "{" ISS "," AUD ",\"exp\":1699990000}" }, JWT_EXPIRED,
	    "exp is 2023-11-14 19:26:40 UTC, 2h46m ago; leeway is 60s" },
	{ { .claims = WITH("\"nbf\":1700000300") }, JWT_NOT_YET_VALID,
	    "nbf is 2023-11-14 22:18:20 UTC, in 5m; leeway is 60s: do the "
	    "clocks agree?" },
	{ { .claims = "{" ISS "," AUD ",\"exp\":1700000600,\"iat\":"
	    "1700000600}" }, JWT_ISSUED_IN_FUTURE,
	    "iat is 2023-11-14 22:23:20 UTC, in 10m; leeway is 60s: do the "
	    "clocks agree?" },
	{ { .claims = "{" ISS "," AUD ",\"exp\":1700000600,\"iat\":"
	    "1700000600000}" }, JWT_ISSUED_IN_FUTURE,
	    "iat is in milliseconds (1700000600000); a time is in seconds "
	    "since 1970 (RFC 7519 section 2)" },
	{ { .claims = "{" ISS "," AUD ",\"exp\":1700000600,\"iat\":"
	    "1699990000}", .issuer = "max_age = 1h" }, JWT_TOO_OLD,
	    "iat is 2023-11-14 19:26:40 UTC, 2h46m ago; max_age is 1h" },
	{ { .claims = "{" ISS "," AUD ",\"exp\":1700200000,\"iat\":"
	    "1700000000}" }, JWT_LIFETIME_TOO_LONG,
	    "exp is 2d7h after iat; max_lifetime is 1d" },
	{ { .claims = "{" ISS "," AUD "," TIMES ",\"sub\":\"\"}" },
	    JWT_SUBJECT_MISSING, "sub is ''; it is needed also where no rule "
	    "looks at it, as the log and revoking go by it" },
	/* rules: the test that failed, of the line that came nearest */
	{ { .claims = WITH("\"groups\":[\"users\"]"),
	    .rules = "permit = as claim sub if groups has \"admins\"" },
	    JWT_NOT_PERMITTED, "line 7: groups has 'admins' is false" },
	{ { .claims = GOOD,
	    .rules = "permit = as claim sub if groups has \"admins\"" },
	    JWT_NOT_PERMITTED, "line 7: groups has 'admins' is unknown (the "
	    "claim is absent)" },
	{ { .claims = WITH("\"groups\":[\"admins\"]"),
	    .rules = "permit = as claim sub if groups has \"admins\"" },
	    JWT_OK, "" },
	{ { .claims = WITH("\"groups\":[\"a\"],\"x\":1"),
	    .rules = "permit = as claim sub if groups has \"b\" and x = 2\n"
	    "permit = as claim sub if x = 1 and groups has \"c\"" },
	    JWT_NOT_PERMITTED, "line 8: groups has 'c' is false" },
	{ { .claims = WITH("\"groups\":[\"a\"],\"x\":1"),
	    .rules = "permit = as bob if x = 1 and groups has \"b\"\n"
	    "permit = as claim sub if x = 2 and groups has \"c\"" },
	    JWT_NOT_PERMITTED,
	    "line 8: x = 2 is false, groups has 'c' is false" },
	/* of a rule of many tests the one that is missed is not left out */
	{ { .claims = WITH("\"x\":1"),
	    .rules = "permit = as claim sub if " TRUE_16 "x = 2" },
	    JWT_NOT_PERMITTED, "line 7: x = 2 is false" },
	{ { .claims = WITH("\"x\":1"),
	    .rules = "permit = as claim sub if " TRUE_16 "time 09:00-17:00" },
	    JWT_NOT_PERMITTED, "all that is missing is time 09:00-17:00; "
	    "nobody knows the time: the clock of the host is not set, or "
	    "/etc/localtime is not a time zone" },
	{ { .claims = WITH("\"x\":1"), .rules = "permit = as bob if x = 2" },
	    JWT_NOT_PERMITTED, "line 7: x = 2 is false, and its account is "
	    "bob" },
	{ { .claims = WITH("\"x\":1"),
	    .rules = "permit = as claim sub if not x = 1" },
	    JWT_NOT_PERMITTED, "line 7: x = 1 is true" },
	{ { .claims = WITH("\"amr\":[\"pwd\"]"),
	    .rules = "permit = as claim sub if amr has \"hwk\"" },
	    JWT_NOT_PERMITTED, "all that is missing is amr has 'hwk'" },
	{ { .claims = WITH("\"act\":{}") }, JWT_NOT_PERMITTED, "the token has "
	    "act (somebody acts for the subject), so only a rule that looks "
	    "at act permits it" },
	{ { .claims = WITH("\"_claim_names\":{}"),
	    .rules = "permit = as claim sub if groups has \"a\"" },
	    JWT_NOT_PERMITTED, "groups is absent and _claim_names is there: "
	    "overage, the user is in more groups than fit in a token; use app "
	    "roles" },
	{ { .claims = GOOD, .rules = "deny = if iss exists" }, JWT_DENIED,
	    "line 7: iss exists is true" },
	{ { .claims = GOOD, .rules = "deny = if x = 1" }, JWT_DENIED,
	    "line 7: x = 1 is unknown (the claim is absent)" },
	{ { .claims = WITH("\"x\":2"), .rules = "deny = if x = 1" }, JWT_OK,
	    "" },
	/* the section that answers */
	{ { .claims = GOOD, .service = "sshd",
	    .rules = "[service *]\ndeny = if iss exists" }, JWT_DENIED,
	    "no [service sshd], so [service *] counts; line 8: iss exists is "
	    "true" },
	{ { .claims = GOOD, .service = "sshd", .user = "bob" },
	    JWT_ACCOUNT_MISMATCH, "asked for is 'bob', the token is for "
	    "'alice'; no [service sshd] and no [service *], so 'permit = as "
	    "claim sub' counts" },
	/* account */
	{ { .claims = GOOD, .user = "bob" }, JWT_ACCOUNT_MISMATCH,
	    "asked for is 'bob', the token is for 'alice'" },
	{ { .claims = GOOD, .user = "nobody-here",
	    .rules = "permit = as nobody-here" }, JWT_ACCOUNT_UNKNOWN,
	    "the account is nobody-here by line 7; see getent passwd "
	    "'nobody-here'" },
	{ { .claims = "{" ISS "," AUD "," TIMES ",\"sub\":\"A B\"}" },
	    JWT_ACCOUNT_INVALID, "the claim is 'A B'; a name has a-z 0-9 _ - "
	    "and dots inside, at most 32 bytes; 'lower' makes A-Z lowercase, "
	    "'exactly' takes others" },
	{ { .claims = WITH("\"client_id\":\"alice\"") },
	    JWT_CLIENT_NOT_ACCEPTED, "sub is equal to client_id: it is the "
	    "token of a program, which logs in by 'as NAME' or by a map; or "
	    "write clients = yes" },
	/* proof */
	{ { .claims = WITH("\"cnf\":{}") }, JWT_PROOF_MISSING, "the token is "
	    "bound to a key (cnf), and the section of this service has no "
	    "proof" },
	{ { .claims = GOOD, .service = "sshd",
	    .rules = "[service sshd]\nproof = ssh-key\nrequire_proof = yes" },
	    JWT_PROOF_MISSING, "require_proof is set, and the token has no "
	    "cnf" },
	{ { .claims = WITH("\"cnf\":{\"x\":1}"), .service = "sshd",
	    .rules = "[service sshd]\nproof = ssh-key" },
	    JWT_CLAIM_INVALID, "cnf must have one member: jkt, a public jwk, "
	    "or kid with the fingerprint of an ssh key" },
	/* the form of a stranger's text is not said, as it may be a password */
	{ { .claims = "[]" }, JWT_JSON_INVALID, "" },
	{ { .claims = GOOD, .header = "{\"alg\":\"none\"}" },
	    JWT_ALG_UNSUPPORTED, "" },
	{ { .claims = GOOD, .header = "{\"alg\":\"ES256\",\"jku\":\"x\"}" },
	    JWT_HEADER_INVALID, "" },
};

static void
test_reasons(void **state)
{
	char line[LOGLINE_SIZE], terminal[HINT_SIZE], hint[SHOWN_SIZE];
	size_t i, k;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		enum jwt_reason reason = decide(&rows[i].attempt, line,
		    terminal);

		if (reason != rows[i].reason)
			fail_msg("row %zu: %s: %s", i, reason_name(reason),
			    line);
		hint_of(line, hint);
		if (strcmp(hint, rows[i].hint) != 0)
			fail_msg("row %zu: %s", i, hint);
		/* The command says the same, in other quotes. */
		for (k = 0; terminal[k] != '\0'; k++) {
			if (terminal[k] == '"')
				terminal[k] = '\'';
		}
		if (strstr(hint, "...") == NULL)
			assert_string_equal(terminal, hint);
	}
}

/* ---- state ---- */

/* A store that knows one fact. */
static enum jwt_reason
know_one(void *ctx, const struct state_question *question,
    struct state_answer *answer)
{
	const enum state_kind *kind = ctx;
	size_t i;

	for (i = 0; i < question->count; i++) {
		answer->fact[i].found = question->ask[i].id.kind == *kind;
		answer->fact[i].cutoff = WORLD_NOW;
	}
	return JWT_OK;
}

static void
test_state(void **state)
{
	static const struct {
		enum state_kind kind;
		enum jwt_reason reason;
		const char *hint;
	} facts[] = {
		{ STATE_TOKEN, JWT_REVOKED, "the token itself is revoked" },
		{ STATE_SESSION, JWT_REVOKED, "the session 's1' at the issuer" },
		{ STATE_ACCOUNT, JWT_REVOKED, "the account alice is cut off, "
		    "for every method; pam-jwt revoke --account 'alice'" },
		{ STATE_SUBJECT, JWT_SUPERSEDED, "the tokens of the subject "
		    "up to 2023-11-14 22:13:20 UTC are revoked, and this one "
		    "was issued 2023-11-14 22:13:10 UTC: get a new one" },
		{ STATE_ISSUER, JWT_SUPERSEDED, "all tokens of the issuer "
		    "up to 2023-11-14 22:13:20 UTC are revoked, and this" },
		{ STATE_USED, JWT_REPLAYED, "each token logs in only once" },
	};
	char line[LOGLINE_SIZE], terminal[HINT_SIZE], hint[SHOWN_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(facts) / sizeof(facts[0]); i++) {
		enum state_kind kind = facts[i].kind;
		struct state_store store = {
			.ask = know_one, .ctx = &kind, .fault = ""
		};
		struct attempt attempt = {
			.claims = WITH("\"jti\":\"j\",\"sid\":\"s1\""),
			.rules = "single_use = yes", .state = &store
		};

		assert_int_equal(decide(&attempt, line, terminal),
		    facts[i].reason);
		hint_of(line, hint);
		if (strstr(hint, facts[i].hint) != hint)
			fail_msg("%s", hint);
	}
}

/* ---- what a hint must not hold ---- */

/* A marker in every claim and header of a token that is not verified. */
#define MARK "MARKED"

static void
test_unverified(void **state)
{
	static const struct attempt attempts[] = {
		{ .is_changed = true, .header = HEADER },
		{ .header = "{\"alg\":\"ES256\",\"kid\":\"k9\",\"x\":\"" MARK
		    "\",\"typ\":\"" MARK "\"}" },
		{ .header = "{\"alg\":\"" MARK "\",\"kid\":\"ES256\"}" },
		{ .header = "{\"alg\":\"ES384\",\"kid\":\"ES256\",\"typ\":\""
		    MARK "\"}" },
		{ .header = "{\"alg\":\"ES256\",\"crit\":[\"" MARK "\"]}" },
		{ .header = "{\"alg\":\"ES256\",\"jku\":\"" MARK "\"}" },
		{ .header = "{\"alg\":\"ES256\",\"kid\":\"" MARK }
	};
	char line[LOGLINE_SIZE], terminal[HINT_SIZE];
	size_t i, k;

	(void)state;
	for (i = 0; i < sizeof(attempts) / sizeof(attempts[0]); i++) {
		for (k = 0; k < 2; k++) {
			struct attempt attempt = attempts[i];

			attempt.claims = k == 0 ?
			    "{" ISS ",\"sub\":\"" MARK "\",\"aud\":\"" MARK
			    "\",\"exp\":1,\"groups\":[\"" MARK "\"]}" :
			    "{\"iss\":\"x\",\"sub\":\"" MARK "\",\"aud\":\""
			    MARK "\",\"exp\":1}";
			assert_int_not_equal(decide(&attempt, line, terminal),
			    JWT_OK);
			if (strstr(line, MARK) != NULL)
				fail_msg("%zu: %s", i, line);
		}
	}
}

/* Hints about claims are for verified tokens, whatever the reason says. */
static void
test_needs_claims(void **state)
{
	struct issuer issuer = { .name = "t", .iss = WORLD_ISS };
	struct service service = { .names.count = 0 };
	struct rule rule = { .line = 7, .text = "as claim sub" };
	struct verdict verdict = {
		.service = &service, .issuer = &issuer, .rule = &rule
	};
	struct policy policy = { .issuers = &issuer, .issuer_count = 1 };
	struct verdict_input in = { .policy = &policy, .now = WORLD_NOW };
	struct hint_facts facts = {
		.in = &in, .verdict = &verdict, .service = "s"
	};
	char out[HINT_SIZE];
	unsigned i;

	(void)state;
	for (i = JWT_OK; i < JWT_REASON_COUNT; i++) {
		enum jwt_class class = reason_class((enum jwt_reason)i);

		verdict.reason = (enum jwt_reason)i;
		if (class == JWT_CLASS_KEY || i == JWT_ISSUER_UNKNOWN ||
		    class == JWT_CLASS_CONFIGURATION ||
		    i == JWT_ENCRYPTION_MISSING)
			continue;
		hint_write(&facts, HINT_LOG, out, sizeof(out));
		if (class == JWT_CLASS_POLICY || class == JWT_CLASS_ACCOUNT)
			assert_int_equal(strncmp(out, "no [service s] ", 15),
			    0);
		else
			assert_string_equal(out, "");
	}
	/* There is no hint for what would help an attacker. */
	verdict.reason = JWT_DECRYPT_FAILED;
	hint_write(&facts, HINT_LOG, out, sizeof(out));
	assert_string_equal(out, "");
}

/* A value of the token ends neither its own quotes nor those of the hint. */
static void
test_quotes(void **state)
{
	struct attempt attempt = {
		.claims = "{" ISS ",\"aud\":\"a\\\" reason=ok x='b'\\n\\\\\"}"
	};
	char line[LOGLINE_SIZE], terminal[HINT_SIZE], hint[SHOWN_SIZE];

	(void)state;
	assert_int_equal(decide(&attempt, line, terminal),
	    JWT_AUDIENCE_MISMATCH);
	hint_of(line, hint);
	assert_string_equal(hint, "aud holds 'a\\x22 reason=ok x=\\x27b\\x27"
	    "\\x0a\\x5c', this host accepts 'urn:h'");
	assert_string_equal(terminal, "aud holds \"a\\x22 reason=ok x='b'"
	    "\\x0a\\x5c\", this host accepts \"urn:h\"");
}

/* Of a long value the start is shown, so that what is accepted is there, too. */
static void
test_value_length(void **state)
{
	char value[82], *claims, line[LOGLINE_SIZE], terminal[HINT_SIZE];
	char hint[SHOWN_SIZE], wanted[SHOWN_SIZE];
	struct attempt attempt = { .claims = NULL };
	size_t len;

	(void)state;
	for (len = 80; len <= 81; len++) {
		memset(value, 'v', len);
		value[len] = '\0';
		claims = world_text("{" ISS ",\"aud\":\"%s\"}", value);
		attempt.claims = claims;
		assert_int_equal(decide(&attempt, line, terminal),
		    JWT_AUDIENCE_MISMATCH);
		hint_of(line, hint);
		snprintf(wanted, sizeof(wanted), "aud holds '%.80s%s', this "
		    "host accepts 'urn:h'", value, len > 80 ? "..." : "");
		assert_string_equal(hint, wanted);
		free(claims);
	}
}

/* ---- where it ends ---- */

/* A permit rule whose test has a value of that length, or of that text. */
static enum jwt_reason
long_hint(size_t len, char hint[SHOWN_SIZE])
{
	char value[SHOWN_SIZE], rules[SHOWN_SIZE + 64], line[LOGLINE_SIZE];
	char terminal[HINT_SIZE];
	struct attempt attempt = { .claims = WITH("\"x\":\"y\"") };
	enum jwt_reason reason;

	memset(value, 'v', len);
	value[len] = '\0';
	snprintf(rules, sizeof(rules), "permit = as claim sub if x = \"%s\"",
	    value);
	attempt.rules = rules;
	reason = decide(&attempt, line, terminal);
	hint_of(line, hint);
	return reason;
}

static void
test_length(void **state)
{
	/* " hint=", two quotes, and what stands around the value */
	const size_t most = LOGLINE_HINT_MAX - strlen(" hint=\"\"") -
	    strlen("line 7: x = '' is false");
	char hint[SHOWN_SIZE];

	(void)state;
	assert_int_equal(long_hint(most, hint), JWT_NOT_PERMITTED);
	assert_int_equal(strlen(hint), LOGLINE_HINT_MAX - 8);
	assert_string_equal(hint + strlen(hint) - 10, "' is false");
	assert_int_equal(long_hint(most + 1, hint), JWT_NOT_PERMITTED);
	assert_int_equal(strlen(hint), LOGLINE_HINT_MAX - 8);
	assert_string_equal(hint + strlen(hint) - 9, "' is f...");
}

/* Long fields in front take nothing from a hint, nor it from them. */
static void
test_fields(void **state)
{
	struct verdict verdict = { .reason = JWT_CONFIG_INVALID };
	struct verdict_input in = { .policy = NULL };
	struct hint_facts facts = {
		.in = &in, .verdict = &verdict, .service = "s"
	};
	char user[131], line[LOGLINE_SIZE], short_hint[SHOWN_SIZE];
	char hint[SHOWN_SIZE];
	struct logline_caller caller = { .user = user };

	(void)state;
	memset(user, 'u', sizeof(user) - 1);
	user[sizeof(user) - 1] = '\0';
	logline_format(&caller, &facts, line);
	hint_of(line, short_hint);
	assert_string_equal(short_hint,
	    "nobody logs in until pam-jwt check finds no error");
	caller.ruser = caller.rhost = caller.tty = user;
	logline_format(&caller, &facts, line);
	hint_of(line, hint);
	assert_string_equal(hint, short_hint);
	assert_non_null(strstr(line, " rule= hint="));
	/* A line that is cut has none: its last value may lack the quote. */
	memset(user, '\n', sizeof(user) - 1);
	logline_format(&caller, &facts, line);
	hint_of(line, hint);
	assert_string_equal(hint, "");
	assert_string_equal(line + strlen(line) - 3, "...");
	assert_true(strlen(line) < LOGLINE_FIELDS_SIZE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reasons),
		cmocka_unit_test(test_state),
		cmocka_unit_test(test_unverified),
		cmocka_unit_test(test_needs_claims),
		cmocka_unit_test(test_quotes),
		cmocka_unit_test(test_value_length),
		cmocka_unit_test(test_length),
		cmocka_unit_test(test_fields),
	};

	return cmocka_run_group_tests_name("hint", tests, NULL, NULL);
}
