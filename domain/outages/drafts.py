"""Draft the texts of a notice, for each destination within its limits, from what a person wrote."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from domain.outages.destinations import DestinationProfile, Languages
from domain.outages.notices import ALL_LANGUAGES, NoticeKind, NoticeText, Version
from domain.outages.outage import OVER, OutageKind, Phase
from domain.outages.shortening import fitting_part

#: A clock time that comes so soon needs no day: nobody takes it for the same time a day later.
SOON = timedelta(hours=12)
#: The names of the sentences in each language of `NoticeWords`.
SENTENCES = frozenset(
    {
        *(kind.value for kind in NoticeKind),
        "maintenance",
        "maintenance_done",
        "maintenance_cancelled",
        "meanwhile",
        "window",
        "next_update",
        "title_cannot_pay",
        "title_account_access",
        "title_delivery",
        "title_components",
        "blame",
        "greetings",
        "answers",
        "solutions",
    }
)
#: The phrases without words, for a language that has none of its own.
_WORDLESS = {
    **{kind.value: "{problem}" for kind in NoticeKind},
    "maintenance": "{problem}",
    "maintenance_done": "{problem}",
    "maintenance_cancelled": "{problem}",
    "meanwhile": "→ {workaround}",
    "window": "⏱ {start} – {end}",
    "next_update": "⏱ {time}",
    "title_cannot_pay": "",
    "title_account_access": "",
    "title_delivery": "",
    "title_components": "",
    "blame": "",
    "greetings": "",
    "answers": "",
    "solutions": "",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeWords:
    """The sentences of notices by language and name (`SENTENCES`), and the time zone of their times."""

    sentences: Mapping[str, Mapping[str, str]]
    zone: tzinfo

    def of(self, language: str) -> Mapping[str, str]:
        """Return the sentences of a language; signs without words where it has none."""
        return self.sentences.get(language, _WORDLESS)

    def clock(self, moment: datetime, *, after: datetime) -> str:
        """Format a time with its zone, and with the day where it is another than that of `after`."""
        local, reference = moment.astimezone(self.zone), after.astimezone(self.zone)
        day = "" if local.date() == reference.date() else f"{local:%Y-%m-%d} "
        return f"{day}{local:%H:%M %Z}"

    def due(self, moment: datetime, *, after: datetime) -> str:
        """Format when the next update comes: without the day within `SOON`, though midnight is between."""
        is_soon = timedelta() <= moment - after < SOON
        return self.clock(moment, after=moment if is_soon else after)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeFacts:
    """What a notice is about, besides what was written in each language.

    `starts_at` and `ends_at` are told where both are given: by the announcement of planned work, and by an
    update that moves its end. `is_cancelled` is set where planned work is ended before it began.
    """

    kind: NoticeKind
    outage_kind: OutageKind
    phase: Phase
    now: datetime
    next_update_due: datetime | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    is_cancelled: bool = False


def draft_texts(
    versions: Sequence[Version],
    facts: NoticeFacts,
    words: NoticeWords,
    profiles: Sequence[DestinationProfile],
) -> tuple[NoticeText, ...]:
    """Draft a text for each destination, and for each language where the destination has one for each.

    Where not everything fits, what to do meanwhile is left out first, then the end of what was written; a
    text that joins languages is left with the first ones that fit. The first version is the main one.
    """
    texts: list[NoticeText] = []
    for profile in profiles:
        if profile.languages is Languages.JOINED:
            text = _joined(versions, facts, words, profile)
            texts.append(NoticeText(destination=profile.name, language=ALL_LANGUAGES, text=text))
            continue
        texts += [
            NoticeText(
                destination=profile.name,
                language=version.language,
                text=fitting_text(version, facts, words, _fits(profile)),
            )
            for version in versions
        ]
    return tuple(texts)


def fitting_text(
    version: Version, facts: NoticeFacts, words: NoticeWords, fits: Callable[[str], bool]
) -> str:
    """Return the fullest text in one language that fits.

    Where nothing else helps, the lead is cut: at a sentence, or else at a word. What to do meanwhile then
    stays, if it fits behind the sentences.
    """
    lead, meanwhile, times = _parts(version, facts, words)
    candidates = (
        "\n\n".join(filter(None, (lead, meanwhile, times))),
        " ".join(filter(None, (lead, meanwhile, times))),
        " ".join(filter(None, (lead, times))),
    )
    for text in candidates:
        if fits(text):
            return text
    cut = fitting_part(lead, lambda part: fits(" ".join(filter(None, (part, times)))))
    fuller = " ".join(filter(None, (cut, meanwhile, times)))
    return fuller if fits(fuller) else " ".join(filter(None, (cut, times)))


def _joined(
    versions: Sequence[Version], facts: NoticeFacts, words: NoticeWords, profile: DestinationProfile
) -> str:
    fits = _fits(profile)
    joined = fitting_text(versions[0], facts, words, fits)
    for version in versions[1:]:
        longer = f"{joined}\n\n{fitting_text(version, facts, words, fits)}"
        if not fits(longer):
            break
        joined = longer
    return joined


def _fits(profile: DestinationProfile) -> Callable[[str], bool]:
    return lambda text: profile.count(text).fits


def _parts(version: Version, facts: NoticeFacts, words: NoticeWords) -> tuple[str, str, str]:
    """Return what was written, what to do meanwhile or now that it is over, and the times, each as a text."""
    own = words.of(version.language)
    is_planned = facts.outage_kind is OutageKind.MAINTENANCE
    lead = own[_sentence(facts)].replace("{problem}", version.problem.strip())
    workaround = version.workaround.strip()
    sentence = "{workaround}" if facts.phase in OVER else own["meanwhile"]
    meanwhile = sentence.replace("{workaround}", workaround) if workaround else ""
    times = []
    if is_planned and facts.starts_at is not None and facts.ends_at is not None:
        start, end = (words.clock(moment, after=facts.now) for moment in (facts.starts_at, facts.ends_at))
        times.append(own["window"].replace("{start}", start).replace("{end}", end))
    if facts.next_update_due is not None:
        due = words.due(facts.next_update_due, after=facts.now)
        times.append(own["next_update"].replace("{time}", due))
    return lead, meanwhile, " ".join(times)


def _sentence(facts: NoticeFacts) -> str:
    """Return the name of the sentence that a notice begins with."""
    if facts.outage_kind is OutageKind.MAINTENANCE:
        if facts.kind is NoticeKind.ANNOUNCEMENT:
            return "maintenance"
        if facts.kind is NoticeKind.RESOLUTION:
            return "maintenance_cancelled" if facts.is_cancelled else "maintenance_done"
    return facts.kind.value
