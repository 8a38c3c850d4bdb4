/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A socket that is connected to the Redis of the configuration: it sends and
 * receives bytes under one deadline.
 *
 * The process belongs to sshd or sudo.  So this raises no signal, never uses
 * the descriptors 0 to 2, asks no resolver, and waits for nothing after the
 * deadline.
 */
#ifndef JWT_WIRE_H
#define JWT_WIRE_H

#include "core/policy/policy.h"
#include "core/reason.h"

#define WIRE_FAULT_SIZE 128

struct wire {
	int fd;			/* -1: not open */
	int64_t deadline_msec;	/* on CLOCK_MONOTONIC */
	char fault[WIRE_FAULT_SIZE];	/* what is wrong, for the log */
};

/*
 * Connect.  The deadline, redis_timeout_sec from now, also holds for everything
 * that is sent and received afterwards.
 * Returns JWT_OK, JWT_STATE_UNAVAILABLE with fault, or JWT_OUT_OF_MEMORY.  The
 * caller must close *out whatever the result.
 */
JWT_MUST_USE enum jwt_reason wire_open(const struct state_settings *settings,
    struct wire *out);
void wire_close(struct wire *wire);

/* Set the deadline again: for the command, which makes several round trips. */
void wire_set_deadline(struct wire *wire, unsigned seconds);

/* How many milliseconds are left until the deadline; never negative. */
int64_t wire_left(const struct wire *wire);

/* Send all of text. */
JWT_MUST_USE enum jwt_reason wire_send(struct wire *wire, struct bytes text);

/* Wait for some bytes and receive them; *got is 0 at the end of the stream. */
JWT_MUST_USE enum jwt_reason wire_receive(struct wire *wire, uint8_t *out,
    size_t size, size_t *got);

/* Write wire->fault; returns JWT_STATE_UNAVAILABLE. */
enum jwt_reason wire_fail(struct wire *wire, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
