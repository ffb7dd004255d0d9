from rapport.channels.chat.tests.sites import kiosk_site, site, visitor

__all__ = ["kiosk_site", "site", "visitor"]
