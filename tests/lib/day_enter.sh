# shellcheck shell=sh
# Enters the place of tests/lib/day.sh, or skips the script if something is missing: the head of the scripts that log in there.
#
#     P=/path/of/the/checkout; . "$P/tests/lib/day_enter.sh"
#     day_enter 'a working day' "$0" "$@"     starts the script again inside

# shellcheck source=tests/lib/ns.sh
. "$P/tests/lib/ns.sh"
# shellcheck source=tests/lib/provider.sh
. "$P/tests/lib/provider.sh"
# shellcheck source=tests/lib/sshd.sh
. "$P/tests/lib/sshd.sh"
# shellcheck source=tests/lib/setuid.sh
. "$P/tests/lib/setuid.sh"

day_enter() {	# WHAT SCRIPT ARGUMENT...
	day_what=$1
	shift
	[ -x "$B/pam-jwt-net" ] || { skip "$day_what" 'there was no libcurl for pam-jwt-net' && exit 0; }
	provider_enter "$@"
	day_missing=$(op_missing)
	[ -z "$day_missing" ] || { skip "$day_what" "$day_missing" && exit 0; }
	ns_enter "$@"
	# shellcheck source=tests/lib/day.sh
	. "$P/tests/lib/day.sh"
	sshd_find || { skip "$day_what" 'there is no sshd here' && finish; }
}
