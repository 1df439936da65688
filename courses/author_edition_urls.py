"""Publishing and what was published, below ``/author/courses/<slug>/``; part of the namespace ``courses``."""

from django.urls import path

from courses.views import author_compare, author_editions, author_links, author_plan, author_publish

urlpatterns = [
    path("courses/<slug:slug>/preview/", author_editions.preview, name="author_preview"),
    path("courses/<slug:slug>/publish/", author_publish.publish, name="author_publish"),
    path("courses/<slug:slug>/editions/", author_editions.editions, name="author_editions"),
    path("courses/<slug:slug>/editions/compare/", author_compare.compare, name="author_compare"),
    path("courses/<slug:slug>/editions/plan/", author_plan.change, name="author_plan"),
    path("courses/<slug:slug>/editions/plan/cancel/", author_plan.cancel, name="author_plan_cancel"),
    path("courses/<slug:slug>/links/", author_links.links, name="author_links"),
    path("courses/<slug:slug>/links/<int:pk>/end/", author_links.revoke, name="author_link_revoke"),
    path("courses/<slug:slug>/editions/<int:number>/draft/", author_editions.restore, name="author_restore"),
    path("courses/<slug:slug>/editions/<int:number>/again/", author_publish.again, name="author_again"),
]
