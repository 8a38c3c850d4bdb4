/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table of programs.  The limits were measured with each program, except
 * for GDM, whose limit was read in its source.
 *
 * Most programs cut a longer answer in silence.  If a program refuses a longer
 * answer or never passes it on, the length of an answer that does arrive tells
 * nothing.  sudo refuses, too, but is in the table as if it cut: a token that
 * its user has cut to fit is as common.
 */
#include <stdio.h>

#include "core/programs.h"

/* In the order of the limits; programs with the same limit stand together. */
static const struct program rows[] = {
	{ 127, "OpenVPN", NULL, false, true },
	{ 128, "vsftpd", NULL, false, false },
	{ 256, "saslauthd", NULL, false, false },
	{ 278, "xscreensaver", NULL, false, false },
	{ 504, "i3lock", NULL, false, true },
	{ 510, "xdm", NULL, false, true },	/* we did not try parts */
	{ 511, "sudo", NULL, true, true },
	{ 511, "doas", NULL, true, true },
	{ 511, "polkit", NULL, true, true },
	{ 511, "GDM", NULL, true, true },
	{ 511, "vlock", NULL, true, true },
	{ 512, "xrdp", NULL, false, true },
	{ 1007, "LightDM", NULL, true, false },
	{ 1022, "swaylock", NULL, false, true },
	{ 1023, "ssh client", "the ssh client", true, true },
	{ 1024, "sshd password method", NULL, false, false },
	{ 4095, "su", NULL, true, true },
	{ 4095, "login", NULL, true, true },
	{ 4095, "typed in a terminal", "any terminal", true, true },
	{ 10200, "greetd", NULL, true, false },
	{ 12000, "cockpit", NULL, true, false },
	{ TOKEN_MAX, "pam_jwt itself", NULL, false, false },
	{ 65530, "PostgreSQL", NULL, false, false },
};

#define ROWS_LEN (sizeof(rows) / sizeof(rows[0]))

const struct program *
programs_row(size_t index)
{
	if (index >= ROWS_LEN)
		return NULL;
	return &rows[index];
}

static bool
cuts_at(const struct program *program, size_t len)
{
	return program->cuts && program->answer_max == len;
}

bool
programs_cut_at(size_t len)
{
	size_t i;

	for (i = 0; i < ROWS_LEN; i++) {
		if (cuts_at(&rows[i], len))
			return true;
	}
	return false;
}

bool
programs_has_cut(bool is_begun, size_t len)
{
	return is_begun && programs_cut_at(len);
}

enum jwt_reason
programs_reason(const struct jws *jws)
{
	if (jws == NULL || jws_parsed(jws) == JWT_OUT_OF_MEMORY)
		return JWT_OUT_OF_MEMORY;
	if (programs_has_cut(jws_is_begun(jws), jws_len(jws)))
		return JWT_TOKEN_CUT;
	return jws_parsed(jws);
}

/* The text in front of a name: nothing, a comma, or "and" before the last. */
static const char *
joint(size_t i, size_t len)
{
	if (i == 0 || !cuts_at(&rows[i - 1], len))
		return "";
	if (i + 1 < ROWS_LEN && cuts_at(&rows[i + 1], len))
		return ", ";
	return " and ";
}

static const char *
phrase(const struct program *program)
{
	if (program->phrase != NULL)
		return program->phrase;
	return program->name;
}

void
programs_names(size_t len, char out[PROGRAMS_NAMES_SIZE])
{
	size_t used = 0, i;

	out[0] = '\0';
	for (i = 0; i < ROWS_LEN && used < PROGRAMS_NAMES_SIZE; i++) {
		if (cuts_at(&rows[i], len))
			used += (size_t)snprintf(out + used,
			    PROGRAMS_NAMES_SIZE - used, "%s%s", joint(i, len),
			    phrase(&rows[i]));
	}
}

static bool
is_one_of(const char *service, const char *const *names, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (bytes_eq_str(bytes_str(names[i]), service))
			return true;
	}
	return false;
}

bool
programs_take_user(const char *service)
{
	static const char *const names[] = {
		"login", "greetd", "lightdm", "gdm-password", "sddm"
	};

	return is_one_of(service, names, sizeof(names) / sizeof(names[0]));
}

bool
programs_is_sudo(const char *service)
{
	static const char *const names[] = { "sudo", "sudo-i" };

	return is_one_of(service, names, sizeof(names) / sizeof(names[0]));
}
