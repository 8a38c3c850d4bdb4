/* SPDX-License-Identifier: BSD-2-Clause */
/* The settings of an [issuer] with keys = sync for fetching its keys. */
#ifndef JWT_SYNC_SETTINGS_H
#define JWT_SYNC_SETTINGS_H

#include <stdbool.h>

#define SYNC_DIRECTORY_DEFAULT	"/var/lib/pam_jwt/keys"
#define SYNC_NAME_MAX		64	/* bytes of an issuer's name: files have it */
#define SYNC_EVERY_DEFAULT_SEC	600
#define SYNC_EVERY_MIN_SEC	60
#define SYNC_EVERY_MAX_SEC	(24 * 3600)
#define KEYS_MAX_AGE_DEFAULT_SEC (7 * 86400)
#define KEYS_MAX_AGE_MIN_SEC	3600

struct sync_settings {
	bool wanted;		/* keys = sync */
	unsigned line;		/* of the first setting below; 0: not set */
	const char *discovery;	/* URL; NULL: the default place of iss */
	const char *jwks_uri;	/* URL, instead of discovery; or NULL */
	unsigned every_sec;
	unsigned keys_max_age_sec;	/* after the last success */
	unsigned keep_old_sec;	/* how long an unpublished key counts */
	const char *ca_file;	/* NULL: the system's authorities */
	const char *client_cert;	/* NULL: none */
	const char *client_key;	/* of client_cert */
	const char *proxy;	/* URL; NULL: none */
};

#endif
