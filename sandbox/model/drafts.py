"""Draft texts for posts that no saved reply fits: one per kind of post, in twelve languages."""

from collections.abc import Mapping

Lines = Mapping[str, str]

SORRY: Lines = {
    "en": "Hi, we are sorry about this. We are looking into it now and will come back to you here.",
    "es": "Hola, sentimos lo ocurrido. Lo estamos revisando ahora y te contamos por aquí.",
    "pt": "Olá, lamentamos o ocorrido. Estamos a verificar agora e respondemos por aqui.",
    "de": "Hallo, das tut uns leid. Wir sehen uns das gerade an und melden uns hier.",
    "fr": "Bonjour, nous sommes désolés. Nous regardons cela tout de suite et revenons vers vous ici.",
    "it": "Ciao, ci dispiace. Stiamo controllando e ti rispondiamo qui.",
    "ja": "ご不便をおかけして申し訳ありません。ただいま確認しております。",
    "zh": "很抱歉给您带来不便，我们正在处理，稍后回复您。",
    "ko": "불편을 드려 죄송합니다. 지금 확인하고 있습니다.",
    "ar": "نعتذر عما حدث. نراجع الأمر الآن وسنعود إليك هنا.",
    "he": "אנחנו מצטערים על כך. אנחנו בודקים וחוזרים אליך כאן.",
    "ru": "Нам очень жаль. Мы уже разбираемся и ответим здесь.",
}
ASKED: Lines = {
    "en": "Hi, thanks for asking. We are checking and will tell you here.",
    "es": "Hola, gracias por preguntar. Lo comprobamos y te contamos por aquí.",
    "pt": "Olá, obrigado por perguntar. Vamos verificar e respondemos por aqui.",
    "de": "Hallo, danke für die Frage. Wir sehen nach und sagen es dir hier.",
    "fr": "Bonjour, merci pour votre question. Nous vérifions et vous répondons ici.",
    "it": "Ciao, grazie della domanda. Controlliamo e ti rispondiamo qui.",
    "ja": "お問い合わせありがとうございます。確認してこちらでお知らせします。",
    "zh": "感谢您的提问，我们核实后在这里回复您。",
    "ko": "문의해 주셔서 감사합니다. 확인 후 여기에서 알려 드리겠습니다.",
    "ar": "شكرًا على سؤالك. سنتحقق ونجيبك هنا.",
    "he": "תודה על השאלה. נבדוק ונענה לך כאן.",
    "ru": "Спасибо за вопрос. Мы проверим и ответим здесь.",
}
PRAISED: Lines = {
    "en": "Thank you for the kind words, they go straight to the team.",
    "es": "Gracias por tus palabras, se las pasamos al equipo.",
    "pt": "Obrigado pelas palavras, vamos partilhá-las com a equipa.",
    "de": "Danke für die lieben Worte, wir geben sie ans Team weiter.",
    "fr": "Merci pour ce mot gentil, nous le transmettons à l'équipe.",
    "it": "Grazie delle belle parole, le giriamo alla squadra.",
    "ja": "温かいお言葉をありがとうございます。チームに伝えます。",
    "zh": "感谢您的夸奖，我们会转告团队。",
    "ko": "따뜻한 말씀 감사합니다. 팀에 전하겠습니다.",
    "ar": "شكرًا على كلماتك الطيبة، سننقلها إلى الفريق.",
    "he": "תודה על המילים החמות, נעביר אותן לצוות.",
    "ru": "Спасибо за добрые слова, мы передадим их команде.",
}
OFFERED: Lines = {
    "en": "Hi, this offer is not from us and not for us. If you need help with our service, tell us here.",
    "es": "Hola, esta oferta no es nuestra. Si necesitas ayuda con nuestro servicio, dínoslo aquí.",
    "pt": "Olá, esta oferta não é nossa. Se precisar de ajuda com o nosso serviço, diga-nos aqui.",
    "de": "Hallo, dieses Angebot ist nicht von uns. Wenn du Hilfe mit unserem Dienst brauchst, schreib uns hier.",
    "fr": "Bonjour, cette offre n'est pas de nous. Si vous avez besoin d'aide, dites-le-nous ici.",
    "it": "Ciao, questa offerta non è nostra. Se ti serve aiuto con il nostro servizio, scrivici qui.",
    "ja": "こちらは当社の案内ではありません。サービスでお困りの際は、こちらでお知らせください。",
    "zh": "这不是我们的活动。如需使用方面的帮助，请在这里告诉我们。",
    "ko": "저희가 드리는 제안이 아닙니다. 서비스에 도움이 필요하시면 여기에 남겨 주세요.",
    "ar": "هذا العرض ليس منا. إن احتجت إلى مساعدة في خدمتنا فأخبرنا هنا.",
    "he": "ההצעה הזאת אינה שלנו. אם צריך עזרה עם השירות שלנו, כתבו לנו כאן.",
    "ru": "Это предложение не от нас. Если нужна помощь с нашим сервисом, напишите здесь.",
}
FITTING = {"spam": OFFERED, "praise": PRAISED, "question": ASKED}


def draft_for(situation: str, language: str) -> str:
    """Return the draft for a situation in `language`, else in English."""
    lines = FITTING.get(situation, SORRY)
    return lines.get(language, lines["en"])
