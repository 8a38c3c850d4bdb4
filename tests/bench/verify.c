/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Verifiers beside each other, turn by turn: how long one token takes.
 *
 *	verify ROUNDS SLOT_MS FOLDER ADAPTER.so...
 *
 * FOLDER has ALG.jwk, ALG.pem but for secrets, and ALG.token for each of the
 * algorithms.  A line of JSON for each algorithm, adapter and round: the CPU
 * nanoseconds of a token with the key kept ("kept"), and with the key loaded
 * from its text each time ("loaded").
 *
 *	verify once ALG FOLDER ADAPTER.so [LIBRARY]
 *
 * The same once in a process of its own, with dlopen(), as a login does it:
 * the microseconds of CPU time from the beginning to the end.  LIBRARY is
 * there, and used, before the time begins: libcrypto in sshd.
 *
 *	verify instructions FOLDER ADAPTER.so...
 *
 * Under callgrind: a dump of one token for each algorithm and adapter, with
 * the key kept and with the key loaded.
 */
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/bench/cpu.h"
#include "tests/bench/adapters/adapter.h"
#include "tests/bench/callgrind.h"
#include "tests/bench/libcrypto_up.h"

#define ADAPTERS_MAX	12
#define FILE_MAX	20000

static const char *const algs[] = {
	"ES256", "Ed25519", "RS256", "PS256", "HS256", "ES384"
};

/* The key may be loaded anew for these: the others say nothing more. */
static const char loaded_algs[] = " ES256 RS256 ";

_Noreturn static void
die(const char *what, const char *why)
{
	fprintf(stderr, "verify: %s: %s\n", what, why);
	exit(1);
}

/* NULL where there is no such file. */
static char *
read_text(const char *folder, const char *alg, const char *end)
{
	char path[512], *text = calloc(1, FILE_MAX);
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s.%s", folder, alg, end);
	file = fopen(path, "r");
	if (file == NULL || text == NULL) {
		free(text);
		return NULL;
	}
	text[fread(text, 1, FILE_MAX - 1, file)] = '\0';
	text[strcspn(text, strcmp(end, "token") == 0 ? "\n" : "")] = '\0';
	fclose(file);
	return text;
}

static struct subject
read_subject(const char *folder, const char *alg)
{
	struct subject subject = {
		.alg = alg, .iss = "https://id.test", .aud = "urn:test",
		.jwk = read_text(folder, alg, "jwk"),
		.pem = read_text(folder, alg, "pem"),
		.token = read_text(folder, alg, "token")
	};

	if (subject.jwk == NULL || subject.token == NULL)
		die(folder, alg);
	return subject;
}

static const struct adapter *
open_adapter(const char *path)
{
	void *lib = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	const struct adapter *adapter;

	if (lib == NULL)
		die(path, dlerror());
	adapter = dlsym(lib, "bench_adapter");
	if (adapter == NULL)
		die(path, "it has no adapter");
	return adapter;
}

static bool
is_word(const char *words, const char *word)
{
	char spaced[32];

	snprintf(spaced, sizeof(spaced), " %s ", word);
	return strstr(words, spaced) != NULL;
}

/* ---- one verifier -------------------------------------------------------- */

static void *
load(const struct adapter *adapter, const struct subject *subject)
{
	void *key = adapter->load(subject);

	if (key == NULL)
		die(adapter->name, "the key is not loaded");
	return key;
}

static void
verify(const struct adapter *adapter, void *key, const struct subject *subject)
{
	if (!adapter->verify(key, subject))
		die(adapter->name, subject->alg);
}

static void
load_and_verify(const struct adapter *adapter, const struct subject *subject)
{
	void *key = load(adapter, subject);

	verify(adapter, key, subject);
	adapter->unload(key);
}

/* A verifier that takes everything would be the fastest of all. */
static void
check_refusal(const struct adapter *adapter, void *key,
    const struct subject *subject)
{
	struct subject bad = *subject;
	char *token = strdup(subject->token);
	char *middle = strrchr(token, '.') + 20;

	*middle = *middle == 'A' ? 'B' : 'A';
	bad.token = token;
	if (strcmp(adapter->name, "bare OpenSSL") != 0 &&
	    adapter->verify(key, &bad))
		die(adapter->name, "it takes a wrong signature");
	free(token);
	bad = *subject;
	bad.aud = "urn:other";
	if (strcmp(adapter->name, "bare OpenSSL") != 0 &&
	    strncmp(adapter->name, "pam_jwt", 7) != 0 &&
	    adapter->verify(key, &bad))
		die(adapter->name, "it takes another audience");
}

/* ---- rounds -------------------------------------------------------------- */

/* Nanoseconds of one token, over about so many of them as fit. */
static void
run_slot(const struct adapter *adapter, void *key,
    const struct subject *subject, int64_t slot_ns)
{
	int64_t start = cpu_ns(), now = start;
	unsigned count = 0, batch = 1;

	while (now - start < slot_ns) {
		unsigned i;

		for (i = 0; i < batch; i++) {
			if (key != NULL)
				verify(adapter, key, subject);
			else
				load_and_verify(adapter, subject);
		}
		count += batch;
		now = cpu_ns();
		if (now - start < slot_ns / 8)
			batch *= 2;
	}
	printf("{\"table\": \"verify\", \"alg\": \"%s\", \"adapter\": \"%s\", "
	    "\"key\": \"%s\", \"ns\": %.1f}\n", subject->alg, adapter->name,
	    key != NULL ? "kept" : "loaded", (double)(now - start) / count);
}

static void
run_alg(const struct adapter *const *adapters, size_t count,
    const struct subject *subject, unsigned rounds, int64_t slot_ns)
{
	void *keys[ADAPTERS_MAX] = { NULL };
	bool loads = is_word(loaded_algs, subject->alg);
	unsigned i;
	size_t k;

	for (k = 0; k < count; k++) {
		if (!is_word(adapters[k]->algs, subject->alg))
			continue;
		keys[k] = load(adapters[k], subject);
		verify(adapters[k], keys[k], subject);
		check_refusal(adapters[k], keys[k], subject);
	}
	for (i = 0; i < rounds * count; i++) {
		k = i % count;
		if (keys[k] == NULL)
			continue;
		run_slot(adapters[k], keys[k], subject, slot_ns);
		if (loads)
			run_slot(adapters[k], NULL, subject, slot_ns);
	}
}

static int
run_all(int argc, char **argv)
{
	const struct adapter *adapters[ADAPTERS_MAX];
	unsigned rounds = (unsigned)strtoul(argv[1], NULL, 10);
	int64_t slot_ns = strtoll(argv[2], NULL, 10) * 1000000;
	size_t count = 0, i;
	int arg;

	for (arg = 4; arg < argc && count < ADAPTERS_MAX; arg++)
		adapters[count++] = open_adapter(argv[arg]);
	for (i = 0; i < count; i++)
		printf("{\"table\": \"version\", \"adapter\": \"%s\", "
		    "\"version\": \"%s\"}\n", adapters[i]->name,
		    adapters[i]->version());
	for (i = 0; i < sizeof(algs) / sizeof(algs[0]); i++) {
		struct subject subject = read_subject(argv[3], algs[i]);

		run_alg(adapters, count, &subject, rounds, slot_ns);
	}
	return 0;
}

static int
run_once(int argc, char **argv)
{
	struct subject subject;
	int64_t start;

	if (argc > 5)
		libcrypto_up(argv[5]);
	start = cpu_ns();
	subject = read_subject(argv[3], argv[2]);
	load_and_verify(open_adapter(argv[4]), &subject);
	printf("%lld\n", (long long)(cpu_ns() - start) / 1000);
	return 0;
}

/* A dump that has this name: ALG, ADAPTER, and what was done with the key. */
static void
dump(const struct adapter *adapter, const struct subject *subject,
    const char *key)
{
	char name[96];

	snprintf(name, sizeof(name), "%s/%s/%s", subject->alg, adapter->name,
	    key);
	CALLGRIND_DUMP_STATS_AT(name);
}

static void
count_alg(const struct adapter *adapter, const struct subject *subject)
{
	void *key = load(adapter, subject);

	verify(adapter, key, subject);
	CALLGRIND_ZERO_STATS;
	verify(adapter, key, subject);
	dump(adapter, subject, "kept");
	adapter->unload(key);
	if (!is_word(loaded_algs, subject->alg))
		return;
	load_and_verify(adapter, subject);
	CALLGRIND_ZERO_STATS;
	load_and_verify(adapter, subject);
	dump(adapter, subject, "loaded");
}

static int
count_all(int argc, char **argv)
{
	size_t i;
	int arg;

	for (arg = 3; arg < argc; arg++) {
		const struct adapter *adapter = open_adapter(argv[arg]);

		for (i = 0; i < sizeof(algs) / sizeof(algs[0]); i++) {
			struct subject subject = read_subject(argv[2], algs[i]);

			if (is_word(adapter->algs, algs[i]))
				count_alg(adapter, &subject);
		}
	}
	return 0;
}

int
main(int argc, char **argv)
{
	if (argc < 4)
		die("usage", "see the head of verify.c");
	if (strcmp(argv[1], "once") == 0)
		return run_once(argc, argv);
	if (strcmp(argv[1], "instructions") == 0)
		return count_all(argc, argv);
	return run_all(argc, argv);
}
