/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Somebody without rights can neither read the store, nor write it, nor keep
 * a login waiting.
 *
 *	nobody FOLDER		as root; everybody can enter the folder
 */
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "state/store.h"

#define NOBODY	65534
#define LOGINS	400

static const char *path;	/* of the store */
static const char *parent;
static char entry[700], shard[700], store_link[700];

static bool
fails(int code)
{
	return code < 0;
}

/* Each thing that must not work, by number; 0 behind the last. */
static const char *
try_one(unsigned number, bool *stopped)
{
	char text[200];
	int notify = inotify_init1(IN_CLOEXEC);
	int handle = open(path, O_PATH | O_CLOEXEC);

	switch (number) {
	case 0:	*stopped = fails(open(path, O_RDONLY | O_CLOEXEC));
		return "list the store";
	case 1:	*stopped = fails(open(shard, O_RDONLY | O_CLOEXEC));
		return "open a shard";
	case 2:	*stopped = fails((int)readlink(entry, text, sizeof(text)));
		return "read a fact";
	case 3:	*stopped = fails((int)readlink(store_link, text,
		    sizeof(text)));
		return "read the key";
	case 4:	*stopped = fails(faccessat(AT_FDCWD, entry, F_OK,
		    AT_SYMLINK_NOFOLLOW));
		return "see whether there is a fact";
	case 5:	*stopped = fails((int)readlinkat(handle, "store", text,
		    sizeof(text)));
		return "read through a handle of the folder";
	case 6:	*stopped = fails(symlink("1", shard)) &&
		    fails(unlink(entry)) && fails(rename(path, "/tmp/x"));
		return "change it";
	case 7:	*stopped = fails(flock(handle, LOCK_SH)) &&
		    fails(openat(handle, ".", O_RDONLY | O_CLOEXEC));
		return "lock it";
	case 8:	*stopped = fails(inotify_add_watch(notify, path,
		    IN_ALL_EVENTS)) && fails(inotify_add_watch(notify, shard,
		    IN_ALL_EVENTS)) && fails(inotify_add_watch(notify, entry,
		    IN_ALL_EVENTS | IN_DONT_FOLLOW));
		return "watch it";
	case 9:	*stopped = fails(chdir(path)) && fails(chdir(shard));
		return "enter it";
	default:
		return NULL;
	}
}

static void
become_nobody(void)
{
	if (setgroups(0, NULL) != 0 || setgid(NOBODY) != 0 ||
	    setuid(NOBODY) != 0)
		die("setuid");
}

/* As nobody: what works, then hold all that can be held. */
__attribute__((noreturn)) static void
nobody(int ready)
{
	int folder, notify = inotify_init1(IN_CLOEXEC);
	const char *name;
	bool stopped;
	unsigned i;

	become_nobody();
	/* Else nothing here would say anything about the store. */
	folder = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	report(folder >= 0, "nobody can enter the folder above the store",
	    "open");
	for (i = 0; (name = try_one(i, &stopped)) != NULL; i++) {
		char text[80];

		snprintf(text, sizeof(text), "nobody cannot %s", name);
		report(stopped, text, "it works");
	}
	report(flock(folder, LOCK_EX) == 0 && inotify_add_watch(notify, parent,
	    IN_ALL_EVENTS) >= 0, "nobody locks and watches the folder above",
	    "flock, inotify");
	(void)!write(ready, failed != 0 ? "x" : "", 1);
	for (;;)
		pause();
}

static int
compare(const void *a, const void *b)
{
	long x = *(const long *)a, y = *(const long *)b;

	return (x > y) - (x < y);
}

/* The time of one in the middle, in microseconds. */
static long
time_logins(unsigned first)
{
	static long took[LOGINS];
	struct timespec start, end;
	struct state_dir dir;
	bool found = true;
	unsigned i;

	for (i = 0; i < LOGINS; i++) {
		clock_gettime(CLOCK_MONOTONIC, &start);
		if (state_dir_open(path, &dir) != JWT_OK ||
		    use_once(&dir, first + i, true, &found) != JWT_OK || found)
			die(dir.fault);
		state_dir_close(&dir);
		clock_gettime(CLOCK_MONOTONIC, &end);
		took[i] = (end.tv_sec - start.tv_sec) * 1000000 +
		    (end.tv_nsec - start.tv_nsec) / 1000;
	}
	qsort(took, LOGINS, sizeof(took[0]), compare);
	return took[LOGINS / 2];
}

static void
name_all(void)
{
	struct state_dir dir;
	char folder[3], name[64];

	if (state_dir_open(path, &dir) != JWT_OK ||
	    revoke_token(&dir, 1) != JWT_OK ||
	    token_name(&dir, 1, folder, name) != JWT_OK)
		die(dir.fault);
	state_dir_close(&dir);
	snprintf(shard, sizeof(shard), "%s/%s", path, folder);
	snprintf(entry, sizeof(entry), "%s/%s/%s", path, folder, name);
	snprintf(store_link, sizeof(store_link), "%s/store", path);
}

int
main(int argc, char **argv)
{
	long alone, beside;
	int ready[2];
	pid_t pid;
	char byte = 'x';

	if (argc != 2 || geteuid() != 0)
		return 2;
	parent = argv[1];
	path = new_store(parent);
	name_all();
	alone = time_logins(1000);
	if (pipe(ready) != 0 || (pid = fork()) < 0)
		die("fork");
	if (pid == 0)
		nobody(ready[1]);
	close(ready[1]);
	failed += read(ready[0], &byte, 1) != 1 || byte != '\0';
	beside = time_logins(100000);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	report(beside < 2 * alone + 1000, "a login takes no longer beside "
	    "nobody", "%ld us, alone %ld us", beside, alone);
	printf("# login: %ld us alone, %ld us beside nobody\n", alone, beside);
	return failed != 0;
}
