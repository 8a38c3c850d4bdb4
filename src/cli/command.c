/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finds the command that is meant and runs it, or shows its help; and looks
 * whether the output has arrived.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/complain.h"
#include "core/base/nearest.h"
#include "core/base/version.h"
#include "core/jose/shape.h"

#define NAME_SIZE	64	/* bytes; "pam-jwt issuer people remove" */
#define MESSAGE_SIZE	1024	/* bytes; a longer message is cut */
#define NAME_WIDTH	10	/* columns of a name in the overview */

bool
command_is_help(const char *word)
{
	return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

bool
command_is_version(const char *word)
{
	return strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0;
}

bool
command_fail(const char *command, const char *format, ...)
{
	char text[MESSAGE_SIZE];
	const char *join = "; ";
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (bytes_ends(bytes_str(text), bytes_str("?")))
		join = " ";
	fprintf(stderr, "%s: %s%s%s --help shows the options\n", command, text,
	    join, command);
	return false;
}

int
command_finish(int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	complain_errno("standard output");
	return EXIT_TROUBLE;
}

static bool
is_last(const struct command *command)
{
	return command->name == NULL && command->summary == NULL;
}

static const struct command *
find(const struct command *command, const char *name)
{
	for (; !is_last(command); command++) {
		if (command->name != NULL && strcmp(command->name, name) == 0)
			return command;
	}
	return NULL;
}

/* The name of a command as people type it; no name of ours is cut. */
static void
join(const char *program, const char *name, char out[NAME_SIZE])
{
	if (snprintf(out, NAME_SIZE, "%s %s", program, name) < 0)
		out[0] = '\0';
}

/* Print each command on a line, below its heading. */
static void
print_commands(const struct command *command, FILE *out)
{
	for (; !is_last(command); command++) {
		if (command->name == NULL)
			fprintf(out, "\n%s\n", command->summary);
		else
			fprintf(out, "  %-*s  %s\n", NAME_WIDTH, command->name,
			    command->summary);
	}
}

static void
print_overview(const struct command_set *set, FILE *out)
{
	fprintf(out, "usage: %s COMMAND [OPTION]...\n", set->program);
	if (set->commands->name != NULL)
		fputs("\n", out);
	print_commands(set->commands, out);
	fprintf(out, "\n%s COMMAND --help shows the options of a command.\n%s",
	    set->program, set->more);
}

/*
 * Print the help of a command, which is called name.  Of a command that has
 * commands it begins with the list of these.
 */
static int
print_help(const struct command *command, const char *name)
{
	struct command_set set = {
		.program = name, .commands = command->commands, .more = "\n"
	};

	if (command->commands != NULL)
		print_overview(&set, stdout);
	fputs(command->help, stdout);
	return command_finish(EXIT_YES);
}

static bool
has_help(int argc, char **argv)
{
	int i;

	for (i = 0; i < argc; i++) {
		if (command_is_help(argv[i]))
			return true;
	}
	return false;
}

/*
 * Ask which command of the list was meant.  A token in its place is not
 * repeated: messages end up in logs.
 */
static int
fail_unknown(const struct command_set *set, const char *word)
{
	const struct command *command = set->commands;
	struct nearest nearest = nearest_begin(bytes_str(word));

	if (shape_is_token_like(nearest.word)) {
		complain("a token is not a command, and other users can see "
		    "the command line; %s --help lists the commands",
		    set->program);
		return EXIT_TROUBLE;
	}
	for (; !is_last(command); command++) {
		if (command->name != NULL)
			nearest_try(&nearest, command->name);
	}
	fprintf(stderr, "%s: %s is not a command%s %s --help lists the "
	    "commands\n", set->program, word, nearest.best == NULL ? ";" :
	    nearest_text(&nearest), set->program);
	return EXIT_TROUBLE;
}

static int
fail_missing(const struct command_set *set)
{
	print_overview(set, stderr);
	return EXIT_TROUBLE;
}

/* The words after the name of a command that has none of its own. */
static int
run_last(const struct command *command, const char *name, int argc,
    char **argv)
{
	if (command->help != NULL && has_help(argc, argv))
		return print_help(command, name);
	return command_finish(command->run(argc, argv));
}

/* The words after the name of a command that has commands. */
static int
run_parent(const struct command *parent, const char *name, int argc,
    char **argv)
{
	struct command_set set = {
		.program = name, .commands = parent->commands, .more = ""
	};
	const struct command *command = NULL;
	char full[NAME_SIZE];

	if (argc > 0)
		command = find(parent->commands, argv[0]);
	if (command == NULL && has_help(argc, argv))
		return print_help(parent, name);
	if (argc == 0)
		return fail_missing(&set);
	if (command == NULL && (argv[0][0] != '-' || parent->run == NULL))
		return fail_unknown(&set, argv[0]);
	if (command == NULL)
		return command_finish(parent->run(argc, argv));
	join(name, command->name, full);
	if (has_help(argc, argv))
		return print_help(command, full);
	if (command->run == NULL)
		return command_finish(parent->run(argc, argv));
	return command_finish(command->run(argc - 1, argv + 1));
}

/* Run the command that the first word names. */
static int
run_word(const struct command_set *set, int argc, char **argv)
{
	const struct command *command = find(set->commands, argv[0]);
	char name[NAME_SIZE];

	if (command == NULL)
		return fail_unknown(set, argv[0]);
	join(set->program, command->name, name);
	if (command->commands != NULL)
		return run_parent(command, name, argc - 1, argv + 1);
	return run_last(command, name, argc - 1, argv + 1);
}

/* "help key generate" is "key generate --help". */
static int
run_help(const struct command_set *set, int argc, char **argv)
{
	char help[] = "--help";
	char *words[4] = { NULL };
	int count = argc < 3 ? argc : 3, i;

	if (argc == 0) {
		print_overview(set, stdout);
		return command_finish(EXIT_YES);
	}
	for (i = 0; i < count; i++)
		words[i] = argv[i];
	words[count] = help;
	return run_word(set, count + 1, words);
}

int
command_main(const struct command_set *set, int argc, char **argv)
{
	const char *word = argc > 1 ? argv[1] : "";

	if (argc < 2)
		return fail_missing(set);
	if (command_is_help(word) || strcmp(word, "help") == 0)
		return run_help(set, argc - 2, argv + 2);
	if (command_is_version(word) || strcmp(word, "version") == 0) {
		printf("%s %s\n", set->program, VERSION);
		return command_finish(EXIT_YES);
	}
	return run_word(set, argc - 1, argv + 1);
}
