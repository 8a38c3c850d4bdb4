/* SPDX-License-Identifier: BSD-2-Clause */
/* The help of the commands that belong to the host they run on. */
#include "host/load.h"
#include "tool/help.h"
#include "tool/tests_conf.h"

#define CONFIG "configuration; default " LOAD_CONFIG_DEFAULT "\n"

const char help_check[] =
    "pam-jwt check [--config F] [--tests F] [--any-account] [--json]\n"
    "pam-jwt check --who ACCOUNT [--config F] [--json]\n"
    "pam-jwt check --keys FILE [--algorithms LIST] [--json]\n\n"
    "Reads the configuration, keys and maps as the module does, runs the\n"
    "tests of the policy, and prints every error and warning with file\n"
    "and line.\n"
    "Exit: 0 no error, 2 errors, also of a test.\n"
    "With --keys reads one key file before it is put in force.\n"
    "Exit: 0 a key can be used, 1 the module would refuse the file,\n"
    "2 usage or system error.\n\n"
    "  --config F         " CONFIG
    "  --tests F          tests of the policy; default tests.conf beside\n"
    "                     the configuration, or " TESTS_CONF_DEFAULT "\n"
    "  --any-account      in tests, missing accounts count as existing\n"
    "  --who ACCOUNT      list each rule that can lead to this account;\n"
    "                     exit: 0, also if there is no such rule\n"
    "  --keys FILE        a JWK, a JWK Set or a PEM public key\n"
    "  --algorithms LIST  as in the [issuer]: \"RS256 ES256\"\n"
    "  --json             one JSON object instead of text\n\n"
    "Example:\n"
    "  sudo pam-jwt check\n";

const char help_revoke[] =
    "pam-jwt revoke [--config F] WHAT [--end-sessions] [--undo]\n\n"
    "From now on refuses, on this host or, with Redis, on the fleet:\n\n"
    "  --iss I --jti J [--until T]   the token of that id\n"
    "  --token FILE                  this token; - is standard input\n"
    "  --sid S [--of SUBJECT] [--iss I] [--until T]\n"
    "                                the tokens of that session, or only\n"
    "                                those that the subject has of it\n"
    "  --subject S [--iss I] [--before T]\n"
    "                                the subject's tokens issued up to T\n"
    "  --all --iss I [--before T]    all the issuer's tokens issued up to T\n"
    "  --account NAME [--until T]    the local account, however it comes\n"
    "  --logout-token FILE           what this back-channel logout token of\n"
    "                                the issuer says; - is standard input\n"
    "  --event FILE [--credential-change]\n"
    "                                what this security event token (SET)\n"
    "                                or logout token says, whose aud is in\n"
    "                                event_audience; - is standard input\n\n"
    "T is in seconds since the epoch. Without --until as long as any such\n"
    "token could be valid, or until it is undone; --before is now; --iss, an\n"
    "iss or the name of a section, is every issuer. - in the place of J, S\n"
    "or NAME reads them from standard input, one on each line.\n"
    "Exit: 0 done, also if it was before; 1 the token is not valid, or\n"
    "has no event that counts; 2 usage, configuration or system error.\n\n"
    "  --config F           " CONFIG
    "  --end-sessions       also end the sessions of this host that this\n"
    "                       concerns; with --account all that logind has\n"
    "  --undo               undo the revocation\n"
    "  --credential-change  a new password or key of the subject ends its\n"
    "                       tokens, too\n\n"
    "Examples:\n"
    "  sudo pam-jwt revoke --account alice --end-sessions\n"
    "  sudo pam-jwt revoke --account alice --undo\n"
    "  sudo pam-jwt revoke --token token\n";

const char help_sessions[] =
    "A session is shown or ended only on the host it is on.\n\n"
    "Example:\n"
    "  sudo pam-jwt sessions list\n";

const char help_sessions_list[] =
    "pam-jwt sessions list [--config F] [--account A] [--subject S]\n"
    "                      [--iss I] [--jti J] [--json]\n\n"
    "Shows the open sessions of this host that a token opened: who, as\n"
    "whom, from where, since when and until when, by which token. Start it\n"
    "as root.\n"
    "Exit: 0 done, also without sessions; 2 usage, configuration or system\n"
    "error, or a record that cannot be read.\n\n"
    "  --account A    of this account, of the token or acting\n"
    "  --subject S    of this sub\n"
    "  --iss I        an iss, or the name of a section\n"
    "  --jti J        opened by this token\n"
    "  --json         one JSON array instead of text\n"
    "  --config F     " CONFIG "\n"
    "Example:\n"
    "  sudo pam-jwt sessions list --account alice\n";

const char help_sessions_end[] =
    "pam-jwt sessions end [--config F] WHICH\n\n"
    "Ends sessions that a token opened, with all their processes, which\n"
    "are killed if they have not ended after 5 seconds.\n"
    "WHICH is one of\n\n"
    "  --account A            of this account, of the token or acting\n"
    "  --subject S [--iss I]  of this sub\n"
    "  --jti J [--iss I]      opened by this token\n"
    "  --sid S [--iss I]      of this session at the issuer\n"
    "  --due                  over their limit, or revoked by now, for a\n"
    "                         timer\n\n"
    "Start it as root.\n"
    "Exit: 0 done, also if there was no such session; 2 usage,\n"
    "configuration or system error, a record that cannot be read, or\n"
    "something could not be ended.\n\n"
    "  --iss I     an iss, or the name of a section\n"
    "  --config F  " CONFIG "\n"
    "Example:\n"
    "  sudo pam-jwt sessions end --account alice\n";

const char help_sync[] =
    "pam-jwt sync [--config F] [NAME...] [--due] [--dry-run] [--json]\n\n"
    "Fetches the keys of the issuers with keys = sync, or of those that\n"
    "are named, and puts them in force. A timer runs it with --due.\n"
    "Exit: 0 all keys are fresh; 1 some were not fetched or not accepted,\n"
    "and the old ones stay; 2 usage, configuration or system error.\n\n"
    "  --config F   " CONFIG
    "  --due        ask only where sync_every has passed, or a login\n"
    "               missed a key\n"
    "  --dry-run    ask, and print what would be done\n"
    "  --json       one JSON object instead of text\n\n"
    "Example:\n"
    "  sudo pam-jwt sync --dry-run\n";
