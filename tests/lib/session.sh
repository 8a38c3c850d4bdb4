# shellcheck shell=sh
# Sessions of pam-jwt login, made by hand, and pam-jwt token that alice runs. Sourced after ns.sh, setuid.sh and provider.sh.
#
#     session_prepare             inside the namespace: the fetcher, and alice's login.conf for the login corp at oidc-provider
#     session_make HOST...        alice logs in for these hosts: SESSION is the file; there is no token in it yet
#     session_expire              its tokens are over
#     session_member NAME         the string of that name in it
#     alice STATUS ARGUMENT...    pam-jwt as alice: succeeds if that is the exit status; $D/out and $D/err have what it said
#     says NAME STATUS LINE ARGUMENT...    a result: pam-jwt as alice ends so, and says this line, a basic regular expression; '' for
#                                 nothing at all
#     refreshes                   prints how many refreshes oidc-provider has seen
#     asked NAME NUMBER           a result: there were so many more since ASKED, which is set to what there are now
#     SESSION_RUN                 words in front of pam-jwt, such as strace
#
# A session has a token for ssh://HOST, by resource = ssh://%{host}.

SESSION_RUN=

session_prepare() {
	cp "$B/pam-jwt-net" "$D"
	SESSION_HOME=$D/alice
	SESSION_RUNTIME=$D/runtime
	SESSION=$SESSION_RUNTIME/pam-jwt/session/corp
	mkdir -p "$SESSION_HOME/.config/pam-jwt" "$SESSION_RUNTIME/pam-jwt/session"
	cat >"$SESSION_HOME/.config/pam-jwt/login.conf" <<-END
		[login corp]
		iss      = $ISSUER
		client   = $OP_CLIENT
		resource = ssh://%{host}
		hosts    = one.test *.test !not.test
		ca_file  = $D/ca.pem
	END
	chmod 700 "$SESSION_RUNTIME" "$SESSION_RUNTIME/pam-jwt" "$SESSION_RUNTIME/pam-jwt/session"
	chown -R "$ALICE:$ALICE" "$SESSION_HOME" "$SESSION_RUNTIME"
}

session_make() {	# HOST...
	session_tokens=
	session_resources=
	for session_host in "$@"; do
		session_tokens="$session_tokens,{\"resource\":\"ssh://$session_host\",\"token\":\"\",\"taken\":0}"
		session_resources="$session_resources ssh://$session_host"
	done
	# shellcheck disable=SC2034 # for provider.sh
	OP_SCOPE='openid offline_access'
	# shellcheck disable=SC2086 # one word for each
	op_login alice $session_resources >"$D/login" || return 1
	session_write "$(json_member refresh_token <"$D/login")" "${session_tokens#,}"
}

session_write() {	# REFRESH-TOKEN TOKENS
	cat >"$D/session" <<-END
		{"issuer":"$ISSUER","client":"$OP_CLIENT","subject":"alice","token_endpoint":"$OP/token",
		"revocation_endpoint":"$OP/token/revocation","client_auth":"none","use":"${SESSION_USE:-access_token}",
		"refresh_token":"$1","is_over":false,"boot_id":"$(cat /proc/sys/kernel/random/boot_id)","tokens":[$2]}
	END
	install -o "$ALICE" -g "$ALICE" -m 600 "$D/session" "$SESSION"
}

# Taken when the machine was started, and good for a second. The file is replaced, as a login does it.
session_expire() {
	sed -e 's/"taken":[0-9]*/"taken":0/g' -e 's/"life":[0-9]*/"life":1/g' "$SESSION" >"$D/session"
	install -o "$ALICE" -g "$ALICE" -m 600 "$D/session" "$SESSION"
}

session_member() {	# NAME
	{ cat "$SESSION" && echo; } | json_member "$1"
}

session_run() {	# ARGUMENT...
	# shellcheck disable=SC2086 # several words
	as_alice "HOME=$SESSION_HOME" "XDG_RUNTIME_DIR=$SESSION_RUNTIME" ${SESSION_ENV:-} $SESSION_RUN "$JWT" "$@"
}

alice() {	# STATUS ARGUMENT...
	session_want=$1
	shift
	session_got=0
	session_run "$@" >"$D/out" 2>"$D/err" </dev/null || session_got=$?
	[ "$session_got" -eq "$session_want" ]
}

says() {	# NAME STATUS LINE ARGUMENT...
	says_name=$1 says_status=$2 says_line=$3
	shift 3
	says_ok=0
	alice "$says_status" "$@" || says_ok=1
	if [ -n "$says_line" ]; then
		grep -q -- "^pam-jwt: $says_line\$" "$D/err" || says_ok=1
	elif [ -s "$D/err" ]; then
		says_ok=1
	fi
	result "$says_ok" "$says_name" "status $session_got, wanted $says_status: $says_line" @"$D/out" @"$D/err" @"$SESSION"
}

refreshes() {
	op_requests '^POST /token [0-9]* refresh_token'
}

asked() {	# NAME NUMBER
	asked_now=$(refreshes)
	result "$((asked_now != ASKED + $2))" "$1" "$((asked_now - ASKED)) requests, wanted $2" @"$D/op/requests"
	ASKED=$asked_now
}
