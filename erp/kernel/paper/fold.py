"""Spelling variants folded into one, so that a search finds what people mean rather than what they typed.

Half and full width, small and large kana, hiragana and katakana, old and new forms of a name's characters,
and the abbreviations of a company's legal form all become the same text.
"""

import re
import unicodedata

VARIANTS = str.maketrans(
    {
        "髙": "高", "﨑": "崎", "碕": "崎", "嵜": "崎", "濵": "浜", "濱": "浜", "邊": "辺", "邉": "辺", "齋": "斎",
        "齊": "斉", "澤": "沢", "櫻": "桜", "廣": "広", "國": "国", "嶋": "島", "嶌": "島", "眞": "真", "惠": "恵",
        "德": "徳", "淸": "清", "桒": "桑", "栁": "柳", "𠮷": "吉", "舘": "館", "槗": "橋", "𣘺": "橋", "瀨": "瀬",
        "龍": "竜", "榮": "栄", "條": "条", "藏": "蔵", "彌": "弥", "豐": "豊", "會": "会", "圓": "円", "舊": "旧",
    }
)  # fmt: skip
LEGAL_FORMS = (
    ("株式会社", ("(株)", "㈱")),
    ("有限会社", ("(有)", "㈲")),
    ("合同会社", ("(同)",)),
    ("合資会社", ("(資)", "㈾")),
    ("合名会社", ("(名)", "㈴")),
    ("一般社団法人", ("(社)", "㈳")),
    ("一般財団法人", ("(財)", "㈶")),
)
SMALL_KANA = str.maketrans("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ")
LONG_MARKS = re.compile("[ー－‐-―−〜～-]")
SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef\u200b-\u200d\u2060]")
HIRAGANA = re.compile("[\u3041-\u3096]")
HYPHEN = re.compile("(?<![ぁ-ヶーｦ-ﾟ])[-‐-―−－]")
RUN = re.compile("[0-9]+|[^0-9]+")
DIGITS = frozenset("0123456789")
LONGEST_NUMBER = 18
MOST_WORDS = 24
WORD = re.compile(r"[^\W_]+", re.UNICODE)


def fold(text: str) -> str:
    """Return the form under which ``text`` is searched; folding twice changes nothing."""
    folded = unicodedata.normalize("NFKC", SELECTORS.sub("", text)).casefold()
    folded = "".join(_without_accents(character) for character in folded)
    folded = HIRAGANA.sub(lambda match: chr(ord(match[0]) + 0x60), folded)
    folded = LONG_MARKS.sub("", folded.translate(VARIANTS).translate(SMALL_KANA))
    for form, short in LEGAL_FORMS:
        for spelling in short:
            folded = folded.replace(spelling, form)
    return " ".join(folded.split())


def _without_accents(character: str) -> str:
    """Drop the accents of Latin, Greek and Cyrillic letters; kana keep their voicing (は is not ば)."""
    if ord(character) < 0xC0 or ord(character) > 0x1FFF:
        return character
    return "".join(part for part in unicodedata.normalize("NFD", character) if not unicodedata.combining(part))


def words_of(text: str) -> list[str]:
    """Return the runs that are searched: digits apart from letters, hyphens as gaps (they join only kana)."""
    return [run for word in WORD.findall(fold(HYPHEN.sub(" ", text))) for run in RUN.findall(word)]


def tokens(text: str) -> list[str]:
    """Return the index words of ``text``: pairs of characters, because Japanese writes no spaces, and tails of numbers.

    The last character of a run stands alone once more, so that a search for one character finds it there too.
    """
    found: list[str] = []
    for run in words_of(text):
        if run[0] in DIGITS:
            found += [f"dd{run[at:]}" for at in range(len(run[:LONGEST_NUMBER]))]
        else:
            found += _pairs(run)
            if len(run) > 1:
                found.append(_token(run[-1]))
    return found


def _pairs(run: str) -> list[str]:
    if len(run) == 1:
        return [_token(run)]
    return [_token(run[at : at + 2]) for at in range(len(run) - 1)]


def _token(pair: str) -> str:
    """Return ``pair`` as one plain ASCII word, immune to the database's own word rules and collations."""
    return "g" + "".join(f"{ord(character):x}z" for character in pair)


def index_text(*parts: str) -> str:
    """Return the full-text column of a record that is called and described by ``parts``."""
    return " ".join(token for text in parts for token in tokens(text))


def must_hold(query: str) -> str:
    """Return ``query`` for MATCH ... IN BOOLEAN MODE: every pair and every number must occur.

    That pairs stand side by side is asked afterwards, by ``phrases``: the database's own phrase search reads every
    candidate and took 25 s for a number among 100,000.
    """
    wanted: dict[str, None] = {}
    for run in words_of(query):
        if run[0] in DIGITS:
            wanted[f"+dd{run[:LONGEST_NUMBER]}*"] = None
        elif len(run) == 1:
            wanted[f"+{_token(run)[:-1]}z*"] = None
        else:
            wanted |= dict.fromkeys(f"+{pair}" for pair in _pairs(run))
    return " ".join(list(wanted)[:MOST_WORDS])


def phrases(query: str) -> list[str]:
    """Return the sequences of pairs that must stand side by side in the index text of what is found."""
    runs = [run for run in words_of(query) if run[0] not in DIGITS and len(run) > 2]
    return [" ".join(_pairs(run)) for run in runs]
