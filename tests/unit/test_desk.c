/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The desk of the issuer: what a caller gets for which question.  A database in
 * memory stands for SQLite, with the real decisions of family.c; the accounts
 * and the Redis are stand-ins, too.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <syslog.h>

#include <cmocka.h>

#include "core/base/b64url.h"
#include "issuerd/desk.h"
#include "issuerd/fleet.h"
#include "issuerd/person_account.h"
#include "world.h"

#define START		1700000000
#define ALICE_1	"ssh-ed25519 " \
    "AAAAC3NzaC1lZDI1NTE5AAAAIDPY1TJ19tUr7Q43ag4Ug/HMPXR4CRjsRVSR" \
    "D/sKE/HT"
#define ALICE_2	"ecdsa-sha2-nistp256 " \
    "AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBLNsDZs/" \
    "N77xq/X/kH1qEbZZxqWqxzc5oOi0QOT1hhNtGaqGSKk8i1BIrDvHSjitCUni" \
    "DXffE7qsPOMe99rpDFs="
#define BOB "ssh-ed25519 " \
    "AAAAC3NzaC1lZDI1NTE5AAAAIHSXHNUO949zwSYFVLLYC9WQrmIpnSE+Igi8" \
    "1R1jvjrY"
#define PEOPLE "alice " ALICE_1 "\nalice " ALICE_2 "\nbob " BOB "\n"
#define CONF \
	"[issuer]\niss = https://tokens.test\npublish = /p\n" \
	"access_ttl = 10m\nrefresh_ttl = 1h\nrefresh_idle = 30m\n" \
	"grace = 10s\n"
#define GRANTS \
	"[grant first]\npeople = alice\naudience = ssh://a ssh://b.**\n" \
	"claims = groups\n" \
	"[grant loose]\npeople = alice\naudience = urn:loose:*\n" \
	"bearer = yes\nttl = 1m\n" \
	"[grant wheel]\npeople = %wheel\naudience = urn:wheel\n" \
	"[grant bob]\npeople = bob\naudience = ssh://bob urn:bob\n"

/* ---- the database in memory --------------------------------------------- */

#define STORED_MAX 16
#define WORDS_MAX 8

struct stored {
	struct family family;
	char text[2 + WORDS_MAX][GRANTS_AUDIENCE_MAX + 1];
	const char *words[WORDS_MAX];
};

static struct {
	struct stored item[STORED_MAX];
	size_t count;
	bool fail_start, fail_look, fail_take;
	unsigned again;		/* how many turns are taken by others */
	const char *displaced[2];	/* sids that a login ends; NULL: none */
	unsigned looks;
} base;

static const uint8_t base_secret[FAMILY_SECRET_LEN] = { 42 };

static struct bytes
secret(void)
{
	return bytes_of(base_secret, sizeof(base_secret));
}

static struct stored *
find(const uint8_t id[FAMILY_ID_LEN])
{
	size_t i;

	for (i = 0; i < base.count; i++) {
		if (memcmp(base.item[i].family.id, id, FAMILY_ID_LEN) == 0)
			return &base.item[i];
	}
	return NULL;
}

static void
put_token(struct family_turn *turn, const struct family_token *token)
{
	turn->generation = token->generation;
	assert_int_equal(family_token_write(secret(), token, turn->token),
	    JWT_OK);
	assert_int_equal(family_token_hash(secret(), token, turn->hash),
	    JWT_OK);
}

enum family_result
family_start(struct family_db *db, const struct family_login *login,
    int64_t now, struct family_turn *turn)
{
	struct stored *new = &base.item[base.count];
	struct family_token token = { .generation = 0 };
	size_t i;

	*turn = (struct family_turn){ .is_new = true };
	snprintf(db->fault, sizeof(db->fault), "the disk is gone");
	if (base.fail_start)
		return FAMILY_TROUBLE;
	assert_true(base.count < STORED_MAX);
	assert_int_equal(login->jkt[0] == '\0', login->is_bearer);
	*new = (struct stored){ .family = {
		.is_bearer = login->is_bearer, .is_compact = login->is_compact,
		.is_hardware = login->is_hardware, .auth_time = now,
		.last_iat = now, .ends = now + db->conf->refresh_ttl_sec
	} };
	memset(new->family.id, (int)base.count + 1, FAMILY_ID_LEN);
	family_sid_write(new->family.id, new->family.sid);
	memcpy(token.id, new->family.id, sizeof(token.id));
	snprintf(new->text[0], sizeof(new->text[0]), "%s", login->person);
	snprintf(new->text[1], sizeof(new->text[1]), "%s", login->fingerprint);
	new->family.person = new->text[0];
	new->family.fingerprint = new->text[1];
	for (i = 0; i < login->audience.count; i++) {
		snprintf(new->text[2 + i], sizeof(new->text[0]), "%s",
		    login->audience.item[i]);
		new->words[i] = new->text[2 + i];
	}
	new->family.audience = (struct words){ new->words, i };
	turn->family = new->family;
	turn->iat = now;
	put_token(turn, &token);
	memcpy(new->family.current, turn->hash, HASH_LEN);
	return FAMILY_OK;
}

static enum family_result
look(struct family_db *db, struct bytes text, int64_t now,
    struct family_turn *turn)
{
	const struct family_rules rules = {
		db->conf->refresh_ttl_sec, db->conf->refresh_idle_sec,
		db->conf->grace_sec
	};
	struct family_token token, next;
	enum family_result result;
	uint8_t hash[HASH_LEN];
	struct stored *stored;

	*turn = (struct family_turn){ .is_new = false };
	if (family_token_read(secret(), text, &token) != JWT_OK)
		return FAMILY_UNKNOWN;
	stored = find(token.id);
	if (stored == NULL)
		return FAMILY_UNKNOWN;
	turn->family = stored->family;
	assert_int_equal(family_token_hash(secret(), &token, hash), JWT_OK);
	result = family_decide(&stored->family, &rules, token.generation, hash,
	    now);
	if (result == FAMILY_REUSED) {
		stored->family.ended = now;
		stored->family.end = FAMILY_END_REUSE;
	}
	if (result != FAMILY_OK && result != FAMILY_REPEAT)
		return result;
	assert_int_equal(family_token_next(secret(), &token, &next), JWT_OK);
	put_token(turn, &next);
	turn->iat = result == FAMILY_OK ? now : stored->family.last_iat;
	return result;
}

enum family_result
family_look(struct family_db *db, struct bytes token, int64_t now,
    struct family_turn *turn)
{
	base.looks++;
	*turn = (struct family_turn){ .is_new = false };
	if (base.fail_look)
		return FAMILY_TROUBLE;
	return look(db, token, now, turn);
}

enum family_result
family_take(struct family_db *db, struct family_turn *turn)
{
	struct stored *stored = find(turn->family.id);

	(void)db;
	if (base.fail_take)
		return FAMILY_TROUBLE;
	if (base.again > 0 && base.again--)
		return FAMILY_AGAIN;
	if (turn->is_new) {
		base.count++;
		turn->displaced.item = base.displaced;
		while (turn->displaced.count < 2 &&
		    base.displaced[turn->displaced.count] != NULL)
			turn->displaced.count++;
		return FAMILY_OK;
	}
	assert_non_null(stored);
	if (stored->family.ended != 0)
		return FAMILY_AGAIN;
	if (stored->family.generation == turn->generation)
		return FAMILY_OK;
	memcpy(stored->family.previous, stored->family.current, HASH_LEN);
	memcpy(stored->family.current, turn->hash, HASH_LEN);
	stored->family.generation = turn->generation;
	stored->family.last_iat = turn->iat;
	return FAMILY_OK;
}

enum family_result
family_logout(struct family_db *db, struct bytes token, int64_t now,
    struct family_turn *turn)
{
	enum family_result result = family_look(db, token, now, turn);
	struct stored *stored = find(turn->family.id);

	if (result != FAMILY_OK && result != FAMILY_REPEAT)
		return result;
	assert_non_null(stored);
	stored->family.ended = now;
	stored->family.end = FAMILY_END_LOGOUT;
	return FAMILY_OK;
}

void
family_turn_clear(struct family_turn *turn)
{
	*turn = (struct family_turn){ .is_new = false };
}

/* ---- accounts and fleet ------------------------------------------------- */

static const char *group_names[] = { "alice", "wheel" };
static size_t group_count;
static enum jwt_reason account_reason;

enum jwt_reason
person_account_look_up(const char *name, struct person_account *out)
{
	*out = (struct person_account){ .is_protected = true };
	if (account_reason != JWT_OK)
		return account_reason;
	out->exists = strcmp(name, "alice") == 0;
	out->is_protected = false;
	if (out->exists)
		out->groups = (struct words){ group_names, group_count };
	return JWT_OK;
}

void
person_account_clear(struct person_account *account)
{
	*account = (struct person_account){ .is_protected = true };
}

static enum fleet_result fleet_result;
static unsigned fleet_calls;
static char fleet_sid[FAMILY_SID_LEN + 1];

enum fleet_result
fleet_revoke(const struct issuer_conf *conf, const char *sid, int64_t now,
    char fault[STATE_FAULT_MAX])
{
	(void)conf;
	(void)now;
	fleet_calls++;
	snprintf(fleet_sid, sizeof(fleet_sid), "%s", sid);
	snprintf(fault, STATE_FAULT_MAX, "redis: no answer");
	return fleet_result;
}

/* ---- the world ---------------------------------------------------------- */

static char log_text[65536];

static void
take_line(int priority, const char *line)
{
	size_t len = strlen(log_text), i;

	assert_true(priority >= LOG_ERR && priority <= LOG_INFO);
	for (i = 0; line[i] != '\0'; i++)
		assert_true(line[i] >= ' ' && line[i] < 0x7f);
	/* No token, neither of ours nor a JWT, is ever in the log. */
	assert_null(strstr(line, FAMILY_PREFIX));
	assert_null(strstr(line, "eyJ"));
	snprintf(log_text + len, sizeof(log_text) - len, "%s\n", line);
}

struct office {
	struct issuer_conf conf;
	struct people people;
	struct family_db db;
	struct mint_signer signer;
	struct desk desk;
	struct desk_caller caller;	/* alice, by her first key */
	struct desk_answer answer;
};

static void
read_conf(struct office *office, const char *grants)
{
	char *text = world_text("%s%s", CONF, grants);
	struct diag diag = { .reason = JWT_OK };

	issuer_conf_clear(&office->conf);
	assert_int_equal(issuer_conf_parse(bytes_str(text), "conf", &diag,
	    &office->conf), JWT_OK);
	diag_clear(&diag);
	free(text);
}

static void
read_people(struct office *office, const char *text)
{
	struct diag diag = { .reason = JWT_OK };

	people_clear(&office->people);
	assert_int_equal(people_parse(bytes_str(text), "people", &diag,
	    &office->people), JWT_OK);
	diag_clear(&diag);
	office->caller.person = &office->people.item[0];
}

static int
set_up(void **state)
{
	struct office *office = calloc(1, sizeof(*office));

	assert_non_null(office);
	memset(&base, 0, sizeof(base));
	group_count = 2;
	account_reason = JWT_OK;
	fleet_result = FLEET_NONE;
	fleet_calls = 0;
	log_text[0] = '\0';
	read_conf(office, GRANTS);
	read_people(office, PEOPLE);
	office->db.conf = &office->conf;
	office->signer = keypair_signer(world_key(ALG_ES256));
	office->desk = (struct desk){
		.conf = &office->conf, .people = &office->people,
		.db = &office->db, .secret = secret(),
		.signer = &office->signer, .now = START, .log = take_line
	};
	office->caller.from = "192.0.2.1";
	*state = office;
	return 0;
}

static int
tear_down(void **state)
{
	struct office *office = *state;

	desk_answer_clear(&office->answer);
	people_clear(&office->people);
	issuer_conf_clear(&office->conf);
	free(office);
	return 0;
}

/* ---- questions and answers ---------------------------------------------- */

static bool
answer_has(const struct office *office, const char *text)
{
	return office->answer.text.ptr != NULL && memmem(
	    office->answer.text.ptr, office->answer.text.len, text,
	    strlen(text)) != NULL;
}

static void
has(const struct office *office, const char *text)
{
	if (!answer_has(office, text))
		fail_msg("%s is not in %.*s", text,
		    (int)office->answer.text.len,
		    (const char *)office->answer.text.ptr);
}

/* An answer that gives nothing, and is exactly the name of an error. */
static void
is_error(struct office *office, const char *error)
{
	char wanted[128];

	snprintf(wanted, sizeof(wanted), "{\"error\":\"%s\"}", error);
	assert_string_equal(office->answer.error, error);
	assert_true(bytes_eq_str(secret_bytes(&office->answer.text), wanted));
}

static void
logged(const char *text)
{
	if (strstr(log_text, text) == NULL)
		fail_msg("%s is not in the log:\n%s", text, log_text);
}

static enum desk_result
login(struct office *office, const char *line)
{
	struct serve_words words;

	assert_null(serve_words_read(bytes_str(line), &words));
	desk_answer_clear(&office->answer);
	return desk_login(&office->desk, &office->caller, &words,
	    &office->answer);
}

static enum desk_result
refresh(struct office *office, const char *token, const char *audience)
{
	desk_answer_clear(&office->answer);
	return desk_refresh(&office->desk, &office->caller, bytes_str(token),
	    bytes_str(audience), &office->answer);
}

static enum desk_result
logout(struct office *office, const char *token)
{
	desk_answer_clear(&office->answer);
	return desk_logout(&office->desk, &office->caller, bytes_str(token),
	    &office->answer);
}

/* Copy the string that comes after name, such as "refresh_token". */
static void
get(const struct office *office, const char *name, char *out, size_t size)
{
	char *text = world_text("%.*s", (int)office->answer.text.len,
	    (const char *)office->answer.text.ptr);
	const char *found = strstr(text, name);

	assert_non_null(found);
	found += strlen(name) + strlen("\":\"");
	snprintf(out, size, "%.*s", (int)strcspn(found, "\""), found);
	free(text);
}

/* The refresh token of the answer. */
static void
get_token(const struct office *office, char out[FAMILY_TOKEN_LEN + 1])
{
	get(office, "refresh_token", out, FAMILY_TOKEN_LEN + 1);
	assert_int_equal(strlen(out), FAMILY_TOKEN_LEN);
}

/* The first access token says that. */
static void
token_has(const struct office *office, const char *claim)
{
	char token[1536], payload[1536] = "";
	struct bytes rest, part;

	get(office, "access_token", token, sizeof(token));
	rest = bytes_str(token);
	(void)bytes_cut(&rest, '.');
	part = bytes_cut(&rest, '.');
	assert_int_equal(b64url_decode(part, (uint8_t *)payload), JWT_OK);
	if (strstr(payload, claim) == NULL)
		fail_msg("%s is not in %s", claim, payload);
}

static void
token_is_bound_to(const struct office *office, const struct person *person)
{
	char claim[96];

	snprintf(claim, sizeof(claim), "\"cnf\":{\"jkt\":\"%s\"}",
	    person->key.jkt);
	token_has(office, claim);
}

/* ---- login -------------------------------------------------------------- */

static void
test_login(void **state)
{
	struct office *office = *state;

	assert_int_equal(login(office, "login ssh://a"), DESK_OK);
	assert_null(office->answer.error);
	has(office, "{\"access_token\":\"ey");
	has(office, "\",\"expires_in\":600,\"token_type\":\"Bearer\","
	    "\"refresh_token\":\"pjr1_");
	token_has(office, "\"iss\":\"https://tokens.test\",\"sub\":\"alice\","
	    "\"aud\":\"ssh://a\",\"iat\":1700000000,\"exp\":1700000600");
	token_has(office, "\"auth_time\":1700000000");
	token_has(office, "\"groups\":[\"alice\",\"wheel\"]");
	token_has(office, base.item[0].family.sid);
	token_is_bound_to(office, &office->people.item[0]);
	logged("login issued a token, jti ");
	logged("person=\"alice\" key=\"SHA256:");
	logged("audience=\"ssh://a\" from=\"192.0.2.1\"");

	/* Without an audience: the only one of alice's that has no star. */
	group_count = 1;
	assert_int_equal(login(office, "login"), DESK_OK);
	token_has(office, "\"aud\":\"ssh://a\"");
	assert_int_equal(base.count, 2);
	assert_int_equal(fleet_calls, 0);
}

static void
test_login_several(void **state)
{
	struct office *office = *state;

	assert_int_equal(login(office, "login urn:wheel ssh://a urn:loose:x"),
	    DESK_OK);
	has(office, "{\"tokens\":{\"urn:wheel\":{\"access_token\":\"ey");
	has(office, "\"ssh://a\":{\"access_token\":\"ey");
	has(office, "\",\"expires_in\":60}},\"token_type\":\"Bearer\","
	    "\"refresh_token\":\"pjr1_");
	assert_int_equal(base.count, 1);
	assert_int_equal(base.item[0].family.audience.count, 3);
}

static void
test_login_refused(void **state)
{
	static const struct {
		const char *line, *why;
	} cases[] = {
		{ "login ssh://bob", "no grant fits" },
		{ "login ssh://a ssh://bob", "audience=\"ssh://bob\"" },
		{ "login ssh://A", "no grant fits" },
		{ "login --bearer ssh://a", "no token without cnf" },
		{ "login --bearer urn:loose:x ssh://a", "without cnf" },
		{ "login", "the grants name none or several" },
	};
	struct office *office = *state;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(login(office, cases[i].line), DESK_REFUSED);
		is_error(office, "invalid_target");
		logged(cases[i].why);
	}
	group_count = 1;
	assert_int_equal(login(office, "login urn:wheel"), DESK_REFUSED);
	office->caller.person = &office->people.item[2];
	assert_int_equal(login(office, "login"), DESK_REFUSED);
	is_error(office, "invalid_target");
	office->caller.person = NULL;
	assert_int_equal(login(office, "login ssh://a"), DESK_REFUSED);
	is_error(office, "invalid_request");
	assert_int_equal(base.count, 0);
}

static bool
no_signature(void *context, struct bytes message, struct secret *out)
{
	(void)context;
	(void)message;
	*out = (struct secret){ .len = 0 };
	return false;
}

/* Whatever fails, nothing is issued. */
static void
test_login_trouble(void **state)
{
	struct office *office = *state;
	unsigned i;

	for (i = 0; i < 4; i++) {
		base.fail_start = i == 0;
		base.fail_take = i == 1;
		account_reason = i == 2 ? JWT_INTERNAL : JWT_OK;
		if (i == 3)
			office->signer.sign = no_signature;
		assert_int_equal(login(office, "login ssh://a"), DESK_TROUBLE);
		is_error(office, "temporarily_unavailable");
		assert_int_equal(base.count, 0);
	}
	logged("login failed, the disk is gone: person=\"alice\"");
	office->desk.signer = NULL;
	assert_int_equal(login(office, "login ssh://a"), DESK_TROUBLE);
	is_error(office, "temporarily_unavailable");
	assert_int_equal(base.count, 0);
}

static void
test_bearer(void **state)
{
	struct office *office = *state;
	char token[FAMILY_TOKEN_LEN + 1];

	assert_int_equal(login(office, "login --bearer urn:loose:x"), DESK_OK);
	token_has(office, "\"amr\":[\"pop\"]}");
	get_token(office, token);
	/* It gets no further audience, which a thief could use as well. */
	assert_int_equal(refresh(office, token, "urn:loose:y"), DESK_REFUSED);
	is_error(office, "invalid_target");
	assert_int_equal(refresh(office, token, "urn:loose:x"), DESK_OK);
	token_has(office, "\"amr\":[\"pop\"]}");
	get_token(office, token);
	read_conf(office, "[grant g]\npeople = alice\naudience = ssh://** urn:**\n");
	assert_int_equal(refresh(office, token, ""), DESK_REFUSED);
	is_error(office, "invalid_target");
	logged("the grant gives no token without cnf");
}

static void
test_compact(void **state)
{
	struct office *office = *state;
	char token[FAMILY_TOKEN_LEN + 1];

	assert_int_equal(login(office, "login --compact urn:loose:x"), DESK_OK);
	get_token(office, token);
	assert_int_equal(refresh(office, token, "ssh://a"), DESK_OK);
	get_token(office, token);
	read_conf(office, "[grant g]\npeople = alice\naudience = ssh://** urn:**\n"
	    "claim = note \"0123456789012345678901234567890123456789012345678"
	    "90123456789012345678901234567890123456789\"\n");
	assert_int_equal(refresh(office, token, ""), DESK_REFUSED);
	has(office, "{\"error\":\"invalid_request\",\"error_description\":"
	    "\"a compact token would have more than 511 characters\"}");
	assert_int_equal(base.item[0].family.generation, 1);
	assert_int_equal(login(office, "login --compact ssh://a"),
	    DESK_REFUSED);
	assert_int_equal(base.count, 1);
}

/* ---- refresh ------------------------------------------------------------ */

static void
test_refresh(void **state)
{
	struct office *office = *state;
	char first[FAMILY_TOKEN_LEN + 1], second[FAMILY_TOKEN_LEN + 1];
	char again[FAMILY_TOKEN_LEN + 1];

	assert_int_equal(login(office, "login ssh://a"), DESK_OK);
	get_token(office, first);
	office->desk.now += 100;
	assert_int_equal(refresh(office, first, ""), DESK_OK);
	get_token(office, second);
	assert_string_not_equal(first, second);
	token_has(office, "\"iat\":1700000100,\"exp\":1700000700");
	token_has(office, "\"auth_time\":1700000000");
	token_has(office, base.item[0].family.sid);
	token_is_bound_to(office, &office->people.item[0]);

	has(office, "\"refresh_expires_in\":1800}");

	/* The same answer for a client that has lost it. */
	office->desk.now += 10;
	assert_int_equal(refresh(office, first, ""), DESK_OK);
	get_token(office, again);
	assert_string_equal(second, again);
	token_has(office, "\"iat\":1700000100,\"exp\":1700000700");
	has(office, "\"expires_in\":590,");

	/* Another key of alice's may refresh; the tokens stay what they were. */
	office->caller.person = &office->people.item[1];
	assert_int_equal(refresh(office, second, ""), DESK_OK);
	token_is_bound_to(office, &office->people.item[0]);
	get_token(office, first);
	logged("refresh issued a token, jti ");

	/* So may anybody by CGI, and for whatever alice may get today. */
	office->caller.person = NULL;
	assert_int_equal(refresh(office, first, "ssh://b.new"), DESK_OK);
	token_has(office, "\"sub\":\"alice\",\"aud\":\"ssh://b.new\"");
	token_is_bound_to(office, &office->people.item[0]);

	/* An access token does not outlive the login. */
	get_token(office, first);
	office->desk.now = START + 1700;
	assert_int_equal(refresh(office, first, ""), DESK_OK);
	get_token(office, first);
	office->desk.now = START + 3400;
	assert_int_equal(refresh(office, first, ""), DESK_OK);
	token_has(office, "\"exp\":1700003600");
	has(office, "\"expires_in\":200,");

	/* Nor when refresh_ttl has become shorter since. */
	get_token(office, first);
	office->desk.now = START + 3450;
	office->conf.refresh_ttl_sec = 3500;
	assert_int_equal(refresh(office, first, ""), DESK_OK);
	token_has(office, "\"exp\":1700003500");
	has(office, "\"refresh_expires_in\":50}");
}

/* Refused, with the token as good as before. */
static void
stays(struct office *office, const char *token, const char *audience,
    const char *error)
{
	uint32_t generation = base.item[0].family.generation;

	assert_int_equal(refresh(office, token, audience), DESK_REFUSED);
	is_error(office, error);
	assert_int_equal(base.item[0].family.generation, generation);
	assert_int_equal(base.item[0].family.ended, 0);
	assert_int_equal(fleet_calls, 0);
}

/* What comes first: nobody uses it for refresh_idle, or refresh_ttl is over. */
static void
test_login_left(void **state)
{
	struct office *office = *state;
	char token[FAMILY_TOKEN_LEN + 1];

	assert_int_equal(login(office, "login ssh://a"), DESK_OK);
	has(office, "\"refresh_expires_in\":1800}");
	get_token(office, token);
	office->desk.now += 1700;
	assert_int_equal(refresh(office, token, ""), DESK_OK);
	has(office, "\"refresh_expires_in\":1800}");
	get_token(office, token);
	office->desk.now += 1700;
	assert_int_equal(refresh(office, token, ""), DESK_OK);
	has(office, "\"refresh_expires_in\":200}");
}

static void
test_refresh_refused(void **state)
{
	struct office *office = *state;
	char token[FAMILY_TOKEN_LEN + 1];

	assert_int_equal(login(office, "login ssh://a urn:wheel"), DESK_OK);
	get_token(office, token);
	stays(office, token, "ssh://bob", "invalid_target");
	stays(office, token, "ssh://*", "invalid_target");
	stays(office, token, "ssh://a b", "invalid_target");
	desk_answer_clear(&office->answer);
	assert_int_equal(desk_refresh(&office->desk, &office->caller,
	    bytes_str(token), bytes_of("ssh://a\0x", 9), &office->answer),
	    DESK_REFUSED);
	is_error(office, "invalid_target");
	stays(office, "", "", "invalid_grant");
	stays(office, "pjr1_", "", "invalid_grant");
	stays(office, "eyJ.e30.x", "", "invalid_grant");

	/* The group is lost, and with it one of the two audiences. */
	group_count = 1;
	stays(office, token, "", "invalid_target");
	stays(office, token, "urn:wheel", "invalid_target");
	group_count = 2;

	office->caller.person = &office->people.item[2];
	stays(office, token, "", "invalid_grant");
	logged("refresh refused, the refresh token is another person's: "
	    "person=\"alice\" caller=\"bob\"");

	/* The key of the login is gone, and another one of alice's is not. */
	read_people(office, "alice " ALICE_2 "\nbob " BOB "\n");
	stays(office, token, "", "invalid_grant");
	logged("the key of the login is no longer listed");
	read_people(office, "bob " BOB "\n");
	office->caller.person = NULL;
	stays(office, token, "", "invalid_grant");
	/* Her key is somebody else's now. */
	read_people(office, "bob " ALICE_1 "\n");
	office->caller.person = NULL;
	stays(office, token, "", "invalid_grant");

	read_people(office, PEOPLE);
	assert_int_equal(refresh(office, token, ""), DESK_OK);
	has(office, "{\"tokens\":{\"ssh://a\":");
}

static void
test_refresh_trouble(void **state)
{
	struct office *office = *state;
	char token[FAMILY_TOKEN_LEN + 1];
	unsigned i;

	assert_int_equal(login(office, "login ssh://a"), DESK_OK);
	get_token(office, token);
	office->desk.now -= 1;
	assert_int_equal(refresh(office, token, ""), DESK_TROUBLE);
	is_error(office, "temporarily_unavailable");
	logged("the clock");
	office->desk.now += 1;
	for (i = 0; i < 4; i++) {
		base.fail_look = i == 0;
		base.fail_take = i == 1;
		account_reason = i == 2 ? JWT_OUT_OF_MEMORY : JWT_OK;
		if (i == 3)
			office->signer.sign = no_signature;
		assert_int_equal(refresh(office, token, ""), DESK_TROUBLE);
		is_error(office, "temporarily_unavailable");
		assert_int_equal(base.item[0].family.generation, 0);
	}
}

/* Other processes are first: it looks again, but not for ever. */
static void
test_again(void **state)
{
	struct office *office = *state;
	char token[FAMILY_TOKEN_LEN + 1];

	assert_int_equal(login(office, "login ssh://a"), DESK_OK);
	get_token(office, token);
	base.again = 3;
	assert_int_equal(refresh(office, token, ""), DESK_OK);
	assert_int_equal(base.looks, 4);
	has(office, "\"access_token\"");
	get_token(office, token);
	base.looks = 0;
	base.again = 1000;
	assert_int_equal(refresh(office, token, ""), DESK_TROUBLE);
	is_error(office, "temporarily_unavailable");
	assert_int_equal(base.looks, 8);
	assert_int_equal(base.item[0].family.generation, 1);
}

static void
test_reuse(void **state)
{
	struct office *office = *state;
	char first[FAMILY_TOKEN_LEN + 1], second[FAMILY_TOKEN_LEN + 1];
	char other[FAMILY_TOKEN_LEN + 1];

	assert_int_equal(login(office, "login ssh://a"), DESK_OK);
	get_token(office, other);
	assert_int_equal(login(office, "login ssh://a"), DESK_OK);
	get_token(office, first);
	assert_int_equal(refresh(office, first, ""), DESK_OK);
	get_token(office, second);
	office->desk.now += 11;

	fleet_result = FLEET_OK;
	office->caller.person = NULL;
	assert_int_equal(refresh(office, first, ""), DESK_REFUSED);
	is_error(office, "invalid_grant");
	assert_int_equal(fleet_calls, 1);
	assert_string_equal(fleet_sid, base.item[1].family.sid);
	logged("refresh ended the login: it may be stolen: person=\"alice\"");
	logged("refresh revoked its access tokens:");

	/* Once is enough; and the successor is worth nothing. */
	assert_int_equal(refresh(office, first, ""), DESK_REFUSED);
	is_error(office, "invalid_grant");
	assert_int_equal(refresh(office, second, ""), DESK_REFUSED);
	is_error(office, "invalid_grant");
	assert_int_equal(fleet_calls, 1);
	assert_int_equal(refresh(office, other, ""), DESK_OK);
}

/* Without a Redis, or when it does not answer, the log says what that means. */
static void
test_fleet(void **state)
{
	struct office *office = *state;
	char first[FAMILY_TOKEN_LEN + 1];

	assert_int_equal(login(office, "login ssh://a"), DESK_OK);
	get_token(office, first);
	assert_int_equal(refresh(office, first, ""), DESK_OK);
	office->desk.now += 11;
	fleet_result = FLEET_FAILED;
	assert_int_equal(refresh(office, first, ""), DESK_REFUSED);
	is_error(office, "invalid_grant");
	logged("its access tokens end within 600 seconds, and not now: redis: "
	    "no answer");

	assert_int_equal(login(office, "login ssh://a"), DESK_OK);
	get_token(office, first);
	assert_int_equal(logout(office, first), DESK_TROUBLE);
	is_error(office, "temporarily_unavailable");
	assert_int_not_equal(base.item[1].family.ended, 0);
	/* The client asks again. */
	fleet_result = FLEET_OK;
	fleet_calls = 0;
	assert_int_equal(logout(office, first), DESK_OK);
	assert_int_equal(fleet_calls, 1);
	assert_string_equal(fleet_sid, base.item[1].family.sid);
}

/* Logins that make room for a new one are over for the hosts, too. */
static void
test_displaced(void **state)
{
	struct office *office = *state;

	base.displaced[0] = "sid-of-the-first";
	base.displaced[1] = "sid-of-the-second";
	fleet_result = FLEET_OK;
	assert_int_equal(login(office, "login ssh://a"), DESK_OK);
	has(office, "\"access_token\"");
	assert_int_equal(fleet_calls, 2);
	assert_string_equal(fleet_sid, "sid-of-the-second");
	logged("login ended an older login, because there are more than "
	    "families_max: person=\"alice\"");
	logged("sid=\"sid-of-the-first\"");
	logged("sid=\"sid-of-the-second\"");

	/* A Redis that is gone costs one wait, and not the login. */
	fleet_result = FLEET_FAILED;
	fleet_calls = 0;
	assert_int_equal(login(office, "login ssh://a"), DESK_OK);
	has(office, "\"access_token\"");
	assert_int_equal(fleet_calls, 1);
	logged("login its access tokens end within 600 seconds, and not now: "
	    "redis: no answer");
}

/* ---- logout ------------------------------------------------------------- */

static void
is_done(struct office *office, enum desk_result result)
{
	assert_int_equal(result, DESK_OK);
	assert_null(office->answer.error);
	assert_true(bytes_eq_str(secret_bytes(&office->answer.text), "{}"));
}

static void
test_logout(void **state)
{
	struct office *office = *state;
	char token[FAMILY_TOKEN_LEN + 1], other[FAMILY_TOKEN_LEN + 1];

	assert_int_equal(login(office, "login ssh://a"), DESK_OK);
	get_token(office, other);
	assert_int_equal(login(office, "login ssh://a"), DESK_OK);
	get_token(office, token);

	/* bob's key does not end it. */
	office->caller.person = &office->people.item[2];
	assert_int_equal(logout(office, token), DESK_REFUSED);
	is_error(office, "invalid_grant");
	assert_int_equal(base.item[1].family.ended, 0);
	assert_int_equal(fleet_calls, 0);

	office->caller.person = &office->people.item[1];
	is_done(office, logout(office, token));
	assert_int_not_equal(base.item[1].family.ended, 0);
	assert_int_equal(fleet_calls, 1);
	logged("logout ended the login: person=\"alice\"");
	logged("logout no redis is configured, so its access tokens end within "
	    "600 seconds:");
	assert_int_equal(refresh(office, token, ""), DESK_REFUSED);
	is_error(office, "invalid_grant");
	is_done(office, logout(office, token));
	is_done(office, logout(office, "pjr1_x"));
	is_done(office, logout(office, ""));

	/* By CGI, and after alice has lost her access. */
	office->caller.person = NULL;
	read_people(office, "bob " BOB "\n");
	office->caller.person = NULL;
	is_done(office, logout(office, other));
	assert_int_not_equal(base.item[0].family.ended, 0);
}

static void
test_logout_trouble(void **state)
{
	struct office *office = *state;
	char first[FAMILY_TOKEN_LEN + 1];

	assert_int_equal(login(office, "login ssh://a"), DESK_OK);
	get_token(office, first);
	base.fail_look = true;
	assert_int_equal(logout(office, first), DESK_TROUBLE);
	office->caller.person = NULL;
	assert_int_equal(logout(office, first), DESK_TROUBLE);
	is_error(office, "temporarily_unavailable");
	base.fail_look = false;

	/* An old token ends the family as well, and the hosts are told once. */
	assert_int_equal(refresh(office, first, ""), DESK_OK);
	office->desk.now += 11;
	office->caller.person = &office->people.item[0];
	is_done(office, logout(office, first));
	assert_int_equal(base.item[0].family.end, FAMILY_END_REUSE);
	assert_int_equal(fleet_calls, 1);
	is_done(office, logout(office, first));
	assert_int_equal(fleet_calls, 1);
}

/* It is a reuse whoever has the old token: the log and the hosts learn it. */
static void
test_logout_reuse_of_others(void **state)
{
	struct office *office = *state;
	char first[FAMILY_TOKEN_LEN + 1];

	assert_int_equal(login(office, "login ssh://a"), DESK_OK);
	get_token(office, first);
	assert_int_equal(refresh(office, first, ""), DESK_OK);
	office->desk.now += 11;
	fleet_result = FLEET_OK;
	office->caller.person = &office->people.item[2];
	assert_int_equal(logout(office, first), DESK_REFUSED);
	is_error(office, "invalid_grant");
	assert_int_equal(base.item[0].family.end, FAMILY_END_REUSE);
	assert_int_equal(fleet_calls, 1);
	assert_string_equal(fleet_sid, base.item[0].family.sid);
	logged("logout ended the login: it may be stolen: person=\"alice\" "
	    "caller=\"bob\"");
	assert_int_equal(logout(office, first), DESK_REFUSED);
	assert_int_equal(fleet_calls, 1);
}

/* ---- whoami ------------------------------------------------------------- */

static void
test_about(void **state)
{
	struct office *office = *state;

	assert_int_equal(desk_whoami(&office->desk, &office->caller,
	    &office->answer), DESK_OK);
	has(office, "{\"iss\":\"https://tokens.test\",\"sub\":\"alice\","
	    "\"key\":\"SHA256:");
	has(office, "{\"grant\":\"first\",\"audience\":[\"ssh://a\","
	    "\"ssh://b.**\"],\"expires_in\":600}");
	has(office, "\"wheel\"");
	assert_false(answer_has(office, "bob"));
	desk_answer_clear(&office->answer);

	group_count = 1;
	assert_int_equal(desk_help(&office->desk, &office->caller,
	    &office->answer), DESK_OK);
	has(office, "https://tokens.test: you are alice, by the key SHA256:");
	has(office, "    ssh://b.**, for 600 seconds\n");
	has(office, "    urn:loose:*, for 60 seconds, also with --bearer\n");
	has(office, "    issuer   = tokens@tokens.test\n");
	assert_false(answer_has(office, "bob"));
	assert_false(answer_has(office, "wheel"));
	desk_answer_clear(&office->answer);

	account_reason = JWT_INTERNAL;
	assert_int_equal(desk_whoami(&office->desk, &office->caller,
	    &office->answer), DESK_TROUBLE);
	is_error(office, "temporarily_unavailable");
	desk_answer_clear(&office->answer);
	office->caller.person = NULL;
	assert_int_equal(desk_help(&office->desk, &office->caller,
	    &office->answer), DESK_REFUSED);
	is_error(office, "invalid_request");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define DESK_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
		DESK_TEST(test_login),
		DESK_TEST(test_login_several),
		DESK_TEST(test_login_refused),
		DESK_TEST(test_login_trouble),
		DESK_TEST(test_bearer),
		DESK_TEST(test_compact),
		DESK_TEST(test_refresh),
		DESK_TEST(test_login_left),
		DESK_TEST(test_refresh_refused),
		DESK_TEST(test_refresh_trouble),
		DESK_TEST(test_again),
		DESK_TEST(test_reuse),
		DESK_TEST(test_fleet),
		DESK_TEST(test_displaced),
		DESK_TEST(test_logout),
		DESK_TEST(test_logout_trouble),
		DESK_TEST(test_logout_reuse_of_others),
		DESK_TEST(test_about),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
