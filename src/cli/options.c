/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Parses the options of a subcommand.  A token on the command line is refused
 * and never printed: other users can see the command line, and messages end up
 * in logs.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/command.h"
#include "cli/complain.h"
#include "cli/options.h"
#include "core/base/nearest.h"
#include "core/base/number.h"
#include "core/base/utf8.h"
#include "core/jose/shape.h"

#define MISSING_SIZE 160	/* bytes; names of options that are missing */

static const struct option_spec *
find(const struct option_spec *specs, struct bytes name)
{
	for (; specs->name != NULL; specs++) {
		if (bytes_eq_str(name, specs->name))
			return specs;
	}
	return NULL;
}

static bool
add_to_list(struct option_list *list, const char *value)
{
	const char **more = reallocarray(list->item, list->count + 1,
	    sizeof(*more));

	if (more == NULL)
		return complain("memory ran out");
	list->item = more;
	list->item[list->count++] = value;
	return true;
}

/* The command line that is being parsed. */
struct parsing {
	const char *command;
	int argc;
	char **argv;
	int index;	/* of the word in question */
	const struct option_spec *specs;
};

/* Fill the target of the option; false, with a message, the second time. */
static bool
set(const struct parsing *in, const struct option_spec *spec,
    const char *value)
{
	bool is_free = false;

	if (spec->list != NULL)
		return add_to_list(spec->list, value);
	if (spec->flag != NULL) {
		is_free = !*spec->flag;
		*spec->flag = true;
	} else if (spec->value != NULL) {
		is_free = *spec->value == NULL;
		*spec->value = value;
	}
	return is_free || command_fail(in->command, "--%s is there twice",
	    spec->name);
}

/* Whether a word looks like a token, or has one after its equals sign. */
static bool
has_token(const char *word)
{
	const char *equals = strchr(word, '=');

	return shape_is_token_like(bytes_str(word)) || (equals != NULL &&
	    shape_is_token_like(bytes_str(equals + 1)));
}

/* The message must not repeat what may be a token. */
static bool
refuse_token(void)
{
	return complain("a token is read from a file or from standard input, "
	    "as in pam-jwt inspect FILE: other users can see the command line");
}

/* Ask which option was meant. */
static bool
refuse_option(const struct parsing *in, const char *word)
{
	const char *name = word + strspn(word, "-");
	struct nearest nearest = nearest_begin(bytes_of(name,
	    strcspn(name, "=")));
	const struct option_spec *spec = in->specs;

	for (; spec->name != NULL; spec++)
		nearest_try(&nearest, spec->name);
	if (nearest.best == NULL)
		return command_fail(in->command, "%s is not an option", word);
	return command_fail(in->command, "%s is not an option; did you mean "
	    "--%s?", word, nearest.best);
}

static bool
refuse_word(const struct parsing *in, const char *word)
{
	if (has_token(word))
		return refuse_token();
	if (word[0] == '-' && word[1] != '\0')
		return refuse_option(in, word);
	return command_fail(in->command, "%s is one word too many", word);
}

/* One of the words between the options, if there are any. */
static bool
take_word(const struct parsing *in, const char *word)
{
	const struct option_spec *words = find(in->specs, bytes_str(""));

	if (words == NULL || word[0] == '\0' || has_token(word) ||
	    (words->value != NULL && *words->value != NULL))
		return refuse_word(in, word);
	return set(in, words, word);
}

/* The option that a word names, with a value after "=" or without; or NULL. */
static const struct option_spec *
named(const struct parsing *in, const char *word)
{
	if (strncmp(word, "--", 2) != 0 || word[2] == '\0' || word[2] == '=')
		return NULL;
	return find(in->specs, bytes_of(word + 2, strcspn(word + 2, "=")));
}

/*
 * The word after an option is its value, unless it names an option itself: then
 * a script's variable was empty.  Identifiers of tokens may begin with "--".
 */
static const char *
next_value(struct parsing *in)
{
	if (in->index + 1 == in->argc ||
	    named(in, in->argv[in->index + 1]) != NULL)
		return NULL;
	return in->argv[++in->index];
}

static bool
parse_one(struct parsing *in)
{
	const char *word = in->argv[in->index], *value = NULL;
	const char *equals = strchr(word, '=');
	const struct option_spec *spec = named(in, word);

	if (word[0] != '-' || word[1] == '\0')
		return take_word(in, word);
	if (spec == NULL)
		return refuse_word(in, word);
	if (equals != NULL)
		value = equals + 1;
	if (spec->flag != NULL && value != NULL)
		return command_fail(in->command, "--%s takes no value",
		    spec->name);
	if (spec->flag != NULL)
		return set(in, spec, NULL);
	if (value == NULL)
		value = next_value(in);
	if (value == NULL || value[0] == '\0')
		return command_fail(in->command, "--%s needs a value",
		    spec->name);
	if (shape_is_token_like(bytes_str(value)))
		return refuse_token();
	return set(in, spec, value);
}

static bool
is_missing(const struct option_spec *spec)
{
	if (!spec->is_needed)
		return false;
	if (spec->list != NULL)
		return spec->list->count == 0;
	return *spec->value == NULL;
}

/* Name all that is missing at once. */
static bool
has_needed(const struct parsing *in)
{
	const struct option_spec *spec = in->specs;
	char names[MISSING_SIZE] = "";
	size_t len = 0, count = 0;

	for (; spec->name != NULL; spec++) {
		if (!is_missing(spec) || len >= sizeof(names))
			continue;
		len += (size_t)snprintf(names + len, sizeof(names) - len,
		    "%s--%s", count == 0 ? "" : ", ", spec->name);
		count++;
	}
	return count == 0 || command_fail(in->command, "%s %s missing", names,
	    count == 1 ? "is" : "are");
}

bool
options_parse(const char *command, int argc, char **argv,
    const struct option_spec *specs)
{
	struct parsing in = {
		.command = command, .argc = argc, .argv = argv, .specs = specs
	};

	for (; in.index < argc; in.index++) {
		if (!parse_one(&in))
			return false;
	}
	return has_needed(&in);
}

void
options_list_clear(struct option_list *list)
{
	free(list->item);
	*list = (struct option_list){ 0 };
}

bool
options_time(const char *text, int64_t *out)
{
	if (text == NULL) {
		*out = (int64_t)time(NULL);
		return true;
	}
	return number_digits(bytes_str(text), NUMBER_DATE_MAX, out) ||
	    complain("%s is not a time in seconds since the epoch, as date "
	    "+%%s prints it", text);
}

bool
options_text(const char *name, const char *value)
{
	struct bytes rest = bytes_str(value);
	size_t len;

	for (; rest.len > 0; rest = bytes_of(rest.ptr + len, rest.len - len)) {
		len = utf8_len(rest);
		if (len == 0)
			return complain("%s: not UTF-8", name);
		if (rest.ptr[0] < 0x20 || rest.ptr[0] == 0x7f)
			return complain("%s: it has a control character",
			    name);
	}
	return true;
}
