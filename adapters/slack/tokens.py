"""Which tokens Slack does not accept, said to whoever starts the bot; `None` for an error that waiting may end."""

from slack_sdk.errors import SlackApiError

from adapters.slack.errors import code_of

TOKEN_REFUSED = frozenset(
    {"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired"}
)
APP_TOKEN_REFUSED = TOKEN_REFUSED | {"not_allowed_token_type", "missing_scope", "no_permission"}


def bot_token_fault(error: Exception) -> str | None:
    """Why the bot token is no good."""
    code = code_of(error) if isinstance(error, SlackApiError) else ""
    if code not in TOKEN_REFUSED:
        return None
    return (
        f"Slack does not accept SLACK_BOT_TOKEN ({code}). Copy the bot token from the app's "
        "page “OAuth & Permissions”, then run `python bot.py check`."
    )


def app_token_fault(error: Exception) -> str | None:
    """Why the app-level token is no good."""
    code = code_of(error) if isinstance(error, SlackApiError) else ""
    if code not in APP_TOKEN_REFUSED:
        return None
    return (
        f"Slack does not accept SLACK_APP_TOKEN ({code}). Make an app-level token with connections:write on the "
        "app's page “Basic Information”, and see that Socket Mode is switched on."
    )
