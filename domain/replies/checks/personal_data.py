"""Check a reply for personal data and secrets that it shows or asks for."""

import re
from collections.abc import Iterator
from itertools import accumulate

from domain.replies.checks.links import is_known_host
from domain.replies.checks.reply import Reply, normalize, sentences
from domain.replies.checks.requests import asks, wanted
from domain.venues import Venue

#: Groups of digits separated as in card numbers: by spaces of any width, dashes of any kind, or dots.
_DIGIT_GROUPS = re.compile(r"\d+(?:[\s.\u2010-\u2015-]\d+)*")
_CARD_DIGITS = range(13, 20)
#: How the numbers of the card networks begin: Mastercard's newer ones 2221 to 2720, all others 3 to 6.
_CARD_START = re.compile(r"[3-6]|2[2-7]")
_EMAIL = re.compile(r"[\w.+-]{1,64}@([\w-]{1,63}\.[\w.-]+)")
_SECRET = re.compile(
    r"\b(?:passwords?|passcodes?|passwort|passwörter|kennwort|contraseñas?|mots? de passe|senhas?|wachtwoord|şifre(?:niz\w*)?"
    r"|pin code|pin number|pin-code|geheimzahl|cvv|cvc|security code|card numbers?|kartennummern?|kreditkartennummer"
    r"|números? de tarjeta|numéros? de (?:la |votre )?carte|números? (?:do|de) cartão"
    r"|numero (?:di|della) carta|kaartnummer|kart numara\w*)\b"
    r"|パスワード|暗証番号|カード番号|密码|卡号|비밀번호|카드 ?번호|كلمة (?:المرور|السر)|رقم البطاقة|пароль|номер карты",
    re.IGNORECASE,
)
#: Nobody needs to be told these, but a person may be asked for them by a fraudster.
#: Spanish writes "tan pronto", English "pin down".
_ONE_TIME_CODE = re.compile(
    r"\b(?:one[- ]time (?:pass)?(?:code|word)s?|otp|(?:sms|text)[- ]code|pin(?! down)|(?-i:TANs?)"
    r"|(?:deine[nr]?|ihre[nr]?|eine[nr]?|die|your)(?: \w+)? tan|[ip]tan|einmal(?:code|passwort)|sms-tan"
    r"|código (?:de un solo uso|(?:por|del?) sms|de uso único)|code (?:à usage unique|(?:reçu )?par sms)"
    r"|codice (?:usa e getta|otp|via sms)|eenmalige code)\b|ワンタイムパスワード|رمز لمرة واحدة",
    re.IGNORECASE,
)
#: What nobody at a support desk asks for, and what opens an account elsewhere.
_PROOF = re.compile(
    r"\b(?:(?:seed|recovery|secret) phrases?|private keys?|maiden name|social security|ssn|date of birth|birth ?date|passport number"
    r"|security (?:question|answer)s?|geburtsdatum|mädchenname\w*|frase semilla|fecha de nacimiento|date de naissance|data de nascimento"
    r"|data di nascita|geboortedatum|doğum tarih\w*)\b",
    re.IGNORECASE,
)
#: What opens an account here. Agents speak of these; a model only where its sources do.
_ACCESS = re.compile(
    r"\b(?:(?:verification|confirmation|security) codes?|(?:the|your) code (?:you|we|that)|credentials|log-?in (?:data|details|information)"
    r"|(?:photo|picture|copy|scan) of (?:your|the) (?:passport|id|identity|card|driving)\w*"
    r"|zugangsdaten|anmeldedaten|logindaten|(?:bestätigungs|sicherheits|verifizierungs)code\w*|ausweis\w*"
    r"|(?:tu|su|la|vuestra|sus|tus) claves?|nip|código de (?:verificación|verificação|seguridad|segurança|confirmación)|credenciales|credenciais"
    r"|code (?:secret|confidentiel|de vérification|de sécurité)|vos identifiants|codice (?:di verifica|di sicurezza)|credenziali"
    r"|inloggegevens|(?:verificatie|beveiligings)code\w*|doğrulama kod\w*|giriş bilgi\w*)\b"
    r"|認証コード|確認コード|ログイン情報|رمز التحقق|بيانات الدخول|код подтверждения",
    re.IGNORECASE,
)
_HELP_WITH_SECRET = re.compile(
    r"\b(?:re-?set\w*|chang\w+|forg[eo]t\w*|new passwords?|update\w*|choose|set a|log(?:ging)?[- ]in|sign[- ]in|zurück(?:ge)?setz\w*|zurückzusetzen|änder\w*|vergess\w+|neues"
    r"|restablec\w+|cambi\w+|olvid\w+|nueva|réinitialis\w+|chang\w+|oubli\w+|nouveau|redefin\w+|alter\w+|esquec\w+|nova|troc\w+"
    r"|reimpost\w+|dimentic\w+|nuova|wijzig\w*|vergeten|nieuw|herstel\w*|sıfırla\w*|unut\w*|yeni)\b"
    r"|\b(?:anmeld\w+|einlogg\w+|iniciar sesión|acceder|connecter|connexion|entrar|accedere|inlogg\w+)\b"
    r"|再設定|リセット|ログイン|変更|お忘れ|إعادة (?:تعيين|ضبط)|تغيير|نسيت|重置|修改|재설정|сброс",
    re.IGNORECASE,
)
_WARNING = re.compile(
    r"\b(?:fraud\w*|scam\w*|phish\w*|betrüg\w*|betrug|estafa\w*|fraude\w*|arnaque\w*|golp\w*|truff\w*|asks? you for|asked (?:you )?for"
    r"|(?:anyone|anybody|somebody|someone|whoever|who|that|mails?) (?:\w+ ){0,2}asks?|(?:alguien|quien) (?:te |le )?pid[ae]|pidan"
    r"|(?:on|quelqu'un) (?:vous |te )?demande|jemand|wer \w+ .{0,20}fragt|alguém|quem pede|chi (?:le |ti )?chiede|qualcuno"
    r"|(?:removed|hidden|deleted) (?:your|the) (?:post|reply)|gelöscht|retirado|supprimé|iemand)\b|詐欺|お聞きすること|احتيال",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"\b(?:if|whether|when|wenn|ob|sobald|si|se|als|cuando|quand|quando)\b|場合|إذا", re.IGNORECASE
)
_NEAR = 40  # characters before a secret in which it is asked for
_CODE_SHOWN = re.compile(
    r"(?:\b(?:one[- ]time (?:pass)?code|verification code|security code|log-?in code|sms code|otp|pin|(?-i:TAN)|[ip]tan"
    r"|einmalcode|bestätigungscode|sicherheitscode|código de (?:verificación|verificação|seguridad|segurança)"
    r"|code de (?:vérification|sécurité)|codice di (?:verifica|sicurezza)|verificatiecode|beveiligingscode"
    r"|doğrulama kodu\w*)|認証コード|رمز التحقق)\b[^\d\n.!?]{0,12}\d{4,8}(?!\d)",
    re.IGNORECASE,
)
_PASSWORD_SHOWN = re.compile(
    r"(?:\b(?:password|passwort|kennwort|contraseña|mot de passe|senha|wachtwoord)\b|パスワード)"
    r"(?: (?:is|lautet|ist|es|est|é|è|is now))?\s?[:=]?\s+[\"'“„«]?(?=\S{0,40}\d)(?=\S{0,40}[^\W\d])\S{6,}",
    re.IGNORECASE,
)
#: How long an IBAN is (ISO 13616), by country.
_IBAN_LENGTHS = {
    "AE": 23, "AT": 20, "BE": 16, "BG": 22, "BR": 29, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18,
    "EE": 20, "ES": 24, "FI": 18, "FR": 27, "GB": 22, "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IL": 23,
    "IS": 26, "IT": 27, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27, "MT": 31, "NL": 18, "NO": 15,
    "PL": 28, "PT": 25, "RO": 24, "SA": 24, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "TR": 26,
}  # fmt: skip
_IBAN_START = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?=[ -]?[A-Za-z0-9])")
_IBAN_END = 40  # characters from the start of an IBAN in groups that are long enough for any
_PHONE = re.compile(
    r"(?<![\w+.,/-])(?<!\d )(?:\+\d{1,3}[ ./-]?(?:\(0?\d{1,4}\)[ ./-]?)?\d(?:[ ./-]?\d){6,12}"
    r"|\(\d{2,5}\)[ ./-]?\d{3,4}(?:[ ./-]?\d){3,6}"
    r"|\d{3}[.-]\d{3}[.-]\d{4}"
    r"|0\d{1,4}[ /-]\d{2,4}(?:[ /-]?\d){3,8})(?![\w/-])"
)
_PHONE_DIGITS = range(9, 16)
_REFERENCE_BEFORE = re.compile(
    r"(?:order|booking|ref\w*|case|ticket|tracking|pedido|reserva|commande|dossier|bestell\w*|auftrag\w*|sendung\w*|paket\w*|parcel|ordine"
    r"|注文(?:番号)?|رقم الطلب|siparış|sipariş|#|no\.|nr\.|n[°º])[^\w\n]{0,3}(?:number|n[°ºo]|nr\.?|nummer|número|numéro)?[^\w\n]{0,4}\Z",
    re.IGNORECASE,
)


def asks_for_private_data(reply: Reply) -> bool:
    """Return whether we ask for a secret, or speak of one in public other than to warn or to help."""
    return any(_asks_for_secret(one, reply.venue) for one in sentences(normalize(reply.text)))


def secrets_named(text: str) -> set[str]:
    """Return the words of a text for passwords, card numbers, codes and whatever else proves who one is."""
    text = normalize(text)
    patterns = (_SECRET, _ONE_TIME_CODE, _PROOF, _ACCESS)
    return {found.casefold() for pattern in patterns for found in pattern.findall(text)}


def _asks_for_secret(sentence: str, venue: Venue) -> bool:
    secrets, codes = wanted(sentence, _SECRET), wanted(sentence, _ONE_TIME_CODE)
    if _HELP_WITH_SECRET.search(sentence) or _WARNING.search(sentence):
        return any(_is_asked_for(sentence, found) for found in [*secrets, *codes])
    if asks(sentence):
        return bool(secrets or codes)
    return bool(secrets) and not venue.is_private


def _is_asked_for(sentence: str, secret: re.Match[str]) -> bool:
    """Return whether a request leads straight to the secret: "let us know if the password works" does not."""
    before = sentence[max(0, secret.start() - _NEAR) : secret.start()]
    return asks(before) and not _CONDITION.search(before)


def shows_secret(reply: Reply) -> bool:
    """Return whether a one-time code or a password stands in the text."""
    return contains_secret(normalize(reply.text))


def shows_card_number(reply: Reply) -> bool:
    """Return whether a payment card number stands in the text."""
    return any(map(contains_card_number, _DIGIT_GROUPS.findall(normalize(reply.text))))


def shows_iban(reply: Reply) -> bool:
    """Return whether an international bank account number stands in the text."""
    return contains_iban(normalize(reply.text))


def shows_email_address(reply: Reply) -> bool:
    """Return whether an e-mail address stands in the text that is not at a known host."""
    hosts = (host.rstrip(".").casefold() for host in _EMAIL.findall(reply.text))
    return any(not is_known_host(host, reply.known_hosts) for host in hosts)


def shows_phone_number(reply: Reply) -> bool:
    """Return whether a telephone number stands in the text that is not a known one."""
    text = normalize(reply.text)
    return any(
        len(digits) in _PHONE_DIGITS
        and digits not in reply.known_phone_numbers
        and not is_reference(text, found.start())
        for found in _PHONE.finditer(text)
        if (digits := "".join(filter(str.isdecimal, found.group())))
    )


def contains_secret(text: str) -> bool:
    """Return whether a one-time code or a password stands in a normalised text."""
    return bool(_CODE_SHOWN.search(text) or _PASSWORD_SHOWN.search(text))


def contains_iban(text: str) -> bool:
    """Return whether an international bank account number stands in a normalised text."""
    return any(
        _is_iban(text[found.start() : found.start() + _IBAN_END]) for found in _IBAN_START.finditer(text)
    )


def contains_likely_card_number(text: str) -> bool:
    """Return whether a card number stands in a normalised text, and not one of an order or a parcel.

    One in ten numbers passes the checksum, so it must also begin as those of the card networks do.
    """
    return any(
        _CARD_START.match(digits)
        for found in _DIGIT_GROUPS.finditer(text)
        if not is_reference(text, found.start())
        for digits in _card_numbers(found.group())
    )


def is_reference(text: str, start: int) -> bool:
    """Return whether a number at that place of a text is that of an order, a case or a parcel."""
    return _REFERENCE_BEFORE.search(text[max(0, start - 30) : start]) is not None


def contains_card_number(grouped: str) -> bool:
    """Return whether consecutive groups form a card number; other numbers may precede or follow it."""
    return any(_card_numbers(grouped))


def _card_numbers(grouped: str) -> Iterator[str]:
    groups = re.findall(r"\d+", grouped)
    for first in range(len(groups)):
        for digits in accumulate(groups[first : first + max(_CARD_DIGITS)]):
            if len(digits) in _CARD_DIGITS and _passes_luhn(digits):
                yield digits


def _passes_luhn(text: str) -> bool:
    """Verify the Luhn checksum of a payment card number (ISO/IEC 7812-1, annex B)."""
    digits = [int(digit) for digit in text]
    doubled = [digit * 2 - 9 * (digit > 4) for digit in digits[-2::-2]]  # noqa: PLR2004 - 2 * 5 is the first of two digits
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def _is_iban(text: str) -> bool:
    """Verify the length and the checksum of an IBAN that the text begins with (ISO 13616, ISO 7064)."""
    packed = re.sub(r"[ -]", "", text).upper()
    number = packed[: _IBAN_LENGTHS.get(packed[:2], 0)]
    if not number or len(number) < _IBAN_LENGTHS[packed[:2]] or not (number.isascii() and number.isalnum()):
        return False
    return int("".join(str(int(one, 36)) for one in number[4:] + number[:4])) % 97 == 1
