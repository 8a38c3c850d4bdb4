/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * snprintf() by its manual, for the units that name this file: %s, %c, %u, %zu
 * and %lld, with a width of zeros or a precision of "*".
 */
#include <stdarg.h>

struct print {
	char *out;
	size_t size;
	size_t len;
};

static void
put(struct print *print, char c)
{
	if (print->len + 1 < print->size)
		print->out[print->len] = c;
	print->len++;
}

static void
put_unsigned(struct print *print, unsigned long long number, int width)
{
	unsigned long long power = 1;
	int digits = 1;

	while (number / power >= 10) {
		power *= 10;
		digits++;
	}
	//@ split digits;
	for (; width > digits; width--)
		put(print, '0');
	for (; digits > 0; digits--)
		put(print, (char)Frama_C_interval('0', '9'));
}

static void
put_string(struct print *print, const char *text, size_t max)
{
	size_t i;

	for (i = 0; i < max && text[i] != 0; i++)
		put(print, text[i]);
	//@ split i;
}

int
prove_snprintf(char *out, size_t size, const char *format, ...)
{
	struct print print = { out, size, 0 };
	const char *at;
	va_list list;
	size_t max;
	long long number;
	int width;

	va_start(list, format);
	for (at = format; *at != 0; at++) {
		if (*at != '%') {
			put(&print, *at);
			continue;
		}
		at++;
		width = 0;
		max = SIZE_MAX;
		if (*at == '0') {
			width = at[1] - '0';
			at += 2;
		}
		if (*at == '.') {
			max = (size_t)va_arg(list, int);
			at += 2;
		}
		if (*at == 's') {
			put_string(&print, va_arg(list, const char *), max);
		} else if (*at == 'c') {
			put(&print, (char)va_arg(list, int));
		} else if (*at == 'u') {
			put_unsigned(&print, va_arg(list, unsigned), width);
		} else if (*at == 'z') {
			at++;
			put_unsigned(&print, va_arg(list, size_t), width);
		} else {
			at += 2;
			number = va_arg(list, long long);
			if (number < 0) {
				put(&print, '-');
				number = -number;
			}
			put_unsigned(&print, (unsigned long long)number,
			    width);
		}
	}
	va_end(list);
	if (size > 0)
		out[print.len < size ? print.len : size - 1] = 0;
	return (int)print.len;
}
