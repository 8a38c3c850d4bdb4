/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Functions that state_dir.c and state_dir_keep.c share: they read and write
 * the links, and take some steps of opening the directory.
 */
#ifndef JWT_STATE_LINK_H
#define JWT_STATE_LINK_H

#include "host/state/state_dir.h"

#define STATE_LINK_SIZE	128	/* bytes: "1.", an epoch and a key */
#define STATE_LEFTOVER	".new-"	/* how a temporary name starts */
#define STATE_PURGED	"purged"
#define STATE_PULLED	"pulled"
#define STATE_SHARDS	256
#define STATE_LOCK_WAIT_MSEC 10000

/* Write dir->fault; returns JWT_STATE_UNAVAILABLE. */
enum jwt_reason state_dir_fail(struct state_dir *dir, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The same with "WHAT: ENOENT" from errno; JWT_OUT_OF_MEMORY for ENOMEM. */
enum jwt_reason state_dir_fail_errno(struct state_dir *dir, const char *what);

/* The same after file_lock() has failed. */
enum jwt_reason state_dir_fail_lock(struct state_dir *dir);

/* The steps of state_dir_open(): open the folder; read its link "store". */
enum jwt_reason state_dir_open_folder(const char *path, struct state_dir *dir);
enum jwt_reason state_dir_load(struct state_dir *dir);

/* Read the target of a link; false with errno. */
bool state_link_read(int folder, const char *name, char out[STATE_LINK_SIZE]);

/*
 * Open the folder of a fact, and find the name of the fact in it.  A folder
 * that is missing is an error: it must not pass for a fact that was never
 * noted.  The caller closes *fd; it is -1 unless JWT_OK.
 */
JWT_MUST_USE enum jwt_reason state_dir_open_shard(struct state_dir *dir,
    const struct state_id *id, char name[64], int *fd);

/* Write the target of the link for a fact. */
void state_link_format(const struct state_fact *fact,
    char out[STATE_LINK_SIZE]);

/* Read UNTIL or UNTIL.CUTOFF; false for anything else. */
bool state_link_parse(const char *text, int64_t *until, int64_t *cutoff);

/* Replace a link in one step, and fsync() the folder; false with errno. */
bool state_link_replace(int folder, const char *name, const char *target);

#endif
