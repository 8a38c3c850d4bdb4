/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The parser of one test of a rule: about a claim, the remote host, the user
 * or an ssh key; rule_time.c has the one about the time.  A function for each
 * line of the grammar in pam_jwt.conf(5).
 */
#include "core/base/glob.h"
#include "core/base/number.h"
#include "core/jose/sshkey.h"
#include "core/policy/conf.h"
#include "core/policy/rule_has.h"
#include "core/policy/rule_test.h"
#include "core/policy/rule_time.h"

bool
rule_keep(struct rule_lex *in, struct bytes text, struct bytes *out)
{
	const char *copy = arena_copy(in->arena, text);

	*out = bytes_of(copy, text.len);
	return copy != NULL || rule_lex_out_of_memory(in);
}

static bool
split_pointer(struct rule_lex *in, struct bytes text, struct claim_path *out)
{
	const char *fault;

	switch (claim_path_of_pointer(text, in->arena, out, &fault)) {
	case JWT_OK:
		return true;
	case JWT_CONFIG_INVALID:
		return rule_lex_fail(in, fault);
	default:
		return rule_lex_out_of_memory(in);
	}
}

bool
rule_parse_claim(struct rule_lex *in, struct claim_path *out)
{
	struct bytes text = in->token.text;

	if (in->token.kind != TOKEN_WORD && in->token.kind != TOKEN_QUOTED)
		return rule_lex_fail(in,
		    "a claim is expected here: a name, \"a name\" or "
		    "/a/json/pointer");
	if (text.len == 0)
		return rule_lex_fail(in, "a claim's name is empty");
	if (in->token.kind == TOKEN_WORD && text.ptr[0] == '/') {
		if (!split_pointer(in, text, out))
			return false;
	} else if (!claim_path_of_name(text, in->arena, out)) {
		return rule_lex_out_of_memory(in);
	}
	if (bytes_eq_str(out->steps[0], "act"))
		in->names_act = true;
	rule_lex_advance(in);
	return true;
}

static bool
add_value(struct rule_lex *in, struct rule_test *test, struct rule_value value)
{
	struct rule_value *more = arena_grow(in->arena, test->values,
	    test->value_count, sizeof(*more));

	if (more == NULL)
		return rule_lex_out_of_memory(in);
	test->values = more;
	if (!rule_keep(in, value.text, &value.text))
		return false;
	test->values[test->value_count++] = value;
	return true;
}

static enum json_node_type
type_of(const struct rule_lex_token *token)
{
	if (token->kind == TOKEN_QUOTED)
		return JSON_STRING;
	if (bytes_eq_str(token->text, "true"))
		return JSON_TRUE;
	if (bytes_eq_str(token->text, "false"))
		return JSON_FALSE;
	if (number_is_valid(token->text))
		return JSON_NUMBER;
	return JSON_STRING;
}

/*
 * Against a value that no key has: a deny with a misspelled one would never
 * fire.  A pattern may be anything.
 */
static bool
check_key_value(struct rule_lex *in, const struct rule_test *test)
{
	if (test->op == RULE_MATCHES)
		return true;
	if (test->subject == RULE_SSHKEY && sshkey_type(in->token.text) == NULL)
		return rule_lex_fail(in, "no ssh key that can be proved has this "
		    "type; of a certificate it is that of the key inside");
	if (test->subject == RULE_SSHCA &&
	    !sshkey_is_fingerprint(in->token.text))
		return rule_lex_fail(in, "a fingerprint is expected here, as "
		    "ssh-keygen -l prints it: \"SHA256:...\"");
	return true;
}

/* V */
static bool
parse_value(struct rule_lex *in, struct rule_test *test)
{
	struct rule_value value = { .text = in->token.text };

	if (in->token.kind != TOKEN_WORD && in->token.kind != TOKEN_QUOTED)
		return rule_lex_fail(in,
		    "a value is expected here: a word or "
		    "\"a quoted one\"");
	if (!check_key_value(in, test))
		return false;
	value.type = type_of(&in->token);
	if (!add_value(in, test, value))
		return false;
	rule_lex_advance(in);
	return true;
}

/* { V {, V} } */
static bool
parse_value_list(struct rule_lex *in, struct rule_test *test)
{
	if (!rule_lex_take(in, TOKEN_SIGN, "{"))
		return rule_lex_fail(in, "{ is expected here: { VALUE, VALUE }");
	do {
		if (!parse_value(in, test))
			return false;
	} while (rule_lex_take(in, TOKEN_SIGN, ","));
	if (!rule_lex_take(in, TOKEN_SIGN, "}"))
		return rule_lex_fail(in, "} or , is expected here");
	return true;
}

static bool
parse_number(struct rule_lex *in, struct rule_test *test)
{
	if (in->token.kind != TOKEN_WORD || !number_is_valid(in->token.text))
		return rule_lex_fail(in, "a number is expected here");
	return parse_value(in, test);
}

static bool
parse_duration(struct rule_lex *in, struct rule_test *test)
{
	if (in->token.kind != TOKEN_WORD ||
	    !conf_duration(in->token.text, &test->seconds))
		return rule_lex_fail(in,
		    "a duration is expected here: 90s 15m 12h 7d");
	rule_lex_advance(in);
	return true;
}

static bool
parse_glob(struct rule_lex *in, struct rule_test *test)
{
	if (in->token.text.len > GLOB_MAX)
		return rule_lex_fail(in, "a pattern of more than 256 bytes");
	return parse_value(in, test);
}

/* any { V {, V} } | all { V {, V} }, as a set */
static bool
parse_value_set(struct rule_lex *in, struct rule_test *test, enum rule_op op)
{
	test->op = op;
	if (!rule_lex_at(in, TOKEN_SIGN, "{"))
		return rule_lex_fail(in, "{ is expected here; the values any, "
		    "all and matching must be quoted after has");
	if (!parse_value_list(in, test))
		return false;
	rule_has_prepare(test);
	if (op == RULE_HAS_ALL && test->value_count > RULE_ALL_MAX)
		return rule_lex_fail(in, "has all takes at most 64 values");
	return true;
}

/* Several values stand after any or all, also where that is mistyped. */
static bool
ends_value(struct rule_lex *in)
{
	return !rule_lex_at(in, TOKEN_SIGN, "{") || rule_lex_fail(in,
	    "has any or has all is expected in front of several values");
}

/* V | any { V {, V} } | all { V {, V} } | matching GLOB */
static bool
parse_has(struct rule_lex *in, struct rule_test *test)
{
	if (rule_lex_take(in, TOKEN_WORD, "any"))
		return parse_value_set(in, test, RULE_HAS_ANY);
	if (rule_lex_take(in, TOKEN_WORD, "all"))
		return parse_value_set(in, test, RULE_HAS_ALL);
	if (!ends_value(in))
		return false;
	if (!rule_lex_take(in, TOKEN_WORD, "matching"))
		return parse_value(in, test) && ends_value(in);
	test->op = RULE_HAS_MATCHING;
	return parse_glob(in, test);
}

/* The operators that may follow a claim; parse_operand() reads the rest. */
static const struct {
	enum rule_lex_kind kind;
	const char *text;
	enum rule_op op;
} operators[] = {
	{ TOKEN_SIGN, "=", RULE_EQ },
	{ TOKEN_SIGN, "!=", RULE_NE },
	{ TOKEN_WORD, "has", RULE_HAS },
	{ TOKEN_WORD, "in", RULE_IN },
	{ TOKEN_WORD, "matches", RULE_MATCHES },
	{ TOKEN_WORD, "exists", RULE_EXISTS },
	{ TOKEN_SIGN, "<", RULE_LT },
	{ TOKEN_SIGN, "<=", RULE_LE },
	{ TOKEN_SIGN, ">", RULE_GT },
	{ TOKEN_SIGN, ">=", RULE_GE },
	{ TOKEN_WORD, "within", RULE_WITHIN },
	{ TOKEN_WORD, "older", RULE_OLDER },
};

static bool
take_operator(struct rule_lex *in, enum rule_op *out)
{
	size_t i;

	for (i = 0; i < sizeof(operators) / sizeof(operators[0]); i++) {
		if (rule_lex_take(in, operators[i].kind, operators[i].text)) {
			*out = operators[i].op;
			return true;
		}
	}
	return rule_lex_fail(in,
	    "a test is expected after the claim: = != has in "
	    "matches exists < <= > >= within older");
}

bool
rule_is_keyword(const struct rule_lex_token *token)
{
	static const char *const words[] = {
		"and", "or", "not", "if", "has", "in", "matches", "exists",
		"within", "older", "as", "claim", "map", "lower", "without",
		"exactly", "permit", "deny", "sshkey", "sshca"
	};
	bool found = false;
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		found = found || bytes_eq_str(token->text, words[i]);
	return found && token->kind == TOKEN_WORD;
}

/* CLAIM, after the word claim */
static bool
parse_other_claim(struct rule_lex *in, struct rule_test *test)
{
	if (rule_is_keyword(&in->token) || in->token.kind == TOKEN_END)
		return rule_lex_fail(in,
		    "a claim is expected after claim; a value "
		    "\"claim\", and a claim called like a word of the "
		    "grammar, must be quoted");
	return rule_parse_claim(in, &test->other);
}

/* A word for what a login has, and a token has not. */
static bool
is_of_login(const struct rule_lex *in)
{
	return rule_lex_at(in, TOKEN_WORD, "user") ||
	    rule_lex_at(in, TOKEN_WORD, "rhost") ||
	    rule_lex_at(in, TOKEN_WORD, "time");
}

/* V | claim CLAIM */
static bool
parse_value_or_claim(struct rule_lex *in, struct rule_test *test)
{
	if (!rule_lex_take(in, TOKEN_WORD, "claim"))
		return parse_value(in, test);
	if (is_of_login(in))
		return rule_lex_fail(in, "to compare the user with a claim "
		    "write: user in claim CLAIM; a claim called user, rhost "
		    "or time must be quoted");
	test->op = test->op == RULE_EQ ? RULE_EQ_CLAIM : RULE_NE_CLAIM;
	return parse_other_claim(in, test);
}

static bool
parse_operand(struct rule_lex *in, struct rule_test *test)
{
	switch (test->op) {
	case RULE_EQ:
	case RULE_NE:
		return parse_value_or_claim(in, test);
	case RULE_HAS:
		return parse_has(in, test);
	case RULE_IN:
		return parse_value_list(in, test);
	case RULE_MATCHES:
		return parse_glob(in, test);
	case RULE_EXISTS:
		return true;
	case RULE_LT:
	case RULE_LE:
	case RULE_GT:
	case RULE_GE:
		return parse_number(in, test);
	case RULE_WITHIN:
	case RULE_OLDER:
		return parse_duration(in, test);
	default:
		break;	/* the other ones are not in operators[] */
	}
	return rule_lex_fail(in, "an unknown test");
}

static bool
parse_net(struct rule_lex *in, struct rule_test *test)
{
	struct netaddr_block block, *more;
	bool has_host_bits;

	if (in->token.kind != TOKEN_WORD ||
	    !netaddr_parse_block(in->token.text, &block, &has_host_bits))
		return rule_lex_fail(in,
		    "an address or a block is expected here: "
		    "10.0.0.0/8 or 2001:db8::/32");
	if (has_host_bits)
		diag_add(in->diag, in->place, JWT_OK, "an address has bits "
		    "beyond its prefix; they do not count");
	more = arena_grow(in->arena, test->nets, test->net_count,
	    sizeof(*more));
	if (more == NULL)
		return rule_lex_out_of_memory(in);
	test->nets = more;
	test->nets[test->net_count++] = block;
	rule_lex_advance(in);
	return true;
}

/* rhost [ not ] in CIDR {, CIDR} */
static bool
parse_rhost(struct rule_lex *in, struct rule_test *test)
{
	test->subject = RULE_RHOST;
	test->op = RULE_IN;
	if (rule_lex_take(in, TOKEN_WORD, "not"))
		test->op = RULE_NE;
	if (!rule_lex_take(in, TOKEN_WORD, "in"))
		return rule_lex_fail(in,
		    "in or not in is expected after rhost");
	do {
		if (!parse_net(in, test))
			return false;
	} while (rule_lex_take(in, TOKEN_SIGN, ","));
	return true;
}

/* user = V | user in { V {, V} } | user in claim CLAIM */
static bool
parse_user(struct rule_lex *in, struct rule_test *test)
{
	test->subject = RULE_USER;
	if (rule_lex_take(in, TOKEN_SIGN, "=")) {
		test->op = RULE_EQ;
		if (rule_lex_at(in, TOKEN_WORD, "claim"))
			return rule_lex_fail(in, "to compare the user with a "
			    "claim write: user in claim CLAIM; an account "
			    "\"claim\" must be quoted");
		return parse_value(in, test);
	}
	test->op = RULE_IN;
	if (!rule_lex_take(in, TOKEN_WORD, "in"))
		return rule_lex_fail(in, "= or in is expected after user");
	if (!rule_lex_take(in, TOKEN_WORD, "claim"))
		return parse_value_list(in, test);
	test->op = RULE_IN_CLAIM;
	return parse_other_claim(in, test);
}

/* sshkey or sshca, then = != in matches exists; the values are strings. */
static bool
parse_key(struct rule_lex *in, struct rule_test *test,
    enum rule_subject subject)
{
	test->subject = subject;
	in->names_key = true;
	if (!take_operator(in, &test->op))
		return false;
	switch (test->op) {
	case RULE_EQ:
	case RULE_NE:
		return parse_value(in, test);
	case RULE_IN:
		return parse_value_list(in, test);
	case RULE_MATCHES:
		return parse_glob(in, test);
	case RULE_EXISTS:
		return true;
	default:
		return rule_lex_fail(in, "after sshkey and sshca stands one of "
		    "= != in matches exists; a claim of this name must be "
		    "quoted");
	}
}

static bool
parse_claim_test(struct rule_lex *in, struct rule_test *test)
{
	test->subject = RULE_CLAIM;
	if (rule_is_keyword(&in->token))
		return rule_lex_fail(in,
		    "a test is expected here; a claim of this name must be "
		    "quoted");
	return rule_parse_claim(in, &test->path) && take_operator(in, &test->op) &&
	    parse_operand(in, test);
}

bool
rule_parse_test(struct rule_lex *in, struct rule_test *test)
{
	const uint8_t *start = in->token.start;
	struct bytes text;
	bool ok;

	if (rule_lex_take(in, TOKEN_WORD, "rhost"))
		ok = parse_rhost(in, test);
	else if (rule_lex_take(in, TOKEN_WORD, "user"))
		ok = parse_user(in, test);
	else if (rule_lex_take(in, TOKEN_WORD, "time"))
		ok = rule_parse_time(in, test);
	else if (rule_lex_take(in, TOKEN_WORD, "sshkey"))
		ok = parse_key(in, test, RULE_SSHKEY);
	else if (rule_lex_take(in, TOKEN_WORD, "sshca"))
		ok = parse_key(in, test, RULE_SSHCA);
	else
		ok = parse_claim_test(in, test);
	if (!ok || !rule_keep(in, bytes_of(start, (size_t)(in->taken - start)),
	    &text))
		return false;
	rule_lex_trust(in);
	test->text = (const char *)text.ptr;
	return true;
}
