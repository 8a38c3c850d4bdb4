/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The version of all programs and of the module.  The module has it in its file
 * after a mark, so that `pam-jwt check` can read it without loading anything.
 */
#ifndef JWT_VERSION_H
#define JWT_VERSION_H

#define VERSION "0.2.0"
#define VERSION_MARK "pam_jwt.so is of version "	/* in the module, before it */

#endif
