/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Symbolic links as small records.  The file system makes, replaces and removes
 * a link in one step, so nobody ever reads half of one, and nothing has to be
 * opened to read it.
 */
#include <errno.h>
#include <stdio.h>
#include <sys/random.h>
#include <unistd.h>

#include "host/file.h"
#include "host/state/state_link.h"

bool
state_link_parse(const char *text, int64_t *until, int64_t *cutoff)
{
	size_t len = strcspn(text, ".");

	*cutoff = 0;
	return number_digits(bytes_of(text, len), STATE_FOREVER, until) &&
	    (text[len] == '\0' || number_digits(bytes_str(text + len + 1),
	    STATE_FOREVER, cutoff));
}

bool
state_link_read(int folder, const char *name, char out[STATE_LINK_SIZE])
{
	ssize_t len = readlinkat(folder, name, out, STATE_LINK_SIZE - 1);

	if (len < 0)
		return false;
	out[len] = '\0';
	return true;
}

/* rename() replaces in one step: a reader sees the old link or the new one. */
bool
state_link_replace(int folder, const char *name, const char *target)
{
	uint8_t random[8];
	char temporary[sizeof(STATE_LEFTOVER) + 2 * sizeof(random)];

	if (getrandom(random, sizeof(random), 0) != sizeof(random))
		return false;
	memcpy(temporary, STATE_LEFTOVER, sizeof(STATE_LEFTOVER));
	hash_hex(bytes_of(random, sizeof(random)), temporary +
	    sizeof(STATE_LEFTOVER) - 1);
	if (symlinkat(target, folder, temporary) != 0)
		return false;
	if (renameat(folder, temporary, folder, name) != 0) {
		int error = errno;

		unlinkat(folder, temporary, 0);
		errno = error;
		return false;
	}
	return file_sync(folder);
}

void
state_link_format(const struct state_fact *fact, char out[STATE_LINK_SIZE])
{
	if (state_is_cutoff(fact->id.kind))
		snprintf(out, STATE_LINK_SIZE, "%lld.%lld",
		    (long long)fact->until, (long long)fact->cutoff);
	else
		snprintf(out, STATE_LINK_SIZE, "%lld", (long long)fact->until);
}
