from django.apps import AppConfig


class CoursesConfig(AppConfig):
    name = "courses"

    def ready(self) -> None:
        """Fill the registries: lesson kinds."""
        from courses import registry  # noqa: PLC0415  (the registries are filled when all apps are loaded)
        from courses.kinds.text import TextKind  # noqa: PLC0415
        from courses.kinds.video import VideoKind  # noqa: PLC0415

        registry.register_kind(TextKind())
        registry.register_kind(VideoKind())
