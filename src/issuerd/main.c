/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pam-jwt-issuer: issues tokens on one trusted host, to people who prove an ssh
 * key there.  pam-jwt issuer runs it.
 */
#include "cli/command.h"
#include "issuerd/help.h"
#include "issuerd/issuerd.h"

static const struct command key_commands[] = {
	{ "new", "publish a new key", NULL, help_key_new, NULL },
	{ "activate", "sign with a published key from now on", NULL,
	  help_key_activate, NULL },
	{ "retire", "give up a published key", NULL, help_key_retire, NULL },
	{ "remove", "delete a retired key", NULL, help_key_remove, NULL },
	{ "status", "show each key, and what may be done next", NULL,
	  help_key_status, NULL },
	COMMAND_END
};

static const struct command people_commands[] = {
	{ "list", "print who may log in", NULL, help_people_list, NULL },
	{ "add", "let a person log in with a key", NULL, help_people_add,
	  NULL },
	{ "remove", "remove a person, or one key", NULL, help_people_remove,
	  NULL },
	COMMAND_END
};

static const struct command commands[] = {
	{ NULL, "Set up:", NULL, NULL, NULL },
	{ "init", "make the keys, the secret and the database", issuerd_init,
	  help_init, NULL },
	{ "people", "say who may log in, and with which keys", issuerd_people,
	  help_people, people_commands },
	{ "check", "read the configuration, and say what is wrong",
	  issuerd_check, help_check, NULL },
	{ NULL, "Look after it:", NULL, NULL, NULL },
	{ "list", "print the active logins", issuerd_list, help_list, NULL },
	{ "revoke", "end logins of a person", issuerd_revoke, help_revoke,
	  NULL },
	{ "key", "change the keys of the issuer", issuerd_key, help_key,
	  key_commands },
	{ "stats", "count the logins", issuerd_stats, help_stats, NULL },
	{ "purge", "drop the logins that have ended", issuerd_purge,
	  help_purge, NULL },
	{ "restore", "end all logins, after a backup was restored",
	  issuerd_restore, help_restore, NULL },
	{ NULL, "Run by other programs:", NULL, NULL, NULL },
	{ "serve", "answer a person who has logged in by ssh", issuerd_serve,
	  help_serve, NULL },
	{ "cgi", "answer a web server", issuerd_cgi, help_cgi, NULL },
	COMMAND_END
};

int
main(int argc, char **argv)
{
	static const struct command_set set = {
		.program = "pam-jwt issuer", .commands = commands,
		.more = "\nExamples:\n"
		    "  sudo pam-jwt issuer init\n"
		    "  sudo pam-jwt issuer people add alice id_ed25519.pub\n"
		    "\nMore is in pam-jwt-issuer(1).\n"
	};

	/* Some web servers make arguments of what a client wrote. */
	if (issuerd_is_cgi())
		return command_finish(issuerd_cgi(0, NULL));
	return command_main(&set, argc, argv);
}
