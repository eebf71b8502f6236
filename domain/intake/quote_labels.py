"""Know the fields of the headers that mail programs put above a quote, in their languages."""

import re

#: What no program shows above a quote: a customer pasted the header of a mail, and asks about it.
_PASTED = re.compile(
    r"^[^\S\n]*(?:received|return-path|message-id|dkim-signature|mime-version|authentication-results):",
    re.IGNORECASE | re.MULTILINE,
)
#: How programs call the sender, where they leave the address out: a list of a customer's names us otherwise.
FROM = re.compile(
    r"[\s*]{0,4}(?:from|von|de|da|van|od|от|від|kimden|από|fra|från|lähettäjä|feladó|de la|saatja|nuo|dari|từ|จาก|"
    r"差出人|送信者|发件人|寄件[者人]|보낸 ?(?:사람|이)|מאת|من)\s?[:：]",
    re.IGNORECASE,
)
#: How they call who is written to: below such a line with our address stands what a customer wrote to us.
TO = re.compile(
    r"[\s*]{0,4}(?:to|an|à|a|para|aan|til|till|vastaanottaja|címzett|do|komu|către|kime|кому|до|προς|إلى|אל|ถึง|đến|kepada|"
    r"宛先|收件[人者]|받는 ?사람)\s?[:：]",
    re.IGNORECASE,
)


def is_pasted(text: str) -> bool:
    """Return whether header fields are as mails have them, and no program shows them above a quote."""
    return _PASTED.search(text) is not None
