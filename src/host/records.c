/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Names, reads and writes the files of grants and sessions.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "core/base/number.h"
#include "host/boot.h"
#include "host/process.h"
#include "host/records.h"

_Static_assert(BOOT_ID_LEN == RECORD_BOOT_LEN, "a record holds the boot's id");

#define RANDOM_DIGITS 16	/* of hexadecimal: 64 bits */

enum file_result
records_open(const char *path, int *fd, struct file *out)
{
	enum file_result result = file_open_folder(path, fd, out);

	if (result == FILE_OK || !out->missing || geteuid() != 0)
		return result;
	result = file_make_folder(path, S_IRWXU, out);
	if (result != FILE_OK)
		return result;
	return file_open_folder(path, fd, out);
}

bool
records_stamp(pid_t leader, struct record *out)
{
	struct process process;
	struct boot boot;

	boot_read(&boot);
	out->pid_namespace = process_namespace();
	if (boot.id[0] == '\0' || boot.now <= 0 || out->pid_namespace <= 0 ||
	    !process_read(leader, &process))
		return false;
	memcpy(out->boot_id, boot.id, sizeof(out->boot_id));
	out->since = boot.now;
	out->end = RECORD_NO_END;
	out->opened_at = (int64_t)time(NULL);
	out->leader = (struct record_process){
		.pid = process.pid, .start = process.start
	};
	return true;
}

bool
records_is_here(const struct record *record)
{
	struct boot boot;

	boot_read(&boot);
	return boot.id[0] != '\0' &&
	    strcmp(record->boot_id, boot.id) == 0 &&
	    record->pid_namespace == process_namespace();
}

void
records_grant_name(const struct record_process *process,
    char out[RECORDS_NAME_SIZE])
{
	snprintf(out, RECORDS_NAME_SIZE, "%lld.%lld", (long long)process->pid,
	    (long long)process->start);
}

bool
records_new_name(const struct record_process *process,
    char out[RECORDS_NAME_SIZE])
{
	uint64_t number;

	if (getrandom(&number, sizeof(number), GRND_NONBLOCK) !=
	    (ssize_t)sizeof(number))
		return false;
	snprintf(out, RECORDS_NAME_SIZE, "%lld.%lld.%016llx",
	    (long long)process->pid, (long long)process->start,
	    (unsigned long long)number);
	return true;
}

/* Skip a number and the dot after it; NULL if they are not there. */
static const char *
skip_number(const char *at, char after)
{
	size_t len = strspn(at, "0123456789");
	int64_t number;

	if (!number_digits(bytes_of(at, len), INT64_MAX, &number) ||
	    at[len] != after)
		return NULL;
	return at + len + (after != '\0');
}

bool
records_is_session(const char *name)
{
	const char *at = skip_number(name, '.');

	if (at != NULL)
		at = skip_number(at, '.');
	return at != NULL && strlen(at) == RANDOM_DIGITS &&
	    strspn(at, "0123456789abcdef") == RANDOM_DIGITS;
}

bool
records_is_grant(const char *name)
{
	const char *at = skip_number(name, '.');

	return at != NULL && skip_number(at, '\0') != NULL;
}

enum jwt_reason
records_put(int folder, const char *name, const struct record *record)
{
	struct secret text = { 0 };
	enum jwt_reason reason = record_text(record, &text);

	if (reason == JWT_OK && !file_replace(folder, name,
	    secret_bytes(&text), S_IRUSR | S_IWUSR))
		reason = JWT_INTERNAL;
	secret_clear(&text);
	return reason;
}

/* Read all of an open file into text; false with errno. */
static bool
read_all(int fd, struct secret *text)
{
	size_t len = 0;
	ssize_t got = 1;

	while (got != 0 && len < text->size) {
		got = read(fd, text->ptr + len, text->size - len);
		if (got < 0 && errno != EINTR)
			return false;
		if (got > 0)
			len += (size_t)got;
	}
	text->len = len;
	errno = EFBIG;
	return got == 0;
}

static enum jwt_reason
read_record(int fd, struct record *out)
{
	struct secret text = { 0 };
	enum jwt_reason reason;
	struct stat st;

	if (fstat(fd, &st) != 0)
		return JWT_INTERNAL;
	if (!S_ISREG(st.st_mode) || st.st_size > (off_t)RECORD_SIZE_MAX)
		return JWT_CLAIM_INVALID;
	reason = secret_alloc((size_t)st.st_size + 1, &text);
	if (reason == JWT_OK && !read_all(fd, &text))
		reason = JWT_INTERNAL;
	if (reason == JWT_OK)
		reason = record_parse(&text, out);
	secret_clear(&text);
	return reason;
}

enum jwt_reason
records_get(int folder, const char *name, struct record *out)
{
	enum jwt_reason reason;
	int fd, error;

	*out = (struct record){ .end = RECORD_NO_END };
	fd = file_open_at(folder, name, O_RDONLY | O_NONBLOCK);
	if (fd < 0)
		return JWT_INTERNAL;
	reason = read_record(fd, out);
	error = errno;
	close(fd);
	errno = error;
	return reason;
}
