from django.urls import URLPattern, URLResolver, include, path, register_converter

from courses.views import catalogue, course, landing, media, player, reviewing, search


class Slug:
    """A course slug or a lesson uid; ``do`` and ``media`` are reserved words of a course's address."""

    regex = r"(?!(?:do|media)/)[a-z0-9]+(?:-[a-z0-9]+)*"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class Sha:
    regex = r"[0-9a-f]{64}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Slug, "name")
register_converter(Sha, "sha")

app_name = "courses"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", landing.landing, name="landing"),
    path("search/", search.search, name="search"),
    path("author/", include("courses.author_urls")),
    path("organisation/<slug:slug>/reviewing/", reviewing.policy, name="reviewing"),
    path("courses/", catalogue.catalogue, name="catalogue"),
    path("courses/<slug:slug>/", course.course, name="course"),
    path("courses/<slug:slug>/do/enrol/", course.enrol, name="enrol"),
    path("courses/<slug:slug>/do/open/", course.open_course, name="open"),
    path("courses/<slug:slug>/do/leave/", course.leave, name="leave"),
    path("courses/<slug:slug>/do/move/", course.move, name="move"),
    path("courses/<slug:slug>/do/keep/", course.keep, name="keep"),
    path("courses/<slug:slug>/do/language/", course.language, name="language"),
    path("courses/<slug:slug>/media/<sha:sha>/<str:name>", media.media, name="media"),
    path("courses/<slug:slug>/<name:uid>/", player.lesson, name="lesson"),
    path("courses/<slug:slug>/<name:uid>/transcript.txt", player.transcript, name="transcript"),
    path("courses/<slug:slug>/<name:uid>/do/<name:verb>/", player.do, name="do"),
]
