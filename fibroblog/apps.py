from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class FibroblogConfig(AppConfig):
    name = "fibroblog"
    verbose_name = "Site"


class AdminConfig(admin_apps.AdminConfig):
    default_site = "fibroblog.admin_site.FibroblogAdmin"
