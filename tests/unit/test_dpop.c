/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Proofs made with keys of a real ssh-agent, which our own verifier then
 * checks; and agents that answer badly.
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

#include "core/base/b64url.h"
#include "core/base/json_write.h"
#include "core/jose/jws.h"
#include "host/clock.h"
#include "login/dpop.h"

#define NOW INT64_C(1800000000)
#define URL "https://id.test/token"

static char folder[] = "/tmp/test_dpop.XXXXXX";
static char path[64];
static pid_t agent_pid;
static char said[DPOP_WORDS_SIZE];	/* by the agent that was refused last */

__attribute__((format(printf, 1, 2))) static int
shell(const char *format, ...)
{
	static char text[512];
	va_list list;

	va_start(list, format);
	vsnprintf(text, sizeof(text), format, list);
	va_end(list);
	return system(text);
}

/* ---- a real agent ---- */

static void
start_agent(void)
{
	int i;

	agent_pid = fork();
	if (agent_pid == 0) {
		execlp("ssh-agent", "ssh-agent", "-D", "-a", path,
		    (char *)NULL);
		_exit(127);
	}
	for (i = 0; i < 500 && access(path, F_OK) != 0; i++)
		usleep(10000);
}

static int
setup(void **state)
{
	(void)state;
	if (mkdtemp(folder) == NULL)
		return -1;
	snprintf(path, sizeof(path), "%s/agent", folder);
	setenv("SSH_AUTH_SOCK", path, 1);
	if (shell("command -v ssh-agent ssh-keygen >/dev/null") != 0)
		return 0;
	start_agent();
	return shell("cd %s && for t in ed25519 rsa ecdsa; do ssh-keygen -q "
	    "-t $t -N '' -f $t </dev/null || exit 1; done; ssh-keygen -q -t "
	    "ecdsa -b 384 -N '' -f p384", folder);
}

static int
teardown(void **state)
{
	(void)state;
	if (agent_pid > 0) {
		kill(agent_pid, SIGTERM);
		waitpid(agent_pid, NULL, 0);
	}
	return shell("rm -rf %s", folder) == 0 ? 0 : -1;
}

static void
hold_key(const char *name)
{
	assert_int_equal(shell("ssh-add -q -D 2>/dev/null; ssh-add -q %s/%s "
	    "2>/dev/null", folder, name), 0);
}

/* ---- what a provider would check ---- */

/* Give the key of the agent to our verifier, as a set with one JWK. */
static void
load_key(const struct agent_key *key, struct jwk_set *set)
{
	struct jwk_file file = { .name = "agent" };
	struct secret text = { 0 };
	struct json_write json;
	struct diag diag = { 0 };

	json_write_start(&json, 4096);
	json_write_object(&json);
	thumbprint_members(&json, &key->mat);
	json_write_close(&json);
	assert_int_equal(json_write_finish(&json, &text), JWT_OK);
	*set = (struct jwk_set){ .count = 0 };
	assert_int_equal(jwk_set_add(set, &file, &text, &diag), JWT_OK);
	secret_clear(&text);
	diag_clear(&diag);
}

static bool
is_signed(struct bytes proof, const struct agent_key *key, alg_set algs)
{
	const uint8_t *dot = memrchr(proof.ptr, '.', proof.len);
	uint8_t signature[1024];
	struct bytes signed_text, coded;
	struct jwk_set set;
	bool ok;

	assert_non_null(dot);
	signed_text = bytes_of(proof.ptr, (size_t)(dot - proof.ptr));
	coded = bytes_of(dot + 1, proof.len - signed_text.len - 1);
	assert_int_equal(b64url_decode(coded, signature), JWT_OK);
	load_key(key, &set);
	ok = sig_verify(set.keys[0].key, (enum alg_id)__builtin_ctz(algs),
	    signed_text, bytes_of(signature,
	    b64url_decoded_len(coded.len))) == JWT_OK;
	jwk_set_clear(&set);
	return ok;
}

/* A part of the proof as text. */
static void
decode_part(struct bytes proof, int which, char *out)
{
	struct bytes part;

	do
		part = bytes_cut(&proof, '.');
	while (which-- > 0);
	assert_int_equal(b64url_decode(part, (uint8_t *)out), JWT_OK);
	out[b64url_decoded_len(part.len)] = '\0';
}

static void
check_proof(const char *alg, alg_set algs)
{
	static char text[2048], wanted[128];
	struct secret proof;
	struct dpop dpop;

	assert_true(dpop_open("ssh-agent", NULL, clock_msec() + 5000, &dpop));
	assert_true(dpop_proof(&dpop, bytes_str(URL "?a=b#c"),
	    bytes_str("n-\"1\""), NOW, &proof));
	assert_true(is_signed(secret_bytes(&proof), dpop.key, algs));
	decode_part(secret_bytes(&proof), 0, text);
	snprintf(wanted, sizeof(wanted), "{\"typ\":\"dpop+jwt\",\"alg\":\"%s\""
	    ",\"jwk\":{", alg);
	assert_int_equal(strncmp(text, wanted, strlen(wanted)), 0);
	decode_part(secret_bytes(&proof), 1, text);
	snprintf(wanted, sizeof(wanted), "{\"htm\":\"POST\",\"htu\":\"%s\","
	    "\"iat\":1800000000,\"jti\":\"", URL);
	assert_int_equal(strncmp(text, wanted, strlen(wanted)), 0);
	assert_non_null(strstr(text, ",\"nonce\":\"n-\\\"1\\\"\"}"));
	secret_clear(&proof);
	dpop_close(&dpop);
}

static void
test_proofs(void **state)
{
	int i;

	(void)state;
	if (agent_pid == 0)
		skip();
	/* Often enough for numbers with a zero in front. */
	hold_key("ecdsa");
	for (i = 0; i < 600; i++)
		check_proof("ES256", ALG_BIT(ALG_ES256));
	hold_key("ed25519");
	check_proof("EdDSA", ALG_BIT(ALG_ED25519));
	hold_key("rsa");
	check_proof("RS256", ALG_BIT(ALG_RS256));
}

static void
test_choice(void **state)
{
	struct dpop first, again;

	(void)state;
	if (agent_pid == 0)
		skip();
	assert_int_equal(shell("ssh-add -q -D 2>/dev/null"), 0);
	assert_false(dpop_open("ssh-agent", NULL, clock_msec() + 5000, &first));
	assert_non_null(strstr(first.words, "ssh-add"));
	dpop_close(&first);
	assert_int_equal(shell("cd %s && ssh-add -q p384 rsa ed25519 "
	    "2>/dev/null", folder), 0);
	assert_true(dpop_open("ssh-agent", NULL, clock_msec() + 5000, &first));
	assert_string_equal(first.key->key.type, "ssh-rsa");
	assert_true(dpop_open(first.agent.keys[2].key.fingerprint,
	    NULL, clock_msec() + 5000, &again));
	assert_string_equal(again.key->key.type, "ssh-ed25519");
	dpop_close(&again);
	assert_false(dpop_open(first.agent.keys[0].key.fingerprint,
	    NULL, clock_msec() + 5000, &again));
	dpop_close(&again);
	assert_false(dpop_open("SHA256:x", NULL, clock_msec() + 5000, &again));
	assert_non_null(strstr(again.words, "SHA256:x"));
	dpop_close(&again);
	dpop_close(&first);
}

static void
choose_by(const char *which, const char *algs, const char *alg,
    const char *words)
{
	struct dpop dpop;
	bool ok = dpop_open(which, algs, clock_msec() + 5000, &dpop);

	assert_int_equal(ok, alg != NULL);
	if (ok)
		assert_string_equal(dpop.alg, alg);
	else
		assert_non_null(strstr(dpop.words, words));
	dpop_close(&dpop);
}

/* What the provider takes decides between the keys, and about the name. */
static void
test_algs(void **state)
{
	struct dpop dpop;
	char ed25519[SSHKEY_PRINT_SIZE];

	(void)state;
	if (agent_pid == 0)
		skip();
	hold_key("ed25519");
	choose_by("ssh-agent", NULL, "EdDSA", "");
	choose_by("ssh-agent", "ES256 Ed25519 EdDSA", "EdDSA", "");
	choose_by("ssh-agent", "ES256 Ed25519", "Ed25519", "");
	choose_by("ssh-agent", "ES256 PS256", NULL, "ES256 PS256");
	choose_by("ssh-agent", "Ed25519x xEdDSA", NULL, "accepts no proof");
	choose_by("ssh-agent", "", NULL, "no alg at all");
	assert_int_equal(shell("cd %s && ssh-add -q ecdsa rsa 2>/dev/null",
	    folder), 0);
	choose_by("ssh-agent", "RS256", "RS256", "");
	choose_by("ssh-agent", "RS256 ES256", "ES256", "");
	assert_true(dpop_open("ssh-agent", NULL, clock_msec() + 5000, &dpop));
	memcpy(ed25519, dpop.key->key.fingerprint, sizeof(ed25519));
	dpop_close(&dpop);
	choose_by(ed25519, "RS256 ES256 Ed25519", "Ed25519", "");
	choose_by(ed25519, "RS256 ES256", NULL, ed25519);
}

/* ---- agents that answer badly ---- */

/* A child that takes one connection, reads a little, and sends the answer. */
static pid_t
serve(const void *answer, size_t len, unsigned linger_sec)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	char request[64];
	int fd = socket(AF_UNIX, SOCK_STREAM, 0), client;
	pid_t pid;

	snprintf(address.sun_path, sizeof(address.sun_path), "%s/bad", folder);
	unlink(address.sun_path);
	setenv("SSH_AUTH_SOCK", address.sun_path, 1);
	assert_int_equal(bind(fd, (struct sockaddr *)&address,
	    sizeof(address)), 0);
	assert_int_equal(listen(fd, 1), 0);
	pid = fork();
	if (pid == 0) {
		client = accept(fd, NULL, NULL);
		if (read(client, request, sizeof(request)) > 0 &&
		    write(client, answer, len) == (ssize_t)len)
			sleep(linger_sec);
		_exit(0);
	}
	close(fd);
	return pid;
}

static void
refuse(const void *answer, size_t len, unsigned linger_sec)
{
	pid_t pid = serve(answer, len, linger_sec);
	int64_t start = clock_msec();
	struct dpop dpop;

	assert_false(dpop_open("ssh-agent", NULL, start + 1000, &dpop));
	assert_true(dpop.words[0] != '\0');
	memcpy(said, dpop.words, sizeof(said));
	assert_true(clock_msec() - start < 3000);
	dpop_close(&dpop);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	setenv("SSH_AUTH_SOCK", path, 1);
}

static const char fido[] = "\0\0\0\x57\x0c\0\0\0\1\0\0\0\x4a"
    "\0\0\0\x1a" "sk-ssh-ed25519@openssh.com"
    "\0\0\0\x20" "0123456789abcdef0123456789abcdef"
    "\0\0\0\4" "ssh:" "\0\0\0\0";

static void
test_bad_agents(void **state)
{
	struct dpop dpop;

	(void)state;
	refuse("", 0, 0);
	refuse("\0\0\0\0", 4, 0);
	refuse("\xff\xff\xff\xff", 4, 0);
	refuse("\0\0\0\1\5", 5, 0);		/* SSH_AGENT_FAILURE */
	refuse("\0\0\0\5\14\0\0\0\1", 9, 0);	/* one key, and no more */
	refuse("\0\0\0\5\14\xff\xff\xff\xff", 9, 0);
	refuse("\0\0\0\11\14\0\0\0\1\xff\xff\xff\xff", 13, 0);
	refuse("\0\0\0\5\14\0\0\0\0", 9, 0);	/* no key at all */
	refuse("\0\0\0\100\14", 5, 9);		/* it never ends */
	assert_non_null(strstr(said, "in time"));
	/* One key, and it signs another form: PROTOCOL.u2f. */
	refuse(fido, sizeof(fido) - 1, 0);
	assert_non_null(strstr(said, "FIDO"));
	unsetenv("SSH_AUTH_SOCK");
	assert_false(dpop_open("ssh-agent", NULL, clock_msec() + 1000, &dpop));
	assert_non_null(strstr(dpop.words, "SSH_AUTH_SOCK"));
	dpop_close(&dpop);
	setenv("SSH_AUTH_SOCK", path, 1);
}

/* An agent that takes no connection: its queue is full. */
static void
test_full_queue(void **state)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int64_t start = clock_msec();
	int waiting[16], fd = socket(AF_UNIX, SOCK_STREAM, 0);
	struct dpop dpop;
	size_t count = 0;

	(void)state;
	snprintf(address.sun_path, sizeof(address.sun_path), "%s/full", folder);
	assert_int_equal(bind(fd, (struct sockaddr *)&address,
	    sizeof(address)), 0);
	assert_int_equal(listen(fd, 0), 0);
	do {
		assert_true(count < sizeof(waiting) / sizeof(waiting[0]));
		waiting[count] = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK,
		    0);
	} while (connect(waiting[count++], (struct sockaddr *)&address,
	    sizeof(address)) == 0);
	setenv("SSH_AUTH_SOCK", address.sun_path, 1);
	alarm(20);
	assert_false(dpop_open("ssh-agent", NULL, start + 1000, &dpop));
	alarm(0);
	assert_true(clock_msec() - start < 3000);
	dpop_close(&dpop);
	while (count > 0)
		close(waiting[--count]);
	close(fd);
	setenv("SSH_AUTH_SOCK", path, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_proofs),
		cmocka_unit_test(test_choice),
		cmocka_unit_test(test_algs),
		cmocka_unit_test(test_bad_agents),
		cmocka_unit_test(test_full_queue),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
