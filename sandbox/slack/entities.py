"""The entities of a workspace and their Web API JSON."""

from dataclasses import dataclass, field

from sandbox.slack.jsons import Json


@dataclass(frozen=True, slots=True)
class Team:
    """The workspace itself."""

    id: str
    name: str
    domain: str


@dataclass(frozen=True, slots=True)
class AppIdentity:
    """The installed app: its ids and credentials."""

    id: str
    name: str
    bot_id: str
    bot_user_id: str
    bot_token: str
    app_token: str
    signing_secret: str
    verification_token: str = "sandbox-verification"  # noqa: S105 - Slack's deprecated field, a fixed word here


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command of the app, with its usage hint."""

    command: str
    description: str
    usage: str = ""


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A shortcut of the app; `is_of_messages`: it is in the menu of each message, else in the composer's."""

    callback_id: str
    name: str
    is_of_messages: bool


@dataclass(slots=True)
class User:
    """Somebody whom the workspace knows, person or bot.

    Those of another `team_id` are people of other organisations in a channel that is shared with them.
    """

    id: str
    name: str
    real_name: str
    team_id: str
    title: str = ""
    email: str = ""
    avatar_color: str = "#4a6fa5"
    is_bot: bool = False
    deleted: bool = False
    tz: str = "Europe/London"
    is_present: bool = True
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool = False

    def as_json(self, *, with_email: bool) -> Json:
        """Build the user object of users.info; the address only for apps with users:read.email."""
        profile: Json = {
            "real_name": self.real_name,
            "display_name": self.name,
            "real_name_normalized": self.real_name,
            "display_name_normalized": self.name,
            "title": self.title,
            "team": self.team_id,
        }
        if with_email and self.email:
            profile["email"] = self.email
        return {
            "id": self.id,
            "team_id": self.team_id,
            "name": self.name,
            "real_name": self.real_name,
            "deleted": self.deleted,
            "color": self.avatar_color.removeprefix("#"),
            "tz": self.tz,
            "tz_label": self.tz,
            "tz_offset": 0,
            "profile": profile,
            "is_admin": False,
            "is_owner": False,
            "is_bot": self.is_bot,
            "is_app_user": False,
            "is_restricted": self.is_restricted or self.is_ultra_restricted,
            "is_ultra_restricted": self.is_ultra_restricted,
            "is_stranger": self.is_stranger,
            "updated": 0,
        }


@dataclass(slots=True)
class Channel:
    """A conversation: public or private channel, or a direct message between the app and `im_user`."""

    id: str
    name: str
    topic: str = ""
    members: list[str] = field(default_factory=list)
    is_private: bool = False
    is_archived: bool = False
    im_user: str = ""
    is_ext_shared: bool = False

    @property
    def is_im(self) -> bool:
        """Whether this is a direct message."""
        return bool(self.im_user)

    @property
    def kind(self) -> str:
        """The `channel_type` of message events: channel, group or im."""
        if self.is_im:
            return "im"
        return "group" if self.is_private else "channel"

    @property
    def scope(self) -> str:
        """The group of scopes that covers it: channels, groups or im."""
        return {"im": "im", "group": "groups", "channel": "channels"}[self.kind]

    def seen_by(self, user: str) -> bool:
        """Test whether a person can open it: anyone a public channel, only members the others."""
        return self.kind == "channel" or user in self.members

    def as_json(self, viewer: str) -> Json:
        """Build the conversation object, as `viewer` (a user id) sees it."""
        if self.is_im:
            return {
                "id": self.id,
                "is_im": True,
                "user": self.im_user,
                "is_archived": self.is_archived,
                "created": 0,
                "is_user_deleted": False,
            }
        return {
            "id": self.id,
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": not self.is_private,
            "is_group": self.is_private,
            "is_im": False,
            "is_mpim": False,
            "is_private": self.is_private,
            "is_archived": self.is_archived,
            "is_shared": self.is_ext_shared,
            "is_ext_shared": self.is_ext_shared,
            "is_org_shared": False,
            "is_general": self.name == "general",
            "is_member": viewer in self.members,
            "created": 0,
            "creator": "",
            "topic": {"value": self.topic, "creator": "", "last_set": 0},
            "purpose": {"value": "", "creator": "", "last_set": 0},
            "num_members": len(self.members),
        }


@dataclass(slots=True)
class UserGroup:
    """A group of people that is mentioned as one, such as @support-agents."""

    id: str
    handle: str
    name: str
    members: list[str]
    team_id: str

    def as_json(self, *, include_users: bool) -> Json:
        """Build the user group object; its members only on request, as Slack does."""
        shown: Json = {
            "id": self.id,
            "team_id": self.team_id,
            "is_usergroup": True,
            "name": self.name,
            "handle": self.handle,
            "description": "",
            "is_external": False,
            "date_delete": 0,
            "user_count": len(self.members),
        }
        if include_users:
            shown["users"] = list(self.members)
        return shown
