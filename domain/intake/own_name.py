"""Know how a quote or a heading names us: by our address, with a token or without, and by our name."""

import re
from dataclasses import dataclass
from functools import cached_property

_DATE = re.compile(r"\b(?:19|20)\d\d\b")


@dataclass(frozen=True, slots=False)
class OwnName:
    """How a quote names us: our address, with a token or without, and our name."""

    address: str
    name: str

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        local, _, domain = self.address.partition("@")
        return re.compile(rf"{re.escape(local)}(?:\+[\w-]*)?\s?@{re.escape(domain)}", re.IGNORECASE)

    def address_in(self, text: str) -> re.Match[str] | None:
        """Return where our address stands in the text."""
        return self._pattern.search(text)

    def names(self, text: str) -> bool:
        """Return whether the text names us, by address or name."""
        has_name = bool(self.name) and self.name.casefold() in text.casefold()
        return has_name or self.address_in(text) is not None

    def found_in(self, text: str) -> re.Match[str] | None:
        """Return where our name stands in the text, or our address."""
        named = re.search(re.escape(self.name), text, re.IGNORECASE) if self.name else None
        return named or self.address_in(text)

    def names_and_date(self, line: str) -> bool:
        """Return whether the line is our name, our address and a date, as Nextcloud writes them."""
        address = self.address_in(line)
        if address is None:
            return False
        above = line[: address.start()].strip(" \"'“”„(<[").casefold()
        behind = line[address.end() :].strip(" )>]")
        is_date = behind[:1] in {"–", "—", "-", "·", "|", ","} and _DATE.search(behind) is not None
        return is_date and above in {"", self.name.casefold()}

    def without_token(self, text: str) -> str:
        """Replace our address with its token by the plain one: who holds the token may write to the case."""
        return self._pattern.sub(self.address, text)
