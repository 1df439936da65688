"""Sign-in, sign-up, MFA and passkeys (django-allauth)."""

from config.settings.env import env

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.PasswordBackend", "accounts.backends.SignInBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/home/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = True  # the sign-in form asks the other way round: is this a shared computer?
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
# A classroom signs in at once from behind one address, so limits an address are wide, and those an account narrow.
ACCOUNT_RATE_LIMITS = {
    "login": "120/m/ip",
    "login_failed": "60/m/ip,5/300s/key",
    "signup": "120/m/ip",
    "request_login_code": "60/m/ip,3/m/key",
    "reset_password": "60/m/ip,5/m/key",
    "reset_password_from_key": "60/m/ip",
}
# How many proxies stand before the site and name the client in X-Forwarded-For; limits would else count the proxy.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=1 if env.bool("BEHIND_PROXY", default=False) else 0)
ACCOUNT_FORMS = {
    "login": "accounts.forms.SignInForm",
    "signup": "accounts.forms.SignUpForm",
    "add_email": "accounts.forms.plain.AddEmailForm",
    "change_password": "accounts.forms.plain.ChangePasswordForm",
    "set_password": "accounts.forms.plain.SetPasswordForm",
    "reset_password": "accounts.forms.plain.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.plain.ResetPasswordKeyForm",
    "request_login_code": "accounts.forms.plain.RequestLoginCodeForm",
    "confirm_login_code": "accounts.forms.plain.ConfirmLoginCodeForm",
    "reauthenticate": "accounts.forms.plain.ReauthenticateForm",
}
MFA_FORMS = {
    "authenticate": "accounts.forms.plain.AuthenticateForm",
    "reauthenticate": "accounts.forms.plain.ReauthenticateCodeForm",
    "activate_totp": "accounts.forms.plain.ActivateTOTPForm",
    "add_webauthn": "accounts.forms.plain.AddWebAuthnForm",
    "edit_webauthn": "accounts.forms.plain.EditWebAuthnForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Lendcraft"
# The code before and the one after hold, too: typing takes time, and telephones run fast or slow.
MFA_TOTP_TOLERANCE = 1
MFA_ADAPTER = "accounts.adapter.MFAAdapter"
