"""Find what a reply asks of the customer: for what, and where they are to write it."""

import re

from domain.replies.checks.reply import Reply, normalize, sentences

_ASK = re.compile(
    r"\b(?:(?:send|tell|give|show|dm|message|write|post|e-?mail|text|pass)(?: \w+)? (?:us|me|here)|let us (?:know|have)"
    r"|(?:send|share|provide|confirm|post|reply with|reply here with|comment|drop|state) (?:us |me )?(?:with )?(?:your|the|both|a photo of)"
    r"|(?:we|we'll|we will|i|i'll)(?: just| also| still)? (?:need|require)(?! to| you to)|what(?:'s| is| was) (?:your|the)|(?:could|can|may) (?:we|i) have"
    r"|(?:schick\w*|sende|senden sie|nenn\w*|sag|sagen sie|teil\w*|gib|geben sie|schreib\w*|poste\w*)(?: \w+)? (?:uns|mir|hier|deine|ihre)"
    r"|(?:brauchen|benötigen) wir|wir (?:brauchen|benötigen)|wie (?:lautet|ist) (?:deine|ihre)|bestätig\w* (?:uns|bitte|deine|ihre)"
    r"|(?:env[ií]|m[áa]nd|ind[ií][cq]u?|d[áa]|p[áa]s|facil[ií]t|conf[ií]rm|escr[ií]b|compárt|d[eé]j)(?:a|e|i)(?:nos|me)|d[ií](?:ga)?nos|necesitamos"
    r"|cuál es (?:tu|su|el)|(?:puedes|puede|podrías|podría) (?:enviarnos|mandarnos|decirnos|darnos|indicarnos|confirmarnos|pasarnos)"
    r"|(?:envoyez|donnez|indiquez|communiquez|précisez|partagez|confirmez|dites|transmettez|écrivez|laissez)(?:-nous)?|il nous faut"
    r"|nous avons besoin|nous aurions besoin|j'ai besoin|quel(?:le)? est (?:votre|ton)|(?:pouvez|pourriez)-vous nous"
    r"|(?:envie|mande|informe|diga|passe-nos|compartilhe|confirme|deixe|escreva|conte)(?:-nos)?|precisamos d\w+|qual (?:é|é o|o|a) seu"
    r"|(?:invia|manda|indica|comunica|conferma|scrivi|forni|lascia)ci|dicci|ci (?:invii|mandi|dica|indichi|comunichi|confermi|scriva|fornisca|lasci)"
    r"|ci serv\w+|abbiamo bisogno|qual è (?:il|la) (?:suo|sua|tuo|tua)"
    r"|(?:stuur|geef|vertel|deel|noem|zet|laat|bevestig)(?: \w+)? (?:ons|me|hier|je|uw)|we hebben .{0,30} nodig|wat is (?:je|uw)"
    r"|gönder\w*|paylaş\w*|ilet\w*|bildir\w*|nedir)\b"
    r"|教えて|お教え|お送り|お知らせ|ご記入|أرسل|ارسل|أخبر|زودنا|شاركنا|ما هي|ما هو|نحتاج|提供|发送|告诉|알려|보내",
    re.IGNORECASE,
)
_NOT = (
    r"(?:\b(?:never|no|not|don't|doesn't|do not|won't|can't|cannot|without|needn't|nor|avoid|nobody"
    r"|nie|niemals|nicht|kein\w*|ohne|niemand\w*|weder"
    r"|nunca|jamás|sin|ni|tampoco"
    r"|jamais|pas|sans|aucun\w*|ne|n'\w+"
    r"|não|sem|nem|mai|non|senza|nooit|niet|geen|zonder|asla|hiçbir\w*)\b)"
)
_REFUSED_BEFORE = re.compile(rf"{_NOT}[^,;:!?]{{0,45}}$", re.IGNORECASE)
_REFUSED_AFTER = re.compile(rf"^[^,;:!?]{{0,30}}?{_NOT}", re.IGNORECASE)
_NEAR = 60  # characters around a thing in which it may be refused
#: In these languages the refusal stands at the end, or is a prefix.
_REFUSED_ANYWHERE = re.compile(
    r"ないで|ないよう|お控え|不要|请勿|لا |لن |من دون|بدون|عدم|마세요|никогда|\b\w+m[ae]y[ıi]n", re.IGNORECASE
)
_ACCOUNT_DATA = re.compile(
    r"\b(?:(?:order|account|customer|member(?:ship)?|booking|contract|phone|mobile|policy|invoice|tracking|passport|reservation)"
    r" (?:number|no\.?|id|reference|code)|booking reference|(?:e-?mail|home|delivery|postal|shipping|billing) address"
    r"|date of birth|full name|postcode|zip code"
    r"|bestellnummer|kundennummer|kontonummer|buchungs(?:nummer|code)|vertragsnummer|rechnungsnummer|telefonnummer|handynummer|sendungsnummer"
    r"|e-mail-adresse|mailadresse|anschrift|lieferadresse|geburtsdatum|postleitzahl|vollständige\w* namen?"
    r"|número de (?:pedido|cuenta|cliente|reserva|teléfono|contrato|socio|conta|telefone)|código de reserva|localizador"
    r"|correo electrónico|fecha de nacimiento|código postal|nombre completo|dni"
    r"|numéro de (?:commande|compte|client|réservation|téléphone|contrat|dossier)|adresse (?:e-?mail|postale|électronique)"
    r"|date de naissance|code postal|nom complet"
    r"|número do (?:pedido|cliente|contrato|seu pedido)|data de nascimento|nome completo|cpf|endereço(?: de (?:e-?mail|entrega))?"
    r"|numero (?:d'ordine|dell'ordine|di (?:ordine|cliente|telefono|prenotazione|conto|contratto))|codice (?:cliente|di prenotazione|fiscale)"
    r"|indirizzo (?:e-?mail|di consegna)|data di nascita"
    r"|bestelnummer|ordernummer|klantnummer|rekeningnummer|boekingsnummer|telefoonnummer|e-mailadres|geboortedatum"
    r"|sipariş numara\w*|müşteri numara\w*|telefon numara\w*|e-posta adres\w*)\b"
    r"|注文番号|会員番号|電話番号|メールアドレス|ご住所|生年月日|予約番号|お客様番号"
    r"|رقم (?:الطلب|الحساب|الهاتف|العميل|الحجز)|البريد الإلكتروني|تاريخ الميلاد",
    re.IGNORECASE,
)
_TO_PRIVATE = re.compile(
    r"\b(?:dms?|pms?|direct(?:ly)?|privat\w*|privé\w*|private\w*|privad\w*|inbox|message us|messaging|e-?mail us|call us|chat"
    r"|direktnachricht\w*|schreib\w*(?: auch)? uns direkt|uns direkt schreiben|pn|directos?|md|mp|inbox|mensagem|mensagens|inbox|messaggio|mensaje|berichtje|bericht|özel\w*|mesaj\w*)\b"
    r"|direktnachricht|ダイレクト|DM|非公開|خاص|الخاص|私信",
    re.IGNORECASE,
)

_DIRECT_MESSAGE = re.compile(
    r"\b(?:dms?|pms?|(?:direct|private) messages?|direktnachricht\w*|privatnachricht\w*|pn|(?:private|persönliche) nachricht"
    r"|mensajes? (?:directos?|privados?)|messages? (?:directs?|privés?)|mp|mensage(?:m|ns) (?:diretas?|privadas?)"
    r"|messagg(?:io|i) (?:dirett|privat)[oi]|privébericht\w*|(?:direct|privé|persoonlijk) bericht\w*|özel mesaj\w*)\b"
    r"|^dm\b|\bdm us\b|ダイレクト|DM|私信|رسالة خاصة",
    re.IGNORECASE,
)


def asks(sentence: str) -> bool:
    """Return whether the customer is asked to tell or send something."""
    return bool(_ASK.search(sentence))


def wanted(sentence: str, thing: re.Pattern[str]) -> list[re.Match[str]]:
    """Find a thing in a sentence, except where the sentence says not to send it, or that we do not ask."""
    if _REFUSED_ANYWHERE.search(sentence):
        return []
    return [found for found in thing.finditer(sentence) if not _is_refused(sentence, found)]


def _is_refused(sentence: str, found: re.Match[str]) -> bool:
    before = sentence[max(0, found.start() - _NEAR) : found.start()]
    after = sentence[found.end() : found.end() + _NEAR]
    return bool(_REFUSED_BEFORE.search(before) or _REFUSED_AFTER.search(after))


def names_private_venue(text: str) -> bool:
    """Return whether the text says where to write in private."""
    return bool(_TO_PRIVATE.search(normalize(text)))


def names_direct_message(text: str) -> bool:
    """Return whether the text names direct messages, and not to say that there are none."""
    return any(wanted(sentence, _DIRECT_MESSAGE) for sentence in sentences(normalize(text)))


def asks_for_direct_message(text: str) -> bool:
    """Return whether the customer is asked to write a direct message."""
    return any(
        asks(sentence) and wanted(sentence, _DIRECT_MESSAGE) for sentence in sentences(normalize(text))
    )


def lacks_handoff(reply: Reply) -> bool:
    """Return whether account data is asked for in public, and nothing says to send it in private."""
    if not _stays_public(reply):
        return False
    text = normalize(reply.text)
    return any(asks(sentence) and wanted(sentence, _ACCOUNT_DATA) for sentence in sentences(text))


def belongs_in_private(reply: Reply) -> bool:
    """Return whether a case that is to be answered in private is answered in public.

    Not where the text says to write in private, nor where `lacks_handoff` tells it already.
    """
    return reply.belongs_in_private and _stays_public(reply) and not lacks_handoff(reply)


def is_already_private(reply: Reply) -> bool:
    """Return whether a customer in private is asked for a direct message, and not to send a code by it."""
    if not reply.venue.is_private or reply.is_offer or reply.awaits_code:
        return False
    return asks_for_direct_message(reply.text)


def _stays_public(reply: Reply) -> bool:
    return not (reply.venue.is_private or reply.is_offer or names_private_venue(reply.text))
