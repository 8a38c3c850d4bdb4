/* SPDX-License-Identifier: BSD-2-Clause */
/* Compares the settings of sshd with those of pam-jwt-issuer.conf. */
#include "core/policy/conf.h"
#include "core/policy/parser.h"
#include "issuerd/sshd_settings.h"

#define KEYS_COMMAND " people --authorized-keys"
#define SERVE_COMMAND " serve"

/* name is the manual's spelling; sshd prints it in lowercase. */
static const struct {
	const char *name;
	const char *value;
} wanted[] = {
	{ "PubkeyAuthentication", "yes" },
	{ "AuthenticationMethods", "publickey" },
	{ "AuthorizedKeysFile", "none" },
	{ "AuthorizedKeysCommandUser", "tokens" },
	{ "TrustedUserCAKeys", "none" },
	{ "ExposeAuthInfo", "yes" },
	{ "DisableForwarding", "yes" },
	{ "PermitTTY", "no" },
	{ "PermitUserRC", "no" },
	{ "AcceptEnv", "none" },
};

/* "NAME is VALUE and must be MUST", the last of them perhaps in two parts. */
static void
fail(struct diag *diag, const char *name, struct bytes value, const char *must,
    const char *more)
{
	struct diag_place place = { .file = SSHD_SETTINGS_SOURCE };

	if (value.len == 0)
		value = bytes_str("not there");
	diag_add(diag, place, JWT_CONFIG_INVALID, "%s is %.*s and must be %s%s",
	    name, BYTES_SHOW(value), must, more);
}

static bool
is_name(struct bytes word, const char *name)
{
	size_t i;

	if (word.len != strlen(name))
		return false;
	for (i = 0; i < word.len; i++) {
		char c = name[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if (word.ptr[i] != (uint8_t)c)
			return false;
	}
	return true;
}

/* The value of the next line of that name; false if no line is left. */
static bool
next_value(struct bytes *text, const char *name, struct bytes *value)
{
	while (text->len > 0) {
		struct bytes line = bytes_cut(text, '\n');

		if (!is_name(conf_word(&line), name))
			continue;
		*value = bytes_trim(line);
		return true;
	}
	return false;
}

/* A setting may have several lines, as AcceptEnv has: all must be right. */
static void
check_one(struct bytes text, const char *name, const char *must,
    struct diag *diag)
{
	struct bytes value = bytes_of(NULL, 0);
	bool is_there = false;

	while (next_value(&text, name, &value)) {
		is_there = true;
		if (!bytes_eq_str(value, must))
			fail(diag, name, value, must, "");
	}
	/* Without AcceptEnv no variable is taken. */
	if (!is_there && strcmp(name, "AcceptEnv") != 0)
		fail(diag, name, value, must, "");
}

/* "/usr/bin/pam-jwt issuer" or "/usr/libexec/pam-jwt/pam-jwt-issuer". */
static bool
is_our_program(struct bytes command)
{
	struct bytes path = conf_word(&command);
	bool is_alone = bytes_ends(path, bytes_str("/pam-jwt-issuer"));
	size_t i;

	for (i = 0; i < path.len; i++) {
		if (path.ptr[i] != '/' &&
		    !parser_is_name(bytes_of(path.ptr + i, 1)))
			return false;
	}
	if (path.len == 0 || path.ptr[0] != '/')
		return false;
	if (is_alone)
		return command.len == 0;
	return bytes_ends(path, bytes_str("/pam-jwt")) &&
	    bytes_eq_str(command, " issuer");
}

/* The program of the command; empty, and noted, if it is not ours. */
static struct bytes
take_program(struct bytes text, const char *name, const char *words,
    struct diag *diag)
{
	struct bytes value = bytes_of(NULL, 0), ending = bytes_str(words);

	if (next_value(&text, name, &value) && bytes_ends(value, ending)) {
		struct bytes program = bytes_of(value.ptr,
		    value.len - ending.len);

		if (is_our_program(program))
			return program;
	}
	fail(diag, name, value, "/usr/bin/pam-jwt issuer", words);
	return bytes_of(NULL, 0);
}

static void
check_commands(struct bytes text, struct diag *diag)
{
	struct bytes keys = take_program(text, "AuthorizedKeysCommand",
	    KEYS_COMMAND, diag);
	struct bytes serve = take_program(text, "ForceCommand", SERVE_COMMAND,
	    diag);

	if (keys.len > 0 && serve.len > 0 && !bytes_eq(keys, serve))
		fail(diag, "ForceCommand", serve, "the program of "
		    "AuthorizedKeysCommand", "");
}

void
sshd_settings_check(struct bytes text, struct diag *diag)
{
	size_t i;

	for (i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		check_one(text, wanted[i].name, wanted[i].value, diag);
	check_commands(text, diag);
}
