/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Options of a subcommand: long names in full, each at most once.  Other words
 * are accepted only if the subcommand takes some.  getopt_long() would accept
 * an abbreviation as a name, and a token as a word.
 */
#ifndef JWT_OPTIONS_H
#define JWT_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Values of an option that may be repeated; items are borrowed from argv. */
struct option_list {
	const char **item;	/* owned */
	size_t count;
};

/* One option: exactly one of the three targets is set. */
struct option_spec {
	const char *name;		/* without the dashes; "": words */
	const char **value;		/* takes a value; words: one of them */
	bool *flag;			/* takes no value */
	struct option_list *list;	/* takes a value, may be repeated */
	bool is_needed;			/* an error without it */
};

/*
 * Parse argv after the command, which is called command in messages, such as
 * "pam-jwt key generate".  The last entry of specs has the name NULL.  The
 * targets must be NULL, false or empty before the call.  False, with a message
 * on stderr, for anything that is not such an option, or if one that is needed
 * is missing.  A word may be "-".
 */
bool options_parse(const char *command, int argc, char **argv,
    const struct option_spec *specs);

/* Free the array of a list. */
void options_list_clear(struct option_list *list);

/*
 * Parse seconds since the epoch; NULL gives the current time.  False, with a
 * message, for anything else.
 */
bool options_time(const char *text, int64_t *out);

/*
 * Whether a value may go into a token or a key: it must be UTF-8 without
 * control characters.  False, with a message that names the option.
 */
bool options_text(const char *name, const char *value);

#endif
