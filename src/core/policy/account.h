/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From a permit rule to a local account: by a name in the rule, a claim or a
 * map file.  A claim may be a user's own choice, so this decides which names a
 * token can never lead to.
 */
#ifndef JWT_ACCOUNT_H
#define JWT_ACCOUNT_H

#include "core/base/diag.h"
#include "core/policy/rule.h"

#define ACCOUNT_NAME_MAX 256	/* bytes: names of a directory are e-mails */
#define ACCOUNT_CLAIM_MAX 32	/* bytes: the limit of useradd and utmp */

/*
 * Whether a claim may give this name without "exactly".  The names are those
 * that useradd makes: [a-z_][a-z0-9_-]* with dots inside, ACCOUNT_CLAIM_MAX
 * bytes.
 */
bool account_name_is_valid(struct bytes name);

/*
 * Whether a directory service may give an account this name, such as
 * alice@example.com or DOM\alice.  The name is well-formed UTF-8 without
 * control characters.  It has none of space : / , and ", which end a name in
 * some file, and no - or . in front, which make it an option or a path.  It
 * has at most ACCOUNT_NAME_MAX bytes.  Quoted names, map files and "as claim C
 * exactly" may have it.
 */
bool account_name_is_exact(struct bytes name);

/*
 * Whether a name may be written in a rule without quotes: letters, digits,
 * _ - and dots, perhaps $ at the end.  Anything else is more likely meant as a
 * pattern or a group, such as * or %wheel.
 */
bool account_name_is_bare(struct bytes name);

/* The properties of an account, as the host looks them up. */
struct account_facts {
	bool exists;
	bool is_root;		/* uid 0 */
	bool is_protected;	/* account_is_system() */
	const char *note;	/* static; "locked", "expired", or NULL */
};

/*
 * Whether an account belongs to the system and not to a person, so that claims
 * and maps must not lead to it: uid 0 and all below UID_MIN; nobody, and the
 * ids that the kernel shows for an id that it cannot map; the accounts that
 * systemd invents for a running service (DynamicUser=) or container.
 *
 * uid_min  UID_MIN of login.defs
 */
bool account_is_system(uint32_t uid, const char *name, unsigned long uid_min);

/*
 * Look an account up.  Returns JWT_OK with *out filled, also if there is no
 * such account; otherwise JWT_OUT_OF_MEMORY or JWT_INTERNAL.
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
 * *out is in arena, and so are copies of the words that it needs of text.
 * Returns JWT_OK, JWT_CONFIG_INVALID or JWT_OUT_OF_MEMORY.
 */
JWT_MUST_USE enum jwt_reason account_map_parse(struct bytes text,
    const char *file, struct arena *arena, struct diag *diag,
    const struct account_map **out);

/* A line of a map, for the report of who can reach an account. */
struct account_map_line {
	struct bytes issuer;	/* name of the issuer block; all are borrowed */
	struct bytes sub;
	struct bytes accounts;	/* with commas between them */
	unsigned line;
};

/*
 * Find a line that leads to the account, from index *at on, and move *at after
 * it; false at the end.  The lines come in the order of their subjects.
 */
bool account_map_next(const struct account_map *map, const char *account,
    size_t *at, struct account_map_line *out);

struct policy_source;

/* The subject of a token, and the account that it wants to log in to. */
struct account_query {
	const char *issuer;		/* name of the issuer block */
	struct bytes sub;
	const struct json_node *claims;	/* of a verified token */
	const char *user;		/* the account; NULL: not known yet */
	const struct policy_source *source;	/* NULL: the rules have their maps */
};

/*
 * Find the accounts of a subject.  *out has commas between them, and is
 * borrowed from map.  JWT_OK or JWT_NOT_PERMITTED: it has none.
 */
JWT_MUST_USE enum jwt_reason account_map_look_up(const struct account_map *map,
    const struct account_query *query, struct bytes *out);

/*
 * Find them in the text of a map file.  Lines of other subjects are not read,
 * but for one of the issuer that has the subject in it and no sound subject of
 * its own.  Such a line, and a line of the subject that is malformed or the
 * second one, is an error that is noted in diag.
 *
 * text  borrowed for the call
 * out   in arena; empty unless JWT_OK
 *
 * Returns JWT_OK, JWT_NOT_PERMITTED, JWT_CONFIG_INVALID or JWT_OUT_OF_MEMORY.
 */
JWT_MUST_USE enum jwt_reason account_map_find(struct bytes text,
    const char *file, const struct account_query *query, struct arena *arena,
    struct diag *diag, struct bytes *out);

/*
 * The account that the form of a permit rule gives.
 *
 * out  ACCOUNT_NAME_MAX + 1 bytes; set on JWT_OK, "" otherwise
 *
 * Returns JWT_OK if it is query->user, or that is NULL; JWT_ACCOUNT_MISMATCH if
 * it is another account; JWT_ACCOUNT_INVALID if the claim has no valid name, or
 * lists several and none is asked for; JWT_NOT_PERMITTED if the map does not
 * have the subject; a reason of the configuration or internal class if the map
 * cannot be read.
 */
JWT_MUST_USE enum jwt_reason account_of_rule(const struct rule *rule,
    const struct account_query *query, char out[ACCOUNT_NAME_MAX + 1]);

#endif
