/* SPDX-License-Identifier: BSD-2-Clause */
/* Shows the keys of the issuer, and what may be done with each, and when. */
#ifndef JWT_KEY_STATUS_H
#define JWT_KEY_STATUS_H

#include "issuerd/key_change.h"

/*
 * Print the keys, as text or as one JSON object.  Returns EXIT_YES; EXIT_NO if
 * the published texts are not those of the keys, or a file is left over; or
 * EXIT_TROUBLE with a message.
 */
int key_status_print(struct key_change *change, bool as_json);

#endif
