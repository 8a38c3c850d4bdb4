/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every allocation of a login fails in turn: that one alone, and that one
 * with all behind it, in the module and in every library below it.
 *
 *	alloc FOLDER USER TOKEN_FILE accept|refuse|cut STRIDE cold|warm
 *
 * accept: the token is good, and may be accepted or refused; refuse: it is
 * not, and must never be accepted; cut: the account is cut off, and the
 * account phase alone must never let it pass.  STRIDE 1 takes every site.  cold: each
 * login is the first of its process, so the start of libcrypto fails, too.
 *
 * The program's own malloc() is in front of libc's for everybody.  Each site
 * has a process of its own, whose PAM handle was there before.
 */
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include <dlfcn.h>
#include <execinfo.h>
#include <ucontext.h>

#include "tests/faults/login.h"

#define LIMIT_SEC	10	/* a login that takes longer hangs */
#define REASONS_MAX	64

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t align, size_t size);

/* Reasons that a fault may give, besides the one that there is without. */
static const char *const fault_reasons[] = {
	"out-of-memory", "internal",
	"token-empty",		/* the conversation had no memory */
	"account-protected",	/* nobody knows where the system's uids end */
	/* libcrypto does not say that memory was what it lacked. */
	"key-file-invalid", "signature-invalid", "decrypt-failed",
	"state-unavailable"
};

/* What a login came to; shared with the process that ran it. */
struct result {
	int authenticate, acct_mgmt, setcred, session;
	unsigned decisions;
	unsigned long allocations;
	bool entered;		/* libpam came so far as to call the module */
	bool has_env;		/* JWT_ISS is set */
	bool died;		/* libcrypto gave up: OPENSSL_die() */
	char reason[32];
	char crash[128];	/* where */
};

static struct {
	bool armed;
	bool authenticates;	/* setcred calls pam_set_data(), too */
	bool onwards;		/* fail also what comes behind */
	unsigned long at;	/* fails; 0: none */
	unsigned long count;
} fault;

static struct result *result;
static char usual_reason[32];
static bool account_alone;
static int (*real_set_data)(pam_handle_t *, const char *, void *,
    void (*)(pam_handle_t *, void *, int));

/* Whether the allocation at hand is to fail. */
static bool
fails(void)
{
	if (!fault.armed)
		return false;
	fault.count++;
	if (fault.at == 0 || fault.count < fault.at ||
	    (fault.count > fault.at && !fault.onwards))
		return false;
	errno = ENOMEM;
	return true;
}

SHOWN void *
malloc(size_t size)
{
	return fails() ? NULL : __libc_malloc(size);
}

SHOWN void *
calloc(size_t count, size_t size)
{
	return fails() ? NULL : __libc_calloc(count, size);
}

SHOWN void *
realloc(void *old, size_t size)
{
	return fails() ? NULL : __libc_realloc(old, size);
}

SHOWN void *
aligned_alloc(size_t align, size_t size)
{
	return fails() ? NULL : __libc_memalign(align, size);
}

SHOWN int
posix_memalign(void **out, size_t align, size_t size)
{
	if (fails())
		return ENOMEM;
	*out = __libc_memalign(align, size);
	return *out == NULL ? ENOMEM : 0;
}

/* The first thing that the module does. */
SHOWN int
pam_set_data(pam_handle_t *pamh, const char *name, void *data,
    void (*clean)(pam_handle_t *, void *, int))
{
	if (result != NULL && fault.authenticates)
		result->entered = true;
	return real_set_data(pamh, name, data, clean);
}

static void
find_set_data(void)
{
	union {
		void *address;
		int (*call)(pam_handle_t *, const char *, void *,
		    void (*)(pam_handle_t *, void *, int));
	} cast = { .address = dlsym(RTLD_NEXT, "pam_set_data") };

	real_set_data = cast.call;
}

/*
 * OpenSSL 3.5 asserts that memory for its own locks never runs out.  That ends
 * the host, and lets nobody in; nothing above it can help.
 */
static bool
is_of_libcrypto(int number)
{
	void *frames[16];
	int count = number == SIGABRT ? backtrace(frames, 16) : 0, i;
	Dl_info where;

	for (i = 0; i < count; i++) {
		if (dladdr(frames[i], &where) != 0 &&
		    strstr(where.dli_fname, "libcrypto") != NULL)
			return true;
	}
	return false;
}

/* Where it happened: in the module, or in a library below it. */
static void
on_crash(int number, siginfo_t *info, void *context)
{
	const ucontext_t *at = context;
	Dl_info where = { .dli_fname = "?" };
	uintptr_t address = 0;
	union {
		uintptr_t number;
		void *pointer;
	} cast;

	(void)info;
	fault.armed = false;
	result->died = is_of_libcrypto(number);
	if (result->died)
		_exit(0);
#ifdef __x86_64__
	address = (uintptr_t)at->uc_mcontext.gregs[REG_RIP];
#else
	(void)at;
#endif
	cast.number = address;
	dladdr(cast.pointer, &where);
	snprintf(result->crash, sizeof(result->crash), "signal %d in %s %s",
	    number, where.dli_fname,
	    where.dli_sname == NULL ? "?" : where.dli_sname);
	_exit(1);
}

static void
catch_crashes(void)
{
	static const int signals[] = { SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL };
	struct sigaction action = {
		.sa_sigaction = on_crash, .sa_flags = SA_SIGINFO
	};
	size_t i;

	for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		sigaction(signals[i], &action, NULL);
}

/* As for sudo's ticket or an ssh key. */
static void
pass_account(pam_handle_t *handle)
{
	fault.armed = true;
	result->acct_mgmt = pam_acct_mgmt(handle, 0);
	pam_end(handle, PAM_SUCCESS);
	fault.armed = false;
	result->allocations = fault.count;
}

/* All phases; those behind a refusal, too, as a careless program would. */
static void
log_in(pam_handle_t *handle)
{
	login_log.decisions = 0;
	login_log.reason[0] = '\0';
	fault.armed = true;
	fault.authenticates = true;
	result->authenticate = pam_authenticate(handle, 0);
	fault.authenticates = false;
	result->acct_mgmt = pam_acct_mgmt(handle, 0);
	result->has_env = pam_getenv(handle, "JWT_ISS") != NULL;
	result->setcred = pam_setcred(handle, PAM_ESTABLISH_CRED);
	result->session = pam_open_session(handle, 0);
	(void)pam_close_session(handle, 0);
	(void)pam_setcred(handle, PAM_DELETE_CRED);
	pam_end(handle, PAM_SUCCESS);
	fault.armed = false;
	result->allocations = fault.count;
	result->decisions = login_log.decisions;
	memcpy(result->reason, login_log.reason, sizeof(result->reason));
}

/* One login in a process of its own; false when it did not end by itself. */
static bool
run(pam_handle_t *handle, unsigned long at, bool onwards)
{
	int status;
	pid_t child;

	*result = (struct result){ .authenticate = -1 };
	child = fork();
	if (child == 0) {
		alarm(LIMIT_SEC);
		catch_crashes();
		fault.at = at;
		fault.onwards = onwards;
		if (account_alone)
			pass_account(handle);
		else
			log_in(handle);
		result->crash[0] = '\0';
		_exit(0);
	}
	if (child < 0 || waitpid(child, &status, 0) != child) {
		perror("fork");
		exit(2);
	}
	if (result->crash[0] == '\0' && WIFSIGNALED(status))
		snprintf(result->crash, sizeof(result->crash), "signal %d",
		    WTERMSIG(status));
	return status == 0;
}

static bool
is_one_of(int code, const int *codes, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (codes[i] == code)
			return true;
	}
	return false;
}

static bool
is_expected_reason(void)
{
	size_t i;

	if (strcmp(result->reason, usual_reason) == 0)
		return true;
	for (i = 0; i < sizeof(fault_reasons) / sizeof(*fault_reasons); i++) {
		if (strcmp(result->reason, fault_reasons[i]) == 0)
			return true;
	}
	return false;
}

/* What is wrong with the result; NULL: nothing. */
static const char *
fault_of(bool good)
{
	static const int auth[] = {
		PAM_SUCCESS, PAM_AUTH_ERR, PAM_USER_UNKNOWN, PAM_SERVICE_ERR,
		PAM_BUF_ERR, PAM_SYSTEM_ERR, PAM_AUTHINFO_UNAVAIL
	};
	static const int acct[] = {
		PAM_SUCCESS, PAM_BUF_ERR, PAM_SYSTEM_ERR, PAM_PERM_DENIED,
		PAM_AUTHINFO_UNAVAIL, PAM_SERVICE_ERR
	};
	bool accepted = result->authenticate == PAM_SUCCESS;

	if (result->died)
		return NULL;
	if (account_alone)
		return result->acct_mgmt == PAM_SUCCESS ?
		    "an account that is cut off PASSES" : NULL;
	if (!is_one_of(result->authenticate, auth,
	    sizeof(auth) / sizeof(auth[0])))
		return "a PAM code that authenticate does not have";
	if (!is_one_of(result->acct_mgmt, acct, sizeof(acct) / sizeof(acct[0])))
		return "a PAM code that acct_mgmt does not have";
	if (accepted && !good)
		return "a bad token was ACCEPTED";
	if (!result->entered)
		return accepted ? "ACCEPTED without the module" : NULL;
	if (result->decisions != 1)
		return "not one line for the decision";
	if (!is_expected_reason())
		return "a reason that is not that of the fault";
	/* The other way round it is libpam that failed behind the module. */
	if (accepted && strcmp(result->reason, "ok") != 0)
		return "ACCEPTED, and logged as refused";
	if (strcmp(result->reason, "ok") == 0)
		return NULL;
	if (result->acct_mgmt == PAM_SUCCESS)
		return "acct_mgmt lets in who was refused";
	if (result->has_env)
		return "a refused token is in the PAM environment";
	return NULL;
}

/* Reasons seen, for the summary. */
static struct {
	char name[32];
	unsigned count;
} reasons[REASONS_MAX];

static void
count_reason(const char *name)
{
	size_t i;

	for (i = 0; i < REASONS_MAX - 1 && reasons[i].count > 0; i++) {
		if (strcmp(reasons[i].name, name) == 0)
			break;
	}
	snprintf(reasons[i].name, sizeof(reasons[i].name), "%s", name);
	reasons[i].count++;
}

/* All sites in one of the two ways; returns how many went wrong. */
static unsigned
sweep(pam_handle_t *handle, unsigned long sites, unsigned long stride,
    bool onwards, bool good)
{
	unsigned failed = 0;
	unsigned long at;

	for (at = 1; at <= sites; at += stride) {
		bool ended = run(handle, at, onwards);
		const char *what = ended ? fault_of(good) : result->crash;

		if (what != NULL) {
			printf("# allocation %lu%s: %s (PAM %d, %s)\n", at,
			    onwards ? " and on" : "", what,
			    result->authenticate, result->reason);
			failed++;
		}
		count_reason(result->died ? "libcrypto-died" :
		    result->entered ? result->reason : "libpam");
	}
	return failed;
}

int
main(int argc, char **argv)
{
	static struct masked token;
	pam_handle_t *handle;
	unsigned long sites, stride;
	unsigned failed;
	bool good;
	size_t i;

	if (argc != 7 || (stride = strtoul(argv[5], NULL, 10)) == 0)
		return 2;
	good = strcmp(argv[4], "accept") == 0;
	account_alone = strcmp(argv[4], "cut") == 0;
	find_set_data();
	/* What it loads, it loads now. */
	(void)backtrace(&(void *){ NULL }, 1);
	fake_now = LOGIN_NOW;
	fake_login_defs = getenv("FAKE_LOGIN_DEFS");
	result = mmap(NULL, sizeof(*result), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	login_read(argv[3], &token);
	if (strcmp(argv[6], "warm") == 0) {
		log_in(login_start(argv[1], argv[2], &token));
		fault.count = 0;
	}
	handle = login_start(argv[1], argv[2], &token);
	run(handle, 0, false);
	if ((result->authenticate == PAM_SUCCESS) != good ||
	    (account_alone && result->acct_mgmt != PAM_PERM_DENIED)) {
		printf("# without a fault: PAM %d, %s\n", result->authenticate,
		    result->reason);
		return 1;
	}
	sites = result->allocations;
	memcpy(usual_reason, result->reason, sizeof(usual_reason));
	failed = sweep(handle, sites, stride, false, good);
	failed += sweep(handle, sites, stride, true, good);
	printf("# %lu sites, %u failures;", sites, failed);
	for (i = 0; reasons[i].count > 0; i++)
		printf(" %s %u", reasons[i].name, reasons[i].count);
	printf("\n");
	pam_end(handle, PAM_SUCCESS);
	return failed != 0;
}
