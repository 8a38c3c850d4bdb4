# shellcheck shell=sh
# nginx and fcgiwrap with conf/issuer/nginx.conf, as the package has it, in a namespace of the test's own. Sourced after ns.sh;
# tests/deps.sh unpacks both programs.
#
#     nginx_find || skip ...      sets NGINX, FCGIWRAP and NGINX_LIBS
#     fcgiwrap_start PROGRAM      the CGI as the account tokens, at the socket of the package
#     nginx_start SED-SCRIPT      the server, with what the script changes in the settings of the package
#
# The script has a folder $D/nginx with the certificate of tokens.example.com: server.pem, server.key.

nginx_find() {
	NGINX=$(command -v nginx || echo "$P/build/nginx/usr/sbin/nginx")
	FCGIWRAP=$(command -v fcgiwrap || echo "$P/build/fcgiwrap/usr/sbin/fcgiwrap")
	NGINX_LIBS=$(printf '%s:' "$P"/build/nginx/usr/lib/*/ "$P"/build/fcgiwrap/usr/lib/*/)
	[ -x "$NGINX" ] && [ -x "$FCGIWRAP" ]
}

fcgiwrap_has_all() {
	[ "$(wc -w <"/proc/$fcgiwrap/task/$fcgiwrap/children")" -eq 4 ]
}

# As pam-jwt-issuer-cgi.socket makes it: www-data may connect.
fcgiwrap_start() {	# PROGRAM
	mkdir "$D/cgi"
	chown tokens:tokens "$D/cgi"
	env -i "LD_LIBRARY_PATH=$NGINX_LIBS" PATH=/usr/bin:/bin setpriv --reuid tokens --regid tokens --clear-groups \
		"$FCGIWRAP" -c 4 -p "$1" -s "unix:$D/cgi/sock" >"$D/cgi.out" 2>&1 &
	fcgiwrap=$!
	NS_PIDS="$fcgiwrap $NS_PIDS"
	wait_for 10 test -S "$D/cgi/sock" || { cat "$D/cgi.out" >&2 && return 1; }
	chown root:www-data "$D/cgi/sock"
	chmod 660 "$D/cgi/sock"
	ln -s "$D/cgi/sock" /run/pam-jwt-issuer-cgi.sock
	# The four that it starts outlive it, so each of them is stopped.
	wait_for 10 fcgiwrap_has_all
	NS_PIDS="$NS_PIDS $(cat "/proc/$fcgiwrap/task/$fcgiwrap/children")"
}

nginx_start() {	# SED-SCRIPT
	mkdir -p "$D/nginx/tmp"
	sed -e "s,/etc/ssl/certs/tokens.example.com.pem,$D/nginx/server.pem," \
		-e "s,/etc/ssl/private/tokens.example.com.key,$D/nginx/server.key," "$P/conf/issuer/nginx.conf" | sed -e "$1" >"$D/nginx/issuer.conf"
	cat >"$D/nginx/nginx.conf" <<-END
		user www-data;
		daemon off;
		worker_processes 1;
		pid $D/nginx/pid;
		error_log $D/nginx/error.log info;
		events { }
		http {
		    access_log $D/nginx/access.log;
		    client_body_temp_path $D/nginx/tmp/body;
		    proxy_temp_path $D/nginx/tmp/proxy;
		    fastcgi_temp_path $D/nginx/tmp/fastcgi;
		    uwsgi_temp_path $D/nginx/tmp/uwsgi;
		    scgi_temp_path $D/nginx/tmp/scgi;
		    include $D/nginx/issuer.conf;
		}
	END
	LD_LIBRARY_PATH=$NGINX_LIBS "$NGINX" -e "$D/nginx/error.log" -c "$D/nginx/nginx.conf" >"$D/nginx/out" 2>&1 &
	NS_PIDS="$! $NS_PIDS"
	wait_for 10 nginx_answers || { cat "$D/nginx/out" "$D/nginx/error.log" >&2 && return 1; }
}

nginx_answers() {
	curl -sk -o /dev/null https://tokens.example.com/
}
