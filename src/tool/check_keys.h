/* SPDX-License-Identifier: BSD-2-Clause */
/* pam-jwt check --keys: checks one key file before it is put in force. */
#ifndef JWT_CHECK_KEYS_H
#define JWT_CHECK_KEYS_H

#include "core/jose/jwk.h"

#include <stdbool.h>

/*
 * Read a key file as the module would read it for an issuer.  Print the keys
 * that can be used, and say why others cannot.
 *
 * algorithms  the words of the issuer's setting, or NULL if it has none
 *
 * Returns EXIT_YES when the file has a key that can verify a token, EXIT_NO
 * when the module would refuse the file, and EXIT_TROUBLE, with a message, when
 * the file cannot be judged.
 */
int check_keys(const char *path, const char *algorithms, bool json);

struct json_object;

/* A new array of the keys that can be used: kid, kty and alg of each. */
struct json_object *check_keys_json(const struct jwk_set *set);

#endif
