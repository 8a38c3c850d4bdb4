#!/bin/sh
# keys = sync with real identity providers, npm's oidc-provider and Debian's glewlwyd: each is known by its address alone, and
# changes its keys while people log in. Each has TLS and a name, in a network namespace of its own.
set -eu
P=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/ns.sh
. "$P/tests/lib/ns.sh"
# shellcheck source=tests/lib/sync.sh
. "$P/tests/lib/sync.sh"
# shellcheck source=tests/lib/provider.sh
. "$P/tests/lib/provider.sh"
# shellcheck source=tests/lib/glewlwyd.sh
. "$P/tests/lib/glewlwyd.sh"
# shellcheck source=tests/lib/rotation.sh
. "$P/tests/lib/rotation.sh"
command -v pamtester >/dev/null || { skip providers 'pamtester is not installed (sh tests/check.sh does that)' && exit 0; }
command -v python3 >/dev/null || { skip providers 'python3 is not here' && exit 0; }
[ -x "$B/pam-jwt-net" ] || { skip providers 'there was no libcurl for pam-jwt-net' && exit 0; }
provider_enter "$0" "$@"
why=$(provider_missing)
[ -z "$why" ] || { skip providers "$why" && exit 0; }
ns_enter "$0" "$@"

all() {	# PREFIX NAME CLAIM LINE
	rotation_of "$1" "$2" alice "$3" || return 0
	first_keys
	without_overlap
	with_overlap
	outage "$4"
	rotation_end
}

rotation_prepare oidc-provider.test glewlwyd.test
# The first has other keys whenever it starts, the second keeps them in its database.
all op oidc-provider.test sub 'corp: installed, +.* -.*'
all glw glewlwyd.test username 'corp: unchanged.*'
finish
