/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Measures the work of the kernel and of the libraries in a login, piece by
 * piece, without a line of the module: the same calls in the same order.
 *
 *	pieces ROUNDS FILE STORE FOLDER MODULE OTHER...
 *
 * FILE is a trusted file, STORE the directory of the state, FOLDER one below
 * /run that records are written into, MODULE the module, and OTHER the modules
 * of the harness.  Prints a line of JSON for each piece: the median of its CPU
 * time in ns.  The pieces take turns, and libcrypto is there.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <pwd.h>
#include <shadow.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "tests/bench/cpu.h"
#include "tests/bench/libcrypto_up.h"

#define ROUNDS_MAX	2000
#define RECORD_LEN	500
#define NAME		"1.2.0123456789abcdef"

static const char *trusted, *store, *folder, *module;
static char **others;
static char buffer[4096];

/* ---- the pieces ---------------------------------------------------------- */

static void
nothing(void)
{
}

static void
look_at(const char *path)
{
	struct stat st;

	if (fstatat(AT_FDCWD, path, &st, AT_SYMLINK_NOFOLLOW) != 0)
		perror(path);
}

static void
one_folder(void)
{
	look_at("/etc");
}

/* Each folder of a path, and the path itself. */
static int
open_path(const char *path, int flags)
{
	char part[512] = "/";
	struct stat st;
	size_t i;
	int fd;

	look_at("/");
	for (i = 1; path[i] != '\0' && i < sizeof(part) - 1; i++) {
		if (path[i] == '/')
			look_at(part);
		part[i] = path[i];
		part[i + 1] = '\0';
	}
	fd = openat(AT_FDCWD, path, flags | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0 || fstat(fd, &st) != 0)
		perror(path);
	return fd;
}

static void
trusted_file(void)
{
	int fd = open_path(trusted, O_RDONLY | O_NOCTTY | O_NONBLOCK);
	struct stat st;

	(void)!read(fd, buffer, sizeof(buffer));
	(void)!fstat(fd, &st);
	close(fd);
}

/* The four questions about a token, none of which is known. */
static void
state(void)
{
	int i, fd = open_path(store, O_RDONLY | O_DIRECTORY);
	struct statfs fs;
	struct stat st;
	char name[80];

	(void)!readlinkat(fd, "store", buffer, sizeof(buffer));
	(void)!fstatfs(fd, &fs);
	for (i = 0; i < 4; i++) {
		snprintf(name, sizeof(name), "%02x", i);
		(void)!fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW);
		snprintf(name, sizeof(name), "%02x/t%062d", i, 0);
		(void)!readlinkat(fd, name, buffer, sizeof(buffer));
	}
	(void)!readlinkat(fd, "purged", buffer, sizeof(buffer));
	close(fd);
}

static void
read_whole(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	while (read(fd, buffer, sizeof(buffer)) > 0)
		continue;
	close(fd);
}

static void
record(void)
{
	int fd, dir = open_path(folder, O_RDONLY | O_DIRECTORY);
	char text[RECORD_LEN];
	struct stat st;

	read_whole("/proc/sys/kernel/random/boot_id");
	(void)!stat("/proc/self/ns/pid", &st);
	read_whole("/proc/self/stat");
	(void)!getrandom(text, 8, GRND_NONBLOCK);
	memset(text, 'x', sizeof(text));
	fd = openat(dir, NAME ".new", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
	    0600);
	(void)!write(fd, text, sizeof(text));
	close(fd);
	(void)!renameat(dir, NAME ".new", dir, NAME);
	close(dir);
}

static void
record_end(void)
{
	int dir = open_path(folder, O_RDONLY | O_DIRECTORY);

	(void)!unlinkat(dir, NAME, 0);
	close(dir);
}

static void
account(void)
{
	struct passwd entry, *found;
	struct spwd shadow, *none;

	(void)!getpwnam_r("alice", &entry, buffer, sizeof(buffer), &found);
	(void)!getspnam_r("alice", &shadow, buffer, sizeof(buffer), &none);
}

static void
log_line(void)
{
	syslog(LOG_AUTHPRIV | LOG_INFO, "%0200d", 0);
}

static void
load(const char *path)
{
	void *object = dlopen(path, RTLD_NOW);

	if (object == NULL)
		fprintf(stderr, "pieces: %s\n", dlerror());
	else
		dlclose(object);
}

static void
load_module(void)
{
	load(module);
}

static void
load_others(void)
{
	size_t i;

	for (i = 0; others[i] != NULL; i++)
		load(others[i]);
}

static const struct piece {
	const char *name;
	void (*run)(void);
} pieces[] = {
	{ "nothing", nothing }, { "fstatat", one_folder },
	{ "file", trusted_file }, { "state", state }, { "record", record },
	{ "record-end", record_end }, { "account", account },
	{ "log", log_line }, { "load", load_module },
	{ "load-others", load_others }
};

#define PIECES (sizeof(pieces) / sizeof(pieces[0]))

/* ---- the times ----------------------------------------------------------- */

static int64_t times[PIECES][ROUNDS_MAX];

static int
compare(const void *a, const void *b)
{
	int64_t one = *(const int64_t *)a, two = *(const int64_t *)b;

	return (one > two) - (one < two);
}

static void
measure(size_t rounds)
{
	size_t round, i;

	for (round = 0; round < rounds; round++) {
		for (i = 0; i < PIECES; i++) {
			int64_t start = cpu_ns();

			pieces[i].run();
			times[i][round] = cpu_ns() - start;
		}
	}
}

static int64_t
median(size_t piece, size_t rounds)
{
	qsort(times[piece], rounds, sizeof(times[piece][0]), compare);
	return times[piece][rounds / 2];
}

int
main(int argc, char **argv)
{
	size_t i, rounds;
	int64_t clock;

	if (argc < 7)
		return 2;
	rounds = strtoul(argv[1], NULL, 10);
	if (rounds == 0 || rounds > ROUNDS_MAX)
		return 2;
	trusted = argv[2];
	store = argv[3];
	folder = argv[4];
	module = argv[5];
	others = argv + 6;
	libcrypto_up("libcrypto.so.3");
	/* Otherwise the modules would bring it, and take it away again. */
	if (dlopen("libpam.so.0", RTLD_NOW | RTLD_GLOBAL) == NULL)
		return 1;
	measure(rounds);
	clock = median(0, rounds);
	for (i = 1; i < PIECES; i++)
		printf("{\"piece\": \"%s\", \"ns\": %lld}\n", pieces[i].name,
		    (long long)(median(i, rounds) - clock));
	return 0;
}
