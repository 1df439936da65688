from django.urls import include, path

from accounts.views import joining, notices, organisation, people, profile, setup, teams

app_name = "accounts"

of_organisation = [
    path("", organisation.overview, name="organisation_of"),
    path("people/", people.index, name="people"),
    path("people/add/", people.add, name="add_people"),
    path("people/<uuid:key>/", people.member, name="member"),
    path("people/<uuid:key>/remove/", people.remove, name="remove_member"),
    path("teams/", teams.index, name="teams"),
    path("teams/<int:pk>/", teams.detail, name="team"),
    path("teams/<int:pk>/add/", teams.add, name="add_to_team"),
    path("teams/<int:pk>/places/<int:place>/remove/", teams.remove, name="remove_from_team"),
    path("teams/<int:pk>/delete/", teams.delete, name="delete_team"),
    path("invitations/", joining.invitations, name="invitations"),
    path("codes/", joining.codes, name="codes"),
    path("words/", organisation.words, name="words"),
    path("settings/", organisation.settings, name="organisation_settings"),
]

urlpatterns = [
    path("notices/", notices.inbox, name="notices"),
    path("notices/read/", notices.read_all, name="read_all_notices"),
    path("notices/<int:pk>/read/", notices.read, name="read_notice"),
    path("notices/preferences/", notices.choose, name="notice_preferences"),
    path("me/settings/", profile.settings, name="settings"),
    path("me/settings/key/", profile.new_token, name="new_token"),
    path("me/settings/key/revoke/", profile.revoke_token, name="revoke_token"),
    path("me/privacy/", profile.privacy, name="privacy"),
    path("me/privacy/download/", profile.download, name="download"),
    path("theme/", profile.theme, name="theme"),
    path("join/", joining.join, name="join"),
    path("invitations/<str:token>/", joining.invitation, name="invitation"),
    path("setup/", setup.setup, name="setup"),
    path("team/<int:pk>/invite/", people.invite_to_team, name="invite_to_team"),
    path("organisation/", organisation.overview, name="organisation"),
    path("organisation/invitations/<int:pk>/again/", joining.send_again, name="send_invitation_again"),
    path("organisation/invitations/<int:pk>/withdraw/", joining.withdraw, name="withdraw_invitation"),
    path("organisation/codes/<int:pk>/close/", joining.close_code, name="close_code"),
    path("organisation/<slug:slug>/", include(of_organisation)),
]
