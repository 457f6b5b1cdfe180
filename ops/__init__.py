"""The launcher and the embedded servers. Standard library only (but for the mail sink); imports nothing of Django.

It stays outside the package `i2a`, whose import would start Celery and fix the settings module.
"""
