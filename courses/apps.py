from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoursesConfig(AppConfig):
    name = "courses"

    def ready(self) -> None:
        """Fill the registries: lesson kinds, menu, notice kinds, personal data."""
        from courses import registry
        from courses.kinds.text import TextKind
        from courses.kinds.video import VideoKind

        registry.register_kind(TextKind())
        registry.register_kind(VideoKind())
        self._register_for_readers()
        self._register_for_authors()

    def _register_for_authors(self) -> None:
        from accounts.access import register_role
        from core import navigation
        from courses.access import AUTHOR, may_author, works_on_a_course

        register_role(AUTHOR, works_on_a_course)
        navigation.register(
            navigation.Item(
                "work",
                20,
                _("Author"),
                "courses:author",
                "pencil",
                "/author/",
                visible=lambda request: may_author(request.user),
            )
        )

    def _register_for_readers(self) -> None:
        from accounts import local_word_registry, notice_kinds
        from core import navigation, personal_data
        from courses.exports import export_for
        from courses.local_words import LOCAL_WORDS
        from courses.services.reporting import NOTICE_KIND

        navigation.register(navigation.Item("main", 20, _("Catalogue"), "courses:catalogue", "shelf", "/courses/"))
        notice_kinds.register(
            notice_kinds.NoticeKind(
                NOTICE_KIND,
                _("Something is wrong in a lesson of mine"),
                help=_("What readers report in courses that you own or edit."),
                icon="flag",
            )
        )
        local_word_registry.register(LOCAL_WORDS)
        personal_data.register("courses", export_for, _("The courses you took, and what you reported in lessons."))
