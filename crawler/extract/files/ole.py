"""Office files of before 2007: DOC by its piece table, XLS by xlrd."""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterator

from crawler.extract.files.parts import Budget, Part, Refused, State
from crawler.extract.files.sheet import number

_WORD = 0xA5EC
#: Flags of the file information block.
_ENCRYPTED, _SECOND_TABLE = 0x0100, 0x0200
_COMPRESSED = 0x40000000
#: Pieces of text; every quick save adds some.
_PIECES = 100_000
_FIELD = re.compile("\x13[^\x13\x14\x15]*\x14|\x13[^\x13\x14\x15]*\x15|[\x14\x15]")
_DRAWN = dict.fromkeys([1, 2, 3, 4, 5, 8, 0x1E, 0x1F, 0xAD])


def read(body: bytes, budget: Budget) -> list[Part]:
    """Word text or sheets. Raises `Refused`: neither, encrypted, broken."""
    import olefile

    try:
        with olefile.OleFileIO(io.BytesIO(body)) as ole:
            if ole.exists("EncryptedPackage"):
                raise Refused("encrypted", "an encrypted package")
            if ole.exists("WordDocument"):
                text = _word(ole, budget)
                return [Part("正文", kept)] if (kept := budget.take(_paragraphs(text))) else []
            if not (ole.exists("Workbook") or ole.exists("Book")):
                raise Refused("unsupported", "an OLE file without Word text or a workbook")
    except (OSError, struct.error, IndexError, ValueError, TypeError, AttributeError, RecursionError) as error:
        # olefile meets hostile files with whatever its parsing ran into.
        raise Refused("unreadable", f"OLE: {error}") from error
    return sheets(body, budget)


def _word(ole: object, budget: Budget) -> str:
    def stream(name: str) -> bytes:
        if not ole.exists(name):  # type: ignore[attr-defined]
            raise Refused("unreadable", f"no stream {name}")
        if ole.get_size(name) > budget.limits.part:  # type: ignore[attr-defined]
            raise Refused("too_large", f"stream {name}")
        data: bytes = ole.openstream(name).read()  # type: ignore[attr-defined]
        budget.unpack(len(data))
        return data

    main = stream("WordDocument")
    if len(main) < 0x1AA or struct.unpack_from("<H", main)[0] != _WORD:
        raise Refused("unsupported", "Word text of before 1997")
    flags = struct.unpack_from("<H", main, 0x0A)[0]
    if flags & _ENCRYPTED:
        raise Refused("encrypted", "Word document")
    table = stream("1Table" if flags & _SECOND_TABLE else "0Table")
    length = struct.unpack_from("<i", main, 0x4C)[0]
    start, size = struct.unpack_from("<II", main, 0x1A2)
    pieces = _piece_table(table[start : start + size])
    return "".join(_pieces(main, pieces, max(0, length), budget.limits.characters))


def _piece_table(clx: bytes) -> bytes:
    at = 0
    while at < len(clx):
        kind = clx[at]
        if kind == 1:
            at += 3 + struct.unpack_from("<H", clx, at + 1)[0]
        elif kind == 2:
            return clx[at + 5 : at + 5 + struct.unpack_from("<I", clx, at + 1)[0]]
        else:
            break
    raise Refused("unreadable", "no piece table")


def _pieces(main: bytes, table: bytes, length: int, most: int) -> Iterator[str]:
    count = (len(table) - 4) // 12
    if not 0 < count <= _PIECES:
        raise Refused("unreadable", f"{count} pieces")
    places = struct.unpack_from(f"<{count + 1}I", table)
    read = 0
    for i in range(count):
        characters = min(places[i + 1], length) - places[i]
        if characters <= 0 or read >= most:
            continue
        read += characters
        where = struct.unpack_from("<I", table, 4 * (count + 1) + 8 * i + 2)[0]
        if where & _COMPRESSED:
            offset = (where & ~_COMPRESSED) // 2
            yield main[offset : offset + characters].decode("cp1252", "replace")
        else:
            yield main[where : where + 2 * characters].decode("utf-16-le", "replace")


def _paragraphs(text: str) -> Iterator[str]:
    """Paragraphs, and a table's cells (each ended by a bell) as rows."""
    for _ in range(8):  # fields in fields
        shorter = _FIELD.sub("", text)
        if shorter == text:
            break
        text = shorter
    text = text.translate(_DRAWN).replace("\x0b", "\r").replace("\x0c", "\r")
    for line in text.split("\r"):
        cells = [cell.strip() for cell in line.split("\x07")]
        yield " | ".join(cell for cell in cells if cell)


def sheets(body: bytes, budget: Budget) -> list[Part]:
    """The sheets of an XLS file."""
    import xlrd

    if len(body) > budget.limits.workbook:
        raise Refused("too_large", f"workbook of {len(body)} bytes; the limit is {budget.limits.workbook}")
    # xlrd meets broken workbooks with any exception.
    try:
        book = xlrd.open_workbook(file_contents=body, logfile=io.StringIO(), on_demand=True, ragged_rows=True)
    except xlrd.XLRDError as error:
        state: State = "encrypted" if "encrypt" in str(error).lower() else "unreadable"
        raise Refused(state, f"workbook: {error}") from error
    except Exception as error:
        raise Refused("unreadable", f"workbook: {type(error).__name__}: {error}") from error
    found: list[Part] = []
    try:
        for index, name in enumerate(book.sheet_names()):
            if budget.full:
                budget.truncated = True
                break
            sheet = book.sheet_by_index(index)
            if sheet.visibility == 0 and (kept := budget.take(_sheet_rows(sheet, budget))):
                found.append(Part(f"工作表：{name}", kept))
            book.unload_sheet(index)
    except Exception as error:
        raise Refused("unreadable", f"workbook: {type(error).__name__}: {error}") from error
    return found


def _sheet_rows(sheet: object, budget: Budget) -> Iterator[str]:
    count: int = sheet.nrows  # type: ignore[attr-defined]
    if count > budget.limits.rows:
        budget.truncated = True
    for i in range(min(count, budget.limits.rows)):
        cells = [_cell(cell) for cell in sheet.row(i)]  # type: ignore[attr-defined]
        yield " | ".join(cell for cell in cells if cell)


def _cell(cell: object) -> str:
    kind, value = cell.ctype, cell.value  # type: ignore[attr-defined]
    if kind in (2, 3):  # a number, a day
        return number(str(value), day=kind == 3)
    return str(value).strip() if kind == 1 else ""
