/* SPDX-License-Identifier: BSD-2-Clause */
/* "Did you mean": which word is near to another, and where it is asked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/nearest.h"
#include "core/jose/alg.h"
#include "core/policy/rule.h"
#include "core/policy/rule_lex.h"

static void
test_distance(void **state)
{
	static const struct {
		const char *word, *candidate;
		bool near;
	} rows[] = {
		{ "audiance", "audience", true },	/* wrong */
		{ "audence", "audience", true },	/* missing */
		{ "audiennce", "audience", true },	/* too many */
		{ "audeince", "audience", true },	/* changed places */
		{ "AUDIENCE", "audience", true },	/* capitals */
		{ "audeincee", "audience", true },	/* two of them */
		{ "audiansec", "audience", false },	/* three */
		{ "clam", "claim", true },		/* one in four */
		{ "clmm", "claim", false },		/* two in four */
		{ "clamm", "claim", true },		/* two in five */
		{ "fi", "if", true },
		{ "i", "if", false },			/* one letter */
		{ "x", "y", false },
		{ "", "if", false },
		{ "if", "", false },
		{ "abcd", "dcba", false },
		/* 32 bytes, and one more. */
		{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", true },
		{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false },
		{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct nearest nearest = nearest_begin(
		    bytes_str(rows[i].word));

		nearest_try(&nearest, rows[i].candidate);
		if ((nearest.best != NULL) != rows[i].near)
			fail_msg("%s and %s", rows[i].word, rows[i].candidate);
	}
}

/* The nearest counts, wherever it stands; of two the first. */
static void
test_best(void **state)
{
	struct nearest nearest = nearest_begin(bytes_str("audiense"));

	(void)state;
	assert_string_equal(nearest_text(&nearest), "");
	nearest_try(&nearest, "audiences");
	nearest_try(&nearest, "audience");
	nearest_try(&nearest, "audienve");
	nearest_try(&nearest, "audit");
	assert_string_equal(nearest_text(&nearest),
	    "; did you mean audience?");
}

static void
test_algorithms(void **state)
{
	struct nearest nearest = alg_nearest(bytes_str("RSA256"));

	(void)state;
	assert_string_equal(nearest.best, "RS256");
	nearest = alg_nearest(bytes_str("es256"));
	assert_string_equal(nearest.best, "ES256");
	nearest = alg_nearest(bytes_str("none"));
	assert_null(nearest.best);
}

/* What the error of a rule asks; "" if it asks nothing. */
static void
asks(bool permit, const char *rule, const char *question)
{
	struct diag_place place = { .file = "f", .line = 1 };
	struct arena arena = { 0 };
	struct diag diag = { 0 };
	struct rule out;
	const char *found;

	assert_int_equal(rule_parse(bytes_str(rule), place, permit, &arena,
	    &diag, &out), JWT_CONFIG_INVALID);
	assert_int_equal(diag.count, 1);
	found = strstr(diag.entries[0].text, "did you mean ");
	if (found == NULL)
		found = "";
	else
		found += strlen("did you mean ");
	if (strcmp(found, question) != 0)
		fail_msg("%s: %s", rule, diag.entries[0].text);
	diag_clear(&diag);
	arena_clear(&arena);
}

static void
test_rules(void **state)
{
	(void)state;
	asks(true, "as clam sub", "claim instead of clam?");
	asks(true, "as maps /etc/x", "map instead of maps?");
	asks(true, "sa alice", "as?");
	asks(true, "as claim sub lowre", "lower?");
	asks(true, "as claim sub withuot \"x\"", "without?");
	asks(true, "as claim sub exacty", "exactly?");
	asks(true, "as alice fi iss exists", "if?");
	asks(false, "fi iss exists", "if?");
	asks(true, "as alice if groups hass x", "has?");
	asks(true, "as alice if iat wihtin 5m", "within?");
	asks(true, "as alice if sub matchs a*", "matches?");
	asks(true, "as alice if groups has al { x }", "all instead of al?");
	asks(true, "as alice if rhots in 10.0.0.0/8",
	    "rhost instead of rhots?");
	asks(true, "as alice if rhost ni 10.0.0.0/8", "in?");
	asks(true, "as alice if sub exists adn iss exists", "and?");
	asks(true, "as alice if sub = x orr iss = y", "or?");
}

/* A word that has been understood since is not asked about. */
static void
test_rules_trusted(void **state)
{
	(void)state;
	asks(true, "as alice if timer exists foo", "");
	asks(true, "as clam if sub exists foo", "");
	asks(true, "as clam if )", "");
	asks(true, "as alice bob", "");
	/* What is quoted is meant. */
	asks(true, "as \"clam\" sub", "");
	asks(true, "as alice if groups \"hass\" x", "");
	/* It could stand in front of a test, and stands after a claim. */
	asks(true, "as alice if sub usr x", "");
}

/* The message ends where there is no question, after one that asked. */
static void
test_no_question(void **state)
{
	struct diag_place place = { .file = "f", .line = 1 };
	struct arena arena = { 0 };
	struct diag diag = { 0 };
	struct rule out;

	(void)state;
	asks(true, "as clam sub", "claim instead of clam?");
	assert_int_equal(rule_parse(bytes_str("as map x"), place, true, &arena,
	    &diag, &out), JWT_CONFIG_INVALID);
	assert_string_equal(diag.entries[0].text,
	    "an absolute path is expected after as map");
	diag_clear(&diag);
	arena_clear(&arena);
}

/* As many words are noted as there is room for, and no more. */
static void
test_tried(void **state)
{
	struct rule_lex in = { .depth = 0 };
	unsigned i;

	(void)state;
	for (i = 0; i <= RULE_TRIED_MAX; i++) {
		assert_int_equal(in.tried.count, i);
		rule_lex_try(&in, "word");
	}
	assert_int_equal(in.tried.count, RULE_TRIED_MAX);
	assert_null(in.doubtful.word[0]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_distance),
		cmocka_unit_test(test_best),
		cmocka_unit_test(test_algorithms),
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_rules_trusted),
		cmocka_unit_test(test_no_question),
		cmocka_unit_test(test_tried),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
