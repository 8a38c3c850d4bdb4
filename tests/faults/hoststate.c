/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The process that a login runs in is the same afterwards: what a module may
 * change of its host is noted before and after logins of all kinds.
 *
 *	hoststate FOLDER USER NAME=TOKEN_FILE...
 *
 * One login for each token, and as many as it takes to see a leak; last, one
 * in a host without stdin, stdout and stderr.  The tokens "good" and "sealed"
 * are accepted, and no other.  Writes its results to descriptor 3.
 */
#include <dirent.h>
#include <fenv.h>
#include <locale.h>
#include <malloc.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>

#include <openssl/err.h>

#include "tests/faults/login.h"

#define STATE_SIZE	65536
#define REPEATS		100

extern char **environ;

/* What was noted, as text: a line for each thing. */
struct state {
	char text[STATE_SIZE];
	size_t len;
};

__attribute__((format(printf, 2, 3))) static void
note(struct state *state, const char *format, ...)
{
	size_t room = sizeof(state->text) - state->len;
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(state->text + state->len, room, format, args);
	va_end(args);
	if (len > 0 && (size_t)len < room)
		state->len += (size_t)len;
}

static void
note_signals(struct state *state)
{
	struct sigaction action;
	sigset_t mask;
	int i;

	sigprocmask(SIG_SETMASK, NULL, &mask);
	for (i = 1; i < NSIG; i++) {
		if (sigaction(i, NULL, &action) != 0)
			continue;
		note(state, "signal %d: %sblocked, handler %p, flags %x\n", i,
		    sigismember(&mask, i) == 1 ? "" : "not ",
		    (void *)(uintptr_t)action.sa_handler,
		    (unsigned)action.sa_flags);
	}
}

/* Names, values, and where they are: another copy is a change, too. */
static void
note_environment(struct state *state)
{
	size_t i;

	note(state, "environ %p\n", (void *)environ);
	for (i = 0; environ[i] != NULL; i++)
		note(state, "environ[%zu] %p %s\n", i, (void *)environ[i],
		    environ[i]);
}

static void
note_descriptors(struct state *state)
{
	char path[64], target[256];
	int fd;

	for (fd = 0; fd < 64; fd++) {
		ssize_t len;

		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		len = readlink(path, target, sizeof(target) - 1);
		if (len < 0)
			continue;
		target[len] = '\0';
		note(state, "descriptor %d: %s, %x, %x, at %ld\n", fd, target,
		    (unsigned)fcntl(fd, F_GETFD), (unsigned)fcntl(fd, F_GETFL),
		    (long)lseek(fd, 0, SEEK_CUR));
	}
}

static void
note_process(struct state *state)
{
	char cwd[512] = "?";
	mode_t mask = umask(0);

	umask(mask);
	note(state, "umask %o\n", (unsigned)mask);
	note(state, "cwd %s\n", getcwd(cwd, sizeof(cwd)));
	note(state, "locale %s\n", setlocale(LC_ALL, NULL));
	note(state, "rounding %d, exceptions %d\n", fegetround(),
	    fetestexcept(FE_DIVBYZERO | FE_INVALID));
	note(state, "ids %u %u %u %u, groups %d\n", getuid(), geteuid(),
	    getgid(), getegid(), getgroups(0, NULL));
	note(state, "dumpable %d, priority %d\n", prctl(PR_GET_DUMPABLE),
	    getpriority(PRIO_PROCESS, 0));
}

static void
note_limits(struct state *state)
{
	struct itimerval timer;
	struct rlimit limit;
	__rlimit_resource_t i;

	for (i = RLIMIT_CPU; i < RLIM_NLIMITS; i++) {
		if (getrlimit(i, &limit) == 0)
			note(state, "limit %u %lu %lu\n", (unsigned)i,
			    (unsigned long)limit.rlim_cur,
			    (unsigned long)limit.rlim_max);
	}
	if (getitimer(ITIMER_REAL, &timer) == 0)
		note(state, "timer %ld\n", (long)timer.it_value.tv_sec);
}

static void
note_threads(struct state *state)
{
	DIR *folder = opendir("/proc/self/task");
	unsigned threads = 0;

	while (folder != NULL && readdir(folder) != NULL)
		threads++;
	if (folder != NULL)
		closedir(folder);
	note(state, "threads %u\n", threads);
}

/* The host's own entry is to stay, and nothing to be added. */
static void
note_openssl(struct state *state)
{
	note(state, "libcrypto: oldest error %lx, newest %lx\n",
	    ERR_peek_error(), ERR_peek_last_error());
}

static void
take(struct state *state)
{
	state->len = 0;
	note_signals(state);
	note_environment(state);
	note_process(state);
	note_limits(state);
	note_threads(state);
	note_openssl(state);
	note_descriptors(state);
}

/* The first line in which they differ. */
static void
print_difference(const struct state *before, const struct state *after)
{
	const char *a = before->text, *b = after->text;

	while (*a != '\0' && *b != '\0') {
		size_t la = strcspn(a, "\n"), lb = strcspn(b, "\n");

		if (la != lb || memcmp(a, b, la) != 0)
			break;
		a += la + (a[la] != '\0');
		b += lb + (b[lb] != '\0');
	}
	dprintf(3, "# before: %.*s\n# after:  %.*s\n",
	    (int)strcspn(a, "\n"), a, (int)strcspn(b, "\n"), b);
}

static unsigned low_descriptors;	/* times that one was looked at */

/* The module looks at all that it opens. */
SHOWN int
fstat(int fd, struct stat *out)
{
	low_descriptors += fd >= 0 && fd <= STDERR_FILENO;
	return fstatat(fd, "", out, AT_EMPTY_PATH);
}

/* All phases, whatever the first one said; returns that. */
static int
log_in(const char *folder, const char *user, struct masked *token)
{
	pam_handle_t *handle = login_start(folder, user, token);
	int code;

	if (handle == NULL)
		return -1;
	code = pam_authenticate(handle, 0);
	pam_acct_mgmt(handle, 0);
	pam_setcred(handle, PAM_ESTABLISH_CRED);
	pam_open_session(handle, 0);
	pam_close_session(handle, 0);
	pam_setcred(handle, PAM_DELETE_CRED);
	pam_chauthtok(handle, 0);
	pam_end(handle, PAM_SUCCESS);
	return code;
}

/* A host that has set all of it to something of its own. */
static void
be_particular(void)
{
	struct sigaction action = { .sa_handler = SIG_IGN };
	sigset_t mask;

	sigaction(SIGPIPE, &action, NULL);
	sigemptyset(&mask);
	sigaddset(&mask, SIGUSR1);
	sigprocmask(SIG_BLOCK, &mask, NULL);
	umask(0137);
	setlocale(LC_ALL, "C.UTF-8");
	fesetround(FE_UPWARD);
	ERR_raise(ERR_LIB_USER, 17);
}

static void
report(bool ok, const char *what, const char *name)
{
	/* Not to 1 or 2, which the module must not write to, either. */
	dprintf(3, "%s - host: %s (%s)\n", ok ? "ok" : "not ok", what, name);
}

/*
 * No login leaves a chunk behind: the smallest has more than one byte.  The
 * exact sum may differ by 16, as malloc() gives away a whole free chunk when
 * what is left of it would be too small for another one.
 */
static bool
has_grown(size_t before, size_t after)
{
	return after >= before + REPEATS;
}

static void
check_heap(const char *folder, const char *user, struct masked *token,
    const char *name)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
	(void)folder;
	(void)user;
	(void)token;
	(void)name;	/* the sanitizer has a heap of its own, and looks */
	(void)has_grown;
#else
	size_t before = 0, after = REPEATS;
	unsigned round, i;

	/* OpenSSL 3.5 goes on filling its caches for a while. */
	for (round = 0; round < 3 && has_grown(before, after); round++) {
		before = mallinfo2().uordblks;
		for (i = 0; i < REPEATS; i++)
			log_in(folder, user, token);
		after = mallinfo2().uordblks;
	}
	if (has_grown(before, after))
		dprintf(3, "# %zd bytes\n", (ssize_t)(after - before));
	report(!has_grown(before, after), "the heap does not grow", name);
#endif
}

static void
check(const char *folder, const char *user, const char *name,
    const char *path)
{
	static struct state before, after;
	static struct masked token;
	struct stat out, err;
	int code;

	login_read(path, &token);
	take(&before);
	code = log_in(folder, user, &token);
	take(&after);
	if (strcmp(before.text, after.text) != 0)
		print_difference(&before, &after);
	report(before.len == after.len &&
	    strcmp(before.text, after.text) == 0, "it is as before", name);
	report((code == PAM_SUCCESS) == (strcmp(name, "good") == 0 ||
	    strcmp(name, "sealed") == 0),
	    "the login had its result", name);
	check_heap(folder, user, &token, name);
	report(fstat(1, &out) == 0 && fstat(2, &err) == 0 &&
	    out.st_size == 0 && err.st_size == 0,
	    "nothing on stdout and stderr", name);
}

/* What is closed stays closed, and no file of ours takes its place. */
static void
check_closed(const char *folder, const char *user, const char *path)
{
	static struct masked token;
	pam_handle_t *handle;
	int code, fd;

	login_read(path, &token);
	handle = login_start(folder, user, &token);
	for (fd = 0; fd <= STDERR_FILENO; fd++)
		close(fd);
	low_descriptors = 0;
	code = pam_authenticate(handle, 0);
	report(low_descriptors == 0, "nothing is opened as 0, 1 or 2",
	    "closed");
	report(fcntl(0, F_GETFD) < 0 && fcntl(1, F_GETFD) < 0 &&
	    fcntl(2, F_GETFD) < 0, "they stay closed", "closed");
	report(code == PAM_SUCCESS, "the login had its result", "closed");
	pam_end(handle, code);
}

int
main(int argc, char **argv)
{
	char *path = NULL;
	int i;

	if (argc < 4 || fcntl(3, F_GETFD) < 0)
		return 2;
	fake_now = LOGIN_NOW;
	be_particular();
	for (i = 3; i < argc; i++) {
		char *equals = strchr(argv[i], '=');

		if (equals == NULL)
			return 2;
		*equals = '\0';
		check(argv[1], argv[2], argv[i], equals + 1);
		if (strcmp(argv[i], "good") == 0)
			path = equals + 1;
	}
	if (path != NULL)
		check_closed(argv[1], argv[2], path);
	return 0;
}
