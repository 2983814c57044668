"""``extract``: the batch's shapes and its patience with bad lines; one page on the command line."""

from __future__ import annotations

import json
import pathlib
from typing import Any

import pytest
from typer.testing import CliRunner

from crawler.cli.extract import app
from crawler.model import Release

BODY = "<p>为吸引人才，市政府决定对新引进的博士给予一次性安家补贴20万元，由用人单位提出申请。</p>" * 6
PAGE = "<html><title>甲市人才安居办法_甲市政府网</title>" + (
    f"<h1>甲市人才安居办法</h1><div>{BODY}<p>责任编辑：张三</p></div></html>"
)
URL = "https://www.a.gov.cn/1.html"


def run(*arguments: str, stdin: bytes | str = b"") -> tuple[int, str]:
    result = CliRunner().invoke(app, list(arguments), input=stdin)
    return result.exit_code, result.stdout


def batch(tmp_path: pathlib.Path, lines: list[Any], *more: str) -> tuple[int, list[dict[str, Any]]]:
    file = tmp_path / "in.jsonl"
    rendered = [x if isinstance(x, bytes) else json.dumps(x, ensure_ascii=False).encode() for x in lines]
    file.write_bytes(b"\n".join(rendered) + b"\n")
    code, out = run("--batch", str(file), "--as-of", "2026-11-22", *more)
    return code, [json.loads(line) for line in out.splitlines()]


def test_every_kind_of_line_is_answered_in_order(tmp_path: pathlib.Path) -> None:
    (tmp_path / "a.html").write_bytes(PAGE.encode("gb18030"))
    rows = "".join(
        f"<li><a href='/art/{i}.html'>关于第{i}批人才公寓分配的公告</a><span>2024-03-{i:02}</span></li>"
        for i in range(1, 9)
    )
    (tmp_path / "list.html").write_text(f"<ul class='list'>{rows}</ul>", "utf-8")
    code, got = batch(
        tmp_path,
        [
            {"id": "path", "url": URL, "path": "a.html", "content_type": "text/html; charset=utf-8"},
            {"id": "html", "url": URL, "html": PAGE},
            {
                "id": 7,
                "url": URL,
                "title": "甲市人才安居办法",
                "paragraphs": ["一、给予补贴。"],
                "published": "2024-03-27",
            },
            {"id": "list", "url": "https://www.a.gov.cn/col/", "path": "list.html", "kind": "list"},
            {
                "id": "text",
                "url": URL,
                "text": "甲市人才安居办法\n\n为吸引人才，市政府决定给予补贴，由用人单位提出申请。",
            },
            {"id": "none", "url": URL, "html": "<title>404 Not Found</title>"},
        ],
    )
    assert code == 0
    assert [g["id"] for g in got] == ["path", "html", 7, "list", "text", "none"]
    assert got[0]["releases"][0]["title"] == got[1]["releases"][0]["title"] == "甲市人才安居办法"
    assert got[2]["releases"][0]["published"] == "2024-03-27"
    assert len(got[3]["rows"]) == 8
    assert got[3]["rows"][0] == {
        "title": "关于第1批人才公寓分配的公告", "url": "https://www.a.gov.cn/art/1.html", "date": "2024-03-01",
    }  # fmt: skip
    assert {"next", "total"} <= got[3].keys()
    assert got[4]["releases"][0]["title"] == "甲市人才安居办法"
    assert got[5]["releases"] == []
    assert got[5]["quarantine"]["reason"] == "error"
    assert all(g["ms"] >= 0 for g in got)
    assert set(Release.__dataclass_fields__) - {"part"} <= got[0]["releases"][0].keys()


def test_a_bad_line_never_stops_the_rest(tmp_path: pathlib.Path) -> None:
    code, got = batch(
        tmp_path,
        [
            b"{broken", b"[1]", b"\xff\xfe", b"", {"url": URL, "html": PAGE}, {"id": "x"},
            {"id": "y", "path": "gone.html"},
            {"id": "z", "url": 5, "html": PAGE}, {"id": "k", "kind": "movie", "html": PAGE},
            {"id": "p", "paragraphs": "one"},
            {"id": "good", "url": URL, "html": PAGE},
        ],
    )  # fmt: skip
    assert code == 1
    assert [(g["id"], g.get("line"), g.get("error", {}).get("code")) for g in got] == [
        (None, 1, "bad_json"), (None, 2, "bad_json"), (None, 3, "bad_json"), (None, 5, "bad_input"),
        ("x", None, "bad_input"), ("y", None, "not_found"), ("z", None, "bad_input"), ("k", None, "bad_kind"),
        ("p", None, "bad_input"), ("good", None, None),
    ]  # fmt: skip


def test_an_unforeseen_trouble_is_that_lines_alone(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import crawler.cli.batch as room

    whole = room.read_page

    def fragile(page: Any, **more: Any) -> Any:
        if "boom" in page.url:
            raise RuntimeError("unforeseen")
        return whole(page, **more)

    monkeypatch.setattr(room, "read_page", fragile)
    code, got = batch(
        tmp_path, [{"id": 1, "url": "http://boom/", "html": PAGE}, {"id": 2, "url": URL, "html": PAGE}]
    )
    assert code == 1
    assert got[0]["error"]["code"] == "internal"
    assert got[1]["releases"]


def test_workers_give_the_same_answers_in_the_same_order(tmp_path: pathlib.Path) -> None:
    lines = [{"id": i, "url": URL, "html": PAGE.replace("甲市", f"甲{i}市")} for i in range(30)] + [b"{"]
    code, one = batch(tmp_path, lines)
    again, two = batch(tmp_path, lines, "--jobs", "2")
    for answer in one + two:
        answer.pop("ms", None)
    assert (code, one) == (again, two)
    assert code == 1


def test_half_a_surrogate_pair_is_still_json(tmp_path: pathlib.Path) -> None:
    code, got = batch(
        tmp_path, [b'{"id": "s", "url": "http://a.cn/", "title": "\\ud800", "paragraphs": ["\\udfff x"]}']
    )
    assert code == 0
    assert len(got) == 1


def test_one_page_with_its_reasons(tmp_path: pathlib.Path) -> None:
    (tmp_path / "a.html").write_text(PAGE, "utf-8")
    code, out = run(str(tmp_path / "a.html"), "--url", URL, "--why")
    assert code == 0
    assert "title: 甲市人才安居办法" in out
    assert "dropped [editor_credit] 责任编辑：张三" in out
    code, out = run(str(tmp_path / "a.html"), "--url", URL, "--why", "--json")
    found = json.loads(out)["releases"][0]
    assert {"rule": "editor_credit", "text": "责任编辑：张三"} in found["ledger"]


def test_stdin_and_text_files(tmp_path: pathlib.Path) -> None:
    code, out = run("-", "--json", stdin=PAGE.encode())
    assert code == 0
    assert json.loads(out)["releases"][0]["title"] == "甲市人才安居办法"
    (tmp_path / "a.txt").write_text(
        "甲市人才安居办法\n\n为吸引人才，市政府决定给予补贴，由用人单位提出申请。\n", "utf-8"
    )
    code, out = run(str(tmp_path / "a.txt"), "--json")
    assert json.loads(out)["releases"][0]["title"] == "甲市人才安居办法"


@pytest.mark.parametrize("arguments", [(), ("a.html", "--batch", "b.jsonl"), ("a.html", "--as-of", "yesterday")])
def test_wrong_use(arguments: tuple[str, ...]) -> None:
    assert CliRunner().invoke(app, list(arguments)).exit_code != 0
