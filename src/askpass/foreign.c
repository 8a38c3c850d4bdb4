/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ssh runs SSH_ASKPASS for every question that it has: for unknown host keys,
 * passphrases and passwords of other hosts, too.  They get to the person as ssh
 * itself would ask them, so that the variables can stand in a profile for good.
 */
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <unistd.h>

#include "askpass/foreign.h"
#include "askpass/output.h"
#include "askpass/terminal.h"
#include "askpass/word.h"
#include "cli/complain.h"
#include "cli/report.h"

/* The variable that says what ssh wants; "" without one. */
static const char *
hint(void)
{
	const char *text = getenv("SSH_ASKPASS_PROMPT");

	if (text == NULL)
		return "";
	return text;
}

bool
foreign_is_hint(void)
{
	return hint()[0] != '\0';
}

/*
 * Without the variable in its environment the program cannot pass the prompt
 * back to us for ever.
 */
static enum tool_exit
run_next(const char *next, char *prompt, struct arena *arena)
{
	char *args[] = { arena_copy(arena, bytes_str(next)), prompt, NULL };

	if (args[0] == NULL || unsetenv("PAM_JWT_ASKPASS_NEXT") != 0) {
		complain("memory ran out");
		return EXIT_TROUBLE;
	}
	(void)execvp(args[0], args);
	complain_errno(args[0]);
	return EXIT_TROUBLE;
}

static bool
has_text(struct bytes text, const char *wanted)
{
	return text.len != 0 && memmem(text.ptr, text.len, wanted,
	    strlen(wanted)) != NULL;
}

/*
 * ssh ends such a question so.  In a request for a password the words can be
 * the name of a user, which the address of a repository has chosen.
 */
static bool
wants_yes_or_no(struct bytes prompt)
{
	struct bytes text = bytes_trim(prompt);

	if (!has_text(text, "(yes/no"))
		return false;
	return bytes_ends(text, bytes_str(")?")) ||
	    bytes_ends(text, bytes_str("):"));
}

/*
 * Whether the answer is no secret: ssh asks whether to trust a host, and git
 * for the name of a user.  A server that chooses its words like that must not
 * make a person show a password.
 */
static bool
is_open(struct bytes prompt)
{
	if (word_is_in(prompt))
		return false;
	return wants_yes_or_no(prompt) ||
	    bytes_starts(prompt, bytes_str("Please type 'yes'")) ||
	    bytes_starts(prompt, bytes_str("Username for '"));
}

static enum tool_exit
complain_nobody(struct bytes prompt)
{
	fputs("pam-jwt-askpass: ", stderr);
	report_quoted(prompt, stderr);
	fputs(" is not a prompt of pam_jwt, and there is no terminal in the "
	    "foreground to ask at; see prompt in pam-jwt-askpass(1), and "
	    "PAM_JWT_ASKPASS_NEXT\n", stderr);
	return EXIT_NO;
}

/* The exit status for a result without an answer. */
static enum tool_exit
not_answered(enum terminal_result result, struct bytes prompt)
{
	if (result == TERMINAL_NONE)
		return complain_nobody(prompt);
	if (result == TERMINAL_FAULT)
		return EXIT_TROUBLE;
	return EXIT_NO;
}

static enum tool_exit
ask(struct bytes prompt)
{
	enum tool_exit code = EXIT_TROUBLE;
	enum terminal_result result;
	struct secret answer;

	result = terminal_ask(prompt, is_open(prompt), &answer);
	if (result != TERMINAL_ANSWERED)
		code = not_answered(result, prompt);
	else if (output_line(secret_bytes(&answer)))
		code = EXIT_YES;
	secret_clear(&answer);
	return code;
}

/* ssh takes an empty answer for a yes; a person must write the word. */
static enum tool_exit
ask_confirm(struct bytes prompt, struct arena *arena)
{
	static const char end[] = " (yes/no) ";
	enum terminal_result result;
	enum tool_exit code = EXIT_NO;
	struct secret answer;
	char *question = arena_alloc(arena, prompt.len + sizeof(end));

	if (question == NULL) {
		complain("memory ran out");
		return EXIT_TROUBLE;
	}
	prompt = bytes_trim(prompt);
	if (prompt.len > 0)
		memcpy(question, prompt.ptr, prompt.len);
	memcpy(question + prompt.len, end, sizeof(end));
	result = terminal_ask(bytes_str(question), true, &answer);
	if (result != TERMINAL_ANSWERED)
		code = not_answered(result, prompt);
	else if (answer.len == 3 &&
	    strncasecmp((const char *)answer.ptr, "yes", 3) == 0)
		code = EXIT_YES;
	secret_clear(&answer);
	if (code == EXIT_YES && !output_line(bytes_str("yes")))
		code = EXIT_TROUBLE;
	return code;
}

static enum tool_exit
show(struct bytes message)
{
	enum terminal_result result = terminal_show(bytes_trim(message));

	if (result != TERMINAL_ANSWERED)
		return not_answered(result, message);
	return EXIT_YES;
}

enum tool_exit
foreign_answer(char *prompt, struct arena *arena)
{
	const char *next = getenv("PAM_JWT_ASKPASS_NEXT");
	struct bytes text = bytes_str(prompt);

	if (next != NULL && next[0] != '\0')
		return run_next(next, prompt, arena);
	if (!foreign_is_hint())
		return ask(text);
	if (strcmp(hint(), "confirm") == 0)
		return ask_confirm(text, arena);
	if (strcmp(hint(), "none") == 0)
		return show(text);
	complain("SSH_ASKPASS_PROMPT is neither confirm nor none");
	return EXIT_NO;
}
