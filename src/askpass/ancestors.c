/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads the ancestors from /proc, which Linux has.  Where it is not there, or
 * hides the processes of others, the answer is that nothing is known: a prompt
 * of a server must not be taken for one of this host.
 */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "askpass/ancestors.h"
#include "core/base/bytes.h"

#define DEPTH_MAX	256	/* processes above us that are looked at */
#define DEPTH_DIRECT	2	/* the program that asks, or a wrapper's parent */
#define SAYS_WHO	"(%s@%s) "	/* a format in OpenSSH 8.5 and later */
#define STAT_MAX	512	/* the start of a line that has about 300 bytes */
#define PATH_SIZE	1024	/* no program is that deep */

struct process {
	pid_t parent, session;
	char line[STAT_MAX];
	struct bytes name;	/* at most 15 bytes; it may hold anything */
	char path[PATH_SIZE];
	struct bytes program;	/* the name of its file; empty: not shown */
};

/* The number at the start of *text, which moves after it; -1 for none. */
static pid_t
take_number(const char **text)
{
	char *end;
	long number = strtol(*text, &end, 10);

	if (end == *text || number < 0 || number > INT_MAX)
		return -1;
	*text = end;
	return (pid_t)number;
}

/*
 * Read /proc/PID/stat: "PID (NAME) STATE PARENT GROUP SESSION ...".  Only the
 * last parenthesis ends the name, which the process itself may have chosen.
 */
static bool
process_read(pid_t pid, struct process *out)
{
	char path[64];
	const char *name, *end;
	size_t len;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	file = fopen(path, "re");
	if (file == NULL)
		return false;
	len = fread(out->line, 1, sizeof(out->line) - 1, file);
	(void)fclose(file);
	out->line[len] = '\0';
	name = strchr(out->line, '(');
	end = strrchr(out->line, ')');
	if (name == NULL || end == NULL || end < name || strlen(end) < 4)
		return false;
	out->name = bytes_of(name + 1, (size_t)(end - name - 1));
	end += 3;	/* ") ", and the letter of the state */
	out->parent = take_number(&end);
	(void)take_number(&end);
	out->session = take_number(&end);
	return out->parent >= 0 && out->session >= 0;
}

/*
 * A process has the name by which its program was run: Debian's slogin is a
 * link to ssh.  Where we may not see the file, its name stays empty.
 */
static void
process_find_program(pid_t pid, struct process *out)
{
	char link[64];
	ssize_t len;

	snprintf(link, sizeof(link), "/proc/%d/exe", (int)pid);
	len = readlink(link, out->path, sizeof(out->path));
	out->program = bytes_of(out->path, len < 0 ? 0 : (size_t)len);
	while (bytes_has(out->program, '/'))
		(void)bytes_cut(&out->program, '/');
}

static bool
is_named(const struct process *process, const char *const *names, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (bytes_eq_str(process->name, names[i]) ||
		    bytes_eq_str(process->program, names[i]))
			return true;
	}
	return false;
}

/*
 * Clients that run SSH_ASKPASS: that of OpenSSH, what others have made of it,
 * and that of Dropbear.
 */
static bool
is_client(const struct process *process)
{
	static const char *const names[] = { "ssh", "hpnssh", "gsissh",
	    "dbclient", "dropbearmulti" };

	return is_named(process, names, sizeof(names) / sizeof(names[0]));
}

static bool
is_sudo(const struct process *process)
{
	static const char *const names[] = { "sudo", "sudo-rs", "doas" };

	return is_named(process, names, sizeof(names) / sizeof(names[0]));
}

static bool
file_has(int fd, const char *text)
{
	struct stat st;
	bool found;
	void *map;

	if (fstat(fd, &st) != 0 || st.st_size <= 0)
		return false;
	map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (map == MAP_FAILED)
		return false;
	found = memmem(map, (size_t)st.st_size, text, strlen(text)) != NULL;
	(void)munmap(map, (size_t)st.st_size);
	return found;
}

/*
 * Against a server that writes "(user@host) " itself, to a client that passes
 * the prompt on as it is.  The program tells, and its version does not: it can
 * have been changed by a distribution.
 */
static bool
says_who(pid_t client)
{
	char path[64];
	bool found;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/exe", (int)client);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	found = file_has(fd, SAYS_WHO);
	close(fd);
	return found;
}

void
ancestors_find(struct ancestors *out)
{
	pid_t session = getsid(0), pid = getppid();
	struct process process;
	bool is_below_sudo = false;
	int i;

	*out = (struct ancestors){ .kind = ANCESTORS_HIDDEN };
	for (i = 0; i < DEPTH_MAX && pid > 0; i++) {
		if (!process_read(pid, &process))
			return;
		if (process.session != session)
			break;
		process_find_program(pid, &process);
		if (i < DEPTH_DIRECT && out->program == 0 &&
		    (is_client(&process) || is_sudo(&process)))
			out->program = pid;
		is_below_sudo |= is_sudo(&process);
		if (is_client(&process)) {
			out->kind = ANCESTORS_REMOTE;
			out->says_who = !is_below_sudo && says_who(pid);
			return;
		}
		if (pid == session)
			break;
		pid = process.parent;
	}
	if (i < DEPTH_MAX)
		out->kind = ANCESTORS_LOCAL;
}
