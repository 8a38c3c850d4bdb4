/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pam-jwt-issuer: issues tokens on one trusted host, to people who prove an ssh
 * key there.  pam-jwt issuer runs it.
 */
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "issuerd/issuer_conf.h"
#include "issuerd/issuerd.h"
#include "issuerd/people.h"

static const struct command commands[] = {
	{ "cgi", issuerd_cgi,
	  "pam-jwt issuer cgi\n\n"
	  "Refreshes and revokes for a web server, which starts it, as the\n"
	  "account of the issuer. It takes no words.\n"
	  "Exit: 0 done, 1 refused, 2 trouble.\n" },
	{ "check", issuerd_check,
	  "pam-jwt issuer check [--config F] [--people F] [--sshd F]\n\n"
	  "Reads the configuration and the list of people as the issuer does,\n"
	  "asks sshd what it does for the account tokens, lets the key sign,\n"
	  "looks at database, published keys and Redis, and prints every error\n"
	  "and warning. Start it as root: it becomes the owner of the directory\n"
	  "for what the issuer reads.\n"
	  "Exit: 0 no error, 2 errors.\n\n"
	  "  --config F  default " ISSUER_CONF_DEFAULT "\n"
	  "  --people F  default " PEOPLE_DEFAULT "\n"
	  "  --sshd F    the program; default /usr/sbin/sshd\n" },
	{ "init", issuerd_init,
	  "pam-jwt issuer init [--config F] [--agent FILE.pub --socket PATH]\n\n"
	  "Makes what is missing in the directory of the issuer: the keys, the\n"
	  "secret and the database; and publishes the first key, which is\n"
	  "active at once. What is there stays. Start it as root: it becomes\n"
	  "the owner of the directory.\n"
	  "Exit: 0 done, also if everything is there; 1 refused; 2 usage,\n"
	  "configuration or system error.\n\n"
	  "  --config F  default " ISSUER_CONF_DEFAULT "\n"
	  "  --agent FILE.pub --socket PATH\n"
	  "              the first key is this one of an ssh-agent\n" },
	{ "key", issuerd_key,
	  "pam-jwt issuer key new [--agent FILE.pub --socket PATH]\n"
	  "pam-jwt issuer key activate [--force] [KID]\n"
	  "pam-jwt issuer key retire [KID]\n"
	  "pam-jwt issuer key remove [--force] [KID]\n"
	  "pam-jwt issuer key status [--json]\n\n"
	  "Changes the keys of the issuer so that no token is refused: a new\n"
	  "key is published, becomes active when each host has it, is retired\n"
	  "by the next one, and is removed after its last token has ended.\n"
	  "Without KID the only key in question is meant; the first characters\n"
	  "of a KID will do.\n"
	  "Exit: 0 done; 1 refused: it is too early, and the message says from\n"
	  "when on it is safe, or the state of the key does not allow it, or\n"
	  "status found something to mend; 2 usage, configuration or system\n"
	  "error.\n\n"
	  "  new       publish a private key, or one that an ssh-agent has\n"
	  "  activate  sign with it from now on; the active key is retired\n"
	  "  retire    give up a key that is published and not active\n"
	  "  remove    publish a retired key no more, and delete its file\n"
	  "  status    each key, what may be done next, and from when on\n"
	  "  --config F\n"
	  "            default " ISSUER_CONF_DEFAULT "\n"
	  "  --agent FILE.pub --socket PATH\n"
	  "            a key of the ssh-agent at that socket: ES256, ES384,\n"
	  "            Ed25519 or RS256, as algorithm in issuer.conf says\n"
	  "  --force   before it is safe: after a key was stolen\n"
	  "  --json    for programs; times are seconds since 1970\n" },
	{ "list", issuerd_list,
	  "pam-jwt issuer list [--person NAME] [--all] [--json] [--config F]\n\n"
	  "Prints the logins that live: each is a family of refresh tokens,\n"
	  "and its name is the sid in access tokens.\n"
	  "Exit: 0 done, 2 usage, configuration or system error.\n\n"
	  "  --person NAME\n"
	  "              only those of this person\n"
	  "  --all       those that have ended as well, with the reason\n"
	  "  --json      for programs; times are seconds since 1970\n"
	  "  --config F  default " ISSUER_CONF_DEFAULT "\n" },
	{ "people", issuerd_people,
	  "pam-jwt issuer people list [--people F]\n"
	  "pam-jwt issuer people add [--people F] NAME [FILE.pub]\n"
	  "pam-jwt issuer people remove [--people F] NAME [SHA256:...]\n"
	  "pam-jwt issuer people --authorized-keys [--people F]\n\n"
	  "Says who may log in at the issuer, and with which keys.\n"
	  "Exit: 0 done, also if the person has that key already; 1 refused:\n"
	  "the key is another person's or cannot be used, or there is nothing\n"
	  "to remove; 2 usage, configuration or system error.\n\n"
	  "  add       take the public key in FILE.pub, or on standard input\n"
	  "  remove    all keys of the person, or only the one of that\n"
	  "            fingerprint, as list and ssh-keygen -l show it\n"
	  "  --authorized-keys\n"
	  "            all keys, for AuthorizedKeysCommand of sshd\n"
	  "  --people F\n"
	  "            default " PEOPLE_DEFAULT "\n" },
	{ "purge", issuerd_purge,
	  "pam-jwt issuer purge [--config F]\n\n"
	  "Drops the logins whose refresh_ttl has passed. Each new login drops\n"
	  "some as well, so this needs no timer.\n"
	  "Exit: 0 done, 2 usage, configuration or system error.\n\n"
	  "  --config F  default " ISSUER_CONF_DEFAULT "\n" },
	{ "restore", issuerd_restore,
	  "pam-jwt issuer restore [--config F]\n\n"
	  "Ends all logins. Run it after issuer.db was restored from a backup:\n"
	  "tokens that were used or revoked since would live again. Everybody\n"
	  "must log in again. Rows that are damaged are dropped.\n"
	  "Exit: 0 done; 2 usage, configuration or system error, or the hosts\n"
	  "were not told.\n\n"
	  "  --config F  default " ISSUER_CONF_DEFAULT "\n" },
	{ "revoke", issuerd_revoke,
	  "pam-jwt issuer revoke --person NAME [--config F]\n"
	  "pam-jwt issuer revoke --family SID [--config F]\n\n"
	  "Ends logins: their refresh tokens are refused from now on. If\n"
	  "issuer.conf names the Redis of the hosts, these refuse the access\n"
	  "tokens, too; otherwise they end within access_ttl. It does not keep\n"
	  "the person from logging in again: pam-jwt issuer people remove.\n"
	  "Exit: 0 done; 1 there is no such login; 2 usage, configuration or\n"
	  "system error, or the hosts were not told.\n\n"
	  "  --person NAME\n"
	  "              all logins of this person\n"
	  "  --family SID\n"
	  "              this one, as list shows it\n"
	  "  --config F  default " ISSUER_CONF_DEFAULT "\n" },
	{ "serve", issuerd_serve,
	  "pam-jwt issuer serve\n\n"
	  "Answers a person who has logged in by ssh to the account tokens:\n"
	  "the ForceCommand of sshd, and of no use elsewhere. The words after\n"
	  "the name of the host are\n\n"
	  "  login [--compact] [--bearer] [AUDIENCE...]\n"
	  "  refresh [AUDIENCE]\n"
	  "  logout\n"
	  "  whoami\n\n"
	  "and without words it says what the person may ask for. refresh and\n"
	  "logout take the refresh token as a line on standard input.\n"
	  "Exit: 0 done, 1 refused, 2 trouble.\n" },
	{ "stats", issuerd_stats,
	  "pam-jwt issuer stats [--json] [--config F]\n\n"
	  "Counts the logins that live, the people who have one, and those that\n"
	  "have ended, by reason.\n"
	  "Exit: 0 done, 2 usage, configuration or system error.\n\n"
	  "  --json      for programs\n"
	  "  --config F  default " ISSUER_CONF_DEFAULT "\n" },
};

#define COMMANDS_LEN (sizeof(commands) / sizeof(commands[0]))

static void
print_overview(FILE *out)
{
	size_t i;

	fputs("usage: pam-jwt issuer ", out);
	for (i = 0; i < COMMANDS_LEN; i++)
		fprintf(out, "%s%s", i == 0 ? "" : "|", commands[i].name);
	fputs(" [OPTION]...\n       pam-jwt issuer COMMAND --help\n", out);
}

int
main(int argc, char **argv)
{
	size_t i;

	/* Some web servers make arguments of what a client wrote. */
	if (issuerd_is_cgi())
		return command_finish(issuerd_cgi(0, NULL));
	if (argc == 2 && strcmp(argv[1], "--help") == 0) {
		print_overview(stdout);
		return command_finish(EXIT_YES);
	}
	for (i = 0; argc >= 2 && i < COMMANDS_LEN; i++) {
		if (strcmp(argv[1], commands[i].name) == 0)
			return command_run(&commands[i], argc - 2, argv + 2);
	}
	print_overview(stderr);
	return EXIT_TROUBLE;
}
