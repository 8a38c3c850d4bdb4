/* SPDX-License-Identifier: BSD-2-Clause */
/* Options of a subcommand. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/bytes.h"
#include "core/number.h"
#include "tool/options.h"

static bool
complain(const char *before, const char *what, const char *after)
{
	fprintf(stderr, "pam-jwt: %s%s%s\n", before, what, after);
	return false;
}

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
		return complain("memory ran out", "", "");
	list->item = more;
	list->item[list->count++] = value;
	return true;
}

static bool
set(const struct option_spec *spec, const char *value)
{
	if (spec->list != NULL)
		return add_to_list(spec->list, value);
	if ((spec->flag != NULL && *spec->flag) ||
	    (spec->value != NULL && *spec->value != NULL))
		return complain("--", spec->name, " stands there twice");
	if (spec->flag != NULL)
		*spec->flag = true;
	else
		*spec->value = value;
	return true;
}

/* A word that is no option: perhaps a token, which would be public there. */
static bool
refuse_word(const char *word)
{
	if (strlen(word) > 40 && strncmp(word, "ey", 2) == 0)
		return complain("a token is read from standard input: other "
		    "users can see the command line", "", "");
	return complain("", word, " is not an option; see --help");
}

static bool
parse_one(int argc, char **argv, int *index, const struct option_spec *specs)
{
	const char *word = argv[*index];
	const struct option_spec *spec;
	const char *equals, *value = NULL;

	if (strncmp(word, "--", 2) != 0)
		return refuse_word(word);
	word += 2;
	equals = strchr(word, '=');
	spec = find(specs, bytes_of(word, equals == NULL ? strlen(word) :
	    (size_t)(equals - word)));
	if (spec == NULL)
		return complain("--", word, " is not known; see --help");
	if (equals != NULL)
		value = equals + 1;
	if (spec->flag != NULL)
		return value == NULL ? set(spec, NULL) :
		    complain("--", spec->name, " takes no value");
	if (value == NULL && *index + 1 < argc)
		value = argv[++*index];
	if (value == NULL || value[0] == '\0')
		return complain("--", spec->name, " needs a value");
	return set(spec, value);
}

bool
options_parse(int argc, char **argv, const struct option_spec *specs)
{
	int i;

	for (i = 0; i < argc; i++) {
		if (!parse_one(argc, argv, &i, specs))
			return false;
	}
	return true;
}

void
option_list_clear(struct option_list *list)
{
	free(list->item);
	*list = (struct option_list){ 0 };
}

bool
options_time(const char *text, long long *out)
{
	struct number_date date;

	if (text == NULL) {
		*out = (long long)time(NULL);
		return true;
	}
	if (!number_is_valid(bytes_str(text)) ||
	    number_date(bytes_str(text), &date) != JWT_OK)
		return complain("", text, " is not a time in seconds since the "
		    "epoch");
	*out = date.floor_sec;
	return true;
}
