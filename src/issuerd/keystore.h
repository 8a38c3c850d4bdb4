/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The folder keys/ below the directory of the issuer: state.json says which
 * keys there are and what each may do.  Nobody else may look into it.
 */
#ifndef JWT_KEYSTORE_H
#define JWT_KEYSTORE_H

#include "host/file.h"
#include "issuerd/issuer_conf.h"
#include "issuerd/key_state.h"

#define KEYSTORE_FOLDER	"keys"
#define KEYSTORE_STATE	"state.json"
#define KEYSTORE_FAULT_SIZE 512	/* of a message, with its file */

enum keystore_use {
	KEYSTORE_READ,		/* without a lock: writers replace files */
	KEYSTORE_CHANGE,	/* one process at a time */
	KEYSTORE_INIT		/* the same, and nothing needs to be there */
};

/* Too big for a stack frame. */
struct keystore {
	int folder;		/* descriptor of keys/ */
	char path[FILE_PATH_MAX];	/* of keys/ */
	struct key_list list;
};

/* Write "WHAT: FAULT" as a message, and return false. */
bool keystore_fail(char fault[KEYSTORE_FAULT_SIZE], const char *what,
    const char *format, ...) __attribute__((format(printf, 3, 4)));

/*
 * Open keys/ as the owner of the directory, and read the list.  KEYSTORE_INIT
 * makes the folder and an empty list if they are missing; but a list that is
 * missing beside keys was lost, and is not made again.
 *
 * False, with a message in fault.  The caller must close *out whatever the
 * result.
 */
bool keystore_open(const struct issuer_conf *conf, enum keystore_use use,
    struct keystore **out, char fault[KEYSTORE_FAULT_SIZE]);

/* Replace state.json by the list; a reader sees the old one or the new one. */
bool keystore_write(const struct keystore *store,
    char fault[KEYSTORE_FAULT_SIZE]);

/*
 * Whether a key file in the folder is in no list, as an interrupted command
 * leaves it; *out gets its name.
 */
bool keystore_find_stray(struct keystore *store,
    char out[FILE_NAME_MAX + 1]);

/* NULL is allowed. */
void keystore_close(struct keystore *store);

#endif
