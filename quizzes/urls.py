from django.urls import URLPattern, URLResolver, path

from quizzes.views import attempt, practice, practice_run, result, saving

app_name = "quizzes"

urlpatterns: list[URLPattern | URLResolver] = [
    path("courses/<slug:slug>/<slug:uid>/quiz/<int:number>/", attempt.question, name="question"),
    path("courses/<slug:slug>/<slug:uid>/quiz/<int:number>/save/", saving.save, name="save"),
    path("courses/<slug:slug>/<slug:uid>/quiz/<int:number>/check/", attempt.check, name="check"),
    path("courses/<slug:slug>/<slug:uid>/quiz/review/", attempt.review, name="review"),
    path("courses/<slug:slug>/<slug:uid>/quiz/result/", result.result, name="result"),
    path("courses/<slug:slug>/<slug:uid>/quiz/result/<int:number>/", result.answer, name="answer"),
    path("practice/", practice.practice, name="practice"),
    path("practice/runs/<int:pk>/", practice_run.run, name="practice_run"),
    path("practice/runs/<int:pk>/do/", practice_run.do, name="practice_do"),
    path("practice/runs/<int:pk>/debrief/", practice_run.debrief, name="practice_debrief"),
    path("practice/runs/<int:pk>/replay/", practice_run.replay, name="practice_replay"),
    path("practice/runs/<int:pk>/again/", practice_run.again, name="practice_again"),
    path("practice/cases/<int:pk>/start/", practice.start_case, name="practice_start_case"),
    path("practice/<slug:name>/", practice.engine, name="practice_engine"),
    path("practice/<slug:name>/start/", practice.start, name="practice_start"),
]
