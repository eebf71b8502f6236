"""Check a reply before it is sent: one function for each check, which returns whether the rule is broken."""

from collections.abc import Callable, Mapping, Sequence

from domain.replies.checks import form, links, personal_data, promises, requests, tone
from domain.replies.checks.reply import Reply

CHECKS: Mapping[str, Callable[[Reply], bool]] = {
    "empty": form.is_empty,
    "too_long": form.is_too_long,
    "placeholder": form.has_placeholder,
    "asks_for_private_data": personal_data.asks_for_private_data,
    "shows_secret": personal_data.shows_secret,
    "shows_card_number": personal_data.shows_card_number,
    "shows_iban": personal_data.shows_iban,
    "shows_email_address": personal_data.shows_email_address,
    "shows_phone_number": personal_data.shows_phone_number,
    "lacks_handoff": requests.lacks_handoff,
    "belongs_in_private": requests.belongs_in_private,
    "already_private": requests.is_already_private,
    "promises_time": promises.promises_time,
    "promises_money": promises.promises_money,
    "blames_customer": tone.blames_customer,
    "sarcastic": tone.is_sarcastic,
    "insulting": tone.is_insulting,
    "wrong_language": form.is_in_wrong_language,
    "duplicate": form.is_duplicate,
    "has_link": links.has_link,
    "unknown_link": links.has_unknown_link,
    "all_caps": form.is_all_caps,
    "unsigned": form.is_unsigned,
    "far_from_saved_reply": form.is_far_from_saved_reply,
}
#: What in the reply breaks a rule, for checks that can name it.
FOUND: Mapping[str, Callable[[Reply], Sequence[str]]] = {
    "has_link": links.priced_links,
    "unknown_link": links.unknown_links,
}
