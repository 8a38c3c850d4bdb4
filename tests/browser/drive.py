#!/usr/bin/env python3
"""A person with a real browser, for tests/browser/run.sh: headless Chromium, driven by its DevTools protocol.

    drive.py FOLDER URL

It opens URL, fills in each form of the provider and presses its button, until a page comes that is not of FOLDER/provider, an
address. FOLDER/pages gets a line for each page, "ADDRESS-WITHOUT-QUERY TITLE"; FOLDER/form.png and FOLDER/end.png show the first
form and the last page. FOLDER/key has the hash of the key that the provider may have (RFC 7469), in base64, besides those that
the browser trusts.

The protocol goes over a pair of pipes, 3 and 4 for Chromium: JSON texts that end in NUL.
"""
import base64
import json
import os
import subprocess
import sys
import time

folder, start = sys.argv[1:3]
LIMIT = 60  # seconds

LOOK = '''(() => {
    const box = document.querySelector('input[name=account]'), button = document.querySelector('form button');
    return JSON.stringify({ address: location.origin + location.pathname, title: document.title, box: box !== null,
        button: button !== null, ready: document.readyState });
})()'''
PRESS = '''(() => {
    const box = document.querySelector('input[name=account]');
    if (box !== null) box.value = 'alice';
    document.querySelector('form button').click();
})()'''


def word(name):
    with open(os.path.join(folder, name), encoding='ascii') as text:
        return text.read().strip()


class Browser:
    def __init__(self):
        own_read, their_write = os.pipe()
        their_read, own_write = os.pipe()
        words = ['chromium', '--headless=new', '--no-sandbox', '--disable-gpu', '--no-first-run', '--remote-debugging-pipe',
                 '--user-data-dir=' + os.path.join(folder, 'profile'), '--window-size=800,500',
                 '--ignore-certificate-errors-spki-list=' + word('key'), 'about:blank']

        def become():
            # Away from 3 and 4 first: one of the two may be there already.
            read, write = os.dup(their_read), os.dup(their_write)
            os.dup2(read, 3)
            os.dup2(write, 4)

        with open(os.path.join(folder, 'chromium.log'), 'wb') as log:
            self.process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=log, stderr=log, close_fds=False,
                                            preexec_fn=become)
        os.close(their_read)
        os.close(their_write)
        self.read = os.fdopen(own_read, 'rb')
        self.write = os.fdopen(own_write, 'wb')
        self.count = 0
        self.session = None
        target = self.ask('Target.createTarget', url=start)['targetId']
        self.session = self.ask('Target.attachToTarget', targetId=target, flatten=True)['sessionId']

    def receive(self):
        text = b''
        while not text.endswith(b'\0'):
            byte = self.read.read(1)
            if not byte:
                raise EOFError('Chromium has ended')
            text += byte
        return json.loads(text[:-1])

    def ask(self, method, **parameters):
        self.count += 1
        message = {'id': self.count, 'method': method, 'params': parameters}
        if self.session:
            message['sessionId'] = self.session
        self.write.write(json.dumps(message).encode() + b'\0')
        self.write.flush()
        while True:
            answer = self.receive()
            if answer.get('id') == self.count:
                return answer.get('result', {})

    def evaluate(self, script):
        return self.ask('Runtime.evaluate', expression=script).get('result', {}).get('value')

    def picture(self, name):
        with open(os.path.join(folder, name), 'wb') as out:
            out.write(base64.b64decode(self.ask('Page.captureScreenshot', format='png')['data']))

    def end(self):
        self.session = None
        try:
            self.ask('Browser.close')
        except (EOFError, OSError):
            pass
        self.process.wait(10)


def walk(browser):
    provider = word('provider')
    pages = []
    until = time.monotonic() + LIMIT
    while time.monotonic() < until:
        page = json.loads(browser.evaluate(LOOK) or '{}')
        line = '%s %s' % (page.get('address'), page.get('title'))
        if page.get('ready') != 'complete' or page['address'].startswith('null'):
            time.sleep(0.1)
        elif not page['address'].startswith(provider):
            pages.append(line)
            browser.picture('end.png')
            return pages
        elif page['button'] and line not in pages:
            pages.append(line)
            if len(pages) == 1:
                browser.picture('form.png')
            browser.evaluate(PRESS)
        else:
            time.sleep(0.1)
    browser.picture('end.png')
    return pages + [line + ' (and then nothing)']


chromium = Browser()
try:
    lines = walk(chromium)
finally:
    chromium.end()
with open(os.path.join(folder, 'pages.new'), 'w', encoding='utf-8') as out:
    out.write(''.join(each + '\n' for each in lines))
os.rename(os.path.join(folder, 'pages.new'), os.path.join(folder, 'pages'))
