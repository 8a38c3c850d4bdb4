/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads who asks from the prompt, and from the processes above.  This guards
 * against a server that wants the token of another host.  It chooses the whole
 * prompt except the word at the start, or all of it if the client puts no word
 * there.
 */
#include <pwd.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "askpass/ancestors.h"
#include "askpass/asker.h"
#include "askpass/word.h"
#include "cli/complain.h"
#include "cli/hosts.h"
#include "cli/report.h"

#define USER_MAX 255	/* bytes; names of accounts are shorter */

/*
 * Whether a name may go into the environment of a command, as an argument and
 * into the name of a file.  The first character is not that of an option.
 */
static bool
is_user(struct bytes name)
{
	size_t i;

	if (name.len == 0 || name.len > USER_MAX || name.ptr[0] == '-')
		return false;
	for (i = 0; i < name.len; i++) {
		uint8_t c = name.ptr[i];

		if (c <= ' ' || c == 0x7f || c == '(')
			return false;
	}
	return true;
}

static bool
is_host(const char *name)
{
	return name[0] != '-' && hosts_is_name(name) &&
	    hosts_fault(bytes_str(name)) == NULL;
}

/* Names are ASCII: tolower() would ask the locale. */
static void
make_lowercase(char *name)
{
	for (; *name != '\0'; name++) {
		if (*name >= 'A' && *name <= 'Z')
			*name = (char)(*name - 'A' + 'a');
	}
}

/*
 * The inside of a word.  A user may be alice@example.com, so that the last at
 * sign is the one in front of the host.
 */
static bool
read_word(struct bytes inside, struct arena *arena, struct asker *out)
{
	struct bytes user = inside, host;
	char *name;

	while (user.ptr[user.len - 1] != '@')
		user.len--;
	host = bytes_of(user.ptr + user.len, inside.len - user.len);
	user.len--;
	out->user = arena_copy(arena, user);
	name = arena_copy(arena, host);
	if (out->user == NULL || name == NULL)
		return complain("memory ran out");
	make_lowercase(name);
	out->host = name;
	if (is_user(user) && is_host(name))
		out->kind = ASKER_HOST;
	return true;
}

/*
 * sudo and doas.  The name of this host is that of its administrator, but a
 * machine without one is called "(none)".
 */
static bool
read_here(struct arena *arena, struct asker *out)
{
	const struct passwd *entry = getpwuid(getuid());
	struct bytes rest;
	struct utsname machine;

	out->kind = ASKER_UNKNOWN;
	if (uname(&machine) != 0 || !is_host(machine.nodename))
		return true;
	make_lowercase(machine.nodename);
	rest = bytes_str(machine.nodename);
	out->host = arena_copy(arena, rest);
	out->host_short = arena_copy(arena, bytes_cut(&rest, '.'));
	if (out->host == NULL || out->host_short == NULL)
		return complain("memory ran out");
	if (entry != NULL && is_user(bytes_str(entry->pw_name)))
		out->user = arena_copy(arena, bytes_str(entry->pw_name));
	out->kind = ASKER_HERE;
	return true;
}

bool
asker_find(struct bytes prompt, struct arena *arena, struct asker *out)
{
	size_t len = word_len(prompt);
	struct bytes after = bytes_of(prompt.ptr + len, prompt.len - len);
	struct ancestors ancestors;

	ancestors_find(&ancestors);
	*out = (struct asker){ .kind = ASKER_FORGED,
	    .program = ancestors.program };
	if (word_is_in(after))
		return true;
	if (len != 0 && !bytes_starts(after, bytes_str(" ")))
		return true;
	if (len != 0 && ancestors.says_who)
		return read_word(bytes_of(prompt.ptr + 1, len - 2), arena, out);
	if (len == 0 && ancestors.kind == ANCESTORS_LOCAL)
		return read_here(arena, out);
	/* Nobody stands for a word here: it may be the server's own. */
	out->kind = ASKER_UNKNOWN;
	return true;
}

/* The user's name may hold characters that a terminal obeys. */
static void
put_name(const struct asker *asker, FILE *out)
{
	report_bytes(bytes_str(asker->user), out);
	fprintf(out, "@%s", asker->host);
}

void
asker_print(const struct asker *asker, FILE *out)
{
	if (asker->kind == ASKER_HOST)
		put_name(asker, out);
	else if (asker->kind == ASKER_HERE)
		fprintf(out, "this host, %s,", asker->host);
	else
		fputs("a host that no ssh client names", out);
}

static bool
is_excluded(const char *const *patterns, size_t count, const char *host)
{
	size_t i;

	for (i = 0; i < count; i++) {
		const char *pattern = patterns[i];

		if (*pattern++ == '!' && hosts_match(&pattern, 1, host))
			return true;
	}
	return false;
}

const char *
asker_meant(const struct asker *asker, const char *const *patterns,
    size_t count)
{
	const char *host = asker->host, *host_short = asker->host_short;

	if (asker->kind != ASKER_HOST && asker->kind != ASKER_HERE)
		return NULL;
	if (is_excluded(patterns, count, host) || (host_short != NULL &&
	    is_excluded(patterns, count, host_short)))
		return NULL;
	if (hosts_match(patterns, count, host))
		return host;
	if (host_short != NULL && hosts_match(patterns, count, host_short))
		return host_short;
	return NULL;
}
