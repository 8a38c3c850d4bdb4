/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writes and reads "BOOT_ID SECONDS\n".  The seconds are those of the clock of
 * the boot, so that nobody who sets the wall clock makes an old sign fresh.
 */
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include "core/base/number.h"
#include "host/boot.h"
#include "host/file.h"
#include "host/heartbeat.h"
#include "host/process.h"

#define TEXT_SIZE 64	/* bytes of the sign with its terminator */

/* Everybody may read it: it tells no more than that a timer runs. */
#define MODE (S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH)

bool
heartbeat_name(char out[HEARTBEAT_NAME_SIZE])
{
	int64_t namespace = process_namespace();

	snprintf(out, HEARTBEAT_NAME_SIZE, HEARTBEAT_NAME ".%lld",
	    (long long)namespace);
	return namespace > 0;
}

bool
heartbeat_leave(int folder)
{
	char text[TEXT_SIZE], name[HEARTBEAT_NAME_SIZE];
	struct boot boot;

	boot_read(&boot);
	if (boot.id[0] == '\0' || boot.now <= 0 || !heartbeat_name(name)) {
		errno = ENOSYS;
		return false;
	}
	snprintf(text, sizeof(text), "%s %lld\n", boot.id,
	    (long long)boot.now);
	return file_replace(folder, name, bytes_str(text), MODE);
}

/* The age of a sign of this boot; -1 for any other text. */
static int64_t
age_of(struct bytes text)
{
	struct bytes id = bytes_cut(&text, ' ');
	struct bytes number = bytes_cut(&text, '\n');
	struct boot boot;
	int64_t left;

	boot_read(&boot);
	if (boot.id[0] == '\0' || !bytes_eq_str(id, boot.id) || text.len != 0)
		return -1;
	if (!number_digits(number, boot.now, &left))
		return -1;
	return boot.now - left;
}

int64_t
heartbeat_age(const char *folder)
{
	char path[FILE_PATH_MAX], name[HEARTBEAT_NAME_SIZE];
	struct file file;
	int64_t age = -1;

	if (!heartbeat_name(name) ||
	    snprintf(path, sizeof(path), "%s/%s", folder, name) >=
	    (int)sizeof(path))
		return -1;
	if (file_read(path, &file) == FILE_OK)
		age = age_of(secret_bytes(&file.text));
	file_clear(&file);
	return age;
}

bool
heartbeat_is_fresh(void)
{
	int64_t age = heartbeat_age(HEARTBEAT_FOLDER);

	return age >= 0 && age <= HEARTBEAT_MAX_SEC;
}
