"""Spaced review: one's own cards, plan and memory."""

from django.urls import URLPattern, path

from quizzes.views import review, review_cards, review_plan, review_retention

app_name = "review"
urlpatterns: list[URLPattern] = [
    path("", review.start, name="start"),
    path("begin/", review.begin, name="begin"),
    path("card/", review.card, name="card"),
    path("card/rate/", review.rate, name="rate"),
    path("undo/", review.undo, name="undo"),
    path("stop/", review.stop, name="stop"),
    path("done/", review.done, name="done"),
    path("cards/", review_cards.cards, name="cards"),
    path("cards/<int:pk>/", review_cards.one, name="one"),
    path("cards/<int:pk>/bury/", review_cards.bury, name="bury"),
    path("cards/<int:pk>/suspend/", review_cards.suspend, name="suspend"),
    path("cards/<int:pk>/resume/", review_cards.resume, name="resume"),
    path("cards/<int:pk>/interval/", review_cards.interval, name="interval"),
    path("plan/", review_plan.plan, name="plan"),
    path("plan/pause/", review_plan.pause, name="pause"),
    path("plan/go-on/", review_plan.go_on, name="go_on"),
    path("retention/", review_retention.retention, name="retention"),
]
