/* SPDX-License-Identifier: BSD-2-Clause */
/* What state_dir.c and state_dir_keep.c share: the links themselves. */
#ifndef JWT_STATE_LINK_H
#define JWT_STATE_LINK_H

#include "host/state/state_dir.h"

#define STATE_LINK_SIZE	128	/* bytes: "1.", an epoch and a key */
#define STATE_LEFTOVER	".new-"	/* how a temporary name starts */
#define STATE_PURGED	"purged"
#define STATE_PULLED	"pulled"
#define STATE_SHARDS	256
#define STATE_LOCK_WAIT_MSEC 10000

/* Notes the fault; returns JWT_STATE_UNAVAILABLE. */
enum jwt_reason state_dir_fail(struct state_dir *dir, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* "WHAT: ENOENT"; returns it too, or JWT_OUT_OF_MEMORY. */
enum jwt_reason state_dir_fail_errno(struct state_dir *dir, const char *what);

/* The parts of state_dir_open(): the folder, and what its store link says. */
enum jwt_reason state_dir_open_folder(const char *path, struct state_dir *dir);
enum jwt_reason state_dir_load(struct state_dir *dir);

/* The text of a link, whole; false with errno. */
bool state_link_read(int folder, const char *name, char out[STATE_LINK_SIZE]);

/*
 * The folder of a fact, and its name there.  Opened, so that a folder that is
 * gone is not taken for a fact that is not there.  *fd is to be closed, unless
 * it is -1.
 */
JWT_MUST_USE enum jwt_reason state_dir_open_shard(struct state_dir *dir,
    const struct state_id *id, char name[64], int *fd);

/* The target of the link for a fact. */
void state_link_format(const struct state_fact *fact,
    char out[STATE_LINK_SIZE]);

/* UNTIL or UNTIL.CUTOFF; false for anything else. */
bool state_link_parse(const char *text, int64_t *until, int64_t *cutoff);

/* Put a link in the place of another, whole and durably; false with errno. */
bool state_link_replace(int folder, const char *name, const char *target);

#endif
