/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Configurations that grow out of the examples: role accounts on a bastion,
 * two providers on one host, rules about sub; and that no example is untested.
 */
#include <dirent.h>

#include "tests/unit/test_presets.h"

#define ISSUER_CORP \
	"[issuer corp]\n" \
	"iss = https://idp.example.com\n" \
	"keys = /etc/pam_jwt/keys/corp.jwks\n" \
	"algorithms = ES256\n" \
	"audience = ssh://%{fqdn}\n" \
	"types = JWT at+jwt none\n" \
	"max_lifetime = 10m\n"
#define ISSUER_GITHUB \
	"[issuer github]\n" \
	"iss = https://token.actions.githubusercontent.com\n" \
	"keys = /etc/pam_jwt/keys/github.jwks\n" \
	"algorithms = ES256\n" \
	"audience = ssh://%{hostname}\n" \
	"types = JWT at+jwt none\n" \
	"max_lifetime = 10m\n"
#define CLOSED \
	"[service *]\n" \
	"deny = if iss exists\n"

static const struct preset corp = {
	.name = "corp", .algs = "ES256",
	.config = ISSUER_CORP
	    "[service sshd]\n"						/* 8 */
	    "deny = if rhost not in 192.0.2.0/24, 2001:db8::/32\n"
	    "deny = if suspended exists\n"
	    "permit = as ops if sub = \"u-17\"\n"			/* 11 */
	    "permit = as ops if groups has \"oncall\"\n"
	    "permit = as ops if /realm/roles has \"operator\" and "
	    "amr has \"hwk\"\n"
	    "permit = as root if groups has \"break-glass\"\n"		/* 14 */
	    "permit = as claim preferred_username if groups has \"staff\"\n"
	    "permit = as deploy if \"urn:roles\" has \"deployer\"\n"
	    CLOSED,
	.jwk = "{'kid':'c1'}", .header = "{'typ':'at+jwt','kid':'c1'}",
	.payload = "{'iss':'https://idp.example.com','sub':'u-42',"
	    "'aud':'ssh://web1.example.com','iat':1799999940,"
	    "'exp':1800000240,'jti':'t-1','client_id':'cli','amr':['pwd'],"
	    "'preferred_username':'alice','groups':['staff']}",
	.user = "alice", .lifetime_sec = 600, .types = "JWT at+jwt none",
	.account = "{'preferred_username':'%s'}", .second_aud = JWT_OK
};

static const struct preset_case corp_cases[] = {
	{ "herself", .log = "reason=ok issuer=corp sub=\"u-42\" jti=\"t-1\"" },
	{ "herself, by the last rule", .log = "rule=15" },
	{ "a subject that a rule names", .patch = "{'sub':'u-17'}",
	    .user = "ops",
	    .log = "user=ops reason=ok issuer=corp sub=\"u-17\"" },
	{ "the same, which rule", .patch = "{'sub':'u-17'}", .user = "ops",
	    .log = "rule=11" },
	{ "on call", .patch = "{'groups':['oncall','staff']}", .user = "ops",
	    .log = "user=ops reason=ok issuer=corp sub=\"u-42\"" },
	{ "on call, which rule", .patch = "{'groups':['oncall','staff']}",
	    .user = "ops", .log = "rule=12" },
	{ "on call, as herself", .patch = "{'groups':['oncall','staff']}",
	    .log = "rule=15" },
	{ "an operator with a key",
	    .patch = "{'groups':null,'amr':['pwd','hwk'],"
	    "'realm':{'roles':['operator']}}", .user = "ops",
	    .log = "rule=13" },
	{ "an operator without", .patch = "{'groups':null,"
	    "'realm':{'roles':['operator']}}", .user = "ops",
	    .reason = JWT_NOT_PERMITTED },
	{ "both rules, the first counts", .patch = "{'sub':'u-17',"
	    "'groups':['oncall']}", .user = "ops", .log = "rule=11" },
	{ "roles as an object", .patch = "{'groups':[],"
	    "'urn:roles':{'deployer':{'17':'example.com'}}}",
	    .user = "deploy", .log = "rule=16" },
	{ "another role as an object", .patch = "{'groups':[],"
	    "'urn:roles':{'deployer-evil':{'17':'example.com'}}}",
	    .user = "deploy", .reason = JWT_NOT_PERMITTED },
	{ "the role as a value of an object", .patch = "{'groups':[],"
	    "'urn:roles':{'x':'deployer'}}", .user = "deploy",
	    .reason = JWT_NOT_PERMITTED },
	{ "no role", .user = "ops", .reason = JWT_ACCOUNT_MISMATCH,
	    .log = "reason=account-mismatch issuer=corp sub=\"u-42\"" },
	{ "a claim that says ops", .patch = "{'preferred_username':'ops'}",
	    .user = "ops", .log = "rule=15" },
	{ "root by a written name", .patch = "{'groups':['break-glass']}",
	    .user = "root", .log = "rule=14" },
	{ "root for staff", .user = "root", .reason = JWT_ACCOUNT_MISMATCH },
	{ "root by a claim", .patch = "{'preferred_username':'root'}",
	    .user = "root", .reason = JWT_ACCOUNT_PROTECTED, .log = "rule=15" },
	{ "from elsewhere", .rhost = "198.51.100.1", .reason = JWT_DENIED,
	    .rule = "rhost", .log = "rule=9" },
	{ "from nowhere", .rhost = "", .reason = JWT_DENIED, .rule = "rhost" },
	{ "by IPv6", .rhost = "2001:db8::7" },
	{ "IPv4 in IPv6", .rhost = "::ffff:192.0.2.7" },
	{ "suspended, whatever else", .patch = "{'suspended':false,"
	    "'groups':['oncall']}", .user = "ops", .reason = JWT_DENIED,
	    .rule = "suspended" },
	{ "a subject that would forge a line",
	    .patch = "{'sub':'u\\\" rule=14 x=\\\"'}",
	    .log = "sub=\"u\\x22 rule=14 x=\\x22\" jti=" },
};

/* What the README of the examples says about two providers. */
#define BOTH \
	"[service sshd]\n" \
	"issuers = corp github\n" \
	"deny = if iss = \"https://token.actions.githubusercontent.com\" " \
	"and not event_name in { \"push\" }\n" \
	"permit = as deploy if " \
	"iss = \"https://token.actions.githubusercontent.com\" and " \
	"repository_id = \"123456789\"\n" \
	"permit = as claim preferred_username if " \
	"iss = \"https://idp.example.com\" and groups has \"staff\"\n"

static const struct preset both_corp = {
	.name = "corp", .algs = "ES256",
	.config = ISSUER_CORP ISSUER_GITHUB BOTH CLOSED,
	.jwk = "{'kid':'c1'}", .header = "{'typ':'JWT','kid':'c1'}",
	.payload = "{'iss':'https://idp.example.com','sub':'u-42',"
	    "'aud':'ssh://web1.example.com','iat':1799999940,"
	    "'exp':1800000240,'preferred_username':'alice',"
	    "'groups':['staff']}",
	.user = "alice", .lifetime_sec = 600, .types = "JWT at+jwt none",
	.account = "{'preferred_username':'%s'}", .second_aud = JWT_OK
};

static const struct preset_case both_corp_cases[] = {
	{ "a person with a job's claims", .patch = "{'event_name':'push',"
	    "'repository_id':'123456789'}", .user = "deploy",
	    .reason = JWT_ACCOUNT_MISMATCH },
	{ "a person who says GitHub",
	    .patch = "{'iss':'https://token.actions.githubusercontent.com'}",
	    .reason = JWT_KEY_UNKNOWN },
	{ "the other's audience", .patch = "{'aud':'ssh://web1'}",
	    .reason = JWT_AUDIENCE_MISMATCH },
};

static const struct preset both_github = {
	.name = "github", .algs = "ES256",
	.config = ISSUER_CORP ISSUER_GITHUB BOTH CLOSED,
	.jwk = "{'kid':'g1'}", .header = "{'typ':'JWT','kid':'g1'}",
	.payload = "{'iss':'https://token.actions.githubusercontent.com',"
	    "'sub':'repo:example/app:ref:refs/heads/main',"
	    "'aud':'ssh://web1','iat':1799999940,'exp':1800000240,"
	    "'event_name':'push','repository_id':'123456789'}",
	.user = "deploy", .lifetime_sec = 600, .types = "JWT at+jwt none",
	.second_aud = JWT_OK
};

static const struct preset_case both_github_cases[] = {
	{ "a job with a person's claims", .patch = "{'repository_id':'5',"
	    "'preferred_username':'alice','groups':['staff']}",
	    .user = "alice", .reason = JWT_NOT_PERMITTED },
	{ "a pull request", .patch = "{'event_name':'pull_request'}",
	    .reason = JWT_DENIED, .rule = "event_name" },
	{ "no event", .patch = "{'event_name':null}", .reason = JWT_DENIED,
	    .rule = "event_name" },
};

/* Rules about GitHub's sub, in both of its forms. */
static const struct preset subs = {
	.name = "github", .algs = "ES256",
	.config = ISSUER_GITHUB
	    "[service sshd]\n"
	    "permit = as deploy if sub in { "
	    "\"repo:example/app:ref:refs/heads/main\", "
	    "\"repo:example@987654/app@123456789:ref:refs/heads/main\" }\n"
	    "permit = as backup if "
	    "sub matches \"repo:example/app:ref:refs/heads/backup-*\" or "
	    "sub matches \"repo:example@987654/app@123456789:ref:refs/heads/"
	    "backup-*\"\n"
	    CLOSED,
	.jwk = "{'kid':'g1'}", .header = "{'typ':'JWT','kid':'g1'}",
	.payload = "{'iss':'https://token.actions.githubusercontent.com',"
	    "'sub':'repo:example/app:ref:refs/heads/main',"
	    "'aud':'ssh://web1','iat':1799999940,'exp':1800000240}",
	.user = "deploy", .lifetime_sec = 600, .types = "JWT at+jwt none",
	.second_aud = JWT_OK
};

#define SUB(text)	.patch = "{'sub':'repo:" text "'}"
#define REFUSED		.reason = JWT_NOT_PERMITTED
#define AT_IDS		"example@987654/app@123456789:"

static const struct preset_case subs_cases[] = {
	{ "with the ids", SUB(AT_IDS "ref:refs/heads/main") },
	{ "evil", SUB("example/app-evil:ref:refs/heads/main"), REFUSED },
	{ "evil with ids", SUB("example@987654/app-evil@5:ref:refs/heads/main"),
	    REFUSED },
	{ "evil owner", SUB("example-evil/app:ref:refs/heads/main"), REFUSED },
	{ "a path taken over", SUB("example@5/app@6:ref:refs/heads/main"),
	    REFUSED },
	{ "a pull request", SUB("example/app:pull_request"), REFUSED },
	{ "with ids", SUB(AT_IDS "pull_request"), REFUSED },
	{ "an environment", SUB("example/app:environment:main"), REFUSED },
	{ "a branch that goes on", SUB("example/app:ref:refs/heads/main/x"),
	    REFUSED },
	{ "capitals", SUB("Example/app:ref:refs/heads/main"), REFUSED },
	{ "an escaped colon",
	    SUB("example/app%3Aref:refs/heads/main"), REFUSED },
	{ "a pattern", SUB("example/app:ref:refs/heads/backup-1"),
	    .user = "backup" },
	{ "a pattern with ids", SUB(AT_IDS "ref:refs/heads/backup-1"),
	    .user = "backup" },
	{ "a pattern and evil", SUB("example/app-evil:ref:refs/heads/backup-1"),
	    .user = "backup", REFUSED },
	{ "a pattern stays in its segment",
	    SUB("example/app:ref:refs/heads/backup-1/x"), .user = "backup",
	    REFUSED },
	{ "and does not cross a colon",
	    SUB("example/app:ref:refs/heads/backup-1:x"), .user = "backup",
	    REFUSED },
};

PRESET_TEST(corp)
PRESET_TEST(both_corp)
PRESET_TEST(both_github)
PRESET_TEST(subs)

/*
 * The names that the other files of this kind have tests for; bastion.conf has
 * one in tests/cli/presets.sh.
 */
static bool
is_tested(const char *file)
{
	static const char *const names[] = {
		"auth0.conf", "authentik.conf", "bastion.conf", "dex.conf",
		"entra.conf",
		"github-actions.conf", "gitlab-ci.conf", "google.conf",
		"keycloak.conf", "kubernetes.conf", "okta.conf", "spiffe.conf",
		"teleport.conf", "vault.conf", "zitadel.conf", "README.md"
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(file, names[i]) == 0)
			return true;
	}
	return false;
}

/* Whether it is NAME.tests of a NAME.conf; presets.sh runs those. */
static bool
is_of_example(const char *file)
{
	size_t len = strcspn(file, ".");
	char conf[64];

	snprintf(conf, sizeof(conf), "%.*s.conf", (int)len, file);
	return strcmp(file + len, ".tests") == 0 && is_tested(conf);
}

static void
test_every_example_has_a_test(void **state)
{
	DIR *dir = opendir("conf/examples");
	struct dirent *entry;
	unsigned found = 0;

	(void)state;
	assert_non_null(dir);
	while ((entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		found++;
		if (!is_tested(entry->d_name) && !is_of_example(entry->d_name))
			fail_msg("%s has no test", entry->d_name);
	}
	closedir(dir);
	assert_int_equal(found, 15 + 15 + 1);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_corp),
		cmocka_unit_test(test_both_corp),
		cmocka_unit_test(test_both_github),
		cmocka_unit_test(test_subs),
		cmocka_unit_test(test_every_example_has_a_test),
	};

	return cmocka_run_group_tests_name("bastions and mixtures", tests,
	    preset_setup, preset_teardown);
}
