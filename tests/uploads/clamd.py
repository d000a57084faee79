"""A daemon on loopback that speaks ClamAV's INSTREAM and knows one virus: the EICAR test file."""

import socket
import socketserver
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

# In two parts, so that a scanner on somebody's machine does not take this file away.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD" + rb"-ANTIVIRUS-TEST-FILE!$H+H*"
FOUND = "Eicar-Signature"


@dataclass
class Daemon:
    """What it was given, and what it shall answer instead of a verdict."""

    place: Path | None = None  # of a socket; else a port
    received: list[bytes] = field(default_factory=list)
    answer: bytes | None = None

    def __enter__(self) -> "Daemon":
        kind: Any = socketserver.ThreadingUnixStreamServer if self.place else _Ports
        handler = type("Handler", (_Handler,), {"daemon": self})
        self._server = kind(str(self.place) if self.place else ("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        if self.place:
            return f"unix://{self.place}"
        return f"tcp://127.0.0.1:{self._server.server_address[1]}"

    def judge(self, content: bytes) -> bytes:
        self.received.append(content)
        if self.answer is not None:
            return self.answer
        return f"stream: {FOUND} FOUND\0".encode() if EICAR in content else b"stream: OK\0"


class _Ports(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    request_queue_size = socket.SOMAXCONN


class _Handler(socketserver.StreamRequestHandler):
    daemon: Daemon

    def handle(self) -> None:
        assert self.rfile.read(10) == b"zINSTREAM\0"
        content = b""
        while size := int.from_bytes(self.rfile.read(4), "big"):
            content += self.rfile.read(size)
        self.wfile.write(self.daemon.judge(content))
