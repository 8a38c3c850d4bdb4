/* SPDX-License-Identifier: BSD-2-Clause */
/* The help of the commands of a person who logs in elsewhere. */
#include "host/load.h"
#include "tool/help.h"

const char help_login[] =
    "pam-jwt login [NAME] [--device | --browser] [--max-age D]\n"
    "              [--host H]... [--quiet | --json]\n"
    "pam-jwt login --status [--quiet | --json] [NAME]\n"
    "pam-jwt login --ssh-config [NAME]\n"
    "pam-jwt login --shell\n\n"
    "Logs you in at an identity provider of login.conf. From then on\n"
    "pam-jwt-askpass has a token for each host, until the login ends.\n"
    "Exit: 0 done, 1 denied, given up or too late, 2 usage,\n"
    "configuration or system error.\n\n"
    "  --device      show a code, to type in a browser anywhere\n"
    "  --browser     open a browser here\n"
    "  --max-age D   ask the provider for a login not older than D\n"
    "  --host H      ask for a token for this host, too\n"
    "  --status      who is logged in, without asking the provider;\n"
    "                exit: 0 all are usable, 1 log in again, 2 trouble\n"
    "  --quiet       only the exit status; in a login, only what you need\n"
    "                to know: no QR code and no countdown\n"
    "  --json        one JSON array instead of text; after a login, too\n"
    "  --ssh-config  print a block for the end of ~/.ssh/config\n"
    "  --shell       print the lines for ~/.profile\n\n"
    "Example:\n"
    "  pam-jwt login --status\n";

const char help_token[] =
    "pam-jwt token [NAME] [--host H] [--min-validity 60s]\n\n"
    "Prints the token for a host from the session of pam-jwt login,\n"
    "and renews it first if it expires soon.\n"
    "Exit: 0 printed; 1 log in again, or login.conf gives that host no\n"
    "token; 2 usage or system error, or the provider cannot be reached.\n\n"
    "  NAME                of [login NAME]; without it the first one\n"
    "                      whose hosts have H, or the only one\n"
    "  --host H            who asks for the token\n"
    "  --min-validity D    renew if less is left, but not if more than\n"
    "                      half of its life is left; default 60s\n\n"
    "Example:\n"
    "  pam-jwt token --host web1 >token\n";

const char help_logout[] =
    "pam-jwt logout [NAME]\n"
    "pam-jwt logout [--token-file FILE] [--config F]\n\n"
    "Ends the session of pam-jwt login, here and at the provider. Without\n"
    "NAME it ends all sessions, and revokes your own token on this host, if\n"
    "there is one; with an option it only revokes the token. Then it removes\n"
    "the file of the token. If you may not write the state, it sends the\n"
    "token to pam-jwt-logout.socket.\n"
    "Exit: 0 done; 1 a provider could not be told, or the token is not\n"
    "accepted; 2 usage or system error, or the token could not be revoked.\n\n"
    "  NAME               of [login NAME]\n"
    "  --token-file FILE  default $XDG_RUNTIME_DIR/pam-jwt/token\n"
    "  --config F         configuration; default " LOAD_CONFIG_DEFAULT "\n\n"
    "Example:\n"
    "  pam-jwt logout\n";
