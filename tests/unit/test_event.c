/* SPDX-License-Identifier: BSD-2-Clause */
/* Security event tokens: which are taken, and what their events say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/event.h"
#include "world.h"

#define CAEP "https://schemas.openid.net/secevent/caep/event-type/"
#define RISC "https://schemas.openid.net/secevent/risc/event-type/"
#define IAT "1699999990"

#define TYPED(typ) "{\"alg\":\"ES256\",\"kid\":\"ES256\"" typ "}"
#define HEADER TYPED(",\"typ\":\"secevent+jwt\"")

/* A SET without events, with one, and a subject. */
#define BARE "\"iss\":\"" WORLD_ISS "\",\"aud\":\"urn:h\",\"jti\":\"e1\""
#define BASE BARE ",\"iat\":" IAT
#define EVENT(uri, body) ",\"events\":{\"" uri "\":{" body "}}"
#define REVOKED(body) EVENT(CAEP "session-revoked", body)
#define USER_OF(iss, sub) \
	"{\"format\":\"iss_sub\",\"iss\":\"" iss "\",\"sub\":\"" sub "\"}"
#define ALICE USER_OF(WORLD_ISS, "alice")
#define SESSION "{\"format\":\"opaque\",\"id\":\"s1\"}"
#define COMPLEX(more) \
	"{\"format\":\"complex\",\"user\":" ALICE ",\"session\":" SESSION more "}"
#define SUB_ID(subject) ",\"sub_id\":" subject
#define SET(subject) "{" BASE REVOKED("") SUB_ID(subject) "}"
#define AT(time) \
	"{" BASE REVOKED("\"event_timestamp\":" time) SUB_ID(ALICE) "}"
#define TOE(time) "{" BASE REVOKED("") SUB_ID(ALICE) ",\"toe\":" time "}"

/* A token that was read; what an event says is borrowed from it. */
struct set {
	char *token;
	struct jws *jws;
	const struct claims *claims;
	struct event_list list;
	enum jwt_reason reason;
};

static struct world world;

static int
load(void **state)
{
	(void)state;
	assert_int_equal(world_load(&world, "", "permit = as claim sub\n",
	    world_set(world_jwk(ALG_ES256), NULL)), JWT_OK);
	return 0;
}

static int
unload(void **state)
{
	(void)state;
	world_clear(&world);
	return 0;
}

static void
verify(struct set *set, const char *header, const char *payload)
{
	const struct issuer *issuer = &world.policy.issuers[0];

	*set = (struct set){ .token = world_sign(ALG_ES256, header, payload) };
	assert_int_equal(jws_parse(bytes_str(set->token), &set->jws), JWT_OK);
	assert_int_equal(jws_verify(set->jws, &issuer->set,
	    issuer->algorithms, &set->claims), JWT_OK);
}

static void
read_at(struct set *set, const char *header, const char *payload, int64_t now,
    bool credential_change)
{
	const struct issuer *issuer = &world.policy.issuers[0];
	struct claims_identity id;

	verify(set, header, payload);
	set->reason = claims_check_event(set->claims, issuer, now, &id);
	if (set->reason == JWT_OK)
		set->reason = event_read(set->claims, &id, now,
		    credential_change, &set->list);
}

static void
forget(struct set *set)
{
	jws_free(set->jws);
	free(set->token);
}

static enum jwt_reason
reason_of(const char *header, const char *payload, int64_t now)
{
	struct set set;

	read_at(&set, header, payload, now, false);
	forget(&set);
	return set.reason;
}

struct row {
	const char *header, *payload;
	enum jwt_reason reason;
};

static void
assert_rows(const struct row *rows, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		enum jwt_reason reason = reason_of(rows[i].header,
		    rows[i].payload, WORLD_NOW);

		if (reason != rows[i].reason)
			fail_msg("%s.%s: %s", rows[i].header, rows[i].payload,
			    reason_name(reason));
	}
}

#define ASSERT_ROWS(rows) assert_rows(rows, sizeof(rows) / sizeof((rows)[0]))

static void
test_types(void **state)
{
	static const struct row rows[] = {
		{ HEADER, SET(ALICE), JWT_OK },
		{ TYPED(",\"typ\":\"application/secevent+jwt\""), SET(ALICE),
		  JWT_OK },
		{ TYPED(",\"typ\":\"SecEvent+JWT\""), SET(ALICE), JWT_OK },
		{ TYPED(""), SET(ALICE), JWT_TYPE_NOT_ACCEPTED },
		{ TYPED(",\"typ\":\"JWT\""), SET(ALICE), JWT_TYPE_NOT_ACCEPTED },
		{ TYPED(",\"typ\":\"logout+jwt\""), SET(ALICE),
		  JWT_TYPE_NOT_ACCEPTED },
		{ TYPED(",\"typ\":\"at+jwt\""), SET(ALICE),
		  JWT_TYPE_NOT_ACCEPTED },
		{ TYPED(",\"typ\":\"text/secevent+jwt\""), SET(ALICE),
		  JWT_TYPE_NOT_ACCEPTED },
		{ HEADER, "{" BASE SUB_ID(ALICE) "}", JWT_TYPE_NOT_ACCEPTED },
		{ HEADER, "{" BASE ",\"events\":[]" SUB_ID(ALICE) "}",
		  JWT_TYPE_NOT_ACCEPTED },
		{ HEADER, "{" BASE ",\"events\":{}" SUB_ID(ALICE) "}",
		  JWT_CLAIM_INVALID },
		{ HEADER, "{" BASE ",\"events\":{\"x\":1}" SUB_ID(ALICE) "}",
		  JWT_CLAIM_INVALID },
		{ HEADER, "{" BASE ",\"events\":{\"x\":{}}}", JWT_OK },
	};

	(void)state;
	ASSERT_ROWS(rows);
}

static void
test_claims(void **state)
{
#define REST REVOKED("") SUB_ID(ALICE) "}"
	static const struct row rows[] = {
		{ HEADER, "{\"iss\":\"" WORLD_ISS "/\",\"aud\":\"urn:h\","
		  "\"jti\":\"e\",\"iat\":" IAT REST, JWT_ISSUER_UNKNOWN },
		{ HEADER, "{\"iss\":\"" WORLD_ISS "\",\"aud\":\"urn:x\","
		  "\"jti\":\"e\",\"iat\":" IAT REST, JWT_AUDIENCE_MISMATCH },
		{ HEADER, "{\"iss\":\"" WORLD_ISS "\",\"jti\":\"e\",\"iat\":"
		  IAT REST, JWT_AUDIENCE_MISMATCH },
		{ HEADER, "{\"iss\":\"" WORLD_ISS "\",\"jti\":\"e\",\"iat\":"
		  IAT ",\"aud\":[\"a\",\"urn:h\"]" REST, JWT_OK },
		{ HEADER, "{\"iss\":\"" WORLD_ISS "\",\"aud\":\"urn:h\","
		  "\"iat\":" IAT REST, JWT_CLAIM_INVALID },
		{ HEADER, "{\"iss\":\"" WORLD_ISS "\",\"aud\":\"urn:h\","
		  "\"jti\":\"\",\"iat\":" IAT REST, JWT_CLAIM_INVALID },
		{ HEADER, "{" BARE REST, JWT_CLAIM_INVALID },
		{ HEADER, "{" BARE REVOKED("\"event_timestamp\":5")
		  SUB_ID(ALICE) "}", JWT_CLAIM_INVALID },
		{ HEADER, "{" BARE ",\"events\":{\"x\":{}}}",
		  JWT_CLAIM_INVALID },
		{ HEADER, "{" BARE ",\"iat\":0" REVOKED("\"event_timestamp\":5")
		  SUB_ID(ALICE) "}", JWT_CLAIM_INVALID },
		{ HEADER, "{" BARE ",\"iat\":1" REVOKED("\"event_timestamp\":5")
		  SUB_ID(ALICE) "}", JWT_OK },
		{ HEADER, "{" BARE ",\"iat\":\"" IAT "\"" REST,
		  JWT_CLAIM_INVALID },
		/* The leeway is 60 s. */
		{ HEADER, "{" BARE ",\"iat\":1700000060" REST, JWT_OK },
		{ HEADER, "{" BARE ",\"iat\":1700000061" REST,
		  JWT_ISSUED_IN_FUTURE },
		{ HEADER, "{" BARE ",\"iat\":1" REST, JWT_OK },
		/* There need not be an exp, but one counts. */
		{ HEADER, "{" BASE ",\"exp\":1699999941" REST, JWT_OK },
		{ HEADER, "{" BARE ",\"iat\":1700000061,\"exp\":1700000100" REST,
		  JWT_ISSUED_IN_FUTURE },
		{ HEADER, "{" BASE ",\"exp\":1699999940" REST, JWT_EXPIRED },
		{ HEADER, "{" BASE ",\"exp\":\"x\"" REST, JWT_CLAIM_INVALID },
		{ HEADER, "{" BASE ",\"nbf\":1700000060" REST, JWT_OK },
		{ HEADER, "{" BASE ",\"nbf\":1700000061" REST,
		  JWT_NOT_YET_VALID },
	};

	(void)state;
	ASSERT_ROWS(rows);
	assert_int_equal(reason_of(HEADER, SET(ALICE), -1), JWT_INTERNAL);
	assert_int_equal(reason_of(HEADER, SET(ALICE), NUMBER_DATE_MAX + 1),
	    JWT_INTERNAL);
#undef REST
}

static void
test_subjects(void **state)
{
#define OWN(subject) "{" BASE REVOKED("\"subject\":" subject) "}"
#define BOTH(common, own) \
	"{" BASE REVOKED("\"subject\":" own) SUB_ID(common) "}"
#define USER(members) "{\"format\":\"iss_sub\"" members "}"
#define ISS ",\"iss\":\"" WORLD_ISS "\""
#define PAIR(user, session) \
	SET("{\"format\":\"complex\",\"user\":" user ",\"session\":" session "}")
	static const struct row rows[] = {
		{ HEADER, OWN(ALICE), JWT_OK },
		{ HEADER, BOTH(ALICE, ALICE), JWT_OK },
		{ HEADER, BOTH(ALICE, "{\"sub\":\"alice\",\"iss\":\"" WORLD_ISS
		  "\",\"format\":\"iss_sub\"}"), JWT_OK },
		{ HEADER, BOTH(ALICE, USER_OF(WORLD_ISS, "bob")),
		  JWT_CLAIM_INVALID },
		{ HEADER, BOTH(ALICE, COMPLEX("")), JWT_CLAIM_INVALID },
		{ HEADER, BOTH(COMPLEX(""), COMPLEX("")), JWT_OK },
		{ HEADER, BOTH("{\"format\":\"complex\",\"user\":" ALICE
		  ",\"session\":{}}", ALICE), JWT_CLAIM_INVALID },
		{ HEADER, BOTH(ALICE, "null"), JWT_CLAIM_INVALID },
		{ HEADER, BOTH("null", ALICE), JWT_CLAIM_INVALID },
		{ HEADER, "{" BASE REVOKED("") "}", JWT_SUBJECT_MISSING },
		{ HEADER, "{" BASE REVOKED("") ",\"sub\":\"alice\"}",
		  JWT_SUBJECT_MISSING },
		/* Another sub beside it does not count. */
		{ HEADER, "{" BASE REVOKED("") SUB_ID(ALICE)
		  ",\"sub\":\"bob\"}", JWT_OK },
		{ HEADER, SET("\"alice\""), JWT_CLAIM_INVALID },
		{ HEADER, SET("[" ALICE "]"), JWT_CLAIM_INVALID },
		{ HEADER, SET("{}"), JWT_CLAIM_INVALID },
		{ HEADER, SET(USER_OF("https://other.test", "alice")),
		  JWT_CLAIM_INVALID },
		{ HEADER, SET(USER(ISS)), JWT_CLAIM_INVALID },
		{ HEADER, SET(USER(",\"sub\":\"alice\"")), JWT_CLAIM_INVALID },
		{ HEADER, SET(USER(ISS ",\"sub\":\"\"")), JWT_CLAIM_INVALID },
		{ HEADER, SET(USER(ISS ",\"sub\":1")), JWT_CLAIM_INVALID },
		{ HEADER, SET(USER(ISS ",\"sub\":\"a\\nb\"")),
		  JWT_CLAIM_INVALID },
		{ HEADER, SET(USER(ISS ",\"sub\":\"alice\",\"tenant\":\"t\"")),
		  JWT_CLAIM_INVALID },
		{ HEADER, SET("{\"format\":\"email\",\"email\":\"a@b.test\"}"),
		  JWT_CLAIM_INVALID },
		{ HEADER, SET("{\"format\":\"phone_number\","
		  "\"phone_number\":\"+1\"}"), JWT_CLAIM_INVALID },
		{ HEADER, SET("{\"format\":\"opaque\",\"id\":\"alice\"}"),
		  JWT_CLAIM_INVALID },
		{ HEADER, SET("{\"format\":\"aliases\",\"identifiers\":["
		  ALICE "]}"), JWT_CLAIM_INVALID },
		{ HEADER, SET("{\"subject_type\":\"iss_sub\",\"iss\":\""
		  WORLD_ISS "\",\"sub\":\"alice\"}"), JWT_CLAIM_INVALID },
		{ HEADER, SET(COMPLEX("")), JWT_OK },
		{ HEADER, SET(COMPLEX(",\"device\":{}")), JWT_CLAIM_INVALID },
		{ HEADER, SET(COMPLEX(",\"tenant\":{}")), JWT_CLAIM_INVALID },
		{ HEADER, SET("{\"format\":\"complex\",\"user\":" ALICE "}"),
		  JWT_CLAIM_INVALID },
		{ HEADER, SET("{\"format\":\"complex\",\"session\":" SESSION
		  "}"), JWT_CLAIM_INVALID },
		{ HEADER, SET("{\"format\":\"complex\",\"user\":" ALICE
		  ",\"application\":{}}"), JWT_CLAIM_INVALID },
		{ HEADER, SET("{\"user\":" ALICE ",\"session\":" SESSION "}"),
		  JWT_CLAIM_INVALID },
		{ HEADER, PAIR(ALICE, "{\"format\":\"opaque\",\"id\":\"\"}"),
		  JWT_CLAIM_INVALID },
		{ HEADER, PAIR(ALICE, "{\"format\":\"opaque\",\"id\":7}"),
		  JWT_CLAIM_INVALID },
		{ HEADER, PAIR(ALICE, "{\"format\":\"opaque\",\"id\":\"s\","
		  "\"x\":1}"), JWT_CLAIM_INVALID },
		{ HEADER, PAIR(ALICE, "{\"format\":\"uri\",\"id\":\"s\"}"),
		  JWT_CLAIM_INVALID },
		{ HEADER, PAIR(ALICE, "\"s1\""), JWT_CLAIM_INVALID },
		{ HEADER, PAIR(USER_OF("https://other.test", "alice"), SESSION),
		  JWT_CLAIM_INVALID },
		{ HEADER, PAIR("{\"format\":\"email\",\"email\":\"a@b.test\"}",
		  SESSION), JWT_CLAIM_INVALID },
		{ HEADER, PAIR(COMPLEX(""), SESSION), JWT_CLAIM_INVALID },
		/* An account is not a session. */
		{ HEADER, "{" BASE EVENT(RISC "account-disabled", "")
		  SUB_ID(ALICE) "}", JWT_OK },
		{ HEADER, "{" BASE EVENT(RISC "account-disabled", "")
		  SUB_ID(COMPLEX("")) "}", JWT_CLAIM_INVALID },
		{ HEADER, "{" BASE EVENT(RISC "account-disabled", "")
		  SUB_ID("{\"format\":\"complex\",\"user\":" ALICE
		  ",\"session\":{\"format\":\"opaque\",\"id\":\"s\"}}") "}",
		  JWT_CLAIM_INVALID },
		{ HEADER, "{" BASE EVENT(RISC "account-purged", "")
		  SUB_ID(COMPLEX("")) "}", JWT_CLAIM_INVALID },
	};

	(void)state;
	ASSERT_ROWS(rows);
}

static int64_t
time_of(const char *payload, int64_t now)
{
	struct set set;

	read_at(&set, HEADER, payload, now, false);
	forget(&set);
	assert_int_equal(set.reason, JWT_OK);
	assert_int_equal(set.list.counting, 1);
	return set.list.item[0].time;
}

static void
test_times(void **state)
{
	static const struct row rows[] = {
		{ HEADER, AT("0"), JWT_CLAIM_INVALID },
		{ HEADER, AT("0.9"), JWT_CLAIM_INVALID },
		{ HEADER, AT("-1"), JWT_CLAIM_INVALID },
		{ HEADER, AT("\"1699999000\""), JWT_CLAIM_INVALID },
		{ HEADER, AT("null"), JWT_CLAIM_INVALID },
		{ HEADER, TOE("true"), JWT_CLAIM_INVALID },
		/* A year ahead is a wrong clock, more are milliseconds. */
		{ HEADER, AT("1731622400"), JWT_OK },
		{ HEADER, AT("1731622401"), JWT_CLAIM_INVALID },
		{ HEADER, AT("1699999000000"), JWT_CLAIM_INVALID },
		{ HEADER, TOE("1699999000000"), JWT_CLAIM_INVALID },
		{ HEADER, AT("1e400"), JWT_CLAIM_INVALID },
	};

	(void)state;
	ASSERT_ROWS(rows);
	assert_int_equal(time_of(SET(ALICE), WORLD_NOW), 1699999990);
	assert_int_equal(time_of(AT("1699999000"), WORLD_NOW), 1699999000);
	assert_int_equal(time_of(AT("1699999000.9"), WORLD_NOW), 1699999000);
	assert_int_equal(time_of(AT("1"), WORLD_NOW), 1);
	assert_int_equal(time_of(TOE("1699999001"), WORLD_NOW), 1699999001);
	assert_int_equal(time_of("{" BASE REVOKED("\"event_timestamp\":5")
	    SUB_ID(ALICE) ",\"toe\":6}", WORLD_NOW), 5);
	/* Not later than iat, and not later than now. */
	assert_int_equal(time_of(AT("1699999989"), WORLD_NOW), 1699999989);
	assert_int_equal(time_of(AT("1699999991"), WORLD_NOW), 1699999990);
	assert_int_equal(time_of(AT("1700009999"), WORLD_NOW), 1699999990);
	assert_int_equal(time_of(AT("1700009999"), WORLD_NOW + 5000),
	    1699999990);
	assert_int_equal(time_of(SET(ALICE), 1699999989), 1699999989);
	assert_int_equal(time_of(SET(ALICE), 1699999991), 1699999990);
}

static void
assert_text(struct bytes text, const char *expected)
{
	if (!bytes_eq_str(text, expected))
		fail_msg("%.*s is not %s", BYTES_SHOW(text), expected);
}

/* What each event says; unknown ones are there, and do not count. */
static void
test_events(void **state)
{
	static const char four[] = "{" BASE SUB_ID(ALICE) ",\"events\":{"
	    "\"" RISC "account-disabled\":{\"event_timestamp\":7},"
	    "\"https://x.test/new\":{\"subject\":1,\"event_timestamp\":\"\"},"
	    "\"" CAEP "credential-change\":{},"
	    "\"" RISC "account-purged\":{}}}";
	const struct event *item;
	struct set set;

	(void)state;
	read_at(&set, HEADER, four, WORLD_NOW, false);
	item = set.list.item;
	assert_int_equal(set.reason, JWT_OK);
	assert_null(set.list.fault);
	assert_int_equal(set.list.count, 4);
	assert_int_equal(set.list.counting, 2);
	assert_string_equal(item[0].name, "account-disabled");
	assert_text(item[0].uri, RISC "account-disabled");
	assert_true(item[0].counts);
	assert_text(item[0].sub, "alice");
	assert_int_equal(item[0].sid.len, 0);
	assert_int_equal(item[0].time, 7);
	assert_null(item[1].name);
	assert_text(item[1].uri, "https://x.test/new");
	assert_false(item[1].counts);
	assert_string_equal(item[2].name, "credential-change");
	assert_false(item[2].counts);
	assert_string_equal(item[3].name, "account-purged");
	assert_true(item[3].counts);
	forget(&set);
	read_at(&set, HEADER, four, WORLD_NOW, true);
	assert_int_equal(set.list.counting, 3);
	assert_true(set.list.item[2].counts);
	forget(&set);
	read_at(&set, HEADER, SET(COMPLEX("")), WORLD_NOW, false);
	assert_int_equal(set.list.counting, 1);
	assert_string_equal(set.list.item[0].name, "session-revoked");
	assert_text(set.list.item[0].sub, "alice");
	assert_text(set.list.item[0].sid, "s1");
	forget(&set);
}

/* A session of an event that is asked for is refused, too. */
static void
test_credential_change(void **state)
{
	struct set set;

	(void)state;
	read_at(&set, HEADER, "{" BASE EVENT(CAEP "credential-change", "")
	    SUB_ID(COMPLEX("")) "}", WORLD_NOW, true);
	assert_int_equal(set.reason, JWT_CLAIM_INVALID);
	forget(&set);
}

/* Of a SET with one bad event nothing counts. */
static void
test_all_or_nothing(void **state)
{
	static const char bad[] = "{" BASE SUB_ID(ALICE) ",\"events\":{"
	    "\"" CAEP "session-revoked\":{},"
	    "\"" RISC "account-purged\":{\"event_timestamp\":\"x\"}}}";
	struct set set;

	(void)state;
	read_at(&set, HEADER, bad, WORLD_NOW, false);
	assert_int_equal(set.reason, JWT_CLAIM_INVALID);
	assert_int_equal(set.list.count, 0);
	assert_int_equal(set.list.counting, 0);
	assert_non_null(set.list.fault);
	forget(&set);
}

static enum jwt_reason
with_events(unsigned count)
{
	char events[1024] = "";
	enum jwt_reason reason;
	char *payload;
	unsigned i;

	for (i = 0; i < count; i++)
		snprintf(events + strlen(events),
		    sizeof(events) - strlen(events), "%s\"e%u\":{}",
		    i == 0 ? "" : ",", i);
	payload = world_text("{%s,\"events\":{%s}}", BASE, events);
	reason = reason_of(HEADER, payload, WORLD_NOW);
	free(payload);
	return reason;
}

static void
test_limit(void **state)
{
	(void)state;
	assert_int_equal(with_events(EVENTS_MAX), JWT_OK);
	assert_int_equal(with_events(EVENTS_MAX + 1), JWT_CLAIM_INVALID);
}

/* No token is good for two of login, logout and event. */
static void
test_one_purpose(void **state)
{
#define LOGOUT_EVENT \
	"\"http://schemas.openid.net/event/backchannel-logout\":{}"
#define ALL BASE ",\"exp\":1700000100,\"sub\":\"alice\",\"sid\":\"s\""
	static const char *const headers[] = {
		HEADER, TYPED(""), TYPED(",\"typ\":\"JWT\""),
		TYPED(",\"typ\":\"at+jwt\""), TYPED(",\"typ\":\"logout+jwt\""),
		TYPED(",\"typ\":\"application/secevent+jwt\"")
	};
	static const char *const payloads[] = {
		"{" ALL "}", "{" ALL REVOKED("") SUB_ID(ALICE) "}",
		"{" ALL ",\"events\":{" LOGOUT_EVENT "}}",
		"{" ALL ",\"events\":{" LOGOUT_EVENT ",\"" CAEP
		    "session-revoked\":{}}" SUB_ID(ALICE) "}"
	};
	const struct issuer *issuer = &world.policy.issuers[0];
	unsigned logins = 0, logouts = 0, events = 0;
	struct claims_identity id;
	size_t i, k;

	(void)state;
	for (i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
		for (k = 0; k < sizeof(payloads) / sizeof(payloads[0]); k++) {
			bool in, out, event;
			struct set set;

			verify(&set, headers[i], payloads[k]);
			in = claims_check(set.claims, issuer, WORLD_NOW,
			    &id) == JWT_OK;
			out = claims_check_logout(set.claims, issuer,
			    &issuer->audience, WORLD_NOW, &id) == JWT_OK;
			event = claims_check_event(set.claims, issuer,
			    WORLD_NOW, &id) == JWT_OK;
			assert_true(in + out + event <= 1);
			assert_int_equal(claims_is_event(set.claims),
			    i == 0 || i == 5);
			logins += in;
			logouts += out;
			events += event;
			forget(&set);
		}
	}
	assert_int_equal(logins, 3);
	assert_int_equal(logouts, 6);
	assert_int_equal(events, 6);
}

/* Events for other words than logins. */
static void
test_audience(void **state)
{
	struct world other;
	struct world saved = world;

	(void)state;
	assert_int_equal(world_load(&other, "event_audience = urn:x urn:e\n",
	    "permit = as claim sub\n", world_set(world_jwk(ALG_ES256), NULL)),
	    JWT_OK);
	world = other;
	assert_int_equal(reason_of(HEADER, SET(ALICE), WORLD_NOW),
	    JWT_AUDIENCE_MISMATCH);
	assert_int_equal(reason_of(HEADER, "{\"iss\":\"" WORLD_ISS
	    "\",\"aud\":[\"urn:e\"],\"jti\":\"e\",\"iat\":" IAT REVOKED("")
	    SUB_ID(ALICE) "}", WORLD_NOW), JWT_OK);
	world_clear(&other);
	world = saved;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_types),
		cmocka_unit_test(test_claims),
		cmocka_unit_test(test_subjects),
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_events),
		cmocka_unit_test(test_credential_change),
		cmocka_unit_test(test_all_or_nothing),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_one_purpose),
		cmocka_unit_test(test_audience),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
