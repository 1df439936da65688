from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts import menu, own_data, own_notice_kinds

        menu.register()
        own_notice_kinds.register()
        own_data.register()
