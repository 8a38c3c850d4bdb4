/* SPDX-License-Identifier: BSD-2-Clause */
/* The commands of pam-jwt-issuer. */
#ifndef JWT_ISSUERD_H
#define JWT_ISSUERD_H

#include <stdbool.h>

#include "cli/exit.h"

#define ISSUER_ACCOUNT "tokens"	/* that people log in to, by ssh */

/* Whether a web server started us: then cgi alone runs, whatever argv says. */
bool issuerd_is_cgi(void);

/* Each takes the arguments after its name, and returns an enum tool_exit. */
int issuerd_cgi(int argc, char **argv);
int issuerd_check(int argc, char **argv);
int issuerd_init(int argc, char **argv);
int issuerd_key(int argc, char **argv);
int issuerd_list(int argc, char **argv);
int issuerd_people(int argc, char **argv);
int issuerd_purge(int argc, char **argv);
int issuerd_restore(int argc, char **argv);
int issuerd_revoke(int argc, char **argv);
int issuerd_serve(int argc, char **argv);
int issuerd_stats(int argc, char **argv);

#endif
