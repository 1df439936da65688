"""The lending desk: what the requester sends, what comes back, and what each move changes."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from quizzes.engines.registry import Case, State
from quizzes.engines.workflow.desk import THEM, USER, WORLD, Line, Side, plus
from quizzes.engines.workflow.supplier_table import SUPPLIER

RESPOND, ANSWER, CANCEL = 3, 7, 5
RECEIVED_AFTER, PARCEL_AFTER, PAID_AFTER = 5, 3, 14
ANSWERS = ("expectToSupply", "willSupply", "condition", "retry", "unfilled", "deliver", "ship")
STATUS_MOVES = (*ANSWERS, "recall", "overdue", "answerStatus")
MARKED: Mapping[str, Mapping[str, int]] = {
    "search": {"searched": 1},
    "ship": {"renew_open": 0},
    "renewYes": {"renew_open": 0},
    "renewNo": {"renew_open": 0},
    "cancelYes": {"cancel_open": 0},
    "cancelNo": {"cancel_open": 0},
    "holdReturn": {"hold": 1},
    "releaseHoldReturn": {"hold": 0},
}
ENDINGS = ("ShippedReturn", "Lost")


class Lending(Side):
    table = SUPPLIER

    def open(self, case: Case, state: State) -> None:
        self.schedule_dates(case, state)
        if state["status"] != self.table.start:
            state["marks"] |= {"searched": 1, "answered": 1, "received": 1}
        if state["due"]:
            self.set_due(case, state, state["due"])

    def scripts(self, case: Case, state: State) -> Sequence[tuple[str, Sequence[Line]]]:
        return [(USER, case.get("user", {}).get("script", ())), (THEM, case["requester"]["script"])]

    def ends_itself(self, case: Case) -> bool:
        """Whether the requester's script says how the loan ends, so that the usual return is not added."""
        lines = case["requester"]["script"]
        return any(line.get("send", {}).get("action") in ENDINGS or "parcel" in line for line in lines)

    def silent(self, case: Case, state: State, cause: str) -> list[tuple[int, Line]]:
        if cause == "Ship":
            return [(RECEIVED_AFTER, {"send": {"action": "Received"}})]
        if cause == "ShippedReturn":
            return [(PARCEL_AFTER, {"parcel": "arrives"})]
        if cause == "Bill":
            return [(PAID_AFTER, {"pays": state["marks"]["billed"]})]
        return []

    def silent_due(self, case: Case, state: State) -> list[Line]:
        return [] if self.ends_itself(case) else [{"when": "due-1", "send": {"action": "ShippedReturn"}}]

    def trigger(self, state: State, line: Line) -> str:
        if "parcel" in line:
            return "parcel arrives"
        if "pays" in line:
            return "payment or replacement arrives"
        send = line["send"]
        return "msg accept" if send.get("accepts") else f"msg {send.get('action') or send['request']}"

    def arrive(self, case: Case, state: State, waiting: Mapping[str, Any]) -> None:
        """Who has asked in time to keep an item does not send it back before the answer, or before silence has given one."""
        if waiting["cause"] == "due" and state["status"] == "RENEW_ASKED" and state["marks"].get("in_time"):
            day = max(plus(state["today"], 1), plus(state["due"], 2))
            state["queue"].append({**waiting, "day": day})
        else:
            super().arrive(case, state, waiting)

    def take(self, case: Case, state: State, trigger: str, line: Line) -> None:
        marks = state["marks"]
        marks[trigger] = marks.get(trigger, 0) + 1
        if trigger == "msg Renew":
            marks |= {"renew_open": 1, "in_time": int(state["today"] <= state["due"])}
        elif trigger == "msg Cancel":
            marks["cancel_open"] = 1
        elif trigger == "msg Received":
            marks["received"] = 1
        elif trigger == "msg StatusRequest":
            marks["status_open"] = 1
        elif trigger == "parcel arrives":
            marks["here"] = 1
        elif trigger == "msg Retry":
            state["request"].update(line["send"].get("changes", {}))
            marks |= {"answered": 0, "asked_on": state["today"]}
        if trigger != "msg Notification":
            self.schedule(case, state, trigger.removeprefix("msg "), {})

    def timers(self, case: Case, state: State) -> Iterator[tuple[str, str]]:
        policy, status, since = case["policy"], state["status"], state["since"]
        if status in ("NEW", "SEARCHING"):
            asked = state["marks"].get("asked_on", case["start"])
            yield plus(asked, policy.get("respond_days", RESPOND) + 1), "days to respond pass"
        if status in ("CONDITION_SENT", "RETRY_SENT"):
            yield plus(since, policy.get("answer_days", ANSWER)), "days to answer pass"
        if status == "CANCEL_ASKED":
            yield plus(since, policy.get("cancel_days", CANCEL)), "policy days pass"
        if status == "RENEW_ASKED" and state["marks"].get("in_time"):
            yield plus(state["due"], 1), "due date passes unanswered"
        elif status == "RENEW_ASKED":
            yield plus(since, policy.get("respond_days", RESPOND)), "policy days pass, asked late"

    def rang(self, case: Case, state: State, trigger: str) -> None:
        if trigger == "due date passes unanswered":
            state["marks"]["renew_open"] = 0
            self.set_due(case, state, plus(state["due"], case["policy"].get("loan_days", 28)))

    def name(self, case: Case, state: State) -> str:
        return str(case["requester"]["name"])

    def hear_user(self, case: Case, state: State, line: Line) -> None:
        """Our own users and shelves: news for the desk."""
        if self.final(state):
            self.note(state, "dropped", "user", why="final", line=line, at=state["status"])
        elif "news" in line:
            state["marks"][line["news"]] = 1
            self.note(state, WORLD, line["news"])
        else:
            state["marks"]["wants " + line.get("wants", "")] = 1
            self.note(state, USER, "user says", line=line)

    # --- moves

    def perform(self, case: Case, state: State, verb: str, values: Mapping[str, Any]) -> None:
        marks = state["marks"]
        marks.update(MARKED.get(verb, {}))
        if verb in STATUS_MOVES:
            marks["status_open"] = 0
        if verb in ANSWERS:
            marks["answered"] = 1
        if verb == "search":
            self.note(state, WORLD, "shelf", line={"status": case["holdings"]["status"]})
        elif verb in ("ship", "renewYes"):
            self.set_due(case, state, values["due"])
        elif verb in ("overdue", "contact"):
            marks[verb] = marks.get(verb, 0) + 1
        elif verb == "shelfCheck":
            self.check_shelf(case, state)
        elif verb == "bill":
            marks["billed"] = values["amount"]

    def check_shelf(self, case: Case, state: State) -> None:
        """Our own shelves: the item stands there where the case says so from a day on, or after the parcel came."""
        from_day = case["holdings"].get("found_from", "")
        found = bool(from_day) and state["today"] >= from_day
        state["marks"] |= {"shelf": 1, "found": int(found)}
        self.note(state, WORLD, "shelf found" if found else "shelf empty")

    def cause(self, verb: str) -> str:
        return "RetrySent" if verb == "retry" else super().cause(verb)
