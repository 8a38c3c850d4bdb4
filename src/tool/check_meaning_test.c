/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finds single tests that do not mean what they seem to mean, above all those
 * that no token can make true.  Each function below looks for one mistake, and
 * returns whether it has warned; the first warning of a test is the only one.
 */
#include "core/base/glob.h"
#include "tool/check_meaning.h"
#include "tool/check_words.h"

static bool
is_list_op(const struct rule_test *test)
{
	return test->op == RULE_HAS || test->op == RULE_HAS_ANY ||
	    test->op == RULE_HAS_ALL;
}

/* Whether the test compares the claim with values as a whole. */
static bool
is_equal_op(const struct rule_test *test)
{
	return test->op == RULE_EQ || test->op == RULE_NE ||
	    test->op == RULE_IN;
}

static bool
is_one_of(const struct rule_test *test, const char *const *names, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (check_words_is(test, names[i]))
			return true;
	}
	return false;
}

#define IS_ONE_OF(test, names) \
	is_one_of(test, names, sizeof(names) / sizeof((names)[0]))

/* ---- the name of a claim as a value ---- */

static bool
looks_at(const struct rule_test *test, const void *ctx)
{
	const struct bytes *name = ctx;

	return test->subject == RULE_CLAIM && test->path.count == 1 &&
	    bytes_eq(test->path.steps[0], *name);
}

/* Whether the file uses the word as the name of a claim. */
static bool
is_claim_of_file(const struct meaning *in, struct bytes word)
{
	size_t i, k;

	if (meaning_is_claim(word))
		return true;
	for (i = 0; i < in->policy->service_count; i++) {
		const struct rule_list *rules =
		    &in->policy->services[i].rules;

		for (k = 0; k < rules->count; k++) {
			if (meaning_has_test(rules->rule[k].cond, looks_at,
			    &word))
				return true;
		}
	}
	return false;
}

/* The first value without quotes that is the name of a claim; empty: none. */
static struct bytes
find_claim_value(const struct meaning *in, const struct rule_test *test)
{
	struct bytes rest = check_words_rest(test);
	size_t i;

	for (i = 0; i < test->value_count; i++) {
		struct bytes value = test->values[i].text;

		if (test->values[i].type == JSON_STRING &&
		    check_words_bare(rest, value) && is_claim_of_file(in, value))
			return value;
	}
	return bytes_of(NULL, 0);
}

/* "requester = sub" compares with the three letters. */
static bool
value_is_claim(const struct meaning *in, const struct rule_test *test)
{
	struct bytes claim = check_words_claim(test), value;
	const char *sign = test->op == RULE_NE ? "!=" : "=";

	if ((test->subject != RULE_CLAIM && test->subject != RULE_USER) ||
	    !(is_equal_op(test) || is_list_op(test)))
		return false;
	value = find_claim_value(in, test);
	if (value.len == 0)
		return false;
	if (test->subject == RULE_USER)
		return meaning_warn(in, "\"%s\" is about an account called "
		    "%.*s; for the account that the claim names: user in claim "
		    "%.*s", test->text, BYTES_SHOW(value), BYTES_SHOW(value));
	if (is_list_op(test))
		return meaning_warn(in, "\"%s\" looks for the text %.*s, and "
		    "not for the claim of that name; if the text is meant, "
		    "write \"%.*s\" between quotes", test->text,
		    BYTES_SHOW(value), BYTES_SHOW(value));
	return meaning_warn(in, "\"%s\" compares with the text %.*s, and not "
	    "with the claim of that name: %.*s %s claim %.*s; if the text is "
	    "meant, write it between quotes", test->text, BYTES_SHOW(value),
	    BYTES_SHOW(claim), sign, BYTES_SHOW(value));
}

/* ---- patterns ---- */

/* Only matches and has matching know patterns. */
static bool
star_is_text(const struct meaning *in, const struct rule_test *test)
{
	struct bytes claim = check_words_claim(test), value = { 0 };
	const char *no = test->op == RULE_NE ? "not " : "";
	size_t i;

	if (!is_equal_op(test) && !is_list_op(test))
		return false;
	for (i = 0; i < test->value_count && value.len == 0; i++) {
		if (bytes_has(test->values[i].text, '*'))
			value = test->values[i].text;
	}
	if (value.len == 0)
		return false;
	if (test->subject == RULE_USER)
		return meaning_warn(in, "user knows no pattern, and no account "
		    "is called %.*s", BYTES_SHOW(value));
	return meaning_warn(in, "\"%s\" takes the * as a letter: %s%.*s %s "
	    "\"%.*s\"", test->text, no, BYTES_SHOW(claim),
	    is_list_op(test) ? "has matching" : "matches", BYTES_SHOW(value));
}

/* Texts of a known form, and how many of : and / they have. */
static const struct form {
	const char *start;
	size_t colons_min, colons_max, slashes_min, slashes_max;
	const char *text;
} forms[] = {
	{ "repo:", 2, 99, 1, 99, "repo:OWNER/NAME:ref:refs/heads/BRANCH" },
	{ "project_path:", 5, 99, 1, 99,
	    "project_path:GROUP/NAME:ref_type:branch:ref:BRANCH" },
	{ "system:serviceaccount:", 3, 3, 0, 0,
	    "system:serviceaccount:NAMESPACE:NAME" },
	{ "spiffe:", 1, 1, 3, 99, "spiffe://DOMAIN/PATH" },
	{ "refs/", 0, 0, 2, 99, "refs/heads/BRANCH" },
};

static size_t
count_of(struct bytes text, uint8_t byte)
{
	size_t count = 0, i;

	for (i = 0; i < text.len; i++)
		count += text.ptr[i] == byte;
	return count;
}

/* Whether a pattern, in which * is neither : nor /, can have that form. */
static bool
can_have(struct bytes pattern, const struct form *form)
{
	size_t colons = count_of(pattern, ':');
	size_t slashes = count_of(pattern, '/');

	if (colons > form->colons_max || slashes > form->slashes_max)
		return false;
	if (memmem(pattern.ptr, pattern.len, "**", 2) != NULL)
		return true;
	return colons >= form->colons_min && slashes >= form->slashes_min;
}

/* The pattern with the separator of the form, or with a star that crosses it. */
static void
mend(struct bytes pattern, const struct form *form, char out[GLOB_MAX + 3])
{
	size_t len = pattern.len < GLOB_MAX ? pattern.len : GLOB_MAX, i;

	memcpy(out, pattern.ptr, len);
	for (i = 0; i < len && form->slashes_max == 0; i++) {
		if (out[i] == '/')
			out[i] = ':';
	}
	out[len] = '\0';
	if (can_have(bytes_of(out, len), form))
		return;
	while (len > 0 && out[len - 1] == '*')
		len--;
	memcpy(out + len, "**", sizeof("**"));
}

/* A star that ends at a separator, where the text goes on after it. */
static bool
separator_is_wrong(const struct meaning *in, const struct rule_test *test)
{
	struct bytes claim = check_words_claim(test), pattern;
	char mended[GLOB_MAX + 3];
	size_t i;

	if (test->subject != RULE_CLAIM || (test->op != RULE_MATCHES &&
	    test->op != RULE_HAS_MATCHING))
		return false;
	pattern = test->values[0].text;
	for (i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (!bytes_starts(pattern, bytes_str(forms[i].start)))
			continue;
		if (can_have(pattern, &forms[i]))
			return false;
		mend(pattern, &forms[i], mended);
		return meaning_warn(in, "no %s is like this pattern; * ends at "
		    ": and /, and ** does not: %.*s matches \"%s\"",
		    forms[i].text, BYTES_SHOW(claim), mended);
	}
	return false;
}

/* "*example.com" is the end of "notexample.com", too. */
static bool
domain_is_open(const struct meaning *in, const struct rule_test *test)
{
	static const char *const names[] = {
		"email", "upn", "preferred_username"
	};
	struct bytes claim = check_words_claim(test), pattern;

	if (test->op != RULE_MATCHES || !IS_ONE_OF(test, names))
		return false;
	pattern = test->values[0].text;
	while (pattern.len > 0 && pattern.ptr[0] == '*')
		pattern = bytes_of(pattern.ptr + 1, pattern.len - 1);
	if (pattern.len == test->values[0].text.len || pattern.len == 0 ||
	    bytes_has(pattern, '@') || !bytes_has(pattern, '.') ||
	    pattern.ptr[0] == '.')
		return false;
	return meaning_warn(in, "\"%s\" also holds for the domain not%.*s: "
	    "%.*s matches \"*@%.*s\"", test->text, BYTES_SHOW(pattern),
	    BYTES_SHOW(claim), BYTES_SHOW(pattern));
}

/* ---- types ---- */

/* The operator for an array, in the place of one for a single text. */
static const char *
list_word(const struct rule_test *test)
{
	switch (test->op) {
	case RULE_MATCHES:
		return "has matching";
	case RULE_IN:
		return "has any";
	default:
		return "has";
	}
}

/* The values as they are written, after the operator. */
static struct bytes
operand_of(const struct rule_test *test)
{
	struct bytes rest = check_words_rest(test);
	size_t len = 0;

	if (test->op == RULE_EQ)
		len = 1;
	else if (test->op == RULE_NE || test->op == RULE_IN)
		len = 2;
	else
		len = strlen("matches");
	return bytes_trim(bytes_of(rest.ptr + len, rest.len - len));
}

static bool
is_array(const struct rule_test *test)
{
	static const char *const names[] = {
		"groups", "roles", "amr", "permissions", "entitlements", "wids",
		"cognito:groups"
	};
	struct bytes last;

	if (test->subject != RULE_CLAIM)
		return false;
	last = test->path.steps[test->path.count - 1];
	return IS_ONE_OF(test, names) || (test->path.count > 1 &&
	    (bytes_eq_str(last, "roles") || bytes_eq_str(last, "groups")));
}

static bool
array_is_text(const struct meaning *in, const struct rule_test *test)
{
	static const char *const words[] = { "scope", "scp" };
	bool is_words = IS_ONE_OF(test, words);
	struct bytes claim = check_words_claim(test);
	struct bytes operand;

	if ((!is_array(test) && !is_words) ||
	    (!is_equal_op(test) && test->op != RULE_MATCHES))
		return false;
	operand = operand_of(test);
	return meaning_warn(in, "%.*s is %s at most providers, and \"%s\" looks "
	    "at one text as a whole: %s%.*s %s %.*s", BYTES_SHOW(claim),
	    is_words ? "a list of words" : "an array", test->text,
	    test->op == RULE_NE ? "not " : "", BYTES_SHOW(claim),
	    list_word(test), BYTES_SHOW(operand));
}

/* Ids and flags that GitHub and GitLab send as strings. */
static bool
string_is_bare(const struct meaning *in, const struct rule_test *test)
{
	static const char *const names[] = {
		"repository_id", "repository_owner_id", "actor_id",
		"project_id", "namespace_id", "ref_protected",
		"environment_protected"
	};
	struct bytes claim = check_words_claim(test), value;

	if (!is_equal_op(test) || !IS_ONE_OF(test, names) ||
	    test->values[0].type == JSON_STRING)
		return false;
	value = test->values[0].text;
	return meaning_warn(in, "%.*s is a string, also where it looks like "
	    "another thing: write \"%.*s\" between quotes", BYTES_SHOW(claim),
	    BYTES_SHOW(value));
}

/* GitHub's ref is never the name of the branch alone. */
static bool
ref_is_short(const struct meaning *in, const struct rule_test *test)
{
	struct bytes value;

	if (!check_words_is(test, "ref") || !meaning_is_github(in) ||
	    !(is_equal_op(test) || test->op == RULE_MATCHES))
		return false;
	value = test->values[0].text;
	if (bytes_starts(value, bytes_str("refs/")) || bytes_has(value, '*'))
		return false;
	return meaning_warn(in, "the ref of GitHub has its kind in front: "
	    "ref = \"refs/heads/%.*s\"", BYTES_SHOW(value));
}

/* ---- times ---- */

/* The duration at the end of the test. */
static struct bytes
span_of(const struct rule_test *test)
{
	struct bytes text = bytes_str(test->text);
	size_t at = text.len;

	while (at > 0 && text.ptr[at - 1] != ' ' && text.ptr[at - 1] != '\t')
		at--;
	return bytes_of(text.ptr + at, text.len - at);
}

/* When the token was made is not when the person logged in. */
static bool
time_is_of_token(const struct meaning *in, const struct rule_test *test)
{
	struct bytes claim = check_words_claim(test), span;

	if (test->op != RULE_WITHIN && test->op != RULE_OLDER)
		return false;
	span = span_of(test);
	if (check_words_is(test, "exp"))
		return meaning_warn(in, "exp is still to come in every token "
		    "that is not refused for it, so nobody can tell its age; "
		    "for the life of a token: max_lifetime in its [issuer]");
	if (check_words_is(test, "iat") || check_words_is(test, "nbf"))
		return meaning_warn(in, "each refresh makes a token with a new "
		    "%.*s; for the login of the person: auth_time %s %.*s; for "
		    "the age of the token: max_age in its [issuer]",
		    BYTES_SHOW(claim),
		    test->op == RULE_WITHIN ? "within" : "older",
		    BYTES_SHOW(span));
	return false;
}

/* Denying whoever has just logged in, or permitting whoever has not. */
static bool
time_is_reversed(const struct meaning *in, const struct rule_test *test)
{
	bool fresh = (test->op == RULE_WITHIN) != in->negated;
	struct bytes span = span_of(test);

	if (!check_words_is(test, "auth_time") ||
	    (test->op != RULE_WITHIN && test->op != RULE_OLDER) ||
	    fresh == in->rule->permit)
		return false;
	if (in->rule->permit)
		return meaning_warn(in, "\"%s\" lets in only whose login is "
		    "long ago: auth_time within %.*s", test->text,
		    BYTES_SHOW(span));
	return meaning_warn(in, "\"%s\" denies everybody who has just logged in: "
	    "deny = if not auth_time within %.*s", test->text,
	    BYTES_SHOW(span));
}

void
meaning_of_test(const struct meaning *in, const struct rule_test *test)
{
	static bool (*const mistakes[])(const struct meaning *,
	    const struct rule_test *) = {
		value_is_claim, star_is_text, array_is_text, string_is_bare,
		meaning_of_value, ref_is_short, separator_is_wrong, domain_is_open,
		time_is_of_token, time_is_reversed
	};
	size_t i;

	for (i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
		if (mistakes[i](in, test))
			return;
	}
}
