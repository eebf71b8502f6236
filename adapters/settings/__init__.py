"""Load the settings. Nothing else reads the environment, `.env` and `switchboard.toml`."""

from adapters.settings.choices import Choices
from adapters.settings.environment import Environment
from adapters.settings.errors import SettingsError
from adapters.settings.load import (
    Settings,
    check_settings,
    load_choices,
    load_database_url,
    load_settings,
)
from adapters.settings.policy import outage_policy, policy
from adapters.settings.routes import Route
from adapters.settings.table import SettingRow, setting_rows

__all__ = [
    "Choices",
    "Environment",
    "Route",
    "SettingRow",
    "Settings",
    "SettingsError",
    "check_settings",
    "load_choices",
    "load_database_url",
    "load_settings",
    "outage_policy",
    "policy",
    "setting_rows",
]
