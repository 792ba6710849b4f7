from allauth.account.adapter import DefaultAccountAdapter


class KontenAdapter(DefaultAccountAdapter):
    """Accounts are opened by the Administration; no message says whether an address exists."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": (
            "Die Anmeldung ist nicht gelungen. E-Mail-Adresse und Passwort passen nicht zusammen. "
            "Bitte prüfen Sie beide Angaben."
        ),
        "too_many_login_attempts": (
            "Zu viele Anmeldeversuche in kurzer Zeit. "
            "Bitte warten Sie fünf Minuten und versuchen Sie es dann erneut."
        ),
        "enter_current_password": "Das bisherige Passwort stimmt nicht. Bitte geben Sie es noch einmal ein.",
        "rate_limited": "Zu viele Anfragen in kurzer Zeit. Bitte warten Sie einige Minuten.",
    }

    def is_open_for_signup(self, request):
        return False
