/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Options of a subcommand: long names in full, each once, and words between
 * them only where a subcommand takes some.  getopt_long() would take an
 * abbreviation for a name and a token for a word.
 */
#ifndef JWT_OPTIONS_H
#define JWT_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Values of an option that may repeat; items are borrowed from argv. */
struct option_list {
	const char **item;	/* owned */
	size_t count;
};

/* One option: exactly one of the three targets is set. */
struct option_spec {
	const char *name;		/* without the dashes; "": words */
	const char **value;		/* takes a value */
	bool *flag;			/* takes none */
	struct option_list *list;	/* takes a value, may repeat */
};

/*
 * Parse argv after the subcommand.  specs ends with a name of NULL; the
 * targets are NULL, false or empty before.  False, with a message on stderr,
 * for anything that is not such an option.
 */
bool options_parse(int argc, char **argv, const struct option_spec *specs);

/* Frees the array of a list. */
void options_list_clear(struct option_list *list);

/*
 * Seconds since the epoch in text; the current time for NULL.  False, with a
 * message, for anything else.
 */
bool options_time(const char *text, int64_t *out);

/*
 * Whether a value can be in a token or a key: UTF-8 without control
 * characters.  False, with a message that names the option.
 */
bool options_text(const char *name, const char *value);

#endif
