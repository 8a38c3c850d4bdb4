/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rules: which verified claims may log in as which account.
 *
 * They are parsed once at load (rule.c) and evaluated with three values
 * (rule_eval.c): a test of a claim that is absent or of the wrong type is
 * unknown.  A permit needs true; a deny fires on true and on unknown.  So a
 * claim that is missing never opens a door.
 */
#ifndef JWT_RULE_H
#define JWT_RULE_H

#include "core/base/diag.h"
#include "core/base/netaddr.h"
#include "core/base/zone.h"
#include "core/policy/claim_path.h"

#define RULE_DEPTH_MAX	16	/* parentheses and nots inside each other */
#define RULE_ALL_MAX	64	/* values of "has all": bits of an integer */

enum tri {
	TRI_FALSE,
	TRI_TRUE,
	TRI_UNKNOWN
};

enum rule_op {
	RULE_EQ,
	RULE_NE,
	RULE_EQ_CLAIM,
	RULE_NE_CLAIM,
	RULE_HAS,
	RULE_HAS_ANY,
	RULE_HAS_ALL,
	RULE_HAS_MATCHING,
	RULE_IN,
	RULE_IN_CLAIM,
	RULE_MATCHES,
	RULE_EXISTS,
	RULE_LT,
	RULE_LE,
	RULE_GT,
	RULE_GE,
	RULE_WITHIN,
	RULE_OLDER,
	RULE_BETWEEN
};

enum rule_subject {
	RULE_CLAIM,
	RULE_RHOST,	/* RULE_IN, or RULE_NE for "not in"; nets */
	RULE_USER,	/* RULE_EQ or RULE_IN: values; RULE_IN_CLAIM: other */
	RULE_SSHKEY,	/* the type of the ssh key that was proved */
	RULE_SSHCA,	/* the fingerprint of the CA of its certificate */
	RULE_TIME	/* RULE_BETWEEN; span */
};

/*
 * A value of a rule; true, false and numbers have their type without quotes.
 * Only the tests of a claim with = != and in look at the type.
 */
struct rule_value {
	enum json_node_type type;	/* JSON_STRING, NUMBER, TRUE or FALSE */
	struct bytes text;
};

/*
 * A part of some days.  If it ends before it begins, it crosses midnight, and
 * belongs to the day on which it begins.
 */
struct rule_span {
	unsigned from;		/* minutes of the day; the first one inside */
	unsigned until;		/* the first one outside; 1440 for 24:00 */
	unsigned days;		/* a bit for each: 1 is Sunday, 2 Monday */
};

struct rule_test {
	enum rule_subject subject;
	enum rule_op op;
	struct claim_path path;
	struct claim_path other;	/* of RULE_..._CLAIM */
	struct rule_value *values;	/* of RULE_HAS_ANY and _ALL: a set */
	size_t value_count;
	struct netaddr_block *nets;
	size_t net_count;
	unsigned seconds;	/* RULE_WITHIN, RULE_OLDER */
	struct rule_span span;	/* RULE_BETWEEN */
	const char *text;	/* as written, for explaining */
};

enum rule_kind {
	RULE_AND,
	RULE_OR,
	RULE_NOT,	/* of its one child */
	RULE_TEST
};

/* Children form a list, so that only parentheses and nots add depth. */
struct rule_cond {
	enum rule_kind kind;
	struct rule_cond *child;
	struct rule_cond *next;		/* of the same parent */
	struct rule_test test;
};

enum rule_account {
	RULE_AS_NAME,
	RULE_AS_CLAIM,
	RULE_AS_MAP
};

struct account_map;

struct rule {
	bool permit;
	unsigned line;
	const char *text;		/* the value as written */
	enum rule_account account;
	struct bytes name;		/* RULE_AS_NAME */
	struct claim_path claim;		/* RULE_AS_CLAIM */
	bool lower;			/* A to Z become lowercase first */
	struct bytes without;		/* suffix to strip; empty: none */
	struct bytes without_prefix;	/* prefix to strip; empty: none */
	bool exactly;			/* any account_name_is_exact() */
	const char *map_path;		/* RULE_AS_MAP */
	const struct account_map *map;	/* filled by the host from map_path */
	const struct rule_cond *cond;	/* NULL: always true */
	bool conjunction;		/* tests and "and" alone: no or, no not */
	bool names_act;			/* the condition looks at the act claim */
	bool names_key;			/* the condition looks at the ssh key */
	bool names_time;		/* the condition looks at the local time */
};

struct rule_list {
	struct rule *rule;
	size_t count;
};

/*
 * Parse the value of a "permit =" or "deny =".
 *
 * place   of the value; its column and source serve for the caret
 * permit  which of the two
 *
 * Returns JWT_OK with *out filled from arena; JWT_CONFIG_INVALID, noted in
 * diag with a column; JWT_OUT_OF_MEMORY.
 */
JWT_MUST_USE enum jwt_reason rule_parse(struct bytes text,
    struct diag_place place, bool permit, struct arena *arena,
    struct diag *diag, struct rule *out);

/* The values that conditions look at. */
struct rule_facts {
	const struct json_node *claims;	/* claims_root() of a verified token */
	const char *user;		/* the account; NULL: not known yet */
	const char *rhost;		/* NULL or "": none */
	const char *key_type;		/* NULL: unknown */
	const char *key_ca;		/* NULL: unknown; "": not certified */
	int64_t now;
	struct zone_time local;		/* of now, on this host */
	unsigned leeway_sec;		/* how far in the future a time may be */
};

/*
 * Called for every test when it is evaluated.  why is a static phrase, or NULL.
 */
struct rule_observer {
	void (*test)(void *ctx, const struct rule_test *test, enum tri result,
	    const char *why);
	void *ctx;
};

/* The value of a rule's condition. observer may be NULL. */
enum tri rule_evaluate(const struct rule *rule, const struct rule_facts *facts,
    const struct rule_observer *observer);

#endif
