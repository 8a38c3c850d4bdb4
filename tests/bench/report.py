#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Makes RESULTS.md, results.json and a picture of each growth curve from what the programs of tests/bench have printed.

    python3 tests/bench/report.py INPUT OUTPUT

INPUT is a folder with lines of JSON in *.json, and texts: machine.txt, profile.txt, verifier.txt, limits.txt.
"""
import glob
import json
import os
import re
import statistics
import sys

sys.dont_write_bytecode = True  # beside the sources
import report_login  # noqa: E402

FLOOR = 'bare OpenSSL'
OURS = 'pam_jwt'
PHASES = ['start', 'authenticate', 'acct_mgmt', 'setcred', 'open_session', 'close_session', 'end']
# At most so many times bare OpenSSL: issue 24, point 1.
GOALS = {('ES256', 'kept'): 1.04, ('Ed25519', 'kept'): 1.04, ('RS256', 'kept'): 1.14, ('PS256', 'kept'): 1.14,
         ('HS256', 'kept'): 4.1, ('ES256', 'loaded'): 1.38}
# Parts of what the tree before these changes needed, which BENCH_BEFORE measures in the same run: point 3.
BEFORE_GOALS = {'es256': 0.70, 'es256-5.7k': 0.55, 'es256-15k': 0.40}
CALLS_GOAL = 330
STACK_GOAL = 32 * 1024  # of the design
# A point of a curve, the one that it is compared with, and how many microseconds it may be above: point 2.
GROWTH_GOALS = [('issuers-14:20', 'keys-ES256:1', 250), ('map:40000', 'map:10', 1000)]
MEMORY_ROWS = {'permit': 'permit', 'no-state': 'pam_jwt', 'es256': 'pam_jwt with state', 'es256-15k': 'token of 15 KB',
               'encrypted': 'encrypted token', 'pam_unix': 'pam_unix'}
FRESH_NAMES = {'jsonc': 'OpenSSL + json-c, JWK', 'jsonc-pem': 'OpenSSL + json-c, PEM', 'pamjwt': 'pam_jwt, JWK',
               'pamjwt-verdict': 'pam_jwt, JWK, whole verdict'}
CURVES = [
    ('keys-ES256', 'Keys in the JWKS, P-256; the last one signs', 'keys'),
    ('keys-RS256', 'Keys in the JWKS, RSA of 2048 bits', 'keys'),
    ('issuers-14', '14 issuers with so many keys each', 'keys of each issuer'),
    ('size-HS256', 'Size of the token, HS256', 'characters'),
    ('size-ES256', 'Size of the token, ES256', 'characters'),
    ('permits', 'Permit lines of two tests; the last one holds', 'lines'),
    ('map', 'Lines of the map file', 'lines'),
    ('state-lookup', 'State: entries, a lookup in the directory', 'entries'),
    ('state-use', 'State: entries, a one-time token in the directory', 'entries'),
]


def read_lines(folder):
    lines = []
    for path in sorted(glob.glob(os.path.join(folder, '*.json'))):
        with open(path, encoding='ascii') as file:
            lines += [json.loads(line) for line in file if line.startswith('{')]
    return lines


def read_text(folder, name):
    path = os.path.join(folder, name)
    if not os.path.exists(path):
        return ''
    with open(path, encoding='utf-8') as file:
        return file.read().rstrip('\n')


def group(lines, table, keys, value):
    """A list of values for each combination of keys, in the order of the lines."""
    out = {}
    for line in lines:
        if line['table'] == table:
            out.setdefault(tuple(line[key] for key in keys), []).append(value(line))
    return out


def spread(values):
    """Median, 10th and 90th percentile."""
    values = sorted(values)
    last = len(values) - 1
    return statistics.median(values), values[round(last * 0.1)], values[round(last * 0.9)]


def number(value):
    if abs(value) >= 100:
        return f'{value:,.0f}'
    if abs(value) >= 10:
        return f'{value:.1f}'
    return f'{value:.2f}'


def shown(values, form=number):
    middle, low, high = spread(values)
    return f'{form(middle)} [{form(low)}–{form(high)}]'


def verdict(value, goal):
    return 'met' if value <= goal else '**missed**'


def table(head, rows):
    if not rows:
        return ['Not measured here.', '']
    out = ['| ' + ' | '.join(head) + ' |', '|' + '---|' * len(head)]
    out += ['| ' + ' | '.join(str(cell) for cell in row) + ' |' for row in rows]
    return out + ['']


class Report:
    """The sections in their order; goals is a row for each figure that has one."""

    table = staticmethod(table)

    def __init__(self, folder):
        self.folder = folder
        self.lines = read_lines(folder)
        self.goals = []
        self.summary = {}
        self.curves = {}

    def goal(self, what, values, goal, form='{:.3f}'):
        middle, low, high = spread(values)
        self.goals.append((what, f'{form.format(middle)} [{form.format(low)}–{form.format(high)}]', form.format(goal), verdict(middle, goal)))

    def keep(self, section, name, values, unit):
        middle, low, high = spread(values)
        self.summary.setdefault(section, {})[name] = {
            'median': middle, 'p10': low, 'p90': high, 'count': len(values), 'unit': unit}

    # ---- verifiers

    def ratios(self, times, alg, key, adapter):
        """Round by round, over the floor with the key kept."""
        floor = times.get((alg, 'kept', FLOOR), [])
        return [value / other for value, other in zip(times.get((alg, key, adapter), []), floor)]

    def verifiers(self):
        times = group(self.lines, 'verify', ['alg', 'key', 'adapter'], lambda line: line['ns'] / 1000)
        versions = group(self.lines, 'version', ['adapter'], lambda line: line['version'])
        names = [name for (name,) in versions]
        rows = []
        for alg, key in sorted({(alg, key) for alg, key, _ in times}, key=lambda pair: (pair[1], list(times).index((*pair, FLOOR)))):
            row = [alg + (', key loaded each time' if key == 'loaded' else ''), number(statistics.median(times[alg, 'kept', FLOOR]))]
            for name in names:
                ratios = self.ratios(times, alg, key, name)
                row.append(shown(ratios, '{:.3f}'.format) if ratios else '–')
                if ratios:
                    self.keep('verifier', f'{alg}/{key}/{name}', ratios, 'times bare OpenSSL with the key kept')
                if ratios and name == OURS and (alg, key) in GOALS:
                    self.goal(f'{alg}, key {key}, times bare OpenSSL', ratios, GOALS[alg, key])
            rows.append(row)
        return (['## Verifier', '', 'CPU time of one token with exp, iss and aud checked, as a multiple of bare OpenSSL with the key '
                 'kept, in the same run, round by round: median [p10–p90].', '']
                + table(['', 'bare, us'] + [f'{name} ({versions[name,][0]})' for name in names], rows))

    def costs(self):
        """For each goal of a verifier the instructions beside those of others, so that what is missed shows where they go."""
        found = {}
        for line in read_text(self.folder, 'verifier.txt').splitlines():
            head = re.match(r'(\S+): (\d+)$', line)
            part = re.match(r' +([\d.]+) %  (?:-> )?(\S+)$', line)
            if head:
                current = found.setdefault(tuple(head[1].replace('_', ' ').replace('pam jwt', OURS).split('/')),
                                           {'all': int(head[2]), 'objects': {}, 'calls': []})
            elif part and '->' in line:
                current['calls'].append(f'{part[2]} {part[1]} %')
            elif part:
                current['objects'][part[2]] = float(part[1])
        rows = []
        for alg, key in GOALS:
            for name in (FLOOR, 'OpenSSL + json-c', OURS):
                cost = found.get((alg, name, key))
                if cost:
                    shares = [f"{cost['objects'].pop(name, 0):.1f} %" for name in ('libcrypto.so.3', 'libc.so.6')]
                    rows.append([f'{alg}, key {key}', name, f"{cost['all']:,}", f"{sum(cost['objects'].values()):.1f} %", *shares,
                                 ', '.join(cost['calls'])])
        return ['## Instructions of one token', '', 'By callgrind; the calls are those into libraries, with all that they call.', ''] + table(
            ['', 'verifier', 'instructions', 'itself, and JSON', 'libcrypto', 'libc', 'dearest calls'], rows)

    def fresh(self):
        times = group(self.lines, 'fresh', ['adapter', 'alg', 'libcrypto'], lambda line: line['us'])
        rows = []
        for (adapter, alg, up), values in times.items():
            ratios = [value / other for value, other in zip(values, times['jsonc-pem', alg, up])]
            self.keep('first token of a process', f'{adapter}/{alg}/{up or "not there"}', values, 'us')
            rows.append([alg, 'there, as in sshd' if up else 'not there, as in su and sudo', FRESH_NAMES[adapter], shown(values), shown(ratios)])
        return (['## The first token of a process', '', 'CPU us from dlopen() to the verdict in a fresh process; the ratio is to the '
                 'usual way, PEM_read_bio_PUBKEY() and json-c.', '']
                + table(['', 'libcrypto', 'way', 'us', 'ratio'], sorted(rows)))

    # ---- logins

    def total(self, line):
        return sum(line[phase] for phase in PHASES) / 1000

    def logins(self):
        totals = group(self.lines, 'times', ['row', 'mode'], self.total)
        names = list(dict.fromkeys(row for row, _ in totals))
        rows = [[name] + [shown(totals[name, mode]) for mode in ('cold', 'up', 'warm')] for name in names]
        for (row, mode), values in totals.items():
            self.keep('login', f'{row}/{mode}', values, 'us')
        self.before(totals)
        return (['## A whole login through libpam', '', 'CPU us from pam_start_confdir() to pam_end(): median [p10–p90]. permit is '
                 'pam_permit alone, the harness itself. The rows of pam_jwt keep state, except no-state. A warm login comes after '
                 'the same one in the same process.', '']
                + table(['', 'forked child, no libcrypto', 'forked child, libcrypto up', 'one process, warm'], rows)
                + self.phases())

    def before(self, totals):
        for row, goal in BEFORE_GOALS.items():
            old = totals.get((f'before-{row}', 'warm'))
            if old:
                ratios = [now / then for now, then in zip(totals[row, 'warm'], old)]
                self.goal(f'{row}, warm login, times that of BENCH_BEFORE', ratios, goal)

    def verified(self):
        """Microseconds in which OpenSSL makes the key of a JWK and checks a signature; None if not measured."""
        times = group(self.lines, 'verify', ['alg', 'key', 'adapter'], lambda line: line['ns'] / 1000)
        values = times.get(('ES256', 'loaded', FLOOR))
        return statistics.median(values) if values else None

    def phases(self):
        rows = []
        for mode in ('cold', 'up', 'warm'):
            for name in ('permit', 'es256', 'before-es256'):
                if not any(line['table'] == 'times' and line['row'] == name for line in self.lines):
                    continue
                medians = [statistics.median(values) / 1000 for values in
                           (group(self.lines, 'times', ['row', 'mode'], lambda line, p=phase: line[p]).get((name, mode), [0])
                            for phase in PHASES)]
                rows.append([f'{name}, {mode}'] + [number(value) for value in medians])
        return ['By phase, medians:', ''] + table([''] + PHASES, rows)

    def growth(self):
        totals = group(self.lines, 'growth', ['row'], self.total)
        for (name,), values in totals.items():
            curve, x = name.split(':')
            self.curves.setdefault(curve, []).append((int(x), *spread(values)))
            self.keep('growth', name, values, 'us')
        for name, base, goal in GROWTH_GOALS:
            if (name,) in totals:
                above = [value - other for value, other in zip(totals[name,], totals[base,])]
                self.goal(f'{name} above {base}, us of a warm login', above, goal, '{:.0f}')
        out = ['## Growth', '', 'CPU us of a whole warm login, with state: median [p10–p90].', '']
        for curve, title, unit in CURVES:
            points = self.curves.get(curve)
            if points:
                out += [f'### {title}', '', f'![{title}](curves/{curve}.svg)', '']
                out += table([unit] + [f'{x:,}' for x, *_ in points],
                             [['us'] + [f'{number(m)} [{number(low)}–{number(high)}]' for _, m, low, high in points]])
        return out

    # ---- state, sizes, memory, calls, sshd

    def state(self):
        rows = []
        for line in self.lines:
            if line['table'] != 'state':
                continue
            rows.append([line['store'], line['what'], f"{line['entries']:,}", line['processes'], f"{line['per_second']:,}",
                         f"{line['p50']:,}", f"{line['p99']:,}"])
            if line['store'] == 'directory' and line['processes'] == 1:
                curve = 'state-lookup' if line['what'] == 'lookup' else 'state-use'
                self.curves.setdefault(curve, []).append((line['entries'], line['p50'], line['p10'], line['p90']))
        return (['## State', '', 'Wall time of opening the store and one operation, on the disk of this machine.', '']
                + table(['store', 'operation', 'entries', 'processes', 'operations a second', 'p50 us', 'p99 us'], rows))

    def sizes(self):
        rows = [[line['name'], f"{line['bytes']:,}", f"{line['relocations']} ({line['relative']})", line['needs'], line['objects'],
                 f"+{line['rss']} / +{line['private']}", f"{line['us']:,}"] for line in self.lines if line['table'] == 'size']
        return ['## Sizes', ''] + table(['stripped', 'bytes', 'relocations (relative)', 'needs', 'objects in all',
                                         'dlopen: RSS / private KiB', 'CPU us'], rows)

    def memory(self):
        rows = []
        for field in ('heap', 'stack', 'rss', 'private'):
            values = group(self.lines, 'memory', ['row', 'mode'], lambda line, f=field: line[f])
            for mode in ('cold', 'up', 'warm'):
                cells = {row: statistics.median(found) for (row, at), found in values.items() if at == mode}
                if cells:
                    rows.append([field + (', bytes' if field in ('heap', 'stack') else ', KiB'), mode] +
                                [f'{cells.get(name, 0):,.0f}' for name in MEMORY_ROWS])
        self.stack()
        return ['## Memory of one login', '', 'Peak of heap and stack, libpam included, and pages that are left in the process. '
                'libpam writes to no audit log here: that alone takes 28,536 bytes of stack.', ''] + table(
            ['', '', *MEMORY_ROWS.values()], rows)

    def stack(self):
        deepest = {}
        for line in self.lines:
            if line['table'] == 'memory' and line['row'] not in ('permit', 'pam_unix'):
                deepest[line['row'], line['mode']] = max(line['stack'], deepest.get((line['row'], line['mode']), 0))
        if deepest:
            self.goal('deepest stack of a login, libpam included, bytes', [max(deepest.values())], STACK_GOAL, '{:,.0f}')

    def calls(self):
        rows = []
        for line in self.lines:
            if line['table'] != 'calls':
                continue
            rows.append([line['row'], line['mode'], line['calls'], f"{line['openat']} ({line['o_path']})"])
            if line['row'] == 'es256' and line['mode'] == 'first':
                self.goal('system calls of the first login of a process, with state', [line['calls']], CALLS_GOAL, '{:.0f}')
        return ['## System calls of one login', ''] + table(['', 'login of the process', 'calls', 'openat (of folders)'], rows)

    def sshd(self):
        times = group(self.lines, 'sshd', ['at_once', 'how'], lambda line: line['ms'])
        rows = [[how, at_once, shown(values), len(values)] for (at_once, how), values in times.items()]
        for (at_once, how), values in times.items():
            self.keep('sshd', f'{how}/{at_once} at once', values, 'ms')
        return (['## A real sshd', '', 'Wall ms of `ssh … true`, from the start to the exit of the last one of a batch, on loopback.', '']
                + table(['how', 'at once', 'ms', 'batches'], rows))

    # ---- all of it

    def text_of(self, title, name, intro):
        text = read_text(self.folder, name)
        return [f'## {title}', '', intro, '', '```', text, '```', ''] if text else []

    def write(self):
        sections = (self.verifiers() + self.costs() + self.fresh() + self.logins()
                    + report_login.where(self, BEFORE_GOALS, self.verified()) + report_login.account(self) + self.growth()
                    + self.state() + self.sizes() + self.memory() + self.calls() + self.sshd())
        head = ['# Results', '', 'Written by `make bench`, or by `make bench-peers` with other libraries and modules beside. Times '
                'are CPU time unless wall time is said.', '', '```', read_text(self.folder, 'machine.txt'), '```', '']
        goals = ['## Goals', ''] + table(['figure', 'measured', 'goal', ''], self.goals)
        missed = [row[0] for row in self.goals if row[3] != 'met']
        why = ['Missed: ' + '; '.join(missed) + '. The instructions of a token, the pieces of a warm login, and the profiles at the end show where they go.', ''] if missed else []
        tail = (self.text_of('Limits of decisions', 'limits.txt', 'tests/bench/bench.c and jwe.c, with their limits.')
                + self.text_of('Profile of the verifier', 'verifier.txt', 'By callgrind, one token with the key kept or loaded: objects, '
                               'functions above 2 %, and after an arrow calls into libraries.')
                + self.text_of('Profiles of logins', 'profile.txt', 'By callgrind, of warm logins. First the instructions inside pam_jwt.so, which '
                               'make check compares, and in all objects; then the objects, and functions above 2 %, of each row.'))
        return '\n'.join(head + goals + why + sections + tail)


# ---- pictures

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 640, 320, 70, 50, 40


def ticks(most):
    step = 10 ** (len(str(int(most))) - 1)
    while most / step < 3:
        step /= 2
    return [step * i for i in range(int(most / step) + 1)]


def picture(title, unit, points):
    """A polyline of medians over bars from p10 to p90; the distance between points is even."""
    most = max(high for *_, high in points) * 1.1
    across = (WIDTH - LEFT - 30) / max(len(points) - 1, 1)

    def at_x(i):
        return round(LEFT + across * i, 1)

    def at_y(value):
        return round(HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * value / most, 1)

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" font-family="sans-serif" font-size="12">',
           f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>', f'<text x="{LEFT}" y="20" font-size="14">{title}, us</text>']
    for value in ticks(most):
        out.append(f'<line x1="{LEFT}" x2="{WIDTH - 20}" y1="{at_y(value)}" y2="{at_y(value)}" stroke="#ddd"/>')
        out.append(f'<text x="{LEFT - 8}" y="{at_y(value) + 4}" text-anchor="end">{value:,.0f}</text>')
    for i, (x, _, low, high) in enumerate(points):
        out.append(f'<line x1="{at_x(i)}" x2="{at_x(i)}" y1="{at_y(low)}" y2="{at_y(high)}" stroke="#999" stroke-width="3"/>')
        out.append(f'<text x="{at_x(i)}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{x:,}</text>')
    line = ' '.join(f'{at_x(i)},{at_y(middle)}' for i, (_, middle, *_) in enumerate(points))
    out.append(f'<polyline points="{line}" fill="none" stroke="#1f5fa8" stroke-width="2"/>')
    out += [f'<circle cx="{at_x(i)}" cy="{at_y(middle)}" r="3" fill="#1f5fa8"/>' for i, (_, middle, *_) in enumerate(points)]
    out.append(f'<text x="{(WIDTH + LEFT) / 2}" y="{HEIGHT - 10}" text-anchor="middle">{unit}</text>')
    return '\n'.join(out + ['</svg>', ''])


def write(path, text):
    with open(path, 'w', encoding='utf-8') as file:
        file.write(re.sub(r'[ \t]+$', '', text, flags=re.M))


def main():
    report = Report(sys.argv[1])
    output = sys.argv[2]
    write(os.path.join(output, 'RESULTS.md'), report.write() + '\n')
    summary = {'goals': report.goals, **report.summary}
    write(os.path.join(output, 'results.json'), json.dumps(summary, indent=1, sort_keys=True) + '\n')
    os.makedirs(os.path.join(output, 'curves'), exist_ok=True)
    for curve, title, unit in CURVES:
        if curve in report.curves:
            write(os.path.join(output, 'curves', curve + '.svg'), picture(title, unit, report.curves[curve]))


main()
