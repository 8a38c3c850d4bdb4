/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finds the names of this host in the kernel and in /etc.  A token's audience
 * may be such a name, so only a name that is this host's alone may count.
 */
#include <sys/utsname.h>

#include "core/base/letter.h"
#include "core/policy/conf.h"
#include "host/file.h"
#include "host/hostname.h"

static const char *
set(char out[HOSTNAME_SIZE], struct bytes name)
{
	if (name.len == 0 || name.len >= HOSTNAME_SIZE || bytes_has(name, 0))
		return NULL;
	memcpy(out, name.ptr, name.len);
	out[name.len] = '\0';
	return out;
}

/*
 * Digits may follow, as in "localhost6", which some images have in /etc/hosts.
 */
bool
hostname_is_own(struct bytes name)
{
	static const char localhost[] = "localhost";
	size_t len = sizeof(localhost) - 1, i;

	if (name.len == 0 || name.ptr[0] == '(')
		return false;
	for (i = 0; i < len; i++) {
		if (i == name.len ||
		    letter_lower(name.ptr[i]) != (uint8_t)localhost[i])
			return true;
	}
	while (i < name.len && name.ptr[i] >= '0' && name.ptr[i] <= '9')
		i++;
	return i < name.len && name.ptr[i] != '.';
}

bool
hostname_is_machine_id(struct bytes text)
{
	bool has_digit = false;
	size_t i;

	for (i = 0; i < text.len; i++) {
		uint8_t c = text.ptr[i];

		if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f'))
			return false;
		has_digit = has_digit || c != '0';
	}
	return text.len == 32 && has_digit;
}

/* Find the first line that is not a comment; systemd does the same. */
static struct bytes
name_in_file(struct bytes file)
{
	while (file.len > 0) {
		struct bytes line = bytes_trim(bytes_cut(&file, '\n'));

		if (line.len > 0 && line.ptr[0] != '#')
			return line;
	}
	return bytes_of(NULL, 0);
}

bool
hostname_is_static(struct bytes kernel, struct bytes file)
{
	struct bytes name = name_in_file(file);

	return bytes_eq(kernel, name) || bytes_eq(kernel,
	    bytes_cut(&name, '.'));
}

/* Find the first name with a dot on a line that also has the short name. */
static bool
fqdn_on_line(struct bytes line, struct bytes hostname, struct bytes *out)
{
	struct bytes word, dotted = { 0 };
	bool found = false;

	conf_word(&line);	/* the address */
	while ((word = conf_word(&line)).len > 0 && word.ptr[0] != '#') {
		if (dotted.len == 0 && bytes_has(word, '.') &&
		    hostname_is_own(word))
			dotted = word;
		if (bytes_eq(word, hostname))
			found = true;
	}
	*out = dotted;
	return found && dotted.len > 0;
}

static const char *
fqdn_of_hosts(char out[HOSTNAME_SIZE], struct bytes hostname)
{
	struct file file;
	struct bytes rest, name;
	const char *result = NULL;

	if (file_read("/etc/hosts", &file) != FILE_OK) {
		file_clear(&file);
		return NULL;
	}
	rest = secret_bytes(&file.text);
	while (rest.len > 0 && result == NULL) {
		struct bytes line = bytes_trim(bytes_cut(&rest, '\n'));

		if (line.len > 0 && line.ptr[0] != '#' &&
		    fqdn_on_line(line, hostname, &name))
			result = set(out, name);
	}
	file_clear(&file);
	return result;
}

static const char *
find_machine_id(char out[HOSTNAME_SIZE])
{
	const char *result = NULL;
	struct file file;
	struct bytes text;

	if (file_read("/etc/machine-id", &file) == FILE_OK) {
		text = bytes_trim(secret_bytes(&file.text));
		if (hostname_is_machine_id(text))
			result = set(out, text);
	}
	file_clear(&file);
	return result;
}

void
hostname_find(struct hostname *names, struct policy_host *host)
{
	struct utsname kernel;
	struct bytes whole, hostname;
	const uint8_t *dot;

	*host = (struct policy_host){ 0 };
	host->machine_id = find_machine_id(names->machine_id);
	if (uname(&kernel) != 0 ||
	    !hostname_is_own(bytes_str(kernel.nodename)))
		return;
	whole = hostname = bytes_str(kernel.nodename);
	dot = memchr(whole.ptr, '.', whole.len);
	if (dot != NULL)
		hostname.len = (size_t)(dot - whole.ptr);
	host->hostname = set(names->hostname, hostname);
	if (dot != NULL)
		host->fqdn = set(names->fqdn, whole);
	else
		host->fqdn = fqdn_of_hosts(names->fqdn, hostname);
}
