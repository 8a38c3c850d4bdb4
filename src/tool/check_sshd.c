/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finds settings of sshd that keep tokens out.  The person who logs in sees
 * only "Permission denied", and the log of the module has no line at all.
 *
 * A Match block sets other values for some connections, so each block is looked
 * at, too.
 */
#include <stdlib.h>

#include "tool/check_sshd.h"
#include "tool/check_sshd_ask.h"
#include "tool/check_sshd_match.h"
#include "tool/check_sshd_place.h"
#include "tool/pam_service.h"

#define KEYBOARD	"keyboard-interactive"
#define TRIES_MIN	3	/* two keys of an agent, and one token */

/* ---- what sshd says ---- */

/* Whether a list of AuthenticationMethods asks by a method. */
static bool
list_has(struct bytes list, const char *name)
{
	while (list.len > 0) {
		struct bytes method = bytes_cut(&list, ',');

		if (bytes_eq_str(bytes_cut(&method, ':'), name))
			return true;
	}
	return false;
}

/* Whether AuthenticationMethods lets somebody in who uses this method. */
static bool
takes(const char *settings, const char *name)
{
	struct bytes lists = check_sshd_value(settings,
	    "authenticationmethods");

	if (lists.len == 0 || bytes_eq_str(lists, "any"))
		return true;
	while (lists.len > 0) {
		if (list_has(bytes_cut(&lists, ' '), name))
			return true;
	}
	return false;
}

static bool
has_keyboard(const char *settings)
{
	return !check_sshd_is(settings, "kbdinteractiveauthentication", "no");
}

static bool
has_password(const char *settings)
{
	return check_sshd_is(settings, "passwordauthentication", "yes") &&
	    takes(settings, "password");
}

/* ---- what is wrong ---- */

static bool
asks_nothing(const char *settings)
{
	return check_sshd_is(settings, "usepam", "no");
}

static bool
asks_by_no_method(const char *settings)
{
	return !asks_nothing(settings) && !has_keyboard(settings) &&
	    !has_password(settings);
}

static bool
asks_by_password(const char *settings)
{
	return !asks_nothing(settings) && !has_keyboard(settings) &&
	    has_password(settings);
}

static bool
asks_again(const char *settings)
{
	return !asks_nothing(settings) && has_keyboard(settings) &&
	    has_password(settings) && takes(settings, KEYBOARD);
}

static bool
lacks_method(const char *settings)
{
	return !asks_nothing(settings) && has_keyboard(settings) &&
	    !takes(settings, KEYBOARD);
}

static bool
has_few_tries(const char *settings)
{
	struct bytes value = check_sshd_value(settings, "maxauthtries");
	char text[12];

	if (value.len == 0 || value.len >= sizeof(text))
		return false;
	memcpy(text, value.ptr, value.len);
	text[value.len] = '\0';
	return strtoul(text, NULL, 10) < TRIES_MIN;
}

static const struct {
	bool (*is_wrong)(const char *settings);
	const char *setting;
	const char *text;
	const char *in_block;	/* what follows the text in a Match block */
} rows[] = {
	{ asks_nothing, "UsePAM",
	    "UsePAM no: sshd does not ask " PAM_SERVICE_MODULE ", so no token "
	    "logs in and nobody is cut off; write UsePAM yes", "" },
	{ asks_by_no_method, "KbdInteractiveAuthentication",
	    "KbdInteractiveAuthentication no: sshd asks for no token; write "
	    "KbdInteractiveAuthentication yes", ", or AuthenticationMethods "
	    "publickey if nobody logs in with a token there" },
	{ asks_by_password, "KbdInteractiveAuthentication",
	    "KbdInteractiveAuthentication no: tokens come by the password "
	    "method alone, which takes 1024 bytes, asks for no second part and "
	    "shows no message; write KbdInteractiveAuthentication yes and "
	    "PasswordAuthentication no", "" },
	{ asks_again, "PasswordAuthentication",
	    "PasswordAuthentication yes: a token that comes by the password "
	    "method is cut at 1023 bytes, and ssh asks by it again after a "
	    "refusal; write PasswordAuthentication no: passwords are asked for "
	    "by KbdInteractiveAuthentication as well", "" },
	{ lacks_method, "AuthenticationMethods",
	    "AuthenticationMethods has no list with " KEYBOARD ", so nobody "
	    "logs in with a token; write AuthenticationMethods " KEYBOARD
	    ":pam, or publickey," KEYBOARD ":pam for a key and a token", "" },
	{ has_few_tries, "MaxAuthTries",
	    "MaxAuthTries is less than 3: each ssh key that a client offers "
	    "and sshd does not accept is a try, so somebody with some keys in "
	    "an agent is not asked for the token; write MaxAuthTries 6", "" },
};

/* ---- Match blocks ---- */

struct look {
	const char *settings;	/* outside of blocks */
	struct diag *diag;
};

/*
 * Whoever writes AuthenticationMethods into a block says on purpose by what
 * method its connections log in.
 */
static bool
wants_no_token(const struct check_sshd_block *block)
{
	return check_sshd_value(block->settings,
	    "authenticationmethods").len > 0 &&
	    !takes(block->whole, KEYBOARD) && !takes(block->whole, "password");
}

/* A setting that is wrong outside of the block, too, has its warning already. */
static void
look_at_block(void *context, const struct check_sshd_block *block)
{
	const struct look *look = context;
	size_t i;

	if (wants_no_token(block))
		return;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].is_wrong(block->whole) &&
		    !rows[i].is_wrong(look->settings))
			diag_add(look->diag, check_sshd_match_place(block,
			    rows[i].setting), JWT_OK, "in the Match block of "
			    "line %u: %s%s", block->match.line, rows[i].text,
			    rows[i].in_block);
	}
}

/* ---- both ---- */

static void
look_outside(const char *settings, const char *place, struct diag *diag)
{
	struct arena arena = { 0 };
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].is_wrong(settings))
			diag_add(diag, check_sshd_place(place, rows[i].setting,
			    &arena), JWT_OK, "%s", rows[i].text);
	}
	arena_clear(&arena);
}

void
check_sshd_note(const char *const *folders, const char *config,
    const char *settings, const char *place, struct diag *diag)
{
	struct look look = { .settings = settings, .diag = diag };

	if (!pam_service_asks(folders, "sshd", config))
		return;
	look_outside(settings, place, diag);
	if (!check_sshd_match_each(place, settings, look_at_block, &look))
		diag_add(diag, (struct diag_place){ .file = place },
		    JWT_OUT_OF_MEMORY, "memory ran out");
}
