/* SPDX-License-Identifier: BSD-2-Clause */
/* Makes and reads the secret of the issuer. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/random.h>

#include "host/file.h"
#include "issuerd/issuer_secret.h"

static const char *
say_fault(const struct file *file, enum file_result result)
{
	if (result == FILE_NO_MEMORY)
		return "keys/secret: memory ran out";
	if (file->missing)
		return "keys/secret is missing: pam-jwt issuer init makes it";
	if (result == FILE_UNSAFE)
		return "others have a right to keys/secret, or to a folder of "
		    "its path";
	return "keys/secret cannot be read";
}

const char *
issuer_secret_read(const struct issuer_conf *conf,
    uint8_t out[ISSUER_SECRET_LEN])
{
	char path[FILE_PATH_MAX];
	const char *fault = NULL;
	enum file_result result;
	struct file file;

	memset(out, 0, ISSUER_SECRET_LEN);
	if (snprintf(path, sizeof(path), "%s/keys/" ISSUER_SECRET_NAME,
	    conf->directory) >= (int)sizeof(path))
		return "the path of directory is too long";
	result = file_read(path, &file);
	if (result != FILE_OK)
		fault = say_fault(&file, result);
	else if (file.readable)
		fault = "keys/secret can be read by others: chmod 600";
	else if (file.text.len != ISSUER_SECRET_LEN)
		fault = "keys/secret does not have 32 bytes: it is damaged";
	else
		memcpy(out, file.text.ptr, ISSUER_SECRET_LEN);
	file_clear(&file);
	return fault;
}

bool
issuer_secret_make(int folder)
{
	uint8_t random[ISSUER_SECRET_LEN];
	struct stat st;
	bool ok;

	/* Another secret would end every login, so what is there stays. */
	if (fstatat(folder, ISSUER_SECRET_NAME, &st, AT_SYMLINK_NOFOLLOW) == 0)
		return true;
	if (errno != ENOENT)
		return false;
	if (getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random)) {
		errno = EIO;
		return false;
	}
	ok = file_replace(folder, ISSUER_SECRET_NAME, bytes_of(random,
	    sizeof(random)), 0600);
	explicit_bzero(random, sizeof(random));
	return ok;
}
