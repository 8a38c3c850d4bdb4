/* SPDX-License-Identifier: BSD-2-Clause */
/* An address as a QR code at the terminal, drawn by pam-jwt-net. */
#ifndef JWT_QR_SHOW_H
#define JWT_QR_SHOW_H

#include "sync/fetcher.h"

/*
 * Show a text on standard error, if that is a terminal with UTF-8 and is wide
 * enough.  Nothing happens if the code cannot be drawn: the address is there
 * in letters as well.
 */
void qr_show(const struct fetcher_options *fetcher, struct bytes text);

#endif
