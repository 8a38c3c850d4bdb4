# shellcheck shell=sh
# LemonLDAP::NG, as provider.sh has oidc-provider: Debian's portal under starman, with nginx in front of it, in a system of its own
# below build/. Sourced after provider.sh.
#
#     llng_missing                prints why it cannot be started, or nothing
#     llng_fetch                  before provider_enter: makes the system the first time, in a minute
#     llng_start NAME             starts and configures it: LLNG is its address, ISSUER its issuer, which ends in a slash
#     llng_stop, llng_again       ends it, and starts it as it was
#     llng_keys drop              another key; it publishes one only
#     llng_login USER [RESOURCE]  the code flow with PKCE, by the client ssh-cli: prints what the token endpoint answers.
#                                 USER is one of those that its demonstration has: dwho, rtyler, msmith
#
# What is written goes to an overlay in the memory of the namespace.

LLNG_BASE=$P/build/lemonldap
LLNG_CALLBACK=http://127.0.0.1:8765/callback
LLNG_RESOURCE=https://host.test
# All that the portal loads; without one of the later ones it answers 500.
LLNG_PACKAGES=liblemonldap-ng-portal-perl,libplack-perl,starman,nginx-light,libgd-securityimage-perl,libgd-perl
LLNG_PACKAGES=$LLNG_PACKAGES,libimage-magick-perl,libstring-random-perl,libemail-sender-perl,libio-string-perl,libmime-tools-perl
LLNG_PACKAGES=$LLNG_PACKAGES,libconvert-pem-perl,libipc-run-perl,libunicode-string-perl

llng_missing() {
	if [ -n "$(provider_missing)" ]; then
		provider_missing
	elif [ ! -e "$LLNG_BASE/usr/bin/starman" ]; then
		echo 'there is no system with lemonldap-ng (mmdebstrap, network): see build/lemonldap.log'
	fi
}

# Outside of the namespace, which has no network.
llng_fetch() {
	[ ! -e "$LLNG_BASE/usr/bin/starman" ] || return 0
	command -v mmdebstrap >/dev/null && [ "$(id -u)" -eq 0 ] || return 0
	rm -rf "$LLNG_BASE.new"
	timeout 500 mmdebstrap --variant=minbase --aptopt='APT::Install-Recommends "false"' --include="$LLNG_PACKAGES" bookworm \
		"$LLNG_BASE.new" >"$LLNG_BASE.log" 2>&1 && mv "$LLNG_BASE.new" "$LLNG_BASE" || :
}

llng_system() {
	R=$D/lemonldap
	mkdir "$R" "$D/llng"
	ns_mount -t tmpfs -o mode=755 llng "$D/llng"
	mkdir "$D/llng/upper" "$D/llng/work"
	ns_mount -t overlay -o "lowerdir=$LLNG_BASE,upperdir=$D/llng/upper,workdir=$D/llng/work" llng "$R"
	ns_mount --rbind /dev "$R/dev"
	ns_mount -t proc proc "$R/proc"
	cp "$D/$LLNG_NAME.pem" "$D/$LLNG_NAME.key" "$R/etc/nginx"
	cp "$D/etc/hosts" "$R/etc/hosts"
	llng_nginx >"$R/etc/nginx/nginx.conf"
	# shellcheck disable=SC2016 # it is Perl
	echo 'use Lemonldap::NG::Portal::Main; Lemonldap::NG::Portal::Main->run({});' >"$R/etc/portal.psgi"
}

llng_nginx() {
	cat <<-END
		user www-data;
		worker_processes 1;
		daemon off;
		pid /run/nginx.pid;
		error_log stderr warn;
		events { worker_connections 64; }
		http {
			access_log off;
			server {
				listen 127.0.0.1:443 ssl http2;
				server_name $LLNG_NAME;
				ssl_certificate /etc/nginx/$LLNG_NAME.pem;
				ssl_certificate_key /etc/nginx/$LLNG_NAME.key;
				location / {
					proxy_pass http://127.0.0.1:5000;
					proxy_set_header Host \$host;
					proxy_set_header X-Forwarded-Proto https;
					proxy_set_header X-Forwarded-Port 443;
				}
			}
		}
	END
}

# Changes the configuration that the package brings.
llng_configure() {
	openssl genrsa -out "$D/llng/key" 2048 2>/dev/null
	openssl pkey -in "$D/llng/key" -pubout -out "$D/llng/pub"
	python3 - "$R/var/lib/lemonldap-ng/conf/lmConf-1.json" "$ISSUER" "$LLNG_NAME" "$D/llng" "$LLNG_CALLBACK" "$LLNG_RESOURCE" <<-'END'
		import json, sys
		file, portal, domain, folder, callback, resource = sys.argv[1:]
		with open(file) as stream:
		    settings = json.load(stream)
		option = 'oidcRPMetaDataOptions'
		client = {
		    'ClientID': 'ssh-cli', 'Public': 1, 'RequirePKCE': 1, 'BypassConsent': 1, 'RedirectUris': callback, 'AccessTokenJWT': 1,
		    'AccessTokenSignAlg': 'RS256', 'IDTokenSignAlg': 'RS256', 'AdditionalAudiences': resource, 'AccessTokenExpiration': 600,
		    'AllowOffline': 1, 'RefreshToken': 1,
		}
		settings.update({
		    'portal': portal, 'domain': domain, 'securedCookie': 1, 'requireToken': 0, 'issuerDBOpenIDConnectActivation': 1,
		    'oidcServicePrivateKeySig': open(folder + '/key').read(), 'oidcServicePublicKeySig': open(folder + '/pub').read(),
		    'oidcServiceKeyIdSig': 'first', 'oidcServiceAllowAuthorizationCodeFlow': 1,
		    'oidcRPMetaDataExportedVars': {'ssh': {'preferred_username': 'uid'}},
		    option: {'ssh': {option + name: value for name, value in client.items()}},
		})
		with open(file, 'w') as stream:
		    json.dump(settings, stream)
	END
}

llng_start() {	# NAME
	LLNG_NAME=$1
	LLNG=https://$1
	# shellcheck disable=SC2034 # for the scripts
	ISSUER=$LLNG/
	llng_system
	llng_configure
	llng_again
}

llng_again() {
	rm -rf "$R"/var/lib/lemonldap-ng/cache/*
	chroot --userspec=www-data:www-data "$R" starman --listen 127.0.0.1:5000 --workers 2 /etc/portal.psgi >"$D/llng/starman.log" 2>&1 &
	LLNG_PORTAL=$!
	chroot "$R" nginx >"$D/llng/nginx.log" 2>&1 &
	LLNG_WEB=$!
	NS_PIDS="$LLNG_WEB $LLNG_PORTAL $NS_PIDS"
	provider_up "$LLNG/.well-known/openid-configuration" "$D/llng/starman.log"
}

llng_stop() {
	provider_end "$LLNG_WEB"
	provider_end "$LLNG_PORTAL"
}

# Its own program, made for cron. The running portal keeps what it has read, so it starts again.
llng_keys() {	# drop
	llng_stop
	chroot "$R" /usr/share/lemonldap-ng/bin/rotateOidcKeys
	chroot "$R" chown -R www-data: /var/lib/lemonldap-ng/conf
	llng_again
}

# The resource does not count: the audiences stand with the client.
llng_login() {	# USER [RESOURCE]
	rm -f "$D/llng/jar"
	llng_url=$(web -b "$D/llng/jar" -c "$D/llng/jar" -o "$D/llng/page" -w '%{redirect_url}' --data-urlencode "user=$1" \
		--data-urlencode "password=$1" "$LLNG/oauth2/authorize?$(llng_query)")
	llng_url=$(person_walk "$LLNG" "$D/llng/jar" "$llng_url")
	llng_code=$(printf '%s\n' "$llng_url" | sed -n 's/.*[?&]code=\([^&]*\).*/\1/p')
	[ -n "$llng_code" ] || { printf '%s\n' "$llng_url" >&2 && return 1; }
	web -d grant_type=authorization_code -d "code=$llng_code" -d "code_verifier=$PKCE_VERIFIER" -d client_id=ssh-cli \
		--data-urlencode "redirect_uri=$LLNG_CALLBACK" "$LLNG/oauth2/token"
	echo
}

llng_query() {
	printf 'client_id=ssh-cli&response_type=code&scope=openid&state=state&nonce=nonce&code_challenge=%s&code_challenge_method=S256' \
		"$PKCE_CHALLENGE"
	printf '&redirect_uri=%s' "$(printf '%s' "$LLNG_CALLBACK" | sed -e 's|:|%3A|g' -e 's|/|%2F|g')"
}
