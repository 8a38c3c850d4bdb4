/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Signatures by an ssh-agent that is honest, and by one that is not: what comes
 * out verifies, or nothing comes out.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "agent/agent.h"
#include "badagent.h"
#include "host/clock.h"

/*
 * What an agent gets here: little where it is too slow on purpose, and enough
 * for a busy machine otherwise, since some agents look for an odd signature.
 */
#define HASTE_MSEC	1000
#define PATIENCE_MSEC	30000

static char folder[] = "/tmp/test_agent.XXXXXX";
static char path[64];
static pid_t child;

static int
setup(void **state)
{
	(void)state;
	if (mkdtemp(folder) == NULL)
		return -1;
	snprintf(path, sizeof(path), "%s/agent", folder);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	(void)unlink(path);
	return rmdir(folder);
}

/* Whether somebody listens: bind() comes before listen(). */
static bool
listens(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	bool ok;

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	ok = connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0;
	close(fd);
	return ok;
}

static void
start(enum badagent_mode mode, struct keypair *pair, struct keypair *other)
{
	int i;

	(void)unlink(path);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		badagent_serve(path, mode, pair, other);
		_exit(1);
	}
	for (i = 0; i < 3000 && !listens(); i++)
		usleep(10000);
}

static void
stop(void)
{
	kill(child, SIGKILL);
	assert_int_equal(waitpid(child, NULL, 0), child);
}

static bool
verifies(const struct keypair *pair, struct bytes message,
    struct bytes signature)
{
	struct keymat mat = keypair_keymat(pair);
	struct sig_key *key = NULL;
	bool ok;

	assert_int_equal(sig_key_new(&mat, &key), JWT_OK);
	ok = sig_verify(key, pair->alg, message, signature) == JWT_OK;
	sig_key_free(key);
	return ok;
}

/* Sign once; NULL, or what is said. */
static const char *
sign(const struct keypair *pair, unsigned patience_msec,
    struct secret *signature)
{
	struct bytes message = bytes_str("a message");
	const struct agent_key *key;
	struct agent agent;
	struct secret blob;
	const char *fault;

	*signature = (struct secret){ .len = 0 };
	badagent_blob(pair, &blob);
	fault = agent_open_at(path, clock_msec() + patience_msec, &agent);
	if (fault == NULL) {
		key = agent_find(&agent, secret_bytes(&blob));
		fault = "there is no such key";
		if (key != NULL)
			fault = agent_sign(&agent, key, message, signature);
	}
	if (fault == NULL)
		assert_true(verifies(pair, message, secret_bytes(signature)));
	else
		assert_int_equal(signature->len, 0);
	agent_close(&agent);
	secret_clear(&blob);
	return fault;
}

static const char odd[] = "malformed";
static const char wrong[] = "does not verify";

/* What each mode comes to; NULL: a signature. */
static const struct {
	enum badagent_mode mode;
	const char *words;
	const char *ed25519_words;	/* NULL: the same */
} outcomes[] = {
	{ BADAGENT_HONEST, NULL, NULL },
	{ BADAGENT_SHORT, NULL, NULL },
	{ BADAGENT_ZEROS, NULL, NULL },
	{ BADAGENT_FLIPPED, wrong, NULL },
	{ BADAGENT_OTHER_KEY, wrong, NULL },
	{ BADAGENT_OTHER_TEXT, wrong, NULL },
	{ BADAGENT_OTHER_NAME, "another algorithm", NULL },
	{ BADAGENT_NULL, wrong, NULL },
	{ BADAGENT_LONG, odd, wrong },
	{ BADAGENT_CUT, wrong, NULL },
	{ BADAGENT_EMPTY, wrong, NULL },
	{ BADAGENT_TAIL, odd, NULL },
	{ BADAGENT_OUTER_TAIL, odd, NULL },
	{ BADAGENT_OVERRUN, odd, NULL },
	{ BADAGENT_HUGE, odd, NULL },
	{ BADAGENT_NOTHING, odd, NULL },
	{ BADAGENT_GARBAGE, odd, NULL },
	{ BADAGENT_PARTIAL, "no ssh-agent answers at its socket", NULL },
	{ BADAGENT_CLOSES, "no ssh-agent answers at its socket", NULL },
	{ BADAGENT_REFUSES, "did not sign", NULL },
	{ BADAGENT_SLOW, "in time", NULL },
	{ BADAGENT_SILENT, "in time", NULL },
	{ BADAGENT_NO_KEY, "no such key", NULL },
	{ BADAGENT_OTHER_LIST, "no such key", NULL },
	{ BADAGENT_LIST_TAIL, odd, NULL },
};

_Static_assert(sizeof(outcomes) / sizeof(outcomes[0]) == BADAGENT_MODES,
    "each mode is tried");

static const char *
outcome(size_t i, enum alg_id alg)
{
	if (alg == ALG_ED25519 && outcomes[i].ed25519_words != NULL)
		return outcomes[i].ed25519_words;
	return outcomes[i].words;
}

static unsigned
patience(enum badagent_mode mode)
{
	if (mode == BADAGENT_SLOW || mode == BADAGENT_SILENT)
		return HASTE_MSEC;
	return PATIENCE_MSEC;
}

static void
try_modes(enum alg_id alg)
{
	struct keypair pair = { 0 }, other = { 0 };
	struct secret signature;
	const char *said, *words;
	bool is_right;
	size_t i;

	assert_true(keypair_generate(alg, 2048, &pair));
	assert_true(keypair_generate(alg, 2048, &other));
	for (i = 0; i < BADAGENT_MODES; i++) {
		int64_t begin = clock_msec();

		/* Waiting is the same for each kind of key. */
		if (patience(outcomes[i].mode) == HASTE_MSEC &&
		    alg != ALG_ES256)
			continue;
		words = outcome(i, alg);
		start(outcomes[i].mode, &pair, &other);
		said = sign(&pair, patience(outcomes[i].mode), &signature);
		stop();
		is_right = said == NULL;
		if (words != NULL)
			is_right = said != NULL && strstr(said, words) != NULL;
		if (!is_right)
			print_error("%s, %s: %s\n", alg_row(alg)->name,
			    badagent_name(outcomes[i].mode),
			    said == NULL ? "a signature" : said);
		assert_true(is_right);
		assert_true(clock_msec() - begin <
		    patience(outcomes[i].mode) + 4000);
		if (outcomes[i].mode == BADAGENT_SHORT &&
		    alg_row(alg)->scheme == SCHEME_ECDSA)
			assert_int_equal(signature.ptr[0], 0);
		secret_clear(&signature);
	}
	keypair_clear(&pair);
	keypair_clear(&other);
}

static void
test_es256(void **state)
{
	(void)state;
	try_modes(ALG_ES256);
}

static void
test_es384(void **state)
{
	(void)state;
	try_modes(ALG_ES384);
}

static void
test_es512(void **state)
{
	(void)state;
	try_modes(ALG_ES512);
}

static void
test_ed25519(void **state)
{
	(void)state;
	try_modes(ALG_ED25519);
}

static void
test_rs256(void **state)
{
	(void)state;
	try_modes(ALG_RS256);
}

static void
test_no_socket(void **state)
{
	char longest[200];
	struct agent agent;

	(void)state;
	memset(longest, 'x', sizeof(longest) - 1);
	longest[0] = '/';
	longest[sizeof(longest) - 1] = '\0';
	assert_non_null(agent_open_at(longest, clock_msec() + 1000, &agent));
	agent_close(&agent);
	assert_non_null(agent_open_at("", clock_msec() + 1000, &agent));
	agent_close(&agent);
	assert_non_null(agent_open_at("/nonexistent", clock_msec() + 1000,
	    &agent));
	agent_close(&agent);
}

/* The time is over before the first question. */
static void
test_too_late(void **state)
{
	struct keypair pair = { 0 };
	struct agent agent;
	const char *fault;

	(void)state;
	assert_true(keypair_generate(ALG_ED25519, 0, &pair));
	start(BADAGENT_HONEST, &pair, &pair);
	fault = agent_open_at(path, clock_msec() - 1, &agent);
	assert_non_null(fault);
	assert_non_null(strstr(fault, "in time"));
	agent_close(&agent);
	stop();
	keypair_clear(&pair);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_es256),
		cmocka_unit_test(test_es384),
		cmocka_unit_test(test_es512),
		cmocka_unit_test(test_ed25519),
		cmocka_unit_test(test_rs256),
		cmocka_unit_test(test_no_socket),
		cmocka_unit_test(test_too_late),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
