"""A gateway of the other side: a real HTTP server that checks signatures and remembers references."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from dealer_crm.channels.formulas import signature

SECRET = "a secret both sides know"


class GatewayDouble:
    """`received`: what was posted and rightly signed, in order; `script`: what is answered next, (status, body,
    headers) each, after that 202 with a number; `sent`: one entry for every reference, as a provider would text it."""

    def __init__(self):
        self.received, self.script, self.sent, self.signed_wrong = [], [], {}, 0
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _answers_for(self))
        self.url = f"http://127.0.0.1:{self.server.server_port}/v1/messages"
        self.thread = Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self.thread.start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def answer(self, headers, path, body):
        right = signature(
            secret=SECRET, timestamp=headers["X-Channel-Timestamp"], nonce=headers["X-Channel-Nonce"], method="POST",
            path=path, body=body,
        )  # fmt: skip
        if headers["X-Channel-Signature"] != right or headers["X-Channel-Account"] != "yuanhang":
            self.signed_wrong += 1
            return 401, {"reason": "signature"}, {}
        said = json.loads(body)
        self.received.append(said)
        if self.script:
            return self.script.pop(0)
        reference = headers["Idempotency-Key"]
        if reference in self.sent:
            return 409, {"id": f"gw-{reference[:8]}"}, {}
        self.sent[reference] = said
        return 202, {"id": f"gw-{reference[:8]}"}, {}


def _answers_for(double):
    class Answers(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, said, headers = double.answer(self.headers, self.path, body)
            content = json.dumps(said).encode()
            self.send_response(status)
            for name, value in {"Content-Length": str(len(content)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_words):
            pass

    return Answers
