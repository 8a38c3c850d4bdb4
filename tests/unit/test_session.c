/* SPDX-License-Identifier: BSD-2-Clause */
/* The session of a login: its text, and its file on a real file system. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/jose/jws.h"
#include "host/clock.h"
#include "login/session_end.h"
#include "login/session_text.h"
#include "world.h"

#define BOOT "01234567-89ab-cdef-0123-456789abcdef"

static struct login_section section = {
	.name = "corp", .iss = "https://id.example", .client = "cli",
	.audience = "a", .dpop = "ssh-agent"
};
static struct session session, got;	/* too large for two on the stack */

static void
set_token(const char *resource, const char *text, int64_t taken)
{
	const struct session_token token = {
		.resource = resource, .token = bytes_str(text),
		.taken = taken, .life = 300
	};

	assert_true(session_set_token(&session, &token));
}

/* A session with all that it can have. */
static void
fill(void)
{
	session_clear(&session);
	assert_true(session_set(&session, &session.issuer,
	    bytes_str(section.iss)));
	assert_true(session_set(&session, &session.client,
	    bytes_str("cli")));
	assert_true(session_set(&session, &session.subject,
	    bytes_str("alice \"\\ \xc3\xa9")));
	assert_true(session_set(&session, &session.scope, bytes_str("s")));
	assert_true(session_set(&session, &session.audience, bytes_str("a")));
	assert_true(session_set(&session, &session.token_endpoint,
	    bytes_str("https://id.example/t")));
	assert_true(session_set(&session, &session.revocation_endpoint,
	    bytes_str("https://id.example/r")));
	assert_true(session_set(&session, &session.client_auth,
	    bytes_str("none")));
	assert_true(session_set(&session, &session.dpop,
	    bytes_str("SHA256:x")));
	assert_true(session_set(&session, &session.dpop_alg,
	    bytes_str("EdDSA")));
	assert_true(session_set_refresh_token(&session, bytes_str("REFRESH")));
	session_set_boot(&session, BOOT);
	session.session_until = 1800000000;
	session.ends = 5000;
	set_token("ssh://a", "TOKEN-A", 1000);
	set_token("", "TOKEN", 2000);
}

static enum jwt_reason
parse(const void *ptr, size_t len, struct session *out)
{
	enum jwt_reason reason;
	struct secret text;

	assert_int_equal(secret_copy(bytes_of(ptr, len), &text), JWT_OK);
	reason = session_parse(&text, out);
	secret_clear(&text);
	return reason;
}

/* ---- the text ---- */

static void
test_round_trip(void **state)
{
	struct secret text;

	(void)state;
	fill();
	assert_int_equal(session_put(&session, &text), JWT_OK);
	assert_int_equal(parse(text.ptr, text.len, &got), JWT_OK);
	assert_string_equal(got.issuer, session.issuer);
	assert_string_equal(got.client, session.client);
	assert_string_equal(got.subject, session.subject);
	assert_string_equal(got.scope, "s");
	assert_string_equal(got.token_endpoint, session.token_endpoint);
	assert_string_equal(got.revocation_endpoint, "https://id.example/r");
	assert_string_equal(got.client_auth, "none");
	assert_string_equal(got.dpop, "SHA256:x");
	assert_string_equal(got.dpop_alg, "EdDSA");
	assert_string_equal(got.boot_id, BOOT);
	assert_int_equal(got.use, LOGIN_ACCESS_TOKEN);
	assert_true(bytes_eq_str(got.refresh_token, "REFRESH"));
	assert_false(got.is_over);
	assert_int_equal(got.session_until, 1800000000);
	assert_int_equal(got.ends, 5000);
	assert_int_equal(got.count, 2);
	assert_string_equal(got.tokens[0].resource, "ssh://a");
	assert_true(bytes_eq_str(got.tokens[0].token, "TOKEN-A"));
	assert_int_equal(got.tokens[0].taken, 1000);
	assert_int_equal(got.tokens[0].life, 300);
	assert_string_equal(got.tokens[1].resource, "");
	secret_clear(&text);
	session_clear(&got);
	session_clear(&session);
}

/* What nobody told stays unknown. */
static void
test_least(void **state)
{
	struct secret text;

	(void)state;
	session_clear(&session);
	assert_int_equal(session_put(&session, &text), JWT_INTERNAL);
	session.issuer = "i";
	assert_int_equal(session_put(&session, &text), JWT_INTERNAL);
	session.client = "c";
	session.use = LOGIN_ID_TOKEN;
	session.is_over = true;
	assert_int_equal(session_put(&session, &text), JWT_OK);
	assert_int_equal(parse(text.ptr, text.len, &got), JWT_OK);
	assert_null(got.subject);
	assert_null(got.token_endpoint);
	assert_int_equal(got.refresh_token.len, 0);
	assert_int_equal(got.session_until, -1);
	assert_int_equal(got.ends, 0);
	assert_int_equal(got.use, LOGIN_ID_TOKEN);
	assert_true(got.is_over);
	assert_string_equal(got.boot_id, "");
	assert_int_equal(got.count, 0);
	secret_clear(&text);
	session_clear(&got);
}

static void
test_torn(void **state)
{
	struct secret text;
	size_t len;

	(void)state;
	fill();
	assert_int_equal(session_put(&session, &text), JWT_OK);
	for (len = 0; len < text.len; len++) {
		assert_int_not_equal(parse(text.ptr, len, &got), JWT_OK);
		assert_null(got.issuer);
		assert_int_equal(got.count, 0);
		assert_int_equal(got.refresh_token.len, 0);
	}
	secret_clear(&text);
	session_clear(&session);
}

/* The text of fill() with one part of it replaced. */
static enum jwt_reason
parse_changed(const char *from, const char *to)
{
	static char changed[4096];
	enum jwt_reason reason;
	struct secret text;
	const char *at;
	int len;

	fill();
	assert_int_equal(session_put(&session, &text), JWT_OK);
	at = memmem(text.ptr, text.len, from, strlen(from));
	if (at == NULL)
		fail_msg("%s is not there", from);
	len = snprintf(changed, sizeof(changed), "%.*s%s%.*s",
	    (int)(at - (char *)text.ptr), (char *)text.ptr, to,
	    (int)(text.len - (size_t)(at - (char *)text.ptr) - strlen(from)),
	    at + strlen(from));
	assert_in_range(len, 1, (int)sizeof(changed) - 1);
	reason = parse(changed, (size_t)len, &got);
	secret_clear(&text);
	session_clear(&session);
	return reason;
}

static void
test_hostile(void **state)
{
	static const struct {
		const char *from, *to;
	} cases[] = {
		{ "\"issuer\":\"https://id.example\",", "" },
		{ "\"client\":\"cli\",", "" },
		{ "\"client\":\"cli\"", "\"client\":null" },
		{ "\"client\":\"cli\"", "\"client\":\"c\\u0000li\"" },
		{ "\"subject\":\"", "\"subject\":7,\"x\":\"" },
		{ "\"use\":\"access_token\"", "\"use\":\"code\"" },
		{ "\"use\":\"access_token\"", "\"use\":1" },
		{ "\"use\":\"access_token\",", "" },
		{ "\"refresh_token\":\"REFRESH\"", "\"refresh_token\":1" },
		{ "REFRESH", "\\u0000" },
		{ "\"is_over\":false", "\"is_over\":0" },
		{ "\"is_over\":false,", "" },
		{ "1800000000", "-1" },
		{ "1800000000", "1.5" },
		{ "1800000000", "9007199254740992" },
		{ BOOT, BOOT "0" },
		{ BOOT, "\\u0000" },
		{ "\"" BOOT "\"", "1" },
		{ "\"tokens\":[", "\"tokens\":[1," },
		{ "\"tokens\":[", "\"tokens\":[{}," },
		{ "\"tokens\":[", "\"tokens\":[[]," },
		{ "\"tokens\":", "\"tokenz\":" },
		{ "\"TOKEN-A\"", "\"\\u0000\"" },
		{ "\"TOKEN-A\"", "{}" },
		{ "\"resource\":\"ssh://a\",", "" },
		{ "\"resource\":\"ssh://a\"", "\"resource\":\"\"" },
		{ "\"resource\":\"ssh://a\"", "\"resource\":\"a\\u0000\"" },
		{ "\"taken\":1000,", "" },
		{ "\"taken\":1000", "\"taken\":-1" },
		{ "\"life\":300", "\"life\":\"300\"" },
		{ "{", "[{" },
		{ "{", "{\"issuer\":\"x\"," },
		{ "{", "{\"x\":[[[[]]]]," },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (parse_changed(cases[i].from, cases[i].to) == JWT_OK)
			fail_msg("%s for %s", cases[i].to, cases[i].from);
		assert_int_equal(got.count, 0);
		assert_null(got.issuer);
	}
}

/* The other side of the lines. */
static void
test_harmless(void **state)
{
	(void)state;
	assert_int_equal(parse_changed("1800000000", "9007199254740991"),
	    JWT_OK);
	session_clear(&got);
	assert_int_equal(parse_changed("\"taken\":1000", "\"taken\":0"),
	    JWT_OK);
	session_clear(&got);
	assert_int_equal(parse_changed("{", "{\"later\":[{}],"), JWT_OK);
	session_clear(&got);
	assert_int_equal(parse_changed(",\"life\":300", ""), JWT_OK);
	assert_int_equal(got.tokens[0].life, -1);
	session_clear(&got);
	assert_int_equal(parse_changed("\"TOKEN-A\"", "\"\""), JWT_OK);
	assert_int_equal(got.tokens[0].token.len, 0);
	session_clear(&got);
	assert_int_equal(parse_changed(BOOT, ""), JWT_OK);
	assert_string_equal(got.boot_id, "");
	session_clear(&got);
}

/* ---- limits ---- */

static void
fill_tokens(size_t count)
{
	char resource[32];
	size_t i;

	fill();
	session.count = 0;
	for (i = 0; i < count; i++) {
		snprintf(resource, sizeof(resource), "ssh://%zu", i);
		set_token(resource, "TOKEN", 1000 + (int64_t)i);
	}
}

static void
test_most_tokens(void **state)
{
	static char more[65536];
	struct secret text;
	char *end;

	(void)state;
	fill_tokens(SESSION_TOKENS_MAX);
	assert_int_equal(session_put(&session, &text), JWT_OK);
	assert_int_equal(parse(text.ptr, text.len, &got), JWT_OK);
	assert_int_equal(got.count, SESSION_TOKENS_MAX);
	session_clear(&got);
	/* One more in the file is not ours. */
	assert_true(text.len + 128 < sizeof(more));
	memcpy(more, text.ptr, text.len);
	end = more + text.len - strlen("]}");
	end += sprintf(end, ",{\"resource\":\"x\",\"token\":\"x\","
	    "\"taken\":1}]}");
	assert_int_equal(parse(more, (size_t)(end - more), &got),
	    JWT_JSON_INVALID);
	secret_clear(&text);
	/* One more in memory takes the place of the oldest. */
	session.tokens[7].taken = 5;
	set_token("ssh://new", "NEW", 9000);
	assert_int_equal(session.count, SESSION_TOKENS_MAX);
	assert_null(session_find(&session, "ssh://7"));
	assert_non_null(session_find(&session, "ssh://0"));
	assert_true(bytes_eq_str(session_find(&session, "ssh://new")->token,
	    "NEW"));
	/* A new one for the same resource takes the place of the old. */
	set_token("ssh://0", "NEWER", 9001);
	assert_int_equal(session.count, SESSION_TOKENS_MAX);
	assert_true(bytes_eq_str(session_find(&session, "ssh://0")->token,
	    "NEWER"));
	session_clear(&session);
}

/* Tokens of any length that is allowed fit into the file, all of them. */
static void
test_longest_tokens(void **state)
{
	static char token[TOKEN_MAX + 2], resource[1024];
	struct session_token one = { .resource = resource, .life = 1 };
	struct secret text;
	size_t i;

	(void)state;
	memset(token, 't', sizeof(token) - 1);
	memset(resource, 'r', sizeof(resource) - 1);
	fill();
	session.count = 0;
	one.token = bytes_of(token, TOKEN_MAX);
	for (i = 0; i < SESSION_TOKENS_MAX; i++) {
		resource[0] = (char)('0' + i);
		assert_true(session_set_token(&session, &one));
	}
	assert_int_equal(session_put(&session, &text), JWT_OK);
	assert_int_equal(parse(text.ptr, text.len, &got), JWT_OK);
	assert_int_equal(got.count, SESSION_TOKENS_MAX);
	assert_int_equal(got.tokens[49].token.len, TOKEN_MAX);
	session_clear(&got);
	secret_clear(&text);
	session.count = 0;
	one.token = bytes_of(token, TOKEN_MAX + 1);
	assert_false(session_set_token(&session, &one));
	assert_int_equal(session.count, 0);
	assert_false(session_set_refresh_token(&session, one.token));
	assert_true(bytes_eq_str(session.refresh_token, "REFRESH"));
	assert_false(session_set(&session, &session.subject,
	    bytes_of("a\0b", 3)));
	session_clear(&session);
}

/* ---- what it is good for ---- */

static void
test_fits(void **state)
{
	struct login_section other = section;

	(void)state;
	fill();
	assert_true(session_fits(&session, &section));
	other.iss = "https://id.example/";
	assert_false(session_fits(&session, &other));
	other = section;
	other.client = "CLI";
	assert_false(session_fits(&session, &other));
	other = section;
	other.use = LOGIN_ID_TOKEN;
	assert_false(session_fits(&session, &other));
	other = section;
	other.dpop = "SHA256:x";
	assert_true(session_fits(&session, &other));
	other.dpop = "SHA256:y";
	assert_false(session_fits(&session, &other));
	other.dpop = NULL;
	assert_false(session_fits(&session, &other));
	other = section;
	other.audience = "another";
	assert_false(session_fits(&session, &other));
	other.audience = NULL;
	assert_false(session_fits(&session, &other));
	session.audience = NULL;
	assert_true(session_fits(&session, &other));
	assert_false(session_fits(&session, &section));
	session.dpop = NULL;
	assert_false(session_fits(&session, &other));
	other.dpop = NULL;
	assert_true(session_fits(&session, &other));
	session_clear(&session);
	assert_false(session_fits(&session, &section));
}

static int64_t
left(int64_t taken, int64_t life, int64_t now)
{
	const struct session_token token = {
		.token = bytes_str("T"), .taken = taken, .life = life
	};
	struct boot boot = { .id = BOOT, .now = now };

	return session_token_left(&session, &token, &boot);
}

static void
test_left(void **state)
{
	struct session_token token = {
		.token = bytes_str("T"), .taken = 10, .life = 300
	};
	struct boot boot = { .id = "", .now = 20 };

	(void)state;
	fill();
	assert_int_equal(left(1000, 300, 1000), 300);
	assert_int_equal(left(1000, 300, 1299), 1);
	assert_int_equal(left(1000, 300, 1300), 0);
	assert_int_equal(left(1000, 300, 1301), -1);
	assert_int_equal(left(1000, 0, 1000), 0);
	/* From the future: of another boot with the same id, or written so. */
	assert_int_equal(left(1000, 300, 999), 0);
	/* Nobody told. */
	assert_int_equal(left(1000, -1, 1000), SESSION_LIFE_UNTOLD_SEC);
	assert_int_equal(left(1000, -1, 1000 + SESSION_LIFE_UNTOLD_SEC), 0);
	/* Another boot, or one that is not known. */
	assert_int_equal(session_token_left(&session, &token, &boot), 0);
	memset(session.boot_id, 0, sizeof(session.boot_id));
	assert_int_equal(session_token_left(&session, &token, &boot), 0);
	memcpy(boot.id, BOOT, sizeof(BOOT));
	assert_int_equal(session_token_left(&session, &token, &boot), 0);
	/* A resource that has no token yet. */
	session_set_boot(&session, BOOT);
	assert_int_equal(session_token_left(&session, &token, &boot), 290);
	token.token.len = 0;
	assert_int_equal(session_token_left(&session, &token, &boot), 0);
	session_clear(&session);
}

static void
test_boot(void **state)
{
	struct boot first, second;

	(void)state;
	boot_read(&first);
	boot_read(&second);
	assert_int_equal(strlen(first.id), BOOT_ID_LEN);
	assert_string_equal(first.id, second.id);
	assert_true(first.now > 0 && second.now - first.now < 60);
	fill();
	session_set_boot(&session, BOOT);
	assert_int_equal(session.tokens[0].token.len, strlen("TOKEN-A"));
	assert_int_equal(session.ends, 5000);
	/* The resources stay, to be asked for again. */
	session_set_boot(&session, first.id);
	assert_int_equal(session.count, 2);
	assert_int_equal(session.tokens[0].token.len, 0);
	assert_int_equal(session.tokens[1].token.len, 0);
	assert_string_equal(session.boot_id, first.id);
	assert_int_equal(session.ends, 0);
	session_clear(&session);
}

/* The boot clock counts, where it is the same boot. */
static void
test_end(void **state)
{
	struct boot boot = { .id = BOOT, .now = 4000 };

	(void)state;
	fill();
	session.session_until = 1;
	assert_int_equal(session_left(&session, &boot), 1000);
	boot.now = 5000;
	assert_int_equal(session_left(&session, &boot), 0);
	boot.now = 5001;
	assert_int_equal(session_left(&session, &boot), 0);
	session.session_until = -1;
	assert_int_equal(session_left(&session, &boot), -1);
	/* Otherwise the wall clock does. */
	session.session_until = INT64_C(4102444800);
	assert_int_equal(session_left(&session, &boot), 0);
	boot.id[0] = '1';
	assert_true(session_left(&session, &boot) > 1000000);
	boot.id[0] = '\0';
	assert_true(session_left(&session, &boot) > 1000000);
	session.ends = 0;
	memcpy(boot.id, BOOT, sizeof(BOOT));
	assert_true(session_left(&session, &boot) > 1000000);
	session_set_end(&session, &boot, 60);
	assert_int_equal(session.ends, 5061);
	assert_int_equal(session_left(&session, &boot), 60);
	assert_in_range(session.session_until, (int64_t)time(NULL) + 30,
	    (int64_t)time(NULL) + 60);
	session_clear(&session);
}

/* ---- the file ---- */

static char top[] = "/tmp/pam_jwt_test.XXXXXX";

static int
set_up(void **state)
{
	(void)state;
	umask(022);
	return mkdtemp(top) == NULL ? -1 : 0;
}

static int
tear_down(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", top);
	return system(command);
}

/* A path below the folder of this test; the last four are there. */
static const char *
at(const char *name)
{
	static char paths[4][256];
	static unsigned next;
	char *path = paths[next++ % 4];

	snprintf(path, sizeof(paths[0]), "%s/%s", top, name);
	return path;
}

static mode_t
mode_of(const char *name)
{
	struct stat st;

	assert_int_equal(lstat(at(name), &st), 0);
	return st.st_mode;
}

static bool
is_there(const char *name)
{
	struct stat st;

	return lstat(at(name), &st) == 0;
}

/* Open with XDG_RUNTIME_DIR, and XDG_STATE_HOME, set to this folder. */
static enum session_result
open_at(const char *name, bool make, struct session_store *out)
{
	char folder[256];
	const struct places places = { .folder = folder, .state = folder };

	snprintf(folder, sizeof(folder), "%s/pam-jwt", at(name));
	return session_open(&places, &section, make, out);
}

static void
open_result(const char *name, bool make, enum session_result expected)
{
	struct session_store store;

	assert_int_equal(open_at(name, make, &store), expected);
	assert_int_equal(store.folder > STDERR_FILENO ||
	    expected != SESSION_OK, true);
	session_close(&store);
	assert_int_equal(store.folder, -1);
}

static void
test_folder(void **state)
{
	(void)state;
	assert_int_equal(mkdir(at("run"), 0700), 0);
	/* To read makes nothing. */
	open_result("run", false, SESSION_NONE);
	assert_false(is_there("run/pam-jwt"));
	open_result("run", true, SESSION_OK);
	assert_int_equal(mode_of("run/pam-jwt"), S_IFDIR | 0700);
	assert_int_equal(mode_of("run/pam-jwt/session"), S_IFDIR | 0700);
	open_result("run", true, SESSION_OK);
	open_result("run", false, SESSION_OK);
	/* XDG_RUNTIME_DIR itself is not ours to make. */
	open_result("nowhere", false, SESSION_FAULT);
	open_result("nowhere", true, SESSION_FAULT);
	assert_false(is_there("nowhere"));
	section.store = LOGIN_STORE_HOME;
	open_result("nowhere", false, SESSION_NONE);
	assert_false(is_there("nowhere"));
	open_result("home/state", true, SESSION_OK);
	assert_int_equal(mode_of("home/state"), S_IFDIR | 0700);
	assert_int_equal(mode_of("home/state/pam-jwt/session"),
	    S_IFDIR | 0700);
	section.store = LOGIN_STORE_RUNTIME;
}

static void
test_no_environment(void **state)
{
	const struct places none = { .folder = NULL }, home = { .state = "/" };
	struct session_store store;

	(void)state;
	assert_int_equal(session_open(&none, &section, true, &store),
	    SESSION_FAULT);
	session_close(&store);
	assert_int_equal(session_open(&home, &section, false, &store),
	    SESSION_FAULT);
	session_close(&store);
	section.store = LOGIN_STORE_HOME;
	assert_int_equal(session_open(&none, &section, true, &store),
	    SESSION_FAULT);
	session_close(&store);
	section.store = LOGIN_STORE_RUNTIME;
}

static void
with_mode(const char *name, mode_t mode, enum session_result expected)
{
	mode_t before = mode_of(name) & 07777;

	assert_int_equal(chmod(at(name), mode), 0);
	open_result("trust", true, expected);
	open_result("trust", false, expected);
	assert_int_equal(chmod(at(name), before), 0);
}

/* Folders that somebody else could look into, or could have put there. */
static void
test_trust(void **state)
{
	const char *session_folder = "trust/pam-jwt/session";

	(void)state;
	assert_int_equal(mkdir(at("trust"), 0700), 0);
	open_result("trust", true, SESSION_OK);
	with_mode("trust", 0755, SESSION_OK);
	with_mode("trust", 0775, SESSION_FAULT);
	with_mode("trust", 01777, SESSION_FAULT);
	with_mode("trust/pam-jwt", 0755, SESSION_OK);
	with_mode("trust/pam-jwt", 0775, SESSION_FAULT);
	with_mode("trust/pam-jwt", 0702, SESSION_FAULT);
	with_mode(session_folder, 0750, SESSION_FAULT);
	with_mode(session_folder, 0701, SESSION_FAULT);
	with_mode(session_folder, 0700, SESSION_OK);
	assert_int_equal(rename(at(session_folder), at("elsewhere")), 0);
	assert_int_equal(symlink("../../elsewhere", at(session_folder)), 0);
	open_result("trust", true, SESSION_FAULT);
	open_result("trust", false, SESSION_FAULT);
	assert_int_equal(unlink(at(session_folder)), 0);
	assert_int_equal(close(creat(at(session_folder), 0600)), 0);
	open_result("trust", true, SESSION_FAULT);
	assert_int_equal(unlink(at(session_folder)), 0);
	assert_int_equal(rename(at("elsewhere"), at(session_folder)), 0);
	open_result("trust", false, SESSION_OK);
	if (geteuid() != 0) {
		print_message("skip - folders of others: needs root\n");
		return;
	}
	assert_int_equal(chown(at(session_folder), 12345, 12345), 0);
	open_result("trust", true, SESSION_FAULT);
	assert_int_equal(chown(at(session_folder), 0, 0), 0);
	assert_int_equal(chown(at("trust/pam-jwt"), 12345, 12345), 0);
	open_result("trust", true, SESSION_FAULT);
	assert_int_equal(chown(at("trust/pam-jwt"), 0, 0), 0);
	assert_int_equal(chown(at("trust"), 12345, 12345), 0);
	open_result("trust", true, SESSION_FAULT);
}

#define FILE_NAME "file/pam-jwt/session/corp"

static void
test_file(void **state)
{
	struct session_store store;

	(void)state;
	assert_int_equal(mkdir(at("file"), 0700), 0);
	assert_int_equal(open_at("file", true, &store), SESSION_OK);
	assert_string_equal(store.path, at(FILE_NAME));
	assert_int_equal(session_read(&store, &got), SESSION_NONE);
	assert_int_equal(session_lock(&store, 0), SESSION_OK);
	assert_int_equal(mode_of(FILE_NAME ".lock"), S_IFREG | 0600);
	fill();
	umask(0);
	assert_true(session_write(&store, &session));
	assert_int_equal(mode_of(FILE_NAME), S_IFREG | 0600);
	assert_true(session_set_refresh_token(&session, bytes_str("SECOND")));
	umask(0777);
	assert_true(session_write(&store, &session));
	umask(022);
	assert_int_equal(mode_of(FILE_NAME), S_IFREG | 0600);
	assert_int_equal(session_read(&store, &got), SESSION_OK);
	assert_true(bytes_eq_str(got.refresh_token, "SECOND"));
	session_clear(&got);
	/* What is not a session is not written, and the old one stays. */
	session.issuer = NULL;
	assert_false(session_write(&store, &session));
	session.issuer = "\xff";
	assert_false(session_write(&store, &session));
	assert_int_equal(session_read(&store, &got), SESSION_OK);
	session_clear(&got);
	/* A draft that a killed process left has tokens in it, too. */
	assert_int_equal(close(creat(at(FILE_NAME ".new"), 0600)), 0);
	assert_true(session_remove(&store));
	assert_false(is_there(FILE_NAME));
	assert_false(is_there(FILE_NAME ".new"));
	assert_true(is_there(FILE_NAME ".lock"));
	assert_true(session_remove(&store));
	assert_int_equal(session_read(&store, &got), SESSION_NONE);
	session_close(&store);
	session_clear(&session);
}

static enum session_result
read_result(const struct session_store *store)
{
	enum session_result result = session_read(store, &got);

	session_clear(&got);
	return result;
}

static void
test_bad_files(void **state)
{
	const char *name = "bad/pam-jwt/session/corp";
	struct session_store store;

	(void)state;
	assert_int_equal(mkdir(at("bad"), 0700), 0);
	assert_int_equal(open_at("bad", true, &store), SESSION_OK);
	fill();
	assert_true(session_write(&store, &session));
	assert_int_equal(chmod(at(name), 0640), 0);
	assert_int_equal(read_result(&store), SESSION_FAULT);
	assert_int_equal(chmod(at(name), 0604), 0);
	assert_int_equal(read_result(&store), SESSION_FAULT);
	assert_int_equal(chmod(at(name), 0400), 0);
	assert_int_equal(read_result(&store), SESSION_OK);
	if (geteuid() == 0) {
		assert_int_equal(chown(at(name), 12345, 0), 0);
		assert_int_equal(read_result(&store), SESSION_FAULT);
	}
	/* Damaged: one must log in again, and can. */
	assert_int_equal(chown(at(name), geteuid(), (gid_t)-1), 0);
	assert_int_equal(chmod(at(name), 0600), 0);
	assert_int_equal(truncate(at(name), 0), 0);
	assert_int_equal(read_result(&store), SESSION_NONE);
	assert_int_equal(truncate(at(name), FILE_SIZE_MAX - 1), 0);
	assert_int_equal(read_result(&store), SESSION_NONE);
	assert_int_equal(truncate(at(name), FILE_SIZE_MAX), 0);
	assert_int_equal(read_result(&store), SESSION_NONE);
	assert_true(session_write(&store, &session));
	assert_int_equal(read_result(&store), SESSION_OK);
	/* A link is not followed, by a reader or by a writer. */
	assert_int_equal(rename(at(name), at("victim")), 0);
	assert_int_equal(symlink("../../../victim", at(name)), 0);
	assert_int_equal(read_result(&store), SESSION_FAULT);
	assert_true(session_write(&store, &session));
	assert_int_equal(mode_of(name), S_IFREG | 0600);
	assert_int_equal(unlink(at(name)), 0);
	/* Nobody waits for the writer of a pipe. */
	assert_int_equal(mkfifo(at(name), 0600), 0);
	assert_int_equal(read_result(&store), SESSION_FAULT);
	assert_int_equal(unlink(at(name)), 0);
	assert_int_equal(mkdir(at(name), 0700), 0);
	assert_int_equal(read_result(&store), SESSION_FAULT);
	assert_false(session_write(&store, &session));
	assert_false(session_remove(&store));
	session_close(&store);
	session_clear(&session);
}

static void
test_lock(void **state)
{
	struct session_store first, second;
	int64_t start;

	(void)state;
	assert_int_equal(mkdir(at("lock"), 0700), 0);
	assert_int_equal(open_at("lock", true, &first), SESSION_OK);
	assert_int_equal(open_at("lock", true, &second), SESSION_OK);
	assert_int_equal(session_lock(&first, 0), SESSION_OK);
	assert_int_equal(fcntl(first.lock, F_GETFD), FD_CLOEXEC);
	assert_int_equal(session_lock(&second, 0), SESSION_NONE);
	assert_int_equal(second.lock, -1);
	start = clock_msec();
	assert_int_equal(session_lock(&second, 1), SESSION_NONE);
	assert_true(clock_msec() - start >= 1000);
	session_unlock(&first);
	session_unlock(&first);
	assert_int_equal(session_lock(&second, 0), SESSION_OK);
	session_close(&second);
	assert_int_equal(session_lock(&first, 0), SESSION_OK);
	session_close(&first);
	/* Another section has another lock. */
	assert_int_equal(open_at("lock", true, &first), SESSION_OK);
	assert_int_equal(session_lock(&first, 0), SESSION_OK);
	section.name = "other";
	assert_int_equal(open_at("lock", true, &second), SESSION_OK);
	assert_int_equal(session_lock(&second, 0), SESSION_OK);
	session_close(&second);
	section.name = "corp";
	session_close(&first);
	assert_int_equal(unlink(at("lock/pam-jwt/session/corp.lock")), 0);
	assert_int_equal(symlink("../../../target",
	    at("lock/pam-jwt/session/corp.lock")), 0);
	assert_int_equal(open_at("lock", true, &first), SESSION_OK);
	assert_int_equal(session_lock(&first, 0), SESSION_FAULT);
	assert_false(is_there("target"));
	session_close(&first);
}

/* Whoever waits goes on when the other one has ended, however that was. */
static void
test_wait(void **state)
{
	struct session_store store;
	int status, ready[2];
	char byte;
	pid_t child;

	(void)state;
	assert_int_equal(mkdir(at("wait"), 0700), 0);
	assert_int_equal(pipe(ready), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		if (open_at("wait", true, &store) != SESSION_OK ||
		    session_lock(&store, 0) != SESSION_OK ||
		    write(ready[1], "x", 1) != 1)
			_exit(1);
		usleep(200000);
		kill(getpid(), SIGKILL);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_int_equal(open_at("wait", true, &store), SESSION_OK);
	assert_int_equal(session_lock(&store, 60), SESSION_OK);
	session_close(&store);
	assert_int_equal(waitpid(child, &status, 0), child);
	close(ready[0]);
	close(ready[1]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_least),
		cmocka_unit_test(test_torn),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_harmless),
		cmocka_unit_test(test_most_tokens),
		cmocka_unit_test(test_longest_tokens),
		cmocka_unit_test(test_fits),
		cmocka_unit_test(test_left),
		cmocka_unit_test(test_boot),
		cmocka_unit_test(test_end),
		cmocka_unit_test(test_folder),
		cmocka_unit_test(test_no_environment),
		cmocka_unit_test(test_trust),
		cmocka_unit_test(test_file),
		cmocka_unit_test(test_bad_files),
		cmocka_unit_test(test_lock),
		cmocka_unit_test(test_wait),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
