"""Explain rejected tokens to whoever starts the bot; `None` for errors that a retry may solve."""

from slack_sdk.errors import SlackApiError

from adapters.slack.errors import error_code

TOKEN_REFUSED = frozenset(
    {"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired"}
)
APP_TOKEN_REFUSED = TOKEN_REFUSED | {"not_allowed_token_type", "missing_scope", "no_permission"}


def bot_token_fault(error: Exception) -> str | None:
    """Explain why the bot token is rejected."""
    code = error_code(error) if isinstance(error, SlackApiError) else ""
    if code not in TOKEN_REFUSED:
        return None
    return (
        f"Slack does not accept SLACK_BOT_TOKEN ({code}). Copy the bot token from the app's "
        "page “OAuth & Permissions”, then run `python bot.py check`."
    )


def app_token_fault(error: Exception) -> str | None:
    """Explain why the app-level token is rejected."""
    code = error_code(error) if isinstance(error, SlackApiError) else ""
    if code not in APP_TOKEN_REFUSED:
        return None
    return (
        f"Slack does not accept SLACK_APP_TOKEN ({code}). Make an app-level token with connections:write on the "
        "app's page “Basic Information”, and see that Socket Mode is switched on."
    )
