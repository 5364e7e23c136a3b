"""Starts and ends the servers of tests: ports on 127.0.0.1, and programs that start programs of their own."""
import os
import signal
import socket
import subprocess


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def end(process, number=signal.SIGTERM):
    """Sends the signal to a program, which was started in a session of its own, and to those that it started."""
    os.killpg(process.pid, number)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
