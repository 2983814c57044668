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

from crawler.errors import DiskFull, NotFound, StorageError

#: Level 6 is gzip's own middle; a page of 60 kB takes about a millisecond.
_LEVEL = 6


class Blobs:
    """A folder of blobs. A blob is written to a temporary file, synced and renamed: it is whole, or
    it isn't there."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder = folder

    def put(self, body: bytes) -> str:
        """Keep these bytes; returns their SHA-256 (hex). Raises `DiskFull`, `StorageError`."""
        name = hashlib.sha256(body).hexdigest()
        path = self.path(name)
        if path.exists():
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
            # EFBIG: a limit on the size of files (ulimit -f) is a full disk to us.
            if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
                raise DiskFull(
                    f"no space left for the evidence in {self.folder}", "Free some space; nothing was lost."
                ) from error
            raise StorageError(
                f"the evidence can't be written to {self.folder}: {error.strerror}",
                "Check archive.path and the rights of the folder.",
            ) from error
        return name

    def get(self, name: str) -> bytes:
        """The bytes again. Raises `NotFound` where they were pruned, `StorageError` where damaged."""
        path = self.path(name)
        try:
            body = gzip.decompress(path.read_bytes())
        except FileNotFoundError:
            raise NotFound(
                f"the evidence {name[:12]}… is not there", "It was pruned (archive.keep_days), or its folder moved."
            ) from None
        except (OSError, EOFError, zlib.error) as error:
            raise _damaged(path) from error
        if hashlib.sha256(body).hexdigest() != name:
            raise _damaged(path)
        return body

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


def _damaged(path: pathlib.Path) -> StorageError:
    return StorageError(
        f"the evidence {path.name} is damaged",
        "Restore the file from a backup; the release itself is safe in the database.",
    )


def _sync_folder(folder: pathlib.Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
