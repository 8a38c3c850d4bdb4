# SPDX-License-Identifier: BSD-2-Clause
"""Reads a QR code in half blocks from standard input, as a camera in front of a terminal does.

    qrread.py shape         checks colours, columns, quiet zone and the three corners; prints the columns
    qrread.py text          prints what libzbar reads: on a dark and on a light terminal, and with gaps between the lines
                            (exit status 77 where there is no libzbar)
"""
import ctypes
import re
import sys

PAINT = '\033[38;5;231;48;5;16m'
RESET = '\033[0m'
LIGHT = {'\u2588': (1, 1), '\u2580': (1, 0), '\u2584': (0, 1), ' ': (0, 0)}
QUIET = 4
SCALE = 4
FINDER = ['#######', '#     #', '# ### #', '# ### #', '# ### #', '#     #', '#######']


def modules():
    """Rows of 1 (light) and 0 (dark); each line must set its colours, and take them back."""
    rows = []
    for line in sys.stdin.buffer.read().decode('utf-8').splitlines():
        if not line.startswith(PAINT) or not line.endswith(RESET):
            sys.exit('a line without its colours: %r' % line)
        cells = line[len(PAINT):-len(RESET)]
        if re.sub('[%s]' % ''.join(LIGHT), '', cells):
            sys.exit('a line with something else in it: %r' % line)
        rows += [[LIGHT[cell][half] for cell in cells] for half in (0, 1)]
    return rows


def shape(rows):
    size = len(rows[0]) - 2 * QUIET
    if {len(row) for row in rows} != {len(rows[0])} or len(rows) != size + 2 * QUIET + 1 or size % 4 != 1 or size < 21:
        sys.exit('%d columns, %d rows' % (len(rows[0]), len(rows)))
    edge = range(QUIET, QUIET + size)
    if any(not cell for y, row in enumerate(rows) for x, cell in enumerate(row) if x not in edge or y not in edge):
        sys.exit('the quiet zone is not light')
    for left, top in ((0, 0), (size - 7, 0), (0, size - 7)):
        for y, line in enumerate(FINDER):
            for x, mark in enumerate(line):
                if rows[QUIET + top + y][QUIET + left + x] != (mark == ' '):
                    sys.exit('no finder at %d, %d' % (left, top))
    print(len(rows[0]))


def picture(rows, around, gap):
    """Grey pixels: the terminal's own colour around the code, and black gaps between its lines."""
    width = (len(rows[0]) + 20) * SCALE
    lines = [[around] * width for _ in range(10 * SCALE)]
    for y, row in enumerate(rows):
        pixels = [255 * cell for cell in row for _ in range(SCALE)]
        lines += [[around] * (10 * SCALE) + pixels + [around] * (10 * SCALE)] * SCALE
        if y % 2:
            lines += [[around] * (10 * SCALE) + [0] * len(pixels) + [around] * (10 * SCALE)] * gap
    lines += [[around] * width for _ in range(10 * SCALE)]
    return width, len(lines), bytes(pixel for line in lines for pixel in line)


def decode(zbar, width, height, pixels):
    scanner = zbar.zbar_image_scanner_create()
    image = zbar.zbar_image_create()
    zbar.zbar_image_set_format(image, ctypes.c_ulong(int.from_bytes(b'Y800', 'little')))
    zbar.zbar_image_set_size(image, width, height)
    zbar.zbar_image_set_data(image, pixels, ctypes.c_ulong(len(pixels)), None)
    zbar.zbar_scan_image(scanner, image)
    symbol = zbar.zbar_image_first_symbol(image)
    return ctypes.string_at(zbar.zbar_symbol_get_data(symbol)).decode() if symbol else None


def load():
    try:
        zbar = ctypes.CDLL('libzbar.so.0')
    except OSError:
        sys.exit(77)
    for name in ('zbar_image_scanner_create', 'zbar_image_create', 'zbar_image_first_symbol', 'zbar_symbol_get_data'):
        getattr(zbar, name).restype = ctypes.c_void_p
    zbar.zbar_image_set_format.argtypes = [ctypes.c_void_p, ctypes.c_ulong]
    zbar.zbar_image_set_size.argtypes = [ctypes.c_void_p, ctypes.c_uint, ctypes.c_uint]
    zbar.zbar_image_set_data.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_ulong, ctypes.c_void_p]
    zbar.zbar_scan_image.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
    zbar.zbar_image_first_symbol.argtypes = [ctypes.c_void_p]
    zbar.zbar_symbol_get_data.argtypes = [ctypes.c_void_p]
    return zbar


def text(rows):
    zbar = load()
    seen = {decode(zbar, *picture(rows, around, gap)) for around in (0, 255) for gap in (0, 1)}
    if len(seen) != 1 or None in seen:
        sys.exit('what was read: %s' % seen)
    print(seen.pop())


if __name__ == '__main__':
    {'shape': shape, 'text': text}[sys.argv[1]](modules())
