/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * TLS over a wire, with libssl.  The library is loaded only if the
 * configuration names a Redis with TLS.
 */
#ifndef JWT_TLS_H
#define JWT_TLS_H

#include "host/state/wire.h"

struct tls;

/*
 * Make a TLS 1.2 or 1.3 connection on a wire that is connected.  An authority
 * of redis_ca_file, or one of the system if that is not set, must have signed
 * the server's certificate, and the certificate must name redis_host.
 *
 * Returns JWT_OK, JWT_STATE_UNAVAILABLE with wire->fault, or JWT_OUT_OF_MEMORY.
 * The caller calls tls_close(*out) whatever the result.  *out borrows wire.
 * The OpenSSL error queue of the process keeps what was in it.
 */
JWT_MUST_USE enum jwt_reason tls_open(const struct state_settings *settings,
    struct wire *wire, struct tls **out);

/* Accepts NULL. */
void tls_close(struct tls *tls);

JWT_MUST_USE enum jwt_reason tls_send(struct tls *tls, struct bytes text);

/* *got is 0 at the end of the stream. */
JWT_MUST_USE enum jwt_reason tls_receive(struct tls *tls, uint8_t *out,
    size_t size, size_t *got);

#endif
