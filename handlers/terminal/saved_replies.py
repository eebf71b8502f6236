"""Write the saved replies to files, and read them from files."""

import argparse
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from adapters.prompts.reply_files import load_replies, write_reply
from adapters.prompts.toml_file import PromptFileError
from adapters.slack.reply_fault_texts import fault_text
from adapters.slack.wording import count_of
from domain.errors import UnusableFile
from domain.knowledge.reply_checks import FaultKind, ReplyChecker, ReplyFault, ReplyField
from domain.knowledge.saved_replies import ReplyChange, ReplyVersion, current_versions
from handlers.knowledge.saved_replies import changed_replies, import_replies, list_replies
from handlers.terminal.operator import operator_name
from storage.engine import Store
from storage.schema import check_at_head

_DONE = {
    ReplyChange.CREATED: "new",
    ReplyChange.EDITED: "changed",
    ReplyChange.RESTORED: "brought back",
    ReplyChange.RETIRED: "retired",
}


class ReplyFiles:
    """Exports and imports the saved replies of a store. `shipped` are those that came with the program."""

    def __init__(self, shipped: Sequence[ReplyVersion], *, checker: ReplyChecker, now: datetime) -> None:
        self._shipped = shipped
        self._checker = checker
        self._now = now

    def run(self, store: Store, arguments: argparse.Namespace) -> list[str]:
        """Run `replies export` or `replies import`; return the lines to print.

        Raises `UnusableFile`, and `SchemaError` where the database is not at head.
        """
        check_at_head(store)
        folder: Path = arguments.directory
        if arguments.act == "export":
            return self.export_to(folder, store)
        return self.import_from(folder, store, preview=arguments.preview)

    def export_to(self, folder: Path, store: Store) -> list[str]:
        """Write a file for each reply, those that are retired too. Raises `UnusableFile`."""
        with store.unit_of_work() as uow:
            replies = list_replies(uow, shipped=self._shipped)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for reply in replies:
                (folder / f"{reply.name}.md").write_text(write_reply(reply), encoding="utf-8")
        except OSError as error:
            raise UnusableFile(f"{folder} cannot be written: {error.strerror}.") from error
        return [f"{count_of(len(replies), 'reply', 'replies')} written to {folder}."]

    def import_from(self, folder: Path, store: Store, *, preview: bool) -> list[str]:
        """Read all files of the folder, and save what differs, in one transaction.

        Raises `UnusableFile`, which names every mistake of every file; then nothing is saved.
        """
        replies = load_replies(folder, with_english=False)
        with store.unit_of_work() as uow:
            current = list_replies(uow, shipped=self._shipped)
            problems = self._problems(replies, current)
            if problems:
                raise PromptFileError(folder, problems)
            changed = (
                import_replies(
                    uow,
                    replies=replies,
                    shipped=self._shipped,
                    imported_by=_operator(),
                    now=self._now,
                )
                if not preview
                else changed_replies(replies, current)
            )
        lines = [f"{reply.name}: {_DONE[reply.change]}, version {reply.version}" for reply in changed]
        same = len(replies) - len(changed)
        verb = "to save" if preview else "saved"
        total = count_of(len(changed), "reply", "replies")
        return [*lines, f"{total} {verb}; unchanged: {same}."]

    def _problems(self, replies: Sequence[ReplyVersion], current: Sequence[ReplyVersion]) -> list[str]:
        merged = current_versions(current, replies)
        return [
            f"{reply.name}.md: {_place(reply, fault)}: {fault_text(fault)}"
            for reply in replies
            if not reply.is_retired
            for fault in self._checker.faults(
                reply.content,
                [other for other in merged.values() if other.name != reply.name],
                self._now.date(),
            )
            if fault.kind is not FaultKind.EXPIRED
        ]


def _operator() -> str:
    """Return who runs the command, for the audit trail: no Slack user, but one of this machine."""
    return f"{operator_name()} (terminal)"


def _place(reply: ReplyVersion, fault: ReplyFault) -> str:
    if fault.field is not ReplyField.WORDING or not reply.content.wordings:
        return fault.field
    language = reply.content.wordings[fault.wording].language
    earlier = reply.content.wordings[: fault.wording]
    return f"{language}, wording {1 + sum(wording.language == language for wording in earlier)}"
