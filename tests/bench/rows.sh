# shellcheck shell=sh
# Configurations, stacks and tokens of logins for tests/bench/login.c: one row for each kind of login. Sourced by the scripts of
# tests/bench, which set D (a private folder), JWT (the command), SO (the module), and NOW where the clock is not the real one.
# ROWS_ETC, ROWS_KEYS and ROWS_STATE are where configurations, keys and the state lie: in D, or as on a host after rows_as_on_host.
#
#     rows_start; rows_plain; rows_growth "$D/growth"; build/tests/bench/login times "$ROWS"

ROWS_ISS=https://id.test
ROWS_AUD=urn:test
ROWS_PAM_AUTH_ERR=7	# PAM_AUTH_ERR

rows_start() {
	ROWS_DIR=$D/rows
	ROWS=$ROWS_DIR/list
	ROWS_ETC=${ROWS_ETC:-$ROWS_DIR/conf}
	ROWS_KEYS=${ROWS_KEYS:-$ROWS_DIR/key}
	ROWS_STATE=${ROWS_STATE:-$D/state}
	mkdir -p "$ROWS_DIR/tok" "$ROWS_DIR/stacks" "$ROWS_ETC" "$ROWS_KEYS"
	: >"$ROWS"
}

# Lays configurations, keys and the state where a host has them, so that a login walks no longer way to them than there. After
# ns_enter alone: /etc becomes a copy, and /var/lib is empty.
rows_as_on_host() {
	cp -a /etc "$D/etc.host" 2>/dev/null || :	# a socket is not copied
	ns_mount --bind "$D/etc.host" /etc
	for rows_file in passwd group shadow pam.d hosts login.defs; do
		ns_cover "$D/etc/$rows_file" "/etc/$rows_file"
	done
	ns_mount -t tmpfs -o mode=755 pam_jwt /var/lib
	ROWS_ETC=/etc/pam_jwt
	ROWS_KEYS=/etc/pam_jwt
	ROWS_STATE=/var/lib/pam_jwt/state
}

# Makes a pair NAME.key and NAME.jwk, unless it is there; of a secret both are the same.
rows_key() {	# NAME ALG
	rows_key_name=$ROWS_KEYS/$1 rows_key_alg=$2
	[ ! -e "$rows_key_name.key" ] || return 0
	set --
	case $rows_key_alg in
	HS*) ln -s "$rows_key_name.key" "$rows_key_name.jwk" ;;
	[RP]S*) set -- --bits 2048 --public "$rows_key_name.jwk" ;;
	*) set -- --public "$rows_key_name.jwk" ;;
	esac
	rows_loud "$JWT" key generate --alg "$rows_key_alg" --out "$rows_key_name.key" "$@"
}

# Shows what a command says only when it fails.
rows_loud() {	# COMMAND...
	"$@" 2>"$D/complaint" || { cat "$D/complaint" >&2; return 1; }
}

rows_issue() {	# FILE KEY [OPTION...]
	rows_issue_file=$ROWS_DIR/tok/$1 rows_issue_key=$ROWS_KEYS/$2.key
	shift 2
	rows_loud "$JWT" issue --key "$rows_issue_key" --iss "$ROWS_ISS" --sub alice --aud "$ROWS_AUD" --ttl 8h \
		${NOW:+--now "$NOW"} "$@" >"$rows_issue_file"
}

# A token of about so many characters: the claim "pad" fills it up, four characters for three bytes.
rows_token() {	# FILE KEY CHARACTERS
	rows_issue "$1" "$2"
	rows_pad=$((($3 - $(wc -c <"$ROWS_DIR/tok/$1")) * 3 / 4 - 9))
	[ "$rows_pad" -le 0 ] || rows_issue "$1" "$2" --claim "pad=$(printf '%*s' "$rows_pad" '' | tr ' ' x)"
}

# A configuration with one issuer and a state.
rows_conf() {	# KEYS ALGORITHM [LINE OF THE ISSUER]
	cat <<-END
		[issuer corp]
		iss        = $ROWS_ISS
		keys       = $1
		algorithms = $2
		audience   = $ROWS_AUD
		${3-}
		[state]
		directory  = $ROWS_STATE
		[service sshd]
		permit     = as claim sub
	END
}

# Adds a login; its configuration comes on standard input.
rows_add() {	# NAME TOKEN [WANT]
	rows_confdir=$ROWS_DIR/stacks/$1
	mkdir -p "$rows_confdir"
	cat >"$ROWS_ETC/$1.conf"
	for rows_type in auth account session; do
		echo "$rows_type required $SO config=$ROWS_ETC/$1.conf"
	done >"$rows_confdir/sshd"
	cp "$rows_confdir/sshd" "$rows_confdir/other"
	echo "$1 $rows_confdir sshd alice ${3:-0} $ROWS_DIR/tok/$2" >>"$ROWS"
	[ -e "$ROWS_STATE" ] || ! grep -q '^\[state' "$ROWS_ETC/$1.conf" || "$JWT" state init --config "$ROWS_ETC/$1.conf" >/dev/null
}

# A row of one issuer with one key.
rows_one() {	# NAME ALGORITHM CHARACTERS
	rows_key "$2" "$2"
	rows_token "$1" "$2" "$3"
	rows_conf "$ROWS_KEYS/$2.jwk" "$2" | rows_add "$1" "$1"
}

# Encrypted for the host, whose key is another one.
rows_encrypted() {
	rows_key host ECDH-ES
	rows_issue encrypted ES256 --encrypt-to "$ROWS_KEYS/host.jwk"
	rows_conf "$ROWS_KEYS/ES256.jwk" ES256 "decryption_keys = $ROWS_KEYS/host.key" | rows_add encrypted encrypted
}

# A refusal after the signature was found to be wrong, which is what a stranger can reach.
rows_refusal() {
	rows_issue good ES256
	awk '{ n = length($0) - 40; c = substr($0, n, 1) == "A" ? "B" : "A"
		printf "%s%s%s", substr($0, 1, n - 1), c, substr($0, n + 1) }' "$ROWS_DIR/tok/good" >"$ROWS_DIR/tok/refusal"
	rows_conf "$ROWS_KEYS/ES256.jwk" ES256 | rows_add refusal refusal "$ROWS_PAM_AUTH_ERR"
}

rows_no_state() {
	rows_issue no-state ES256
	rows_conf "$ROWS_KEYS/ES256.jwk" ES256 | grep -vE '^(\[state|directory)' | rows_add no-state no-state
}

# The kinds of logins whose instructions and times are watched.
rows_plain() {
	rows_one es256 ES256 400
	rows_one es256-5.7k ES256 5700
	rows_one es256-15k ES256 15000
	rows_one rs256 RS256 400
	rows_one hs256 HS256 400
	rows_no_state
	rows_encrypted
	rows_refusal
}

# --- growth -------------------------------------------------------------------------------------------------------------

# Prints a JWK Set of so many keys; the last one signs, and the others differ from it in their kid alone.
rows_key_set() {	# KEYS ALG
	rows_key "$2" "$2"
	printf '{"keys":['
	awk -v keys="$1" '{ for (i = 1; i < keys; i++) { copy = $0; sub(/"kid":"/, "&other-" i "-", copy); print copy "," } print }' \
		"$ROWS_KEYS/$2.jwk"
	echo ']}'
}

rows_keys() {	# NAME KEYS ALG
	rows_key_set "$2" "$3" >"$ROWS_KEYS/set-$3-$2.jwk"
	rows_issue "$1" "$3"
	rows_conf "$ROWS_KEYS/set-$3-$2.jwk" "$3" | rows_add "$1" "$1"
}

# So many issuers, each with a set of so many keys; the token is of the last one.
rows_issuers() {	# NAME ISSUERS KEYS ALG
	rows_key_set "$3" "$4" >"$ROWS_KEYS/set-$4-$3.jwk"
	rows_issue "$1" "$4"
	{
		rows_issuer=1
		while [ "$rows_issuer" -lt "$2" ]; do
			printf '[issuer i%d]\niss = https://i%d.test\nkeys = %s\nalgorithms = %s\naudience = %s\n' \
				"$rows_issuer" "$rows_issuer" "$ROWS_KEYS/set-$4-$3.jwk" "$4" "$ROWS_AUD"
			rows_issuer=$((rows_issuer + 1))
		done
		rows_conf "$ROWS_KEYS/set-$4-$3.jwk" "$4"
	} | rows_add "$1" "$1"
}

# The last of so many permit lines holds; 10 groups are in the token.
rows_permits() {	# NAME LINES
	rows_issue "$1" ES256 --claim-json 'groups=["g0","g1","g2","g3","g4","g5","g6","g7","g8","g9"]'
	{
		rows_conf "$ROWS_KEYS/ES256.jwk" ES256 | grep -v '^permit'
		awk -v lines="$2" 'BEGIN {
			for (i = 1; i < lines; i++)
				printf "permit = as claim sub if groups has \"other-%d\" and groups has \"more-%d\"\n", i, i
			print "permit = as claim sub if groups has g9 and groups has g8" }'
	} | rows_add "$1" "$1"
}

# The subject is in the middle of a map that is in no order.
rows_map() {	# NAME LINES
	rows_issue "$1" ES256
	awk -v lines="$2" 'BEGIN {
		for (i = 0; i < lines; i++) {
			if (i == int(lines / 2)) print "corp alice alice"
			else printf "corp s%06d user%d\n", (i * 7919) % 1000003, i
		} }' >"$ROWS_KEYS/map-$2"
	{
		rows_conf "$ROWS_KEYS/ES256.jwk" ES256 | grep -v '^permit'
		echo "permit = as map $ROWS_KEYS/map-$2"
	} | rows_add "$1" "$1"
}

# A row for each point of each curve; report.py draws what is called CURVE:X.
rows_growth() {
	for rows_x in 1 20 64 128 256; do
		rows_keys "keys-ES256:$rows_x" "$rows_x" ES256
		rows_keys "keys-RS256:$rows_x" "$rows_x" RS256
	done
	for rows_x in 1 20 64 256; do
		rows_issuers "issuers-14:$rows_x" 14 "$rows_x" ES256
	done
	for rows_x in 400 800 1600 3200 6400 12800 16000; do
		rows_one "size-HS256:$rows_x" HS256 "$rows_x"
		rows_one "size-ES256:$rows_x" ES256 "$rows_x"
	done
	for rows_x in 1 10 30 100 300; do
		rows_permits "permits:$rows_x" "$rows_x"
	done
	for rows_x in 10 100 1000 10000 40000; do
		rows_map "map:$rows_x" "$rows_x"
	done
}

# --- other modules --------------------------------------------------------------------------------------------------------

# Adds a login by a stack that comes on standard input; the answer to its prompt is a text.
rows_stack() {	# NAME ANSWER
	mkdir -p "$ROWS_DIR/stacks/$1"
	cat >"$ROWS_DIR/stacks/$1/sshd"
	echo 'auth required pam_deny.so' >"$ROWS_DIR/stacks/$1/other"
	echo "$2" >"$ROWS_DIR/tok/$1"
	echo "$1 $ROWS_DIR/stacks/$1 sshd alice 0 $ROWS_DIR/tok/$1" >>"$ROWS"
}

# The account phase as the README has it for users who log in in another way.
rows_account() {
	rows_stack account none <<-END
		account required $SO config=$ROWS_ETC/no-state.conf
		account required pam_permit.so
	END
}

# The harness itself.
rows_permit() {
	rows_stack permit none <<-END
		auth required pam_permit.so
		account required pam_permit.so
		session required pam_permit.so
	END
}
