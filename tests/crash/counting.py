"""What was lost and what was doubled, counted from the sandbox's own ledger."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sandbox.ledger import Entry
from sandbox.world import World
from sandbox.x import Post
from tests.crash.cards import Message, action_ids, card_of, lines
from tests.crash.people import Told
from tests.stories import shown


@dataclass
class Count:
    """Everything that the world saw, against what people wrote and were told. Each method lists what is wrong."""

    world: World
    channels: tuple[str, ...]
    mentions: Sequence[Post]
    told: Told

    @cached_property
    def posts(self) -> Sequence[Entry]:
        """The messages that the bot posted in the channels."""
        every = self.world.ledger.of("slack", "chat.postMessage")
        return [entry for entry in every if entry.detail["channel"] in self.channels]

    @cached_property
    def customers(self) -> Mapping[str, Sequence[Post]]:
        """The mentions by their author's handle."""
        found = defaultdict(list)
        for post in self.mentions:
            found[post.author.username].append(post)
        return found

    @cached_property
    def threads(self) -> Mapping[str, Sequence[Entry]]:
        """What was posted in each card's thread, by the card's ts."""
        found = defaultdict(list)
        for entry in self.posts:
            if entry.detail["thread_ts"]:
                found[entry.detail["thread_ts"]].append(entry)
        return found

    def problems(self) -> list[str]:
        """All that is wrong, in words."""
        return [
            *self._cards(),
            *self._mentions(),
            *self._lines(),
            *self._replies(),
            *self._holders(),
            *self._marks(),
        ]

    def _cards(self) -> list[str]:
        """One card for each customer: nobody's case is closed before they fell silent."""
        cards = [entry for entry in self.posts if not entry.detail["thread_ts"]]
        many = {
            who: sum(bool(_names(who, entry.detail["text"])) for entry in cards) for who in self.customers
        }
        wrong = [f"{who} has {n} cards" for who, n in many.items() if n != 1]
        if len(cards) != len(self.customers):
            wrong.append(f"{len(cards)} messages in the channels for {len(self.customers)} customers")
        return wrong

    def _mentions(self) -> list[str]:
        """Each mention is on its author's card or in its thread, there once, and nowhere else."""
        wrong = []
        for who, posts in self.customers.items():
            card = self._card(who)
            thread = " ".join(shown({"blocks": e.detail["blocks"]}) for e in self.threads[card["ts"]])
            for post in posts:
                on_card = shown({"blocks": card["blocks"]}).count(post.text)
                if thread.count(post.text) > 1:
                    wrong.append(f"the thread tells {post.text!r} {thread.count(post.text)} times")
                if not on_card + thread.count(post.text):
                    wrong.append(f"{post.text!r} is shown nowhere")
        return wrong

    def _lines(self) -> list[str]:
        """No line twice: nobody did the same thing to the same case twice."""
        wrong = []
        for ts, entries in self.threads.items():
            told = Counter(line for entry in entries for line in lines(entry.detail))
            wrong += [f"thread {ts} tells {line!r} {n} times" for line, n in told.items() if n > 1]
        return wrong

    def _replies(self) -> list[str]:
        """No public reply twice; each that was taken from a person is public once, or the card says what to do about it."""
        public = Counter(entry.detail["text"] for entry in self.world.ledger.of("x", "POST /2/tweets"))
        wrong = [f"{text!r} is public {n} times" for text, n in public.items() if n > 1]
        for who, text in self.told.answers.items():
            card = self._card(who)
            can = action_ids(card)
            if not public[text] and not can & {"reply.was_sent", "reply.try_again"}:
                wrong.append(f"{text!r} is not public, and its card says {shown(card)!r}")
            if public[text] and can & {"reply.was_sent", "reply.try_again"}:
                wrong.append(f"{text!r} is public, and its card still says {shown(card)!r}")
        return wrong

    def _holders(self) -> list[str]:
        """Who was told that they hold a case holds it; what was resolved is resolved."""
        wrong = []
        for who in self.customers:
            card, holder = shown(self._card(who)), self.told.holders.get(who)
            if who in self.told.resolved:
                if "✅ Resolved" not in card:
                    wrong.append(f"{who} was resolved, and the card says {card!r}")
            elif (f"Claimed by <@{holder}>" not in card) if holder else ("Claimed by" in card):
                wrong.append(f"{who} is with {holder or 'nobody'}, and the card says {card!r}")
        return wrong

    def _marks(self) -> list[str]:
        """No act was posted under the same mark twice."""
        marks = Counter(entry.detail["metadata"]["event_payload"]["token"] for entry in self.posts)
        return [f"the act {token} was posted {n} times" for token, n in marks.items() if n > 1]

    def _card(self, who: str) -> Message:
        found = card_of(self.world, self.channels, who)
        assert found is not None, f"{who} has no card"
        return found[1]


def _names(who: str, text: str) -> bool:
    return f"@{who}:" in text or f"@{who} " in text
