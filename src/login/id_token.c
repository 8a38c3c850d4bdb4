/* SPDX-License-Identifier: BSD-2-Clause */
/* The checks of an ID token, in the order of OpenID Connect Core 3.1.3.7. */
#include "login/id_token.h"
#include "login/value.h"

struct checking {
	const struct json_node *root;
	const struct id_token_wanted *wanted;
	char *words;
};

static bool
refuse(const struct checking *checking, const char *why, struct bytes value)
{
	return value_refuse(checking->words, ID_TOKEN_WORDS_SIZE, why, value,
	    "");
}

static bool
check_iss(const struct checking *checking)
{
	struct bytes iss = value_text(checking->root, "iss");

	if (bytes_eq_str(iss, checking->wanted->iss))
		return true;
	return refuse(checking, "its iss is not that of the provider: ",
	    iss);
}

/* aud is a string or a list of strings. */
static bool
check_aud(const struct checking *checking)
{
	const char *client = checking->wanted->client;

	if (bytes_eq_str(value_text(checking->root, "aud"), client) ||
	    value_lists(checking->root, "aud", client))
		return true;
	return refuse(checking, "it is for another client",
	    bytes_of(NULL, 0));
}

/*
 * A token for several audiences names the one that asked for it; otherwise it
 * could be one that another client got.
 */
static bool
check_azp(const struct checking *checking)
{
	const struct json_node *azp = json_get(checking->root,
	    bytes_str("azp"));
	const struct json_node *aud = json_get(checking->root,
	    bytes_str("aud"));
	const struct json_node *first = json_first(aud);
	bool has_several = json_is(aud, JSON_ARRAY) && first != NULL &&
	    json_next(aud, first) != NULL;

	if (azp == NULL && !has_several)
		return true;
	if (json_is(azp, JSON_STRING) &&
	    bytes_eq_str(json_text(azp), checking->wanted->client))
		return true;
	return refuse(checking, "another client asked for it (azp)",
	    bytes_of(NULL, 0));
}

static bool
check_exp(const struct checking *checking)
{
	int64_t exp = value_date(checking->root, "exp");

	if (exp >= 0 && checking->wanted->now < exp + ID_TOKEN_LEEWAY_SEC)
		return true;
	return refuse(checking, "it has expired, or the clock is wrong",
	    bytes_of(NULL, 0));
}

/* Against an answer to a request that was not ours. */
static bool
check_nonce(const struct checking *checking)
{
	const char *nonce = checking->wanted->nonce;

	if (nonce == NULL ||
	    bytes_eq_str(value_text(checking->root, "nonce"), nonce))
		return true;
	return refuse(checking, "it answers another request (nonce)",
	    bytes_of(NULL, 0));
}

/* OpenID Connect Core section 12.2: a refresh does not change the person. */
static bool
check_sub(const struct checking *checking)
{
	struct bytes sub = value_text(checking->root, "sub");
	const char *wanted = checking->wanted->sub;

	if (sub.len == 0)
		return refuse(checking, "it has no sub", bytes_of(NULL, 0));
	if (wanted == NULL || bytes_eq_str(sub, wanted))
		return true;
	return refuse(checking, "it belongs to another person: ", sub);
}

static void
take(const struct json_node *root, struct id_token *out)
{
	out->sub = value_text(root, "sub");
	out->name = value_text(root, "preferred_username");
	if (out->name.len == 0)
		out->name = out->sub;
	out->auth_time = value_date(root, "auth_time");
	out->iat = value_date(root, "iat");
}

bool
id_token_is_recent(const struct id_token *token, int64_t within)
{
	if (within == 0 || token->auth_time < 0)
		return true;
	return token->iat >= 0 && token->iat - token->auth_time <= within;
}

bool
id_token_check(struct bytes token, const struct id_token_wanted *wanted,
    struct id_token *out, char words[ID_TOKEN_WORDS_SIZE])
{
	struct checking checking = { .wanted = wanted, .words = words };

	*out = (struct id_token){ .auth_time = -1, .iat = -1 };
	words[0] = '\0';
	decoded_open(token, &out->decoded);
	checking.root = decoded_root(&out->decoded.payload);
	if (checking.root == NULL)
		return refuse(&checking, "it cannot be read",
		    bytes_of(NULL, 0));
	if (!check_iss(&checking) || !check_aud(&checking) ||
	    !check_azp(&checking) || !check_exp(&checking) ||
	    !check_nonce(&checking) || !check_sub(&checking))
		return false;
	take(checking.root, out);
	/* OpenID Connect Core section 3.1.3.7, 13. */
	return id_token_is_recent(out, wanted->auth_within) ||
	    refuse(&checking, ID_TOKEN_TOO_OLD, bytes_of(NULL, 0));
}

void
id_token_look(struct bytes token, struct id_token *out)
{
	*out = (struct id_token){ .auth_time = -1, .iat = -1 };
	decoded_open(token, &out->decoded);
	take(decoded_root(&out->decoded.payload), out);
}

void
id_token_clear(struct id_token *token)
{
	decoded_clear(&token->decoded);
	*token = (struct id_token){ .auth_time = -1, .iat = -1 };
}
