/* SPDX-License-Identifier: BSD-2-Clause */
/* What NSS says of an account. */
#include <errno.h>
#include <pwd.h>
#include <shadow.h>
#include <stdlib.h>
#include <time.h>

#include "core/conf.h"
#include "host/accounts.h"
#include "host/file.h"

#define ENTRY_SIZE_MIN	1024		/* bytes of an entry; doubled on ERANGE */
#define ENTRY_SIZE_MAX	65536

/* A decimal number, all of text; false for anything else. */
static bool
parse_uid(struct bytes text, unsigned long *out)
{
	size_t i;

	*out = 0;
	for (i = 0; i < text.len; i++) {
		if (text.ptr[i] < '0' || text.ptr[i] > '9' || i > 9)
			return false;
		*out = *out * 10 + (unsigned long)(text.ptr[i] - '0');
	}
	return text.len > 0;
}

/* UID_MIN of login.defs: ids below it are the system's. */
static unsigned long
uid_min(void)
{
	unsigned long value = ACCOUNTS_UID_MIN, found;
	struct bytes rest, line;
	struct file file;

	if (file_read("/etc/login.defs", &file) != FILE_OK) {
		file_clear(&file);
		return value;
	}
	rest = secret_bytes(&file.text);
	while (rest.len > 0) {
		const uint8_t *end = memchr(rest.ptr, '\n', rest.len);
		size_t len = end == NULL ? rest.len : (size_t)(end - rest.ptr);

		line = bytes_of(rest.ptr, len);
		if (bytes_eq_str(conf_word(&line), "UID_MIN") &&
		    parse_uid(bytes_trim(line), &found))
			value = found;
		len += end != NULL;
		rest = bytes_of(rest.ptr + len, rest.len - len);
	}
	file_clear(&file);
	return value;
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

static void
fill(const struct passwd *entry, const char *name, struct account_facts *out)
{
	/* An NSS that does not mind case gives another name back. */
	out->exists = bytes_eq_str(bytes_str(entry->pw_name), name);
	out->is_protected = entry->pw_uid == 0 || entry->pw_uid < uid_min();
	out->note = shadow_note(name);
}

static enum jwt_reason
look_up(void *ctx, const char *name, struct account_facts *out)
{
	struct passwd entry, *found = NULL;
	size_t size;

	(void)ctx;
	*out = (struct account_facts){ .is_protected = true };
	for (size = ENTRY_SIZE_MIN; size <= ENTRY_SIZE_MAX; size *= 2) {
		char *buffer = malloc(size);
		int error;

		if (buffer == NULL)
			return JWT_OUT_OF_MEMORY;
		error = getpwnam_r(name, &entry, buffer, size, &found);
		if (error == 0 && found != NULL)
			fill(found, name, out);
		explicit_bzero(buffer, size);
		free(buffer);
		if (error == ENOMEM)
			return JWT_OUT_OF_MEMORY;
		/* Other errors are how some name services say "not found". */
		if (error != ERANGE)
			return JWT_OK;
	}
	return JWT_INTERNAL;
}

const struct account_host accounts_host = { .look_up = look_up, .ctx = NULL };
