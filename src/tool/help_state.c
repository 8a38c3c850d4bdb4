/* SPDX-License-Identifier: BSD-2-Clause */
/* The help of pam-jwt state. */
#include "host/load.h"
#include "tool/help.h"

#define CONFIG \
	"  --config F     configuration; default " LOAD_CONFIG_DEFAULT "\n"
#define DIRECTORY \
	"  --directory D  this directory, without a configuration\n"
#define EXIT_DONE \
	"Exit: 0 done, 2 usage, configuration or system error.\n\n"

const char help_state[] =
    "The store has what was revoked and which one-time tokens were used.\n\n"
    "Example:\n"
    "  sudo pam-jwt state stats\n";

const char help_state_init[] =
    "pam-jwt state init [--config F | --directory D]\n\n"
    "Makes the state directory, and with Redis its mark there. It keeps\n"
    "what is there.\n"
    EXIT_DONE
    CONFIG DIRECTORY
    "\nExample:\n"
    "  sudo pam-jwt state init\n";

const char help_state_list[] =
    "pam-jwt state list [--config F | --directory D] [--json]\n\n"
    "Lists the facts. The store has no names, only hashes of them, so\n"
    "that nobody learns from it who logged in; pam-jwt state show asks\n"
    "about a name.\n"
    EXIT_DONE
    CONFIG DIRECTORY
    "  --json         one JSON array instead of text\n\n"
    "Example:\n"
    "  sudo pam-jwt state list\n";

const char help_state_purge[] =
    "pam-jwt state purge [--config F | --directory D] [--json | --reset]\n\n"
    "Removes what no token can need any more. It may run beside logins; a\n"
    "timer does it each day.\n"
    EXIT_DONE
    CONFIG DIRECTORY
    "  --json         one JSON object instead of text\n"
    "  --reset        after a purge by a clock that was ahead: accept again\n\n"
    "Example:\n"
    "  sudo pam-jwt state purge\n";

const char help_state_show[] =
    "pam-jwt state show [--config F] [--json] WHICH\n\n"
    "Says whether logins are refused, since when or until when. WHICH is\n"
    "one of\n\n"
    "  --account NAME         the local account\n"
    "  --subject S [--iss I]  the tokens of this sub\n"
    "  --jti J --iss I        the token of that id\n"
    "  --sid S [--iss I]      the tokens of this session at the issuer\n\n"
    "An account that is cut off stays so until it is undone.\n"
    "Exit: 0 not refused, 1 refused, 2 usage, configuration or system\n"
    "error.\n\n"
    "  --iss I        an iss, or the name of a section; default each\n"
    "  --json         one JSON array instead of text\n"
    CONFIG
    "\nExample:\n"
    "  sudo pam-jwt state show --account alice\n";

const char help_state_stats[] =
    "pam-jwt state stats [--config F | --directory D] [--json]\n\n"
    "Counts the facts.\n"
    EXIT_DONE
    CONFIG DIRECTORY
    "  --json         one JSON object instead of text\n\n"
    "Example:\n"
    "  sudo pam-jwt state stats\n";

const char help_state_pull[] =
    "pam-jwt state pull [--config F]\n\n"
    "Copies revocations and cut-offs from Redis to this host, for\n"
    "redis_lookups = pulled. A timer does it.\n"
    EXIT_DONE
    CONFIG
    "\nExample:\n"
    "  sudo pam-jwt state pull\n";
