"""Starts a vector database on 127.0.0.1 for the commands of the pages."""
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "remote"))
import server_process  # noqa: E402

PROGRAMS = {"chroma": ("MATCHER_TEST_CHROMA", "chroma"), "milvus": ("MATCHER_TEST_MILVUS", "milvus-lite")}


def program_of(kind):
    """The program of a server, or None if it is not installed."""
    variable, name = PROGRAMS[kind]
    return os.environ.get(variable) or shutil.which(name)


class Server:
    """A server with an empty folder, which runs until the end of the `with` block."""

    def __init__(self, kind, folder):
        self.kind, self.folder, self.port = kind, pathlib.Path(folder), server_process.free_port()

    def __enter__(self):
        program, address = program_of(self.kind), ["--host", "127.0.0.1", "--port", str(self.port)]
        words = ["run", "--path", str(self.folder)] if self.kind == "chroma" else ["server", "--data-dir", str(self.folder)]
        self.process = subprocess.Popen([program, *words, *address], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                        start_new_session=True)
        for _ in range(600):
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return self
            except OSError:
                time.sleep(0.1)
        self.__exit__()
        raise RuntimeError(f"{program} does not start")

    def __exit__(self, *_):
        server_process.end(self.process)
