"""Encode and parse what the form of a notice keeps in `private_metadata`."""

import json
from dataclasses import replace
from datetime import datetime
from typing import Any

from adapters.slack.action_ids import BadValue, load_json, require_number
from adapters.slack.escaping import shorten
from domain.outages.forms import MAX_TITLE_LENGTH, OutageForm
from domain.outages.notices import NoticeKind, Version
from domain.outages.outage import OutageKind, Phase

MAX_QUOTE_LENGTH = 600
MAX_LANGUAGES = 20


def form_state(form: OutageForm) -> str:
    """Encode what the inputs of the form do not hold."""
    return json.dumps(
        {
            "kind": form.kind.value,
            "of": form.outage_kind.value,
            "outage": form.outage_id,
            "notice": form.notice_id,
            "version": form.version,
            "corrects": form.corrects or 0,
            "spike": form.spike_id or 0,
            "key": form.key,
            "newest": form.newest_outage,
            "languages": [version.language for version in form.versions],
            "machine": list(form.machine),
            "starts": _moment_text(None if form.is_first else form.announced_start or form.starts_at),
            "asks_start": form.asks_start,
            "ends": _moment_text(form.announced_end),
            "planned": _moment_text(form.planned),
            "destinations": list(form.destinations),
            "quoted": shorten(form.quoted, MAX_QUOTE_LENGTH),
            "phase": form.phase.value,
            "revision": form.revision,
            "title": shorten(form.title, MAX_TITLE_LENGTH) if not form.is_first else "",
        },
        separators=(",", ":"),
        ensure_ascii=False,
    )


def parse_form_state(text: object) -> OutageForm:
    """Parse `form_state`: the form without what its inputs hold; raises `BadValue`."""
    data = load_json(text)
    if not isinstance(data, dict):
        raise BadValue
    try:
        form = OutageForm(
            kind=NoticeKind(data["kind"]),
            outage_kind=OutageKind(data["of"]),
            outage_id=require_number(data["outage"]),
            notice_id=require_number(data["notice"]),
            version=require_number(data["version"]),
            corrects=require_number(data["corrects"]) or None,
            spike_id=require_number(data["spike"]) or None,
            key=str(data["key"]),
            newest_outage=require_number(data["newest"]),
            versions=tuple(Version(language=one, problem="") for one in _texts(data["languages"])),
            machine=_texts(data["machine"]),
            destinations=_texts(data["destinations"]),
            quoted=str(data["quoted"]),
            phase=Phase(data["phase"]),
            revision=require_number(data["revision"]),
            title=str(data["title"]),
        )
        return replace(
            form,
            planned=_moment(data["planned"]),
            starts_at=_moment(data.get("starts", "")),
            announced_start=_moment(data.get("starts", "")),
            asks_start=bool(data.get("asks_start")),
            announced_end=_moment(data.get("ends", "")),
        )
    except (KeyError, ValueError):
        raise BadValue from None


def _moment_text(moment: datetime | None) -> str:
    return moment.isoformat() if moment is not None else ""


def _moment(value: object) -> datetime | None:
    return datetime.fromisoformat(str(value)) if value else None


def _texts(value: Any) -> tuple[str, ...]:  # noqa: ANN401 - as Slack sends it
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise BadValue
    return tuple(value[:MAX_LANGUAGES])
