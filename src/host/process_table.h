/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * All processes at one moment, and which of them belong to a session.
 *
 * A process can leave its parent, its group and its terminal; so a session has
 * the descendants of its leader, what was seen to be one before, and what has
 * the audit session, or is in the session of logind, that its login has made.
 */
#ifndef JWT_PROCESS_TABLE_H
#define JWT_PROCESS_TABLE_H

#include "host/process.h"

struct process_entry {
	struct process process;
	uint32_t audit;		/* PROCESS_NO_AUDIT: none, or not asked for */
	char login[PROCESS_SESSION_SIZE];	/* "": none, or not asked for */
	uid_t user;		/* PROCESS_NO_USER: none, or not asked for */
	struct process_entry *parent;	/* NULL: not in the table */
	bool is_known;		/* to the session that was marked last */
	bool is_member;		/* of it */
};

struct process_table {
	struct process_entry *item;	/* owned; by rising number */
	size_t count;
	size_t room;
};

#define PROCESS_ENDED	(-1)
#define PROCESS_MISSED	(-2)	/* it could not be held, so it may go on */

/* A process of a session that was found. */
struct process_known {
	pid_t pid;
	int64_t start;
	int fd;		/* of pidfd_hold(); or one of these */
	bool was_told;	/* to end */
	bool was_stopped;
};

/* Append one to an array that malloc() made, or NULL; false without memory. */
bool process_known_add(struct process_known **known, size_t *count,
    size_t *room, const struct process_known *one);

/* The marks by which a session is known. */
struct process_session {
	const struct process_known *known;
	size_t count;
	uint32_t audit;		/* PROCESS_NO_AUDIT: not known by it */
	const char *login;	/* "": not known by it */
	uid_t user;		/* all of this one; or PROCESS_NO_USER */
	pid_t self;		/* never a member, nor are its children */
};

/*
 * Read /proc.  False without memory or /proc; the caller must clear *out
 * whatever the result.
 */
#define PROCESS_TABLE_AUDIT 1u	/* fill in audit, login, user */
#define PROCESS_TABLE_LOGIN 2u
#define PROCESS_TABLE_USER 4u
bool process_table_read(unsigned wanted, struct process_table *out);
void process_table_clear(struct process_table *table);

/* ---- nothing below asks the host ---- */

/* Sort the entries, and find the parent of each. */
void process_table_link(struct process_table *table);

/* The process with that number and start time; NULL if it is not there. */
struct process_entry *process_table_find(const struct process_table *table,
    pid_t pid, int64_t start);

/*
 * Set is_known and is_member of each entry.  Somebody who logged in by an sshd
 * that an administrator has started by hand is no member of the latter's
 * session, though the sshd is one: that login has left its audit session.
 */
void process_table_mark(struct process_table *table,
    const struct process_session *session);

/*
 * The audit session that the login of this leader has made; PROCESS_NO_AUDIT
 * if it has none, or inherited one.
 *
 * It is not the login's own if the parent of the leader, process 1 or self has
 * it.  A parent that has ended cannot be asked, so neither is one that an older
 * process than the leader has: against ending the session in which an
 * administrator ran su.
 */
uint32_t process_table_own_audit(const struct process_table *table,
    pid_t leader, int64_t start, pid_t self);

#endif
