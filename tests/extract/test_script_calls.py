"""What a page's scripts ask for, read without running them. All pages are synthetic."""

from __future__ import annotations

import pytest

from crawler.extract.platforms import hanweb, numbered
from crawler.extract.script_calls import Call, calls, forms

PAGE = "https://hrss.example.gov.cn/001004/list.html"
HOST = "https://hrss.example.gov.cn"


def script(text: str) -> str:
    return f"<html><body><div id='list'></div><script>{text}</script></body></html>"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # A form whose one field is JSON, the page counted from 0, as the function is called.
        (
            "var num='001004'; function load(pageIndex){$.ajax({url:'/rest/getPageInfoListNew',type:'post',"
            'data:{params:JSON.stringify({"categoryNum":num,"pageIndex":pageIndex,"pageSize":15})},'
            "success:function(r){draw(r)}})} load(0);",
            Call(
                f"{HOST}/rest/getPageInfoListNew", "POST",
                "params=%7B%22categoryNum%22%3A%22001004%22%2C%22pageIndex%22%3A{i}%2C%22pageSize%22%3A15%7D",
            ),
        ),
        (
            "function query(pageNum){fetch('/api/article/page',{method:'POST',headers:{a:'b'},"
            "body:JSON.stringify({channelId:12,pageNum:pageNum,keyword:''})}).then(r=>r.json())} query(1)",
            Call(f"{HOST}/api/article/page", "POST", '{"channelId":12,"pageNum":{n},"keyword":""}'),
        ),
        (
            "$.post('/list.do','columnId=5&pageNo=1&rows=20',function(d){})",
            Call(f"{HOST}/list.do", "POST", "columnId=5&pageNo={n}&rows=20"),
        ),
        (
            "axios.post('/api/list', {page: 1, size: 15})",
            Call(f"{HOST}/api/list", "POST", '{"page":{n},"size":15}'),
        ),
        (
            "function load(n){$.ajax({url:\"/common/search/0a1b?_isJson=true&_pageSize=15&page=\"+n})} load(1)",
            Call(f"{HOST}/common/search/0a1b?_isJson=true&_pageSize=15&page=1"),
        ),
        (
            "axios.get('/cms/list',{params:{siteId:9,pageNum:1,pageSize:15}}).then(function(r){})",
            Call(f"{HOST}/cms/list?siteId=9&pageNum=1&pageSize=15"),
        ),
        (
            "const page=1; fetch(`/api/news?channel=3&page=${page}`)",
            Call(f"{HOST}/api/news?channel=3&page=1"),
        ),
        (
            "var url='/module/jpage/dataproxy.jsp?page=1&columnid=88'; $.get(url, function(d){})",
            Call(f"{HOST}/module/jpage/dataproxy.jsp?page=1&columnid=88"),
        ),
        (
            "var x=new XMLHttpRequest(); x.open('POST','/app/list.do'); x.send('cat=3&page=1');",
            Call(f"{HOST}/app/list.do", "POST", "cat=3&page={n}"),
        ),
    ],
)  # fmt: skip
def test_a_list_that_a_script_asks_for(text: str, expected: Call) -> None:
    assert calls(script(text), PAGE) == (expected,)


def test_a_script_with_a_callback() -> None:
    source = "<script src='/api/list.jsonp?channel=5&amp;pageNo=1&amp;callback=cb'></script>"
    assert calls(source, PAGE) == (Call(f"{HOST}/api/list.jsonp?channel=5&pageNo=1&callback=cb"),)


@pytest.mark.parametrize(
    "text",
    [
        "$.get('/visit/count?page=1')",  # a counter
        "$.post('/comment/save',{page:1,text:'x'})",  # what writes
        "$.post('/login',{page:1,user:'x'})",
        "$.post('/api/updateList',{page:1})",
        "$.get('https://other.example.com/list?page=1')",  # another's host
        "$.post('/api/list',{page:1,token:getToken()})",  # only a running script knows
        "$.post('/api/detail',{id:5})",  # no list: it has no page
        "$.ajax({url:'/weather/list?page=1'})",
        "$.get('list.html?page=1'.replace('1', x))",
    ],
)
def test_what_is_left_alone(text: str) -> None:
    assert calls(script(text), PAGE) == ()


def test_a_form_that_turns_pages() -> None:
    form = (
        "<form method='post' action='/doc/list.do'><input type='hidden' name='catId' value='31'>"
        "<input type='hidden' name='pageNo' value='1'><a href='javascript:goPage(2)'>下一页</a></form>"
    )
    assert forms(form, PAGE) == (Call(f"{HOST}/doc/list.do", "POST", "catId=31&pageNo={n}"),)
    assert forms(form.replace("value='1'", "value='0'"), PAGE)[0].body == "catId=31&pageNo={i}"
    assert forms(form.replace("javascript:goPage(2)", "/2.html"), PAGE) == ()
    assert forms(form.replace("/doc/list.do", "/doc/save.do"), PAGE) == ()
    assert forms(form.replace("</form>", "<input type='password' name='p'></form>"), PAGE) == ()


def test_the_records_behind_a_datastore() -> None:
    source = (
        "<script>$('#9').jpage({perPage:15,totalRecord:100,proxyUrl:'/module/web/jpage/dataproxy.jsp',"
        "ajaxParam:{'col':1,'webid':'3','columnid':'9','unitid':'7'}});</script>"
    )
    url, total = hanweb.next_group(source, PAGE, 45)
    assert (url, total) == (
        f"{HOST}/module/web/jpage/dataproxy.jsp?startrecord=46&endrecord=90&perpage=15&col=1&webid=3&columnid=9&unitid=7",
        100,
    )
    assert (numbered(url or "", 3) or "").startswith(
        f"{HOST}/module/web/jpage/dataproxy.jsp?startrecord=91&endrecord=135&perpage=15"
    )
    assert hanweb.next_group(source, PAGE, 100) == (None, 100)
    assert numbered(f"{HOST}/module/jpage/dataproxy.jsp?page=1&columnid=9", 2) == (
        f"{HOST}/module/jpage/dataproxy.jsp?page=2&columnid=9"
    )


def test_records_asked_for_as_the_pages_script_does() -> None:
    proxy = f"{HOST}/module/web/jpage/dataproxy.jsp"
    assert hanweb.as_post(f"{proxy}?startrecord=46&endrecord=90&perpage=15&col=1&webname=%E5%B8%82&unitid=7") == (
        f"{proxy}?startrecord=46&endrecord=90&perpage=15",
        "col=1&webname=%E5%B8%82&unitid=7",
    )
    for query in ("startrecord=1&endrecord=9", "page=2&unitid=7", ""):
        assert hanweb.as_post(f"{proxy}?{query}") is None
    assert hanweb.as_post(f"{HOST}/col/col9/index.html?startrecord=1&a=2") is None


def test_the_next_fragment_of_jpaas() -> None:
    unit = f"{HOST}/api-gateway/jpaas-publish-server/front/page/build/unit?webId=1&pageId=2"
    assert numbered(unit, 2, 15) == unit + "&paramJson=%7B%22pageNo%22%3A2%2C%22pageSize%22%3A15%7D"
    assert (
        numbered(numbered(unit, 2, 15) or "", 3, 4)
        == unit + "&paramJson=%7B%22pageNo%22%3A3%2C%22pageSize%22%3A15%7D"
    )
    assert numbered(unit, 2) is None


@pytest.mark.parametrize(
    "text",
    [
        "$.ajax({" + "a:{" * 5000,
        "$.ajax(" * 5000,
        "fetch('/list?page='" + "+a" * 5000 + ")",
        "".join(f"$.get('/list?page='+name{n}+other{n});" for n in range(3000)),
        "$.post('/list',{" + ",".join(f"k{n}:v{n}" for n in range(3000)) + "})",
        "$.get('" + "\\" * 50_000,
        "$.ajax([}); $.get(}); $.post('/list',[)]}, {a:)});",
        "function f(" + "a," * 20_000 + "){$.get('/list?page='+page)}",
    ],
    ids=range(8),
)
def test_hostile_scripts_end_and_ask_for_little(text: str) -> None:
    asked = calls(script(text + "x" * 1_000_000), PAGE)
    assert len(asked) <= 40
    assert all(call.url.startswith(HOST) for call in asked)
