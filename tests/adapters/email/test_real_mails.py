"""Read mails as real programs send them: the files of `tests/mails/`, each with what is right beside it.

The first lines of a mail's `.expect.txt` are facts ("kind", "from", "subject", "file"), `must` and `not` are
words that have to stand, or must not stand, in what is shown. Each `said` is what was said in its case
before, its lines joined by "\\n". The lines with a bar below `shown` are all that the customer said; those of
`may` may stand there, too.
"""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from adapters.email.incoming import read
from domain.intake.bounce_reasons import BounceKind
from domain.intake.email import AutomaticEmail, Bounce, IgnoredEmail, MailContent
from domain.intake.private_messages import IncomingMessage
from domain.intake.quoted_text import words_beside_known
from tests.adapters.email.made import NOW, US
from tests.adapters.email.made import words as words_of_mails
from tests.source import ROOT

MAILS = sorted((ROOT / "tests" / "mails").glob("*.eml"))


@dataclass(slots=True)
class Expected:
    facts: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    shown: list[str] | None = None

    def one(self, name: str) -> str | None:
        return self.facts[name][0] if self.facts[name] else None


def expected_of(mail: Path) -> Expected:
    expected = Expected()
    for line in mail.with_suffix(".expect.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("|"):
            assert expected.shown is not None
            expected.shown.append(line[1:])
        elif line.strip():
            name, _, value = line.partition(":")
            expected.facts[name].append(value.strip())
            expected.shown = [] if name == "shown" else expected.shown
    return expected


def words(lines: list[str]) -> list[str]:
    """Return the lines without quote marks, indents and blank ones."""
    plain = (" ".join(line.strip("> \t").split()) for line in lines)
    return [line for line in plain if line]


def kind_of(found: MailContent) -> str:
    match found:
        case IncomingMessage():
            ours = any(US.is_own_id(message_id) for message_id in found.answers)
            return "reply" if ours or found.handoff_id else "new"
        case AutomaticEmail():
            return "auto"
        case Bounce(kind=BounceKind.COMPLAINT):
            return "complaint"
        case Bounce(reached=reached):
            return "partly" if reached else "bounce"
        case IgnoredEmail():
            return "none"
    return "told"


@pytest.mark.parametrize("mail", MAILS, ids=lambda mail: mail.stem)
def test_a_real_mail_is_read_as_a_person_reads_it(mail: Path) -> None:
    expected, found = (
        expected_of(mail),
        read(
            mail.read_bytes(),
            NOW,
            US,
            phrases=words_of_mails().beside_the_text(),
            subjects=words_of_mails().subjects(US.name),
        ),
    )
    kind = {"twin": "new", "quiet": "none"}.get(expected.one("kind") or "", expected.one("kind"))
    assert kind_of(found) == kind
    if not isinstance(found, IncomingMessage):
        return
    if said := [one.replace("\\n", "\n") for one in expected.facts["said"]]:
        assert found.mail is not None
        found = replace(found, text=words_beside_known(found.mail, said) or found.text)
    shown = words(found.text.splitlines())
    if expected.shown is not None:
        may = set(words(expected.facts["may"])) - set(words(expected.shown))
        assert [line for line in shown if line not in may] == words(expected.shown)
    heading = f"{found.author.name} <{found.address}>"
    assert (expected.one("from") or "") in heading
    assert expected.one("subject") in (None, found.subject)
    files = [file.name for file in found.files if not file.refused]
    assert [name for name in expected.facts["file"] if not any(name in file for file in files)] == []
    refused = [f"{file.name} was not taken" for file in found.files if file.refused]
    told = "\n".join([heading, found.text, *files, *refused])
    seen_in_thread = {"another address"}  # tests/flows/test_email.py
    assert [word for word in expected.facts["must"] if word not in told and word not in seen_in_thread] == []
    assert [word for word in expected.facts["not"] if word in told] == []


def test_a_mail_without_an_id_that_comes_by_two_ways_is_one() -> None:
    """Servers write other lines above it; another date is another mail."""
    one, other = (
        read((ROOT / "tests" / "mails" / f"twice-01-no-message-id-{copy}.eml").read_bytes(), NOW, US)
        for copy in "ab"
    )
    later = (
        (ROOT / "tests" / "mails" / "twice-01-no-message-id-a.eml")
        .read_bytes()
        .replace(b"10:45:00", b"10:46:00")
    )
    again = read(later, NOW, US)
    assert isinstance(one, IncomingMessage)
    assert isinstance(other, IncomingMessage)
    assert isinstance(again, IncomingMessage)
    assert one.external_id == other.external_id != again.external_id
