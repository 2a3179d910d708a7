"""python-socketio's two clients against a system that this program starts, restarts and stops. `make test-python` runs it."""

import asyncio
import base64
import functools
import json
import os
import queue
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.request
import uuid
from pathlib import Path

import socketio

ROOT = Path(__file__).resolve().parents[4]
PATIENCE = 20
START = 300
EMOJI = "👩‍👩‍👧‍👦 é 漢字 \u2028 \x1e 👋🏽"
TRANSPORTS = {"websocket only": ["websocket"], "polling only": ["polling"], "upgrade": ["polling", "websocket"]}
EVENTS = ["connect", "connect_error", "disconnect", "new_message", "user_typing", "thread_created", "error"]


class System:
    """The whole system, as `make run` starts it, on ports and data of its own."""

    def __init__(self, data):
        self.environment = dict(
            os.environ,
            LOCAL_DATA=data,
            API_PORT=str(free_port()),
            SOCKET_PORT=str(free_port()),
            INTERNAL_PORT="0",
            LOCAL_DATABASE_PORT="0",
        )
        self.api = "http://127.0.0.1:" + self.environment["API_PORT"]
        self.socket = "http://127.0.0.1:" + self.environment["SOCKET_PORT"]

    def start(self):
        self.process = subprocess.Popen(
            [ROOT / "bin" / "cove", "LocalMain"], env=self.environment, stdout=subprocess.PIPE, text=True
        )
        giving_up = threading.Timer(START, self.process.kill)
        giving_up.start()
        said = []
        for line in self.process.stdout:
            said.append(line)
            if line.startswith("Ready"):
                giving_up.cancel()
                threading.Thread(target=self.process.stdout.read, daemon=True).start()
                return
        raise RuntimeError("The system did not start:\n" + "".join(said))

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(START)


def free_port():
    """Below the ports that systems give to outgoing connections: it stays free while the server restarts."""
    while True:
        port = random.randint(20_000, 32_000)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port


def token(uid):
    """An unsigned token as the Firebase Auth emulator makes them."""
    now = int(time.time())
    payload = {"aud": "cove-local", "iss": "https://securetoken.google.com/cove-local", "sub": uid, "name": uid}
    payload |= {"iat": now, "auth_time": now, "exp": now + 3600}
    encode = lambda part: base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")
    return f'{encode({"alg": "none", "typ": "JWT"})}.{encode(payload)}.'


class App:
    """What an app does; it keeps what it receives. Both clients of python-socketio look the same from outside."""

    def __init__(self, name, transports):
        self.uid = f"{name}-{uuid.uuid4()}"
        self.transports = transports
        self.asked = 0
        self.received = queue.Queue()

    def auth(self):
        self.asked += 1
        return {"token": token(self.uid)}

    def options(self, auth):
        return {"auth": auth or self.auth, "transports": self.transports, "wait_timeout": PATIENCE}

    def got(self, event, *arguments):
        self.received.put((event, arguments[0] if arguments else None))

    def event(self, name, wanted=lambda payload: True):
        """The next event of this name for which the condition holds; those before it are dropped."""
        end = time.monotonic() + PATIENCE
        while True:
            event, payload = self.received.get(timeout=max(0, end - time.monotonic()))
            if event == name and wanted(payload):
                return payload

    def rest(self, method, path, body):
        headers = {"Authorization": "Bearer " + token(self.uid), "Content-Type": "application/json"}
        request = urllib.request.Request(SYSTEM.api + path, json.dumps(body).encode(), headers, method=method)
        with urllib.request.urlopen(request, timeout=PATIENCE) as response:
            return json.load(response)


class SyncApp(App):
    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.client = socketio.Client(reconnection_delay=0.1, reconnection_delay_max=0.5)
        for event in EVENTS:
            self.client.on(event, functools.partial(self.got, event))

    def connect(self, auth=None):
        self.client.connect(SYSTEM.socket, **self.options(auth))
        return self

    def call(self, event, payload):
        return self.client.call(event, payload, timeout=PATIENCE)

    def transport(self):
        return self.client.transport()

    def close(self):
        self.client.disconnect()


class AsyncApp(App):
    """Runs on a loop in a thread of its own."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, daemon=True).start()
        self.client = socketio.AsyncClient(reconnection_delay=0.1, reconnection_delay_max=0.5)
        for event in EVENTS:
            self.client.on(event, functools.partial(self.got, event))

    def run(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(2 * PATIENCE)

    def connect(self, auth=None):
        self.run(self.client.connect(SYSTEM.socket, **self.options(auth)))
        return self

    def call(self, event, payload):
        return self.run(self.client.call(event, payload, timeout=PATIENCE))

    def transport(self):
        return self.client.transport()

    def close(self):
        self.run(self.client.disconnect())
        self.loop.call_soon_threadsafe(self.loop.stop)


COMBINATIONS = [
    (f"{kind.__name__}, {name}", kind, transports)
    for kind in (SyncApp, AsyncApp)
    for name, transports in TRANSPORTS.items()
]


class ClientTest(unittest.TestCase):
    def each(self, kind, transports, *names):
        apps = [kind(name, transports) for name in names]
        for app in apps:
            self.addCleanup(app.close)
        return apps

    def thread(self, ada, *others):
        body = {"participantIds": [other.uid for other in others], "title": EMOJI.replace("\x1e", "")}
        return ada.rest("POST", "/create-thread", body)["thread"]["id"]

    def send(self, app, thread, content):
        ack = app.call("send_message", {"threadId": thread, "content": content})
        self.assertTrue(ack["ok"], ack)
        return ack["message"]

    def test_sends_is_acknowledged_and_receives(self):
        for title, kind, transports in COMBINATIONS:
            with self.subTest(title):
                ada, bob = self.each(kind, transports, "ada", "bob")
                ada.connect(), bob.connect()
                self.assertEqual(ada.transport(), transports[-1])
                thread = self.thread(ada, bob)
                for content in [EMOJI, "😀" * 4000]:
                    message = self.send(ada, thread, content)
                    self.assertEqual(message["content"], content)
                    self.assertEqual(bob.event("new_message")["message"], message)
                    self.assertEqual(ada.event("new_message")["message"], message)

    def test_errors_are_answered_and_the_connection_goes_on(self):
        for title, kind, transports in COMBINATIONS:
            with self.subTest(title):
                (ada,) = self.each(kind, transports, "ada")
                ada.connect()
                payloads = {
                    "payload_too_large": {"content": "x" * 70_000},
                    "invalid_request": {"threadId": b"\x00\x1e\xff", "content": "binary"},
                    "not_found": {"threadId": "nowhere", "content": "text"},
                }
                for code, payload in payloads.items():
                    self.assertEqual(ada.call("send_message", payload)["error"]["code"], code)

    def test_a_bad_token_is_refused_with_message_and_data(self):
        for title, kind, transports in COMBINATIONS:
            with self.subTest(title):
                (ada,) = self.each(kind, transports, "ada")
                with self.assertRaises(socketio.exceptions.ConnectionError):
                    ada.connect(auth={"token": "forged"})
                refused = ada.event("connect_error")
                self.assertEqual(refused["message"], "unauthenticated")
                self.assertEqual(refused["data"]["code"], "unauthenticated")
                ada.connect()
                self.assertEqual(ada.call("sync", {"cursor": ""})["ok"] in (True, False), True)

    def test_leaving_is_a_client_disconnect(self):
        for title, kind, transports in COMBINATIONS:
            with self.subTest(title):
                (ada,) = self.each(kind, transports, "ada")
                ada.connect()
                ada.client.disconnect() if kind is SyncApp else ada.run(ada.client.disconnect())
                self.assertEqual(ada.event("disconnect"), "client disconnect")

    def test_every_client_is_back_after_a_restart_with_a_fresh_token(self):
        apps = [self.each(kind, transports, "ada")[0].connect() for _, kind, transports in COMBINATIONS]
        thread = self.thread(apps[0], *apps[1:])
        SYSTEM.stop()
        try:
            for (title, _, transports), app in zip(COMBINATIONS, apps):
                with self.subTest(title):
                    # Engine.IO's own goodbye, as from Node's server: this library does not return after it.
                    goodbye = ["server disconnect"] if transports == ["polling"] else []
                    self.assertIn(app.event("disconnect"), goodbye + ["transport close", "transport error"])
        finally:
            SYSTEM.start()
        for app in apps:
            if app.transports == ["polling"] and not app.client.connected:
                app.connect()
            app.event("connect")
            self.assertEqual(app.asked, 2)
        message = self.send(apps[0], thread, "after the restart")
        for (title, _, _), app in zip(COMBINATIONS, apps):
            with self.subTest(title):
                self.assertEqual(app.event("new_message")["message"], message)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as data:
        SYSTEM = System(data)
        SYSTEM.start()
        try:
            outcome = unittest.main(verbosity=2, exit=False, warnings="ignore").result
        finally:
            SYSTEM.stop()
    sys.exit(not outcome.wasSuccessful())
