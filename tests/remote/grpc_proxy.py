"""A proxy that injects the faults of networks and servers into gRPC, on HTTP/2. Needs grpcio and pymilvus (for halved requests)."""
import socket
import threading
import time
from concurrent import futures

import grpc
from pymilvus.grpc_gen import milvus_pb2

from fault_proxy import Request

CODES = {401: grpc.StatusCode.UNAUTHENTICATED, 403: grpc.StatusCode.PERMISSION_DENIED, 404: grpc.StatusCode.UNIMPLEMENTED,
         413: grpc.StatusCode.RESOURCE_EXHAUSTED, 429: grpc.StatusCode.RESOURCE_EXHAUSTED, 500: grpc.StatusCode.INTERNAL,
         503: grpc.StatusCode.UNAVAILABLE}
OPTIONS = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]


class Relay:
    """Passes bytes between clients and 127.0.0.1:`target`, until cut() closes all connections."""

    def __init__(self, target):
        self.target, self.sockets, self.lock = target, [], threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client = self.listener.accept()[0]
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self.target))
            with self.lock:
                self.sockets += [client, server]
            for a, b in ((client, server), (server, client)):
                threading.Thread(target=self.pump, args=(a, b), daemon=True).start()

    @staticmethod
    def pump(a, b):
        try:
            while data := a.recv(1 << 16):
                b.sendall(data)
        except OSError:
            pass
        for s in (a, b):
            try:
                s.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        a.close()  # the other thread closes b

    def cut(self):
        with self.lock:
            sockets, self.sockets = self.sockets, []
        for s in sockets:
            try:
                s.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def stop(self):
        self.listener.close()
        self.cut()


class Proxy(grpc.GenericRpcHandler):
    """Forwards to 127.0.0.1:`target`. Calls `fault(request)` before each request; it returns None or one of

    "drop"         close the connection before the server gets the request
    "drop-answer"  forward the request, then close the connection without an answer
    "half"         forward half of the rows, then close the connection
    "lose"         answer with success, but do not forward
    (status, text) answer with the gRPC code of these
    seconds        wait, then forward

    `change(request, answer)` may return another answer in place of a good one, as bytes.
    """

    def __init__(self, target, certificate=None):
        self.calm()
        self.channel = grpc.insecure_channel(f"127.0.0.1:{target}", OPTIONS)
        self.server = grpc.server(futures.ThreadPoolExecutor(16), handlers=[self], options=OPTIONS)
        if certificate:
            pem = open(certificate, "rb").read()
            port = self.server.add_secure_port("127.0.0.1:0", grpc.ssl_server_credentials([(pem, pem)]))
        else:
            port = self.server.add_insecure_port("127.0.0.1:0")
        self.server.start()
        self.relay = Relay(port)
        self.port = self.relay.port

    def stop(self):
        self.relay.stop()
        self.server.stop(0)
        self.channel.close()

    def calm(self):
        self.fault, self.change, self.requests = (lambda request: None), (lambda request, answer: answer), []

    def service(self, details):
        return grpc.unary_unary_rpc_method_handler(lambda body, context: self.serve(details, body, context))

    def serve(self, details, body, context):
        headers = {key: value for key, value in details.invocation_metadata}
        request = Request("CALL", details.method, headers, body)
        self.requests.append(request)
        fault = self.fault(request)
        if isinstance(fault, tuple):
            text = "Received message larger than max (2 vs. 1)" if fault[0] == 413 else fault[1]
            context.abort(CODES[fault[0]], text)
        if fault in ("drop", "drop-answer", "half"):
            if fault != "drop":
                self.forward(request._replace(body=first_half(body)) if fault == "half" else request)
            self.relay.cut()
            context.abort(grpc.StatusCode.UNAVAILABLE, "cut")
        if fault == "lose":
            return milvus_pb2.MutationResult().SerializeToString()
        if isinstance(fault, (int, float)):
            time.sleep(fault)
        try:
            return self.change(request, self.forward(request))
        except grpc.RpcError as error:
            context.abort(error.code(), error.details())

    def forward(self, request):
        metadata = [(k, v) for k, v in request.headers.items() if k in ("authorization", "dbname")]
        return self.channel.unary_unary(request.path)(request.body, metadata=metadata, timeout=120)


def first_half(body):
    """Keeps the first half of the rows of an Upsert."""
    request = milvus_pb2.UpsertRequest.FromString(body)
    request.num_rows //= 2
    for field in request.fields_data:
        if field.HasField("vectors"):
            del field.vectors.float_vector.data[request.num_rows * field.vectors.dim:]
        else:
            del field.scalars.string_data.data[request.num_rows:]
    return request.SerializeToString()
