"""What labels of forms, letters and JSON mean, in both languages; and words of channels."""

from __future__ import annotations

import re
from operator import or_

from crm_desktop.models.catalogue.builtin import sales_keys as keys
from crm_desktop.models.text.normalise import norm

_WORDS = {
    "name": "name|full name|fullname|your name|client|customer|contact|contact person|имя|фио"
            "|ф.и.о.|ваше имя|клиент|заказчик|контакт|контактное лицо|представьтесь",
    "first": "first|first name|firstname|first_name",
    "last": "last|last name|lastname|last_name|surname|фамилия",
    "company": "company|organisation|organization|firm|компания|организация|фирма",
    "job_title": "job title|job_title|position|должность",
    "phone": "phone|telephone|tel|tel.|mobile|phone number|cell|whatsapp|телефон|тел|тел.|моб"
             "|моб.|мобильный|номер телефона|ваш телефон|контактный телефон",
    "email": "email|e-mail|mail|e-mail address|почта|эл. почта|эл.почта|электронная почта"
             "|ваш email",
    "text": "text|message|comment|comments|question|request|enquiry|inquiry|description|body"
            "|текст|сообщение|комментарий|вопрос|заявка|обращение|описание|ваше сообщение",
    "subject": "subject|topic|тема",
    "source": "source|utm_source|utm source|lead source|источник|откуда|откуда узнали",
    keys.CHANNEL: "channel|канал",
    keys.CAMPAIGN: "campaign|utm_campaign|utm campaign|кампания",
    "city": "city|town|город",
    "address": "address|адрес",
    "region": "region|регион|область",
    "skill": "skill|needs|product|service|навык|продукт|услуга",
    "received": "received|created|created_at|timestamp|получено|дата обращения",
}  # fmt: skip
_FIELDS = {norm(word): key for key, words in _WORDS.items() for word in words.split("|")}

_CHANNELS = {
    "site": "site|website|web site|web|landing|form|сайт|веб-сайт|лендинг|форма",
    "phone": "phone|call|telephone|телефон|звонок",
    "email": "email|e-mail|mail|letter|почта|письмо",
    "chat": "chat|whatsapp|telegram|viber|messenger|чат|вотсап|телеграм|мессенджер",
    "visit": "visit|office|визит|офис|пришел сам",
    "social": "social|vk|facebook|instagram|социальная сеть|соцсети|вк|вконтакте",
    "advice": "advice|recommendation|referral|рекомендация|посоветовали",
}
_CHANNEL_OF = {norm(word): key for key, words in _CHANNELS.items() for word in words.split("|")}
_LABELLED = re.compile(
    r"\s*[*•-]?\s*([^\W\d_][^:=\n]{0,28}?)(\s*[:=]\s*|\s+[-\u2013\u2014]\s+)(.*)", re.DOTALL
)
_BY_DASH = ("phone", "email", "source", keys.CHANNEL, keys.CAMPAIGN)
"""Labels that are believed before a dash, too; others begin sentences."""
_NAMED_BY_DASH = ("name", "first", "last", "company", "city")
"""Those that are believed where a name follows: `Name - Ivan Petrov`, not `Client - a good one`."""
_CAPITAL = re.compile(r"[A-ZА-ЯЁ\d№]")
_QUOTED = re.compile('«[^»]*»|“[^”]*”|"[^"]*"')
_SMALL_WORD = 3
"""Letters of words that names hold in small letters: "de", "of", "и"."""
_LONGEST_NAMED = 80


_INSIDE_TEXT = ("phone", "email", "source", keys.CHANNEL, keys.CAMPAIGN)
"""Labels that end a free text on the same line; others may be a part of it."""
_MOST_WORDS = 3
_SIGN, _WORD = re.compile(r"[:=]"), re.compile(r"\S+")


def at_labels(part: str) -> list[str]:
    """A part cut before each further label in it: `Name: John Smith Phone: 916 555-12-34`."""
    cuts, free, end = [0], False, 0
    for sign in _SIGN.finditer(part):
        words = list(_WORD.finditer(part, end, sign.start()))[-_MOST_WORDS:]
        for word in words:  # the longest label first
            key = field_of(part[word.start() : sign.start()])
            if not key:
                continue
            first = not part[: word.start()].strip()
            if not first and (not free or key in _INSIDE_TEXT):
                cuts.append(word.start())
            free = key in ("text", "subject") if first or word.start() == cuts[-1] else free
            end = sign.end()
            break
    return [part[a:b].strip() for a, b in zip(cuts, [*cuts[1:], len(part)], strict=True)]


def field_of(label: str) -> str:
    """The field that a label stands for; '' for none."""
    return _FIELDS.get(norm(label.strip(" *:_\t")), "")


def channel_of(word: str) -> str:
    """The channel that a word means; '' for none."""
    return _CHANNEL_OF.get(norm(word), "")


def labelled(part: str) -> tuple[str, str] | None:
    """(field, value) of a part such as `Phone: 916 555-12-34`; None if it bears no known label."""
    match = _LABELLED.fullmatch(part)
    key = field_of(match[1]) if match else ""
    if not match or not key:
        return None
    value, by_dash = match[3].strip(), match[2].strip() not in (":", "=")
    if by_dash and key not in _BY_DASH:
        return (key, value) if key in _NAMED_BY_DASH and _is_named(value) else None
    return key, value


def _is_named(value: str) -> bool:
    """Whether a value behind a dash is a name, and no part of a sentence."""
    words = _QUOTED.sub("1", value).split()
    capitals = [bool(_CAPITAL.match(word)) for word in words]
    small = (len(word) <= _SMALL_WORD for word in words)
    return any(capitals[:1]) and len(value) <= _LONGEST_NAMED and all(map(or_, capitals, small))
