/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is left of a token in memory after a login: nothing.
 *
 *	residue FOLDER USER TOKEN_FILE [SECRETS_FILE]
 *
 * The process looks through all that it can write of itself for any 16 bytes
 * in a row of the token's payload and signature, as they were typed, and of
 * the payload as it was decoded.  Of an encrypted token these are the encrypted
 * parts; a line of SECRETS_FILE for each has the rest: what is inside, and the
 * keys.  It knows them masked only, and what it
 * reads it masks before it looks, so it never finds itself.
 */
#include "tests/faults/login.h"

#define WINDOW		16
#define CHUNK		65536
#define NEEDLES_MAX	12

/* A part of the token, masked. */
struct needle {
	const char *name;
	uint8_t text[LOGIN_TOKEN_MAX];
	size_t len;
	size_t found;
	char where[64];		/* the mapping of the last one */
};

static struct needle needles[NEEDLES_MAX];
static size_t needle_count = 3;
/* Which first two bytes a window may have: saves nearly all comparisons. */
static uint8_t starts[65536];

static void
clear_found(void)
{
	size_t i;

	for (i = 0; i < needle_count; i++)
		needles[i].found = 0;
}

static unsigned
first_two(const uint8_t *text)
{
	return (unsigned)text[0] << 8 | text[1];
}

static void
prepare(const struct needle *needle)
{
	size_t i;

	for (i = 0; i + WINDOW <= needle->len; i++)
		starts[first_two(needle->text + i)] = 1;
}

static void
look_at(const uint8_t *window, const char *where)
{
	size_t i, k;

	for (i = 0; i < needle_count; i++) {
		struct needle *needle = &needles[i];

		for (k = 0; k + WINDOW <= needle->len; k++) {
			if (memcmp(window, needle->text + k, WINDOW) == 0) {
				needle->found++;
				snprintf(needle->where, sizeof(needle->where),
				    "%s", where);
				break;
			}
		}
	}
}

/* A mapping, chunk by chunk; the end of one is looked at with the next. */
static void
scan_range(int memory, off_t from, off_t to, const char *where)
{
	static uint8_t chunk[WINDOW + CHUNK];
	size_t kept = 0;

	while (from < to) {
		size_t want = to - from > CHUNK ? CHUNK : (size_t)(to - from);
		ssize_t got = pread(memory, chunk + kept, want, from);
		size_t len, i;

		if (got <= 0)
			return;
		for (i = kept; i < kept + (size_t)got; i++)
			chunk[i] ^= LOGIN_MASK;
		len = kept + (size_t)got;
		for (i = 0; i + WINDOW <= len; i++) {
			if (starts[first_two(chunk + i)])
				look_at(chunk + i, where);
		}
		kept = len < WINDOW - 1 ? len : WINDOW - 1;
		memmove(chunk, chunk + len - kept, kept);
		from += got;
	}
	memset(chunk, 0, sizeof(chunk));
}

/* All writable mappings; returns how many windows there are. */
static size_t
scan(void)
{
	static char maps[262144];
	int fd = open("/proc/self/maps", O_RDONLY);
	int memory = open("/proc/self/mem", O_RDONLY);
	size_t len = 0, found = 0, i;
	char *line, *rest = maps;
	ssize_t got;

	while ((got = read(fd, maps + len, sizeof(maps) - 1 - len)) > 0)
		len += (size_t)got;
	maps[len] = '\0';
	close(fd);
	clear_found();
	while ((line = strsep(&rest, "\n")) != NULL) {
		char mode[5], where[64] = "anonymous";
		unsigned long from, to;

		if (sscanf(line, "%lx-%lx %4s %*s %*s %*s %63s", &from, &to,
		    mode, where) >= 3 && mode[0] == 'r' && mode[1] == 'w')
			scan_range(memory, (off_t)from, (off_t)to, where);
	}
	close(memory);
	for (i = 0; i < needle_count; i++)
		found += needles[i].found;
	return found;
}

static int
digit(uint8_t c)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789-_";
	const char *at = c == '\0' ? NULL : strchr(digits, c);

	return at == NULL ? -1 : (int)(at - digits);
}

/* The bytes that a masked part stands for, masked in turn. */
static void
decode(const struct needle *part, struct needle *out)
{
	unsigned bits = 0, held = 0;
	size_t i;

	for (i = 0; i < part->len; i++) {
		bits = bits << 6 | (unsigned)digit(part->text[i] ^ LOGIN_MASK);
		held += 6;
		if (held >= 8) {
			held -= 8;
			out->text[out->len++] = (uint8_t)(bits >> held) ^
			    LOGIN_MASK;
		}
	}
}

/* A needle for each line of the file, which is base64url. */
static void
take_secrets(const struct masked *file)
{
	static const char *const names[NEEDLES_MAX - 3] = {
		"inner payload", "inner signature", "inner payload decoded",
		"first key", "second key", "third key", "fourth key",
		"fifth key", "sixth key"
	};
	static struct needle line;
	size_t i;

	for (i = 0; i < file->len; i++) {
		if ((file->text[i] ^ LOGIN_MASK) != '\n') {
			line.text[line.len++] = file->text[i];
			continue;
		}
		needles[needle_count].name = names[needle_count - 3];
		decode(&line, &needles[needle_count++]);
		line.len = 0;
	}
}

/* Fill the needles in from the second and third part of the token. */
static void
take_apart(const struct masked *token)
{
	size_t part = 0, i;

	needles[0].name = "payload as typed";
	needles[1].name = "signature as typed";
	needles[2].name = "payload decoded";
	for (i = 0; i < token->len; i++) {
		if ((token->text[i] ^ LOGIN_MASK) == '.') {
			part++;
		} else if (part > 0) {
			struct needle *needle = &needles[part > 1];

			needle->text[needle->len++] = token->text[i];
		}
	}
	decode(&needles[0], &needles[2]);
	for (i = 0; i < needle_count; i++)
		prepare(&needles[i]);
}

/* The scan sees a copy on the heap that is one, and none that was wiped. */
static bool
scan_works(void)
{
	bool works = true;
	size_t i, k;

	for (i = 0; i < needle_count; i++) {
		struct needle *needle = &needles[i];
		uint8_t *copy = malloc(needle->len);

		if (copy == NULL || needle->len < WINDOW)
			return false;
		for (k = 0; k < needle->len; k++)
			copy[k] = needle->text[k] ^ LOGIN_MASK;
		scan();
		works = works && needle->found >= needle->len - WINDOW + 1;
		explicit_bzero(copy, needle->len);
		free(copy);
	}
	return works && scan() == 0;
}

static void
report(bool ok, const char *what)
{
	printf("%s - residue: %s\n", ok ? "ok" : "not ok", what);
}

static bool
scan_and_tell(const char *when)
{
	size_t i;

	if (scan() == 0)
		return true;
	for (i = 0; i < needle_count; i++) {
		if (needles[i].found > 0)
			printf("# %s: %zu windows of the %s, in %s\n", when,
			    needles[i].found, needles[i].name,
			    needles[i].where);
	}
	return false;
}

int
main(int argc, char **argv)
{
	static struct masked token, secrets;
	pam_handle_t *handle;
	int code;

	if (argc != 4 && argc != 5)
		return 2;
	fake_now = LOGIN_NOW;
	setvbuf(stdout, NULL, _IONBF, 0);
	login_read(argv[3], &token);
	if (argc == 5) {
		login_read(argv[4], &secrets);
		take_secrets(&secrets);
	}
	take_apart(&token);
	report(scan_works(), "the scan finds what is there");
	handle = login_start(argv[1], argv[2], &token);
	if (handle == NULL)
		return 2;
	code = pam_authenticate(handle, 0);
	printf("# PAM %d, %s\n", code, login_log.reason);
	report(scan_and_tell("after authenticate"),
	    "nothing is left after authenticate");
	pam_acct_mgmt(handle, 0);
	pam_setcred(handle, PAM_ESTABLISH_CRED);
	pam_open_session(handle, 0);
	pam_end(handle, code);
	report(scan_and_tell("after pam_end"), "nothing is left after pam_end");
	return 0;
}
