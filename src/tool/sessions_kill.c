/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Ends the processes of sessions.
 *
 * A process is signalled through a descriptor that was compared with its start
 * time, so none that got the number of another one is ended.  Processes may
 * fork meanwhile: what will be killed is stopped first, and the table is read
 * until there is nothing new.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "cli/complain.h"
#include "host/clock.h"
#include "host/pidfd.h"
#include "tool/sessions_end.h"
#include "tool/sessions_kill.h"
#include "tool/sessions_logind.h"

#define STEP_MSEC 100	/* between two looks at all processes */
#define LOOKS_MAX 20	/* for what forks faster than it can be stopped */
#define DESCRIPTORS 524288	/* LimitNOFILE of pam-jwt-sessions.service */

/* ---- the processes that are known ---- */

/* Keep a process that is held by the descriptor, or was missed. */
static bool
keep(struct target *target, pid_t pid, int64_t start, int fd)
{
	const struct process_known known = {
		.pid = pid, .start = start, .fd = fd
	};

	if (process_known_add(&target->known, &target->count, &target->room,
	    &known))
		return true;
	if (fd >= 0)
		close(fd);
	return complain("memory ran out");
}

/* Hold a process; if it fails, PROCESS_MISSED, and a message the first time. */
static int
open_process(struct targets *targets, pid_t pid, int64_t start)
{
	int fd = pidfd_hold(pid, start);

	if (fd >= 0)
		return fd;
	if (errno == ESRCH)
		return PROCESS_ENDED;
	if (!targets->failed)
		complain_errno("pidfd_open");
	targets->failed = true;
	return PROCESS_MISSED;
}

/* Add a process; one that has ended meanwhile is left out. */
static void
hold(struct targets *targets, struct target *target, pid_t pid, int64_t start)
{
	int fd;

	if (pid <= 1 || pid == getpid()) {
		target->is_spared |= pidfd_lives(pid, start);
		return;
	}
	fd = open_process(targets, pid, start);
	if (fd == PROCESS_ENDED || keep(target, pid, start, fd))
		return;
	target->is_unknown = true;
	targets->failed = true;
}

static void
hold_once(struct targets *targets, struct target *target,
    const struct record_process *process)
{
	size_t i;

	for (i = 0; i < target->count; i++) {
		if (target->known[i].pid == (pid_t)process->pid &&
		    target->known[i].start == process->start)
			return;
	}
	hold(targets, target, (pid_t)process->pid, process->start);
}

/* Hold what the record names. */
static void
hold_recorded(struct targets *targets, struct target *target)
{
	const struct record *record;
	size_t i;

	if (target->session == NULL)
		return;
	record = &target->session->record;
	hold_once(targets, target, &record->leader);
	for (i = 0; i < record->seen_count; i++)
		hold_once(targets, target, &record->seen[i]);
}

static void
drop(struct process_known *known)
{
	close(known->fd);
	known->fd = PROCESS_ENDED;
}

bool
target_lives(const struct target *target)
{
	size_t i;

	for (i = 0; i < target->count; i++) {
		if (target->known[i].fd != PROCESS_ENDED)
			return true;
	}
	return target->is_unknown || target->is_unseen;
}

bool
target_has_leader(const struct target *target)
{
	const struct process_known *first = target->known;

	return target->count > 0 && first->fd >= 0 &&
	    first->pid == (pid_t)target->session->record.leader.pid &&
	    !pidfd_is_over(first->fd);
}

static bool
any_lives(const struct targets *targets)
{
	size_t i;

	for (i = 0; i < targets->count; i++) {
		if (target_lives(&targets->item[i]))
			return true;
	}
	return false;
}

/* ---- looking ---- */

bool
targets_read_table(struct targets *targets, struct process_table *table)
{
	unsigned wanted = 0;
	size_t i;

	for (i = 0; i < targets->count; i++) {
		if (targets->item[i].audit != PROCESS_NO_AUDIT)
			wanted |= PROCESS_TABLE_AUDIT;
		if (targets->item[i].login[0] != '\0')
			wanted |= PROCESS_TABLE_LOGIN;
		if (targets->item[i].user != PROCESS_NO_USER)
			wanted |= PROCESS_TABLE_USER;
	}
	if (process_table_read(wanted, table))
		return true;
	if (!targets->failed)
		complain("/proc cannot be read");
	targets->failed = true;
	return false;
}

/* Hold what belongs to the target and is not known yet; how many. */
static size_t
look(struct targets *targets, struct target *target,
    struct process_table *table)
{
	struct process_session session = {
		.known = target->known, .count = target->count,
		.audit = target->audit, .login = target->login,
		.user = target->user, .self = getpid()
	};
	size_t i, before = target->count;

	process_table_mark(table, &session);
	for (i = 0; i < table->count; i++) {
		const struct process_entry *entry = &table->item[i];

		if (entry->is_member && !entry->is_known)
			hold(targets, target, entry->process.pid,
			    entry->process.start);
	}
	return target->count - before;
}

/* Hold what was missed before: when others have ended there are descriptors. */
static void
hold_missed(struct targets *targets, struct target *target)
{
	size_t i;

	for (i = 0; i < target->count; i++) {
		struct process_known *known = &target->known[i];

		if (known->fd == PROCESS_MISSED)
			known->fd = open_process(targets, known->pid,
			    known->start);
	}
}

/* Hold what belongs to the targets and is not known yet; how many. */
static size_t
look_at_all(struct targets *targets)
{
	struct process_table table;
	bool is_read = targets_read_table(targets, &table);
	size_t i, found = 0;

	for (i = 0; i < targets->count; i++) {
		struct target *target = &targets->item[i];

		hold_missed(targets, target);
		target->is_unseen = !is_read;
		if (is_read)
			found += look(targets, target, &table);
	}
	process_table_clear(&table);
	return found;
}

/* ---- what is the login's own ---- */

static void
find_own(struct target *target, const struct process_table *table)
{
	const struct record_process *leader;
	const struct process_entry *entry;

	if (target->session == NULL)
		return;
	leader = &target->session->record.leader;
	entry = process_table_find(table, (pid_t)leader->pid, leader->start);
	if (entry == NULL || !target_has_leader(target))
		return;
	target->audit = process_table_own_audit(table, entry->process.pid,
	    entry->process.start, getpid());
	if (!logind_own_session(entry->process.pid, entry->process.parent,
	    target->login) || !target_has_leader(target))
		target->login[0] = '\0';
}

/*
 * Each process takes a descriptor, and a user may have more of them than a
 * shell of root's may open.
 */
static void
raise_limit(void)
{
	const struct rlimit more = { DESCRIPTORS, DESCRIPTORS };
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 ||
	    (limit.rlim_max < DESCRIPTORS &&
	    setrlimit(RLIMIT_NOFILE, &more) == 0))
		return;
	limit.rlim_cur = limit.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
}

/*
 * The leader is held before /proc is read, and goes on afterwards: what was
 * read under its number was its own.
 */
void
targets_find(struct targets *targets)
{
	struct process_table table;
	size_t i;

	raise_limit();
	for (i = 0; i < targets->count; i++) {
		struct target *target = &targets->item[i];

		target->audit = PROCESS_NO_AUDIT;
		if (target->session != NULL)
			hold_once(targets, target,
			    &target->session->record.leader);
	}
	if (process_table_read(PROCESS_TABLE_AUDIT, &table)) {
		for (i = 0; i < targets->count; i++)
			find_own(&targets->item[i], &table);
	}
	process_table_clear(&table);
}

/* ---- signals ---- */

/*
 * As systemd ends a session: shells ignore SIGTERM and obey SIGHUP, and what is
 * stopped must go on to end.
 */
static void
tell(struct process_known *known)
{
	known->was_told = true;
	(void)pidfd_signal(known->fd, SIGTERM);
	(void)pidfd_signal(known->fd, SIGHUP);
	(void)pidfd_signal(known->fd, SIGCONT);
}

static void
stop(struct process_known *known)
{
	known->was_stopped = true;
	(void)pidfd_signal(known->fd, SIGSTOP);
}

static void
kill_one(struct process_known *known)
{
	(void)pidfd_signal(known->fd, SIGKILL);
}

static void
for_each_living(struct targets *targets, void (*act)(struct process_known *))
{
	size_t i, j;

	for (i = 0; i < targets->count; i++) {
		struct target *target = &targets->item[i];

		for (j = 0; j < target->count; j++) {
			if (target->known[j].fd >= 0)
				act(&target->known[j]);
		}
	}
}

static void
tell_new(struct targets *targets)
{
	size_t i, j;

	for (i = 0; i < targets->count; i++) {
		struct target *target = &targets->item[i];

		for (j = 0; j < target->count && !target->by_logind; j++) {
			if (target->known[j].fd >= 0 &&
			    !target->known[j].was_told)
				tell(&target->known[j]);
		}
	}
}

static void
stop_new(struct process_known *known)
{
	if (!known->was_stopped)
		stop(known);
}

static void
drop_over(struct process_known *known)
{
	if (pidfd_is_over(known->fd))
		drop(known);
}

/* ---- waiting ---- */

/* Fill polls with what lives; how many. */
static size_t
collect(const struct targets *targets, struct pollfd *polls)
{
	size_t i, j, count = 0;

	for (i = 0; i < targets->count; i++) {
		const struct target *target = &targets->item[i];

		for (j = 0; j < target->count; j++) {
			if (target->known[j].fd < 0)
				continue;
			if (polls != NULL)
				polls[count] = (struct pollfd){
					.fd = target->known[j].fd,
					.events = POLLIN
				};
			count++;
		}
	}
	return count;
}

/* Wait until a process ends, but not after a time of clock_msec(). */
static void
wait_once(const struct targets *targets, int64_t until)
{
	size_t count = collect(targets, NULL);
	struct pollfd *polls = calloc(count + 1, sizeof(*polls));
	int64_t left = until - clock_msec();

	if (polls != NULL)
		count = collect(targets, polls);
	else
		count = 0;
	if (left > 0 && poll(polls, (nfds_t)count, (int)left) < 0 &&
	    errno != EINTR)
		complain_errno("poll");
	free(polls);
}

/* Wait a step, or until all are over. */
static void
wait_step(struct targets *targets, int64_t until)
{
	int64_t step = clock_msec() + STEP_MSEC;

	if (step < until)
		until = step;
	for (;;) {
		for_each_living(targets, drop_over);
		if (!any_lives(targets) || clock_msec() >= until)
			return;
		wait_once(targets, until);
	}
}

/* ---- the two phases ---- */

static void
term(struct targets *targets, int64_t until)
{
	do {
		(void)look_at_all(targets);
		tell_new(targets);
		wait_step(targets, until);
	} while (any_lives(targets) && clock_msec() < until);
}

/* Stop everything, also what was forked while this was done. */
static void
stop_all(struct targets *targets)
{
	unsigned looks = 0;

	do
		for_each_living(targets, stop_new);
	while (look_at_all(targets) > 0 && ++looks < LOOKS_MAX);
	for_each_living(targets, stop_new);
}

/* Nothing new and nothing that lives: then it is over. */
static void
kill_all(struct targets *targets, int64_t until)
{
	for (;;) {
		stop_all(targets);
		if (!any_lives(targets))
			return;
		for_each_living(targets, kill_one);
		wait_step(targets, until);
		if (clock_msec() >= until)
			return;
	}
}

void
targets_kill(struct targets *targets, int64_t from)
{
	size_t i;

	for (i = 0; i < targets->count; i++)
		hold_recorded(targets, &targets->item[i]);
	term(targets, from + SESSIONS_TERM_MSEC);
	kill_all(targets, from + SESSIONS_KILL_MSEC);
}

void
targets_clear(struct targets *targets)
{
	size_t i, j;

	for (i = 0; i < targets->count; i++) {
		struct target *target = &targets->item[i];

		for (j = 0; j < target->count; j++) {
			if (target->known[j].fd >= 0)
				drop(&target->known[j]);
		}
		free(target->known);
	}
	free(targets->item);
	*targets = (struct targets){ .count = 0 };
}
