/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The two files that read a login.conf share this: login_conf_parse.c reads its
 * sections, and login_setting.c reads each setting in them.
 */
#ifndef JWT_LOGIN_SETTING_H
#define JWT_LOGIN_SETTING_H

#include "cli/login_conf.h"
#include "core/policy/conf.h"

struct login_parser {
	struct conf_reader reader;
	struct conf_line line;
	struct arena *arena;
	struct login_section *section;	/* NULL: none, or a bad one */
	uint64_t seen;			/* bits of the settings in it */
};

/* Read the setting of in->line into in->section; a fault is noted. */
void login_setting_take(struct login_parser *in);

/* Whether the section has had the setting of that name. */
bool login_setting_is_given(const struct login_parser *in, const char *name);

/* Note an error at in->line. */
__attribute__((format(printf, 2, 3)))
void login_setting_fail(struct login_parser *in, const char *format, ...);
void login_setting_no_memory(struct login_parser *in);

/* A copy in the arena; NULL, and noted, without memory. */
const char *login_setting_keep(struct login_parser *in, struct bytes text);

#endif
