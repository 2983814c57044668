"""PDF: text by page with pypdfium2; a scan (pictures, no text) is said to be one."""

from __future__ import annotations

import threading

from crawler.extract.files.parts import Budget, Part, Refused, State, paragraphs_of

#: PDFium is one library with one state: two threads in it end the process.
_LOCK = threading.Lock()
#: Characters a page. Below this average a document with pictures is a scan (stamps and page numbers).
_SCANNED = 12


def read(body: bytes, budget: Budget) -> list[Part]:
    """The pages that hold text. Raises `Refused`: encrypted, scanned, unreadable."""
    import pypdfium2

    with _LOCK:
        try:
            document = pypdfium2.PdfDocument(body)
        except pypdfium2.PdfiumError as error:
            state: State = "encrypted" if "assword" in str(error) else "unreadable"
            raise Refused(state, f"PDFium: {error}") from error
        try:
            return _pages(document, budget)
        except pypdfium2.PdfiumError as error:
            raise Refused("unreadable", f"PDFium: {error}") from error
        finally:
            document.close()


def _pages(document: object, budget: Budget) -> list[Part]:
    count = len(document)  # type: ignore[arg-type]
    wanted = min(count, budget.limits.pages)
    if count > wanted:
        budget.truncated = True
    found: list[Part] = []
    size, pictures = 0, False
    for number in range(wanted):
        page = document[number]  # type: ignore[index]
        try:
            text = page.get_textpage()
            try:
                left = budget.limits.characters - budget.characters
                printed = text.get_text_bounded() if text.count_chars() <= left else text.get_text_range(0, left)
            finally:
                text.close()
            if not printed.strip():
                pictures = pictures or any(True for _ in page.get_objects(max_depth=2))
        finally:
            page.close()
        size += len(printed)
        if paragraphs := budget.take(paragraphs_of(printed.splitlines())):
            found.append(Part(f"第{number + 1}页", paragraphs))
        if budget.full:
            budget.truncated = budget.truncated or number + 1 < count
            break
    if size < _SCANNED * wanted and pictures:
        raise Refused("scanned", f"{wanted} pages, {size} characters, pictures")
    return found
