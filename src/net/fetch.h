/* SPDX-License-Identifier: BSD-2-Clause */
/* pam-jwt-net fetch: one request in, one answer out. */
#ifndef JWT_FETCH_H
#define JWT_FETCH_H

/* Returns the exit status: 0 when an answer, or a failure, was written. */
int fetch_run(void);

#endif
