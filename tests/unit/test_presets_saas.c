/* SPDX-License-Identifier: BSD-2-Clause */
/* The examples for people, against tokens of providers that are a service. */
#include "tests/unit/test_presets.h"

static const struct preset entra = {
	.name = "entra", .algs = "RS256",
	.jwk = "{'kid':'-KI3','x5t':'-KI3','use':'sig','alg':null,"
	    "'x5c':['MIIC'],'cloud_instance_name':'microsoftonline.com',"
	    "'issuer':'https://login.microsoftonline.com/"
	    "11111111-2222-3333-4444-555555555555/v2.0'}",
	.header = "{'typ':'JWT','kid':'-KI3','x5t':'-KI3'}",
	.payload = "{'aud':'66666666-7777-8888-9999-aaaaaaaaaaaa',"
	    "'iss':'https://login.microsoftonline.com/"
	    "11111111-2222-3333-4444-555555555555/v2.0',"
	    "'iat':1799999640,'nbf':1799999640,'exp':1800004140,"
	    "'aio':'AVQAq/8','azp':'66666666-7777-8888-9999-aaaaaaaaaaaa',"
	    "'azpacr':'0','groups':['bbbbbbbb-cccc-dddd-eeee-ffffffffffff',"
	    "'12121212-3434-5656-7878-909090909090'],'name':'Alice Example',"
	    "'oid':'0d0d0d0d-1111-2222-3333-444444444444',"
	    "'preferred_username':'alice@example.com','rh':'0.AXoA',"
	    "'scp':'login','sub':'AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ',"
	    "'tid':'11111111-2222-3333-4444-555555555555','uti':'bNv',"
	    "'ver':'2.0'}",
	.user = "alice", .lifetime_sec = 7200, .types = "JWT",
	.account = "{'preferred_username':'%s@example.com'}", .lower = true,
	.second_aud = JWT_OK
};

static const struct preset_case entra_cases[] = {
	{ "an ID token", .patch = "{'azp':null,'azpacr':null,'scp':null,"
	    "'nonce':'1','idtyp':null}" },
	{ "idtyp is configured, a person", .patch = "{'idtyp':'user'}" },
	{ "version 1", .patch = "{'iss':'https://sts.windows.net/"
	    "11111111-2222-3333-4444-555555555555/','ver':'1.0',"
	    "'upn':'alice@example.com','unique_name':'alice@example.com'}",
	    .reason = JWT_ISSUER_UNKNOWN },
	{ "version 1 under the issuer of version 2", .patch = "{'ver':'1.0'}",
	    .reason = JWT_DENIED, .rule = "ver !=" },
	{ "no version", .patch = "{'ver':null}", .reason = JWT_DENIED,
	    .rule = "ver !=" },
	{ "another tenant", .patch = "{'iss':'https://login."
	    "microsoftonline.com/99999999-2222-3333-4444-555555555555/v2.0'}",
	    .reason = JWT_ISSUER_UNKNOWN },
	{ "the common endpoint's template", .patch = "{'iss':'https://login."
	    "microsoftonline.com/{tenantid}/v2.0'}",
	    .reason = JWT_ISSUER_UNKNOWN },
	{ "overage: too many groups", .patch = "{'groups':null,"
	    "'_claim_names':{'groups':'src1'},'_claim_sources':{'src1':"
	    "{'endpoint':'https://graph.example/getMemberObjects'}}}",
	    .reason = JWT_DENIED, .rule = "_claim_names" },
	{ "overage in the implicit flow",
	    .patch = "{'groups':null,'hasgroups':true}",
	    .reason = JWT_DENIED, .rule = "hasgroups" },
	{ "no groups claim", .patch = "{'groups':null}",
	    .reason = JWT_NOT_PERMITTED },
	{ "not in the group", .patch = "{'groups':"
	    "['12121212-3434-5656-7878-909090909090']}",
	    .reason = JWT_NOT_PERMITTED },
	{ "a guest with our domain in the name", .patch = "{'idp':"
	    "'https://sts.windows.net/99999999-2222-3333-4444-555555555555/'}",
	    .reason = JWT_DENIED, .rule = "idp exists" },
	{ "a personal account", .patch = "{'idp':'live.com'}",
	    .reason = JWT_DENIED, .rule = "idp exists" },
	{ "an application, as it comes", .patch = "{'groups':null,'scp':null,"
	    "'preferred_username':null,'name':null,'roles':['Login.All'],"
	    "'sub':'0d0d0d0d-1111-2222-3333-444444444444'}",
	    .reason = JWT_NOT_PERMITTED },
	{ "an application in the group", .patch = "{'scp':null,"
	    "'preferred_username':null,'name':null}",
	    .reason = JWT_ACCOUNT_INVALID },
	{ "an application that says so", .patch = "{'idtyp':'app'}",
	    .reason = JWT_DENIED, .rule = "idtyp" },
	{ "idtyp is null", .patch = "{'idtyp':'NULL'}", .reason = JWT_DENIED,
	    .rule = "idtyp" },
	{ "an unverified e-mail of alice", .patch = "{'email':"
	    "'alice@example.com','preferred_username':'mallory@example.com'}",
	    .reason = JWT_ACCOUNT_MISMATCH },
	{ "another domain of the tenant",
	    .patch = "{'preferred_username':'alice@other.example'}",
	    .reason = JWT_ACCOUNT_INVALID },
	{ "a domain that ends like ours",
	    .patch = "{'preferred_username':'alice@evil-example.com'}",
	    .reason = JWT_ACCOUNT_INVALID },
	{ "a domain as long as ours",
	    .patch = "{'preferred_username':'alice@example.org'}",
	    .reason = JWT_ACCOUNT_INVALID },
	{ "an external name", .patch = "{'preferred_username':"
	    "'alice_other.example#EXT#@example.com'}",
	    .reason = JWT_ACCOUNT_INVALID },
	{ "capitals in the name",
	    .patch = "{'preferred_username':'Alice@example.com'}" },
	{ "capitals in the domain",
	    .patch = "{'preferred_username':'alice@Example.com'}" },
	{ "a letter that looks like one of alice", .patch =
	    "{'preferred_username':'al\\u0130ce@example.com'}",
	    .reason = JWT_ACCOUNT_INVALID },
	{ "a client that announces CAE, 24 hours",
	    .patch = "{'xms_cc':['CP1'],'exp':1800086040}",
	    .reason = JWT_LIFETIME_TOO_LONG },
	{ "a client that announces CAE, the usual time",
	    .patch = "{'xms_cc':['CP1']}" },
	{ "a token for Microsoft Graph",
	    .patch = "{'aud':'00000003-0000-0000-c000-000000000000'}",
	    .header = "{'nonce':'x'}", .reason = JWT_AUDIENCE_MISMATCH },
};

static const struct preset okta = {
	.name = "okta", .algs = "RS256",
	.jwk = "{'kid':'1s0m','use':'sig','alg':'RS256'}",
	.header = "{'kid':'1s0m'}",
	.payload = "{'ver':1,'jti':'AT.kJ8bX0',"
	    "'iss':'https://example.okta.com/oauth2/aus1example',"
	    "'aud':'api://linux-login','iat':1799999940,'exp':1800003540,"
	    "'cid':'0oa1linux','uid':'00u1alice','scp':['openid',"
	    "'linux-login'],"
	    "'auth_time':1799999900,'sub':'alice@example.com',"
	    "'groups':['linux-users']}",
	.user = "alice", .lifetime_sec = 3600, .types = "JWT at+jwt none",
	.account = "{'sub':'%s@example.com'}", .lower = true,
	.second_aud = JWT_OK
};

static const struct preset_case okta_cases[] = {
	{ "scp as a string", .patch = "{'scp':'openid linux-login'}" },
	{ "no such scope", .patch = "{'scp':['openid','profile']}",
	    .reason = JWT_NOT_PERMITTED },
	{ "a scope that starts like it",
	    .patch = "{'scp':['linux-login-evil']}",
	    .reason = JWT_NOT_PERMITTED },
	{ "the same as a string", .patch = "{'scp':'openid linux-login-evil'}",
	    .reason = JWT_NOT_PERMITTED },
	{ "scp is missing, scope is there", .patch = "{'scp':null,"
	    "'scope':'linux-login'}", .reason = JWT_NOT_PERMITTED },
	{ "not in the group", .patch = "{'groups':['linux-users-old']}",
	    .reason = JWT_NOT_PERMITTED },
	{ "no groups claim", .patch = "{'groups':null}",
	    .reason = JWT_NOT_PERMITTED },
	{ "client credentials", .patch = "{'uid':null,'sub':'0oa1linux',"
	    "'auth_time':null,'groups':null}", .reason = JWT_DENIED,
	    .rule = "uid" },
	{ "client credentials whose id looks like a person", .patch =
	    "{'uid':null,'sub':'alice@example.com','cid':'alice@example.com'}",
	    .reason = JWT_DENIED, .rule = "uid" },
	{ "the org server's issuer", .patch =
	    "{'iss':'https://example.okta.com'}",
	    .reason = JWT_ISSUER_UNKNOWN },
	{ "the org server's type",
	    .header = "{'typ':'application/okta-internal-at+jwt'}",
	    .reason = JWT_TYPE_NOT_ACCEPTED },
	{ "the default authorization server", .patch =
	    "{'iss':'https://example.okta.com/oauth2/default',"
	    "'aud':'api://default'}", .reason = JWT_ISSUER_UNKNOWN },
	{ "an ID token", .patch = "{'aud':'0oa1linux','sub':'00u1alice',"
	    "'preferred_username':'alice@example.com','scp':null,'uid':null}",
	    .reason = JWT_AUDIENCE_MISMATCH },
	{ "a login name of another domain",
	    .patch = "{'sub':'alice@partner.example'}",
	    .reason = JWT_ACCOUNT_INVALID },
	{ "a domain as long as ours", .patch = "{'sub':'alice@example.org'}",
	    .reason = JWT_ACCOUNT_INVALID },
	{ "capitals in the login name",
	    .patch = "{'sub':'Alice@example.com'}" },
	{ "capitals in the domain", .patch = "{'sub':'alice@Example.com'}" },
	{ "a letter that looks like one of alice",
	    .patch = "{'sub':'al\\u0131ce@example.com'}",
	    .reason = JWT_ACCOUNT_INVALID },
};

static const struct preset auth0 = {
	.name = "auth0", .algs = "RS256",
	.jwk = "{'kid':'NjVB','use':'sig','alg':'RS256','x5t':'NjVB',"
	    "'x5c':['MIIC']}",
	.header = "{'typ':'JWT','kid':'NjVB'}",
	.payload = "{'https://linux.example.com/account':'alice',"
	    "'iss':'https://example.eu.auth0.com/',"
	    "'sub':'google-oauth2|1122334455',"
	    "'aud':['https://linux.example.com/api',"
	    "'https://example.eu.auth0.com/userinfo'],"
	    "'iat':1799999940,'exp':1800086340,"
	    "'azp':'u5xAuth0client','scope':'openid profile email',"
	    "'permissions':['login:linux']}",
	.user = "alice", .lifetime_sec = 86400, .age_sec = 3600,
	.types = "JWT at+jwt", .account =
	    "{'https://linux.example.com/account':'%s'}", .second_aud = JWT_OK
};

static const struct preset_case auth0_cases[] = {
	{ "the RFC 9068 profile", .header = "{'typ':'at+jwt'}",
	    .patch = "{'azp':null,'client_id':'u5xAuth0client','jti':'a1b2'}" },
	{ "no slash behind the issuer", .patch =
	    "{'iss':'https://example.eu.auth0.com'}",
	    .reason = JWT_ISSUER_UNKNOWN },
	{ "the custom domain", .patch = "{'iss':'https://login.example.com/'}",
	    .reason = JWT_ISSUER_UNKNOWN },
	{ "three parties in aud", .patch = "{'aud':["
	    "'https://linux.example.com/api',"
	    "'https://example.eu.auth0.com/userinfo','https://wiki.example']}",
	    .reason = JWT_DENIED, .rule = "/aud/2" },
	{ "userinfo only", .patch =
	    "{'aud':['https://example.eu.auth0.com/userinfo']}",
	    .reason = JWT_AUDIENCE_MISMATCH },
	{ "client credentials", .patch = "{'sub':'u5xAuth0client@clients',"
	    "'gty':'client-credentials','aud':'https://linux.example.com/api',"
	    "'https://linux.example.com/account':null}",
	    .reason = JWT_DENIED, .rule = "gty" },
	{ "client credentials with alice's claim",
	    .patch = "{'gty':'client-credentials'}", .reason = JWT_DENIED,
	    .rule = "gty" },
	{ "a client's subject without gty",
	    .patch = "{'sub':'u5xAuth0client@clients'}", .reason = JWT_DENIED,
	    .rule = "@clients" },
	{ "a client's subject with signs in it",
	    .patch = "{'sub':'https://api.example/x:y@clients'}",
	    .reason = JWT_DENIED, .rule = "@clients" },
	{ "a password handed to an application", .patch = "{'gty':'password'}",
	    .reason = JWT_DENIED, .rule = "gty" },
	{ "a code that somebody logged in for",
	    .patch = "{'gty':'authorization_code'}" },
	{ "a refreshed token", .patch = "{'gty':'refresh_token'}" },
	{ "the device flow", .patch =
	    "{'gty':'urn:ietf:params:oauth:grant-type:device_code'}" },
	{ "another grant", .patch = "{'gty':'urn:ietf:params:oauth:grant-type:"
	    "token-exchange'}", .reason = JWT_DENIED, .rule = "gty" },
	{ "client credentials under its name in the request",
	    .patch = "{'gty':'client_credentials'}", .reason = JWT_DENIED,
	    .rule = "gty" },
	{ "two grants", .patch = "{'gty':['refresh_token','password']}",
	    .reason = JWT_DENIED, .rule = "gty" },
	{ "no permission", .patch = "{'permissions':[]}",
	    .reason = JWT_NOT_PERMITTED },
	{ "a permission that starts like it",
	    .patch = "{'permissions':['login:linux-evil']}",
	    .reason = JWT_NOT_PERMITTED },
	{ "RBAC is off: no permissions", .patch = "{'permissions':null,"
	    "'scope':'openid login:linux'}", .reason = JWT_NOT_PERMITTED },
	{ "the nickname is no account", .patch =
	    "{'https://linux.example.com/account':null,'nickname':'alice',"
	    "'email':'alice@elsewhere.example','email_verified':false}",
	    .reason = JWT_ACCOUNT_INVALID },
};

static const struct preset google = {
	.name = "google", .algs = "RS256",
	.jwk = "{'kid':'f5f4','use':'sig','alg':'RS256'}",
	.header = "{'typ':'JWT','kid':'f5f4'}",
	.payload = "{'iss':'https://accounts.google.com',"
	    "'azp':'123456789012-example.apps.googleusercontent.com',"
	    "'aud':'123456789012-example.apps.googleusercontent.com',"
	    "'sub':'110169484474386276334','hd':'example.com',"
	    "'email':'alice@example.com','email_verified':true,"
	    "'at_hash':'HK6E','iat':1799999940,'exp':1800003540}",
	.user = "alice", .lifetime_sec = 3600, .types = "JWT",
	.account = "{'email':'%s@example.com'}", .second_aud = JWT_DENIED
};

static const struct preset_case google_cases[] = {
	{ "an unverified e-mail", .patch = "{'email_verified':false}",
	    .reason = JWT_NOT_PERMITTED },
	{ "a verified one, but as a string",
	    .patch = "{'email_verified':'true'}",
	    .reason = JWT_NOT_PERMITTED },
	{ "nothing said of it", .patch = "{'email_verified':null}",
	    .reason = JWT_NOT_PERMITTED },
	{ "a private account with an address of the domain",
	    .patch = "{'hd':null}", .reason = JWT_NOT_PERMITTED },
	{ "another Workspace", .patch = "{'hd':'evil.example'}",
	    .reason = JWT_NOT_PERMITTED },
	{ "another domain of the Workspace",
	    .patch = "{'email':'alice@sub.example.com'}",
	    .reason = JWT_ACCOUNT_INVALID },
	{ "a domain that ends like ours",
	    .patch = "{'email':'alice@evilexample.com'}",
	    .reason = JWT_ACCOUNT_INVALID },
	{ "a domain as long as ours", .patch = "{'email':'alice@example.org'}",
	    .reason = JWT_ACCOUNT_INVALID },
	{ "gmail", .patch = "{'hd':null,'email':'alice@gmail.com'}",
	    .reason = JWT_NOT_PERMITTED },
	{ "no e-mail scope", .patch = "{'email':null,'email_verified':null}",
	    .reason = JWT_NOT_PERMITTED },
	{ "a service account's token for our audience", .patch = "{'hd':null,"
	    "'azp':'109876543210987654321','sub':'109876543210987654321',"
	    "'email':'alice@evil-project.iam.gserviceaccount.com'}",
	    .reason = JWT_NOT_PERMITTED },
	{ "the issuer without a scheme",
	    .patch = "{'iss':'accounts.google.com'}",
	    .reason = JWT_ISSUER_UNKNOWN },
	{ "Firebase", .patch =
	    "{'iss':'https://securetoken.google.com/example'}",
	    .reason = JWT_ISSUER_UNKNOWN },
	{ "an address with a plus", .patch = "{'email':'alice+x@example.com'}",
	    .reason = JWT_ACCOUNT_INVALID },
};

PRESET_TEST(entra)
PRESET_TEST(okta)
PRESET_TEST(auth0)
PRESET_TEST(google)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_entra),
		cmocka_unit_test(test_okta),
		cmocka_unit_test(test_auth0),
		cmocka_unit_test(test_google),
	};

	return cmocka_run_group_tests_name("presets of services", tests,
	    preset_setup, preset_teardown);
}
