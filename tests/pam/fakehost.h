/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The host as the module sees it in a test: accounts, clock, login.defs, /run,
 * systemd, and no session of logind around it.
 *
 * Included by exactly one file of a program that is linked with -rdynamic, or
 * of a library for LD_PRELOAD: what the module calls is then found here and
 * not in libc.  So no test needs an account that really exists, and none
 * depends on today's date.
 */
#ifndef TEST_FAKEHOST_H
#define TEST_FAKEHOST_H

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdbool.h>
#include <shadow.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* The programs are compiled with -fvisibility=hidden. */
#define SHOWN __attribute__((visibility("default")))

/* How getpwnam_r() answers, where it does not simply find the account. */
enum fake_answer {
	FAKE_FOUND,
	FAKE_OTHER_NAME,	/* as a name service that does not mind case */
	FAKE_LARGE,		/* an entry that needs a second, larger buffer */
	FAKE_TOO_LARGE,		/* ... that no buffer is large enough for */
	FAKE_NO_MEMORY,
	FAKE_BROKEN
};

static const struct fake_account {
	const char *name;
	uid_t uid;
	enum fake_answer answer;
	const char *password;
	long expires;		/* days since the epoch; -1: never */
} fake_accounts[] = {
	{ "root", 0, FAKE_FOUND, "*", -1 },
	{ "toor", 0, FAKE_FOUND, "*", -1 },
	{ "backup", 34, FAKE_FOUND, "*", -1 },
	{ "below", 999, FAKE_FOUND, "x", -1 },
	{ "first", 1000, FAKE_FOUND, "x", -1 },
	{ "nobody", 65534, FAKE_FOUND, "x", -1 },
	{ "service", 61999, FAKE_FOUND, "x", -1 },	/* DynamicUser= */
	{ "vu-web-0", 524288, FAKE_FOUND, "x", -1 },	/* of a container */
	{ "directory", 1234001103, FAKE_FOUND, "x", -1 },	/* of SSSD */
	{ "alice", 20001, FAKE_FOUND, "x", -1 },
	{ "alice@example.com", 20014, FAKE_FOUND, "x", -1 },
	{ "bob", 20002, FAKE_FOUND, "x", -1 },
	{ "web.admin", 20003, FAKE_FOUND, "x", -1 },
	{ "carol", 20004, FAKE_FOUND, "!x", -1 },
	{ "dave", 20005, FAKE_FOUND, "x", 19675 },	/* 2023-11-14 */
	{ "erin", 20006, FAKE_FOUND, "x", 19676 },	/* 2023-11-15 */
	{ "frank", 20007, FAKE_OTHER_NAME, "x", -1 },
	{ "grace", 20008, FAKE_LARGE, "x", -1 },
	{ "heidi", 20009, FAKE_TOO_LARGE, "x", -1 },
	{ "ivan", 20010, FAKE_NO_MEMORY, "x", -1 },
	{ "judy", 20011, FAKE_BROKEN, "x", -1 },
	{ "kiosk", 20012, FAKE_FOUND, "x", -1 },
	{ "deploy", 20013, FAKE_FOUND, "x", -1 },
};

static time_t fake_now;			/* 0: the real time */
static const char *fake_login_defs;	/* NULL: the real one */
static const char *fake_var_lib;	/* of /var/lib/pam_jwt; NULL: the real one */
static int fake_no_systemd;		/* 0: it runs, whatever is the case */
static const char *fake_run;		/* of /run: FAKE_RUN, or none at all */
static const char *fake_cgroup;		/* of /proc/PID/cgroup; default: empty */

/* The tests run as root on some machines, and leave nothing in /run there. */
__attribute__((constructor)) static void
fake_start(void)
{
	fake_run = getenv("FAKE_RUN");
	if (fake_run == NULL)
		fake_run = "/nonexistent/run";
	fake_cgroup = "/dev/null";
}

static const struct fake_account *
fake_account(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(fake_accounts) / sizeof(*fake_accounts); i++) {
		if (strcmp(fake_accounts[i].name, name) == 0)
			return &fake_accounts[i];
	}
	return NULL;
}

/* The error for an answer that is none; 0: fill the entry in. */
static int
fake_error(const struct fake_account *account, size_t len)
{
	switch (account->answer) {
	case FAKE_LARGE:
		return len < 4096 ? ERANGE : 0;
	case FAKE_TOO_LARGE:
		return ERANGE;
	case FAKE_NO_MEMORY:
		return ENOMEM;
	case FAKE_BROKEN:
		return EIO;
	case FAKE_FOUND:
	case FAKE_OTHER_NAME:
		break;
	}
	return 0;
}

SHOWN int
getpwnam_r(const char *name, struct passwd *entry, char *buffer, size_t len,
    struct passwd **result)
{
	const struct fake_account *account = fake_account(name);
	static char empty[] = "";
	int error;

	*result = NULL;
	if (account == NULL)
		return 0;
	error = fake_error(account, len);
	if (error != 0)
		return error;
	if (len <= strlen(name) + 1)
		return ERANGE;
	snprintf(buffer, len, "%s%s", name,
	    account->answer == FAKE_OTHER_NAME ? "2" : "");
	*entry = (struct passwd){
		.pw_name = buffer, .pw_passwd = empty, .pw_uid = account->uid,
		.pw_gid = account->uid, .pw_gecos = empty, .pw_dir = empty,
		.pw_shell = empty
	};
	*result = entry;
	return 0;
}

SHOWN int
getspnam_r(const char *name, struct spwd *entry, char *buffer, size_t len,
    struct spwd **result)
{
	const struct fake_account *account = fake_account(name);

	*result = NULL;
	if (account == NULL)
		return 0;
	if (len < 32)
		return ERANGE;
	snprintf(buffer, len, "%s", account->password);
	*entry = (struct spwd){
		.sp_namp = buffer, .sp_pwdp = buffer,
		.sp_expire = account->expires
	};
	*result = entry;
	return 0;
}

SHOWN time_t
time(time_t *out)
{
	struct timespec real;
	time_t now = fake_now;

	if (now == 0) {
		clock_gettime(CLOCK_REALTIME, &real);
		now = real.tv_sec;
	}
	if (out != NULL)
		*out = now;
	return now;
}

SHOWN int
access(const char *path, int mode)
{
	if (strcmp(path, "/run/systemd/system") != 0)
		return (int)syscall(SYS_faccessat, AT_FDCWD, path, mode);
	errno = ENOENT;
	return fake_no_systemd ? -1 : 0;
}

static bool
fake_ends(const char *name, const char *end)
{
	size_t len = strlen(name);

	return len >= strlen(end) && strcmp(name + len - strlen(end), end) == 0;
}

/* Whether a folder is what stands in for /run, which has a pam_jwt as well. */
static bool
fake_is_run(int folder)
{
	struct stat st, run;

	return fstat(folder, &st) == 0 && stat(fake_run, &run) == 0 &&
	    st.st_dev == run.st_dev && st.st_ino == run.st_ino;
}

/*
 * The module opens each part of a path by its name alone, but not in /proc, and
 * not where all of it is root's.  There it is told that nothing is there, and
 * asks for the parts.
 */
static bool
fake_hides(const char *name)
{
	return strncmp(name, "/run/", 5) == 0 || (fake_var_lib != NULL &&
	    strncmp(name, "/var/lib/pam_jwt", 16) == 0) ||
	    (fake_login_defs != NULL && strcmp(name, "/etc/login.defs") == 0);
}

SHOWN int
openat(int folder, const char *name, int flags, ...)
{
	if (fake_hides(name)) {
		errno = ENOENT;
		return -1;
	}
	if (strcmp(name, "run") == 0) {
		name = fake_run;
		folder = AT_FDCWD;
	}
	if (fake_ends(name, "/cgroup"))
		name = fake_cgroup;
	if (fake_login_defs != NULL && strcmp(name, "login.defs") == 0) {
		name = fake_login_defs;
		folder = AT_FDCWD;
	}
	if (fake_var_lib != NULL && strcmp(name, "pam_jwt") == 0 &&
	    !fake_is_run(folder)) {
		name = fake_var_lib;
		folder = AT_FDCWD;
	}
	return (int)syscall(SYS_openat, folder, name, flags, 0600);
}

/* The same with _FORTIFY_SOURCE. */
int __openat_2(int folder, const char *name, int flags);

SHOWN int
__openat_2(int folder, const char *name, int flags)
{
	return openat(folder, name, flags);
}

#endif
