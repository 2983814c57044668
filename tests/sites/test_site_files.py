# ruff: noqa: E501 - one table, one line a case
"""Site files: strict, typed, each error names file, key and mend."""

from __future__ import annotations

import pathlib

import pytest

from crawler import regions
from crawler.config import Config, SitesConfig
from crawler.errors import SiteError
from crawler.sites import CATALOGUE, find, load_catalogue, load_site, load_sites

GOOD = """
title = "某市人社局"
home = "https://rsj.example.gov.cn/"
hosts = ["rsj.example.gov.cn"]
family = "trs"
kind = "government"
region = "410100"
level = "city"

[proof]
source = "a test"
confidence = "B"

[[column]]
key = "zcwj"
name = "政策文件"
url = "https://rsj.example.gov.cn/zcwj/"
rules = { rows = "ul.list li", link = "a" }
expect = { rows_min = 5, detail_pattern = '/t\\d+_\\d+\\.html$' }
"""


def write(folder: pathlib.Path, text: str, name: str = "rsj") -> pathlib.Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_good_file(tmp_path: pathlib.Path) -> None:
    site = load_site(write(tmp_path, GOOD))
    assert (site.name, site.proof.last_seen_live, site.enabled) == ("rsj", "never", True)
    assert site.columns[0].family == "trs"
    assert site.columns[0].rules.rows == "ul.list li"


@pytest.mark.parametrize(
    ("old", "new", "said", "mend"),
    [
        ('kind = "government"', 'knid = "government"', "unknown key knid", "Did you mean kind?"),
        ("[[column]]", "[[colum]]", "unknown key colum", "Did you mean column?"),
        ("rows_min = 5", "row_min = 5", "unknown key column.expect.row_min", "Did you mean column.expect.rows_min?"),
        ("rows_min = 5", 'rows_min = "5"', "column.expect.rows_min must be a whole number", "Mend"),
        ("rows_min = 5", "rows_min = true", "column.expect.rows_min must be a whole number", "Mend"),
        ('family = "trs"', 'family = "trss"', "family can't be 'trss'", "Did you mean trs?"),
        ('confidence = "B"', 'confidence = "D"', "proof.confidence can't be 'D'", "One of: A, B, C."),
        ('confidence = "B"', 'confidence = "C"', "has confidence C but is enabled", "enabled = false"),
        ('rows = "ul.list li"', 'rows = "ul.list li["', "column.rules.rows: 'ul.list li[' is no CSS selector", "Mend"),
        (r"'/t\d+_\d+\.html$'", "'/t(\\d+'", "is no regular expression", "Mend"),
        ('region = "410100"', 'region = "419999"', "'419999' is no division code", "six digits"),
        ('hosts = ["rsj.example.gov.cn"]', 'hosts = ["https://rsj.example.gov.cn/"]', "hosts holds", "without scheme"),
        ('hosts = ["rsj.example.gov.cn"]', "hosts = []", "hosts is empty", "Name every host"),
        ('url = "https://rsj.example.gov.cn/zcwj/"', 'url = "https://x.example.com/"', "not in hosts", "Add"),
        ('url = "https://rsj.example.gov.cn/zcwj/"', 'url = "ftp://rsj.example.gov.cn/"', "no http address", "https://"),
        ('url = "https://rsj.example.gov.cn/zcwj/"', 'url = "https://rsj.example.gov.cn/{day}/"', "holds {day}", "yyyy"),
        ('title = "某市人社局"\n', "", "title is missing", "Write title"),
        ('name = "政策文件"\n', "", "column.name is missing", "Write column.name"),
        ("[proof]", "[proof", "not valid TOML", "Mend that line."),
        ('key = "zcwj"', 'key = "zcwj"\ndetail_method = "POST"', "detail_body go together", "id={part}"),
        ('key = "zcwj"', 'key = "zcwj"\ndetail_body = "id={part}"', "detail_body go together", "POST"),
        ('key = "zcwj"', 'key = "zcwj"\ndetail_method = "POST"\ndetail_body = "id=1"', "holds no {part}", "Write {part}"),
    ],
)  # fmt: skip
def test_a_slip_is_an_error_that_names_file_key_and_mend(
    tmp_path: pathlib.Path, old: str, new: str, said: str, mend: str
) -> None:
    assert old in GOOD
    path = write(tmp_path, GOOD.replace(old, new))
    with pytest.raises(SiteError) as caught:
        load_site(path)
    assert said in caught.value.message
    assert str(path) in caught.value.message
    assert mend in caught.value.mend


def test_two_files_of_one_name(tmp_path: pathlib.Path) -> None:
    one, two = write(tmp_path / "a", GOOD), write(tmp_path / "b", GOOD)
    config = Config(sites=SitesConfig(path=str(tmp_path), only=True))
    catalogue = load_catalogue(config)
    assert list(catalogue.sites) == ["rsj"]
    assert str(one) in catalogue.problems[0].message
    assert str(two) in catalogue.problems[0].message
    with pytest.raises(SiteError, match="two files"):
        load_sites(config)


def test_the_operators_folder_joins_the_catalogue(tmp_path: pathlib.Path) -> None:
    write(tmp_path, GOOD, "own_site")
    both = load_sites(Config(sites=SitesConfig(path=str(tmp_path))))
    assert {"own_site", "gov_cn"} <= both.keys()
    assert list(load_sites(Config(sites=SitesConfig(path=str(tmp_path), only=True)))) == ["own_site"]
    with pytest.raises(SiteError, match="is no folder"):
        load_sites(Config(sites=SitesConfig(path=str(tmp_path / "none"))))


def test_the_nearest_name_is_named() -> None:
    with pytest.raises(SiteError) as caught:
        find(Config(), "gd_hrs")
    assert caught.value.mend == "Did you mean gd_hrss?"


def test_the_catalogue_loads_and_is_honest() -> None:
    sites = load_sites(Config())
    enabled = [site for site in sites.values() if site.enabled]
    assert len(enabled) >= 120
    assert sum(column.enabled for site in enabled for column in site.columns) >= 190
    assert {site.family for site in enabled} >= {"generic", "trs", "json", "epaper"}
    assert {"zhengzhou_rsj", "changzhou_rsj"} <= {s.name for s in sites.values() if not s.enabled}
    for site in sites.values():
        assert site.proof.last_seen_live == "never"
        assert not site.loopback
        assert site.delay >= 1
        assert not site.enabled or site.proof.confidence != "C"
        assert site.enabled or site.proof.confidence == "C" or site.note, f"{site.name}: why disabled?"
        for column in site.columns:
            confidence = (column.proof or site.proof).confidence
            off = not column.enabled or not site.enabled
            assert off or column.kind != "recruitment", f"{site.name}/{column.key}: vacancies are off by default"
            assert not off or confidence == "C" or site.note or column.note or column.kind == "recruitment"
        if site.kind not in ("news", "other"):
            assert site.region is not None
            assert regions.by_code(site.region) is not None
        # About 15 lines, and 5 to 8 for each further column; two more where it says why it is off.
        lines = [x for x in pathlib.Path(site.path).read_text("utf-8").splitlines() if x.strip() and x[0] != "#"]
        notes = sum(2 for column in site.columns if column.note)
        assert len(lines) <= 18 + 8 * len(site.columns) + notes


def test_a_file_lies_in_its_provinces_folder() -> None:
    for path in CATALOGUE.rglob("*.toml"):
        site = load_site(path)
        folder = path.parent.name
        if site.kind == "news":
            assert folder == "news"
        else:
            assert (folder == "national") == (site.level == "national")


def test_the_coverage_report_is_the_catalogues() -> None:
    from crawler.cli.sites_coverage import report

    written = (CATALOGUE.parent.parent / "docs" / "coverage.md").read_text("utf-8")
    assert written == report(load_sites(Config()).values()) + "\n", "talentwatch sites coverage > docs/coverage.md"


@pytest.mark.parametrize(("host", "good"), [
    ("*.zj.gov.cn", True), ("*.gov.cn", False), ("*", False), ("*.cn", False), ("a.*.gov.cn", False),
    ("[::1]:8080", True), ("rsj.example.gov.cn:8443", True),
])  # fmt: skip
def test_a_host_or_a_whole_domain_below_a_suffix(tmp_path: pathlib.Path, host: str, good: bool) -> None:
    path = write(tmp_path, GOOD.replace('hosts = ["', f'hosts = ["{host}", "'))
    if good:
        assert load_site(path).hosts[0] == host
    else:
        with pytest.raises(SiteError, match="hosts holds"):
            load_site(path)
