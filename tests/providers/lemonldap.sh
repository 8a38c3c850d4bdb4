#!/bin/sh
# keys = sync with LemonLDAP::NG, which publishes an RSA key without alg and never two keys, and whose issuer ends in a slash.
# This is make check-lemonldap: the first time it makes a system of 350 MB in build/lemonldap, for which it needs the network.
set -eu
P=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/ns.sh
. "$P/tests/lib/ns.sh"
# shellcheck source=tests/lib/sync.sh
. "$P/tests/lib/sync.sh"
# shellcheck source=tests/lib/provider.sh
. "$P/tests/lib/provider.sh"
# shellcheck source=tests/lib/lemonldap.sh
. "$P/tests/lib/lemonldap.sh"
# shellcheck source=tests/lib/rotation.sh
. "$P/tests/lib/rotation.sh"
[ -n "${PAM_JWT_NET:-}" ] || llng_fetch
provider_enter "$0" "$@"
why=$(llng_missing)
[ -z "$why" ] || { skip lemonldap "$why" && exit 0; }
ns_enter "$0" "$@"

rotation_prepare lemonldap.test
printf 'dwho:x:2003:2003::/nonexistent:/bin/sh\n' >>"$D/etc/passwd"
rotation_of llng lemonldap.test dwho sub
want 'a key without alg' 1 'corp: failed (.*algorithms = RS256.*)'
configure 'algorithms = RS256'
first_keys
without_overlap
token third
outage 'corp: unchanged (1 key without alg, used for RS256)'
rotation_end
finish
