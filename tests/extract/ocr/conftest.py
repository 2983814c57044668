"""The engine that reads pictures, where it is installed, and pictures that we print ourselves (synthetic)."""

from __future__ import annotations

import io
import pathlib
import subprocess
from typing import Any

import pytest

from crawler.extract.files import ocr

#: What the pictures say: every line is made up.
LINES = (
    "云溪市高层次人才安居办法",
    "对新引进的全日制博士研究生，给予购房补贴30万元。",
    "申请人应当于2026年9月1日前登录人才服务平台。",
)


@pytest.fixture(scope="session")
def engine() -> str:
    """The engine's name; it is an extra, which ``REAL=required`` installs."""
    if lacking := ocr.missing():
        pytest.skip(f"{' and '.join(lacking)} not installed: the extra ocr")
    return ocr.engine()


@pytest.fixture(scope="session")
def font() -> str:
    """A font file that has Chinese."""
    try:
        found = subprocess.run(
            ["fc-match", "--format=%{file}", "Noto Sans CJK SC:lang=zh-cn"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        found = ""
    names = [found, "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"]
    chosen = next((n for n in names if "CJK" in n and pathlib.Path(n).is_file()), "")
    if not chosen:
        pytest.skip("no Chinese font is installed (apt-get install fonts-noto-cjk)")
    return chosen


class Printer:
    """Prints lines on white."""

    def __init__(self, font: str) -> None:
        self._font = font

    def picture(self, lines: tuple[str, ...] = LINES, *, size: int = 28, height: int | None = None) -> Any:
        from PIL import Image, ImageDraw, ImageFont

        step = size * 2
        image = Image.new(
            "RGB", (max(map(len, lines), default=10) * size + 80, height or step * (len(lines) + 1)), "white"
        )
        draw, shape = ImageDraw.Draw(image), ImageFont.truetype(self._font, size)
        for number, line in enumerate(lines):
            draw.text((40, step // 2 + number * step), line, font=shape, fill="black")
        return image

    def bytes(self, lines: tuple[str, ...] = LINES, kind: str = "PNG", **more: Any) -> bytes:
        return saved(self.picture(lines, **more), kind)

    def scan(self, *pages: tuple[str, ...]) -> bytes:
        """A PDF of pictures of pages."""
        first, *others = [self.picture(lines) for lines in pages]
        out = io.BytesIO()
        first.save(out, "PDF", resolution=150, save_all=True, append_images=others)
        return out.getvalue()


def saved(image: Any, kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()


@pytest.fixture
def printer(engine: str, font: str) -> Printer:
    return Printer(font)
