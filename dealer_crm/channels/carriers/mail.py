"""E-mail by Django's own backend (`EMAIL_URL`)."""

import smtplib

from django.core.mail import EmailMessage

from dealer_crm.channels.carriers.interface import Handed, Outgoing, Setup, Verdict


class Mail:
    """A mail server that will not have this address says no for good; everything else is tried again."""

    def __init__(self, setup: Setup):
        self.setup = setup

    def send(self, message: Outgoing) -> Handed:
        mail = EmailMessage(
            subject=message.subject,
            body=message.text,
            to=[message.to],
            headers={"Message-ID": f"<{message.token}@dealer-crm>", "Auto-Submitted": "auto-generated"},
        )
        try:
            mail.send()
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as refusal:
            return Handed(Verdict.NEVER if _is_for_good(refusal) else Verdict.LATER, reason=str(refusal)[:300])
        except (smtplib.SMTPException, OSError) as error:
            return Handed(Verdict.LATER, reason=f"{type(error).__name__}: {error}"[:300])
        return Handed(Verdict.TAKEN)


def _is_for_good(refusal) -> bool:
    """5xx codes stand, 4xx codes pass (RFC 5321)."""
    if isinstance(refusal, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _text in refusal.recipients.values())
    return refusal.smtp_code >= 500
