#!/usr/bin/env python3
# Measures the statements of the sources against the limits of CONTRIBUTING, "Style". make lint runs it.
#
#     python3 tests/statements.py [--show] [FILE...]      from the top of the tree; --show names each place
#
# It counts, with comments and strings taken out: "?:" for each 1,000 lines of code, "?:" over more than one line, and steps in
# front of which "if (reason == JWT_OK)" stands. Exit status 1 when a limit is passed.
import re
import subprocess
import sys

CONDITIONAL_MAX = 8.0   # for each 1,000 lines of code; OpenSSH has 7.5
CHAINS_MAX = 0.3        # for each 1,000 lines of code: a few places that go on after an error, to report them all


def code_of(text):
    """The text with comments and the contents of strings and characters replaced by nothing, its lines kept."""
    def keep_lines(match):
        found = match.group(0)
        if found[0] in '"\'':
            return found[0] * 2
        return '\n' * found.count('\n')
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', keep_lines, text, flags=re.S)


def conditionals(code):
    """(line, lines over which it goes) of each ?: in the code."""
    for match in re.finditer(r'\?', code):
        start = max(code.rfind(c, 0, match.start()) for c in ';{}')
        end = code.find(';', match.start())
        colon = code.find(':', match.start())
        first = code.rfind('\n', 0, match.start())
        yield code.count('\n', 0, match.start()) + 1, '\n' in code[match.start():min(end, colon) + 1] or (
            first > start and code[start:first].strip().endswith(('&&', '||')))


def main(arguments):
    show = '--show' in arguments
    files = [a for a in arguments if a != '--show']
    if not files:
        files = subprocess.check_output(['git', 'ls-files', 'pam_jwt.c', 'src'], text=True).split()
        files = [f for f in files if f.endswith('.c')]
    lines = values = long = chains = 0
    for name in files:
        with open(name, encoding='utf-8') as source:
            code = code_of(source.read())
        lines += sum(1 for line in code.split('\n') if line.strip())
        for line, is_long in conditionals(code):
            values += 1
            long += is_long
            if show:
                print(f'{name}:{line}: ?:{" over two lines" if is_long else ""}')
        for match in re.finditer(r'\bif \(reason == JWT_OK\)\s*\n\s*reason = ', code):
            chains += 1
            if show:
                print(f'{name}:{code.count(chr(10), 0, match.start()) + 1}: chain')
    each = 1000 / max(lines, 1)
    print(f'{lines} lines of code: {values} ?: ({values * each:.1f} in 1,000), {long} over two lines, '
          f'{chains} chains ({chains * each:.1f} in 1,000)')
    return values * each > CONDITIONAL_MAX or long > 0 or chains * each > CHAINS_MAX


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
