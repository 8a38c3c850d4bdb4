/* SPDX-License-Identifier: BSD-2-Clause */
/* The help of the commands for keys and tokens. */
#include "host/load.h"
#include "tool/help.h"

const char help_verify[] =
    "pam-jwt verify [--config F] --service S [--user U] [--rhost H]\n"
    "               [--ssh-auth-info TEXT] [--now EPOCH] [--json] [FILE]\n\n"
    "The module's own verdict for a token, and why, step by step. Nothing\n"
    "is used up. The token is read from FILE; without it, or with -, from\n"
    "standard input.\n"
    "Exit: 0 accepted, 1 refused, 2 usage or configuration error.\n\n"
    "  --config F   configuration; default " LOAD_CONFIG_DEFAULT "\n"
    "  --service S  PAM service, such as sshd\n"
    "  --user U     requested account; without it the token names one\n"
    "  --rhost H    address of the remote host\n"
    "  --ssh-auth-info TEXT\n"
    "               the keys that sshd has checked, as it writes them into\n"
    "               SSH_AUTH_INFO_0: \"publickey ssh-ed25519 AAAA...\"\n"
    "  --now EPOCH  decide as of this time\n"
    "  --json       one JSON object instead of text\n\n"
    "Example:\n"
    "  pam-jwt verify --service sshd --user alice token\n";

const char help_inspect[] =
    "pam-jwt inspect [--json] [FILE]\n\n"
    "Shows what a token says, without verifying anything, and which\n"
    "programs take a token of its size. The token is read from FILE;\n"
    "without it, or with -, from standard input.\n"
    "Exit: 0 readable, 1 malformed, 2 usage or system error.\n\n"
    "  --json       one JSON object instead of text\n\n"
    "Example:\n"
    "  pam-jwt inspect token\n";

const char help_key[] =
    "A private key gets mode 0600, and no file is overwritten.\n\n"
    "Example:\n"
    "  pam-jwt key generate --alg ES256 --out private.jwk --public key.jwk\n";

const char help_key_generate[] =
    "pam-jwt key generate --alg ALG --out PRIVATE.jwk\n"
    "                     [--public PUBLIC.jwk] [--kid KID] [--bits N]\n"
    "                     [--curve CURVE]\n\n"
    "Makes a key pair. Writes the private key with mode 0600, and\n"
    "overwrites no file.\n"
    "Exit: 0 done, 2 usage or system error.\n\n"
    "  --out FILE   the private key; --public FILE the public one\n"
    "  --alg ALG    ES256 ES384 ES512 Ed25519 Ed448 RS256 RS384 RS512\n"
    "               PS256 PS384 PS512 HS256 HS384 HS512, and ML-DSA-44\n"
    "               ML-DSA-65 ML-DSA-87 where OpenSSL has them\n"
    "               to decrypt tokens: ECDH-ES ECDH-ES+A128KW\n"
    "               ECDH-ES+A256KW RSA-OAEP-256 RSA-OAEP\n"
    "  --curve C    of ECDH-ES: P-256 (default) P-384 P-521 X25519\n"
    "  --bits N     of an RSA key, 2048 to 8192; default 3072\n"
    "  --kid KID    default: the thumbprint\n\n"
    "Example:\n"
    "  pam-jwt key generate --alg ES256 --out private.jwk --public key.jwk\n";

const char help_key_public[] =
    "pam-jwt key public [FILE]\n\n"
    "Prints the public part of a private key, a JWK, a JWK Set or PEM. It\n"
    "is read from FILE; without it, or with -, from standard input.\n"
    "Exit: 0 done, 2 usage or system error, or it is not a key.\n\n"
    "Example:\n"
    "  pam-jwt key public private.jwk >key.jwk\n";

const char help_key_thumbprint[] =
    "pam-jwt key thumbprint [--uri] [FILE]\n\n"
    "Prints the RFC 7638 thumbprint of a key, also of public keys and\n"
    "certificates of OpenSSH. The key is read from FILE; without it, or\n"
    "with -, from standard input.\n"
    "Exit: 0 done, 2 usage or system error, or it is not a key.\n\n"
    "  --uri        the thumbprint as a URI (RFC 9278)\n\n"
    "Example:\n"
    "  pam-jwt key thumbprint key.jwk\n";

const char help_issue[] =
    "pam-jwt issue --key PRIVATE --iss I --sub S --aud A [--aud A]...\n"
    "              --ttl 10m [--claim NAME=VALUE]...\n"
    "              [--claim-json NAME=JSON]... [--typ TYPE]\n"
    "              [--cnf-ssh-key FILE.pub] [--now EPOCH] [--no-jti]\n"
    "              [--encrypt-to HOST.jwk [--enc ENC]]\n\n"
    "Signs a token and prints it.\n"
    "Exit: 0 done, 2 usage or system error, or a token that every host\n"
    "would refuse.\n\n"
    "  --key PRIVATE      JWK or PEM, readable by its owner only\n"
    "  --iss I            the issuer, exactly as the hosts have it\n"
    "  --sub S            whom the token is for\n"
    "  --aud A            which host it is for; may be repeated\n"
    "  --ttl DURATION     exp is iat plus this: 90s 10m 8h\n"
    "  --claim N=V        another claim, a string\n"
    "  --claim-json N=J   another claim, any JSON value\n"
    "  --typ TYPE         of the header; default JWT\n"
    "  --cnf-ssh-key F    bind the token to this public key of OpenSSH\n"
    "  --now EPOCH        iat; default the current time\n"
    "  --encrypt-to F     encrypt it for the host with this key, a JWK\n"
    "  --enc ENC          how: A256GCM (default) A128GCM A128CBC-HS256\n"
    "                     A256CBC-HS512\n"
    "  --no-jti           no token identifier\n\n"
    "Example:\n"
    "  pam-jwt issue --key private.jwk --iss https://id.example.com \\\n"
    "      --sub alice --aud ssh://web1 --ttl 10m >token\n";
