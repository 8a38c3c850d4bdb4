/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pam-jwt-net qr.  Only this file uses libqrencode: it is here, and not in
 * pam-jwt, so that pam-jwt needs no library for it.
 *
 * A server has chosen the text, so only printable ASCII is taken.
 */
#include "cli/complain.h"
#include "cli/exit.h"
#include "net/qr.h"

#ifdef HAVE_QRENCODE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <qrencode.h>

#include "net/confine.h"

#define TEXT_MAX	2048
#define COLUMNS_MAX	80
#define QUIET		4	/* modules on each side (ISO/IEC 18004) */

/* A text and its terminator; one more byte shows that it is too long. */
struct text {
	char bytes[TEXT_MAX + 2];
	size_t len;
};

static bool
read_text(struct text *out)
{
	ssize_t got = 1;

	while (got != 0 && out->len <= TEXT_MAX) {
		got = read(STDIN_FILENO, out->bytes + out->len,
		    TEXT_MAX + 1 - out->len);
		if (got < 0 && errno != EINTR)
			return complain_errno("standard input");
		if (got > 0)
			out->len += (size_t)got;
	}
	out->bytes[out->len] = '\0';
	return true;
}

static bool
check_text(const struct text *text)
{
	size_t i;

	if (text->len == 0 || text->len > TEXT_MAX)
		return complain("a QR code is made of 1 to %d bytes", TEXT_MAX);
	for (i = 0; i < text->len; i++) {
		if (text->bytes[i] < ' ' || text->bytes[i] > '~')
			return complain("a QR code is made only of printable "
			    "ASCII, without a newline");
	}
	return true;
}

/* All around the code is light, or a camera would not find it. */
static bool
is_light(const QRcode *code, int x, int y)
{
	if (x < 0 || y < 0 || x >= code->width || y >= code->width)
		return true;
	return (code->data[y * code->width + x] & 1) == 0;
}

/* Two modules, one above the other; the light one is drawn. */
static const char *
half_block(bool upper, bool lower)
{
	if (upper && lower)
		return "\u2588";
	if (upper)
		return "\u2580";
	if (lower)
		return "\u2584";
	return " ";
}

/*
 * White on black, from the colours 231 and 16 of the 256: themes change the
 * first 16, and some exchange black and white there, which few cameras read.
 */
static void
print_code(const QRcode *code)
{
	int x, y;

	for (y = -QUIET; y < code->width + QUIET; y += 2) {
		fputs("\033[38;5;231;48;5;16m", stdout);
		for (x = -QUIET; x < code->width + QUIET; x++)
			fputs(half_block(is_light(code, x, y),
			    is_light(code, x, y + 1)), stdout);
		fputs("\033[0m\n", stdout);
	}
}

/* The lowest level of correction makes the smallest code; a screen is clean. */
static bool
print_text(const struct text *text)
{
	QRcode *code = QRcode_encodeString(text->bytes, 0, QR_ECLEVEL_L,
	    QR_MODE_8, 1);
	bool fits;

	if (code == NULL)
		return complain_errno("libqrencode");
	fits = code->width + 2 * QUIET <= COLUMNS_MAX;
	if (fits)
		print_code(code);
	QRcode_free(code);
	return fits || complain("the text is too long for a QR code of %d "
	    "columns", COLUMNS_MAX);
}

int
qr_run(void)
{
	struct text text = { .len = 0 };

	if (!confine_to_network())
		return EXIT_TROUBLE;
	if (!read_text(&text) || !check_text(&text) || !print_text(&text))
		return EXIT_TROUBLE;
	if (fflush(stdout) != 0) {
		complain_errno("standard output");
		return EXIT_TROUBLE;
	}
	return EXIT_YES;
}
#else

int
qr_run(void)
{
	complain("this build draws no QR codes: it was made without "
	    "libqrencode");
	return EXIT_TROUBLE;
}
#endif
