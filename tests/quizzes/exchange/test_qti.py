"""QTI: each interaction that has a place here, and each rule of scoring that is understood."""

from pathlib import Path

import pytest

from quizzes.exchange.qti import FORMAT, FORMAT3
from quizzes.exchange.values import Refusal
from tests.quizzes.exchange.qti_files import MAP, MATCH, all_of, choices, declare, item_xml, mapping, one, reason

PYSLET = Path(__file__).parents[2] / "fixtures" / "qti" / "v2p1-pyslet"


# files of others


@pytest.mark.parametrize(
    ("name", "reasons"),
    [
        ("basic--assessment.xml", ["is missing"] * 3),
        ("basic--multiPart.xml", ["is missing"]),
        ("basic--q0.xml", ["nothing to answer"]),
        ("errors--required.xml", ["draws 2 of its questions, but requires 3", "is missing"]),
    ],
)
def test_public_files_that_hold_no_question_are_refused(name: str, reasons: list[str]):
    found = all_of((PYSLET / name).read_bytes())
    assert all(isinstance(each, Refusal) and each.where.line for each in found)
    assert len(found) == len(reasons)
    for each, said in zip(found, reasons, strict=True):
        assert isinstance(each, Refusal)
        assert said in each.reason


def test_a_public_item_is_taken_and_its_gaps_are_told():
    found = one((PYSLET / "basic--q1.xml").read_bytes())
    assert [(each["text"], each["right"]) for each in found.content["options"]] == [
        ("Alberto Contador", False),
        ("Vincenzo Nibali", False),
        ("Bradley Wiggins", True),
        ("Chris Froome", False),
    ]
    assert len(found.warnings) == 2


# interactions


def test_a_single_choice():
    found = one(item_xml(declare("single", "B"), choices("ABC", shuffle="false"), MATCH))
    assert found.content["stem"] == "Which?"
    assert found.content["shuffle"] is False
    assert [(each["text"], each["right"]) for each in found.content["options"]][1] == ("Option <b>B</b>", True)
    assert found.warnings == ()


def test_a_single_choice_with_part_credit_and_points():
    found = one(item_xml(declare("single", "A", mapping(A="3", B="1.5", C="-1")), choices("ABC"), MAP))
    assert found.content["points"] == 3
    assert [each.get("share") for each in found.content["options"]] == [None, "50", None]
    assert "takes credit away" in found.warnings[0]


@pytest.mark.parametrize(
    ("declared", "rules", "credit", "points"),
    [
        (declare("multiple", "A,B"), MATCH, "all", 1),
        (declare("multiple", "A,B", mapping(A="1", B="1", C="-1")), MAP, None, 2),
        (declare("multiple", "A,B", mapping(top="2", A="1", B="1", C="-2")), MAP, "shares", 2),
    ],
)
def test_several_choices(declared: str, rules: str, credit: str | None, points: int):
    found = one(item_xml(declared, choices("ABC", several=True), rules))
    assert found.content["type"] == "multi"
    assert [each["right"] for each in found.content["options"]] == [True, True, False]
    assert (found.content.get("credit"), found.content.get("points", 1)) == (credit, points)


def test_choices_called_true_and_false_are_one_question_of_that_type():
    body = choices("").replace(
        "</choiceInteraction>",
        '<simpleChoice identifier="false">No</simpleChoice><simpleChoice identifier="true">Yes</simpleChoice>'
        "</choiceInteraction>",
    )
    found = one(item_xml(declare("single", "true"), body, MATCH))
    assert [(each["id"], each["text"], each["right"]) for each in found.content["options"]] == [
        ("true", "Yes", True),
        ("false", "No", False),
    ]


def test_an_order():
    body = choices("ABC").replace("choiceInteraction", "orderInteraction")
    found = one(item_xml(declare("ordered", "C,A,B"), body, MATCH))
    assert [each["text"][-5:-4] for each in found.content["items"]] == ["C", "A", "B"]
    assert found.content["credit"] == "all"


def matching(most: str) -> str:
    def one_set(names: str, limit: str) -> str:
        inside = "".join(
            f'<simpleAssociableChoice identifier="{each}" matchMax="{limit}">{each}</simpleAssociableChoice>'
            for each in names
        )
        return f"<simpleMatchSet>{inside}</simpleMatchSet>"

    return (
        '<matchInteraction responseIdentifier="RESPONSE" shuffle="true"><prompt>Match</prompt>'
        f"{one_set('AB', '1')}{one_set('XYZ', most)}</matchInteraction>"
    )


def pairs(*keys: str) -> str:
    return mapping(**dict.fromkeys(keys, "1")).replace("_", " ")


def test_pairs_are_matching_and_right_sides_for_several_are_groups():
    declared = declare("multiple", "A X,B Y", pairs("A_X", "B_Y"), base="directedPair")
    found = one(item_xml(declared, matching("1"), MAP))
    assert found.content["pairs"] == [{"id": "a", "left": "A", "right": "X"}, {"id": "b", "left": "B", "right": "Y"}]
    assert found.content["extras"] == [{"id": "c", "text": "Z"}]
    declared = declare("multiple", "A X,B X", pairs("A_X", "B_X"), base="directedPair")
    found = one(item_xml(declared, matching("2"), MAP))
    assert [each["group"] for each in found.content["items"]] == ["a", "a"]
    assert [each["text"] for each in found.content["groups"]] == ["X", "Y", "Z"]


def test_fields_in_a_text_are_gaps():
    oslo = '<mapping><mapEntry mapKey="Oslo" mappedValue="1" caseSensitive="false"/></mapping>'
    declared = declare("single", "A", mapping(A="2")).replace("RESPONSE", "R1")
    declared += declare("single", "Oslo", oslo, base="string").replace("RESPONSE", "R2")
    body = (
        '<p>We <inlineChoiceInteraction responseIdentifier="R1" shuffle="true"><inlineChoice identifier="A">lend'
        '</inlineChoice><inlineChoice identifier="B">sell</inlineChoice></inlineChoiceInteraction> in '
        '<textEntryInteraction responseIdentifier="R2"/>.</p>'
    )
    rules = (
        '<responseProcessing><setOutcomeValue identifier="SCORE"><sum><mapResponse identifier="R1"/>'
        '<mapResponse identifier="R2"/></sum></setOutcomeValue></responseProcessing>'
    )
    found = one(item_xml(declared, body, rules))
    assert found.content["stem"] == "<p>We [[1]] in [[2]].</p>"
    assert [(each["kind"], each.get("points", 1)) for each in found.content["gaps"]] == [("choice", 2), ("text", 1)]
    assert found.content["points"] == 3


def test_words_put_into_gaps():
    body = (
        '<gapMatchInteraction responseIdentifier="RESPONSE" shuffle="true"><prompt>Fill</prompt>'
        '<gapText identifier="W" matchMax="1">lend</gapText><gapText identifier="V" matchMax="1">sell</gapText>'
        '<p>We <gap identifier="G1"/> books.</p></gapMatchInteraction>'
    )
    declared = declare("multiple", "W G1", pairs("W_G1"), base="directedPair")
    found = one(item_xml(declared, body, MAP))
    assert found.content["stem"] == "Fill\n<p>We [[1]] books.</p>"
    assert [(each["text"], each["right"]) for each in found.content["gaps"][0]["options"]] == [
        ("lend", True),
        ("sell", False),
    ]


@pytest.mark.parametrize(("base", "kind"), [("string", "text"), ("integer", "num"), ("float", "num")])
def test_a_field_alone_is_words_or_a_number(base: str, kind: str):
    body = '<p>How many?</p><p><textEntryInteraction responseIdentifier="RESPONSE"/></p>'
    found = one(item_xml(declare("single", "42", base=base), body, MATCH))
    assert (found.content["type"], found.content["stem"]) == (kind, "<p>How many?</p>")


def test_a_number_with_tolerance_and_replies():
    body = '<p>How many?</p><p><textEntryInteraction responseIdentifier="RESPONSE"/></p>'
    rules = (
        "<responseProcessing><responseCondition><responseIf>"
        '<equal toleranceMode="absolute" tolerance="0.5 0.5"><variable identifier="RESPONSE"/>'
        '<correct identifier="RESPONSE"/></equal><setOutcomeValue identifier="SCORE">'
        '<baseValue baseType="float">2</baseValue></setOutcomeValue><setOutcomeValue identifier="FEEDBACK">'
        '<baseValue baseType="identifier">good</baseValue></setOutcomeValue></responseIf><responseElse>'
        '<setOutcomeValue identifier="FEEDBACK"><baseValue baseType="identifier">bad</baseValue></setOutcomeValue>'
        "</responseElse></responseCondition></responseProcessing>"
    )
    after = "".join(
        f'<modalFeedback outcomeIdentifier="FEEDBACK" identifier="{name}" showHide="show">{name}!</modalFeedback>'
        for name in ("good", "bad", "never")
    )
    found = one(item_xml(declare("single", "42", base="float"), body, rules, after))
    assert found.content["answers"] == [{"id": "a", "value": "42", "tolerance": "0.5", "feedback": "good!"}]
    assert (found.content["points"], found.content["other_feedback"]) == (2, "bad!")
    assert found.warnings == ("The reply “never!” is left out.",)


def test_a_free_text_keeps_what_scorers_should_know():
    body = (
        '<p>Why?</p><rubricBlock view="scorer"><p>Look for two reasons.</p></rubricBlock>'
        '<extendedTextInteraction responseIdentifier="RESPONSE"/>'
    )
    found = one(item_xml(declare("single", base="string"), body))
    assert (found.content["type"], found.content["notes"]) == ("essay", "<p>Look for two reasons.</p>")
    assert found.content["stem"] == "<p>Why?</p>"


def test_a_slider_is_a_number():
    body = '<sliderInteraction responseIdentifier="RESPONSE" lowerBound="0" upperBound="10"/>'
    body = f"<p>How many?</p>{body}"
    found = one(item_xml(declare("single", "4", base="integer"), body, MATCH))
    assert found.content["answers"] == [{"id": "a", "value": "4"}]
    assert "slider from 0 to 10" in found.warnings[0]


PICTURE = '<object type="image/png" width="100" height="80" data="img/plan.png">Plan</object>'


def test_places_on_a_picture():
    body = (
        f'<hotspotInteraction responseIdentifier="RESPONSE" maxChoices="1"><prompt>Where?</prompt>{PICTURE}'
        '<hotspotChoice identifier="A" shape="circle" coords="20,20,8" hotspotLabel="Desk"/>'
        '<hotspotChoice identifier="B" shape="rect" coords="40,40,60,60"/></hotspotInteraction>'
    )
    found = one(item_xml(declare("single", "A"), body, MATCH))
    assert (found.content["image"], found.content["alt"], found.content["width"]) == ("media/plan.png", "Plan", 100)
    assert [(each["shape"], each["coords"], each["text"], each["right"]) for each in found.content["areas"]] == [
        ("circle", [20, 20, 8], "Desk", True),
        ("rect", [40, 40, 60, 60], "Area 2", False),
    ]


def test_a_point_within_an_area():
    areas = '<areaMapping><areaMapEntry shape="rect" coords="1,1,9,9" mappedValue="1"/></areaMapping>'
    body = f'<selectPointInteraction responseIdentifier="RESPONSE" maxChoices="1">{PICTURE}</selectPointInteraction>'
    body = f"<p>Where?</p>{body}"
    found = one(
        item_xml(declare("single", "", areas, base="point"), body, MAP.replace("map_response", "map_response_point"))
    )
    assert [(each["coords"], each["right"]) for each in found.content["areas"]] == [([1, 1, 9, 9], True)]


def test_replies_beside_a_choice_and_after_it():
    body = choices("AB").replace(
        "<b>A</b>", '<b>A</b><feedbackInline outcomeIdentifier="F" identifier="A">inline</feedbackInline>'
    )
    rules = (
        '<responseProcessing><setOutcomeValue identifier="SCORE"><mapResponse identifier="RESPONSE"/></setOutcomeValue>'
        '<setOutcomeValue identifier="F"><variable identifier="RESPONSE"/></setOutcomeValue></responseProcessing>'
    )
    after = '<modalFeedback outcomeIdentifier="F" identifier="B" showHide="show"><p>modal</p></modalFeedback>'
    found = one(item_xml(declare("single", "A", mapping(A="1")), body, rules, after))
    assert [each["feedback"] for each in found.content["options"]] == ["inline", "<p>modal</p>"]
    assert found.content["options"][0]["text"] == "Option <b>A</b>"


# what is refused


EARNS = '<setOutcomeValue identifier="SCORE"><baseValue baseType="float">1</baseValue></setOutcomeValue>'


def condition(test: str) -> str:
    branch = f"<responseIf>{test}{EARNS}</responseIf>"
    return f"<responseProcessing><responseCondition>{branch}</responseCondition></responseProcessing>"


def sets(outcome: str, expression: str) -> str:
    rule_ = f'<setOutcomeValue identifier="{outcome}">{expression}</setOutcomeValue>'
    return f"<responseProcessing>{rule_}</responseProcessing>"


@pytest.mark.parametrize(
    "rules",
    [
        MATCH.replace("match_correct", "mine"),
        condition('<gt><variable identifier="RESPONSE"/><baseValue baseType="integer">2</baseValue></gt>'),
        condition('<match><variable identifier="duration"/><correct identifier="OTHER"/></match>'),
        condition("<and/>"),
        "<responseProcessing><exitResponse/></responseProcessing>",
        sets("SCORE", '<product><mapResponse identifier="RESPONSE"/></product>'),
        sets("SCORE", '<variable identifier="T"/>'),
        sets("ELSE", '<mapResponse identifier="RESPONSE"/>'),
    ],
)
def test_scoring_of_its_own_is_refused(rules: str):
    assert "response processing is of its own" in reason(
        item_xml(declare("single", "A", mapping(A="1")), choices("AB"), rules)
    )


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (item_xml(declare("single", "A"), choices("AB"), MATCH, adaptive="true"), "adaptive"),
        (item_xml(declare("single", "A"), "<p>none</p>", MATCH), "nothing to answer"),
        (item_xml("", choices("AB"), MATCH), "is not declared"),
        (item_xml(declare("single"), choices("AB"), MATCH), "No answer earns anything"),
        (item_xml(declare("single", "A"), choices("AB") * 2, MATCH), "several answers"),
        (
            item_xml(declare("single", "A"), f'<p><printedVariable identifier="T"/></p>{choices("AB")}', MATCH),
            "printedVariable",
        ),
        (
            item_xml(declare("single", "A"), '<uploadInteraction responseIdentifier="RESPONSE"/>', MATCH),
            "no kind known",
        ),
        (item_xml("<templateDeclaration/>", choices("AB"), "<templateProcessing/>"), "templateProcessing"),
        (item_xml(declare("ordered", "A"), choices("AB").replace("choiceI", "orderI"), MATCH), "right order"),
        (item_xml(declare("single", "A"), choices("A"), MATCH), "options"),
    ],
)
def test_what_has_no_place_is_refused_with_the_reason(data: bytes, said: str):
    assert said in reason(data)


# QTI 3


def test_the_names_of_qti_3_mean_the_same():
    data = b"""<?xml version="1.0"?>
<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="three" title="Three" adaptive="false">
  <qti-response-declaration identifier="RESPONSE" cardinality="single" base-type="identifier">
    <qti-correct-response><qti-value>A</qti-value></qti-correct-response></qti-response-declaration>
  <qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float" normal-maximum="2"/>
  <qti-outcome-declaration identifier="F" cardinality="single" base-type="identifier">
    <qti-default-value><qti-value>all</qti-value></qti-default-value></qti-outcome-declaration>
  <qti-item-body><p>Which?</p><qti-choice-interaction response-identifier="RESPONSE" max-choices="1" shuffle="true">
    <qti-simple-choice identifier="A">Lend</qti-simple-choice>
    <qti-simple-choice identifier="B">Sell</qti-simple-choice></qti-choice-interaction></qti-item-body>
  <qti-response-processing template="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct.xml"/>
  <qti-modal-feedback outcome-identifier="F" identifier="all" show-hide="show"><qti-content-body><p>Because.</p>
  </qti-content-body></qti-modal-feedback>
</qti-assessment-item>"""
    found = one(data)
    assert (found.content["uid"], found.content["points"], found.content["stem"]) == ("three", 2, "<p>Which?</p>")
    assert found.content["general_feedback"] == "<p>Because.</p>"
    assert [each["right"] for each in found.content["options"]] == [True, False]
    assert FORMAT3.fits(data)
    assert not FORMAT.fits(data)
