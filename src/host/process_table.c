/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads all processes, and finds those of a session.
 */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/number.h"
#include "host/process_table.h"

#define INIT 1	/* the process that adopts those without a parent */

/* ---- reading ---- */

static bool
add(struct process_table *table, const struct process_entry *entry)
{
	size_t room = table->room == 0 ? 256 : table->room * 2;
	struct process_entry *more;

	if (table->count == table->room) {
		more = reallocarray(table->item, room, sizeof(*more));
		if (more == NULL)
			return false;
		table->item = more;
		table->room = room;
	}
	table->item[table->count++] = *entry;
	return true;
}

/* A process that ended meanwhile is left out. */
static bool
read_entry(pid_t pid, unsigned wanted, struct process_table *out)
{
	struct process_entry entry = {
		.audit = PROCESS_NO_AUDIT, .user = PROCESS_NO_USER
	};

	if (!process_read(pid, &entry.process))
		return true;
	if ((wanted & PROCESS_TABLE_AUDIT) != 0 &&
	    !process_audit_session(pid, &entry.audit))
		entry.audit = PROCESS_NO_AUDIT;
	if ((wanted & PROCESS_TABLE_LOGIN) != 0)
		process_login_session(pid, entry.login);
	if ((wanted & PROCESS_TABLE_USER) != 0)
		process_login_user(pid, &entry.user);
	return add(out, &entry);
}

static bool
read_entries(DIR *dir, unsigned wanted, struct process_table *out)
{
	const struct dirent *entry;
	int64_t pid;

	for (;;) {
		errno = 0;
		entry = readdir(dir);
		if (entry == NULL)
			return errno == 0;
		if (number_digits(bytes_str(entry->d_name), INT32_MAX, &pid) &&
		    !read_entry((pid_t)pid, wanted, out))
			return false;
	}
}

bool
process_table_read(unsigned wanted, struct process_table *out)
{
	DIR *dir = opendir("/proc");
	bool ok;

	*out = (struct process_table){ .count = 0 };
	if (dir == NULL)
		return false;
	ok = read_entries(dir, wanted, out);
	closedir(dir);
	process_table_link(out);
	return ok && out->count > 0;
}

void
process_table_clear(struct process_table *table)
{
	free(table->item);
	*table = (struct process_table){ .count = 0 };
}

bool
process_known_add(struct process_known **known, size_t *count, size_t *room,
    const struct process_known *one)
{
	size_t wanted = *room == 0 ? 8 : *room * 2;
	struct process_known *more;

	if (*count == *room) {
		more = reallocarray(*known, wanted, sizeof(*more));
		if (more == NULL)
			return false;
		*known = more;
		*room = wanted;
	}
	(*known)[(*count)++] = *one;
	return true;
}

/* ---- choosing ---- */

static int
compare(const void *a, const void *b)
{
	const struct process_entry *x = a, *y = b;

	return (x->process.pid > y->process.pid) -
	    (x->process.pid < y->process.pid);
}

static struct process_entry *
find_pid(const struct process_table *table, pid_t pid)
{
	struct process_entry key = { .process = { .pid = pid } };

	if (table->count == 0)
		return NULL;
	return bsearch(&key, table->item, table->count, sizeof(key), compare);
}

/*
 * The table is not of one instant: the number of a parent that ended may be
 * that of another process by now.  That one is younger than the child.
 */
void
process_table_link(struct process_table *table)
{
	size_t i;

	if (table->count > 0)
		qsort(table->item, table->count, sizeof(*table->item),
		    compare);
	for (i = 0; i < table->count; i++) {
		struct process_entry *entry = &table->item[i];
		struct process_entry *parent = find_pid(table,
		    entry->process.parent);

		entry->parent = NULL;
		if (parent != NULL &&
		    parent->process.start <= entry->process.start)
			entry->parent = parent;
	}
}

struct process_entry *
process_table_find(const struct process_table *table, pid_t pid, int64_t start)
{
	struct process_entry *entry = find_pid(table, pid);

	if (entry == NULL || entry->process.start != start)
		return NULL;
	return entry;
}

/* Processes that must live, whatever they are in. */
static bool
is_spared(const struct process_entry *entry, pid_t self)
{
	return entry->process.pid == INIT || entry->process.pid == self ||
	    entry->process.parent == self;
}

static bool
is_found(const struct process_entry *entry,
    const struct process_session *session)
{
	if (session->audit != PROCESS_NO_AUDIT &&
	    entry->audit == session->audit)
		return true;
	if (session->user != PROCESS_NO_USER && entry->user == session->user)
		return true;
	return session->login[0] != '\0' &&
	    strcmp(entry->login, session->login) == 0;
}

static void
mark_known(struct process_table *table, const struct process_session *session)
{
	size_t i;

	for (i = 0; i < session->count; i++) {
		struct process_entry *entry = process_table_find(table,
		    session->known[i].pid, session->known[i].start);

		if (entry == NULL)
			continue;
		entry->is_known = true;
		if (!is_spared(entry, session->self))
			entry->is_member = true;
	}
}

/*
 * Whether a login of its own lies between a process and its parent.  Only root
 * leaves an audit session.  But a process that has none may give itself one, so
 * that of the parent must be the one that the login has made: otherwise a user
 * could get away by it.
 */
static bool
is_login(const struct process_entry *entry,
    const struct process_session *session)
{
	return session->audit != PROCESS_NO_AUDIT &&
	    entry->parent->audit == session->audit &&
	    entry->audit != PROCESS_NO_AUDIT &&
	    entry->audit != session->audit;
}

/* Mark the children of members; false if there was no new one. */
static bool
mark_children(struct process_table *table,
    const struct process_session *session)
{
	bool changed = false;
	size_t i;

	for (i = 0; i < table->count; i++) {
		struct process_entry *entry = &table->item[i];

		if (!entry->is_member && entry->parent != NULL &&
		    entry->parent->is_member && !is_login(entry, session) &&
		    !is_spared(entry, session->self)) {
			entry->is_member = true;
			changed = true;
		}
	}
	return changed;
}

void
process_table_mark(struct process_table *table,
    const struct process_session *session)
{
	size_t i;

	for (i = 0; i < table->count; i++) {
		struct process_entry *entry = &table->item[i];

		entry->is_known = false;
		entry->is_member = is_found(entry, session) &&
		    !is_spared(entry, session->self);
	}
	mark_known(table, session);
	while (mark_children(table, session))
		continue;
}

/* In one tick of the clock several processes begin; numbers rise, mostly. */
static bool
is_older(const struct process *a, const struct process *b)
{
	return a->start < b->start ||
	    (a->start == b->start && a->pid < b->pid);
}

/* Whether a process that is older than this one has its audit session. */
static bool
has_elder(const struct process_table *table, const struct process_entry *entry)
{
	size_t i;

	for (i = 0; i < table->count; i++) {
		if (table->item[i].audit == entry->audit &&
		    is_older(&table->item[i].process, &entry->process))
			return true;
	}
	return false;
}

uint32_t
process_table_own_audit(const struct process_table *table, pid_t leader,
    int64_t start, pid_t self)
{
	const struct process_entry *entry, *init, *own;

	entry = process_table_find(table, leader, start);
	init = find_pid(table, INIT);
	own = find_pid(table, self);
	if (entry == NULL || entry->parent == NULL || init == NULL ||
	    own == NULL)
		return PROCESS_NO_AUDIT;
	if (entry->audit == entry->parent->audit ||
	    entry->audit == init->audit || entry->audit == own->audit ||
	    has_elder(table, entry))
		return PROCESS_NO_AUDIT;
	return entry->audit;
}
