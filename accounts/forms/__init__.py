"""Text becomes typed values; what is wrong is said beside the field."""

from accounts.forms.joining import AddPeopleForm, JoinCodeForm, JoinForm
from accounts.forms.organisation import LocalWordsForm, MemberForm, OrganisationForm, TeamForm, TeamMemberForm
from accounts.forms.profile import PreferencesForm, SettingsForm
from accounts.forms.signin import SetupForm, SignInForm, SignUpForm

__all__ = [
    "AddPeopleForm",
    "JoinCodeForm",
    "JoinForm",
    "LocalWordsForm",
    "MemberForm",
    "OrganisationForm",
    "PreferencesForm",
    "SettingsForm",
    "SetupForm",
    "SignInForm",
    "SignUpForm",
    "TeamForm",
    "TeamMemberForm",
]
