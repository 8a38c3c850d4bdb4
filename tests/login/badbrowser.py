#!/usr/bin/env python3
"""A browser, and what else may knock at the loopback address of pam-jwt login. For tests/login/login.sh.

    badbrowser.py FOLDER URL       URL is the authorization request; FOLDER/script has a step on each line, and FOLDER/answers
                                   gets for each step the status that came, "closed" or "refused"; at the end there is FOLDER/done

    silent          opens a connection, and sends nothing
    get QUERY       asks for the path of redirect_uri; in QUERY, STATE and ISS stand for the right ones
    raw TEXT        sends TEXT, with \\r\\n in it, PORT and STATE
    path PATH       asks for another path
    host HOST       asks with another Host header
    wait            until there is FOLDER/other, but not for long
"""
import os
import socket
import sys
import time
import urllib.parse

folder, url = sys.argv[1:3]
query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))
target = urllib.parse.urlsplit(query['redirect_uri'])
words = {'STATE': query['state'], 'PORT': str(target.port), 'ISS': urllib.parse.quote(url.split('/auth?')[0], safe='')}
held = []


def fill(text):
    # The state comes last: it may have any letters.
    for name in ('PORT', 'ISS', 'STATE'):
        text = text.replace(name, words[name])
    return text


def connect():
    return socket.create_connection((target.hostname, target.port), timeout=10)


def ask(text):
    with connect() as link:
        try:
            link.sendall(text.encode())
            answer = b''
            while chunk := link.recv(65536):
                answer += chunk
        except OSError:
            return 'closed'
    with open(os.path.join(folder, 'pages'), 'ab') as out:
        out.write(answer + b'\n')
    return answer.split(b' ')[1].decode() if b' ' in answer else 'closed'


def get(path, host):
    return ask('GET %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: test\r\n\r\n' % (path, host))


def wait():
    until = time.monotonic() + 10
    while not os.path.exists(os.path.join(folder, 'other')) and time.monotonic() < until:
        time.sleep(0.05)
    return 'waited'


def step(line):
    kind, _, rest = line.partition(' ')
    rest = fill(rest)
    if kind == 'silent':
        held.append(connect())
        return 'silent'
    if kind == 'get':
        return get('%s?%s' % (target.path, rest), target.netloc)
    if kind == 'wait':
        return wait()
    if kind == 'path':
        return get(rest, target.netloc)
    if kind == 'host':
        return get('%s?code=c&state=%s&iss=%s' % (target.path, words['STATE'], words['ISS']), rest)
    return ask(rest.replace('\\r\\n', '\r\n'))


for each, text in (('url', url), ('nonce', query['nonce']), ('challenge', query['code_challenge']),
                   ('redirect_uri', query['redirect_uri'])):
    with open(os.path.join(folder, each), 'w', encoding='ascii') as out:
        out.write(text)
with open(os.path.join(folder, 'script'), encoding='ascii') as script, \
        open(os.path.join(folder, 'answers'), 'w', encoding='ascii') as answers:
    for each in script:
        try:
            print(step(each.rstrip('\n')), file=answers, flush=True)
        except OSError:
            print('refused', file=answers, flush=True)
with open(os.path.join(folder, 'done'), 'w', encoding='ascii'):
    pass
