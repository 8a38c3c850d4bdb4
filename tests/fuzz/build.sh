# shellcheck shell=sh
# Builds fuzz targets with the Makefile's own rules and flags. Sourced by run.sh, replay.sh and coverage.sh, from the
# top of the tree:
#
#     . tests/fuzz/build.sh; fuzz_build FOLDER LINK-FLAGS [OBJECT-SOURCE...]
#
# The compiler and its flags come from the environment, as make reads them: CC, CFLAGS, SANITIZE.

FUZZ_TARGETS=${FUZZ_TARGETS:-$(basename -s .c tests/fuzz/fuzz_*.c | sed s/^fuzz_// | tr '\n' ' ')}

# What is under test: the core, of the host layer what a Redis says, and of sync and login what a provider and a fetcher say.
FUZZ_CORE="$(find src/core -name '*.c' | sort | tr '\n' ' ')$(find src/host -name resp.c) src/sync/exchange.c \
	src/sync/document.c src/sync/metadata.c $(find src/sync -name 'keyset*.c' | sort | tr '\n' ' ') \
	src/login/form.c src/login/callback.c src/login/value.c src/login/id_token.c src/login/provider_read.c src/login/provider_metadata.c \
	src/login/provider_device.c src/login/ssh_answer.c src/login/ssh_said.c src/login/issued.c src/cli/decoded.c src/cli/visible.c \
	src/login/session_memory.c src/login/session_text.c src/cli/login_conf.c src/cli/login_conf_parse.c src/cli/login_setting.c src/cli/login_value.c src/cli/hosts.c src/cli/userfile.c \
	src/cli/report.c src/cli/complain.c src/issuerd/issuer_conf.c src/issuerd/issuer_setting.c src/issuerd/grants.c \
	src/issuerd/people.c src/issuerd/serve_words.c src/issuerd/auth_info.c src/issuerd/cgi_form.c src/issuerd/key_state.c src/issuerd/key_cycle.c src/tool/tests_conf.c src/tool/tests_time.c"

fuzz_objects() {	# FOLDER SOURCE...
	fuzz_folder=$1
	shift
	for fuzz_source in "$@"; do
		echo "$fuzz_folder/obj/${fuzz_source%.c}.o"
	done
}

# MAKEFLAGS is emptied because a jobserver of the make that called us is not ours to use.
fuzz_make() {	# FOLDER SOURCE...
	# shellcheck disable=SC2046 # a list of objects
	MAKEFLAGS='' BUILD=$1 make -s -j2 $(fuzz_objects "$@") >/dev/null
}

# One program for each target: FOLDER/fuzz_NAME.
fuzz_build() {	# FOLDER LINK-FLAGS [SOURCE...]
	fuzz_out=${1#"$PWD/"}	# as make names it, or what depends on what is missed
	fuzz_link=$2
	shift 2
	set -- tests/fuzz/fuzz.c "$@"
	for fuzz_name in $FUZZ_TARGETS; do
		set -- "$@" "tests/fuzz/fuzz_$fuzz_name.c"
	done
	# shellcheck disable=SC2086 # lists
	fuzz_make "$fuzz_out" "$@" $FUZZ_CORE || return 1
	for fuzz_name in $FUZZ_TARGETS; do
		fuzz_program "$@" || return 1
	done
}

# Links one of them; of the sources given, other targets are left out.
fuzz_program() {	# SOURCE...
	fuzz_parts=tests/fuzz/fuzz_$fuzz_name.c
	for fuzz_source in "$@"; do
		case $fuzz_source in
		tests/fuzz/fuzz_*) ;;
		*) fuzz_parts="$fuzz_parts $fuzz_source" ;;
		esac
	done
	# shellcheck disable=SC2046,SC2086 # lists
	${CC:-cc} ${SANITIZE:+"-fsanitize=$SANITIZE"} ${CFLAGS-} $fuzz_link -o "$fuzz_out/fuzz_$fuzz_name" \
		$(fuzz_objects "$fuzz_out" $fuzz_parts $FUZZ_CORE) -lcrypto -ljson-c
}
