# shellcheck shell=sh
# Two hosts with real sshds, alice's machine with sudo, and the identity provider that all of them trust. Sourced after
# provider.sh, sshd.sh and setuid.sh, by a script that is in a namespace of its own.
#
#     hosts_start                 bastion.test and db1.test are up, and oidc-provider; sudo asks the module
#     desk_make                   alice's machine is set up as README says
#     alice COMMAND...            she types it there
#
# Set: HOME_OF (alice's home), DESK (the name of her machine). A host has its pam_jwt.conf in $D/NAME.

# shellcheck disable=SC2034 # for the scripts
HOME_OF=$D/home/alice
DESK=laptop.test	# alice's machine

# At alice's machine, without a terminal: whoever asks something there gets no answer.
alice() {	# COMMAND...
	# shellcheck disable=SC2016 # of the inner shell
	timeout -k 5 "$LIMIT" setsid unshare --uts sh -c 'hostname "$0" && exec "$@"' "$DESK" \
		setpriv --reuid="$ALICE" --regid="$ALICE" --clear-groups env -i "PATH=$D:$PATH" "HOME=$HOME_OF" \
		"XDG_RUNTIME_DIR=$D/run-alice" "BROWSER=$D/browser" LC_ALL=C \
		sh -c '[ ! -e "$HOME/.profile" ] || . "$HOME/.profile"; exec "$@"' alice "$@" </dev/null
}

# ---- the hosts ----

# The configuration of a host, in a folder of its own; its service may be sshd or sudo.
host_make() {	# NAME SERVICE [ADDRESS]
	mkdir "$D/$1"
	cp -r "$D/etc/pam.d" "$D/$1/pam.d"
	cat >"$D/$1/pam_jwt.conf" <<-END
		[issuer corp]
		iss      = $ISSUER
		keys     = $D/keys.jwks
		audience = ssh://$1
		[service *]
		permit   = as claim sub
	END
	(
		# shellcheck disable=SC2034 # for pam_service
		CONF=$D/$1/pam_jwt.conf
		pam_service "$2"
		mv "$D/etc/pam.d/$2" "$D/$1/pam.d/"
	)
	echo "${3:-127.0.0.1} $1" >>"$D/etc/hosts"
}

host_up() {	# NAME
	grep -qs 'listening on' "$D/$1/sshd.log"
}

# An sshd that sees the /etc/pam.d of its host.
host_start() {	# NAME PORT
	cp "$D/sshd_config" "$D/$1/sshd_config"
	# shellcheck disable=SC2016 # of the inner shell
	unshare --mount sh -c 'mount --bind "$0/pam.d" /etc/pam.d && exec "$@"' "$D/$1" \
		"$SSHD" -D -e -p "$2" -f "$D/$1/sshd_config" >"$D/$1/sshd.log" 2>&1 &
	NS_PIDS="$! $NS_PIDS"
	wait_for 10 host_up "$1" || { cat "$D/$1/sshd.log" >&2 && return 1; }
	printf 'Host %s\nPort %s\n' "$1" "$2" >>"$D/ssh_hosts"
}

sudo_start() {
	sudoers_write
	mv "$D/$DESK/pam.d/sudo" "$D/etc/pam.d/"
}

hosts_start() {
	provider_names oidc-provider.test
	op_start oidc-provider.test
	web -f "$OP/jwks" >"$D/keys.jwks"
	host_make bastion.test sshd
	host_make db1.test sshd
	host_make "$DESK" sudo
	sshd_configure
	sed -i -e '/^PrintMotd/a Subsystem sftp internal-sftp\nMaxStartups 100' -e 's/^PasswordAuthentication.*/PasswordAuthentication no/' "$D/sshd_config"
	host_start bastion.test 2201
	host_start db1.test 2202
	sudo_start
}

# ---- alice's machine, as README says that it is set up ----

desk_make() {
	cp "$B/pam-jwt-net" "$D"
	chmod 755 "$D"
	mkdir -p "$D/run-alice" "$D/person" "$HOME_OF/.config/pam-jwt" "$HOME_OF/.ssh"
	chmod 700 "$D/run-alice" "$HOME_OF/.ssh"
	person_browser "$D/browser" "$D/person/jar"
	cat >"$HOME_OF/.config/pam-jwt/login.conf" <<-END
		[login corp]
		iss      = $ISSUER
		client   = ssh-cli
		scope    = openid offline_access login
		resource = ssh://%{host}
		hosts    = bastion.test db1.test $DESK
		ca_file  = $D/ca.pem
	END
	chown -R "$ALICE" "$D/run-alice" "$D/person" "$HOME_OF"
	alice pam-jwt login --shell >"$D/profile"
	{
		cat "$D/ssh_hosts"
		printf 'Host *\nStrictHostKeyChecking accept-new\nLogLevel ERROR\n'
		alice pam-jwt login --ssh-config
	} >"$D/ssh_config"
	install -o "$ALICE" -m 600 "$D/ssh_config" "$HOME_OF/.ssh/config"
	install -o "$ALICE" -m 644 "$D/profile" "$HOME_OF/.profile"
}
