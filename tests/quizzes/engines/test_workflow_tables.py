"""The two state tables of the workflow engine: nobody is ever stuck, and what one side sends the other understands."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest

from quizzes.engines.workflow.machine import Table, rows
from quizzes.engines.workflow.requester_table import REQUESTER
from quizzes.engines.workflow.soundness import stuck
from quizzes.engines.workflow.supplier_table import SUPPLIER

DAYS = 3  # the clock of the abstraction: days until the timer of a state rings
RINGS = {  # what the clock does in a state, on either side
    "requester": {
        "SENT": ["days to respond pass"],
        "EXPECTED": ["days to respond pass"],
        "CANCEL_PENDING": ["no answer in policy days"],
        "RECEIVED": ["due date passes"],
        "IN_USE": ["due date passes"],
        "RECALLED": ["due date passes"],
        "RENEW_PENDING": ["due date passes unanswered"],
    },
    "supplier": {
        "NEW": ["days to respond pass"],
        "SEARCHING": ["days to respond pass"],
        "CONDITION_SENT": ["days to answer pass"],
        "RETRY_SENT": ["days to answer pass"],
        "CANCEL_ASKED": ["policy days pass"],
        "RENEW_ASKED": ["due date passes unanswered", "policy days pass, asked late"],
    },
}
TABLES = {"requester": REQUESTER, "supplier": SUPPLIER}
Node = tuple[str, str, int]


def steps(side: str, node: Node) -> Iterator[tuple[str, Node]]:
    """What leads on from state, previous state and days left: moves, events from outside, a day, a timer that rings."""
    table, (status, previous, days) = TABLES[side], node
    rings = RINGS[side].get(status, [])
    for trigger in table.triggers(status):
        ringing = trigger in {each for listed in RINGS[side].values() for each in listed}
        if ringing and (trigger not in rings or days):
            continue
        after = table.fire(status, previous, trigger)
        assert after is not None
        kind = "own" if ringing or trigger.startswith(("act:", "user", "rota")) else "theirs"
        yield kind, (*after, days if after[0] == status else DAYS)
    if rings and days:
        yield "own", (status, previous, days - 1)


def walked(side: str) -> dict[Node, list[tuple[str, Node]]]:
    """Every state of the abstraction that can be reached, with what leads on from it."""
    start = (TABLES[side].start, "", DAYS)
    found: dict[Node, list[tuple[str, Node]]] = {}
    waiting = deque([start])
    while waiting:
        node = waiting.popleft()
        if node in found:
            continue
        found[node] = list(steps(side, node))
        waiting.extend(after for _kind, after in found[node])
    return found


def leading_to(graph: dict[Node, list[tuple[str, Node]]], ends: set[Node], *, own: bool) -> set[Node]:
    """The nodes from which one of ``ends`` can be reached; with ``own``, by the learner and the clock alone."""
    good = set(ends)
    while True:
        more = {
            node
            for node, after in graph.items()
            if node not in good and any(each in good for kind, each in after if kind == "own" or not own)
        }
        if not more:
            return good
        good |= more


@pytest.mark.parametrize(("side", "count"), [("requester", 59), ("supplier", 55)])
def test_from_every_state_that_can_be_reached_a_final_one_can_be_reached(side: str, count: int):
    graph = walked(side)
    final = {node for node in graph if node[0] in TABLES[side].final}
    assert {node[0] for node in graph} == set(TABLES[side].states)
    assert leading_to(graph, final, own=False) == set(graph)
    assert len(graph) == count


@pytest.mark.parametrize("side", ["requester", "supplier"])
def test_the_learner_and_the_clock_alone_always_get_out_and_only_a_loss_waits_for_the_supplier(side: str):
    graph = walked(side)
    ends = {node for node in graph if node[0] in TABLES[side].final or (side == "requester" and node[0] == "LOST")}
    assert leading_to(graph, ends, own=True) == set(graph)


@pytest.mark.parametrize("table", [REQUESTER, SUPPLIER], ids=["requester", "supplier"])
def test_every_state_that_is_not_final_has_an_exit(table: Table):
    assert stuck(table) == []
    assert len(table.states) in (22, 17)


def test_a_table_in_which_a_state_has_no_exit_is_found_out():
    table = Table(
        start="NEW",
        final=("END",),
        lines=[rows("NEW", "act:go / act:stop", "MIRE / END"), rows("MIRE", "act:dig", "same")],
    )
    assert stuck(table) == ["MIRE"]


# --- the two tables fit

REQUESTER_SENDS = {
    "retry": "msg Retry",
    "statusRequest": "msg StatusRequest",
    "cancel": "msg Cancel",
    "reject": "msg Cancel",
    "accept": "msg accept",
    "received": "msg Received",
    "renew": "msg Renew",
    "shippedReturn": "msg ShippedReturn",
    "lost": "msg Lost",
    "notification": "msg Notification",
}
SUPPLIER_SENDS = {
    "expectToSupply": "msg ExpectToSupply",
    "willSupply": "msg WillSupply",
    "condition": "msg WillSupply+condition",
    "retry": "msg RetryPossible",
    "unfilled": "msg Unfilled",
    "deliver": "msg CopyCompleted",
    "ship": "msg Loaned",
    "cancelYes": "msg CancelResponse Y",
    "cancelNo": "msg CancelResponse N",
    "renewYes": "msg RenewResponse Y",
    "renewNo": "msg RenewResponse N",
    "recall": "msg Recalled",
    "overdue": "msg Overdue",
    "holdReturn": "msg HoldReturn",
    "releaseHoldReturn": "msg ReleaseHoldReturn",
    "checkin": "msg LoanCompleted",
    "closeWithoutReturn": "msg CompletedWithoutReturn",
    "answerStatus": "msg StatusRequestResponse",
    "notification": "msg Notification",
    "bill": "msg Notification",
    "declareLost": "msg Notification",
}
ALONE = ("overdue", "declareLost")  # not while a message is on the road
LEFT = ("UNFILLED", "CANCELLED", "END_OF_ROTA", *REQUESTER.final)  # the requester has gone elsewhere


@dataclass(frozen=True)
class Both:
    """Both sides and the road between them: at most one message each way, and where the item is."""

    r: tuple[str, str] = ("SENT", "")
    s: tuple[str, str] = ("NEW", "")
    to_s: str = ""
    to_r: str = ""
    item: str = "home"  # home, away, back (on its way), here (arrived)
    said: bool = False  # the supplier has answered this request
    got: bool = False  # the supplier has heard Received
    renew: bool = False
    cancel: bool = False
    status: bool = False
    held: bool = False


def requester_moves(now: Both) -> Iterator[Both]:
    for verb in REQUESTER.acts(now.r[0]):
        message = REQUESTER_SENDS.get(verb, "")
        if (message and now.to_s) or (verb == "shippedReturn" and (now.item != "away" or now.held)):
            continue
        after = REQUESTER.fire(*now.r, f"act:{verb}")
        assert after is not None
        item = "back" if verb == "shippedReturn" else now.item
        yield replace(now, r=after, to_s=message or now.to_s, item=item)
    for trigger in RINGS["requester"].get(now.r[0], []):
        after = REQUESTER.fire(*now.r, trigger)
        assert after is not None
        yield replace(now, r=after)


def may_send(now: Both, verb: str) -> bool:
    """The notes of the supplier's table: what happens once, and what needs the thing it speaks of."""
    status = now.s[0]
    if verb in ALONE and (now.to_s or now.to_r):
        return False
    return {
        "expectToSupply": not now.said,
        "cancelNo": now.cancel,
        "cancelYes": now.cancel,
        "renewNo": now.renew,
        "renewYes": now.renew,
        "answerStatus": now.status,
        "holdReturn": now.got and not now.held,
        "releaseHoldReturn": now.held,
        "checkin": now.item == "here" and status == "RETURNED",
    }.get(verb, True)


def supplier_moves(now: Both) -> Iterator[Both]:
    for verb in SUPPLIER.acts(now.s[0]):
        message = SUPPLIER_SENDS.get(verb, "")
        if (message and now.to_r) or not may_send(now, verb):
            continue
        after = SUPPLIER.fire(*now.s, f"act:{verb}")
        assert after is not None
        yield replace(
            now,
            s=after,
            to_r=message or now.to_r,
            item="away" if verb == "ship" else now.item,
            said=now.said or bool(message),
            renew=now.renew and verb not in ("renewYes", "renewNo"),
            cancel=now.cancel and verb not in ("cancelYes", "cancelNo"),
            status=now.status and verb == "notification",
            held=verb == "holdReturn" or (now.held and verb != "releaseHoldReturn"),
        )
    for trigger in RINGS["supplier"].get(now.s[0], []):
        if trigger == "days to answer pass" and now.to_r:
            continue
        after = SUPPLIER.fire(*now.s, trigger)
        assert after is not None
        sends = "msg Unfilled" if trigger == "days to answer pass" and now.s[0] == "CONDITION_SENT" else now.to_r
        yield replace(now, s=after, to_r=sends)
    if now.item == "back" and SUPPLIER.target(now.s[0], "parcel arrives"):
        yield replace(now, s=("RETURNED", ""), item="here")


def deliveries(now: Both) -> Iterator[Both]:
    if now.to_r:
        after = REQUESTER.fire(*now.r, now.to_r)
        assert after or now.r[0] in LEFT, f"{now.to_r} is illegal for the requester: {now}"
        yield replace(now, r=after or now.r, to_r="")
    if now.to_s:
        after = SUPPLIER.fire(*now.s, now.to_s)
        assert after or now.s[0] in SUPPLIER.final, f"{now.to_s} is illegal for the supplier: {now}"
        heard = {"msg Renew": {"renew": True}, "msg Cancel": {"cancel": True}, "msg StatusRequest": {"status": True}}
        heard |= {"msg Received": {"got": True}, "msg Retry": {"said": False}}
        yield replace(now, s=after or now.s, to_s="", **heard.get(now.to_s, {}))


def both_walked() -> set[Both]:
    """Everything that can happen between the two sides; a message that is illegal where it arrives is a failed assertion."""
    seen: set[Both] = set()
    waiting = deque([Both()])
    while waiting:
        now = waiting.popleft()
        if now in seen or now.r[0] in LEFT:
            continue
        seen.add(now)
        waiting.extend(requester_moves(now))
        waiting.extend(supplier_moves(now))
        waiting.extend(deliveries(now))
    return seen


def test_what_one_side_can_send_is_legal_on_the_other():
    seen = both_walked()
    assert {now.r[0] for now in seen} == set(REQUESTER.states) - {"NEW", "READY", *LEFT}
    assert {now.s[0] for now in seen} == set(SUPPLIER.states)
    assert len(seen) == 9517


@pytest.mark.parametrize(
    ("table", "missing"),
    [
        (REQUESTER, ("RETURNED", "msg Recalled")),
        (REQUESTER, ("CANCEL_PENDING", "msg Loaned")),
        (SUPPLIER, ("RECALLED", "msg Renew")),
        (SUPPLIER, ("LOST", "msg ShippedReturn")),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, tuple) else "",
)
def test_a_row_too_few_is_noticed(table: Table, missing: tuple[str, str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delitem(table._targets, missing)
    with pytest.raises(AssertionError, match="is illegal for the"):
        both_walked()
