import re

import nh3
import pytest

from rapport.kernel.html import HtmlTooLarge, clean, linkify, to_text
from rapport.kernel.html_markup import flattened

LINK = ' rel="noopener noreferrer nofollow" target="_blank"'


def attributes_sorted(html: str) -> str:
    """nh3 writes attributes in no fixed order."""

    def ordered(tag: re.Match[str]) -> str:
        return f"<{tag[1]} " + " ".join(sorted(re.findall(r'[\w-]+="[^"]*"', tag[2]))) + ">"

    return re.sub(r'<(\w+)((?: [\w-]+="[^"]*")+)>', ordered, html)


HOSTILE = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//x.example/x.js></SCRIPT>",
    "<script\n>alert(1)</script\n>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script>alert(1)",
    "<script/x>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img src=https://track.example/p.gif>",
    "<image src=x onerror=alert(1)>",
    "<p onclick=alert(1)>x",
    "<p ONMOUSEOVER='alert(1)'>x",
    "<p/onclick=alert(1)>x",
    "<body onload=alert(1)>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href=' java\nscript:alert(1)'>x</a>",
    "<a href='&#106;avascript:alert(1)'>x</a>",
    "<a href='&#x6A;avascript&colon;alert(1)'>x</a>",
    "<a href='\x01javascript:alert(1)'>x</a>",
    "<a href=data:text/html,<script>alert(1)</script>>x</a>",
    "<a href=vbscript:x>x</a>",
    "<a href=//evil.example>x</a>",
    "<a href=/logout>x</a>",
    "<a href=file:///etc>x</a>",
    "<iframe src=https://evil.example></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<object data=x.swf></object>",
    "<embed src=x.swf>",
    "<base href=https://evil.example>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<link rel=stylesheet href=//evil.example>",
    "<form action=https://evil.example><input name=password><button>ok</button></form>",
    "<textarea>x</textarea>",
    "<style>*{display:none}</style>",
    "<style><!--</style><script>alert(1)</script>-->",
    "<p style='position:fixed;top:0;left:0;width:9999px'>x",
    "<p style='background:url(//evil.example)'>x",
    "<p style='background-color:url(//evil.example)'>x",
    "<p style='color:expression(alert(1))'>x",
    "<p style='c\\olor:red;po\\sition:fixed'>x",
    "<p style='display:none'>x",
    "<p id=login class=button>x",
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "<svg><a xlink:href=javascript:alert(1)>x</a></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><img src=x onerror=alert(1)></math>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<template><script>alert(1)</script></template>",
    "<xmp><p title='</xmp><img src=x onerror=alert(1)>'>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<!--<img src=x onerror=alert(1)--!><img src=x onerror=alert(1)>",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<p title='\"><img src=x onerror=alert(1)>'>x",
    '<a b"><img src=x onerror=alert(1)>',
    '<p ="><script>x</script>',
    '<a href="https://x.example/"onclick="alert(1)">x</a>',
    "\0<scr\0ipt>alert(1)</scr\0ipt>",
    "<plaintext><img src=x onerror=alert(1)>",
    "<select><style></select><img src=x onerror=alert(1)></style>",
    "<video><source onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<isindex action=javascript:alert(1)>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<x contenteditable onblur=alert(1)>",
]


HARMLESS_TAG = re.compile(
    r"</?(a|p|b|div|table|tbody|details)"
    r'( (href="https://x\.example/"|rel="noopener noreferrer nofollow"|target="_blank"'
    r'|style="[^"]*"|title="[^"]*"))*>'
)


@pytest.mark.parametrize("attack", HOSTILE)
def test_nothing_hostile_survives(attack: str) -> None:
    cleaned = clean(attack)
    assert all(HARMLESS_TAG.fullmatch(tag) for tag in re.findall(r"<[^>]*>", cleaned)), cleaned
    assert not re.search(r"style=\"[^\"]*(position|url|expression|display|\\)", cleaned)
    assert attributes_sorted(clean(cleaned)) == attributes_sorted(cleaned)


def test_harmless_mail_stays_as_it_was() -> None:
    mail = (
        '<p style="color:red">Hello <b>Wanjiru</b>,<br>see <i>this</i>:</p>'
        '<table><tbody><tr><td colspan="2">1</td></tr></tbody></table>'
        '<blockquote dir="ltr">5 &lt; 6 &amp; 7</blockquote><ul><li>a</li><li>b</li></ul>'
    )
    assert clean(mail) == mail


def test_links_open_elsewhere_and_tell_nothing() -> None:
    cleaned = attributes_sorted(
        clean('<a href="https://duka.example/?a=1&amp;b=2" target=_top rel=opener>x</a>')
    )
    assert cleaned == f'<a href="https://duka.example/?a=1&amp;b=2"{LINK}>x</a>'
    assert 'href="mailto:a@b.example"' in clean('<a href="mailto:a@b.example">x</a>')


def test_images_go_unless_their_source_becomes_ours() -> None:
    pictures = '<img src="cid:1" alt="logo"><img src="https://t.example/p.gif">'
    mail = f'{pictures}<a href="/files/1">x</a><a href="/x">y</a>'
    assert "img" not in clean(mail)
    ours = clean(mail, images=lambda source: "/files/1" if source == "cid:1" else None)
    assert ours.count("src=") == 1 and 'src="/files/1"' in ours and 'href="/x"' not in ours


def test_the_depth_is_limited_and_the_text_stays() -> None:
    cleaned = clean("<div>" * 200 + "deep" + "</div>" * 200 + "<p>after</p>", max_depth=10)
    assert cleaned == "<div>" * 10 + "deep" + "</div>" * 10 + "<p>after</p>"


def depth(html: str) -> int:
    deepest = now = 0
    for closing, name in re.findall(r"<(/?)(\w+)", html):
        if name not in {"br", "hr", "img", "wbr", "col"}:
            now += -1 if closing else 1
        deepest = max(deepest, now)
    return deepest


@pytest.mark.parametrize(
    "unit",
    [
        "<div>",
        "<span>",
        "<b>",
        "<a href=x>",
        "<table><tr><td>",
        "<table>",
        "<ul><li>",
        "<p><b>",
        "<b><p></b>",
        "<div></span>",
        "<div><table></div>",
        "<span><div></span>",
        "<i><div>x</i>",
        "<dl><dd>",
        "<q></p>",
        "<div x='</div>'>",
        "<div><!--</div>-->",
        "<div><style></div></style>",
        "<svg><div></svg>",
        "<b>" * 12 + "<div>" * 9 + "</b>" * 12,
        "<td><div></td>",
        "<h1><div></h1>",
        "<li><div></li>",
        "<select><div>",
        '<div a b"></div>">',
        "<div><title></div></title>",
        "<font color=#1><table><td>",
        "<table><table></table><td><div></td>",
        "<table><caption><td><div></td>",
        "<table><tr><div></tr>",
        "<table></div><div></tr>",
        "<ul><table><li></ul>",
        "<a><table><a><div></a>",
        "<b><table><td></b><div></table>",
        "<p><table><p></table></p><div>",
    ],
)
def test_no_pattern_of_tags_gets_past_the_depth_limit(unit: str) -> None:
    # Much deeper input than the limit; nh3 then builds the tree that the limiter had to foresee.
    assert depth(clean(unit * 3_000, max_depth=50)) <= 2 * 50


def test_sloppy_but_shallow_markup_is_not_cut() -> None:
    rows = "<tr><td><font color=red><p>x<td><li>y" * 300
    mail = f"<table>{rows}</table>" + "<p>a<p>b" * 300 + "<b><i>x</b></i>" * 300 + "<dt>x<dd>y" * 300
    plain = nh3.clean(mail, tags={"table", "tr", "tbody", "td", "font", "p", "li", "b", "i", "dt", "dd"})
    cleaned = re.sub(r' color="red"', "", clean(mail))
    assert cleaned.count("<td>") == plain.count("<td>") == 600
    assert cleaned.count("<p>") == plain.count("<p>")
    assert cleaned.count("<b>") == plain.count("<b>") and cleaned.count("<dd>") == plain.count("<dd>")


def test_formatting_that_is_never_closed_does_not_multiply() -> None:
    fonts = "".join(f'<font color="#{number:06x}">' for number in range(90))
    mail = f"<div>{fonts}</div>" + "<p>x" * 20_000
    cleaned = clean(mail)
    assert len(cleaned) < 40 * len(mail) and cleaned.count("x") == 20_000


def test_the_limiter_writes_what_it_reads_in_one_way_only() -> None:
    flat = flattened(
        """<P Title='a"<b>' TITLE=2 onclick=x><B/>1 < 2 <a href="x>y<!-- > --><!x><?y></ z></p ><p x""",
        max_depth=9,
        tags=frozenset({"p", "b"}),
        rewrite=lambda tag, attribute, value: value if attribute == "title" else None,
    )
    assert flat == '<p title="a&quot;&lt;b>"><b>1 &lt; 2 y</p>&lt;p x'


def test_too_large_html_is_refused_and_not_cut() -> None:
    assert clean("é" * 50, max_bytes=100) == "é" * 50
    with pytest.raises(HtmlTooLarge):
        clean("é" * 51, max_bytes=100)


@pytest.mark.parametrize(
    "broken", ["<", "</", "<a", "<a b", "<a b=", '<a b="', "<!", "<!--", "<?", "\ud800<b>x", "&#xD800;"]
)
def test_broken_html_never_breaks_anything(broken: str) -> None:
    clean(broken)
    to_text(broken)
    linkify(broken)
    assert "before" in clean("before" + broken) and "before" in to_text("before" + broken)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Hello <b>Wan</b>jiru,</p><p>see\n  this</p>", "Hello Wanjiru,\n\nsee this"),
        ("a<br>b<br/><br>c", "a\nb\n\nc"),
        ("<div>a</div><div><div>b</div></div>c", "a\nb\nc"),
        ("<ul><li>a<li>b</ul>c", "- a\n- b\n\nc"),
        ("<table><tr><td>a<td>b<tr><td>c</table>", "a b\nc"),
        ("<style>p{}</style><title>t</title><script>x</script><!-- c -->5 &lt; 6&nbsp;&amp; 7", "5 < 6 & 7"),
        ("<pre>  a\n   b</pre>c", "  a\n   b\n\nc"),
        ("<img alt='Logo &amp; name' src=x> Duka", "Logo & name Duka"),
        ("1 < 2 and <3", "1 < 2 and <3"),
        ("<p>  </p><p></p>", ""),
        ("<h1>T</h1>\n\n\n<p>x</p>\n<hr>\n<p>y</p>", "T\n\nx\n\ny"),
    ],
)
def test_html_becomes_the_text_a_reader_sees(html: str, text: str) -> None:
    assert to_text(html) == text


def test_text_can_keep_the_addresses_of_links() -> None:
    html = '<p>See <a href="https://d.example/?a=1&amp;b=2">the shop</a> or <a href="https://d.example">https://d.example</a>'
    assert to_text(html) == "See the shop or https://d.example"
    assert to_text(html, links=True) == "See the shop (https://d.example/?a=1&b=2) or https://d.example"
    assert to_text("<a href=javascript:x>y</a>", links=True) == "y"


OTIENO = "otieno@duka.example"


def shown(url: str, text: str | None = None) -> str:
    return f'<a href="{url}" target="_blank" rel="noopener noreferrer nofollow">{text or url}</a>'


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("see https://d.example/a?b=1&c=2.", f"see {shown('https://d.example/a?b=1&amp;c=2')}."),
        ("(https://d.example/a_(b))", f"({shown('https://d.example/a_(b)')})"),
        ("HTTP://D.example!", f"{shown('HTTP://D.example')}!"),
        ("mail otieno@duka.example, please\n", f"mail {shown('mailto:' + OTIENO, OTIENO)}, please\n"),
        ("<otieno@duka.example>", f"&lt;{shown('mailto:' + OTIENO, OTIENO)}&gt;"),
        ("mailto:a@b.example", shown("mailto:a@b.example")),
        ("<b>&\"'", "&lt;b&gt;&amp;&quot;&#x27;"),
        (
            'https://x.example/"onmouseover="alert(1)',
            f"{shown('https://x.example/')}&quot;onmouseover=&quot;alert(1)",
        ),
        ("https://x.example/<script>", f"{shown('https://x.example/')}&lt;script&gt;"),
        (
            "javascript:alert(1) data:text/html,x ftp://x.example",
            "javascript:alert(1) data:text/html,x ftp://x.example",
        ),
        ("javascript://https://x.example", f"javascript://{shown('https://x.example')}"),
        ("https:// http://... @ a@ @b a@b", "https:// http://... @ a@ @b a@b"),
        ("https://good.example/\u202egpj", f"{shown('https://good.example/')}\u202egpj"),
        ("a  b\n\n c", "a  b\n\n c"),
        ("", ""),
    ],
)
def test_text_becomes_escaped_html_with_web_and_mail_links_only(text: str, html: str) -> None:
    assert linkify(text) == html


def test_absurdly_long_words_are_not_links() -> None:
    assert "<a" not in linkify("https://x.example/" + "a" * 3_000)
