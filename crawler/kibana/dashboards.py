"""The four dashboards, and the objects that they stand on. Titles are Chinese and English."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from crawler.kibana.objects import SavedSearch, View, dashboard, map_of, saved_search, view
from crawler.kibana.panels import Column, Condition, Panel, Shown, fixed_id

VIEWS: tuple[View, ...] = (
    View("talent-policies", "人才政策 · Talent policies", "published"),
    View("talent-releases", "全部发布 · All releases", "published"),
    View("talent-benefits", "待遇条款 · Benefit clauses", "published"),
    View("talent-deadlines", "时限 · Windows and deadlines", "end"),
    View("talent-runs", "采集轮次 · Column runs", "started"),
    View("talent-revisions", "修订 · Revisions", "created_at"),
    View("talent-deadletter", "被拒文档 · Refused documents", "created_at"),
)

#: Reposts and withdrawn pages must not be counted twice, nowhere.
_ONCE = (Condition("current", True), Condition("is_original", True))
_TALENT = (*_ONCE, Condition("is_talent_policy", True))
_COUNT = Column("count", label="数量 · Count")
_PROVINCE = Column("terms", "province", "省份 · Province", size=34)
#: Names of all levels without the country's own.
_PLACE = Column("terms", "region_path", "地区 · Region", size=20, without=("中国",))
_TOPIC = Column("terms", "topics", "主题 · Topic", size=20)

SEARCHES: tuple[SavedSearch, ...] = (
    SavedSearch(
        "最新政策 · Latest policies", "talent-policies",
        ("published", "title", "region_path", "doc_type", "topics", "deadline_end", "url"), ("published", "desc"),
        _TALENT,
    ),
    SavedSearch(
        "待遇原文 · Benefits with their quotes", "talent-benefits",
        ("province", "topic", "recipient", "amount_max_cny", "period", "quote", "title", "url"), ("amount_max_cny",
        "desc"),
        _TALENT,
    ),
    SavedSearch(
        "临近时限 · Next deadlines", "talent-deadlines",
        ("end", "kind", "title", "province", "quote", "url"), ("end", "asc"), _TALENT,
    ),
    SavedSearch(
        "最近轮次 · Latest runs", "talent-runs",
        ("site", "column", "verdict", "reasons_text", "new", "quarantined", "rows", "requests"), ("started",
        "desc"), (),
    ),
    SavedSearch(
        "被拒文档 · Refused documents", "talent-deadletter",
        ("release_id", "error_type", "error", "attempts"), ("created_at", "desc"), (Condition("current", True),),
        may_be_empty=True,
    ),
    SavedSearch(
        "修订记录 · Revisions", "talent-revisions",
        ("title", "number", "cause", "changed", "url"), ("created_at", "desc"), (),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Dashboard:
    """A dashboard: its panels in their places, the time it opens with, its controls (field → data view)."""

    title: str
    about: str
    panels: tuple[Panel | Shown, ...]
    since: str
    until: str
    controls: tuple[tuple[str, str, str], ...]


def _search(title: str, where: tuple[int, int, int, int]) -> Shown:
    return Shown("search", fixed_id("search", title), title, where)


_MAP = "各省发布 · Releases by province"


def _window(days: int, x: int) -> Panel:
    soon = (*_TALENT, Condition("end", gte="now/d", lt=f"now+{days}d/d"))
    title = f"{days}天内截止 · Ending within {days} days"
    return Panel(title, "talent-deadlines", "metric", (_COUNT,), (x, 0, 12, 7), soon)


DASHBOARDS: tuple[Dashboard, ...] = (
    Dashboard(
        "最新动态 · What is new", "新发布的人才政策。 New talent policy: when, where, of which kind.",
        (
            Panel("政策数 · Policies", "talent-policies", "metric", (_COUNT,), (0, 0, 12, 7), _TALENT),
            Panel("近七天首见 · First seen in seven days", "talent-policies", "metric", (_COUNT,), (12, 0, 12, 7),
                  (*_TALENT, Condition("first_seen", gte="now-7d/d"))),
            Panel("地区数 · Regions", "talent-policies", "metric", (Column("unique_count", "region",
              "地区 · Regions"),),
                  (24, 0, 12, 7), _TALENT),
            Panel("发布单位数 · Issuers", "talent-policies", "metric",
                  (Column("unique_count", "issuers", "单位 · Issuers"),), (36, 0, 12, 7), _TALENT),
            Panel("每日发布 · Releases by day", "talent-policies", "bar_stacked",
                  (Column("date", "published", "日期 · Day", interval="1d"),
                   Column("terms", "doc_type", "类型 · Type"), _COUNT), (0, 7, 48, 12), _TALENT),
            Shown("map", fixed_id("map", _MAP), _MAP, (0, 19, 24, 16)),
            Panel("地区分布 · By region", "talent-policies", "bar", (_PLACE, _COUNT), (24, 19, 24, 16), _TALENT),
            Panel("类型 · By type", "talent-policies", "donut", (Column("terms", "doc_type", "类型 · Type"),
              _COUNT),
                  (0, 35, 16, 14), _TALENT),
            Panel("主题 · By topic", "talent-policies", "bar", (_TOPIC, _COUNT), (16, 35, 32, 14), _TALENT),
            _search("最新政策 · Latest policies", (0, 49, 48, 20)),
        ),
        "now-1y", "now",
        (("region_path", "地区 · Region", "talent-policies"), ("topics", "主题 · Topic", "talent-policies"),
         ("level", "层级 · Level", "talent-policies")),
    ),
    Dashboard(
        "各地待遇比较 · Benefits across regions",
        "按主题和省份比较金额（元）；一次性与按月的金额请用周期筛选，不可混比。 "
        "Amounts in yuan by topic and province; filter by period: sums paid once and monthly ones don't compare.",
        (
            Panel("最高金额：主题 × 省份 · Highest amount: topic × province", "talent-benefits", "matrix",
                  (Column("terms", "topic", "主题 · Topic", size=20), _PROVINCE,
                   Column("max", "amount_max_cny", "最高（元）· Highest (CNY)")), (0, 0, 48, 16), _TALENT),
            Panel("金额中位数 · Median and highest amount by topic and period", "talent-benefits", "table",
                  (Column("terms", "topic", "主题 · Topic", size=20), Column("terms", "period",
                  "周期 · Period", size=5),
                   _COUNT, Column("median", "amount_max_cny", "中位数（元）· Median (CNY)"),
                   Column("max", "amount_max_cny", "最高（元）· Highest (CNY)")), (0, 16, 28, 16), _TALENT),
            Panel("对象 · Recipient classes", "talent-benefits", "bar",
                  (Column("terms", "recipient", "对象 · Recipient", size=15), _COUNT), (28, 16, 20, 16), _TALENT),
            Panel("主题条款数 · Clauses by topic", "talent-benefits", "donut",
                  (Column("terms", "topic", "主题 · Topic", size=20), _COUNT), (0, 32, 20, 14), _TALENT),
            Panel("各省最高金额 · Highest amount by province", "talent-benefits", "bar",
                  (_PROVINCE, Column("max", "amount_max_cny", "最高（元）· Highest (CNY)")), (20, 32, 28, 14),
                  _TALENT),
            _search("待遇原文 · Benefits with their quotes", (0, 46, 48, 22)),
        ),
        "now-5y", "now",
        (("topic", "主题 · Topic", "talent-benefits"), ("province", "省份 · Province", "talent-benefits"),
         ("period", "周期 · Period", "talent-benefits"), ("recipient", "对象 · Recipient", "talent-benefits")),
    ),
    Dashboard(
        "时限 · Deadlines",
        "未来30、60、90天截止的申报、公示和征求意见。 Windows that end in the next 30, 60, 90 days.",
        (
            _window(30, 0), _window(60, 12), _window(90, 24),
            Panel("涉及政策 · Releases concerned", "talent-deadlines", "metric",
                  (Column("unique_count", "release_id", "政策 · Releases"),), (36, 0, 12, 7),
                  (*_TALENT, Condition("end", gte="now/d"))),
            Panel("每周截止 · Ending by week", "talent-deadlines", "bar_stacked",
                  (Column("date", "end", "周 · Week", interval="1w"), Column("terms", "kind", "种类 · Kind"),
                  _COUNT),
                  (0, 7, 48, 12), (*_TALENT, Condition("end", gte="now/d"))),
            Panel("种类 · By kind", "talent-deadlines", "donut", (Column("terms", "kind", "种类 · Kind"), _COUNT),
                  (0, 19, 20, 14), (*_TALENT, Condition("end", gte="now/d"))),
            Panel("省份 · By province", "talent-deadlines", "bar", (_PROVINCE, _COUNT), (20, 19, 28, 14),
                  (*_TALENT, Condition("end", gte="now/d"))),
            _search("临近时限 · Next deadlines", (0, 33, 48, 20)),
        ),
        "now/d", "now+90d",
        (("kind", "种类 · Kind", "talent-deadlines"), ("province", "省份 · Province", "talent-deadlines")),
    ),
    Dashboard(
        "来源 · Sources", "各栏目的健康、收获和隔离。 Health of each column, what it yielded, what was held back.",
        (
            Panel("轮次 · Runs", "talent-runs", "metric", (_COUNT,), (0, 0, 12, 7)),
            Panel("站点数 · Sites", "talent-runs", "metric", (Column("unique_count", "site", "站点 · Sites"),),
                  (12, 0, 12, 7)),
            Panel("新发布 · New releases", "talent-runs", "metric", (Column("sum", "new", "新发布 · New"),),
              (24, 0, 12, 7)),
            Panel("隔离 · Quarantined pages", "talent-runs", "metric",
                  (Column("sum", "quarantined", "隔离 · Quarantined"),), (36, 0, 12, 7)),
            Panel("每日结论 · Verdicts by day", "talent-runs", "bar_stacked",
                  (Column("date", "started", "日期 · Day", interval="1d"), Column("terms", "verdict",
                  "结论 · Verdict"),
                   _COUNT), (0, 7, 48, 12)),
            Panel("站点 · Sites: last run, yield, quarantine", "talent-runs", "table",
                  (Column("terms", "site", "站点 · Site", size=200), _COUNT,
                   Column("max", "started", "最近 · Last run"),
                   Column("sum", "new", "新 · New"), Column("sum", "changed_releases", "变 · Changed"),
                   Column("sum", "quarantined", "隔离 · Quarantined"), Column("sum", "requests", "请求 · Requests"),
                   Column("median", "seconds", "用时（秒）· Seconds")), (0, 19, 28, 18)),
            Panel("各站结论 · Verdicts by site", "talent-runs", "bar_stacked",
                  (Column("terms", "site", "站点 · Site", size=50), Column("terms", "verdict", "结论 · Verdict"),
                   _COUNT), (28, 19, 20, 18)),
            Panel("各站政策 · Talent policies by site", "talent-releases", "bar",
                  (Column("terms", "site", "站点 · Site", size=30), _COUNT), (0, 37, 24, 14), _TALENT),
            Panel("各站首见滞后 · First seen by day and site", "talent-releases", "bar_stacked",
                  (Column("date", "first_seen", "首见 · First seen", interval="1d"),
                   Column("terms", "site", "站点 · Site", size=10), _COUNT), (24, 37, 24, 14), _TALENT),
            _search("最近轮次 · Latest runs", (0, 51, 48, 18)),
        ),
        "now-30d", "now",
        (("site", "站点 · Site", "talent-runs"), ("verdict", "结论 · Verdict", "talent-runs")),
    ),
)  # fmt: skip


def saved_objects() -> list[dict[str, Any]]:
    """Everything, in the order in which Kibana takes it: what is referred to comes first."""
    ids = {one.alias: fixed_id("view", one.alias) for one in VIEWS}
    return [
        *(view(one, ids[one.alias]) for one in VIEWS),
        *(saved_search(one, fixed_id("search", one.title), ids[one.view]) for one in SEARCHES),
        map_of(fixed_id("map", _MAP), _MAP, ids["talent-policies"], _TALENT),
        *(
            dashboard(
                fixed_id("dashboard", one.title), one.title, one.about, one.panels, ids, (one.since, one.until),
                one.controls,
            )
            for one in DASHBOARDS
        ),
    ]  # fmt: skip


def panels() -> Sequence[tuple[str, Panel]]:
    """Every Lens panel with its dashboard's title."""
    return [(one.title, panel) for one in DASHBOARDS for panel in one.panels if isinstance(panel, Panel)]
