"""What people paste, as word processors and web pages really write it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses import pasting
from tests.courses.test_rich_text import NAMES, PAYLOADS, html
from tests.harmless import assert_harmless

WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word">
<head><meta charset=utf-8><title>Chasing a reply</title>
<style><!-- /* Font Definitions */ @font-face {font-family:Wingdings;} p.MsoNormal {margin:0cm;} --></style>
<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml><![endif]--></head>
<body lang=EN-GB style='tab-interval:36.0pt'><!--StartFragment-->
<h1><span style='mso-fareast-font-family:"Times New Roman"'>Chasing a reply<o:p></o:p></span></h1>
<p class=MsoNormal>Some suppliers are <b>slow</b>; some are <i style='mso-bidi-font-style:normal'>very</i>
slow.<a style='mso-footnote-id:ftn1' href="#_ftn1" name="_ftnref1" title=""><span class=MsoFootnoteReference>[1]</span></a>
<span class=MsoCommentReference><span style='font-size:8.0pt'><a class=msocomanchor href="#_msocom_1">[HW1]</a></span></span></p>
<h2>Before you write</h2>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='font-family:Symbol;mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp; </span></span><![endif]>Look at the rota<o:p></o:p></p>
<p class=MsoListParagraphCxSpMiddle style='text-indent:-18.0pt;mso-list:l0 level2 lfo1'><![if !supportLists]><span
style='mso-list:Ignore'>o<span>&nbsp; </span></span><![endif]>who has it</p>
<p class=MsoListParagraphCxSpLast style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='mso-list:Ignore'>·<span>&nbsp; </span></span><![endif]>Look at the date</p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><span style='mso-list:Ignore'>1.<span>&nbsp; </span></span>Write once.</p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><span style='mso-list:Ignore'>2.<span>&nbsp; </span></span>Move on.</p>
<table class=MsoTableGrid border=1 cellspacing=0 style='border-collapse:collapse'><tr><td width=200 valign=top style='width:150pt'>
<p class=MsoNormal><b>Reply<o:p></o:p></b></p></td><td><p class=MsoNormal><b>What to do</b></p></td></tr>
<tr><td><p class=MsoNormal>None</p></td><td><p class=MsoNormal><span style='color:red'>Ask</span> the <del cite="x">last</del><ins>next</ins> one</p></td></tr></table>
<p class=MsoNormal><a href="https://example.org/rota">The rota</a>, <a href="file:///C:/rota.docx">a copy</a>,
<a href="#_Toc12">above</a></p>
<p class=MsoNormal><img width=300 src="file:///C:/Temp/clip_image001.png" alt="A form with two fields"></p>
<div style='mso-element:footnote-list'><hr size=1><div style='mso-element:footnote' id=ftn1><p class=MsoFootnoteText><a
style='mso-footnote-id:ftn1' href="#_ftnref1"><span>[1]</span></a> A week is <i>usual</i>.</p></div></div>
<div style='mso-element:comment-list'><p class=MsoCommentText>Hana: true?</p></div>
<!--EndFragment--></body></html>"""  # noqa: E501  (as it is written)

FROM_WORD = """\
<h2>Chasing a reply</h2>
<p>Some suppliers are <strong>slow</strong>; some are <em>very</em> slow.\
<span class="footnote">A week is <em>usual</em>.</span></p>
<h3>Before you write</h3>
<ul><li><p>Look at the rota</p><ul><li><p>who has it</p></li></ul></li><li><p>Look at the date</p></li></ul>
<ol><li><p>Write once.</p></li><li><p>Move on.</p></li></ol>
<table><tbody><tr><th><p>Reply</p></th><th><p>What to do</p></th></tr>\
<tr><td><p>None</p></td><td><p>Ask the next one</p></td></tr></tbody></table>
<p><a href="https://example.org/rota">The rota</a>, a copy, above</p>
<p><em>[Picture: A form with two fields]</em></p>
<hr>
"""

DOCS = (
    '<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-1"><h2 dir="ltr" style="line-height:1.38">'
    '<span style="font-size:16pt;font-weight:400">Due dates</span></h2><p dir="ltr"><span style="font-weight:700">Two</span>'
    '<span style="font-style:italic"> dates</span>, <a href="https://www.google.com/url?q=https://example.org/a&amp;sa=D">'
    '<span style="text-decoration:underline">one</span></a></p><br><ul><li dir="ltr" aria-level="1"><p dir="ltr" '
    'role="presentation"><span>Ours</span></p></li><ul><li dir="ltr" aria-level="2"><p><span>earlier</span></p></li></ul>'
    "<li><p>Theirs</p></li></ul></b>"
)
FROM_DOCS = """\
<h2>Due dates</h2>
<p><strong>Two</strong><em> dates</em>, <a href="https://example.org/a">one</a></p>
<ul><li><p>Ours</p><ul><li><p>earlier</p></li></ul></li><li><p>Theirs</p></li></ul>
"""

WEB = (
    '<div class="hero"><div>Lending <span>policy</span></div><div><p onclick="x()">Send within <b>two</b> days.</p></div></div>'
    '<nav><a href="/here">Here</a></nav><pre class="code">a  b\n  c</pre><blockquote>Be kind.</blockquote>'
    "<script>alert(1)</script><svg><text>no</text></svg><dl><dt>Rota</dt><dd>A list</dd></dl>"
    "<table><tr><td><p>A frame</p></td></tr></table><h5>Small</h5>"
)
FROM_WEB = """\
<p>Lending policy</p>
<p>Send within <strong>two</strong> days.</p>
<p>Here</p>
<pre>a  b
  c</pre>
<blockquote><p>Be kind.</p></blockquote>
<p>Rota</p>
<p>A list</p>
<p>A frame</p>
<h4>Small</h4>
"""


@pytest.mark.parametrize(
    ("given_html", "kept", "pictures"),
    [(WORD, FROM_WORD, 1), (DOCS, FROM_DOCS, 0), (WEB, FROM_WEB, 0)],
    ids=["word", "docs", "web"],
)
def test_what_is_kept_of_it(given_html, kept, pictures):
    found = pasted(given_html)
    assert found.text == kept
    assert found.pictures == pictures


def pasted(given_html="", text="", to="html"):
    return pasting.pasted(html=given_html, text=text, to=to, names=NAMES)


def test_rich_text_pasted_into_markdown_becomes_markdown():
    found = pasted(WORD, to="md")
    assert found.text.startswith(
        "## Chasing a reply\n\nSome suppliers are **slow**; some are *very* slow.[^1]\n\n### Before"
    )
    assert "- Look at the rota\n  - who has it\n- Look at the date\n\n1. Write once.\n2. Move on.\n" in found.text
    assert "| Reply | What to do |\n| --- | --- |\n| None | Ask the next one |" in found.text
    assert found.text.endswith("[^1]: A week is *usual*.\n")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("## Hi\n\n- a\n- b", "<h2>Hi</h2>\n<ul><li><p>a</p></li><li><p>b</p></li></ul>\n"),
        ("See [x](https://example.org)", '<p>See <a href="https://example.org">x</a></p>\n'),
        ("One line.\nNext line.\n\nOther <b>", "<p>One line.<br>Next line.</p>\n<p>Other &lt;b&gt;</p>\n"),
        ("2 * 3 * 4 and a_b_c", "<p>2 * 3 * 4 and a_b_c</p>\n"),
        (":::note\nHere.\n:::", '<aside class="callout note"><p>Here.</p></aside>\n'),
    ],
)
def test_plain_text_is_markdown_only_where_somebody_wrote_markdown(text, kept):
    assert pasted(text=text).text == kept
    assert pasted(text=text, to="md").text == text


def test_nothing_that_is_pasted_does_harm():
    for payload in PAYLOADS:
        assert_harmless(html(pasted(payload).text))
        assert_harmless(html(pasted(f"<p style='mso-list:l0 level1'>{payload}</p><h1>{payload}</h1>").text))


@given(st.text(st.sampled_from("<>/=\"'&; \n\t![]abpredivulliolspanstylemso-list:tabletrtd{}#-"), max_size=200))
@settings(max_examples=150, deadline=None)
def test_any_soup_can_be_pasted(soup):
    assert_harmless(html(pasted(soup).text))
    pasted(soup, to="md")
