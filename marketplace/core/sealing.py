"""Sealing: what is kept so that the database and the file store, without the key, tell nothing.

The key stands outside both. From it come one key for boxes (AES-256-GCM, which also notices every
change) and one for places (HMAC): where a box belongs is a name that only the key can make.

While a key is changed for another, the seal knows the one before, too: it opens and finds with
both, and closes with the new one alone.
"""

import hmac
import os
import secrets
from functools import lru_cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from marketplace.core import files
from marketplace.core.errors import Unavailable
from marketplace.core.files import ObjectStore
from marketplace.settings import Settings

PAGE = 16_384  # bytes; the size of a box says no more than how many of these are in it
_NONCE, _LENGTH = 12, 8  # bytes
_KEY_FILE = "seal.key"
FILE = b"file"


class Seal:
    """Closes boxes and opens them, with one key; opens, too, what one before it closed."""

    def __init__(self, secret: str, before: "Seal | None" = None) -> None:
        self.before = before
        self._boxes = AESGCM(_derived(secret, b"boxes"))
        self._places = _derived(secret, b"places")
        self.mark = self.place("the key itself")[:16]  # says which key it was, and not what it is

    def place(self, *parts: UUID | str) -> str:
        """A name for what belongs to these together, which nobody can make without the key."""
        said = "\n".join(map(str, parts)).encode()
        return hmac.new(self._places, said, sha256).hexdigest()

    def places(self, *parts: UUID | str) -> list[str]:
        """The names that it can have: what was put there with the key before has another."""
        earlier = self.before.places(*parts) if self.before else []
        return [self.place(*parts), *earlier]

    @property
    def marks(self) -> list[str]:
        """Of the keys that it opens with."""
        return [self.mark, *(self.before.marks if self.before else [])]

    def close(self, plain: bytes, of: bytes) -> bytes:
        """A box, for the row or thing that `of` names and for no other."""
        nonce = os.urandom(_NONCE)
        full = len(plain).to_bytes(_LENGTH, "big") + plain
        full += bytes(-len(full) % PAGE)
        return nonce + self._boxes.encrypt(nonce, full, of)

    def open(self, box: bytes, of: bytes) -> bytes:
        """What is in a box. Raises Unavailable for one that was changed or closed with another
        key.
        """
        try:
            full = self._boxes.decrypt(box[:_NONCE], box[_NONCE:], of)
        except (InvalidTag, ValueError):
            if self.before:
                return self.before.open(box, of)
            raise Unavailable("What was sealed cannot be opened with the key there is.") from None
        length = int.from_bytes(full[:_LENGTH], "big")
        return full[_LENGTH : _LENGTH + length]

    def opened_file(self, store: ObjectStore, key: str) -> BinaryIO:
        """A sealed file of the store. Raises NotFound or Unavailable."""
        return BytesIO(self.open(b"".join(files.chunks(store, key)), FILE))

    def close_file_anew(self, store: ObjectStore, key: str) -> bool:
        """Puts a file of the store that the key before closed under this one; whether it was."""
        sealed = b"".join(files.chunks(store, key))
        if self._closed(sealed, FILE):
            return False
        files.put(store, key, self.close_file(self.open(sealed, FILE)))
        return True

    def _closed(self, box: bytes, of: bytes) -> bool:
        try:
            self._boxes.decrypt(box[:_NONCE], box[_NONCE:], of)
        except (InvalidTag, ValueError):
            return False
        return True

    def close_file(self, plain: bytes) -> bytes:
        return self.close(plain, FILE)


def seal(settings: Settings) -> Seal:
    """The seal of this marketplace: made with SEAL_KEY or, in the demo, with a key of its own that
    stands in a file beside the database.
    """
    return _seal(settings.seal_key, settings.seal_key_old, settings.data_dir)


@lru_cache(maxsize=8)
def _seal(secret: str, old: str, folder: Path) -> Seal:
    return Seal(secret or _demo_key(folder / _KEY_FILE), Seal(old) if old else None)


def _demo_key(file: Path) -> str:
    """What is in the file; whoever comes first makes it, readable to nobody else."""
    file.parent.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        made = file.with_name(f".{secrets.token_hex(8)}")
        made.touch(mode=0o600)
        made.write_text(secrets.token_urlsafe(32))
        try:
            os.link(made, file)  # all of it at once, and only the first time
        except FileExistsError:
            pass  # another process was quicker: its key counts
        finally:
            made.unlink()
    return file.read_text()


def _derived(secret: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(secret.encode())
