/* SPDX-License-Identifier: BSD-2-Clause */
/* pam-jwt-net qr: an address as a picture, for the camera of a telephone. */
#ifndef JWT_QR_H
#define JWT_QR_H

/*
 * Read 1 to 2,048 bytes of printable ASCII from standard input, and write them
 * as a QR code (ISO/IEC 18004) for a UTF-8 terminal of 80 columns.
 *
 * Returns the exit status: EXIT_TROUBLE, with a message, for other bytes, for a
 * text that needs more columns, and in a build without libqrencode.
 */
int qr_run(void);

#endif
