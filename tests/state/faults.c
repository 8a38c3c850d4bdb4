/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Everything that can be wrong with a store, or with the process that asks
 * it: the answer is state-unavailable, with a reason, and never "not
 * revoked"; and nothing is left behind.
 *
 *	faults FOLDER			all but the next
 *	faults full|readonly STORE	a store on a file system that is
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "state/store.h"

#define NOBODY 65534

static const char *place;	/* where stores are made */
static const char *path;	/* of the store at hand */

static const char *
inside(const char *name)
{
	static char text[2][600];
	static unsigned turn;

	turn = !turn;
	snprintf(text[turn], sizeof(text[turn]), "%s/%s", path, name);
	return text[turn];
}

static unsigned
open_descriptors(void)
{
	unsigned count = 0;
	int fd;

	for (fd = 0; fd < 256; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	return count;
}

/* A fact that was noted before whatever happens. */
static void
prepare(const char *folder)
{
	struct state_dir dir;
	bool found;

	place = folder;
	path = new_store(place);
	if (state_dir_open(path, &dir) != JWT_OK ||
	    revoke_token(&dir, 1) != JWT_OK ||
	    use_once(&dir, 2, true, &found) != JWT_OK || found)
		die("prepare");
	state_dir_close(&dir);
}

/* What a login would hear about the revoked and the used token. */
static enum jwt_reason
ask_all(char fault[STATE_FAULT_SIZE])
{
	struct state_dir dir;
	enum jwt_reason reason = state_dir_open(path, &dir);
	bool revoked = true, used = true;

	if (reason == JWT_OK)
		reason = is_revoked(&dir, 1, &revoked);
	if (reason == JWT_OK)
		reason = use_once(&dir, 2, false, &used);
	memcpy(fault, dir.fault, STATE_FAULT_SIZE);
	state_dir_close(&dir);
	/* The worst there is. */
	if (reason == JWT_OK && (!revoked || !used))
		return JWT_INTERNAL;
	return reason;
}

/* No answer, with the words that help. */
static void
unavailable(const char *name, const char *words)
{
	unsigned before = open_descriptors();
	char fault[STATE_FAULT_SIZE];
	enum jwt_reason reason = ask_all(fault);

	report(reason == JWT_STATE_UNAVAILABLE && strstr(fault, words) != NULL &&
	    open_descriptors() == before, name, "%s: \"%s\"",
	    reason_name(reason), fault);
}

static void
answers(const char *name)
{
	unsigned before = open_descriptors();
	char fault[STATE_FAULT_SIZE];
	enum jwt_reason reason = ask_all(fault);

	report(reason == JWT_OK && open_descriptors() == before, name,
	    "%s: \"%s\"", reason_name(reason), fault);
}

/* ---- the directory ---- */

static void
wrong_directory(const char *folder)
{
	char away[600];

	prepare(folder);
	answers("a store that is sound");
	chmod(path, 0750);
	unavailable("others have a right", "chmod 700");
	chmod(path, 0700);
	if (geteuid() == 0) {
		(void)!chown(path, NOBODY, NOBODY);
		unavailable("another owner", "belongs to another user");
		(void)!chown(path, 0, 0);
	}
	snprintf(away, sizeof(away), "%s.away", path);
	if (rename(path, away) != 0)
		die("rename");
	unavailable("no directory", "pam-jwt state init");
	close(open(path, O_CREAT | O_WRONLY, 0600));
	unavailable("a file in its place", "not a folder");
	unlink(path);
	(void)!symlink(away, path);
	answers("a link of our own to it");
	unlink(path);
	mkfifo(path, 0600);
	unavailable("a FIFO in its place", "not a folder");
	unlink(path);
	if (rename(away, path) != 0)
		die("rename");
}

static void
relink(const char *name, const char *target)
{
	unlink(inside(name));
	if (target != NULL && symlink(target, inside(name)) != 0)
		die("symlink");
}

static void
wrong_store_link(const char *folder)
{
	static const char *const targets[] = {
		"", "x", "1.", "1.5", "1.5.", "2.1700000000.", "1.1.abc",
		"1.99999999999999999999."
		"00000000000000000000000000000000"
		"00000000000000000000000000000000",
		"1.1700000000."
		"0000000000000000000000000000000"
		"00000000000000000000000000000000",
		"1.1700000000."
		"0000000000000000000000000000000g"
		"00000000000000000000000000000000",
	};
	unsigned bad = 0;
	char fault[STATE_FAULT_SIZE];
	size_t i;

	prepare(folder);
	relink("store", NULL);
	unavailable("no store link", "pam-jwt state init");
	for (i = 1; i < sizeof(targets) / sizeof(targets[0]); i++) {
		relink("store", targets[i]);
		bad += ask_all(fault) != JWT_STATE_UNAVAILABLE;
	}
	report(bad == 0, "a store link that is damaged", "%u of them", bad);
	relink("store", NULL);
	mkdir(inside("store"), 0700);
	unavailable("a folder in the place of the store link", "store");
}

/* The names of a fact, by which its link can be harmed. */
static void
find_entry(unsigned number, enum state_kind kind, char out[80])
{
	struct state_dir dir;
	struct state_id id;
	char text[32], shard[3], name[64];

	snprintf(text, sizeof(text), "jti-%u", number);
	if (state_dir_open(path, &dir) != JWT_OK ||
	    state_id(kind, bytes_str("https://id.test"), bytes_str(text),
	    &id) != JWT_OK ||
	    state_dir_name(&dir, &id, shard, name) != JWT_OK)
		die("find_entry");
	state_dir_close(&dir);
	snprintf(out, 80, "%s/%s", shard, name);
}

static void
wrong_entries(const char *folder)
{
	char entry[80], shard[3];

	prepare(folder);
	find_entry(1, STATE_TOKEN, entry);
	relink(entry, "nonsense");
	answers("a damaged revocation still counts");
	relink(entry, NULL);
	mkdir(inside(entry), 0700);
	unavailable("a folder in the place of a revocation", "cannot be read");
	rmdir(inside(entry));
	close(open(inside(entry), O_CREAT | O_WRONLY, 0600));
	unavailable("a file in the place of a revocation", "cannot be read");
	unlink(inside(entry));
	mkfifo(inside(entry), 0600);
	unavailable("a FIFO in the place of a revocation", "cannot be read");
	relink(entry, "1700001000");
	answers("mended");
	snprintf(shard, sizeof(shard), "%.2s", entry);
	if (rename(inside(shard), inside("away")) != 0)
		die("rename");
	unavailable("a shard that is gone", "No such file or directory");
	(void)!symlink("away", inside(shard));
	unavailable("a link in the place of a shard", shard);
	unlink(inside(shard));
	mkfifo(inside(shard), 0600);
	unavailable("a FIFO in the place of a shard", shard);
	unlink(inside(shard));
	if (rename(inside("away"), inside(shard)) != 0)
		die("rename");
	relink("purged", "soon");
	unavailable("a damaged mark", "purged is damaged");
	relink("purged", NULL);
	answers("all mended");
}

/* ---- the process ---- */

/* Runs in a child with some harm done to it; its exit status is a count. */
static void
in_child(const char *name, int (*run)(void))
{
	pid_t pid = fork();
	int status = 0;

	if (pid < 0)
		die("fork");
	if (pid == 0)
		_exit(run());
	waitpid(pid, &status, 0);
	report(WIFEXITED(status) && WEXITSTATUS(status) == 0, name,
	    "status %#x", (unsigned)status);
}

static int
use_new(unsigned number)
{
	struct state_dir dir;
	bool found = true;
	enum jwt_reason reason = state_dir_open(path, &dir);

	if (reason == JWT_OK)
		reason = use_once(&dir, number, true, &found);
	if (reason == JWT_OK)
		reason = revoke_token(&dir, number);
	state_dir_close(&dir);
	return reason == JWT_OK && !found ? 0 : 1;
}

static int
without_file_size(void)
{
	struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_FSIZE, &none);
	return use_new(100);
}

static int
without_descriptors(void)
{
	struct rlimit few = { 8, 8 };
	char fault[STATE_FAULT_SIZE];
	enum jwt_reason reason = JWT_OK;

	/* An answer, or none; but not a wrong one. */
	for (; few.rlim_cur >= 3; few.rlim_cur--) {
		setrlimit(RLIMIT_NOFILE, &few);
		reason = ask_all(fault);
		if (reason != JWT_OK && reason != JWT_STATE_UNAVAILABLE)
			return 2;
	}
	return reason != JWT_STATE_UNAVAILABLE;
}

static int
without_stdio(void)
{
	struct state_dir dir;
	int low;

	close(0);
	close(1);
	close(2);
	if (state_dir_open(path, &dir) != JWT_OK)
		return 1;
	low = dir.fd < 3;
	state_dir_close(&dir);
	/* What a store had taken would be open now, or closed for the host. */
	return low + use_new(101) + (fcntl(0, F_GETFD) >= 0) * 2;
}

static int
with_umask_0(void)
{
	struct stat st;
	const char *made;

	umask(0);
	made = new_store(place);
	return use_new(102) + (stat(made, &st) != 0 ||
	    (st.st_mode & 07777) != 0700);
}

static int
with_umask_0777(void)
{
	struct stat st;
	const char *made;

	umask(0777);
	made = new_store(place);
	return use_new(103) + (stat(made, &st) != 0 ||
	    (st.st_mode & 07777) != 0700);
}

static void
ignore(int signal_number)
{
	(void)signal_number;
}

/* Every system call may be interrupted, at any moment. */
static int
with_alarms(void)
{
	struct itimerval often = { { 0, 200 }, { 0, 200 } };
	struct sigaction action = { .sa_handler = ignore };
	unsigned i;

	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &often, NULL);
	for (i = 0; i < 300; i++) {
		if (use_new(1000 + i) != 0)
			return 1;
	}
	return 0;
}

static int
without_right(void)
{
	char fault[STATE_FAULT_SIZE];
	char entry[80];
	int fd;

	find_entry(1, STATE_TOKEN, entry);
	if (setgid(NOBODY) != 0 || setuid(NOBODY) != 0)
		return 1;
	fd = open(path, O_RDONLY | O_DIRECTORY);
	return (ask_all(fault) != JWT_STATE_UNAVAILABLE) + (fd >= 0) * 2 +
	    (readlink(inside(entry), fault, sizeof(fault)) >= 0) * 4 +
	    (symlink("x", inside("y")) == 0) * 8;
}

static void
harmed_processes(const char *folder)
{
	prepare(folder);
	in_child("RLIMIT_FSIZE 0, with SIGXFSZ at its default",
	    without_file_size);
	in_child("no descriptor left", without_descriptors);
	in_child("descriptors 0 to 2 closed", without_stdio);
	in_child("umask 0", with_umask_0);
	in_child("umask 0777", with_umask_0777);
	in_child("a storm of signals", with_alarms);
	if (geteuid() == 0)
		in_child("nobody can neither read nor write it", without_right);
	else
		puts("skip - state: nobody cannot read it: needs root");
	answers("what was noted before is still there");
}

/* ---- the file system ---- */

static int
broken_file_system(const char *what)
{
	char name[128];
	struct state_dir dir;
	enum jwt_reason reason;
	bool found = true;

	snprintf(name, sizeof(name), "%s: what was noted is still there", what);
	answers(name);
	reason = state_dir_open(path, &dir);
	if (reason == JWT_OK)
		reason = use_once(&dir, 500, true, &found);
	snprintf(name, sizeof(name), "%s: no token is used that cannot be "
	    "noted", what);
	report(reason == JWT_STATE_UNAVAILABLE, name, "%s", dir.fault);
	reason = revoke_token(&dir, 500);
	snprintf(name, sizeof(name), "%s: a revocation fails loudly", what);
	report(reason == JWT_STATE_UNAVAILABLE, name, "%s", dir.fault);
	printf("# %s\n", dir.fault);
	state_dir_close(&dir);
	return failed != 0;
}

/* Prints the path of a store with the two facts, for the script. */
static int
prepare_for_script(const char *folder)
{
	prepare(folder);
	puts(path);
	return 0;
}

int
main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "prepare") == 0)
		return prepare_for_script(argv[2]);
	if (argc == 3) {
		path = argv[2];
		return broken_file_system(argv[1]);
	}
	if (argc != 2)
		return 2;
	alarm(120);	/* a FIFO, and whatever else may block */
	wrong_directory(argv[1]);
	wrong_store_link(argv[1]);
	wrong_entries(argv[1]);
	harmed_processes(argv[1]);
	return failed != 0;
}
