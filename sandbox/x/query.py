"""Parse X's search query language.

Supports words, "phrases", OR, -not, (groups), @user, #tag, from:, to:, is:, has:, lang:, conversation_id:.
AND (a space) binds closer than OR, as on X. Source: docs.x.com, "Build a query".
"""

import re
from collections.abc import Callable

from sandbox.x import wording
from sandbox.x.posts import Post
from sandbox.x.problems import Problem, invalid

QUERY_LENGTH = 512
TOKEN = re.compile(r'\s*(-?\(|\)|-?"[^"]*"|-?[^\s()"]+)')

Test = Callable[[Post], bool]

IS: dict[str, Test] = {
    "retweet": lambda p: p.retweets is not None,
    "reply": lambda p: p.reply_to is not None,
    "quote": lambda p: p.quotes is not None,
    "verified": lambda p: p.author.verified,
}
HAS: dict[str, Test] = {
    "links": lambda p: bool(wording.full(p.text).entities["urls"]),
    "mentions": lambda p: bool(p.mentioned),
    "hashtags": lambda p: "#" in p.text,
    "media": lambda _: False,
    "images": lambda _: False,
}


def parse(query: str | None) -> Test:
    """Compile a query to a predicate. Raises Problem (400) as X does for an invalid query."""
    if query is None or not query.strip():
        raise _refused(query or "", "The `query` query parameter can not be empty")
    if len(query) > QUERY_LENGTH:
        raise _refused(query, f"The `query` query parameter value is longer than {QUERY_LENGTH} characters")
    parser = _Parser(query)
    test = parser.disjunction()
    if parser.tokens:
        raise parser.error(f"no viable alternative at input '{parser.tokens[0]}'")
    if not parser.standalone:
        raise parser.error("Rules must contain at least one positive, standalone operator")
    return test


class _Parser:
    def __init__(self, query: str) -> None:
        self.query = query
        self.tokens = _tokens(query)
        self.standalone = False

    def error(self, message: str) -> Problem:
        return _refused(self.query, f"There were errors processing your request: {message}")

    def disjunction(self) -> Test:
        tests = [self._conjunction()]
        while self.tokens[:1] == ["OR"]:
            self.tokens.pop(0)
            tests.append(self._conjunction())
        return lambda post: any(test(post) for test in tests)

    def _conjunction(self) -> Test:
        tests: list[Test] = []
        while self.tokens and self.tokens[0] not in ("OR", ")"):
            tests.append(self._operand(self.tokens.pop(0)))
        if not tests:
            raise self.error("missing a term (at the end, beside OR, or in empty parentheses)")
        return lambda post: all(test(post) for test in tests)

    def _operand(self, token: str) -> Test:
        if token.startswith("-") and len(token) > 1:
            before = self.standalone
            inside = self._operand(token[1:])
            self.standalone = before
            return lambda post: not inside(post)
        if token == "(":  # noqa: S105 - a parenthesis, not a secret
            inside = self.disjunction()
            if self.tokens[:1] != [")"]:
                raise self.error("missing ')'")
            self.tokens.pop(0)
            return inside
        return self._term(token)

    def _term(self, token: str) -> Test:
        name, colon, value = token.partition(":")
        if not colon or token.startswith('"') or "//" in value:
            self.standalone = True
            return _words(token)
        if name in ("is", "has", "lang"):
            return self._filter(name, value)
        self.standalone = True
        account = value.removeprefix("@").lower()
        if name == "from":
            return lambda p: p.author.username.lower() == account or p.author.id == value
        if name == "to":
            return lambda p: p.reply_to is not None and account in [n.lower() for n in _addressed(p)[:1]]
        if name == "conversation_id":
            return lambda p: p.conversation_id == value
        raise self.error(
            f"Reference to invalid operator '{name}'. Operator is not available in current product"
        )

    def _filter(self, name: str, value: str) -> Test:
        if name == "lang":
            return lambda p: p.lang == value
        known = IS if name == "is" else HAS
        if value not in known:
            raise self.error(f"Reference to invalid field '{value}' in '{name}:'")
        return known[value]


def _words(token: str) -> Test:
    needle = token.strip('"').casefold()
    if token.startswith("@"):
        return lambda p: needle[1:] in [n.casefold() for n in _addressed(p)]
    pattern = re.compile(rf"(?<!\w){re.escape(needle)}(?!\w)")
    if not needle.isascii():
        return lambda p: needle in p.text.casefold()
    return lambda p: pattern.search(p.text.casefold()) is not None


def _addressed(post: Post) -> list[str]:
    return [*post.auto_mentions, *wording.mentions_in(post.text)]


def _tokens(query: str) -> list[str]:
    tokens: list[str] = []
    position = 0
    while position < len(query.rstrip()):
        found = TOKEN.match(query, position)
        if found is None:
            raise _refused(
                query, f"There were errors processing your request: unbalanced quote (at position {position})"
            )
        token = found.group(1)
        tokens.append(token)
        position = found.end()
    return tokens


def _refused(query: str, message: str) -> Problem:
    return invalid("query", [query], message)
