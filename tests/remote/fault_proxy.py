"""A proxy that injects the faults of networks and servers that a test requests."""
import collections
import http.client
import http.server
import json
import ssl
import threading
import time

Request = collections.namedtuple("Request", "method path headers body")


class Proxy:
    """Forwards to 127.0.0.1:`target`. Calls `fault(request)` before each request; it returns None or one of

    "drop"         close the connection before the server gets the request
    "drop-answer"  forward the request, then close the connection without an answer
    "half"         forward half of the rows, then close the connection
    "lose"         answer with success, but do not forward
    (status, text) answer with these
    seconds        wait, then forward

    `change(request, answer)` may return another answer in place of a good one, as bytes.
    """

    def __init__(self, target, certificate=None):
        self.target, self.requests = target, []
        self.fault = lambda request: None
        self.change = lambda request, answer: answer
        proxy = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                proxy.serve(self, Request(self.command, self.path, dict(self.headers), body))

            do_GET = do_POST = do_PUT = do_DELETE = handle_any

            def log_message(self, *arguments):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def calm(self):
        self.__dict__.pop("fault", None), self.__dict__.pop("change", None)
        self.fault, self.change, self.requests = (lambda request: None), (lambda request, answer: answer), []

    def forward(self, request):
        connection = http.client.HTTPConnection("127.0.0.1", self.target, timeout=60)
        headers = {k: v for k, v in request.headers.items() if k.lower() not in ("host", "content-length", "connection")}
        connection.request(request.method, request.path, request.body or None, headers)
        answer = connection.getresponse()
        status, body = answer.status, answer.read()
        connection.close()
        return status, body

    def serve(self, handler, request):
        self.requests.append(request)
        fault = self.fault(request)
        if fault in ("drop", "drop-answer", "half"):
            if fault == "drop-answer":
                self.forward(request)
            if fault == "half":
                self.forward(request._replace(body=first_half(request.body)))
            handler.close_connection = True
            return handler.connection.close()
        if isinstance(fault, (int, float)):
            time.sleep(fault)
        if isinstance(fault, tuple):
            status, body = fault[0], fault[1].encode()
        elif fault == "lose":
            status, body = 200, b'{"code":0,"data":{}}'
        else:
            status, body = self.forward(request)
            if status == 200:
                body = self.change(request, body)
        try:
            handler.send_response(status)
            handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            handler.wfile.write(body)
        except OSError:
            pass  # the client is gone


def first_half(body):
    """Keeps the first half of each list of a batch."""
    batch = json.loads(body)
    for key, value in batch.items():
        if isinstance(value, list):
            batch[key] = value[:len(value) // 2]
    return json.dumps(batch).encode()
