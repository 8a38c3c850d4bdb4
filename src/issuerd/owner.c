/* SPDX-License-Identifier: BSD-2-Clause */
/* Changes to the owner of a directory, and makes sure that this is for good. */
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "issuerd/owner.h"

static const char *
find_fault(const struct stat *st)
{
	if (!S_ISDIR(st->st_mode))
		return "it is not a directory";
	if (st->st_uid == 0)
		return "it belongs to root, and must belong to the account of "
		    "the issuer";
	if ((st->st_mode & (S_IRWXG | S_IRWXO)) != 0)
		return "group or others have a right to it: chmod 700";
	if (geteuid() != 0 && geteuid() != st->st_uid)
		return "it belongs to another user: only its owner and root "
		    "can run this";
	return NULL;
}

/* Whether no id of root's is left, and none comes back. */
static bool
is_for_good(uid_t uid, gid_t gid)
{
	uid_t real, effective, saved;
	gid_t group, effective_group, saved_group;

	if (getresuid(&real, &effective, &saved) != 0 ||
	    getresgid(&group, &effective_group, &saved_group) != 0)
		return false;
	if (real != uid || effective != uid || saved != uid)
		return false;
	if (group != gid || effective_group != gid || saved_group != gid)
		return false;
	return setuid(0) != 0;
}

static const char *
drop(uid_t uid)
{
	const struct passwd *account = getpwuid(uid);
	gid_t gid;

	if (account == NULL)
		return "no account has its uid";
	gid = account->pw_gid;
	if (initgroups(account->pw_name, gid) != 0 ||
	    setresgid(gid, gid, gid) != 0 || setresuid(uid, uid, uid) != 0)
		return "root's rights cannot be given up";
	if (!is_for_good(uid, gid))
		return "root's rights are still there";
	return NULL;
}

enum owner_result
owner_become(const char *directory, const char **fault)
{
	struct stat st;

	if (lstat(directory, &st) != 0) {
		*fault = "it cannot be looked at";
		if (errno == ENOENT)
			return OWNER_MISSING;
		return OWNER_FAULT;
	}
	*fault = find_fault(&st);
	if (*fault != NULL)
		return OWNER_FAULT;
	if (geteuid() == 0)
		*fault = drop(st.st_uid);
	if (*fault != NULL)
		return OWNER_FAULT;
	return OWNER_OK;
}
