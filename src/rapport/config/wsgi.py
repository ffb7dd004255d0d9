"""The WSGI application: pages, the API and everything else that is not a live stream."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rapport.config.settings")

application = get_wsgi_application()
