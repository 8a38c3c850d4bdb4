#!/bin/sh
# What can be said about the packages without building them: make install, the files of debian/, the RPM spec, the units.
#
#     BUILD=build sh tests/package/quick.sh          from the top of the tree
set -u

AREA=package
# shellcheck source=tests/lib/results.sh
. tests/lib/results.sh
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT

installed() {	# MAKE-VARIABLE...
	rm -rf "$dir/root"
	MAKEFLAGS='' make -s install DESTDIR="$dir/root" "$@" >"$dir/log" 2>&1 || return
	(cd "$dir/root" && find . -type f | sed 's|^\.||' | sort)
}

# Every file that make install installs has its place in one of the packages; nothing is missing there.
placed() {
	sed -n 's,^[eu],/&,p' debian/*.install | sed 's|/\*/|/[^/]*/|' >"$dir/places"
	installed docdir=/usr/share/doc/pam-jwt unitdir=/usr/lib/systemd/system |
		grep -v '^/usr/lib/systemd/system/' | grep -vf "$dir/places"
}

files=$(installed) && [ -n "$files" ]
result $? 'make install' "@$dir/log"
found=$(placed)
[ -z "$found" ]
result $? 'each file that is installed belongs to a package' "$found"
found=$(installed prefix=/opt/x pamdir=/opt/x/pam sysconfdir=/opt/x/etc | grep -v '^/opt/x/')
[ -z "$found" ]
result $? 'prefix, pamdir and sysconfdir are honoured' "$found"
found=$(installed unitdir= presetdir= completionsdir= zshcompletionsdir= fishcompletionsdir= pamconfigsdir= apparmordir= fail2bandir= sysusersdir= tmpfilesdir= sshdconfdir= |
	grep -E 'systemd|sysusers|tmpfiles|completion|share/pam-configs|apparmor|fail2ban|/ssh/')
[ -z "$found" ]
result $? 'a folder that is set to nothing is left out' "$found"
# Whatever a document that is installed links to is installed with it.
found=$(installed docdir=/usr/share/doc/pam-jwt >/dev/null && cd "$dir/root/usr/share/doc/pam-jwt" &&
	grep -oE '\]\([^)#:]+\)' -r . | sed 's/](\(.*\))/\1/' | while IFS=: read -r page link; do
		[ -e "$(dirname "$page")/$link" ] || echo "$page: $link"
	done)
[ -z "$found" ] && [ -e "$dir/root/usr/share/doc/pam-jwt/login.svg" ]
result $? 'the documents link to files that are installed' "$found"

# In another folder, from a build of its own, which is that of the others but for what knows where the configuration is.
moved() {
	mkdir -p "$dir/build" && cp -a "${BUILD:-build}/obj" "$dir/build/" &&
		MAKEFLAGS='' make -s install "$dir/build/tests/pam/pamtry" BUILD="$dir/build" prefix="$dir/usr" sysconfdir="$dir/etc" pamdir="$dir/pam"
}
moved >"$dir/log" 2>&1
result $? 'make install with a prefix and a sysconfdir' "@$dir/log"
echo 'colour = green' >"$dir/etc/pam_jwt/pam_jwt.conf"
"$dir/usr/bin/pam-jwt" check >"$dir/log" 2>&1
grep -q "^$dir/etc/pam_jwt/pam_jwt.conf:1: " "$dir/log" && "$dir/usr/bin/pam-jwt" check --help | grep -q "$dir/etc/pam_jwt/pam_jwt.conf"
result $? 'the command reads the configuration that was moved, and says where it is' "@$dir/log"
mkdir "$dir/pam.d" && printf "%s required $dir/pam/pam_jwt.so\n" auth account session password | tee "$dir/pam.d/other" >"$dir/pam.d/sshd"
"$dir/build/tests/pam/pamtry" "$dir/pam.d" sshd user=alice authenticate >"$dir/log" 2>&1 </dev/null
grep -q "^log err $dir/etc/pam_jwt/pam_jwt.conf:1: " "$dir/log"
result $? 'the module reads the configuration that was moved' "@$dir/log"
found=$(grep -rnIE '(^|[^a-zA-Z0-9])(/usr/bin/pam-jwt|/etc/pam_jwt|/usr/share/doc/pam-jwt|/usr/libexec/pam-jwt)' "$dir/usr" "$dir/etc")
[ -z "$found" ] && grep -q "^ExecStart=$dir/usr/bin/pam-jwt " "$dir/usr/lib/systemd/system/pam-jwt-purge.service" &&
	grep -q "^ConditionPathExists=$dir/etc/pam_jwt/" "$dir/usr/lib/systemd/system/pam-jwt-pull.service"
result $? 'units and documents name what was moved' "$found"

left=$(installed >/dev/null && MAKEFLAGS='' make -s uninstall DESTDIR="$dir/root" && find "$dir/root" -type f)
[ -z "$left" ]
result $? 'make uninstall leaves no file' "$left"

installed >/dev/null && mkdir -p "$dir/root/etc/pam.d" && echo 'auth sufficient pam_jwt.so' >"$dir/root/etc/pam.d/mine" &&
	! MAKEFLAGS='' make -s uninstall DESTDIR="$dir/root" >"$dir/log" 2>&1 && grep -q "$dir/root/etc/pam.d/mine:1" "$dir/log" &&
	[ -n "$(find "$dir/root" -name pam_jwt.so)" ]
result $? 'make uninstall stops while a service needs the module' "@$dir/log"
printf '# pam_jwt.so\n-auth sufficient pam_jwt.so\n' >"$dir/root/etc/pam.d/mine"
touch "$dir/root/keep"
MAKEFLAGS='' make -s uninstall DESTDIR="$dir/root" docdir= pamconfigsdir= unitdir= presetdir= completionsdir= zshcompletionsdir= fishcompletionsdir= apparmordir= \
	fail2bandir= >"$dir/log" 2>&1 &&
	[ -e "$dir/root/keep" ] && [ -z "$(find "$dir/root" -name pam_jwt.so)" ]
result $? 'make uninstall leaves alone what a folder that is set to nothing would mean' "@$dir/log"

# Where a stack can name the module, and what must not count: one file each.
pam_file() {	# FILE LINE...
	mkdir -p "$dir/pam/$(dirname "$1")"
	printf '%s\n' "$@" | sed 1d >"$dir/pam/$1"
}
pam_file etc/pam.conf 'a -auth required pam_jwt.so' 'b auth required pam_jwt.so'
pam_file etc/pam.d/continued 'auth required \' '  pam_jwt.so'
pam_file etc/pam.d/comment '# \' 'auth required pam_jwt.so' 'auth required pam_unix.so # pam_jwt.so'
pam_file etc/pam.d/end 'auth required pam_jwt.so \'
pam_file etc/pam.d/elsewhere '@include /srv/stack' 'auth substack /srv/other' 'account include sub/third'
pam_file srv/stack 'auth [success=1 default=ignore] /x/pam_jwt.so'
pam_file srv/other 'auth sufficient pam_jwt.so' '@include /srv/deeper'
pam_file srv/deeper '@include /srv/other' 'auth required pam_jwt.so'
pam_file etc/pam.d/sub/third 'account required pam_jwt.so'
pam_file usr/lib/pam.d/vendor 'session required pam_jwt.so'
pam_file etc/pam.d/harmless '-auth sufficient pam_jwt.so' '#auth sufficient pam_jwt.so' '-session \' 'required pam_jwt.so'
for copy in mine~ mine.dpkg-old mine.ucf-dist common-auth.pam-old mine.rpmsave mine.rpmnew mine.rpmorig mine.bak mine.orig mine.old \
	mine.save; do
	pam_file "etc/pam.d/$copy" 'auth sufficient pam_jwt.so'
done
pam_file etc/pam.d/included.pam-old 'auth sufficient pam_jwt.so'
pam_file etc/pam.d/sshd.local 'auth sufficient pam_jwt.so' '@include included.pam-old'
pam_file etc/pam.d/common-auth '# here are the per-package modules (the "Primary" block)' 'auth [success=2 default=ignore] pam_jwt.so' \
	'# end of pam-auth-update config' 'auth optional pam_jwt.so'
ln -sf ../../srv/linked "$dir/pam/etc/pam.d/link"
pam_file srv/linked 'auth sufficient pam_jwt.so'
pam_needs='etc/pam.conf:2 etc/pam.d/comment:2 etc/pam.d/common-auth:4 etc/pam.d/continued:1 etc/pam.d/end:1 etc/pam.d/included.pam-old:1 etc/pam.d/link:1 etc/pam.d/sshd.local:1
	etc/pam.d/sub/third:1 srv/deeper:2 srv/other:1 srv/stack:1 usr/lib/pam.d/vendor:1'
needed_by() {	# EXPECTED [OPTION]
	! sh dist/needed-by ${2:-} "$dir/pam" >"$dir/log" &&
		[ "$(sed "s|^$dir/pam/||" "$dir/log" | sort | tr -s '\n\t' '  ')" = "$(printf '%s ' $1 | tr ' ' '\n' | sort | tr '\n' ' ')" ]
}
needed_by "$pam_needs" --but-profile
result $? 'what needs the module is found wherever it is, and nothing else' "@$dir/log"
needed_by "$pam_needs etc/pam.d/common-auth:2"
result $? "the profile's own lines count where nobody takes them out" "@$dir/log"
rm -r "$dir/pam/srv" "$dir/pam/usr" "$dir/pam/etc/pam.conf" "$dir"/pam/etc/pam.d/[cels][a-z]*
sh dist/needed-by "$dir/pam" >"$dir/log"
result $? 'nothing needs the module' "@$dir/log"

for script in debian/*.postinst debian/*.prerm debian/*.postrm debian/tests/login dist/needed-by; do
	sh -n "$script" 2>"$dir/log"
	result $? "$script is a shell script" "@$dir/log"
done
# Optional, a session whose limit cannot be set would begin without it.
found=$(grep -rnE '^[[:space:]]*-?session[[:space:]]+(optional|sufficient|\[[^]]*\])[[:space:]]+pam_jwt\.so' README.md man conf/pam.d
	sed -n '/^Session:/,$p' conf/pam-configs/jwt | grep -v '^Session:$\|^	required	pam_jwt\.so$')
[ -z "$found" ]
result $? 'the session line of each stack says required' "$found"
# A line after one that ends the stack is not asked: ours is the first of the account lines in every stack that we show. In a
# document a stack is a run of such lines.
late_account_lines() {	# FILE...
	awk '
		FNR == 1 { seen = 0 }
		!/^[ \t]*(-?(auth|account|session|password)[ \t]|@include )/ {
			if (FILENAME !~ /pam\.d\//) seen = 0
			next
		}
		!/^[ \t]*(-?account[ \t]|@include common-account)/ { next }
		/pam_jwt\.so/ && seen { print FILENAME ":" FNR ": " $0 }
		{ seen = 1 }' "$@"
}
found=$(late_account_lines README.md SECURITY.md NEWS.md man/* conf/pam.d/* conf/examples/*)
[ -z "$found" ] && [ "$(grep -lE '^account +required +pam_jwt\.so' conf/pam.d/* | wc -l)" -eq "$(ls conf/pam.d | wc -l)" ]
result $? 'the account line of each stack is the first of its type' "$found"
grep -q '^Default: no$' conf/pam-configs/jwt
result $? 'the profile is off by default'

# One version for all: the command, the package, the spec, and the newest of NEWS.md, which says 0.2 for 0.2.0.
version=$(sed -n 's/^#define VERSION "\(.*\)"$/\1/p' src/core/base/version.h)
[ -n "$version" ] && [ "$(sed -n '1s/.*(\(.*\)).*/\1/p' debian/changelog)" = "$version" ] &&
	[ "$(sed -n 's/^Version: *//p' dist/pam_jwt.spec)" = "$version" ] &&
	[ "$(sed -n 's/^## \([0-9.]*\).*/\1/p' NEWS.md | head -n 1)" = "${version%.0}" ]
result $? 'command, package, spec and NEWS.md have one version'

# The store of the timer is that of the package, and the socket that of the command.
grep -qx "state=$(sed -n 's/^#define STATE_DIRECTORY_DEFAULT[[:space:]]*"\(.*\)"/\1/p' src/core/policy/policy.h)" debian/pam-jwt.postrm &&
	grep -q -- "--directory $(sed -n 's/^#define STATE_DIRECTORY_DEFAULT[[:space:]]*"\(.*\)"/\1/p' src/core/policy/policy.h)" \
		debian/pam-jwt.postinst conf/systemd/pam-jwt-purge.service
result $? 'package, timer and module have one state directory'

# Purges a state below a folder of ours, as dpkg would.
mkdir "$dir/bin" && printf '#!/bin/sh\necho not-installed\n' >"$dir/bin/dpkg-query" && chmod 755 "$dir/bin/dpkg-query"
purge() {	# FOLDER-OF-PACKAGE
	sed -e "s|/var/lib/pam_jwt|$1|" -e '/DEBHELPER/d' debian/pam-jwt.postrm >"$dir/postrm" &&
		PATH=$dir/bin:$PATH sh "$dir/postrm" purge >"$dir/log" 2>&1
}
mkdir -p "$dir/disk/pj/state/ab" "$dir/disk/pj/lost+found" "$dir/disk/mine/state" "$dir/disk/state/ab" "$dir/pj3"
for store in "$dir/disk/pj/state/store" "$dir/disk/state/store"; do ln -s v1.key "$store"; done
ln -s "$dir/disk/pj" "$dir/pj1"
ln -s "$dir/disk/mine" "$dir/pj2"
ln -s "$dir/disk/state" "$dir/pj3/state"
touch "$dir/disk/mine/state/file"
purge "$dir/pj1" && [ ! -L "$dir/pj1" ] && [ -z "$(ls -A "$dir/disk/pj/state")" ] && [ -d "$dir/disk/pj/lost+found" ]
result $? 'a purge empties the state also where the folder is a link to another disk' "$(cat "$dir/log"; ls -lR "$dir/disk")"
purge "$dir/pj2" && [ ! -L "$dir/pj2" ] && [ -e "$dir/disk/mine/state/file" ]
result $? 'a purge leaves alone what has no mark of a state' "$(cat "$dir/log"; ls -lR "$dir/disk")"
purge "$dir/pj3" && [ ! -e "$dir/pj3" ] && [ -z "$(ls -A "$dir/disk/state")" ]
result $? 'a purge empties a state that is a link itself' "$(cat "$dir/log"; ls -lR "$dir/disk")"
[ "ListenStream=$(sed -n 's/^#define LOGOUT_SOCKET[[:space:]]*"\(.*\)"/\1/p' src/tool/logout.c)" = \
	"$(grep ^ListenStream conf/systemd/pam-jwt-logout.socket)" ]
result $? 'the unit and the command have one socket'

# Without a preset of ours the first boot of an image switches everything on.
found=$(for unit in $(grep -l '^WantedBy=' conf/systemd/pam-jwt*); do
	grep -q " ${unit##*/}$" conf/systemd/90-pam-jwt.preset || echo "$unit"
done)
[ -z "$found" ] && [ "$(grep '^enable' conf/systemd/90-pam-jwt.preset | tr '\n' ' ')" = \
	'enable pam-jwt-purge.timer enable pam-jwt-sync.timer ' ]
result $? 'the preset names every unit that can be enabled, and enables the purge and the sync alone' "$found"
# The packages enable what the preset does, and nothing else: dh_installsystemd without --no-enable.
found=$(sed -n 's/^	dh_installsystemd -p\([a-z-]*\) \(pam-jwt.*\)/\1 \2/p' debian/rules | sort | tr '\n' ' ')
[ "$found" = 'pam-jwt pam-jwt-purge.timer pam-jwt-net pam-jwt-sync.timer ' ]
result $? 'the packages enable the same' "$found"
# A host without the fetcher has no use for its timer.
found=$(installed NET_PROGRAM= | grep -E 'sync\.|pam-jwt-net')
[ -z "$found" ]
result $? 'no unit of the sync is installed without the fetcher' "$found"
found=$(installed ISSUER_PROGRAM= | grep -E 'issuer')
[ -z "$found" ]
result $? 'nothing of the issuer is installed where it was not built' "$found"
found=$(installed | grep -c 'system/polkit-agent-helper@\.service\.d/pam-jwt\.conf$')
[ "$found" = 1 ] && grep -q '^ReadWritePaths=-/var/lib/pam_jwt$' conf/systemd/polkit-agent-helper@.service.d/pam-jwt.conf
result $? "polkit's helper may write the state" "$found"
found=$(installed | grep 'apparmor' | grep -vx '/etc/apparmor.d/abstractions/pam_jwt')
[ -z "$found" ] && [ "$(cut -d' ' -f2 debian/libpam-jwt.maintscript)" = /etc/apparmor.d/abstractions/authentication.d/pam_jwt ]
result $? 'no AppArmor profile gets the rules that does not ask for them' "$found"

setting() {	# UNIT NAME
	sed -n "s/^$2=//p" "conf/systemd/$1"
}
numbers="$(setting pam-jwt-logout.socket MaxConnections) $(setting pam-jwt-logout@.service RuntimeMaxSec) "
numbers=$numbers$(setting pam-jwt-logout.socket MaxConnectionsPerSource)
[ "$(tr '\n' ' ' <man/pam-jwt.1 |
	sed -n 's/.* takes \([0-9]*\) connections [a-z ,]* \([0-9]*\) seconds, [a-z 0-9]* at most \([0-9]*\) of one user.*/\1 \2 \3/p')" = "$numbers" ]
result $? "the manual has the limits of the logout socket ($numbers)"
[ -n "$(setting pam-jwt-logout.socket RemoveOnStop)" ]
result $? 'the logout socket does not outlive its unit'
[ "$(setting pam-jwt-logout.socket Backlog)" -le 64 ] && [ "$(setting pam-jwt-logout.socket LogLevelMax)" = err ]
result $? 'connections that nobody waits for do not queue in front of others, and are not logged one by one'

# The store is a link that leads nowhere, which "exists" does not see.
condition=$(grep '^Condition' conf/systemd/pam-jwt-purge.service | sed "s|/var/lib/pam_jwt|$dir|")
"${BUILD:-build}/pam-jwt" state init --directory "$dir/state" >"$dir/log" 2>&1
case $condition in
*"=$dir/state/store") ;;
*) condition=none ;;
esac
# Whoever is not root needs /run/systemd for it, which a container with systemd as a mere package does not have.
can_analyze() {
	command -v systemd-analyze >/dev/null && { [ -d /run/systemd ] || [ "$(id -u)" -eq 0 ]; }
}

if can_analyze; then
	systemd-analyze condition "$condition" >"$dir/log" 2>&1 && rm "$dir/state/store" &&
		! systemd-analyze condition "$condition" >"$dir/log" 2>&1
else
	[ "${condition%%=*}" = ConditionPathIsSymbolicLink ]
fi
result $? 'the purge runs where there is a state, and only there' "@$dir/log"
for unit in purge pull sync; do
	setting "pam-jwt-$unit.service" After | grep -q time-sync.target
	result $? "the $unit waits for the clock"
done

# What keeps the one service from harm keeps the others; each may have more, and needs what only it does.
sed -n 's/^\(\(Protect\|Restrict\|Private\|Lock\|Memory\|NoNew\|System\)[A-Za-z]*\)=.*/\1/p' conf/systemd/pam-jwt-logout@.service |
	grep -v MemoryMax | sort >"$dir/expected"
for unit in conf/systemd/*.service; do
	found=$(sed -n 's/^\([A-Za-z]*\)=.*/\1/p' "$unit" | sort | comm -23 "$dir/expected" -)
	[ -s "$dir/expected" ] && [ -z "$found" ]
	result $? "${unit##*/} is confined as the others are" "$found"
	# "logout@" is a template: it is analysed by another name.
	if can_analyze; then
		cp "$unit" "$dir/test.service"
		# What ends processes of everybody has to see them, and is confined in other words besides: see there.
		exposure=25
		[ "${unit##*/}" != pam-jwt-sessions.service ] || exposure=28
		systemd-analyze security --offline=true --threshold=$exposure "$dir/test.service" >"$dir/log" 2>&1
		result $? "${unit##*/}: exposure $(sed -n 's/.*exposure level for .*: \([0-9.]*\) .*/\1/p' "$dir/log")" "@$dir/log"
	else
		skip "${unit##*/}: exposure" 'systemd-analyze cannot run here'
	fi
done

# Otherwise a user who makes it run often, or fail often, would end the ends of all sessions.
[ "$(setting pam-jwt-sessions.service StartLimitIntervalSec)" = 0 ]
result $? 'the end of sessions cannot be driven into a limit of starts'
# What is not seen would be taken for gone: with hidepid=2 that needs the right to look, and never a /proc of its own.
setting pam-jwt-sessions.service CapabilityBoundingSet | grep -q CAP_SYS_PTRACE &&
	[ "$(setting pam-jwt-sessions.service ProtectProc)" = default ]
result $? 'the end of sessions sees the processes of everybody'
[ "$(setting pam-jwt-sessions.service ProtectKernelTunables)$(setting pam-jwt-sessions.service ProtectControlGroups)" = nono ] &&
	[ "$(setting pam-jwt-sessions.service ReadOnlyPaths)" = '/proc/sys /sys' ]
result $? 'the end of sessions knows the boot of its container'
# The records stay when the unit stops, and the module and the package agree on where they are.
[ "$(setting pam-jwt-sessions.service RuntimeDirectory)" = pam_jwt ] &&
	[ "$(setting pam-jwt-sessions.service RuntimeDirectoryPreserve)" = yes ]
result $? 'the records of sessions outlive the unit'
for folder in $(sed -n 's/^#define RECORDS_[A-Z]*[[:space:]]*"\(\/.*\)".*/\1/p' src/host/records.h); do
	grep -qx "d $folder 0700 root root -" conf/tmpfiles.d/pam_jwt.conf
	result $? "tmpfiles makes $folder, for root alone"
done

# The user of the package is that of the code, and the same folder is looked into.
user=$(sed -n 's/^#define FETCHER_USER "\(.*\)"$/\1/p' src/sync/fetcher.h)
[ -n "$user" ] && grep -q "^u $user - .* / -$" conf/sysusers.d/pam-jwt-net.conf
result $? "the package makes the user of the fetcher ($user)"
if [ -x "${BUILD:-build}/pam-jwt-net" ]; then
	found=$(installed | grep '/pam-jwt-net$')
	[ "$found" = /usr/libexec/pam-jwt/pam-jwt-net ] &&
		strings "${BUILD:-build}/obj/src/host/program.o" | grep -qx "${found%/*}"
	result $? 'the fetcher is installed where it is looked for' "$found"
	[ "$(installed | grep -c '/pam-jwt-sync\.')" = 2 ]
	result $? 'and its units with it'
else
	skip 'where the fetcher is installed' 'there was no libcurl for it'
fi

# The CGI: what the web server of the example asks for is what the units start and listen on.
socket=$(setting pam-jwt-issuer-cgi.socket ListenStream)
program=$(setting pam-jwt-issuer-cgi.service ExecStart | sed 's/.* -p //')
[ "$(grep -c "fastcgi_pass unix:$socket;" conf/issuer/nginx.conf)" = 2 ] &&
	[ "$(grep -c "SCRIPT_FILENAME $program;" conf/issuer/nginx.conf)" = 2 ]
result $? "nginx, the socket and the service of the CGI agree ($socket, $program)"
account=$(sed -n 's/^#define ISSUER_ACCOUNT "\([a-z]*\)".*/\1/p' src/issuerd/issuerd.h)
directory=$(sed -n 's/^#define ISSUER_DIRECTORY_DEFAULT "\(.*\)"/\1/p' src/issuerd/issuer_conf.h)
grep -q "^u $account - .* / /bin/sh$" conf/sysusers.d/pam-jwt-issuer.conf &&
	grep -qx "d $directory 0700 $account $account -" conf/tmpfiles.d/pam-jwt-issuer.conf &&
	grep -qx "f /var/lib/systemd/linger/$account 0644 root root -" conf/tmpfiles.d/pam-jwt-issuer.conf &&
	grep -qx "Match User $account" conf/sshd_config.d/pam-jwt-issuer.conf
result $? "the package makes the account and the folder of the issuer ($account, $directory)"
found=$(grep -L "rm -f /var/lib/systemd/linger/$account\$" debian/pam-jwt-issuer.postrm dist/pam_jwt.spec)
[ -z "$found" ]
result $? 'whatever removes the issuer ends the lingering of its account' "$found"
[ "$(setting pam-jwt-issuer-cgi.service User)" = "$account" ] && [ "$(setting pam-jwt-issuer-cgi.service ReadWritePaths)" = "$directory" ]
result $? 'the CGI runs as that account, and may write that folder alone'
if [ -x "${BUILD:-build}/pam-jwt-issuer" ]; then
	found=$(installed | grep '/pam-jwt-issuer$')
	[ "$found" = "$program" ]
	result $? 'the issuer is installed where it is looked for' "$found"
else
	skip 'where the issuer is installed' 'there was no SQLite for it'
fi

# A call that the filter of the unit does not have would end the fetcher without a word, as on Debian 12.
for call in seccomp $(grep -o 'SYS_landlock_[a-z_]*' src/net/confine_files.c | sed 's/^SYS_//' | sort -u); do
	grep '^SystemCallFilter=' conf/systemd/pam-jwt-sync.service | grep -qw "$call" || echo "$call"
done >"$dir/log"
[ "$(grep -c 'SYS_landlock_' src/net/confine_files.c)" -gt 2 ] && [ ! -s "$dir/log" ]
result $? 'the unit of the sync allows what its fetcher calls' "@$dir/log"

# People install the command on laptops; apt installs what is recommended.
! sed -n '/^Package: pam-jwt$/,/^$/p' debian/control | grep -E '^(Pre-Depends|Depends|Recommends):.*libpam-jwt' >"$dir/log"
result $? 'the package of the command does not bring the module' "@$dir/log"

for package in $(sed -n 's/^Package: //p' debian/control); do
	grep -qF "\"\$old\"/${package}_" tests/package/life*.sh && grep -qF "\"\$new\"/${package}_" tests/package/life*.sh &&
		grep -qE "apt purge( --auto-remove)?( [a-z-]+)* $package( |\$)" tests/package/life*.sh
	result $? "$package is installed, upgraded and purged by tests/package/life*.sh"
done

# PACKAGE WEAKLY-NAMED, a line for each pair, by the names of Debian; the dependencies that are not ours differ.
weak_debian() {
	awk '$1 == "Package:" { package = $2; print package }
		$1 == "Recommends:" || $1 == "Suggests:" { kind = $1; for (i = 2; i <= NF; i++) print package, kind, $i }' debian/control |
		tr -d , | grep -v -e fcgiwrap -e nginx | sort
}

weak_rpm() {
	rpmspec -q --qf '%{NAME}\n[%{=NAME} Recommends: %{RECOMMENDNAME}\n][%{=NAME} Suggests: %{SUGGESTNAME}\n]' dist/pam_jwt.spec 2>&1 |
		sed -e '/(none)$/d' -e 's/pam_jwt/libpam-jwt/g' | sort
}

if command -v rpmspec >/dev/null; then
	rpmspec -P dist/pam_jwt.spec >"$dir/log" 2>&1
	result $? 'the RPM spec can be read' "@$dir/log"
	weak_debian >"$dir/weak.debian"
	weak_rpm | diff "$dir/weak.debian" - >"$dir/log"
	result $? 'the RPM packages are those of Debian, and recommend and suggest the same' "@$dir/log"
else
	skip 'the RPM spec' 'rpm is not installed'
fi
finish
