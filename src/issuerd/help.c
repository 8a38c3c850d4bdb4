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
    "account of the issuer. It takes no arguments.\n"
    "Exit: 0 done, 1 refused, 2 a system error.\n"
    "\nExample:\n"
    "  pam-jwt issuer cgi\n";

const char help_check[] =
    "pam-jwt issuer check [--config F] [--people F] [--sshd F]\n\n"
    "Reads the configuration and the list of people as the issuer does,\n"
    "asks sshd for its settings for the account tokens, lets the key\n"
    "sign, looks at the database, the published keys and Redis, and\n"
    "prints every error and warning. Start it as root: it becomes the\n"
    "owner of the directory before it reads what the issuer reads.\n"
    "Exit: 0 no error, 2 errors.\n\n"
    "  --config F  default " ISSUER_CONF_DEFAULT "\n"
    "  --people F  default " PEOPLE_DEFAULT "\n"
    "  --sshd F    the program of sshd; default /usr/sbin/sshd\n"
    "\nExample:\n"
    "  sudo pam-jwt issuer check\n";

const char help_init[] =
    "pam-jwt issuer init [--config F] [--agent FILE.pub --socket PATH]\n\n"
    "Makes what is missing in the directory of the issuer: the keys, the\n"
    "secret and the database. Publishes the first key, which is active at\n"
    "once. Changes nothing that is there. Start it as root: it becomes the\n"
    "owner of the directory.\n"
    "Exit: 0 done, also if everything is there; 1 refused; 2 usage,\n"
    "configuration or system error.\n\n"
    "  --config F  default " ISSUER_CONF_DEFAULT "\n"
    "  --agent FILE.pub --socket PATH\n"
    "              the first key is this key of an ssh-agent\n"
    "\nExample:\n"
    "  sudo pam-jwt issuer init\n";

const char help_list[] =
    "pam-jwt issuer list [--person NAME] [--all] [--json] [--config F]\n\n"
    "Prints the active logins. The name of a login is the sid in its\n"
    "access tokens.\n"
    "Exit: 0 done, 2 usage, configuration or system error.\n\n"
    "  --person NAME\n"
    "              only those of this person\n"
    "  --all       also those that have ended, with the reason\n"
    "  --json      prints JSON; times are seconds since 1970\n"
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
    "tokens that were used or revoked since then would count again.\n"
    "Everybody must log in again. Drops damaged rows.\n"
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
    "tokens too; otherwise the tokens expire within access_ttl. The person\n"
    "can log in again until you run pam-jwt issuer people remove.\n"
    "Exit: 0 done; 1 there is no such login; 2 usage, configuration or\n"
    "system error, or the hosts were not told.\n\n"
    "  --person NAME\n"
    "              all logins of this person\n"
    "  --family SID\n"
    "              the login of this sid, as list shows it\n"
    "  --config F  default " ISSUER_CONF_DEFAULT "\n"
    "\nExample:\n"
    "  sudo pam-jwt issuer revoke --person alice\n";

const char help_serve[] =
    "pam-jwt issuer serve\n\n"
    "Answers a person who has logged in by ssh to the account tokens.\n"
    "This is the ForceCommand of sshd, and of no use elsewhere. The words\n"
    "after the name of the host are\n\n"
    "  login [--compact] [--bearer] [AUDIENCE...]\n"
    "  refresh [AUDIENCE]\n"
    "  logout\n"
    "  whoami\n\n"
    "Without words it says what the person may ask for. refresh and logout\n"
    "take the refresh token as a line on standard input.\n"
    "Exit: 0 done, 1 refused, 2 a system error.\n"
    "\nExample:\n"
    "  ssh tokens@issuer.example.com login\n";

const char help_stats[] =
    "pam-jwt issuer stats [--json] [--config F]\n\n"
    "Counts the active logins, the people who have one, and the logins\n"
    "that have ended, by reason.\n"
    "Exit: 0 done, 2 usage, configuration or system error.\n\n"
    "  --json      prints JSON\n"
    "  --config F  default " ISSUER_CONF_DEFAULT "\n"
    "\nExample:\n"
    "  sudo pam-jwt issuer stats\n";

/* ---- key ---------------------------------------------------------------- */

const char help_key[] =
    "Changes the keys of the issuer so that no token is refused: a new\n"
    "key is published, becomes active when each host has it, is retired\n"
    "by the next one, and is removed after its last token has expired.\n"
    "Without KID the only possible key is meant; the first characters of a\n"
    "KID are enough.\n"
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
    "  --force     do it before it is safe, after a key was stolen\n"
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
    "Stops publishing a retired key, and deletes its file.\n"
    "Exit: 0 done; 1 refused: it is too early, and the message says from\n"
    "when on it is safe; 2 usage, configuration or system error.\n\n"
    "  --force     do it before it is safe, after a key was stolen\n"
    CONFIG
    "\nExample:\n"
    "  sudo pam-jwt issuer key remove\n";

const char help_key_status[] =
    "pam-jwt issuer key status [--json] [--config F]\n\n"
    "Shows each key, what may be done next, and from when on.\n"
    "Exit: 0 done, 1 something must be mended, 2 usage, configuration or\n"
    "system error.\n\n"
    "  --json      prints JSON; times are seconds since 1970\n"
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
    "list and ssh-keygen -l show it. Does not end logins: pam-jwt issuer\n"
    "revoke does that.\n"
    "Exit: 0 done, 1 there is nothing to remove, 2 usage, configuration or\n"
    "system error.\n\n"
    PEOPLE
    "\nExample:\n"
    "  sudo pam-jwt issuer people remove alice\n";
