/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The key that sshd has checked in this login.  With ExposeAuthInfo, sshd
 * writes it into a file that SSH_USER_AUTH names, and the file is the account's:
 *
 *     publickey ssh-ed25519 AAAA...
 */
#ifndef JWT_AUTH_INFO_H
#define JWT_AUTH_INFO_H

#include "core/jose/sshkey.h"

/*
 * Read the text of the file: one line, of a key that sshkey_read() takes and
 * that is not inside a certificate.  Whoever signs certificates is not meant to
 * choose people here.
 *
 * Returns NULL with *out, or a fault as a static phrase.
 */
JWT_MUST_USE const char *auth_info_parse(struct bytes text,
    struct sshkey *out);

/*
 * Read the file, which must be a regular one of the effective user that nobody
 * else can read: another user's file could name any key.
 *
 * path  absolute
 *
 * Returns as auth_info_parse().
 */
JWT_MUST_USE const char *auth_info_load(const char *path, struct sshkey *out);

#endif
