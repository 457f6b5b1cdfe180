import os

from django.core.wsgi import get_wsgi_application

from i2a.checks import ensure_fresh_zone_data

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "i2a.settings")

ensure_fresh_zone_data()  # a web server runs no system checks of its own
application = get_wsgi_application()
