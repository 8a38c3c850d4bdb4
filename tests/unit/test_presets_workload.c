/* SPDX-License-Identifier: BSD-2-Clause */
/* The examples for workloads: jobs, pods and machines as service accounts. */
#include "tests/unit/test_presets.h"

static const struct preset gitlab = {
	.name = "gitlab-ci", .algs = "RS256",
	.jwk = "{'kid':'4i3s','use':'sig','alg':'RS256'}",
	.header = "{'typ':'JWT','kid':'4i3s'}",
	.payload = "{'namespace_id':'72','namespace_path':'example',"
	    "'project_id':'4242','project_path':'example/app',"
	    "'user_id':'1','user_login':'alice','user_email':"
	    "'alice@example.com','user_access_level':'maintainer',"
	    "'user_identities':[],'pipeline_id':'574','pipeline_source':'push',"
	    "'job_id':'302','ref':'main','ref_type':'branch',"
	    "'ref_path':'refs/heads/main','ref_protected':'true',"
	    "'groups_direct':['example'],'environment':'production',"
	    "'environment_protected':'true','deployment_tier':'production',"
	    "'runner_id':1,'runner_environment':'self-hosted','sha':'714a6',"
	    "'project_visibility':'private','ci_config_ref_uri':"
	    "'gitlab.com/example/app//.gitlab-ci.yml@refs/heads/main',"
	    "'jti':'235b3a54-b797-45c7-ae9a-f72d7bc6ef5b',"
	    "'iss':'https://gitlab.com','iat':1799999940,'nbf':1799999935,"
	    "'exp':1800003540,"
	    "'sub':'project_path:example/app:ref_type:branch:ref:main',"
	    "'aud':'ssh://web1'}",
	.user = "deploy", .lifetime_sec = 3600, .types = "JWT",
	.second_aud = JWT_DENIED
};

static const struct preset_case gitlab_cases[] = {
	{ "aud as an array of one", .patch = "{'aud':['ssh://web1']}" },
	{ "started by hand", .patch = "{'pipeline_source':'web'}" },
	{ "a schedule", .patch = "{'pipeline_source':'schedule'}" },
	{ "a branch that is not protected",
	    .patch = "{'ref_protected':'false'}",
	    .reason = JWT_DENIED, .rule = "ref_protected" },
	{ "the flag as JSON's true", .patch = "{'ref_protected':true}",
	    .reason = JWT_DENIED, .rule = "ref_protected" },
	{ "no flag", .patch = "{'ref_protected':null}", .reason = JWT_DENIED,
	    .rule = "ref_protected" },
	{ "a merge request",
	    .patch = "{'pipeline_source':'merge_request_event',"
	    "'ref':'refs/merge-requests/7/head','ref_protected':'false'}",
	    .reason = JWT_DENIED, .rule = "ref_protected" },
	{ "a merge request from a protected branch",
	    .patch = "{'pipeline_source':'merge_request_event'}",
	    .reason = JWT_DENIED, .rule = "pipeline_source" },
	{ "no source", .patch = "{'pipeline_source':null}",
	    .reason = JWT_DENIED, .rule = "pipeline_source" },
	{ "another project", .patch = "{'project_id':'4243'}",
	    .reason = JWT_NOT_PERMITTED },
	{ "another project that took the path",
	    .patch = "{'project_id':'99999'}", .reason = JWT_NOT_PERMITTED },
	{ "the project renamed", .patch = "{'project_path':'example/renamed',"
	    "'sub':'project_path:example/renamed:ref_type:branch:ref:main'}" },
	{ "the id as a number", .patch = "{'project_id':4242}",
	    .reason = JWT_NOT_PERMITTED },
	{ "another branch", .patch = "{'ref':'main-evil'}",
	    .reason = JWT_NOT_PERMITTED },
	{ "a tag called main", .patch = "{'ref_type':'tag'}",
	    .reason = JWT_NOT_PERMITTED },
	{ "the person who pushed", .user = "alice",
	    .reason = JWT_ACCOUNT_MISMATCH },
	{ "a person's login with GitLab", .patch = "{'project_id':null,"
	    "'project_path':null,'ref':null,'ref_type':null,"
	    "'ref_protected':null,'pipeline_source':null,'sub':'1',"
	    "'preferred_username':'deploy','email_verified':true}",
	    .reason = JWT_DENIED, .rule = "ref_protected" },
	{ "for another host", .patch = "{'aud':'ssh://web10'}",
	    .reason = JWT_AUDIENCE_MISMATCH },
	{ "for GitLab itself", .patch = "{'aud':'https://gitlab.com'}",
	    .reason = JWT_AUDIENCE_MISMATCH },
};

static const struct preset github = {
	.name = "github-actions", .algs = "RS256",
	.jwk = "{'kid':'38826b17','use':'sig','alg':'RS256',"
	    "'x5c':['MIID'],'x5t':'OIJrF6'}",
	.header = "{'typ':'JWT','x5t':'OIJrF6','kid':'38826b17'}",
	.payload = "{'jti':'example-id','sub':"
	    "'repo:example/app:ref:refs/heads/main','aud':'ssh://web1',"
	    "'ref':'refs/heads/main','ref_protected':'true',"
	    "'ref_type':'branch','sha':'example-sha',"
	    "'repository':'example/app',"
	    "'repository_owner':'example','actor_id':'12',"
	    "'repository_visibility':'private','repository_id':'123456789',"
	    "'repository_owner_id':'987654','run_id':'1','run_number':'10',"
	    "'run_attempt':'2','runner_environment':'github-hosted',"
	    "'actor':'alice','workflow':'deploy','head_ref':'','base_ref':'',"
	    "'event_name':'push','workflow_ref':"
	    "'example/app/.github/workflows/deploy.yml@refs/heads/main',"
	    "'job_workflow_ref':"
	    "'example/app/.github/workflows/deploy.yml@refs/heads/main',"
	    "'iss':'https://token.actions.githubusercontent.com',"
	    "'nbf':1799999340,'exp':1800000240,'iat':1799999940}",
	.user = "deploy", .lifetime_sec = 600, .types = "JWT",
	.second_aud = JWT_DENIED
};

static const struct preset_case github_cases[] = {
	{ "sub with the ids", .patch =
	    "{'sub':'repo:example@987654/app@123456789:ref:refs/heads/main'}" },
	{ "an environment", .patch = "{'environment':'production',"
	    "'sub':'repo:example/app:environment:production'}" },
	{ "started by hand", .patch = "{'event_name':'workflow_dispatch'}" },
	{ "a schedule", .patch = "{'event_name':'schedule'}" },
	{ "the repository renamed", .patch = "{'repository':'example/new',"
	    "'sub':'repo:example@987654/new@123456789:ref:refs/heads/main'}" },
	{ "app-evil", .patch = "{'repository':'example/app-evil',"
	    "'repository_id':'123456790',"
	    "'sub':'repo:example/app-evil:ref:refs/heads/main'}",
	    .reason = JWT_NOT_PERMITTED },
	{ "app-evil, sub with the ids", .patch = "{'repository':"
	    "'example/app-evil','repository_id':'123456790','sub':"
	    "'repo:example@987654/app-evil@123456790:ref:refs/heads/main'}",
	    .reason = JWT_NOT_PERMITTED },
	{ "the path taken over by somebody else",
	    .patch = "{'repository_id':'555','repository_owner_id':'777'}",
	    .reason = JWT_NOT_PERMITTED },
	{ "the repository given to somebody else",
	    .patch = "{'repository_owner_id':'777'}",
	    .reason = JWT_NOT_PERMITTED },
	{ "another repository of the owner", .patch = "{'repository_id':'555'}",
	    .reason = JWT_NOT_PERMITTED },
	{ "an id that starts like it",
	    .patch = "{'repository_id':'1234567890'}",
	    .reason = JWT_NOT_PERMITTED },
	{ "the id as a number", .patch = "{'repository_id':123456789}",
	    .reason = JWT_NOT_PERMITTED },
	{ "a pull request", .patch = "{'event_name':'pull_request',"
	    "'sub':'repo:example/app:pull_request','ref':'refs/pull/7/merge',"
	    "'base_ref':'main','head_ref':'evil'}",
	    .reason = JWT_DENIED, .rule = "event_name" },
	{ "a pull request, sub with the ids", .patch =
	    "{'event_name':'pull_request','ref':'refs/pull/7/merge',"
	    "'sub':'repo:example@987654/app@123456789:pull_request'}",
	    .reason = JWT_DENIED, .rule = "event_name" },
	{ "pull_request_target, which runs on main",
	    .patch = "{'event_name':'pull_request_target'}",
	    .reason = JWT_DENIED, .rule = "event_name" },
	{ "workflow_run", .patch = "{'event_name':'workflow_run'}",
	    .reason = JWT_DENIED, .rule = "event_name" },
	{ "no event", .patch = "{'event_name':null}",
	    .reason = JWT_DENIED, .rule = "event_name" },
	{ "a pull request's ref", .patch = "{'ref':'refs/pull/7/merge'}",
	    .reason = JWT_NOT_PERMITTED },
	{ "another branch", .patch = "{'ref':'refs/heads/main-evil'}",
	    .reason = JWT_NOT_PERMITTED },
	{ "a tag called main", .patch = "{'ref':'refs/tags/main'}",
	    .reason = JWT_NOT_PERMITTED },
	{ "the actor", .user = "alice", .reason = JWT_ACCOUNT_MISMATCH },
	{ "the default audience",
	    .patch = "{'aud':'https://github.com/example'}",
	    .reason = JWT_AUDIENCE_MISMATCH },
	{ "an Enterprise Server", .patch =
	    "{'iss':'https://github.example.com/_services/token'}",
	    .reason = JWT_ISSUER_UNKNOWN },
	{ "an enterprise's own issuer", .patch =
	    "{'iss':'https://token.actions.githubusercontent.com/example'}",
	    .reason = JWT_ISSUER_UNKNOWN },
};

static const struct preset kubernetes = {
	.name = "kubernetes", .algs = "RS256 ES256",
	.jwk = "{'kid':'Gi0N','use':'sig','alg':'RS256'}",
	.header = "{'kid':'Gi0N'}",
	.payload = "{'aud':['ssh://web1'],'exp':1800000540,'iat':1799999940,"
	    "'iss':'https://kubernetes.default.svc.cluster.local',"
	    "'jti':'7b1b5c2e-5a2f-4f65-a2a7-2f1e2d3c4b5a',"
	    "'kubernetes.io':{'namespace':'ops','node':{'name':'n1',"
	    "'uid':'9e-1'},'pod':{'name':'backup-0','uid':'5e0bd49b'},"
	    "'serviceaccount':{'name':'backup','uid':'14ee3fa4'}},"
	    "'nbf':1799999940,'sub':'system:serviceaccount:ops:backup'}",
	.user = "backup", .lifetime_sec = 3600, .types = "JWT none",
	.second_aud = JWT_DENIED
};

static const struct preset_case kubernetes_cases[] = {
	{ "another namespace", .patch = "{'sub':"
	    "'system:serviceaccount:evil:backup','kubernetes.io':"
	    "{'namespace':'evil'}}", .reason = JWT_NOT_PERMITTED },
	{ "another service account", .patch = "{'sub':"
	    "'system:serviceaccount:ops:backup-evil'}",
	    .reason = JWT_NOT_PERMITTED },
	{ "the default one", .patch =
	    "{'sub':'system:serviceaccount:ops:default'}",
	    .reason = JWT_NOT_PERMITTED },
	{ "another user of the cluster", .patch = "{'sub':'backup'}",
	    .reason = JWT_NOT_PERMITTED },
	{ "made by kubectl create token",
	    .patch = "{'kubernetes.io':{'pod':null,'node':null}}",
	    .reason = JWT_DENIED, .rule = "pod/uid" },
	{ "a token of a Secret", .patch = "{'iss':'kubernetes/serviceaccount',"
	    "'aud':null,'exp':null,'kubernetes.io':null}",
	    .reason = JWT_ISSUER_UNKNOWN },
	{ "the pod's default audience", .patch =
	    "{'aud':['https://kubernetes.default.svc.cluster.local']}",
	    .reason = JWT_AUDIENCE_MISMATCH },
	{ "two audiences", .patch = "{'aud':['ssh://web1','vault']}",
	    .reason = JWT_DENIED, .rule = "/aud/1" },
	{ "two audiences, ours second",
	    .patch = "{'aud':['vault','ssh://web1']}",
	    .reason = JWT_DENIED, .rule = "/aud/1" },
	{ "the default token's 3607 seconds", .patch = "{'exp':1800003547}",
	    .reason = JWT_LIFETIME_TOO_LONG },
	{ "the longest of a projected volume", .patch = "{'exp':1800003540}" },
	{ "extended to a year", .patch = "{'exp':1831535940,"
	    "'kubernetes.io':{'warnafter':1800003547}}",
	    .reason = JWT_LIFETIME_TOO_LONG },
	{ "another cluster", .patch = "{'iss':"
	    "'https://oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLE'}",
	    .reason = JWT_ISSUER_UNKNOWN },
};

static const struct preset vault = {
	.name = "vault", .algs = "RS256 ES256 EdDSA",
	.jwk = "{'kid':'2c5e6f3b','use':'sig','alg':'RS256'}",
	.header = "{'kid':'2c5e6f3b'}",
	.payload = "{'aud':'linux-login','exp':1800000540,'iat':1799999940,"
	    "'iss':'https://vault.example.com:8200/v1/identity/oidc',"
	    "'namespace':'root','sub':'0c7d9a7e-31a5-4f0c-8b1c-5a3f4e6d7c8b'}",
	.user = "backup", .lifetime_sec = 3600, .types = "JWT none",
	.second_aud = JWT_DENIED
};

static const struct preset_case vault_cases[] = {
	{ "another entity of the role", .patch =
	    "{'sub':'0c7d9a7e-31a5-4f0c-8b1c-5a3f4e6d7c8c'}",
	    .reason = JWT_NOT_PERMITTED },
	{ "an entity that says it is backup", .patch = "{'sub':'ffffffff',"
	    "'name':'backup','groups':['backup'],'metadata':{'account':"
	    "'backup'}}", .reason = JWT_NOT_PERMITTED },
	{ "another namespace", .patch = "{'namespace':'team-a'}",
	    .reason = JWT_NOT_PERMITTED },
	{ "no namespace", .patch = "{'namespace':null}",
	    .reason = JWT_NOT_PERMITTED },
	{ "another role", .patch = "{'aud':'wiki'}",
	    .reason = JWT_AUDIENCE_MISMATCH },
	{ "with nbf, of OpenBao", .patch = "{'nbf':1799999940}" },
	{ "the default ttl of a day", .patch = "{'exp':1800086340}",
	    .reason = JWT_LIFETIME_TOO_LONG },
	{ "an OIDC provider of Vault", .patch = "{'iss':'https://vault."
	    "example.com:8200/v1/identity/oidc/provider/default'}",
	    .reason = JWT_ISSUER_UNKNOWN },
	{ "the address without the path",
	    .patch = "{'iss':'https://vault.example.com:8200'}",
	    .reason = JWT_ISSUER_UNKNOWN },
};

static const struct preset spiffe = {
	.name = "spiffe", .algs = "ES256 RS256 ES384",
	.jwk = "{'kid':'C6vs25welZOx6WksNYfbMfiw9l96pMnD','use':'jwt-svid',"
	    "'alg':null}",
	.other = "{'kid':null,'use':'x509-svid','alg':null,'x5c':['MIIB']}",
	.header = "{'typ':'JWT','kid':'C6vs25welZOx6WksNYfbMfiw9l96pMnD'}",
	.payload = "{'aud':['ssh://web1'],'exp':1800000240,'iat':1799999940,"
	    "'iss':'https://spire.example.org',"
	    "'sub':'spiffe://example.org/ns/ops/sa/backup'}",
	.user = "backup", .lifetime_sec = 600, .types = "JWT JOSE none",
	.second_aud = JWT_DENIED
};

static const struct preset_case spiffe_cases[] = {
	{ "no kid", .header = "{'kid':null}" },
	{ "no iat", .patch = "{'iat':null}" },
	{ "aud as a string", .patch = "{'aud':'ssh://web1'}" },
	{ "no iss, as the standard allows", .patch = "{'iss':null}",
	    .reason = JWT_ISSUER_UNKNOWN },
	{ "the trust domain as iss", .patch = "{'iss':'spiffe://example.org'}",
	    .reason = JWT_ISSUER_UNKNOWN },
	{ "another workload",
	    .patch = "{'sub':'spiffe://example.org/ns/ops/sa/web'}",
	    .reason = JWT_NOT_PERMITTED },
	{ "an id that starts like it",
	    .patch = "{'sub':'spiffe://example.org/ns/ops/sa/backup-evil'}",
	    .reason = JWT_NOT_PERMITTED },
	{ "an id below it",
	    .patch = "{'sub':'spiffe://example.org/ns/ops/sa/backup/x'}",
	    .reason = JWT_NOT_PERMITTED },
	{ "another trust domain",
	    .patch = "{'sub':'spiffe://evil.org/ns/ops/sa/backup'}",
	    .reason = JWT_NOT_PERMITTED },
	{ "a trust domain that ends like it",
	    .patch = "{'sub':'spiffe://evil-example.org/ns/ops/sa/backup'}",
	    .reason = JWT_NOT_PERMITTED },
	{ "two audiences", .patch = "{'aud':['ssh://web1','ssh://web2']}",
	    .reason = JWT_DENIED, .rule = "/aud/1" },
	{ "HMAC, which SVIDs must not use", .header = "{'alg':'HS256'}",
	    .reason = JWT_ALG_NOT_ALLOWED },
};

/* The same workload, by the keys of SPIRE's OIDC discovery provider. */
static const struct preset spiffe_oidc = {
	.name = "spiffe", .algs = "ES256 RS256 ES384",
	.jwk = "{'kid':'C6vs25welZOx6WksNYfbMfiw9l96pMnD','use':'sig',"
	    "'alg':'ES256'}",
	.header = "{'typ':'JWT','kid':'C6vs25welZOx6WksNYfbMfiw9l96pMnD'}",
	.payload = "{'aud':['ssh://web1'],'exp':1800000240,'iat':1799999940,"
	    "'iss':'https://spire.example.org',"
	    "'sub':'spiffe://example.org/ns/ops/sa/backup'}",
	.user = "backup", .lifetime_sec = 600, .types = "JWT JOSE none",
	.second_aud = JWT_DENIED
};

static const struct preset_case spiffe_oidc_cases[] = {
	{ "as it comes, for one host", .patch = "{'aud':'ssh://web1'}" },
};

PRESET_TEST(gitlab)
PRESET_TEST(github)
PRESET_TEST(kubernetes)
PRESET_TEST(vault)
PRESET_TEST(spiffe)
PRESET_TEST(spiffe_oidc)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gitlab),
		cmocka_unit_test(test_github),
		cmocka_unit_test(test_kubernetes),
		cmocka_unit_test(test_vault),
		cmocka_unit_test(test_spiffe),
		cmocka_unit_test(test_spiffe_oidc),
	};

	return cmocka_run_group_tests_name("presets for workloads", tests,
	    preset_setup, preset_teardown);
}
