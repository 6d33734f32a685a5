from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChannelsConfig(AppConfig):
    name = "dealer_crm.channels"
    verbose_name = _("Messages")

    def ready(self):
        from django.core import checks

        from dealer_crm.access.permissions import Permission
        from dealer_crm.channels import receivers as _ears  # noqa: F401 - hears that a message was ordered
        from dealer_crm.channels import settings as _figures  # noqa: F401 - declares the dated figures
        from dealer_crm.channels.choices import DEEDS
        from dealer_crm.journal import verbs
        from dealer_crm.ui import navigation
        from dealer_crm.ui.navigation import Entry, Group

        checks.register(look_at_the_gateways, checks.Tags.security, deploy=True)
        verbs.register(DEEDS)
        callback, system = Group.CALLBACK, Group.SYSTEM
        navigation.register(
            Entry(_("Outbox"), "channels:outbox", Permission.MESSAGE_VIEW, icon="send", group=callback, order=80),
            Entry(
                _("Answers by text"),
                "channels:texts_in_list",
                Permission.MESSAGE_VIEW,
                icon="message-reply",
                group=callback,
                order=82,
            ),
            Entry(
                _("Message figures"),
                "channels:figures",
                Permission.MESSAGE_VIEW,
                icon="chart-bar",
                group=callback,
                order=84,
            ),
            Entry(
                _("Message wordings"),
                "channels:wordings",
                Permission.WORDING_CHANGE,
                icon="message-2",
                group=callback,
                order=86,
            ),
            Entry(
                _("Channels"), "channels:state", Permission.CHANNEL_TEST, icon="antenna-bars-5", group=system, order=60
            ),
        )


def look_at_the_gateways(app_configs, **_options):
    """Whether every gateway can be spoken to and believed."""
    from django.core.checks import Warning as Doubt

    from dealer_crm.channels.carriers import setup_of
    from dealer_crm.channels.choices import Channel

    return [
        Doubt(f"{channel.value}: {problem}", id="channels.W001")
        for channel in Channel
        for problem in setup_of(channel).problems
    ]
