/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Names, reads and writes the files of grants and sessions.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/random.h>
#include <sys/resource.h>
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

/* Write a dot and RANDOM_DIGITS digits; false with errno. */
static bool
put_random(char out[RANDOM_DIGITS + 2])
{
	uint64_t number;

	if (getrandom(&number, sizeof(number), GRND_NONBLOCK) !=
	    (ssize_t)sizeof(number))
		return false;
	snprintf(out, RANDOM_DIGITS + 2, ".%016llx",
	    (unsigned long long)number);
	return true;
}

bool
records_new_name(const struct record_process *process,
    char out[RECORDS_NAME_SIZE])
{
	char random[RANDOM_DIGITS + 2];

	if (!put_random(random))
		return false;
	snprintf(out, RECORDS_NAME_SIZE, "%lld.%lld%s",
	    (long long)process->pid, (long long)process->start, random);
	return true;
}

/* Skip a number; NULL if there is none. */
static const char *
skip_number(const char *at)
{
	size_t len = strspn(at, "0123456789");
	int64_t number;

	if (!number_digits(bytes_of(at, len), INT64_MAX, &number))
		return NULL;
	return at + len;
}

/* Skip PID.START; NULL if it is not there. */
static const char *
skip_process(const char *at)
{
	at = skip_number(at);
	if (at == NULL || *at != '.')
		return NULL;
	return skip_number(at + 1);
}

/* Skip .RANDOM if it is there. */
static const char *
skip_random(const char *at)
{
	if (*at != '.' ||
	    strspn(at + 1, "0123456789abcdef") != RANDOM_DIGITS)
		return at;
	return at + 1 + RANDOM_DIGITS;
}

bool
records_is_grant(const char *name)
{
	const char *end = skip_process(name);

	return end != NULL && *end == '\0';
}

bool
records_is_session(const char *name)
{
	const char *end = skip_process(name);

	return end != NULL && *end != '\0' && *skip_random(end) == '\0';
}

bool
records_is_draft(const char *name)
{
	const char *at = skip_process(name);

	if (at == NULL)
		return false;
	at = skip_random(at);
	if (strcmp(at, RECORDS_SEEN_SUFFIX) == 0)
		return true;
	if (bytes_starts(bytes_str(at), bytes_str(RECORDS_SEEN_SUFFIX)))
		at += sizeof(RECORDS_SEEN_SUFFIX) - 1;
	return strcmp(skip_random(at), FILE_NEW_SUFFIX) == 0;
}

/* ---- writing ---- */

/*
 * Whether a file may have that many bytes.  Somebody who starts su chooses its
 * limits, and a write beyond this one would end su by a signal.
 */
static bool
may_write(size_t len)
{
	struct rlimit limit;

	errno = EFBIG;
	return getrlimit(RLIMIT_FSIZE, &limit) == 0 &&
	    (limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur >= len);
}

static bool
write_new(int folder, const char *name, struct bytes text)
{
	int fd = file_open_at(folder, name, O_WRONLY | O_CREAT | O_EXCL);
	bool ok;
	int error;

	if (fd < 0)
		return false;
	ok = file_write(fd, text);
	error = errno;
	close(fd);
	errno = error;
	return ok;
}

static bool
write_whole(int folder, const char *name, struct bytes text)
{
	char temporary[FILE_NAME_MAX], random[RANDOM_DIGITS + 2];
	int error;

	if (!may_write(text.len) || !put_random(random))
		return false;
	snprintf(temporary, sizeof(temporary), "%.*s%s%s",
	    RECORDS_NAME_SIZE, name, random, FILE_NEW_SUFFIX);
	if (write_new(folder, temporary, text) &&
	    renameat(folder, temporary, folder, name) == 0)
		return true;
	error = errno;
	(void)unlinkat(folder, temporary, 0);
	errno = error;
	return false;
}

enum jwt_reason
records_put(int folder, const char *name, const struct record *record)
{
	struct secret text = { 0 };
	enum jwt_reason reason = record_text(record, &text);

	if (reason == JWT_OK && !write_whole(folder, name,
	    secret_bytes(&text)))
		reason = JWT_INTERNAL;
	secret_clear(&text);
	return reason;
}

/* ---- reading ---- */

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
