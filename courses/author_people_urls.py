"""Below ``/author/courses/<slug>/``: who works on a course, its upkeep; part of the namespace ``courses``."""

from django.urls import path

from courses.views import author_people

urlpatterns = [
    path("courses/<slug:slug>/people/", author_people.people, name="author_people"),
    path("courses/<slug:slug>/people/back/", author_people.put_back, name="author_person_back"),
    path("courses/<slug:slug>/people/leave/", author_people.leave, name="author_leave"),
    path("courses/<slug:slug>/people/<uuid:key>/role/", author_people.role, name="author_person_role"),
    path("courses/<slug:slug>/people/<uuid:key>/remove/", author_people.remove, name="author_person_remove"),
    path("courses/<slug:slug>/people/<uuid:key>/owner/", author_people.hand_over, name="author_handover"),
    path("courses/<slug:slug>/upkeep/day/", author_people.review_by, name="author_review_by"),
    path("courses/<slug:slug>/upkeep/looked/", author_people.looked, name="author_looked"),
]
