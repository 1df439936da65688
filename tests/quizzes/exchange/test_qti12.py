"""QTI 1.2, as old systems and cartridges write it: kinds, replies, weights, and the reason for what has no place."""

import pytest

from quizzes.exchange.values import Item
from tests.quizzes.exchange.qti_files import all_of, manifest, one, reason, zipped


def old(presentation: str, rules: str, after: str = "", meta: str = "") -> bytes:
    return (
        '<questestinterop xmlns="http://www.imsglobal.org/xsd/ims_qtiasiv1p2"><assessment ident="A" title="A">'
        f'<section ident="S">\n<item ident="i1" title="Old">{meta}<presentation><material>'
        f'<mattext texttype="text/html">&lt;p&gt;What?&lt;/p&gt;</mattext></material>{presentation}</presentation>'
        f"<resprocessing>{rules}</resprocessing>{after}</item></section></assessment></questestinterop>"
    ).encode()


def labels(words: str, cardinality: str = "Single") -> str:
    inside = "".join(
        f'<response_label ident="{at}"><material><mattext>{each}</mattext></material></response_label>'
        for at, each in enumerate(words.split())
    )
    shown = f'<render_choice shuffle="Yes">{inside}</render_choice>'
    return f'<response_lid ident="r" rcardinality="{cardinality}">{shown}</response_lid>'


def rule(test: str, score: str = "", reply: str = "", action: str = "Set") -> str:
    sets = f'<setvar action="{action}" varname="SCORE">{score}</setvar>' if score else ""
    shown = f'<displayfeedback feedbacktype="Response" linkrefid="{reply}"/>' if reply else ""
    return f'<respcondition continue="Yes"><conditionvar>{test}</conditionvar>{sets}{shown}</respcondition>'


def equal(value: str, case: str = "No") -> str:
    return f'<varequal respident="r" case="{case}">{value}</varequal>'


def feedback(name: str, words: str) -> str:
    return f'<itemfeedback ident="{name}"><material><mattext>{words}</mattext></material></itemfeedback>'


FIELD = '<response_str ident="r" rcardinality="Single"><render_fib/></response_str>'


def test_an_old_choice_keeps_replies_and_weight():
    weight = (
        "<itemmetadata><qtimetadata><qtimetadatafield><fieldlabel>cc_weighting</fieldlabel>"
        "<fieldentry>4</fieldentry></qtimetadatafield></qtimetadata></itemmetadata>"
    )
    rules = rule("<other/>", reply="g") + rule(equal("1"), "100", "y") + rule(equal("0"), reply="n")
    after = feedback("g", "All") + feedback("y", "Yes") + feedback("n", "No")
    found = one(old(labels("Sell Lend"), rules, after, weight))
    assert [(each["text"], each["right"], each["feedback"]) for each in found.content["options"]] == [
        ("Sell", False, "No"),
        ("Lend", True, "Yes"),
    ]
    assert (found.content["points"], found.content["general_feedback"]) == (4, "All")
    assert (found.content["stem"], found.where.line) == ("<p>What?</p>", 2)


def test_old_kinds():
    both = f"<and>{equal('0')}{equal('2')}<not>{equal('1')}</not></and>"
    assert one(old(labels("A B C", "Multiple"), rule(both, "100"))).content["credit"] == "all"
    added = rule(equal("0"), "50", action="Add") + rule(equal("2"), "50", action="Add")
    found = one(old(labels("A B C", "Multiple"), added + rule(equal("1"), "-50", action="Add")))
    assert [each["right"] for each in found.content["options"]] == [True, False, True]
    assert "credit" not in found.content
    assert one(old(labels("False True"), rule(equal("1"), "100"))).content["type"] == "tf"
    found = one(old(FIELD, rule(equal("Oslo", "Yes"), "100") + rule(equal("Bergen"), "50")))
    assert found.content["answers"] == [{"id": "a", "text": "Oslo"}, {"id": "b", "text": "Bergen", "share": "50"}]
    found = one(old(FIELD, rule('<varsubstring respident="r">loan</varsubstring>', "100")))
    assert found.content["answers"] == [{"id": "a", "text": "*loan*", "match": "wildcard"}]
    assert one(old(FIELD, "")).content["type"] == "essay"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (old("", ""), "nothing to answer"),
        (old(labels("A B"), rule(equal("9"), "100")), "No answer earns anything"),
        (old(labels("A B") * 2, ""), "several answers at once"),
        (old(FIELD, rule("<vargte respident='r'>3</vargte>", "100")), "vargte"),
        (old(labels("A B"), rule(equal("0"), "lots")), "score is worked out"),
        (old('<response_grp ident="r"/>', ""), "response_grp"),
        (old(labels("A B C", "Multiple"), rule(f"<not>{equal('0')}</not>", "100")), "not known here"),
    ],
)
def test_an_old_question_that_cannot_be_kept_is_refused(data: bytes, said: str):
    assert said in reason(data)


def test_a_cartridge_gives_old_questions_with_their_pictures():
    html = '&lt;img src="$IMS-CC-FILEBASE$/plan.png"&gt;&lt;img src="near.png"&gt;'
    quiz = old(labels("A B"), rule(equal("0"), "1")).replace(b"&lt;p&gt;What?&lt;/p&gt;", html.encode())
    found = all_of(
        zipped(
            {
                "imsmanifest.xml": manifest("quiz/q.xml", kind="imsqti_xmlv1p2/imscc_xmlv1p1/assessment"),
                "quiz/q.xml": quiz,
                "quiz/near.png": b"near",
                "web_resources/plan.png": b"plan",
            }
        ),
        "c.imscc",
    )
    [taken] = found
    assert isinstance(taken, Item)
    assert dict(taken.files) == {"plan.png": b"plan", "near.png": b"near"}
