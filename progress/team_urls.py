"""``/team/…``: included by ``progress.urls``, so the names are ``progress:team`` and so on."""

from django.urls import path

from progress.views import assignments, attempts, person, report, team

urlpatterns = [
    path("team/", team.team, name="team"),
    path("team/people/<uuid:key>/", person.person, name="person"),
    path("team/people/<uuid:key>/nudge/", team.nudge, name="nudge"),
    path("team/obligations/<int:pk>/date/", person.extend, name="extend"),
    path("team/obligations/<int:pk>/excuse/", person.excuse, name="excuse"),
    path("team/obligations/<int:pk>/unexcuse/", person.unexcuse, name="unexcuse"),
    path("team/obligations/<int:pk>/reset/", person.reset, name="reset"),
    path("team/obligations/<int:pk>/attempt/", attempts.give, name="attempt"),
    path("team/obligations/<int:pk>/attempt/<int:extra>/remove/", attempts.take_back, name="attempt_remove"),
    path("team/assignments/", assignments.assignments, name="assignments"),
    path("team/assignments/new/", assignments.assign, name="assign"),
    path("team/assignments/<int:pk>/date/", assignments.change_date, name="change_date"),
    path("team/assignments/<int:pk>/withdraw/", assignments.withdraw, name="withdraw"),
    path("team/assignments/<int:pk>/restore/", assignments.restore, name="restore"),
    path("team/assignments/<int:pk>/nudge/", assignments.nudge, name="nudge_all"),
    path("team/reports/completion/", report.report, name="report"),
    path("team/reports/completion.csv", report.report_csv, name="report_csv"),
]
