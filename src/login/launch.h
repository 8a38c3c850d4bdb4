/* SPDX-License-Identifier: BSD-2-Clause */
/* Opens an address in the browser of the user. */
#ifndef JWT_LAUNCH_H
#define JWT_LAUNCH_H

#include <stdbool.h>

/* Whether a browser could be seen: there is a display, or $BROWSER is set. */
bool launch_has_browser(void);

/* Whether this is a login over the network, so that a browser is elsewhere. */
bool launch_is_remote(void);

/*
 * Start the first that there is: the programs of $BROWSER (separated by
 * colons; each may have words, and %s for the address), xdg-open, open.  No
 * shell sees the address, which a provider has chosen a part of.
 *
 * False if none could be started; a program that was started may still fail.
 */
bool launch_browser(const char *url);

#endif
