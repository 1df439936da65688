"""Below ``/author/``: the organisation's shelf, and all files of one's courses. Part of the namespace ``courses``."""

from django.urls import path

from courses.views import author_all_media, author_library, author_shelving

urlpatterns = [
    path("library/", author_library.shelf, name="author_library"),
    path("library/<int:pk>/", author_library.item, name="author_library_item"),
    path("library/<int:pk>/details/", author_library.edit, name="author_library_edit"),
    path("library/<int:pk>/withdraw/", author_library.withdraw, name="author_library_withdraw"),
    path("library/<int:pk>/back/", author_library.bring_back, name="author_library_back"),
    path("media/", author_all_media.files, name="author_media"),
    path("media/unused/", author_all_media.unused, name="author_media_unused"),
    path("media/back/", author_all_media.put_back, name="author_media_back"),
    path("courses/<slug:slug>/lessons/<slug:uid>/shelve/", author_shelving.put_lesson, name="author_shelve_lesson"),
    path("courses/<slug:slug>/files/<str:name>/shelve/", author_shelving.put_file, name="author_shelve_file"),
    path("courses/<slug:slug>/library/", author_shelving.taken, name="author_taken"),
    path("courses/<slug:slug>/library/<int:pk>/", author_shelving.newer, name="author_newer"),
]
