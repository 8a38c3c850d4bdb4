# SPDX-License-Identifier: BSD-2-Clause
"""A provider that answers in every bad way; the path says in which.

    badidp.py FOLDER        FOLDER has ca.pem srv.pem srv.key other.pem other.key and keys.json; FOLDER/log gets each request

A file of FOLDER/site is served under its path, before all else; with FILE.status and the lines of FILE.head, if they are there.

Prints the ports when they are open: https, http, https of a name that is not ours, https of TLS 1.1, https that wants a
client's certificate, a proxy that answers CONNECT.
"""
import gzip
import http
import os
import socket
import ssl
import sys
import threading
import time

folder = sys.argv[1]
ports = {}


def keys():
    with open(os.path.join(folder, 'keys.json'), 'rb') as file:
        return file.read()


def head(status=200, length=None, **headers):
    lines = ['HTTP/1.1 %d %s' % (status, http.HTTPStatus(status).phrase), 'Connection: close']
    headers.setdefault('Content_Type', 'application/json')
    if length is not None:
        headers['Content_Length'] = length
    lines += ['%s: %s' % (name.replace('_', '-'), value) for name, value in headers.items()]
    return ('\r\n'.join(lines) + '\r\n\r\n').encode('latin-1')


def whole(body, status=200, **headers):
    return head(status, len(body), **headers) + body


def redirect(place, status=302):
    return whole(b'', status, Location=place)


def drip(out):
    out(head(200, 1000))
    for _ in range(100):
        out(b' ')
        time.sleep(1)


def drip_head(out):
    out(b'HTTP/1.1 200 OK\r\n')
    for number in range(100):
        out(b'X-%d: y\r\n' % number)
        time.sleep(1)


def endless(out):
    out(head(200))
    while True:
        out(b' ' * 65536)


def endless_head(out):
    out(b'HTTP/1.1 200 OK\r\n')
    while True:
        out(b'X: ' + b'y' * 8000 + b'\r\n')


def bomb():
    packer = gzip.zlib.compressobj(9, wbits=31)
    zeros = b' ' * 1000000
    return b''.join(packer.compress(zeros) for _ in range(200)) + packer.flush()


def redirects(path):
    left = int(path.rsplit('/', 1)[1])
    return redirect('/redirects/%d' % (left - 1)) if left else whole(keys())


def validated(request):
    if b'if-none-match: "v1"' in request.lower():
        return head(304, ETag='"v1"')
    return whole(keys(), ETag='"v1"', Last_Modified='Sun, 06 Nov 1994 08:49:37 GMT',
                 Cache_Control='public, Max-Age=20, must-revalidate', Age=7)


def read_beside(path, kind):
    try:
        with open(path + kind, encoding='latin-1') as file:
            return file.read()
    except OSError:
        return ''


# A file that the test has put there; None where it has not. A 304 of it does not repeat the ETag.
def site(path, request):
    place = os.path.join(folder, 'site', path.lstrip('/'))
    if not os.path.isfile(place):
        return None
    with open(place, 'rb') as file:
        body = file.read()
    headers = dict(line.split(': ', 1) for line in read_beside(place, '.head').splitlines())
    tag = headers.get('ETag')
    if tag and ('if-none-match: ' + tag).lower().encode() in request.lower():
        return head(304)
    return whole(body, int(read_beside(place, '.status') or 200), **{name.replace('-', '_'): headers[name] for name in headers})


def answer(path, request, out):
    page = site(path, request)
    if page:
        out(page)
        return
    pages = {
        '/keys': lambda: whole(keys()),
        '/etag': lambda: validated(request),
        '/gzip': lambda: whole(gzip.compress(keys()), Content_Encoding='gzip'),
        '/br': lambda: whole(b'\x8b\x03\x80{"keys":[]}\x03', Content_Encoding='br'),
        '/bomb': lambda: whole(bomb(), Content_Encoding='gzip'),
        '/bomb-transfer': lambda: head(200, Transfer_Encoding='gzip') + bomb(),
        '/tohttp': lambda: redirect('http://127.0.0.1:%d/keys' % ports['http']),
        '/tofile': lambda: redirect('file:///etc/passwd'),
        '/touser': lambda: redirect('https://user:word@localhost:%d/keys' % ports['https']),
        '/tohttps': lambda: redirect('https://localhost:%d/keys' % ports['https']),
        '/loop': lambda: redirect('/loop'),
        '/html': lambda: whole(b'<html>portal</html>', Content_Type='text/html'),
        '/cut': lambda: head(200, len(keys()) + 10) + keys(),
        '/cutchunk': lambda: head(200, Transfer_Encoding='chunked') + b'%x\r\n' % len(keys()) + keys()[:100],
        '/nochunkend': lambda: head(200, Transfer_Encoding='chunked') + b'%x\r\n' % len(keys()) + keys() + b'\r\n',
        '/503': lambda: whole(keys(), 503, Retry_After=30),
        '/400empty': lambda: whole(b'', 400),
        '/401': lambda: whole(b'{"error":"invalid_client"}', 401, WWW_Authenticate='Basic realm="x"'),
        '/nonce': lambda: whole(b'{"error":"use_dpop_nonce"}', 400, DPoP_Nonce='n-1_.~', Date='Sun, 29 Nov 2026 12:00:00 GMT'),
        '/nonce-second': lambda: whole(b'{}', DPoP_Nonce='n-1\r\nDPoP-Nonce: n-2', Date='then'),
        '/nonce-fold': lambda: whole(b'{}', DPoP_Nonce='n-1\r\n X-Evil: y'),
        '/nonce-odd': lambda: whole(b'{}', DPoP_Nonce='n\xe9'),
        '/nonce-512': lambda: whole(b'{}', DPoP_Nonce='n' * 512),
        '/nonce-513': lambda: whole(b'{}', DPoP_Nonce='n' * 513),
        '/nonce-1mb': lambda: whole(b'{}', DPoP_Nonce='n' * 1000000),
        '/403html': lambda: whole(b'<html>no</html>', 403, Content_Type='text/html'),
        '/429': lambda: whole(b'{"error":"slow_down"}', 429, Retry_After=7),
        '/empty': lambda: whole(b''),
        '/10mb': lambda: whole(b' ' * 10000000),
        '/404': lambda: whole(b'{}', 404),
        '/cookie': lambda: whole(b'', 302, Location='/cookie2', Set_Cookie='a=b; Path=/'),
        '/cookie2': lambda: whole(keys()),
        '/big': lambda: whole(b' ' * (512 * 1024 + 1)),
        '/bigchunk': lambda: (head(200, Transfer_Encoding='chunked') + b'80001\r\n' + b' ' * (512 * 1024 + 1) +
                              b'\r\n0\r\n\r\n'),
        '/largest': lambda: whole(b' ' * (512 * 1024)),
        '/oddtag': lambda: whole(keys(), ETag='"\xe9"', Cache_Control='max-age=x, max-age=-1'),
        '/longtag': lambda: whole(keys(), ETag='"%s"' % ('x' * 600)),
        '/http09': keys,
    }
    slow = {'/drip': drip, '/driphead': drip_head, '/endless': endless, '/endlesshead': endless_head,
            '/silent': lambda _: time.sleep(100)}
    if path in slow:
        slow[path](out)
    elif path.startswith('/redirects/'):
        out(redirects(path))
    elif path.startswith('/status/'):
        out(redirect('https://127.0.0.1:%d/stolen' % ports['https'], int(path.rsplit('/', 1)[1])))
    elif path in pages:
        out(pages[path]())
    else:
        out(whole(b'{}', 404))


# The bytes of the body that a request still lacks.
def lacks(request):
    top, _, body = request.partition(b'\r\n\r\n')
    for line in top.lower().split(b'\r\n'):
        if line.startswith(b'content-length:'):
            return int(line.split(b':')[1]) - len(body)
    return 0


def serve(plain, context):
    try:
        plain.settimeout(30)
        client = context.wrap_socket(plain, server_side=True) if context else plain
        with client:
            request = b''
            while b'\r\n\r\n' not in request or lacks(request) > 0:
                got = client.recv(65536)
                if not got:
                    return
                request += got
            with open(os.path.join(folder, 'log'), 'ab') as log:
                log.write(request)
            if request.startswith(b'CONNECT'):
                client.sendall(b'HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n')
                return
            answer(request.split()[1].decode(), request, client.sendall)
            client.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def listen(name, context):
    server = socket.create_server(('127.0.0.1', 0))
    ports[name] = server.getsockname()[1]

    def loop():
        while True:
            threading.Thread(target=serve, args=(server.accept()[0], context), daemon=True).start()
    threading.Thread(target=loop, daemon=True).start()


def tls(name):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(os.path.join(folder, name + '.pem'), os.path.join(folder, name + '.key'))
    return context


old = tls('srv')
old.set_ciphers('ALL:@SECLEVEL=0')
old.minimum_version = ssl.TLSVersion.TLSv1
old.maximum_version = ssl.TLSVersion.TLSv1_1
mutual = tls('srv')
mutual.verify_mode = ssl.CERT_REQUIRED
mutual.load_verify_locations(os.path.join(folder, 'ca.pem'))
for port_name, port_context in (('https', tls('srv')), ('http', None), ('other', tls('other')), ('old', old),
                                ('mutual', mutual), ('proxy', None)):
    listen(port_name, port_context)
print(*ports.values(), flush=True)
# Ends with its test, whatever becomes of that.
time.sleep(300)
