"""Count lost and duplicated acts from the sandbox's ledger."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sandbox.ledger import Entry
from sandbox.world import World
from sandbox.x import Post
from tests.crash.cards import Message, action_ids, card_of, lines
from tests.crash.people import Acknowledged
from tests.stories import has_it, shown


@dataclass
class LedgerCheck:
    """Compare the ledger with what customers wrote and what the bot acknowledged to agents.

    Each check returns a list of discrepancies.
    """

    world: World
    channels: tuple[str, ...]
    mentions: Sequence[Post]
    acknowledged: Acknowledged

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
        """The messages in each card's thread, by the card's ts."""
        found = defaultdict(list)
        for entry in self.posts:
            if entry.detail["thread_ts"]:
                found[entry.detail["thread_ts"]].append(entry)
        return found

    def problems(self) -> list[str]:
        """Return all discrepancies, in words."""
        return [
            *self._cards(),
            *self._mentions(),
            *self._thread_lines(),
            *self._replies(),
            *self._holders(),
            *self._tokens(),
        ]

    def _cards(self) -> list[str]:
        """Check for one card per customer, since no case is closed before its customer is silent."""
        cards = [entry for entry in self.posts if not entry.detail["thread_ts"]]
        counts = {
            who: sum(bool(_addresses(who, entry.detail["text"])) for entry in cards) for who in self.customers
        }
        wrong = [f"{who} has {n} cards" for who, n in counts.items() if n != 1]
        if len(cards) != len(self.customers):
            wrong.append(f"{len(cards)} messages in the channels for {len(self.customers)} customers")
        return wrong

    def _mentions(self) -> list[str]:
        """Check that each mention is on its author's card or in its thread, there once."""
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

    def _thread_lines(self) -> list[str]:
        """Check that no thread has a line twice, since nobody did the same thing to the same case twice."""
        wrong = []
        for ts, entries in self.threads.items():
            line_counts = Counter(line for entry in entries for line in lines(entry.detail))
            wrong += [f"thread {ts} tells {line!r} {n} times" for line, n in line_counts.items() if n > 1]
        return wrong

    def _replies(self) -> list[str]:
        """Check that no public reply was posted twice.

        A reply that the bot accepted is public once, or the card offers what to do about it.
        """
        public = Counter(entry.detail["text"] for entry in self.world.ledger.of("x", "POST /2/tweets"))
        wrong = [f"{text!r} is public {n} times" for text, n in public.items() if n > 1]
        for who, text in self.acknowledged.answers.items():
            card = self._card(who)
            can = action_ids(card)
            if not public[text] and not can & {"reply.was_sent", "reply.try_again"}:
                wrong.append(f"{text!r} is not public, and its card says {shown(card)!r}")
            if public[text] and can & {"reply.was_sent", "reply.try_again"}:
                wrong.append(f"{text!r} is public, and its card still says {shown(card)!r}")
        return wrong

    def _holders(self) -> list[str]:
        """Check that each acknowledged claim and resolution is on its card."""
        wrong = []
        for who in self.customers:
            card, assignee = shown(self._card(who)), self.acknowledged.assignees.get(who)
            if who in self.acknowledged.resolved:
                if "✅ *Resolved*" not in card:
                    wrong.append(f"{who} was resolved, and the card says {card!r}")
            elif (has_it(assignee) not in card) if assignee else ("has it" in card):
                wrong.append(f"{who} is with {assignee or 'nobody'}, and the card says {card!r}")
        return wrong

    def _tokens(self) -> list[str]:
        """Check that no effect was posted twice under the same token."""
        marks = Counter(entry.detail["metadata"]["event_payload"]["token"] for entry in self.posts)
        return [f"the act {token} was posted {n} times" for token, n in marks.items() if n > 1]

    def _card(self, who: str) -> Message:
        found = card_of(self.world, self.channels, who)
        assert found is not None, f"{who} has no card"
        return found[1]


def _addresses(who: str, text: str) -> bool:
    return f"@{who}:" in text or f"@{who} " in text
