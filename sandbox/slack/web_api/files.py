"""files.getUploadURLExternal, files.completeUploadExternal, files.info and files.delete.

The bytes are sent between the first two.
"""

from sandbox.slack import posting
from sandbox.slack.entities import Channel
from sandbox.slack.errors import SlackError
from sandbox.slack.files import File
from sandbox.slack.jsons import Json
from sandbox.slack.web_api.call import Call, Method


async def get_upload_url(call: Call) -> Json:
    """Create an upload address for one file of a known length."""
    name = call.required("filename")
    length = call.text("length")
    if not length.isdecimal() or int(length) < 1:
        raise SlackError("missing_argument" if not length else "invalid_arguments")
    made = call.state.files.announce(name, int(length), call.text("alt_txt"))
    return {"upload_url": f"{call.state.address}/slack/files/upload/{made.upload_key}", "file_id": made.id}


async def complete_upload(call: Call) -> Json:
    """Share uploaded files into a channel, or keep them private when none is named."""
    state = call.state
    listed = call.json("files")
    if not isinstance(listed, list) or not listed or not all(isinstance(e, dict) for e in listed):
        raise SlackError("invalid_arguments")
    files = [_titled(state.files.get(str(entry.get("id"))), entry) for entry in listed]
    for destination in call.names("channels") or call.names("channel_id"):
        channel = state.channel(destination, viewer=state.app.bot_user_id)
        if state.app.bot_user_id not in channel.members:
            raise SlackError("not_in_channel")
        _share(call, channel, files)
    return {"files": [{"id": file.id, "title": file.title, **file.as_json(state.address)} for file in files]}


def _titled(file: File, entry: Json) -> File:
    file.title = str(entry.get("title") or file.name)
    return file


def _share(call: Call, channel: Channel, files: list[File]) -> None:
    state = call.state
    for file in files:
        file.channels.append(channel.id)
    content: Json = {
        "text": call.text("initial_comment"),
        "files": [file.as_json(state.address) for file in files],
    }
    if call.text("thread_ts"):
        content["thread_ts"] = call.text("thread_ts")
    message = posting.bot_message(state, content)
    posting.post(state, channel, message)
    detail = {"ts": message["ts"], "text": message["text"], "thread_ts": message.get("thread_ts")}
    names = [file.name for file in files]
    state.ledger.record("slack", "files.completeUploadExternal", channel=channel.id, files=names, **detail)
    posting.record_pings(state, "files.completeUploadExternal", channel, message)


async def info(call: Call) -> Json:
    """Return a file's metadata and download address."""
    return {"file": call.state.files.get(call.required("file")).as_json(call.state.address)}


def _gone(file: File) -> Json:
    """Build what a message shows of a file that was deleted."""
    return {"id": file.id, "mode": "tombstone"}


async def delete(call: Call) -> Json:
    """Delete a file of the app's; messages show a file no longer (docs.slack.dev, files.delete)."""
    state, file = call.state, call.state.files.get(call.required("file"))
    if file.user:
        raise SlackError("cant_delete_file")
    del state.files.files[file.id]
    for channel in file.channels:
        for message in state.store.with_file(channel, file.id):
            posting.update(state, state.channel(channel), message, {"files": [_gone(file)]})
    state.ledger.record("slack", "files.delete", file=file.id)
    return {}


METHODS = {
    "files.delete": Method(delete, ("files:write",), 3),
    "files.info": Method(info, ("files:read",), 4),
    "files.getUploadURLExternal": Method(get_upload_url, ("files:write",), 4),
    "files.completeUploadExternal": Method(complete_upload, ("files:write",), 4),
}
