/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What `pam-jwt check` says of systemd's units: which of them its sandbox
 * keeps from the directory of the state.  The units themselves are tried in
 * tests/booted/elsewhere.sh.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "tool/check_units.h"

#define STRICT	"[Service]\nProtectSystem=strict\n"
#define WRITES	"ReadWritePaths="
#define PURGE	"pam-jwt-purge.service"
#define LOGOUT	"pam-jwt-logout@.service"
#define PULL	"pam-jwt-pull.service"
#define POLKIT	"polkit-agent-helper@.service"
#define SYNC	"pam-jwt-sync.service"
#define RUNS	"ExecStart=/usr/bin/pam-jwt state purge --directory "

static char top[64], etc[80], lib[80];
static const char *const folders[] = { etc, lib, NULL };

static int
make_folders(void **state)
{
	(void)state;
	snprintf(top, sizeof(top), "/tmp/pam_jwt.XXXXXX");
	assert_non_null(mkdtemp(top));
	snprintf(etc, sizeof(etc), "%s/etc", top);
	snprintf(lib, sizeof(lib), "%s/lib", top);
	return 0;
}

static void
empty_folders(void)
{
	char command[300];

	snprintf(command, sizeof(command), "rm -rf %s/* && mkdir %s %s", top,
	    etc, lib);
	assert_int_equal(system(command), 0);
}

static int
remove_folders(void **state)
{
	char command[100];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", top);
	return system(command);
}

/* name may have a folder in front: "a.service.d/b.conf". */
static void
put(const char *folder, const char *name, const char *text)
{
	char path[200], *slash;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	slash = strrchr(path, '/');
	*slash = '\0';
	(void)!mkdir(path, 0755);
	*slash = '/';
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(path, 0644), 0);
}

/* The names of the units that are warned of, in order, each with a space. */
static void
expect(const char *settings, const char *names)
{
	static const struct policy_host host = { .hostname = "h" };
	char text[600], found[300] = "";
	struct diag diag = { 0 };
	struct policy policy;
	size_t i;

	snprintf(text, sizeof(text), "[issuer corp]\niss = i\naudience = a\n%s",
	    settings);
	if (policy_parse(bytes_str(text), "c", &host, &diag, &policy) !=
	    JWT_OK)
		fail_msg("%s", diag_first_error(&diag)->text);
	diag_clear(&diag);
	diag = (struct diag){ 0 };
	check_units_note(folders, &policy, &diag);
	for (i = 0; i < diag.count; i++) {
		struct bytes rest = bytes_str(diag.entries[i].text);
		struct bytes name = bytes_cut(&rest, ' ');

		assert_int_equal(diag.entries[i].reason, JWT_OK);
		snprintf(found + strlen(found), sizeof(found) - strlen(found),
		    "%.*s ", (int)name.len, (const char *)name.ptr);
	}
	if (strcmp(found, names) != 0)
		fail_msg("%s: found %s, not %s", settings, found, names);
	diag_clear(&diag);
	policy_clear(&policy);
}

#define STATE	"keys = /k\n[state]\n"
#define SRV	STATE "directory = /srv/state\n"

static void
put_ours(void)
{
	empty_folders();
	put(lib, PURGE, STRICT WRITES "/var/lib/pam_jwt\n" RUNS
	    "/var/lib/pam_jwt/state\n");
	put(lib, LOGOUT, STRICT WRITES "-/var/lib/pam_jwt\n");
	put(lib, PULL, STRICT WRITES "/var/lib/pam_jwt\n");
	put(lib, POLKIT, STRICT);
}

/* Which units matter is known from the configuration. */
static void
test_units(void **state)
{
	static const char pulled[] = SRV "redis = rediss://[::1]:1\n"
	    "redis_lookups = pulled\n";
	static const char live[] = SRV "redis = rediss://[::1]:1\n";

	(void)state;
	put_ours();
	expect("keys = /k\n", "");
	expect(STATE, "");
	expect(SRV, PURGE " " PURGE " " LOGOUT " ");
	expect(pulled, PURGE " " PURGE " " LOGOUT " " PULL " ");
	expect(live, "");
	expect(STATE "[service polkit-1]\nsingle_use = yes\n", POLKIT " ");
	expect(STATE "[service polkit-1]\npermit = as a\n", "");
	expect(STATE "[service sudo]\nsingle_use = yes\n", "");
	put(lib, POLKIT ".d/pam-jwt.conf", "[Service]\n" WRITES
	    "-/var/lib/pam_jwt\n");
	expect(STATE "[service polkit-1]\nsingle_use = yes\n", "");
	/* A host without them. */
	empty_folders();
	expect(SRV "[service *]\nsingle_use = yes\n", "");
	put(lib, LOGOUT ".d/a.conf", STRICT);
	expect(SRV, "");
	put(lib, LOGOUT, STRICT);
	expect(STATE, LOGOUT " ");
	expect("keys = /k\n", "");
}

static void
copy(const char *name)
{
	char path[200], text[3000];
	FILE *file;
	size_t len;

	snprintf(path, sizeof(path), "conf/systemd/%s", name);
	file = fopen(path, "r");
	assert_non_null(file);
	len = fread(text, 1, sizeof(text) - 1, file);
	text[len] = '\0';
	fclose(file);
	put(lib, name, text);
}

/* The files of the package, with the default directory and another. */
static void
test_shipped(void **state)
{
	static const char all[] = "redis = rediss://[::1]:1\n"
	    "redis_lookups = pulled\n[service polkit-1]\nsingle_use = yes\n";
	char here[300], there[300];

	(void)state;
	snprintf(here, sizeof(here), STATE "%s", all);
	snprintf(there, sizeof(there), SRV "%s", all);
	empty_folders();
	copy(PURGE);
	copy(LOGOUT);
	copy(PULL);
	put(lib, POLKIT, STRICT);
	copy(POLKIT ".d/pam-jwt.conf");
	expect(here, "");
	expect(there, PURGE " " PURGE " " LOGOUT " " PULL " " POLKIT " ");
}

static void
test_sync(void **state)
{
	static const char elsewhere[] = "keys = sync\njwks_uri = https://i/k\n"
	    "algorithms = ES256\n[state]\nsync_directory = /srv/keys\n";
	static const char here[] = "keys = sync\njwks_uri = https://i/k\n"
	    "algorithms = ES256\n[state]\n";

	(void)state;
	empty_folders();
	put(lib, SYNC, STRICT WRITES "/var/lib/pam_jwt\n");
	expect(elsewhere, SYNC " ");
	expect(here, "");
	expect(STATE "sync_directory = /srv/keys\n", "");
	put(etc, SYNC ".d/directory.conf", "[Service]\n" WRITES "/srv/keys\n");
	expect(elsewhere, "");
}

/* Each with the unit for a logout alone. */
static void
test_settings(void **state)
{
	static const struct {
		const char *unit;
		bool may_write;
	} rows[] = {
		{ STRICT, false }, { STRICT WRITES "/srv\n", true },
		{ STRICT WRITES "/srv/\n", true }, { STRICT WRITES "/\n", true },
		{ STRICT WRITES "/srv/state\n", true },
		{ STRICT WRITES "/srv/sta\n", false },
		{ STRICT WRITES "/srv/state/deeper\n", false },
		{ STRICT WRITES "-/srv/state\n", true },
		{ STRICT WRITES "-+/srv/state\n", true },
		{ STRICT WRITES "srv/state\n", false },
		{ STRICT WRITES "/a /srv/state\n", true },
		{ STRICT WRITES "/a \\\n  /srv/state\n", true },
		{ STRICT WRITES "/a \\\n# /b\n  /srv/state\n", true },
		{ STRICT WRITES "/a \\\n; /srv/state\n", false },
		{ STRICT WRITES "/srv/state\n" WRITES "\n", false },
		{ STRICT WRITES "/srv/state\n" WRITES "/a\n", true },
		{ STRICT WRITES "\n" WRITES "/srv/state\n", true },
		{ STRICT "# " WRITES "/srv/state\n", false },
		{ STRICT "; " WRITES "/srv/state\n", false },
		{ STRICT "ReadOnlyPaths=/srv/state\n", false },
		{ STRICT " ReadWritePaths = /srv/state \n", true },
		{ "[Service]\n", true }, { "", true },
		{ STRICT "ProtectSystem=full\n", true },
		{ "[Service]\nProtectSystem=yes\n" "ProtectSystem=strict\n",
		    false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		empty_folders();
		put(lib, LOGOUT, rows[i].unit);
		expect(SRV, rows[i].may_write ? "" : LOGOUT " ");
	}
}

/* Where a drop-in may be, and which of two of one name counts. */
static void
test_dropins(void **state)
{
	static const char gives[] = "[Service]\n" WRITES "/srv/state\n";
	static const char takes[] = "[Service]\n" WRITES "\n";
	static const char *const places[] = {
		LOGOUT ".d/a.conf", "pam-jwt-.service.d/a.conf",
		"pam-.service.d/a.conf"
	};
	static const char *const others[] = {
		LOGOUT ".d/a.txt", "pam-jwt-logout.service.d/a.conf",
		"pam-jwt-pull.service.d/a.conf", "pam-jwt.service.d/a.conf"
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		put_ours();
		put(etc, places[i], gives);
		expect(SRV, i == 0 ? PURGE " " PURGE " " : PURGE " ");
	}
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		empty_folders();
		put(lib, LOGOUT, STRICT);
		put(etc, others[i], gives);
		expect(SRV, LOGOUT " ");
	}
	empty_folders();
	put(lib, LOGOUT, STRICT);
	put(lib, LOGOUT ".d/a.conf", gives);
	expect(SRV, "");
	put(etc, LOGOUT ".d/a.conf", "");	/* in place of it */
	expect(SRV, LOGOUT " ");
	put(etc, LOGOUT ".d/b.conf", gives);
	expect(SRV, "");
	put(etc, "pam-jwt-.service.d/c.conf", takes);	/* by name the last */
	expect(SRV, LOGOUT " ");
	put(etc, LOGOUT ".d/d.conf", gives);
	expect(SRV, "");
	put(etc, LOGOUT, STRICT WRITES "/a\n");	/* in place of the unit */
	expect(SRV, "");
	put(etc, LOGOUT ".d/e.conf", takes);
	expect(SRV, LOGOUT " ");
	empty_folders();
	put(lib, LOGOUT, gives);
	put(etc, LOGOUT, STRICT);
	expect(SRV, LOGOUT " ");
}

/* A directory behind a link is that of the unit: pam_jwt.conf(5). */
static void
test_links(void **state)
{
	char settings[200], unit[200], path[100], disk[100];

	(void)state;
	empty_folders();
	snprintf(disk, sizeof(disk), "%s/disk", top);
	snprintf(path, sizeof(path), "%s/link", top);
	assert_int_equal(mkdir(disk, 0755), 0);
	assert_int_equal(symlink(disk, path), 0);
	snprintf(settings, sizeof(settings), STATE "directory = %s\n", disk);
	snprintf(unit, sizeof(unit), STRICT WRITES "%s\n", path);
	put(lib, LOGOUT, unit);
	expect(settings, "");
	assert_int_equal(unlink(path), 0);
	expect(settings, LOGOUT " ");
}

static void
test_purge(void **state)
{
	(void)state;
	empty_folders();
	put(lib, PURGE, STRICT WRITES "/srv\n" RUNS "/var/lib/pam_jwt/state\n");
	expect(SRV, PURGE " ");
	put(etc, PURGE ".d/a.conf", "[Service]\nExecStart=\n" RUNS
	    "/srv/state\n");
	expect(SRV, "");
	put(etc, PURGE ".d/a.conf", "[Service]\nExecStart=\n" RUNS
	    "/srv/state2\n");
	expect(SRV, PURGE " ");
	put(etc, PURGE ".d/a.conf", "[Service]\n" RUNS "/srv/state\n");
	expect(SRV, "");
	put(etc, PURGE ".d/b.conf", "[Service]\nExecStart=\n");
	expect(SRV, PURGE " ");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_units),
		cmocka_unit_test(test_shipped),
		cmocka_unit_test(test_sync),
		cmocka_unit_test(test_settings),
		cmocka_unit_test(test_dropins),
		cmocka_unit_test(test_links),
		cmocka_unit_test(test_purge),
	};

	return cmocka_run_group_tests(tests, make_folders, remove_folders);
}
