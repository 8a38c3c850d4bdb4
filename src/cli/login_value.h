/* SPDX-License-Identifier: BSD-2-Clause */
/* The form that each value of login.conf must have. */
#ifndef JWT_LOGIN_VALUE_H
#define JWT_LOGIN_VALUE_H

#include "cli/login_conf.h"

/* Printable ASCII and not empty; a space counts too if it is allowed. */
bool login_value_is_visible(struct bytes text, bool with_spaces);

/* One scope (RFC 6749 section 3.3). */
bool login_value_is_scope(struct bytes word);

/* An absolute URI without a fragment (RFC 3986 section 4.3). */
bool login_value_is_uri(struct bytes text);

/*
 * A destination of ssh: USER@HOST or ssh://USER@HOST[:PORT], an IPv6 address of
 * the second in brackets.  It becomes an argument of ssh, which must take it
 * neither for an option nor for anything but a user and a host.
 */
bool login_value_is_destination(struct bytes text);

/* A fingerprint as ssh-keygen -l prints it, in its one spelling. */
bool login_value_is_fingerprint(struct bytes text);

/*
 * The name of a section.  A file is named so, and others beside it end in .lock
 * and .new, so there is no dot in it.
 */
bool login_value_is_name(struct bytes word);

#endif
