/* SPDX-License-Identifier: BSD-2-Clause */
/* The examples for people, against tokens of providers that one runs. */
#include "tests/unit/test_presets.h"

static const struct preset keycloak = {
	.name = "keycloak", .algs = "RS256 ES256 EdDSA",
	.jwk = "{'kid':'hX3','use':'sig','alg':'RS256','x5c':['MIIC'],"
	    "'x5t':'o7L','x5t#S256':'yqk'}",
	.other = "{'kid':'eNc','use':'enc','alg':'RSA-OAEP'}",
	.header = "{'typ':'JWT','kid':'hX3'}",
	.payload = "{'exp':1800000240,'iat':1799999940,"
	    "'auth_time':1799999939,"
	    "'jti':'onrtac:0f6c0e2c-1f0c-4a8e-b1a6-5d6f5a1f0f3c',"
	    "'iss':'https://sso.example.com/realms/example',"
	    "'aud':['linux-login','account'],"
	    "'sub':'5f0c2d3e-8a8f-4c1b-9d57-0d5f6a3b2c1d','typ':'Bearer',"
	    "'azp':'linux-login','sid':'b1c2d3e4-0000-4000-8000-000000000001',"
	    "'acr':'1','allowed-origins':['/*'],"
	    "'realm_access':{'roles':['default-roles-example',"
	    "'offline_access','uma_authorization']},"
	    "'resource_access':{'account':{'roles':['manage-account',"
	    "'view-profile']}},'scope':'openid profile email',"
	    "'email_verified':true,'name':'Alice Example',"
	    "'groups':['/linux-users','/staff/berlin'],"
	    "'preferred_username':'alice','given_name':'Alice',"
	    "'family_name':'Example','email':'alice@example.com'}",
	.user = "alice", .lifetime_sec = 900, .types = "JWT at+jwt",
	.account = "{'preferred_username':'%s'}", .second_aud = JWT_OK
};

static const struct preset_case keycloak_cases[] = {
	{ "an ID token", .patch = "{'typ':'ID','aud':'linux-login',"
	    "'nonce':'n1','at_hash':'x','realm_access':null}" },
	{ "a lightweight access token", .patch = "{'realm_access':null,"
	    "'resource_access':null,'scope':null,'email':null,'name':null}" },
	{ "a token of an offline session", .patch = "{'auth_time':null,"
	    "'jti':'offrtac:0f6c0e2c-1f0c-4a8e-b1a6-5d6f5a1f0f3c',"
	    "'scope':'openid offline_access'}" },
	{ "the profile of RFC 9068", .header = "{'typ':'at+jwt'}" },
	{ "a refresh token", .header = "{'alg':'HS512','kid':'aUx'}",
	    .patch = "{'typ':'Refresh','aud':"
	    "'https://sso.example.com/realms/example'}",
	    .reason = JWT_ALG_NOT_ALLOWED },
	{ "a refresh token, were it signed by the realm's key",
	    .patch = "{'typ':'Refresh'}", .reason = JWT_TYPE_NOT_ACCEPTED },
	{ "an offline token, were it", .patch = "{'typ':'Offline'}",
	    .reason = JWT_TYPE_NOT_ACCEPTED },
	{ "a logout token of old, typ JWT", .patch = "{'typ':'Logout',"
	    "'azp':null,'events':{'http://schemas.openid.net/event/"
	    "backchannel-logout':{}}}", .reason = JWT_TYPE_NOT_ACCEPTED },
	{ "the same without events", .patch = "{'typ':'Logout'}",
	    .reason = JWT_TYPE_NOT_ACCEPTED },
	{ "a token of some other purpose", .patch = "{'typ':'verify-email'}",
	    .reason = JWT_DENIED, .rule = "not typ in" },
	{ "no typ in the claims", .patch = "{'typ':null}",
	    .reason = JWT_DENIED, .rule = "not typ in" },
	{ "aud is account only", .patch = "{'aud':'account'}",
	    .reason = JWT_AUDIENCE_MISMATCH },
	{ "aud is account only, as an array", .patch = "{'aud':['account']}",
	    .reason = JWT_AUDIENCE_MISMATCH },
	{ "a token for another client, whose user has a role of ours",
	    .patch = "{'aud':['linux-login','account'],'azp':'wiki'}",
	    .reason = JWT_NOT_PERMITTED },
	{ "no azp", .patch = "{'azp':null}", .reason = JWT_NOT_PERMITTED },
	{ "not in the group", .patch = "{'groups':['/staff/berlin']}",
	    .reason = JWT_NOT_PERMITTED },
	{ "a group of that name elsewhere",
	    .patch = "{'groups':['/wiki/linux-users']}",
	    .reason = JWT_NOT_PERMITTED },
	{ "a group whose name starts like it",
	    .patch = "{'groups':['/linux-users-evil']}",
	    .reason = JWT_NOT_PERMITTED },
	{ "no groups mapper", .patch = "{'groups':null}",
	    .reason = JWT_NOT_PERMITTED },
	{ "groups with a number in it",
	    .patch = "{'groups':[1,'/linux-users']}",
	    .reason = JWT_NOT_PERMITTED },
	{ "client credentials of our own client", .patch = "{'auth_time':null,"
	    "'sid':null,'clientHost':'10.0.0.1','clientAddress':'10.0.0.1',"
	    "'client_id':'linux-login','email_verified':false,"
	    "'preferred_username':'service-account-linux-login'}",
	    .user = "service-account-linux-login", .reason = JWT_DENIED,
	    .rule = "service-account-**" },
	{ "client credentials asking for alice",
	    .patch = "{'preferred_username':'service-account-alice'}",
	    .reason = JWT_DENIED, .rule = "service-account-**" },
	{ "no preferred_username", .patch = "{'preferred_username':null}",
	    .reason = JWT_DENIED, .rule = "service-account-**" },
	{ "of another realm",
	    .patch = "{'iss':'https://sso.example.com/realms/master'}",
	    .reason = JWT_ISSUER_UNKNOWN },
	{ "bound by DPoP", .patch = "{'typ':'DPoP','cnf':{'jkt':'x'}}",
	    .reason = JWT_DENIED, .rule = "not typ in" },
};

static const struct preset teleport = {
	.name = "teleport", .algs = "RS256 ES256",
	.jwk = "{'kid':null,'use':null,'alg':'RS256'}",
	.header = "{'typ':'JWT'}",
	.payload = "{'aud':['http://127.0.0.1:8300'],'exp':1800040000,"
	    "'iat':1799999940,'iss':'teleport.example.com',"
	    "'nbf':1799999930,'roles':['access','linux-login'],'sub':'alice',"
	    "'traits':{'logins':['root','ubuntu','alice'],"
	    "'db_users':null,'kubernetes_groups':null},'username':'alice'}",
	.user = "alice", .lifetime_sec = 43200, .age_sec = 3600,
	.types = "JWT", .account = "{'username':'%s','sub':'%s'}",
	.second_aud = JWT_DENIED
};

static const struct preset_case teleport_cases[] = {
	{ "newer versions have a kid, of a key without one",
	    .header = "{'kid':'Zm9v'}" },
	{ "no role", .patch = "{'roles':['access']}",
	    .reason = JWT_NOT_PERMITTED },
	{ "a role that starts like it", .patch = "{'roles':['linux-login-x']}",
	    .reason = JWT_NOT_PERMITTED },
	{ "no roles", .patch = "{'roles':null}", .reason = JWT_NOT_PERMITTED },
	{ "a login of the traits is no account", .user = "ubuntu",
	    .reason = JWT_ACCOUNT_MISMATCH },
	{ "root among the logins", .user = "root",
	    .reason = JWT_ACCOUNT_MISMATCH },
	{ "a bot", .patch = "{'username':'bot-ci','sub':'bot-ci'}",
	    .user = "bot-ci", .reason = JWT_DENIED, .rule = "bot-**" },
	{ "a bot asking for alice", .patch = "{'username':'bot-alice'}",
	    .reason = JWT_DENIED, .rule = "bot-**" },
	{ "no username, only sub", .patch = "{'username':null}",
	    .reason = JWT_DENIED, .rule = "bot-**" },
	{ "another application's uri",
	    .patch = "{'aud':['http://127.0.0.1:9090']}",
	    .reason = JWT_AUDIENCE_MISMATCH },
	{ "another cluster", .patch = "{'iss':'leaf.example.com'}",
	    .reason = JWT_ISSUER_UNKNOWN },
	{ "the cluster as an address",
	    .patch = "{'iss':'https://teleport.example.com'}",
	    .reason = JWT_ISSUER_UNKNOWN },
	{ "a user who is an address", .patch = "{'username':'alice@x.example'}",
	    .reason = JWT_ACCOUNT_INVALID },
};

static const struct preset dex = {
	.name = "dex", .algs = "RS256 ES256",
	.jwk = "{'kid':'7f1a','use':'sig','alg':'RS256'}",
	.header = "{'kid':'7f1a'}",
	.payload = "{'iss':'https://dex.example.com',"
	    "'sub':'CgVhbGljZRIEbGRhcA','aud':'linux-login',"
	    "'exp':1800086340,'iat':1799999940,'at_hash':'Xq2',"
	    "'email':'alice@example.com','email_verified':true,"
	    "'groups':['staff','linux-users'],'name':'Alice Example',"
	    "'preferred_username':'alice','federated_claims':"
	    "{'connector_id':'ldap','user_id':'alice'}}",
	.user = "alice", .lifetime_sec = 86400, .age_sec = 3600,
	.types = "JWT none", .account = "{'preferred_username':'%s'}",
	.second_aud = JWT_DENIED
};

static const struct preset_case dex_cases[] = {
	{ "alice of another connector",
	    .patch = "{'federated_claims':{'connector_id':'github'}}",
	    .reason = JWT_NOT_PERMITTED },
	{ "the connector is not asked for",
	    .patch = "{'federated_claims':null}",
	    .reason = JWT_NOT_PERMITTED },
	{ "the connector's name at the top",
	    .patch = "{'federated_claims':null,'connector_id':'ldap'}",
	    .reason = JWT_NOT_PERMITTED },
	{ "not in the group", .patch = "{'groups':['staff']}",
	    .reason = JWT_NOT_PERMITTED },
	{ "a group of GitHub's form", .patch = "{'groups':['org:linux-users']}",
	    .reason = JWT_NOT_PERMITTED },
	{ "a client that asked for our audience too",
	    .patch = "{'aud':['linux-login','wiki'],'azp':'wiki'}",
	    .reason = JWT_DENIED, .rule = "/aud/1" },
	{ "for another client", .patch = "{'aud':'wiki'}",
	    .reason = JWT_AUDIENCE_MISMATCH },
	{ "an unverified e-mail is not looked at",
	    .patch = "{'email_verified':false,'email':'root@example.com'}" },
	{ "no profile scope", .patch = "{'preferred_username':null}",
	    .reason = JWT_ACCOUNT_INVALID },
	{ "client credentials", .patch = "{'sub':'CgtsaW51eC1sb2dpbg',"
	    "'federated_claims':null,'groups':null,'preferred_username':null}",
	    .reason = JWT_NOT_PERMITTED },
	{ "client credentials of a client called alice", .patch =
	    "{'federated_claims':null,'groups':null,'name':'alice'}",
	    .reason = JWT_NOT_PERMITTED },
};

static const struct preset authentik = {
	.name = "authentik", .algs = "RS256 ES256",
	.jwk = "{'kid':'a8b7','use':'sig','alg':'RS256','x5c':['MIIC'],"
	    "'x5t':'q1','x5t#S256':'q2'}",
	.header = "{'typ':'JWT','kid':'a8b7'}",
	.payload = "{'iss':'https://authentik.example.com/application/o/"
	    "linux-login/','sub':'3f2a9c0de1b2a3f4c5d6e7f8091a2b3c4d5e6f70',"
	    "'aud':'wYx4kexampleclientid0000000000000000000',"
	    "'exp':1800000240,'iat':1799999940,'auth_time':1799999900,"
	    "'acr':'goauthentik.io/providers/oauth2/default','amr':['pwd',"
	    "'mfa'],"
	    "'sid':'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca4',"
	    "'email':'alice@example.com','email_verified':false,"
	    "'name':'Alice Example','given_name':'Alice Example',"
	    "'preferred_username':'alice','nickname':'alice',"
	    "'groups':['linux-users','authentik Admins'],"
	    "'azp':'wYx4kexampleclientid0000000000000000000','uid':'tHq'}",
	.user = "alice", .lifetime_sec = 3600, .types = "JWT",
	.account = "{'preferred_username':'%s'}", .second_aud = JWT_OK
};

static const struct preset_case authentik_cases[] = {
	{ "an ID token", .patch = "{'azp':null,'uid':null,'nonce':'1'}" },
	{ "times with a fraction",
	    .patch = "{'exp':1800000240.5,'iat':1799999940.25}" },
	{ "a version that writes no sid", .patch = "{'sid':null}",
	    .reason = JWT_DENIED, .rule = "sid" },
	{ "no signing key: HS256 with the client's secret",
	    .header = "{'alg':'HS256','kid':null}",
	    .reason = JWT_ALG_NOT_ALLOWED },
	{ "encrypted", .header = "{'alg':'RSA-OAEP-256','enc':"
	    "'A256CBC-HS512'}", .reason = JWT_ALG_UNSUPPORTED },
	{ "a signed token with enc in its header",
	    .header = "{'enc':'A256CBC-HS512'}", .reason = JWT_HEADER_INVALID },
	{ "no slash behind the issuer", .patch = "{'iss':"
	    "'https://authentik.example.com/application/o/linux-login'}",
	    .reason = JWT_ISSUER_UNKNOWN },
	{ "one issuer for all providers",
	    .patch = "{'iss':'https://authentik.example.com/'}",
	    .reason = JWT_ISSUER_UNKNOWN },
	{ "another application", .patch = "{'iss':"
	    "'https://authentik.example.com/application/o/wiki/'}",
	    .reason = JWT_ISSUER_UNKNOWN },
	{ "not in the group", .patch = "{'groups':['linux-users-old']}",
	    .reason = JWT_NOT_PERMITTED },
	{ "no profile scope", .patch = "{'groups':null,"
	    "'preferred_username':null}", .reason = JWT_DENIED,
	    .rule = "ak-**" },
	{ "no groups",
	    .patch = "{'groups':null}", .reason = JWT_NOT_PERMITTED },
	{ "client credentials", .patch = "{'sid':null,'amr':null,"
	    "'preferred_username':'ak-linux-login-client_credentials',"
	    "'groups':[]}", .user = "ak-linux-login-client_credentials",
	    .reason = JWT_DENIED, .rule = "sid" },
	{ "an application password of alice",
	    .patch = "{'sid':null,'amr':null}",
	    .reason = JWT_DENIED, .rule = "sid" },
	{ "the generated service account, in a session",
	    .patch = "{'preferred_username':'ak-alice'}",
	    .reason = JWT_DENIED, .rule = "ak-**" },
};

static const struct preset zitadel = {
	.name = "zitadel", .algs = "RS256 ES256 EdDSA",
	.jwk = "{'kid':'318','use':'sig','alg':'RS256'}",
	.header = "{'typ':'JWT','kid':'318'}",
	.payload = "{'iss':'https://example.zitadel.cloud',"
	    "'aud':['312345678901234567','312345678901234000',"
	    "'311111111111111111'],'azp':'312345678901234567',"
	    "'sub':'300000000000000042','exp':1800043140,'iat':1799999940,"
	    "'nbf':1799999940,'auth_time':1799999900,'amr':['user','mfa'],"
	    "'at_hash':'kx','client_id':'312345678901234567',"
	    "'sid':'V1_3001','email':'alice@example.com','email_verified':true,"
	    "'name':'Alice Example','preferred_username':'alice@example.com',"
	    "'urn:zitadel:iam:org:project:roles':{'linux-login':"
	    "{'298765432109876543':'example.com'},'other':"
	    "{'298765432109876543':'example.com'}},"
	    "'urn:zitadel:iam:org:project:311111111111111111:roles':"
	    "{'linux-login':{'298765432109876543':'example.com'}}}",
	.user = "alice", .lifetime_sec = 43200, .age_sec = 3600,
	.types = "JWT", .account = "{'preferred_username':'%s@example.com'}",
	.second_aud = JWT_OK
};

/* Merge patches go into objects, so a role is taken out by name. */
#define NO_ROLE "'linux-login':null"

static const struct preset_case zitadel_cases[] = {
	{ "no such role", .patch = "{'urn:zitadel:iam:org:project:roles':{"
	    NO_ROLE "}}", .reason = JWT_NOT_PERMITTED },
	{ "the role in another project only",
	    .patch = "{'urn:zitadel:iam:org:project:roles':null}",
	    .reason = JWT_NOT_PERMITTED },
	{ "the role granted by another organization",
	    .patch = "{'urn:zitadel:iam:org:project:roles':{'linux-login':"
	    "{'298765432109876543':null,'666':'evil.zitadel.cloud'}}}",
	    .reason = JWT_NOT_PERMITTED },
	{ "an organization named like ours",
	    .patch = "{'urn:zitadel:iam:org:project:roles':{'linux-login':"
	    "{'298765432109876543':null,'666':'example.com'}}}",
	    .reason = JWT_NOT_PERMITTED },
	{ "roles as an array", .patch =
	    "{'urn:zitadel:iam:org:project:roles':['linux-login']}",
	    .reason = JWT_NOT_PERMITTED },
	{ "the organization is null", .patch =
	    "{'urn:zitadel:iam:org:project:roles':{'linux-login':"
	    "{'298765432109876543':'NULL'}}}", .reason = JWT_NOT_PERMITTED },
	{ "another application of the project", .patch =
	    "{'azp':'312345678901234000','client_id':'312345678901234000'}",
	    .reason = JWT_NOT_PERMITTED },
	{ "no azp", .patch = "{'azp':null}", .reason = JWT_NOT_PERMITTED },
	{ "a service user", .patch = "{'auth_time':null,'amr':null,"
	    "'azp':'ci-bot','client_id':'ci-bot','sub':'300000000000000099',"
	    "'preferred_username':'alice@example.com'}",
	    .reason = JWT_DENIED, .rule = "auth_time" },
	{ "a service user's token of our application", .patch =
	    "{'auth_time':null,'amr':null}", .reason = JWT_DENIED,
	    .rule = "auth_time" },
	{ "a user of another organization",
	    .patch = "{'preferred_username':'alice@evil.zitadel.cloud'}",
	    .reason = JWT_ACCOUNT_INVALID },
	{ "an organization with a domain as long as ours",
	    .patch = "{'preferred_username':'alice@example.org'}",
	    .reason = JWT_ACCOUNT_INVALID },
	{ "no user info in the ID token",
	    .patch = "{'preferred_username':null}",
	    .reason = JWT_ACCOUNT_INVALID },
	{ "an unverified e-mail is not looked at", .patch =
	    "{'email_verified':false,'email':'root@example.com'}" },
	{ "an access token as a JWT", .patch = "{'auth_time':null,'amr':null,"
	    "'azp':null,'at_hash':null,'sid':null,'email':null,'name':null,"
	    "'email_verified':null,'preferred_username':null,'jti':'V2_1'}",
	    .reason = JWT_DENIED, .rule = "auth_time" },
	{ "a client id of an older instance", .patch =
	    "{'aud':['312345678901234567@project','311111111111111111'],"
	    "'azp':'312345678901234567@project'}",
	    .reason = JWT_AUDIENCE_MISMATCH },
};

PRESET_TEST(keycloak)
PRESET_TEST(teleport)
PRESET_TEST(dex)
PRESET_TEST(authentik)
PRESET_TEST(zitadel)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keycloak),
		cmocka_unit_test(test_teleport),
		cmocka_unit_test(test_dex),
		cmocka_unit_test(test_authentik),
		cmocka_unit_test(test_zitadel),
	};

	return cmocka_run_group_tests_name("presets of own providers", tests,
	    preset_setup, preset_teardown);
}
