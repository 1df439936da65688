"""The borrowing desk: what arrives from suppliers, what the user does, and what each move changes."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from quizzes.engines.registry import Case, State
from quizzes.engines.workflow.desk import CLOCK, THEM, USER, WORLD, Line, Side, days_between, plus
from quizzes.engines.workflow.requester_table import REQUESTER

RESPOND, CANCEL, OFFSET, LOST_AFTER, BACK_AFTER = 7, 5, 4, 7, 5
WITH_USER = ("IN_USE", "RENEW_PENDING", "RECALLED", "OVERDUE")
CAUSES = {"send": "New", "nextSupplier": "New", "reject": "Cancel"}
SENDING = ("send", "nextSupplier", "retry")
SILENT_REASONS = ("OnLoan", "AtBindery", "OnOrder", "NotCurrentAvailableForILL")  # time alone mends them


def message_trigger(send: Mapping[str, Any]) -> str:
    """The trigger of a supplier's message, by reason and status (F-83, F-85)."""
    reason = send.get("reasonForMessage")
    if reason in ("RenewResponse", "CancelResponse"):
        return f"msg {reason} {send['answerYesNo']}"
    if reason in ("StatusRequestResponse", "Notification"):
        return f"msg {reason}"
    return f"msg {send['status']}" + ("+condition" if "loanCondition" in send else "")


class Borrowing(Side):
    table = REQUESTER

    def open(self, case: Case, state: State) -> None:
        state["rota"] = sum(not each.get("later", False) for each in case["rota"])
        state["user_due"], state["condition"] = case.get("loan", {}).get("user_date"), None
        if state["status"] != self.table.start:
            state["turn"] = 1
            state["marks"]["arrived"] = 1
        self.schedule_dates(case, state)
        if state["due"]:
            self.set_due(case, state, state["due"])
        if state["status"] in WITH_USER:
            self.plan_return(case, state)

    def scripts(self, case: Case, state: State) -> Sequence[tuple[str, Sequence[Line]]]:
        own = case.get("user", {}).get("script", ())
        them = case["rota"][state["supplier"]]["script"] if state["turn"] else ()
        return [(USER, own), (THEM, them)]

    def schedule_dates(self, case: Case, state: State) -> None:
        """Dates of the user once; dates of a supplier when it is asked."""
        waiting = [each for each in state["queue"] if each["cause"] == "at" and each["by"] == USER]
        super().schedule_dates(case, state)
        if waiting or state["turn"] > 1:
            state["queue"] = [
                each for each in state["queue"] if each["by"] != USER or each["cause"] != "at" or each in waiting
            ]

    def silent(self, case: Case, state: State, cause: str) -> list[tuple[int, Line]]:
        left = plus(state["today"], 1)
        leaving = any(
            each["line"].get("send", {}).get("status") in ("Loaned", "CopyCompleted") and each["day"] <= left
            for each in state["queue"]
        )
        sent: Mapping[str, tuple[int, Mapping[str, Any]]] = {
            "StatusRequest": (1, {"reasonForMessage": "StatusRequestResponse"}),
            "Cancel": (1, {"reasonForMessage": "CancelResponse", "answerYesNo": "N" if leaving else "Y"}),
            "Renew": (1, {"reasonForMessage": "RenewResponse", "answerYesNo": "N"}),
            "ShippedReturn": (BACK_AFTER, {"reasonForMessage": "StatusChange", "status": "LoanCompleted"}),
            "Lost": (LOST_AFTER, {"reasonForMessage": "StatusChange", "status": "CompletedWithoutReturn"}),
        }
        if cause not in sent or (cause == "ShippedReturn" and "carrier" in case):
            return []
        days, send = sent[cause]
        return [(days, {"send": send})]

    def trigger(self, state: State, line: Line) -> str:
        return message_trigger(line["send"])

    def take(self, case: Case, state: State, trigger: str, line: Line) -> None:
        send, terms = line["send"], self.terms(case, state)
        state["since"] = state["today"]
        if trigger == "msg RetryPossible" or "loanCondition" in send:
            state["offer"] = {
                name: send[name] for name in ("reasonRetry", "offeredCosts", "retryAfter") if name in send
            }
        if "loanCondition" in send:
            state["condition"] = send["loanCondition"]
        if trigger in ("msg Loaned", "msg CopyCompleted"):
            state["spent"] += state["offer"].get("offeredCosts", terms.get("cost", 0))
        if trigger == "msg Loaned":
            days = terms.get("loan_days")
            self.set_due(case, state, plus(state["today"], days) if days else send["dueDate"])
        if trigger == "msg RenewResponse Y" and state["status"] == "IN_USE":
            self.renewed(case, state, send.get("dueDate"))
        if trigger == "msg CancelResponse Y":
            state["queue"] = [each for each in state["queue"] if each["by"] != THEM]
        if trigger == "msg StatusRequestResponse" and "status" in send:
            self.fire(state, message_trigger({**send, "reasonForMessage": "StatusChange"}))
        if trigger in ("msg HoldReturn", "msg ReleaseHoldReturn"):
            state["marks"]["hold"] = int(trigger == "msg HoldReturn")
        if trigger != "msg Notification":
            self.schedule(case, state, trigger.removeprefix("msg ").split("+")[0].replace(" ", ""), {})
        self.look_at_rota(state)

    def renewed(self, case: Case, state: State, due: str | None) -> None:
        """The loan runs on: to ``due``, else for its original length once more (F-64)."""
        self.set_due(case, state, due or plus(state["due"], self.loan_days(case, state)))
        state["user_due"] = self.date_for_user(case, state)
        if not case.get("user", {}).get("returns") and not state["marks"].get("at_desk"):
            self.plan_return(case, state)

    def date_for_user(self, case: Case, state: State) -> str:
        """The due date less the days that the library keeps for the way back."""
        return plus(state["due"], -case["policy"].get("user_offset_days", OFFSET))

    def timers(self, case: Case, state: State) -> Iterator[tuple[str, str]]:
        policy, status, since = case["policy"], state["status"], state["since"]
        if status in ("SENT", "EXPECTED"):
            yield plus(since, policy.get("respond_days", RESPOND)), "days to respond pass"
        if status == "CANCEL_PENDING":
            yield plus(since, policy.get("cancel_days", CANCEL)), "no answer in policy days"
        if not state["due"]:
            return
        passed = plus(state["due"], 1)
        if status in ("RECEIVED", "IN_USE") or (status == "RECALLED" and state["marks"].get("passed") != state["due"]):
            yield passed, "due date passes"
        if status == "RENEW_PENDING" and state["marks"].get("in_time"):
            yield passed, "due date passes unanswered"

    def rang(self, case: Case, state: State, trigger: str) -> None:
        if trigger == "due date passes":
            state["marks"]["passed"] = state["due"]
        if trigger == "due date passes unanswered":
            self.renewed(case, state, None)
        self.look_at_rota(state)

    def name(self, case: Case, state: State) -> str:
        return str(case["rota"][state["supplier"]]["supplier"])

    def terms(self, case: Case, state: State) -> Mapping[str, Any]:
        terms: Mapping[str, Any] = case["rota"][state["supplier"]].get("terms", {})
        return terms

    def loan_days(self, case: Case, state: State) -> int:
        return int(self.terms(case, state).get("loan_days") or case.get("loan", {}).get("loan_days", 21))

    def next_supplier(self, state: State) -> int | None:
        """The one that a request goes to next; None at the end of the list."""
        nearest = state["supplier"] + 1 if state["turn"] else 0
        return nearest if nearest < state["rota"] else None

    def look_at_rota(self, state: State) -> None:
        """With nobody left to ask, the list has come to its end by itself."""
        if self.next_supplier(state) is None and self.fire(state, "rota empty"):
            self.note(state, CLOCK, "rota empty")

    # --- the user

    def plan_return(self, case: Case, state: State, days: int | None = None) -> None:
        """The user brings the item back: in ``days``, on the day the case says, else on the day they were given."""
        user = case.get("user", {})
        state["queue"] = [each for each in state["queue"] if each["cause"] != "return"]
        if user.get("keeps"):
            return
        given = state.get("user_due") or self.date_for_user(case, state)
        wanted = user.get("returns") or given
        days = max(days_between(state["today"], wanted), 1) if days is None else days
        self.later(state, days, {"returns": True}, by=USER, cause="return")

    def hear_user(self, case: Case, state: State, line: Line) -> None:
        if self.final(state):
            self.note(state, "dropped", "user", why="final", line=line, at=state["status"])
        elif line.get("returns"):
            if self.fire(state, "user returns"):
                state["marks"]["at_desk"] = 1
                self.note(state, USER, "user returns")
        elif "news" in line:
            state["marks"][line["news"]] = 1
            self.note(state, WORLD, line["news"])
        else:
            state["marks"]["wants " + line.get("wants", "")] = 1
            self.note(state, USER, "user says", line=line)

    # --- moves

    def perform(self, case: Case, state: State, verb: str, values: Mapping[str, Any]) -> None:
        marks = state["marks"]
        fields = {name: value for name, value in values.items() if name in case["request"] or name == "code"}
        state["request"].update(fields)
        if verb in SENDING:
            self.sending(case, state, verb, values)
        elif verb == "checkout":
            state["user_due"] = values["user_date"]
            self.plan_return(case, state)
        elif verb == "renew":
            marks["in_time"] = int(state["today"] <= state["due"])
        elif verb == "statusRequest":
            marks["asked"] = marks.get("asked", 0) + 1
        elif verb == "deliver":
            marks["delivered"] = 1
        elif verb == "newSuppliers":
            state["rota"] = len(case["rota"])
        elif verb == "shippedReturn":
            self.shipped_back(case, state)
        elif verb == "received":
            self.unpack(case, state)
        elif verb == "tellUser":
            self.answer_of_user(case, state, values)
        self.look_at_rota(state)

    def sending(self, case: Case, state: State, verb: str, values: Mapping[str, Any]) -> None:
        if verb != "retry":
            state["supplier"] = self.next_supplier(state) or 0
            state["condition"] = None
            state["offer"] = {}
        state["turn"] += 1
        state["since"] = state["today"]
        state["marks"]["asked"] = 0
        if verb != "retry":
            self.schedule_dates(case, state)

    def unpack(self, case: Case, state: State) -> None:
        """What the parcel holds is seen when it is opened."""
        parcel = self.terms(case, state).get("parcel")
        if parcel:
            state["marks"]["parcel"] = parcel["is"]
            self.note(state, WORLD, "unpacked", line=parcel)

    def shipped_back(self, case: Case, state: State) -> None:
        state["marks"]["at_desk"] = 0
        state["queue"] = [each for each in state["queue"] if each["cause"] != "return"]
        confirmed = case.get("carrier", {}).get("loss_confirmed")
        if confirmed:
            days = max(days_between(state["today"], confirmed), BACK_AFTER)
            self.later(state, days, {"news": "loss confirmed"}, by=WORLD)

    def answer_of_user(self, case: Case, state: State, values: Mapping[str, Any]) -> None:
        """The user answers at once when they can be reached."""
        user = case.get("user", {})
        if user.get("away_from", "") <= state["today"] < user.get("reachable_from", ""):
            self.note(state, USER, "no answer")
            return
        said = user.get("replies", {}).get(values["message"])
        if said:
            self.note(state, USER, "user answers", line={"says": said})
        state["marks"][values["message"] + " asked"] = 1
        if values["message"] == "recalled" and not user.get("returns") and not state["marks"].get("at_desk"):
            self.plan_return(case, state, days=2)

    def cause(self, verb: str) -> str:
        return CAUSES.get(verb) or super().cause(verb)
