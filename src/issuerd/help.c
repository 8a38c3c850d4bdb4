/* SPDX-License-Identifier: BSD-2-Clause */
/* The help of the commands of pam-jwt-issuer; src/tool/help.h has the form. */
#include "issuerd/help.h"
#include "issuerd/issuer_conf.h"
#include "issuerd/people.h"

#define CONFIG "  --config F  default " ISSUER_CONF_DEFAULT "\n"
#define PEOPLE "  --people F  default " PEOPLE_DEFAULT "\n"

const char help_cgi[] =
    "pam-jwt issuer cgi\n\n"
    "Refreshes and revokes for a web server, which starts it, as the\n"
    "account of the issuer. It takes no words.\n"
    "Exit: 0 done, 1 refused, 2 trouble.\n"
    "\nExample:\n"
    "  pam-jwt issuer cgi\n";

const char help_check[] =
    "pam-jwt issuer check [--config F] [--people F] [--sshd F]\n\n"
    "Reads the configuration and the list of people as the issuer does,\n"
    "asks sshd what it does for the account tokens, lets the key sign,\n"
    "looks at database, published keys and Redis, and prints every error\n"
    "and warning. Start it as root: it becomes the owner of the directory\n"
    "for what the issuer reads.\n"
    "Exit: 0 no error, 2 errors.\n\n"
    "  --config F  default " ISSUER_CONF_DEFAULT "\n"
    "  --people F  default " PEOPLE_DEFAULT "\n"
    "  --sshd F    the program; default /usr/sbin/sshd\n"
    "\nExample:\n"
    "  sudo pam-jwt issuer check\n";

const char help_init[] =
    "pam-jwt issuer init [--config F] [--agent FILE.pub --socket PATH]\n\n"
    "Makes what is missing in the directory of the issuer: the keys, the\n"
    "secret and the database; and publishes the first key, which is\n"
    "active at once. What is there stays. Start it as root: it becomes\n"
    "the owner of the directory.\n"
    "Exit: 0 done, also if everything is there; 1 refused; 2 usage,\n"
    "configuration or system error.\n\n"
    "  --config F  default " ISSUER_CONF_DEFAULT "\n"
    "  --agent FILE.pub --socket PATH\n"
    "              the first key is this one of an ssh-agent\n"
    "\nExample:\n"
    "  sudo pam-jwt issuer init\n";

const char help_list[] =
    "pam-jwt issuer list [--person NAME] [--all] [--json] [--config F]\n\n"
    "Prints the logins that live: each is a family of refresh tokens,\n"
    "and its name is the sid in access tokens.\n"
    "Exit: 0 done, 2 usage, configuration or system error.\n\n"
    "  --person NAME\n"
    "              only those of this person\n"
    "  --all       those that have ended as well, with the reason\n"
    "  --json      for programs; times are seconds since 1970\n"
    "  --config F  default " ISSUER_CONF_DEFAULT "\n"
    "\nExample:\n"
    "  sudo pam-jwt issuer list --person alice\n";

const char help_purge[] =
    "pam-jwt issuer purge [--config F]\n\n"
    "Drops the logins whose refresh_ttl has passed. Each new login drops\n"
    "some as well, so this needs no timer.\n"
    "Exit: 0 done, 2 usage, configuration or system error.\n\n"
    "  --config F  default " ISSUER_CONF_DEFAULT "\n"
    "\nExample:\n"
    "  sudo pam-jwt issuer purge\n";

const char help_restore[] =
    "pam-jwt issuer restore [--config F]\n\n"
    "Ends all logins. Run it after issuer.db was restored from a backup:\n"
    "tokens that were used or revoked since would live again. Everybody\n"
    "must log in again. Rows that are damaged are dropped.\n"
    "Exit: 0 done; 2 usage, configuration or system error, or the hosts\n"
    "were not told.\n\n"
    "  --config F  default " ISSUER_CONF_DEFAULT "\n"
    "\nExample:\n"
    "  sudo pam-jwt issuer restore\n";

const char help_revoke[] =
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
    "  --config F  default " ISSUER_CONF_DEFAULT "\n"
    "\nExample:\n"
    "  sudo pam-jwt issuer revoke --person alice\n";

const char help_serve[] =
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
    "Exit: 0 done, 1 refused, 2 trouble.\n"
    "\nExample:\n"
    "  ssh tokens@issuer.example.com login\n";

const char help_stats[] =
    "pam-jwt issuer stats [--json] [--config F]\n\n"
    "Counts the logins that live, the people who have one, and those that\n"
    "have ended, by reason.\n"
    "Exit: 0 done, 2 usage, configuration or system error.\n\n"
    "  --json      for programs\n"
    "  --config F  default " ISSUER_CONF_DEFAULT "\n"
    "\nExample:\n"
    "  sudo pam-jwt issuer stats\n";

/* ---- key ---------------------------------------------------------------- */

const char help_key[] =
    "Changes the keys of the issuer so that no token is refused: a new\n"
    "key is published, becomes active when each host has it, is retired\n"
    "by the next one, and is removed after its last token has ended.\n"
    "Without KID the only key in question is meant; the first characters\n"
    "of a KID will do.\n"
    "Exit: 0 done; 1 refused: it is too early, and the message says from\n"
    "when on it is safe, or the state of the key does not allow it, or\n"
    "status found something to mend; 2 usage, configuration or system\n"
    "error.\n"
    "\nExample:\n"
    "  sudo pam-jwt issuer key status\n";

const char help_key_new[] =
    "pam-jwt issuer key new [--agent FILE.pub --socket PATH] [--config F]\n\n"
    "Publishes a new private key, or one that an ssh-agent has. It signs\n"
    "nothing before it is active.\n"
    "Exit: 0 done, 1 refused, 2 usage, configuration or system error.\n\n"
    "  --agent FILE.pub --socket PATH\n"
    "              a key of the ssh-agent at that socket: ES256, ES384,\n"
    "              Ed25519 or RS256, as algorithm in issuer.conf says\n"
    CONFIG
    "\nExample:\n"
    "  sudo pam-jwt issuer key new\n";

const char help_key_activate[] =
    "pam-jwt issuer key activate [--force] [--config F] [KID]\n\n"
    "Signs with this key from now on; the key that was active is retired.\n"
    "Exit: 0 done; 1 refused: it is too early, and the message says from\n"
    "when on it is safe; 2 usage, configuration or system error.\n\n"
    "  --force     before it is safe: after a key was stolen\n"
    CONFIG
    "\nExample:\n"
    "  sudo pam-jwt issuer key activate\n";

const char help_key_retire[] =
    "pam-jwt issuer key retire [--config F] [KID]\n\n"
    "Gives up a key that is published and not active.\n"
    "Exit: 0 done, 1 refused, 2 usage, configuration or system error.\n\n"
    CONFIG
    "\nExample:\n"
    "  sudo pam-jwt issuer key retire\n";

const char help_key_remove[] =
    "pam-jwt issuer key remove [--force] [--config F] [KID]\n\n"
    "Publishes a retired key no more, and deletes its file.\n"
    "Exit: 0 done; 1 refused: it is too early, and the message says from\n"
    "when on it is safe; 2 usage, configuration or system error.\n\n"
    "  --force     before it is safe: after a key was stolen\n"
    CONFIG
    "\nExample:\n"
    "  sudo pam-jwt issuer key remove\n";

const char help_key_status[] =
    "pam-jwt issuer key status [--json] [--config F]\n\n"
    "Shows each key, what may be done next, and from when on.\n"
    "Exit: 0 done, 1 something is to be mended, 2 usage, configuration or\n"
    "system error.\n\n"
    "  --json      for programs; times are seconds since 1970\n"
    CONFIG
    "\nExample:\n"
    "  sudo pam-jwt issuer key status\n";

/* ---- people ------------------------------------------------------------- */

const char help_people[] =
    "pam-jwt issuer people --authorized-keys [--people F]\n\n"
    "Says who may log in at the issuer, and with which keys.\n"
    "Exit: 0 done, 2 usage, configuration or system error.\n\n"
    "  --authorized-keys\n"
    "              print all keys, for AuthorizedKeysCommand of sshd\n"
    PEOPLE
    "\nExample:\n"
    "  sudo pam-jwt issuer people add alice id_ed25519.pub\n";

const char help_people_list[] =
    "pam-jwt issuer people list [--people F]\n\n"
    "Prints who may log in at the issuer, and the fingerprints of the keys.\n"
    "Exit: 0 done, 2 usage, configuration or system error.\n\n"
    PEOPLE
    "\nExample:\n"
    "  sudo pam-jwt issuer people list\n";

const char help_people_add[] =
    "pam-jwt issuer people add [--people F] NAME [FILE.pub]\n\n"
    "Lets a person log in with the public key in FILE.pub; without it, with\n"
    "the one on standard input.\n"
    "Exit: 0 done, also if the person has that key already; 1 refused: the\n"
    "key is another person's or cannot be used; 2 usage, configuration or\n"
    "system error.\n\n"
    PEOPLE
    "\nExample:\n"
    "  sudo pam-jwt issuer people add alice id_ed25519.pub\n";

const char help_people_remove[] =
    "pam-jwt issuer people remove [--people F] NAME [SHA256:...]\n\n"
    "Removes all keys of a person, or only the one of that fingerprint, as\n"
    "list and ssh-keygen -l show it. It does not end logins: for that there\n"
    "is pam-jwt issuer revoke.\n"
    "Exit: 0 done, 1 there is nothing to remove, 2 usage, configuration or\n"
    "system error.\n\n"
    PEOPLE
    "\nExample:\n"
    "  sudo pam-jwt issuer people remove alice\n";
