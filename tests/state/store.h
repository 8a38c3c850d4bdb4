/* SPDX-License-Identifier: BSD-2-Clause */
/* What the programs of tests/state share: results, and questions to a store. */
#ifndef TESTS_STORE_H
#define TESTS_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "host/state/state_dir.h"

extern int failed;	/* tests that did */

/* "ok - state: NAME", or "not ok", with a reason behind a colon. */
void report(bool good, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The program cannot go on. */
__attribute__((noreturn)) void die(const char *what);

/* Make a store in an empty place of folder; the path is static. */
const char *new_store(const char *folder);

/* Use (or look whether it was used) the token of that number. */
enum jwt_reason use_once(struct state_dir *dir, unsigned number, bool consume,
    bool *found);

/* Revoke the token of that number; look whether it is. */
enum jwt_reason revoke_token(struct state_dir *dir, unsigned number);
enum jwt_reason is_revoked(struct state_dir *dir, unsigned number,
    bool *found);

enum jwt_reason revoke_until(struct state_dir *dir, unsigned number,
    int64_t until);

/* Where its revocation stands. */
enum jwt_reason token_name(struct state_dir *dir, unsigned number,
    char shard[3], char link[64]);

/* Cut the one subject off, or take that back (until 0); 0: it is not. */
enum jwt_reason cut_off(struct state_dir *dir, int64_t cutoff, int64_t until);
enum jwt_reason get_cutoff(struct state_dir *dir, int64_t *cutoff);

#define TEST_NOW	INT64_C(1700000000)
#define TEST_UNTIL	INT64_C(1700001000)

#endif
