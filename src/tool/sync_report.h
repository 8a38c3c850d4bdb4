/* SPDX-License-Identifier: BSD-2-Clause */
/* How `pam-jwt sync` says what became of an issuer: a line, JSON, the log. */
#ifndef JWT_SYNC_REPORT_H
#define JWT_SYNC_REPORT_H

#include <stdio.h>

#include "sync/keyset.h"

enum sync_result {
	SYNC_FAILED,		/* kept or refused, and there is no old set */
	SYNC_REFUSED,		/* the answer was judged bad */
	SYNC_KEPT,		/* there was no answer that could be judged */
	SYNC_UNCHANGED,
	SYNC_INSTALLED
};

/* What there is to say; all borrowed. */
struct sync_report {
	const char *name;	/* of the issuer */
	enum sync_result result;
	const char *why;	/* of the first three; NULL otherwise */
	const struct keyset *keyset;	/* of the last two; NULL otherwise */
	bool is_dry;		/* nothing was installed */
	int64_t synced;		/* of the set that counts after this; 0: none */
	size_t keys;		/* in it */
};

/* "corp: installed, +KID -KID (NOTES)", without a line end. */
void sync_report_print(const struct sync_report *report, FILE *out);

struct json_object *sync_report_json(const struct sync_report *report);

/* The same line for syslog, as pam-jwt and authpriv, at a level of syslog.h. */
void sync_report_log(const struct sync_report *report, int level);

#endif
