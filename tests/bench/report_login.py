# SPDX-License-Identifier: BSD-2-Clause
"""Where a login spends its time, and what of it the module cannot change: two sections of RESULTS.md, from measured figures."""
import statistics

# What a login of the row es256 does besides the module's own code: the piece of pieces.c, how often, and a name.
PIECES = [
    ('state', 3, 'looks at the state: in authenticate, acct_mgmt and open_session'),
    ('record', 2, 'files of root: the grant for another process of sshd, and the record of the session'),
    ('record-end', 1, 'the end of the record'),
    ('file', 3, 'trusted files: configuration, key, login.defs'),
    ('log', 3, 'lines of the log'),
    ('account', 1, 'name service: passwd and shadow'),
]


def medians(lines, table, keys, value):
    found = {}
    for line in lines:
        if line['table'] == table:
            found.setdefault(tuple(line[key] for key in keys), []).append(value(line))
    return {key: statistics.median(values) for key, values in found.items()}


def pieces_of(report, verified):
    """Rows of (name, us of one, times), or none where something was not measured; verified: us of OpenSSL's part."""
    cost = medians(report.lines, 'piece', ['piece'], lambda line: line['ns'] / 1000)
    permit = medians(report.lines, 'times', ['row', 'mode'], report.total).get(('permit', 'warm'))
    if not cost or permit is None or verified is None:
        return []
    return [('libpam with its audit messages, and the bench: the row permit', permit, 1),
            ('OpenSSL: make the key of the JWK, check the signature', verified, 1),
            ('dynamic linker: pam_jwt.so, above pam_permit.so and pam_deny.so', cost['load',] - cost['load-others',], 1)] + [
                (name, cost[piece,], times) for piece, times, name in PIECES]


def kernel_share(report):
    share = {line['row']: line for line in report.lines if line['table'] == 'share'}
    calls = medians(report.lines, 'calls', ['row', 'mode'], lambda line: line['calls'])
    if len(share) < 2 or ('es256', 'warm') not in calls:
        return []
    ours, base = share['es256'], share['permit']
    count = calls['es256', 'warm'] - calls['permit', 'warm']
    return [f"The kernel has {100 * ours['kernel'] / (ours['kernel'] + ours['user']):.0f} % of the time of es256, and "
            f"{100 * base['kernel'] / (base['kernel'] + base['user']):.0f} % of that of permit: the {count:.0f} system calls of the module take "
            f"{(ours['kernel'] - base['kernel']) / count:.1f} us each.", '']


def limit_of(report, row, goal, needed, record, verified):
    """Why a goal is missed, or nothing."""
    totals = medians(report.lines, 'times', ['row', 'mode'], report.total)
    now, then = totals[row, 'warm'], totals[f'before-{row}', 'warm']
    if now <= goal * then:
        return []
    opening = medians(report.lines, 'times', ['row', 'mode'], lambda line: line['open_session'])
    wrote_none = opening[row, 'warm'] > opening[f'before-{row}', 'warm']
    left = goal * then - needed
    room = f'{left:.0f} us are left for its own code' if left > 0 else f'that is {-left:.0f} us too much without a line of its code'
    return [f'- {row}: the goal is {goal * then:.0f} us, {goal:.2f} of {then:.0f}, and {now:.0f} were measured. What the module does not do itself '
            f'takes {needed:.0f} us, so that {room}. libpam, the linker and OpenSSL alone are {verified / then:.2f} of BENCH_BEFORE.'
            + (f' Without the record of the session, which BENCH_BEFORE did not write, the ratio would be {(now - record) / then:.2f}.'
               if wrote_none else '')]


def where(report, goals, verified):
    """The section about the pieces of a warm login, and the reasons of the goals that are missed."""
    parts = pieces_of(report, verified)
    if not parts:
        return []
    total = medians(report.lines, 'times', ['row', 'mode'], report.total)['es256', 'warm']
    needed = sum(us * times for _, us, times in parts)
    rows = [[name, f'{us:.1f}', times, f'{us * times:.0f}', f'{100 * us * times / total:.0f} %'] for name, us, times in parts]
    rows.append(['the module: parse, decide, hash, format; and what is cold in a login, but not in a piece', '', '', f'{total - needed:.0f}',
                 f'{100 * (total - needed) / total:.0f} %'])
    rows.append(['es256, warm', '', '', f'{total:.0f}', '100 %'])
    out = ['## Where a warm login spends its time', '', 'CPU us. Each piece is measured by itself, without a line of the module (pieces.c): the '
           'same system calls and calls of libraries in the same order, which any program would need for the same answer.', '']
    out += report.table(['piece', 'us', 'times', 'us in a login', 'share'], rows) + kernel_share(report)
    own = {name: us for name, us, _ in parts}
    record = own[PIECES[1][2]] + own[PIECES[2][2]]
    reasons = []
    for row, goal in goals.items():
        if any(line['table'] == 'times' and line['row'] == f'before-{row}' for line in report.lines):
            reasons += limit_of(report, row, goal, needed, record, sum(us for _, us, _ in parts[:3]))
    if reasons:
        out += ['The goals that are missed, and their limit:', ''] + reasons + [
            '', 'No piece can go without a guard: the state is asked at three moments because a revocation may come between them; root finds and '
            'ends a session by its record, and sshd opens the session in another process, which learns of the token by the grant; a file is '
            'trusted only after each folder on the way was looked at; the linker binds all symbols at once, so that their table is read-only '
            'afterwards.', '']
    return out


def account(report):
    """The account phase alone, without a state, in a new process."""
    phases = medians(report.lines, 'account', ['row', 'mode'], report.total)
    alone = [line['us'] for line in report.lines if line['table'] == 'libcrypto']
    if not phases or not alone:
        return []
    rows = []
    for mode, name in (('cold', 'libcrypto not there, as in sudo'), ('up', 'libcrypto there, as in sshd')):
        for row in ('permit', 'account'):
            cells = [medians(report.lines, 'account', ['row', 'mode'], lambda line, p=phase: line[p] / 1000)[row, mode]
                     for phase in ('start', 'acct_mgmt', 'end')]
            rows.append([row, name] + [f'{cell:,.0f}' for cell in cells] + [f'{phases[row, mode]:,.0f}'])
    above = {mode: phases['account', mode] - phases['permit', mode] for mode in ('cold', 'up')}
    return (['## The account phase alone', '', 'CPU us in a new process, on a host without a state: sudo with a ticket, cron, a login by key.', '']
            + report.table(['', '', 'start', 'acct_mgmt', 'end', 'all'], rows)
            + [f"The module takes {above['cold']:,.0f} us above permit where libcrypto is not there, and {above['up']:,.0f} where it is. The limit is "
               f'the dynamic linker: dlopen() of libcrypto alone takes {alone[0]:,} us. The account phase calls nothing of it then, but the '
               'module is one object, and names libcrypto among the libraries that it needs. Two objects would spare this; we decided for '
               'one, which is simpler to install, to check and to trust.', ''])
