"""What the page shows of a request: the slip, the state in plain words, the other libraries, the log."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from quizzes.engines.registry import Case, Reply, State, Told
from quizzes.engines.workflow import rules, words
from quizzes.engines.workflow.desk import CLOCK, ME, THEM, USER, WORLD, date
from quizzes.engines.workflow.moves import DELIVERIES, PARCELS, REFUSALS, STRAP, USES, desk_of

Entry = Mapping[str, Any]
SERVICES: words.Words = {"Loan": lazy("Loan"), "Copy": lazy("Copy"), "CopyOrLoan": lazy("Loan or copy")}
LABELS: words.Words = {
    "service": lazy("Type"),
    "title": lazy("Title"),
    "container": lazy("In"),
    "number": lazy("Request"),
    "volume": lazy("Volume"),
    "issue": lazy("Issue"),
    "pages": lazy("Pages"),
    "date": lazy("Date"),
    "any_edition": lazy("Edition"),
    "max_cost": lazy("Pays up to"),
    "code": lazy("Copyright code"),
    "need_before": lazy("Need by"),
}
EDITIONS: words.Words = {
    "AnyEdition": lazy("Any"),
    "ThisEdition": lazy("This one only"),
    "MostRecentEdition": lazy("The newest"),
}
POLICY: words.Words = {
    "respond_days": lazy("Answer within %(n)s days"),
    "loan_days": lazy("Loan for %(n)s days"),
    "renewals": lazy("Renewals: %(n)s"),
    "renew_days": lazy("A renewal adds %(n)s days"),
    "user_offset_days": lazy("Keep %(n)s days for the way back"),
    "grace": lazy("Grace after the due date: %(n)s days"),
    "contact": lazy("Talk to a person from day %(n)s past due"),
    "lost_after": lazy("Lost after day %(n)s past due"),
    "fee": lazy("Fee beside a replacement: $%(n)s"),
    "charge": lazy("Our price for a loan: $%(n)s"),
}
TONES: Mapping[str, str] = {
    "msg Unfilled": "bad",
    "msg RetryPossible": "warn",
    "msg WillSupply+condition": "warn",
    "msg Overdue": "bad",
    "msg Recalled": "warn",
    "msg Lost": "bad",
    "days to respond pass": "bad",
    "due date passes": "bad",
    "loss confirmed": "bad",
}
NEWEST = 4  # lines of the log that are open; the rest opens on demand
WHO: words.Words = {ME: lazy("You"), USER: lazy("Your user"), CLOCK: lazy("Clock"), WORLD: lazy("News")}


def show(case: Case, state: State) -> dict[str, Any]:
    desk = desk_of(case)
    lending = case.get("side") == "lend"
    log = [row for entry in reversed(state["log"]) if (row := log_row(case, state, entry))]
    return {
        "lending": lending,
        "today": date(state["today"]),
        "state": {"words": str(desk.states[state["status"]]), "code": state["status"]},
        "final": desk.side.final(state),
        "request": request_rows(state),
        "need_before": day_of(state["request"].get("need_before")),
        "due": day_of(state["due"]),
        "user_due": day_of(state.get("user_due")),
        "condition": condition(state),
        "policy": policy_rows(case),
        "note": case.get("user", {}).get("note", ""),
        "suppliers": [] if lending else supplier_rows(case, state),
        "shelf": shelf_rows(case, state) if lending else [],
        "other": desk.side.name(case, state),
        "log": log[:NEWEST],
        "earlier": log[NEWEST:],
    }


def day_of(text: str | None) -> dt.date | None:
    return date(text) if text else None


def condition(state: State) -> str:
    return str(words.CONDITIONS[state["condition"]]) if state.get("condition") else ""


def request_rows(state: State) -> list[dict[str, Any]]:
    """The request as it stands, in the order of the slip; the day by which it is needed is drawn as a stamp."""
    said: Mapping[str, Mapping[str, Any]] = {"service": SERVICES, "any_edition": EDITIONS}
    rows = []
    for name, label in LABELS.items():
        value = state["request"].get(name)
        if value is None or name == "need_before":
            continue
        text = words.money(value) if name == "max_cost" else str(said.get(name, {}).get(value, value))
        if name == "max_cost" and not value:
            text = _("nothing")
        rows.append({"label": str(label), "value": text, "code": name in ("code", "volume", "issue", "pages", "date")})
    return rows


def policy_rows(case: Case) -> list[str]:
    """The policy card, a line for each rule."""
    policy = case["policy"]
    rows = [str(text) % {"n": policy[name]} for name, text in POLICY.items() if name in policy]
    if "notice" in policy:
        first, second = policy["notice"]
        rows.append(_("Notices on day %(first)s and day %(second)s past due") % {"first": first, "second": second})
    if "special" in policy:
        rows.append(_("Special collections: %(how)s") % {"how": words.CONDITIONS[policy["special"]]})
    if policy.get("require_code"):
        rows.append(_("A copy request needs a copyright code"))
    if "user_pays" in policy:
        rows.append(_("Users may pay more themselves") if policy["user_pays"] else _("Users pay nothing themselves"))
    rows += [policy["note"]] if "note" in policy else []
    return rows


def supplier_rows(case: Case, state: State) -> list[dict[str, Any]]:
    """The list of suppliers as far as it is known, with what became of each."""
    rows = []
    for number, each in enumerate(case["rota"][: state["rota"]]):
        terms = each.get("terms", {})
        now = state["turn"] and number == state["supplier"]
        past = state["turn"] and number < state["supplier"]
        rows.append(
            {
                "place": number + 1,
                "name": each["supplier"],
                "cost": words.money(terms["cost"]) if "cost" in terms else "–",
                "days": terms.get("loan_days", "–"),
                "reply": terms.get("reply", "–"),
                "standing": _("Current") if now else _("Asked before") if past else _("Not asked yet"),
                "tone": "info" if now else "",
                "icon": "half" if now else "check-circle" if past else "circle",
            }
        )
    return rows


def shelf_rows(case: Case, state: State) -> list[dict[str, str]]:
    """The catalogue's word; what the shelf says is known after the search."""
    held = case["holdings"]
    rows = [{"label": _("Location"), "value": held["location"]}]
    if "list_price" in held:
        rows.append({"label": _("List price"), "value": words.money(held["list_price"])})
    if state["marks"].get("searched"):
        rows.append({"label": _("On the shelf"), "value": str(words.SHELF[held["status"]])})
    if "note" in held:
        rows.append({"label": _("Note"), "value": held["note"]})
    return rows


# --- the log


def log_row(case: Case, state: State, entry: Entry) -> dict[str, Any] | None:
    """A line of the log; None for what a reader need not see, such as waiting and what was dropped."""
    if entry["who"] == "dropped" or entry["what"] in ("wait", "finish"):
        return None
    mine = entry["who"] == ME
    return {
        "day": date(entry["day"]),
        "who": entry.get("name") if entry["who"] == THEM else str(WHO[entry["who"]]),
        "side": entry["who"],
        "text": move_text(case, entry) if mine else event_text(entry),
        "code": "" if mine else words.code(entry["what"], entry.get("line", {})),
        "slip": mine and not entry["legal"],
        "tone": ("bad" if not entry["legal"] else "") if mine else TONES.get(entry["what"], "info"),
    }


def event_text(entry: Entry) -> str:
    return words.event(entry["what"], entry.get("line", {}), entry.get("due"))


def move_text(case: Case, entry: Entry) -> str:
    """A move in words, with what was filled in."""
    verb, values = entry["what"], entry.get("values", {})
    verbs = desk_of(case).verbs
    label = _("Waited") if verb == "wait" else _("Put the request away") if verb == "finish" else str(verbs[verb].label)
    text = label % {"next": entry.get("name", "")}
    more = [said for name, value in values.items() if (said := value_text(name, value))]
    more += [_("“%(words)s”") % {"words": entry["said"]}] if "said" in entry else []
    return f"{text}: {', '.join(more)}" if more else text


def value_text(name: str, value: Any) -> str:
    known: Mapping[str, Mapping[str, Any]] = {
        "use": USES,
        "how": {**PARCELS, **DELIVERIES},
        "condition": words.CONDITIONS,
        "reason": {**words.RETRY, **words.UNFILLED, **REFUSALS},
    }
    if name in ("user_date", "due", "return_by", "retry_after"):
        return words.on(value)
    if name == "strap":
        return ", ".join(str(STRAP[each]) for each in value)
    if name in ("amount", "cost", "max_cost"):
        return words.money(value)
    if name in ("code", "note"):
        return str(value)
    return str(known[name].get(value, value)) if name in known else ""


# --- what is said to a move


def reply(case: Case, state: State) -> Reply | None:
    """What came of the last move: the rule it broke, or what arrived since."""
    mine = [n for n, entry in enumerate(state["log"]) if entry["who"] == ME]
    if not mine:
        return None
    entry, since = state["log"][mine[-1]], state["log"][mine[-1] + 1 :]
    if not entry["legal"]:
        return Reply(entry["rule"], "bad", [_("Nothing was changed.")])
    lapses = [str(rules.ALL_LAPSES[name][1].text) for name in entry.get("lapses", ())]
    if lapses:
        return Reply(lapses[0], "warn", lapses[1:])
    came = [came_in(each) for each in since if log_row(case, state, each)]
    if came:
        return Reply(came[0], "info", came[1:])
    return Reply(_("Nothing new so far."), "info") if entry["what"] == "wait" else Reply(_("Done."), "ok")


def came_in(entry: Entry) -> str:
    """An event in words, with the library that it came from."""
    text = event_text(entry)
    return _("%(who)s: %(what)s") % {"who": entry["name"], "what": text} if entry["who"] == THEM else text


def told(case: Case, state: State) -> list[Told]:
    """The path day by day: each move, and what came of it."""
    found: list[Told] = []
    for entry in state["log"]:
        if entry["who"] == "dropped" or entry["what"] in ("wait", "finish"):
            continue
        mine = entry["who"] == ME
        if not mine:
            found.append(Told(came_in(entry), when=words.on(entry["day"])))
            continue
        fault = entry.get("rule", "") or " ".join(str(rules.ALL_LAPSES[n][1].text) for n in entry.get("lapses", ()))
        found.append(Told(move_text(case, entry), fault, "bad" if fault else "ok", words.on(entry["day"])))
    return found
