/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The name of a program for its messages: POSIX does not tell a function by
 * what name the program was called.  Compiled once for each program.
 */
const char port_program[] = JWT_PROGRAM;
