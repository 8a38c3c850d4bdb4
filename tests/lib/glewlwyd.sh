# shellcheck shell=sh
# Debian's glewlwyd, as provider.sh has oidc-provider. Sourced after provider.sh.
#
#     glw_missing                 prints why it cannot be started, or nothing
#     glw_start NAME              starts it with an empty database and configures it: GLW is its address, ISSUER its issuer
#     glw_stop, glw_again         ends it, and starts it with the database that it has
#     glw_keys drop|keep          a new key of its own; the old one is not published any more, or is
#     glw_login USER RESOURCE     the code flow with PKCE, by the client ssh-cli: prints what the token endpoint answers
#     glw_refresh TOKEN           the same for a refresh token
#     glw_device RESOURCE         the device flow begins: prints the answer
#     glw_approve USER USER-CODE  the person at its page
#     glw_poll DEVICE-CODE        prints what the token endpoint answers; twice within five seconds is too often
#     glw_person USER             signs the person in, in the jar $D/glw/jar; a program of person_browser with this jar wants the
#                                 words "&g_continue", which is what the page of glewlwyd adds
#
# Its administrator is curl, too: everything is set through its API. USER is alice or bob.

GLW_PORT=4593
GLW_CALLBACK=http://127.0.0.1:8765/callback	# the port counts: it is compared
GLW_PASSWORD='a password of a test'

# Sets GLW_ROOT: the machine's own, or what deps.sh has unpacked.
glw_find() {
	GLW_ROOT=
	[ ! -x /usr/bin/glewlwyd ] || return 0
	GLW_ROOT=$P/build/glewlwyd
	[ -x "$GLW_ROOT/usr/bin/glewlwyd" ]
}

glw_missing() {
	if ! glw_find; then
		echo 'glewlwyd is not here (sh tests/check.sh unpacks it)'
	elif ! command -v python3 >/dev/null; then
		echo 'there is no python3, which makes its database'
	else
		provider_missing
	fi
}

glw_configuration() {
	cat <<-END
		port = $GLW_PORT
		bind_address = "127.0.0.1"
		external_url = "$GLW"
		login_url = "login.html"
		api_prefix = "api"
		log_mode = "console"
		log_level = "WARNING"
		log_file = "$D/glw/log"
		cookie_domain = "${GLW_NAME}"
		cookie_secure = 1
		session_key = "session"
		admin_scope = "g_admin"
		profile_scope = "g_profile"
		user_module_path = "$GLW_ROOT/usr/lib/glewlwyd/user"
		user_middleware_module_path = "$D/glw/none"
		client_module_path = "$GLW_ROOT/usr/lib/glewlwyd/client"
		user_auth_scheme_module_path = "$GLW_ROOT/usr/lib/glewlwyd/scheme"
		plugin_module_path = "$GLW_ROOT/usr/lib/glewlwyd/plugin"
		use_secure_connection = true
		secure_connection_key_file = "$D/$GLW_NAME.key"
		secure_connection_pem_file = "$D/$GLW_NAME.pem"
		secure_connection_ca_file = "$D/ca.pem"
		hash_algorithm = "SHA512"
		database = { type = "sqlite3"; path = "$D/glw/database"; };
	END
}

glw_database() {
	python3 -c 'import sqlite3, sys; sqlite3.connect(sys.argv[1]).executescript(open(sys.argv[2]).read())' \
		"$D/glw/database" "$GLW_ROOT/usr/share/dbconfig-common/data/glewlwyd/install/sqlite3"
}

glw_start() {	# NAME
	GLW_NAME=$1
	GLW=https://$1:$GLW_PORT
	ISSUER=$GLW/api/oidc
	glw_find
	mkdir -p "$D/glw/none"
	glw_configuration >"$D/glw/glewlwyd.conf"
	glw_database
	glw_again && glw_set_up
}

glw_again() {
	glw_libraries=$(find "$GLW_ROOT/lib" "$GLW_ROOT/usr/lib" -maxdepth 1 -type d -name '*-linux-*' 2>/dev/null | paste -s -d :)
	LD_LIBRARY_PATH=$glw_libraries "$GLW_ROOT/usr/bin/glewlwyd" -c "$D/glw/glewlwyd.conf" >"$D/glw/log" 2>&1 &
	GLW_PID=$!
	NS_PIDS="$GLW_PID $NS_PIDS"
	provider_up "$GLW/config" "$D/glw/log"
}

glw_stop() {
	provider_end "$GLW_PID"
}

# One request of the administrator, with JSON from stdin.
glw_admin() {	# METHOD PATH
	web -f -o /dev/null -b "$D/glw/admin" -c "$D/glw/admin" -X "$1" -H 'Content-Type: application/json' --data-binary @- "$GLW/api/$2"
}

glw_set_up() {
	echo '{"username":"admin","password":"password"}' | glw_admin POST auth/
	: >"$D/glw/keys"
	glw_key
	glw_plugin | glw_admin POST mod/plugin/
	glw_client | glw_admin POST client/?source=database
	for glw_user in alice bob; do
		printf '{"username":"%s","name":"%s","password":"%s","scope":["openid"],"enabled":true,"source":"database"}' \
			"$glw_user" "$glw_user" "$GLW_PASSWORD" | glw_admin POST user/?source=database
	done
}

# The newest key is the first one, and signs.
glw_key() {
	"$JWT" key generate --alg ES256 --out "$D/glw/key.new" --public "$D/glw/key.pub" >/dev/null
	GLW_KID=$(jwk_kid "$D/glw/key.new")
	{ tr -d '\n' <"$D/glw/key.new" && echo && cat "$D/glw/keys"; } >"$D/glw/keys.new"
	mv "$D/glw/keys.new" "$D/glw/keys"
	rm "$D/glw/key.new" "$D/glw/key.pub"
}

# Prints the keys as a JWK Set, in the form of a JSON string.
glw_jwks() {
	paste -s -d , "$D/glw/keys" | sed -e 's/.*/{"keys":[&]}/' -e 's/"/\\"/g' -e 's/.*/"&"/'
}

glw_plugin() {
	cat <<-END
		{"module":"oidc","name":"oidc","display_name":"oidc","enabled":true,"parameters":{
		"iss":"$ISSUER","jwt-type":"ecdsa","jwt-key-size":"256","jwks-private":$(glw_jwks),"default-kid":"$GLW_KID","jwks-show":true,
		"access-token-duration":600,"refresh-token-duration":86400,"code-duration":600,
		"refresh-token-rolling":false,"refresh-token-one-use":"always","allow-non-oidc":true,"oauth-rfc9068":true,
		"auth-type-code-enabled":true,"auth-type-code-revoke-replayed":true,"auth-type-refresh-enabled":true,
		"auth-type-device-enabled":true,"device-authorization-expiration":600,"device-authorization-interval":5,
		"auth-type-id-token-enabled":true,"auth-type-token-enabled":false,"auth-type-none-enabled":false,
		"auth-type-client-enabled":false,"auth-type-password-enabled":false,
		"pkce-allowed":true,"pkce-required":true,"pkce-required-public-client":true,
		"introspection-revocation-allowed":true,"introspection-revocation-auth-scope":[],"introspection-revocation-allow-target-client":true,
		"resource-allowed":true,"resource-scope":{"openid":["https://host.test","https://other.test"]},"resource-client-property":"",
		"resource-change-allowed":true,"name-claim":"no","name-claim-scope":[],"email-claim":"no",
		"claims":[{"name":"preferred_username","user-property":"username","type":"string","mandatory":true,"on-demand":false,"scope":["openid"]}],
		"additional-parameters":[{"user-parameter":"username","token-parameter":"username","token-changed":true}]}}
	END
}

glw_client() {
	cat <<-END
		{"client_id":"ssh-cli","name":"ssh-cli","confidential":false,"enabled":true,"source":"database",
		"authorization_type":["code","device_authorization","refresh_token"],"scope":[],"redirect_uri":["$GLW_CALLBACK"],
		"token_endpoint_auth_method":["none"]}
	END
}

# The plug-in reads its settings when it starts.
glw_keys() {	# drop|keep
	[ "$1" = keep ] || : >"$D/glw/keys"
	glw_key
	glw_plugin | glw_admin PUT mod/plugin/oidc
	for glw_step in disable enable; do
		echo '{}' | glw_admin PUT "mod/plugin/oidc/$glw_step"
	done
	web -f -o /dev/null "$ISSUER/jwks"
}

# The person has a session of a password, and grants the scope.
glw_person() {	# USER
	rm -f "$D/glw/jar"
	printf '{"username":"%s","password":"%s"}' "$1" "$GLW_PASSWORD" |
		web -f -b "$D/glw/jar" -c "$D/glw/jar" -H 'Content-Type: application/json' --data-binary @- "$GLW/api/auth/"
	echo '{"scope":"openid"}' |
		web -f -b "$D/glw/jar" -c "$D/glw/jar" -X PUT -H 'Content-Type: application/json' --data-binary @- "$GLW/api/auth/grant/ssh-cli"
}

glw_login() {	# USER RESOURCE
	glw_person "$1" >"$D/glw/page"
	glw_url=$(web -G -b "$D/glw/jar" -c "$D/glw/jar" -o "$D/glw/page" -w '%{redirect_url}' -d client_id=ssh-cli -d response_type=code \
		--data-urlencode "redirect_uri=$GLW_CALLBACK" -d scope=openid --data-urlencode "resource=$2" -d state=state -d nonce=nonce \
		-d "code_challenge=$PKCE_CHALLENGE" -d code_challenge_method=S256 -d g_continue "$ISSUER/auth")
	glw_code=$(printf '%s\n' "$glw_url" | sed -n 's/.*[?&]code=\([^&]*\).*/\1/p')
	[ -n "$glw_code" ] || { printf '%s\n' "$glw_url" >&2 && return 1; }
	glw_form -d grant_type=authorization_code -d "code=$glw_code" -d "code_verifier=$PKCE_VERIFIER" \
		--data-urlencode "redirect_uri=$GLW_CALLBACK" --data-urlencode "resource=$2"
}

glw_form() {	# CURL-ARGUMENT...
	web -d client_id=ssh-cli "$@" "$ISSUER/token"
	echo
}

glw_refresh() {	# TOKEN
	glw_form -d grant_type=refresh_token -d "refresh_token=$1"
}

glw_device() {	# RESOURCE
	web -d client_id=ssh-cli -d scope=openid --data-urlencode "resource=$1" "$ISSUER/device_authorization"
	echo
}

glw_approve() {	# USER USER-CODE
	glw_person "$1" >"$D/glw/page"
	web -b "$D/glw/jar" -c "$D/glw/jar" -o "$D/glw/page" "$ISSUER/device?code=$2&g_continue"
}

glw_poll() {	# DEVICE-CODE
	glw_form -d grant_type=urn:ietf:params:oauth:grant-type:device_code -d "device_code=$1"
}
