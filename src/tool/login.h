/* SPDX-License-Identifier: BSD-2-Clause */
/* The parts of `pam-jwt login` share this: the command line and login.conf. */
#ifndef JWT_TOOL_LOGIN_H
#define JWT_TOOL_LOGIN_H

#include "cli/login_conf.h"
#include "cli/options.h"

struct login_options {
	struct option_list names;	/* of sections; at most one */
	struct option_list hosts;	/* to get a token for, too */
	const char *max_age_text;
	int64_t max_age;	/* s; -1: not given */
	bool device;
	bool browser;
	bool status;
	bool ssh_config;
	bool shell;
	bool quiet;
	bool json;
};

struct login_call {
	struct login_options options;
	const char *name;	/* of the section; NULL: not given */
	struct arena arena;
	struct places places;
	struct login_conf conf;
};

/* login_flow.c: log in; returns an enum tool_exit. */
int login_flow_run(const struct login_call *call,
    const struct login_section *section);

/* login_show.c: each returns an enum tool_exit. */
int login_show_status(const struct login_call *call);
int login_show_ssh_config(const struct login_call *call);
int login_show_shell(void);

#endif
