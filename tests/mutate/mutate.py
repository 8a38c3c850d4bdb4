#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Changes the verifier in one place at a time and looks whether a test notices.

    python3 tests/mutate/mutate.py [--file core/jws]... [--shard K/N] [--seconds S] [--limit N] [--explained] [--list]

Works in a scratch copy ($BUILD/mutate). There the core is a shared library, and the mutated file is a second one, which
each test loads before it: a mutant costs one compilation of one file. The tests that need the file run one after the
other until one fails, those first that noticed most of its other mutants. They run twice: without sanitizers, which is
fast and finds nearly all, and then with ASan and UBSan. A mutant that the optimizer compiles to the same program is no
change. One that no test notices must stand in survivors.txt with an explanation (file, line, changed line, why; tabs
between them); any other fails the run. The run ends with the score of each file.

A mutant that is explained is not tried: it would run every test twice. --explained tries these instead, which finds rows
that a new test has made untrue; do that when you change survivors.txt or a file that it names.

A run that was stopped, or that --seconds ended, goes on where it was: $BUILD/mutate/killed has each killed mutant with
the test that noticed it. That counts until the mutated file or that test changes. --shard K/N takes each N-th mutant from
the K-th on, for several machines, or several scratch folders (BUILD); put their files "killed" into one for the whole.
"""
import argparse
import collections
import glob
import hashlib
import os
import pathlib
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCRATCH = pathlib.Path(os.environ.get('BUILD') or ROOT / 'build').resolve() / 'mutate'
FILES = ['core/' + name for name in 'claims claims_each claims_event decryption event grant parts permit proof state verdict'.split()]
FILES += ['core/base/' + name for name in 'b64url date glob json json_names json_node line netaddr number utf8 zone zone_rule'.split()]
FILES += ['core/jose/' + name for name in 'alg crypt crypt_key ecdsa jwe jwe_alg jwe_key jwk jwk_entry jwk_set'.split()]
FILES += ['core/jose/' + name for name in 'jws keymat media_type shape sig spki thumbprint'.split()]
FILES += ['core/policy/' + name for name in 'account account_map claim_path expand'.split()]
FILES += ['core/policy/rule' + part for part in ' _account _eval _has _lex _test _time'.split(' ')]
FILES += ['host/state/' + name for name in 'resp state_dir state_dir_init state_dir_keep state_link'.split()]
COMPILE = 'cc -std=c11 -D_GNU_SOURCE -Isrc -fPIC -Werror=return-type'.split()   # a function without its result is no program
SLOW = 1.5      # seconds; a test that takes longer and notices none of CHANCES mutants of a file is run last for the others
CHANCES = 4
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


def copy_tree():
    for part in ('src', 'tests', 'conf'):
        shutil.rmtree(SCRATCH / part, ignore_errors=True)
        shutil.copytree(ROOT / part, SCRATCH / part)
    shutil.copy2(ROOT / 'Makefile', SCRATCH)


def find(pattern):
    return sorted(glob.glob(pattern, root_dir=SCRATCH, recursive=True))


class Test:
    """A program, and how long it may take: a mutant that loops for ever is not waited for much longer."""
    def __init__(self, command):
        self.command, self.cpu, self.seconds, self.sound, self.bound = command, 60, 300, None, None

    def limit(self):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (self.cpu, self.cpu))

    @staticmethod
    def libraries(libmutant):
        """Bound at the start, as those of the module are: binding at a first call leaves registers on the stack."""
        return {'LD_LIBRARY_PATH': str(libmutant), 'LD_BIND_NOW': '1'}

    def notices(self, libmutant='', more=None):
        quiet = subprocess.DEVNULL
        test = subprocess.Popen(self.command, cwd=SCRATCH, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True,
                                preexec_fn=self.limit, env=os.environ | self.libraries(libmutant) | (more or {}))
        try:
            return test.wait(self.seconds) != 0
        except subprocess.TimeoutExpired:
            return True
        finally:
            self.end(test)

    @staticmethod
    def end(test):
        """With the programs that it has started and left."""
        try:
            os.killpg(test.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        test.wait()

    def calls(self, empty):
        """The names of what it uses: the dynamic linker tells what it binds at a first call, or at the start for a pointer."""
        if self.bound is None:
            with tempfile.TemporaryDirectory() as folder:
                self.notices(empty, {'LD_BIND_NOW': '', 'LD_DEBUG': 'bindings', 'LD_DEBUG_OUTPUT': folder + '/bound'})
                told = [path.read_text(errors='replace') for path in pathlib.Path(folder).iterdir()]
            self.bound = {name for text in told for name in re.findall(r"symbol `(\w+)'", text)}
        return self.bound

    def is_sound(self, empty):
        """True if it passes without a mutant; measures it the first time."""
        if self.sound is None:
            start, cpu = time.monotonic(), cpu_seconds()
            self.sound = not self.notices(empty)
            self.used = cpu_seconds() - cpu
            self.cpu = 1 + int(4 * self.used)
            self.seconds = 30 + 10 * (time.monotonic() - start)
            if not self.sound:
                print('# %s fails without a mutant; it is left out' % self.command[0], flush=True)
        return self.sound


def cpu_seconds():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Tier:
    """The core and the tests, built in one way. The functions of libmutant.so go before those of the core."""
    def __init__(self, name, sanitizers, only=None):
        self.out, self.flags = SCRATCH / name, ['-fsanitize=' + sanitizers, '-fno-sanitize-recover=all'] if sanitizers else []
        sut = self.objects(find('src/core/**/*.c') + find('src/host/**/*.c') + find('src/sync/*.c'))
        lib, units = self.objects(find('tests/lib/*.c') + ['src/issuer/keypair.c']), find('tests/unit/test_*.c')
        fuzz, seeds = self.objects(['tests/fuzz/fuzz.c', 'tests/fuzz/replay_main.c']), find('tests/fuzz/fuzz_*.c')
        attacks, forge = self.objects(find('tests/attacks/*.c')), self.objects(['tests/attacks/forge.c'])
        if run('make', '-k', 'BUILD=%s' % self.out, 'SANITIZE=' + sanitizers, 'CFLAGS=-O0 -fvisibility=default -w',
               *sut, *lib, *fuzz, *attacks, *self.objects(units + seeds)):
            sys.exit('not ok - mutate: the tests do not compile')
        (self.out / 'empty').mkdir(exist_ok=True)
        if self.compile('', 'empty/') or self.compile('') or run('cc', *self.flags, '-shared', '-o', '%s/libsut.so' % self.out, *sut, '-lcrypto'):
            sys.exit('not ok - mutate: the core does not link')
        more = {'test_attacks': attacks, 'test_parts': forge, 'test_spki': forge}
        parts = {path: lib + more.get(pathlib.Path(path).stem, []) for path in units} | {path: fuzz for path in seeds}
        wanted = {pathlib.Path(path).stem: path for path in parts if only is None or pathlib.Path(path).stem in only}
        self.tests = {name: self.link(path, parts[path]) for name, path in wanted.items()}
        self.tests = {name: test for name, test in self.tests.items() if test}

    def objects(self, sources):
        return ['%s/obj/%s.o' % (self.out, source[:-2]) for source in sources]

    def compile(self, text, folder=''):
        """True if it fails."""
        (SCRATCH / 'mutant.c').write_text(text)
        return run(*COMPILE, *self.flags, '-O0', '-shared', '-o', '%s/%slibmutant.so' % (self.out, folder), 'mutant.c') != 0

    def link(self, source, parts):
        """Returns the test, or None if it needs more than the core, the host and sync."""
        name = pathlib.Path(source).stem
        if run('cc', *self.flags, '-rdynamic', '-o', self.out / name, *self.objects([source]), *parts, '-L%s' % self.out,
               '-Wl,--no-as-needed', '-lmutant', '-lsut', *LIBS, '-Wl,-rpath,%s' % self.out):
            return None
        return Test([self.out / name] + (['tests/fuzz/seeds/' + name[5:]] if name.startswith('fuzz_') else []))

    def users_of(self, source):
        """The names of the tests that use a function or the data of a file."""
        rows = subprocess.run(['nm', '-g', '--defined-only', *self.objects([source])], capture_output=True, text=True).stdout.split('\n')
        names = {row.split()[2] for row in rows if row}
        sound = (name for name in self.tests if self.tests[name].is_sound(self.out / 'empty'))
        return {name for name in sound if names & self.tests[name].calls(self.out / 'empty')}

    def notices(self, name):
        test = self.tests.get(name)
        return test is not None and test.is_sound(self.out / 'empty') and test.notices()


def optimized(text):
    """The object code: many a mutant is the same program to a compiler."""
    (SCRATCH / 'mutant.c').write_text(text)
    run(*COMPILE, '-O2', '-c', '-o', 'mutant.o', 'mutant.c')
    return (SCRATCH / 'mutant.o').read_bytes()


class File:
    """One file, and the tests that need it."""
    def __init__(self, name, text, tier):
        self.name, self.text, self.program = name, text, optimized(text)
        self.kills, self.tries, self.tier, self.users = collections.Counter(), collections.Counter(), tier, None

    def worth(self, test):
        """How often the test will notice a mutant in each second: by its kills in this file, or by its name."""
        named = self.name.split('/')[-1].split('_')[0] in test
        return (self.kills[test] + (1 if named else 0.05)) / (0.05 + self.tier.tests[test].used)

    def prepare(self):
        if self.users is None:
            self.users = self.tier.users_of('src/%s.c' % self.name)

    def is_worthwhile(self, test):
        """False for a slow test that had its chances."""
        return self.kills[test] or self.tries[test] < CHANCES or self.tier.tests[test].used < SLOW

    def killer(self, tier, worthwhile=True):
        """The name of the first test that notices, or ''."""
        tests = [test for test in self.users if bool(self.is_worthwhile(test)) == worthwhile]
        for test in sorted(tests, key=self.worth, reverse=True):
            self.tries[test] += 1
            if tier.notices(test):
                self.kills[test] += 1
                return test
        return ''


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
        self.killed = self.explained = self.unexplained = self.same = self.invalid = self.left = 0

    def add(self, other):
        for name, count in vars(other).items():
            setattr(self, name, getattr(self, name) + count)

    def __str__(self):
        tried = self.killed + self.explained + self.unexplained
        return '%5d of %5d killed, %3d explained, %3d not, %3d the same program, %3d do not compile, %4d left' % (
            self.killed, tried, self.explained, self.unexplained, self.same, self.invalid, self.left)


class Run:
    """What all files of one run share."""
    def __init__(self, args):
        copy_tree()
        self.plain, self.sanitized = Tier('plain', ''), None
        self.stamps = test_stamps()
        self.done = remembered(self.stamps)
        self.known = explained()
        self.explained = args.explained
        self.only = self.known if args.explained else survivors_of(SCRATCH / 'again') if args.again else None
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

    def thorough_killer(self, file, changed):
        """With the sanitizers, and in the end by the slow tests as well."""
        if self.sanitized is None:
            self.sanitized = Tier('sanitized', 'address,undefined', self.plain.tests)
        self.sanitized.compile(changed)
        return file.killer(self.sanitized) or file.killer(self.plain, False) or file.killer(self.sanitized, False)

    def try_one(self, file, mutant, changed, key, score):
        file.prepare()
        if self.plain.compile(changed):
            score.invalid += 1
            return
        killer = file.killer(self.plain)
        if not killer and optimized(changed) == file.program:
            score.same += 1
            return
        killer = killer or self.thorough_killer(file, changed)
        if killer:
            score.killed += 1
            self.remember(key, killer)
        elif mutant[:3] in self.known:
            score.explained += 1
        else:
            score.unexplained += 1
            print('src/%s.c:%d\n\t- %s\n\t+ %s' % (file.name, mutant[3], *mutant[1:3]), flush=True)

    def try_file(self, file, rules):
        score, lines = Score(), file.text.split('\n')
        for number, line, new in mutants(file.text, rules):
            mutant = '%s.c' % file.name.split('/')[-1], ' '.join(line.split()), ' '.join(new.split()), number + 1
            changed = '\n'.join(lines[:number] + [new] + lines[number + 1:])
            key = hashlib.sha256((file.name + changed).encode()).hexdigest()
            if not self.has_part_in(key) or self.only is not None and mutant[:3] not in self.only:
                continue
            if not self.explained and mutant[:3] in self.known:
                score.explained += 1
            elif key in self.done:
                score.killed += 1
            elif self.may_go_on():
                self.try_one(file, mutant, changed, key, score)
            else:
                score.left += 1
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
    parser.add_argument('--explained', action='store_true', help='only those that are explained')
    parser.add_argument('--list', action='store_true', help='only count them')
    args = parser.parse_args()
    rules = RULES[:GUARDS] if args.guards else RULES
    sources = {name: (ROOT / 'src' / (name + '.c')).read_text() for name in args.file or FILES}
    if args.list:
        return print(*('%5d %s.c' % (len(list(mutants(text, rules))), name) for name, text in sources.items()), sep='\n')
    hide_tmp(args.again)
    os.environ.setdefault('JWT_SHARED', str(ROOT.parent / 'shared'))
    os.environ['BUILD'] = str(SCRATCH / 'plain')
    os.environ['ASAN_OPTIONS'] = 'detect_leaks=1:hard_rss_limit_mb=1500:detect_odr_violation=0'   # a mutant has the data of its file again
    this, total = Run(args), Score()
    for name, text in sources.items():
        score = this.try_file(File(name, text, this.plain), rules)
        total.add(score)
        print('# %-28s %s' % (name, score), flush=True)
    print('%s - mutate: %s' % ('not ok' if total.unexplained else 'ok', total))
    return total.unexplained != 0


sys.exit(main())
