#!/usr/bin/env python3
"""An identity provider that does everything wrong, or hostile, for tests/login/login.sh.

    badop.py FOLDER

It listens on a port of 127.0.0.1, which it writes into FOLDER/port. http://127.0.0.1:PORT/MODE is an issuer whose answers have
the fault that MODE names; see the functions below. FOLDER/requests gets a line for each request: SECONDS METHOD PATH FORM.
"""
import base64
import hashlib
import http.server
import json
import os
import sys
import threading
import time
import urllib.parse

FOLDER = sys.argv[1]
ESC = '\x1b]0;owned\x07\x1b[2J\x9b31m\u202e\u2066\r\n\x7f'
SEEN = {}
LOCK = threading.Lock()


def count(name):
    with LOCK:
        SEEN[name] = SEEN.get(name, 0) + 1
        return SEEN[name]


def word(name):
    """What badbrowser.py has seen in the authorization request."""
    try:
        with open(os.path.join(FOLDER, name), encoding='ascii') as text:
            return text.read()
    except FileNotFoundError:
        return ''


def pkce_is_good(form):
    verifier = form.get('code_verifier', [''])[0].encode()
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier).digest()).decode().rstrip('=')
    return 43 <= len(verifier) <= 128 and digest == word('challenge') and form.get('redirect_uri') == [word('redirect_uri')]


def jwt(claims):
    def part(value):
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip('=')
    return '%s.%s.AAAA' % (part({'alg': 'ES256'}), part(claims))


def metadata(iss, mode):
    document = {
        'issuer': iss,
        'token_endpoint': iss + '/token',
        'authorization_endpoint': iss + '/auth',
        'device_authorization_endpoint': iss + '/device',
        'authorization_response_iss_parameter_supported': True,
        'code_challenge_methods_supported': ['S256'],
    }
    change = {
        'issuer': {'issuer': iss + '/'},
        'issuer-esc': {'issuer': ESC},
        'plain-endpoint': {'token_endpoint': 'http://id.test/token'},
        'no-s256': {'code_challenge_methods_supported': ['plain']},
        'no-device': {'device_authorization_endpoint': None},
        'no-browser': {'authorization_endpoint': None},
        'silent-iss': {'authorization_response_iss_parameter_supported': False},
    }
    document.update(change.get(mode, {}))
    return document


def device(iss, mode):
    answer = {
        'device_code': 'device-code-secret',
        'user_code': 'WDJB-MJHT',
        'verification_uri': 'https://id.test/device',
        'verification_uri_complete': 'https://id.test/device?user_code=WDJB-MJHT',
        'expires_in': 60,
        'interval': 1,
    }
    change = {
        'esc-code': {'user_code': 'WDJB' + ESC},
        'esc-uri': {'verification_uri': 'https://id.test/' + ESC},
        'esc-complete': {'verification_uri_complete': 'https://id.test/' + ESC},
        'bidi-code': {'user_code': 'AB\u202eCD'},
        'plain-uri': {'verification_uri': 'http://id.test/device'},
        'script-uri': {'verification_uri': 'javascript:alert(1)'},
        'expired': {'expires_in': 2},
        'page-token': {'expires_in': 3},
        'redirect-token': {'expires_in': 3},
    }
    answer.update(change.get(mode, {}))
    return answer


def tokens(iss, mode, form):
    now = int(time.time())
    claims = {'iss': iss, 'sub': '4711', 'aud': 'ssh-cli', 'iat': now, 'exp': now + 60, 'preferred_username': 'alice',
              'nonce': word('nonce')}
    claims.update({
        'id-nonce': {'nonce': 'another'},
        'id-iss': {'iss': 'https://other.test'},
        'id-aud': {'aud': ['x', 'ssh-cli']},
        'id-old': {'exp': now - 3600},
        'auth-new': {'auth_time': now - 5},
        'auth-old': {'auth_time': now - 7200},
        'auth-host': {'auth_time': now - 5},
        'auth-both': {'auth_time': now - 5},
        'esc-name': {'preferred_username': 'alice' + ESC},
    }.get(mode, {}))
    access = {'aud': 'ssh://host.test', 'iat': now, 'exp': now + 60}
    if mode in ('auth-host', 'auth-both'):
        access['auth_time'] = now - (7200 if mode == 'auth-host' else 5)
    answer = {'access_token': jwt(access), 'token_type': 'bearer',
              'expires_in': 3600, 'refresh_token': 'refresh-token-secret', 'id_token': jwt(claims), 'refresh_expires_in': 7200}
    answer.update({
        'dpop': {'token_type': 'DPoP'},
        'no-token': {'access_token': None},
        'esc-token': {'access_token': 'a' + ESC},
        'no-id': {'id_token': None},
        'nobody': {'access_token': 'an-opaque-token', 'id_token': None},
        'opaque': {'access_token': 'an-opaque-token'},
        'narrow': {'scope': 'profile' + ESC},
        'no-refresh': {'refresh_token': None, 'refresh_expires_in': None},
    }.get(mode, {}))
    return answer


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def log_message(self, *args):
        pass

    def note(self, form):
        with LOCK, open(os.path.join(FOLDER, 'requests'), 'a', encoding='utf-8') as out:
            out.write('%.1f %s %s %s\n' % (time.monotonic(), self.command, self.path, form))

    def answer(self, status, body, kind='application/json', more=()):
        body = body if isinstance(body, bytes) else body.encode()
        self.send_response(status)
        self.send_header('Content-Type', kind)
        self.send_header('Content-Length', str(len(body)))
        for name, value in more:
            self.send_header(name, value)
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            pass

    def error(self, status, name, description=None):
        body = {'error': name}
        if description:
            body['error_description'] = description
        self.answer(status, json.dumps(body))

    def iss(self, mode):
        return 'http://127.0.0.1:%d/%s' % (self.server.server_port, mode)

    def do_GET(self):
        self.note('')
        mode = self.path.split('/')[1]
        if not self.path.endswith('/.well-known/openid-configuration'):
            self.answer(404, '', 'text/plain')
        elif mode == 'big':
            self.answer(200, b' ' * 10000000)
        elif mode == 'page':
            self.answer(200, '<!doctype html><title>Log in</title>', 'text/html')
        elif mode == 'error-page':
            self.answer(503, '<html>', 'text/html')
        else:
            self.answer(200, json.dumps(metadata(self.iss(mode), mode)))

    def do_POST(self):
        form = self.rfile.read(int(self.headers.get('Content-Length', 0))).decode()
        self.note(form)
        mode, place = (self.path.split('/') + ['', ''])[1:3]
        if place == 'device':
            self.device(mode)
        elif place == 'token':
            self.token(mode, urllib.parse.parse_qs(form))
        else:
            self.answer(404, '', 'text/plain')

    def device(self, mode):
        if mode == 'redirect':
            self.answer(307, '', 'text/plain', [('Location', self.iss('stolen') + '/device')])
        elif mode == 'esc-error':
            self.error(400, 'invalid_client' + ESC, 'ask' + ESC + 'x' * 100000)
        elif mode == 'empty':
            self.answer(403, '', 'text/plain')
        else:
            self.answer(200, json.dumps(device(self.iss(mode), mode)))

    def token(self, mode, form):
        times = count(mode)
        if form['grant_type'] == ['authorization_code'] and not pkce_is_good(form):
            self.error(400, 'invalid_grant', 'PKCE')
        elif mode == 'denied':
            self.error(400, 'access_denied', 'the person said no' + ESC)
        elif mode == 'expired':
            self.error(400, 'authorization_pending')
        elif mode == 'slow' and times == 1:
            self.error(400, 'slow_down')
        elif mode == 'trouble' and times <= 2:
            self.answer(503, '', 'text/plain')
        elif mode == 'page-token':
            self.answer(200, '<!doctype html>', 'text/html')
        elif mode == 'redirect-token':
            self.answer(308, '', 'text/plain', [('Location', self.iss('stolen') + '/token')])
        elif mode == 'empty-token':
            self.answer(400, '', 'text/plain')
        elif mode == 'big-token':
            self.answer(200, b'{"access_token":"' + b'a' * 10000000 + b'"}')
        elif mode == 'long-token':
            self.answer(200, b'{"access_token":"' + b'a' * 400000 + b'","token_type":"bearer"}')
        else:
            self.answer(200, json.dumps(tokens(self.iss(mode), mode, form)))


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True


server = Server(('127.0.0.1', 0), Handler)
with open(os.path.join(FOLDER, 'port.new'), 'w', encoding='ascii') as port:
    port.write(str(server.server_port))
os.rename(os.path.join(FOLDER, 'port.new'), os.path.join(FOLDER, 'port'))
server.serve_forever()
