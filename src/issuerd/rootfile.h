/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads the files of /etc/pam_jwt that decide who gets a token. */
#ifndef JWT_ROOTFILE_H
#define JWT_ROOTFILE_H

#include "host/file.h"

/*
 * Read a file that must be root's.  file_read() takes the effective user's
 * files, too; but the account that runs the issuer is reached from the network,
 * and must not choose its own settings and people.
 *
 * Returns JWT_OK; JWT_CONFIG_INVALID if the file cannot be read, and then
 * out->missing may be set; JWT_CONFIG_UNSAFE if somebody other than root could
 * have written it; JWT_OUT_OF_MEMORY or JWT_INTERNAL.  Unless it is JWT_OK,
 * out->fault says why.  The caller must clear *out whatever the result.
 */
JWT_MUST_USE enum jwt_reason rootfile_read(const char *path, struct file *out);

#endif
