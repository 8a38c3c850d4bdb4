/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A connection to the Redis of the configuration: bytes out, bytes in, one
 * deadline for all of it.
 *
 * A guest of sshd and sudo: no signal is raised, no descriptor of the host's
 * is taken, no resolver is asked, and nothing waits beyond the deadline.
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
 * Connect within redis_timeout_sec, which counts for all that follows too.
 * Returns JWT_OK, JWT_STATE_UNAVAILABLE with fault, or JWT_OUT_OF_MEMORY.
 * *out is to be closed whatever the result.
 */
JWT_MUST_USE enum jwt_reason wire_open(const struct state_settings *settings,
    struct wire *out);
void wire_close(struct wire *wire);

/* Start the deadline anew: for the command, which makes several round trips. */
void wire_set_deadline(struct wire *wire, unsigned seconds);

/* Milliseconds that are left, at least 0. */
int64_t wire_left(const struct wire *wire);

/* Send all of it. */
JWT_MUST_USE enum jwt_reason wire_send(struct wire *wire, struct bytes text);

/* Receive what there is; *got is 0 at the end of the stream. */
JWT_MUST_USE enum jwt_reason wire_receive(struct wire *wire, uint8_t *out,
    size_t size, size_t *got);

/* Notes the fault; returns JWT_STATE_UNAVAILABLE. */
enum jwt_reason wire_fail(struct wire *wire, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
