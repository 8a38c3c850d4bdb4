/* SPDX-License-Identifier: BSD-2-Clause */
/* pam-jwt issuer people: lists the people of the issuer, and changes them. */
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/complain.h"
#include "cli/options.h"
#include "cli/report.h"
#include "cli/userfile.h"
#include "cli/visible.h"
#include "issuerd/issuerd.h"
#include "issuerd/people_file.h"

#define COMMAND "pam-jwt issuer people"

#define STDIN_NAME "standard input"

static int
exit_of(enum people_change change)
{
	switch (change) {
	case PEOPLE_CHANGED:
	case PEOPLE_SAME:
		return EXIT_YES;
	case PEOPLE_REFUSED:
		return EXIT_NO;
	case PEOPLE_TROUBLE:
		break;
	}
	return EXIT_TROUBLE;
}

/* ---- list and --authorized-keys ----------------------------------------- */

static int
list(const char *path)
{
	struct diag diag = { .reason = JWT_OK };
	struct people_file file;
	enum jwt_reason reason = people_file_load(path, &diag, &file);
	size_t i;

	report_diag(&diag, stderr);
	for (i = 0; i < file.people.count && reason == JWT_OK; i++) {
		const struct person *person = &file.people.item[i];

		printf("%s %s %s", person->name, person->key.type,
		    person->key.fingerprint);
		if (person->comment[0] != '\0')
			putchar(' ');
		visible_print(bytes_str(person->comment), stdout);
		putchar('\n');
	}
	people_file_clear(&file);
	diag_clear(&diag);
	if (reason != JWT_OK)
		return EXIT_TROUBLE;
	return EXIT_YES;
}

/*
 * sshd throws our messages away, and nobody can log in any more: the log must
 * say why.
 */
static void
log_fault(const struct diag *diag)
{
	const struct diag_entry *entry = diag_first_error(diag);
	char line[DIAG_LINE_SIZE];

	openlog("pam-jwt-issuer", LOG_PID, LOG_AUTHPRIV);
	if (entry == NULL)
		syslog(LOG_ERR, "nobody can log in at the issuer: %s",
		    reason_text(diag->reason));
	else
		syslog(LOG_ERR, "nobody can log in at the issuer: %s%s: %s",
		    entry->file, diag_line(entry, line), entry->text);
	closelog();
}

/*
 * Each key may log in; which person that is, and what the login may do, is
 * decided afterwards.  "restrict" repeats what the configuration of sshd says
 * about forwarding, in case a part of it is missing.
 */
static int
print_authorized_keys(const char *path)
{
	struct diag diag = { .reason = JWT_OK };
	struct people_file file;
	enum jwt_reason reason = people_file_load(path, &diag, &file);
	size_t i;

	if (reason != JWT_OK)
		log_fault(&diag);
	report_diag(&diag, stderr);
	for (i = 0; i < file.people.count && reason == JWT_OK; i++)
		printf("restrict %s %s\n", file.people.item[i].key.type,
		    file.people.item[i].blob);
	people_file_clear(&file);
	diag_clear(&diag);
	if (reason != JWT_OK)
		return EXIT_TROUBLE;
	return EXIT_YES;
}

/* ---- add and remove ----------------------------------------------------- */

static bool
read_stdin(struct secret *out)
{
	enum userfile_step step = USERFILE_MORE;

	if (isatty(STDIN_FILENO))
		fprintf(stderr, "%s: a public key is read from standard "
		    "input; end it with Enter and Ctrl-D\n",
		    "pam-jwt-issuer");
	if (!userfile_start(out))
		return false;
	while (step == USERFILE_MORE)
		step = userfile_step(STDIN_FILENO, STDIN_NAME, out);
	return step == USERFILE_END;
}

static bool
read_key_file(const char *path, struct secret *out)
{
	struct userfile file = { .written_sec = 0 };
	enum userfile_result result;

	if (path == NULL)
		return read_stdin(out);
	result = userfile_read(path, USERFILE_ANY, &file);
	*out = file.text;
	return result == USERFILE_OK || (result == USERFILE_MISSING &&
	    complain("%s: there is no such file", path));
}

/* The only line of a text that is not empty or a comment; empty otherwise. */
static struct bytes
only_line(struct bytes text)
{
	struct bytes found = bytes_of(NULL, 0);

	while (text.len > 0) {
		struct bytes line = bytes_trim(bytes_cut(&text, '\n'));

		if (line.len == 0 || line.ptr[0] == '#')
			continue;
		if (found.len > 0)
			return bytes_of(NULL, 0);
		found = line;
	}
	return found;
}

/*
 * Make a line of the name and the public key, and read it as one of the file:
 * so the key is judged as it will be judged there.
 */
static bool
parse_key(const char *name, struct bytes key, const char *source,
    struct people *out)
{
	struct diag diag = { .reason = JWT_OK };
	struct bytes who = bytes_str(name);
	struct secret line = { .len = 0 };
	enum jwt_reason reason = secret_alloc(who.len + 1 + key.len, &line);

	if (reason != JWT_OK)
		return complain("memory ran out");
	memcpy(line.ptr, who.ptr, who.len);
	line.ptr[who.len] = ' ';
	memcpy(line.ptr + who.len + 1, key.ptr, key.len);
	reason = people_parse(secret_bytes(&line), source, &diag, out);
	report_diag(&diag, stderr);
	diag_clear(&diag);
	secret_clear(&line);
	return reason == JWT_OK;
}

static int
add_text(const char *path, const char *name, const char *source,
    struct bytes text)
{
	struct bytes key = only_line(text);
	struct people one = { .count = 0 };
	int code = EXIT_NO;

	if (key.len == 0)
		complain("%s: it must hold one public key, on one line, as "
		    "ssh-keygen writes it", source);
	else if (parse_key(name, key, source, &one))
		code = exit_of(people_file_add(path, &one.item[0]));
	people_clear(&one);
	return code;
}

static int
add(const char *path, const char *name, const char *file)
{
	const char *source = file == NULL ? STDIN_NAME : file;
	struct secret text = { .len = 0 };
	int code = EXIT_TROUBLE;

	if (!people_name_is_valid(bytes_str(name)))
		complain("a name has letters, digits and _ . - @ +, and does "
		    "not begin with - or .");
	else if (read_key_file(file, &text))
		code = add_text(path, name, source, secret_bytes(&text));
	secret_clear(&text);
	return code;
}

static int
remove_lines(const char *path, const char *name, const char *fingerprint)
{
	if (fingerprint != NULL &&
	    !sshkey_is_fingerprint(bytes_str(fingerprint))) {
		complain("%s is not a fingerprint, as people list shows it",
		    fingerprint);
		return EXIT_TROUBLE;
	}
	return exit_of(people_file_remove(path, name, fingerprint));
}

/* ---- the command -------------------------------------------------------- */

static int
run_word(const char *path, const struct option_list *words)
{
	const char *verb = words->item[0], *name = NULL, *rest = NULL;

	if (words->count >= 2)
		name = words->item[1];
	if (words->count == 3)
		rest = words->item[2];
	if (strcmp(verb, "list") == 0 && words->count == 1)
		return list(path);
	if (strcmp(verb, "add") == 0 && name != NULL && words->count <= 3)
		return add(path, name, rest);
	if (strcmp(verb, "remove") == 0 && name != NULL && words->count <= 3)
		return remove_lines(path, name, rest);
	command_fail(COMMAND, "it needs one of list, add NAME [FILE.pub] and "
	    "remove NAME [SHA256:...]");
	return EXIT_TROUBLE;
}

int
issuerd_people(int argc, char **argv)
{
	const char *path = NULL;
	struct option_list words = { .count = 0 };
	bool authorized_keys = false;
	const struct option_spec specs[] = {
		{ .name = "", .list = &words },
		{ .name = "people", .value = &path },
		{ .name = "authorized-keys", .flag = &authorized_keys },
		{ .name = NULL }
	};
	int code = EXIT_TROUBLE;

	if (!options_parse(COMMAND, argc, argv, specs))
		goto out;
	if (path == NULL)
		path = PEOPLE_DEFAULT;
	if (authorized_keys == (words.count > 0))
		command_fail(COMMAND, "it needs one of list, add, remove and "
		    "--authorized-keys");
	else if (authorized_keys)
		code = print_authorized_keys(path);
	else
		code = run_word(path, &words);
out:
	options_list_clear(&words);
	return code;
}
