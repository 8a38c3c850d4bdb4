/* SPDX-License-Identifier: BSD-2-Clause */
/* pam-jwt check --keys: one key file, before it is put in force. */
#ifndef JWT_CHECK_KEYS_H
#define JWT_CHECK_KEYS_H

#include <stdbool.h>

/*
 * Read a key file as the module would read it for an issuer, and print the
 * keys that can be used, and why others cannot.
 *
 * algorithms  the words of the issuer's setting, or NULL where it has none
 *
 * Returns EXIT_YES when a token of this file's keys could be verified;
 * EXIT_NO when the module would refuse the file; EXIT_TROUBLE, with a
 * message, when it cannot be told.
 */
int check_keys(const char *path, const char *algorithms, bool json);

#endif
