"""The application, for gunicorn, the command line and tests."""

from erp.kernel.web.application import create_app

app = create_app()
