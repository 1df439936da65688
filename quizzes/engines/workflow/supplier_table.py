"""The supplying side, row by row: the mirror of the requester's table; rules of this simulator (F-81 to F-91)."""

from quizzes.engines.workflow.machine import Table, rows

SUPPLIER = Table(
    start="NEW",
    final=("COMPLETE", "UNFILLED", "EXPIRED", "CANCELLED", "CLOSED_NO_RETURN"),
    lines=(
        rows("NEW", "act:search", "SEARCHING", "pull slip, the exact part, sister locations"),
        rows("NEW, SEARCHING", "act:expectToSupply", "same", "once, first, on catalogue data"),
        rows(
            "NEW, SEARCHING", "msg Reminder / days to respond pass", "same / EXPIRED", "stays in the fill rate, F-153"
        ),
        rows("SEARCHING", "act:willSupply", "WILL_SUPPLY", "found, not yet sent"),
        rows("SEARCHING, WILL_SUPPLY", "act:condition", "CONDITION_SENT", "community profile; a code of F-89"),
        rows("NEW, SEARCHING, WILL_SUPPLY", "act:retry", "RETRY_SENT", "with its reason, F-88"),
        rows("NEW, SEARCHING, WILL_SUPPLY, CONDITION_SENT, RETRY_SENT", "act:unfilled", "UNFILLED", "F-72, F-87"),
        rows("CONDITION_SENT", "msg accept / days to answer pass", "WILL_SUPPLY / UNFILLED"),
        rows("RETRY_SENT", "msg Retry / days to answer pass", "NEW / UNFILLED", "a Retry is a new Request"),
        rows(
            "NEW, SEARCHING, WILL_SUPPLY, CONDITION_SENT, RETRY_SENT",
            "msg Cancel",
            "CANCEL_ASKED",
            "a request, not a fact, F-73",
        ),
        rows(
            "CANCEL_ASKED",
            "act:cancelYes / act:cancelNo / policy days pass",
            "CANCELLED / previous / CANCELLED",
            "No only if parcel or file has left",
        ),
        rows("SHIPPED, RECALLED", "msg Cancel / act:cancelNo", "same / same", "too late: the parcel is on its way"),
        rows("SEARCHING, WILL_SUPPLY", "act:deliver", "COMPLETE", "copies: file and notice page, F-12, F-55"),
        rows("SEARCHING, WILL_SUPPLY", "act:ship", "SHIPPED", "loans: due date, strap, F-122, F-66"),
        rows("SHIPPED, RECALLED, OVERDUE, LOST", "msg Received", "same", "on loan from now on"),
        rows("SHIPPED, OVERDUE", "msg Renew", "RENEW_ASKED"),
        rows(
            "RENEW_ASKED",
            "act:renewYes / act:renewNo / due date passes unanswered / policy days pass, asked late",
            "SHIPPED / previous / SHIPPED / previous",
            "the new date counts from the old one; silence, F-64",
        ),
        rows("SHIPPED, RENEW_ASKED, OVERDUE", "act:recall", "RECALLED", "voids a renewal that is still open"),
        rows("RENEW_ASKED, RECALLED, LOST", "msg Renew", "same", "asked twice, or crossed"),
        rows("RECALLED, LOST", "act:renewNo", "same", "once for each Renew"),
        rows("SHIPPED", "act:overdue", "OVERDUE", "not before due date and transit grace, F-61"),
        rows("RECALLED, OVERDUE", "act:overdue / act:contact", "same / same", "second notice / person to person"),
        rows(
            "SHIPPED, RECALLED, OVERDUE",
            "act:holdReturn / act:releaseHoldReturn",
            "same / same",
            "2021, after Received, F-85",
        ),
        rows(
            "SHIPPED, RENEW_ASKED, RECALLED, OVERDUE, RETURNED, LOST",
            "msg ShippedReturn / parcel arrives",
            "RETURNED / RETURNED",
        ),
        rows("RETURNED", "act:checkin", "COMPLETE", "once the parcel is here; damage with photo, F-75"),
        rows("RETURNED", "act:overdue", "same", "long on the way: ask for the tracking number"),
        rows(
            "SHIPPED, RECALLED, OVERDUE, RETURNED, LOST",
            "act:shelfCheck / act:checkin",
            "same / COMPLETE",
            "before any bill / only after the check found it",
        ),
        rows("SHIPPED, RENEW_ASKED, RECALLED, OVERDUE, RETURNED, LOST", "msg Lost", "LOST", "F-84"),
        rows("RECALLED, OVERDUE, RETURNED", "act:declareLost", "LOST", "only when the ladder is done"),
        rows("LOST", "act:bill / payment or replacement arrives", "same / same", "once, F-62, F-74"),
        rows("LOST", "act:closeWithoutReturn", "CLOSED_NO_RETURN", "settled, or written off by policy"),
        rows("any but final", "msg StatusRequest / act:answerStatus", "same / same", "the present status"),
        rows("any but final", "act:notification / msg Notification", "same / same", "information only"),
    ),
)
