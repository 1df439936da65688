from django.apps import AppConfig


class ProgressConfig(AppConfig):
    name = "progress"

    def ready(self) -> None:
        from courses import standing
        from progress import receivers, record_area, team_area
        from progress.standing import LedgerStanding

        standing.register(LedgerStanding())
        record_area.register()
        team_area.register()
        self.receivers = receivers
