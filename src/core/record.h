/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A record describes one session that a token opened: by which grant, as which
 * account, from where, since when and until when.
 *
 * A record is a file of root's (src/host/records.h) with one JSON object in it.
 * The same text, without the members of a session that is open, hands a grant
 * from the process of sshd that authenticates to the one that opens the
 * session.
 */
#ifndef JWT_RECORD_H
#define JWT_RECORD_H

#include "core/base/secret.h"
#include "core/grant.h"

#define RECORD_SIZE_MAX	((size_t)65536)	/* bytes of text */
#define RECORD_SEEN_MAX	((size_t)1024)	/* processes of one session */
#define RECORD_BOOT_LEN	36		/* a UUID as text */
#define RECORD_NO_END	INT64_C(-1)

/* A process, so that another one with the same number is not taken for it. */
struct record_process {
	int64_t pid;
	int64_t start;	/* clock ticks after the boot: field 22 of its stat */
};

struct record {
	struct grant *grant;	/* owned */
	char boot_id[RECORD_BOOT_LEN + 1];	/* all times hold in this boot */
	int64_t pid_namespace;	/* inode of /proc/PID/ns/pid */
	struct record_process leader;	/* it opens, or will open, the session */
	int64_t since;		/* seconds after the boot */
	int64_t end;		/* the same; RECORD_NO_END: no limit */
	int64_t opened_at;	/* seconds since the epoch, to be shown */
	bool refused;		/* it must end, though its program goes on */
	/* Owned and never NULL in a record that was read; "": not known. */
	char *user;		/* PAM_USER: sudo runs a command as this one */
	char *service;
	char *tty;
	char *rhost;
	/* The descendants that the last look found; owned. */
	struct record_process *seen;
	size_t seen_count;
};

/*
 * Write a record as text into a new buffer.  A string that is not UTF-8 is
 * written as "?": a program chose it, and it decides nothing.
 * Returns JWT_OK, JWT_OUT_OF_MEMORY or JWT_JSON_LIMIT.
 */
JWT_MUST_USE enum jwt_reason record_text(const struct record *record,
    struct secret *out);

/*
 * Read what record_text() wrote; strings are unescaped in text, which changes.
 * Every member must be there.  Returns JWT_OK, JWT_OUT_OF_MEMORY, or
 * JWT_CLAIM_INVALID for any other text.  The caller must clear *out whatever
 * the result.
 */
JWT_MUST_USE enum jwt_reason record_parse(struct secret *text,
    struct record *out);

/* Free what a record owns, and zero it; accepts a zeroed record. */
void record_clear(struct record *record);

#endif
