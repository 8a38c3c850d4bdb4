/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The folder of fetched sets: one sync at a time in it, and files that are
 * replaced whole.
 *
 * A login reads them while we write, and the power may go at any moment: each
 * sees the old file or the new one.  A dry run never comes here.
 */
#ifndef JWT_INSTALL_H
#define JWT_INSTALL_H

#include "core/base/bytes.h"
#include "core/reason.h"

#define INSTALL_FAULT_SIZE 256

struct install {
	int folder;		/* descriptor; -1: not open */
	int lock;		/* of the file ".lock" in it; -1: not locked */
	bool busy;		/* another sync holds the lock */
	char fault[INSTALL_FAULT_SIZE];	/* in words, without the path */
};

/*
 * Open the folder, make it (0755) where it is missing and nobody else may
 * write the one above it, and lock it.
 *
 * path      absolute: sync_directory
 * wait_sec  to wait for another sync, at most; 0: not at all
 *
 * Returns JWT_OK; JWT_STATE_UNAVAILABLE with a fault, and then busy says
 * whether all that is wrong is another sync; JWT_OUT_OF_MEMORY.  *out is to be
 * closed whatever the result, by install_close(), which unlocks it.
 */
JWT_MUST_USE enum jwt_reason install_open(const char *path, unsigned wait_sec,
    struct install *out);

/*
 * Put a file in the place of an old one: NAME.new, fsync, rename, fsync of the
 * folder; 0644.  A NAME.new that somebody left is removed first.
 *
 * name  "corp.jwks", "corp.state": without a slash
 *
 * Returns JWT_OK; JWT_STATE_UNAVAILABLE with a fault, and then the old file is
 * there as it was, unless it is the folder that could not be synced: then the
 * new one is there, but a power cut may take it back.
 */
JWT_MUST_USE enum jwt_reason install_file(struct install *install,
    const char *name, struct bytes text);

void install_close(struct install *install);

#endif
