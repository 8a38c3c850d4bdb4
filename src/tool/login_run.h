/* SPDX-License-Identifier: BSD-2-Clause */
/* One login at a provider, while it runs; what the files of it share. */
#ifndef JWT_TOOL_LOGIN_RUN_H
#define JWT_TOOL_LOGIN_RUN_H

#include "login/flow.h"
#include "login/id_token.h"
#include "tool/login.h"

struct login_run {
	const struct login_call *call;
	const struct login_section *section;
	struct arena arena;
	const char **resources;
	size_t count;
	struct provider provider;
	struct flow flow;
	struct session_store store;
	struct session session;
	struct session before;	/* the one that it takes the place of */
	const char *key;	/* of the ssh key of the tokens; NULL: none */
	struct id_token id_token;	/* or what the access token says */
	int64_t auth_time;	/* of the token for the hosts; -1: not told */
};

/* login_flow.c: "login at NAME: WHY"; returns the exit status. */
int login_run_fail(const struct login_run *run, enum provider_result result,
    const char *why);

/*
 * login_wanted.c: fill run->resources, and run->flow.wanted and resource by
 * them: at least one, which is "" for a section without a resource.  False,
 * with a message, if a host may have no token, or if none is known.
 */
bool login_run_want(struct login_run *run);

/*
 * login_person.c: find out who was logged in, from the ID token if there is
 * one.  Returns an enum tool_exit, with a message unless it is EXIT_YES.
 */
int login_run_identify(struct login_run *run);

/* login_person.c: what the hosts will say to the token, as far as we know. */
void login_run_warn(const struct login_run *run);

/*
 * login_keep.c: make run->session of what the provider gave, and store it.
 * Each returns an enum tool_exit, with a message unless it is EXIT_YES.
 */
int login_run_keep(struct login_run *run);

/* login_keep.c: put the session on the disk, in the place of an old one. */
int login_run_store(struct login_run *run);

/* login_ssh.c: log in at an issuer over ssh, and make run->session of it. */
int login_run_ssh(struct login_run *run);

/*
 * login_keep.c: end the session of before at its provider, best effort and
 * without a word, if it was another person's, client's or provider's, or one of
 * an issuer over ssh.
 */
void login_run_retire(struct login_run *run);

#endif
