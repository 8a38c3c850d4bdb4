/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The power fails while facts are written: what was answered is there when
 * the file system is mounted again.
 *
 *	powercut DEVICE FOLDER TRIALS	as root, in a mount namespace of its own
 *
 * The device has an ext4.  EXT4_IOC_SHUTDOWN without a flush of the log does
 * what a power cut does to all that is not on the disk.  At last the same
 * without fsync(), which must lose something, or this test sees nothing.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "state/store.h"

#define WRITERS		4
#define ANSWER_MSEC	30000
#define SHUTDOWN	_IOR('X', 125, unsigned)	/* EXT4_IOC_SHUTDOWN */
#define NO_LOG_FLUSH	2u

static const char *device, *folder;
static char path[600];
static bool syncs = true;

struct tally {
	unsigned answered, lost;
};

/* In the place of libc's. */
int
fsync(int fd)
{
	return syncs ? (int)syscall(SYS_fsync, fd) : 0;
}

static void
mount_it(void)
{
	if (mount(device, folder, "ext4", MS_NOATIME, NULL) != 0)
		die("mount");
}

static void
unmount_it(void)
{
	while (umount(folder) != 0) {
		if (errno != EBUSY)
			die("umount");
		usleep(1000);
	}
}

/* The first uses tokens, the second revokes; the others share a subject. */
static bool
write_one(struct state_dir *dir, unsigned number)
{
	bool found;

	switch (number % WRITERS) {
	case 0:
		return use_once(dir, number, true, &found) == JWT_OK && !found;
	case 1:
		return revoke_token(dir, number) == JWT_OK;
	default:
		return cut_off(dir, number, TEST_UNTIL) == JWT_OK;
	}
}

static bool
is_there(struct state_dir *dir, unsigned number)
{
	int64_t cutoff = 0;
	bool found = false;

	switch (number % WRITERS) {
	case 0:
		return use_once(dir, number, false, &found) == JWT_OK && found;
	case 1:
		return is_revoked(dir, number, &found) == JWT_OK && found;
	default:
		return get_cutoff(dir, &cutoff) == JWT_OK && cutoff >= number;
	}
}

__attribute__((noreturn)) static void
writer(unsigned number, int told)
{
	struct state_dir dir;

	if (state_dir_open(path, &dir) != JWT_OK)
		_exit(1);
	for (; write_one(&dir, number); number += WRITERS) {
		if (write(told, &number, sizeof(number)) != sizeof(number))
			break;
	}
	_exit(1);
}

/* The power goes, and all processes with it. */
static void
cut(const pid_t *pids)
{
	unsigned flags = NO_LOG_FLUSH, i;
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 || ioctl(fd, SHUTDOWN, &flags) != 0)
		die("EXT4_IOC_SHUTDOWN");
	close(fd);
	for (i = 0; i < WRITERS; i++)
		kill(pids[i], SIGKILL);
	for (i = 0; i < WRITERS; i++)
		waitpid(pids[i], NULL, 0);
}

static void
count(int told, struct tally *tally)
{
	struct state_dir dir;
	unsigned number;

	if (state_dir_open(path, &dir) != JWT_OK)
		die("the store does not open");
	while (read(told, &number, sizeof(number)) == sizeof(number)) {
		tally->answered++;
		tally->lost += !is_there(&dir, number);
	}
	state_dir_close(&dir);
}

/* Wait until somebody has written: on a busy machine that takes a while. */
static void
wait_for_answer(int told)
{
	struct pollfd fd = { .fd = told, .events = POLLIN };

	if (poll(&fd, 1, ANSWER_MSEC) != 1)
		die("nobody writes");
}

static void
trial(unsigned base, struct tally *tally)
{
	pid_t pids[WRITERS];
	int told[2];
	unsigned i;

	mount_it();
	if (pipe(told) != 0)
		die("pipe");
	for (i = 0; i < WRITERS; i++) {
		pids[i] = fork();
		if (pids[i] < 0)
			die("fork");
		if (pids[i] == 0)
			writer(base + i, told[1]);
	}
	close(told[1]);
	wait_for_answer(told[0]);
	usleep((useconds_t)(5000 + rand() % 40000));
	cut(pids);
	unmount_it();
	mount_it();
	count(told[0], tally);
	close(told[0]);
	unmount_it();
}

static struct tally
run(unsigned base, unsigned trials)
{
	struct tally tally = { 0 };
	unsigned i;

	for (i = 0; i < trials; i++)
		trial(base + i * 100000, &tally);
	printf("# %u trials, %u answers, %u lost%s\n", trials, tally.answered,
	    tally.lost, syncs ? "" : " without fsync");
	return tally;
}

int
main(int argc, char **argv)
{
	struct tally tally;
	unsigned trials;

	if (argc != 4)
		return 2;
	device = argv[1];
	folder = argv[2];
	trials = (unsigned)atoi(argv[3]);
	srand((unsigned)getpid());
	mount_it();
	snprintf(path, sizeof(path), "%s", new_store(folder));
	unmount_it();
	tally = run(0, trials);
	report(tally.lost == 0 && tally.answered > trials, "the power fails: "
	    "nothing that was answered is lost", "%u of %u lost", tally.lost,
	    tally.answered);
	syncs = false;
	tally = run(100000000, trials / 10 + 1);
	report(tally.lost > 0, "without fsync() it is", "0 of %u lost",
	    tally.answered);
	return failed != 0;
}
