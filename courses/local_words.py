"""Local words: the things that differ from library to library and that lessons show by name.

A lesson writes ``{{local.max_cost}}``; the reader sees what their organisation has filled in, else the default given
here. Defaults are phrases that can stand inside a sentence as well as after a colon.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class LocalWord:
    """A placeholder: ``key`` as lessons write it, ``label`` and ``help`` for settings, ``default`` for readers."""

    key: str
    label: str | Promise
    default: str | Promise
    help: str | Promise = ""


LOCAL_WORDS: tuple[LocalWord, ...] = (
    LocalWord(
        "borrowing_policy",
        _("Borrowing policy"),
        _("ask your supervisor where it is kept"),
        _("The name of the page or its web address."),
    ),
    LocalWord(
        "max_cost",
        _("Maximum cost and who pays"),
        _("the amount that your borrowing policy allows"),
        _("For example: 20 US dollars; the library pays."),
    ),
    LocalWord(
        "supplier_order",
        _("Order of suppliers"),
        _("own system, then partners, then free lenders, then fee lenders, then document suppliers"),
        _("From the first you ask to the last."),
    ),
    LocalWord(
        "days_before_moving_on",
        _("Days before moving on"),
        _("4 working days"),
        _("How long you wait for an answer before you ask the next supplier."),
    ),
    LocalWord(
        "due_date_offset",
        _("User's due date before the supplier's"),
        _("4 days"),
        _("The time you keep for chasing, checking and packing."),
    ),
    LocalWord(
        "renewals",
        _("Renewals"),
        _("one renewal, asked before the due date"),
        _("Asked once or more often, and by whom."),
    ),
    LocalWord(
        "copyright_method",
        _("Copyright method"),
        _("counting to five for each journal title and year"),
        _("Counting to five, or the test of the statute itself."),
    ),
    LocalWord(
        "late_renewal",
        _("Late copyright renewal"),
        _("the refresher course CPY 190"),
        _("What a person does whose copyright training has run out: CPY 190, or CPY 110 again."),
    ),
    LocalWord(
        "chapter_code",
        _("Compliance code for book chapters"),
        _("CCG"),
        _("The code you put on a request for one chapter."),
    ),
    LocalWord(
        "own_but_missing_code",
        _("Compliance code when you own it but cannot use it"),
        _("either code, with a note"),
        _("For items that are missing, at the bindery or on order."),
    ),
    LocalWord(
        "year_basis",
        _("Year in which a copy counts"),
        _("the year of the request"),
        _("The year of the request, or the year in which it was filled."),
    ),
    LocalWord(
        "open_requests_hold_place",
        _("Open requests hold a place in the count"),
        _("yes"),
        _("Yes or no."),
    ),
    LocalWord(
        "copy_code_required",
        _("A compliance code is asked on every copy"),
        _("yes"),
        _("Yes or no; this is about requests that you answer."),
    ),
    LocalWord(
        "copy_approver",
        _("Who approves copies"),
        _("the person in charge of interlibrary loan"),
        _("A role, not a person's name."),
    ),
    LocalWord(
        "notice_text_location",
        _("Where the notice and warning texts are kept"),
        _("ask your supervisor where the texts hang"),
        _("A web address or a place in the building."),
    ),
    LocalWord(
        "licence_lookup",
        _("Licence look-up"),
        _("ask the e-resources staff"),
        _("Where staff see what a licence allows."),
    ),
    LocalWord(
        "delivery_method",
        _("How copies are delivered"),
        _("a link that expires"),
        _("How a copy reaches the user."),
    ),
    LocalWord(
        "overdue_ladder",
        _("Overdue steps"),
        _("a reminder, a second notice, a call, then a bill"),
        _("The steps and the days between them."),
    ),
    LocalWord(
        "replacement_rule",
        _("Replacement and fees"),
        _("the supplier chooses between payment and replacement"),
        _("What a user is asked for when an item is lost or damaged."),
    ),
    LocalWord(
        "safety_contact",
        _("Safety contact"),
        _("the supervisor on duty"),
        _("A role to call when a situation at the desk does not feel safe."),
    ),
    LocalWord(
        "languages",
        _("Languages available"),
        _("English"),
        _("Languages in which staff can help users."),
    ),
)
