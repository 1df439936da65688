from django.urls import URLPattern, URLResolver, path

from quizzes.views import attempt, result

app_name = "quizzes"

urlpatterns: list[URLPattern | URLResolver] = [
    path("courses/<slug:slug>/<slug:uid>/quiz/<int:number>/", attempt.question, name="question"),
    path("courses/<slug:slug>/<slug:uid>/quiz/review/", attempt.review, name="review"),
    path("courses/<slug:slug>/<slug:uid>/quiz/result/", result.result, name="result"),
    path("courses/<slug:slug>/<slug:uid>/quiz/result/<int:number>/", result.answer, name="answer"),
]
