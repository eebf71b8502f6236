"""Define the section `[chat]` of `switchboard.toml`."""

from typing import Annotated

from pydantic import Field

from adapters.settings.section import Language, Section

Greeting = Annotated[str, Field(min_length=1, max_length=500)]
Origin = Annotated[str, Field(pattern=r"^https?://[A-Za-z0-9.-]+(:\d{1,5})?$")]


class Chat(Section):
    """How the live chat looks."""

    colour: str = Field("#0f766e", pattern=r"^#[0-9a-fA-F]{6}$", description="the brand's colour")
    greeting: str = Field(
        "",
        max_length=500,
        description="the first line in the chat, in every language; empty: ours, in the customer's language",
    )
    greetings: dict[Language, Greeting] = Field(
        {},
        description='the first line in the chat by language, such as `{ de = "Hallo!" }`; a language that is not there has `greeting`',
    )
    waiting: str = Field(
        "",
        max_length=200,
        description="what is said of the wait until we have answered in the chat; empty: ours, in the customer's language",
    )
    embed_on: Annotated[tuple[Origin, ...], Field(strict=False)] = Field(
        (),
        description="origins, such as https://shop.example, whose pages may hold the chat in a frame"
        "; those of other sites only where `PUBLIC_URL` is https: the cookie is SameSite=None and Partitioned then, else Lax",
    )
