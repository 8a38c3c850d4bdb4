/* SPDX-License-Identifier: BSD-2-Clause */
/* The start of libcrypto, before anything else of it is called. */
#ifndef JWT_OPENSSL_H
#define JWT_OPENSSL_H

#include <stdbool.h>

/*
 * Whether libcrypto is ready; false: memory ran out.
 *
 * When memory runs out while libcrypto starts, OpenSSL 3.0 leaves its default
 * context half made, and the next call dereferences NULL in somebody else's
 * process.  Asking for the context runs the same start, and tells.
 */
bool openssl_is_up(void);

#endif
