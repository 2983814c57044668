"""Bytes under the name of their SHA-256, compressed; equal bytes are one file."""

from __future__ import annotations

import errno
import gzip
import hashlib
import os
import pathlib
import tempfile
import zlib
from collections.abc import Iterator

from crawler.errors import DiskFull, EvidenceDamaged, EvidenceMissing, StorageError

#: Level 6 is gzip's own middle; a page of 60 kB takes about a millisecond.
_LEVEL = 6


class Blobs:
    """A folder of blobs. A blob is written to a temporary file, synced and renamed: it is whole, or
    it isn't there."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder = folder

    def put(self, body: bytes) -> str:
        """Keep these bytes; returns their SHA-256 (hex). A file that is there but damaged is written
        anew. Raises `DiskFull`, `StorageError`."""
        name = hashlib.sha256(body).hexdigest()
        path = self.path(name)
        if self._holds(name, len(body)):
            return name
        part = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, part = tempfile.mkstemp(prefix=".part-", dir=path.parent)
            with os.fdopen(handle, "wb") as file:
                # No time in the header: equal bytes make equal files.
                file.write(gzip.compress(body, _LEVEL, mtime=0))
                file.flush()
                os.fsync(file.fileno())
            os.replace(part, path)
            _sync_folder(path.parent)
        except OSError as error:
            if part is not None:
                pathlib.Path(part).unlink(missing_ok=True)
            raise cannot_write(self.folder, error) from error
        return name

    def _holds(self, name: str, size: int) -> bool:
        """Whether the blob is there and whole; what follows would rest on it."""
        try:
            return len(self.get(name, limit=size)) == size
        except EvidenceDamaged:
            return False

    def get(self, name: str, *, limit: int | None = None) -> bytes:
        """The bytes again. Raises `EvidenceMissing` where the file is not there, `EvidenceDamaged`
        where it holds anything else, or more than ``limit`` bytes."""
        path = self.path(name)
        try:
            with gzip.open(path) as file:
                body = file.read(-1 if limit is None else limit + 1)
        except FileNotFoundError:
            raise EvidenceMissing(
                f"the evidence {path.name} is not there",
                f"Copy it from a backup of {self.folder}; is archive.path the folder that all machines share?",
            ) from None
        except (OSError, EOFError, zlib.error) as error:
            raise _damaged(path) from error
        if hashlib.sha256(body).hexdigest() != name:
            raise _damaged(path)
        return body

    def has(self, name: str, size: int) -> bool:
        """Whether the blob's file is there and ends as one of ``size`` bytes does: sees a file that is
        missing or cut short, without reading it."""
        try:
            with self.path(name).open("rb") as file:
                file.seek(-4, os.SEEK_END)
                return int.from_bytes(file.read(4), "little") == size % 2**32
        except OSError:
            return False

    def drop(self, name: str) -> int:
        """Remove a blob; returns the bytes that were freed."""
        path = self.path(name)
        try:
            size = path.stat().st_size
            path.unlink()
        except FileNotFoundError:
            return 0
        return size

    def names(self) -> Iterator[str]:
        """Every blob's name."""
        for path in sorted(self.folder.glob("??/*.gz")):
            yield path.name.removesuffix(".gz")

    def sweep(self, before: float) -> int:
        """Remove what a killed process left half-written before a moment (seconds since 1970)."""
        count = 0
        for path in self.folder.glob("??/.part-*"):
            if path.stat().st_mtime < before:
                path.unlink(missing_ok=True)
                count += 1
        return count

    def age(self, name: str) -> float:
        """When the blob was written, seconds since 1970; the far future where it is not there."""
        try:
            return self.path(name).stat().st_mtime
        except FileNotFoundError:
            return float("inf")

    def path(self, name: str) -> pathlib.Path:
        """Where a blob lies."""
        return self.folder / name[:2] / f"{name}.gz"


def cannot_write(place: pathlib.Path, error: OSError) -> StorageError:
    """What an operating system's error on writing there means to us."""
    # EFBIG: a limit on the size of files (ulimit -f) is a full disk to us.
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return DiskFull(f"no space left to write {place}", "Free some space; nothing was lost.")
    return StorageError(
        f"{place} can't be written: {error.strerror}", "Check archive.path and the folder's rights."
    )


def _damaged(path: pathlib.Path) -> EvidenceDamaged:
    return EvidenceDamaged(
        f"the evidence {path.name} is damaged",
        f"Copy it from a backup of {path.parent.parent}; the release itself is safe in the database.",
    )


def _sync_folder(folder: pathlib.Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
