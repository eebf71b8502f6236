"""Find where a notice blames another company: "because Stripe broke it", but not "Stripe has solved it"."""

import re
from collections.abc import Collection, Iterator
from functools import cache

#: Companies that many depend on. Where nouns have capitals, or no verb follows, only these are recognised.
_COMPANIES = (
    "Adyen|Akamai|Alipay|Amazon(?: Web Services)?|American Express|Apple|Atlassian|AT&T|Auth0|AWS|Azure|Bizum"
    "|Braintree|Cloudflare|Comcast|CrowdStrike|Datadog|Deutsche Bahn|Deutsche Post|DHL|DigitalOcean|DPD|Equinix"
    "|Facebook|Fastly|FedEx|GitHub|GitLab|GoCardless|Google(?: Cloud)?|Heroku|Hetzner|iDEAL|Klarna"
    "|Mailchimp|Mailgun|Mastercard|Microsoft|Mollie|Netlify|Okta|OpenAI|OVH(?:cloud)?|PayPal|Postmark"
    "|Redsys|Royal Mail|Salesforce|SendGrid|Shopify|Slack|Stripe|Swisscom|Telef[oó]nica"
    "|(?:Deutsche )?Telekom|Twilio|Vercel|Verizon|Visa|Vodafone|WhatsApp|Worldline|Worldpay|Zendesk"
)
#: Capitalised words that name no company: times, and techniques that we run ourselves.
_NOBODY = (
    "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August|September"
    "|October|November|December|Christmas|Easter|Black Friday|Version|Release|Android|iOS|Windows|Linux|Docker"
    "|Kubernetes|Kafka|Redis|Postgres(?:QL)?|MySQL|MongoDB|Elasticsearch|RabbitMQ|Nginx|Java|Python|Node"
    "|DNS|APIs?|CDN|VPN|TLS|SSL|SSO|SMS|HTTPS?|BGP|IP|CPU|RAM|UPS|I|AI|UI|DB|JS|SDK|CI|OS|EU|US|UK|Europe|Asia"
    "|America|London|Frankfurt|Dublin|Paris|Tokyo"
)
_KNOWN = rf"(?-i:{_COMPANIES})(?![A-Za-z0-9-])"
_NAME = rf"(?-i:(?!(?:{_NOBODY})(?![\w-]))[A-ZÀ-Þ][\w&.-]*\w(?: [A-ZÀ-Þ][\w&-]+){{0,2}})"
_ENGLISH = (
    r"(?:because|since) NAME(?:['’]s?(?: \w+){1,3}?)?"
    r"(?: (?:has|have|had|is|was|are|were|having|did|does|do|just|simply|again|itself|currently|still|suddenly"
    r"|completely|keeps?|made|caused|suffered|experienced|it|us|our|an?|some|major|big|huge|massive|technical))*"
    r" (?:broken?|breaks|breaking|fail(?:s|ed|ing|ure)?|crash(?:es|ed|ing)?|down|out|outages?|offline|unavailable"
    r"|unreachable|problems?|difficulties|trouble|issues?|mess(?:ed|es)|screw(?:ed|s)|botched|let|took|cut|blocked"
    r"|mistakes?|errors?|at fault|to blame|responsible|not work(?:ing)?|\w+n['’]t work(?:ing)?|stopped)\b"
    r"|KNOWN (?:is|was|are|were) (?:entirely |solely |again |once again )?(?:to blame|at fault|responsible for th(?:is|e))"
    r"|KNOWN (?:has |have )?(?:let us down|screwed up|messed up|broke (?:it|us|our|everything)\b)"
    r"|KNOWN['’]s? (?:own )?fault\b|\bblame(?:d)? (?:it on |this on )?NAME"
)
_GERMAN = (
    r"(?:weil|da) KNOWN (?:\w+ ){0,5}?(?:ausgefallen|kaputt|versagt|gestört|down|zusammengebrochen|offline|schuld"
    r"|Probleme|Störung|Fehler|verbockt|vermasselt|lahmgelegt|nicht (?:funktionier\w+|geht|erreichbar|läuft))"
    r"|(?:schuld (?:ist|war|hat)|Schuld (?:ist|war|hat|liegt bei)) KNOWN|KNOWN (?:ist|war|hat|trägt) (?:daran |die )?[Ss]chuld"
    r"|(?:wegen|durch|dank) KNOWN"
)
_FRENCH = (
    r"(?:parce que|car|puisque) NAME (?:\w+ )?(?:a|est|ne|n['’]|nous a)\b ?(?:\w+ ){0,3}?(?:en panne|tombée?|cassée?|planté"
    r"|échoué|fonctionne|marche|trompé|lâchés?|responsable|problèmes?|erreurs?)"
    r"|(?:à cause (?:de |d['’])|la faute (?:de |d['’]|à ))KNOWN"
)
_SPANISH = (
    r"(?:porque|ya que|puesto que) NAME (?:\w+ ){0,3}?(?:falló|fallado|falla|caíd[oa]|cayó|rompió|roto|equivocó|culpa"
    r"|funciona|problemas?|errores|fallos?)|(?:culpa|a causa) de KNOWN"
)
_ITALIAN = (
    r"(?:perché|poiché|siccome) NAME (?:\w+ ){0,3}?(?:rotto|caduto|funziona|sbagliato|giù|fuori uso|guasto|fallito"
    r"|problemi|errori)|(?:colpa|a causa) di KNOWN"
)
_PORTUGUESE = (
    r"(?:porque|pois|já que) (?:[ao] )?NAME (?:\w+ ){0,3}?(?:falhou|caiu|em baixo|fora|quebrou|avariou|partiu"
    r"|funciona|errou|problemas?)|(?:culpa|causa) d[aeo] KNOWN"
)
_JAPANESE = r"KNOWN(?:の(?:せい|ミス|責任)|が原因|が悪)"
#: Behind a company's name, what is ours.
_OURS = "(?! (?:account|app|client|configuration|connector|integration|keys?|login|pay|payments?|plugin|SDK|setup|sign))"
_CAUSED = rf"(?:because of|caused by|thanks to|owing to|down to) KNOWN{_OURS}"
_LANGUAGES = (_ENGLISH, _GERMAN, _FRENCH, _SPANISH, _ITALIAN, _PORTUGUESE, _CAUSED)
_NO_BLAME_BEFORE = re.compile(r"\b(?:not|nicht|pas|no|non|não) (?:just |only )?$", re.IGNORECASE)


@cache
def _blames_pattern() -> re.Pattern[str]:
    """Compile the pattern when it is first needed: it takes 15 ms, for which each start would wait."""
    languages = "|".join((rf"\b(?:{'|'.join(_LANGUAGES)})", _JAPANESE))
    return re.compile(languages.replace("NAME", _NAME).replace("KNOWN", _KNOWN), re.IGNORECASE)


def blamed_party(text: str, *, ours: Collection[str] = ()) -> str | None:
    """Return the words by which a text blames another company, or `None`.

    `ours` are names that are no other company's, such as those of components.
    """
    joined = " ".join(text.split())
    return next((words for words in _blames(joined) if not any(name in words for name in ours)), None)


def _blames(text: str) -> Iterator[str]:
    for found in _blames_pattern().finditer(text):
        if not _NO_BLAME_BEFORE.search(text[: found.start()]):
            yield found[0]
