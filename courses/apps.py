from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoursesConfig(AppConfig):
    name = "courses"

    def ready(self) -> None:
        """Fill the registries: lesson kinds, menu, notice kinds, personal data."""
        from courses import registry
        from courses.kinds.audio import AudioKind
        from courses.kinds.text import TextKind
        from courses.kinds.video import VideoKind

        registry.register_kind(TextKind())
        registry.register_kind(VideoKind())
        registry.register_kind(AudioKind())
        self._register_for_readers()
        self._register_for_authors()
        self._register_making()
        self._register_advice()

    def _register_advice(self) -> None:
        """What authors are told to think about before they publish."""
        from courses.advice import media, structure, time, words
        from courses.advice.registry import register_around_rule, register_text_rule

        register_text_rule("reading-level", words.reading_level)
        register_text_rule("colour-only", words.colour_only)
        register_text_rule("link-words", structure.link_words)
        register_text_rule("table-heads", structure.table_heads)
        register_text_rule("picture", structure.pictures)
        register_text_rule("kind", structure.own_words_of_the_kind)
        register_around_rule("minutes", time.minutes)
        register_around_rule("unasked", time.unasked)
        register_around_rule("chapters", media.chapters)
        register_around_rule("dead-link", media.dead_links)

    def _register_making(self) -> None:
        """What uploaded files are for, and the jobs on them, on decks and on documents."""
        from accounts import notice_kinds
        from courses.making import decks, documents, hearing, transcode
        from courses.making.purposes import register_purpose
        from courses.making.registry import register_job
        from courses.services import arriving
        from courses.services.making import NOTICE_KIND

        register_job("deck", decks.make_video)
        register_job("listen", decks.listen)
        register_job("document", documents.read_document)
        register_job("slides", documents.read_slides)

        notice_kinds.register(
            notice_kinds.NoticeKind(
                NOTICE_KIND,
                _("A video, a recording or captions of mine are ready"),
                default_mail=False,
                help=_("When what was made of a file that you uploaded is there, or did not work."),
                icon="video",
            )
        )
        for purpose in (arriving.FILM, arriving.SOUND, arriving.FILE, arriving.REPLACEMENT):
            register_purpose(purpose)
        for purpose in (documents.DOCUMENT, documents.SLIDES):
            register_purpose(purpose)
        register_job("transcode", transcode.transcode)
        register_job("poster", transcode.poster)
        register_job(hearing.KIND, hearing.draft_captions)

    def _register_for_authors(self) -> None:
        from accounts import notice_kinds
        from accounts.access import register_role
        from core import navigation
        from courses.access import AUTHOR, may_author, works_on_a_course
        from courses.notice_kinds import AUTHORING

        register_role(AUTHOR, works_on_a_course)
        for kind in AUTHORING:
            notice_kinds.register(kind)
        navigation.register(
            navigation.Item(
                navigation.OF_ONE, 10, _("Courses and reviews"), "courses:reviewing", "check", "/organisation/"
            )
        )
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
        from courses.services.remarking import NOTICE_KIND as REMARK_KIND
        from courses.services.reporting import NOTICE_KIND

        navigation.register(
            navigation.Item("main", 20, _("Catalogue"), "courses:catalogue", "shelf", "/courses/", holds="catalogue")
        )
        navigation.register(navigation.Item("catalogue", 10, _("Courses"), "courses:catalogue", "shelf", "/courses/$"))
        notice_kinds.register(
            notice_kinds.NoticeKind(
                NOTICE_KIND,
                _("Something is wrong in a lesson of mine"),
                help=_("What readers report in courses that you own or edit."),
                icon="flag",
            )
        )
        notice_kinds.register(
            notice_kinds.NoticeKind(
                REMARK_KIND,
                _("A note from a co-author"),
                help=_("What others write to you about courses that you make together."),
                icon="hand",
            )
        )
        local_word_registry.register(LOCAL_WORDS)
        personal_data.register("courses", export_for, _("The courses you took, and what you said of their lessons."))
