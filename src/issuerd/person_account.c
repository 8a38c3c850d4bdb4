/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Looks up the account and the groups of a person.  A look-up that fails must
 * not pass for an account that is in no group: a grant that comes later in the
 * configuration could fit then.
 */
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>

#include "host/accounts.h"
#include "issuerd/person_account.h"

#define GROUPS_MAX 65536	/* NGROUPS_MAX of Linux */

/* The name of a group, in the arena; *name is NULL for one without a name. */
static enum jwt_reason
name_group(struct arena *arena, gid_t gid, const char **name)
{
	const struct group *group;

	*name = NULL;
	errno = 0;
	group = getgrgid(gid);
	if (group == NULL && (errno == 0 || errno == ENOENT))
		return JWT_OK;
	if (group == NULL)
		return JWT_INTERNAL;
	*name = arena_copy(arena, bytes_str(group->gr_name));
	if (*name == NULL)
		return JWT_OUT_OF_MEMORY;
	return JWT_OK;
}

static enum jwt_reason
name_groups(struct person_account *out, const gid_t *gids, size_t count)
{
	size_t i;

	out->groups.item = arena_alloc(&out->arena,
	    (count + 1) * sizeof(*out->groups.item));
	if (out->groups.item == NULL)
		return JWT_OUT_OF_MEMORY;
	for (i = 0; i < count; i++) {
		const char *name;
		enum jwt_reason reason = name_group(&out->arena, gids[i],
		    &name);

		if (reason != JWT_OK)
			return reason;
		if (name != NULL)
			out->groups.item[out->groups.count++] = name;
	}
	return JWT_OK;
}

/* getgrouplist() says how many there are if the room is too small. */
static enum jwt_reason
list_groups(struct person_account *out, const char *name, gid_t primary)
{
	enum jwt_reason reason = JWT_INTERNAL;
	int count = 64, room = 0;
	gid_t *gids = NULL, *more;

	do {
		room = count;
		more = reallocarray(gids, (size_t)room, sizeof(*gids));
		if (more == NULL) {
			free(gids);
			return JWT_OUT_OF_MEMORY;
		}
		gids = more;
	} while (getgrouplist(name, primary, gids, &count) < 0 &&
	    count > room && count <= GROUPS_MAX);
	if (count >= 0 && count <= room)
		reason = name_groups(out, gids, (size_t)count);
	free(gids);
	return reason;
}

static enum jwt_reason
look_up(const char *name, struct person_account *out)
{
	struct account_facts facts;
	const struct passwd *entry;
	enum jwt_reason reason;

	reason = accounts_host.look_up(accounts_host.ctx, name, &facts);
	if (reason != JWT_OK)
		return reason;
	out->exists = facts.exists;
	out->is_protected = facts.is_protected;
	if (!facts.exists)
		return JWT_OK;
	entry = getpwnam(name);
	if (entry == NULL)
		return JWT_INTERNAL;
	return list_groups(out, name, entry->pw_gid);
}

enum jwt_reason
person_account_look_up(const char *name, struct person_account *out)
{
	enum jwt_reason reason;

	*out = (struct person_account){ .is_protected = true };
	reason = look_up(name, out);
	if (reason != JWT_OK) {
		out->groups.count = 0;
		out->is_protected = true;
	}
	return reason;
}

void
person_account_clear(struct person_account *account)
{
	arena_clear(&account->arena);
	*account = (struct person_account){ .is_protected = true };
}
