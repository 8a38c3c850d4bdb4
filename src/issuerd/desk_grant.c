/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Decides which tokens a person may have: by the grants and the groups of the
 * moment, at a login and at every refresh alike.
 */
#include "issuerd/desk_turn.h"
#include "issuerd/grants.h"

enum desk_result
desk_look_up(struct desk_turn *turn)
{
	if (person_account_look_up(turn->person->name, &turn->account) !=
	    JWT_OK)
		return desk_fail(turn, "the account of the person cannot be "
		    "looked up");
	return DESK_OK;
}

struct grants_person
desk_person(const struct desk_turn *turn)
{
	return (struct grants_person){
		.name = turn->person->name, .groups = &turn->account.groups,
		.is_protected = turn->account.is_protected
	};
}

/* ---- an audience that was not named ------------------------------------- */

/* The patterns of one grant: *found counts the different ones without a star. */
static void
count_literals(struct desk_turn *turn, const struct issuer_grant *grant,
    size_t *found)
{
	size_t i;

	for (i = 0; i < grant->audience.count; i++) {
		const char *pattern = grant->audience.item[i];

		if (!grants_audience_is_valid(bytes_str(pattern)) ||
		    (*found > 0 &&
		    strcmp(turn->item[0].audience, pattern) == 0))
			continue;
		turn->item[0].audience = pattern;
		(*found)++;
	}
}

enum desk_result
desk_add_literal(struct desk_turn *turn)
{
	const struct issuer_conf *conf = turn->desk->conf;
	const struct grants_person person = desk_person(turn);
	size_t found = 0, i;

	for (i = 0; i < conf->grant_count; i++) {
		if (grants_fits_person(&conf->grants[i], &person))
			count_literals(turn, &conf->grants[i], &found);
	}
	if (found != 1)
		return desk_refuse(turn, DESK_INVALID_TARGET, "no audience was "
		    "named, and the grants name none or several", NULL);
	turn->count = 1;
	return DESK_OK;
}

/* ---- the decision ------------------------------------------------------- */

enum desk_result
desk_grant(struct desk_turn *turn)
{
	const struct grants_person person = desk_person(turn);
	size_t i;

	for (i = 0; i < turn->count; i++) {
		struct desk_token *token = &turn->item[i];

		token->grant = grants_find(turn->desk->conf, &person,
		    bytes_str(token->audience));
		if (token->grant == NULL)
			return desk_refuse(turn, DESK_INVALID_TARGET,
			    "no grant fits", token->audience);
		if (turn->bearer && !token->grant->bearer)
			return desk_refuse(turn, DESK_INVALID_TARGET,
			    "the grant gives no token without cnf",
			    token->audience);
	}
	return DESK_OK;
}
