#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Changes the verifier in one place at a time and looks whether a test notices.

    python3 tests/mutate/mutate.py [--file core/jws]... [--shard K/N] [--seconds S] [--limit N] [--list]

Works in a scratch copy ($BUILD/mutate). There the core is a shared library, so that a mutant costs one compilation and
no linking of tests. The tests named like the file run first, then all others, then the fuzz seeds, until one fails.
A mutant that none notices must stand in survivors.txt with an explanation (file, line, changed line, why; tabs
between them); any other fails the run. The run ends with the score of each file.

A run that was stopped, or that --seconds ended, goes on where it was: $BUILD/mutate/killed has each killed mutant with
the test that noticed it. That counts until the mutated file or that test changes. --shard K/N takes each N-th mutant from
the K-th on, for several machines, or several scratch folders (BUILD); put their files "killed" into one for the whole.
"""
import argparse
import glob
import hashlib
import os
import pathlib
import re
import resource
import shutil
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCRATCH = pathlib.Path(os.environ.get('BUILD') or ROOT / 'build').resolve() / 'mutate'
FILES = ['core/' + name for name in 'claims claims_each claims_event decryption event permit state verdict'.split()]
FILES += ['core/base/' + name for name in 'b64url json json_node number zone zone_rule'.split()]
FILES += ['core/jose/' + name for name in 'crypt crypt_key jwe jwe_key jwk jws keymat shape sig spki'.split()]
FILES += ['core/policy/' + name for name in 'account claim_path rule_account rule_eval rule_has rule_time'.split()]
FILES += ['host/state/' + name for name in 'resp state_dir state_dir_init state_dir_keep state_link'.split()]
FLAGS = ['SANITIZE=address,undefined', 'CFLAGS=-O0 -fvisibility=default -w']   # reads behind an end count too
COMPILE = 'cc -std=c11 -D_GNU_SOURCE -Isrc -fPIC -O0 -w -fsanitize=address,undefined -fno-sanitize-recover=all -c'.split()
LIBS = '-lcmocka -lcrypto -ljson-c -lpam'.split()

# (what, with what): each match on a line is one mutant. Text in quotes and comments is hidden first. The guards come
# first: comparisons, conditions and verdicts.
RULES = [(re.compile(a), b) for a, b in [
    (r'==', '!='), (r'!=', '=='), (r'(?<![<-])<(?![<=])', '<='), (r'<=', '<'), (r'(?<![->])>(?![>=])', '>='),
    (r'(?<!>)>=', '>'), (r'&&', '||'), (r'\|\|', '&&'), (r'!(?=[\w(])', ''), (r'\btrue\b', 'false'),
    (r'\bfalse\b', 'true'), (r'(?<=return )JWT_(?!OK)\w+', 'JWT_OK'), (r'(?<=return )JWT_OK\b', 'JWT_INTERNAL'),
    (r'(?<== )JWT_(?!OK)\w+', 'JWT_OK'), (r'(?<== )JWT_OK\b', 'JWT_INTERNAL'),
    (r'(?<=return )TRI_TRUE', 'TRI_FALSE'), (r'(?<=return )TRI_FALSE', 'TRI_TRUE'), (r'TRI_UNKNOWN', 'TRI_FALSE'),
    (r' \+ ', ' - '), (r' - ', ' + '),
    (r' \+= ', ' -= '), (r' -= ', ' += '), (r'\+\+', '--'), (r'--', '++'), (r' & ', ' | '), (r' \| ', ' & '),
    (r'<<', '>>'), (r'>>', '<<'),
    (r'(?<=return )NULL', '""'), (r'\bcontinue;', ';'), (r'\bbreak;', ';'),
    (r'^\t+return JWT_\w+;$', '\t;'), (r'^\t+\w+\(.*\);$', '\t;'), (r'^\t+\*?[\w.>-]+ [|&+-]?= .*;$', '\t;'),
    (r'\b\d+\b(?!\.)', lambda m: str(int(m[0]) + 1)), (r'\b0x[0-9a-f]+\b', lambda m: hex(int(m[0], 16) + 1)),
]]
GUARDS = 18     # so many of them
TABLE = re.compile(r'^[\s{}]*(0x[0-9a-f]{2}|\d+)(, ?(0x[0-9a-f]{2}|\d+))*[\s,{};]*$')   # a line of bare numbers


def mutants(text, rules=RULES):
    """Yields (line number from 0, original line, changed line)."""
    hidden = re.sub(r'/\*.*?\*/', lambda m: re.sub(r'[^\n]', '\x01', m[0]), text, flags=re.S)
    for number, (line, seen) in enumerate(zip(text.split('\n'), hidden.split('\n'))):
        if seen.startswith('#') or re.match(r'^(static|enum|struct|bool|const|size_t|void|int)\b.*[^;]$', seen):
            continue
        seen = re.sub(r'sizeof\([^)]*\)|^_Static_assert.*|"(\\.|[^"\\])*"|\'(\\.|[^\'\\])+\'', lambda m: '\x01' * len(m[0]), seen)
        for pattern, new in rules:
            for match in pattern.finditer(seen):
                text_new = new(match) if callable(new) else new
                yield number, line, line[:match.start()] + text_new + line[match.end():]
                if TABLE.match(seen):
                    break


def run(*command, **more):
    return subprocess.run(command, cwd=SCRATCH, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                          stdin=subprocess.DEVNULL, **more).returncode


def limit():
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def notices(command, seconds):
    try:
        return run(*command, timeout=seconds, preexec_fn=limit) != 0
    except subprocess.TimeoutExpired:
        return True


def objects(sources):
    return [str(SCRATCH / 'out/obj' / source)[:-2] + '.o' for source in sources]


def build():
    """Copies the tree and makes every test; returns {name: command}."""
    for part in ('src', 'tests', 'conf', 'out/obj/src'):    # objects of a mutant may be left from a run that was stopped
        shutil.rmtree(SCRATCH / part, ignore_errors=True)
    for part in ('src', 'tests', 'conf'):
        shutil.copytree(ROOT / part, SCRATCH / part)
    shutil.copy2(ROOT / 'Makefile', SCRATCH)
    find = lambda pattern: sorted(glob.glob(pattern, root_dir=SCRATCH, recursive=True))
    sut = objects(find('src/core/**/*.c') + find('src/host/**/*.c') + find('src/sync/*.c'))
    lib, units = objects(find('tests/lib/*.c') + ['src/issuer/keypair.c']), find('tests/unit/test_*.c')
    attacks = objects(find('tests/attacks/*.c'))
    fuzz, shared = objects(['tests/fuzz/fuzz.c', 'tests/fuzz/replay_main.c']), find('tests/fuzz/fuzz_*.c')
    if run('make', '-k', 'BUILD=%s/out' % SCRATCH, *FLAGS, *sut, *lib, *fuzz, *attacks, *objects(units + shared)):
        sys.exit('not ok - mutate: the tests do not compile')
    link(sut)
    tests = {}
    for source in units + shared:
        name = pathlib.Path(source).stem
        parts = objects([source]) + (lib if source in units else fuzz) + {'test_attacks': attacks, 'test_parts': objects(['tests/attacks/forge.c']),
                                    'test_spki': objects(['tests/attacks/forge.c'])}.get(name, [])
        program = '%s/out/%s' % (SCRATCH, name)
        if run('cc', '-fsanitize=address,undefined', '-rdynamic', '-o', program, *parts, '-L%s/out' % SCRATCH, '-lsut', *LIBS,
               '-Wl,-rpath,%s/out' % SCRATCH):
            print('%s needs more than the core, the host and sync; it is left out' % name)
            continue
        tests[name] = [program] + ([] if source in units else ['tests/fuzz/seeds/' + name[5:]])
    return sut, {name: (command, 2 + 10 * seconds) for name, (command, seconds) in measured(tests).items()}


def measured(tests):
    """How long each test takes; a mutant that loops for ever is not waited for much longer."""
    out = {}
    for name, command in tests.items():
        start = time.monotonic()
        if notices(command, 120):
            print('%s fails without a mutant; it is left out' % name)
        else:
            out[name] = command, time.monotonic() - start
    return out


def link(sut):
    return run('cc', '-fsanitize=address,undefined', '-shared', '-o', '%s/out/libsut.so' % SCRATCH, *sut, '-lcrypto')


def killer_of(name, changed, sut, tests):
    """The name of the first test that notices; '' if none does, None if the mutant does not compile."""
    source = 'src/%s.c' % name
    (SCRATCH / source).write_text(changed)  # by cc alone: make takes longer than the compiler
    if run(*COMPILE, '-o', *objects([source]), source) or link(sut):
        return None
    order = sorted(tests, key=lambda test: (test.startswith('fuzz'), name.split('/')[-1].split('_')[0] not in test, tests[test][1]))
    return next((test for test in order if notices(*tests[test])), '')


def test_stamps():
    """{name of a test: hash of its source}; what tests share is left out, as it changes with each new test."""
    sources = sorted((SCRATCH / 'tests/unit').glob('test_*.c')) + sorted((SCRATCH / 'tests/fuzz').glob('fuzz_*.c'))
    return {path.stem: hashlib.sha256(path.read_bytes()).hexdigest() for path in sources}


def remembered(stamps):
    """The keys of the mutants that a test killed which is as it was."""
    state = SCRATCH / 'killed'
    rows = [row.split() for row in state.read_text().split('\n')] if state.exists() else []
    return {row[0] for row in rows if len(row) == 3 and stamps.get(row[1]) == row[2]}


class Score:
    """Counts what became of the mutants of one file."""
    def __init__(self):
        self.killed = self.explained = self.unexplained = self.invalid = self.left = 0

    def add(self, other):
        for name, count in vars(other).items():
            setattr(self, name, getattr(self, name) + count)

    def __str__(self):
        tried = self.killed + self.explained + self.unexplained
        return '%5d of %5d killed, %3d explained, %3d not, %3d do not compile, %4d left' % (
            self.killed, tried, self.explained, self.unexplained, self.invalid, self.left)


class Run:
    """What all files of one run share."""
    def __init__(self, args):
        self.sut, self.tests = build()
        self.stamps = test_stamps()
        self.done = remembered(self.stamps)
        self.known = explained()
        self.only = survivors_of(SCRATCH / 'again') if args.again else None
        self.shard, self.shards = (int(part) for part in args.shard.split('/'))
        self.end = time.monotonic() + args.seconds
        self.left = args.limit

    def has_part_in(self, key):
        return int(key[:8], 16) % self.shards == self.shard % self.shards

    def may_go_on(self):
        self.left -= 1
        return self.left >= 0 and time.monotonic() < self.end

    def remember(self, key, killer):
        with (SCRATCH / 'killed').open('a') as out:
            out.write('%s %s %s\n' % (key, killer, self.stamps[killer]))

    def try_one(self, name, mutant, changed, key, score):
        killer = killer_of(name, changed, self.sut, self.tests)
        if killer is None:
            score.invalid += 1
        elif killer:
            score.killed += 1
            self.remember(key, killer)
        elif mutant[:3] in self.known:
            score.explained += 1
        else:
            score.unexplained += 1
            print('src/%s.c:%d\n\t- %s\n\t+ %s' % (name, mutant[3], *mutant[1:3]), flush=True)

    def try_file(self, name, text, rules):
        score, lines = Score(), text.split('\n')
        for number, line, new in mutants(text, rules):
            mutant = '%s.c' % name.split('/')[-1], line.strip(), new.strip(), number + 1
            changed = '\n'.join(lines[:number] + [new] + lines[number + 1:])
            key = hashlib.sha256((name + changed).encode()).hexdigest()
            if not self.has_part_in(key) or self.only is not None and mutant[:3] not in self.only:
                continue
            if key in self.done:
                score.killed += 1
            elif self.may_go_on():
                self.try_one(name, mutant, changed, key, score)
            else:
                score.left += 1
        (SCRATCH / 'src' / (name + '.c')).write_text(text)
        run('make', 'BUILD=%s/out' % SCRATCH, *FLAGS, *objects(['src/%s.c' % name]))
        return score


def explained():
    rows = (ROOT / 'tests/mutate/survivors.txt').read_text().split('\n')
    return {tuple(row.split('\t')[:3]) for row in rows if row.count('\t') == 3 and not row.startswith('#')}


def survivors_of(log):
    """The mutants that an earlier run printed: {(file, line, changed line)}."""
    rows = pathlib.Path(log).read_text().split('\n')
    return {(pathlib.Path(rows[i].split(':')[0]).name, rows[i + 1][3:].strip(), rows[i + 2][3:].strip())
            for i in range(len(rows) - 2) if rows[i].startswith('src/')}


def hide_tmp(log):
    """A mutant of what makes and removes files does it with our rights: the tests get a /tmp of their own."""
    hidden = [str(path) for path in (ROOT, SCRATCH) if path.is_relative_to('/tmp')]
    if hidden and 'MUTATE_HIDDEN' not in os.environ:
        sys.exit(f'{hidden[0]} is below /tmp, which is empty for the tests of a mutant: put it elsewhere')
    SCRATCH.mkdir(parents=True, exist_ok=True)
    if 'MUTATE_HIDDEN' not in os.environ:
        os.environ['MUTATE_HIDDEN'] = 'yes'
        if log:
            shutil.copy(log, SCRATCH / 'again')
        user = [] if os.geteuid() == 0 else ['--user', '--map-root-user']
        os.execvp('unshare', ['unshare', *user, '--mount', 'sh', '-c', 'mount -t tmpfs tmpfs /tmp && exec "$@"', 'sh',
                              sys.executable, *sys.argv])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--file', action='append', choices=FILES)
    parser.add_argument('--limit', type=int, default=10 ** 9, help='try so many mutants at most')
    parser.add_argument('--seconds', type=int, default=10 ** 9, help='begin no mutant after so long')
    parser.add_argument('--shard', default='1/1', metavar='K/N', help='only one part of N')
    parser.add_argument('--guards', action='store_true', help='comparisons, conditions and verdicts only')
    parser.add_argument('--again', metavar='LOG', help='only those that survived in the output of an earlier run')
    parser.add_argument('--list', action='store_true', help='only count them')
    args = parser.parse_args()
    rules = RULES[:GUARDS] if args.guards else RULES
    os.environ.setdefault('JWT_SHARED', str(ROOT.parent / 'shared'))
    os.environ['BUILD'] = str(SCRATCH / 'out')
    os.environ['ASAN_OPTIONS'] = 'detect_leaks=1:hard_rss_limit_mb=1500'
    sources = {name: (ROOT / 'src' / (name + '.c')).read_text() for name in args.file or FILES}
    if args.list:
        return print(*('%5d %s.c' % (len(list(mutants(text, rules))), name) for name, text in sources.items()), sep='\n')
    hide_tmp(args.again)
    this, total = Run(args), Score()
    for name, text in sources.items():
        score = this.try_file(name, text, rules)
        total.add(score)
        print('# %-28s %s' % (name, score), flush=True)
    print('%s - mutate: %s' % ('not ok' if total.unexplained else 'ok', total))
    return total.unexplained != 0


sys.exit(main())
