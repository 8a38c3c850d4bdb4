/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finds permit rules that trust a name which somebody else can get: an address
 * that nobody has verified, and the path of a repository that was renamed or
 * removed.
 */
#include "tool/check_meaning.h"
#include "tool/check_words.h"

static bool
tests_claim(const struct rule_test *test, const void *name)
{
	return check_words_is(test, name) && test->op != RULE_EXISTS;
}

/* Whether the rule, or a deny rule of its service, tests the claim's value. */
static bool
is_guarded_by(const struct meaning *in, const char *name)
{
	const struct rule_list *rules = &in->service->rules;
	size_t i;

	if (meaning_has_test(in->rule->cond, tests_claim, name))
		return true;
	for (i = 0; i < rules->count; i++) {
		if (!rules->rule[i].permit && meaning_has_test(
		    rules->rule[i].cond, tests_claim, name))
			return true;
	}
	return false;
}

/* ---- addresses ---- */

static void
look_at_email(const struct meaning *in)
{
	const struct rule *rule = in->rule;
	bool used = meaning_has_test(rule->cond, tests_claim, "email") ||
	    (rule->account == RULE_AS_CLAIM &&
	    check_words_path_is(&rule->claim, "email"));

	if (used && !is_guarded_by(in, "email_verified"))
		(void)meaning_warn(in, "anybody can enter the address of "
		    "somebody else at many providers: add \"and "
		    "email_verified = true\"");
}

/* ---- repositories ---- */

/*
 * A sub of GitHub has the names alone, repo:octocat/app:..., or with ids that
 * stay, repo:octocat@123456/app@456789:...
 */
static bool
is_github_name(const struct rule_test *test, const void *ctx)
{
	size_t i;

	(void)ctx;
	if (tests_claim(test, "repository") ||
	    tests_claim(test, "repository_owner"))
		return true;
	if (!tests_claim(test, "sub"))
		return false;
	for (i = 0; i < test->value_count; i++) {
		if (bytes_starts(test->values[i].text, bytes_str("repo:")) &&
		    !bytes_has(test->values[i].text, '@'))
			return true;
	}
	return false;
}

static bool
is_gitlab_name(const struct rule_test *test, const void *ctx)
{
	(void)ctx;
	return tests_claim(test, "project_path") ||
	    tests_claim(test, "namespace_path") || (tests_claim(test, "sub") &&
	    test->value_count > 0 && bytes_starts(test->values[0].text,
	    bytes_str("project_path:")));
}

static void
look_at_repository(const struct meaning *in)
{
	const struct rule_cond *cond = in->rule->cond;

	if (meaning_is_github(in) &&
	    meaning_has_test(cond, is_github_name, NULL) &&
	    !is_guarded_by(in, "repository_id") &&
	    !is_guarded_by(in, "repository_owner_id"))
		(void)meaning_warn(in, "the name of an owner or a repository "
		    "that is given up can be taken over by somebody else: "
		    "add \"and repository_id = \"...\" and "
		    "repository_owner_id = \"...\"\"");
	if (meaning_has_test(cond, is_gitlab_name, NULL) &&
	    !is_guarded_by(in, "project_id") &&
	    !is_guarded_by(in, "namespace_id"))
		(void)meaning_warn(in, "the path of a project that is given up "
		    "can be taken over by somebody else: add \"and "
		    "project_id = \"...\"\"");
}

void
meaning_of_names(const struct meaning *in)
{
	look_at_email(in);
	look_at_repository(in);
}
