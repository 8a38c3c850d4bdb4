/* SPDX-License-Identifier: BSD-2-Clause */
/* login.conf: what a section may say, which hosts it means, and their resource. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/hosts.h"
#include "cli/login_conf.h"
#include "cli/login_value.h"
#include "core/base/diag.h"
#include "core/jose/sshkey.h"

#define HEAD "[login corp]\niss = https://id.example\nclient = c\n"
#define WHOLE HEAD "hosts = *\n"
#define PRINT "SHA256:abcdefghijklmnopqrstuvwxyz0123456789ABCD+/"

/* ---- patterns ---- */

static void
test_hosts(void **state)
{
	static const struct {
		const char *patterns[4];
		const char *host;
		bool match;
	} cases[] = {
		{ { "bastion" }, "bastion", true },
		{ { "bastion" }, "Bastion", true },
		{ { "BASTION" }, "bastion", true },
		{ { "bastion" }, "bastion1", false },
		{ { "bastion" }, "bastio", false },
		{ { "bastion" }, "", false },
		{ { "*" }, "", true },
		{ { "*" }, "a.b", true },
		{ { "?" }, "a", true },
		{ { "?" }, "", false },
		{ { "?" }, "ab", false },
		{ { "*.corp.example" }, "a.b.corp.example", true },
		{ { "*.corp.example" }, "corp.example", false },
		{ { "*.corp.example" }, ".corp.example", true },
		{ { "*.corp.example" }, "a.corp.example.evil", false },
		{ { "a*b*c" }, "abbc", true },
		{ { "a*b*c" }, "abcbd", false },
		{ { "*a*b" }, "xaxxab", true },
		{ { "a**" }, "a", true },
		{ { "10.0.0.?" }, "10.0.0.7", true },
		{ { "10.0.0.?" }, "10.0.0.77", false },
		{ { "::1" }, "::1", true },
		/* A dot is a dot. */
		{ { "a.b" }, "axb", false },
		/* A negated match wins, in whatever order. */
		{ { "*", "!old" }, "old", false },
		{ { "!old", "*" }, "old", false },
		{ { "!old", "*" }, "new", true },
		{ { "!*.x", "a.x" }, "a.x", false },
		{ { "!old" }, "new", false },
		{ { "!OLD", "*" }, "old", false },
		{ { "a", "b" }, "b", true },
		{ { "a", "b" }, "c", false },
		{ { NULL }, "c", false },
	};
	size_t i, count;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		for (count = 0; cases[i].patterns[count] != NULL; count++)
			;
		if (hosts_match(cases[i].patterns, count, cases[i].host) !=
		    cases[i].match)
			fail_msg("%s with %s", cases[i].patterns[0],
			    cases[i].host);
	}
}

/* A name of 255 bytes is one, a longer one is none; neither takes long. */
static void
test_long_host(void **state)
{
	const char *stars = "*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b";
	const char *any = "*";
	char name[HOSTS_NAME_MAX + 2];

	(void)state;
	memset(name, 'a', sizeof(name));
	name[HOSTS_NAME_MAX] = '\0';
	assert_true(hosts_match(&any, 1, name));
	assert_false(hosts_match(&stars, 1, name));
	name[HOSTS_NAME_MAX - 1] = 'b';
	assert_true(hosts_match(&stars, 1, name));
	name[HOSTS_NAME_MAX] = 'b';
	name[HOSTS_NAME_MAX + 1] = '\0';
	assert_false(hosts_match(&any, 1, name));
}

static void
test_host_words(void **state)
{
	(void)state;
	assert_null(hosts_fault(bytes_str("*.corp-1_x.example")));
	assert_null(hosts_fault(bytes_str("!a?")));
	assert_null(hosts_fault(bytes_str("fe80::1%eth0")));
	assert_non_null(hosts_fault(bytes_str("%h")));
	assert_non_null(hosts_fault(bytes_str("10.0.0.1%eth0")));
	assert_non_null(hosts_fault(bytes_str("!")));
	assert_non_null(hosts_fault(bytes_str("!!a")));
	assert_non_null(hosts_fault(bytes_str("alice@a")));
	assert_non_null(hosts_fault(bytes_str("a,b")));
	assert_non_null(hosts_fault(bytes_str("a/b")));
	assert_non_null(hosts_fault(bytes_str("a[0-9]")));
	assert_non_null(hosts_fault(bytes_str("\xc3\xa9")));
	assert_non_null(hosts_fault(bytes_of("a\0b", 3)));
	assert_true(hosts_is_name("a.b"));
	assert_false(hosts_is_name("*.b"));
	assert_false(hosts_is_name("a?"));
	assert_false(hosts_is_name("!a"));
}

/* ---- one file ---- */

/* Parse; the errors stay in *diag. */
static void
parse(const char *text, struct diag *diag, struct login_conf *out)
{
	*out = (struct login_conf){ .count = 0 };
	*diag = (struct diag){ .reason = JWT_OK };
	login_conf_parse(bytes_str(text), "login.conf", diag, out);
}

static void
takes(const char *text)
{
	struct login_conf conf;
	struct diag diag;

	parse(text, &diag, &conf);
	if (diag.count != 0)
		fail_msg("%s: %s", text, diag.entries[0].text);
	assert_int_equal(diag.reason, JWT_OK);
	diag_clear(&diag);
	login_conf_clear(&conf);
}

/* Exactly one error, in that line, with that in it. */
static void
refuses(const char *text, unsigned line, const char *why)
{
	struct login_conf conf;
	struct diag diag;

	parse(text, &diag, &conf);
	if (diag.count != 1)
		fail_msg("%s: %zu errors, the second %s", text, diag.count,
		    diag.count > 1 ? diag.entries[1].text : "");
	assert_int_equal(diag.reason, JWT_CONFIG_INVALID);
	assert_string_equal(diag.entries[0].file, "login.conf");
	if (strstr(diag.entries[0].text, why) == NULL ||
	    diag.entries[0].line != line)
		fail_msg("%s: line %u: %s", text, diag.entries[0].line,
		    diag.entries[0].text);
	diag_clear(&diag);
	login_conf_clear(&conf);
}

static void
test_defaults(void **state)
{
	const struct login_section *section;
	struct login_conf conf;
	struct diag diag;

	(void)state;
	parse(WHOLE, &diag, &conf);
	assert_int_equal(diag.reason, JWT_OK);
	assert_int_equal(conf.count, 1);
	section = &conf.sections[0];
	assert_string_equal(section->name, "corp");
	assert_string_equal(section->iss, "https://id.example");
	assert_string_equal(section->client, "c");
	assert_string_equal(section->scope, "openid offline_access");
	assert_string_equal(section->redirect_path, "/callback");
	assert_null(section->client_secret_file);
	assert_null(section->resource);
	assert_null(section->audience);
	assert_null(section->ca_file);
	assert_int_equal(section->hosts_len, 1);
	assert_int_equal(section->ports_len, 0);
	assert_int_equal(section->max_age, -1);
	assert_int_equal(section->use, LOGIN_ACCESS_TOKEN);
	assert_int_equal(section->flow, LOGIN_FLOW_AUTO);
	assert_int_equal(section->store, LOGIN_STORE_RUNTIME);
	assert_int_equal(section->line, 1);
	login_conf_clear(&conf);
	diag_clear(&diag);
}

static void
test_all_settings(void **state)
{
	const struct login_section *section;
	struct login_conf conf;
	struct diag diag;

	(void)state;
	parse("# comment\n[login a_b-1]\niss = http://127.0.0.1:8080/x\n"
	    "client = a client\nclient_secret_file = /etc/secret\n"
	    "scope = openid \t profile\nresource = ssh://%{host}\n"
	    "use = access_token\nhosts = a \\\n  *.b !c.b\nflow = browser\n"
	    "ports = 8765 65535 1\nredirect_path = /\nmax_age = 15m\n"
	    "store = home\nca_file = /ca.pem\n", &diag, &conf);
	assert_int_equal(diag.reason, JWT_OK);
	section = &conf.sections[0];
	assert_string_equal(section->client, "a client");
	assert_string_equal(section->client_secret_file, "/etc/secret");
	assert_string_equal(section->scope, "openid profile");
	assert_string_equal(section->resource, "ssh://%{host}");
	assert_int_equal(section->hosts_len, 3);
	assert_string_equal(section->hosts[2], "!c.b");
	assert_int_equal(section->flow, LOGIN_FLOW_BROWSER);
	assert_int_equal(section->ports_len, 3);
	assert_int_equal(section->ports[1], 65535);
	assert_string_equal(section->redirect_path, "/");
	assert_int_equal(section->max_age, 900);
	assert_int_equal(section->store, LOGIN_STORE_HOME);
	assert_string_equal(section->ca_file, "/ca.pem");
	login_conf_clear(&conf);
	diag_clear(&diag);
	takes(WHOLE "use = id_token\nflow = device\nstore = runtime\n");
	takes(WHOLE "flow = auto\naudience = api://x\n");
	takes("");
}

static void
test_values(void **state)
{
	(void)state;
	refuses("[login a]\niss = http://id.example\nclient = c\nhosts = *\n",
	    2, "must start with https://");
	refuses("[login a]\niss = id.example\nclient = c\nhosts = *\n", 2,
	    "does not start with https://");
	refuses("[login a]\niss = https://id.example/?a\nclient = c\n"
	    "hosts = *\n", 2, "query");
	takes("[login a]\niss = http://[::1]:80\nclient = c\nhosts = *\n");
	refuses("[login a]\niss = https://i.x\nclient = \xc3\xa9\nhosts = *\n",
	    3, "ASCII");
	refuses(WHOLE "client_secret_file = secret\n", 5, "absolute");
	refuses(WHOLE "ca_file = ~/ca\n", 5, "absolute");
	refuses(WHOLE "scope = openid a\"b\n", 5, "a\"b is not a scope");
	refuses(WHOLE "scope = a\\b\n", 5, "is not a scope");
	refuses(WHOLE "audience = a b\n", 5, "one word");
	refuses(WHOLE "audience = ssh://%{host}\n", 5, "only for resource");
	refuses(WHOLE "use = refresh_token\n", 5, "access_token or id_token");
	refuses(WHOLE "flow = code\n", 5, "auto, device or browser");
	refuses(WHOLE "store = keyring\n", 5, "runtime or home");
	refuses(WHOLE "max_age = 15\n", 5, "not a duration");
	takes(WHOLE "max_age = 0s\n");
	takes(WHOLE "dpop = ssh-agent\n");
	takes(WHOLE "dpop = " PRINT "A\n");
	refuses(WHOLE "dpop = agent\n", 5, "dpop must be ssh-agent");
	refuses(WHOLE "dpop = " PRINT "B\n", 5, "dpop must be ssh-agent");
	refuses(WHOLE "dpop = " PRINT "\n", 5, "dpop must be ssh-agent");
	refuses(WHOLE "dpop = " PRINT "A=\n", 5, "dpop must be ssh-agent");
	refuses(WHOLE "dpop = ssh-agent\nuse = id_token\n", 1,
	    "binds an ID token");
	refuses(HEAD "hosts = !a !b*\n", 4, "negated patterns only");
	refuses(HEAD "hosts = a b a\n", 4, "twice");
	refuses(HEAD "hosts = alice@a\n", 4, "without a user");
	refuses(WHOLE "redirect_path = callback\n", 5, "slash");
	refuses(WHOLE "redirect_path = /a?b\n", 5, "query");
	refuses(WHOLE "redirect_path = /a#b\n", 5, "fragment");
	refuses(WHOLE "redirect_path = /a b\n", 5, "escaped");
}

static void
test_ports(void **state)
{
	(void)state;
	takes(WHOLE "ports = 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n");
	refuses(WHOLE "ports = 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17\n",
	    5, "more than 16 ports");
	takes(WHOLE "ports = 1 65535\n");
	refuses(WHOLE "ports = 0\n", 5, "not a port");
	refuses(WHOLE "ports = 65536\n", 5, "not a port");
	refuses(WHOLE "ports = 8765-8770\n", 5, "not a port");
}

static void
test_resource_values(void **state)
{
	(void)state;
	takes(WHOLE "resource = ssh://%{host_short}.x\n");
	takes(WHOLE "resource = urn:x:%%41\n");
	takes(WHOLE "resource = https://api.example/a?b\n");
	refuses(WHOLE "resource = %{host}\n", 5, "absolute URI");
	takes(HEAD "hosts = 10.0.0.1 fe80::1\nresource = ssh://%{host}\n");
	takes(HEAD "hosts = 10.* !::1 *\nresource = ssh://%{host_short}\n");
	takes(HEAD "hosts = fe80::1%eth0\nresource = urn:x\n");
	refuses(HEAD "hosts = a 10.0.0.1\nresource = ssh://%{host_short}\n", 1,
	    "no resource for 10.0.0.1: an address has no %{host_short}");
	refuses(HEAD "hosts = ::1\nresource = ssh://%{host_short}\n", 1,
	    "no resource for ::1");
	refuses(HEAD "hosts = fe80::1%eth0\nresource = ssh://%{host}\n", 1,
	    "no resource for fe80::1%eth0: the host has a character");
	refuses(WHOLE "resource = bastion\n", 5, "absolute URI");
	refuses(WHOLE "resource = ssh:\n", 5, "absolute URI");
	refuses(WHOLE "resource = 1ssh://x\n", 5, "absolute URI");
	refuses(WHOLE "resource = ss/h://x\n", 5, "absolute URI");
	refuses(WHOLE "resource = ssh://a b\n", 5, "absolute URI");
	refuses(WHOLE "resource = ssh://a#b\n", 5, "absolute URI");
	refuses(WHOLE "resource = ssh://\xc3\xa9\n", 5, "absolute URI");
	refuses(WHOLE "resource = ssh://%{fqdn}\n", 5,
	    "the names are %{host} and %{host_short}");
	refuses(WHOLE "resource = ssh://%h\n", 5, "% is only");
}

static void
test_sections(void **state)
{
	(void)state;
	refuses("iss = https://x.y\n" WHOLE, 1, "before the first");
	refuses("[login]\n", 1, "a name has");
	refuses("[login a b]\n", 1, "not a section");
	refuses("[issuer a]\niss = x\n", 1, "not a section");
	refuses("[login ../a]\niss = x\n", 1, "a name has");
	refuses("[login a.new]\n", 1, "a name has");
	refuses("[login -a]\n", 1, "a name has");
	refuses(WHOLE "[login corp]\nhosts = *\n", 5, "there twice");
	refuses(WHOLE "iss = https://x.y\n", 5, "set twice");
	refuses(WHOLE "typo = 1\n", 5, "not a setting");
	refuses("[login a]\nclient = c\nhosts = *\n", 1, "has no iss");
	refuses("[login a]\niss = https://x.y\nhosts = *\n", 1,
	    "has no client");
	refuses(HEAD, 1, "has no hosts");
	refuses(HEAD "[login b]\niss = https://x.y\nclient = c\nhosts = a\n",
	    1, "[login corp] has no hosts");
	refuses(WHOLE "resource = ssh://a\naudience = a\n", 1, "one of the two");
	refuses(WHOLE "resource = ssh://a\nuse = id_token\n", 1, "ID token");
	/* Names of 64 and of 65 bytes. */
	takes("[login aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	    "aaaaaaaa]\niss = https://x.y\nclient = c\nhosts = *\n");
	refuses("[login aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	    "aaaaaaaaaaa]\n", 1, "at most 64");
}

#define HOME "[login home]\nissuer = tokens@issuer.example\nhosts = *\n"

static void
test_ssh_section(void **state)
{
	static const char *const others[] = { "iss = https://x.y",
		"client = c", "client_secret_file = /x", "scope = openid",
		"audience = a", "use = access_token", "flow = auto",
		"ports = 1", "redirect_path = /", "max_age = 1m",
		"dpop = ssh-agent" };
	const struct login_section *section;
	struct login_conf conf;
	struct diag diag;
	char text[256];
	size_t i;

	(void)state;
	parse(HOME, &diag, &conf);
	assert_int_equal(diag.reason, JWT_OK);
	section = &conf.sections[0];
	assert_string_equal(section->issuer, "tokens@issuer.example");
	assert_string_equal(login_conf_issuer(section), section->issuer);
	assert_string_equal(section->client, "pam-jwt");
	assert_string_equal(section->resource, "ssh://%{host}");
	assert_int_equal(section->use, LOGIN_ACCESS_TOKEN);
	assert_null(section->iss);
	assert_null(section->token_endpoint);
	assert_false(section->compact);
	assert_false(section->bearer);
	login_conf_clear(&conf);
	diag_clear(&diag);
	parse(HOME "token_endpoint = https://i.example/token\n"
	    "ca_file = /ca.pem\ncompact = yes\nbearer = yes\n"
	    "resource = https://api\nstore = home\n", &diag, &conf);
	assert_int_equal(diag.reason, JWT_OK);
	section = &conf.sections[0];
	assert_string_equal(section->token_endpoint,
	    "https://i.example/token");
	assert_string_equal(section->resource, "https://api");
	assert_true(section->compact);
	assert_true(section->bearer);
	login_conf_clear(&conf);
	diag_clear(&diag);
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		snprintf(text, sizeof(text), HOME "%s\n", others[i]);
		refuses(text, 1, "which is for a provider");
	}
	refuses(HOME "ca_file = /ca.pem\n", 1, "which is for token_endpoint");
	refuses(HOME "token_endpoint = http://i.example/\n", 4,
	    "token_endpoint must start with https://");
	refuses(HOME "token_endpoint = /token\n", 4,
	    "token_endpoint is not an address");
	refuses(HOME "compact = 1\n", 4, "compact is no or yes");
	refuses("[login a]\nissuer = tokens@host\n", 1, "has no hosts");
	refuses(WHOLE "token_endpoint = https://i.example/\n", 1,
	    "which is for issuer");
	refuses(WHOLE "compact = no\n", 1, "which is for issuer");
	refuses(WHOLE "bearer = no\n", 1, "which is for issuer");
	refuses("[login a]\nissuer = -oProxyCommand=x\nhosts = *\n", 2,
	    "issuer must be a user and a host for ssh");
}

static void
test_destinations(void **state)
{
	static const char *const good[] = { "tokens@issuer.example",
		"tokens@h", "_t.o-k_1@h-1_2", "tokens@10.0.0.1",
		"tokens@fe80::1", "ssh://tokens@issuer.example",
		"ssh://tokens@issuer.example:2222", "ssh://tokens@h:1",
		"ssh://tokens@h:65535", "ssh://tokens@[::1]",
		"ssh://tokens@[::1]:22" };
	static const char *const bad[] = { "", "tokens", "issuer.example",
		"@h", "tokens@", "-tokens@h", "tokens@-h", ".t@h", "tokens@.h",
		"-oProxyCommand=x@h", "tokens @h", "tokens@h x", "tokens@h\n",
		"tokens@\033h", "tokens@h\xc3\xa9", "t:x@h", "a@b@c",
		"tokens@h:22", "tokens@[::1]", "tokens@h/x", "tokens@%h",
		"tokens@fe80::1%eth0", "tokens@$(x)", "tokens@h;x",
		"ssh://h", "ssh://@h", "ssh://tokens@", "ssh://tokens@h:",
		"ssh://tokens@h:0", "ssh://tokens@h:65536",
		"ssh://tokens@h:22x", "ssh://tokens@h:022/", "ssh://tokens@h/",
		"ssh://tokens@[::1", "ssh://tokens@[h]", "ssh://tokens@[::1]x",
		"ssh://tokens@[10.0.0.1]", "ssh://tokens@::1",
		"ssh://tokens@[]", "ssh://t:p@h", "ssh://-t@h", "http://t@h" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		if (!login_value_is_destination(bytes_str(good[i])))
			fail_msg("%s is refused", good[i]);
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (login_value_is_destination(bytes_str(bad[i])))
			fail_msg("%s is taken", bad[i]);
	}
	assert_false(login_value_is_destination(bytes_of("t@h\0x", 5)));
}

/* All errors come out, and not only the first. */
static void
test_every_error(void **state)
{
	struct login_conf conf;
	struct diag diag;

	(void)state;
	parse("[login a]\nx = 1\nflow = y\n[login b]\nz = 1\n", &diag, &conf);
	/* Two and three missing settings in a, one and three in b. */
	assert_int_equal(diag.count, 9);
	diag_clear(&diag);
	login_conf_clear(&conf);
}

/* ---- the resource of a host ---- */

static const char *
resource_of(const char *resource, const char *host, struct arena *arena)
{
	struct login_section section = { .name = "a", .resource = resource };
	const char *out = NULL;

	if (!login_conf_resource(&section, host, arena, &out))
		return NULL;
	return out;
}

static void
test_resource(void **state)
{
	struct arena arena = { .blocks = NULL };
	char name[HOSTS_NAME_MAX + 2];

	(void)state;
#define IS(resource, host, expected) \
	assert_string_equal(resource_of(resource, host, &arena), expected)
	IS("ssh://%{host}", "Bastion.Corp.Example", "ssh://bastion.corp.example");
	IS("ssh://%{host_short}", "Bastion.Corp.Example", "ssh://bastion");
	IS("ssh://%{host_short}", "bastion", "ssh://bastion");
	IS("ssh://%{host}", "10.0.0.1", "ssh://10.0.0.1");
	IS("ssh://%{host}", "FE80::1", "ssh://[fe80::1]");
	IS("ssh://x", "bastion", "ssh://x");
	IS("ssh://x", NULL, "ssh://x");
	IS(NULL, "bastion", "");
	IS(NULL, NULL, "");
#undef IS
	assert_null(resource_of("ssh://%{host}", NULL, &arena));
	assert_null(resource_of("ssh://%{host_short}", NULL, &arena));
	assert_null(resource_of("ssh://%{host_short}", "10.0.0.1", &arena));
	assert_null(resource_of("ssh://%{host_short}", "::1", &arena));
	assert_null(resource_of("ssh://%{host}", "", &arena));
	assert_null(resource_of("ssh://%{host}", "a/b", &arena));
	assert_null(resource_of("ssh://%{host}", "a@b", &arena));
	assert_null(resource_of("ssh://%{host}", "a%{host}", &arena));
	assert_null(resource_of("ssh://%{host}", "a b", &arena));
	assert_null(resource_of("ssh://%{host}", "a\nb", &arena));
	assert_null(resource_of("ssh://%{host}", "\xc3\xa9", &arena));
	memset(name, 'a', sizeof(name));
	name[HOSTS_NAME_MAX] = '\0';
	assert_non_null(resource_of("ssh://%{host}", name, &arena));
	name[HOSTS_NAME_MAX] = 'a';
	name[HOSTS_NAME_MAX + 1] = '\0';
	assert_null(resource_of("ssh://%{host}", name, &arena));
	arena_clear(&arena);
}

/* ---- two files ---- */

static char top[] = "/tmp/pam_jwt_test.XXXXXX";
static char user_path[64], system_path[64];

static int
set_up(void **state)
{
	(void)state;
	umask(022);
	if (mkdtemp(top) == NULL)
		return -1;
	snprintf(user_path, sizeof(user_path), "%s/user", top);
	snprintf(system_path, sizeof(system_path), "%s/system", top);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	(void)unlink(user_path);
	(void)unlink(system_path);
	return rmdir(top);
}

/* NULL: there is no such file. */
static void
put_file(const char *path, const char *text)
{
	FILE *file;

	(void)unlink(path);
	if (text == NULL)
		return;
	file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static bool
load(const char *users, const char *systems, struct login_conf *out)
{
	const struct places places = {
		.login = user_path, .login_system = system_path
	};

	put_file(user_path, users);
	put_file(system_path, systems);
	return login_conf_load(&places, out);
}

static void
names_are(const struct login_conf *conf, const char *expected)
{
	char names[256] = "";
	size_t i;

	for (i = 0; i < conf->count; i++) {
		strcat(names, conf->sections[i].name);
		strcat(names, " ");
	}
	assert_string_equal(names, expected);
}

#define SECTION(name, client, hosts) "[login " name "]\niss = https://x.y\n" \
	"client = " client "\nhosts = " hosts "\n"

static void
test_two_files(void **state)
{
	struct login_conf conf;

	(void)state;
	assert_true(load(NULL, NULL, &conf));
	names_are(&conf, "");
	login_conf_clear(&conf);
	assert_true(load(NULL, SECTION("a", "s", "x") SECTION("b", "s", "x"),
	    &conf));
	names_are(&conf, "a b ");
	login_conf_clear(&conf);
	assert_true(load(SECTION("c", "u", "x") SECTION("b", "u", "y"),
	    SECTION("a", "s", "y") SECTION("b", "s", "z") SECTION("d", "s",
	    "*"), &conf));
	names_are(&conf, "c b a d ");
	assert_string_equal(login_conf_find(&conf, bytes_str("b"))->client,
	    "u");
	assert_null(login_conf_find(&conf, bytes_str("x")));
	assert_string_equal(login_conf_for_host(&conf, "Y")->name, "b");
	assert_string_equal(login_conf_for_host(&conf, "z")->name, "d");
	assert_string_equal(login_conf_choose(&conf, "a")->name, "a");
	assert_null(login_conf_choose(&conf, "x"));
	assert_null(login_conf_choose(&conf, NULL));
	login_conf_clear(&conf);
	assert_true(load(SECTION("c", "u", "x"), NULL, &conf));
	assert_string_equal(login_conf_choose(&conf, NULL)->name, "c");
	assert_null(login_conf_for_host(&conf, "y"));
	login_conf_clear(&conf);
	assert_null(login_conf_choose(&conf, NULL));
}

/* An error in one of the files leaves nothing. */
static void
test_broken_files(void **state)
{
	struct login_conf conf;

	(void)state;
	assert_false(load("x\n", SECTION("a", "s", "x"), &conf));
	assert_int_equal(conf.count, 0);
	login_conf_clear(&conf);
	/* Even in a section that is replaced. */
	assert_false(load(SECTION("a", "s", "x"), "[login a]\n", &conf));
	assert_int_equal(conf.count, 0);
	login_conf_clear(&conf);
	assert_false(load(SECTION("a", "s", "x") "\x01 = 1\n", NULL, &conf));
	assert_int_equal(conf.count, 0);
	login_conf_clear(&conf);
}

static bool
load_with(const char *path, mode_t mode, uid_t owner)
{
	const struct places places = {
		.login = user_path, .login_system = system_path
	};
	struct login_conf conf;
	bool ok;

	put_file(user_path, SECTION("a", "s", "x"));
	put_file(system_path, SECTION("a", "s", "x"));
	assert_int_equal(chmod(path, mode), 0);
	assert_int_equal(chown(path, owner, (gid_t)-1), 0);
	ok = login_conf_load(&places, &conf);
	login_conf_clear(&conf);
	return ok;
}

static void
test_trust(void **state)
{
	const struct places places = {
		.login = user_path, .login_system = system_path
	};
	const char *paths[] = { user_path, system_path };
	struct login_conf conf;
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		assert_true(load_with(paths[i], 0644, geteuid()));
		assert_false(load_with(paths[i], 0664, geteuid()));
		assert_false(load_with(paths[i], 0646, geteuid()));
		if (geteuid() == 0)
			assert_false(load_with(paths[i], 0644, 12345));
	}
	if (geteuid() != 0) {
		print_message("skip - files of others: needs root\n");
		return;
	}
	/* A user reads what is root's. */
	put_file(user_path, NULL);
	put_file(system_path, NULL);
	assert_int_equal(chmod(top, 0755), 0);
	for (i = 0; i < 2; i++) {
		put_file(user_path, SECTION("a", "s", "x"));
		assert_int_equal(chmod(user_path, i == 0 ? 0644 : 0664), 0);
		assert_int_equal(seteuid(12345), 0);
		assert_int_equal(login_conf_load(&places, &conf), i == 0);
		assert_int_equal(seteuid(0), 0);
		login_conf_clear(&conf);
	}
}

static void
test_needs_host(void **state)
{
	static const char *hosts[LOGIN_HOSTS_MAX + 1] = { "bastion", "*.corp",
	    "!old.corp" };
	struct login_section section = { .resource = "ssh://%{host}",
	    .hosts = hosts, .hosts_len = 3 };
	size_t i;

	(void)state;
	assert_false(login_conf_needs_host(&section, "bastion"));
	assert_false(login_conf_needs_host(&section, "BASTION"));
	assert_true(login_conf_needs_host(&section, "db.corp"));
	section.resource = "ssh://all";
	assert_false(login_conf_needs_host(&section, "db.corp"));
	section.resource = NULL;
	assert_false(login_conf_needs_host(&section, "db.corp"));
	/* A login asks for so many hosts, and for no more. */
	section.resource = "ssh://%{host_short}";
	section.hosts_len = LOGIN_HOSTS_MAX + 1;
	for (i = 0; i < LOGIN_HOSTS_MAX - 1; i++)
		hosts[i] = "bastion";
	hosts[i++] = "last";
	hosts[i] = "beyond";
	assert_false(login_conf_needs_host(&section, "last"));
	assert_true(login_conf_needs_host(&section, "beyond"));
}

/* The askpass has no decoder of base64; both must take the same. */
static void
test_fingerprints(void **state)
{
	char text[64];
	unsigned c;
	size_t at, taken = 0;

	(void)state;
	for (at = 0; at < strlen(PRINT "A"); at++) {
		for (c = 1; c < 256; c++) {
			strcpy(text, PRINT "A");
			text[at] = (char)c;
			assert_int_equal(login_value_is_fingerprint(
			    bytes_str(text)), sshkey_is_fingerprint(
			    bytes_str(text)));
			taken += login_value_is_fingerprint(bytes_str(text));
		}
	}
	assert_int_equal(taken, 7 + 42 * 64 + 16);
	assert_false(login_value_is_fingerprint(bytes_of("", 0)));
	assert_false(login_value_is_fingerprint(bytes_str("SHA256:")));
	assert_false(login_value_is_fingerprint(bytes_str(PRINT "AA")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hosts),
		cmocka_unit_test(test_long_host),
		cmocka_unit_test(test_host_words),
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_all_settings),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_ports),
		cmocka_unit_test(test_resource_values),
		cmocka_unit_test(test_sections),
		cmocka_unit_test(test_ssh_section),
		cmocka_unit_test(test_destinations),
		cmocka_unit_test(test_every_error),
		cmocka_unit_test(test_resource),
		cmocka_unit_test(test_needs_host),
		cmocka_unit_test(test_two_files),
		cmocka_unit_test(test_broken_files),
		cmocka_unit_test(test_fingerprints),
		cmocka_unit_test(test_trust),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
