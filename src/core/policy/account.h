/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From a rule's account form to a local account.
 */
#ifndef JWT_ACCOUNT_H
#define JWT_ACCOUNT_H

#include "core/base/diag.h"
#include "core/policy/rule.h"

#define ACCOUNT_NAME_MAX 256	/* bytes: names of a directory are e-mails */
#define ACCOUNT_CLAIM_MAX 32	/* bytes: the limit of useradd and utmp */

/*
 * Whether a name is one that a claim may give without further ado, as useradd
 * makes them: [a-z_][a-z0-9_-]* with dots inside, ACCOUNT_CLAIM_MAX bytes.
 */
bool account_name_is_valid(struct bytes name);

/*
 * Whether a name is one that a directory service may give an account, as
 * alice@example.com or DOM\alice: well-formed UTF-8 without control
 * characters, without space : / , and ", which end a name in some file; no -
 * or . in front, which make it an option or a path; ACCOUNT_NAME_MAX bytes.
 * For quoted literals, map files and "as claim C exactly".
 */
bool account_name_is_exact(struct bytes name);

/*
 * Whether a name may be written in a rule without quotes: letters, digits,
 * _ - and dots, perhaps $ at the end.  Everything else is more likely meant
 * to be a pattern or a group, as * or %wheel.
 */
bool account_name_is_bare(struct bytes name);

/* What the host knows of an account. */
struct account_facts {
	bool exists;
	bool is_root;		/* uid 0 */
	bool is_protected;	/* account_is_system() */
	const char *note;	/* static; "locked", "expired", or NULL */
};

/*
 * Whether an account is the system's and no person's, so that claims and maps
 * must not lead to it: uid 0 and all below UID_MIN; nobody, and the ids that
 * the kernel shows for what it cannot map; the accounts that systemd makes up
 * for a running service (DynamicUser=) or container.
 *
 * uid_min  UID_MIN of login.defs
 */
bool account_is_system(uint32_t uid, const char *name, unsigned long uid_min);

/*
 * Look an account up.  Returns JWT_OK with *out filled, also when there is
 * no such account; else JWT_OUT_OF_MEMORY or JWT_INTERNAL.
 */
struct account_host {
	enum jwt_reason (*look_up)(void *ctx, const char *name,
	    struct account_facts *out);
	void *ctx;
};

/* Lines of `issuer subject account[,account…]`; opaque. */
struct account_map;

/*
 * Parse a map file.  Errors are noted in diag with file and line.
 * *out is of arena, as are copies of all that it needs of text.
 * Returns JWT_OK, JWT_CONFIG_INVALID or JWT_OUT_OF_MEMORY.
 */
JWT_MUST_USE enum jwt_reason account_map_parse(struct bytes text,
    const char *file, struct arena *arena, struct diag *diag,
    const struct account_map **out);

/* Who is asking, and as whom. */
struct account_query {
	const char *issuer;		/* name of the issuer block */
	struct bytes sub;
	const struct json_node *claims;	/* of a verified token */
	const char *user;		/* asked for; NULL: none yet */
};

/*
 * The account that the form of a permit rule gives.
 *
 * out  ACCOUNT_NAME_MAX + 1 bytes; set on JWT_OK, "" otherwise
 *
 * Returns JWT_OK when it is the one asked for, or none was asked for;
 * JWT_ACCOUNT_MISMATCH when it is another; JWT_ACCOUNT_INVALID when the claim
 * gives none; JWT_NOT_PERMITTED when the map does not have the subject.
 */
JWT_MUST_USE enum jwt_reason account_of_rule(const struct rule *rule,
    const struct account_query *query, char out[ACCOUNT_NAME_MAX + 1]);

#endif
