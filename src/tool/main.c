/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pam-jwt: finds the subcommand and runs it, or shows its help.  A client
 * (JWT_CLIENT) has no subcommands that are about the host they run on.
 */
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "core/version.h"
#include "host/load.h"
#include "tool/tests_conf.h"
#include "tool/tool.h"

static const struct command commands[] = {
#ifndef JWT_CLIENT
	{ "verify", tool_verify,
	  "pam-jwt verify [--config F] --service S [--user U] [--rhost H]\n"
	  "               [--ssh-auth-info TEXT] [--now EPOCH] [--json] < TOKEN\n\n"
	  "The module's own verdict for a token, and why, step by step.\n"
	  "Exit: 0 accepted, 1 refused, 2 usage or configuration error.\n\n"
	  "  --config F   configuration; default " LOAD_CONFIG_DEFAULT "\n"
	  "  --service S  PAM service, as sshd\n"
	  "  --user U     account asked for; without it the token says who\n"
	  "  --rhost H    address of the remote host\n"
	  "  --ssh-auth-info TEXT\n"
	  "               the keys that sshd has checked, as it writes them into\n"
	  "               SSH_AUTH_INFO_0: \"publickey ssh-ed25519 AAAA...\"\n"
	  "  --now EPOCH  decide as of this time\n"
	  "  --json       one JSON object instead of text\n" },
#endif
	{ "inspect", tool_inspect,
	  "pam-jwt inspect [--json] < TOKEN\n\n"
	  "Shows what a token says, without verifying anything, and which\n"
	  "programs take a token of its size.\n"
	  "Exit: 0 readable, 1 malformed.\n\n"
	  "  --json       one JSON object instead of text\n" },
#ifndef JWT_CLIENT
	{ "check", tool_check,
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
	  "  --config F         configuration; default " LOAD_CONFIG_DEFAULT
	  "\n"
	  "  --tests F          tests of the policy; default tests.conf beside\n"
	  "                     the configuration, or " TESTS_CONF_DEFAULT "\n"
	  "  --any-account      in tests, accounts that are not here are there\n"
	  "  --who ACCOUNT      list each rule that can lead to this account, and\n"
	  "                     for whom it is; exit: 0, also if there is none\n"
	  "  --keys FILE        a JWK, a JWK Set or a PEM public key\n"
	  "  --algorithms LIST  as in the [issuer]: \"RS256 ES256\"\n"
	  "  --json             one JSON object instead of text\n" },
#endif
	{ "key", tool_key,
	  "pam-jwt key generate --alg ALG --out PRIVATE.jwk\n"
	  "                     [--public PUBLIC.jwk] [--kid KID] [--bits N]\n"
	  "                     [--curve CURVE]\n"
	  "pam-jwt key public < PRIVATE > PUBLIC.jwk\n"
	  "pam-jwt key thumbprint [--uri] < KEY\n\n"
	  "Makes a key pair, takes the public part of a private key, prints\n"
	  "the RFC 7638 thumbprint, also of public keys and certificates of\n"
	  "OpenSSH. A private key is written with mode 0600 and never over\n"
	  "another file.\n\n"
	  "  --out FILE   the private key; --public FILE the public one\n"
	  "  --alg ALG    ES256 ES384 ES512 Ed25519 Ed448 RS256 RS384 RS512\n"
	  "               PS256 PS384 PS512 HS256 HS384 HS512, and ML-DSA-44\n"
	  "               ML-DSA-65 ML-DSA-87 where OpenSSL has them\n"
	  "               to decrypt tokens: ECDH-ES ECDH-ES+A128KW\n"
	  "               ECDH-ES+A256KW RSA-OAEP-256 RSA-OAEP\n"
	  "  --curve C    of ECDH-ES: P-256 (default) P-384 P-521 X25519\n"
	  "  --bits N     of an RSA key, 2048 to 8192; default 3072\n"
	  "  --kid KID    default: the thumbprint\n"
	  "  --uri        the thumbprint as a URI (RFC 9278)\n" },
	{ "issue", tool_issue,
	  "pam-jwt issue --key PRIVATE --iss I --sub S --aud A [--aud A]...\n"
	  "              --ttl 10m [--claim NAME=VALUE]...\n"
	  "              [--claim-json NAME=JSON]... [--typ TYPE]\n"
	  "              [--cnf-ssh-key FILE.pub] [--now EPOCH] [--no-jti]\n"
	  "              [--encrypt-to HOST.jwk [--enc ENC]]\n\n"
	  "Signs a token and prints it.\n\n"
	  "  --key PRIVATE      JWK or PEM, readable by its owner only\n"
	  "  --iss I            the issuer, exactly as the hosts have it\n"
	  "  --sub S            whom the token is for\n"
	  "  --aud A            which host it is for; may be repeated\n"
	  "  --ttl DURATION     exp is iat plus this: 90s 10m 8h\n"
	  "  --claim N=V        a further claim, a string\n"
	  "  --claim-json N=J   a further claim, any JSON value\n"
	  "  --typ TYPE         of the header; default JWT\n"
	  "  --cnf-ssh-key F    bind the token to this public key of OpenSSH\n"
	  "  --now EPOCH        iat; default the current time\n"
	  "  --encrypt-to F     encrypt it for the host with this key, a JWK\n"
	  "  --enc ENC          how: A256GCM (default) A128GCM A128CBC-HS256\n"
	  "                     A256CBC-HS512\n"
	  "  --no-jti           no token identifier\n" },
#ifndef JWT_CLIENT
	{ "issuer", tool_issuer, NULL },
	{ "revoke", tool_revoke,
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
	  "token could be valid, an account for good; --before is now; --iss, an\n"
	  "iss or the name of a section, is every issuer. - in the place of J, S\n"
	  "or NAME reads them from standard input, one on each line.\n"
	  "Exit: 0 done, also when it was before; 1 the token is not sound, or\n"
	  "has no event that counts; 2 usage, configuration or system error.\n\n"
	  "  --config F           configuration; default " LOAD_CONFIG_DEFAULT "\n"
	  "  --end-sessions       then end the sessions of this host that this\n"
	  "                       concerns; of an account all that logind has\n"
	  "  --undo               take it back\n"
	  "  --credential-change  a new password or key of the subject ends its\n"
	  "                       tokens, too\n" },
	{ "sessions", tool_sessions,
	  "pam-jwt sessions list [--config F] [--account A] [--subject S]\n"
	  "                      [--iss I] [--jti J] [--json]\n"
	  "pam-jwt sessions end [--config F] WHICH\n\n"
	  "Shows the open sessions of this host that a token opened: who, as\n"
	  "whom, from where, since when and until when, by which token; or ends\n"
	  "some of them, with all that runs in them:\n\n"
	  "  --account A            of this account, of the token or acting\n"
	  "  --subject S [--iss I]  of this sub\n"
	  "  --jti J [--iss I]      opened by this token\n"
	  "  --sid S [--iss I]      of this session at the issuer\n"
	  "  --due                  over their limit, or revoked by now, for a\n"
	  "                         timer\n\n"
	  "Processes may end by themselves for 5 seconds, and then are killed.\n"
	  "Exit: 0 done, also if there was no such session; 2 usage,\n"
	  "configuration or system error, a record that cannot be read, or\n"
	  "something could not be ended.\n\n"
	  "  --iss I     an iss, or the name of a section\n"
	  "  --json      one JSON array instead of text\n"
	  "  --config F  configuration; default " LOAD_CONFIG_DEFAULT "\n" },
	{ "sync", tool_sync,
	  "pam-jwt sync [--config F] [NAME...] [--due] [--dry-run] [--json]\n\n"
	  "Fetches the keys of the issuers with keys = sync, or of those that\n"
	  "are named, and puts them in force. A timer runs it with --due.\n"
	  "Exit: 0 all keys are fresh, 1 some were not fetched or not taken,\n"
	  "and the old ones stay; 2 usage, configuration or system error.\n\n"
	  "  --config F   configuration; default " LOAD_CONFIG_DEFAULT "\n"
	  "  --due        ask only where sync_every has passed, or a login\n"
	  "               missed a key\n"
	  "  --dry-run    ask, and print what would be done\n"
	  "  --json       one JSON object instead of text\n" },
#endif
	{ "login", tool_login,
	  "pam-jwt login [NAME] [--device | --browser] [--max-age D]\n"
	  "              [--host H]... [--quiet] [--json]\n"
	  "pam-jwt login --status [--quiet | --json] [NAME]\n"
	  "pam-jwt login --ssh-config [NAME]\n"
	  "pam-jwt login --shell\n\n"
	  "Logs you in at an identity provider of login.conf. From then on\n"
	  "pam-jwt-askpass has a token for each host, until the login ends.\n"
	  "Exit: 0 done, 1 denied, given up or too late, 2 usage,\n"
	  "configuration or system error.\n\n"
	  "  --device      show a code, to type in a browser anywhere\n"
	  "  --browser     open a browser here\n"
	  "  --max-age D   ask the provider for a login not older than this\n"
	  "  --host H      ask for a token for this host, too\n"
	  "  --status      who is logged in, without asking the provider;\n"
	  "                exit: 0 all are usable, 1 log in again, 2 trouble\n"
	  "  --quiet       only the exit status; in a login, only what you need\n"
	  "                to know: no QR code and no line that counts down\n"
	  "  --json        one JSON array instead of text; after a login, too\n"
	  "  --ssh-config  print a block for the end of ~/.ssh/config\n"
	  "  --shell       print what a profile exports\n" },
	{ "token", tool_token,
	  "pam-jwt token [NAME] [--host H] [--min-validity 60s]\n\n"
	  "Prints the token for a host, out of the session of pam-jwt login,\n"
	  "and renews it first when it soon expires.\n"
	  "Exit: 0 printed; 1 log in again, or login.conf gives that host\n"
	  "none; 2 usage or system error, or the provider cannot be reached.\n\n"
	  "  NAME                of [login NAME]; without it the first one\n"
	  "                      whose hosts have H, or the only one\n"
	  "  --host H            who asks for the token\n"
	  "  --min-validity D    renew when less is left, or than half its\n"
	  "                      life; default 60s\n" },
	{ "logout", tool_logout,
	  "pam-jwt logout [NAME]\n"
	  "pam-jwt logout [--token-file FILE] [--config F]\n\n"
	  "Ends the session of pam-jwt login, here and at the provider. Without\n"
	  "NAME ends all sessions, and your own token, if there is one; with an\n"
	  "option the token alone. A token is revoked on this host, and its file\n"
	  "is removed. If you may not write the state, the token goes to\n"
	  "pam-jwt-logout.socket.\n"
	  "Exit: 0 done; 1 a provider could not be told, or the token is not\n"
	  "sound; 2 usage or system error, or the token could not be revoked.\n\n"
	  "  NAME               of [login NAME]\n"
	  "  --token-file FILE  default $XDG_RUNTIME_DIR/pam-jwt/token\n"
	  "  --config F         configuration; default " LOAD_CONFIG_DEFAULT "\n" },
#ifndef JWT_CLIENT
	{ "state", tool_state,
	  "pam-jwt state init [--config F | --directory D]\n"
	  "pam-jwt state list [--config F | --directory D] [--json]\n"
	  "pam-jwt state purge [--config F | --directory D] [--json | --reset]\n"
	  "pam-jwt state stats [--config F | --directory D] [--json]\n"
	  "pam-jwt state pull [--config F]\n\n"
	  "  init   make the state directory, and with Redis its mark there\n"
	  "  list   what is noted; names are hashes\n"
	  "  purge  remove what no token can need any more; safe beside logins\n"
	  "  stats  how much is noted\n"
	  "  pull   copy revocations and cut-offs from Redis to this host\n\n"
	  "  --config F     configuration; default " LOAD_CONFIG_DEFAULT "\n"
	  "  --directory D  this directory, without a configuration\n"
	  "  --json         one JSON value instead of text\n"
	  "  --reset        after a purge by a clock that was ahead: accept again\n" },
#endif
};

#define COMMANDS_LEN (sizeof(commands) / sizeof(commands[0]))

static void
print_overview(FILE *out)
{
	size_t i;

	fputs("usage: pam-jwt", out);
	for (i = 0; i < COMMANDS_LEN; i++)
		fprintf(out, "%s %s", i == 0 ? "" : " |", commands[i].name);
	fputs(" [OPTION]...\n"
	    "       pam-jwt COMMAND --help\n"
	    "       pam-jwt --version\n", out);
}

int
main(int argc, char **argv)
{
	size_t i;

	if (argc < 2) {
		print_overview(stderr);
		return EXIT_TROUBLE;
	}
	if (strcmp(argv[1], "--help") == 0) {
		print_overview(stdout);
		return command_finish(EXIT_YES);
	}
	if (strcmp(argv[1], "--version") == 0) {
		printf("pam-jwt %s\n", VERSION);
		return command_finish(EXIT_YES);
	}
	for (i = 0; i < COMMANDS_LEN; i++) {
		if (strcmp(argv[1], commands[i].name) == 0)
			return command_run(&commands[i], argc - 2, argv + 2);
	}
	fprintf(stderr, "pam-jwt: %s is not a command\n", argv[1]);
	print_overview(stderr);
	return EXIT_TROUBLE;
}
