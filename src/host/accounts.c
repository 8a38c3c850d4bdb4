/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Looks up whether an account exists, whether it is root's or the system's, and
 * what the log should say of it.
 *
 * A look-up that fails must not pass for an ordinary account: until the facts
 * are known, the account is protected.
 */
#include <errno.h>
#include <pwd.h>
#include <shadow.h>
#include <stdlib.h>
#include <time.h>

#include "core/policy/conf.h"
#include "host/accounts.h"
#include "host/file.h"

#define ENTRY_SIZE_MIN	1024		/* bytes of an entry; doubled on ERANGE */
#define ENTRY_SIZE_MAX	65536

/*
 * Parse a number as the programs of shadow(5) do: it may stand in quotes, and 0
 * or 0x in front makes it octal or hexadecimal.  False for anything else.
 */
static bool
parse_uid(struct bytes text, unsigned long *out)
{
	char digits[16], *end;

	if (text.len >= 2 && text.ptr[0] == '"' &&
	    text.ptr[text.len - 1] == '"')
		text = bytes_of(text.ptr + 1, text.len - 2);
	if (text.len == 0 || text.len >= sizeof(digits) ||
	    text.ptr[0] < '0' || text.ptr[0] > '9')
		return false;
	memcpy(digits, text.ptr, text.len);
	digits[text.len] = '\0';
	*out = strtoul(digits, &end, 0);
	return *end == '\0' && *out <= UINT32_MAX;
}

/*
 * Find UID_MIN in login.defs; the last line wins.  False if its value is not a
 * number.
 */
static bool
find_uid_min(struct bytes rest, unsigned long *out)
{
	bool ok = true;

	while (rest.len > 0) {
		struct bytes line = bytes_cut(&rest, '\n');

		if (bytes_eq_str(conf_word(&line), "UID_MIN"))
			ok = parse_uid(bytes_trim(line), out);
	}
	return ok;
}

/*
 * A host without the file has the default.  A file that cannot be read may
 * protect more accounts than the default does, so it is an error that refuses
 * the login.
 */
static enum jwt_reason
read_uid_min(struct file *file, unsigned long *out)
{
	enum file_result result = file_read("/etc/login.defs", file);

	*out = ACCOUNTS_UID_MIN;
	if (result == FILE_NO_MEMORY)
		return JWT_OUT_OF_MEMORY;
	if (result == FILE_NO_DESCRIPTOR)
		return JWT_INTERNAL;
	if (result == FILE_UNREADABLE && file->missing)
		return JWT_OK;
	if (result != FILE_OK)
		return JWT_CONFIG_INVALID;
	if (!find_uid_min(secret_bytes(&file->text), out))
		return JWT_CONFIG_INVALID;
	return JWT_OK;
}

enum jwt_reason
accounts_uid_min(unsigned long *out)
{
	struct file file;
	enum jwt_reason reason = read_uid_min(&file, out);

	file_clear(&file);
	return reason;
}

/*
 * Say what the account stack will say later, for the log only.  Only root can
 * read this, so an account without a note may still be locked.
 */
static const char *
shadow_note(const char *name)
{
	char buffer[ENTRY_SIZE_MIN];
	struct spwd entry, *found = NULL;
	const char *note = NULL;

	if (getspnam_r(name, &entry, buffer, sizeof(buffer), &found) == 0 &&
	    found != NULL) {
		if (found->sp_expire >= 0 &&
		    (int64_t)found->sp_expire <= (int64_t)time(NULL) / 86400)
			note = "expired";
		else if (found->sp_pwdp != NULL && found->sp_pwdp[0] == '!')
			note = "locked";
	}
	explicit_bzero(buffer, sizeof(buffer));
	return note;
}

static enum jwt_reason
fill(const struct passwd *entry, const char *name, void *ctx)
{
	struct account_facts *out = ctx;
	unsigned long least;
	enum jwt_reason reason = accounts_uid_min(&least);

	/* A name service that ignores case returns another spelling. */
	out->exists = bytes_eq_str(bytes_str(entry->pw_name), name);
	out->is_root = entry->pw_uid == 0;
	if (reason != JWT_OK)
		return reason;
	out->is_protected = account_is_system(entry->pw_uid, name, least);
	out->note = shadow_note(name);
	return JWT_OK;
}

/*
 * Look up an entry and call use with it, if there is one.  The buffer grows
 * with the entry up to ENTRY_SIZE_MAX, and is wiped: it can hold a password's
 * hash.
 */
static enum jwt_reason
with_entry(const char *name, enum jwt_reason (*use)(const struct passwd *entry,
    const char *name, void *out), void *out)
{
	struct passwd entry, *found = NULL;
	size_t size;

	for (size = ENTRY_SIZE_MIN; size <= ENTRY_SIZE_MAX; size *= 2) {
		enum jwt_reason reason = JWT_OK;
		char *buffer = malloc(size);
		int error;

		if (buffer == NULL)
			return JWT_OUT_OF_MEMORY;
		error = getpwnam_r(name, &entry, buffer, size, &found);
		if (error == 0 && found != NULL)
			reason = use(found, name, out);
		explicit_bzero(buffer, size);
		free(buffer);
		if (error == ENOMEM)
			return JWT_OUT_OF_MEMORY;
		if (error == EMFILE || error == ENFILE)
			return JWT_INTERNAL;
		/* Other errors are how some name services say "not found". */
		if (error != ERANGE)
			return reason;
	}
	return JWT_INTERNAL;
}

static enum jwt_reason
look_up(void *ctx, const char *name, struct account_facts *out)
{
	(void)ctx;
	*out = (struct account_facts){ .is_protected = true };
	return with_entry(name, fill, out);
}

static enum jwt_reason
copy_name(const struct passwd *entry, const char *name, void *out)
{
	(void)name;
	if (strlen(entry->pw_name) < ACCOUNTS_NAME_SIZE)
		memcpy(out, entry->pw_name, strlen(entry->pw_name) + 1);
	return JWT_OK;
}

enum jwt_reason
accounts_own_name(const char *name, char out[ACCOUNTS_NAME_SIZE])
{
	out[0] = '\0';
	return with_entry(name, copy_name, out);
}

/* A uid that is asked for, and whether the entry has it. */
struct owner {
	uid_t uid;
	bool is_one;
};

static enum jwt_reason
compare_uid(const struct passwd *entry, const char *name, void *ctx)
{
	struct owner *owner = ctx;

	(void)name;
	owner->is_one = entry->pw_uid == owner->uid;
	return JWT_OK;
}

bool
accounts_is(const char *name, uid_t uid)
{
	struct owner owner = { .uid = uid };

	return with_entry(name, compare_uid, &owner) == JWT_OK && owner.is_one;
}

const struct account_host accounts_host = { .look_up = look_up, .ctx = NULL };
