/* SPDX-License-Identifier: BSD-2-Clause */
/* What NSS says of an account. */
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
 * A number as shadow(5)'s programs read it: perhaps in quotes, and by its
 * start octal or hexadecimal; false for anything else.
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

/* The line of UID_MIN in login.defs; false when its value is no number. */
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
 * Ids below *out are the system's.  The default is for a host without the
 * file; one that cannot be read may say anything, so nobody gets in by it.
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
 * What the account stack will say later, for the log only; it takes root to
 * know, so an account without a note may still be locked.
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

	/* An NSS that does not mind case gives another name back. */
	out->exists = bytes_eq_str(bytes_str(entry->pw_name), name);
	out->is_root = entry->pw_uid == 0;
	if (reason != JWT_OK)
		return reason;
	out->is_protected = account_is_system(entry->pw_uid, name, least);
	out->note = shadow_note(name);
	return JWT_OK;
}

/* Call use with the entry, if there is one. */
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

const struct account_host accounts_host = { .look_up = look_up, .ctx = NULL };
