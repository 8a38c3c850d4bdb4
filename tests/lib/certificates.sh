# shellcheck shell=sh
# Certificates for servers of tests. Sourced by scripts that set CERTIFICATES, the folder of the files.
#
#     authority NAME                         makes NAME.pem and NAME.key
#     certificate NAME SUBJECT-ALT-NAME      the same, signed by the authority called ca

authority() {	# NAME
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "/CN=$1" \
		-keyout "$CERTIFICATES/$1.key" -out "$CERTIFICATES/$1.pem" 2>/dev/null
}

certificate() {	# NAME SUBJECT-ALT-NAME
	openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$1" \
		-keyout "$CERTIFICATES/$1.key" -out "$CERTIFICATES/$1.csr" 2>/dev/null
	printf 'subjectAltName=%s\n' "$2" >"$CERTIFICATES/$1.ext"
	openssl x509 -req -in "$CERTIFICATES/$1.csr" -CA "$CERTIFICATES/ca.pem" -CAkey "$CERTIFICATES/ca.key" -days 2 \
		-extfile "$CERTIFICATES/$1.ext" -out "$CERTIFICATES/$1.pem" 2>/dev/null
}
