/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * TLS for a wire, by libssl: loaded when a configuration asks for it, and by
 * nobody else.
 */
#ifndef JWT_TLS_H
#define JWT_TLS_H

#include "host/state/wire.h"

struct tls;

/*
 * Make a TLS 1.2 or 1.3 connection on a wire that is connected: the server's
 * certificate must be of an authority of redis_ca_file (default: of the
 * system), and name redis_host.
 * Returns JWT_OK with *out; JWT_STATE_UNAVAILABLE with wire->fault;
 * JWT_OUT_OF_MEMORY.  *out borrows wire.  The host's OpenSSL error queue is
 * left as it was.
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
