/* SPDX-License-Identifier: BSD-2-Clause */
/* Public keys and certificates of OpenSSH, from files that the caller names. */
#ifndef JWT_SSH_PUBLIC_H
#define JWT_SSH_PUBLIC_H

#include "core/jose/sshkey.h"

/* Whether a text is the public key file of OpenSSH, and not JSON or PEM. */
bool ssh_public_is(struct bytes text);

/*
 * Read the next key of a text, which moves on; empty lines and lines with # are
 * skipped.  Returns 1, 0 at the end, or -1 with a message.
 */
int ssh_public_next(const char *name, struct bytes *text, struct sshkey *out);

/* Read a file with exactly one key; false, with a message. */
bool ssh_public_read(const char *path, struct sshkey *out);

#endif
