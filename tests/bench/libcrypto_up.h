/* SPDX-License-Identifier: BSD-2-Clause */
/* libcrypto as sshd has it when PAM begins. */
#ifndef TESTS_BENCH_LIBCRYPTO_UP_H
#define TESTS_BENCH_LIBCRYPTO_UP_H

/* Loads it, and uses it for a key; ends the program where that fails. */
void libcrypto_up(const char *name);

#endif
