"""The live chat of a bot, where its settings offer one."""

from adapters.chat import chat_links
from adapters.settings import Settings
from adapters.slack.directory import Directory
from domain.clock import Clock
from domain.networks import Account
from domain.replies.outgoing_message import CodeRecipient
from handlers.desk import Desk
from handlers.triage.classify import Classifier
from handlers.web.chat.context import Chat, Look


def live_chat(
    settings: Settings,
    *,
    desk: Desk,
    clock: Clock,
    classifier: Classifier,
    account: Account,
    directory: Directory,
    proof: CodeRecipient | None,
    mails: bool,
) -> Chat | None:
    """The chat; `None` without PUBLIC_URL and SECRET_KEY. `proof` is where a code can be sent to us.

    `mails` is whether we can mail to customers.
    """
    environment, choices = settings.environment, settings.choices
    links = chat_links(environment.public_url, environment.secret_key)
    if links is None:
        return None

    return Chat(
        desk=desk,
        clock=clock,
        links=links,
        classifier=classifier,
        account=account,
        look=Look(
            brand=choices.brand.name or account.name,
            colour=choices.chat.colour,
            hours=choices.chat.office_hours,
            greeting=choices.chat.greeting,
            waiting=choices.chat.waiting,
            language=choices.brand.language,
            embed_on=choices.chat.embed_on,
        ),
        first_name=directory.first_name,
        mails=mails,
        proof=proof,
    )
